"""Secrets, signed strings, headers and tokens as people have them."""

import gzip
import hashlib
import json
import zlib
from urllib.parse import quote

from .requests import ISSUED_AT
from .requests import MESSAGE_ID
from .requests import base64std
from .requests import base64url
from .requests import lead
from .requests import leadpro
from .requests import mac
from .requests import mac_hex
from .requests import realgeeks
from .requests import realtorbot
from .requests import scored
from .requests import stringify
from .requests import token
from .requests import user
from .row import fails
from .row import holds
from .row import row

PLAIN = stringify(user())
DIGEST = mac(PLAIN)
HEX = DIGEST.hex()
TIME = "1768478400"
TIMED = (("X-Lead-Router-Timestamp", TIME),)

# Name, fault, signing secret, configured secret, code, words.
NOTATIONS = (
    ("bom", "begins with a byte order mark", "s3cret", "\ufeffs3cret", "secret-with-bom", "byte order mark"),
    ("no-break-space", "ends in a no-break space", "s3cret", "s3cret\u00a0", "secret-with-no-break-space", "no-break space"),
    ("zero-width", "begins with a zero-width space", "s3cret", "\u200bs3cret", "secret-with-zero-width-character", "zero-width"),
    ("zero-width-inside", "has a soft hyphen inside", "s3cret", "s3\u00adcret", "secret-with-zero-width-character", "invisible"),
    ("name", "has the name of its variable", "s3cret", "WEBHOOK_SECRET=s3cret", "secret-with-name", "`NAME=value`"),
    ("name-export", "is a line of a shell script", "s3cret", "export WEBHOOK_SECRET='s3cret' # shop", "secret-with-name", "`export NAME=value`"),
    ("name-yaml", "is a line of YAML", "s3cret", "secret: s3cret", "secret-with-name", "YAML"),
    ("comment", "is followed by a comment", "s3cret", "s3cret # of the shop", "secret-with-comment", "comment"),
    ("curly-quotes", "is in curly quotes", "s3cret", "\u201cs3cret\u201d", "secret-in-quotes", "curly"),
    ("lone-quote", "has only the first of its quotes", "s3cret", '"s3cret', "secret-in-quotes", "quotes"),
    ("escaped-newline", "ends in a backslash and an n", "s3cret", "s3cret\\n", "secret-with-escaped-newline", "newline"),
    ("dollar-escaped", "has an escaped dollar sign", "a$b-s3cret", "a\\$b-s3cret", "secret-with-dollar", "dollar sign"),
    ("dollar-doubled", "has a doubled dollar sign", "a$b-s3cret", "a$$b-s3cret", "secret-with-dollar", "Docker Compose"),
    ("dollar-halved", "has lost one of two dollar signs", "a$$b-s3cret", "a$b-s3cret", "secret-signed-with-dollar", "`$$`"),
    ("dollar-bare", "has lost the backslash before the dollar sign", "a\\$b-s3cret", "a$b-s3cret", "secret-signed-with-dollar", "backslash"),
    ("expanded", "was expanded by the signer's shell", "s3cret-", "s3cret-$abc", "secret-expanded", "as if a shell"),
    ("backslash", "has the backslashes of a JSON string", 's3"cret', 's3\\"cret', "secret-with-backslash", "backslashes"),
    ("v1-whsec", "has the prefix of Supabase", "s3cret", "v1,whsec_s3cret", "secret-with-whsec", "`v1,whsec_`"),
    ("v1", "has `v1,` before it", "whsec_s3cret", "v1,whsec_s3cret", "secret-with-whsec", "`v1,`"),
    ("v1-whsec-base64", "is one of Supabase", bytes(range(16)), "v1,whsec_" + base64std(bytes(range(16))), "secret-with-whsec", "Standard Webhooks"),
    ("json", "is the JSON of a secrets manager", "s3cret", '{"user":"a","secret":"s3cret"}', "secret-in-json", "secrets manager"),
    ("percent", "is percent-encoded", "s3+cret", "s3%2Bcret", "secret-percent-encoded", "percent-encoded"),
    ("html", "has HTML entities", "s3&cret", "s3&amp;cret", "secret-html-escaped", "HTML entities"),
    ("twice", "was pasted twice", "s3cret", "s3crets3cret", "secret-pasted-twice", "pasted twice"),
    ("wrapped", "was wrapped", "s3cret-of-the-shop", "s3cret-of-\nthe-shop", "secret-with-inner-whitespace", "wrapped"),
    ("several-lines", "is a file of several lines", "s3cret", "# of the shop\ns3cret", "secret-of-several-lines", "several lines"),
    ("cut-off", "was cut off at a hash sign", "s3cret", "s3cret#of-the-shop", "secret-cut-off", "cut off"),
    ("without-padding", "has lost its padding", "YWJjZGVmZw==", "YWJjZGVmZw", "secret-without-padding", "lacks the `=`"),
    ("without-whsec", "has lost its prefix", "whsec_s3cret", "s3cret", "secret-without-whsec", "`whsec_`"),
    ("as-utf16", "was encoded as UTF-16 by the signer", "s3cret".encode("utf-16-le"), "s3cret", "secret-as-utf16", "UTF-16"),
    ("as-latin1", "was encoded as Latin-1 by the signer", "s3crét".encode("latin-1"), "s3crét", "secret-as-latin1", "Latin-1"),
    ("hashed", "was hashed by the signer", hashlib.sha256(b"s3cret").digest(), "s3cret", "secret-hashed", "digest"),
    ("hashed-hex", "was hashed to hex by the signer", hashlib.sha256(b"s3cret").hexdigest(), "s3cret", "secret-hashed", "digest"),
)

PLACEHOLDERS = (
    ("empty", "", "empty-secret", "empty secret"),
    ("undefined", "undefined", "unset-secret", "`undefined`"),
    ("null", "null", "unset-secret", "`null`"),
    ("none", "None", "unset-secret", "`None`"),
    ("nil", "nil", "unset-secret", "`nil`"),
    ("changeme", "changeme", "placeholder-secret", "placeholder `changeme`"),
    ("your-secret", "your-secret", "placeholder-secret", "`your-secret`"),
    ("secret", "secret", "placeholder-secret", "`secret`"),
    ("test", "test", "placeholder-secret", "`test`"),
)

# Name, spelling of a file whose second line, or whose pointer, has the secret; location.
LISTS = (
    ("quoted", 'A=1\nX="s3cret"\n', "line 2"),
    ("export", "A=1\nexport X='s3cret' # of the shop\n", "line 2"),
    ("crlf", "A=1\r\nX=s3cret # of the shop\r\n", "line 2"),
    ("yaml", "a:\n  secret: s3cret  # of the shop\n", "line 2"),
    ("yaml-list", "environment:\n  - X=s3cret\n", "line 2"),
    ("yaml-list-quoted", 'environment:\n  - "X=s3cret"\n', "line 2"),
    ("json", '{"a":{"b":[1,{"secret":"s3cret"}]}}\n', "`/a/b/1/secret`"),
    ("toml", '[hooks]\nsecret = "s3cret"\n', "line 2"),
    ("properties", "# hooks\nhook.secret=s3cret\n", "line 2"),
    ("kubernetes", "data:\n  secret: czNjcmV0\n", "line 2"),
    ("kubernetes-json", '{"kind":"Secret","data":{"secret":"czNjcmV0"}}\n', "`/data/secret`"),
    ("xml", "<hooks>\n<add key='X' value='s3cret'/>\n", "line 2"),
)


def secrets():
    """Secrets that were copied with what surrounds them, or never set."""
    for name, fault, signed, at_hand, code, *words in NOTATIONS:
        yield row(
            f"secret/given-{name}.json",
            f"The secret {fault}.",
            realgeeks("user_updated", PLAIN, secret=signed),
            fails(code, says=words),
            secrets=(at_hand,),
        )
    for name in ("bom", "name", "json"):
        _, fault, signed, at_hand, code, *words = next(row for row in NOTATIONS if row[0] == name)
        yield row(
            f"secret/given-{name}-token.json",
            f"The secret of a token {fault}.",
            leadpro(lead(), secret=signed),
            fails(code, says=words),
            secrets=(at_hand,),
        )
    yield row(
        "secret/given-name-and-base64.json",
        "The secret has its name, and the signer decodes it from base64.",
        realgeeks("user_updated", PLAIN, secret=bytes(range(16))),
        fails("secret-with-name", "secret-is-base64"),
        secrets=("SECRET=" + base64std(bytes(range(16))),),
    )
    for name, secret, code, *words in PLACEHOLDERS:
        yield row(
            f"secret/placeholder-{name}.json",
            f"The sender's secret is `{secret}`.",
            realgeeks("user_updated", PLAIN, secret=secret),
            fails(code, says=(*words, "Warning: ", "anyone can sign")),
        )
    yield row(
        "secret/placeholder-token.json",
        "The secret of the token was never set.",
        leadpro(lead(), secret="undefined"),
        fails("unset-secret"),
    )
    yield row(
        "secret/placeholder-and-newline.json",
        "The sender's secret is empty, and the body lost its newline.",
        realgeeks("user_updated", PLAIN, signed=PLAIN + b"\n", secret=""),
        fails("final-newline-removed", "empty-secret"),
    )
    for name, text, location in LISTS:
        yield row(
            f"secret/candidates-{name}.json",
            f"The secret is in a file of candidates ({name}).",
            realgeeks("user_updated", PLAIN),
            fails("candidate-secret", says=(f"{location} of",)),
            secrets=("another",),
            candidates=text,
        )


def signed():
    """Strings that other schemes sign, and what is signed by mistake."""
    time, number = TIME.encode(), MESSAGE_ID.encode()
    target, url = b"/hooks", b"https://hooks.example.com/hooks"
    digest = hashlib.sha256(PLAIN)
    buffer = json.dumps({"type": "Buffer", "data": list(PLAIN)}, separators=(",", ":")).encode()
    numbers = ",".join(map(str, PLAIN)).encode()
    for name, content, code, *words in (
        ("v0", b"v0:" + time + b":" + PLAIN, "timestamp-signed", "`v0:timestamp:body`"),
        ("time-body", time + PLAIN, "timestamp-signed", "`timestamp + body`"),
        ("body-time", PLAIN + time, "timestamp-signed", "`body + timestamp`"),
        ("id-body", number + PLAIN, "message-id-signed", "`message id + body`"),
        ("body-id", PLAIN + number, "message-id-signed", "`body + message id`"),
        ("id-alone", number, "message-id-signed", "`message id`"),
        ("id-colon-time", number + b":" + time + b":" + PLAIN, "id-and-timestamp-signed", "`message id:timestamp:body`"),
        ("method-path", b"POST" + target + PLAIN, "url-signed", "`method + path + body`"),
        ("method-path-lines", b"POST\n" + target + b"\n" + PLAIN, "url-signed", "`method\\npath\\nbody`"),
        ("url-body", url + PLAIN, "url-signed", "`url + body`"),
        ("method-url", b"POST" + url + PLAIN, "url-signed", "`method + url + body`"),
        ("base64", base64std(PLAIN).encode(), "signed-as-base64", "base64 of the body"),
        ("hex", PLAIN.hex().encode(), "signed-as-hex", "hex digits of the body"),
        ("digest-hex", digest.hexdigest().encode(), "signed-digest", "SHA-256", "as hex digits"),
        ("digest-raw", digest.digest(), "signed-digest", "SHA-256", "as 32 bytes"),
        ("object", b"[object Object]", "signed-conversion", "`[object Object]`"),
        ("promise", b"[object Promise]", "signed-conversion", "`[object Promise]`"),
        ("undefined", b"undefined", "signed-missing-value", "`undefined`"),
        ("null", b"null", "signed-missing-value", "`null`"),
        ("empty-object", b"{}", "signed-missing-value", "`{}`"),
        ("buffer", buffer, "signed-as-bytes-list", "Node `Buffer`"),
        ("uint8array", numbers, "signed-as-bytes-list", "`Uint8Array`"),
        ("python-bytes", repr(PLAIN).encode(), "signed-as-python-bytes", "`repr`"),
        ("python-dict", repr(json.loads(PLAIN)).encode(), "signed-as-python-dict", "`repr`"),
        ("one-field", user()["email"].encode(), "one-field-signed", "`/email`"),
        ("twice", HEX.encode(), "signed-twice", "twice"),
        ("twice-raw", DIGEST, "signed-twice", "twice"),
    ):
        yield row(
            f"signature/input-{name}.json",
            f"Another string is signed than the body ({name}).",
            realgeeks("user_updated", PLAIN, signed=content).plus(*TIMED),
            fails(code, says=words),
        )
    plain = {"id": "7", "role": "Agent", "name": "Zoe", "email": None}
    yield row(
        "signature/input-ruby-hash.json",
        "The signer called `to_s` on a hash.",
        realgeeks(
            "user_updated",
            json.dumps(plain),
            signed='{"id"=>"7", "role"=>"Agent", "name"=>"Zoe", "email"=>nil}'.encode(),
        ),
        fails("signed-as-ruby-hash", says=("Ruby",), payload="unchecked"),
        args=("--no-payload",),
    )
    yield row(
        "signature/input-object-realtorbot.json",
        "The signer converted the payload to a string.",
        realtorbot(stringify(scored()), signed=b"[object Object]"),
        fails("signed-conversion"),
    )
    yield row(
        "signature/input-v0-base64.json",
        "The signature is in base64, and its timestamp is signed as with Slack.",
        realgeeks("user_updated", PLAIN, signature=base64std(mac(b"v0:" + time + b":" + PLAIN))).plus(*TIMED),
        fails("base64-signature", "timestamp-signed", signature="malformed"),
    )
    yield row(
        "signature/input-v0-newline.json",
        "The timestamp is signed as with Slack, and the body lost its newline.",
        realgeeks("user_updated", PLAIN, signed=b"v0:" + time + b":" + PLAIN + b"\n").plus(*TIMED),
        fails("timestamp-signed", "final-newline-removed"),
    )
    yield row(
        "signature/input-time-in-signature.json",
        "The timestamp is only in the header with the signature, as with Stripe.",
        realgeeks("user_updated", PLAIN, signature=f"t={TIME},v1=" + mac_hex(time + b"." + PLAIN)),
        fails("prefixed-signature", "timestamp-signed", signature="malformed"),
    )


def headers():
    """Signature headers that were joined, encoded or hidden."""
    other = mac_hex(PLAIN, "old")
    plus = next(body for body in (stringify(user(id=str(number))) for number in range(300)) if "+" in base64std(mac(body)))
    spelled = base64std(mac(plus))
    pairs = [HEX[at : at + 2] for at in range(0, 64, 2)]
    for name, value, codes, *words in (
        ("joined-comma", f"{other},{HEX}", ("joined-signatures",), "the second of the joined values"),
        ("joined-first", f"{HEX},{other}", ("joined-signatures",), "the first of the joined values"),
        ("joined-semicolon", f"{other};{HEX}", ("joined-signatures",), "semicolon"),
        ("joined-json", json.dumps([other, HEX]), ("joined-signatures",), "brackets"),
        ("in-brackets", json.dumps([HEX]), ("bracketed-signature",), "list that was serialized as JSON"),
        ("in-object", json.dumps({"signature": HEX}), ("bracketed-signature",), "brackets"),
        ("curly-quotes", f'\\"{HEX}\\"', ("quoted-signature",), "escaped"),
        ("html", base64std(DIGEST).replace("=", "&#x3D;"), ("html-escaped-signature", "base64-signature"), "HTML entities"),
        ("file-name", HEX + " *body.json", ("signature-with-file-name",), "`*body.json`"),
        ("joined-space", f"{other} {HEX}", ("joined-signatures",), "the second"),
        ("python-bytes", f"b'{HEX}'", ("quoted-signature",), "quotes"),
        ("colons", ":".join(pairs), ("separated-signature",), "`:`"),
        ("dashes", "-".join(pairs).upper(), ("separated-signature",), "`-`"),
        ("byte-escapes", "".join("\\x" + pair for pair in pairs), ("separated-signature",), "`\\x`"),
        ("spaced", " ".join(pairs), ("white-space-in-signature",), "whitespace"),
        ("percent", quote(base64std(DIGEST), safe=""), ("percent-encoded-signature", "base64-signature"), "`%2B`"),
        ("percent-quotes", quote(f'"{HEX}"'), ("percent-encoded-signature", "quoted-signature"), "quotes"),
    ):
        yield row(
            f"header/given-{name}.json",
            f"The header with the signature is spelled in another way ({name}).",
            realgeeks("user_updated", PLAIN, signature=value),
            fails(*codes, signature="malformed", says=words),
        )
    yield row(
        "header/given-plus-to-space.json",
        "A `+` of the base64 became a space.",
        realgeeks("user_updated", plus, signature=spelled.replace("+", " ")),
        fails("plus-to-space", "base64-signature", signature="malformed", says=("`+` of the base64 became a space",)),
    )
    for name, value, shown in (
        ("redacted", "[REDACTED]", "`[REDACTED]`"),
        ("filtered", "<filtered>", "`<filtered>`"),
        ("stars", "****************", "`****************`"),
        ("masked", HEX[:8] + "*" * 24, "*`"),
        ("shortened", HEX[:6] + "…" + HEX[-4:], "…"),
        ("letters", "x" * 16, "`xxxxxxxxxxxxxxxx`"),
        ("prefixed", "sha256=REDACTED", "`sha256=REDACTED`"),
    ):
        yield row(
            f"header/hidden-{name}.json",
            "The log hides the signature.",
            realgeeks("user_updated", PLAIN, signature=value),
            fails("redacted-signature", signature="missing", says=("is redacted", shown)),
        )
    for name, value in (("bearer", "Bearer [REDACTED]"), ("parts", "eyJhbGciOiJIUzI1NiJ9.***.***")):
        yield row(
            f"header/hidden-token-{name}.json",
            "The log hides the token.",
            leadpro(lead(), value=value),
            fails("redacted-signature", signature="missing", says=("`Authorization` contains",)),
            args=("-p", "leadpro"),
        )


def bodies():
    """Bodies that a log hides, in full or in part."""
    yield row(
        "fact/redacted-field.json",
        "The log hides a field of the body.",
        realgeeks("user_updated", stringify(user(email="[FILTERED]")), signed=PLAIN),
        fails("redacted-body", "none-holds", says=("`/email`", "`[FILTERED]`", "may have hidden"), payload="warnings", findings=("warning bad-format /email",)),
    )
    yield row(
        "fact/redacted-body.json",
        "The log hides the whole body.",
        realgeeks("user_updated", "[REDACTED]", signed=PLAIN),
        fails("redacted-body", "none-holds", says=("only `[REDACTED]`",), payload="invalid", findings=("error not-json",)),
    )


def tokens():
    """Times in another unit or type, and compressed claims."""
    payload = lead()
    claims = {**payload, "iat": ISSUED_AT}
    warned = ("warning time-not-in-seconds",)
    for name, extra in (
        ("exp-milliseconds", {"exp": (ISSUED_AT + 300) * 1000}),
        ("iat-milliseconds", {"iat": ISSUED_AT * 1000}),
        ("iat-microseconds", {"iat": ISSUED_AT * 1_000_000}),
        ("iat-string", {"iat": str(ISSUED_AT)}),
        ("iat-date", {"iat": "2026-01-15T12:00:00Z"}),
    ):
        yield row(
            f"token/time-{name}.json",
            f"A time of the token is no number of seconds ({name}).",
            leadpro(payload, claims={**claims, **extra}),
            holds(remarks=warned),
        )
    for name, extra, code, status, word in (
        ("nbf-milliseconds", {"nbf": ISSUED_AT * 1000}, "time-not-in-seconds", "invalid", "milliseconds"),
        ("exp-string", {"exp": str(ISSUED_AT + 300)}, "malformed-claim", "malformed", "`exp` is a string, not a number"),
        ("exp-date", {"exp": "2026-01-15T13:00:00Z"}, "malformed-claim", "malformed", "a date in a string"),
    ):
        yield row(
            f"token/time-{name}.json",
            f"A time of the token is no number of seconds ({name}).",
            leadpro(payload, claims={**claims, **extra}),
            fails(code, signature=status, says=(word,)),
        )
    zipped = {"alg": "HS256", "typ": "JWT", "zip": "DEF"}
    text = stringify(claims)
    for name, data, word in (
        ("raw", zlib.compress(text)[2:-4], "raw deflate"),
        ("zlib", zlib.compress(text), "zlib"),
        ("gzip", gzip.compress(text, mtime=0), "gzip"),
    ):
        yield row(
            f"token/zip-{name}.json",
            f"The claims are compressed ({name}).",
            leadpro(payload, value=token(data, header=zipped)),
            fails("compressed-claims", signature="malformed", says=(word, "Decompressed, they are the payload of the body")),
        )
    yield row(
        "token/zip-and-changed.json",
        "The claims are compressed, and the body was changed.",
        leadpro(lead(full_name="Mr X"), value=token(zlib.compress(text)[2:-4], header=zipped)),
        fails("compressed-claims", "body-claims-mismatch", signature="malformed", says=("`/data/full_name`",)),
    )


def rows():
    """Every row of this file."""
    yield from secrets()
    yield from signed()
    yield from headers()
    yield from bodies()
    yield from tokens()
