// The Express sample on the page of Realtor Bot, as it stands there, with what Node brings along in
// the place of Express: `express.json()` parses a body that says it is JSON and is at most 100 KB,
// answers 400 or 413 to another, and leaves any other body unread. It counts what it takes, which
// the page leaves to the reader.
'use strict';

const { createHmac } = require('node:crypto');
const { createServer } = require('node:http');

const secret = process.env.WEBHOOK_SECRET;
const MOST = 100 * 1024;
let taken = 0;

function verify(payload, signature) {
  const hash = createHmac('sha256', secret).update(JSON.stringify(payload)).digest('hex');
  return hash === signature;
}

// What Express makes of the request before the handler: a payload, or a status.
function parsed(request, body) {
  if (!(request.headers['content-type'] ?? '').startsWith('application/json')) return {};
  if (body.length > MOST) return 413;
  if (body.length === 0) return {};
  try {
    const payload = JSON.parse(body.toString('utf8').replace(/^\uFEFF/, ''));
    return typeof payload === 'object' ? payload : 400;
  } catch {
    return 400;
  }
}

function handle(request, body) {
  const payload = parsed(request, body);
  if (typeof payload === 'number') return [payload, 'Bad Request'];
  if (!verify(payload, request.headers['x-realtorbot-signature'])) return [401, 'Invalid signature'];
  taken += 1;
  return [200, 'OK'];
}

const server = createServer((request, response) => {
  const parts = [];
  request.on('error', () => {});
  request.on('data', (part) => parts.push(part));
  request.on('end', () => {
    const reply = ([status, text]) =>
      response.writeHead(status, { 'Content-Length': Buffer.byteLength(text) }).end(text);
    if (request.method === 'GET' && request.url === '/count') return reply([200, String(taken)]);
    if (request.method !== 'POST') return reply([404, 'Cannot do that']);
    return reply(handle(request, Buffer.concat(parts)));
  });
});

server.on('clientError', (_, socket) => socket.destroy());
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
