//! Parser of a digest in a signature header: the complete digest, or an explanation of what was found
//! instead.

use crate::domain::finding::{Finding, FindingMessage, Severity};
use crate::protocols::schemes::digest::DigestEncoding;
use crate::protocols::schemes::mac::HashFunction;
use crate::protocols::schemes::scheme::SignatureCheck;

/// The prefixes that other senders put before a digest.
const FOREIGN_PREFIXES: [&str; 4] = ["sha256=", "sha1=", "v1=", "0x"];

/// A parser of the digest in one header.
#[derive(Clone, Copy, Debug)]
pub(super) struct DigestReader<'s> {
    /// The name of the header.
    pub(super) header: &'s str,
    /// The string before the digest.
    pub(super) prefix: &'s str,
    /// The hash function.
    pub(super) function: HashFunction,
    /// The encoding of the digest.
    pub(super) encoding: &'static DigestEncoding,
}

impl DigestReader<'_> {
    /// Describes a complete digest, such as "64 hex digits".
    pub(super) fn description(&self) -> String {
        format!("{} {}", self.encoded_len(), self.encoding.characters)
    }

    /// Returns the number of characters of a digest.
    fn encoded_len(&self) -> usize {
        (self.encoding.encoded_len)(self.function.digest_len())
    }

    /// Returns the digest after the prefix, which is compared byte for byte as receivers do.
    pub(super) fn after_prefix<'v>(&self, value: &'v [u8]) -> Result<&'v [u8], SignatureCheck> {
        let Self { header, prefix, encoding, .. } = *self;
        let (unit, digest) = (encoding.unit, self.description());
        let rest = value.strip_prefix(prefix.as_bytes());
        if let Some(found) = self.foreign_prefix(rest.unwrap_or(value)) {
            let (message, fix) = match (prefix.is_empty(), rest) {
                (true, _) => (
                    format!("`{header}` starts with `{found}`."),
                    format!("send the {digest} alone"),
                ),
                (false, None) => (
                    format!("`{header}` starts with `{found}`, expected `{prefix}`."),
                    format!("put `{prefix}` before the {unit}, in exactly this case"),
                ),
                (false, Some(_)) => (
                    format!("`{header}` has `{found}` after `{prefix}`."),
                    format!("put `{prefix}` before the {unit}, and nothing else"),
                ),
            };
            return Err(SignatureCheck::malformed("prefixed-signature", message, &fix));
        }
        match rest {
            Some(digits) => Ok(digits),
            None if value.is_empty() => Err(self.empty()),
            None => Err(SignatureCheck::malformed(
                "unprefixed-signature",
                format!("`{header}` has no `{prefix}` before the {unit}."),
                &format!("put `{prefix}` before the {digest}"),
            )),
        }
    }

    /// Returns the prefix at the beginning of `value` if it is one that other senders use, or that
    /// of the pack in another case.
    fn foreign_prefix<'v>(&self, value: &'v [u8]) -> Option<&'v str> {
        let is_certain = |prefix: &&str| {
            // A digest may begin with the characters of a prefix, unless one is not in its alphabet.
            !prefix.is_empty() && prefix.bytes().any(|byte| !(self.encoding.is_character)(byte))
        };
        let known = FOREIGN_PREFIXES.into_iter().chain([self.prefix]).filter(is_certain);
        let found = { known }.find_map(|known| {
            let start = value.get(..known.len())?;
            start.eq_ignore_ascii_case(known.as_bytes()).then_some(start)
        });
        std::str::from_utf8(found?).ok()
    }

    /// Parses exactly one digest, or explains what was found instead.
    pub(super) fn read(&self, text: &[u8]) -> Result<Vec<u8>, SignatureCheck> {
        let Self { header, encoding, .. } = self;
        if let Some(digest) = (encoding.decode_exactly)(text)
            && digest.len() == self.function.digest_len()
        {
            return Ok(digest);
        }
        let is_character = |byte: &u8| (encoding.is_character)(*byte);
        match text {
            [] => Err(self.empty()),
            _ if text.len() < self.encoded_len() && text.iter().all(is_character) => {
                let (found, expected) = (text.len(), self.encoded_len());
                Err(SignatureCheck::malformed(
                    "truncated-signature",
                    format!("`{header}` has {found} {} of {expected}.", encoding.characters),
                    "send all of them: something cut the header, or another digest was used",
                ))
            }
            _ => Err(SignatureCheck::malformed(
                "malformed-signature",
                format!("`{header}` is not {}.", self.description()),
                encoding.fix,
            )),
        }
    }

    /// Returns the check of a header without a digest.
    pub(super) fn empty(&self) -> SignatureCheck {
        let Self { header, prefix, .. } = self;
        let before = if prefix.is_empty() { String::new() } else { format!("`{prefix}` and ") };
        let message = format!("`{header}` contains no {}.", self.encoding.unit);
        let fix = format!("send {before}{}", self.description());
        SignatureCheck::malformed("empty-signature", message, &fix)
    }

    /// Returns the warning about hex digits in upper case.
    pub(super) fn upper_case_finding(&self, digits: &[u8]) -> Option<Finding> {
        let is_affected =
            self.encoding.is_case_insensitive && digits.iter().any(u8::is_ascii_uppercase);
        is_affected.then(|| {
            let header = self.header;
            let message = format!(
                "`{header}` is in upper case; a receiver that compares strings would refuse it"
            );
            let message = FindingMessage::custom(message, "upper-case digits", "lower-case digits");
            Finding::new(Severity::Warning, "uppercase-signature", message, "RFC 4648, section 8")
        })
    }
}
