"""A receiver of Standard Webhooks, based on "Verifying webhook authenticity" in its specification.

Version 1.0.0, symmetric secrets: HMAC-SHA256 over id, timestamp and body, as `v1,` and base64.
During a secret rotation the header has several signatures, separated by spaces. The timestamp
must be within five minutes of the current time.
"""

import base64
import hashlib
import hmac
import os
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

KEY = base64.b64decode(os.environ["WEBHOOK_SECRET"].removeprefix("whsec_"))
TOLERANCE = 5 * 60

accepted_ids = set()


def is_genuine(headers, body):
    message_id, sent = headers.get("webhook-id"), headers.get("webhook-timestamp")
    if not message_id or not sent or not sent.isdecimal():
        return False
    if abs(time.time() - int(sent)) > TOLERANCE:
        return False
    digest = hmac.new(KEY, f"{message_id}.{sent}.".encode() + body, hashlib.sha256).digest()
    expected = b"v1," + base64.b64encode(digest)
    claimed = headers.get("webhook-signature", "").split(" ")
    # All are compared, so that the response time does not reveal which one matched.
    return any([hmac.compare_digest(expected, one.encode()) for one in claimed])


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if not is_genuine(self.headers, body):
            return self.reply(401, "not genuine")
        accepted_ids.add(self.headers["webhook-id"])
        return self.reply(200, "ok")

    def do_GET(self):
        self.reply(200, str(len(accepted_ids))) if self.path == "/count" else self.reply(404, "")

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
