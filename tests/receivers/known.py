"""Small receivers in Python, each right or wrong in one way: `known.py PROVIDER FAULT`.

`blocks:40` works 40 ms on a delivery, and lets all others wait meanwhile.

They share no code with `leadhook`. `none` is the correct one. A message is known again by its id,
or by its bytes where the provider gives it none.
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
MOST = 1024 * 1024

lock = threading.Lock()
working = threading.Lock()
seen = set()
count = 0


class Refusal(Exception):
    """A status that is no success."""


REFUSED = 500 if FAULT == "answers-500-to-forgery" else 401 if PROVIDER == "leadpro" else 403
FAULT, _, WORK = FAULT.partition(":")


def hex_digest(secret, body):
    return hmac.new(secret, body, hashlib.sha256).hexdigest()


def claims_of(token):
    """The claims that a token proves."""
    head, claims, signature = token.split(".")
    decode = lambda part: base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    algorithm = json.loads(decode(head)).get("alg")
    if algorithm == "none" and FAULT == "accepts-alg-none":
        return json.loads(decode(claims))
    signed = f"{head}.{claims}".encode()
    digests = [hmac.new(secret, signed, hashlib.sha256).digest() for secret in SECRETS]
    if algorithm != "HS256" or not any(hmac.compare_digest(d, decode(signature)) for d in digests):
        raise Refusal(REFUSED)
    found = json.loads(decode(claims))
    if not found.get("nbf", 0) <= time.time() < found.get("exp", float("inf")):
        raise Refusal(REFUSED)
    return found


def verify_token(headers, body):
    value = headers.get_all("Authorization") or []
    if len(value) != 1:
        raise Refusal(REFUSED)
    try:
        claims = claims_of(value[0].removeprefix("Bearer "))
    except (ValueError, AttributeError):
        raise Refusal(REFUSED)
    try:
        payload = json.loads(body.decode("utf-8-sig"))
    except ValueError:
        raise Refusal(400)
    claims.pop("iat", None)
    if claims != payload:
        raise Refusal(REFUSED)
    return None


def verify_digest(headers, body):
    found = headers.get_all("X-Lead-Router-Signature") or []
    if len(found) != 1 and FAULT != "throws-on-short-signature":
        raise Refusal(REFUSED)
    if FAULT == "hash-parsed-body":
        try:
            body = json.dumps(json.loads(body), separators=(",", ":"), ensure_ascii=False).encode()
        except ValueError:
            pass
    expected = [hex_digest(secret, body) for secret in SECRETS]
    if FAULT == "throws-on-short-signature":
        # An index beyond its end is an exception.
        if not any(all(text[i] == found[0][i] for i in range(64)) for text in expected):
            raise Refusal(REFUSED)
    elif not any(hmac.compare_digest(text.encode(), found[0].encode()) for text in expected):
        raise Refusal(REFUSED)
    return headers.get("X-Lead-Router-Message-Id")


def take(headers, body):
    global count
    if len(body) > MOST:
        raise Refusal(413)
    verify = verify_token if PROVIDER == "leadpro" else verify_digest
    message = verify(headers, body)
    try:
        json.loads(body.decode("utf-8-sig"))
    except ValueError:
        raise Refusal(400)
    if FAULT == "blocks":
        with working:
            time.sleep(float(WORK) / 1000)
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
            take(self.headers, body)
        except Refusal as refusal:
            return self.reply(refusal.args[0], "no")
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
        # A sender that hangs up is no news.
        pass


if __name__ == "__main__":
    server = Server(("127.0.0.1", 0), Receiver)
    print(server.server_port, flush=True)
    server.serve_forever()
