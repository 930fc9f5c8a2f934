// A receiver in Node for Real Geeks that makes one mistake with signatures: `mistaken.js MISTAKE`.
// After a colon, `MISTAKE` names the status with which it answers a signature that it expects.
//
// It shares no code with `leadhook`.
'use strict';

const { createHmac } = require('node:crypto');
const { createServer } = require('node:http');

const secret = process.env.WEBHOOK_SECRET;
const digest = (content, encoding = 'hex', key = secret) =>
  createHmac('sha256', key).update(content).digest(encoding);

// Each returns the signature that it expects, from the raw body.
const MISTAKES = {
  none: (body) => digest(body),
  stringify: (body) => digest(JSON.stringify(JSON.parse(body))),
  'stringify-indented': (body) => digest(JSON.stringify(JSON.parse(body), null, 2)),
  base64: (body) => digest(body, 'base64'),
  'secret-with-newline': (body) => digest(body, 'hex', `${secret}\n`),
  'object-text': (body) => digest(String(JSON.parse(body))),
  'empty-body': () => digest(''),
  'empty-object': () => digest('{}'),
  quoted: (body) => digest(body, 'hex', `"${secret}"`),
  'quoted-stringify': (body) => digest(JSON.stringify(JSON.parse(body)), 'hex', `"${secret}"`),
};
const [mistake, accepted = '200'] = process.argv[2].split(':');
const expected = MISTAKES[mistake];

const server = createServer((request, response) => {
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => {
    let status = 400;
    try {
      const signature = expected(Buffer.concat(parts));
      status = signature === request.headers['x-lead-router-signature'] ? Number(accepted) : 403;
    } catch {
      // Not JSON.
    }
    response.writeHead(status, { 'Content-Length': 2 }).end('ok');
  });
});

server.listen(0, '127.0.0.1', 128, () => console.log(server.address().port));
