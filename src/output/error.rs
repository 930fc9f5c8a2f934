//! The error type of this layer.

use std::io;

/// A report that could not be written. Exit codes belong to `crate::error`.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Standard output refused a report, or the report could not be rendered.
    #[error("cannot write the answer to standard output")]
    Answer(#[source] io::Error),
    /// A request contains bytes that would drive the terminal it is printed on.
    #[error("the request contains control characters, which this terminal would obey")]
    UnsafeForTerminal,
}
