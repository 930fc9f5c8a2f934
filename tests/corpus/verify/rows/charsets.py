"""Characters of a body that were decoded, kept or hashed in another encoding than UTF-8."""

import unicodedata

from .requests import realgeeks
from .requests import stringify
from .requests import user
from .row import fails
from .row import row

EURO = stringify(user(name="Zoë Müller", signature="5 € – “soon”")).decode()
LATIN = stringify(user(name="Zoë Müller")).decode()
CYRILLIC = stringify(user(name="Мира")).decode()
EMOJI = stringify(user(name="Zoë 🏡")).decode()


def seen(name, fault, signed, body, code, *says):
    """A body that was `signed` in another encoding; the payload is not looked at."""
    return row(
        f"characters/{name}.json",
        fault,
        realgeeks("user_updated", body, signed=signed),
        fails(code, payload="unchecked", says=says),
        args=("--no-payload",),
    )


def mojibake(text, page):
    """UTF-8 that was decoded in a code page; the bytes that it does not define become controls."""
    decode = lambda byte: bytes([byte]).decode(page, errors="ignore") or chr(byte)
    return "".join(decode(byte) for byte in text.encode())


def rows():
    """Every row of this file."""
    for name, text, page, word in (
        ("cp1252", EURO, "cp1252", "Windows-1252"),
        ("latin-1", LATIN, "latin-1", "Latin-1 (ISO-8859-1)"),
        ("cp1251", CYRILLIC, "cp1251", "Windows-1251"),
        ("cp1250", stringify(user(name="Łukasz Żak")).decode(), "cp1250", "Windows-1250"),
        ("mac-roman", LATIN, "mac-roman", "MacRoman"),
        ("cp850", LATIN, "cp850", "IBM850 (DOS)"),
        ("koi8-r", CYRILLIC, "koi8-r", "KOI8-R"),
        ("shift-jis", stringify(user(name="日本")).decode(), "shift-jis", "Shift_JIS"),
    ):
        encoded = text.encode(page)
        yield seen(f"body-in-code-page-{name}", "The body is kept in a code page.", text, encoded, "body-in-code-page", word)
        yield seen(f"signed-in-code-page-{name}", "The body was hashed in a code page.", encoded, text, "signed-in-code-page", word)
    for name, page in (("cp1252", "cp1252"), ("latin-1", "latin-1")):
        once = mojibake(EURO, page)
        word = "Windows-1252" if name == "cp1252" else "Latin-1"
        yield seen(f"decoded-as-code-page-{name}", "UTF-8 was decoded as a code page.", EURO, once, "decoded-as-code-page", word)
    twice = mojibake(mojibake(LATIN, "cp1252"), "cp1252")
    yield seen("decoded-as-code-page-twice", "UTF-8 was decoded as a code page twice.", LATIN, twice, "decoded-as-code-page", "twice")
    for name, body, word in (
        ("le", EURO.encode("utf-16-le"), "UTF-16 LE"),
        ("be", EURO.encode("utf-16-be"), "UTF-16 BE"),
        ("le-mark", b"\xff\xfe" + EURO.encode("utf-16-le"), "UTF-16 LE"),
        ("be-mark", b"\xfe\xff" + EURO.encode("utf-16-be"), "UTF-16 BE"),
    ):
        yield seen(f"body-in-utf16-{name}", "The body is kept in UTF-16.", EURO, body, "body-in-utf16", word)
        yield seen(f"signed-in-utf16-{name}", "The body was hashed in UTF-16.", body, EURO, "signed-in-utf16", word)
    yield seen("body-in-utf32", "The body is kept in UTF-32.", EURO, EURO.encode("utf-32-le"), "body-in-utf16", "UTF-32 LE")
    for name, signed, word in (
        ("question-marks", EMOJI.encode("ascii", "replace"), "each character outside ASCII is replaced by `?`"),
        ("removed", EMOJI.encode("ascii", "ignore"), "are removed"),
        ("latin-1", EURO.encode("latin-1", "replace"), "converted to Latin-1, with `?`"),
        ("supplementary", EMOJI.replace("🏡", "?"), "beyond U+FFFF"),
        ("node", b"".join(EURO.encode("utf-16-le")[index : index + 1] for index in range(0, 2 * len(EURO), 2)), "low byte"),
    ):
        body = EMOJI if name in ("question-marks", "removed", "supplementary") else EURO
        yield seen(f"signed-as-ascii-{name}", "The body was hashed in an encoding without its characters.", signed, body, "signed-as-ascii", word)
    invalid = LATIN.encode("latin-1")
    replaced = invalid.decode("utf-8", "replace")
    yield seen("signed-as-ascii-replacement", "The bytes were decoded before they were hashed.", replaced, invalid, "signed-as-ascii", "U+FFFD")
    apart = unicodedata.normalize("NFD", LATIN)
    yield seen("composed", "The accents of the body are composed now.", apart, LATIN, "composed", "NFD")
