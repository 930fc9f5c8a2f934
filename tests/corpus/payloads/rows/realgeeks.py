"""Payloads of Real Geeks.

Sources: developers.realgeeks.com (outgoing-leads-api, leads, activities, users, blog), the wiki of
2015-16, and RealGeeks/lead_router_receiver, which signs a payload of the vendor's own.
"""

from .row import but
from .row import teller
from .row import without

row = teller("realgeeks")

LEAD = "7d0f6c1e-52a4-4b7e-9d35-1f6a0c8e2b94"
SITE = "3f1c9a52-8d47-4e60-b1a3-6c5d2e9f7081"

# The least that every request about a lead has.
UPDATED = {"id": LEAD, "site_uuid": SITE, "site_domain": "www.example.com", "partner_id": "HI-20417"}
CREATED = {**UPDATED, "source": "Website", "email": "corinne@example.com"}
VISITED = {"type": "visited", "source": "Website", "description": "Came back after a week."}
ADDED = {**UPDATED, "activities": [VISITED]}
USER = {"id": "20738"}
ENABLED = {"partner_id": "HI-20417", "site_uuid": SITE}

LEAST = {
    "created": CREATED,
    "updated": UPDATED,
    "activity_added": ADDED,
    "user_updated": USER,
    "integration_enabled": ENABLED,
    "integration_disabled": ENABLED,
}

# One of them is expected in a new lead.
STARRED = {
    "email": "corinne@example.com",
    "second_email": "corinne@example.org",
    "first_name": "Corinne",
    "last_name": "Kealoha",
    "phone": "808-555-0142",
    "phone2": "(808) 555-0143",
    "address": "12 Kukui Street, Kailua, HI 96734",
    "street_address": "12 Kukui Street",
    "city": "Kailua",
    "state": "HI",
}

# What the pages and the third party list; no list is closed.
TYPES = (
    *("visited", "search_performed", "saved_search_added", "saved_search_removed", "property_viewed"),
    *("favorite_property_added", "favorite_property_removed", "property_updates_email_sent"),
    *("property_updates_email_opened", "bad_email_flagged", "bad_email_unflagged", "opted_out"),
    *("deleted", "restored", "contact_emailed", "valuation_inquiry", "shared_property_via_email"),
    *("market_report_viewed", "market_report_saved", "note", "called", "was_assigned"),
    *("was_unassigned", "waiting_for_manual_assignment", "received_text_message_from"),
    *("sent_text_message_to", "tour_requested", "imported"),
)
ROLES = ("Buyer", "Seller", "Buyer and Seller", "Renter", "Potential Seller")
URGENCIES = ("Cold", "Warm", "Hot", "Contacted", "Not Contacted")
STATUSES = ("Active", "Cancelled", "In Escrow", "Closed Escrow", "Dead")

# Texts of a lead that the vendor's own pages have, and those that a third party has.
VENDORS_TEXTS = (
    *STARRED,
    "source",
    "source_details",
    "source_system",
    "site_login_url",
    "created",
    "role",
    "zip",
    "region",
    "agent_name",
    "agent_email",
    "action",
)
OTHERS_TEXTS = ("timeframe", "urgency", "status", "notes")


def added(**changes):
    """An activity_added whose one activity has other members too."""
    return but(ADDED, {f"/activities/0/{name}": value for name, value in changes.items()})


def with_property(**members):
    """An activity_added about a property with these members."""
    return added(property=members)


def with_user(**members):
    """An activity_added with a user of these members."""
    return added(user=members)


def valid():
    """Nothing to say, though some of it looks odd."""
    for event, value in LEAST.items():
        yield row(event, "least", "Nothing: the least that the event has.", value)
    for name, value in STARRED.items():
        lead = {**without(CREATED, "/email"), name: value}
        yield row("created", f"only-{name}", f"Nothing: `{name}` is a contact field.", lead)
    seller = {
        **without(CREATED, "/email"),
        "role": "Potential Seller",
        "activities": [{**VISITED, "property": {"address": "12 Kukui Street"}}],
    }
    yield row("created", "potential-seller", "Nothing: a potential seller has no contact field.", seller)
    bare = {**CREATED, "id": LEAD.replace("-", "")}
    yield row("created", "id-of-bare-digits", "Nothing: the vendor's signed payload has such an id.", bare)
    yield row("created", "id-in-upper-case", "Nothing: hex digits have either case.", {**CREATED, "id": LEAD.upper()})
    for what, time in (
        ("nanoseconds", "2026-01-14T19:22:05.123456789Z"),
        ("microseconds", "2026-01-14T19:22:05.123456Z"),
        ("offset", "2026-01-14T09:22:05-10:00"),
    ):
        yield row("created", f"time-with-{what}", "Nothing: RFC 3339 has this form.", {**CREATED, "created": time})
    unset = dict.fromkeys(set(VENDORS_TEXTS) - {"action"} | set(OTHERS_TEXTS), "")
    unset = {name: unset[name] for name in sorted(unset)}
    yield row("updated", "everything-unset", "Nothing: an empty text means unset.", {**UPDATED, **unset})
    yield row("created", "second_email-unset", "Nothing: an empty text means unset.", {**CREATED, "second_email": ""})
    yield row("updated", "same-action", "Nothing: the body names the event too.", {**UPDATED, "action": "updated"})
    yield row("updated", "no-action", "Nothing: an empty text names no event.", {**UPDATED, "action": ""})
    yield row(
        "updated",
        "login-url-with-https",
        "Nothing: the example has http, and https is as good.",
        {**UPDATED, "site_login_url": f"https://www.example.com/member/quick_login/{LEAD}/"},
    )
    yield row("updated", "phone-of-another-country", "Nothing: a phone is free text.", {**UPDATED, "phone": "+44 7700 900123"})
    yield row("activity_added", "several", "Nothing: several activities.", {**UPDATED, "activities": [VISITED, VISITED]})
    assert len(TYPES) == 28
    every = [{**VISITED, "type": kind} for kind in TYPES]
    yield row("activity_added", "every-type", "Nothing: each type that is known.", {**UPDATED, "activities": every})
    roles = [{**VISITED, "type": "was_assigned", "role": role.lower(), "user": {"role": role}} for role in ("Agent", "Lender")]
    yield row("activity_added", "every-role", "Nothing: an agent and a lender.", {**UPDATED, "activities": roles})
    for role, urgency, status in zip(ROLES, URGENCIES, STATUSES):
        words = {"role": role, "urgency": urgency, "status": status, "timeframe": "3-6 Months"}
        yield row("updated", f"values-{role}".replace(" ", "-").lower(), "Nothing: values of the lists.", {**UPDATED, **words})
    yield row("activity_added", "unknown-member", "Nothing: the table of activities may go on.", added(mood="sunny"))
    yield row("activity_added", "part-of-a-user", "Nothing: a user inside an activity may be partial.", with_user(name="Keoni Ahuna"))
    yield row(
        "activity_added",
        "property-of-another-table",
        "Nothing: rows of the table of properties are lost, so other names may be right.",
        with_property(baths=2.5, rental_price=3100, coordinates={"lat": 21.4, "lng": -157.7}),
    )
    amounts = {"estimated_value": "1250000.50", "last_sold_price": "100500", "rent_price": "3100.9"}
    yield row("activity_added", "amounts", "Nothing: money is a number as text.", with_property(**amounts))
    yield row("activity_added", "sold-long-ago", "Nothing: this date has no fixed form.", with_property(last_sold_date="June 1998"))
    everything = {**USER, "site_uuid": SITE, "site_domain": "www.example.com", "partner_id": "HI-20417", "action": "user_updated"}
    yield row("user_updated", "with-site", "Nothing: what tells the site may come too.", everything)


def missing():
    """Members that are not there."""
    for event in ("created", "updated", "activity_added"):
        for name in ("id", "site_uuid", "site_domain", "partner_id"):
            value = without(LEAST[event], f"/{name}")
            yield row(event, f"{name}-missing", f"`{name}` is missing.", value, f"error missing /{name}")
    yield row(
        "updated",
        "all-missing",
        "There is nothing in it.",
        {},
        *(f"error missing /{name}" for name in UPDATED),
        says=("is missing, expected a hyphenated UUID or 32 hex digits", "expected a host name"),
    )
    yield row("created", "source-missing", "`source` is missing.", without(CREATED, "/source"), "warning missing /source")
    nobody = without(CREATED, "/email")
    yield row(
        "created",
        "no-contact-field",
        "There is no way to reach the lead.",
        nobody,
        "warning no-contact-field",
        says=("has no contact field, expected a name, e-mail, phone or address",),
    )
    yield row("created", "contact-fields-empty", "All that is said to be known is unset.", {**nobody, "email": "", "city": ""}, "warning no-contact-field")
    yield row("created", "only-zip", "A zip code is no contact field.", {**nobody, "zip": "96734"}, "warning no-contact-field")
    yield row("created", "buyer-without-contact", "A buyer needs a contact field.", {**nobody, "role": "Buyer"}, "warning no-contact-field")
    yield row(
        "activity_added",
        "activities-missing",
        "There are no activities.",
        without(ADDED, "/activities"),
        "error missing /activities",
        says=("expected a list",),
    )
    for name, severity in (("type", "error"), ("source", "warning"), ("description", "warning")):
        value = without(ADDED, f"/activities/0/{name}")
        finding = f"{severity} missing /activities/0/{name}"
        yield row("activity_added", f"{name}-missing", f"An activity has no {name}.", value, finding)
    without_text = {"type": "visited", "source": "Website"}
    yield row(
        "created",
        "vendors-own-bytes",
        "As the vendor's signed payload: an id without hyphens, and activities without a description.",
        {
            **CREATED,
            "id": LEAD.replace("-", ""),
            "created": "2026-01-14T19:22:05.123456Z",
            "agent_name": "Keoni Ahuna",
            "activities": [VISITED, without_text, without_text],
        },
        "warning missing /activities/1/description",
        "warning missing /activities/2/description",
    )
    yield row("user_updated", "id-missing", "The id is missing.", {"name": "Keoni Ahuna"}, "error missing /id")
    for event in ("integration_enabled", "integration_disabled"):
        for name in ENABLED:
            yield row(event, f"{name}-missing", f"`{name}` is missing.", without(ENABLED, f"/{name}"), f"error missing /{name}")


def mistyped():
    """Values of another type."""
    for severity, names in (("error", VENDORS_TEXTS), ("warning", OTHERS_TEXTS)):
        for name in names:
            finding = f"{severity} wrong-type /{name}"
            yield row("updated", f"{name}-is-a-number", "A number stands where a text is expected.", {**UPDATED, name: 5}, finding)
    for name in UPDATED:
        finding = f"error wrong-type /{name}"
        yield row("updated", f"{name}-is-a-number", "A number stands where a text is expected.", {**UPDATED, name: 20417}, finding)
    yield row("updated", "phone-is-null", "`null` does not mean unset.", {**UPDATED, "phone": None}, "error wrong-type /phone")
    yield row("updated", "tags-is-a-text", "A text stands where a list is expected.", {**UPDATED, "tags": "hot"}, "warning wrong-type /tags")
    yield row("updated", "tag-is-a-number", "A tag is a number.", {**UPDATED, "tags": ["hot", 7]}, "warning wrong-type /tags/1")
    yield row("updated", "activities-is-an-object", "One activity stands without a list.", {**UPDATED, "activities": VISITED}, "error wrong-type /activities")
    yield row("activity_added", "activity-is-a-text", "An activity is a text.", {**UPDATED, "activities": ["visited"]}, "error wrong-type /activities/0")
    for name in ("type", "source", "description", "created"):
        yield row("activity_added", f"{name}-is-a-number", "A number stands where a text is expected.", added(**{name: 5}), f"error wrong-type /activities/0/{name}")
    for name, value, severity in (
        ("notify_users", "true", "error"),
        ("role", 1, "warning"),
        ("property", ["12 Kukui Street"], "error"),
        ("user", "Keoni Ahuna", "error"),
    ):
        yield row("activity_added", f"{name}-of-another-type", f"`{name}` has another type.", added(**{name: value}), f"{severity} wrong-type /activities/0/{name}")
    for name in ("id", "role", "name", "email", "signature", "phone_company", "phone_office", "phone_cell", "phone_home"):
        yield row("activity_added", f"user-{name}-is-a-number", "A number stands where a text is expected.", with_user(**{name: 20738}), f"error wrong-type /activities/0/user/{name}")
    yield row("activity_added", "user-admin-is-a-text", "A boolean stands in quotes.", with_user(admin="false"), "error wrong-type /activities/0/user/admin")
    for name in ("listing_status", "list_date", "estimated_value", "last_sold_date", "last_sold_price", "rent_price"):
        yield row("activity_added", f"property-{name}-is-a-number", "A number stands where a text is expected.", with_property(**{name: 3100}), f"error wrong-type /activities/0/property/{name}")
    for name, value, severity in (
        ("full_baths", 2.5, "error"),
        ("listing_days_on_market", "12", "error"),
        ("tags", "kailua", "error"),
        ("latitude", "21.4", "error"),
        ("longitude", "-157.7", "warning"),
    ):
        yield row("activity_added", f"property-{name}-of-another-type", f"`{name}` has another type.", with_property(**{name: value}), f"{severity} wrong-type /activities/0/property/{name}")
    yield row("activity_added", "property-tag-is-a-number", "A tag is a number.", with_property(tags=["kailua", 96734]), "error wrong-type /activities/0/property/tags/1")
    for name in USER:
        yield row("user_updated", f"{name}-is-a-number", "A number stands where a text is expected.", {**USER, name: 20738}, f"error wrong-type /{name}")
    for name in ("site_uuid", "site_domain", "partner_id"):
        yield row("user_updated", f"{name}-is-a-number", "A number stands where a text is expected.", {**USER, name: 5}, f"warning wrong-type /{name}")
    for event, value in LEAST.items():
        yield row(event, "in-a-list", "The payload stands in a list.", [value], "error wrong-type", says=("is a list, expected an object",))
    yield row("created", "is-a-text", "The payload is a text that holds JSON.", '{"id":"1"}', "error wrong-type")


def misformed():
    """Texts of another form, and lists that do not have them."""
    for what, value in (("cut-off", LEAD[:-1]), ("without-one-hyphen", LEAD.replace("-", "", 1)), ("placeholder", ":lead_id")):
        yield row("updated", f"id-{what}", "The id is no UUID.", {**UPDATED, "id": value}, "warning bad-format /id")
    for what, name, value in (
        ("placeholder", "site_uuid", ":site_id"),
        ("address", "site_domain", "http://www.example.com/"),
        ("without-dot-and-at", "email", "corinne at example"),
        ("two", "second_email", "a@example.com, b@example.com"),
        ("name", "agent_email", "Keoni Ahuna"),
        ("of-another-page", "site_login_url", "http://www.example.com/login/"),
        ("day-alone", "created", "2026-01-14"),
        ("without-zone", "created", "2026-01-14T19:22:05"),
        ("with-a-space", "created", "2026-01-14 19:22"),
        ("month-13", "created", "2026-13-14T19:22:05Z"),
        ("ten-fraction-digits", "created", "2026-01-14T19:22:05.1234567890Z"),
    ):
        yield row("updated", f"{name}-{what}", f"`{name}` has another form.", {**UPDATED, name: value}, f"warning bad-format /{name}")
    for name, value in (("role", "Landlord"), ("urgency", "Lukewarm"), ("status", "Sold")):
        yield row("updated", f"{name}-not-in-list", f"`{name}` is on no list.", {**UPDATED, name: value}, f"warning not-in-list /{name}")
    for name in UPDATED:
        yield row("updated", f"{name}-empty", f"`{name}` can never be unset.", {**UPDATED, name: ""}, f"error empty /{name}")
    yield row("activity_added", "email-empty", "An empty text means unset in an update, and here nothing.", {**ADDED, "email": ""}, "warning bad-format /email")
    yield row("activity_added", "activities-empty", "The list of activities is empty.", {**UPDATED, "activities": []}, "error too-few /activities", says=("has 0 items, expected at least 1 item",))
    yield row("activity_added", "type-empty", "An activity has an empty type.", added(type=""), "error empty /activities/0/type")
    yield row(
        "activity_added",
        "type-not-in-list",
        "A name that another product uses.",
        added(type="valuation_inquired"),
        "warning not-in-list /activities/0/type",
        says=("expected one of 28 values, such as `valuation_inquiry`",),
    )
    yield row("activity_added", "created-misformed", "A time is none.", added(created="yesterday"), "warning bad-format /activities/0/created")
    yield row("activity_added", "role-not-in-list", "The role has a capital, as that of a user.", added(role="Agent"), "warning not-in-list /activities/0/role")
    for name, value, code in (("id", "u-20738", "bad-format"), ("role", "Manager", "not-in-list"), ("email", "keoni", "bad-format")):
        yield row("activity_added", f"user-{name}-misformed", f"`{name}` has another form.", with_user(**{name: value}), f"warning {code} /activities/0/user/{name}")
        yield row("user_updated", f"{name}-misformed", f"`{name}` has another form.", {**USER, name: value}, f"warning {code} /{name}")
    yield row("activity_added", "user-id-empty", "The id of a user is empty.", with_user(id=""), "error empty /activities/0/user/id")
    yield row("user_updated", "id-empty", "The id is empty.", {"id": ""}, "error empty /id")
    yield row("user_updated", "partner_id-empty", "`partner_id` is empty.", {**USER, "partner_id": ""}, "warning empty /partner_id")
    yield row("user_updated", "site_uuid-misformed", "`site_uuid` is no UUID.", {**USER, "site_uuid": "site-5"}, "warning bad-format /site_uuid")
    yield row("user_updated", "site_domain-misformed", "`site_domain` is no host name.", {**USER, "site_domain": "my site"}, "warning bad-format /site_domain")
    for what, name, value in (
        ("with-a-comma", "estimated_value", "1,250,000"),
        ("with-a-sign", "last_sold_price", "$100500"),
        ("about", "rent_price", "about 3100"),
        ("day-alone", "list_date", "2026-01-14"),
    ):
        yield row("activity_added", f"property-{name}-{what}", f"`{name}` has another form.", with_property(**{name: value}), f"warning bad-format /activities/0/property/{name}")
    for event in ("integration_enabled", "integration_disabled"):
        yield row(event, "partner_id-empty", "`partner_id` is empty.", {**ENABLED, "partner_id": ""}, "error empty /partner_id")
        yield row(event, "site_uuid-misformed", "`site_uuid` is no UUID.", {**ENABLED, "site_uuid": "5"}, "warning bad-format /site_uuid")


def unknown():
    """Members on no page, and events that do not fit."""
    yield row(
        "updated",
        "member-misspelt",
        "A name has a slip.",
        {**UPDATED, "frist_name": "Corinne"},
        "warning unknown-member /frist_name",
        says=("such as `first_name`",),
    )
    yield row("updated", "member-with-a-slash", "A name has a slash in it.", {**UPDATED, "first/last": "Corinne"}, "warning unknown-member /first~1last")
    yield row("created", "members-of-another-table", "Names of a table that is not the vendor's.", {**CREATED, "contact": {}, "budget": 5}, "warning unknown-member /contact", "warning unknown-member /budget")
    yield row("user_updated", "unknown-member", "A member is on no page.", {**USER, "nickname": "Kee"}, "warning unknown-member /nickname")
    for event in ("integration_enabled", "integration_disabled"):
        yield row(event, "with-id", "There is no lead, so there is no id.", {**ENABLED, "id": LEAD}, "warning unknown-member /id")
        yield row(event, "of-the-other", "The body names another event.", {**ENABLED, "action": "updated"}, "warning event-differs /action")
    yield row(
        "created",
        "of-another-shape",
        "An envelope that others use, and that this vendor never had.",
        {"event_type": "lead.created", "data": CREATED},
        *(f"error missing /{name}" for name in UPDATED),
        "warning missing /source",
        "warning no-contact-field",
        "warning unknown-member /event_type",
        "warning unknown-member /data",
    )
    yield row("updated", "action-of-another-event", "The body names another event.", {**UPDATED, "action": "created"}, "warning event-differs /action", says=("is `created`, expected `updated`",))
    yield row("updated", "action-unknown", "A value that a third party lists.", {**UPDATED, "action": "unknown"}, "warning event-differs /action")
    yield row("updated", "action-not-in-list", "The body names an event that is on no page.", {**UPDATED, "action": "deleted"}, "warning event-differs /action", "warning not-in-list /action")
    yield row("user_deleted", "event-unknown", "An event that is known inside the vendor's systems alone.", USER, "error unknown-event /action", says=("expected one of `created`, `updated`, `activity_added`, `user_updated`",))
    holders = {**UPDATED, "id": ":lead_id", "site_uuid": ":site_id", "source_system": "test", "phone2": ""}
    yield row(
        "updated",
        "placeholders",
        "As an example of the vendor's has it: placeholders stand where ids are expected.",
        holders,
        "warning bad-format /id",
        "warning bad-format /site_uuid",
    )
    many = {**UPDATED, "role": "Landlord", "email": "corinne", "zip": 96734, "urgency": "Lukewarm", "nickname": "Cory"}
    yield row(
        "updated",
        "several-faults",
        "Five faults at once.",
        many,
        "warning not-in-list /role",
        "warning bad-format /email",
        "error wrong-type /zip",
        "warning not-in-list /urgency",
        "warning unknown-member /nickname",
    )


def of_bytes():
    """Bytes that are odd, or no JSON."""
    least = b'{"partner_id":"HI-20417","site_uuid":"' + SITE.encode() + b'"}'
    event = "integration_enabled"
    for what, fault, content in (
        ("empty", "There are no bytes.", b""),
        ("byte-order-mark", "A byte order mark stands first.", b"\xef\xbb\xbf" + least),
        ("cut-off", "The end is missing.", least[:-9]),
        ("two-documents", "Two payloads stand in one body.", least + least),
        ("trailing-comma", "A comma stands after the last member.", least[:-1] + b",}"),
        ("single-quotes", "The texts stand in single quotes.", least.replace(b'"', b"'")),
        ("form", "The body is a form.", b"partner_id=HI-20417"),
        ("latin-1", "A letter is in Latin-1.", least.replace(b"HI-", b"H\xef-")),
        ("line-end-in-text", "A text has a line end in it.", least.replace(b"HI-", b"HI\n")),
        ("nan", "A value is NaN.", least.replace(b'"HI-20417"', b"NaN")),
    ):
        yield row(event, f"not-json-{what}", fault, content, "error not-json")
    yield row(event, "name-twice", "A name stands twice.", b'{"partner_id":"HI-1",' + least[1:], "warning duplicate-key /partner_id")
    yield row(event, "half-a-pair", "A text holds half a surrogate pair.", least.replace(b"HI-", b"\\ud83d"), "warning lone-surrogate /partner_id")
    precise = b'{"latitude":21.40123456789012345678}'
    content = b'{"id":"%b","site_uuid":"%b","site_domain":"www.example.com","partner_id":"1","activities":[{"type":"visited","source":"x","description":"x","property":%b}]}'
    yield row(
        "activity_added",
        "number-too-precise",
        "A number has more digits than a double keeps.",
        content % (LEAD.encode(), SITE.encode(), precise),
        "warning imprecise-number /activities/0/property/latitude",
        says=("is `21.40123456789012345678`, expected a number that a double represents exactly",),
    )
    spaced = least.replace(b",", b" , \r\n ").replace(b":", b" :\t")
    yield row(event, "with-spaces", "Nothing: white space may stand between values.", b"\n" + spaced + b"\n")


def rows():
    """All of them."""
    for part in (valid, missing, mistyped, misformed, unknown, of_bytes):
        yield from part()
