"""A receiver in Python for Real Geeks that makes one mistake with signatures: `mistaken.py MISTAKE`.

It shares no code with `leadhook`.
"""

import base64
import hashlib
import hmac
import json
import os
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

SECRET = os.environ["WEBHOOK_SECRET"].encode()


def mac(content, key=SECRET):
    return hmac.new(key, content, hashlib.sha256)


# Each returns the signature that it expects, from the raw body.
MISTAKES = {
    "none": lambda body: mac(body).hexdigest(),
    "dumps": lambda body: mac(json.dumps(json.loads(body)).encode()).hexdigest(),
    "dumps-compact": lambda body: mac(
        json.dumps(json.loads(body), separators=(",", ":")).encode()
    ).hexdigest(),
    "dumps-sorted": lambda body: mac(
        json.dumps(json.loads(body), sort_keys=True).encode()
    ).hexdigest(),
    "base64": lambda body: base64.b64encode(mac(body).digest()).decode(),
    "secret-with-newline": lambda body: mac(body, SECRET + b"\n").hexdigest(),
    "bytes-text": lambda body: mac(str(body).encode()).hexdigest(),
}
expected = MISTAKES[sys.argv[1]]


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        try:
            signature = self.headers.get("X-Lead-Router-Signature", "")
            status = 200 if expected(body) == signature else 403
        except ValueError:
            status = 400
        self.send_response(status)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", 0), Receiver)
print(server.server_port, flush=True)
server.serve_forever()
