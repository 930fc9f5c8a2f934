//! The error of a command line that cannot be parsed.

use thiserror::Error;

/// A command line that cannot be parsed, in the words of every other error.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{message}")]
pub struct ArgumentsError {
    /// What is wrong.
    pub message: String,
    /// What would have worked.
    pub hint: Option<String>,
}
