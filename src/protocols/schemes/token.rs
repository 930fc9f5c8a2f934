//! JSON Web Tokens, which contain the signed payload: their format, and the variants that `explain`
//! tries.

use crate::domain::time::Wait;
use crate::domain::verdict::Explanation;
use crate::protocols::json::{self, Json};
use crate::protocols::json_text::JsonText;
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
    pub claims_rejections: fn(&[u8], &[u8], Timestamp) -> Vec<Explanation>,
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

/// The claims that contain a time (RFC 7519, section 4.1), which signers add to the payload.
pub const TIME_CLAIMS: [&str; 3] = ["exp", "nbf", "iat"];

/// Numbers from here on are no times in seconds: those are after the year 5138.
const MIN_OTHER_UNIT: f64 = 1e11;

/// Returns the claims without the times that signers add to the payload; the other bytes stay as they
/// are. Claims that are not JSON are returned whole.
#[must_use]
pub fn without_times(claims: &[u8]) -> Vec<u8> {
    let Some(mut text) = JsonText::read(claims) else { return claims.to_vec() };
    for name in TIME_CLAIMS {
        text.remove(&format!("/{name}"));
    }
    text.into_bytes()
}

/// Returns the remark on claims that were issued after the time `at`, if they were.
///
/// RFC 7519, section 4.1.6, has no such check, but libraries do, and allow no difference of the
/// clocks unless they are told to: `PyJWT` raises `ImmatureSignatureError` if `iat > now + leeway`
/// (`_validate_iat` in `jwt/api_jwt.py` of 2.x; `leeway` is 0 by default), and firebase/php-jwt
/// raises `BeforeValidException` ("Cannot handle token with iat prior to", `JWT::decode` in
/// `src/JWT.php` of 6.x; `JWT::$leeway` is 0 by default) if the token has no `nbf`.
#[must_use]
pub fn issued_ahead(claims: &Json, at: Timestamp) -> Option<String> {
    let Json::Number(literal) = claims.get("iat")? else { return None };
    let issued = json::nearest_double(literal).floor();
    #[expect(clippy::cast_precision_loss, reason = "a Unix time is far below 2^53")]
    let ahead = issued - at.as_second() as f64;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the number is between 1 and 1e11"
    )]
    let wait = (ahead >= 1.0 && issued < MIN_OTHER_UNIT).then_some(Wait(ahead as u64))?;
    let at = Timestamp::from_second(at.as_second()).unwrap_or(at);
    Some(format!(
        "`iat` is {wait} after the time of verification ({at}): the clock of one side is wrong, and \
         libraries such as PyJWT and firebase/php-jwt reject the token until then"
    ))
}

/// Returns the part after `Bearer`.
#[must_use]
pub fn strip_bearer(text: &str) -> Option<&str> {
    let (scheme, rest) = text.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| rest.trim_start_matches(' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_from_the_future_is_remarked_on_and_no_other() {
        let ahead = |claims: &str, at: i64| {
            let claims = json::read(claims.as_bytes()).unwrap();
            issued_ahead(&claims, Timestamp::from_millisecond(at).unwrap())
        };
        let remark = ahead(r#"{"iat":7200}"#, 0).unwrap();
        assert!(
            remark.starts_with("`iat` is 2 h after the time of verification (1970"),
            "{remark}"
        );
        let second = ahead(r#"{"iat":101}"#, 100_999).unwrap();
        assert!(second.starts_with("`iat` is 1 s after"), "{second}");
        for claims in [
            r#"{"iat":100}"#,
            r#"{"iat":100.9}"#,
            r#"{"iat":"7200"}"#,
            r#"{"iat":1796013375000}"#,
            r#"{"iat":1e999}"#,
            r#"{"nbf":7200}"#,
            "[7200]",
        ] {
            assert_eq!(ahead(claims, 100_000), None, "{claims}");
        }
    }

    #[test]
    fn the_times_are_removed_and_every_other_byte_stays() {
        for (claims, payload) in [
            (r#"{"a": 1.50, "iat":1}"#, r#"{"a": 1.50}"#),
            (r#"{"exp":1,"a":{"iat":2},"nbf":3,"iss":"x"}"#, r#"{"a":{"iat":2},"iss":"x"}"#),
            (r#"{"iat":1,"a":2,"iat":3}"#, r#"{"a":2}"#),
            (r#"[{"iat":1}]"#, r#"[{"iat":1}]"#),
            ("payload=1", "payload=1"),
        ] {
            let found = String::from_utf8(without_times(claims.as_bytes())).unwrap();
            assert_eq!(found, payload);
        }
    }
}
