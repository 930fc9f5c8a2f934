//! What is said of one received request: of its signature, and of its payload.

use crate::domain::finding::{Finding, Severity};
use serde::Serialize;
use std::fmt;

/// Whether a signature holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum SignatureStatus {
    /// This secret made it, over exactly these bytes.
    Valid,
    /// It is well formed and does not hold.
    Invalid,
    /// There is none.
    Missing,
    /// There is something, and it has not the form of the scheme.
    Malformed,
    /// Nothing was compared, for want of a secret or of a known provider.
    Unchecked,
}

impl fmt::Display for SignatureStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Valid => "valid",
            Self::Invalid => "INVALID",
            Self::Missing => "MISSING",
            Self::Malformed => "MALFORMED",
            Self::Unchecked => "unchecked",
        })
    }
}

/// Which form of the body a signature fits, where a scheme knows more than one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Matched {
    /// The bytes as they came.
    Raw,
    /// What `JSON.stringify` makes of them.
    Restringified,
}

/// Why a signature does not hold, and what to do about it.
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
    /// An explanation with its fix.
    pub fn new(code: &'static str, message: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { code, message: message.into(), fix: Some(fix.into()) }
    }
}

/// What is said of a signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SignatureVerdict {
    /// Whether it holds.
    pub status: SignatureStatus,
    /// The scheme it was held against; none where the provider is not known.
    pub scheme: Option<&'static str>,
    /// What the signature speaks for: the body, and more only where the scheme says so.
    pub covers: &'static [&'static str],
    /// Which form of the body it fits, where it holds.
    pub matched: Option<Matched>,
    /// Why it does not hold.
    pub explanations: Vec<Explanation>,
    /// How many hypotheses were tried to find that out, where any were.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tried: Option<usize>,
    /// What is worth knowing though it holds.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
}

impl SignatureVerdict {
    /// Returns every string, to be cut.
    pub fn texts_mut(&mut self) -> impl Iterator<Item = &mut String> {
        let explained = self.explanations.iter_mut().flat_map(|explanation| {
            std::iter::once(&mut explanation.message).chain(explanation.fix.as_mut())
        });
        explained.chain(self.findings.iter_mut().flat_map(Finding::texts_mut))
    }

    /// Returns the number of bytes that it takes in memory, besides its own fields.
    #[must_use]
    pub fn size_in_memory(&self) -> usize {
        let explained = self.explanations.iter().map(|explanation| {
            let fix = explanation.fix.as_ref().map_or(0, String::capacity);
            size_of_val(explanation) + explanation.message.capacity() + fix
        });
        let findings = self.findings.iter().map(Finding::size_in_memory);
        explained.sum::<usize>() + findings.sum::<usize>()
    }

    /// A signature nobody compared, and why.
    #[must_use]
    pub fn unchecked(explanation: Explanation) -> Self {
        Self {
            status: SignatureStatus::Unchecked,
            scheme: None,
            covers: &[],
            matched: None,
            explanations: vec![explanation],
            tried: None,
            findings: Vec::new(),
        }
    }
}

/// Whether a payload is what the provider's page says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum PayloadStatus {
    /// Nothing to say.
    Valid,
    /// Something to say, nothing that the vendor is sure of.
    Warnings,
    /// At least one error.
    Invalid,
    /// Held against nothing: by request, or because the event is not known.
    Unchecked,
}

/// What is said of a payload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PayloadVerdict {
    /// The worst of the findings.
    pub status: PayloadStatus,
    /// All of them, in document order of the schema.
    pub findings: Vec<Finding>,
}

impl PayloadVerdict {
    /// Returns every string, to be cut.
    pub fn texts_mut(&mut self) -> impl Iterator<Item = &mut String> {
        self.findings.iter_mut().flat_map(Finding::texts_mut)
    }

    /// Returns the number of bytes that it takes in memory, besides its own fields.
    #[must_use]
    pub fn size_in_memory(&self) -> usize {
        self.findings.iter().map(Finding::size_in_memory).sum()
    }

    /// A payload that was not looked at, with the reason if there is one to give.
    #[must_use]
    pub fn unchecked(findings: Vec<Finding>) -> Self {
        Self { status: PayloadStatus::Unchecked, findings }
    }

    /// Draws the status from the findings; `strict` makes an error of every warning.
    #[must_use]
    pub fn of(mut findings: Vec<Finding>, strict: bool) -> Self {
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

    /// How many findings are errors and how many are warnings.
    #[must_use]
    pub fn counts(&self) -> (usize, usize) {
        let errors = self.findings.iter().filter(|f| f.severity == Severity::Error).count();
        (errors, self.findings.len() - errors)
    }
}

/// Whether nothing speaks against a request, and nobody could compare its signature.
#[must_use]
pub fn is_unchecked(signature: &SignatureVerdict, payload: &PayloadVerdict) -> bool {
    signature.status == SignatureStatus::Unchecked && payload.status != PayloadStatus::Invalid
}

/// What is said of one request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// The id of the provider it was recognised as.
    pub provider: Option<String>,
    /// The event it names.
    pub event: Option<String>,
    /// The id under which it would be sent again.
    pub message_id: Option<String>,
    /// Whether the answer is yes: a signature that holds and a payload without errors.
    pub valid: bool,
    /// Of the signature.
    pub signature: SignatureVerdict,
    /// Of the payload.
    pub payload: PayloadVerdict,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::finding::FindingMessage;

    #[test]
    fn strict_makes_errors_of_warnings() {
        let warning = || {
            Finding::new(Severity::Warning, "missing", FindingMessage::missing("a text"), "page 7")
        };
        let lenient = PayloadVerdict::of(vec![warning()], false);
        assert_eq!((lenient.status, lenient.counts()), (PayloadStatus::Warnings, (0, 1)));
        let strict = PayloadVerdict::of(vec![warning()], true);
        assert_eq!((strict.status, strict.counts()), (PayloadStatus::Invalid, (1, 0)));
        assert_eq!(PayloadVerdict::of(vec![], true).status, PayloadStatus::Valid);
    }
}
