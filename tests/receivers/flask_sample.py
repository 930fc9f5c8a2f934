"""The Flask sample of Real Geeks' documentation, copied with two changes.

The key is bytes, as Python 3 requires (the sample needs Python 2), and accepted deliveries are
counted, which the documentation leaves to the reader.
"""

import hashlib
import hmac
import logging
import os

from flask import Flask, request
from werkzeug.serving import make_server

SECRET = os.environ["WEBHOOK_SECRET"].encode()

app = Flask(__name__)
accepted = 0


@app.route("/", methods=["POST"])
def receive():
    global accepted
    signature = str(request.headers["X-Lead-Router-Signature"])
    mac = hmac.new(SECRET, request.data, hashlib.sha256)
    if not hmac.compare_digest(mac.hexdigest(), signature):
        return "invalid signature", 403
    accepted += 1
    return "ok"


@app.get("/count")
def count():
    return str(accepted)


if __name__ == "__main__":
    logging.getLogger("werkzeug").disabled = True
    server = make_server("127.0.0.1", 0, app, threaded=True)
    print(server.server_port, flush=True)
    server.serve_forever()
