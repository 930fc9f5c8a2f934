//! What is wrong with a pack: one flaw, one place, one reason.

use crate::domain::finding::Severity;
use serde::Serialize;
use std::fmt;
use thiserror::Error;

/// One thing that is wrong with a pack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Flaw {
    /// An error keeps the pack from being used; a warning is a rule of the built-in ones.
    pub severity: Severity,
    /// What kind of thing it is, in kebab case.
    pub code: &'static str,
    /// The file.
    pub file: String,
    /// Where in it: a JSON Pointer (RFC 6901), also into TOML; empty for the whole file.
    pub pointer: String,
    /// What was found and what was expected.
    pub message: String,
}

impl Flaw {
    /// A flaw that keeps the pack from being used.
    pub fn error(
        code: &'static str,
        file: impl Into<String>,
        pointer: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        let (file, pointer, message) = (file.into(), pointer.into(), message.into());
        Self { severity: Severity::Error, code, file, pointer, message }
    }

    /// A rule of the built-in packs that is broken.
    pub fn warning(
        code: &'static str,
        file: impl Into<String>,
        pointer: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, file, pointer, message) }
    }

    /// The file, and the place in it.
    #[must_use]
    pub fn place(&self) -> String {
        if self.pointer.is_empty() {
            format!("`{}`", self.file)
        } else {
            format!("`{}` at `{}`", self.file, self.pointer)
        }
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place(), self.message)
    }
}

/// A pack that cannot be used.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("pack `{pack}`: {flaw}")]
pub struct PackError {
    /// The id of the pack, or its folder where it has none.
    pub pack: String,
    /// The first reason.
    pub flaw: Flaw,
}
