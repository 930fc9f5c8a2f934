"""Faults of the schemes that sign a time in the header, or an encoding of the body."""


from .requests import SECRET
from .requests import Request
from .requests import base64std
from .requests import mac
from .requests import mac_hex
from .requests import stringify
from .row import fails
from .row import holds
from .row import row

# The time of every captured request here.
TIME = 1768478400

PERSON = stringify(
    {
        "eventId": "152d60c0-79da-4018-a9af-28aec8a71c94",
        "eventCreated": "2026-01-15T12:00:00+00:00",
        "event": "peopleCreated",
        "resourceIds": [31842],
        "uri": "https://api.example.com/v1/people?id=31842",
    }
)
AUDIO = stringify(
    {
        "type": "post_call_audio",
        "event_timestamp": TIME,
        "data": {"agent_id": "agent_1", "conversation_id": "conv_1", "full_audio": "//uQAA=="},
    }
)


def request(header, value, body):
    """A request with this signature."""
    return Request((("Host", "hooks.example.com"), ("Content-Type", "application/json"), (header, value)), body)


def person(signature):
    """A request of Follow Up Boss."""
    return request("FUB-Signature", signature, PERSON)


def audio(value):
    """A request of ElevenLabs."""
    return request("ElevenLabs-Signature", value, AUDIO)


def timed(time, body=AUDIO, joined=b".", secret=SECRET):
    """The digest of a time and a body."""
    return mac_hex(str(time).encode() + joined + body, secret)


def rows():
    """All of them."""
    yield row("valid/base64-of-body.json", "Nothing.", person(mac_hex(base64std(PERSON).encode())), holds())
    yield row("valid/timestamped.json", "Nothing.", audio(f"t={TIME},v0={timed(TIME)}"), holds())
    rotated = f"t={TIME},v0={'0' * 64},v0={timed(TIME)}"
    yield row("valid/timestamped-rotated.json", "Nothing: one of two signatures is valid.", audio(rotated), holds())
    for name, fault, value, *codes in (
        ("body-not-encoded", "The body itself is signed.", mac_hex(PERSON), "body-not-encoded"),
        ("body-encoded-twice", "The base64 is encoded again.", mac_hex(base64std(base64std(PERSON).encode()).encode()), "signed-as-base64"),
    ):
        yield row(f"signature/{name}.json", fault, person(value), fails(*codes))
    of_sha1 = mac_hex(base64std(PERSON).encode(), digest="sha1")
    yield row("signature/base64-of-body-sha1.json", "SHA-1 is used.", person(of_sha1), fails("other-digest", signature="malformed"))
    in_base64 = base64std(mac(base64std(PERSON).encode()))
    yield row("signature/base64-of-body-in-base64.json", "The digest is in base64.", person(in_base64), fails("base64-signature", signature="malformed"))
    for name, fault, value, status, *codes in (
        ("old", "The time is an hour old.", f"t={TIME - 3600},v0={timed(TIME - 3600)}", "invalid", "stale-timestamp"),
        ("without-dot", "The dot is missing.", f"t={TIME},v0={timed(TIME, joined=b'')}", "invalid", "timestamp-signed"),
        ("colon", "A colon replaces the dot.", f"t={TIME},v0={timed(TIME, joined=b':')}", "invalid", "timestamp-signed"),
        ("body-alone", "Only the body is signed.", f"t={TIME},v0={mac_hex(AUDIO)}", "invalid", "body-alone-signed"),
        ("v1", "The version is `v1`.", f"t={TIME},v1={timed(TIME)}", "malformed", "other-version"),
        ("space", "A space follows the comma.", f"t={TIME}, v0={timed(TIME)}", "malformed", "space-in-signature"),
        ("no-time", "The time is missing.", f"v0={timed(TIME)}", "malformed", "missing-timestamp", "none-holds"),
        ("two-times", "The time is sent twice.", f"t={TIME},t={TIME},v0={timed(TIME)}", "malformed", "repeated-timestamp"),
        ("text-time", "The time is no number.", f"t=noon,v0={timed('noon')}", "malformed", "malformed-timestamp"),
        ("base64", "The digest is in base64.", f"t={TIME},v0={base64std(bytes.fromhex(timed(TIME)))}", "malformed", "base64-signature"),
    ):
        yield row(f"signature/timestamped-{name}.json", fault, audio(value), fails(*codes, signature=status))
    future = f"t={TIME + 7200},v0={timed(TIME + 7200)}"
    yield row("remark/timestamped-future.json", "The time is two hours ahead.", audio(future), holds(remarks=("warning future-timestamp",)))
    milliseconds = f"t={TIME}000,v0={timed(f'{TIME}000')}"
    yield row("remark/timestamped-milliseconds.json", "The time is in milliseconds.", audio(milliseconds), holds(remarks=("warning future-timestamp",)))
    decoded = f"t={TIME},v0={mac_hex(f'{TIME}.'.encode() + AUDIO, bytes(range(16)))}"
    encoded = base64std(bytes(range(16)))
    yield row("secret/timestamped-decoded.json", "The signer decoded the secret.", audio(decoded), fails("secret-is-base64"), secrets=(encoded,))
