"""Requests without a fault: each form of each provider, and what holds with a remark."""

import json

from . import forms
from .requests import RG_SIGNATURE
from .requests import lead
from .requests import leadpro
from .requests import realgeeks
from .requests import realtorbot
from .requests import sample
from .requests import scored
from .requests import stringify
from .requests import user
from .row import fails
from .row import holds
from .row import row

PLAIN = (
    ("realgeeks", realgeeks("user_updated", stringify(user()))),
    ("realtorbot", realtorbot(stringify(scored()))),
    ("leadpro", leadpro(lead())),
)


def of_every_form():
    """The controls: what is right in every form is right."""
    for form, suffix, write in forms.ALL:
        for provider, request in PLAIN:
            times = 2 if form == "json-lines" else 1
            yield row(
                f"valid/{form}-{provider}.{suffix}",
                f"None: a request of {provider} as `{form}` keeps it.",
                write(request),
                *[holds()] * times,
            )


def with_headers_given():
    """A body in a file of its own, and its headers as arguments."""
    for provider, request in PLAIN:
        args = [word for name, value in request.headers for word in ("-H", f"{name}: {value}")]
        yield row(
            f"valid/body-alone-{provider}.body",
            f"None: a body of {provider} beside headers that are given as arguments.",
            request.body,
            holds(),
            args=("--body", *args),
        )


def of_every_sample():
    """The long samples as they come."""
    created = sample("realgeeks", "created")
    yield row(
        "valid/created-python.json",
        "None: a lead of Real Geeks as Python prints it.",
        realgeeks("created", python(created)),
        holds(),
    )
    yield row(
        "valid/lead-created-leadpro.json",
        "None: the longest lead of LeadPro.",
        leadpro(sample("leadpro", "lead.created")),
        holds(),
    )
    yield row(
        "valid/token-alone.json",
        "None: the token without `Bearer`, and without `iat`.",
        leadpro(lead(), claims=lead()),
        holds(),
    )
    bearer = leadpro(lead())
    yield row(
        "valid/token-bearer.http",
        "None: the token after `Bearer`.",
        bearer.with_header("Authorization", "Bearer " + bearer.header("Authorization")),
        holds(),
        form=forms.http,
    )
    yield row(
        "valid/token-body-printed.json",
        "None: the body of LeadPro may be printed in any way, the claims hold the payload.",
        leadpro(lead()).with_body(python(lead())),
        holds(),
    )
    yield row(
        "valid/token-in-time.json",
        "None: the token has expired since, and held when it was received.",
        leadpro(lead(), claims={**lead(), "exp": 1768478460}),
        holds(),
    )
    yield row(
        "valid/token-now.json",
        "None: the token expires, and `--now` says that it is not yet so late.",
        leadpro(lead(), claims={**lead(), "exp": 1768400000}),
        holds(),
        args=("--now", "2026-01-14T00:00:00Z"),
    )
    yield row(
        "valid/second-secret.json",
        "None: the second of two secrets has signed.",
        realgeeks("user_updated", stringify(user())),
        holds(),
        secrets=("older", "s3cret"),
    )


def python(value):
    """What `json.dumps` gives."""
    return json.dumps(value).encode()


def with_a_remark():
    """What holds, and would not at another receiver."""
    request = realgeeks("user_updated", stringify(user()))
    upper = request.with_header(RG_SIGNATURE, request.header(RG_SIGNATURE).upper())
    remark = ("warning uppercase-signature",)
    yield row(
        "remark/uppercase-signature.json",
        "The hex digits are in upper case.",
        upper,
        holds(remarks=remark),
    )
    body = stringify(scored())
    for name, printed in (
        ("python", python(scored())),
        ("indented", stringify(scored(), indent=2)),
        ("final-newline", body + b"\n"),
    ):
        yield row(
            f"remark/restringified-{name}.json",
            f"The body is not as `JSON.stringify` prints it ({name}), and the signature is over that.",
            realtorbot(printed, signed=body),
            holds(matched="restringified", remarks=("warning restringified",)),
        )
    value = realgeeks("user_updated", stringify(user()))
    yield row(
        "remark/bytes-were-lost.json",
        "The log has kept the body as a JSON value, and not its bytes.",
        forms.dumped({"headers": dict(value.headers), "body": user()}),
        holds(
            matched=None,
            payload="warnings",
            findings=("warning bytes-were-lost",),
        ),
    )
    lost = realgeeks("user_updated", python(user()))
    yield row(
        "remark/bytes-were-lost-python.json",
        "The log has kept the body as a JSON value; Python had printed it.",
        forms.dumped({"headers": dict(lost.headers), "body": user()}),
        holds(
            matched=None,
            payload="warnings",
            findings=("warning bytes-were-lost",),
        ),
    )
    # What the body says and what was signed must be the same, whatever a library makes of it.
    for name, fault, kept, signed in (
        ("rounded", "JavaScript has rounded the number that was signed.", 2**53 + 1, 2**53),
        ("infinite", "JavaScript has made null of the number that was signed.", "1e400", None),
    ):
        rounded = realgeeks("user_updated", stringify({**user(), "score": signed}))
        text = forms.dumped({"headers": dict(rounded.headers), "body": {**user(), "score": "KEPT"}})
        yield row(
            f"lost/{name}.json",
            fault + " The log has another one.",
            text.replace(b'"KEPT"', str(kept).encode()),
            fails(
                "reserialised",
                payload="warnings",
                findings=("warning bytes-were-lost", "warning imprecise-number /score", "warning unknown-member /score"),
            ),
        )


def rows():
    """Every row of this file."""
    yield from of_every_form()
    yield from with_headers_given()
    yield from of_every_sample()
    yield from with_a_remark()
