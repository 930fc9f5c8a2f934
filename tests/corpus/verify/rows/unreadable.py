"""Files that hold no request, or one that cannot be read: where, and what was expected."""

import json

from . import forms
from .requests import realgeeks
from .requests import stringify
from .requests import user
from .row import fails
from .row import holds
from .row import row

REQUEST = realgeeks("user_updated", stringify(user()))
CAPTURE = forms.capture(REQUEST)


def wrong(name, fault, content, *says, verdicts=(), **more):
    """A file that cannot be read, with parts of what is said of it."""
    content = content if isinstance(content, bytes) else forms.dumped(content)
    return row(
        f"unreadable/{name}",
        fault,
        content,
        *verdicts,
        errors=(("not-a-request", *says),),
        exit=3,
        **more,
    )


def column(text):
    """The column that follows this text in its line, counted in letters from 1."""
    return len(text.decode().rsplit("\n", 1)[-1]) + 1


def spoiled(old, new):
    """A capture with a part of its text changed, and where that part begins."""
    assert CAPTURE.count(old) == 1, old
    return CAPTURE.replace(old, new), f"line 1, column {column(CAPTURE.split(old)[0])}"


def as_json():
    """What is no JSON."""
    yield wrong("empty.json", "The file is empty.", b"", "is empty")
    yield wrong("blank.json", "The file has white space alone.", b"\n \t\n", "is empty")
    yield wrong("prose.txt", "The file is prose.", b"It did not work, see above.\n", "expected JSON")
    for length in (20, 100, 400):
        yield wrong(
            f"cut-off-{length}.json",
            f"The capture breaks off after {length} bytes.",
            CAPTURE[:length],
            "the end of the input",
            f"line 1, column {column(CAPTURE[:length])}",
        )
    content, place = spoiled(b'"received_at": "2026-01-15T12:00:00Z"', b'"received_at": NaN')
    place = f"line 1, column {column(content.split(b'NaN')[0])}"
    yield wrong("nan.json", "A value is NaN.", content, "found `N`", place)
    content = CAPTURE.replace(b'"kind"', b"'kind'")
    place = f"line 1, column {column(content.split(b'kind')[0]) - 1}"
    yield wrong("single-quotes.json", "A name stands in single quotes.", content, "double quotes", place)
    content = CAPTURE.rstrip()[:-1] + b",}\n"
    place = f"line 1, column {column(content.rstrip()[:-1])}"
    yield wrong("trailing-comma.json", "A comma stands after the last member.", content, "expected a key", place)
    content = CAPTURE.replace("ë".encode(), b"\xeb")
    place = f"line 1, column {column(content.split(bytes([0xEB]))[0])}"
    yield wrong("latin1.json", "The capture is in Latin-1.", content, "0xeb", place)
    indented = (json.dumps(json.loads(CAPTURE), indent=2) + "\n").encode()
    content = indented.replace(b'"POST",', b'"POST"')
    line = content.split(b'"POST"\n')[0].count(b"\n") + 2
    yield wrong("missing-comma.json", "A comma is missing between two lines.", content, "`,` or `}`", f"line {line}, column 3")
    yield wrong("utf16-odd.json", "Half a character of UTF-16 is missing.", forms.utf16(REQUEST)[:-1], "half a character")
    lone = b"\xff\xfe" + CAPTURE.decode().encode("utf-16-le").replace("ë".encode("utf-16-le"), b"\x3d\xd8")
    yield wrong("utf16-surrogate.json", "UTF-16 has half a surrogate pair.", lone, "half a surrogate pair")


def as_request():
    """What is JSON, and no request."""
    headers, body = {"A": "1"}, "{}"
    capture = json.loads(CAPTURE)
    for name, fault, value, *says in (
        ("schema-version", "A newer leadhook wrote it.", {**capture, "schema_version": 2}, "`schema_version`"),
        ("kind-verdict", "It is a verdict, and no capture.", {**capture, "kind": "verdict"}, "`verdict`", "`capture`"),
        ("received-at", "A time is none.", {**capture, "received_at": "soon"}, "`received_at`", "RFC 3339"),
        ("empty-object", "The object is empty.", {}, "`headers` is missing"),
        ("empty-list", "The list is empty.", [], "is empty"),
        ("list-of-numbers", "The list has a number.", [1], "expected an object"),
        ("no-headers", "There are no headers.", {"body": body}, "`headers` is missing"),
        ("no-body", "There is no body.", {"headers": headers}, "`body` is missing"),
        ("headers-number", "The headers are a number.", {"headers": 1, "body": body}, "`headers`"),
        ("headers-odd", "A list of headers has a name without a value.", {"headers": ["A", "1", "B"], "body": body}, "`headers`"),
        ("header-boolean", "A header is a boolean.", {"headers": {"A": True}, "body": body}, "header `A`"),
        ("header-base64", "A header is no base64.", {"headers": {"A": {"base64": "!"}}, "body": body}, "header `A`", "base64"),
        ("method-number", "The method is a number.", {"headers": headers, "body": body, "method": 1}, "`method`"),
        ("body-base64", "The body is no base64.", {"headers": headers, "body_base64": "e30!"}, "`body_base64`"),
        (
            "is-base64-encoded",
            "The body is said to be base64, and is none.",
            {"headers": headers, "body": "{}", "isBase64Encoded": True},
            "`isBase64Encoded`",
        ),
        ("buffer", "A buffer holds more than bytes.", {"headers": headers, "body": {"type": "Buffer", "data": [256]}}, "not a byte"),
        ("har-empty", "The archive has no entries.", {"log": {"version": "1.2", "entries": []}}, "`log.entries`"),
        ("har-no-request.har", "An entry has no request.", {"log": {"entries": [{"time": 1}]}}, "`request` is missing"),
        (
            "har-no-body.har",
            "The archive has not kept the body.",
            {"log": {"entries": [{"request": {"method": "POST", "url": "/", "headers": [], "bodySize": 12}}]}},
            "12 bytes",
            "`request.postData`",
        ),
        (
            "har-base64.har",
            "The body in the archive is no base64.",
            {
                "log": {
                    "entries": [
                        {
                            "request": {
                                "method": "POST",
                                "url": "/",
                                "headers": [],
                                "postData": {"encoding": "base64", "text": "!"},
                            }
                        }
                    ]
                }
            },
            "`postData.text`",
        ),
    ):
        yield wrong(name if name.endswith(".har") else f"{name}.json", fault, value, *says)
    half = CAPTURE.replace("Zoë".encode(), b"\\\\ud83d").replace(b"\\\\ud83d", b"\\ud83d")
    yield wrong("body-surrogate.json", "The body holds half a surrogate pair.", half, "`body` holds half a surrogate pair")


def among_others():
    """One that cannot be read hides none of the others."""
    yield wrong(
        "second-line.jsonl",
        "The second of three lines is cut off.",
        CAPTURE + CAPTURE[:100] + b"\n" + CAPTURE,
        "line 2",
        "column 101",
        verdicts=(holds(), holds()),
    )
    yield wrong(
        "second-entry.json",
        "The second entry of a list has no headers.",
        [{"headers": forms.merged(REQUEST), "body": REQUEST.body.decode()}, {"body": "{}"}],
        "entry 2",
        "`headers` is missing",
        verdicts=(holds(),),
    )


def as_text():
    """HTTP messages and `curl` commands."""
    lines = len(REQUEST.headers) + 1
    message = forms.http(REQUEST, length=False)
    yield wrong(
        "header-line.http",
        "A line among the headers has no colon.",
        message.replace(b"Content-Type: ", b"Content-Type "),
        "`Name: value`",
        "line 4",
    )
    yield wrong(
        "folded-first.http",
        "The first header begins as a second line.",
        message.replace(b"Host", b" Host"),
        "line 2",
    )
    chunked = forms.http_chunked(REQUEST)
    first = chunked.index(b"\r\n64\r\n") + 2
    second = chunked.index(b"\r\n64\r\n", first) + 2
    yield wrong(
        "chunk-size.http",
        "The size of the second chunk is no number.",
        chunked[:second] + b"xyz" + chunked[second + 2 :],
        "the size of a chunk",
        f"line {chunked[:second].count(bytes([10])) + 1}",
    )
    yield wrong(
        "chunk-end.http",
        "No line end stands after the first chunk.",
        chunked[: second - 2] + b"x" + chunked[second - 2 :],
        "a newline after the chunk",
        f"line {chunked[:second].count(bytes([10]))}",
    )
    address = b"curl https://hooks.example.com/ -H 'A: 1' "
    for name, fault, command, *says in (
        ("curl-file", "The body is in a file that is not there.", address + b"-d @lead.json", "`lead.json`", "`--body FILE"),
        ("curl-pipe", "The body came through a pipe that is not there.", address + b"--data-binary @-", "pipe"),
        ("curl-form", "The body is a form of several parts.", address + b"-F a=b", "boundary"),
        ("curl-quote", "A quote is never closed.", address + b"-d '{}", "line 1"),
        ("curl-variable", "The body is in a variable.", address + b'-d "$BODY"', "$BODY"),
    ):
        yield wrong(f"{name}.sh", fault, command + b"\n", *says)


def rows():
    """Every row of this file."""
    yield from as_json()
    yield from as_request()
    yield from among_others()
    yield from as_text()
