"""Digests that a receiver's code computed over a genuine request: what it hashed."""

import hashlib
import json

from . import printed
from .requests import SECRET
from .requests import base64std
from .requests import lead
from .requests import leadpro
from .requests import mac
from .requests import mac_hex
from .requests import realgeeks
from .requests import stringify
from .requests import user
from .row import fails
from .row import holds
from .row import row

BODY = stringify(user())
OBJECT = "[object Object]"
RECEIVER = "Your code hashed "


def own(name, fault, digest, code, *says, verdict=holds, request=None, **more):
    """A request, and the digest that some code computed over it."""
    request = request or realgeeks("user_updated", BODY)
    return row(f"mine/{name}.json", fault, request, verdict(mine=code, says=says), args=("--mine", digest), **more)


def contents():
    """What only receivers hash."""
    value = json.loads(BODY)
    buffer = json.dumps({"type": "Buffer", "data": list(BODY)}, separators=(",", ":"))
    for name, hashed, code, said in (
        ("empty-object", "{}", "hashed-empty-object", "an empty JSON object"),
        ("object-text", OBJECT, "hashed-object-text", f"`{OBJECT}`"),
        ("undefined", "undefined", "hashed-no-value", "`undefined`"),
        ("none", "None", "hashed-no-value", "`None`"),
        ("buffer-json", buffer, "hashed-buffer-json", "`Buffer`"),
        ("bytes-text", repr(BODY), "hashed-bytes-text", "`str(body)`"),
        ("dict-text", str(value), "hashed-dict-text", "`dict`"),
        ("one-field", value["name"], "hashed-one-field", "`name`"),
        ("empty", "", "empty-body", "an empty body"),
        ("newline", BODY + b"\n", "final-newline-removed", "newline at its end"),
        ("python", json.dumps(value), "reserialised-python", "`json.dumps(data)` (Python)"),
        ("php", printed.php(value), "reserialised-php", "(PHP)"),
    ):
        yield own(name, f"The code hashed something else ({name}).", mac_hex(hashed), code, RECEIVER, said)
    latin1 = realgeeks("user_updated", BODY.replace(b"}", b',"\xe9":1}', 1))
    digest = mac_hex(latin1.body.decode("utf-8", "replace"))
    says = (RECEIVER, "U+FFFD")
    not_json = lambda **more: holds(payload="invalid", findings=("error not-json",), **more)
    yield own(
        "decoded-text",
        "The code hashed a decoded string.",
        digest,
        "hashed-decoded-text",
        *says,
        request=latin1,
        verdict=not_json,
    )


def keys():
    """Another key, and no HMAC."""
    for name, digest, code, said in (
        ("hex-key", mac_hex(BODY, SECRET.encode().hex()), "secret-as-hex", "with another key"),
        ("key-with-newline", mac_hex(BODY, SECRET + "\n"), "secret-with-newline", "with another key"),
        ("unkeyed", hashlib.sha256(BODY).hexdigest(), "unkeyed-hash", "not with an HMAC"),
        ("sha1", mac_hex(BODY, digest="sha1"), "other-digest", "another kind of digest"),
    ):
        yield own(name, f"The code used another key or function ({name}).", digest, code, said)
    digest = mac_hex(json.dumps(json.loads(BODY)), SECRET + "\n")
    says = (RECEIVER, "in addition, the secret ends in a newline")
    yield own("python-and-key", "The code printed the body again and used another key.", digest, "reserialised-python", *says)


def comparisons():
    """The right digest, and how it is compared."""
    right = mac(BODY)
    for name, digest, code, said in (
        ("same", right.hex(), "same-as-signature", "character for character"),
        ("upper-case", right.hex().upper(), "compared-in-other-case", "upper-case hex"),
        ("prefix", "sha256=" + right.hex(), "compared-with-prefix", "after `sha256=`"),
        ("base64", base64std(right), "compared-in-other-encoding", "your code base64"),
    ):
        yield own(name, f"The code computes the right digest ({name}).", digest, code, "the right digest", said)
    other = realgeeks("user_updated", BODY, secret="another")
    failed = lambda **more: fails("none-holds", **more)
    yield own(
        "right-but-not-signature",
        "The digest is right, and the request is signed with another secret.",
        right.hex(),
        "right-but-not-signature",
        "another one",
        request=other,
        verdict=failed,
    )
    yield own(
        "signature-of-unknown-secret",
        "The digest is the signature, and the configured secret gives another one.",
        mac_hex(BODY, "another"),
        "same-as-unexplained-signature",
        "another secret",
        request=other,
        verdict=failed,
    )
    yield own("nothing-found", "Nothing gives this digest.", "0f" * 32, "none-holds", "combinations were tried")


def tokens():
    """Code that verifies a token itself."""
    payload = lead()
    says = ("first two parts", "JWT library")
    yield own(
        "body-not-token",
        "The code hashed the body instead of the token.",
        mac_hex(stringify(payload)),
        "hashed-body-not-token",
        *says,
        request=leadpro(payload),
    )


def rows():
    """Every row of this file."""
    yield from contents()
    yield from keys()
    yield from comparisons()
    yield from tokens()
