//! What every scheme shares: the header that signs, and what is said of it.

use crate::domain::finding::Finding;
use crate::domain::message::Message;
use crate::domain::verdict::Explanation;
use crate::domain::verdict::Matched;
use crate::domain::verdict::SignatureStatus;
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
        return Err(Judgement::no(
            SignatureStatus::Malformed,
            Explanation::new(
                "repeated-signature",
                format!("`{header}` stands there more than once."),
                "send it once: receivers differ on which one they take",
            ),
        ));
    }
    // Only space and tab are optional white space in a field (RFC 9110, section 5.5).
    let start = value.iter().position(|byte| !b" \t".contains(byte)).unwrap_or(value.len());
    let end = value.iter().rposition(|byte| !b" \t".contains(byte)).map_or(start, |last| last + 1);
    Ok(&value[start..end])
}
