// Receivers of five senders, each built from the sender's documentation with Node's own modules;
// `elevenlabs-sdk` uses the package of ElevenLabs itself.
//
// node senders.js PROVIDER

"use strict";

const crypto = require("node:crypto");
const http = require("node:http");

const SECRET = process.env.WEBHOOK_SECRET;
const MINUTE = 60 * 1000;

let count = 0;

const mac = (algorithm, encoding, ...parts) => {
  const hmac = crypto.createHmac(algorithm, SECRET);
  parts.forEach((part) => hmac.update(part));
  return hmac.digest(encoding);
};

const same = (given, expected) => {
  const [a, b] = [Buffer.from(given ?? ""), Buffer.from(expected)];
  return a.length === b.length && crypto.timingSafeEqual(a, b);
};

// As the SDK of ElevenLabs does: parts are split at commas and not trimmed, the first of each name
// counts, and a time is only compared with the past. A time that is no number is refused here.
const timestamped = (header, version, tolerance) => (request, body) => {
  const parts = (request.headers[header] ?? "").split(",");
  const time = parts.find((part) => part.startsWith("t="))?.slice(2);
  const signature = parts.find((part) => part.startsWith(`${version}=`));
  if (!time || !signature || !/^\d+$/.test(time)) return false;
  if (Number(time) * 1000 < Date.now() - tolerance) return false;
  return same(signature, `${version}=${mac("sha256", "hex", `${time}.`, body)}`);
};

const VERIFY = {
  elevenlabs: timestamped("elevenlabs-signature", "v0", 30 * MINUTE),
  calendly: timestamped("calendly-webhook-signature", "v1", 3 * MINUTE),
  followupboss: (request, body) =>
    same(request.headers["fub-signature"], mac("sha256", "hex", body.toString("base64"))),
  callrail: (request, body) => same(request.headers.signature, mac("sha1", "base64", body)),
  "meta-leads": (request, body) =>
    same(request.headers["x-hub-signature-256"], `sha256=${mac("sha256", "hex", body)}`),
};

const elevenlabsSdk = () => {
  const { ElevenLabsClient } = require("@elevenlabs/elevenlabs-js");
  const { webhooks } = new ElevenLabsClient({ apiKey: "none" });
  return (request, body) =>
    webhooks.constructEvent(body.toString(), request.headers["elevenlabs-signature"], SECRET).then(
      () => true,
      () => false,
    );
};

const provider = process.argv[2];
const verify = provider === "elevenlabs-sdk" ? elevenlabsSdk() : VERIFY[provider];

const server = http.createServer((request, response) => {
  const reply = (status, text) => {
    response.writeHead(status, { "Content-Length": Buffer.byteLength(text) });
    response.end(text);
  };
  if (request.method === "GET" && request.url === "/count") return reply(200, String(count));
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", async () => {
    if (!(await verify(request, Buffer.concat(chunks)))) return reply(401, "invalid signature");
    count += 1;
    return reply(200, "ok");
  });
});

server.listen(0, "127.0.0.1", () => console.log(server.address().port));
