//! Finds the time in the prefix of a log line.
//!
//! Two notations cover nearly all logs: year, month and day in digits (RFC 3339, monolog, log4j,
//! Python), and the day before the name of the month (access logs, PHP). A time without a zone is
//! local to the machine that wrote the log, so it is not a time that a request can be judged at.

use jiff::Timestamp;

/// The number of bytes of a line in which its time begins.
const MAX_START: usize = 200;

/// The digits of a fraction of a second that count.
const MAX_FRACTION: usize = 9;

/// The names of UTC in logs.
const UTC_NAMES: [&[u8]; 3] = [b"Z", b"UTC", b"GMT"];

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The time of a log line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum LogTime {
    Zoned(Timestamp),
    /// A time without a zone, as it is written.
    Local(String),
}

/// Returns the first time: later ones may be in a path or another value of the sender.
pub(super) fn find(prefix: &[u8]) -> Option<LogTime> {
    let mut at = 0;
    while at < prefix.len().min(MAX_START) {
        if let Some((time, _)) = parse(&prefix[at..]) {
            return Some(time);
        }
        // A time begins where a word does.
        let word = prefix[at..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        at += word.max(1);
    }
    None
}

/// Returns the time with a zone that a text is.
pub(super) fn zoned(text: &[u8]) -> Option<Timestamp> {
    match parse(text) {
        Some((LogTime::Zoned(time), length)) if length == text.len() => Some(time),
        _ => None,
    }
}

/// Parses the time that a text begins with, and returns its length.
fn parse(text: &[u8]) -> Option<(LogTime, usize)> {
    let (date, mut at) = numeric_date(text).or_else(|| named_date(text))?;
    let clock = matching(text.get(at..)?, b"dd:dd:dd")?;
    at += clock.len();
    let mut time = format!("{date}T{clock}");
    if let Some((b'.' | b',', rest)) = text.get(at..)?.split_first() {
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits > 0 {
            let kept = std::str::from_utf8(&rest[..digits.min(MAX_FRACTION)]).ok()?;
            time = format!("{time}.{kept}");
            at += 1 + digits;
        }
    }
    // Checks the ranges as well: the 31st of November does not exist.
    let utc: Timestamp = format!("{time}Z").parse().ok()?;
    let rest = &text[at..];
    let space = usize::from(rest.first() == Some(&b' '));
    if let Some((zone, length)) = zone(&rest[space..]) {
        let zoned = match zone {
            None => utc,
            Some(offset) => format!("{time}{offset}").parse().ok()?,
        };
        return Some((LogTime::Zoned(zoned), at + space + length));
    }
    let written = String::from_utf8_lossy(&text[..at]).into_owned();
    Some((LogTime::Local(written), at))
}

/// Parses `2026-11-30T` or `2026/11/30 `, and returns the date and the length.
fn numeric_date(text: &[u8]) -> Option<(String, usize)> {
    let date = matching(text, b"dddd-dd-dd").or_else(|| matching(text, b"dddd/dd/dd"))?;
    let is_separated = matches!(text.get(date.len()), Some(b'T' | b't' | b' '));
    is_separated.then(|| (date.replace('/', "-"), date.len() + 1))
}

/// Parses `30/Nov/2026:` or `30-Nov-2026 `, and returns the date and the length.
fn named_date(text: &[u8]) -> Option<(String, usize)> {
    let date = matching(text, b"dd/aaa/dddd").or_else(|| matching(text, b"dd-aaa-dddd"))?;
    let month = MONTHS.iter().position(|month| date[3..6].eq_ignore_ascii_case(month))? + 1;
    let is_separated = matches!(text.get(date.len()), Some(b':' | b' '));
    let (day, year) = (&date[..2], &date[7..]);
    is_separated.then(|| (format!("{year}-{month:02}-{day}"), date.len() + 1))
}

/// Parses a zone, and returns its offset, `None` for UTC, and the length.
fn zone(text: &[u8]) -> Option<(Option<String>, usize)> {
    let (offset, length) = match text.first()? {
        b'+' | b'-' => {
            let digits = text.get(1..)?;
            let written = matching(digits, b"dd:dd").or_else(|| matching(digits, b"dddd"))?;
            let (hours, minutes) = (&written[..2], &written[written.len() - 2..]);
            let sign = char::from(text[0]);
            (Some(format!("{sign}{hours}:{minutes}")), 1 + written.len())
        }
        _ => (None, UTC_NAMES.iter().find(|name| text.starts_with(name))?.len()),
    };
    let goes_on = text.get(length).is_some_and(u8::is_ascii_alphanumeric);
    (!goes_on).then_some((offset, length))
}

/// Returns the beginning of a text if it has a pattern, in which `d` is a digit and `a` a letter.
fn matching<'t>(text: &'t [u8], pattern: &[u8]) -> Option<&'t str> {
    let start = text.get(..pattern.len())?;
    let is_match = start.iter().zip(pattern).all(|(byte, expected)| match expected {
        b'd' => byte.is_ascii_digit(),
        b'a' => byte.is_ascii_alphabetic(),
        expected => byte == expected,
    });
    std::str::from_utf8(start).ok().filter(|_| is_match)
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: &str = "2026-11-30T09:12:45Z";

    #[test]
    fn a_time_with_a_zone_is_found_in_any_prefix() {
        for prefix in [
            "[2026-11-30T09:12:45+00:00] local.INFO: received ",
            "2026-11-30T10:12:45+01:00 WARN ",
            "2026-11-30 09:12:45Z INFO ",
            "2026-11-30 04:12:45 -0500 [app] ",
            "[30-Nov-2026 09:12:45 UTC] PHP Notice: ",
            "192.0.2.1 - - [30/Nov/2026:09:12:45 +0000] ",
            "web-1  | 2026-11-30T09:12:45Z ",
            "2026-11-30T09:12:45Z POST /hooks?at=2020-01-01T00:00:00Z ",
        ] {
            assert_eq!(
                find(prefix.as_bytes()),
                Some(LogTime::Zoned(AT.parse().unwrap())),
                "{prefix}"
            );
        }
        let fraction = LogTime::Zoned("2026-11-30T09:12:45.102Z".parse().unwrap());
        for prefix in ["[2026-11-30T09:12:45.102+00:00] ", "2026-11-30 09:12:45,102 UTC "] {
            assert_eq!(find(prefix.as_bytes()), Some(fraction.clone()), "{prefix}");
        }
    }

    #[test]
    fn a_time_without_a_zone_is_not_guessed() {
        for (prefix, written) in [
            ("2026-11-30 09:12:45,102 INFO ", "2026-11-30 09:12:45,102"),
            ("2026/11/30 09:12:45 [error] ", "2026/11/30 09:12:45"),
            ("[2026-11-30 09:12:45] production.WARNING: ", "2026-11-30 09:12:45"),
            ("[30-Nov-2026 09:12:45 Europe/London] ", "30-Nov-2026 09:12:45"),
            ("I, [2026-11-30T09:12:45.102345 #12] INFO ", "2026-11-30T09:12:45.102345"),
            ("2026-11-30 09:12:45 Zebra ", "2026-11-30 09:12:45"),
            // The sender chose the time with a zone.
            ("2026-11-30 09:12:45 POST /hooks?at=2020-01-01T00:00:00Z ", "2026-11-30 09:12:45"),
        ] {
            assert_eq!(
                find(prefix.as_bytes()),
                Some(LogTime::Local(written.to_owned())),
                "{prefix}"
            );
        }
    }

    #[test]
    fn other_numbers_are_no_time() {
        for prefix in [
            "",
            "[info] ",
            "Nov 29 10:11:12 web1 app[123]: ",
            "2026-11-30 INFO ",
            "2026-11-31T09:12:45Z ",
            "2026-11-30T25:12:45Z ",
            "id12026-11-30T09:12:45Z ",
            "30/Foo/2026:09:12:45 +0000 ",
        ] {
            assert_eq!(find(prefix.as_bytes()), None, "{prefix}");
        }
        let long = format!("{}2026-11-30T09:12:45Z ", " ".repeat(MAX_START));
        assert_eq!(find(long.as_bytes()), None);
    }

    #[test]
    fn a_whole_text_is_a_time() {
        assert_eq!(zoned(b"30/Nov/2026:09:12:45 +0000"), AT.parse().ok());
        for text in ["30/Nov/2026:09:12:45", "30/Nov/2026:09:12:45 +0000 x", ""] {
            assert_eq!(zoned(text.as_bytes()), None, "{text}");
        }
    }
}
