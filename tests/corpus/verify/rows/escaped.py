"""Escapes, dumps and text around a body, and further secrets, signed strings and headers."""

import base64
import codecs
import hashlib
import json
from urllib.parse import urlencode

from .requests import mac_hex
from .requests import realgeeks
from .requests import stringify
from .requests import user
from .row import fails
from .row import row

PLAIN = stringify(user())
QUOTED = stringify(user(name='Kalea "Kay" Underhill'))
ACCENTS = stringify(user(name="Zoë Müller"))
HEX = mac_hex(PLAIN)


def body(name, fault, signed, received, code, *words):
    """A body that is kept in another form."""
    return row(
        f"transfer/{name}.json",
        fault,
        realgeeks("user_updated", received, signed=signed),
        fails(code, payload="unchecked", says=words),
        args=("--no-payload",),
    )


def value(name, signed, received, code, *words):
    """A body whose values were changed."""
    return row(
        f"values/{name}.json",
        "A value was changed after the body was signed.",
        realgeeks("user_updated", received, signed=signed),
        fails(code, payload="unchecked", says=words),
        args=("--no-payload",),
    )


def escapes():
    """Escapes of logs and filters."""
    kept = {0x22, 0x5C}
    nginx = "".join(chr(b) if 32 <= b < 127 and b not in kept else f"\\x{b:02X}" for b in ACCENTS)
    octal = "".join(chr(b) if b < 128 else f"\\{b:03o}" for b in ACCENTS)
    yield body("escaped-quotes", "Quotes are escapes.", QUOTED, QUOTED.replace(b'"', b"\\u0022"), "backslash-escaped", "`\\u0022`")
    yield body("escaped-nginx", "A log of nginx has escaped it.", ACCENTS, nginx, "backslash-escaped", "`\\xHH`")
    yield body("escaped-octal", "A database has escaped it.", ACCENTS, octal, "backslash-escaped", "octal")
    yield body("backslashes-removed", "`stripslashes` was applied.", '{"a":"x \\"y\\" z"}', '{"a":"x "y" z"}', "backslashes-removed", "`stripslashes`")
    yield body("quoted-printable", "The body is in a mail.", ACCENTS, codecs.encode(ACCENTS, "quopri"), "quoted-printable", "of a mail")
    dump = "\n".join(
        f"{at:08x}: " + " ".join(PLAIN[at : at + 16][i : i + 2].hex() for i in range(0, len(PLAIN[at : at + 16]), 2)) + "  ."
        for at in range(0, len(PLAIN), 16)
    )
    yield body("hex-dump", "The body is printed by `xxd`.", PLAIN, dump, "hex-dump", "`xxd -r`")
    yield body("buffer-console", "A buffer was logged by Node.", PLAIN, "<Buffer " + PLAIN.hex(" ") + ">", "list-of-bytes", "Node's `<Buffer …>`")
    yield body("text-around", "The body is JSONP.", PLAIN, b"cb(" + PLAIN + b");", "text-around-json", "`cb(` and `);`")
    yield body("one-line", "Two documents were joined.", PLAIN, PLAIN + b'\n{"id":"x"}\n', "one-line-signed", "line 1")


def values():
    """Values that cannot be told from the body."""
    yield value("trimmed-two", '{"a":" x","b":"y "}', '{"a":"x","b":"y"}', "strings-trimmed", "one more value")
    names = [f'"{letter}":"{letter}{letter}"' for letter in "abcdefgh"]
    padded = "{" + ",".join(names).replace('bb"', 'bb "').replace('ee"', 'ee "') + "}"
    yield value("trimmed-two-of-many", padded, "{" + ",".join(names) + "}", "strings-trimmed", "one more value")
    yield value("spaces-collapsed", '{"a":"x  y"}', '{"a":"x y"}', "spaces-collapsed")
    yield value("typographic", '{"a":"it\'s"}', '{"a":"it’s"}', "typographic-characters")
    yield value("plus-lost", '{"p":"+1 808"}', '{"p":"1 808"}', "plus-lost")


def secrets():
    """Secrets with what stands around them, and blank ones."""
    basic = base64.b64encode(b"hook:s3cret").decode()
    for name, at_hand, code, *words in (
        ("bearer", "Bearer s3cret", "secret-with-scheme", "`Authorization`"),
        ("basic", "Basic " + basic, "secret-with-scheme", "`Basic`"),
        ("query", "?secret=s3cret", "secret-in-url", "query"),
        ("brackets", "[s3cret]", "secret-with-punctuation", "brackets"),
        ("tag", "<key>s3cret</key>", "secret-with-punctuation", "tag"),
        ("full-width", "ｓ3cret", "secret-with-lookalikes", "full-width"),
    ):
        yield row(
            f"secret/around-{name}.json",
            f"The secret was copied with what surrounds it ({name}).",
            realgeeks("user_updated", PLAIN),
            fails(code, says=words),
            secrets=(at_hand,),
        )
    for name, secret, code, *words in (
        ("space", " ", "empty-secret", "only a space"),
        ("two-quotes", '""', "empty-secret", "two double quotes"),
        ("true", "true", "unset-secret", "`true`"),
    ):
        yield row(
            f"secret/placeholder-{name}.json",
            f"The sender's secret is `{secret}`.",
            realgeeks("user_updated", PLAIN, secret=secret),
            fails(code, says=(*words, "Warning: ")),
        )


def signed():
    """Strings that other schemes sign."""
    digest = hashlib.sha256(PLAIN).hexdigest().encode()
    scalars = [(key, item) for key, item in json.loads(PLAIN).items() if isinstance(item, str)]
    for name, content, code, *words in (
        ("header-body", b"user_updated" + PLAIN, "header-signed", "`X-Lead-Router-Action + body`"),
        ("body-header", PLAIN + b"user_updated", "header-signed", "`body + X-Lead-Router-Action`"),
        ("host-path", b"POST\nhooks.example.com\n/hooks\n" + PLAIN, "url-signed", "`method\\nhost\\npath\\nbody`"),
        ("path-digest", b"POST\n/hooks\n" + digest, "url-signed", "SHA-256 of the body"),
        ("digest-sha1", hashlib.sha1(PLAIN).hexdigest().encode(), "signed-digest", "SHA-1"),
        ("secret-first", b"s3cret" + PLAIN, "secret-signed", "the secret is the key and also part"),
        ("python-string", repr(PLAIN.decode()).encode(), "signed-as-python-bytes", "as a string"),
        ("lower-case", PLAIN.lower(), "signed-changed-copy", "lower case"),
    ):
        yield row(
            f"signature/input-{name}.json",
            f"Another string is signed than the body ({name}).",
            realgeeks("user_updated", PLAIN, signed=content),
            fails(code, says=words),
        )
    flat = stringify(dict(scalars))
    yield row(
        "signature/input-form.json",
        "The fields were signed as a form.",
        realgeeks("user_updated", flat, signed=urlencode(scalars)),
        fails("signed-as-form", says=("joined by `&`",), payload="unchecked"),
        args=("--no-payload",),
    )


def headers():
    """Text around the signature."""
    for name, spelled, code, *words in (
        ("comma", HEX + ",", "punctuated-signature", "a comma"),
        ("leading-comma", "," + HEX, "punctuated-signature", "a comma"),
        ("semicolon", HEX + ";", "punctuated-signature", "a semicolon"),
        ("header-line", "X-Lead-Router-Signature: " + HEX, "prefixed-signature", "a whole header line"),
        ("embedded", f"sha256({HEX})", "embedded-signature", "64 hex digits"),
        ("twice", HEX + HEX, "doubled-signature", "twice"),
    ):
        yield row(
            f"header/around-{name}.json",
            f"There is text around the signature ({name}).",
            realgeeks("user_updated", PLAIN, signature=spelled),
            fails(code, signature="malformed", says=words),
        )


def rows():
    """Every row of this file."""
    yield from escapes()
    yield from values()
    yield from secrets()
    yield from signed()
    yield from headers()
