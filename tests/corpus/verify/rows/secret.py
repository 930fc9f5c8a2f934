"""Faults of the secret: the signing secret differs from the configured one."""

import base64

from .requests import base64std
from .requests import lead
from .requests import leadpro
from .requests import mac
from .requests import realgeeks
from .requests import realtorbot
from .requests import scored
from .requests import stringify
from .requests import token
from .requests import user
from .row import fails
from .row import row

PLAIN = stringify(user())
# Sixteen bytes that are no text, as a random key.
RAW = bytes.fromhex("8f3c0a7e11d2b4965a7fe0c3d81b2e64")

# Name, fault, signing secret, configured secret, code.
FAULTS = (
    ("newline", "was read with its newline", "s3cret", "s3cret\n", "secret-not-trimmed"),
    ("windows-newline", "was read with its line end of Windows", "s3cret", "s3cret\r\n", "secret-not-trimmed"),
    ("space", "was copied with a space", "s3cret", " s3cret", "secret-not-trimmed"),
    ("signed-with-newline", "was used with its newline by the signer", "s3cret\n", "s3cret", "secret-with-newline"),
    ("signed-with-crlf", "was used with its CR LF by the signer", "s3cret\r\n", "s3cret", "secret-with-newline"),
    ("space-at-end", "was copied with a space at its end", "s3cret", "s3cret ", "secret-not-trimmed"),
    ("signed-with-space", "was used with a space at its end by the signer", "s3cret ", "s3cret", "secret-with-space"),
    ("double-quotes", "was read with its double quotes", "s3cret", '"s3cret"', "secret-in-quotes"),
    ("single-quotes", "was read with its single quotes", "s3cret", "'s3cret'", "secret-in-quotes"),
    ("quotes-and-newline", "was read with quotes and newline", "s3cret", '"s3cret"\n', "secret-in-quotes"),
    ("signed-with-double-quotes", "was used with its double quotes", '"s3cret"', "s3cret", "secret-signed-with-quotes"),
    ("signed-with-single-quotes", "was used with its single quotes", "'s3cret'", "s3cret", "secret-signed-with-quotes"),
    ("hex", "was decoded from hex by the signer", RAW, RAW.hex(), "secret-is-hex"),
    ("hex-upper", "was decoded from upper-case hex by the signer", RAW, RAW.hex().upper(), "secret-is-hex"),
    ("base64", "was decoded from base64 by the signer", RAW, base64std(RAW), "secret-is-base64"),
    ("base64-unpadded", "was decoded from base64 without padding", RAW, base64std(RAW, False), "secret-is-base64"),
    (
        "base64url",
        "was decoded from base64url by the signer",
        b"\xfb\xff\xbe" + RAW,
        base64.urlsafe_b64encode(b"\xfb\xff\xbe" + RAW).decode(),
        "secret-is-base64",
    ),
    ("whsec", "was used without `whsec_` by the signer", "s3cret", "whsec_s3cret", "secret-with-whsec"),
    ("whsec-base64", "is one of Standard Webhooks", RAW, "whsec_" + base64std(RAW), "secret-with-whsec"),
    ("as-hex", "was written as hex by the signer", b"s3cret".hex(), "s3cret", "secret-as-hex"),
    ("as-base64", "was written as base64 by the signer", base64std(b"s3cret"), "s3cret", "secret-as-base64"),
    ("lower-case", "was put into capitals on this side", "s3cret", "S3CRET", "secret-in-lower-case"),
    ("upper-case", "was put into capitals by the signer", "S3CRET", "s3cret", "secret-in-upper-case"),
)

# Those that are also put to a token.
OF_TOKENS = ("newline", "signed-with-newline", "double-quotes", "hex", "base64", "whsec-base64", "as-hex", "as-base64")


def edges():
    """One fault each, of digests and of tokens."""
    for name, fault, signed, at_hand, code in FAULTS:
        yield row(
            f"secret/{name}.json",
            f"The secret {fault}.",
            realgeeks("user_updated", PLAIN, secret=signed),
            fails(code),
            secrets=(at_hand,),
        )
        if name in OF_TOKENS:
            yield row(
                f"secret/{name}-token.json",
                f"The secret of a token {fault}.",
                leadpro(lead(), secret=signed),
                fails(code),
                secrets=(at_hand,),
            )
    event = scored()
    for name, fault, body in (
        ("", "The secret was read with its newline.", stringify(event)),
        ("-indented", "The secret was read with its newline; the body may be printed in any way.", stringify(event, 2)),
    ):
        yield row(
            f"secret/newline-realtorbot{name}.json",
            fault,
            realtorbot(body, signed=stringify(event)),
            fails("secret-not-trimmed"),
            secrets=("s3cret\n",),
        )
    yield row(
        "secret/whsec-and-newline.json",
        "The secret has the prefix of Standard Webhooks and a newline.",
        realgeeks("user_updated", PLAIN, secret=RAW),
        fails("secret-not-trimmed", "secret-with-whsec"),
        secrets=("whsec_" + base64std(RAW) + "\n",),
    )


def of_others():
    """Secrets that are somebody else's, or only may be meant."""
    at_hand = {"LEADHOOK_REALGEEKS_SECRET": "s3cret", "LEADHOOK_LEADPRO_SECRET": "of-leadpro"}
    request = realgeeks("user_updated", PLAIN, secret="of-leadpro")
    yield row(
        "secret/of-another-provider.json",
        "It was signed with the secret of another provider.",
        request,
        fails("other-secret", says=("LeadPro",)),
        secrets=(),
        env=at_hand,
    )
    yield row(
        "secret/of-another-provider-token.json",
        "The token was signed with the secret of another provider.",
        leadpro(lead(), secret="s3cret"),
        fails("other-secret", says=("Real Geeks",)),
        secrets=(),
        env=at_hand,
    )
    yield row(
        "secret/of-another-provider-realtorbot.json",
        "It was signed with the secret of another provider.",
        realtorbot(stringify(scored()), secret="of-leadpro"),
        fails("other-secret", says=("LeadPro",)),
        secrets=(),
        env={"LEADHOOK_REALTORBOT_SECRET": "s3cret", "LEADHOOK_LEADPRO_SECRET": "of-leadpro"},
    )
    yield row(
        "secret/of-no-provider.json",
        "It was signed with the general secret, and this provider has one of its own.",
        request,
        fails("other-secret", says=("for any provider",)),
        secrets=(),
        env={"LEADHOOK_REALGEEKS_SECRET": "s3cret", "LEADHOOK_SECRET": "of-leadpro"},
    )
    third = "older\n\nof-leadpro\nnewest\n"
    yield row(
        "secret/candidate.json",
        "It was signed with the third line of the candidates.",
        request,
        fails("candidate-secret", says=("line 3",)),
        candidates=third,
    )
    yield row(
        "secret/candidate-token.json",
        "The token was signed with the third line of the candidates.",
        leadpro(lead(), secret="of-leadpro"),
        fails("candidate-secret", says=("line 3",)),
        candidates=third,
    )
    yield row(
        "secret/candidate-of-env-file.json",
        "It was signed with the value in a line of an `.env` file.",
        request,
        fails("candidate-secret", says=("line 2",)),
        candidates="# secrets\nWEBHOOK_SECRET=of-leadpro\n",
    )
    yield row(
        "secret/candidate-and-hex.json",
        "It was signed with a candidate that had been decoded from hex.",
        realgeeks("user_updated", PLAIN, secret=RAW),
        fails("candidate-secret", "secret-is-hex", says=("line 1",)),
        candidates=RAW.hex() + "\n",
    )
    yield row(
        "secret/candidate-without-secret.json",
        "No secret is configured, and a candidate has signed.",
        request,
        fails("candidate-secret", signature="unchecked", says=("line 1",)),
        secrets=(),
        candidates="of-leadpro\n",
        exit=5,
    )
    yield row(
        "secret/no-candidate.json",
        "No secret is configured, and none of the candidates has signed.",
        leadpro(lead()),
        fails(
            "no-candidate",
            signature="unchecked",
            says=("2 candidates of `candidates` were tried, and none verifies.",),
        ),
        secrets=(),
        candidates="A=one\nB=two\n",
        exit=5,
    )


def around():
    """Candidates in quotes, or with a space or a carriage return at their end."""
    for name, secret, text, *says in (
        (
            "without-quotes",
            "of-leadpro",
            'A="of-leadpro"\n',
            "line 1 of `candidates` without its quotes.",
            "If your loader keeps the quotes, that is the cause.",
        ),
        (
            "with-quotes",
            '"of-leadpro"',
            'A="of-leadpro"\n',
            "line 1 of `candidates` with its quotes.",
            "remove the quotes on the signing side",
        ),
        ("without-return", "of-leadpro", "A=of-leadpro\r\n", "without its carriage return."),
        ("with-return", "of-leadpro\r", "A=of-leadpro\r\n", "with its carriage return."),
        ("without-space", "of-leadpro", "A=of-leadpro \n", "without its trailing spaces."),
        ("with-space", "of-leadpro ", "A=of-leadpro \n", "with its trailing spaces."),
    ):
        yield row(
            f"secret/candidate-{name}.json",
            f"It was signed with a candidate, {name.replace('-', ' ')}.",
            leadpro(lead(), secret=secret),
            fails("candidate-secret", signature="unchecked", says=tuple(says)),
            secrets=(),
            candidates=text,
            exit=5,
        )


def rows():
    """Every row of this file."""
    yield from edges()
    yield from of_others()
    yield from around()
