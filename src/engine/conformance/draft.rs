//! The requests of the cases: a genuine delivery, and what is other about it.

use crate::domain::message::Message;
use crate::domain::secret::Secret;
use crate::engine::compose::{Letter, compose};
use crate::engine::dice::Dice;
use crate::engine::generate;
use crate::engine::generate::{GenerateError, Recipe};
use crate::protocols::schemes::scheme::{SignError, SignedForm, Tamper};
use crate::providers::pack::Pack;
use crate::providers::provider::{EventFacts, Provider, Shape};
use jiff::Timestamp;
use serde_json::Value;
use thiserror::Error;

/// What stands for a name until its spelling is put in.
const PLACEHOLDER: &str = "leadhook-name";

/// What the requests of one case are made from.
#[derive(Clone, Copy, Debug)]
pub struct Workshop<'w> {
    /// Whose deliveries they are.
    pub pack: &'w Pack,
    /// What they are signed with: the first one, but for a rotation.
    pub secrets: &'w [Secret],
    /// Path and query.
    pub path: &'w str,
    /// The time of sending.
    pub now: Timestamp,
    /// The leads of the case: other ones for every number.
    pub seed: u64,
}

/// Why a case cannot be tried here.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Unmakeable {
    /// Something that only the user can give is missing.
    #[error("{0}")]
    Wants(&'static str),
    /// The pack has no such payload.
    #[error(transparent)]
    Generate(#[from] GenerateError),
    /// The scheme cannot sign it.
    #[error(transparent)]
    Sign(#[from] SignError),
}

/// A request before it is put together.
#[derive(Clone, Debug)]
pub struct Draft<'w> {
    workshop: Workshop<'w>,
    event: &'w EventFacts,
    /// Another event name than the true one.
    pub event_name: Option<&'static str>,
    /// A variant of the payload.
    pub variant: Option<&'static str>,
    /// Which lead of the case it is about.
    pub lead: u64,
    /// Which message of the case it is.
    pub message: u64,
    /// Members to put into the payload, at its top.
    pub members: Vec<(&'static str, Value)>,
    /// How the name of the person is spelled in the body, as JSON inside its quotes.
    pub name: Option<&'static str>,
    /// What stands for the person's email.
    pub email: Option<Value>,
    /// What is done to the body before it is signed.
    pub spell: fn(Vec<u8>) -> Vec<u8>,
    /// Bytes before the body, which are signed with it where the scheme signs bytes.
    pub before: &'static [u8],
    /// Bytes in the place of the body; where the scheme cannot sign them, an empty object is signed.
    pub raw: Option<Vec<u8>>,
    /// A defect, see [`crate::engine::tamper::all_of`].
    pub tamper: Option<&'static Tamper>,
    /// Which of the secrets signs.
    pub secret: usize,
}

impl<'w> Workshop<'w> {
    /// A genuine delivery of `event`, about the first lead of the case.
    #[must_use]
    pub fn draft(&self, event: &'w EventFacts) -> Draft<'w> {
        Draft {
            workshop: *self,
            event,
            event_name: None,
            variant: None,
            lead: 0,
            message: 0,
            members: Vec::new(),
            name: None,
            email: None,
            spell: |body| body,
            before: b"",
            raw: None,
            tamper: None,
            secret: 0,
        }
    }

    /// A genuine delivery of the event that makes a lead known.
    #[must_use]
    pub fn created(&self) -> Draft<'w> {
        self.draft(created(self.pack))
    }

    /// The same with as little in it as there can be: what is wrong with it is easier to see.
    #[must_use]
    pub fn short(&self) -> Draft<'w> {
        let mut draft = self.created();
        draft.variant = created(self.pack).variant("minimal").map(|_| "minimal");
        draft
    }
}

impl<'w> Workshop<'w> {
    /// The events that need a lead to be known, where the pack says which.
    pub fn later(&self) -> impl Iterator<Item = &'w EventFacts> {
        later(self.pack).into_iter()
    }
}

/// The event that makes a lead known: the first that the pack names as such, or else the first that
/// its vendor shows and that has a person in it.
#[must_use]
pub(super) fn created(pack: &Pack) -> &EventFacts {
    let events = &pack.provider.events;
    let named = pack.provider.order.as_ref().and_then(|order| order.first.first());
    let named = named.and_then(|name| events.iter().find(|event| event.name == *name));
    let has_person = |event: &&EventFacts| {
        let email = pack.provider.person.email.as_deref();
        let sample = pack.sample(event, None).ok();
        sample.zip(email).is_some_and(|(sample, email)| sample.pointer(email).is_some())
    };
    let shown = || events.iter().filter(|event| event.shape == Shape::Documented);
    named.or_else(|| shown().find(has_person)).or_else(|| shown().next()).unwrap_or(&events[0])
}

/// The events that need a lead to be known, where the pack says which.
#[must_use]
pub(super) fn later(pack: &Pack) -> Vec<&EventFacts> {
    let names = pack.provider.order.as_ref().map_or(&[][..], |order| &order.then);
    let find = |name: &String| pack.provider.events.iter().find(|event| event.name == *name);
    names.iter().filter_map(find).collect()
}

impl Draft<'_> {
    /// Puts the request together.
    pub fn message(&self) -> Result<Message, Unmakeable> {
        let Workshop { pack, secrets, path, now, seed } = self.workshop;
        let provider = &pack.provider;
        let mut dice = Dice::new(seed.wrapping_add(self.message), "conformance-id");
        let message_id = generate::message_id(provider, &mut dice);
        let body = self.body(message_id.as_deref())?;
        let event = self.event_name.unwrap_or(&self.event.name);
        let secret = secrets.get(self.secret).ok_or(Unmakeable::Wants("it wants a secret"))?;
        let signed = self.raw.clone().unwrap_or(body);
        let sent = [self.before, &signed].concat();
        // A token has an object for its claims, whatever stands in the body.
        let signed = match (provider.signature.signed_form(), &self.raw) {
            (SignedForm::RawBody | SignedForm::JsonStringify, _) => sent.clone(),
            (SignedForm::Claims, Some(_)) => b"{}".to_vec(),
            (SignedForm::Claims, None) => signed,
        };
        let letter = Letter {
            event: Some(event),
            message_id: message_id.as_deref(),
            now,
            path,
            body: signed.into(),
            extra: &[],
        };
        let mut message = compose(provider, letter, Some(secret), self.tamper)?.message;
        if self.tamper.is_none() {
            message.body = sent.into();
        }
        Ok(message)
    }

    /// The bytes of the body before anything is signed.
    fn body(&self, message_id: Option<&str>) -> Result<Vec<u8>, Unmakeable> {
        let Workshop { pack, now, seed, .. } = self.workshop;
        let recipe = Recipe {
            variant: self.variant,
            seed: Some(seed.wrapping_add(self.lead)),
            message_id,
            now,
            edits: &[],
        };
        let mut value = generate::value(pack, self.event, &recipe)?;
        self.change(&mut value, &pack.provider);
        let mut body = generate::stringify(value);
        if let Some(spelling) = self.name {
            body = String::from_utf8_lossy(&body).replace(PLACEHOLDER, spelling).into_bytes();
        }
        Ok((self.spell)(body))
    }

    fn change(&self, value: &mut Value, provider: &Provider) {
        if let (Some(name), Some(pointer)) = (self.event_name, &provider.event.pointer)
            && let Some(place) = value.pointer_mut(pointer)
        {
            *place = name.into();
        }
        let person = &provider.person;
        let place = person.name.first().and_then(|pointer| value.pointer_mut(pointer));
        match (self.name, place) {
            (Some(_), Some(place)) => *place = PLACEHOLDER.into(),
            (Some(_), None) => put(value, "leadhook_name", PLACEHOLDER.into()),
            (None, _) => {}
        }
        if let (Some(email), Some(pointer)) = (&self.email, &person.email)
            && let Some(place) = value.pointer_mut(pointer)
        {
            *place = email.clone();
        }
        for (member, content) in &self.members {
            put(value, member, content.clone());
        }
    }
}

fn put(value: &mut Value, member: &str, content: Value) {
    if let Some(object) = value.as_object_mut() {
        object.insert(member.to_owned(), content);
    }
}
