"""A receiver of LeadPro webhooks, based on the "Advanced" section of the vendor's documentation.

`Authorization` contains a JWT, signed with HS256 over the full payload, and the documentation
recommends reading the claims instead of the body. A receiver that reads only the claims does not
notice a changed body, so this one also rejects a body that differs: all claims except the
registered ones (RFC 7519, section 4.1) must equal the body.
"""

import json
import os
from http.server import BaseHTTPRequestHandler, HTTPServer

import jwt

SECRET = os.environ["WEBHOOK_SECRET"]
REGISTERED = {"iss", "sub", "aud", "exp", "nbf", "iat", "jti"}

leads = []


def payload_of(token, body):
    """Returns the payload if the token is valid and matches the body; raises an error otherwise."""
    claims = jwt.decode(token, SECRET, algorithms=["HS256"])
    payload = {name: value for name, value in claims.items() if name not in REGISTERED}
    if payload != json.loads(body):
        raise ValueError("the body differs from the claims")
    return payload


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        try:
            leads.append(payload_of(token, body))
        except (jwt.InvalidTokenError, ValueError):
            return self.reply(401, "invalid token")
        return self.reply(200, "ok")

    def do_GET(self):
        self.reply(200, str(len(leads))) if self.path == "/count" else self.reply(404, "")

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
