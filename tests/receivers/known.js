// A receiver in Node with one fault: `known.js PROVIDER FAULT`.
//
// The fault `none` is the correct receiver. It shares no code with `leadhook`.
'use strict';

const { createHash, createHmac, timingSafeEqual } = require('node:crypto');
const { createServer } = require('node:http');

const provider = process.argv[2];
const [fault, blockMs] = process.argv[3].split(':');
const secrets = process.env.WEBHOOK_SECRET.split(',');
const MAX_BODY = 1024 * 1024;
const header = provider === 'realtorbot' ? 'x-realtorbot-signature' : 'x-lead-router-signature';
const rejected = provider === 'realtorbot' ? 401 : 403;

const seen = new Set();
let count = 0;

const digest = (secret, text) => createHmac('sha256', secret).update(text).digest('hex');

// Returns the bytes that the provider may have signed: Real Geeks signs the body as sent, Realtor Bot
// the output of `JSON.stringify`.
function signedForms(body) {
  const forms = fault === 'hash-parsed-body' ? [] : [body];
  if (provider === 'realtorbot' || fault === 'hash-parsed-body') {
    try {
      forms.push(JSON.stringify(JSON.parse(body.toString('utf8'))));
    } catch {
      forms.push(body);
    }
  }
  return forms;
}

function isGenuine(headers, body) {
  const signature = headers[header] ?? '';
  const expected = secrets.flatMap((secret) => signedForms(body).map((form) => digest(secret, form)));
  if (fault === 'throws-on-short-signature') {
    // `timingSafeEqual` throws if the lengths differ.
    return expected.some((text) => timingSafeEqual(Buffer.from(text), Buffer.from(signature)));
  }
  const equal = (text) =>
    text.length === signature.length && timingSafeEqual(Buffer.from(text), Buffer.from(signature));
  return expected.some(equal);
}

function accept(request, body) {
  if (body.length > MAX_BODY) return 413;
  if (!isGenuine(request.headers, body)) {
    if (fault === 'dedupes-before-verifying') seen.add(request.headers['x-lead-router-message-id']);
    return fault === 'answers-500-to-forgery' ? 500 : rejected;
  }
  let event;
  try {
    event = JSON.parse(body.toString('utf8').replace(/^\uFEFF/, ''));
  } catch {
    return 400;
  }
  const byId = provider === 'realtorbot' ? event.id : request.headers['x-lead-router-message-id'];
  const message = fault === 'dedupes-by-body' ? createHash('sha256').update(body).digest('hex') : byId;
  if (!seen.has(message) || fault === 'no-dedupe') {
    seen.add(message);
    count += 1;
  }
  return fault === 'answers-204' ? 204 : 200;
}

const server = createServer((request, response) => {
  const parts = [];
  request.on('error', () => {});
  request.on('data', (part) => parts.push(part));
  request.on('end', () => {
    const reply = (status, text) => {
      const length = status === 204 ? {} : { 'Content-Length': Buffer.byteLength(text) };
      response.writeHead(status, length).end(status === 204 ? undefined : text);
    };
    if (request.method === 'GET' && request.url === '/count') return reply(200, String(count));
    if (request.method !== 'POST') return reply(405, 'POST');
    try {
      if (fault === 'blocks') {
        // A busy loop blocks the only thread.
        const end = Date.now() + Number(blockMs);
        while (Date.now() < end);
      }
      return reply(accept(request, Buffer.concat(parts)), 'ok');
    } catch {
      return reply(500, 'an exception');
    }
  });
});

server.on('clientError', (_, socket) => socket.destroy());
server.listen(0, '127.0.0.1', 128, () => console.log(server.address().port));
