//! The result of verifying a signature.

use crate::domain::finding::{Finding, FindingMessage, Severity};
use crate::domain::verdict::{Explanation, MatchedBody, SignatureStatus};

/// The result of verifying a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureCheck {
    /// The status.
    pub status: SignatureStatus,
    /// The form of the body that was signed, if the signature is valid.
    pub matched: Option<MatchedBody>,
    /// `true` if the signature itself verifies, but the body is not the content that it carries.
    pub body_differs: bool,
    /// The reasons why it is not valid.
    pub explanations: Vec<Explanation>,
    /// Remarks on a valid signature.
    pub findings: Vec<Finding>,
}

impl SignatureCheck {
    /// Returns a check that failed for this reason.
    #[must_use]
    pub fn failed(status: SignatureStatus, explanation: Explanation) -> Self {
        Self {
            status,
            matched: None,
            body_differs: false,
            explanations: vec![explanation],
            findings: Vec::new(),
        }
    }

    /// Returns a check that failed because the header does not have the format of the scheme.
    pub(super) fn malformed(code: &'static str, message: impl Into<String>, fix: &str) -> Self {
        Self::failed(SignatureStatus::Malformed, Explanation::new(code, message, fix))
    }

    /// Returns a check that failed although the header has the format of the scheme.
    pub(super) fn invalid(code: &'static str, message: impl Into<String>, fix: &str) -> Self {
        Self::failed(SignatureStatus::Invalid, Explanation::new(code, message, fix))
    }

    /// Returns a check that passed, over this form of the body.
    #[must_use]
    pub fn valid(matched: MatchedBody) -> Self {
        Self {
            status: SignatureStatus::Valid,
            matched: Some(matched),
            body_differs: false,
            explanations: Vec::new(),
            findings: Vec::new(),
        }
    }

    /// Returns the check of a request that is not signed, because the provider signs none.
    pub(super) fn unsigned() -> Self {
        let message = FindingMessage::custom(
            "the requests of this provider are unsigned: anyone who knows the URL can send one",
            "no signature",
            "nothing that proves the sender",
        );
        let finding =
            Finding::new(Severity::Warning, "unsigned", message, "the provider's documentation");
        Self {
            status: SignatureStatus::Unsigned,
            matched: None,
            findings: vec![finding],
            ..Self::valid(MatchedBody::Raw)
        }
    }
}
