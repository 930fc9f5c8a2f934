//! Parsing of a digest that someone copied: hex or base64, with or without a prefix.

use crate::protocols::schemes::digest::{ANY_BASE64, MIN_EVIDENCE_BYTES};
use crate::protocols::schemes::hypothesis::truncate_name;
use base64::Engine;
use std::str::FromStr;
use thiserror::Error;

/// The lengths of complete digests in bytes: SHA-1, SHA-256, SHA-384 and SHA-512.
const DIGEST_LENGTHS: [usize; 4] = [20, 32, 48, 64];

/// The maximum length of a digest in bytes.
const MAX_DIGEST_LEN: usize = 64;

/// The maximum length of the text: a token of a header of 256 KiB.
const MAX_TEXT_LEN: usize = 256 << 10;

/// The separators that may end a prefix, such as those of `sha256=`, `v1,` and a token.
const SEPARATORS: [&str; 6] = ["=", ",", ":", " ", ".", "0x"];

/// The notation of a digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Notation {
    Hex,
    Base64,
    Base64Url,
    /// The hex digits, encoded again.
    Base64OfHex,
}

impl Notation {
    /// Returns its name in a sentence.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Hex => "hex",
            Self::Base64 => "base64",
            Self::Base64Url => "base64url",
            Self::Base64OfHex => "base64 of the hex digits",
        }
    }
}

/// A digest as someone's code printed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnDigest {
    pub(super) prefix: String,
    pub(super) digits: String,
    pub(super) notation: Notation,
    pub(super) bytes: Vec<u8>,
}

/// A text that is not a digest.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error(
    "expected a digest in hex or base64, such as the 64 hex digits of HMAC-SHA256, with or without \
     a prefix"
)]
pub struct NotADigest;

impl FromStr for OwnDigest {
    type Err = NotADigest;

    fn from_str(text: &str) -> Result<Self, NotADigest> {
        let text = text.trim().trim_matches(['"', '\'', '`']);
        if text.len() > MAX_TEXT_LEN {
            return Err(NotADigest);
        }
        let after = |separator: &str| text.rfind(separator).map(|at| at + separator.len());
        // `=` also pads base64, where nothing follows it.
        let padded = text.trim_end_matches('=').rfind('=').map(|at| at + 1);
        let starts = [Some(0), padded].into_iter().chain(SEPARATORS.map(after)).flatten();
        let found: Vec<_> = starts.filter_map(|start| Self::split_at(text, start)).collect();
        let is_complete = |digest: &&Self| DIGEST_LENGTHS.contains(&digest.bytes.len());
        found.iter().find(is_complete).or(found.first()).cloned().ok_or(NotADigest)
    }
}

impl OwnDigest {
    /// Splits a text into a prefix and a digest, unless the rest is not a digest.
    fn split_at(text: &str, start: usize) -> Option<Self> {
        let (prefix, digits) = text.split_at_checked(start)?;
        let (notation, bytes) = decode(digits)?;
        let prefix = truncate_name(prefix);
        Some(Self { prefix, digits: digits.to_owned(), notation, bytes })
    }

    /// Describes the notation, as the end of a sentence such as "the header has it in …".
    pub(super) fn description(&self) -> String {
        let is_upper = self.notation == Notation::Hex
            && self.digits.contains(|digit: char| digit.is_ascii_uppercase());
        let case = if is_upper { "upper-case " } else { "" };
        // A prefix with a dot is a token, which is too long to show.
        let after = match self.prefix.as_str() {
            prefix if prefix.is_empty() || prefix.contains('.') => String::new(),
            prefix => format!(" after `{prefix}`"),
        };
        format!("{case}{}{after}", self.notation.name())
    }
}

/// Decodes a digest, complete or truncated.
fn decode(digits: &str) -> Option<(Notation, Vec<u8>)> {
    let is_digest = |bytes: &Vec<u8>| (MIN_EVIDENCE_BYTES..=MAX_DIGEST_LEN).contains(&bytes.len());
    // Before base64, because hex digits are also valid base64.
    if let Some(bytes) = hex::decode(digits).ok().filter(is_digest) {
        return Some((Notation::Hex, bytes));
    }
    let notations = [Notation::Base64, Notation::Base64Url];
    let (notation, bytes) = notations
        .into_iter()
        .zip(&ANY_BASE64)
        .find_map(|(notation, engine)| Some((notation, engine.decode(digits).ok()?)))?;
    if let Some(inner) = hex::decode(&bytes).ok().filter(is_digest) {
        return Some((Notation::Base64OfHex, inner));
    }
    Some((notation, bytes)).filter(|(_, bytes)| is_digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

    #[test]
    fn a_digest_is_read_in_every_notation_with_and_without_a_prefix() {
        let bytes: Vec<u8> = (0xe0..=0xff).collect();
        let (hex, base64) = (hex::encode(&bytes), STANDARD.encode(&bytes));
        let url = URL_SAFE_NO_PAD.encode(&bytes);
        let double = STANDARD.encode(&hex);
        for (text, prefix, notation) in [
            (hex.clone(), "", Notation::Hex),
            (hex.to_uppercase(), "", Notation::Hex),
            (format!(" {hex}\n"), "", Notation::Hex),
            (format!("\"{hex}\""), "", Notation::Hex),
            (format!("sha256={hex}"), "sha256=", Notation::Hex),
            (format!("t=1,v1={hex}"), "t=1,v1=", Notation::Hex),
            (format!("0x{hex}"), "0x", Notation::Hex),
            (base64.clone(), "", Notation::Base64),
            (base64.trim_end_matches('=').to_owned(), "", Notation::Base64),
            (format!("v1,{base64}"), "v1,", Notation::Base64),
            (format!("sha256={base64}"), "sha256=", Notation::Base64),
            (format!("HMAC-SHA256 {base64}"), "HMAC-SHA256 ", Notation::Base64),
            (url.clone(), "", Notation::Base64Url),
            (format!("eyJh.eyJi.{url}"), "eyJh.eyJi.", Notation::Base64Url),
            (double, "", Notation::Base64OfHex),
        ] {
            let digest: OwnDigest = text.parse().unwrap_or_else(|_| panic!("{text}"));
            let found = (digest.prefix.as_str(), digest.notation);
            assert_eq!((found, digest.bytes), ((prefix, notation), bytes.clone()), "{text}");
        }
    }

    #[test]
    fn other_texts_are_rejected() {
        let long = "a".repeat(MAX_TEXT_LEN + 1);
        for text in
            ["", " ", "s3cret", "sha256=", "=", "0123456789abcdef", "zz..,,==", "é=é", &long]
        {
            assert_eq!(text.parse::<OwnDigest>(), Err(NotADigest), "{text}");
        }
    }
}
