"""A receiver of webhooks in GitHub's style, based on "Validating webhook deliveries" on docs.github.com.

As documented, it puts `sha256=` before the expected digits and compares the two strings.
"""

import hashlib
import hmac
import os
from http.server import BaseHTTPRequestHandler, HTTPServer

SECRET = os.environ["WEBHOOK_SECRET"].encode()

deliveries = []


def is_genuine(body, claimed):
    expected = "sha256=" + hmac.new(SECRET, body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), claimed.encode())


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if not is_genuine(body, self.headers.get("X-Hub-Signature-256", "")):
            return self.reply(403, "request signatures do not match")
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
