"""Payloads of Realtor Bot.

Source: docs.realtorbot.app/advanced/webhooks. The data is known from one example of three events:
a missing member is a warning, another type an error. Of the other events the envelope alone is.
"""

from .row import but
from .row import compact
from .row import named
from .row import teller
from .row import without

row = teller("realtorbot")

LEAD = {
    "leadId": "lead_4k2",
    "firstName": "Malia",
    "lastName": "Thorsby",
    "email": "malia@example.com",
    "phone": "+18085550142",
    "source": "website_form",
    "score": 62,
}
APPOINTMENT = {
    "appointmentId": "appt_71",
    "contactId": "contact_9",
    "propertyId": "prop_5",
    "date": "2026-02-03",
    "time": "14:30",
    "duration": 45,
    "type": "showing",
}
SHOWN = {"lead.created": LEAD, "appointment.scheduled": APPOINTMENT, "test": {"message": "Hello."}}
NAMED = (
    *("bot.created", "bot.updated", "bot.activated", "bot.deactivated"),
    *("conversation.started", "conversation.message", "conversation.ended"),
    *("lead.qualified", "lead.scored"),
    *("appointment.rescheduled", "appointment.cancelled", "appointment.completed"),
    *("email.received", "email.sent", "email.opened", "email.clicked"),
)


def event(name, **changes):
    """The least of an event, with other members of the data too."""
    data = {**SHOWN.get(name, {}), **changes}
    return {"id": "evt_6f2a", "type": name, "timestamp": "2026-01-14T19:22:05Z", "data": data}


def valid():
    """Nothing to say, though some of it looks odd."""
    for name in (*SHOWN, *NAMED):
        yield row(name, "least", "Nothing: the least that the event has.", event(name))
    yield row("lead.created", "unknown-members", "Nothing: other members may come.", {**event("lead.created", budget=5), "v": 2})
    yield row("lead.created", "score-with-fraction", "Nothing: a score is a number.", event("lead.created", score=62.5))
    yield row("lead.created", "score-at-the-ends", "Nothing: the range has its ends.", event("lead.created", score=100))
    yield row("lead.created", "time-with-offset", "Nothing: any time of RFC 3339.", {**event("lead.created"), "timestamp": "2026-01-14T09:22:05.5-10:00"})
    yield row("appointment.scheduled", "type-of-another-kind", "Nothing: no list is given.", event("appointment.scheduled", type="video call"))
    yield row("test", "of-the-page", "Nothing: the id that the page has.", {**event("test"), "id": "evt_test_123"})


def envelope():
    """What stands around the data."""
    name = "bot.created"
    least = event(name)
    for member in least:
        yield row(name, f"{member}-missing", f"`{member}` is missing.", without(least, f"/{member}"), f"error missing /{member}")
    for what, value, finding in (
        ("id-a-number", {"id": 5}, "error wrong-type /id"),
        ("id-of-another-prefix", {"id": "msg_1"}, "warning bad-format /id"),
        ("id-with-a-hyphen", {"id": "evt_a-b"}, "warning bad-format /id"),
        ("id-prefix-alone", {"id": "evt_"}, "warning bad-format /id"),
        ("timestamp-a-number", {"timestamp": 1768418525}, "error wrong-type /timestamp"),
        ("timestamp-a-day", {"timestamp": "2026-01-14"}, "warning bad-format /timestamp"),
        ("timestamp-without-zone", {"timestamp": "2026-01-14T19:22:05"}, "warning bad-format /timestamp"),
        ("data-a-list", {"data": []}, "error wrong-type /data"),
        ("data-null", {"data": None}, "error wrong-type /data"),
        ("data-a-text", {"data": "{}"}, "error wrong-type /data"),
        ("type-a-number", {"type": 5}, "error not-in-list /type"),
    ):
        yield row(name, what, "The envelope has another form.", {**least, **value}, finding)
    yield row(name, "in-a-list", "The payload stands in a list.", [least], "error wrong-type")
    yield row("lead.deleted", "event-unknown", "The event is on no page.", event("lead.deleted"), "error unknown-event /type", says=("expected one of 19 events, such as",))
    names = (*SHOWN, *NAMED)
    for name, other in zip(names, names[1:] + names[:1]):
        value = {**event(name), "type": other}
        yield row(name, "of-another-event", "The body names another event.", value, "error not-in-list /type", says=(f"is `{other}`, expected `{name}`",))


def data():
    """The data of the three events that are shown."""
    for name, members in SHOWN.items():
        for member, value in members.items():
            place = f"/data/{member}"
            yield row(name, f"{member}-missing", f"`{member}` is missing.", without(event(name), place), f"warning missing {place}")
            wrong = 5 if isinstance(value, str) else str(value)
            yield row(name, f"{member}-of-another-type", f"`{member}` has another type.", event(name, **{member: wrong}), f"error wrong-type {place}")
        nothing = but(event(name), {"/data": {}})
        yield row(name, "data-empty", "The data is empty.", nothing, *(f"warning missing /data/{member}" for member in members))
    yield row("lead.created", "email-null", "`null` is no text.", event("lead.created", email=None), "error wrong-type /data/email")
    for name, place, what, value in (
        ("lead.created", "/email", "without-at", "malia"),
        ("lead.created", "/phone", "without-plus", "8085550142"),
        ("lead.created", "/phone", "with-hyphens", "+1-808-555-0142"),
        ("appointment.scheduled", "/date", "day-first", "03/02/2026"),
        ("appointment.scheduled", "/date", "with-time", "2026-02-03T14:30:00Z"),
        ("appointment.scheduled", "/date", "day-30", "2026-02-30"),
        ("appointment.scheduled", "/time", "of-twelve-hours", "2:30 pm"),
        ("appointment.scheduled", "/time", "hour-24", "24:00"),
        ("appointment.scheduled", "/time", "with-seconds", "14:30:00"),
    ):
        yield row(name, f"{named(place)}-{what}", "The text has another form than in the example.", but(event(name), {f"/data{place}": value}), f"warning bad-format /data{place}")
    for value in (-1, 101):
        yield row("lead.created", f"score-{value}", "A score is out of its range.", event("lead.created", score=value), "warning out-of-range /data/score")
    of_lead = without(event("appointment.scheduled", leadId="lead_4k2"), "/data/contactId")
    yield row("appointment.scheduled", "leadId-for-contactId", "The page has a `contactId` here, though a lead has a `leadId`.", of_lead, "warning missing /data/contactId")
    of_contact = without(event("lead.created", contactId="contact_9"), "/data/leadId")
    yield row("lead.created", "contactId-for-leadId", "The page has a `leadId` here.", of_contact, "warning missing /data/leadId")


def of_bytes():
    """Bytes that are odd, or no JSON."""
    least = compact(event("lead.created"))
    yield row("lead.created", "not-json-cut-off", "The end is missing.", least[:-1], "error not-json")
    yield row("lead.created", "not-json-comment", "A comment stands in it.", b"// a lead\n" + least, "error not-json")
    yield row("lead.created", "name-twice", "A name stands twice.", least.replace(b'"score":62', b'"score":62,"score":63'), "warning duplicate-key /data/score")
    yield row("lead.created", "half-a-pair", "A text holds half a surrogate pair.", least.replace(b"Malia", b"\\ud83d"), "warning lone-surrogate /data/firstName")
    yield row("lead.created", "score-too-precise", "A number has more digits than a double keeps.", least.replace(b":62", b":62.00000000000000000001"), "warning imprecise-number /data/score")


def rows():
    """All of them."""
    for part in (valid, envelope, data, of_bytes):
        yield from part()
