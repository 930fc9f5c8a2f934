//! The main functions of the library: `sample`, `sign`, `verify` and `explain`.

use crate::domain::message::Message;
use crate::domain::secret::{Secret, SecretError};
use crate::domain::verdict::{Explanation, Verdict};
use crate::engine::compose::{RequestDraft, compose};
use crate::engine::explain::{Explainer, Failure};
use crate::engine::generate::{GenerateError, PayloadOptions, message_id, payload};
use crate::engine::judge::{Judge, Judgement};
use crate::engine::seeded_rng::SeededRng;
use crate::protocols::schemes::scheme::SignError;
use crate::providers::flaw::PackError;
use crate::providers::pack::Pack;
use crate::providers::provider::Provider;
use crate::providers::{LookupError, Packs};
use jiff::Timestamp;
use thiserror::Error;

/// An event to sample and to sign: its name, its time, and its seed, variant and message id.
///
/// The same event gives the same bytes on every machine: the event is the only source of time and
/// randomness.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    name: String,
    at: Timestamp,
    seed: Option<u64>,
    variant: Option<String>,
    message_id: Option<String>,
}

impl Event {
    /// Creates an event, such as `created`, that is sent at the given time.
    pub fn new(name: impl Into<String>, at: Timestamp) -> Self {
        Self { name: name.into(), at, seed: None, variant: None, message_id: None }
    }

    /// Sets the seed of the generated lead. Without a seed, the documentation's sample is used.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Selects a variant of the payload, such as `minimal`.
    #[must_use]
    pub fn variant(mut self, name: impl Into<String>) -> Self {
        self.variant = Some(name.into());
        self
    }

    /// Sets the message id, which all attempts of one delivery share.
    ///
    /// Without it the id is generated from everything else in the event: the same event is a
    /// repeat, an event of another name, time, seed or variant is a different message.
    #[must_use]
    pub fn message_id(mut self, id: impl Into<String>) -> Self {
        self.message_id = Some(id.into());
        self
    }

    /// Returns the name of the event.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the message id of the event, set or generated; `None` if the provider's messages
    /// have no id.
    fn message_id_for(&self, provider: &Provider) -> Result<Option<String>, EventError> {
        match (&self.message_id, &provider.message_id) {
            (Some(id), Some(_)) => Ok(Some(id.clone())),
            (Some(_), None) => Err(EventError::MessageId { provider: provider.name.clone() }),
            (None, _) => {
                let Self { name, at, seed, variant, .. } = self;
                let stream = format!("{name} {at} {seed:?} {variant:?}");
                Ok(message_id(provider, &mut SeededRng::new(seed.unwrap_or_default(), &stream)))
            }
        }
    }
}

/// The reason why a pack was not found, or why an event could not be sampled or signed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum EventError {
    /// The name is not known.
    #[error("unknown {what} `{name}`; available: {}", backticked_list(known))]
    Unknown {
        /// The kind of the name: provider, event or variant.
        what: &'static str,
        /// The unknown name.
        name: String,
        /// Every name that is known.
        known: Vec<String>,
    },
    /// The event has a message id, and the provider's messages have none.
    #[error("messages of {provider} have no id; leave `message_id` out")]
    MessageId {
        /// The name of the provider.
        provider: String,
    },
    /// The pack cannot be used.
    #[error(transparent)]
    Pack(#[from] PackError),
    /// The payload cannot be generated.
    #[error(transparent)]
    Payload(GenerateError),
    /// The body cannot be signed.
    #[error(transparent)]
    Signature(#[from] SignError),
    /// The secret cannot be a signing key.
    #[error(transparent)]
    Secret(#[from] SecretError),
}

impl From<GenerateError> for EventError {
    fn from(error: GenerateError) -> Self {
        match error {
            GenerateError::UnknownVariant { name, known, .. } => {
                Self::Unknown { what: "variant", name, known }
            }
            GenerateError::Pack(error) => Self::Pack(error),
            GenerateError::Edit(_) => Self::Payload(error),
        }
    }
}

/// Formats names as a list in backticks.
fn backticked_list(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

impl Pack {
    /// Returns the built-in pack of a provider.
    ///
    /// ```
    /// let pack = leadhook::Pack::builtin("leadpro")?;
    /// assert_eq!(pack.provider.name, "LeadPro");
    /// let error = leadhook::Pack::builtin("leadpr").unwrap_err().to_string();
    /// assert!(error.starts_with("unknown provider `leadpr`; available: `"), "{error}");
    /// # Ok::<(), leadhook::EventError>(())
    /// ```
    pub fn builtin(id: &str) -> Result<Self, EventError> {
        let packs = Packs::builtin()?;
        packs.find(id).map(|pack| Self::clone(pack)).map_err(|unknown| match unknown {
            LookupError::Broken(error) => EventError::Pack(error),
            LookupError::Provider { .. }
            | LookupError::Event { .. }
            | LookupError::Ambiguous { .. } => {
                let known = packs.iter().map(|pack| pack.provider.id.clone()).collect();
                EventError::Unknown { what: "provider", name: id.to_owned(), known }
            }
        })
    }
}

/// Returns a payload of an event: the sample of the documentation, or a generated lead if the event
/// has a seed.
///
/// ```
/// use leadhook::{Event, Pack, Timestamp, sample};
///
/// let pack = Pack::builtin("realgeeks")?;
/// let created = Event::new("created", Timestamp::UNIX_EPOCH);
/// assert_eq!(sample(&pack, &created.clone().seed(7))?, sample(&pack, &created.clone().seed(7))?);
/// assert_ne!(sample(&pack, &created.clone().seed(7))?, sample(&pack, &created.seed(8))?);
/// # Ok::<(), leadhook::EventError>(())
/// ```
pub fn sample(pack: &Pack, event: &Event) -> Result<Vec<u8>, EventError> {
    let definition = pack.provider.event(&event.name).ok_or_else(|| EventError::Unknown {
        what: "event",
        name: event.name.clone(),
        known: pack.provider.events.iter().map(|event| event.name.clone()).collect(),
    })?;
    let message_id = event.message_id_for(&pack.provider)?;
    let recipe = PayloadOptions {
        variant: event.variant.as_deref(),
        seed: event.seed,
        message_id: message_id.as_deref(),
        now: event.at,
        edits: &[],
    };
    Ok(payload(pack, definition, &recipe)?)
}

/// Returns the request that the provider sends for an event: the body with every header, signed.
///
/// The body is not validated: an invalid payload and an unknown event can be signed as well.
/// Signing with another secret creates a forgery.
///
/// ```
/// use leadhook::{Event, Pack, Secret, Timestamp, sign};
///
/// let pack = Pack::builtin("realtorbot")?;
/// let event = Event::new("lead.created", Timestamp::UNIX_EPOCH);
/// let request = sign(&pack, &Secret::new("s3cret")?, &event, br#"{"lead":1}"#)?;
/// let signature = request.headers.get_str("X-RealtorBot-Signature");
/// assert_eq!(signature.map(str::len), Some(64));
/// # Ok::<(), leadhook::EventError>(())
/// ```
pub fn sign(
    pack: &Pack,
    secret: &Secret,
    event: &Event,
    body: impl Into<Vec<u8>>,
) -> Result<Message, EventError> {
    let message_id = event.message_id_for(&pack.provider)?;
    let draft = RequestDraft {
        event: Some(&event.name),
        message_id: message_id.as_deref(),
        now: event.at,
        path: "/",
        body: body.into().into(),
        as_of: None,
        extra_headers: &[],
    };
    Ok(compose(&pack.provider, draft, Some(secret), None)?.message)
}

/// Returns the verdict on a request of one provider at the given time: whether the signature is
/// valid, and where the payload deviates from the provider's documentation.
///
/// [`Judge`] does the same for several providers and secrets, and compiles each schema once.
///
/// ```
/// use leadhook::{Event, Pack, PayloadStatus, Secret, Timestamp, sign, verify};
///
/// let (pack, secret) = (Pack::builtin("realgeeks")?, Secret::new("s3cret")?);
/// let now = Timestamp::UNIX_EPOCH;
/// let request = sign(&pack, &secret, &Event::new("created", now), "{}")?;
/// let verdict = verify(&pack, &secret, &request, now);
/// assert!(!verdict.valid);
/// assert_eq!(verdict.payload.status, PayloadStatus::Invalid);
/// assert_eq!(verdict.payload.findings[0].code, "missing");
/// # Ok::<(), leadhook::EventError>(())
/// ```
#[must_use]
pub fn verify(pack: &Pack, secret: &Secret, request: &Message, at: Timestamp) -> Verdict {
    Judge::for_pack(pack, vec![secret.clone()]).judge(request, at).verdict
}

/// Returns the reasons why the signature of a request does not verify, each with its code and fix;
/// an empty list if the signature is valid.
///
/// It searches for the change that makes the signature valid again: a body that was parsed and
/// serialized, a secret with a newline, a truncated header.
///
/// ```
/// use leadhook::{Event, Pack, Secret, Timestamp, explain, sample, sign};
///
/// let (pack, secret) = (Pack::builtin("realgeeks")?, Secret::new("s3cret")?);
/// let now = Timestamp::UNIX_EPOCH;
/// let created = Event::new("created", now);
/// let mut request = sign(&pack, &secret, &created, sample(&pack, &created)?)?;
/// assert!(explain(&pack, &secret, &request, now).is_empty());
///
/// request.body = [&*request.body, b"\n"].concat().into();
/// let reasons = explain(&pack, &secret, &request, now);
/// assert_eq!(reasons[0].code, "final-newline-added");
/// # Ok::<(), leadhook::EventError>(())
/// ```
#[must_use]
pub fn explain(pack: &Pack, secret: &Secret, request: &Message, at: Timestamp) -> Vec<Explanation> {
    let judge = Judge::for_pack(pack, vec![secret.clone()]);
    let Judgement { verdict, pack, .. } = judge.judge(request, at);
    let Verdict { event, mut signature, .. } = verdict;
    let (pack, event) = (pack.as_deref(), event.as_deref());
    let failure = Failure { message: request, at, pack, event };
    Explainer::default().explain(&judge, &failure, &Vec::new, &mut signature);
    signature.explanations
}
