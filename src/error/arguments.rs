//! The error of a command line that cannot be parsed.

use thiserror::Error;

/// The error of a command line that cannot be parsed, in the format of every other error.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{message}")]
pub struct ArgumentsError {
    /// The problem.
    pub message: String,
    /// The next step, if one is known.
    pub hint: Option<String>,
}
