//! Composition of requests: adds the provider's headers and the signature to a body.

use crate::domain::message::{Headers, Message};
use crate::domain::secret::Secret;
use crate::protocols::schemes::scheme::{Envelope, SignError, SigningContext, Tamper};
use crate::providers::provider::Provider;
use bytes::Bytes;
use jiff::Timestamp;
use jiff::civil::Date;
use std::borrow::Cow;

/// The maximum length of a header line in the default configuration of nginx and Apache.
const COMMON_HEADER_LIMIT: usize = 8_190;

/// The parts of a request before it is signed.
#[derive(Clone, Debug)]
pub struct RequestDraft<'a> {
    /// The event name, for the header that contains it, if the provider has one.
    pub event: Option<&'a str>,
    /// The message id, for the header that contains it, if the provider has one.
    pub message_id: Option<&'a str>,
    /// The time of sending.
    pub now: Timestamp,
    /// Path and query.
    pub path: &'a str,
    /// The body.
    pub body: Bytes,
    /// The date whose version of the request is composed: headers that are newer are left out.
    pub as_of: Option<Date>,
    /// The headers that the user adds or replaces.
    pub extra_headers: &'a [(String, String)],
}

/// A request as the provider would send it, with notes.
#[derive(Clone, Debug)]
pub struct Composed {
    /// The request.
    pub message: Message,
    /// The notes for the user, one sentence each.
    pub notes: Vec<String>,
    /// `true` if it carries a signature or the secret.
    pub is_signed: bool,
}

/// Composes a request. Without a secret, the request is unsigned and `tamper` is ignored.
pub fn compose(
    provider: &Provider,
    draft: RequestDraft<'_>,
    secret: Option<&Secret>,
    tamper: Option<&Tamper>,
) -> Result<Composed, SignError> {
    let mut headers = unsigned_headers(provider, &draft);
    let (mut notes, mut signature) = (Vec::new(), None);
    // Every attempt carries this id. The time is that of this attempt: the waits of a simulated
    // retry schedule are virtual, while the sending time, which a scheme may sign, is the real one.
    let envelope = Envelope { message_id: draft.message_id, at: draft.now };
    if let Some(secret) = secret {
        let signed = provider.signature.sign(secret, &draft.body, &envelope)?;
        notes.extend(signed.note.map(str::to_owned));
        if let Some(header) = provider.signature.header()
            && signed.value.len() > COMMON_HEADER_LIMIT
        {
            notes.push(format!(
                "`{header}` has {} bytes: nginx and Apache reject a header over 8 KB, Node over \
                 16 KB in total",
                signed.value.len(),
            ));
        }
        signature = Some(signed.value);
    }
    if let (Some(header), Some(value)) = (provider.signature.header(), &signature) {
        headers.push(header, value.as_str());
    }
    for name in draft.as_of.iter().flat_map(|date| provider.versions.headers_after(*date)) {
        headers.remove(name);
    }
    // The user's headers replace the provider's, as with curl; a signature header is rejected
    // earlier.
    draft.extra_headers.iter().for_each(|(name, _)| headers.remove(name));
    draft.extra_headers.iter().for_each(|(name, value)| headers.push(name.clone(), value.clone()));
    let path = match draft.event {
        Some(event) => provider.path_of_event(draft.path, event),
        None => Cow::Borrowed(draft.path),
    };
    let mut message = Message::post(&*path, headers, draft.body);
    let place = provider.signature.place();
    if let Some(value) = signature.filter(|_| place.header().is_none()) {
        place.write(&value, &mut message);
        if place.is_in_body() && !place.is_present(&message) {
            notes.push(format!("the body cannot have {place}: it is sent without the secret"));
        }
    }
    if let (Some(secret), Some(tamper)) = (secret, tamper) {
        let signing = SigningContext { scheme: &*provider.signature, secret, envelope };
        tamper.apply(&signing, &mut message)?;
    }
    let is_signed = place.is_present(&message) && secret.is_some();
    Ok(Composed { message, notes, is_signed })
}

/// Returns the headers that the provider sends besides the signature, in the provider's order.
fn unsigned_headers(provider: &Provider, draft: &RequestDraft<'_>) -> Headers {
    let mut headers = Headers::new();
    headers.push("Content-Type", provider.request.content_type.as_str());
    if let Some(name) = &provider.request.user_agent {
        headers.push("User-Agent", name.as_str());
    }
    if let (Some(header), Some(event)) = (&provider.event.header, draft.event) {
        headers.push(header.as_str(), event);
    }
    let id_header = provider.message_id.as_ref().and_then(|facts| facts.location.header.as_ref());
    if let (Some(header), Some(id)) = (id_header, draft.message_id) {
        headers.push(header.as_str(), id);
    }
    if let Some(facts) = &provider.timestamp
        && let Some(header) = &facts.location.header
    {
        headers.push(header.as_str(), facts.precision.format(draft.now));
    }
    headers
}
