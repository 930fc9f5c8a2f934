//! What is genuine, in every shape that it can have.

use crate::domain::conformance::{Group, Level};
use crate::engine::conformance::case::{Action, Case, Transport, one};
use crate::engine::conformance::expect::Expect;
use crate::engine::conformance::payload_builder::{PayloadBuilder, created, later};
use crate::protocols::schemes::scheme::SignedForm;
use crate::providers::pack::Pack;
use serde_json::{Value, json};

/// A genuine delivery that is other in one way.
struct AcceptsRow {
    id: &'static str,
    level: Level,
    about: &'static str,
    advice: &'static str,
    source: &'static str,
    /// Whether the provider's deliveries can be so.
    has: fn(&Pack) -> bool,
    /// What is other.
    draft: fn(&mut PayloadBuilder<'_>),
    /// How it goes over the wire.
    manner: Transport,
}

const USUAL: AcceptsRow = AcceptsRow {
    id: "",
    level: Level::Must,
    about: "",
    advice: "",
    source: "the provider's page",
    has: |_| true,
    draft: |_| {},
    manner: Transport::Usual,
};

const READ_RAW: &str = "Verify the bytes as they came, before anything parses them.";
const TOLERATE: &str = "Take what you know out of the body and let the rest be.";
const HTTP: &str = "Leave this to the HTTP server: it is part of HTTP/1.1.";

const ROWS: &[AcceptsRow] = &[
    AcceptsRow {
        id: "unknown-event",
        level: Level::Should,
        about: "an event that no page names",
        advice: "Answer what you do not know as you answer what you do: the provider adds events.",
        draft: |draft| draft.event_name = Some("leadhook_new_event"),
        ..USUAL
    },
    AcceptsRow {
        id: "unknown-fields",
        about: "members that no page names",
        advice: TOLERATE,
        draft: |draft| {
            let nested = json!({"list": [1, "two", null], "deep": {"er": true}});
            draft.members = vec![("leadhook_unknown", nested), ("leadhookFlag", Value::Bool(true))];
        },
        ..USUAL
    },
    AcceptsRow {
        id: "emoji",
        about: "a name with accents and an emoji, in UTF-8",
        advice: "Read the body as UTF-8, and keep it in columns that take all of it (`utf8mb4`).",
        source: "RFC 8259, section 8.1",
        draft: |draft| draft.name = Some("Zo\u{eb} \u{1f3e1}"),
        ..USUAL
    },
    AcceptsRow {
        id: "emoji-escaped",
        about: "the same name in escapes: `\\u00eb`, a surrogate pair",
        advice: READ_RAW,
        source: "RFC 8259, section 7",
        has: spells_freely,
        draft: |draft| draft.name = Some("Zo\\u00eb \\ud83c\\udfe1"),
        ..USUAL
    },
    AcceptsRow {
        id: "line-separator",
        about: "U+2028 in a name, as it is",
        advice: READ_RAW,
        source: "RFC 8259, section 7",
        draft: |draft| draft.name = Some("Line\u{2028}Break"),
        ..USUAL
    },
    AcceptsRow {
        id: "line-separator-escaped",
        about: "U+2028 in a name, as `\\u2028`",
        advice: READ_RAW,
        source: "RFC 8259, section 7",
        has: spells_freely,
        draft: |draft| draft.name = Some("Line\\u2028Break"),
        ..USUAL
    },
    AcceptsRow {
        id: "pretty-printed",
        level: Level::Should,
        about: "a body with line ends and indentation",
        advice: READ_RAW,
        source: "RFC 8259, section 2",
        draft: |draft| draft.spell = pretty,
        ..USUAL
    },
    AcceptsRow {
        id: "final-newline",
        level: Level::Should,
        about: "a body that ends in a line end",
        advice: READ_RAW,
        source: "RFC 8259, section 2",
        draft: |draft| draft.spell = |body| [&body[..], b"\n"].concat(),
        ..USUAL
    },
    AcceptsRow {
        id: "escaped-slashes",
        level: Level::Should,
        about: "slashes written as `\\/`, as PHP does",
        advice: READ_RAW,
        source: "RFC 8259, section 7",
        has: spells_freely,
        draft: |draft| {
            draft.spell = |body| String::from_utf8_lossy(&body).replace('/', "\\/").into_bytes();
        },
        ..USUAL
    },
    AcceptsRow {
        id: "64-kib",
        level: Level::Should,
        about: "a body of 64 KiB",
        advice: "Let bodies be as large as the provider's: notes and activities add up.",
        has: |pack| pack.provider.signature.signed_form() != SignedForm::Claims,
        draft: |draft| {
            draft.members = vec![("leadhook_padding", "x".repeat(64 * 1024).into())];
        },
        ..USUAL
    },
    AcceptsRow {
        id: "minimal",
        about: "a payload with nothing that may be left out",
        advice: TOLERATE,
        has: |pack| created(pack).variant("minimal").is_some(),
        draft: |draft| draft.variant = Some("minimal"),
        ..USUAL
    },
    AcceptsRow {
        id: "maximal",
        about: "a payload with everything that there can be",
        advice: TOLERATE,
        has: |pack| created(pack).variant("maximal").is_some(),
        draft: |draft| draft.variant = Some("maximal"),
        ..USUAL
    },
    AcceptsRow {
        id: "null-email",
        level: Level::Should,
        about: "an email that is null",
        advice: "Let a contact have no email: leads come by phone.",
        has: |pack| pack.provider.person.email.is_some(),
        draft: |draft| draft.email = Some(Value::Null),
        ..USUAL
    },
    AcceptsRow {
        id: "empty-email",
        level: Level::Should,
        about: "an email that is an empty text",
        advice: "An empty text unsets a field: do not take it for an address, and do not refuse it.",
        has: |pack| pack.provider.person.email.is_some(),
        draft: |draft| draft.email = Some("".into()),
        ..USUAL
    },
    AcceptsRow {
        id: "null-members",
        level: Level::Should,
        about: "members that are null, and empty lists and objects",
        advice: TOLERATE,
        draft: |draft| {
            draft.members = vec![
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
        advice: "Look headers up without regard to case.",
        source: "RFC 9110, section 5.1",
        manner: Transport::LowerCaseNames,
        ..USUAL
    },
    AcceptsRow {
        id: "upper-case-headers",
        about: "header names in upper case",
        advice: "Look headers up without regard to case.",
        source: "RFC 9110, section 5.1",
        manner: Transport::UpperCaseNames,
        ..USUAL
    },
    AcceptsRow {
        id: "chunked",
        level: Level::Should,
        about: "a body in chunks, without its length",
        advice: HTTP,
        source: "RFC 9112, section 7.1",
        manner: Transport::Chunked,
        ..USUAL
    },
    AcceptsRow {
        id: "expect-continue",
        level: Level::Should,
        about: "`Expect: 100-continue`, and the body after a moment",
        advice: HTTP,
        source: "RFC 9110, section 10.1.1",
        manner: Transport::ExpectContinue,
        ..USUAL
    },
    AcceptsRow {
        id: "keep-alive",
        about: "a second request on the same connection",
        advice: HTTP,
        source: "RFC 9112, section 9.3",
        manner: Transport::KeptAlive,
        ..USUAL
    },
];

/// Every event, every shape.
pub(super) fn cases(pack: &Pack) -> Vec<Case> {
    let events = pack.provider.events.iter().enumerate().map(|(index, event)| Case {
        id: format!("event-{}", event.name.replace(['.', '_'], "-")),
        group: Group::Accepts,
        level: Level::Must,
        about: format!("`{}`, signed", event.name),
        advice: "Answer every event with a success, also those that you do nothing with.",
        source: USUAL.source,
        deed: Action::Trial(Box::new(move |workshop| {
            let events = &workshop.pack.provider.events;
            let message = workshop.draft(&events[index.min(events.len() - 1)]).message()?;
            Ok(one(message, Expect::Accepted))
        })),
    });
    let update = later(pack).into_iter().next().map(|event| event.name.clone());
    let unset = update.filter(|_| pack.provider.person.email.is_some()).map(|name| Case {
        id: "unset-by-update".to_owned(),
        group: Group::Accepts,
        level: Level::Should,
        about: format!("`{name}` with an email that is an empty text"),
        advice: "An empty text unsets a field: do not take it for an address, and do not refuse it.",
        source: USUAL.source,
        deed: Action::Trial(Box::new(move |workshop| {
            let event = later(workshop.pack).into_iter().next().unwrap_or(created(workshop.pack));
            let mut draft = workshop.draft(event);
            draft.email = Some("".into());
            Ok(one(draft.message()?, Expect::Accepted))
        })),
    });
    let shapes = ROWS.iter().filter(|row| (row.has)(pack)).map(|row| row.case(pack));
    events.chain(unset).chain(shapes).collect()
}

impl AcceptsRow {
    fn case(&'static self, pack: &Pack) -> Case {
        Case {
            id: self.id.to_owned(),
            group: Group::Accepts,
            level: self.level_for(pack),
            about: self.about.to_owned(),
            advice: self.advice,
            source: self.source,
            deed: Action::Trial(Box::new(|workshop| {
                let mut draft = workshop.created();
                (self.draft)(&mut draft);
                let mut trial = one(draft.message()?, Expect::Accepted);
                trial.steps[0].manner = self.manner;
                Ok(trial)
            })),
        }
    }

    /// How much it matters: a provider that signs what its own language prints sends nothing else,
    /// so that a receiver may well hash the bytes that come.
    fn level_for(&self, pack: &Pack) -> Level {
        if !spells_freely(pack) && self.advice == READ_RAW { Level::May } else { self.level }
    }
}

/// Returns `true` if the provider may write the same value in other bytes: not if it signs one
/// spelling alone.
fn spells_freely(pack: &Pack) -> bool {
    pack.provider.signature.signed_form() != SignedForm::JsonStringify
}

fn pretty(body: Vec<u8>) -> Vec<u8> {
    let value: Result<Value, _> = serde_json::from_slice(&body);
    value.and_then(|value| serde_json::to_vec_pretty(&value)).unwrap_or(body)
}
