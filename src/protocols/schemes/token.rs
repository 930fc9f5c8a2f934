//! Tokens that carry what is signed: how a scheme writes them, and how `explain` searches them.

use crate::domain::verdict::Explanation;
use crate::protocols::json::Json;
use crate::protocols::schemes::digest::Strip;
use crate::protocols::schemes::hypothesis::Hypothesis;
use jiff::Timestamp;

/// A token of three parts, as one scheme has it.
#[derive(Debug)]
pub struct TokenFormat {
    /// The number of bytes of its signature.
    pub digest: usize,
    /// The number of characters of its signature.
    pub digest_characters: usize,
    /// Characters around a token, or in it.
    pub around: &'static [Hypothesis<Strip>],
    /// Padding that the parts should not have.
    pub padded: &'static Hypothesis<()>,
    /// Standard base64 in place of base64url.
    pub standard_base64: &'static Hypothesis<()>,
    /// A signature of another size; `{}` stands for the name of that algorithm.
    pub other_size: &'static Hypothesis<()>,
    /// A signature without its end; `{}` stands for the number of characters that are left.
    pub cut: &'static Hypothesis<()>,
    /// Claims, or a body, that are not the payload as it is documented.
    pub claims: &'static [Hypothesis<Compare>],
    /// The code of claims that cannot be the payload.
    pub malformed: &'static str,
    /// Returns the objection to the header of a token, whoever signed it.
    pub header_objection: fn(&[u8]) -> Option<Explanation>,
    /// Returns the objection to claims whose signature is valid, beside this body and as of this time.
    pub claims_objection: fn(&[u8], &[u8], Timestamp) -> Option<Explanation>,
}

/// Finds one way in which claims and body differ, and returns where.
pub type Compare = fn(&Compared<'_>) -> Option<String>;

/// The claims and the body of one token, and what its provider documents.
pub struct Compared<'c> {
    /// The claims.
    pub claims: &'c Json,
    /// The body of the request.
    pub body: &'c Json,
    /// Ranks how much a value looks like a payload of the provider.
    pub shape: &'c dyn Fn(&Json) -> (u8, usize),
}

/// Returns the part after `Bearer`.
#[must_use]
pub fn bearer(text: &str) -> Option<&str> {
    let (scheme, rest) = text.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| rest.trim_start_matches(' '))
}
