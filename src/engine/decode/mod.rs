//! Decoding of tokens and signature headers into their parts, in words.
//!
//! Everything decoded is untrusted: nothing here says that a token or a signature is genuine, unless
//! [`DecodedToken::verify`] compared it with a secret.

mod input;
mod notes;
mod result;
mod signature;
mod times;
mod token;

pub use input::{FoundValue, find_values, is_token_argument};
pub use result::{DecodeError, MAX_VALUE, Note};
pub use signature::{DecodedSignature, SignatureEntry};
pub use times::TimeClaim;
pub use token::{DecodedToken, TokenCheck};

use crate::protocols::schemes::token::strip_bearer;
use jiff::Timestamp;
use percent_encoding::percent_decode_str;

/// A decoded value.
#[derive(Debug)]
#[non_exhaustive]
pub enum Decoded {
    /// A JSON Web Token.
    Token(Box<DecodedToken>),
    /// The digests of a signature header.
    Signature(DecodedSignature),
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
