//! The result of one check.

use crate::error::Error;
use serde::Serialize;

/// The status of a check. A later variant is worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Status {
    /// It works.
    Ok,
    /// It works, and may surprise.
    Note,
    /// It must be fixed.
    Problem,
}

impl Status {
    /// Returns the word that is displayed.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Note => "note",
            Self::Problem => "problem",
        }
    }
}

/// The result of one check.
#[derive(Debug, Serialize)]
pub(super) struct CheckResult {
    pub(super) check: &'static str,
    pub(super) status: Status,
    /// The file, variable, provider or address that was checked, if it is one of several.
    pub(super) subject: Option<String>,
    pub(super) message: String,
    /// The next step.
    pub(super) hint: Option<String>,
    /// The length of a secret.
    pub(super) bytes: Option<usize>,
}

impl CheckResult {
    fn new(check: &'static str, status: Status, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { check, status, subject: None, message, hint: None, bytes: None }
    }

    /// Creates the result of something that works.
    pub(super) fn ok(check: &'static str, message: impl Into<String>) -> Self {
        Self::new(check, Status::Ok, message)
    }

    /// Creates a note.
    pub(super) fn note(check: &'static str, message: impl Into<String>) -> Self {
        Self::new(check, Status::Note, message)
    }

    /// Creates a problem with the next step.
    pub(super) fn problem(
        check: &'static str,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self::new(check, Status::Problem, message).with_hint(hint)
    }

    /// Creates a problem from the error that other commands end with.
    pub(super) fn failed(check: &'static str, error: &Error) -> Self {
        let problem = Self::new(check, Status::Problem, error.message_with_causes());
        Self { hint: error.hint(), ..problem }
    }

    pub(super) fn with_hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    pub(super) fn about(self, subject: impl Into<String>) -> Self {
        Self { subject: Some(subject.into()), ..self }
    }

    pub(super) fn with_bytes(self, bytes: usize) -> Self {
        Self { bytes: Some(bytes), ..self }
    }
}
