//! Claims of a new token: the body, with the times that its signer adds.

use crate::protocols::json::{self, Json};
use crate::protocols::schemes::scheme::SignError;

/// The lifetime in seconds of a token that expires, if the old one does not show it.
const DEFAULT_LIFETIME: i64 = 3_600;

/// The longest lifetime that is renewed: ten years. A longer one is a time in another unit.
const MAX_LIFETIME: i64 = 10 * 365 * 86_400;

/// Returns the times that the claims of an older token have, for a token that is signed at `at`: it is
/// valid for as long as the old one, and from now on.
pub(super) fn times(old: &Json, at: i64) -> Vec<(&'static str, i64)> {
    let seconds = |name: &str| match old.get(name)? {
        Json::Number(literal) => Some(json::nearest_double(literal)).filter(|it| it.is_finite()),
        _ => None,
    };
    #[expect(clippy::cast_possible_truncation, reason = "the cast saturates")]
    let seconds = |name: &str| seconds(name).map(|number| number as i64);
    let start = seconds("iat").or(seconds("nbf"));
    let lifetime = seconds("exp").map(|exp| {
        let lifetime = start.map(|start| exp.saturating_sub(start));
        lifetime.filter(|it| (1..=MAX_LIFETIME).contains(it)).unwrap_or(DEFAULT_LIFETIME)
    });
    let times = [
        ("iat", old.get("iat").map(|_| at)),
        ("nbf", old.get("nbf").map(|_| at)),
        ("exp", lifetime.map(|lifetime| at.saturating_add(lifetime))),
    ];
    times.into_iter().filter_map(|(name, time)| Some((name, time?))).collect()
}

/// Returns the body as claims, with those of the times that it does not have itself.
///
/// The times are inserted into the text before its closing brace, so that the rest stays byte for byte
/// the same.
pub(super) fn claims_json(body: &[u8], times: &[(&'static str, i64)]) -> Result<String, SignError> {
    let value = json::read(body).map_err(|error| SignError::InvalidClaims(error.to_string()))?;
    let fields = value
        .as_object()
        .ok_or_else(|| SignError::InvalidClaims("expected an object".to_owned()))?;
    let mut text = String::from_utf8_lossy(body.trim_ascii()).into_owned();
    let mut names: Vec<&str> = fields.iter().filter_map(|(name, _)| name.as_str()).collect();
    for (name, time) in times {
        if names.contains(name) {
            continue;
        }
        let unclosed = text.strip_suffix('}').unwrap_or(&text).trim_end();
        let comma = if fields.is_empty() && names.is_empty() { "" } else { "," };
        text = format!("{unclosed}{comma}\"{name}\":{time}}}");
        names.push(name);
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn renewed(claims: &str) -> Vec<(&'static str, i64)> {
        times(&json::read(claims.as_bytes()).unwrap(), 5_000)
    }

    #[test]
    fn a_renewed_token_lives_as_long_as_the_old_one() {
        for (claims, expected) in [
            ("{}", vec![]),
            (r#"{"iat":100}"#, vec![("iat", 5_000)]),
            (r#"{"iat":100,"exp":400}"#, vec![("iat", 5_000), ("exp", 5_300)]),
            (r#"{"nbf":100,"exp":160}"#, vec![("nbf", 5_000), ("exp", 5_060)]),
            (r#"{"exp":400}"#, vec![("exp", 8_600)]),
            (r#"{"iat":400,"exp":400}"#, vec![("iat", 5_000), ("exp", 8_600)]),
            (r#"{"iat":100,"exp":1796013375000}"#, vec![("iat", 5_000), ("exp", 8_600)]),
        ] {
            assert_eq!(renewed(claims), expected, "{claims}");
        }
    }

    #[test]
    fn times_are_added_once_and_never_replace_a_value_of_the_body() {
        let times = [("iat", 7), ("iat", 7), ("exp", 9)];
        let claims = |body: &str| claims_json(body.as_bytes(), &times).unwrap();
        assert_eq!(claims("{ }"), r#"{"iat":7,"exp":9}"#);
        assert_eq!(claims(r#"{"a": 1.50 }"#), r#"{"a": 1.50,"iat":7,"exp":9}"#);
        assert_eq!(claims(r#"{"exp":"soon"}"#), r#"{"exp":"soon","iat":7}"#);
        assert_eq!(claims_json(b"[]", &[]).unwrap_err().to_string().matches("object").count(), 1);
    }
}
