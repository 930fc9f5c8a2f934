//! The `standard-webhooks` scheme: base64 of HMAC-SHA256 over id, time and body, after `v1,`.
//!
//! After version 1.0.0 of the specification
//! (<https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>),
//! for secrets that both sides share: `v1a`, which is made with a key pair, is passed over.

use crate::domain::finding::{Finding, Severity, Words};
use crate::domain::message::Message;
use crate::domain::secret::Secret;
use crate::domain::time::{Precision, Wait};
use crate::domain::verdict::{Explanation, Matched, SignatureStatus};
use crate::protocols::hmac_hex;
use crate::protocols::signature::{
    Envelope, Judgement, SignError, Signed, only_value, only_value_beside,
};
use base64::engine::general_purpose::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use base64::{Engine, alphabet};
use hmac::Mac;
use jiff::Timestamp;
use zeroize::Zeroizing;

/// What stands before a signature that a shared secret has made.
pub const PREFIX: &str = "v1,";

/// What stands before a secret, so that people know it when they see it.
const WHSEC: &[u8] = b"whsec_";

/// Bytes of a SHA-256 digest, and its letters in base64.
const DIGEST: usize = 32;
const LETTERS: usize = 44;

/// Seconds since 1970 that are no time anybody sends: those of the year 5138.
const NO_SECONDS: i64 = 100_000_000_000;

/// Secrets are copied with padding and without; the reference library for Python takes both.
const SPELLED: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Where a pack puts the three headers, and how far the time may be off.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terms<'t> {
    pub(super) header: &'t str,
    pub(super) id_header: &'t str,
    pub(super) timestamp_header: &'t str,
    pub(super) tolerance: Wait,
}

/// The key that a secret spells: what stands behind `whsec_`, decoded from base64.
#[must_use]
pub fn key(secret: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let text = secret.strip_prefix(WHSEC).unwrap_or(secret);
    SPELLED.decode(text).ok().filter(|key| !key.is_empty()).map(Zeroizing::new)
}

/// `v1,` and the MAC of the parts, one after the other.
pub fn signature(secret: &Secret, parts: &[&[u8]]) -> Result<String, SignError> {
    let key = key(secret.expose()).ok_or(SignError::SecretNotBase64)?;
    let mac = parts.iter().fold(hmac_hex::keyed(&key), Mac::chain_update);
    Ok(format!("{PREFIX}{}", STANDARD.encode(mac.finalize().into_bytes())))
}

/// What is signed: the id, the time as it is written, and the body, with dots between.
fn signed<'p>(id: &'p [u8], time: &'p [u8], body: &'p [u8]) -> [&'p [u8]; 5] {
    [id, b".", time, b".", body]
}

/// Signs `body` under the id and the time of its envelope.
pub(super) fn sign(
    terms: &Terms<'_>,
    secret: &Secret,
    body: &[u8],
    envelope: &Envelope<'_>,
) -> Result<Signed, SignError> {
    let unnamed = || SignError::NoMessageId { header: terms.id_header.to_owned() };
    let id = envelope.message_id.ok_or_else(unnamed)?;
    let time = Precision::UnixSeconds.format(envelope.at);
    let value = signature(secret, &signed(id.as_bytes(), time.as_bytes(), body))?;
    let note = id.contains('.').then_some(
        "the message id holds a dot, which the specification forbids: dots stand between what is \
         signed",
    );
    Ok(Signed { header: terms.header.to_owned(), value, note })
}

/// The signature that `secret` makes over the id, the time and the body of the message.
pub(super) fn expected(terms: &Terms<'_>, secret: &Secret, message: &Message) -> Option<String> {
    let (id, time) = stamps(terms, message).ok()?;
    signature(secret, &signed(id, time, &message.body)).ok()
}

/// Holds every signature against every secret, then the time against `at`.
pub(super) fn verify(
    terms: &Terms<'_>,
    secrets: &[Secret],
    message: &Message,
    at: Timestamp,
) -> Judgement {
    judge(terms, secrets, message, at).unwrap_or_else(|refusal| refusal)
}

fn judge(
    terms: &Terms<'_>,
    secrets: &[Secret],
    message: &Message,
    at: Timestamp,
) -> Result<Judgement, Judgement> {
    let given = read_signatures(terms.header, only_value(terms.header, message)?)?;
    let (id, time) = stamps(terms, message)?;
    let sent = seconds(time).ok_or_else(|| not_seconds(terms.timestamp_header))?;
    let keys: Vec<_> = secrets.iter().filter_map(|secret| key(secret.expose())).collect();
    if keys.is_empty() {
        return Err(no_key());
    }
    // Every secret and every signature is tried, whichever holds: the time taken tells nothing.
    let holds = keys.iter().fold(false, |found, key| {
        let parts = signed(id, time, &message.body);
        let mac = parts.iter().fold(hmac_hex::keyed(key), Mac::chain_update);
        given.iter().fold(found, |found, given| mac.clone().verify_slice(given).is_ok() | found)
    });
    if !holds {
        return Err(Judgement::no(
            SignatureStatus::Invalid,
            Explanation::new(
                "mismatch",
                "It was made with another secret, or over another id, another time or other bytes.",
                "compare the secret on both sides, and keep id, timestamp and body as they were \
                 received",
            ),
        ));
    }
    // The signature first: a time means nothing until it is the sender's own.
    if let Some(objection) = objection_to(sent, terms.tolerance, at) {
        return Err(Judgement::no(SignatureStatus::Invalid, objection));
    }
    let mut judgement = Judgement::valid(Matched::Raw);
    if id.contains(&b'.') {
        let message = format!(
            "`{}` holds a dot: the same signature fits a shorter id and a longer body",
            terms.id_header
        );
        let words = Words::said(message, "an id with a dot", "an id without a dot");
        let source = "Standard Webhooks, Signature scheme";
        judgement.findings.push(Finding::new(
            Severity::Warning,
            "dotted-message-id",
            words,
            source,
        ));
    }
    Ok(judgement)
}

/// The id and the time that are signed, as they are written.
fn stamps<'m>(terms: &Terms<'_>, message: &'m Message) -> Result<(&'m [u8], &'m [u8]), Judgement> {
    let id = only_value_beside(terms.id_header, "missing-message-id", message)?;
    let time = only_value_beside(terms.timestamp_header, "missing-timestamp", message)?;
    Ok((id, time))
}

/// Reads every signature of version 1, or says what stands there in their place.
fn read_signatures(header: &str, value: &[u8]) -> Result<Vec<Vec<u8>>, Judgement> {
    let malformed = |code, message: String, fix: &str| {
        Judgement::no(SignatureStatus::Malformed, Explanation::new(code, message, fix))
    };
    let entries = || value.split(|&byte| byte == b' ').filter(|entry| !entry.is_empty());
    let Some(first) = entries().next() else {
        let fix = "send `v1,` and the digest in base64";
        return Err(malformed("empty-signature", format!("`{header}` is empty."), fix));
    };
    let ours: Vec<_> =
        entries().filter_map(|entry| entry.strip_prefix(PREFIX.as_bytes())).collect();
    let is_digest = |bytes: &Vec<u8>| bytes.len() == DIGEST;
    let given: Vec<_> =
        ours.iter().filter_map(|text| STANDARD.decode(text).ok().filter(is_digest)).collect();
    if !given.is_empty() {
        return Ok(given);
    }
    let letter = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=".contains(byte);
    Err(match ours.first() {
        Some(text) if text.len() < LETTERS && text.iter().all(letter) && !text.is_empty() => {
            malformed(
                "truncated-signature",
                format!("`{header}` has {} letters of {LETTERS} behind `v1,`.", text.len()),
                "send all of them: something cut the header, or another digest was used",
            )
        }
        Some(_) => malformed(
            "malformed-signature",
            format!("Behind `v1,` of `{header}` stands no digest of {DIGEST} bytes in base64."),
            "encode the digest in base64 with padding, without quotes or spaces",
        ),
        None if is_versioned(first) => malformed(
            "other-version",
            format!("`{header}` has signatures of other versions than `v1` alone."),
            "sign with the shared secret, and put `v1,` before the digest",
        ),
        None => malformed(
            "unprefixed-signature",
            format!("`{header}` has no `v1,` before the digest."),
            "put `v1,` before the base64 of the digest",
        ),
    })
}

/// Whether a version such as `v2` or `v1a` and a comma stand before something.
fn is_versioned(entry: &[u8]) -> bool {
    let comma = entry.iter().position(|&byte| byte == b',');
    let version = comma.and_then(|comma| entry[..comma].strip_prefix(b"v"));
    version.is_some_and(|version| {
        version.first().is_some_and(u8::is_ascii_digit)
            && version.iter().all(u8::is_ascii_alphanumeric)
    })
}

/// A whole number of seconds, written as every library writes it again before it signs.
fn seconds(text: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(text).ok()?;
    text.parse().ok().filter(|seconds: &i64| seconds.to_string() == text)
}

fn not_seconds(header: &str) -> Judgement {
    Judgement::no(
        SignatureStatus::Malformed,
        Explanation::new(
            "malformed-timestamp",
            format!("`{header}` is not a whole number of seconds."),
            "write the time of sending as Unix seconds, such as `1767323045`",
        ),
    )
}

fn no_key() -> Judgement {
    Judgement::no(
        SignatureStatus::Unchecked,
        Explanation::new(
            "secret-not-base64",
            "No secret at hand is `whsec_` and base64, so there is no key to compare with.",
            "copy the signing secret as the provider shows it, with `whsec_`",
        ),
    )
}

/// What speaks against the time of a message whose signature holds.
#[must_use]
pub fn objection(time: &[u8], tolerance: Wait, at: Timestamp) -> Option<Explanation> {
    objection_to(seconds(time)?, tolerance, at)
}

fn objection_to(sent: i64, tolerance: Wait, at: Timestamp) -> Option<Explanation> {
    let now = at.as_second();
    let off = Wait(now.abs_diff(sent));
    if off <= tolerance {
        return None;
    }
    let (code, side) =
        if sent < now { ("stale-timestamp", "old") } else { ("future-timestamp", "ahead") };
    let message = format!(
        "The signature holds; its timestamp is {off} {side}, where {tolerance} are allowed."
    );
    let fix = if sent >= NO_SECONDS {
        "write seconds, not milliseconds"
    } else {
        "compare the clocks of both sides; `--now TIME` judges a request that was kept as of the \
         time it came"
    };
    Some(Explanation::new(code, message, fix))
}

#[cfg(test)]
mod tests;
