//! What is known of one sender of webhooks, as a pack's `provider.toml` says it.

use crate::domain::retry::RetryPolicy;
use crate::domain::time::{Precision, Wait};
use crate::domain::variation::{Country, Variations};
use serde::Deserialize;
use thiserror::Error;

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
    pub at: Place,
    /// How finely it is written.
    pub precision: Precision,
}

/// How a delivery is signed. A pack names one of these and nothing received can change it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "scheme", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub enum Scheme {
    /// Lower-case hex of HMAC-SHA256, in one header.
    HmacSha256Hex {
        /// The header that carries it.
        header: String,
        /// What is signed.
        over: SignedForm,
        /// What stands before the digits, such as `sha256=`.
        #[serde(default)]
        prefix: String,
    },
    /// A JSON Web Token, HS256 and nothing else, whose claims are the body.
    JwtHs256 {
        /// The header that carries it.
        header: String,
        /// Whether the time of signing (`iat`) is added to the claims.
        issued_at: bool,
    },
    /// Standard Webhooks: base64 of HMAC-SHA256 over id, time and body, after its version.
    StandardWebhooks {
        /// The header that carries the signatures, one or several.
        header: String,
        /// The header that carries the id of the message.
        id_header: String,
        /// The header that carries the time of sending, in Unix seconds.
        timestamp_header: String,
        /// How far that time may be from the receiver's, in the past and in the future.
        tolerance: Wait,
    },
}

impl Scheme {
    /// The header that carries the signature.
    #[must_use]
    pub fn header(&self) -> &str {
        match self {
            Self::HmacSha256Hex { header, .. }
            | Self::JwtHs256 { header, .. }
            | Self::StandardWebhooks { header, .. } => header,
        }
    }

    /// The headers that are signed with the body.
    #[must_use]
    pub fn signed_headers(&self) -> Vec<&str> {
        match self {
            Self::HmacSha256Hex { .. } | Self::JwtHs256 { .. } => Vec::new(),
            Self::StandardWebhooks { id_header, timestamp_header, .. } => {
                vec![id_header, timestamp_header]
            }
        }
    }

    /// Whether the id of the message is signed, so that nothing can be signed without one.
    #[must_use]
    pub fn signs_message_id(&self) -> bool {
        self.covers().contains(&"message-id")
    }

    /// The name of the scheme, as packs and reports have it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::HmacSha256Hex { .. } => "hmac-sha256-hex",
            Self::JwtHs256 { .. } => "jwt-hs256",
            Self::StandardWebhooks { .. } => "standard-webhooks",
        }
    }

    /// What a signature speaks for.
    #[must_use]
    pub fn covers(&self) -> &'static [&'static str] {
        match self {
            Self::HmacSha256Hex { .. } => &["body"],
            Self::JwtHs256 { .. } => &["claims"],
            Self::StandardWebhooks { .. } => &["message-id", "timestamp", "body"],
        }
    }
}

/// Which form of the body an HMAC is made over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
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

/// Two facts of a pack that cannot both be.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("`{key}` is {found}, expected {expected}: {reason}")]
pub struct Contradiction {
    /// The key in `provider.toml`, from the root.
    pub key: &'static str,
    /// What stands there, in backticks; `missing` where nothing does.
    pub found: String,
    /// What the other fact asks for.
    pub expected: String,
    /// The other fact.
    pub reason: &'static str,
}

impl Provider {
    /// The facts of one event.
    #[must_use]
    pub fn event(&self, name: &str) -> Option<&EventFacts> {
        self.events.iter().find(|event| event.name == name)
    }

    /// Refuses facts that contradict each other, as far as each of them can be read alone.
    pub fn check(&self) -> Result<(), Contradiction> {
        match &self.signature {
            Scheme::HmacSha256Hex { prefix, .. } => check_prefix(prefix),
            Scheme::JwtHs256 { .. } => Ok(()),
            Scheme::StandardWebhooks { header, id_header, timestamp_header, tolerance } => {
                self.check_signed(id_header, timestamp_header)?;
                check_distinct(header, id_header, timestamp_header)?;
                if *tolerance == Wait(0) {
                    return Err(Contradiction {
                        key: "signature.tolerance",
                        found: "`0s`".to_owned(),
                        expected: "a length of time such as `5m`".to_owned(),
                        reason: "every delivery takes some time to arrive",
                    });
                }
                Ok(())
            }
        }
    }

    /// The id and the time that are sent must be those that are signed.
    fn check_signed(&self, id_header: &str, timestamp_header: &str) -> Result<(), Contradiction> {
        let id = self.message_id.as_ref().map(|facts| &facts.at);
        let reason = "`signature.id-header` is signed, and this is where the id is put";
        agree("message-id.at.header", id, id_header, reason)?;
        let time = self.timestamp.as_ref().map(|facts| &facts.at);
        let reason = "`signature.timestamp-header` is signed, and this is where the time is put";
        agree("timestamp.at.header", time, timestamp_header, reason)?;
        match self.timestamp.as_ref().map(|facts| facts.precision) {
            None | Some(Precision::UnixSeconds) => Ok(()),
            Some(
                Precision::Seconds
                | Precision::Milliseconds
                | Precision::Microseconds
                | Precision::Nanoseconds,
            ) => Err(Contradiction {
                key: "timestamp.precision",
                found: "a date in RFC 3339".to_owned(),
                expected: "`unix-seconds`".to_owned(),
                reason: "Standard Webhooks signs the time as a number of seconds",
            }),
        }
    }
}

/// The header of a place must be the one that is signed.
fn agree(
    key: &'static str,
    place: Option<&Place>,
    signed: &str,
    reason: &'static str,
) -> Result<(), Contradiction> {
    match place.and_then(|place| place.header.as_deref()) {
        Some(header) if header.eq_ignore_ascii_case(signed) => Ok(()),
        other => Err(Contradiction {
            key,
            found: other.map_or_else(|| "missing".to_owned(), |header| format!("`{header}`")),
            expected: format!("`{signed}`"),
            reason,
        }),
    }
}

/// Three headers carry three things.
fn check_distinct(header: &str, id: &str, timestamp: &str) -> Result<(), Contradiction> {
    let twice = |key, name: &str| {
        Err(Contradiction {
            key,
            found: format!("`{name}`"),
            expected: "a header of its own".to_owned(),
            reason: "signature, id and time are three headers",
        })
    };
    if id.eq_ignore_ascii_case(header) {
        return twice("signature.id-header", id);
    }
    if timestamp.eq_ignore_ascii_case(header) || timestamp.eq_ignore_ascii_case(id) {
        return twice("signature.timestamp-header", timestamp);
    }
    Ok(())
}

/// A prefix goes into a header, and is told from the digits behind it.
fn check_prefix(prefix: &str) -> Result<(), Contradiction> {
    let is_visible = prefix.bytes().all(|byte| byte.is_ascii_graphic());
    let is_told = !prefix.bytes().next_back().is_some_and(|byte| byte.is_ascii_hexdigit());
    if is_visible && is_told {
        return Ok(());
    }
    Err(Contradiction {
        key: "signature.prefix",
        found: format!("`{}`", prefix.escape_debug()),
        expected: "visible letters that end in none of the hex digits, such as `sha256=`"
            .to_owned(),
        reason: "it stands before the digits, in a header",
    })
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
