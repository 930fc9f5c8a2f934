"""A receiver of Real Geeks webhooks, based on the Flask sample of the vendor's documentation.

It differs from the sample in two ways: the key is bytes, as Python 3 requires, and a missing
signature is rejected as invalid instead of raising an exception.
"""

import hashlib
import hmac
import logging
import os

from flask import Flask, request
from werkzeug.serving import make_server

SECRET = os.environ["WEBHOOK_SECRET"].encode()

app = Flask(__name__)
leads = []


@app.post("/")
def receive():
    claimed = request.headers.get("X-Lead-Router-Signature", "")
    expected = hmac.new(SECRET, request.get_data(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), claimed.encode()):
        return "invalid signature", 403
    leads.append((request.headers["X-Lead-Router-Action"], request.get_json()))
    return "ok"


@app.get("/count")
def count():
    return str(len(leads))


if __name__ == "__main__":
    logging.getLogger("werkzeug").disabled = True
    server = make_server("127.0.0.1", 0, app)
    print(server.server_port, flush=True)
    server.serve_forever()
