//! What is known of one sender of webhooks, as a pack's `provider.toml` says it.

use crate::domain::retry::RetryPolicy;
use crate::domain::time::Precision;
use serde::Deserialize;
use std::collections::BTreeMap;

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
    /// What every request carries.
    pub request: RequestFacts,
    /// Where the name of the event stands.
    pub event: Place,
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
    /// What `--seed` varies: a JSON Pointer, where `*` stands for every item, and what to put there.
    #[serde(default)]
    pub vary: BTreeMap<String, Variation>,
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
pub struct Place {
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
    pub at: Place,
    /// What a new one looks like.
    pub form: IdForm,
    /// What stands before the form.
    #[serde(default)]
    pub prefix: String,
}

/// The form of an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
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
    pub at: Place,
    /// How finely it is written.
    pub precision: Precision,
}

/// How a delivery is signed. A pack names one of these and nothing received can change it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "scheme", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
#[serde(deny_unknown_fields)]
pub enum Scheme {
    /// Lower-case hex of HMAC-SHA256, in one header.
    HmacSha256Hex {
        /// The header that carries it.
        header: String,
        /// What is signed.
        over: SignedForm,
    },
    /// A JSON Web Token, HS256 and nothing else, whose claims are the body.
    JwtHs256 {
        /// The header that carries it.
        header: String,
        /// Whether the time of signing (`iat`) is added to the claims.
        issued_at: bool,
    },
}

impl Scheme {
    /// The header that carries the signature.
    #[must_use]
    pub fn header(&self) -> &str {
        match self {
            Self::HmacSha256Hex { header, .. } | Self::JwtHs256 { header, .. } => header,
        }
    }

    /// The name of the scheme, as packs and reports have it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::HmacSha256Hex { .. } => "hmac-sha256-hex",
            Self::JwtHs256 { .. } => "jwt-hs256",
        }
    }

    /// What a signature speaks for.
    #[must_use]
    pub fn covers(&self) -> &'static [&'static str] {
        match self {
            Self::HmacSha256Hex { .. } => &["body"],
            Self::JwtHs256 { .. } => &["claims"],
        }
    }
}

/// Which form of the body an HMAC is made over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignedForm {
    /// The bytes as they are.
    RawBody,
    /// What `JSON.stringify(JSON.parse(body))` gives.
    JsonStringify,
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
    /// Other payloads of the same event, by name.
    #[serde(default)]
    pub variants: Vec<String>,
}

/// How well the payload of an event is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    /// The vendor shows it.
    Documented,
    /// The vendor only names it: everything inside is a guess.
    Guess,
}

/// What to put in a place of a varied payload.
///
/// Everything is reserved for made-up use: example.com, 555-01xx, Ofcom's drama numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Variation {
    /// A first name.
    FirstName,
    /// A last name.
    LastName,
    /// Both.
    FullName,
    /// An address under example.com, after the name.
    Email,
    /// `808-555-0142`
    UsPhone,
    /// `+18085550142`
    UsPhoneE164,
    /// `07700900123`
    UkPhone,
    /// `12 Kukui Street`
    Street,
    /// A lower-case UUID.
    Uuid,
    /// Five to seven digits, as a number.
    Number,
    /// `prefix_` of the sample, then 12 hex digits.
    PrefixedId,
    /// From 0 to 100, as a number.
    Score,
    /// A time of the last hour, in the precision of the sample.
    RecentTime,
    /// A day of the next month, `YYYY-MM-DD`.
    ComingDay,
}

impl Provider {
    /// The facts of one event.
    #[must_use]
    pub fn event(&self, name: &str) -> Option<&EventFacts> {
        self.events.iter().find(|event| event.name == name)
    }
}
