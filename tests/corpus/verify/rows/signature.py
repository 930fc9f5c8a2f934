"""Faults of the signature itself, and of the place where it stands."""

import hashlib
from urllib.parse import quote

from . import forms
from .requests import RB_SIGNATURE
from .requests import RG_SIGNATURE
from .requests import base64std
from .requests import base64url
from .requests import lead
from .requests import leadpro
from .requests import mac
from .requests import mac_hex
from .requests import realgeeks
from .requests import realtorbot
from .requests import scored
from .requests import stringify
from .requests import token
from .requests import user
from .row import fails
from .row import holds
from .row import row

PLAIN = stringify(user())
DIGEST = mac(PLAIN)
HEX = DIGEST.hex()


def spelled(name, fault, value, *codes, status="malformed", **more):
    """A signature that is written in another way."""
    return row(
        f"signature/{name}.json",
        fault,
        realgeeks("user_updated", PLAIN, signature=value),
        fails(*codes, signature=status, **more),
    )


def with_letters():
    """A body whose digest has letters in base64 that base64url has not, and that digest."""
    for number in range(100):
        body = stringify(user(id=str(20700 + number)))
        digest = mac(body)
        if set("+/") <= set(base64std(digest)):
            return body, digest
    raise AssertionError("no such body")


def around():
    """What stands around the digits."""
    for name, prefix in (
        ("sha256", "sha256="),
        ("v1", "v1="),
        ("stripe", "t=1768478400,v1="),
        ("hex", "0x"),
        ("colon", "sha256:"),
        ("hmac", "HMAC-SHA256 "),
    ):
        yield spelled(
            f"prefixed-{name}",
            f"`{prefix}` stands before the digits.",
            prefix + HEX,
            "prefixed-signature",
            says=(f"`{prefix}`" if not prefix.endswith(" ") else prefix.strip(),),
        )
    yield spelled("double-quotes", "The digits stand in double quotes.", f'"{HEX}"', "quoted-signature")
    yield spelled("single-quotes", "The digits stand in single quotes.", f"'{HEX}'", "quoted-signature")
    yield spelled(
        "white-space",
        "A space stands among the digits.",
        f"{HEX[:32]} {HEX[32:]}",
        "white-space-in-signature",
    )
    for name, end in (("crlf", "\r\n"), ("lf", "\n")):
        folded = realgeeks("user_updated", PLAIN, signature=f"{HEX[:32]}{end} {HEX[32:]}")
        yield row(
            f"signature/folded-{name}.http",
            f"The header with the digits runs over two lines ({name}).",
            forms.http(folded, end),
            fails("folded-signature", signature="malformed"),
        )


def of_realtorbot():
    """The same faults where the body may have been printed again."""
    event = scored()
    body, digits = stringify(event), mac_hex(stringify(event))
    for name, sent in (("", body), ("-indented", stringify(event, 2))):
        for fault, code, signature in (
            ("prefixed", "prefixed-signature", "sha256=" + digits),
            ("base64", "base64-signature", base64std(mac(body))),
            ("quoted", "quoted-signature", f'"{digits}"'),
        ):
            yield row(
                f"signature/{fault}-realtorbot{name}.json",
                f"The signature of Realtor Bot is {fault}, and the body is sent as it was printed{name}.",
                realtorbot(sent, signature=signature),
                fails(code, signature="malformed"),
            )
    yield row(
        "signature/swapped-key-and-body-realtorbot.json",
        "The body was taken for the key.",
        realtorbot(body, signature=mac_hex(b"s3cret", secret=body)),
        fails("swapped-key-and-body"),
    )
    yield row(
        "body/stringified-twice-realtorbot.json",
        "The body of Realtor Bot was stringified once more after it was signed.",
        realtorbot(stringify(body.decode()), signed=body),
        fails("stringified-twice", payload="invalid", findings=("error missing-event /type",)),
    )
    yield row(
        "body/form-encoded-realtorbot.json",
        "The body of Realtor Bot was sent as a field of a form.",
        realtorbot(b"payload=" + quote(body).encode(), signed=body),
        fails("form-encoded", payload="invalid", findings=("error not-json",)),
    )


def spellings():
    """Digests that are not spelled in hex, not whole, or not of SHA-256."""
    letters, digest = with_letters()
    yield spelled("base64", "The digest is in base64.", base64std(DIGEST), "base64-signature")
    yield spelled("base64-unpadded", "The digest is in base64 without padding.", base64std(DIGEST, False), "base64-signature")
    for name, padded in (("base64url", False), ("base64url-padded", True)):
        yield row(
            f"signature/{name}.json",
            f"The digest is in base64url ({name}).",
            realgeeks("user_updated", letters, signature=base64url(digest, padded)),
            fails("base64url-signature", signature="malformed"),
        )
    yield spelled("base64-of-hex", "The hex digits are in base64 once more.", base64std(HEX.encode()), "base64-of-hex")
    yield spelled("truncated-60", "The last four digits are missing.", HEX[:60], "truncated-signature", says=("60 hex digits",))
    yield spelled("truncated-63", "The last digit is missing.", HEX[:63], "truncated-signature", says=("first 62",))
    yield spelled("truncated-32", "The second half of the digits is missing.", HEX[:32], "truncated-signature")
    for name, status in (("sha1", "malformed"), ("sha384", "malformed"), ("sha512", "malformed")):
        spoken = f"SHA-{name[3:]}"
        yield spelled(
            name,
            f"The digest is one of {spoken}.",
            mac_hex(PLAIN, digest=name),
            "other-digest",
            status=status,
            says=(spoken,),
        )
    yield spelled(
        "prefixed-base64",
        "The digest is in base64 behind a prefix.",
        "sha256=" + base64std(DIGEST),
        "prefixed-signature",
        "base64-signature",
    )
    yield spelled(
        "quoted-base64",
        "The digest is in base64 and in quotes.",
        f'"{base64std(DIGEST)}"',
        "quoted-signature",
        "base64-signature",
    )
    yield spelled(
        "prefixed-sha512",
        "The digest is one of SHA-512 behind a prefix.",
        "sha512=" + mac_hex(PLAIN, digest="sha512"),
        "prefixed-signature",
        "other-digest",
    )
    yield spelled(
        "base64-sha1",
        "The digest is one of SHA-1 in base64.",
        base64std(mac(PLAIN, digest="sha1")),
        "base64-signature",
        "other-digest",
    )


def constructions():
    """Digests that are made of other things, or in another way."""
    time, number = "1768478400", "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W"
    for name, fault, signature, codes, headers in (
        (
            "timestamp-signed",
            "The timestamp is signed before the body.",
            mac_hex(f"{time}.".encode() + PLAIN),
            ("timestamp-signed",),
            (("X-Lead-Router-Timestamp", time),),
        ),
        (
            "id-and-timestamp-signed",
            "Id and timestamp are signed before the body.",
            mac_hex(f"{number}.{time}.".encode() + PLAIN),
            ("id-and-timestamp-signed",),
            (("webhook-id", number), ("webhook-timestamp", time)),
        ),
        (
            "stripe",
            "The signature is as Stripe has it: a prefix, and the timestamp signed.",
            f"t={time},v1=" + mac_hex(f"{time}.".encode() + PLAIN),
            ("prefixed-signature", "timestamp-signed"),
            (("X-Timestamp", time),),
        ),
        (
            "plain-hash",
            "Secret and body were hashed without HMAC.",
            hashlib.sha256(b"s3cret" + PLAIN).hexdigest(),
            ("plain-hash",),
            (),
        ),
        (
            "plain-hash-secret-last",
            "Body and secret were hashed without HMAC.",
            hashlib.sha256(PLAIN + b"s3cret").hexdigest(),
            ("plain-hash",),
            (),
        ),
        (
            "plain-hash-sha1",
            "Secret and body were hashed with SHA-1.",
            hashlib.sha1(b"s3cret" + PLAIN).hexdigest(),
            ("other-digest", "plain-hash"),
            (),
        ),
        (
            "unkeyed-hash",
            "The body was hashed without the secret.",
            hashlib.sha256(PLAIN).hexdigest(),
            ("unkeyed-hash",),
            (),
        ),
        (
            "swapped-key-and-body",
            "The body was taken for the key.",
            mac_hex(b"s3cret", secret=PLAIN),
            ("swapped-key-and-body",),
            (),
        ),
        (
            "swapped-key-and-body-base64",
            "The body was taken for the key, and the digest is in base64.",
            base64std(mac(b"s3cret", secret=PLAIN)),
            ("base64-signature", "swapped-key-and-body"),
            (),
        ),
    ):
        is_hex = len(signature) == 64
        yield row(
            f"signature/{name}.json",
            fault,
            realgeeks("user_updated", PLAIN, signature=signature).plus(*headers),
            fails(*codes, signature="invalid" if is_hex else "malformed"),
        )


def renamed():
    """Headers that a proxy or a CGI layer has renamed, for every provider."""
    geeks = realgeeks("user_updated", PLAIN)
    bot = realtorbot(stringify(scored()))
    pro = leadpro(lead())
    for name, request, header, other in (
        ("cgi", geeks, RG_SIGNATURE, "HTTP_X_LEAD_ROUTER_SIGNATURE"),
        ("underscores", geeks, RG_SIGNATURE, "X_Lead_Router_Signature"),
        ("original", geeks, RG_SIGNATURE, "X-Original-X-Lead-Router-Signature"),
        ("without-x", geeks, RG_SIGNATURE, "Lead-Router-Signature"),
        ("cgi-realtorbot", bot, RB_SIGNATURE, "HTTP_X_REALTORBOT_SIGNATURE"),
        ("gateway-realtorbot", bot, RB_SIGNATURE, "x-amzn-Remapped-x-realtorbot-signature"),
        ("redirect-leadpro", pro, "Authorization", "REDIRECT_HTTP_AUTHORIZATION"),
        ("gateway-leadpro", pro, "Authorization", "x-amzn-Remapped-Authorization"),
        ("forwarded-leadpro", pro, "Authorization", "X-Forwarded-Authorization"),
    ):
        yield row(
            f"header/renamed-{name}.json",
            f"The header with the signature came as `{other}`.",
            request.renamed(header, other),
            fails("renamed-header", signature="missing", says=(f"`{other}`",)),
        )
    cgi = tuple(("HTTP_" + name.upper().replace("-", "_"), value) for name, value in geeks.headers)
    yield row(
        "header/renamed-all.json",
        "Every header came as CGI names them.",
        geeks.but(headers=cgi),
        fails("renamed-header", signature="missing"),
    )


def elsewhere():
    """Signatures that stand twice, in the address, in another header, or nowhere."""
    geeks = realgeeks("user_updated", PLAIN)
    zeros = "0" * 64
    for name, values, which in (
        ("second", (zeros, HEX), "second"),
        ("first", (HEX, zeros), "first"),
        ("same", (HEX, HEX), "first"),
    ):
        pairs = tuple((RG_SIGNATURE, value) for value in values)
        yield row(
            f"header/repeated-{name}.json",
            f"The header with the signature stands there twice, and the {which} is right.",
            geeks.without(RG_SIGNATURE).plus(*pairs),
            fails("repeated-signature", signature="malformed", says=(f"only the {which}",)),
        )
    yield row(
        "header/repeated-joined.json",
        "A proxy has joined two signatures with a comma.",
        geeks.with_header(RG_SIGNATURE, f"{zeros}, {HEX}"),
        fails("repeated-signature", signature="malformed", says=("only the second",)),
    )
    for name, parameter in (("signature", "signature"), ("header", "X-Lead-Router-Signature")):
        yield row(
            f"query/{name}.json",
            f"The signature came in the address, as `{parameter}`.",
            geeks.without(RG_SIGNATURE).but(target=f"/hooks?a=b&{parameter}={HEX}"),
            fails("signature-in-query", signature="missing", says=(f"`{parameter}`",)),
        )
    pro = leadpro(lead())
    value = pro.header("Authorization")
    for name, parameter in (("token", "token"), ("jwt", "jwt")):
        yield row(
            f"query/{name}-leadpro.json",
            f"The token came in the address, as `{parameter}`.",
            pro.without("Authorization").but(target=f"/hooks?{parameter}={quote(value)}"),
            fails("signature-in-query", signature="missing", says=(f"`{parameter}`",)),
        )
    yield row(
        "header/other-name.json",
        "The digits came in a header of another name.",
        geeks.renamed(RG_SIGNATURE, "X-Signature"),
        fails("signature-elsewhere", signature="missing", says=("`X-Signature`",)),
    )
    yield row(
        "header/github.json",
        "The signature came as GitHub sends it.",
        geeks.renamed(RG_SIGNATURE, "X-Hub-Signature-256").with_header("X-Hub-Signature-256", "sha256=" + HEX),
        fails("signature-elsewhere", "prefixed-signature", signature="missing"),
    )
    yield row(
        "header/other-name-leadpro.json",
        "The token came in a header of another name.",
        pro.renamed("Authorization", "X-Webhook-Token"),
        fails("signature-elsewhere", signature="missing", says=("`X-Webhook-Token`",)),
    )
    yield row(
        "header/without-signature.json",
        "There is no signature at all.",
        geeks.without(RG_SIGNATURE),
        fails("missing-signature", "none-holds", signature="missing", says=("no readable signature",)),
    )
    yield row(
        "header/without-token.json",
        "There is no token at all.",
        pro.without("Authorization"),
        fails("missing-signature", "none-holds", signature="missing"),
    )
    yield row(
        "header/empty-signature.json",
        "The header is there and empty.",
        geeks.with_header(RG_SIGNATURE, ""),
        fails("empty-signature", "none-holds", signature="malformed"),
    )
    yield row(
        "header/not-a-digest.json",
        "A word stands in the place of the digest.",
        geeks.with_header(RG_SIGNATURE, "unsigned"),
        fails("malformed-signature", "none-holds", signature="malformed"),
    )


def of_another():
    """Signatures that belong to other requests of the same input."""
    one, other = stringify(user()), stringify(user(name="Ana Makoa", id="20739"))
    wrong = realgeeks("user_updated", one, signed=other)
    right = realgeeks("user_updated", other)
    yield row(
        "signature/of-another-line.jsonl",
        "The first of two captures has the signature of the second.",
        forms.lines(wrong, right),
        fails("signature-of-another", says=("signature/of-another-line.jsonl:2`",)),
        holds(),
    )
    yield row(
        "signature/of-another-entry.json",
        "The second of two requests of a list has the signature of the first.",
        forms.dumped(
            [
                {"headers": forms.merged(request), "body": request.body.decode()}
                for request in (right, wrong)
            ]
        ),
        holds(),
        fails("signature-of-another", says=("signature/of-another-entry.json#1`",)),
    )
    yield row(
        "signature/of-another-file.json",
        "The capture has the signature of that in another file.",
        realgeeks("user_updated", one, signed=stringify(user(id="20740"))),
        fails("signature-of-another", says=("`signature/of-another-file-right.json`",)),
        holds(),
        also=("signature/of-another-file-right.json",),
    )
    yield row(
        "signature/of-another-file-right.json",
        "None: the other file of the row before.",
        realgeeks("user_updated", stringify(user(id="20740"))),
        holds(),
    )


def rows():
    """Every row of this file."""
    yield from around()
    yield from spellings()
    yield from of_realtorbot()
    yield from constructions()
    yield from renamed()
    yield from elsewhere()
    yield from of_another()
