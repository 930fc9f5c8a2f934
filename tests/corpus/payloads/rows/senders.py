"""Payloads of the senders whose fields are listed without rules between them.

Sources: the pages that the packs name. Each field of a payload is replaced by a value of another type,
each documented list and format is left, and each field that is always sent is left out.
"""

import json
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path

from .row import but
from .row import named
from .row import teller
from .row import without

SAMPLES = Path(__file__).resolve().parents[4] / "fixtures"


@dataclass(frozen=True)
class Event:
    """An event, and what is documented of its fields."""

    provider: str
    name: str
    # The sample that has the most fields.
    variant: str = ""
    # The fields that are always sent.
    always: tuple = ()
    # The fields with a list of values that may grow.
    lists: tuple = ()
    # The fields with a documented form.
    formats: tuple = ()
    # The fields that the documentation names, and no sample has.
    more: tuple = ()
    # The fields of which any value may come.
    free: tuple = ()
    # Further faults: name, places and findings.
    others: tuple = field(default=())

    def sample(self):
        parts = (self.name, self.variant) if self.variant else (self.name,)
        return json.loads((SAMPLES / self.provider / f"{'.'.join(parts)}.json").read_text())


TURN = "/data/transcript/0"
EVENTS = (
    Event(
        "elevenlabs",
        "post_call_transcription",
        "maximal",
        always=(
            *("/event_timestamp", "/data", "/data/agent_id", "/data/conversation_id", "/data/status"),
            *("/data/transcript", "/data/metadata", "/data/metadata/start_time_unix_secs"),
            *("/data/metadata/call_duration_secs", "/data/metadata/phone_call/type"),
            *(f"{TURN}/role", f"{TURN}/time_in_call_secs"),
        ),
        lists=(
            *("/data/status", f"{TURN}/role", "/data/metadata/phone_call/type"),
            *("/data/metadata/phone_call/direction", "/data/analysis/call_successful"),
            "/data/analysis/evaluation_criteria_results/booked/result",
        ),
        more=(
            *("/data/otlp_traces", "/data/metadata/phone_call/call_id"),
            *("/data/metadata/phone_call/sip_header_dynamic_variables", f"{TURN}/llm_usage"),
            *("/data/metadata/error/code", "/data/metadata/error/reason"),
        ),
        free=(
            *("/data/conversation_initiation_client_data/dynamic_variables/", "/data/transcript/1"),
            *("/data/transcript/2", "/data/transcript/3"),
            *("/data/analysis/data_collection_results/viewing/value", "/data/metadata/error/"),
            "/data/analysis/data_collection_results/viewing/json_schema/",
        ),
    ),
    Event("elevenlabs", "post_call_audio", always=("/data/full_audio",)),
    Event(
        "elevenlabs",
        "call_initiation_failure",
        always=("/data/failure_reason", "/data/metadata", "/data/metadata/type", "/data/metadata/body"),
        lists=("/data/failure_reason", "/data/metadata/type"),
    ),
    Event(
        "elevenlabs",
        "call_initiation_failure",
        "sip",
        lists=("/data/failure_reason", "/data/metadata/type"),
    ),
    *(
        Event(
            "followupboss",
            name,
            always=("/eventId", "/eventCreated", "/resourceIds", "/uri"),
            formats=("/eventId", "/eventCreated"),
        )
        for name in (
            *("peopleCreated", "peopleUpdated", "peopleDeleted", "peopleTagsCreated", "peopleStageUpdated"),
            *("peopleRelationshipCreated", "peopleRelationshipUpdated", "peopleRelationshipDeleted"),
            *("notesCreated", "notesUpdated", "notesDeleted", "callsCreated", "callsUpdated", "callsDeleted"),
            *("appointmentsCreated", "appointmentsUpdated", "appointmentsDeleted"),
            *("emEventsOpened", "emEventsClicked", "emEventsUnsubscribed"),
        )
    ),
    *(
        Event(
            "calendly",
            name,
            always=("/payload",),
            formats=("/created_at", "/payload/email"),
        )
        for name in ("invitee.created", "invitee.canceled")
    ),
    *(
        Event(
            "callrail",
            name,
            always=("/id",),
            formats=("/created_at", "/start_time") if "call" in name else (),
        )
        for name in ("post-call", "pre-call", "call-routing-complete", "call-modified", "text-message", "form-submission")
    ),
    Event(
        "meta-leads",
        "leadgen",
        always=(
            *("/object", "/entry", "/entry/0/id", "/entry/0/time", "/entry/0/changes"),
            "/entry/0/changes/0/value",
            *(f"/entry/0/changes/0/value/{name}" for name in ("leadgen_id", "page_id", "form_id", "created_time")),
        ),
        others=(
            ("without-entries", {"/entry": []}, ("error too-few /entry",)),
            ("without-changes", {"/entry/0/changes": []}, ("error too-few /entry/0/changes",)),
            ("of-a-user", {"/object": "user"}, ("error not-in-list /object",)),
        ),
    ),
)

# The fields that name the event: another value is another event.
EVENT_NAMES = ("/entry/0/changes/0/field", "/type", "/event", "/object")


def wrong(value):
    """A value of another type than this one, which may be null or a string of digits as well."""
    match value:
        case bool() | None:
            return "x" if value is not None else 5
        case dict() | list():
            return True
        case _:
            return {"another": "type"}


def places(value, pointer=""):
    """Every place in a payload, the outer one first."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, held in inside:
        place = f"{pointer}/{key}"
        yield place, held
        yield from places(held, place)


def of_event(event):
    """Every fault of one event."""
    row = teller(event.provider)
    sample = event.sample()
    end = f"-{event.variant}" if event.variant else ""
    yield row(event.name, f"as-documented{end}", "Nothing: the sample.", sample)
    for place, held in places(sample):
        if place in EVENT_NAMES or place in event.lists or place.startswith(event.free or ("\0",)):
            continue
        what = f"{named(place)}-of-another-type{end}"
        yield row(event.name, what, f"`{place}` has another type.", but(sample, {place: wrong(held)}), f"error wrong-type {place}")
    yield row(event.name, f"in-a-list{end}", "The payload stands in a list.", [sample], "error wrong-type")
    name = next((place for place in EVENT_NAMES if any(place == there for there, _ in places(sample))), None)
    # A URL of its own names the event of one sender; the object of another names no event.
    if name and name != "/object":
        other = but(sample, {name: "something else"})
        yield row(event.name, f"of-another-event{end}", "The body names another event.", other, f"error not-in-list {name}")
        yield row(event.name, f"without-event{end}", "The body names no event.", without(sample, name), f"error missing {name}")
    for place in event.more:
        holder = place.rsplit("/", 1)[0]
        changed = but(sample, {holder: {}}) if holder.endswith("/error") else sample
        yield row(event.name, f"{named(place)}-of-another-type", f"`{place}` has another type.", but(changed, {place: True}), f"error wrong-type {place}")
    for place in event.lists:
        yield row(event.name, f"{named(place)}-unknown{end}", f"`{place}` is in no list.", but(sample, {place: "something new"}), f"warning not-in-list {place}")
    for place in event.formats:
        if any(place == there for there, _ in places(sample)):
            yield row(event.name, f"{named(place)}-of-another-form", f"`{place}` has another form.", but(sample, {place: "soon"}), f"warning bad-format {place}")
    for place in event.always:
        yield row(event.name, f"{named(place)}-missing", f"`{place}` is missing.", without(sample, place), f"error missing {place}")
    for what, changes, findings in event.others:
        yield row(event.name, what, "The payload has another shape.", but(sample, changes), *findings)


def rows():
    """All of them."""
    for event in EVENTS:
        if (SAMPLES / event.provider).is_dir():
            yield from of_event(event)
