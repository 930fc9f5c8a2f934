"""Faults of the body between the signer and the file."""

import json
import unicodedata
from urllib.parse import quote
from urllib.parse import quote_plus

from . import forms
from . import printed
from .requests import base64std
from .requests import mac
from .requests import realgeeks
from .requests import sample
from .requests import stringify
from .requests import user
from .row import fails
from .row import row

NOT_JSON = {"payload": "invalid", "findings": ("error not-json",)}

PLAIN = stringify(user())
PRETTY = stringify(user(), indent=2)
WINDOWS = PRETTY.replace(b"\n", b"\r\n")
BOM = b"\xef\xbb\xbf"


def changed(name, fault, signed, body, *codes, form=forms.capture, **more):
    """A body that was `signed` in another form."""
    suffix = {forms.capture: "json", forms.http: "http", forms.har: "har", forms.curl: "sh"}[form]
    request = realgeeks("user_updated", body, signed=signed)
    return row(f"body/{name}.{suffix}", fault, request, fails(*codes, **more), form=form)


def ends():
    """What editors, shells and buffers do to the ends of a body and of its lines."""
    yield changed(
        "final-newline-added",
        "A newline was added at the end of the body.",
        PLAIN,
        PLAIN + b"\n",
        "final-newline-added",
        says=("the final newline is removed",),
    )
    yield changed(
        "final-newline-added-crlf",
        "A Windows newline was added at the end of the body.",
        PLAIN,
        PLAIN + b"\r\n",
        "final-newline-added",
    )
    yield row(
        "body/final-newline-added-by-editor.http",
        "An editor has ended the last line of a saved message, and its length was dropped.",
        forms.http_unix(realgeeks("user_updated", PLAIN)) + b"\n",
        fails("final-newline-added"),
    )
    yield row(
        "body/final-newline-added-by-echo.sh",
        "`echo` in front of curl has added a newline to the body.",
        forms.curl(realgeeks("user_updated", PLAIN + b"\n", signed=PLAIN)),
        fails("final-newline-added"),
    )
    yield changed(
        "final-newline-removed",
        "The final newline that was signed was taken off.",
        PLAIN + b"\n",
        PLAIN,
        "final-newline-removed",
    )
    yield changed(
        "final-newline-removed-crlf",
        "The final Windows newline that was signed was removed.",
        PLAIN + b"\r\n",
        PLAIN,
        "final-newline-removed",
        says=("Windows",),
    )
    yield changed("crlf-to-lf", "Windows newlines became Unix newlines.", WINDOWS, PRETTY, "crlf-to-lf")
    yield changed(
        "crlf-to-lf-in-a-message",
        "Windows newlines became Unix newlines, in a saved message.",
        WINDOWS,
        PRETTY,
        "crlf-to-lf",
        form=forms.http,
    )
    yield changed("lf-to-crlf", "Unix newlines became Windows newlines.", PRETTY, WINDOWS, "lf-to-crlf")
    yield changed(
        "bom-added",
        "A byte order mark was put before the body.",
        PLAIN,
        BOM + PLAIN,
        "bom-added",
        **NOT_JSON,
    )
    yield changed("bom-removed", "The byte order mark that was signed was taken off.", BOM + PLAIN, PLAIN, "bom-removed")
    yield changed(
        "outer-white-space",
        "A template has put white space around the body.",
        PLAIN,
        b"\n  " + PLAIN + b"\n",
        "outer-white-space",
    )
    yield changed(
        "outer-white-space-before",
        "A space stands before the body.",
        PLAIN,
        b" " + PLAIN,
        "outer-white-space",
    )
    yield changed("nul-added", "A zero byte stands at the end of the body.", PLAIN, PLAIN + b"\0", "nul-added", **NOT_JSON)


def signer():
    """What the signer hashed in place of the body."""
    yield changed(
        "empty-body",
        "The signature is over nothing: the body had been read before.",
        b"",
        PLAIN,
        "empty-body",
    )
    long = printed.compact(sample("realgeeks", "created")).encode()
    for length in (1024, 2048):
        yield row(
            f"body/signed-in-part-{length}.json",
            f"The signature is over the first {length} bytes alone.",
            realgeeks("created", long, signed=long[:length]),
            fails("signed-in-part", says=(f"first {length} bytes",)),
        )
    yield changed(
        "signed-stringified-twice",
        "A text was given to `JSON.stringify` before it was signed.",
        stringify(PLAIN.decode()),
        PLAIN,
        "signed-stringified-twice",
    )
    yield changed(
        "signed-percent-encoded",
        "The signature is over the body as a form has it.",
        quote_plus(PLAIN, safe="*-._"),
        PLAIN,
        "signed-percent-encoded",
    )
    yield changed(
        "signed-percent-encoded-20",
        "The signature is over the body as an address has it, with %20 for a space.",
        quote_plus(PLAIN, safe="*-._").replace("+", "%20"),
        PLAIN,
        "signed-percent-encoded",
    )


def encoded():
    """What clients and frameworks wrap a body in, and what they do to its letters."""
    yield changed(
        "stringified-twice",
        "The body was stringified once more after it was signed.",
        PLAIN,
        stringify(PLAIN.decode()),
        "stringified-twice",
        payload="invalid",
        findings=("error wrong-type",),
    )
    yield changed(
        "form-encoded",
        "The body was sent as the field `payload` of a form.",
        PLAIN,
        b"payload=" + quote_plus(PLAIN).encode(),
        "form-encoded",
        says=("`payload`",),
        **NOT_JSON,
    )
    yield changed(
        "form-encoded-second-field",
        "The body was sent as the second field of a form.",
        PLAIN,
        b"v=1&json=" + quote_plus(PLAIN).encode(),
        "form-encoded",
        says=("`json`",),
        **NOT_JSON,
    )
    yield changed(
        "percent-encoded",
        "The body was percent-encoded after it was signed.",
        PLAIN,
        quote(PLAIN, safe="").encode(),
        "percent-encoded",
        **NOT_JSON,
    )
    composed = stringify(user(name=unicodedata.normalize("NFC", "Zoë Åström")))
    apart = unicodedata.normalize("NFD", composed.decode()).encode()
    yield changed("not-composed", "The accents of the body stand apart now.", composed, apart, "not-composed")
    twice = PLAIN.decode("latin-1").encode()
    yield changed("decoded-as-code-page", "UTF-8 was read as Latin-1: `ë` became `Ã«`.", PLAIN, twice, "decoded-as-code-page")
    latin1 = PLAIN.decode().encode("latin-1")
    yield changed("body-in-code-page", "The body was written as Latin-1.", PLAIN, latin1, "body-in-code-page", **NOT_JSON)


def lively(latitude=21.0):
    """A lead with all that libraries print differently; its one decimal number is whole."""
    kept = ("id", "site_uuid", "site_domain", "partner_id", "source", "first_name", "last_name", "email")
    lead = {name: value for name, value in sample("realgeeks", "created").items() if name in kept}
    text = {"first_name": "Zoë", "notes": "</b> a/b & c=1 'x' \"y\" +1 `z` 🏡", "tags": ["a", "b"]}
    visit = {"type": "visited", "source": "Site", "description": "First visit"}
    viewed = {"type": "property_viewed", "source": "Site", "description": "Viewed", "property": {"latitude": latitude}}
    return {**lead, **text, "activities": [visit, visit, viewed]}


def sparse():
    """The same without the decimal."""
    value = lively()
    value["activities"][2]["property"] = {"beds": 3}
    return value


def languages():
    """A body that was parsed and printed again, by language and by style."""
    plain = sparse()
    small = lively(latitude=0.00001)
    js = lambda value: stringify(value).decode()
    dumps = json.dumps
    for name, language, value, signed, now, call in (
        ("javascript", "javascript", plain, dumps, js, "`JSON.stringify(data)`"),
        ("javascript-whole-number", "javascript", lively(), dumps, js, "`JSON.stringify(data)`"),
        ("javascript-of-php", "javascript", plain, printed.php, js, "`JSON.stringify(data)`"),
        ("javascript-indent-2", "javascript", plain, dumps, lambda v: stringify(v, 2).decode(), "null, 2"),
        ("javascript-indent-4", "javascript", plain, dumps, lambda v: stringify(v, 4).decode(), "null, 4"),
        ("javascript-tab", "javascript", plain, dumps, lambda v: stringify(v, "\t").decode(), "\\t"),
        ("python", "python", plain, printed.compact, dumps, "`json.dumps(data)`"),
        ("python-of-javascript", "python", plain, js, dumps, "`json.dumps(data)`"),
        ("python-compact", "python", lively(), dumps, printed.compact, "separators="),
        ("python-unicode", "python", plain, dumps, lambda v: dumps(v, ensure_ascii=False), "ensure_ascii=False"),
        ("python-sorted", "python", plain, dumps, lambda v: dumps(v, sort_keys=True), "sort_keys=True"),
        ("python-indent-2", "python", plain, dumps, lambda v: dumps(v, indent=2), "indent=2"),
        ("python-indent-4", "python", plain, dumps, lambda v: dumps(v, indent=4), "indent=4"),
        ("php", "php", plain, dumps, printed.php, "`json_encode("),
        ("php-pretty", "php", plain, dumps, printed.php_pretty, "JSON_PRETTY_PRINT"),
        ("php-unicode", "php", plain, dumps, printed.php_unicode, "JSON_UNESCAPED_UNICODE"),
        # Python prints it alike with one option as well, and is the likelier of the two.
        ("php-slashes", "python", plain, dumps, printed.php_slashes, "PHP"),
        ("python-sorted-compact", "python", lively(), dumps, printed.sorted_compact, "sort_keys=True, separators="),
        ("ruby-pretty", "ruby", lively(), dumps, printed.pretty, "`JSON.pretty_generate(data)`"),
        ("go-map-indent-2", "go", plain, dumps, printed.go_spaced, "`json.MarshalIndent("),
        ("java-gson-pretty", "java", plain, dumps, printed.gson_pretty, "`setPrettyPrinting()`"),
        ("dotnet-system-text-json-indented", "dotnet", plain, dumps, printed.system_indented, "`WriteIndented`"),
        ("ruby", "ruby", lively(), dumps, printed.unicode, "`JSON.generate(data)`"),
        ("ruby-rails", "ruby", lively(), dumps, printed.rails, "Rails"),
        ("go-map", "go", plain, dumps, printed.go_map, "`json.Marshal(m)` of a map"),
        ("go-struct", "go", lively(), dumps, printed.go_struct, "`json.Marshal(s)` of a struct"),
        ("go-map-tab", "go", plain, dumps, printed.go_indented, "`json.MarshalIndent("),
        ("go-encoder", "go", plain, dumps, printed.go_encoder, "`json.Marshal(m)` of a map"),
        ("java-gson", "java", plain, dumps, printed.gson, "of Gson"),
        ("java-jackson-pretty", "java", lively(), dumps, printed.jackson_pretty, "of Jackson"),
        ("dotnet-system-text-json", "dotnet", plain, dumps, printed.system_text_json, "`JsonSerializer.Serialize("),
        ("dotnet-newtonsoft", "dotnet", small, dumps, printed.newtonsoft, "Newtonsoft.Json"),
        ("rust", "rust", lively(), dumps, printed.serde_sorted, "`serde_json::to_string(&value)`"),
    ):
        body, was = now(value), signed(value)
        assert body != was, name
        yield row(
            f"printed/{name}.json",
            f"The body was parsed and printed again ({name}).",
            realgeeks("created", body, signed=was),
            fails(f"reserialised-{language}", says=("is now as ", call)),
        )
    by_hand = printed.unicode(plain).replace('":', '" :')
    yield row(
        "printed/by-hand.json",
        "The body was laid out in a way that no library has.",
        realgeeks("created", by_hand, signed=dumps(plain)),
        fails("reserialised"),
    )


def together():
    """Two faults at once: the first explanation says both."""
    both = {"says": (", and ",)}
    yield changed(
        "bom-and-final-newline-added",
        "An editor has added a byte order mark and a final newline.",
        PLAIN,
        BOM + PLAIN + b"\n",
        "bom-added",
        says=("whitespace",),
        **NOT_JSON,
    )
    yield changed(
        "bom-and-crlf-added",
        "PowerShell has added a byte order mark and a final Windows newline.",
        PLAIN,
        BOM + PLAIN + b"\r\n",
        "bom-added",
        **NOT_JSON,
    )
    yield changed(
        "crlf-and-final-newline-removed",
        "A text mode changed the newlines, and a trim removed the last.",
        WINDOWS + b"\r\n",
        PRETTY,
        "final-newline-removed",
        "crlf-to-lf",
        **both,
    )
    text = sparse()
    yield row(
        "printed/javascript-and-final-newline-removed.json",
        "The body was signed with a final newline, then parsed and printed again.",
        realgeeks("created", stringify(text), signed=json.dumps(text) + "\n"),
        fails("reserialised-javascript", "final-newline-removed", **both),
    )
    yield row(
        "printed/javascript-and-bom-removed.json",
        "The body was signed with a byte order mark, then parsed and printed again.",
        realgeeks("created", stringify(text), signed=BOM + json.dumps(text).encode()),
        fails("reserialised-javascript", "bom-removed", **both),
    )
    yield row(
        "printed/javascript-and-bom-added.json",
        "The body was printed again, and saved with a byte order mark.",
        realgeeks("created", BOM + stringify(text), signed=json.dumps(text)),
        fails("reserialised-javascript", **NOT_JSON),
    )
    digest = mac(PLAIN)
    request = realgeeks("user_updated", PLAIN + b"\n", signature="sha256=" + digest.hex())
    yield row(
        "body/final-newline-added-and-prefix.json",
        "A newline was added to the body, and the signature has a prefix.",
        request,
        fails("prefixed-signature", "final-newline-added", signature="malformed", **both),
    )
    yield row(
        "body/crlf-and-base64-signature.json",
        "The newlines of the body were changed, and the signature is in base64.",
        realgeeks("user_updated", PRETTY, signature=base64std(mac(WINDOWS))),
        fails("base64-signature", "crlf-to-lf", signature="malformed", **both),
    )
    yield row(
        "printed/javascript-and-base64-signature.json",
        "The body was printed again, and the signature is in base64.",
        realgeeks("created", stringify(text), signature=base64std(mac(json.dumps(text)))),
        fails("base64-signature", "reserialised-javascript", signature="malformed", **both),
    )
    for name, edge in (("newline", "\n"), ("windows", "\r\n")):
        yield row(
            f"body/final-newline-and-secret-{name}.json",
            "Both the body and the configured secret have an added newline.",
            realgeeks("user_updated", PLAIN + b"\n", signed=PLAIN),
            fails("final-newline-added", "secret-not-trimmed", **both),
            secrets=("s3cret" + edge,),
        )
    yield row(
        "printed/javascript-and-secret-in-quotes.json",
        "The body was printed again, and the configured secret is in quotes.",
        realgeeks("created", stringify(text), signed=json.dumps(text)),
        fails("reserialised-javascript", "secret-in-quotes", **both),
        secrets=('"s3cret"',),
    )


def rows():
    """Every row of this file."""
    yield from ends()
    yield from signer()
    yield from encoded()
    yield from languages()
    yield from together()
