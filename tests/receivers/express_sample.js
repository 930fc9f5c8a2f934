// The Express sample of Realtor Bot's documentation, copied, with Express replaced by the modules of
// Node. `express.json()` parses a body with a JSON content type and up to 100 KB, answers 400 or 413 if
// it cannot, and ignores any other body. Accepted deliveries are counted, which the documentation
// leaves to the reader.
'use strict';

const { createHmac } = require('node:crypto');
const { createServer } = require('node:http');

const secret = process.env.WEBHOOK_SECRET;
const MAX_BODY = 100 * 1024;
let accepted = 0;

function verify(payload, signature) {
  const hash = createHmac('sha256', secret).update(JSON.stringify(payload)).digest('hex');
  return hash === signature;
}

// Does what `express.json()` does before the handler: returns a payload, or an error status.
function parsed(request, body) {
  if (!(request.headers['content-type'] ?? '').startsWith('application/json')) return {};
  if (body.length > MAX_BODY) return 413;
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
  accepted += 1;
  return [200, 'OK'];
}

const server = createServer((request, response) => {
  const parts = [];
  request.on('error', () => {});
  request.on('data', (part) => parts.push(part));
  request.on('end', () => {
    const reply = ([status, text]) =>
      response.writeHead(status, { 'Content-Length': Buffer.byteLength(text) }).end(text);
    if (request.method === 'GET' && request.url === '/count') return reply([200, String(accepted)]);
    if (request.method !== 'POST') return reply([404, 'Cannot do that']);
    return reply(handle(request, Buffer.concat(parts)));
  });
});

server.on('clientError', (_, socket) => socket.destroy());
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
