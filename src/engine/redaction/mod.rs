//! Redaction of captured requests, so that they can be shared.
//!
//! It uses an allowlist: what the pack documents as an enumerated value, an id, a time or a number
//! stays, and every other string is replaced by a synthetic one. A denylist could never be complete:
//! an undocumented field can contain anything. The replaced bytes void the signature, so the request
//! is signed again with a secret that is used for nothing else.

mod body;
mod replacements;
pub mod unsaved_body;

#[cfg(test)]
mod tests;

use crate::domain::capture::Capture;
use crate::domain::message::{Headers, Message};
use crate::domain::secret::Secret;
use crate::domain::variation::Country;
use crate::engine::generate;
use crate::engine::generate::is_time;
use crate::engine::judge::Judgement;
use crate::engine::recognise;
use crate::engine::redaction::body::{BodyRedactor, Documentation, collect_originals, is_id};
use crate::engine::redaction::replacements::{DOMAIN, Form, Originals, Replacements};
use crate::engine::replay::resign;
use crate::engine::seeded_rng::SeededRng;
use crate::protocols::json;
use crate::protocols::json::Json;
use crate::protocols::json_print::{AS_WRITTEN, print};
use crate::protocols::schema_outline::documented_fields;
use crate::protocols::schemes::scheme::EnvelopePart;
use crate::providers::Packs;
use crate::providers::pack::Pack;
use crate::providers::provider::Provider;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The replacement for a body that is not JSON, and for other text that is not JSON.
const REDACTED: &str = "redacted";

/// The maximum length of a `User-Agent` or a path segment that is kept.
const MAX_PLAIN_BYTES: usize = 80;

/// The methods that are kept.
const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/// Returns the throw-away secret of a run. The same seed gives the same secret.
///
/// Its form is usable with every scheme: some need a secret that encodes its key.
#[must_use]
pub fn throw_away_secret(seed: u64) -> String {
    let key = SeededRng::new(seed, "throw-away secret").bytes::<32>();
    format!("whsec_{}", STANDARD.encode(key))
}

/// Redacts the requests of one run.
#[derive(Debug)]
pub struct Redactor {
    packs: Packs,
    /// The secret that signs the redacted requests.
    secret: Secret,
    replacements: Replacements,
    /// The documentation of each event, by provider and event.
    documentation: BTreeMap<(String, String), Arc<Documentation>>,
}

/// A redacted request.
#[derive(Clone, Debug)]
pub struct RedactedRequest {
    /// The request.
    pub capture: Capture,
    /// `true` if its provider and event are known; otherwise only the structure of its body is
    /// left.
    pub is_documented: bool,
    /// `true` if it was signed again.
    pub is_signed: bool,
}

/// What is known about the request that is being redacted.
struct Recognised<'r> {
    provider: Option<&'r Provider>,
    /// The id to sign with.
    message_id: Option<String>,
    /// `true` if it carries a signature or the secret.
    is_signed: bool,
}

impl Redactor {
    /// Creates the redactor of a run, which signs with [`throw_away_secret`].
    #[must_use]
    pub fn of_run(packs: Packs, seed: u64) -> Self {
        Self::new(packs, seed, Secret::derived(throw_away_secret(seed).into_bytes()))
    }

    /// Creates a redactor. The same key gives the same replacements.
    #[must_use]
    pub fn new(packs: Packs, key: u64, secret: Secret) -> Self {
        let replacements = Replacements::new(key);
        Self { packs, secret, replacements, documentation: BTreeMap::new() }
    }

    /// Redacts a request, which was judged without a secret. `now` is the time to sign with if the
    /// request has none.
    #[must_use]
    pub fn redact(
        &mut self,
        capture: &Capture,
        judgement: &Judgement,
        now: Timestamp,
    ) -> RedactedRequest {
        let original = recognise::with_original_headers(&self.packs, &capture.message);
        let original = original.as_ref().unwrap_or(&capture.message);
        let pack = judgement.pack.as_deref();
        let event = judgement.verdict.event.as_deref();
        let event = pack.zip(event).filter(|(pack, name)| pack.provider.event(name).is_some());
        let documentation = self.documentation(event);
        let body = json::read(&original.body).ok();
        let originals = originals(original, body.as_ref(), &documentation);
        let recognised = self.recognise(original, judgement, &originals);
        let mut message = Message {
            method: METHODS
                .into_iter()
                .find(|method| *method == original.method)
                .unwrap_or("POST")
                .to_owned(),
            target: self.target(&original.target, &originals),
            http_version: original.http_version.clone(),
            headers: self.headers(original, &recognised, &originals),
            body: self.body(original, body, event, &documentation, &originals).into(),
        };
        let at = signing_time(&recognised, original).or(capture.received_at).unwrap_or(now);
        let is_signed = self.sign(&mut message, &recognised, at);
        let &Capture { received_at, body_saved, .. } = capture;
        let capture = Capture { received_at, remote: None, message, body_saved };
        RedactedRequest { capture, is_documented: event.is_some(), is_signed }
    }

    /// Returns the documentation of an event, which is read at its first request.
    fn documentation(&mut self, event: Option<(&Pack, &str)>) -> Arc<Documentation> {
        let Some((pack, event)) = event else { return Arc::default() };
        let key = (pack.provider.id.clone(), event.to_owned());
        let read = || Arc::new(document(pack, event));
        Arc::clone(self.documentation.entry(key).or_insert_with(read))
    }

    fn recognise<'r>(
        &mut self,
        original: &Message,
        judgement: &'r Judgement,
        originals: &Originals,
    ) -> Recognised<'r> {
        let provider = judgement.pack.as_deref().map(|pack| &pack.provider);
        let id = judgement.verdict.message_id.as_deref();
        let message_id = id.map(|id| self.id(id, originals));
        let is_signed =
            provider.is_some_and(|provider| provider.signature.place().is_present(original));
        Recognised { provider, message_id, is_signed }
    }

    /// Returns an id, or its replacement if it does not look like one.
    fn id(&mut self, id: &str, originals: &Originals) -> String {
        if is_id(id) {
            return id.to_owned();
        }
        self.replacements.replace(id, Form::Uuid, Country::Us, None, originals)
    }

    fn body(
        &mut self,
        original: &Message,
        body: Option<Json>,
        event: Option<(&Pack, &str)>,
        documentation: &Documentation,
        originals: &Originals,
    ) -> Vec<u8> {
        let Some(body) = body else {
            return if original.body.is_empty() { Vec::new() } else { REDACTED.into() };
        };
        let variations =
            match event.and_then(|(pack, name)| Some((pack, pack.provider.event(name)?))) {
                Some((pack, facts)) => {
                    generate::variations(&pack.provider, facts, &body.clone().into_value())
                }
                None => BTreeMap::new(),
            };
        let mut redactor = BodyRedactor {
            documentation,
            variations,
            country: event.map_or(Country::Us, |(pack, _)| pack.provider.country),
            replacements: &mut self.replacements,
            originals,
            names: BTreeMap::new(),
        };
        print(&redactor.redact(&body), &AS_WRITTEN)
    }

    /// Returns the path without query, and with replacements for segments that may be personal or
    /// secret.
    fn target(&mut self, target: &str, originals: &Originals) -> String {
        if target == "*" {
            return target.to_owned();
        }
        let path = target.split_once("://").map_or(target, |(_, rest)| {
            rest.find('/').and_then(|start| rest.get(start..)).unwrap_or("/")
        });
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let mut redacted = String::new();
        for segment in path.split('/').skip(1) {
            redacted.push('/');
            if is_plain_segment(segment) {
                redacted.push_str(segment);
            } else {
                let form = Form::Uuid;
                redacted += &self.replacements.replace(segment, form, Country::Us, None, originals);
            }
        }
        if redacted.is_empty() { "/".to_owned() } else { redacted }
    }

    /// Returns the documented headers, in their order.
    fn headers(
        &mut self,
        original: &Message,
        recognised: &Recognised<'_>,
        originals: &Originals,
    ) -> Headers {
        let headers = original.headers.iter();
        headers
            .filter_map(|(name, value)| {
                let value = str::from_utf8(value).unwrap_or_default().trim();
                Some((name.to_owned(), self.header(name, value, recognised, originals)?))
            })
            .collect()
    }

    /// Returns the redacted value of a header, or `None` if it is not documented.
    fn header(
        &mut self,
        name: &str,
        value: &str,
        recognised: &Recognised<'_>,
        originals: &Originals,
    ) -> Option<String> {
        let is = |known: Option<&str>| known.is_some_and(|known| known.eq_ignore_ascii_case(name));
        if is(Some("Host")) {
            return Some(DOMAIN.to_owned());
        }
        if is(Some("Content-Type")) {
            return media_type(value);
        }
        if is(Some("User-Agent")) {
            return is_plain(value).then(|| value.to_owned());
        }
        let provider = recognised.provider?;
        let id = provider.message_id.as_ref().and_then(|facts| facts.location.header.as_deref());
        let time = provider.timestamp.as_ref().and_then(|facts| facts.location.header.as_deref());
        if is(provider.event.header.as_deref()) {
            let is_known = provider.event(value).is_some();
            return Some(if is_known { value } else { REDACTED }.to_owned());
        }
        let mut signed = provider.signature.signed_headers().into_iter();
        let part = signed.find(|header| is(Some(header.name))).map(|header| header.part);
        if is(id) || part == Some(EnvelopePart::MessageId) {
            return Some(self.id(value, originals));
        }
        if is(time) || part == Some(EnvelopePart::Timestamp) {
            let is_number = value.len() < 20 && value.bytes().all(|byte| byte.is_ascii_digit());
            return Some(if is_number || is_time(value) { value } else { REDACTED }.to_owned());
        }
        // It is replaced when the request is signed.
        is(provider.signature.header()).then(|| REDACTED.to_owned())
    }

    /// Signs the request again if it was signed. Returns `false` if that is not possible.
    fn sign(&self, message: &mut Message, recognised: &Recognised<'_>, at: Timestamp) -> bool {
        let Some(provider) = recognised.provider else { return false };
        let place = provider.signature.place();
        // The query of the original is not kept.
        if place.header().is_some() && !place.is_present(message) {
            return false;
        }
        if !recognised.is_signed {
            return false;
        }
        let id = recognised.message_id.as_deref();
        if let Ok(signed) = resign(provider, message, id, &self.secret, at) {
            *message = signed.message;
            return true;
        }
        place.remove(message);
        false
    }
}

/// Returns what a pack documents about an event.
fn document(pack: &Pack, event: &str) -> Documentation {
    let provider = &pack.provider;
    let documents = pack.documents(event).unwrap_or_default();
    let mut fields = documented_fields(&format!("{event}.schema.json"), &documents);
    let id = provider.message_id.as_ref().and_then(|facts| facts.location.pointer.as_ref());
    let lead = provider.order.as_ref().map(|order| &order.lead_pointer);
    let time = provider.timestamp.as_ref().and_then(|facts| facts.location.pointer.as_ref());
    let names = provider.events.iter().map(|event| event.name.clone());
    let known = [id, lead, time, provider.event.pointer.as_ref()].into_iter().flatten();
    for pointer in known.chain(&provider.recognise.fields) {
        // The objects around a field are documented with it.
        let ends = pointer.match_indices('/').map(|(end, _)| end).chain([pointer.len()]);
        for end in ends {
            fields.entry(pointer.get(..end).unwrap_or_default().to_owned()).or_default();
        }
    }
    if let Some(field) = provider.event.pointer.as_ref().and_then(|it| fields.get_mut(it)) {
        field.strings.extend(names);
    }
    if let Some(field) = time.and_then(|pointer| fields.get_mut(pointer)) {
        field.formats.insert("date-time".to_owned());
    }
    Documentation { fields, ids: [id, lead].into_iter().flatten().cloned().collect() }
}

/// Returns the strings of a request that must not occur in its replacements.
fn originals(message: &Message, body: Option<&Json>, documentation: &Documentation) -> Originals {
    let mut originals = Originals::default();
    let names: std::collections::BTreeSet<_> =
        documentation.fields.keys().filter_map(|pointer| pointer.rsplit('/').next()).collect();
    if let Some(body) = body {
        collect_originals(body, &|name| names.contains(name), &mut originals);
    }
    let segments = message.target.split(['/', '?', '&', '=']);
    segments.for_each(|segment| originals.add(segment));
    for (_, value) in message.headers.iter() {
        originals.add(&String::from_utf8_lossy(value));
    }
    originals
}

/// Returns the time that the original was signed with, if a header says so.
fn signing_time(recognised: &Recognised<'_>, original: &Message) -> Option<Timestamp> {
    let signed = recognised.provider?.signature.signed_headers();
    let header = signed.iter().find(|header| header.part == EnvelopePart::Timestamp)?;
    let seconds = original.headers.get_str(header.name)?.trim().parse().ok()?;
    Timestamp::from_second(seconds).ok()
}

/// Returns the media type, with the character set as its only parameter.
fn media_type(value: &str) -> Option<String> {
    let mut parts = value.split(';').map(str::trim);
    let is_token = |text: &str| {
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"+-._".contains(&byte);
        !text.is_empty() && text.len() <= MAX_PLAIN_BYTES && text.bytes().all(is_part)
    };
    let kind = parts.next().filter(|kind| {
        kind.split_once('/').is_some_and(|(kind, subtype)| is_token(kind) && is_token(subtype))
    })?;
    let is_utf8 = |part: &str| part.eq_ignore_ascii_case("charset=utf-8");
    Some(match parts.find(|part| is_utf8(part)) {
        Some(charset) => format!("{kind}; {charset}"),
        None => kind.to_owned(),
    })
}

/// Returns `true` if a value is short and contains no address.
fn is_plain(value: &str) -> bool {
    let is_part = |c: char| c.is_ascii_graphic() || c == ' ';
    value.len() <= MAX_PLAIN_BYTES && !value.contains('@') && value.chars().all(is_part)
}

/// Returns `true` if a path segment is a plain word: a digit, an encoded character or a long segment
/// may be part of an id, an address or a secret.
fn is_plain_segment(segment: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphabetic() || b"-_.".contains(&byte);
    let is_version = segment.len() <= 3 && segment.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_version || (segment.len() <= 24 && segment.bytes().all(is_part))
}
