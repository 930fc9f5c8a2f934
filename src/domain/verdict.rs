//! Verdicts on a received request: on its signature and on its payload.

use crate::domain::finding::{Finding, Severity};
use serde::Serialize;
use std::fmt;

/// The result of verifying a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum SignatureStatus {
    /// It was created with this secret, over exactly these bytes.
    Valid,
    /// It is well formed and does not verify.
    Invalid,
    /// The request contains none.
    Missing,
    /// The value does not have the format of the scheme.
    Malformed,
    /// It was not verified, because no secret is configured or the provider is unknown.
    Unchecked,
    /// The provider signs no requests.
    Unsigned,
}

impl fmt::Display for SignatureStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Valid => "valid",
            Self::Invalid => "INVALID",
            Self::Missing => "MISSING",
            Self::Malformed => "MALFORMED",
            Self::Unchecked => "unchecked",
            Self::Unsigned => "unsigned",
        })
    }
}

/// What the requests of a provider prove about their sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Proof {
    /// A signature, which also covers the body.
    Signature,
    /// The secret itself, which covers nothing.
    SharedSecret,
    /// Nothing.
    None,
}

/// The serialization of the body that a signature matches, if a scheme allows more than one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum MatchedBody {
    /// The bytes as received.
    Raw,
    /// The result of `JSON.stringify`.
    Restringified,
}

/// A reason why a signature does not verify, with its fix.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// The kind of reason, in kebab case.
    pub code: &'static str,
    /// One sentence of evidence.
    pub message: String,
    /// The smallest next step, if one is known.
    pub fix: Option<String>,
}

impl Explanation {
    /// Creates an explanation with its fix.
    pub fn new(code: &'static str, message: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { code, message: message.into(), fix: Some(fix.into()) }
    }

    /// Returns the message as a part of another sentence: in lower case, without its period.
    #[must_use]
    pub fn clause(&self) -> String {
        let mut characters = self.message.trim_end_matches('.').chars();
        let first = characters.next().map(|first| first.to_lowercase().to_string());
        format!("{}{}", first.unwrap_or_default(), characters.as_str())
    }
}

/// The verdict on a signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SignatureVerdict {
    /// The result of the verification.
    pub status: SignatureStatus,
    /// The scheme it was verified with; `None` if the provider is unknown.
    pub scheme: Option<&'static str>,
    /// What the requests of the provider prove; `None` if the provider is unknown.
    pub proof: Option<Proof>,
    /// The parts of the request that the signature covers: the body, and more only if the scheme
    /// says so.
    pub covers: &'static [&'static str],
    /// The serialization of the body that it matches, if it is valid.
    pub matched: Option<MatchedBody>,
    /// `true` if the signature itself verifies, but the body is not the content that it carries. The
    /// status is then `Invalid`, and the explanations say where the body differs.
    #[serde(skip)]
    pub body_differs: bool,
    /// The reasons why it is not valid.
    pub explanations: Vec<Explanation>,
    /// The number of hypotheses that were tried to find the reason, if any were.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tried: Option<usize>,
    /// Findings about a signature that is valid.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
}

impl SignatureVerdict {
    /// Returns every string, so that it can be truncated.
    pub fn strings_mut(&mut self) -> impl Iterator<Item = &mut String> {
        let explanations = self.explanations.iter_mut().flat_map(|explanation| {
            std::iter::once(&mut explanation.message).chain(explanation.fix.as_mut())
        });
        explanations.chain(self.findings.iter_mut().flat_map(Finding::strings_mut))
    }

    /// Returns the number of bytes that it takes in memory, besides its own fields.
    #[must_use]
    pub fn size_in_memory(&self) -> usize {
        let explanations = self.explanations.iter().map(|explanation| {
            let fix = explanation.fix.as_ref().map_or(0, String::capacity);
            size_of_val(explanation) + explanation.message.capacity() + fix
        });
        let findings = self.findings.iter().map(Finding::size_in_memory);
        explanations.sum::<usize>() + findings.sum::<usize>()
    }

    /// Turns every finding into an error, as `--strict` does.
    pub fn make_strict(&mut self) {
        for finding in &mut self.findings {
            finding.severity = Severity::Error;
        }
    }

    /// Returns `true` if the signature is valid, and no finding about it is an error. Without any,
    /// the payload decides, unless `--strict` makes that an error.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        let is_accepted = matches!(self.status, SignatureStatus::Valid | SignatureStatus::Unsigned);
        is_accepted && !self.has_error()
    }

    /// Returns `true` if a finding is an error.
    fn has_error(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }

    /// Returns `true` if nothing could be verified: no secret is known, or with `--strict`, the
    /// provider signs no requests.
    fn is_unchecked(&self) -> bool {
        match self.status {
            SignatureStatus::Unchecked => true,
            SignatureStatus::Unsigned => self.has_error(),
            SignatureStatus::Valid
            | SignatureStatus::Invalid
            | SignatureStatus::Missing
            | SignatureStatus::Malformed => false,
        }
    }

    /// Creates the verdict on a signature that was not verified, with the reason.
    #[must_use]
    pub fn unchecked(explanation: Explanation) -> Self {
        Self {
            status: SignatureStatus::Unchecked,
            scheme: None,
            proof: None,
            covers: &[],
            matched: None,
            body_differs: false,
            explanations: vec![explanation],
            tried: None,
            findings: Vec::new(),
        }
    }
}

/// The result of validating a payload against the provider's documentation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum PayloadStatus {
    /// There are no findings.
    Valid,
    /// There are warnings and no errors.
    Warnings,
    /// At least one error.
    Invalid,
    /// It was not validated: by request, or because the event is unknown.
    Unchecked,
}

/// The verdict on a payload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PayloadVerdict {
    /// The worst of the findings.
    pub status: PayloadStatus,
    /// All findings, in document order of the schema.
    pub findings: Vec<Finding>,
}

impl PayloadVerdict {
    /// Returns every string, so that it can be truncated.
    pub fn strings_mut(&mut self) -> impl Iterator<Item = &mut String> {
        self.findings.iter_mut().flat_map(Finding::strings_mut)
    }

    /// Returns the number of bytes that it takes in memory, besides its own fields.
    #[must_use]
    pub fn size_in_memory(&self) -> usize {
        self.findings.iter().map(Finding::size_in_memory).sum()
    }

    /// Creates the verdict on a payload that was not validated.
    #[must_use]
    pub fn unchecked(findings: Vec<Finding>) -> Self {
        Self { status: PayloadStatus::Unchecked, findings }
    }

    /// Derives the status from the findings; `strict` turns every warning into an error.
    #[must_use]
    pub fn from_findings(mut findings: Vec<Finding>, strict: bool) -> Self {
        if strict {
            for finding in &mut findings {
                finding.severity = Severity::Error;
            }
        }
        let status = match findings.iter().map(|finding| finding.severity).max() {
            None => PayloadStatus::Valid,
            Some(Severity::Warning) => PayloadStatus::Warnings,
            Some(Severity::Error) => PayloadStatus::Invalid,
        };
        Self { status, findings }
    }

    /// Returns the number of errors and the number of warnings.
    #[must_use]
    pub fn error_and_warning_counts(&self) -> (usize, usize) {
        let errors = self.findings.iter().filter(|f| f.severity == Severity::Error).count();
        (errors, self.findings.len() - errors)
    }
}

/// Returns `true` if the payload has no errors and the signature could not be verified.
#[must_use]
pub fn is_unchecked(signature: &SignatureVerdict, payload: &PayloadVerdict) -> bool {
    signature.is_unchecked() && payload.status != PayloadStatus::Invalid
}

/// The verdict on one request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// The id of the provider it was recognised as.
    pub provider: Option<String>,
    /// The event it names.
    pub event: Option<String>,
    /// The message id, which is the same in every attempt.
    pub message_id: Option<String>,
    /// `true` if the signature is valid and the payload has no errors.
    pub valid: bool,
    /// The verdict on the signature.
    pub signature: SignatureVerdict,
    /// The verdict on the payload.
    pub payload: PayloadVerdict,
}

/// The code of the explanation for a request that was not checked because its body was not saved.
pub const BODY_NOT_SAVED: &str = "body-not-saved";

impl Verdict {
    /// Returns `true` if the request was not checked because its body was not saved.
    #[must_use]
    pub fn has_no_body(&self) -> bool {
        self.signature.explanations.iter().any(|explanation| explanation.code == BODY_NOT_SAVED)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::finding::FindingMessage;

    #[test]
    fn strict_turns_warnings_into_errors() {
        let warning = || {
            Finding::new(
                Severity::Warning,
                "missing",
                FindingMessage::missing("a string"),
                "page 7",
            )
        };
        let lenient = PayloadVerdict::from_findings(vec![warning()], false);
        assert_eq!(
            (lenient.status, lenient.error_and_warning_counts()),
            (PayloadStatus::Warnings, (0, 1))
        );
        let strict = PayloadVerdict::from_findings(vec![warning()], true);
        assert_eq!(
            (strict.status, strict.error_and_warning_counts()),
            (PayloadStatus::Invalid, (1, 0))
        );
        assert_eq!(PayloadVerdict::from_findings(vec![], true).status, PayloadStatus::Valid);
    }
}
