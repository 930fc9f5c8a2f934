"""Requests whose signature holds, with one fault of the payload or of what is around it."""

from . import forms
from .requests import lead
from .requests import leadpro
from .requests import octets
from .requests import realgeeks
from .requests import realtorbot
from .requests import sample
from .requests import scored
from .requests import stringify
from .requests import user
from .row import Verdict
from .row import fails
from .row import holds
from .row import row

ENABLED = sample("realgeeks", "integration_enabled")


def judged(findings):
    """What becomes of a payload with these findings."""
    worst = "invalid" if any(finding.startswith("error") for finding in findings) else "warnings"
    return holds(payload=worst if findings else "valid", findings=tuple(findings))


def geeks(name, fault, value, *findings, event="user_updated", **more):
    """A payload of Real Geeks: an object, or bytes as they are."""
    body = value if isinstance(value, (bytes, str)) else stringify(value)
    request = realgeeks(event, body)
    return row(f"payload/{name}.json", fault, request, judged(findings), **more)


def pro(name, fault, value, *findings, **more):
    """A payload of LeadPro."""
    return row(f"payload/{name}-leadpro.json", fault, leadpro(value), judged(findings), **more)


def bot(name, fault, value, *findings, **more):
    """A payload of Realtor Bot."""
    return row(f"payload/{name}-realtorbot.json", fault, realtorbot(stringify(value)), judged(findings), **more)


def without(value, name):
    """An object without one of its members."""
    return {known: member for known, member in value.items() if known != name}


def of_realgeeks():
    """Members that are missing, of another type or of another form."""
    created = sample("realgeeks", "created")
    enabled = {"event": "integration_enabled"}
    yield geeks("missing", "A mandatory member is missing.", without(ENABLED, "site_uuid"), "error missing /site_uuid", **enabled)
    yield geeks("missing-id", "The id is missing.", without(user(), "id"), "error missing /id")
    yield geeks(
        "missing-source",
        "A member that is expected, and not mandatory, is missing.",
        without(created, "source"),
        "warning missing /source",
        event="created",
    )
    yield geeks("wrong-type", "A number stands where a text is expected.", user(name=5), "error wrong-type /name")
    yield geeks("wrong-type-null", "`null` stands where a text is expected.", user(email=None), "error wrong-type /email")
    yield geeks("wrong-type-list", "The payload is a list.", [user()], "error wrong-type")
    yield geeks("bad-format-email", "An e-mail address is none.", user(email="corinne at example"), "warning bad-format /email")
    yield geeks("bad-format-id", "An id of digits has letters.", user(id="u-20738"), "warning bad-format /id")
    yield geeks(
        "bad-format-time",
        "A time has no zone.",
        {**created, "created": "2026-01-14 19:22"},
        "warning bad-format /created",
        event="created",
    )
    yield geeks("empty", "A member that is never unset is empty.", {**ENABLED, "partner_id": ""}, "error empty /partner_id", **enabled)
    yield geeks("not-in-list", "A role is not on the list.", user(role="Manager"), "warning not-in-list /role")
    yield geeks("unknown-member", "A member is on no page.", user(nickname="Cory"), "warning unknown-member /nickname")
    bare = {name: created[name] for name in ("id", "site_uuid", "site_domain", "partner_id", "source", "role")}
    yield geeks("no-contact", "A lead has neither name nor address.", bare, "warning no-contact-field", event="created")
    yield row(
        "payload/strict.json",
        "A role is not on the list, and warnings fail.",
        realgeeks("user_updated", stringify(user(role="Manager"))),
        holds(payload="invalid", findings=("error not-in-list /role",)),
        args=("--strict",),
    )
    yield row(
        "payload/unchecked.json",
        "A mandatory member is missing, and the payload is not looked at.",
        realgeeks("user_updated", stringify(without(user(), "id"))),
        holds(payload="unchecked"),
        args=("--no-payload",),
    )


def of_leadpro():
    """The sizes and lists that this provider has on its page."""
    full = sample("leadpro", "lead.created")["data"]
    wide = {f"campaign {number}": "x" * 90 for number in range(10)}
    for name, fault, changes, finding in (
        ("too-long", "A title is too long.", {"title": "Archbishop Emeritus"}, "error too-long /data/title"),
        ("too-long-message", "A message is longer than 8192 letters.", {"message": "x" * 8193}, "error too-long /data/message"),
        ("too-short", "A postcode has one letter.", {"postcode": "X"}, "error too-short /data/postcode"),
        ("empty", "The full name is empty.", {"full_name": ""}, "error empty /data/full_name"),
        ("too-large", "`meta` has more than 1024 bytes.", {"meta": wide}, "error too-large /data/meta"),
        (
            "too-precise",
            "An estimation has three decimals.",
            {"average_sale_estimation": 1950.125},
            "error too-precise /data/average_sale_estimation",
        ),
        ("not-in-list", "A type is not on the list.", {"type": "tenant"}, "error not-in-list /data/type"),
        ("wrong-type", "A value of `meta` is a number.", {"meta": {"tour": 1}}, "error wrong-type /data/meta/tour"),
        ("bare-boolean", "A value of `meta` is a boolean.", {"meta": {"tour": True}}, "warning bare-boolean /data/meta/tour"),
        ("wrong-type-id", "The id is a text.", {"id": "482913"}, "error wrong-type /data/id"),
        (
            "too-few",
            "A question has no answer.",
            {"questionnaire": [["Do you have a property to sell?"]]},
            "error too-few /data/questionnaire/0",
        ),
        (
            "too-many",
            "A question has two answers.",
            {"questionnaire": [["Which?", "One", "Two"]]},
            "error too-many /data/questionnaire/0",
        ),
        ("bad-format-email", "An e-mail address is none.", {"email": "imogen"}, "error bad-format /data/email"),
        (
            "bad-format-time",
            "A time is a day alone.",
            {"createdAt": "14 January 2026"},
            "warning bad-format /data/createdAt",
        ),
        (
            "single-object",
            "One object stands where a list of them is expected.",
            {"comparable_props": full["comparable_props"][0]},
            "warning single-object /data/comparable_props",
        ),
        ("number-as-string", "A number stands in quotes.", {"office_id": "1213"}, "warning number-as-string /data/office_id"),
    ):
        yield pro(name, fault, lead(**changes), finding)
    missing = lead()
    del missing["data"]["email"]
    yield pro("missing", "The e-mail address is missing.", missing, "error missing /data/email")
    updated = {"event": "lead.updated", "data": without(lead()["data"], "full_name")}
    yield pro("missing-updated", "The full name is missing in an update.", updated, "warning missing /data/full_name")
    yield pro("unknown-event", "The event is on no page.", {**lead(), "event": "lead.deleted"}, "error unknown-event /event")
    yield pro("missing-event", "No event is named.", without(lead(), "event"), "error missing-event /event")


def of_realtorbot():
    """What is known from one example of each event."""
    event = sample("realtorbot", "lead.created")

    def data(**changes):
        return {**event, "data": {**event["data"], **changes}}

    yield bot("out-of-range", "A score is above 100.", data(score=101), "warning out-of-range /data/score")
    yield bot("wrong-type", "A score is a text.", data(score="62"), "error wrong-type /data/score")
    yield bot("bad-format-phone", "A phone number has no plus sign.", data(phone="8085550142"), "warning bad-format /data/phone")
    yield bot("bad-format-id", "An id has another prefix.", {**event, "id": "msg_1"}, "warning bad-format /id")
    yield bot(
        "missing",
        "A member of the example is missing.",
        {**event, "data": without(event["data"], "email")},
        "warning missing /data/email",
    )
    yield bot("missing-timestamp", "The timestamp is missing.", without(event, "timestamp"), "error missing /timestamp")
    yield bot("wrong-type-data", "The data is a list.", {**event, "data": []}, "error wrong-type /data")
    yield bot("unknown-event", "The event is on no page.", {**event, "type": "lead.deleted"}, "error unknown-event /type")
    yield bot("missing-event", "No event is named.", without(event, "type"), "error missing-event /type")


def of_bytes():
    """Bodies whose bytes are signed as they came, and odd."""
    plain = stringify(user()).decode()
    enabled = stringify(ENABLED).decode()
    yield geeks("duplicate-key", "A name stands twice in the body.", '{"id":"1",' + plain[1:], "warning duplicate-key /id")
    yield geeks(
        "lone-surrogate",
        "A text holds half a surrogate pair.",
        plain.replace("Zoë", "\\ud83d"),
        "warning lone-surrogate /name",
    )
    created = stringify(sample("realgeeks", "created")).decode()
    yield geeks(
        "imprecise-number",
        "A number has more digits than a double keeps.",
        created.replace("21.4012", "21.40123456789012345678"),
        "warning imprecise-number /activities/2/property/latitude",
        event="created",
    )
    for name, fault, body in (
        ("cut", "The body ends in the middle.", plain[:-20]),
        ("bom", "A byte order mark that was signed stands before the body.", "\ufeff" + plain),
        ("nan", "A number is NaN.", plain.replace("false", "NaN")),
        ("single-quotes", "The texts stand in single quotes.", enabled.replace('"', "'")),
        ("trailing-comma", "A comma stands after the last member.", enabled[:-1] + ",}"),
        ("form", "The body is a form.", "partner_id=HI-20417&site_uuid=3f1c9a52"),
        ("empty", "The body is empty.", ""),
        ("two-documents", "Two documents stand in one body.", enabled + enabled),
        ("control-character", "A text has a line end in it.", plain.replace("Zoë ", "Zoë\n")),
    ):
        yield geeks(f"not-json-{name}", fault, body, "error not-json")
    invalid = octets(plain).replace("ë".encode(), b"\xeb")
    yield geeks("not-json-latin1", "The body is in Latin-1, and was signed so.", invalid, "error not-json")


def around():
    """The headers and the method."""
    body = stringify(user())
    request = realgeeks("user_updated", body)
    action, number = "X-Lead-Router-Action", "X-Lead-Router-Message-Id"
    for name, fault, changed, *findings in (
        ("unknown-event", "The event is on no page.", request.with_header(action, "user_deleted"), "error unknown-event /action"),
        ("missing-event", "No event is named.", request.without(action), "error missing-event /action"),
        (
            "missing-message-id",
            "The id of the message is missing.",
            request.without(number),
            "warning missing-message-id",
        ),
        (
            "missing-event-header",
            "The body alone names the event.",
            realgeeks("user_updated", stringify({**user(), "action": "user_updated"})).without(action),
            "warning missing-header",
        ),
        (
            "repeated-event",
            "The header with the event stands there twice.",
            request.plus((action, "user_updated")),
            "warning repeated-header",
        ),
        (
            "repeated-message-id",
            "The header with the id stands there twice.",
            request.plus((number, "another")),
            "warning repeated-header",
        ),
        ("not-a-post", "The request came by PUT.", request.but(method="PUT"), "warning not-a-post"),
    ):
        yield row(f"request/{name}.json", fault, changed, judged(findings))
    differs = realgeeks("user_updated", stringify(user(action="created")))
    yield row(
        "request/event-differs.http",
        "The body names another event than the header.",
        forms.http(differs),
        judged(["warning event-differs /action"]),
    )


def unchecked():
    """What cannot be told: there is no secret, or no provider."""
    request = realgeeks("user_updated", stringify(user()))
    yield row(
        "request/no-secret.json",
        "There is no secret to verify with.",
        request,
        Verdict("unchecked", ("no-secret",)),
        secrets=(),
        exit=5,
    )
    yield row(
        "request/no-secret-of-this-provider.json",
        "There is a secret, and it is another provider's.",
        request,
        Verdict("unchecked", ("no-secret",)),
        secrets=(),
        env={"LEADHOOK_LEADPRO_SECRET": "of-leadpro"},
        exit=5,
    )
    stranger = {"headers": {"Content-Type": "application/json", "Authorization": "Basic eDp5"}, "body": '{"hello":"world"}'}
    yield row(
        "request/unknown-provider.json",
        "Nothing tells which provider sent it.",
        forms.dumped(stranger),
        Verdict("unchecked", ("unknown-provider",), payload="unchecked"),
        exit=5,
    )
    yield row(
        "request/unknown-provider-not-json.json",
        "Nothing tells which provider sent it, and its body is no JSON.",
        forms.dumped({**stranger, "body": "hello"}),
        Verdict("unchecked", ("unknown-provider",), payload="invalid", findings=("error not-json",)),
        exit=1,
    )
    bare = realtorbot(stringify(scored()), secret="not at hand").without("x-realtorbot-signature")
    yield row(
        "request/provider-given.json",
        "Nothing of Real Geeks is in it, and `-p` says that it is theirs.",
        bare,
        fails(
            "missing-signature",
            "none-holds",
            signature="missing",
            payload="invalid",
            findings=("error missing-event /action", "warning missing-message-id"),
        ),
        args=("-p", "realgeeks"),
    )


def rows():
    """Every row of this file."""
    yield from of_realgeeks()
    yield from of_leadpro()
    yield from of_realtorbot()
    yield from of_bytes()
    yield from around()
    yield from unchecked()
