//! A body to a whole request: the headers the provider sends, and its signature.

use crate::domain::message::{Headers, Message};
use crate::domain::secret::Secret;
use crate::protocols::schemes::scheme::{Envelope, SignError, Signing, Tamper};
use crate::providers::provider::Provider;
use bytes::Bytes;
use jiff::Timestamp;

/// The longest header line that nginx and Apache take as they are installed.
const USUAL_HEADER_LIMIT: usize = 8_190;

/// A request that is ready but for its bytes and its address.
#[derive(Clone, Debug)]
pub struct RequestDraft<'a> {
    /// The event, for the header that names it.
    pub event: Option<&'a str>,
    /// The id, for the header that carries it.
    pub message_id: Option<&'a str>,
    /// The time of sending.
    pub now: Timestamp,
    /// Path and query.
    pub path: &'a str,
    /// The bytes.
    pub body: Bytes,
    /// The user's own headers.
    pub extra: &'a [(String, String)],
}

/// A request as the provider would send it, and what is to be said of it.
#[derive(Clone, Debug)]
pub struct Composed {
    /// The request.
    pub message: Message,
    /// What the user should know: one sentence each.
    pub notes: Vec<String>,
}

/// Puts a request together. Without a secret it goes unsigned, as from a provider that has none.
pub fn compose(
    provider: &Provider,
    letter: RequestDraft<'_>,
    secret: Option<&Secret>,
    tamper: Option<&Tamper>,
) -> Result<Composed, SignError> {
    let mut headers = unsigned_headers(provider, &letter);
    let mut notes = Vec::new();
    // Every attempt carries this id and this time: the waits of a ladder that is played are
    // virtual, and the time of sending, which a scheme may sign, is the real one.
    let envelope = Envelope { message_id: letter.message_id, at: letter.now };
    if let Some(secret) = secret {
        let signed = provider.signature.sign(secret, &letter.body, &envelope)?;
        notes.extend(signed.note.map(str::to_owned));
        if signed.value.len() > USUAL_HEADER_LIMIT {
            notes.push(format!(
                "`{}` has {} bytes: nginx and Apache refuse a header over 8 KB, Node over 16 KB in all",
                signed.header,
                signed.value.len(),
            ));
        }
        headers.push(signed.header, signed.value);
    }
    // The user's word replaces the provider's, as with curl; a signature is refused before.
    letter.extra.iter().for_each(|(name, _)| headers.remove(name));
    letter.extra.iter().for_each(|(name, value)| headers.push(name.clone(), value.clone()));
    let mut message = Message::post(letter.path, headers, letter.body);
    if let (Some(secret), Some(tamper)) = (secret, tamper) {
        let signing = Signing { scheme: &*provider.signature, secret, envelope };
        tamper.apply(&signing, &mut message)?;
    }
    Ok(Composed { message, notes })
}

/// The headers that the provider sends besides the signature, in its own order.
fn unsigned_headers(provider: &Provider, letter: &RequestDraft<'_>) -> Headers {
    let mut headers = Headers::new();
    headers.push("Content-Type", provider.request.content_type.as_str());
    if let Some(name) = &provider.request.user_agent {
        headers.push("User-Agent", name.as_str());
    }
    if let (Some(header), Some(event)) = (&provider.event.header, letter.event) {
        headers.push(header.as_str(), event);
    }
    let id_header = provider.message_id.as_ref().and_then(|facts| facts.at.header.as_ref());
    if let (Some(header), Some(id)) = (id_header, letter.message_id) {
        headers.push(header.as_str(), id);
    }
    if let Some(facts) = &provider.timestamp
        && let Some(header) = &facts.at.header
    {
        headers.push(header.as_str(), facts.precision.format(letter.now));
    }
    headers
}
