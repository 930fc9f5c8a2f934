//! The `standard-webhooks` scheme: base64 of HMAC-SHA256 over id, time and body, after `v1,`.
//!
//! It follows version 1.0.0 of the specification
//! (<https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>),
//! with shared secrets. Signatures of version `v1a`, which use a key pair, are skipped.

mod hypotheses;
mod signing;
mod tampers;

use crate::domain::finding::{Finding, FindingMessage, Severity};
use crate::domain::message::Message;
use crate::domain::secret::Secret;
use crate::domain::time::{Precision, Wait};
use crate::domain::verdict::{Explanation, MatchedBody, SignatureStatus};
use crate::protocols::schemes::digest::{self, DigestFormat};
use crate::protocols::schemes::headers;
use crate::protocols::schemes::hypothesis::HypothesisKind;
use crate::protocols::schemes::mac::{HashFunction, hmac_sha256};
use crate::protocols::schemes::place::SignaturePlace;
use crate::protocols::schemes::scheme::{
    self, Contradiction, Envelope, EnvelopeHeaders, EnvelopePart, KeyEncoding, SchemeKind,
    SignError, SignatureCheck, SignatureFormat, SignatureScheme, SignatureValue, SignedForm,
    SignedHeader, StarterKeys,
};
use crate::protocols::schemes::signed_time::{Tolerance, parse_seconds};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::Mac;
use hypotheses::KEY_MISTAKES;
use jiff::Timestamp;
use serde::Deserialize;
use signing::{VERSION_PREFIX, decode_key, signature, signed_parts};
use std::time::Duration;

/// The number of bytes of a SHA-256 digest.
const DIGEST_BYTES: usize = 32;

/// The number of characters of a SHA-256 digest in base64.
const DIGEST_CHARACTERS: usize = 44;

/// The part of the scheme that is the same for every pack.
pub(super) static KIND: SchemeKind = SchemeKind {
    name: "standard-webhooks",
    aliases: &[],
    covers: &["message-id", "timestamp", "body"],
    content_name: "body with its id and timestamp",
    read: scheme::read::<StandardWebhooks>,
    tampers: tampers::TAMPERS,
    starter: StarterKeys {
        signature: "header = \"X-Acme-Signature\"\n\
                    id-header = \"X-Acme-Delivery\"\n\
                    timestamp-header = \"X-Acme-Timestamp\"\n\
                    tolerance = \"5m\" # in both directions\n",
        timestamp: Some("at = { header = \"X-Acme-Timestamp\" }\nprecision = \"unix-seconds\"\n"),
        header: Some("X-Acme-Signature"),
        secret: Some("whsec_c2VjcmV0IG9mIHRoZSBzdGFydGVyIHBhY2s="),
    },
    texts: || {
        let misread = KEY_MISTAKES.iter().map(|row| row.text(HypothesisKind::Secret));
        misread.chain(digest::BASE64.texts()).collect()
    },
};

/// The keys of a pack.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct StandardWebhooks {
    /// The header that carries one or several signatures.
    header: String,
    /// The header that carries the id of the message.
    id_header: String,
    /// The header that carries the time of sending, in Unix seconds.
    timestamp_header: String,
    /// The maximum distance of that time from the receiver's clock, in the past and in the future.
    tolerance: Wait,
}

impl SignatureScheme for StandardWebhooks {
    fn kind(&self) -> &'static SchemeKind {
        &KIND
    }

    fn place(&self) -> SignaturePlace<'_> {
        SignaturePlace::Header(&self.header)
    }

    fn signed_headers(&self) -> Vec<SignedHeader<'_>> {
        vec![
            SignedHeader { name: &self.id_header, part: EnvelopePart::MessageId },
            SignedHeader { name: &self.timestamp_header, part: EnvelopePart::Timestamp },
        ]
    }

    fn signed_form(&self) -> SignedForm {
        SignedForm::RawBody
    }

    fn check(&self, sent: &EnvelopeHeaders<'_>) -> Result<(), Contradiction> {
        self.check_sent_headers(sent)?;
        self.check_distinct()?;
        if self.tolerance == Wait(0) {
            return Err(Contradiction {
                key: "signature.tolerance",
                found: "`0s`".to_owned(),
                expected: "a duration such as `5m`".to_owned(),
                reason: "every delivery takes some time to arrive",
            });
        }
        Ok(())
    }

    fn sign(
        &self,
        secret: &Secret,
        body: &[u8],
        envelope: &Envelope<'_>,
    ) -> Result<SignatureValue, SignError> {
        let unnamed = || SignError::NoMessageId { header: self.id_header.clone() };
        let id = envelope.message_id.ok_or_else(unnamed)?;
        let time = envelope.value(EnvelopePart::Timestamp);
        let value = signature(secret, &signed_parts(id.as_bytes(), time.as_bytes(), body))?;
        let note = id.contains('.').then_some(
            "the message id contains a dot, which the specification forbids: dots separate the \
             signed parts",
        );
        Ok(SignatureValue { value, note })
    }

    /// Compares every signature in the header, then checks the time.
    fn check_signature(
        &self,
        secrets: &[Secret],
        message: &Message,
        at: Timestamp,
    ) -> Result<SignatureCheck, SignatureCheck> {
        let given =
            read_signatures(&self.header, headers::signature_value(&self.header, message)?)?;
        let (id, time) = self.id_and_time(message)?;
        let sent =
            parse_seconds(time).ok_or_else(|| malformed_timestamp(&self.timestamp_header))?;
        let keys: Vec<_> =
            secrets.iter().filter_map(|secret| decode_key(secret.expose())).collect();
        if keys.is_empty() {
            return Err(no_usable_key());
        }
        // Every secret and every signature is tried even after a match, so that the time taken does
        // not tell which one matched.
        let matches = keys.iter().fold(false, |found, key| {
            let parts = signed_parts(id, time, &message.body);
            let mac = parts.iter().fold(hmac_sha256(key), Mac::chain_update);
            given.iter().fold(found, |found, given| mac.clone().verify_slice(given).is_ok() | found)
        });
        if !matches {
            return Err(mismatch());
        }
        // The time is checked after the signature, because an unsigned time cannot be trusted.
        if let Some(rejection) = self.time_tolerance().rejection(sent, at) {
            return Err(SignatureCheck::failed(SignatureStatus::Invalid, rejection));
        }
        let mut check = SignatureCheck::valid(MatchedBody::Raw);
        if id.contains(&b'.') {
            check.findings.push(self.dotted_id_finding());
        }
        Ok(check)
    }

    fn expected(&self, secret: &Secret, message: &Message) -> Option<String> {
        let (id, time) = self.id_and_time(message).ok()?;
        signature(secret, &signed_parts(id, time, &message.body)).ok()
    }

    fn signature_format(&self) -> SignatureFormat<'_> {
        SignatureFormat::Digest(DigestFormat {
            prefix: VERSION_PREFIX,
            separator: Some(' '),
            is_versioned: true,
            function: HashFunction::Sha256,
            encoding: &digest::BASE64,
            encode_body: digest::VERBATIM_BODY,
            value_description: "`v1,` and the digest in base64".to_owned(),
            content_description: "`id.timestamp.body`",
        })
    }

    fn split_signature<'v>(&self, value: &'v str) -> (&'v str, &'v str) {
        value.split_at_checked(VERSION_PREFIX.len()).unwrap_or(("", value))
    }

    fn signed_before_body(&self, message: &Message) -> Option<Vec<u8>> {
        let header =
            |name: &str| message.headers.get_str(name).map(|value| value.trim_matches([' ', '\t']));
        self.signed_before_body_with(header(&self.id_header)?, header(&self.timestamp_header)?)
    }

    fn signed_before_body_with(&self, id: &str, time: &str) -> Option<Vec<u8>> {
        Some(format!("{id}.{time}.").into_bytes())
    }

    fn tolerance(&self) -> Duration {
        self.tolerance.duration()
    }

    fn key_encoding(&self) -> KeyEncoding {
        let encode = |key: &[u8]| STANDARD.encode(key).into_bytes();
        KeyEncoding::Encoded { decode: decode_key, encode, mistakes: KEY_MISTAKES }
    }

    fn time_rejection(&self, message: &Message, at: Timestamp) -> Option<Explanation> {
        self.time_tolerance().rejection(self.sent_seconds(message)?, at)
    }

    fn signed_time(&self, message: &Message) -> Option<Timestamp> {
        Timestamp::from_second(self.sent_seconds(message)?).ok()
    }

    fn expired_at(&self, message: &Message, at: Timestamp) -> Option<Timestamp> {
        self.time_tolerance().expired_at(self.sent_seconds(message)?, at)
    }

    fn reference(&self, code: &dyn Fn(&str) -> String) -> Vec<String> {
        let (id, time) = (code(&self.id_header), code(&self.timestamp_header));
        vec![
            format!(
                "What is signed: the value of {id}, that of {time} and the bytes of the body as \
                 received, separated by dots (Standard Webhooks 1.0.0)."
            ),
            "The key: the part of the secret after `whsec_`, decoded from base64.".to_owned(),
            "Algorithm: HMAC-SHA256, written as `v1,` and base64. The header can carry several \
             signatures separated by spaces, as during the rotation of a secret: one match is \
             enough, and signatures of other versions are skipped."
                .to_owned(),
            format!(
                "A message whose time is more than {} from the receiver's clock is rejected, in \
                 the past or in the future.",
                self.tolerance
            ),
        ]
    }
}

impl StandardWebhooks {
    /// Returns the signed id and the signed time, as the headers contain them.
    fn id_and_time<'m>(
        &self,
        message: &'m Message,
    ) -> Result<(&'m [u8], &'m [u8]), SignatureCheck> {
        let id = headers::signed_header_value(&self.id_header, "missing-message-id", message)?;
        let time =
            headers::signed_header_value(&self.timestamp_header, "missing-timestamp", message)?;
        Ok((id, time))
    }

    fn dotted_id_finding(&self) -> Finding {
        let message = format!(
            "`{}` contains a dot: the same signature is valid for a shorter id and a longer body",
            self.id_header
        );
        let message = FindingMessage::custom(message, "an id with a dot", "an id without a dot");
        let source = "Standard Webhooks, Signature scheme";
        Finding::new(Severity::Warning, "dotted-message-id", message, source)
    }

    /// Returns the signed time of a message in Unix seconds, if it has one.
    fn sent_seconds(&self, message: &Message) -> Option<i64> {
        parse_seconds(message.headers.get(&self.timestamp_header)?)
    }

    /// Returns the tolerance, which is the same in both directions.
    fn time_tolerance(&self) -> Tolerance {
        Tolerance { past: self.tolerance, future: Some(self.tolerance) }
    }

    /// Rejects header names other than those in which the pack sends the id and the time.
    fn check_sent_headers(&self, sent: &EnvelopeHeaders<'_>) -> Result<(), Contradiction> {
        let reason = "`signature.id-header` is signed, and the id is sent in this header";
        check_same_header("message-id.at.header", sent.message_id, &self.id_header, reason)?;
        let reason = "`signature.timestamp-header` is signed, and the time is sent in this header";
        check_same_header("timestamp.at.header", sent.timestamp, &self.timestamp_header, reason)?;
        match sent.precision {
            None | Some(Precision::UnixSeconds) => Ok(()),
            Some(
                Precision::Seconds
                | Precision::Milliseconds
                | Precision::Microseconds
                | Precision::Nanoseconds,
            ) => Err(Contradiction {
                key: "timestamp.precision",
                found: "a date in RFC 3339".to_owned(),
                expected: "`unix-seconds`".to_owned(),
                reason: "Standard Webhooks signs the time as a number of seconds",
            }),
        }
    }

    /// Rejects the same header for two purposes.
    fn check_distinct(&self) -> Result<(), Contradiction> {
        let Self { header, id_header, timestamp_header, .. } = self;
        let twice = |key, name: &str| {
            Err(Contradiction {
                key,
                found: format!("`{name}`"),
                expected: "a separate header".to_owned(),
                reason: "signature, id and time are sent in three headers",
            })
        };
        if id_header.eq_ignore_ascii_case(header) {
            return twice("signature.id-header", id_header);
        }
        let shared = [header, id_header];
        if shared.iter().any(|other| timestamp_header.eq_ignore_ascii_case(other)) {
            return twice("signature.timestamp-header", timestamp_header);
        }
        Ok(())
    }
}

/// Checks that the header in which a value is sent is the one that is signed.
fn check_same_header(
    key: &'static str,
    sent: Option<&str>,
    signed: &str,
    reason: &'static str,
) -> Result<(), Contradiction> {
    match sent {
        Some(header) if header.eq_ignore_ascii_case(signed) => Ok(()),
        other => Err(Contradiction {
            key,
            found: other.map_or_else(|| "missing".to_owned(), |header| format!("`{header}`")),
            expected: format!("`{signed}`"),
            reason,
        }),
    }
}

fn mismatch() -> SignatureCheck {
    SignatureCheck::invalid(
        "mismatch",
        "The signature was made with another secret, or over another id, time or body.",
        "compare the secret on both sides, and keep id, timestamp and body as received",
    )
}

/// Parses every signature of version 1, or explains what was found instead.
///
/// Other versions and malformed entries are ignored if at least one entry is usable, as the
/// specification requires. Otherwise the first entry determines the error.
fn read_signatures(header: &str, value: &[u8]) -> Result<Vec<Vec<u8>>, SignatureCheck> {
    let malformed = SignatureCheck::malformed;
    let entries = || value.split(|&byte| byte == b' ').filter(|entry| !entry.is_empty());
    let Some(first) = entries().next() else {
        let fix = "send `v1,` and the digest in base64";
        return Err(malformed("empty-signature", format!("`{header}` is empty."), fix));
    };
    let ours: Vec<_> =
        entries().filter_map(|entry| entry.strip_prefix(VERSION_PREFIX.as_bytes())).collect();
    let is_digest = |bytes: &Vec<u8>| bytes.len() == DIGEST_BYTES;
    let given: Vec<_> =
        ours.iter().filter_map(|text| STANDARD.decode(text).ok().filter(is_digest)).collect();
    if !given.is_empty() {
        return Ok(given);
    }
    let is_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=".contains(byte);
    Err(match ours.first() {
        Some(text)
            if text.len() < DIGEST_CHARACTERS && text.iter().all(is_base64) && !text.is_empty() =>
        {
            malformed(
                "truncated-signature",
                format!(
                    "`{header}` has {} characters of {DIGEST_CHARACTERS} after `v1,`.",
                    text.len()
                ),
                "send all of them: something cut the header, or another digest was used",
            )
        }
        Some(_) => malformed(
            "malformed-signature",
            format!("`{header}` has no digest of {DIGEST_BYTES} bytes in base64 after `v1,`."),
            "encode the digest in base64 with padding, without quotes or spaces",
        ),
        None if is_versioned(first) => malformed(
            "other-version",
            format!("`{header}` only has signatures of versions other than `v1`."),
            "sign with the shared secret, and put `v1,` before the digest",
        ),
        None => malformed(
            "unprefixed-signature",
            format!("`{header}` has no `v1,` before the digest."),
            "put `v1,` before the base64 of the digest",
        ),
    })
}

/// Returns `true` if a value begins with a version such as `v2` or `v1a` and a comma.
fn is_versioned(entry: &[u8]) -> bool {
    let comma = entry.iter().position(|&byte| byte == b',');
    let version = comma.and_then(|comma| entry[..comma].strip_prefix(b"v"));
    version.is_some_and(|version| {
        version.first().is_some_and(u8::is_ascii_digit)
            && version.iter().all(u8::is_ascii_alphanumeric)
    })
}

fn malformed_timestamp(header: &str) -> SignatureCheck {
    SignatureCheck::failed(
        SignatureStatus::Malformed,
        Explanation::new(
            "malformed-timestamp",
            format!("`{header}` is not a whole number of seconds."),
            "write the time of sending as Unix seconds, such as `1767323045`",
        ),
    )
}

fn no_usable_key() -> SignatureCheck {
    SignatureCheck::failed(
        SignatureStatus::Unchecked,
        Explanation::new(
            "secret-not-base64",
            "No configured secret is `whsec_` and base64, so no key is available for verification.",
            "copy the signing secret from the provider, including `whsec_`",
        ),
    )
}

#[cfg(test)]
mod tests;
