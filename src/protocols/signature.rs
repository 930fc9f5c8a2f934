//! What every scheme shares: the header that signs, and what is said of it.

use crate::domain::finding::Finding;
use crate::domain::message::Message;
use crate::domain::verdict::{Explanation, Matched, SignatureStatus};
use jiff::Timestamp;
use thiserror::Error;

/// What a delivery says of itself beside its body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Envelope<'e> {
    /// The id that all its attempts share, where there is one.
    pub message_id: Option<&'e str>,
    /// The time of sending.
    pub at: Timestamp,
}

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

/// Something that the scheme cannot sign, or cannot sign with.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignError {
    /// The claims of a token are a JSON object.
    #[error("cannot sign the body as a token: {0}")]
    NotClaims(String),
    /// The id is signed, and there is none.
    #[error("cannot sign without a message id: `{header}` is signed with the body")]
    NoMessageId {
        /// The header that carries the id.
        header: String,
    },
    /// The key is spelled in base64, and the secret is not.
    #[error("the secret is not a key in base64: expected `whsec_` and base64")]
    SecretNotBase64,
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
                format!("There is no `{header}` header."),
                "set a signing secret at the provider, and check that no proxy drops the header",
            ),
        ));
    };
    if values.next().is_some() {
        return Err(twice(header, "repeated-signature"));
    }
    Ok(trimmed(value))
}

/// The one value of a header that is signed with the body; `missing` is the code where it has none.
pub(super) fn only_value_beside<'m>(
    header: &str,
    missing: &'static str,
    message: &'m Message,
) -> Result<&'m [u8], Judgement> {
    let mut values = message.headers.all(header);
    match (values.next().map(trimmed), values.next()) {
        (Some(_), Some(_)) => Err(twice(header, "repeated-header")),
        (Some(value), None) if !value.is_empty() => Ok(value),
        (Some(_) | None, _) => Err(Judgement::no(
            SignatureStatus::Malformed,
            Explanation::new(
                missing,
                format!("There is no `{header}`, and the signature covers it."),
                "check that no proxy drops the header, and that it is captured",
            ),
        )),
    }
}

fn twice(header: &str, code: &'static str) -> Judgement {
    Judgement::no(
        SignatureStatus::Malformed,
        Explanation::new(
            code,
            format!("`{header}` stands there more than once."),
            "send it once: receivers differ on which one they take",
        ),
    )
}

/// Without what is optional white space in a field: space and tab (RFC 9110, section 5.5).
fn trimmed(value: &[u8]) -> &[u8] {
    let start = value.iter().position(|byte| !b" \t".contains(byte)).unwrap_or(value.len());
    let end = value.iter().rposition(|byte| !b" \t".contains(byte)).map_or(start, |last| last + 1);
    &value[start..end]
}
