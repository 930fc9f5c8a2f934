"""The forms in which captured requests are kept, each as the tool writes it."""

import base64
import json

from .requests import RECEIVED_AT

EPOCH_MS = 1768478400000


def dumped(value):
    """One line of JSON, with its line end."""
    return (json.dumps(value, ensure_ascii=False) + "\n").encode()


def b64(data):
    """Standard base64 as a text."""
    return base64.b64encode(data).decode()


def merged(request):
    """Headers as an object, a repeated one as a list."""
    headers = {}
    for name, value in request.headers:
        headers.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in headers.items()}


def is_text(body):
    """Whether a body can stand in JSON as a text."""
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def capture(request, encoded=False, **changes):
    """The capture file of leadhook."""
    kept = {"body_base64": b64(request.body)}
    if is_text(request.body) and not encoded:
        kept = {"body": request.body.decode()}
    return dumped(
        {
            "schema_version": 1,
            "kind": "capture",
            "received_at": RECEIVED_AT,
            "remote": "127.0.0.1:50412",
            "method": request.method,
            "target": request.target,
            "http_version": "HTTP/1.1",
            "headers": [list(pair) for pair in request.headers],
            **kept,
            **changes,
        }
    )


def capture_base64(request):
    """The same with its body in base64."""
    return capture(request, encoded=True)


def lines(request, *more):
    """One capture a line; one request stands there twice."""
    requests = (request, *(more or (request,)))
    return b"".join(capture(request) for request in requests)


def utf16(request):
    """What `>` of PowerShell 5 makes of a capture: UTF-16 with a mark and CR LF."""
    return b"\xff\xfe" + capture(request).decode().replace("\n", "\r\n").encode("utf-16-le")


def logged(request):
    """What people log by hand."""
    return dumped(
        {
            "method": request.method,
            "url": request.target,
            "headers": merged(request),
            "body": request.body.decode(),
        }
    )


def pairs(request):
    """Pairs of headers beside the raw body, over several lines."""
    value = {
        "time": RECEIVED_AT,
        "method": request.method,
        "path": request.target,
        "headers": [{"name": name, "value": value} for name, value in request.headers],
        "rawBody": request.body.decode(),
    }
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def node(request):
    """A request object of Node: a flat list of headers, and a `Buffer`."""
    return dumped(
        {
            "method": request.method,
            "originalUrl": request.target,
            "url": "/",
            "httpVersion": "1.1",
            "rawHeaders": [text for pair in request.headers for text in pair],
            "body": {"type": "Buffer", "data": list(request.body)},
        }
    )


def har(request, data=None):
    """An archive of one entry, as the developer tools of a browser save it."""
    entry = {
        "startedDateTime": RECEIVED_AT,
        "time": 12.5,
        "request": {
            "method": request.method,
            "url": f"https://hooks.example.com{request.target}",
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": [{"name": name, "value": value} for name, value in request.headers],
            "queryString": [],
            "headersSize": -1,
            "bodySize": len(request.body),
            "postData": data or {"mimeType": "application/json", "text": request.body.decode()},
        },
        "response": {"status": 200, "statusText": "OK", "headers": [], "cookies": []},
        "cache": {},
        "timings": {"send": 0, "wait": 12, "receive": 0},
    }
    creator = {"name": "example", "version": "1"}
    return dumped({"log": {"version": "1.2", "creator": creator, "entries": [entry]}})


def har_base64(request):
    """The same with its body in base64, as proxies save it."""
    data = {"mimeType": "application/json", "encoding": "base64", "text": b64(request.body)}
    return har(request, data)


def http(request, end="\r\n", length=True):
    """An HTTP/1.1 message."""
    headers = list(request.headers)
    if length and not any(name.lower() == "content-length" for name, _ in headers):
        headers.append(("Content-Length", str(len(request.body))))
    head = [f"{request.method} {request.target} HTTP/1.1"]
    head += [f"{name}: {value}" for name, value in headers]
    return (end.join(head) + 2 * end).encode() + request.body


def http_unix(request):
    """The same as an editor saves it: LF, and no length."""
    return http(request, "\n", length=False)


def http_chunked(request, size=100):
    """The same in chunks."""
    body = request.body
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    framed = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
    chunked = request.plus(("Transfer-Encoding", "chunked"))
    return http(chunked.with_body(framed + b"0\r\n\r\n"), length=False)


def quoted(text):
    """A word between single quotes of a shell."""
    return "'" + text.replace("'", "'\\''") + "'"


def curl(request):
    """A command as a browser copies it."""
    words = [f"curl -X {request.method} {quoted('https://hooks.example.com' + request.target)}"]
    words += [f"-H {quoted(f'{name}: {value}')}" for name, value in request.headers]
    words.append(f"--data-raw {quoted(request.body.decode())}")
    return (" \\\n  ".join(words) + "\n").encode()


def curl_piped(request):
    """A command that gets the bytes of its body through a pipe."""
    words = [f"printf %s {b64(request.body)} | base64 -d | curl --data-binary @-"]
    words += [f"-H {quoted(f'{name}: {value}')}" for name, value in request.headers]
    words.append("https://hooks.example.com" + request.target)
    return (" \\\n  ".join(words) + "\n").encode()


def curl_prompt(request):
    """A command for the prompt of Windows, with carets, as a browser copies it."""

    def word(text):
        text = text.replace("\\", "\\\\").replace('"', '\\"')
        kept = "".join(c if c.isalnum() or c in " -_.:/,=" or c > "~" else "^" + c for c in text)
        return '^"' + kept + '^"'

    words = ["curl " + word("https://hooks.example.com" + request.target)]
    words += [f"-H {word(f'{name}: {value}')}" for name, value in request.headers]
    words.append(f"--data-raw {word(request.body.decode())}")
    return (" ^\r\n  ".join(words) + "\r\n").encode()


def ngrok(request):
    """What the agent of ngrok answers at `/api/requests/http`."""
    inner = {
        "method": request.method,
        "proto": "HTTP/1.1",
        "headers": {name: [value] for name, value in request.headers},
        "uri": request.target,
        "raw": b64(http(request)),
    }
    one = {
        "uri": "/api/requests/http/airgr_1",
        "id": "airgr_1",
        "tunnel_name": "command_line",
        "remote_addr": "203.0.113.7",
        "start": RECEIVED_AT,
        "duration": 1500000,
        "request": inner,
        "response": {"status": "200 OK", "status_code": 200, "proto": "HTTP/1.1", "headers": {}, "raw": ""},
    }
    return dumped({"uri": "/api/requests/http", "requests": [one]})


def webhook_site(request):
    """What the API of webhook.site lists."""
    one = {
        "uuid": "9d0a5ad8-8dc6-4a4e-b6a2-7fd0b2c1e0f3",
        "type": "web",
        "token_id": "b1f0c9de-2a7b-4c61-9f35-0d4e8a6b7c12",
        "ip": "203.0.113.7",
        "method": request.method,
        "user_agent": "example",
        "content": request.body.decode(),
        "query": None,
        "headers": {name.lower(): [value] for name, value in request.headers},
        "url": f"https://webhook.example.com{request.target}",
        "created_at": "2026-01-15 12:00:00",
    }
    return dumped({"data": [one], "total": 1, "per_page": 50, "current_page": 1})


def lambda_2(request):
    """The event of an AWS Lambda behind an HTTP API, payload 2.0."""
    return dumped(
        {
            "version": "2.0",
            "routeKey": "POST /hooks",
            "rawPath": request.target,
            "rawQueryString": "",
            "headers": {name.lower(): value for name, value in request.headers},
            "requestContext": {
                "http": {
                    "method": request.method,
                    "path": request.target,
                    "protocol": "HTTP/1.1",
                    "sourceIp": "203.0.113.7",
                },
                "timeEpoch": EPOCH_MS,
            },
            "body": b64(request.body),
            "isBase64Encoded": True,
        }
    )


def lambda_1(request):
    """The event of an AWS Lambda behind a REST API, payload 1.0."""
    return dumped(
        {
            "version": "1.0",
            "httpMethod": request.method,
            "path": request.target,
            "headers": dict(request.headers),
            "multiValueHeaders": {name: [value] for name, value in request.headers},
            "requestContext": {
                "identity": {"sourceIp": "203.0.113.7"},
                "protocol": "HTTP/1.1",
                "requestTimeEpoch": EPOCH_MS,
            },
            "body": request.body.decode(),
            "isBase64Encoded": False,
        }
    )


def wiremock(request):
    """The journal of WireMock."""
    inner = {
        "url": request.target,
        "absoluteUrl": f"http://hooks.example.com{request.target}",
        "method": request.method,
        "clientIp": "203.0.113.7",
        "headers": dict(request.headers),
        "body": request.body.decode(),
        "bodyAsBase64": b64(request.body),
        "loggedDate": EPOCH_MS,
    }
    one = {"id": "45d5a8a2", "request": inner, "responseDefinition": {"status": 200}}
    return dumped({"requests": [one], "meta": {"total": 1}})


def mockserver(request):
    """What MockServer retrieves, of a request it was given as JSON."""
    inner = {
        "method": request.method,
        "path": request.target,
        "headers": [{"name": name, "values": [value]} for name, value in request.headers],
        "body": {"type": "STRING", "string": request.body.decode(), "contentType": "application/json"},
        "remoteAddress": "203.0.113.7",
    }
    return dumped([{"httpRequest": inner, "httpResponse": {"statusCode": 200}}])


def pino(request):
    """A line of pino, with the body beside the request."""
    inner = {
        "id": 1,
        "method": request.method,
        "url": request.target,
        "headers": {name.lower(): value for name, value in request.headers},
        "remoteAddress": "203.0.113.7",
    }
    return dumped({"level": 30, "time": EPOCH_MS, "req": inner, "body": request.body.decode(), "msg": "hook"})


def httpbin(request):
    """What httpbin echoes."""
    return dumped(
        {
            "args": {},
            "data": request.body.decode(),
            "files": {},
            "form": {},
            "headers": {name.title(): value for name, value in request.headers},
            "json": None,
            "method": request.method,
            "origin": "203.0.113.7",
            "url": f"https://hooks.example.com{request.target}",
        }
    )


def postman(request):
    """A collection of Postman with one request."""
    inner = {
        "method": request.method,
        "header": [{"key": name, "value": value} for name, value in request.headers],
        "body": {"mode": "raw", "raw": request.body.decode(), "options": {"raw": {"language": "json"}}},
        "url": {
            "raw": f"https://hooks.example.com{request.target}",
            "protocol": "https",
            "host": ["hooks", "example", "com"],
            "path": ["hooks"],
        },
    }
    return dumped({"info": {"name": "hooks"}, "item": [{"name": "hook", "request": inner}]})


# The name of each form, its suffix, and what writes it.
ALL = (
    ("capture", "json", capture),
    ("capture-base64", "json", capture_base64),
    ("json-lines", "jsonl", lines),
    ("utf16", "json", utf16),
    ("logged", "json", logged),
    ("logged-pairs", "json", pairs),
    ("node", "json", node),
    ("har", "har", har),
    ("har-base64", "har", har_base64),
    ("http", "http", http),
    ("http-unix", "http", http_unix),
    ("http-chunked", "http", http_chunked),
    ("curl", "sh", curl),
    ("curl-piped", "sh", curl_piped),
    ("curl-prompt", "cmd", curl_prompt),
    ("ngrok", "json", ngrok),
    ("webhook-site", "json", webhook_site),
    ("lambda-2", "json", lambda_2),
    ("lambda-1", "json", lambda_1),
    ("wiremock", "json", wiremock),
    ("mockserver", "json", mockserver),
    ("pino", "json", pino),
    ("httpbin", "json", httpbin),
    ("postman", "json", postman),
)
