//! Reader for a text that is only a token, as people copy it out of a header.

use crate::domain::message::{Headers, Message};
use crate::protocols::requests::parsed::{ParsedRequest, ReadResults, with_locations};
use crate::protocols::schemes::token::without_times;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The maximum length of a token.
const MAX_TOKEN: usize = 1 << 20;

/// The prefixes of a token in a header.
const PREFIXES: [&str; 3] = ["Authorization:", "Bearer ", "bearer "];

/// Returns `true` if a text is a token: three parts in base64url.
pub(super) fn is_token(text: &[u8]) -> bool {
    token(text).is_some()
}

/// Returns a request that has only this token. Its body is the claims without the times that the
/// signer added, if they can be decoded.
pub(super) fn read(text: &[u8]) -> ReadResults {
    let token = token(text).ok_or("expected a token")?;
    let headers = Headers::from_iter([("Authorization", format!("Bearer {token}"))]);
    let body = payload(token).unwrap_or_default();
    let mut parsed = ParsedRequest::from_message(Message::post("/", headers, body));
    // The claims are the payload, but nothing is known of the body that was sent.
    parsed.bytes_were_lost = true;
    Ok(with_locations(vec![Ok(parsed)]))
}

/// Returns `true` if a request was read from a token alone.
#[must_use]
pub fn is_from_token(message: &Message) -> bool {
    let mut headers = message.headers.iter();
    let (Some((_, value)), None) = (headers.next(), headers.next()) else { return false };
    token(value).is_some_and(|token| payload(token).unwrap_or_default() == message.body)
}

fn payload(token: &str) -> Option<Vec<u8>> {
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?.trim_end_matches('=')).ok()?;
    Some(without_times(&claims))
}

fn token(text: &[u8]) -> Option<&str> {
    if text.len() > MAX_TOKEN {
        return None;
    }
    let mut text = std::str::from_utf8(text).ok()?.trim();
    for prefix in PREFIXES {
        text = text.strip_prefix(prefix).unwrap_or(text).trim_start();
    }
    let is_part = |part: &str| {
        part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_=".contains(&byte))
    };
    let parts: Vec<_> = text.split('.').take(4).collect();
    // The first part is an object in base64, which begins with `{"`.
    let is_token = matches!(parts.as_slice(), [header, claims, signature]
        if header.starts_with("ey") && !claims.is_empty()
            && parts.iter().all(|part| is_part(part)));
    is_token.then_some(text)
}
