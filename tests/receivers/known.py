"""A receiver in Python with one fault: `known.py PROVIDER FAULT`.

The fault `none` is the correct receiver; `blocks:40` processes a delivery for 40 ms while all
others wait. It shares no code with `leadhook`. A repeat is recognised by its message id, or by its
bytes if the provider sends no id.
"""

import base64
import hashlib
import hmac
import json
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PROVIDER, FAULT = sys.argv[1:3]
SECRETS = [secret.encode() for secret in os.environ["WEBHOOK_SECRET"].split(",")]
MAX_BODY = 1024 * 1024

lock = threading.Lock()
blocking = threading.Lock()
seen = set()
count = 0


class Rejection(Exception):
    """A rejection, with its status."""


REJECTED = 500 if FAULT == "answers-500-to-forgery" else 401 if PROVIDER == "leadpro" else 403
FAULT, _, BLOCK_MS = FAULT.partition(":")


def hex_digest(secret, body):
    return hmac.new(secret, body, hashlib.sha256).hexdigest()


def claims_of(token):
    """Returns the claims of a token, if it is valid."""
    header, claims, signature = token.split(".")
    decode = lambda part: base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    algorithm = json.loads(decode(header)).get("alg")
    if algorithm == "none" and FAULT == "accepts-alg-none":
        return json.loads(decode(claims))
    signed = f"{header}.{claims}".encode()
    digests = [hmac.new(secret, signed, hashlib.sha256).digest() for secret in SECRETS]
    if algorithm != "HS256" or not any(hmac.compare_digest(d, decode(signature)) for d in digests):
        raise Rejection(REJECTED)
    found = json.loads(decode(claims))
    if not found.get("nbf", 0) <= time.time() < found.get("exp", float("inf")):
        raise Rejection(REJECTED)
    return found


def verify_token(headers, body):
    value = headers.get_all("Authorization") or []
    if len(value) != 1:
        raise Rejection(REJECTED)
    try:
        claims = claims_of(value[0].removeprefix("Bearer "))
    except (ValueError, AttributeError):
        raise Rejection(REJECTED)
    try:
        payload = json.loads(body.decode("utf-8-sig"))
    except ValueError:
        raise Rejection(400)
    claims.pop("iat", None)
    if claims != payload:
        raise Rejection(REJECTED)
    return None


def verify_digest(headers, body):
    found = headers.get_all("X-Lead-Router-Signature") or []
    if len(found) != 1 and FAULT != "throws-on-short-signature":
        raise Rejection(REJECTED)
    if FAULT == "hash-parsed-body":
        try:
            body = json.dumps(json.loads(body), separators=(",", ":"), ensure_ascii=False).encode()
        except ValueError:
            pass
    expected = [hex_digest(secret, body) for secret in SECRETS]
    if FAULT == "throws-on-short-signature":
        # A shorter signature raises an `IndexError`.
        if not any(all(digest[i] == found[0][i] for i in range(64)) for digest in expected):
            raise Rejection(REJECTED)
    elif not any(hmac.compare_digest(digest.encode(), found[0].encode()) for digest in expected):
        raise Rejection(REJECTED)
    return headers.get("X-Lead-Router-Message-Id")


def accept(headers, body):
    global count
    if len(body) > MAX_BODY:
        raise Rejection(413)
    verify = verify_token if PROVIDER == "leadpro" else verify_digest
    message = verify(headers, body)
    try:
        json.loads(body.decode("utf-8-sig"))
    except ValueError:
        raise Rejection(400)
    if FAULT == "blocks":
        with blocking:
            time.sleep(float(BLOCK_MS) / 1000)
    if message is None or FAULT == "dedupes-by-body":
        message = hashlib.sha256(body).digest()
    with lock:
        if message not in seen or FAULT == "no-dedupe":
            seen.add(message)
            count += 1


class Receiver(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def body(self):
        if "chunked" in self.headers.get("Transfer-Encoding", ""):
            parts = []
            while length := int(self.rfile.readline(), 16):
                parts.append(self.rfile.read(length))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(parts)
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def do_POST(self):
        body = self.body()
        try:
            accept(self.headers, body)
        except Rejection as rejection:
            return self.reply(rejection.args[0], "rejected")
        except Exception:
            return self.reply(500, "an exception")
        return self.reply(204 if FAULT == "answers-204" else 200, "ok")

    def do_GET(self):
        self.reply(200, str(count)) if self.path == "/count" else self.reply(405, "POST")

    def do_HEAD(self):
        self.reply(405, "")

    def reply(self, status, text):
        self.send_response(status)
        if status != 204:
            self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        if status != 204:
            self.wfile.write(text.encode())

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    request_queue_size = 128
    daemon_threads = True

    def handle_error(self, *_):
        # A sender that disconnects is not an error.
        pass


if __name__ == "__main__":
    server = Server(("127.0.0.1", 0), Receiver)
    print(server.server_port, flush=True)
    server.serve_forever()
