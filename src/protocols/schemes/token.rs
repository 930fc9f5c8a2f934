//! JSON Web Tokens, which contain the signed payload: their format, and the variants that `explain`
//! tries.

use crate::domain::verdict::Explanation;
use crate::protocols::json::Json;
use crate::protocols::schemes::digest::StripExtra;
use crate::protocols::schemes::hypothesis::Hypothesis;
use jiff::Timestamp;

/// The format of the tokens of one scheme: `header.claims.signature`.
#[derive(Debug)]
pub struct TokenFormat {
    /// The number of bytes of its signature.
    pub signature_bytes: usize,
    /// The number of characters of its signature.
    pub signature_characters: usize,
    /// Hypotheses about extra characters around or inside a token.
    pub extra_characters: &'static [Hypothesis<StripExtra>],
    /// The hypothesis that the parts have base64 padding, which tokens omit.
    pub padded: &'static Hypothesis<()>,
    /// The hypothesis that the parts are in standard base64 instead of base64url.
    pub standard_base64: &'static Hypothesis<()>,
    /// The hypothesis of a signature of another size; `{}` is the name of the algorithm.
    pub other_size: &'static Hypothesis<()>,
    /// The hypothesis of a signature without its end; `{}` is the number of characters present.
    pub truncated: &'static Hypothesis<()>,
    /// Hypotheses about claims, or a body, that differ from the documented payload.
    pub claims: &'static [Hypothesis<FindDifference>],
    /// The code of the explanation for claims that cannot be a payload.
    pub malformed_code: &'static str,
    /// Returns why the header of a token is rejected, regardless of the signer.
    pub header_rejection: fn(&[u8]) -> Option<Explanation>,
    /// Returns why claims with a valid signature are rejected, given this body and time.
    pub claims_rejection: fn(&[u8], &[u8], Timestamp) -> Option<Explanation>,
    /// Decompresses claims that are compressed JSON, and names the compression.
    pub decompress: Decompress,
    /// The hypothesis that the claims are compressed; `{}` is the name of the compression.
    pub compressed: &'static Hypothesis<()>,
}

/// Decompresses claims, and returns them with the name of the compression.
pub type Decompress = fn(&[u8]) -> Option<(Vec<u8>, &'static str)>;

/// Checks for one kind of difference between claims and body, and returns the field concerned.
pub type FindDifference = fn(&ClaimsAndBody<'_>) -> Option<String>;

/// The claims of a token and the body of its request, with a ranking by the provider's schemas.
pub struct ClaimsAndBody<'c> {
    /// The claims.
    pub claims: &'c Json,
    /// The body of the request.
    pub body: &'c Json,
    /// Ranks how closely a value resembles a documented payload of the provider.
    pub payload_likeness: &'c dyn Fn(&Json) -> (u8, usize),
}

/// Returns the part after `Bearer`.
#[must_use]
pub fn strip_bearer(text: &str) -> Option<&str> {
    let (scheme, rest) = text.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| rest.trim_start_matches(' '))
}
