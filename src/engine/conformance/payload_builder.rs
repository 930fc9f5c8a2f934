//! Request builder of the cases: genuine deliveries with deliberate changes.

use crate::domain::message::Message;
use crate::domain::pointer;
use crate::domain::secret::Secret;
use crate::domain::verdict::Proof;
use crate::engine::compose::{RequestDraft, compose};
use crate::engine::conformance::captured::CapturedDeliveries;
use crate::engine::generate;
use crate::engine::generate::{CapturedBody, GenerateError, PayloadOptions};
use crate::engine::seeded_rng::SeededRng;
use crate::protocols::json_text::JsonText;
use crate::protocols::schemes::masking::Masking;
use crate::protocols::schemes::scheme::{SignError, SignedForm, Tamper};
use crate::providers::pack::Pack;
use crate::providers::provider::{EventFacts, Provider, ShapeConfidence};
use crate::providers::versions::Versions;
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;
use thiserror::Error;

/// The field for the person's name if the payload has none.
const NAME_FIELD: &str = "/leadhook_name";

/// The context in which the requests of one case are built.
#[derive(Clone, Copy, Debug)]
pub struct CaseContext<'w> {
    /// The provider's pack.
    pub pack: &'w Pack,
    /// The signing secrets; only a rotation uses a second one.
    pub secrets: &'w [Secret],
    /// Path and query.
    pub path: &'w str,
    /// The time of sending.
    pub now: Timestamp,
    /// The seed for the leads of the case.
    pub seed: u64,
    /// The captured deliveries whose bodies replace the samples.
    pub captured: Option<&'w CapturedDeliveries>,
    /// The token with which the receiver confirms a handshake, if it is known.
    pub handshake_token: Option<&'w Secret>,
}

impl CaseContext<'_> {
    /// Returns the secrets that requests contain: the token of the handshake, and those of a
    /// provider that sends its secret instead of a signature.
    #[must_use]
    pub fn sent_secrets(&self) -> Vec<Secret> {
        let scheme = &*self.pack.provider.signature;
        let masking = Masking { scheme, secrets: self.secrets };
        let secrets = self.secrets.iter().filter(|_| masking.applies());
        secrets.chain(self.handshake_token).cloned().collect()
    }
}

/// The error if a case cannot be run.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum CaseError {
    /// The user must provide something first.
    #[error("{0}")]
    MissingInput(&'static str),
    /// The pack has no such payload.
    #[error(transparent)]
    Generate(#[from] GenerateError),
    /// The scheme cannot sign it.
    #[error(transparent)]
    Sign(#[from] SignError),
}

/// Builds one request.
#[derive(Clone, Debug)]
pub struct PayloadBuilder<'w> {
    context: CaseContext<'w>,
    event: &'w EventFacts,
    /// An event name that replaces the real one.
    pub event_name: Option<&'static str>,
    /// A variant of the payload.
    pub variant: Option<&'static str>,
    /// The number of the lead within the case.
    pub lead_number: u64,
    /// The number of the message within the case.
    pub message_number: u64,
    /// The fields to add at the top level of the payload.
    pub extra_fields: Vec<(&'static str, Value)>,
    /// The person's name as JSON, without the quotes.
    pub name: Option<&'static str>,
    /// The value that replaces the person's email.
    pub email: Option<Value>,
    /// The values to put at JSON Pointers of the payload.
    pub values: Vec<(String, Value)>,
    /// Changes the body before it is signed.
    pub rewrite_body: fn(Vec<u8>) -> Vec<u8>,
    /// The bytes to send before the body; they are signed with it if the scheme signs bytes.
    pub prefix: &'static [u8],
    /// The bytes that replace the body; if the scheme cannot sign them, it signs an empty object.
    pub raw_body: Option<Vec<u8>>,
    /// A defect, see [`crate::engine::tamper`].
    pub tamper: Option<&'static Tamper>,
    /// The index of the signing secret.
    pub secret_index: usize,
    /// The date as of which the sender prints the payload; `None` for now.
    pub as_of: Option<Date>,
    /// `true` if a captured body replaces the sample, if there is one. A variant is a sample.
    pub uses_captures: bool,
}

impl<'w> CaseContext<'w> {
    /// Returns a builder for a genuine delivery of `event`, about the first lead of the case.
    #[must_use]
    pub fn builder(&self, event: &'w EventFacts) -> PayloadBuilder<'w> {
        PayloadBuilder {
            context: *self,
            event,
            event_name: None,
            variant: None,
            lead_number: 0,
            message_number: 0,
            extra_fields: Vec::new(),
            name: None,
            email: None,
            values: Vec::new(),
            rewrite_body: |body| body,
            prefix: b"",
            raw_body: None,
            tamper: None,
            secret_index: 0,
            as_of: None,
            uses_captures: true,
        }
    }

    /// Returns a builder for a genuine delivery of the event that creates a lead.
    #[must_use]
    pub fn creation_builder(&self) -> PayloadBuilder<'w> {
        self.builder(creating_event(self.pack))
    }

    /// Returns a builder for a genuine delivery that names a resource to be fetched, about the first
    /// lead of the case.
    #[must_use]
    pub fn fetch_builder(&self) -> PayloadBuilder<'w> {
        let names = |event: &EventFacts| {
            let sample = self.pack.sample(event, None).ok();
            let tables = self.pack.provider.fetch.iter();
            let mut tables = tables.filter(|facts| facts.belongs_to(Some(&event.name)));
            sample.is_some_and(|sample| {
                tables.any(|facts| !pointer::find_matches(&facts.ids, sample).is_empty())
            })
        };
        let creating = creating_event(self.pack);
        if names(creating) {
            return self.builder(creating);
        }
        let other = self.pack.provider.events.iter().find(|event| names(event));
        self.builder(other.unwrap_or(creating))
    }

    /// Returns the same with a minimal payload, in which a failure is easier to spot, unless there is
    /// a captured one.
    #[must_use]
    pub fn minimal_builder(&self) -> PayloadBuilder<'w> {
        let mut builder = self.creation_builder();
        if builder.captured_body().is_some() {
            return builder;
        }
        builder.variant = creating_event(self.pack).variant("minimal").map(|_| "minimal");
        builder
    }
}

impl<'w> CaseContext<'w> {
    /// Returns the events that need an existing lead, if the pack orders its events.
    pub fn later_events(&self) -> impl Iterator<Item = &'w EventFacts> {
        later_events(self.pack).into_iter()
    }
}

/// Returns the event that creates a lead: the first that the pack names as such, otherwise the
/// first documented one that contains a person.
#[must_use]
pub(super) fn creating_event(pack: &Pack) -> &EventFacts {
    let events = &pack.provider.events;
    let named = pack.provider.order.as_ref().and_then(|order| order.creating_events.first());
    let named = named.and_then(|name| events.iter().find(|event| event.name == *name));
    let has_person = |event: &&EventFacts| {
        let email = pack.provider.person.email.as_deref();
        let sample = pack.sample(event, None).ok();
        sample.zip(email).is_some_and(|(sample, email)| sample.pointer(email).is_some())
    };
    let documented = || events.iter().filter(|event| event.shape == ShapeConfidence::Documented);
    named
        .or_else(|| documented().find(has_person))
        .or_else(|| documented().next())
        .unwrap_or(&events[0])
}

/// Returns the events that need an existing lead, if the pack orders its events.
#[must_use]
pub(super) fn later_events(pack: &Pack) -> Vec<&EventFacts> {
    let names = pack.provider.order.as_ref().map_or(&[][..], |order| &order.later_events);
    let event = |name: &String| pack.provider.events.iter().find(|event| event.name == *name);
    names.iter().filter_map(event).collect()
}

impl PayloadBuilder<'_> {
    /// Returns the name of the event.
    #[must_use]
    pub fn event_name(&self) -> &str {
        &self.event.name
    }

    /// Builds the request.
    pub fn build(&self) -> Result<Message, CaseError> {
        let CaseContext { pack, secrets, path, now, seed, .. } = self.context;
        let provider = &pack.provider;
        let mut rng = SeededRng::new(seed.wrapping_add(self.message_number), "conformance-id");
        let message_id = generate::message_id(provider, &mut rng);
        let body = self.body(message_id.as_deref())?;
        let event = self.event_name.unwrap_or(&self.event.name);
        let secret = secrets.get(self.secret_index);
        if secret.is_none() && provider.signature.proof() != Proof::None {
            return Err(CaseError::MissingInput("it needs a secret"));
        }
        let signed = self.raw_body.clone().unwrap_or(body);
        let sent = [self.prefix, &signed].concat();
        // The claims of a token are always an object, even if the body is not.
        let signed = match (provider.signature.signed_form(), &self.raw_body) {
            (SignedForm::RawBody | SignedForm::JsonStringify | SignedForm::Base64OfBody, _) => {
                sent.clone()
            }
            (SignedForm::Claims, Some(_)) => b"{}".to_vec(),
            (SignedForm::Claims, None) => signed,
        };
        let draft = RequestDraft {
            event: Some(event),
            message_id: message_id.as_deref(),
            now,
            path,
            body: signed.into(),
            as_of: self.as_of,
            extra_headers: &[],
        };
        let mut message = compose(provider, draft, secret, self.tamper)?.message;
        // The secret in the body is part of what is sent.
        if self.tamper.is_none() && !provider.signature.place().is_in_body() {
            message.body = sent.into();
        }
        Ok(message)
    }

    /// Returns the dates since when fields and headers of the sender exist.
    pub(super) fn versions(&self) -> &Versions {
        &self.context.pack.provider.versions
    }

    /// Returns the captured body that replaces the sample, if there is one.
    fn captured_body(&self) -> Option<&CapturedBody> {
        let is_sample = !self.uses_captures || self.variant.is_some();
        let captured = self.context.captured.filter(|_| !is_sample)?;
        captured.choose(&self.event.name, self.context.seed, self.lead_number)
    }

    /// Returns the body before it is signed.
    fn body(&self, message_id: Option<&str>) -> Result<Vec<u8>, CaseError> {
        let CaseContext { pack, now, seed, .. } = self.context;
        let seed = seed.wrapping_add(self.lead_number);
        let mut text = if let Some(captured) = self.captured_body() {
            captured.payload(pack, self.event, message_id, seed, now)
        } else {
            let recipe = PayloadOptions {
                variant: self.variant,
                seed: Some(seed),
                message_id,
                now,
                edits: &[],
            };
            let printed = generate::payload_as_of(pack, self.event, &recipe, self.as_of)?;
            match JsonText::read(&printed) {
                Some(text) => text,
                // There are no fields to change.
                None => return Ok((self.rewrite_body)(printed)),
            }
        };
        self.apply_changes(&mut text, &pack.provider);
        Ok((self.rewrite_body)(text.into_bytes()))
    }

    /// Applies the changes to the payload, in place: everything else stays as it is printed.
    fn apply_changes(&self, text: &mut JsonText, provider: &Provider) {
        let style = provider.body_style();
        let print = |value: &Value| style.print_text(value.clone());
        if let (Some(name), Some(pointer)) = (self.event_name, &provider.event.pointer) {
            text.replace(pointer, &print(&name.into()));
        }
        if let Some(name) = self.name {
            let literal = format!("\"{name}\"");
            let pointer = provider.person.name.first();
            if !pointer.is_some_and(|pointer| text.replace(pointer, &literal)) {
                text.put(NAME_FIELD, &literal, &style);
            }
        }
        if let (Some(email), Some(pointer)) = (&self.email, &provider.person.email) {
            text.replace(pointer, &print(email));
        }
        for (pointer, content) in &self.values {
            text.put(pointer, &print(content), &style);
        }
        for (name, content) in &self.extra_fields {
            text.put(&format!("/{}", pointer::escape(name)), &print(content), &style);
        }
    }
}
