"""JSON documents of tools: where the request is in them, and which of its bytes are the body."""

import base64
import json

from . import forms
from .valid import python
from .requests import RG_SIGNATURE
from .requests import realgeeks
from .requests import stringify
from .requests import user
from .row import fails
from .row import holds
from .row import row
from .unreadable import wrong

# Printed with spaces and escapes, so that a body printed again is another one.
BODY = python(user())
REQUEST = realgeeks("user_updated", BODY)
OTHER = realgeeks("user_updated", stringify(user(name="Another Agent")))
TEXT = BODY.decode()
BASE64 = base64.b64encode(BODY).decode()
PARSED = json.loads(TEXT)
HEADERS = dict(REQUEST.headers)
LOWER = {name.lower(): value for name, value in REQUEST.headers}
LISTS = {name: [value] for name, value in REQUEST.headers}
NAMED = [{"name": name, "value": value} for name, value in REQUEST.headers]
KEYED = [{"key": name, "value": value} for name, value in REQUEST.headers]
PAIRS = [list(pair) for pair in REQUEST.headers]
ONE = {"method": "POST", "headers": HEADERS, "body": TEXT}
URL = "https://hooks.example.com/hooks"
LENGTH = {**HEADERS, "Content-Length": str(len(BODY))}

LOST = {"matched": None, "payload": "warnings", "findings": ("warning bytes-were-lost",)}


def ndjson(*values):
    """One document per line."""
    return b"".join(forms.dumped(value) for value in values)


def entry(request=REQUEST):
    """An entry of an archive."""
    return json.loads(forms.har(request))["log"]["entries"][0]


def postman(name, request=REQUEST):
    """An item of a collection of Postman."""
    return json.loads(forms.postman(request))["item"][0] | {"name": name}


def charles(request=REQUEST, body=None):
    """A transaction of Charles."""
    return {
        "status": "COMPLETE",
        "method": "POST",
        "protocolVersion": "HTTP/1.1",
        "scheme": "https",
        "host": "hooks.example.com",
        "path": "/hooks",
        "query": None,
        "times": {"start": "2026-01-15T12:00:00.000+00:00"},
        "request": {
            "sizes": {"headers": 400, "body": len(request.body)},
            "header": {
                "firstLine": "POST /hooks HTTP/1.1",
                "headers": [{"name": name, "value": value} for name, value in request.headers],
            },
            "body": body or {"text": request.body.decode(), "charset": "UTF-8"},
        },
        "response": {"status": 200, "header": {"headers": [{"name": "Content-Length", "value": "2"}]}, "body": {"text": "ok"}},
    }


def insomnia(request=REQUEST):
    """A request of Insomnia."""
    return {
        "_id": "req_1",
        "_type": "request",
        "url": URL,
        "method": "POST",
        "headers": [{"id": "pair_1", "name": name, "value": value} for name, value in request.headers],
        "body": {"mimeType": "application/json", "text": request.body.decode()},
    }


def locations():
    """The request is below the top level."""
    log = "2026-01-15T12:00:00.000Z\t0b5fd1a2\tINFO\t" + json.dumps(ONE)
    sns = {"Type": "Notification", "MessageId": "m", "Message": json.dumps(ONE)}
    for name, fault, value in (
        ("deep", "five levels down", {"a": {"b": [{"c": {"d": [ONE]}}]}}),
        ("data", "in `data`", {"id": "1", "data": ONE}),
        ("event", "in `event`", {"event": ONE, "steps": {}}),
        ("payload", "in `payload`", {"payload": ONE}),
        ("body", "in `body`, with nothing beside it", {"kind_of": "webhook", "body": ONE}),
        ("data-content", "in a list below two names of a body", {"data": {"content": [ONE], "pagination": {}}}),
        ("string", "in a string that holds JSON", {"message": json.dumps({"request": ONE})}),
        ("string-twice", "in a string inside a string", {"message": json.dumps({"message": json.dumps(ONE)})}),
        ("string-in-list", "in a list of strings", {"lines": ["started", json.dumps(ONE), "done"]}),
        ("log-prefix", "in a string behind the prefix of a log", {"logEvents": [{"id": "1", "message": log}]}),
        ("repeated", "twice, in two places", {"request": ONE, "message": json.dumps(ONE), "copy": {"request": ONE}}),
        ("headers-text", "with its headers as one string", {"request": {"headers": "\r\n".join(f"{n}: {v}" for n, v in REQUEST.headers), "body": TEXT}}),
        ("headers-json", "with its headers as a string of JSON", {"customDimensions": {"headers": json.dumps(HEADERS), "body": TEXT}}),
        ("headers-unnamed", "with its headers under an unusual name", {"meta": {"http_in": HEADERS, "body": TEXT}}),
        ("with-response", "beside its response", {"exchange": {"request": ONE, "response": {"status": 200, "headers": {"Content-Type": "text/plain"}, "body": "ok"}}}),
        ("sqs", "in a message of SQS", {"Records": [{"messageId": "m", "body": json.dumps(ONE), "attributes": {"SentTimestamp": "1"}}]}),
        ("sqs-sns", "in a notification in a message of SQS", {"Records": [{"messageId": "m", "body": json.dumps(sns)}]}),
    ):
        yield row(f"document/{name}.json", f"None: the request is {fault}.", forms.dumped(value), holds())


def tools():
    """Formats of tools, as their documentation shows them."""
    envoy = [{"key": ":method", "value": "POST"}, {"key": ":path", "value": "/hooks"}]
    envoy += [{"key": ":authority", "value": "hooks.example.com"}]
    envoy += [{"key": name, "value": value} for name, value in LOWER.items() if name != "host"]
    raw_values = [{"key": name, "raw_value": base64.b64encode(value.encode()).decode()} for name, value in LOWER.items()]
    schema = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
    folders = [{"name": "f", "item": [{"name": "g", "item": [postman("a")]}]}, postman("b", OTHER)]
    ping = {"name": "ping", "request": {"method": "GET", "header": [], "url": URL}}
    for name, value, *count in (
        ("postman-folders", {"info": {"name": "x", "schema": schema}, "item": folders}, 2),
        ("postman-with-get", {"info": {"name": "x"}, "item": [{"name": "f", "item": [ping, postman("a")]}]}),
        ("insomnia-4", {"_type": "export", "__export_format": 4, "resources": [{"_id": "wrk_1", "_type": "workspace"}, insomnia()]}),
        ("insomnia-5", {"type": "collection.insomnia.rest/5.0", "collection": [insomnia(), {"name": "f", "children": [insomnia(OTHER)]}]}, 2),
        ("charles.chlsj", [charles()]),
        ("charles-two.chlsj", [charles(), charles(OTHER)], 2),
        ("charles-base64.chlsj", [charles(body={"encoding": "base64", "encoded": BASE64})]),
        ("har-entry", entry()),
        ("har-entries", [entry(), entry(OTHER)], 2),
        ("har-log", {"version": "1.2", "entries": [entry()]}),
        ("har-nested", {"result": {"har": {"log": {"entries": [entry()]}}}}),
        ("cloudwatch-events", {"events": [{"timestamp": 1, "message": "START RequestId: 1"}, {"timestamp": 2, "message": "INFO " + json.dumps(ONE)}], "nextForwardToken": "f"}),
        ("cloudwatch-subscription", {"messageType": "DATA_MESSAGE", "logEvents": [{"id": "1", "timestamp": 1, "message": json.dumps(ONE)}, {"id": "2", "timestamp": 2, "message": json.dumps({**ONE, "headers": dict(OTHER.headers), "body": OTHER.body.decode()})}]}, 2),
        ("gcp-json", [{"insertId": "a", "jsonPayload": {"request": ONE}, "resource": {"type": "cloud_run_revision"}}]),
        ("gcp-text", [{"insertId": "a", "textPayload": "started"}, {"insertId": "b", "textPayload": json.dumps(ONE)}]),
        ("azure", {"time": "2026-01-15T12:00:00Z", "category": "FunctionAppLogs", "properties": {"message": json.dumps(ONE)}}),
        ("datadog", {"id": "x", "content": {"attributes": {"http": ONE}, "message": "in"}}),
        ("envoy-bytes", {"http_buffered_trace": {"request": {"headers": envoy, "body": {"truncated": False, "as_bytes": BASE64}}, "response": {"headers": [{"key": ":status", "value": "200"}], "body": {"as_bytes": ""}}}}),
        ("envoy-string", {"http_buffered_trace": {"request": {"headers": raw_values, "body": {"as_string": TEXT}}}}),
        ("hookdeck-event", {"id": "evt_1", "data": {"headers": LOWER, "body": PARSED, "raw_body": TEXT, "path": "/hooks"}, "attempts": 1}),
        ("convoy", {"uid": "01J", "headers": LISTS, "data": PARSED, "raw": TEXT}),
        ("convoy-list", {"data": {"content": [{"uid": "1", "headers": LISTS, "data": PARSED, "raw": TEXT}]}}),
        ("svix", {"data": [{"id": "x", "method": "POST", "headers": LOWER, "body": BASE64}]}),
        ("appwrite", {"$id": "1", "requestMethod": "POST", "requestPath": "/hooks", "requestHeaders": NAMED, "requestBody": TEXT, "responseStatusCode": 200, "responseHeaders": [], "responseBody": ""}),
        ("n8n", [{"headers": LOWER, "params": {}, "query": {}, "body": PARSED, "rawBody": TEXT, "webhookUrl": URL}]),
        ("n8n-binary", [{"json": {"headers": LOWER, "params": {}, "query": {}, "body": {}}, "binary": {"data": {"data": BASE64, "mimeType": "application/json"}}}]),
        ("smee", {**LOWER, "body": PARSED, "rawBody": TEXT, "query": {}, "timestamp": 1768478400000}),
        ("pipedream", {"event": {"method": "POST", "path": "/", "headers": LOWER, "bodyRaw": TEXT, "body": PARSED}}),
        ("pipedream-steps", {"steps": {"trigger": {"event": {"method": "POST", "headers": LOWER, "bodyRaw": TEXT, "body": PARSED}}}}),
        ("alb", {"requestContext": {"elb": {"targetGroupArn": "arn"}}, "httpMethod": "POST", "path": "/hooks", "headers": LOWER, "body": BASE64, "isBase64Encoded": True}),
        ("request-bin", {"method": "POST", "path": "/", "headers": HEADERS, "body": {"contentType": "application/json", "raw": TEXT, "data": PARSED}}),
        ("rabbitmq", [{"payload": json.dumps(ONE), "payload_encoding": "string", "properties": {"delivery_mode": 2}}]),
    ):
        name = name if "." in name else f"{name}.json"
        yield row(f"document/tool-{name}", f"None: a document as {name} has it.", forms.dumped(value), *[holds()] * (count[0] if count else 1))
    cgi = {"HTTP_" + name.upper().replace("-", "_"): value for name, value in REQUEST.headers}
    yield row(
        "document/tool-cgi.json",
        "The names of the headers are those of CGI.",
        forms.dumped({"querystring": {}, "headers": cgi, "raw_body": TEXT}),
        fails("renamed-header", signature="missing"),
    )
    yield row(
        "document/telescope.json",
        "Telescope keeps the body as a value, and no string of it.",
        forms.dumped({"entry": {"id": "1", "type": "request", "content": {"ip_address": "192.0.2.1", "uri": "/hooks", "method": "POST", "headers": LOWER, "payload": PARSED, "response_status": 200}}}),
        holds(**LOST),
    )
    yield row(
        "document/lines.jsonl",
        "None: each line wraps its request.",
        ndjson({"request": ONE}, {"level": "info", "request": {**ONE, "headers": PAIRS}}, {"jsonPayload": {"message": json.dumps(ONE)}}),
        holds(),
        holds(),
        holds(),
    )


def exact():
    """The exact string is beside a parsed copy."""
    names = "bodyRaw raw body_raw raw_body rawBody requestBody original_body bodyText body_string rawPayload bodyBytes"
    for name in names.split():
        yield row(f"document/exact-{name}.json", f"None: `{name}` has the exact body beside the parsed one.", forms.dumped({"headers": HEADERS, "body": PARSED, name: TEXT}), holds())
    octets = list(BODY)
    for name, fault, more in (
        ("base64", "`bodyBase64` has it", {"body": PARSED, "bodyBase64": BASE64}),
        ("base64url", "it is base64url without padding", {"body": PARSED, "body_b64": base64.urlsafe_b64encode(BODY).decode().rstrip("=")}),
        ("buffer", "`rawBody` is a buffer of Node", {"body": PARSED, "rawBody": {"type": "Buffer", "data": octets}}),
        ("numbers", "`rawBody` is a list of its bytes", {"body": PARSED, "rawBody": octets}),
        ("mongo", "it is a binary value of MongoDB", {"body": {"$binary": {"base64": BASE64, "subType": "00"}}}),
        ("content", "the body is an object with its text and its size", {"body": {"content": TEXT, "bytes": len(BODY)}}),
        ("dotted", "the names have dots", {"http.request.body.content": TEXT}),
        ("empty", "`rawBody` is empty, and `body` is not", {"body": TEXT, "rawBody": ""}),
    ):
        yield row(f"document/exact-in-{name}.json", f"None: {fault}.", forms.dumped({"headers": HEADERS, **more}), holds())
    wrapper = {"request": {"method": "POST", "headers": HEADERS, "body": PARSED}, "rawBody": TEXT}
    yield row("document/exact-in-wrapper.json", "None: the wrapper has the exact body.", forms.dumped(wrapper), holds())
    elsewhere = {"request": {"headers": HEADERS, "body": PARSED}, "debug": {"seen": TEXT}}
    yield row("document/exact-elsewhere.json", "Another string of the document has the value of the body.", forms.dumped(elsewhere), holds(**LOST))
    spaced = BODY.replace(b", ", b" , ")
    odd = realgeeks("user_updated", spaced)
    elsewhere = {"request": {"headers": dict(odd.headers), "body": PARSED}, "debug": ["x", {"seen": spaced.decode()}]}
    yield row("document/exact-elsewhere-odd.json", "Another string of the document has the value, in a layout of no library.", forms.dumped(elsewhere), holds(**LOST))


def restored():
    """Only the value was kept, and it was printed in a layout of no library."""
    slashes = BODY.replace(b"/", b"\\/")
    request = realgeeks("user_updated", slashes)
    headers = {**dict(request.headers), "Content-Length": str(len(slashes))}
    yield row("document/restored-slashes.json", "The sender printed spaces, `\\/` and `\\u` escapes.", forms.dumped({"data": {"headers": headers, "body": PARSED}}), holds(**LOST))


def encodings():
    """The body is base64, and something says so."""
    for name, flag in (("true", True), ("text", "true"), ("title", "True"), ("one", 1), ("text-one", "1"), ("yes", "yes")):
        yield row(f"document/flag-{name}.json", f"None: `isBase64Encoded` is {flag!r}.", forms.dumped({"headers": HEADERS, "body": BASE64, "isBase64Encoded": flag}), holds())
    for name in ("encoding", "bodyEncoding", "body_encoding", "contentTransferEncoding"):
        yield row(f"document/flag-{name}.json", f"None: `{name}` is base64.", forms.dumped({"headers": HEADERS, "body": BASE64, name: "base64"}), holds())
    yield row("document/flag-length.json", "None: only the decoded body has the length of `Content-Length`.", forms.dumped({"headers": LENGTH, "body": BASE64}), holds())
    for name, flag in (("false", False), ("text-false", "false"), ("zero", 0)):
        yield row(f"document/flag-{name}.json", f"None: `isBase64Encoded` is {flag!r}, and the body is a string.", forms.dumped({"headers": HEADERS, "body": TEXT, "isBase64Encoded": flag}), holds())


def several():
    """Different requests of different fields."""
    other = {"headers": dict(OTHER.headers), "body": OTHER.body.decode()}
    yield wrong("several.json", "Two fields have a request each.", {"a": ONE, "b": other}, "several requests", "`/a` and `/b`")
    yield wrong("several-deep.json", "Two fields have a request each, at different depths.", {"a": {"x": [ONE]}, "b": other}, "`/a/x/0` and `/b`")
    yield wrong("several-line.jsonl", "A line has two requests.", ndjson(ONE, [ONE, other], ONE), "line 2", "2 requests", verdicts=(holds(), holds()))
    forged = {"headers": {**HEADERS, RG_SIGNATURE: "0" * 64}, "body": "{}"}
    yield wrong("data-and-event.json", "Either of two fields may be the body of the other.", {"data": forged, "event": ONE}, "`/data` and `/event`")
    yield wrong("headers-elsewhere.json", "Headers without a body are beside a request.", {"in": {"headers": HEADERS}, "out": other}, "`/in` and `/out`")


def attacks():
    """A genuine request inside the body of another one proves nothing about that one."""
    inner = {"headers": HEADERS, "body": TEXT}
    bad = {**HEADERS, RG_SIGNATURE: "0" * 64}
    forged = json.dumps({"event": "x", "data": inner})
    described = {"type": "Buffer", "data": list(BODY)}
    length = str(len(json.dumps(described, separators=(",", ":"))))
    for name, fault, value in (
        ("body", "in the body", {"headers": bad, "body": forged}),
        ("body-nested", "in the body of a nested request", {"data": {"headers": bad, "body": forged}}),
        ("raw", "in the exact body", {"headers": bad, "data": {"x": 1}, "raw": forged}),
        ("beside", "in a body beside the request", {"req": {"method": "POST", "headers": bad}, "body": forged}),
        ("string", "in the body of a request in a string", {"message": json.dumps({"headers": bad, "body": forged})}),
        ("unnamed-headers", "in the body, and the headers have an unusual name", {"http_in": bad, "body": forged}),
        ("spread", "in the body, and the headers are spread", {**{k.lower(): v for k, v in bad.items()}, "body": forged, "query": {}}),
        ("sibling-data", "in `data` beside the request", {"req": {"method": "POST", "headers": bad, "body": forged}, "data": inner}),
        ("sibling-string", "in a message beside the request", {"req": {"method": "POST", "headers": bad, "body": forged}, "msg": forged}),
        ("far-data", "in `data` of another branch", {"a": {"req": {"method": "POST", "headers": bad, "body": forged}}, "b": {"data": inner}}),
        ("buffer", "as a description of a body", {"headers": {**HEADERS, "Content-Length": length}, "body": described}),
    ):
        lost = ("warning bytes-were-lost",) if name in ("raw", "buffer") else ()
        yield row(
            f"document/attack-{name}.json",
            f"The sender put a genuine request {fault}.",
            forms.dumped(value),
            # With the genuine signature, the bytes that were described are named.
            fails("list-of-bytes" if name == "buffer" else "none-holds", payload="unchecked", findings=lost),
            args=("--no-payload",),
        )
    raw = {"headers": bad, "raw": base64.b64encode(forms.http(REQUEST)).decode()}
    yield row("document/attack-message.json", "The sender put a genuine message into the body.", forms.dumped(raw), fails("none-holds", payload="unchecked"), args=("--no-payload",))
    sent = {"content": json.dumps(inner)}
    yield row("document/attack-content.json", "The sender put a genuine request into an object with one string.", forms.dumped({"headers": bad, "body": sent}), fails("none-holds", payload="unchecked"), args=("--no-payload",))
    bare = {"event": "x", "log": "received body: " + json.dumps(inner)}
    yield wrong("body-in-log.json", "A string names what it holds as a body.", bare, "`headers` is missing")


def rows():
    """Every row of this file."""
    yield from locations()
    yield from tools()
    yield from exact()
    yield from restored()
    yield from encodings()
    yield from several()
    yield from attacks()
