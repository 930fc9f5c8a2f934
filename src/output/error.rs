//! The errors of writing output.

use std::io;

/// A report that could not be written. Exit codes belong to `crate::error`.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A result could not be rendered, or not be written to standard output.
    #[error("cannot write the result to standard output")]
    Write(#[source] io::Error),
    /// A request contains control characters, and standard output is a terminal.
    #[error("the request contains control characters, which this terminal would interpret")]
    UnsafeForTerminal,
}
