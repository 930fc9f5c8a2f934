//! The two doors of every scheme: sign a body, verify a message.

use crate::domain::message::Message;
use crate::domain::provider::Scheme;
use crate::domain::secret::Secret;
use crate::domain::verdict::{Explanation, SignatureStatus, SignatureVerdict};
use crate::protocols::signature::{Envelope, Judgement, SignError, Signed};
use crate::protocols::standard_webhooks::Terms;
use crate::protocols::{hmac_hex, jwt, standard_webhooks};
use jiff::Timestamp;

/// Signs `body` as the provider does, with as much of its envelope as the scheme signs.
pub fn sign(
    scheme: &Scheme,
    secret: &Secret,
    body: &[u8],
    envelope: &Envelope<'_>,
) -> Result<Signed, SignError> {
    match scheme {
        Scheme::HmacSha256Hex { header, over, prefix } => {
            Ok(hmac_hex::sign(header, *over, prefix, secret, body))
        }
        Scheme::JwtHs256 { header, issued_at } => {
            jwt::sign(header, secret, body, issued_at.then_some(envelope.at))
        }
        Scheme::StandardWebhooks { header, id_header, timestamp_header, tolerance } => {
            let terms = Terms { header, id_header, timestamp_header, tolerance: *tolerance };
            standard_webhooks::sign(&terms, secret, body, envelope)
        }
    }
}

/// Whether the scheme can sign bytes that are no JSON object.
#[must_use]
pub fn signs_any_bytes(scheme: &Scheme) -> bool {
    match scheme {
        Scheme::HmacSha256Hex { .. } | Scheme::StandardWebhooks { .. } => true,
        Scheme::JwtHs256 { .. } => false,
    }
}

/// Holds the signature of `message` against every secret, as of the time `at`.
///
/// The scheme is the pack's: nothing in the message can choose another. Without a secret
/// nothing is compared, and the verdict says so.
#[must_use]
pub fn verify(
    scheme: &Scheme,
    secrets: &[Secret],
    message: &Message,
    at: Timestamp,
) -> SignatureVerdict {
    let covers = scheme.covers();
    let judged = |judgement: Judgement| SignatureVerdict {
        status: judgement.status,
        scheme: Some(scheme.name()),
        covers,
        matched: judgement.matched,
        explanations: judgement.explanations,
        tried: None,
        findings: judgement.findings,
    };
    if secrets.is_empty() {
        return judged(Judgement::no(
            SignatureStatus::Unchecked,
            Explanation::new(
                "no-secret",
                "No secret of this provider was given.",
                "pass `--secret-file FILE`",
            ),
        ));
    }
    judged(match scheme {
        Scheme::HmacSha256Hex { header, over, prefix } => {
            hmac_hex::verify(header, *over, prefix, secrets, message)
        }
        Scheme::JwtHs256 { header, .. } => jwt::verify(header, secrets, message, at),
        Scheme::StandardWebhooks { header, id_header, timestamp_header, tolerance } => {
            let terms = Terms { header, id_header, timestamp_header, tolerance: *tolerance };
            standard_webhooks::verify(&terms, secrets, message, at)
        }
    })
}

/// Whether the message carries something of the form of this scheme's signatures.
///
/// It tells who may have sent a message, never whether the signature holds.
#[must_use]
pub fn plausible(scheme: &Scheme, message: &Message) -> bool {
    match scheme {
        Scheme::HmacSha256Hex { header, .. } | Scheme::StandardWebhooks { header, .. } => {
            message.headers.contains(header)
        }
        // Any API takes `Authorization`; a token of three parts is something else.
        Scheme::JwtHs256 { header, .. } => message
            .headers
            .text(header)
            .and_then(|value| value.split_ascii_whitespace().last())
            .is_some_and(|token| token.starts_with("eyJ") && token.split('.').count() == 3),
    }
}

/// The signature that `secret` makes over what the message has: for `--show-expected` alone.
#[must_use]
pub fn expected(scheme: &Scheme, secret: &Secret, message: &Message) -> Option<String> {
    match scheme {
        Scheme::HmacSha256Hex { header, over, prefix } => {
            Some(hmac_hex::sign(header, *over, prefix, secret, &message.body).value)
        }
        Scheme::JwtHs256 { header, .. } => jwt::expected(header, secret, message),
        Scheme::StandardWebhooks { header, id_header, timestamp_header, tolerance } => {
            let terms = Terms { header, id_header, timestamp_header, tolerance: *tolerance };
            standard_webhooks::expected(&terms, secret, message)
        }
    }
}
