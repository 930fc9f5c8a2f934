//! Flaws of a pack: each has one location and one reason.

use crate::domain::finding::Severity;
use serde::Serialize;
use std::fmt;
use std::num::NonZeroU32;
use thiserror::Error;

/// A flaw of a pack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Flaw {
    /// An error makes the pack unusable; a warning is a violated rule of the built-in packs.
    pub severity: Severity,
    /// The kind of flaw, in kebab case.
    pub code: &'static str,
    /// The file.
    pub file: String,
    /// The location in the file: a JSON Pointer (RFC 6901), also into TOML; empty for the whole
    /// file.
    pub pointer: String,
    /// The line of that location in `provider.toml`, counted from 1; none in another file.
    pub line: Option<NonZeroU32>,
    /// The reason, with the found and the expected value.
    pub message: String,
}

impl Flaw {
    /// Creates a flaw that makes the pack unusable.
    pub fn error(
        code: &'static str,
        file: impl Into<String>,
        pointer: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        let (file, pointer, message) = (file.into(), pointer.into(), message.into());
        Self { severity: Severity::Error, code, file, pointer, line: None, message }
    }

    /// Creates a flaw for a violated rule of the built-in packs.
    pub fn warning(
        code: &'static str,
        file: impl Into<String>,
        pointer: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, file, pointer, message) }
    }

    /// Returns the file and the location in it, for a message.
    #[must_use]
    pub fn location(&self) -> String {
        let line = self.line.map(|line| format!(" line {line}")).unwrap_or_default();
        if self.pointer.is_empty() {
            format!("`{}`{line}", self.file)
        } else {
            format!("`{}`{line} at `{}`", self.file, self.pointer)
        }
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.location(), self.message)
    }
}

/// A pack that cannot be used.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("pack `{pack}`: {flaw}")]
pub struct PackError {
    /// The id of the pack, or its folder if it has none.
    pub pack: String,
    /// The first flaw.
    pub flaw: Flaw,
}
