//! Cases that a receiver must accept: genuine deliveries in every form that a provider may send.

use crate::domain::conformance::{CaseGroup, RequirementLevel};
use crate::domain::pointer;
use crate::engine::conformance::case::{Action, ConformanceCase, Transport, single_request};
use crate::engine::conformance::expect::ExpectedResponse;
use crate::engine::conformance::payload_builder::{PayloadBuilder, creating_event};
use crate::engine::conformance::unset;
use crate::protocols::schemes::scheme::SignedForm;
use crate::providers::pack::Pack;
use serde_json::{Value, json};

/// A genuine delivery with one peculiarity.
struct AcceptsRow {
    id: &'static str,
    level: RequirementLevel,
    about: &'static str,
    advice: &'static str,
    source: &'static str,
    /// Returns `true` if the provider's deliveries can have the peculiarity.
    applies: fn(&Pack) -> bool,
    /// Applies the peculiarity to the payload.
    configure: fn(&mut PayloadBuilder<'_>),
    /// The form in which the request is sent.
    transport: Transport,
    expect: ExpectedResponse,
}

const USUAL: AcceptsRow = AcceptsRow {
    id: "",
    level: RequirementLevel::Must,
    about: "",
    advice: "",
    source: "the provider's documentation",
    applies: |_| true,
    configure: |_| {},
    transport: Transport::Usual,
    expect: ExpectedResponse::Accepted,
};

const READ_RAW: &str = "Verify the raw body, before anything parses it.";
const TOLERATE: &str = "Read the fields you know and ignore the rest.";
const HTTP: &str = "Leave this to the HTTP server: it is part of HTTP/1.1.";

const ROWS: &[AcceptsRow] = &[
    AcceptsRow {
        id: "unknown-event",
        level: RequirementLevel::Should,
        about: "an undocumented event",
        advice: "Acknowledge unknown events with a success status, or with the provider's stop code: \
                 the provider adds events.",
        // A sender with one URL for each event cannot name another one.
        applies: |pack| {
            let event = &pack.provider.event;
            event.header.is_some() || event.pointer.is_some()
        },
        configure: |builder| builder.event_name = Some("leadhook_new_event"),
        expect: ExpectedResponse::AcceptedOrStopped,
        ..USUAL
    },
    AcceptsRow {
        id: "previous-version",
        level: RequirementLevel::Should,
        about: "a payload without the newest fields, as it was before they were added",
        advice: "Treat fields that were added later as optional: older requests are replayed, and \
                 senders add fields step by step.",
        applies: has_newest_additions,
        configure: |builder| {
            builder.uses_captures = false;
            builder.as_of = builder.versions().before_newest();
        },
        ..USUAL
    },
    AcceptsRow {
        id: "unknown-fields",
        about: "undocumented fields",
        advice: TOLERATE,
        configure: |builder| {
            let nested = json!({"list": [1, "two", null], "deep": {"er": true}});
            builder.extra_fields =
                vec![("leadhook_unknown", nested), ("leadhookFlag", Value::Bool(true))];
        },
        ..USUAL
    },
    AcceptsRow {
        id: "emoji",
        about: "a name with accents and an emoji, in UTF-8",
        advice: "Read the body as UTF-8, and store it in columns that support all of it \
                 (`utf8mb4`).",
        source: "RFC 8259, section 8.1",
        configure: |builder| builder.name = Some("Zo\u{eb} \u{1f3e1}"),
        ..USUAL
    },
    AcceptsRow {
        id: "emoji-escaped",
        about: "the same name with escapes: `\\u00eb`, a surrogate pair",
        advice: READ_RAW,
        source: "RFC 8259, section 7",
        applies: prints_freely,
        configure: |builder| builder.name = Some("Zo\\u00eb \\ud83c\\udfe1"),
        ..USUAL
    },
    AcceptsRow {
        id: "line-separator",
        about: "U+2028 in a name, unescaped",
        advice: READ_RAW,
        source: "RFC 8259, section 7",
        configure: |builder| builder.name = Some("Line\u{2028}Break"),
        ..USUAL
    },
    AcceptsRow {
        id: "line-separator-escaped",
        about: "U+2028 in a name, as `\\u2028`",
        advice: READ_RAW,
        source: "RFC 8259, section 7",
        applies: prints_freely,
        configure: |builder| builder.name = Some("Line\\u2028Break"),
        ..USUAL
    },
    AcceptsRow {
        id: "pretty-printed",
        level: RequirementLevel::Should,
        about: "a body with newlines and indentation",
        advice: READ_RAW,
        source: "RFC 8259, section 2",
        applies: prints_freely,
        configure: |builder| builder.rewrite_body = pretty,
        ..USUAL
    },
    AcceptsRow {
        id: "final-newline",
        level: RequirementLevel::Should,
        about: "a body that ends in a newline",
        advice: READ_RAW,
        source: "RFC 8259, section 2",
        applies: prints_freely,
        configure: |builder| builder.rewrite_body = |body| [&body[..], b"\n"].concat(),
        ..USUAL
    },
    AcceptsRow {
        id: "escaped-slashes",
        level: RequirementLevel::Should,
        about: "slashes written as `\\/`, as PHP does",
        advice: READ_RAW,
        source: "RFC 8259, section 7",
        applies: prints_freely,
        configure: |builder| {
            builder.rewrite_body =
                |body| String::from_utf8_lossy(&body).replace('/', "\\/").into_bytes();
        },
        ..USUAL
    },
    AcceptsRow {
        id: "64-kib",
        level: RequirementLevel::Should,
        about: "a body of 64 KiB",
        advice: "Accept bodies as large as the provider's: notes and activities add up.",
        applies: |pack| pack.provider.signature.signed_form() != SignedForm::Claims,
        configure: |builder| {
            builder.extra_fields = vec![("leadhook_padding", "x".repeat(64 * 1024).into())];
        },
        ..USUAL
    },
    AcceptsRow {
        id: "minimal",
        about: "a payload without optional fields",
        advice: TOLERATE,
        applies: |pack| creating_event(pack).variant("minimal").is_some(),
        configure: |builder| builder.variant = Some("minimal"),
        ..USUAL
    },
    AcceptsRow {
        id: "maximal",
        about: "a payload with every optional field",
        advice: TOLERATE,
        applies: |pack| creating_event(pack).variant("maximal").is_some(),
        configure: |builder| builder.variant = Some("maximal"),
        ..USUAL
    },
    AcceptsRow {
        id: "null-email",
        level: RequirementLevel::Should,
        about: "an email that is null",
        advice: "Accept contacts without an email: leads also come by phone.",
        applies: |pack| pack.provider.person.email.is_some(),
        configure: |builder| builder.email = Some(Value::Null),
        ..USUAL
    },
    AcceptsRow {
        id: "empty-email",
        level: RequirementLevel::Should,
        about: "an email that is an empty string",
        advice: "An empty string unsets a field: do not treat it as an address, and do not reject \
                 it.",
        applies: |pack| pack.provider.person.email.is_some(),
        configure: |builder| builder.email = Some("".into()),
        ..USUAL
    },
    AcceptsRow {
        id: "null-members",
        level: RequirementLevel::Should,
        about: "fields that are null, empty lists or empty objects",
        advice: TOLERATE,
        configure: |builder| {
            builder.extra_fields = vec![
                ("leadhook_null", Value::Null),
                ("leadhook_list", json!([])),
                ("leadhook_object", json!({})),
            ];
        },
        ..USUAL
    },
    AcceptsRow {
        id: "lower-case-headers",
        about: "header names in lower case, as HTTP/2 and many proxies write them",
        advice: "Look headers up case-insensitively.",
        source: "RFC 9110, section 5.1",
        transport: Transport::LowerCaseNames,
        ..USUAL
    },
    AcceptsRow {
        id: "upper-case-headers",
        about: "header names in upper case",
        advice: "Look headers up case-insensitively.",
        source: "RFC 9110, section 5.1",
        transport: Transport::UpperCaseNames,
        ..USUAL
    },
    AcceptsRow {
        id: "chunked",
        level: RequirementLevel::Should,
        about: "a chunked body, without `Content-Length`",
        advice: HTTP,
        source: "RFC 9112, section 7.1",
        transport: Transport::Chunked,
        ..USUAL
    },
    AcceptsRow {
        id: "expect-continue",
        level: RequirementLevel::Should,
        about: "`Expect: 100-continue`, and the body after a short wait",
        advice: HTTP,
        source: "RFC 9110, section 10.1.1",
        transport: Transport::ExpectContinue,
        ..USUAL
    },
    AcceptsRow {
        id: "keep-alive",
        about: "a second request on the same connection",
        advice: HTTP,
        source: "RFC 9112, section 9.3",
        transport: Transport::KeepAlive,
        ..USUAL
    },
];

/// Returns one case for every event, then one for every peculiarity.
pub(super) fn cases(pack: &Pack) -> Vec<ConformanceCase> {
    let events = pack.provider.events.iter().enumerate().map(|(index, event)| ConformanceCase {
        id: format!("event-{}", kebab_case(&event.name)),
        group: CaseGroup::Accepts,
        level: RequirementLevel::Must,
        about: format!("`{}`, signed", event.name),
        advice: "Answer every event with a success status, even those you ignore.",
        source: USUAL.source,
        action: Action::Trial(Box::new(move |context| {
            let events = &context.pack.provider.events;
            let message = context.builder(&events[index.min(events.len() - 1)]).build()?;
            Ok(single_request(message, ExpectedResponse::Accepted))
        })),
    });
    let peculiarities = ROWS.iter().filter(|row| (row.applies)(pack)).map(AcceptsRow::case);
    events.chain(unset::cases(pack)).chain(peculiarities).collect()
}

/// Returns `true` if the newest additions of the sender are in the delivery that the case sends.
fn has_newest_additions(pack: &Pack) -> bool {
    let versions = &pack.provider.versions;
    let Some(date) = versions.before_newest() else { return false };
    let has_newer_field = |sample: &Value| {
        versions.fields_after(date).any(|field| !pointer::find_matches(field, sample).is_empty())
    };
    versions.headers_after(date).next().is_some()
        || pack.sample(creating_event(pack), None).is_ok_and(has_newer_field)
}

/// Writes the name of an event as a part of an id: `peopleCreated` becomes `people-created`.
fn kebab_case(name: &str) -> String {
    let mut words = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            '.' | '_' => words.push('-'),
            c if c.is_ascii_uppercase() => {
                let is_start = words.is_empty() || words.ends_with('-');
                words.push_str(if is_start { "" } else { "-" });
                words.push(c.to_ascii_lowercase());
            }
            c => words.push(c),
        }
    }
    words
}

impl AcceptsRow {
    fn case(&'static self) -> ConformanceCase {
        ConformanceCase {
            id: self.id.to_owned(),
            group: CaseGroup::Accepts,
            level: self.level,
            about: self.about.to_owned(),
            advice: self.advice,
            source: self.source,
            action: Action::Trial(Box::new(|context| {
                let mut builder = context.creation_builder();
                (self.configure)(&mut builder);
                let mut trial = single_request(builder.build()?, self.expect);
                trial.steps[0].transport = self.transport;
                Ok(trial)
            })),
        }
    }
}

/// Returns `true` if the provider may print the same value in different ways: not if its scheme
/// signs one form only. Whether a receiver hashes the raw body or prints it again is then up to it.
fn prints_freely(pack: &Pack) -> bool {
    pack.provider.signature.signed_form() != SignedForm::JsonStringify
}

/// Prints a JSON body with newlines and indentation.
fn pretty(body: Vec<u8>) -> Vec<u8> {
    let value: Result<Value, _> = serde_json::from_slice(&body);
    value.and_then(|value| serde_json::to_vec_pretty(&value)).unwrap_or(body)
}
