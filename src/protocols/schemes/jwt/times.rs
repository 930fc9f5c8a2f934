//! Times of a token: `exp` and `nbf`, which are checked, and the warnings about times in another
//! unit or type.

use crate::domain::finding::{Finding, FindingMessage, Severity};
use crate::domain::time::Wait;
use crate::protocols::json::{self, Json};
use crate::protocols::schemes::scheme::SignatureCheck;
use crate::protocols::schemes::token::{TIME_CLAIMS, issued_ahead};
use jiff::Timestamp;

/// Clocks differ: RFC 7519, section 4.1.4, allows "some small leeway".
const LEEWAY_SECONDS: i64 = 60;

/// The code of an expired token.
const EXPIRED: &str = "expired";

/// The fix of a time in another unit.
const SECONDS_FIX: &str = "divide by 1000 on the signing side: `Math.floor(Date.now() / 1000)`; \
                           RFC 7519 counts times in seconds";

/// Rejects a token outside of `exp` and `nbf`, with a leeway, or if one is not a number. Requires
/// neither of them.
pub(super) fn check_times(claims: &Json, at: Timestamp) -> Result<(), SignatureCheck> {
    let seconds = |name: &str| match claims.get(name) {
        None => Ok(None),
        Some(Json::Number(literal)) => match json::nearest_double(literal) {
            number if number.is_finite() => Ok(Some(number)),
            _ => Err(invalid_time(name, None)),
        },
        Some(other) => Err(invalid_time(name, Some(other))),
    };
    #[expect(clippy::cast_precision_loss, reason = "a Unix time is far below 2^53")]
    let now = at.as_second() as f64;
    #[expect(clippy::cast_precision_loss, reason = "a small constant")]
    let leeway = LEEWAY_SECONDS as f64;
    let fix = "compare the clocks of both sides, and the lifetime of the token; `--now` sets \
               another time of verification";
    if let Some(exp) = seconds("exp")?
        && now >= exp + leeway
    {
        return Err(SignatureCheck::invalid(
            EXPIRED,
            format!("The token expired {} before the time of verification.", duration(now - exp)),
            fix,
        ));
    }
    if let Some(nbf) = seconds("nbf")?
        && now < nbf - leeway
    {
        if let Some(unit) = TimeUnit::of(nbf) {
            let text = format!(
                "`nbf` is in {}, not in seconds: read as seconds, it is far in the future, and the \
                 token is not valid yet.",
                unit.name
            );
            return Err(SignatureCheck::invalid("time-not-in-seconds", text, SECONDS_FIX));
        }
        return Err(SignatureCheck::invalid(
            "not-yet-valid",
            format!("The token is not valid for another {}.", duration(nbf - now)),
            fix,
        ));
    }
    Ok(())
}

/// Returns the time in `exp`, if it is past for [`check_times`] as well.
pub(super) fn expired_at(claims: &Json, at: Timestamp) -> Option<Timestamp> {
    let Some(Json::Number(literal)) = claims.get("exp") else { return None };
    let exp = json::nearest_double(literal);
    #[expect(clippy::cast_possible_truncation, reason = "the cast saturates")]
    let expiry = Timestamp::from_second(exp as i64).ok().filter(|_| exp.is_finite())?;
    let expired = check_times(claims, at).err()?;
    let is_expired = expired.explanations.iter().any(|explanation| explanation.code == EXPIRED);
    is_expired.then_some(expiry)
}

/// Converts a number of seconds into a duration that is printed with a unit.
fn duration(seconds: f64) -> Wait {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the cast saturates at the maximum, and the span is not negative"
    )]
    Wait(seconds as u64)
}

/// Returns the explanation of a time that is not a number; `value` is what it is instead.
fn invalid_time(name: &str, value: Option<&Json>) -> SignatureCheck {
    let kind = value.and_then(string_kind).map(|kind| format!("{kind}, ")).unwrap_or_default();
    SignatureCheck::malformed(
        "malformed-claim",
        format!("`{name}` is {kind}not a number of seconds."),
        "write it as a JSON number, not as a string",
    )
}

/// Returns what a string contains, or `None` for another value.
fn string_kind(value: &Json) -> Option<&'static str> {
    let text = value.as_str()?;
    let is_date = text.len() >= 8 && text.contains(['-', ':', '/']);
    Some(if is_date { "a date in a string" } else { "a string" })
}

/// Returns warnings about times that no check rejects, although a receiver misreads or rejects them: a
/// time in milliseconds, an `iat` that is not a number, and one after `at`.
pub(super) fn time_findings(claims: &Json, at: Timestamp) -> Vec<Finding> {
    let ahead = issued_ahead(claims, at).map(|message| {
        let (found, expected) = ("a later time", "at most the time of verification");
        let message = FindingMessage::custom(message, found, expected);
        let source = "RFC 7519, section 4.1.6; `_validate_iat` of PyJWT; `JWT::decode` of \
                      firebase/php-jwt";
        Finding::new(Severity::Warning, "issued-in-future", message, source)
    });

    let finding = |name: &'static str| {
        let (message, found) = match claims.get(name)? {
            Json::Number(literal) => {
                let number = json::nearest_double(literal);
                let unit = TimeUnit::of(number)?;
                (unit_message(name, number, unit), format!("a number of {}", unit.name))
            }
            other => {
                let kind = string_kind(other).map(|kind| format!("{kind}, ")).unwrap_or_default();
                let message = format!(
                    "`{name}` is {kind}not a number of seconds; libraries such as PyJWT reject the \
                     token"
                );
                (message, "another type".to_owned())
            }
        };
        let message = FindingMessage::custom(message, found, "a number of seconds");
        Some(Finding::new(Severity::Warning, "time-not-in-seconds", message, "RFC 7519, section 2"))
    };
    TIME_CLAIMS.into_iter().filter_map(finding).chain(ahead).collect()
}

/// Returns the sentence about a time in another unit.
fn unit_message(name: &str, number: f64, unit: &TimeUnit) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "the cast saturates, and is only printed")]
    let meant = Timestamp::from_second((number / unit.per_second) as i64);
    let meant = meant.map(|at| format!(" ({at})")).unwrap_or_default();
    let effect = match name {
        "exp" => "the token never expires",
        _ => "it is far in the future",
    };
    format!("`{name}` is in {}{meant}, not in seconds: read as seconds, {effect}", unit.name)
}

/// A unit that is mistaken for seconds.
struct TimeUnit {
    name: &'static str,
    per_second: f64,
    /// The least number that is a time in this unit: one in seconds is not as large before the year
    /// 5138.
    least: f64,
}

/// The units, the smallest first.
static UNITS: [TimeUnit; 3] = [
    TimeUnit { name: "nanoseconds", per_second: 1e9, least: 1e17 },
    TimeUnit { name: "microseconds", per_second: 1e6, least: 1e14 },
    TimeUnit { name: "milliseconds", per_second: 1e3, least: 1e11 },
];

impl TimeUnit {
    /// Returns the unit of a number that is too large for seconds. Beyond the range of nanoseconds,
    /// it is not a time.
    fn of(number: f64) -> Option<&'static Self> {
        (number < 1e19).then(|| UNITS.iter().find(|unit| number >= unit.least))?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(claims: &str) -> Vec<String> {
        let claims = json::read(claims.as_bytes()).unwrap();
        let at = Timestamp::from_second(1_796_013_375).unwrap();
        time_findings(&claims, at).into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn times_in_another_unit_or_type_are_warned_about() {
        for (claims, expected) in [
            (
                r#"{"exp":1796013375000}"#,
                "`exp` is in milliseconds (2026-11-30T04:36:15Z), not in seconds: read as seconds, \
                 the token never expires",
            ),
            (
                r#"{"iat":1796013375000000}"#,
                "`iat` is in microseconds (2026-11-30T04:36:15Z), not in seconds: read as seconds, \
                 it is far in the future",
            ),
            (
                r#"{"iat":"1796013375"}"#,
                "`iat` is a string, not a number of seconds; libraries such as PyJWT reject the \
                 token",
            ),
            (
                r#"{"iat":"2026-11-29T10:16:15Z"}"#,
                "`iat` is a date in a string, not a number of seconds; libraries such as PyJWT \
                 reject the token",
            ),
        ] {
            assert_eq!(messages(claims), [expected], "{claims}");
        }
        assert!(messages(r#"{"exp":1796013375,"iat":1796013375,"nbf":0,"a":1e12}"#).is_empty());
        assert!(messages(r#"{"iat":1e300}"#).is_empty());
    }

    #[test]
    fn a_time_that_is_rejected_names_its_unit_or_type() {
        for (claims, code, says) in [
            (r#"{"nbf":1796013375000}"#, "time-not-in-seconds", "milliseconds"),
            (r#"{"exp":"1796013375"}"#, "malformed-claim", "`exp` is a string, not a number"),
            (r#"{"exp":"2026-11-29"}"#, "malformed-claim", "a date in a string"),
            (r#"{"exp":true}"#, "malformed-claim", "`exp` is not a number of seconds."),
        ] {
            let claims = json::read(claims.as_bytes()).unwrap();
            let failed = check_times(&claims, Timestamp::from_second(1_796_013_075).unwrap());
            let explanation = failed.unwrap_err().explanations.remove(0);
            assert_eq!(explanation.code, code);
            assert!(explanation.message.contains(says), "{}", explanation.message);
        }
    }
}
