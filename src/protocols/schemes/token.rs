//! JSON Web Tokens, which contain the signed payload: their format, and the variants that `explain`
//! tries.

use crate::domain::verdict::Explanation;
use crate::protocols::json::Json;
use crate::protocols::schemes::digest::Strip;
use crate::protocols::schemes::hypothesis::Hypothesis;
use jiff::Timestamp;

/// The format of the tokens of one scheme: `header.claims.signature`.
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
    /// A signature of another size; `{}` stands for the name of the algorithm of that size.
    pub other_size: &'static Hypothesis<()>,
    /// A signature without its end; `{}` stands for the number of characters that are left.
    pub cut: &'static Hypothesis<()>,
    /// Claims, or a body, that are not the payload as it is documented.
    pub claims: &'static [Hypothesis<Compare>],
    /// The code of claims that cannot be the payload.
    pub malformed: &'static str,
    /// Returns why the header of a token is rejected, regardless of the signer.
    pub header_objection: fn(&[u8]) -> Option<Explanation>,
    /// Returns why claims with a valid signature are rejected, given this body and time.
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
