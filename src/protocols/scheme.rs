//! The two doors of every scheme: sign a body, verify a message.

use crate::domain::finding::Finding;
use crate::domain::message::Message;
use crate::domain::provider::Scheme;
use crate::domain::secret::Secret;
use crate::domain::verdict::Explanation;
use crate::domain::verdict::Matched;
use crate::domain::verdict::SignatureStatus;
use crate::domain::verdict::SignatureVerdict;
use crate::protocols::hmac_hex;
use crate::protocols::jwt;
use jiff::Timestamp;
use thiserror::Error;

/// The header that signs a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// The name of the header.
    pub header: String,
    /// Its value.
    pub value: String,
    /// What the user should know of it: the bytes were not in the form that the provider sends.
    pub note: Option<&'static str>,
}

/// A body that the scheme cannot sign.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum SignError {
    /// The claims of a token are a JSON object.
    #[error("cannot sign the body as a token: {0}")]
    NotClaims(String),
}

/// Signs `body` as the provider does at the time `at`.
pub fn sign(
    scheme: &Scheme,
    secret: &Secret,
    body: &[u8],
    at: Timestamp,
) -> Result<Signed, SignError> {
    match scheme {
        Scheme::HmacSha256Hex { header, over } => Ok(hmac_hex::sign(header, *over, secret, body)),
        Scheme::JwtHs256 { header, issued_at } => {
            jwt::sign(header, secret, body, issued_at.then_some(at))
        }
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
        findings: judgement.findings,
    };
    if secrets.is_empty() {
        return judged(Judgement::no(
            SignatureStatus::Unchecked,
            Explanation::new("no-secret", "no secret was given", "pass `--secret-file FILE`"),
        ));
    }
    judged(match scheme {
        Scheme::HmacSha256Hex { header, over } => hmac_hex::verify(header, *over, secrets, message),
        Scheme::JwtHs256 { header, .. } => jwt::verify(header, secrets, message, at),
    })
}

/// What a scheme says of a signature, before the pack's words are put to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Judgement {
    pub(super) status: SignatureStatus,
    pub(super) matched: Option<Matched>,
    pub(super) explanations: Vec<Explanation>,
    pub(super) findings: Vec<Finding>,
}

impl Judgement {
    /// It does not hold, for this reason.
    pub(super) fn no(status: SignatureStatus, explanation: Explanation) -> Self {
        Self { status, matched: None, explanations: vec![explanation], findings: Vec::new() }
    }

    /// It holds, over this form of the body.
    pub(super) fn valid(matched: Matched) -> Self {
        Self {
            status: SignatureStatus::Valid,
            matched: Some(matched),
            explanations: Vec::new(),
            findings: Vec::new(),
        }
    }
}

/// The one value of the header that signs, without the spaces around it.
pub(super) fn only_value<'m>(header: &str, message: &'m Message) -> Result<&'m [u8], Judgement> {
    let mut values = message.headers.all(header);
    let Some(value) = values.next() else {
        return Err(Judgement::no(
            SignatureStatus::Missing,
            Explanation::new(
                "missing-signature",
                format!("there is no `{header}` header"),
                "set a signing secret at the provider, and check that no proxy drops the header",
            ),
        ));
    };
    if values.next().is_some() {
        return Err(Judgement::no(
            SignatureStatus::Malformed,
            Explanation::new(
                "repeated-signature",
                format!("`{header}` stands there more than once"),
                "send it once: receivers differ on which one they take",
            ),
        ));
    }
    // Only space and tab are optional white space in a field (RFC 9110, section 5.5).
    let start = value.iter().position(|byte| !b" \t".contains(byte)).unwrap_or(value.len());
    let end = value.iter().rposition(|byte| !b" \t".contains(byte)).map_or(start, |last| last + 1);
    Ok(&value[start..end])
}

/// Whether the message carries something of the form of this scheme's signatures.
///
/// It tells who may have sent a message, never whether the signature holds.
#[must_use]
pub fn plausible(scheme: &Scheme, message: &Message) -> bool {
    match scheme {
        Scheme::HmacSha256Hex { header, .. } => message.headers.contains(header),
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
        Scheme::HmacSha256Hex { header, over } => {
            Some(hmac_hex::sign(header, *over, secret, &message.body).value)
        }
        Scheme::JwtHs256 { header, .. } => jwt::expected(header, secret, message),
    }
}
