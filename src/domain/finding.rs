//! What is to be said of a payload: one finding, one place, one reason.

use serde::Serialize;

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Sources disagree, or the vendor's own bytes do the same.
    Warning,
    /// The vendor is sure.
    Error,
}

/// One thing to be said of a payload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Whether it makes the payload invalid.
    pub severity: Severity,
    /// What kind of thing it is, in kebab case.
    pub code: String,
    /// Where it is: a JSON Pointer (RFC 6901), empty for the whole body.
    pub pointer: String,
    /// What was found and what was expected, as the end of a sentence about the place.
    pub message: String,
    /// Whether it is about the request around the payload, and the pointer says nothing.
    #[serde(skip)]
    pub around: bool,
    /// Where the rule comes from, if the pack says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

impl Finding {
    /// A finding without a source.
    pub fn new(
        severity: Severity,
        code: &str,
        pointer: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            severity,
            code: code.to_owned(),
            pointer: pointer.into(),
            message: message.into(),
            around: false,
            source: None,
        }
    }

    /// A finding about the request around the payload.
    pub fn around(severity: Severity, code: &str, message: impl Into<String>) -> Self {
        Self { around: true, ..Self::new(severity, code, "", message) }
    }
}
