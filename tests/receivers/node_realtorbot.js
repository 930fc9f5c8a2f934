// A receiver of Realtor Bot webhooks, based on the Express sample of the vendor's documentation.
//
// Express parses the body before the handler runs, so the sample hashes the output of
// `JSON.stringify` instead of the received bytes, and compares the hex digits as strings. This
// receiver does the same with the modules of Node.
'use strict';

const { createHmac } = require('node:crypto');
const { createServer } = require('node:http');

const secret = process.env.WEBHOOK_SECRET;
const events = [];

function isGenuine(payload, signature) {
  return createHmac('sha256', secret).update(JSON.stringify(payload)).digest('hex') === signature;
}

function receive(headers, text) {
  let event;
  try {
    event = JSON.parse(text);
  } catch {
    return [400, 'Not JSON'];
  }
  if (!isGenuine(event, headers['x-realtorbot-signature'])) {
    return [401, 'Invalid signature'];
  }
  events.push(event);
  return [200, 'OK'];
}

const server = createServer((request, response) => {
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => {
    const [status, text] =
      request.method === 'GET' && request.url === '/count'
        ? [200, String(events.length)]
        : receive(request.headers, Buffer.concat(parts).toString('utf8'));
    response.writeHead(status, { 'Content-Length': Buffer.byteLength(text) }).end(text);
  });
});

server.listen(0, '127.0.0.1', () => console.log(server.address().port));
