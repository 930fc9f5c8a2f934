//! What is known of one sender of webhooks, as a pack's `provider.toml` says it.

use crate::domain::retry::RetryPolicy;
use crate::domain::time::Precision;
use crate::domain::variation::{Country, Variations};
use crate::protocols::schemes::Scheme;
use crate::protocols::schemes::scheme::{Contradiction, EnvelopeHeaders};
use serde::Deserialize;

/// One sender of webhooks, described as data.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Provider {
    /// The name used on the command line, in lower case.
    pub id: String,
    /// The name used in prose.
    pub name: String,
    /// The vendor's own page.
    pub documentation: String,
    /// The country of the people and places that `--seed` makes up.
    #[serde(default)]
    pub country: Country,
    /// What every request carries.
    pub request: RequestFacts,
    /// Where the name of the event stands.
    pub event: Location,
    /// Where the id stands that all attempts of one message share, if there is one.
    pub message_id: Option<MessageIdFacts>,
    /// Where the time of sending stands, if it is sent.
    pub timestamp: Option<TimestampFacts>,
    /// How a delivery is signed.
    pub signature: Scheme,
    /// How a request is told from those of others.
    pub recognise: RecogniseFacts,
    /// What the sender does when a delivery fails.
    pub retry: RetryPolicy,
    /// What a receiver built after the vendor's page does.
    pub receiver: ReceiverFacts,
    /// Where the facts above come from.
    #[serde(default)]
    pub sources: Sources,
    /// What nobody outside the vendor knows, in a sentence or two each.
    #[serde(default)]
    pub questions: Vec<String>,
    /// Who a delivery is about.
    pub person: PersonFacts,
    /// Which events make a lead known and which need it to be, if the vendor orders them.
    pub order: Option<OrderFacts>,
    /// What `--seed` varies in every event.
    #[serde(default)]
    pub vary: Variations,
    /// Everything that can be sent.
    pub events: Vec<EventFacts>,
}

/// What every request carries.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RequestFacts {
    /// The media type of the body.
    pub content_type: String,
    /// The name the sender gives itself, where it is known.
    pub user_agent: Option<String>,
}

/// A place in a request: a header, a place in the body, or both, the header first.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Location {
    /// The name of a header.
    pub header: Option<String>,
    /// A JSON Pointer into the body.
    pub pointer: Option<String>,
}

/// The id that all attempts of one message share.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct MessageIdFacts {
    /// Where it stands.
    pub at: Location,
    /// What a new one looks like.
    pub form: IdForm,
    /// What stands before the form.
    #[serde(default)]
    pub prefix: String,
}

/// The form of an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum IdForm {
    /// A hyphenated, lower-case UUID.
    Uuid,
    /// 24 lower-case hex digits.
    Hex,
}

/// The time of sending.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct TimestampFacts {
    /// Where it stands.
    pub at: Location,
    /// How finely it is written.
    pub precision: Precision,
}

/// How a request is told from those of others.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RecogniseFacts {
    /// Headers that nobody else sends.
    #[serde(default)]
    pub headers: Vec<String>,
    /// Members of the body that are always there.
    #[serde(default)]
    pub members: Vec<String>,
}

/// What a receiver built after the vendor's page does.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ReceiverFacts {
    /// The status it gives to a forgery.
    pub refuses_with: u16,
}

/// Where facts come from, each in a sentence that begins with how sure it is.
///
/// `A`, `A-`, `B` and `C` stand for the vendor's own word, an old or partial one, a third party's
/// and an inference. A name in brackets is told in the `x-sources` of the pack's schemas.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Sources {
    /// The media type of the body.
    pub content_type: Option<String>,
    /// The name the sender gives itself.
    pub user_agent: Option<String>,
    /// Where the name of the event stands.
    pub event: Option<String>,
    /// Where the id of the message stands, or that there is none.
    pub message_id: Option<String>,
    /// Where the time of sending stands, or that it is not sent.
    pub timestamp: Option<String>,
    /// How a delivery is signed.
    pub signature: Option<String>,
    /// Which answers settle or stop a delivery.
    pub answers: Option<String>,
    /// The waits between attempts.
    pub waits: Option<String>,
    /// What a receiver built after the vendor's page does.
    pub receiver: Option<String>,
    /// In which order events are sent and arrive.
    pub order: Option<String>,
}

/// Who a delivery is about.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct PersonFacts {
    /// JSON Pointers whose texts, joined by a space, are the name.
    pub name: Vec<String>,
    /// A JSON Pointer to the e-mail address.
    pub email: Option<String>,
}

/// Which events make a lead known and which need it to be.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct OrderFacts {
    /// A JSON Pointer to the id of the lead.
    pub lead: String,
    /// Events after which the lead is known.
    pub first: Vec<String>,
    /// Events that speak of a lead already known.
    pub then: Vec<String>,
}

/// One event that can be sent.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct EventFacts {
    /// The name, as the provider spells it.
    pub name: String,
    /// What it tells, in a few words.
    pub summary: String,
    /// How well its payload is known.
    pub shape: Shape,
    /// What `--seed` varies in this event: its places come before those of the pack.
    #[serde(default)]
    pub vary: Variations,
    /// Other payloads of the same event.
    #[serde(default)]
    pub variants: Vec<VariantFacts>,
}

/// Another payload of an event.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct VariantFacts {
    /// The name, which is part of the file's: `<event>.<name>.json`.
    pub name: String,
    /// What is other about it, in a few words.
    pub summary: String,
    /// Places, with all that is in them, which `--seed` leaves as they are.
    #[serde(default)]
    pub keep: Vec<String>,
    /// What `--seed` varies in this variant: its places come before those of the event.
    #[serde(default)]
    pub vary: Variations,
}

/// How well the payload of an event is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Shape {
    /// The vendor shows it.
    Documented,
    /// The vendor only names it: everything inside is a guess.
    Guess,
}

impl Provider {
    /// The facts of one event.
    #[must_use]
    pub fn event(&self, name: &str) -> Option<&EventFacts> {
        self.events.iter().find(|event| event.name == name)
    }

    /// Refuses facts that contradict each other, as far as each of them can be read alone.
    pub fn check(&self) -> Result<(), Contradiction> {
        fn header(place: &Location) -> Option<&str> {
            place.header.as_deref()
        }
        self.signature.check(&EnvelopeHeaders {
            message_id: self.message_id.as_ref().and_then(|facts| header(&facts.at)),
            timestamp: self.timestamp.as_ref().and_then(|facts| header(&facts.at)),
            precision: self.timestamp.as_ref().map(|facts| facts.precision),
        })
    }
}

impl EventFacts {
    /// The facts of one variant.
    #[must_use]
    pub fn variant(&self, name: &str) -> Option<&VariantFacts> {
        self.variants.iter().find(|variant| variant.name == name)
    }

    /// The name of every variant.
    pub fn variant_names(&self) -> impl Iterator<Item = &str> {
        self.variants.iter().map(|variant| variant.name.as_str())
    }
}
