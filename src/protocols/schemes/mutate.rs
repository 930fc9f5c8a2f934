//! Changes to a signed message that several defects share.

use crate::domain::message::Message;
use crate::domain::secret::Secret;
use crate::protocols::schemes::digest::{self, DigestFormat};
use crate::protocols::schemes::mac::{HashFunction, mac};
use crate::protocols::schemes::scheme::{
    EnvelopePart, Impact, KeyEncoding, MacKey, SignError, SignatureFormat, SignatureScheme,
    SigningContext, Tamper, TamperChange,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;

/// The distance of a rejected time from the limit of the tolerance.
const MARGIN: Duration = Duration::from_secs(10 * 60);

/// The direction from now in which a time lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Past,
    Future,
}

/// An unexpected prefix before the digest, or a missing one.
pub(super) const WRONG_PREFIX: Tamper = Tamper {
    name: "prefix",
    about: "`sha256=` is added before the digest, or the expected prefix is missing",
    change: TamperChange::AfterSigning(|signing, message| {
        rewrite_signature(signing, message, |prefix, digest| {
            Some(if prefix.is_empty() { format!("sha256={digest}") } else { digest.to_owned() })
        });
    }),
    impact: Impact::Harmless,
    ..Tamper::FORGERY
};

/// Hex digits in upper case.
pub(super) const UPPERCASE: Tamper = Tamper {
    name: "uppercase",
    about: "the hex digits are in upper case",
    applies: |scheme| digest_format(scheme).is_some_and(|it| it.encoding.is_case_insensitive),
    change: TamperChange::AfterSigning(|signing, message| {
        re_encode(signing, message, |digest| hex::encode_upper(digest));
    }),
    impact: Impact::EncodingOnly,
    ..Tamper::FORGERY
};

/// A digest in base64, for a scheme that writes it in hex.
pub(super) const BASE64_DIGEST: Tamper = Tamper {
    name: "base64",
    about: "the digest is in base64, not in hex",
    applies: |scheme| digest_format(scheme).is_some_and(|it| it.encoding.is_case_insensitive),
    change: TamperChange::AfterSigning(|signing, message| {
        re_encode(signing, message, |digest| STANDARD.encode(digest));
    }),
    impact: Impact::Harmless,
    ..Tamper::FORGERY
};

/// A digest in hex, for a scheme that writes it in base64.
pub(super) const HEX_DIGEST: Tamper = Tamper {
    name: "hex",
    about: "the digest is in hex, not in base64",
    applies: |scheme| digest_format(scheme).is_some_and(|it| !it.encoding.is_case_insensitive),
    change: TamperChange::AfterSigning(|signing, message| {
        re_encode(signing, message, |digest| hex::encode(digest));
    }),
    impact: Impact::Harmless,
    ..Tamper::FORGERY
};

/// An HMAC with SHA-1, for a scheme that uses another function.
pub(super) const SHA1: Tamper = Tamper {
    name: "sha1",
    about: "the signature is an HMAC with SHA-1, not with SHA-256",
    applies: |scheme| digest_format(scheme).is_some_and(|it| it.function == HashFunction::Sha256),
    change: TamperChange::AfterSigning(|signing, message| {
        replace_digest(signing, message, |format, key, before, body| {
            mac(HashFunction::Sha1, key, &[before, &(format.encode_body)(body)])
        });
    }),
    impact: Impact::Harmless,
    advice: "Accept one hash function only: the one that the provider documents.",
    ..Tamper::FORGERY
};

/// An HMAC with SHA-256, for a scheme that uses SHA-1.
pub(super) const SHA256: Tamper = Tamper {
    name: "sha256",
    about: "the signature is an HMAC with SHA-256, not with SHA-1",
    applies: |scheme| digest_format(scheme).is_some_and(|it| it.function == HashFunction::Sha1),
    change: TamperChange::AfterSigning(|signing, message| {
        replace_digest(signing, message, |format, key, before, body| {
            mac(HashFunction::Sha256, key, &[before, &(format.encode_body)(body)])
        });
    }),
    ..SHA1
};

/// A key that is decoded from the secret, for a scheme whose key is the text of the secret.
pub(super) const DECODED_SECRET: Tamper = Tamper {
    name: "decoded-secret",
    about: "signed with the bytes that the secret encodes in base64, not with its text",
    change: TamperChange::SignAgain(|signing, message| {
        sign_with_key(signing, message, &digest::decode_base64_leniently(signing.secret.expose()))
    }),
    ..Tamper::FORGERY
};

/// A signature that is too old, for a scheme that signs its time. The scheme adds the change.
pub(super) const STALE: Tamper = Tamper {
    name: "stale",
    about: "the token has expired, or the signed timestamp is too old",
    advice: "Reject expired tokens and timestamps outside the tolerance.",
    source: "RFC 7519, section 4.1",
    ..Tamper::FORGERY
};

/// A signature from the future, for a scheme that signs its time.
pub(super) const FUTURE: Tamper = Tamper {
    name: "future",
    about: "the token is not valid yet, or the signed timestamp is in the future",
    ..STALE
};

/// Replaces the signature by that of another body.
pub fn sign_another_body(
    signing: &SigningContext<'_>,
    message: &mut Message,
) -> Result<(), SignError> {
    signing.sign_again(&with_one_byte_changed(message), message)
}

/// Returns the body with one byte changed.
#[must_use]
pub fn with_one_byte_changed(message: &Message) -> Bytes {
    let mut body = message.body.to_vec();
    change_one_byte(&mut body);
    body.into()
}

/// Changes the last letter or digit at the end of a string, so that the body remains JSON, or adds
/// a field if there is none.
fn change_one_byte(body: &mut Vec<u8>) {
    let ends_a_string = |triple: &[u8]| {
        // After a backslash the character is part of an escape.
        triple[0] != b'\\' && triple[1].is_ascii_alphanumeric() && triple[2] == b'"'
    };
    if let Some(index) = body.windows(3).rposition(ends_a_string) {
        body[index + 1] = adjacent_character(body[index + 1]);
        return;
    }
    if !add_field(body, r#""tampered":1"#) {
        body.push(b'!');
    }
}

/// Adds a field at the end of an object; returns `true` if the body has the end of one.
pub(super) fn add_field(body: &mut Vec<u8>, field: &str) -> bool {
    let Some(end) = body.iter().rposition(|byte| *byte == b'}') else { return false };
    let is_first = body[..end].trim_ascii_end().ends_with(b"{");
    let comma = if is_first { "" } else { "," };
    body.splice(end..end, format!("{comma}{field}").into_bytes());
    true
}

/// Returns the next or previous character: a digit for a digit, a hex letter for a hex letter.
fn adjacent_character(byte: u8) -> u8 {
    match byte {
        b'0' | b'a' | b'A' => byte + 1,
        _ => byte - 1,
    }
}

/// Signs with these bytes as the key, whether the secret is the key or encodes it.
pub fn sign_with_key(
    signing: &SigningContext<'_>,
    message: &mut Message,
    key: &[u8],
) -> Result<(), SignError> {
    let encoded = match signing.scheme.key_encoding() {
        KeyEncoding::Verbatim => key.to_vec(),
        KeyEncoding::Encoded { encode, .. } => encode(key),
    };
    let secret = Secret::derived(encoded);
    SigningContext { secret: &secret, ..*signing }.sign_again(&message.body.clone(), message)
}

/// Replaces the signature by the result of `rewrite` for its prefix and its digest.
pub fn rewrite_signature(
    signing: &SigningContext<'_>,
    message: &mut Message,
    rewrite: impl FnOnce(&str, &str) -> Option<String>,
) {
    let place = signing.scheme.place();
    let value = place.text(message);
    let rewritten = value.and_then(|value| {
        let (prefix, digest) = signing.scheme.split_signature(&value);
        rewrite(prefix, digest)
    });
    if let Some(value) = rewritten {
        place.write(&value, message);
    }
}

/// Returns the format of the digest, if the signature is one.
fn digest_format(scheme: &dyn SignatureScheme) -> Option<DigestFormat<'_>> {
    match scheme.signature_format() {
        SignatureFormat::Digest(format) => Some(format),
        SignatureFormat::Token(_) | SignatureFormat::Secret(_) | SignatureFormat::Unsigned => None,
    }
}

/// Encodes the digest in another way.
pub(super) fn re_encode(
    signing: &SigningContext<'_>,
    message: &mut Message,
    encode: fn(&[u8]) -> String,
) {
    let Some(format) = digest_format(signing.scheme) else { return };
    rewrite_signature(signing, message, |prefix, digest| {
        Some(format!("{prefix}{}", encode(&(format.encoding.decode_exactly)(digest.as_bytes())?)))
    });
}

/// Computes a digest from the key, the signed bytes before the body, and the body.
pub(super) type ComputeDigest = fn(&DigestFormat<'_>, &[u8], &[u8], &[u8]) -> Vec<u8>;

/// Replaces the digest by the one that `compute` returns for the key, the signed bytes before the
/// body, and the body.
pub(super) fn replace_digest(
    signing: &SigningContext<'_>,
    message: &mut Message,
    compute: ComputeDigest,
) {
    let Some(format) = digest_format(signing.scheme) else { return };
    let Some(before) = signing.scheme.signed_before_body(message) else { return };
    let key = match signing.scheme.key_encoding() {
        KeyEncoding::Verbatim => Some(MacKey::new(signing.secret.expose().to_vec())),
        KeyEncoding::Encoded { decode, .. } => decode(signing.secret.expose()),
    };
    let Some(key) = key else { return };
    let digest = (format.encoding.encode)(&compute(&format, &key, &before, &message.body));
    rewrite_signature(signing, message, |prefix, _| Some(format!("{prefix}{digest}")));
}

/// Signs with a time outside the tolerance, and sends that time in its header.
pub(super) fn sign_at_another_time(
    signing: &SigningContext<'_>,
    message: &mut Message,
    direction: Direction,
) -> Result<(), SignError> {
    let mut other = *signing;
    other.envelope.at =
        outside_tolerance(signing.envelope.at, direction, signing.scheme.tolerance());
    if let Some(name) = signed_header(signing, EnvelopePart::Timestamp) {
        message.headers.replace(name, other.envelope.value(EnvelopePart::Timestamp));
    }
    other.sign_again(&message.body.clone(), message)
}

/// Returns a time that is `tolerance` and ten minutes away, or the most distant one that exists.
pub(super) fn outside_tolerance(
    at: Timestamp,
    direction: Direction,
    tolerance: Duration,
) -> Timestamp {
    let distance =
        SignedDuration::try_from(tolerance.saturating_add(MARGIN)).unwrap_or(SignedDuration::MAX);
    match direction {
        Direction::Past => at.checked_sub(distance).unwrap_or(Timestamp::MIN),
        Direction::Future => at.checked_add(distance).unwrap_or(Timestamp::MAX),
    }
}

/// Changes the last letter or digit of a header that is signed.
pub(super) fn change_signed_header(
    signing: &SigningContext<'_>,
    message: &mut Message,
    part: EnvelopePart,
) {
    let Some(name) = signed_header(signing, part) else { return };
    let Some(value) = message.headers.get(name) else { return };
    let mut changed = value.to_vec();
    match changed.iter().rposition(u8::is_ascii_alphanumeric) {
        Some(last) => changed[last] = adjacent_character(changed[last]),
        None => changed.push(b'0'),
    }
    message.headers.replace(name, changed);
}

/// Removes a header that is signed.
pub(super) fn drop_signed_header(
    signing: &SigningContext<'_>,
    message: &mut Message,
    part: EnvelopePart,
) {
    if let Some(name) = signed_header(signing, part) {
        message.headers.remove(name);
    }
}

fn signed_header<'s>(signing: &SigningContext<'s>, part: EnvelopePart) -> Option<&'s str> {
    let headers = signing.scheme.signed_headers();
    headers.into_iter().find(|header| header.part == part).map(|header| header.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_body_is_a_different_json_document() {
        let read = |body: &[u8]| serde_json::from_slice::<serde_json::Value>(body).unwrap();
        for body in [
            r#"{"a":"z"}"#,
            r#"{"a":"0","b":1}"#,
            r#"{"a":true}"#,
            r#"{"type":"bca"}"#,
            r#"{"a":"x\n"}"#,
            r#"{"a":"\u00ef"}"#,
            "{}",
            r#"{"":1}"#,
        ] {
            let mut changed = body.as_bytes().to_vec();
            change_one_byte(&mut changed);
            assert_ne!(read(&changed), read(body.as_bytes()), "{body}");
        }
    }
}
