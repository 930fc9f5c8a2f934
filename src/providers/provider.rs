//! The facts about one webhook provider, as a pack's `provider.toml` declares them.

use crate::domain::retry::RetryPolicy;
use crate::domain::time::Precision;
use crate::domain::variation::{Country, Variations};
use crate::domain::verdict::Proof;
use crate::protocols::json_style::{AS_SAMPLE, JAVASCRIPT, JsonStyle};
use crate::protocols::schemes::Scheme;
use crate::protocols::schemes::scheme::{Contradiction, EnvelopeHeaders, SignedForm};
use crate::providers::fetch_facts;
use crate::providers::fetch_facts::FetchFacts;
use crate::providers::handshake_facts::HandshakeFacts;
use crate::providers::versions::Versions;
use serde::Deserialize;
use std::borrow::Cow;
use std::ops::Deref;

/// A webhook provider, described as data.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Provider {
    /// The name used on the command line, in lower case.
    pub id: String,
    /// The name used in prose.
    pub name: String,
    /// The vendor's documentation.
    pub documentation: String,
    /// The country of the people and places that `--seed` generates.
    #[serde(default)]
    pub country: Country,
    /// The way in which the sender prints JSON.
    pub json_style: Option<JsonStyle>,
    /// The contents of every request.
    pub request: RequestFacts,
    /// The location of the event name.
    pub event: EventLocation,
    /// The location of the id that all attempts of one message share, if there is one.
    pub message_id: Option<MessageIdFacts>,
    /// JSON Pointers to the fields that, with the event, identify a message without an id.
    #[serde(default)]
    pub message_identity: Vec<String>,
    /// The location of the time of sending, if it is sent.
    pub timestamp: Option<TimestampFacts>,
    /// The signature scheme.
    pub signature: Scheme,
    /// The GET with which the sender confirms the URL of a receiver, if it sends one.
    pub handshake: Option<HandshakeFacts>,
    /// The resources that a receiver fetches, if deliveries hold ids only.
    #[serde(default, deserialize_with = "fetch_facts::one_or_more")]
    pub fetch: Vec<FetchFacts>,
    /// The properties by which a request of this provider is recognised.
    pub recognise: RecogniseFacts,
    /// The sender's behavior after a failed delivery.
    pub retry: RetryPolicy,
    /// The behavior of a receiver built from the vendor's documentation.
    pub receiver: ReceiverFacts,
    /// The sources of the facts above.
    #[serde(default)]
    pub sources: Sources,
    /// Open questions that only the vendor can answer, in a sentence or two each.
    #[serde(default)]
    pub questions: Vec<String>,
    /// The dates since when fields and headers exist.
    #[serde(default)]
    pub versions: Versions,
    /// The person that a delivery is about.
    pub person: PersonFacts,
    /// The events that create a lead and those that need an existing one, if the vendor orders
    /// them.
    pub order: Option<OrderFacts>,
    /// The values that `--seed` varies in every event.
    #[serde(default)]
    pub vary: Variations,
    /// The events that can be sent.
    pub events: Vec<EventFacts>,
}

/// The contents of every request.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RequestFacts {
    /// The media type of the body.
    pub content_type: String,
    /// The `User-Agent` of the sender, if it is known.
    pub user_agent: Option<String>,
    /// The headers that the documentation promises in every request. `verify` warns if one of them
    /// is missing.
    #[serde(default)]
    pub required_headers: Vec<String>,
}

/// A location in a request: a header, a value of the body, or both; the header takes precedence.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Location {
    /// The name of a header.
    pub header: Option<String>,
    /// A JSON Pointer into the body.
    pub pointer: Option<String>,
}

/// The location of the event name: a [`Location`], the path of the URL, or nowhere.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "EventKeys")]
pub struct EventLocation {
    /// The header or the value of the body, if there is one.
    pub location: Location,
    /// `true` if the last segment of the path names the event: the sender has one URL for each.
    pub in_path: bool,
    /// The event of a request in which nothing names one.
    pub fixed: Option<String>,
}

/// The keys of `[event]`.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct EventKeys {
    header: Option<String>,
    pointer: Option<String>,
    #[serde(default)]
    path: bool,
    fixed: Option<String>,
}

impl From<EventKeys> for EventLocation {
    fn from(EventKeys { header, pointer, path, fixed }: EventKeys) -> Self {
        Self { location: Location { header, pointer }, in_path: path, fixed }
    }
}

impl Deref for EventLocation {
    type Target = Location;

    fn deref(&self) -> &Location {
        &self.location
    }
}

/// The id that all attempts of one message share.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct MessageIdFacts {
    /// Its location.
    #[serde(rename = "at")]
    pub location: Location,
    /// The format of a new id.
    #[serde(rename = "form")]
    pub format: IdFormat,
    /// The prefix of a new id.
    #[serde(default)]
    pub prefix: String,
}

/// The format of a message id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum IdFormat {
    /// A hyphenated, lower-case UUID.
    Uuid,
    /// 24 lower-case hex digits.
    Hex,
}

/// The time of sending.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct TimestampFacts {
    /// Its location.
    #[serde(rename = "at")]
    pub location: Location,
    /// Its precision.
    pub precision: Precision,
}

/// The properties by which a request of this provider is recognised.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RecogniseFacts {
    /// Headers that no other provider sends.
    #[serde(default)]
    pub headers: Vec<String>,
    /// JSON Pointers to fields of the body that are always present.
    #[serde(default, rename = "members")]
    pub fields: Vec<String>,
    /// `true` if a request is only recognised if the user names the provider: other senders may send
    /// the same headers.
    #[serde(default)]
    pub only_if_named: bool,
}

/// The behavior of a receiver built from the vendor's documentation.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ReceiverFacts {
    /// The response status for a forgery.
    #[serde(rename = "refuses-with")]
    pub rejection_status: u16,
}

/// The sources of facts, each in a sentence that begins with a confidence mark.
///
/// `A` stands for the vendor's own documentation, `A-` for an old or partial one, `B` for a third
/// party, and `C` for an inference. A name in brackets is defined in the `x-sources` of the pack's
/// schemas.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Sources {
    /// The way in which the sender prints JSON.
    pub json_style: Option<String>,
    /// The media type of the body.
    pub content_type: Option<String>,
    /// The `User-Agent` of the sender.
    pub user_agent: Option<String>,
    /// The location of the event name.
    pub event: Option<String>,
    /// The location of the message id, or that there is none.
    pub message_id: Option<String>,
    /// The location of the time of sending, or that it is not sent.
    pub timestamp: Option<String>,
    /// The signature scheme.
    pub signature: Option<String>,
    /// The responses that settle or stop a delivery.
    #[serde(rename = "answers")]
    pub responses: Option<String>,
    /// The waits between attempts.
    pub waits: Option<String>,
    /// The behavior of a receiver built from the vendor's documentation.
    pub receiver: Option<String>,
    /// The order in which events are sent and arrive.
    pub order: Option<String>,
}

/// The person that a delivery is about.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct PersonFacts {
    /// JSON Pointers to strings that, joined by a space, are the name.
    pub name: Vec<String>,
    /// A JSON Pointer to the e-mail address.
    pub email: Option<String>,
    /// A JSON Pointer to the phone number.
    pub phone: Option<String>,
}

/// The events that create a lead and those that need an existing one.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct OrderFacts {
    /// A JSON Pointer to the id of the lead.
    #[serde(rename = "lead")]
    pub lead_pointer: String,
    /// Events that create the lead.
    #[serde(rename = "first")]
    pub creating_events: Vec<String>,
    /// Events about an existing lead.
    #[serde(rename = "then")]
    pub later_events: Vec<String>,
}

/// One event that can be sent.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct EventFacts {
    /// The name, as the provider spells it.
    pub name: String,
    /// Its meaning, in short.
    pub summary: String,
    /// The confidence in its payload.
    pub shape: ShapeConfidence,
    /// The values that `--seed` varies in this event; they take precedence over those of the pack.
    #[serde(default)]
    pub vary: Variations,
    /// Other payloads of the same event.
    #[serde(default)]
    pub variants: Vec<VariantFacts>,
}

/// A variant: another sample payload of an event.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct VariantFacts {
    /// The name, which is part of the file's: `<event>.<name>.json`.
    pub name: String,
    /// Its difference from the event's payload, in short.
    pub summary: String,
    /// Values, including all values inside them, that `--seed` leaves unchanged.
    #[serde(default)]
    pub keep: Vec<String>,
    /// The values that `--seed` varies in this variant; they take precedence over those of the
    /// event.
    #[serde(default)]
    pub vary: Variations,
}

/// The confidence in the documented shape of an event's payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ShapeConfidence {
    /// The vendor documents it.
    Documented,
    /// The vendor only names the event: its payload is a guess.
    Guess,
}

impl Provider {
    /// Returns the facts of one event.
    #[must_use]
    pub fn event(&self, name: &str) -> Option<&EventFacts> {
        self.events.iter().find(|event| event.name == name)
    }

    /// Returns the event that the last segment of a path names, if the sender has one URL for each.
    #[must_use]
    pub fn event_of_path(&self, path_and_query: &str) -> Option<&EventFacts> {
        let (path, _) = split_query(path_and_query);
        let name = path.trim_end_matches('/').rsplit('/').next()?;
        self.event(name).filter(|_| self.event.in_path)
    }

    /// Returns the path and the query to which an event is sent.
    ///
    /// If the sender has one URL for each event, the last segment becomes the event: an event of the
    /// pack is replaced, and otherwise one is appended, unless it is the one that needs no name.
    #[must_use]
    pub fn path_of_event<'t>(&self, path_and_query: &'t str, event: &str) -> Cow<'t, str> {
        let is_fixed = self.event.fixed.as_deref() == Some(event);
        let named = self.event_of_path(path_and_query);
        if !self.event.in_path || (is_fixed && named.is_none()) {
            return Cow::Borrowed(path_and_query);
        }
        let (path, query) = split_query(path_and_query);
        let path = path.trim_end_matches('/');
        let folder = named.map_or(path, |named| {
            path.strip_suffix(named.name.as_str()).unwrap_or(path).trim_end_matches('/')
        });
        Cow::Owned(format!("{folder}/{event}{query}"))
    }

    /// Returns `true` if a request is only recognised if the user names the provider: also if it
    /// proves nothing but the knowledge of a secret, or nothing at all.
    #[must_use]
    pub fn is_recognised_only_if_named(&self) -> bool {
        self.recognise.only_if_named || self.signature.proof() != Proof::Signature
    }

    /// Returns the style in which every generated body is printed.
    #[must_use]
    pub fn body_style(&self) -> JsonStyle {
        // Receivers of such a sender may hash the raw body as well as the result of `JSON.stringify`,
        // so both are the same.
        let signs_stringified = self.signature.signed_form() == SignedForm::JsonStringify;
        self.json_style.unwrap_or(if signs_stringified { JAVASCRIPT } else { AS_SAMPLE })
    }

    /// Returns an error if the facts about the signed headers contradict each other.
    pub fn check(&self) -> Result<(), Contradiction> {
        fn header(location: &Location) -> Option<&str> {
            location.header.as_deref()
        }
        self.signature.check(&EnvelopeHeaders {
            message_id: self.message_id.as_ref().and_then(|facts| header(&facts.location)),
            timestamp: self.timestamp.as_ref().and_then(|facts| header(&facts.location)),
            precision: self.timestamp.as_ref().map(|facts| facts.precision),
        })
    }
}

/// Splits a target before its query.
fn split_query(path_and_query: &str) -> (&str, &str) {
    path_and_query.split_at(path_and_query.find('?').unwrap_or(path_and_query.len()))
}

impl EventFacts {
    /// Returns the facts of one variant.
    #[must_use]
    pub fn variant(&self, name: &str) -> Option<&VariantFacts> {
        self.variants.iter().find(|variant| variant.name == name)
    }

    /// Returns the name of every variant.
    pub fn variant_names(&self) -> impl Iterator<Item = &str> {
        self.variants.iter().map(|variant| variant.name.as_str())
    }
}
