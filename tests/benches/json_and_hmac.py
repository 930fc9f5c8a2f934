"""Reads a JSON Lines file of captures and compares signatures: JSON and HMAC, nothing else.

What a careful person writes in ten minutes, and what `verify.py` measures `leadhook verify`
against. It looks at no payload, knows one secret, and prints two counts.
"""

import hmac
import json
import os
import sys

HEADERS = {"x-lead-router-signature", "x-realtorbot-signature"}


def main(path):
    secret = os.environ["LEADHOOK_SECRET"].encode()
    valid = invalid = 0
    with open(path, "rb") as lines:
        for line in lines:
            capture = json.loads(line)
            given = next((value for name, value in capture["headers"] if name.lower() in HEADERS), "")
            expected = hmac.digest(secret, capture["body"].encode(), "sha256").hex()
            if hmac.compare_digest(expected, given):
                valid += 1
            else:
                invalid += 1
    print(f"{valid} valid, {invalid} invalid")
    return invalid > 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
