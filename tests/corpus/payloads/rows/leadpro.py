"""Payloads of LeadPro.

Source: the guide "Using webhooks" of lead.pro. Its one table of fields serves both events; sizes
and mandatory members are errors in `lead.created`, and warnings in `lead.updated` but for the id.
"""

from itertools import cycle

from .row import but
from .row import compact
from .row import named
from .row import teller
from .row import without

row = teller("leadpro")

CREATED, UPDATED = "lead.created", "lead.updated"
WEIGHTS = {CREATED: "error", UPDATED: "warning"}

MANDATORY = {
    "id": 482913,
    "full_name": "Imogen Hartley",
    "email": "imogen@example.com",
    "phone": "07700900123",
    "type": "vendor",
}
# The least of each kind of lead.
VENDOR = {**MANDATORY, "address": "3 Mill Lane, Exeter", "postcode": "EX1 1AA"}
SALE = {
    **MANDATORY,
    "type": "sale",
    "advert_address": "9 Quay Street, Exeter",
    "advert_postcode": "EX2 4AP",
    "property_reference": "EXE-1042",
}

TEXTS = (
    "title",
    "first_name",
    "last_name",
    "source",
    "status",
    "stage",
    "createdAt",
    "address",
    "postcode",
    "advert_address",
    "advert_postcode",
    "advert_url",
    "advert_image",
    "property_reference",
    "message",
    "host",
    "office_name",
    "account_name",
    "referred_by_office_name",
    "referred_by_account_name",
)
NUMBERS = ("parentId", "property_bedrooms", "account_id", "referred_by_office_id", "referred_by_account_id")
ESTIMATIONS = tuple(f"{what}_{of}_estimation" for of in ("sale", "rent") for what in ("average", "minimum", "maximum"))
BOOLEANS = ("gdpr_checkbox", "international")

# Every value of each list; those of the source are the known ones.
TYPES = ("sale", "vendor", "landlord", "let", "mortgage_request")
SOURCES = (
    *("homepage", "rightmove", "rightmove_valuation", "zoopla", "zoopla_valuation", "onthemarket"),
    *("gumtree", "s1", "lettingweb", "propertypal", "ivt"),
)
STATUSES = ("UNREAD", "IN_PROGRESS", "NO_BUSINESS", "BUSINESS", "DUPLICATE")
STAGES = (
    *("NEW", "CONTACTED", "KEEP_IN_TOUCH", "LOST", "NOT_CONTACTABLE", "WON", "VALUATION_BOOKED"),
    *("INSTRUCTED", "VIEWING_BOOKED", "REGISTERED", "DUPLICATE", "SPAM", "DELETED"),
)
KINDS = ("detached", "semi-detached", "terraced", "flat-maisonette")

# The most characters of a text, and the least where there is one.
LENGTHS = {
    "title": (1, 10),
    "first_name": (1, 50),
    "last_name": (1, 50),
    "full_name": (1, 100),
    "phone": (0, 255),
    "address": (0, 100),
    "postcode": (2, 10),
    "advert_address": (0, 100),
    "advert_postcode": (2, 10),
    "advert_url": (0, 255),
    "advert_image": (0, 255),
    "property_reference": (0, 50),
    "message": (0, 8192),
}
# The most bytes as JSON.
SIZES = {"meta": 1024, "questionnaire": 2048, "appointment_availability": 2048}


def lead(event=CREATED, of=VENDOR, **changes):
    """A lead with other members too."""
    return {"event": event, "data": {**of, **changes}}


def sized(name, size):
    """A value that has exactly so many bytes as compact JSON, and fewer characters."""
    if name == "meta":
        value, place = {"campaign": "", "note": "Café"}, "/campaign"
    elif name == "questionnaire":
        value, place = [["Do you have a property to sell?", ""], ["Où?", "Ici."]], "/0/1"
    else:
        value, place = {"hours": ["2026-01-14T19:22:05Z"], "note": "", "where": "à Exeter"}, "/note"
    value = but(value, {place: "x" * (size - len(compact(value)))})
    assert len(compact(value)) == size > len(compact(value).decode())
    return value


def valid():
    """Nothing to say, though some of it looks odd."""
    for event in WEIGHTS:
        yield row(event, "least-vendor", "Nothing: the least of a vendor.", lead(event))
        yield row(event, "least-sale", "Nothing: the least of a sale.", lead(event, SALE))
        at_limits = {name: "x" * most for name, (_, most) in LENGTHS.items()}
        at_limits |= {name: sized(name, size) for name, size in SIZES.items()}
        at_limits |= dict.fromkeys(ESTIMATIONS, 1950.25)
        yield row(event, "at-every-limit", "Nothing: every limit is reached and none is passed.", lead(event, **at_limits))
    letters = {name: "é" * most for name, (_, most) in LENGTHS.items() if name != "message"}
    yield row(CREATED, "lengths-in-letters", "Nothing: lengths count letters, not bytes.", lead(**letters))
    office = {**MANDATORY, "type": "let", "office_id": 1213, "property_reference": "EXE-1042"}
    yield row(CREATED, "office-instead-of-advert", "Nothing: an office stands in place of an advert.", lead(of=office))
    whole = {**VENDOR, **SALE}
    lists = zip(STAGES, cycle(TYPES), cycle(SOURCES), cycle(STATUSES), cycle(KINDS))
    for stage, kind, source, status, form in lists:
        value = lead(of=whole, stage=stage, type=kind, source=source, status=status, property_type=form)
        yield row(CREATED, f"values-{stage}".lower(), "Nothing: values of the lists.", value)
    nulls = dict.fromkeys((*TEXTS, *NUMBERS, *ESTIMATIONS, *BOOLEANS, *SIZES, "office_id", "comparable_props", "property_type"))
    nulls = {name: null for name, null in nulls.items() if name not in ("address", "postcode")}
    yield row(CREATED, "nulls", "Nothing: what is not mandatory may be null.", lead(**nulls))
    yield row(
        CREATED,
        "advert-swapped",
        "Nothing that can be told: as in the vendor's payload, the page and the picture are swapped.",
        lead(of=SALE, advert_url="https://www.example.com/9.jpg", advert_image="https://www.example.com/9"),
    )
    yield row(CREATED, "unknown-members", "Nothing: the vendor's other interface has them.", lead(utm_source="print", next_action_date="2026-01-20"))
    yield row(CREATED, "beside-the-envelope", "Nothing: other members may stand beside the data.", {**lead(), "sent": 1})
    yield row(CREATED, "time-with-offset", "Nothing: any offset is right.", lead(createdAt="2000-01-23T01:23:45.678+09:00"))
    whole = {"address": "5 Mill Lane", "beds": 3, "coords": {"x": -3.53, "y": 50.72}, "date": "2025-06-30T00:00:00Z"}
    yield row(CREATED, "comparable", "Nothing: a property sold nearby.", lead(comparable_props=[whole, {}]))
    spaced = b'{"event": "lead.created", "data": {"id": 1, "full_name": "Imogen Hartley", "email": "i@example.com", "phone": "1", "type": "vendor", "address": "", "postcode": "EX1", "meta": {%b"a": "%b"}}}'
    yield row(CREATED, "meta-with-spaces", "Nothing: white space is not counted.", spaced % (b" " * 600, b"x" * 600))
    printed = {**SALE, "type": "vendor", "address": "3 Mill Lane, Exeter", "postcode": "EX1 1AA", "status": "active", "stage": "complete"}
    printed |= {"advert_url": "https://www.example.com/9.jpg", "advert_image": "https://www.example.com/9"}
    printed |= {"meta": {"virtual tour": True, "epc": "C"}, "questionnaire": [["Do you have a property to sell?", "No"]]}
    for event in WEIGHTS:
        yield row(
            event,
            "vendors-own-bytes",
            "As the vendor prints it, with the phone in quotes: a status and a stage outside their lists, and a boolean in meta.",
            lead(event, printed),
            "warning not-in-list /data/status",
            "warning not-in-list /data/stage",
            "warning bare-boolean /data/meta/virtual tour",
        )


def missing():
    """Members that are not there."""
    for event, weight in WEIGHTS.items():
        yield row(event, "data-missing", "The data is missing.", {"event": event}, "error missing /data", says=("expected an object",))
        yield row(event, "event-missing", "The event is missing.", {"data": VENDOR}, "error missing /event", says=(f"expected `{event}`",))
        for name in MANDATORY:
            value = lead(event)
            del value["data"][name]
            severity = "error" if name == "id" else weight
            yield row(event, f"{name}-missing", f"`{name}` is missing.", value, f"{severity} missing /data/{name}")
    yield row(
        UPDATED,
        "only-what-changed",
        "An update has the whole lead, not only what changed.",
        {"event": UPDATED, "data": {"id": 482913, "stage": "CONTACTED"}},
        *(f"warning missing /data/{name}" for name in ("full_name", "email", "phone", "type")),
    )
    for kind in ("vendor", "landlord", "mortgage_request"):
        for name in ("address", "postcode"):
            value = without(lead(type=kind), f"/data/{name}")
            finding = f"warning address-missing-for-type /data/{name}"
            yield row(CREATED, f"{kind}-without-{name}", f"A lead of this type has the {name} of its own property.", value, finding)
    yield row(
        UPDATED,
        "vendor-without-place",
        "A vendor has neither address nor postcode.",
        {"event": UPDATED, "data": MANDATORY},
        "warning address-missing-for-type /data/address",
        "warning address-missing-for-type /data/postcode",
        says=("is missing, expected a string, as every vendor, landlord and mortgage request has it",),
    )
    for name in ("address", "postcode"):
        yield row(CREATED, f"vendor-with-{name}-null", "Null is no address.", lead(**{name: None}), f"warning null-where-mandatory /data/{name}")
    for kind in ("sale", "let"):
        for name in ("advert_address", "advert_postcode"):
            value = without(lead(of=SALE, type=kind), f"/data/{name}")
            finding = f"warning advert-missing-without-office /data/{name}"
            yield row(CREATED, f"{kind}-without-{name}", "No office is named, so the advert must be.", value, finding)
        value = without(lead(of=SALE, type=kind), "/data/property_reference")
        finding = "warning reference-missing-for-type /data/property_reference"
        yield row(CREATED, f"{kind}-without-property_reference", "Nothing tells the property.", value, finding)
    value = without(lead(of=SALE, office_id=None), "/data/advert_address", "/data/advert_postcode")
    yield row(
        CREATED,
        "sale-with-office_id-null",
        "An office that is null is none.",
        value,
        "warning advert-missing-without-office /data/advert_address",
        "warning advert-missing-without-office /data/advert_postcode",
    )
    for name in ("advert_address", "advert_postcode", "property_reference"):
        yield row(CREATED, f"sale-with-{name}-null", "Null is nothing.", lead(of=SALE, **{name: None}), f"warning null-where-mandatory /data/{name}")


def sizes():
    """Texts that are too long or too short, and values of too many bytes."""
    for event, weight in WEIGHTS.items():
        for name, (least, most) in LENGTHS.items():
            value = lead(event, **{name: "é" * (most + 1)})
            says = (f"has {most + 1} characters, expected at most {most} characters",)
            yield row(event, f"{name}-too-long", f"`{name}` has a letter too many.", value, f"{weight} too-long /data/{name}", says=says)
            if least:
                code = "empty" if least == 1 else "too-short"
                value = lead(event, **{name: "E" * (least - 1)})
                yield row(event, f"{name}-too-short", f"`{name}` has a letter too few.", value, f"{weight} {code} /data/{name}")
        for name, most in SIZES.items():
            value = lead(event, **{name: sized(name, most + 1)})
            says = (f"has {most + 1} bytes, expected at most {most} bytes as compact JSON in UTF-8",)
            yield row(event, f"{name}-too-large", f"`{name}` has a byte too many.", value, f"{weight} too-large /data/{name}", says=says)
        value = lead(event, meta={"note": "é" * 600})
        yield row(event, "meta-too-large-in-bytes", "611 characters of two bytes each are more than 1024 bytes.", value, f"{weight} too-large /data/meta")
    for name in ESTIMATIONS:
        yield row(CREATED, f"{name}-too-precise", "An estimation has three decimals.", lead(**{name: 1950.125}), f"error too-precise /data/{name}", says=("has 3 decimals, expected at most 2 decimals",))
    tiny = compact(lead(average_sale_estimation=0)).replace(b'estimation":0', b'estimation":1e-7')
    yield row(CREATED, "estimation-with-exponent", "An estimation has seven decimals, written with an exponent.", tiny, "error too-precise /data/average_sale_estimation")


def mistyped():
    """Values of another type."""
    for names, value, fault in (
        (TEXTS, 5, "A number stands where a text is expected."),
        (NUMBERS + ESTIMATIONS, "5", "A number stands in quotes."),
        (BOOLEANS, "true", "A boolean stands in quotes."),
    ):
        for name in names:
            yield row(CREATED, f"{name}-of-another-type", fault, lead(**{name: value}), f"error wrong-type /data/{name}")
    for name, value, code in (
        ("id", "482913", "wrong-type"),
        ("full_name", 5, "wrong-type"),
        ("email", 5, "wrong-type"),
        ("phone", 7700900123, "wrong-type"),
        ("type", 5, "not-in-list"),
    ):
        yield row(CREATED, f"{name}-of-another-type", f"`{name}` has another type.", lead(**{name: value}), f"error {code} /data/{name}")
        yield row(UPDATED, f"{name}-null", "What is mandatory may not be null.", lead(UPDATED, **{name: None}), f"error {code} /data/{name}")
    yield row(CREATED, "id-with-fraction", "An id is counted up, so it is whole.", lead(id=1.5), "error wrong-type /data/id")
    yield row(
        CREATED,
        "phone-without-quotes",
        "As the vendor prints it: digits with a leading zero are no JSON.",
        compact(lead()).replace(b'"07700900123"', b"07700900123"),
        "error not-json",
    )
    yield row(CREATED, "office_id-in-quotes", "As one page of the vendor has it: a number in quotes.", lead(office_id="1213"), "warning number-as-string /data/office_id", says=("is `1213`, expected a number that is not in quotes",))
    yield row(CREATED, "office_id-a-name", "An office is told by its name.", lead(office_id="Exeter"), "error bad-format /data/office_id")
    yield row(CREATED, "office_id-a-boolean", "An office is a boolean.", lead(office_id=True), "error wrong-type /data/office_id")
    for name in SIZES:
        yield row(CREATED, f"{name}-a-text", f"`{name}` is JSON in a text.", lead(**{name: "[]"}), f"error wrong-type /data/{name}")
    for what, value in (("number", 1), ("null", None), ("object", {}), ("list", ["a"])):
        yield row(CREATED, f"meta-with-a-{what}", f"A value of `meta` is a {what}.", lead(meta={"tour": value}), "error wrong-type /data/meta/tour", says=("expected a string",))
    yield row(CREATED, "meta-with-a-boolean", "As the vendor prints it: a value of `meta` is a boolean.", lead(meta={"virtual tour": True}), "warning bare-boolean /data/meta/virtual tour", says=("expected a string, such as \"true\" in quotes",))
    hours = "/data/appointment_availability/hours"
    for what, value, pointer in (("text", "2026-01-14T19:22:05Z", hours), ("list-of-numbers", [1768418525], f"{hours}/0")):
        yield row(CREATED, f"hours-a-{what}", "The hours are a list of times.", lead(appointment_availability={"hours": value}), f"error wrong-type {pointer}")
    for event in WEIGHTS:
        yield row(event, "in-a-list", "The payload stands in a list.", [lead(event)], "error wrong-type")
        yield row(event, "data-a-list", "The data is a list.", {"event": event, "data": [VENDOR]}, "error wrong-type /data")
        other = next(name for name in WEIGHTS if name != event)
        yield row(event, "of-the-other", "The body names another event.", lead(other), "error not-in-list /event", says=(f"is `{other}`, expected `{event}`",))
        yield row(event, "event-null", "The event is null.", {"event": None, "data": VENDOR}, "error not-in-list /event")
    yield row("lead.deleted", "event-unknown", "The event is on no page.", lead("lead.deleted"), "error unknown-event /event", says=("expected one of `lead.created`, `lead.updated`",))


def nested():
    """Questions, and properties sold nearby."""
    place = "/data/questionnaire"
    for what, value, *findings in (
        ("an-object", {"Which?": "One"}, "error wrong-type " + place),
        ("of-texts", ["Which?"], f"error wrong-type {place}/0"),
        ("without-answer", [["Which?"]], f"error too-few {place}/0"),
        ("with-two-answers", [["Which?", "One", "Two"]], f"error too-many {place}/0"),
        ("with-a-number", [["How many?", 3]], f"error wrong-type {place}/0/1"),
        ("one-level-deeper", [[["Which?", "One"], ["When?", "Now"]]], f"error wrong-type {place}/0/0", f"error wrong-type {place}/0/1"),
    ):
        yield row(CREATED, f"questionnaire-{what}", "Not a list of pairs of texts.", lead(questionnaire=value), *findings)
    place = "/data/comparable_props"
    yield row(CREATED, "comparable-one-object", "As the vendor's example has it: one object without a list.", lead(comparable_props={"beds": 3}), f"warning single-object {place}", says=("is an object, expected a list of objects",))
    yield row(CREATED, "comparable-one-object-mistyped", "One object without a list, with a number in quotes.", lead(comparable_props={"beds": "3"}), f"warning single-object {place}", f"error wrong-type {place}/beds")
    yield row(CREATED, "comparable-a-text", "A text stands where a list is expected.", lead(comparable_props="none"), f"error wrong-type {place}")
    yield row(CREATED, "comparable-of-texts", "A property is a text.", lead(comparable_props=["5 Mill Lane"]), f"error wrong-type {place}/0")
    numbers = ("beds", "distance", "months_ago", "original_asking_price", "price", "time_taken_to_sell")
    for pointer, value in (
        ("/address", 5),
        ("/date", 20250630),
        ("/coords", [-3.53, 50.72]),
        ("/coords/x", "-3.53"),
        ("/coords/y", "50.72"),
        *((f"/{name}", "3") for name in numbers),
    ):
        comparable = but({"coords": {}}, {pointer: value})
        finding = f"error wrong-type {place}/0{pointer}"
        yield row(CREATED, f"comparable-{named(pointer)}-of-another-type", "A member has another type.", lead(comparable_props=[comparable]), finding)
    yield row(CREATED, "comparable-date-misformed", "A day stands where a time is expected.", lead(comparable_props=[{"date": "2025-06-30"}]), f"warning bad-format {place}/0/date")


def misformed():
    """Texts of another form, and lists that do not have them."""
    for event in WEIGHTS:
        yield row(event, "email-misformed", "An e-mail address is none.", lead(event, email="imogen"), "error bad-format /data/email")
        yield row(event, "type-not-in-list", "The type is on no list.", lead(event, type="tenant"), "error not-in-list /data/type")
    for what, name, value in (
        ("a-day", "createdAt", "2026-01-14"),
        ("without-colon", "createdAt", "2026-01-14T19:22:05+0100"),
        ("without-scheme", "host", "www.example.com"),
    ):
        yield row(CREATED, f"{name}-{what}", f"`{name}` has another form.", lead(**{name: value}), f"warning bad-format /data/{name}")
    yield row(CREATED, "hour-misformed", "An hour is no time.", lead(appointment_availability={"hours": ["Monday at 9"]}), "warning bad-format /data/appointment_availability/hours/0")
    for name, value in (("source", "facebook"), ("status", "active"), ("status", "Contacted"), ("stage", "complete"), ("stage", "new")):
        finding = f"warning not-in-list /data/{name}"
        yield row(CREATED, f"{name}-{value}", f"`{name}` is on no list.", lead(**{name: value}), finding)
    for value in ("bungalow", "flat", ""):
        yield row(CREATED, f"property_type-{value or 'empty'}", "The list of these is closed.", lead(property_type=value), "error not-in-list /data/property_type")


def of_bytes():
    """Bytes that are odd, or no JSON."""
    least = compact(lead())
    yield row(CREATED, "not-json-cut-off", "The end is missing.", least[:-1], "error not-json")
    yield row(CREATED, "not-json-quoted-once-more", "The body is JSON in a text, cut off.", b'"{\\"event', "error not-json")
    yield row(CREATED, "name-twice", "A name stands twice.", least.replace(b'"id":482913', b'"id":1,"id":482913'), "warning duplicate-key /data/id")
    yield row(CREATED, "half-a-pair", "A text holds half a surrogate pair.", least.replace(b"Imogen", b"\\ude00"), "warning lone-surrogate /data/full_name")
    yield row(CREATED, "id-too-precise", "An id has more digits than a double keeps.", least.replace(b"482913", b"9007199254740993"), "warning imprecise-number /data/id")


def rows():
    """All of them."""
    for part in (valid, missing, sizes, mistyped, nested, misformed, of_bytes):
        yield from part()
