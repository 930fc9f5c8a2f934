"""Requests in the logs of web servers and frameworks: which variables are headers, and when it was."""

import json

from . import forms
from .documents import ndjson
from .requests import ISSUED_AT
from .requests import RECEIVED_AT
from .requests import lead
from .requests import leadpro
from .requests import realgeeks
from .requests import stringify
from .requests import user
from .row import fails
from .row import holds
from .row import row
from .unreadable import wrong

REQUEST = realgeeks("user_updated", stringify(user()))
LEAD = lead()
# Valid for a minute, so that a verdict says if the time of arrival was read.
SHORT = leadpro(LEAD, claims={**LEAD, "iat": ISSUED_AT, "exp": ISSUED_AT + 60})
# Expired a minute before it arrived, beyond the leeway.
LATE = leadpro(LEAD, claims={**LEAD, "iat": ISSUED_AT - 3600, "exp": ISSUED_AT - 120})
# Not yet valid when it arrived, and valid now.
EARLY = leadpro(LEAD, claims={**LEAD, "iat": ISSUED_AT, "nbf": ISSUED_AT + 600})
UNKNOWN = fails("unknown-provider", signature="unchecked", payload="unchecked")


def variables(request, prefix):
    """The headers as variables: `http_x_y` or `HTTP_X_Y`."""
    named = ((name.lower() if prefix.islower() else name.upper(), value) for name, value in request.headers)
    return {prefix + name.replace("-", "_"): value for name, value in named}


def nginx(request, **more):
    """A line of nginx with `log_format … escape=json`."""
    return {
        "remote_addr": "192.0.2.1",
        "request": f"{request.method} {request.target} HTTP/1.1",
        "status": "401",
        "request_time": "0.012",
        "request_length": "2991",
        **variables(request, "http_"),
        "http_referer": "",
        "http_x_request_id": "-",
        "request_body": request.body.decode(),
        **more,
    }


def server(request):
    """`$_SERVER` of PHP, and the environment of a CGI program."""
    return {
        "PATH": "/usr/local/bin:/usr/bin",
        "REQUEST_METHOD": request.method,
        "REQUEST_URI": request.target,
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_TYPE": "application/json",
        **variables(request.without("Content-Type"), "HTTP_"),
        "REQUEST_TIME": ISSUED_AT,
        "REQUEST_TIME_FLOAT": ISSUED_AT + 0.125,
    }


def web_servers():
    """Each line of the log is an object of variables."""
    yield row("log/nginx.json", "None: the headers are variables of nginx.", forms.dumped(nginx(REQUEST)), holds())
    for name, value in (
        ("time_iso8601", "2026-01-15T12:00:00+00:00"),
        ("time_local", "15/Jan/2026:13:00:00 +0100"),
        ("time", "15/Jan/2026:12:00:00 +0000"),
        ("msec", f"{ISSUED_AT}.123"),
        ("@timestamp", RECEIVED_AT),
        ("ts", ISSUED_AT + 0.5),
    ):
        yield row(
            f"log/nginx-{name.strip('@')}.json",
            f"None: the token is valid for a minute, and `{name}` says when it arrived.",
            forms.dumped(nginx(SHORT, **{name: value})),
            holds(),
        )
    alone = {name: value for name, value in nginx(SHORT).items() if name in ("request", "http_authorization", "request_body")}
    yield row(
        "log/nginx-one-header.json",
        "None: no other header was logged.",
        forms.dumped({"time_iso8601": RECEIVED_AT, "status": "401", **alone}),
        holds(),
    )
    yield row(
        "log/nginx-in-docker.json",
        "None: the line is a string in the log of a container.",
        forms.dumped({"log": json.dumps(nginx(SHORT)) + "\n", "stream": "stdout", "time": "2026-01-15T12:00:00.123456789Z"}),
        holds(),
    )
    yield row(
        "log/nginx-wrong-secret.json",
        "It was signed with a secret that is not configured; no header was renamed.",
        forms.dumped(nginx(leadpro(LEAD, secret="not at hand"), time_iso8601=RECEIVED_AT)),
        fails("none-holds"),
    )
    health = nginx(REQUEST.but(headers=(("User-Agent", "probe"), ("Host", "x")), method="GET", target="/health", body=b""))
    yield row(
        "log/nginx-lines.log",
        "None: health checks are among the webhooks.",
        ndjson(health, nginx(REQUEST), {**health, "request_body": "-"}),
        UNKNOWN,
        holds(),
        UNKNOWN,
        exit=5,
    )
    plain = {"time": RECEIVED_AT, "method": "POST", "uri": "/hooks", "status": 401, "authorization": SHORT.header("Authorization")}
    yield row("log/authorization.json", "None: one header has its own name.", forms.dumped({**plain, "body": SHORT.body.decode()}), holds())


def environments():
    """Dumps of the environment of a program behind a web server."""
    for name, request in (("realgeeks", REQUEST), ("leadpro", SHORT)):
        body = request.body.decode()
        yield row(f"log/server-{name}.json", "None: it is `$_SERVER` with the body.", forms.dumped({**server(request), "body": body}), holds())
        yield row(f"log/server-{name}-nested.json", "None: `$_SERVER` is beside the body.", forms.dumped({"_SERVER": server(request), "body": body, "time": RECEIVED_AT}), holds())
        yield row(f"log/server-{name}-headers.json", "None: the environment was logged as the headers.", forms.dumped({"headers": server(request), "body": body, "time": RECEIVED_AT}), holds())


def prefixes():
    """The time of arrival is in the prefix of the line alone."""

    def logged(request):
        return json.dumps({"method": "POST", "uri": "/hooks", "headers": dict(request.headers), "body": request.body.decode()})

    zoned = (
        ("monolog", "[2026-01-15T12:00:00.102+00:00] local.INFO: received "),
        ("log4j", "2026-01-15 13:00:00,102 +0100 INFO  [http-1] c.e.Hooks - "),
        ("php", "[15-Jan-2026 12:00:00 UTC] "),
        ("kubernetes", "2026-01-15T12:00:00.123456789Z stdout F "),
        ("access", '192.0.2.1 - - [15/Jan/2026:12:00:00 +0000] "POST /hooks HTTP/1.1" 401 '),
    )
    for name, prefix in zoned:
        yield row(f"log/prefix-{name}.log", "None: the token is valid for a minute from the time of the line.", f"started\n{prefix}{logged(SHORT)}\n".encode(), holds())
    for name, request, code in (("late", LATE, "expired"), ("early", EARLY, "not-yet-valid")):
        yield row(
            f"log/prefix-{name}.log",
            "The token was not valid at the time of the line.",
            f"{zoned[0][1]}{logged(request)}\n".encode(),
            fails(code),
        )
    pretty = json.dumps(json.loads(logged(SHORT)), indent=2)
    yield row("log/prefix-pretty.log", "None: the JSON is printed over several lines.", f"{zoned[0][1]}{pretty}\n".encode(), holds())
    for name, prefix, time in (
        ("python", "2026-01-15 12:00:00,102 INFO hooks: ", "`2026-01-15 12:00:00,102`"),
        ("nginx-error", "2026/01/15 12:00:00 [error] 12#12: ", "`2026/01/15 12:00:00`"),
        ("laravel", "[2026-01-15 12:00:00] production.WARNING: ", "`2026-01-15 12:00:00`"),
    ):
        yield row(
            f"log/local-time-{name}.log",
            "The token has expired by now, and the time of the line has no zone.",
            f"{prefix}{logged(SHORT)}\n".encode(),
            fails("expired", says=("judged as of now", time, "has no zone", "`--now TIME`")),
        )
    yield row(
        "log/local-time-now.log",
        "None: `--now` says when the request arrived.",
        f"2026-01-15 12:00:00,102 INFO hooks: {logged(SHORT)}\n".encode(),
        holds(),
        args=("--now", RECEIVED_AT),
    )
    yield row(
        "log/unknown-time.http",
        "The token has expired by now, and nothing says when it arrived.",
        forms.http(SHORT),
        fails("expired", says=("judged as of now", "the time of arrival is unknown", "`--now TIME`")),
    )


def tokens():
    """Nothing is a request, and a line holds a token."""
    token = SHORT.header("Authorization")
    for name, line, text in (
        ("access", 2, f'started\n192.0.2.1 - - [15/Jan/2026:12:00:00 +0000] "POST /hooks HTTP/1.1" 401 31 "-" auth="{token}"\n'),
        ("print-r", 4, f"[15-Jan-2026 12:00:00 UTC] 401 Array\n(\n    [Host] => x\n    [Authorization] => {token}\n)\n"),
        ("mail", 3, f"Hi,\n\n> Authorization: Bearer {token}\n\nBob\n"),
        ("message", 1, f"2026-01-15T12:00:00Z WARN hooks: invalid signature token={token}\n"),
        ("no-body", 1, json.dumps({"request": "POST /hooks HTTP/1.1", "status": "401", "http_authorization": token}) + "\n"),
        ("json-lines", 2, '{"msg":"started"}\n' + json.dumps({"msg": f"401 {token}"}) + "\n"),
    ):
        yield wrong(f"token-in-{name}.log", "Only a token is in a line.", text.encode(), f"line {line} contains a token")


def rows():
    """Every row of this file."""
    yield from web_servers()
    yield from environments()
    yield from prefixes()
    yield from tokens()
