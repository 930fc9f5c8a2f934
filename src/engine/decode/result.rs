//! The remarks on a decoded value, and the reasons why a value cannot be decoded.

use serde::Serialize;
use thiserror::Error;

/// The maximum length of a value that is decoded: `listen` accepts headers of this size.
pub const MAX_VALUE: usize = 256 << 10;

/// A remark on a decoded value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Note {
    /// The kind, in kebab case.
    pub code: &'static str,
    /// One sentence, without a period.
    pub message: String,
}

impl Note {
    pub(super) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

/// The reason why a value cannot be decoded.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum DecodeError {
    /// It has more than [`MAX_VALUE`] bytes.
    #[error("is longer than {MAX_VALUE} bytes, which no header is")]
    TooLong,
    /// It was replaced by a tool that hides secrets.
    #[error("is redacted: a tool replaced the value before it was saved")]
    Redacted,
    /// It is the credentials of another authentication scheme.
    #[error("has the authentication scheme `{0}`, expected `Bearer` and a token")]
    OtherScheme(String),
    /// It is an encrypted token.
    #[error("is an encrypted token (JWE, 5 parts): its claims cannot be read without the key")]
    Encrypted,
    /// It is a token, but its header cannot be decoded.
    #[error("is not a token: {0}")]
    BadToken(String),
    /// It is nothing of the sort.
    #[error(
        "is neither a token nor a signature: expected three base64url parts, or a digest in hex or base64"
    )]
    Unknown,
}
