"""Encodings and wrappers of a body between the signer and the file, and what is visible of them."""

import base64
import gzip
import html
import json
import zlib

from .requests import realgeeks
from .requests import stringify
from .requests import user
from .row import fails
from .row import row

PLAIN = stringify(user())
TEXT = PLAIN.decode()
QUOTED = stringify(user(name='Kalea "Kay" O\'Shea <b> & co'))


def seen(name, fault, signed, body, *codes, headers=(), **more):
    """A body that was `signed` in another form; the payload is not looked at."""
    request = realgeeks("user_updated", body, signed=signed)
    return row(
        f"transfer/{name}.json",
        fault,
        request.plus(*headers),
        fails(*codes, payload="unchecked", **more),
        args=("--no-payload",),
    )


def brotli(data):
    """A brotli stream of one block that is not compressed (RFC 7932, section 9.2)."""
    assert len(data) <= 1 << 16
    return ((len(data) - 1) << 4 | 1 << 20).to_bytes(3, "little") + data + b"\x03"


def chunked(data, size):
    """The body as `Transfer-Encoding: chunked` sends it."""
    parts = [data[start : start + size] for start in range(0, len(data), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def raw_deflate(data):
    """Deflate without a header."""
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


def encodings():
    """Base64, hex and compression."""
    packed = gzip.compress(PLAIN, mtime=0)
    for name, body in (
        ("standard", base64.b64encode(PLAIN)),
        ("url", base64.urlsafe_b64encode(QUOTED + b"??>>~~").rstrip(b"=")),
        ("wrapped", base64.encodebytes(PLAIN)),
        ("data-url", b"data:application/json;base64," + base64.b64encode(PLAIN)),
    ):
        signed = QUOTED + b"??>>~~" if name == "url" else PLAIN
        yield seen(f"body-in-base64-{name}", "The body is kept in base64.", signed, body, "body-in-base64", says=("base64",))
    for name, body in (
        ("plain", PLAIN.hex()),
        ("upper", PLAIN.hex().upper()),
        ("postgres", "\\x" + PLAIN.hex()),
        ("spaced", PLAIN.hex(" ")),
    ):
        yield seen(f"body-in-hex-{name}", "The body is kept in hex.", PLAIN, body.encode(), "body-in-hex", says=("hex",))
    for name, body, word in (
        ("gzip", packed, "gzip"),
        ("zlib", zlib.compress(PLAIN), "zlib"),
        ("deflate", raw_deflate(PLAIN), "deflate"),
    ):
        yield seen(f"compressed-body-{name}", f"The body is kept compressed: {name}.", PLAIN, body, "compressed-body", says=(word,))
    yield seen(
        "compressed-body-brotli",
        "The body is kept compressed, and a header names brotli.",
        PLAIN,
        brotli(PLAIN),
        "compressed-body",
        headers=(("Content-Encoding", "br"),),
        says=("brotli",),
    )
    yield seen(
        "gzip-in-base64",
        "The body was compressed, and the result is kept in base64.",
        PLAIN,
        base64.b64encode(packed),
        "body-in-base64",
        "compressed-body",
        says=("base64", "gzip"),
    )
    yield seen("chunked-framing", "The chunk lengths were kept.", PLAIN, chunked(PLAIN, 40), "chunked-framing", says=("chunk lengths",))


def quotes():
    """Escapes and quotes of the place that a body was copied from."""
    yield seen("html-escaped", "A template escaped the body.", QUOTED, html.escape(QUOTED.decode()), "html-escaped", says=("HTML entities",))
    yield seen(
        "backslash-escaped",
        "The body was copied out of a JSON string without its quotes.",
        QUOTED,
        json.dumps(QUOTED.decode())[1:-1],
        "backslash-escaped",
        says=("backslash escapes",),
    )
    yield seen(
        "csv-quoted",
        "The body was copied out of the text of a CSV file.",
        QUOTED,
        '"' + QUOTED.decode().replace('"', '""') + '"',
        "csv-quoted",
        says=("CSV",),
    )
    yield seen(
        "single-quoted",
        "The body was copied out of an SQL statement.",
        QUOTED,
        "'" + QUOTED.decode().replace("'", "''") + "'",
        "single-quoted",
        says=("single quotes",),
    )
    yield seen(
        "single-quoted-fence",
        "The body was copied with the fence of a code block.",
        PLAIN,
        f"```json\n{TEXT}\n```",
        "single-quoted",
        says=("backticks",),
    )
    curly = "".join("\u201c\u201d"[index % 2] if part == '"' else part for index, part in enumerate_quotes(TEXT))
    yield seen("typographic-quotes", "A word processor changed the quotes.", PLAIN, curly, "typographic-quotes", says=("typographic quotes",))
    yield seen("python-bytes", "`str()` was applied to bytes.", PLAIN, repr(PLAIN), "python-bytes", says=("Python",))
    yield seen(
        "list-of-bytes-node",
        "A buffer of Node was stringified.",
        PLAIN,
        stringify({"type": "Buffer", "data": list(PLAIN)}),
        "list-of-bytes",
        says=("Node `Buffer`",),
    )
    yield seen(
        "list-of-bytes-go",
        "A slice of bytes was printed in Go.",
        PLAIN,
        "[" + " ".join(str(byte) for byte in PLAIN) + "]",
        "list-of-bytes",
        says=("as Go prints",),
    )


def enumerate_quotes(text):
    """Every character, with the number of quotes before it."""
    count = 0
    for part in text:
        yield count, part
        count += part == '"'


def wrappers():
    """What frameworks, queues and forms put around a payload."""
    for name, body, pointer in (
        ("data", b'{"data":' + PLAIN + b"}", "value at `/data`"),
        ("array", b"[" + PLAIN + b"]", "value at `/0`"),
        ("detail", b'{"version":"0","detail-type":"lead","detail":' + PLAIN + b"}", "value at `/detail`"),
        ("message-string", stringify({"Type": "Notification", "Message": TEXT}), "string at `/Message`"),
        ("key", stringify({TEXT: ""}), "key of its first field"),
    ):
        yield seen(f"body-is-wrapped-{name}", "An envelope was added.", PLAIN, body, "body-is-wrapped", says=(pointer,))
    yield seen(
        "body-is-wrapped-base64",
        "A queue wrapped the body, in base64.",
        PLAIN,
        stringify({"message": {"data": base64.b64encode(PLAIN).decode()}}),
        "body-is-wrapped",
        "body-in-base64",
        says=("string at `/message/data`",),
    )
    yield seen(
        "body-is-wrapped-printed",
        "The payload was parsed, wrapped and printed again.",
        json.dumps(user()),
        stringify({"data": user()}),
        "body-is-wrapped",
        "reserialised-javascript",
        says=("`json.dumps(data)`", "value at `/data`"),
    )
    part = b'--x1\r\nContent-Disposition: form-data; name="v"\r\n\r\n1\r\n--x1\r\nContent-Disposition: form-data; name="payload"\r\n\r\n'
    yield seen("multipart", "The body was sent as a part of a form.", PLAIN, part + PLAIN + b"\r\n--x1--\r\n", "multipart", says=("`payload`",))
    value = user(name="O'Shea", admin=None)
    yield seen(
        "printed-literal-python",
        "A dictionary was printed with `str`.",
        stringify(value),
        repr(value),
        "printed-literal",
        says=("Python's `repr`", "`JSON.stringify(data)` (JavaScript)"),
    )
    ruby = "{" + ", ".join(f'"{key}"=>' + ("nil" if item is None else json.dumps(item)) for key, item in value.items()) + "}"
    yield seen("printed-literal-ruby", "A hash was printed with `inspect`.", stringify(value), ruby, "printed-literal", says=("Ruby's `inspect`",))


def signed_forms():
    """What the signer hashed in place of the body."""
    slashed = "".join("\\" + part if part in "\"'\\" else part for part in QUOTED.decode())
    for name, signed, code, word in (
        ("base64", base64.b64encode(PLAIN), "signed-as-base64", "base64"),
        ("base64url", base64.urlsafe_b64encode(PLAIN).rstrip(b"="), "signed-as-base64", "base64"),
        ("hex", PLAIN.hex(), "signed-as-hex", "hex"),
        ("html", html.escape(QUOTED.decode()), "signed-html-escaped", "Python's `html.escape`"),
        ("slashes", slashed, "signed-with-backslashes", "backslashes"),
    ):
        body = QUOTED if name in ("html", "slashes") else PLAIN
        yield seen(f"{code}-{name}", "The signature is over another form of the body.", signed, body, code, says=(word,))


def facts():
    """What is visible although another secret has signed."""
    other = b"something else"
    deflated = gzip.compress(PLAIN, mtime=0)
    for name, body, code, word in (
        ("base64", base64.b64encode(PLAIN), "body-in-base64", "becomes JSON if the body is decoded from base64"),
        ("gzip", deflated, "compressed-body", "becomes JSON if the body is decompressed from gzip"),
        ("gzip-in-base64", base64.b64encode(deflated), "body-in-base64", "from base64, and the body is decompressed from gzip"),
        ("hex", PLAIN.hex(), "body-in-hex", "from hex"),
        ("entities", html.escape(TEXT), "html-escaped", "HTML entities"),
        ("buffer", stringify({"type": "Buffer", "data": list(PLAIN)}), "list-of-bytes", "becomes JSON"),
        ("utf-16", PLAIN.decode().encode("utf-16-le"), "other-encoding", "JSON in UTF-16 LE"),
        ("object", b"[object Object]", "stringified-object", "JavaScript converts an object"),
        ("page", b"<!DOCTYPE html><html><body>504</body></html>", "html-page", "an HTML page"),
        ("zstd", b"\x28\xb5\x2f\xfd" + bytes(20), "content-encoding", "zstd"),
        ("large-number", b'{"id":9007199254740992}', "large-number", "beyond 2^53"),
        ("question-marks", b'{"name":"M?ller"}', "question-marks", "`M?ller`"),
    ):
        yield seen(f"fact-{name}", "The body is visible in another form.", other, body, code, "none-holds", says=(word,))
    yield seen(
        "fact-content-encoding",
        "A header says that the body is compressed, and it is not.",
        other,
        PLAIN,
        "content-encoding",
        "none-holds",
        headers=(("Content-Encoding", "gzip"),),
        says=("may cover the compressed bytes",),
    )
    form = realgeeks("user_updated", b"a=1&b=2", signed=other)
    form = form.but(headers=tuple(("Content-Type", "application/x-www-form-urlencoded") if name == "Content-Type" else (name, value) for name, value in form.headers))
    yield row(
        "transfer/fact-form.json",
        "The body is a form.",
        form,
        fails("form-body", "none-holds", payload="unchecked", says=("`a`, `b`",)),
        args=("--no-payload",),
    )
    # What stands in notes, addresses and ids is no fault.
    harmless = stringify(user(name="[object Object]", signature="https://x.example/?a=1&amp;b=2 why? &quot;", id="20738000000000000000"))
    yield seen("no-fact", "Nothing is wrong with the body but the secret.", other, harmless, "none-holds")


def rows():
    """Every row of this file."""
    yield from encodings()
    yield from quotes()
    yield from wrappers()
    yield from signed_forms()
    yield from facts()
