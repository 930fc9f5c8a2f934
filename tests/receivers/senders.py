"""Receivers of five senders, each built from the sender's documentation with the standard library;
`elevenlabs-sdk` uses the package of ElevenLabs itself.

python3 senders.py PROVIDER
"""

import base64
import hashlib
import hmac
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

SECRET = os.environ["WEBHOOK_SECRET"].encode()

deliveries = []


def same(given, expected):
    return hmac.compare_digest(given.encode(), expected.encode())


def mac(message, algorithm=hashlib.sha256):
    return hmac.new(SECRET, message, algorithm)


def timestamped(header, version, tolerance):
    """As the SDK of ElevenLabs does: the last part of each name counts, and no part is trimmed."""

    def verify(headers, body):
        stamp = signature = None
        for part in headers.get(header, "").split(","):
            if part.startswith("t="):
                stamp = part[2:]
            elif part.startswith(f"{version}="):
                signature = part
        if not stamp or not signature or not stamp.isdecimal():
            return False
        if int(stamp) < time.time() - tolerance:
            return False
        return same(signature, f"{version}={mac(stamp.encode() + b'.' + body).hexdigest()}")

    return verify


def elevenlabs_sdk():
    from elevenlabs import ElevenLabs

    webhooks = ElevenLabs(api_key="none").webhooks

    def verify(headers, body):
        try:
            webhooks.construct_event(
                body.decode(), headers.get("ElevenLabs-Signature"), SECRET.decode()
            )
        except Exception:
            return False
        return True

    return verify


VERIFY = {
    "elevenlabs": timestamped("ElevenLabs-Signature", "v0", 30 * 60),
    "calendly": timestamped("Calendly-Webhook-Signature", "v1", 3 * 60),
    "followupboss": lambda headers, body: same(
        headers.get("FUB-Signature", ""), mac(base64.b64encode(body)).hexdigest()
    ),
    "callrail": lambda headers, body: same(
        headers.get("Signature", ""), base64.b64encode(mac(body, hashlib.sha1).digest()).decode()
    ),
    "meta-leads": lambda headers, body: same(
        headers.get("X-Hub-Signature-256", ""), "sha256=" + mac(body).hexdigest()
    ),
}

provider = sys.argv[1]
verify = elevenlabs_sdk() if provider == "elevenlabs-sdk" else VERIFY[provider]


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if not verify(self.headers, body):
            return self.reply(401, "invalid signature")
        deliveries.append(body)
        return self.reply(200, "ok")

    def do_GET(self):
        self.reply(200, str(len(deliveries))) if self.path == "/count" else self.reply(404, "")

    def reply(self, status, text):
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    server = HTTPServer(("127.0.0.1", 0), Receiver)
    print(server.server_port, flush=True)
    server.serve_forever()
