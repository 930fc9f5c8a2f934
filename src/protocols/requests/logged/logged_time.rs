//! Parses the times in the fields of a log.

use crate::protocols::json::Json;
use crate::protocols::requests::log_time;
use jiff::Timestamp;

/// Milliseconds until 1973 or seconds until the year 5138, so no capture is ambiguous.
const SECONDS_END: i64 = 100_000_000_000;

/// The least number in a string that is a time, in 2001: nginx also logs durations as strings.
const STRING_START: i64 = 1_000_000_000;

/// Parses a time by RFC 3339 (without a zone, it is UTC), the seconds or milliseconds since 1970,
/// or the time of an access log: `30/Nov/2026:09:12:45 +0000`.
pub(super) fn parse_time(value: &Json) -> Option<Timestamp> {
    match value {
        Json::Text(text) => {
            let text = text.as_str()?;
            let utc = || format!("{text}Z").parse().ok();
            let number = || whole_number(text).filter(|number| *number >= STRING_START);
            text.parse()
                .ok()
                .or_else(utc)
                .or_else(|| number().and_then(from_number))
                .or_else(|| log_time::zoned(text.as_bytes()))
        }
        Json::Number(literal) => from_number(whole_number(literal)?),
        Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_) => None,
    }
}

fn whole_number(literal: &str) -> Option<i64> {
    let (whole, fraction) = literal.split_once('.').unwrap_or((literal, ""));
    let number = whole.parse().ok()?;
    fraction.bytes().all(|byte| byte.is_ascii_digit()).then_some(number)
}

fn from_number(number: i64) -> Option<Timestamp> {
    if number < SECONDS_END {
        Timestamp::from_second(number).ok()
    } else {
        Timestamp::from_millisecond(number).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::json;

    #[test]
    fn times_of_servers_and_loggers_are_parsed() {
        for text in [
            r#""2026-11-30T09:12:45+00:00""#,
            r#""2026-11-30 09:12:45""#,
            r#""30/Nov/2026:10:12:45 +0100""#,
            r#""1796029965.123""#,
            "1796029965.123",
            "1796029965123",
        ] {
            let parsed = parse_time(&json::read(text.as_bytes()).unwrap());
            assert_eq!(parsed.map(Timestamp::as_second), Some(1_796_029_965), "{text}");
        }
        for text in [r#""0.012""#, r#""401""#, r#""x""#, r#""30/Nov/2026:10:12:45""#, "null"] {
            assert_eq!(parse_time(&json::read(text.as_bytes()).unwrap()), None, "{text}");
        }
    }
}
