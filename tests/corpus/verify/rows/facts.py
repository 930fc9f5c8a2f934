"""Captures that nothing explains: what can be seen of them is said, and no more."""

from . import forms
from .requests import lead
from .requests import leadpro
from .requests import realgeeks
from .requests import realtorbot
from .requests import sample
from .requests import scored
from .requests import stringify
from .requests import user
from .row import fails
from .row import row

PLAIN = stringify(user())
NOT_JSON = {"payload": "invalid", "findings": ("error not-json",)}


def rows():
    """Every row of this file."""
    length = len(PLAIN)
    told = ("Content-Length", str(length))
    yield row(
        "fact/length-differs-less.json",
        "The capture has lost the end of the body, and its length is still there.",
        realgeeks("user_updated", PLAIN[:-30], signed=PLAIN).plus(told),
        fails("length-differs", "body-cut-off", "none-holds", says=(f"{length - 30} bytes", f"{length}:", "lost"), **NOT_JSON),
    )
    yield row(
        "fact/length-differs-more.json",
        "A member has come into the body on the way, and its length is still that of before.",
        realgeeks("user_updated", stringify(user(role="Lender", name="Somebody Else")), signed=PLAIN).plus(
            ("Content-Length", str(length - 9))
        ),
        fails("length-differs", "none-holds", says=("added",)),
    )
    yield row(
        "fact/length-differs.http",
        "The message breaks off before its length.",
        forms.http(realgeeks("user_updated", PLAIN).plus(told))[:-30],
        fails("length-differs", "body-cut-off", "none-holds", says=("lost",), **NOT_JSON),
    )
    long = {**sample("realgeeks", "created"), "notes": "She would like to move in the spring. " * 300}
    body = stringify(long)
    for cut in (1024, 4096, 10_000):
        yield row(
            f"fact/body-cut-off-{cut}.json",
            f"The tool that captured it keeps {cut} bytes of a body.",
            realgeeks("created", body[:cut], signed=body),
            fails("body-cut-off", "none-holds", says=(f"exactly {cut} bytes", "fix that first"), **NOT_JSON),
        )
    long = lead(message="She would like to move in the spring. " * 100)
    value = leadpro(long).header("Authorization")
    for cut in (255, 500, 1024, 4096):
        whole = f"Bearer {value}"[:cut] if cut == 500 else value[:cut]
        yield row(
            f"fact/token-cut-off-{cut}.json",
            f"A column of the log keeps {cut} characters of the token.",
            leadpro(long, value=whole),
            fails("malformed-token", "token-cut-off", "none-holds", signature="malformed", says=(f"exactly {cut} characters", "whole header")),
        )
    yield row(
        "fact/token-cut-off-elsewhere.json",
        "The token ends early, at no limit that is known.",
        leadpro(long, value=value[:700]),
        fails("malformed-token", "none-holds", signature="malformed"),
    )
    yield row(
        "fact/other-encoding.json",
        "It was written as Latin-1, and a name was changed besides.",
        realgeeks("user_updated", '{"name":"Zo\u00eb"}'.encode("latin-1"), signed=PLAIN),
        fails("other-encoding", "none-holds", says=("Latin-1", "0xeb"), **NOT_JSON),
    )
    replaced = PLAIN.decode().replace("ë", "\ufffd")
    yield row(
        "fact/replaced-letters.json",
        "A letter was replaced by U+FFFD.",
        realgeeks("user_updated", replaced, signed=PLAIN),
        fails("replaced-letters", "none-holds", says=("U+FFFD",)),
    )
    yield row(
        "fact/none-holds.json",
        "It was signed with a secret that is not configured.",
        realgeeks("user_updated", PLAIN, secret="not at hand"),
        fails("none-holds", says=("No explanation found",)),
    )
    yield row(
        "fact/none-holds-realtorbot.json",
        "It was signed with a secret that is not configured.",
        realtorbot(stringify(scored()), secret="not at hand"),
        fails("none-holds"),
    )
    yield row(
        "fact/none-holds-token.json",
        "The token was signed with a secret that is not configured.",
        leadpro(lead(), secret="not at hand"),
        fails("none-holds"),
    )
    yield row(
        "fact/none-holds-changed.json",
        "A name was changed on the way.",
        realgeeks("user_updated", stringify(user(name="Mallory")), signed=PLAIN),
        fails("none-holds"),
    )
    yield row(
        "fact/none-holds-candidates.json",
        "None of the candidates has signed either.",
        realgeeks("user_updated", PLAIN, secret="not at hand"),
        fails("none-holds", says=("3 candidates of `candidates` were tried, and none verifies.",)),
        candidates="one\ntwo\nthree\n",
    )
