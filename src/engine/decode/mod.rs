//! Decoding of tokens and signature headers into their parts, in words.
//!
//! Everything decoded is untrusted: nothing here says that a token or a signature is genuine, unless
//! [`DecodedToken::verify`] compared it with a secret.

mod input;
mod notes;
mod signature;
mod times;
mod token;

pub use input::{FoundValue, find_values, is_token_argument};
pub use signature::{DecodedSignature, SignatureEntry};
pub use times::TimeClaim;
pub use token::{DecodedToken, TokenCheck};

use crate::protocols::schemes::token::strip_bearer;
use jiff::Timestamp;
use percent_encoding::percent_decode_str;
use serde::Serialize;
use thiserror::Error;

/// The maximum length of a value that is decoded: `listen` accepts headers of this size.
pub const MAX_VALUE: usize = 256 << 10;

/// A decoded value.
#[derive(Debug)]
#[non_exhaustive]
pub enum Decoded {
    /// A JSON Web Token.
    Token(Box<DecodedToken>),
    /// The digests of a signature header.
    Signature(DecodedSignature),
}

/// A remark on a decoded value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Note {
    /// The kind, in kebab case.
    pub code: &'static str,
    /// One sentence, without a period.
    pub message: String,
}

impl Note {
    fn new(code: &'static str, message: impl Into<String>) -> Self {
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

/// Decodes the value of a header, or a value that stands alone, as of the time `at`.
///
/// `is_named` is `true` if the header or the user says that it is a signature; a value that stands
/// alone must have the length of a digest.
pub fn decode(value: &str, is_named: bool, at: Timestamp) -> Result<Decoded, DecodeError> {
    if value.len() > MAX_VALUE {
        return Err(DecodeError::TooLong);
    }
    let value = value.trim().trim_matches(['"', '\'']).trim();
    if is_redacted(value) {
        return Err(DecodeError::Redacted);
    }
    let bearer = strip_bearer(value);
    let unprefixed = bearer.unwrap_or(value).trim_matches(['"', '\'']);
    if bearer.is_some() || token::looks_like_token(unprefixed) {
        return token::decode(unprefixed, at).map(|token| Decoded::Token(Box::new(token)));
    }
    if let Some((scheme @ ("Basic" | "basic" | "Digest" | "AWS4-HMAC-SHA256"), _)) =
        value.split_once(' ')
    {
        return Err(DecodeError::OtherScheme(scheme.to_owned()));
    }
    if let Some(signature) = signature::decode(value, is_named, at) {
        return Ok(Decoded::Signature(signature));
    }
    let decoded = percent_decode_str(value).decode_utf8().ok().filter(|decoded| decoded != value);
    let signature = decoded.and_then(|decoded| signature::decode(&decoded, is_named, at));
    let mut signature = signature.ok_or(DecodeError::Unknown)?;
    let text = "the value is percent-encoded: a proxy or a form changed it";
    signature.notes.insert(0, Note::new("percent-encoded", text));
    Ok(Decoded::Signature(signature))
}

/// Returns `true` if a tool has replaced the value.
fn is_redacted(value: &str) -> bool {
    let lower: String = value.chars().take(64).collect::<String>().to_ascii_lowercase();
    let words = ["redacted", "[filtered]", "<hidden>", "masked", "***", "xxxxxxxx", "••••"];
    words.iter().any(|word| lower.contains(word)) && !token::looks_like_token(value)
}

#[cfg(test)]
mod tests;
