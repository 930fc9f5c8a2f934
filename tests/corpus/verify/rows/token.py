"""Faults of a token: how it is carried, spelled, signed and filled."""

import json

from . import forms
from .requests import ISSUED_AT
from .requests import base64std
from .requests import base64url
from .requests import lead
from .requests import leadpro
from .requests import stringify
from .requests import token
from .row import fails
from .row import holds
from .row import row

# Texts whose base64 has the letters in which the two alphabets differ, at any place of three.
LEAD = lead(message="?>?>?>~~~???")
CLAIMS = {**LEAD, "iat": ISSUED_AT}
GOOD = token(CLAIMS)


def spelled(name, fault, value, *codes, status="malformed", **more):
    """A token that is written in another way."""
    return row(
        f"token/{name}.json",
        fault,
        leadpro(LEAD, value=value),
        fails(*codes, signature=status, **more),
    )


def carried():
    """What stands around the token, and how it is spelled."""
    yield row(
        "token/doubled-bearer.http",
        "`Bearer` stands there twice.",
        forms.http(leadpro(LEAD, value=f"Bearer Bearer {GOOD}")),
        fails("doubled-bearer", signature="malformed"),
    )
    for name, before in (("jwt", "JWT "), ("colon", "Bearer: "), ("token", "Token "), ("equals", "token=")):
        yield spelled(
            f"bad-scheme-{name}",
            f"`{before.strip()}` stands before the token.",
            before + GOOD,
            "bad-scheme",
            says=(f"`{before.strip()}`",),
        )
    yield spelled("double-quotes", "The token stands in double quotes.", f'Bearer "{GOOD}"', "quoted-token")
    yield spelled("single-quotes", "The token stands in single quotes.", f"'{GOOD}'", "quoted-token")
    yield spelled("spaces", "A space stands in the token.", f"Bearer {GOOD[:50]} {GOOD[50:]}", "folded-token")
    yield row(
        "token/folded.http",
        "The header with the token runs over three lines.",
        forms.http(leadpro(LEAD, value=f"Bearer {GOOD[:76]}\r\n {GOOD[76:152]}\r\n {GOOD[152:]}")),
        fails("folded-token", signature="malformed"),
    )
    for letters in (42, 41, 38, 24, 22):
        cut = GOOD[: len(GOOD) - (43 - letters)]
        yield spelled(
            f"cut-{letters}",
            f"The token was cut after {letters} letters of its signature.",
            cut,
            "truncated-token",
            says=(f"{letters} characters",),
        )
    padded = token(CLAIMS, encode=lambda data: base64url(data, padded=True))
    assert "=" in padded
    yield spelled("padded", "The parts of the token have kept their padding.", padded, "padded-token")
    standard = token(CLAIMS, encode=lambda data: base64std(data, padded=False))
    assert {"+", "/"} & set(standard)
    yield spelled("standard-base64", "The token is in standard base64.", standard, "standard-base64-token")
    both = token(CLAIMS, encode=base64std)
    assert "=" in both
    yield spelled(
        "standard-base64-padded",
        "The token is in standard base64 with padding.",
        both,
        "padded-token",
        "standard-base64-token",
    )


def signed():
    """Another algorithm, another key, or claims that were changed."""
    for name, digest in (("hs384", "sha384"), ("hs512", "sha512")):
        algorithm = name.upper()
        yield spelled(
            name,
            f"The token is signed with {algorithm}.",
            token(CLAIMS, header={"alg": algorithm, "typ": "JWT"}, digest=digest),
            "other-hmac-size",
            says=(algorithm,),
        )
    for name, header in (
        ("names-hs384", {"alg": "HS384", "typ": "JWT"}),
        ("critical", {"alg": "HS256", "typ": "JWT", "crit": ["exp"]}),
        ("unencoded", {"alg": "HS256", "typ": "JWT", "b64": False}),
        ("without-alg", {"typ": "JWT"}),
        ("names-none", {"alg": "none", "typ": "JWT"}),
    ):
        yield spelled(
            f"header-{name}",
            f"The header of the token is `{json.dumps(header)}`, and the digest is right.",
            token(CLAIMS, header=header),
            "alg-not-allowed",
        )
    yield spelled(
        "changed-claims",
        "The claims of the token were changed after it was signed.",
        ".".join([*GOOD.split(".")[:1], token({**CLAIMS, "event": "x"}).split(".")[1], GOOD.split(".")[2]]),
        "body-claims-mismatch",
        "none-holds",
        status="invalid",
        says=("the token was changed", "differs from the signed claims at `/event`"),
    )
    for name, fault, algorithm, signature in (
        ("none", "The token is not signed, and says so.", "none", b""),
        ("rs256", "The token is signed with an RSA key.", "RS256", bytes(range(256))),
    ):
        yield spelled(
            f"alg-{name}",
            fault,
            token(CLAIMS, header={"alg": algorithm, "typ": "JWT"}, signature=signature),
            "alg-not-allowed",
            "none-holds",
            says=("no readable signature",),
        )
    yield spelled("two-parts", "The signature of the token is missing.", GOOD.rsplit(".", 1)[0], "malformed-token", "none-holds")
    yield spelled("no-token", "A word stands in the place of the token.", "Bearer secret", "malformed-token", "none-holds")
    yield spelled(
        "repeated-claim",
        "A name stands twice in the claims.",
        token(b'{"event":"lead.updated",' + stringify(CLAIMS)[1:]),
        "malformed-token",
        says=("`/event`",),
    )
    yield spelled("claims-not-json", "The claims of the token are no JSON.", token(b"payload=1"), "malformed-token")
    yield spelled("claims-list", "The claims of the token are a list.", token([LEAD]), "malformed-token")


def filled():
    """Claims whose signature holds: their times, and that they are the body."""
    for name, fault, claims, code, status in (
        ("expired", "The token had expired when it was received.", {"exp": ISSUED_AT - 3600}, "expired", "invalid"),
        ("not-yet-valid", "The token is valid only later.", {"nbf": ISSUED_AT + 3600}, "not-yet-valid", "invalid"),
        ("expiry-as-text", "The expiry of the token is a text.", {"exp": "tomorrow"}, "malformed-claim", "malformed"),
    ):
        yield spelled(name, fault, token({**CLAIMS, **claims}), code, status=status)
    yield row(
        "token/expired-now.json",
        "The token held when it was received, and `--now` says that it is later.",
        leadpro(LEAD, claims={**CLAIMS, "exp": ISSUED_AT + 60}),
        fails("expired"),
        args=("--now", "2026-01-16T00:00:00Z"),
    )
    yield from ahead()
    yield from changed_and_more()
    for name, fault, body, place in (
        ("changed", "A member of the body was changed after it was signed.", lead(full_name="Mr X"), "`/data/full_name`"),
        ("more", "The body has a member that was not signed.", {**LEAD, "admin": True}, "`/admin`"),
        ("less", "A signed member is missing in the body.", {"event": "lead.created", "data": {}}, "`/data/"),
    ):
        findings, payload = (), "valid"
        if name == "less":
            missing = ("id", "full_name", "email", "phone", "type")
            findings, payload = tuple(f"error missing /data/{member}" for member in missing), "invalid"
        yield row(
            f"token/body-{name}.json",
            fault,
            leadpro(body, claims=CLAIMS),
            fails("body-claims-mismatch", says=(place,), payload=payload, findings=findings),
        )
    yield row(
        "token/body-dropped.json",
        "The body was dropped, and the token is whole.",
        leadpro(LEAD, body=b""),
        fails("body-claims-mismatch", payload="invalid", findings=("error not-json",)),
        args=("-p", "leadpro"),
    )
    for name, fault, claims, code, place in (
        ("string", "The claims are one string that contains the payload.", json.dumps(CLAIMS), "claims-are-a-string", "one string"),
        ("part", "The claims are a part of the payload.", {**LEAD["data"], "iat": ISSUED_AT}, "claims-are-a-part", "`/data`"),
        ("wrapped", "The claims hold the payload one level down.", {"payload": LEAD}, "claims-are-wrapped", "`/payload`"),
        (
            "wrapped-in-time",
            "The claims hold the payload one level down, beside the time.",
            {"data": LEAD, "iat": ISSUED_AT},
            "claims-are-wrapped",
            "`/data`",
        ),
    ):
        status = "malformed" if name == "string" else "invalid"
        yield spelled(f"claims-{name}", fault, token(claims), code, status=status, says=(place,))
    missing = ("error missing-event /event",)
    yield row(
        "token/body-part.json",
        "The application kept `req.body.data` alone.",
        leadpro(LEAD["data"], claims=CLAIMS),
        fails("body-is-a-part", says=("`/data`", "keep the whole body"), payload="invalid", findings=missing),
        args=("-p", "leadpro"),
    )
    yield row(
        "token/body-wrapped.json",
        "A tool put the body into an envelope of its own.",
        leadpro({"payload": LEAD}, claims=CLAIMS),
        fails("body-is-wrapped", says=("`/payload`",), payload="invalid", findings=missing),
        args=("-p", "leadpro"),
    )
    whole = stringify(LEAD)
    for name, fault, body, place in (
        ("first", "A value was put before that of the same name.", whole.replace(b'"email":', b'"email":"evil@example.com","email":', 1), "/data/email"),
        ("escaped", "The same name is escaped.", whole.replace(b'"email":', b'"\\u0065mail":"evil@example.com","email":', 1), "/data/email"),
        ("member", "The whole lead was put in once more.", whole.replace(b'"data":', b'"data":{},"data":', 1), "/data"),
    ):
        yield row(
            f"token/body-repeats-{name}.json",
            fault,
            leadpro(LEAD, claims=CLAIMS, body=body),
            fails("body-claims-mismatch", says=(f"`{place}`",), payload="warnings", findings=(f"warning duplicate-key {place}",)),
        )


def ahead():
    """A token that was made after it was received: a clock is wrong, and some libraries refuse it."""
    request = leadpro(LEAD, value=token({**CLAIMS, "iat": ISSUED_AT + 7140}))
    fault = "The token says that it was made two hours after it was received."
    yield row("token/issued-ahead.json", fault, request, holds(remarks=("warning issued-in-future",)))
    yield row(
        "token/issued-ahead-strict.json",
        f"{fault} With `--strict`, that is an error.",
        request,
        holds(remarks=("error issued-in-future",)),
        args=("--strict",),
        exit=1,
    )
    yield row(
        "token/issued-ahead-later.json",
        f"{fault} `--now` says that it is later.",
        request,
        holds(),
        args=("--now", f"@{ISSUED_AT + 7140}"),
    )


def changed_and_more():
    """A changed body, which can be seen without the secret, beside another fault."""
    place = ("differs from the signed claims at `/data/full_name`",)
    body = lead(full_name="Mr X")
    yield row(
        "token/body-changed-other-secret.json",
        "The body was changed, and another secret has signed.",
        leadpro(body, claims=CLAIMS, secret="not at hand"),
        fails("body-claims-mismatch", "none-holds", says=place),
    )
    yield row(
        "token/body-changed-no-secret.json",
        "The body was changed, and no secret is given.",
        leadpro(body, claims=CLAIMS),
        fails("no-secret", "body-claims-mismatch", signature="unchecked", says=place),
        secrets=(),
        exit=5,
    )
    yield row(
        "token/body-changed-expired.json",
        "The body was changed, and the token had expired.",
        leadpro(body, claims={**CLAIMS, "exp": ISSUED_AT - 3600}),
        fails("expired", "body-claims-mismatch", says=place),
    )


def rows():
    """Every row of this file."""
    yield from carried()
    yield from signed()
    yield from filled()
