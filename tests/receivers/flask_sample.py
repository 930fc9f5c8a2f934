"""The Flask sample on the page of Real Geeks, as it stands there.

It differs where the page needs Python 2 (bytes for the key), and counts what it takes, which the
page leaves to the reader.
"""

import hashlib
import hmac
import logging
import os

from flask import Flask, request
from werkzeug.serving import make_server

SECRET = os.environ["WEBHOOK_SECRET"].encode()

app = Flask(__name__)
taken = 0


@app.route("/", methods=["POST"])
def receive():
    global taken
    signature = str(request.headers["X-Lead-Router-Signature"])
    mac = hmac.new(SECRET, request.data, hashlib.sha256)
    if not hmac.compare_digest(mac.hexdigest(), signature):
        return "invalid signature", 403
    taken += 1
    return "ok"


@app.get("/count")
def count():
    return str(taken)


if __name__ == "__main__":
    logging.getLogger("werkzeug").disabled = True
    server = make_server("127.0.0.1", 0, app, threaded=True)
    print(server.server_port, flush=True)
    server.serve_forever()
