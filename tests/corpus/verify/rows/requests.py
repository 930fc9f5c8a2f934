"""Requests as the three providers make them: built and signed here, without leadhook."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from dataclasses import replace
from pathlib import Path

FIXTURES = Path(__file__).resolve().parents[4] / "fixtures"

SECRET = "s3cret"

# 2026-01-15T12:00:00Z: when everything here was received, and every token made.
RECEIVED_AT = "2026-01-15T12:00:00Z"
ISSUED_AT = 1768478400

MESSAGE_ID = "0b5fd1a2-6c3e-4d57-8f90-1a2b3c4d5e6f"
RG_SIGNATURE = "X-Lead-Router-Signature"
RB_SIGNATURE = "x-realtorbot-signature"


@dataclass(frozen=True)
class Request:
    """One request: headers are pairs of texts, the body is bytes."""

    headers: tuple
    body: bytes
    method: str = "POST"
    target: str = "/hooks"

    def header(self, name):
        """The value of the first header of that name."""
        return next(value for known, value in self.headers if known.lower() == name.lower())

    def but(self, **changes):
        """The same, but for these members."""
        return replace(self, **changes)

    def with_body(self, body):
        """The headers as they are, over another body."""
        return self.but(body=body if isinstance(body, bytes) else body.encode())

    def with_header(self, name, value):
        """Every header of that name has this value."""
        pairs = ((known, value if known.lower() == name.lower() else old) for known, old in self.headers)
        return self.but(headers=tuple(pairs))

    def without(self, name):
        """No header of that name."""
        return self.but(headers=tuple(pair for pair in self.headers if pair[0].lower() != name.lower()))

    def renamed(self, name, other):
        """A header under another name, in its place."""
        pairs = ((other if known.lower() == name.lower() else known, value) for known, value in self.headers)
        return self.but(headers=tuple(pairs))

    def plus(self, *pairs):
        """More headers at the end."""
        return self.but(headers=self.headers + pairs)


def sample(provider, event):
    """The sample payload of a pack."""
    return json.loads((FIXTURES / provider / f"{event}.json").read_text(encoding="utf-8"))


def whole(value):
    """The value as JavaScript knows it: 75.0 is 75."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {name: whole(member) for name, member in value.items()}
    if isinstance(value, list):
        return [whole(item) for item in value]
    return value


def stringify(value, indent=None):
    """What `JSON.stringify` gives of these samples, as bytes."""
    separators = (",", ": ") if indent else (",", ":")
    return json.dumps(whole(value), ensure_ascii=False, indent=indent, separators=separators).encode()


def octets(value):
    """A text as bytes; bytes as they are."""
    return value.encode() if isinstance(value, str) else value


def mac(body, secret=SECRET, digest="sha256"):
    """The bytes of an HMAC."""
    return hmac.new(octets(secret), octets(body), getattr(hashlib, digest)).digest()


def mac_hex(body, secret=SECRET, digest="sha256"):
    """The hex digits of an HMAC."""
    return mac(body, secret, digest).hex()


def realgeeks(event, body, signed=None, secret=SECRET, signature=None):
    """A request of Real Geeks: hex of HMAC-SHA256 over the raw bytes that were `signed`."""
    body = octets(body)
    signature = signature or mac_hex(body if signed is None else signed, secret)
    headers = (
        ("Host", "hooks.example.com"),
        ("User-Agent", "RealGeeks-LeadRouter/1.0"),
        ("Content-Type", "application/json"),
        ("X-Lead-Router-Action", event),
        ("X-Lead-Router-Message-Id", MESSAGE_ID),
        (RG_SIGNATURE, signature),
    )
    return Request(headers, body)


def realtorbot(body, signed=None, secret=SECRET, signature=None):
    """A request of Realtor Bot: hex of HMAC-SHA256 over what `JSON.stringify` made."""
    body = octets(body)
    signature = signature or mac_hex(body if signed is None else signed, secret)
    headers = (
        ("Host", "hooks.example.com"),
        ("Content-Type", "application/json"),
        (RB_SIGNATURE, signature),
    )
    return Request(headers, body)


def base64url(data, padded=False):
    """Base64 for addresses; tokens have it without padding (RFC 7515, section 2)."""
    text = base64.urlsafe_b64encode(data).decode()
    return text if padded else text.rstrip("=")


def base64std(data, padded=True):
    """Base64 with `+` and `/`."""
    text = base64.b64encode(data).decode()
    return text if padded else text.rstrip("=")


def token(claims, secret=SECRET, header=None, digest="sha256", encode=base64url, signature=None):
    """A token made by hand (RFC 7515, section 7.1), over claims that may be any JSON value."""
    header = header or {"alg": "HS256", "typ": "JWT"}
    text = claims if isinstance(claims, bytes) else stringify(claims)
    signed = f"{encode(stringify(header))}.{encode(text)}"
    made = mac(signed, secret, digest) if signature is None else signature
    return f"{signed}.{encode(made)}"


def leadpro(payload, claims=None, secret=SECRET, value=None, body=None):
    """A request of LeadPro: a token whose claims are the payload and the time it was made."""
    if claims is None:
        claims = {**payload, "iat": ISSUED_AT}
    value = value or token(claims, secret)
    headers = (
        ("Host", "hooks.example.com"),
        ("Content-Type", "application/json"),
        ("Authorization", value),
    )
    return Request(headers, stringify(payload) if body is None else octets(body))


def lead(**changes):
    """A short lead of LeadPro: the members that are asked for, and some text."""
    data = sample("leadpro", "lead.created")["data"]
    kept = ("id", "title", "full_name", "email", "phone", "address", "postcode")
    data = {name: data[name] for name in kept} | {"type": "landlord", "message": "A loft (≈ £60k) & a garden."}
    return {"event": "lead.created", "data": {**data, **changes}}


def user(**changes):
    """An agent of Real Geeks, the shortest payload with all kinds of text."""
    # The sample's signature has characters that most code pages lack.
    plain = {"name": "Zoë O'Brien", "signature": "Corinne Halloway\nWindward Shore Realty\n808-555-0119"}
    return {**sample("realgeeks", "user_updated"), **plain, **changes}


def scored(**changes):
    """A score of Realtor Bot."""
    payload = sample("realtorbot", "lead.scored")
    return {**payload, "data": {**payload["data"], **changes}}
