//! The signature in words: what is signed, how it is written, and what it does not speak for.

use super::markdown;
use crate::domain::provider::{Provider, Scheme, SignedForm};
use crate::domain::time::Wait;

pub(super) fn section(provider: &Provider) -> String {
    let scheme = &provider.signature;
    let facts = match scheme {
        Scheme::HmacSha256Hex { over, prefix, .. } => hmac(*over, prefix),
        Scheme::JwtHs256 { issued_at, .. } => jwt(*issued_at),
        Scheme::StandardWebhooks { id_header, timestamp_header, tolerance, .. } => {
            standard_webhooks(id_header, timestamp_header, *tolerance)
        }
    };
    let lines = facts.into_iter().chain([not_covered(provider)]);
    markdown::paragraphs([
        "## The signature".to_owned(),
        format!(
            "{}, by the scheme {}:",
            markdown::code(scheme.header()),
            markdown::code(scheme.name())
        ),
        markdown::bullets(lines),
    ])
}

const KEY: &str =
    "The key: the bytes of the secret as it is shown, in UTF-8, with nothing decoded.";

fn hmac(over: SignedForm, prefix: &str) -> Vec<String> {
    let signed = match over {
        SignedForm::RawBody => {
            "What is signed: the bytes of the body as they arrive. A body that was parsed and \
             printed again has other bytes."
        }
        SignedForm::JsonStringify => {
            "What is signed: what `JSON.stringify(JSON.parse(body))` gives. `leadhook` sends the \
             body in exactly that form, so that its bytes as they arrive give the same, and \
             `leadhook verify` says which of the two fits."
        }
    };
    let before =
        if prefix.is_empty() { String::new() } else { format!("{} and ", markdown::code(prefix)) };
    vec![
        signed.to_owned(),
        KEY.to_owned(),
        format!("How: HMAC-SHA256, written as {before}64 lower-case hex digits."),
    ]
}

fn standard_webhooks(id_header: &str, timestamp_header: &str, tolerance: Wait) -> Vec<String> {
    let (id, time) = (markdown::code(id_header), markdown::code(timestamp_header));
    vec![
        format!(
            "What is signed: the value of {id}, that of {time} and the bytes of the body as they \
             arrive, with a dot between them (Standard Webhooks 1.0.0)."
        ),
        "The key: what stands behind `whsec_` in the secret, decoded from base64.".to_owned(),
        "How: HMAC-SHA256, written as `v1,` and base64. The header can carry several signatures \
         with spaces between them, as when a secret is replaced: one that fits is enough, and \
         those of other versions are passed over."
            .to_owned(),
        format!(
            "A message whose time is more than {tolerance} from the receiver's own is refused, \
             whether it lies in the past or in the future."
        ),
    ]
}

fn jwt(issued_at: bool) -> Vec<String> {
    let claims = if issued_at {
        "its claims are the body, with the time of signing added as `iat`"
    } else {
        "its claims are the body"
    };
    vec![
        format!(
            "What is signed: a JSON Web Token with the header `{{\"alg\":\"HS256\",\"typ\":\"JWT\"}}`; \
             {claims}. A receiver must insist on HS256, whatever the token says."
        ),
        KEY.to_owned(),
        "How: base64url of header and claims, a dot between them, and after another dot base64url \
         of the HMAC-SHA256 of both (RFC 7515), all without padding."
            .to_owned(),
        "It is sent by itself; after `Bearer `, `leadhook verify` takes it too.".to_owned(),
        "The HTTP body is not signed, only the claims are: they are what to work with, and where \
         the body differs, it was changed."
            .to_owned(),
    ]
}

/// What can be changed without the signature showing it.
fn not_covered(provider: &Provider) -> String {
    let header = |place: &Option<String>, what: &str| {
        place.as_ref().map(|name| format!("{} ({what})", markdown::code(name)))
    };
    let id = provider.message_id.as_ref().and_then(|id| header(&id.at.header, "the id"));
    let time = provider.timestamp.as_ref().and_then(|time| header(&time.at.header, "the time"));
    let covers = provider.signature.covers();
    let bare: Vec<_> = [
        header(&provider.event.header, "the event"),
        id.filter(|_| !covers.contains(&"message-id")),
        time.filter(|_| !covers.contains(&"timestamp")),
    ]
    .into_iter()
    .flatten()
    .collect();
    let replay = if covers.contains(&"timestamp") {
        ""
    } else {
        " No time limits it: whoever has seen a delivery can send it again."
    };
    let other = if covers.contains(&"message-id") { "any other header" } else { "any header" };
    let headers = if bare.is_empty() {
        other.to_owned()
    } else {
        format!("{other}, {} among them", markdown::and(&bare))
    };
    format!("What it does not cover: {headers}.{replay}")
}
