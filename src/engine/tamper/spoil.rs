//! The ways to spoil a message that is signed well.

use crate::domain::message::Message;
use crate::domain::provider::Scheme;
use crate::domain::secret::Secret;
use crate::domain::time::Precision;
use crate::engine::tamper::signing::Signing;
use crate::protocols::signature::SignError;
use crate::protocols::standard_webhooks;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use sha2::{Sha256, Sha384, Sha512};
use std::time::Duration;

/// How far a time is beyond what a receiver lets pass.
const FAR: Duration = Duration::from_secs(10 * 60);

/// Which way from now a time lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Past,
    Future,
}

/// What is signed beside the body, in a header of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stamp {
    MessageId,
    Timestamp,
}

/// Returns the body with one byte changed.
pub(super) fn with_one_byte_changed(message: &Message) -> Bytes {
    let mut body = message.body.to_vec();
    change_one_byte(&mut body);
    body.into()
}

/// Changes the last letter or digit at the end of a text, so that the body stays JSON; where there
/// is none, adds a member.
pub(super) fn change_one_byte(body: &mut Vec<u8>) {
    let ends_a_text = |triple: &[u8]| {
        // After a backslash a letter is no letter.
        triple[0] != b'\\' && triple[1].is_ascii_alphanumeric() && triple[2] == b'"'
    };
    if let Some(index) = body.windows(3).rposition(ends_a_text) {
        body[index + 1] = neighbour(body[index + 1]);
        return;
    }
    if !add_member(body, r#""tampered":1"#) {
        body.push(b'!');
    }
}

/// Adds a member at the end of an object; says whether the body has an end of one.
fn add_member(body: &mut Vec<u8>, member: &str) -> bool {
    let Some(end) = body.iter().rposition(|byte| *byte == b'}') else { return false };
    let is_first = body[..end].trim_ascii_end().ends_with(b"{");
    let comma = if is_first { "" } else { "," };
    body.splice(end..end, format!("{comma}{member}").into_bytes());
    true
}

/// Another byte of the same kind: a digit for a digit, a hex letter for a hex letter.
fn neighbour(byte: u8) -> u8 {
    match byte {
        b'0' | b'a' | b'A' => byte + 1,
        _ => byte - 1,
    }
}

/// Signs with these bytes as the secret, and as the key where the scheme decodes one from it.
pub(super) fn sign_with_key(
    signing: &Signing<'_>,
    message: &mut Message,
    key: &[u8],
) -> Result<(), SignError> {
    let text = match signing.scheme {
        Scheme::HmacSha256Hex { .. } | Scheme::JwtHs256 { .. } => key.to_vec(),
        Scheme::StandardWebhooks { .. } => STANDARD.encode(key).into_bytes(),
    };
    // Never the case: every such key begins with a secret that was taken as one.
    let secret = Secret::new(text).unwrap_or_else(|_| signing.secret.clone());
    Signing { secret: &secret, ..*signing }.sign_again(&message.body.clone(), message)
}

/// What stands before the digest in the header, and the digest as it is spelled there.
fn prefix_and_digest<'v>(scheme: &Scheme, value: &'v str) -> (&'v str, &'v str) {
    let start = match scheme {
        Scheme::HmacSha256Hex { prefix, .. } => prefix.len(),
        Scheme::JwtHs256 { .. } => value.rfind('.').map_or(0, |dot| dot + 1),
        Scheme::StandardWebhooks { .. } => standard_webhooks::PREFIX.len(),
    };
    value.split_at_checked(start).unwrap_or(("", value))
}

/// Gives the header that signs the value that `respell` makes of its prefix and digest.
fn respell(
    signing: &Signing<'_>,
    message: &mut Message,
    respell: impl FnOnce(&str, &str) -> Option<String>,
) {
    let header = signing.scheme.header();
    let value = message.headers.text(header).map(str::to_owned);
    let respelled = value.and_then(|value| {
        let (prefix, digest) = prefix_and_digest(signing.scheme, &value);
        respell(prefix, digest)
    });
    if let Some(value) = respelled {
        message.headers.replace(header, value);
    }
}

/// Keeps the first half of the digest.
pub(super) fn truncate(signing: &Signing<'_>, message: &mut Message) {
    respell(signing, message, |prefix, digest| {
        Some(format!("{prefix}{}", &digest[..digest.len() - digest.len() / 2]))
    });
}

/// Takes the prefix away, or puts one where none belongs.
pub(super) fn prefix(signing: &Signing<'_>, message: &mut Message) {
    respell(signing, message, |prefix, digest| {
        Some(if prefix.is_empty() { format!("sha256={digest}") } else { digest.to_owned() })
    });
}

/// Puts another version before the digest.
pub(super) fn version(signing: &Signing<'_>, message: &mut Message) {
    respell(signing, message, |_, digest| Some(format!("v2,{digest}")));
}

/// Spells the digest in another way.
pub(super) fn spell(signing: &Signing<'_>, message: &mut Message, spell: fn(&[u8]) -> String) {
    respell(signing, message, |prefix, digest| {
        let bytes = match signing.scheme {
            Scheme::HmacSha256Hex { .. } => hex::decode(digest).ok(),
            Scheme::JwtHs256 { .. } => URL_SAFE_NO_PAD.decode(digest).ok(),
            Scheme::StandardWebhooks { .. } => STANDARD.decode(digest).ok(),
        };
        Some(format!("{prefix}{}", spell(&bytes?)))
    });
}

/// Dates the token or the sending so that no receiver takes it, and signs that.
pub(super) fn at_another_time(
    signing: &Signing<'_>,
    message: &mut Message,
    side: Side,
) -> Result<(), SignError> {
    let at = signing.envelope.at;
    match signing.scheme {
        Scheme::HmacSha256Hex { .. } => Ok(()),
        Scheme::JwtHs256 { .. } => {
            let claim = match side {
                Side::Past => "exp",
                Side::Future => "nbf",
            };
            let time = Precision::UnixSeconds.format(moved(at, side, FAR));
            let mut claims = message.body.to_vec();
            add_member(&mut claims, &format!("\"{claim}\":{time}"));
            signing.sign_again(&claims, message)
        }
        Scheme::StandardWebhooks { timestamp_header, tolerance, .. } => {
            let at = moved(at, side, tolerance.duration().saturating_add(FAR));
            message.headers.replace(timestamp_header, Precision::UnixSeconds.format(at));
            let mut other = *signing;
            other.envelope.at = at;
            other.sign_again(&message.body.clone(), message)
        }
    }
}

/// The time so far away, or the last there is on that side.
fn moved(at: Timestamp, side: Side, by: Duration) -> Timestamp {
    let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
    match side {
        Side::Past => at.checked_sub(by).unwrap_or(Timestamp::MIN),
        Side::Future => at.checked_add(by).unwrap_or(Timestamp::MAX),
    }
}

/// Says in the header of the token that it is not signed, and takes the signature away.
pub(super) fn unsigned_token(signing: &Signing<'_>, message: &mut Message) {
    respell(signing, message, |signed, _| {
        let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#);
        Some(format!("{header}.{}.", claims_of(signed)?))
    });
}

/// Signs the token with HS512 and says so.
pub(super) fn other_algorithm(signing: &Signing<'_>, message: &mut Message) {
    sign_token(signing, message, "HS512", |secret, signed| {
        let mac = Hmac::<Sha512>::new_from_slice(secret).ok()?.chain_update(signed);
        Some(mac.finalize().into_bytes().to_vec())
    });
}

/// Signs the token with HS384 and says so.
pub(super) fn longer_digest(signing: &Signing<'_>, message: &mut Message) {
    sign_token(signing, message, "HS384", |secret, signed| {
        let mac = Hmac::<Sha384>::new_from_slice(secret).ok()?.chain_update(signed);
        Some(mac.finalize().into_bytes().to_vec())
    });
}

/// Says RS256 and signs with HMAC: a library that lets the token choose would take the secret for a
/// public key, or the other way round (RFC 8725, section 2.1).
pub(super) fn public_key(signing: &Signing<'_>, message: &mut Message) {
    sign_token(signing, message, "RS256", |secret, signed| {
        let mac = Hmac::<Sha256>::new_from_slice(secret).ok()?.chain_update(signed);
        Some(mac.finalize().into_bytes().to_vec())
    });
}

/// Signs the claims of the token again, with another header.
fn sign_token(
    signing: &Signing<'_>,
    message: &mut Message,
    algorithm: &str,
    sign: impl FnOnce(&[u8], &str) -> Option<Vec<u8>>,
) {
    respell(signing, message, |signed, _| {
        let header = URL_SAFE_NO_PAD.encode(format!("{{\"alg\":\"{algorithm}\",\"typ\":\"JWT\"}}"));
        let signed = format!("{header}.{}", claims_of(signed)?);
        let signature = sign(signing.secret.expose(), &signed)?;
        Some(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
    });
}

/// Puts a header that does not hold before the one that does.
pub(super) fn double(signing: &Signing<'_>, message: &mut Message) {
    let header = signing.scheme.header();
    let Some(value) = message.headers.text(header).map(str::to_owned) else { return };
    truncate(signing, message);
    message.headers.push(header.to_owned(), value);
}

/// The second part of `header.claims.`.
fn claims_of(signed: &str) -> Option<&str> {
    signed.split('.').nth(1)
}

/// Signs the body and nothing else.
pub(super) fn body_alone(signing: &Signing<'_>, message: &mut Message) -> Result<(), SignError> {
    let value = standard_webhooks::signature(signing.secret, &[&message.body])?;
    message.headers.replace(signing.scheme.header(), value);
    Ok(())
}

fn header(scheme: &Scheme, stamp: Stamp) -> Option<&str> {
    match (scheme, stamp) {
        (Scheme::HmacSha256Hex { .. } | Scheme::JwtHs256 { .. }, _) => None,
        (Scheme::StandardWebhooks { id_header, .. }, Stamp::MessageId) => Some(id_header),
        (Scheme::StandardWebhooks { timestamp_header, .. }, Stamp::Timestamp) => {
            Some(timestamp_header)
        }
    }
}

/// Changes the last letter or digit of a header that is signed.
pub(super) fn change_stamp(signing: &Signing<'_>, message: &mut Message, stamp: Stamp) {
    let Some(name) = header(signing.scheme, stamp) else { return };
    let Some(value) = message.headers.get(name).map(<[u8]>::to_vec) else { return };
    let mut changed = value;
    match changed.iter().rposition(u8::is_ascii_alphanumeric) {
        Some(last) => changed[last] = neighbour(changed[last]),
        None => changed.push(b'0'),
    }
    message.headers.replace(name, changed);
}

/// Leaves a header out that is signed.
pub(super) fn drop_stamp(signing: &Signing<'_>, message: &mut Message, stamp: Stamp) {
    if let Some(name) = header(signing.scheme, stamp) {
        message.headers.remove(name);
    }
}
