"""Texts: `.http` files, terminals, logs, and the forms of other clients."""

import base64
import json

from . import forms
from .requests import lead
from .requests import leadpro
from .requests import realgeeks
from .requests import stringify
from .requests import user
from .row import Verdict
from .row import fails
from .row import holds
from .row import row

REQUEST = realgeeks("user_updated", stringify(user()))
BODY = REQUEST.body.decode()
URL = "https://hooks.example.com/hooks"
LINE = json.dumps({"headers": forms.merged(REQUEST), "body": BODY}, ensure_ascii=False)
INLINE = json.dumps(forms.merged(REQUEST))


def head(end="\n", line="POST /hooks HTTP/1.1", more=(), indent=""):
    """The request line and the headers."""
    pairs = (f"{indent}{name}: {value}{end}" for name, value in (*REQUEST.headers, *more))
    return (line + end if line else "") + "".join(pairs)


def text(name, fault, content, *verdicts, **more):
    """A text, which has one genuine request unless it says otherwise."""
    return row(f"text/{name}", fault, content.encode(), *(verdicts or (holds(),)), **more)


def unread(name, fault, content, *says, verdicts=(), **more):
    """A text without a request that can be read."""
    errors = (("not-a-request", *says),)
    return row(f"text/{name}", fault, content.encode(), *verdicts, errors=errors, exit=3, **more)


def request_files():
    """What editors send."""
    message = f"{head()}\n{BODY}\n"
    yield text("separators.http", "Two requests with separators.", f"### one\n{message}\n### two\n# @name b\n{message}\n", holds(), holds())
    yield text("handler.http", "A handler of the response follows the body.", f"{message}\n> {{%\n  client.test();\n%}}\n")
    yield text("handler-file.http", "The file of a handler follows the body.", f"{message}\n> ./check.js\n<> 2026.200.json\n")
    lines = head(line="@host = hooks.example.com\nPOST https://{{host}}/hooks\n  ?a=1\n  &b=2")
    yield text("variables.rest", "The request line has a variable, no version, and three lines.", f"{lines}\n{BODY}\n")
    yield unread("undefined.http", "A variable has no value.", "POST https://x.example/{{path}}\nA: 1\n\n{}\n", "`{{path}}`", "does not define")
    yield unread("dynamic.http", "A variable is new in every request.", "###\nPOST https://x.example/\nA: {{$guid}}\n\n{}\n", "`{{$guid}}`", "another value")
    yield unread("body-file.http", "The body is in a file.", "POST https://x.example/\nA: 1\n\n< ./body.json\n", "`./body.json`", "not included")
    hurl = f"POST {URL}\n{head(line='')}`{BODY}`\nHTTP 200\n[Asserts]\nstatus == 200\n"
    yield text("one-line.hurl", "A Hurl file with a string.", hurl)
    hurl = f"POST {URL}\n{head(line='')}base64,{base64.b64encode(REQUEST.body).decode()};\nHTTP 200\n"
    yield text("base64.hurl", "A Hurl file with base64.", hurl)
    bruno = f"meta {{\n  name: a\n}}\n\npost {{\n  url: {URL}\n  body: json\n}}\n\nheaders {{\n{head(line='', indent='  ')}  ~X-Off: 1\n}}\n\nbody:json {{\n  {BODY}\n}}\n"
    yield text("request.bru", "A file of Bruno.", bruno)
    literal = json.dumps(BODY)
    call = f'fetch("{URL}", {{\n  "headers": {INLINE},\n  "body": {literal},\n  "method": "POST"\n}});\n'
    yield text("copied.js", "A call that a browser copied.", call)
    yield text("stringify.js", "A call with JSON.stringify.", call.replace(literal, f"JSON.stringify({BODY})"))
    yield unread("variable.js", "The body of a call is a variable.", call.replace(literal, "payload"), "`payload`", "expected its value")


def streams():
    """What was on the wire or on a terminal."""
    length = (("Content-Length", len(REQUEST.body)),)
    wire = head("\r\n", more=length) + "\r\n"
    reply = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
    yield text("follow-stream.txt", "Requests and responses alternate.", f"{wire}{BODY}{reply}{wire}{BODY}{reply}", holds(), holds())
    interim = "HTTP/1.1 100 Continue\r\n\r\n"
    yield text("continue.txt", "A 100 response stands between head and body.", f"{wire}{interim}{BODY}{reply}")
    yield text("banner.txt", "Lines of ncat stand in front.", f"Ncat: Listening on 0.0.0.0:9000\n{wire}{BODY}")
    yield text("container-http.log", "Each line of the message has the name of a container.", "".join(f"web-1  | {line}\n" for line in f"{head()}\n{BODY}".split("\n")))
    outer = f"{head()}\n{BODY}"
    inside = f"POST /hooks HTTP/1.1\r\nHost: hooks.example.com\r\nX-Lead-Router-Action: user_updated\r\nContent-Length: {len(outer.encode())}\r\n\r\n{outer}"
    yield text(
        "request-in-body.txt",
        "A received body contains a genuine request, which is not read.",
        inside,
        Verdict("missing", ("missing-signature", "none-holds"), payload="unchecked"),
        args=("--no-payload",),
        exit=1,
    )
    short = forms.http(REQUEST.plus(("Content-Length", "50"))).decode()
    yield text("length-too-small.http", "The length leads into the middle of a line.", short)
    command = forms.curl(REQUEST).decode().rstrip("\n")
    verbose = "*   Trying 127.0.0.1...\n> POST /hooks HTTP/1.1\n> Host: it's\n>\n< HTTP/1.1 200 OK\n<\nit's ok\n"
    yield text("curl-v.txt", "The output of curl -v follows its command.", f"me@host:~$ {command}\n{verbose}")
    yield unread("curl-v-alone.txt", "The output of curl -v stands alone.", verbose, "`curl -v`", "`curl --trace-ascii -`")


def logs():
    """What programs log."""
    for name, prefix in (
        ("syslog", "Nov 29 10:11:12 web1 app[123]: "),
        ("rfc-5424", "<14>1 2026-11-29T10:11:12Z host app 1 - - "),
        ("compose", "web-1  | "),
        ("heroku", "2026-11-29T10:11:12.000000+00:00 app[web.1]: "),
        ("cri", "2026-11-29T10:11:12.0Z stdout F "),
        ("level", "[info] request "),
        ("python", "INFO:root:"),
        ("rails", "I, [2026-11-29T10:11:12.123 #1]  INFO -- : "),
    ):
        lines = f'{prefix}started\n{prefix}{LINE}\n{prefix}{{"level":"info"}}\n{prefix}{LINE}\n'
        yield text(f"{name}.log", "Lines without a request are skipped.", lines, holds(), holds())
    yield text("first-is-json.log", "The first line is JSON without a request.", f'{{"level":"info"}}\nstarted\n{LINE}\n')
    yield text("number-line.jsonl", "The second of two lines is a number.", f"{LINE}\n17\n")
    for name, torn in (("torn", LINE[:99]), ("torn-prefixed", f"web-1  | {LINE[:99]}"), ("torn-list", '[{"headers":')):
        yield unread(f"{name}.log", "A line is cut off.", f"[info] started\n{LINE}\n{torn}\n", "line 3", verdicts=(holds(),))
    yield unread("request-line.log", "A line ends after the request line.", f"{LINE}\n[info] POST /hooks HTTP/1.1\n", "line 2", "it ends after the request line", verdicts=(holds(),))
    yield unread("no-request.log", "No line has a request.", '[info] a {"level":"info"}\n', "no captured request in its 1 line")
    yield unread("body-only.log", "The log has the body that was received, not the request.", f"[info] received body: {LINE}\n", "no captured request")


def printed():
    """JSON over several lines, and code blocks of Markdown."""
    value = {"headers": forms.merged(REQUEST), "body": BODY}
    pretty = json.dumps(value, ensure_ascii=False, indent=2)
    message = f"{head()}\n{BODY}"
    yield text("printed.log", "The request is printed over several lines.", f"[info] a\n{pretty}\n[info] b\n[info] got {pretty}\n", holds(), holds())
    times = "".join(f"2026-11-29T10:11:{12 + index // 9}Z stdout F {line}\n" for index, line in enumerate(pretty.split("\n")))
    yield text("printed-times.log", "Each line of the JSON has a time in front.", times)
    yield text("fence-http.md", "A message in a code block.", f"# We got\n\n```http\n{message}\n```\n\n```json\n{{}}\n```\n")
    yield text("fence-json.md", "Printed JSON in a code block of a list.", f"1. a\n\n```json\n{pretty}\n```\n")
    quoted = "".join(f"> {line}\n" for line in f"```http\n{message}\n```".split("\n"))
    yield text("fence-quoted.md", "The code block is in a quotation.", f"We got:\n\n{quoted}")
    lines = head(line="")
    yield text("bodiless.hurl", "A request without a body stands beside the webhook.", f"POST {URL}\n{lines}`{BODY}`\n\nGET https://x.example/\nHTTP 200\n")
    forged = head(more=(("Content-Length", 9999),)).replace(REQUEST.header("X-Lead-Router-Signature"), "0" * 64)
    outer = f"```http\n{forged}\nx\n```\n```http\n{message}\n```\n"
    yield text("fence-in-body.md", "The body of a request may end a code block and begin another, which is not read.", outer, fails("length-differs", "none-holds", payload="unchecked"), args=("--no-payload",))


def tokens():
    """A token alone."""
    request = leadpro(lead())
    token = request.header("Authorization")
    for name, content in (("token.txt", f"{token}\n"), ("bearer.txt", f"Bearer {token}")):
        yield row(
            f"text/{name}",
            "The file has only a token.",
            content.encode(),
            holds(matched=None, payload="warnings", findings=("warning body-not-in-file",)),
        )
    yield row(
        "text/token-of-another.txt",
        "The file has only a token, made with another secret.",
        leadpro(lead(), secret="other").header("Authorization").encode(),
        fails("none-holds", payload="warnings", findings=("warning body-not-in-file",)),
    )


def rows():
    """Every row."""
    yield from request_files()
    yield from streams()
    yield from logs()
    yield from printed()
    yield from tokens()
