//! Times and durations: parsing from options, and formatting for people.

use crate::domain::parse_error::ParseValueError;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// Parses RFC 3339, or `@` and Unix seconds.
pub fn parse_time(text: &str) -> Result<Timestamp, ParseValueError> {
    let parsed = match text.strip_prefix('@') {
        Some(seconds) => {
            seconds.parse().ok().and_then(|seconds| Timestamp::from_second(seconds).ok())
        }
        None => text.parse().ok(),
    };
    // jiff accepts a date without a time as well, which needs no time zone.
    let lacks_zone = || text.contains(':') && text.parse::<jiff::civil::DateTime>().is_ok();
    parsed.ok_or_else(|| {
        let text = text.to_owned();
        if lacks_zone() { ParseValueError::TimeZone(text) } else { ParseValueError::Time(text) }
    })
}

/// Parses a date such as `2025-08-15`, in that form alone: jiff also accepts `20250815` and a time
/// after it.
pub fn parse_date(text: &str) -> Result<Date, ParseValueError> {
    let date = text.parse::<Date>().ok().filter(|date| date.to_string() == text);
    date.ok_or_else(|| ParseValueError::Date(text.to_owned()))
}

/// Parses `500ms`, `30s`, `10m`, `1h 30m`.
pub fn parse_duration(text: &str) -> Result<Duration, ParseValueError> {
    humantime::parse_duration(text).map_err(|_| ParseValueError::Duration(text.to_owned()))
}

/// A bound of an interval: a time, or a duration before now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TimeBound {
    /// This time.
    At(Timestamp),
    /// This long before now.
    Ago(Duration),
}

impl TimeBound {
    /// Parses a time like [`parse_time`], or a duration.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let time = || parse_time(text).ok().map(Self::At);
        time().or_else(|| parse_duration(text).ok().map(Self::Ago))
    }

    /// Returns the time, which is the earliest possible one if the duration reaches further back.
    #[must_use]
    pub fn resolve(self, now: Timestamp) -> Timestamp {
        match self {
            Self::At(time) => time,
            Self::Ago(duration) => now.checked_sub(duration).unwrap_or(Timestamp::MIN),
        }
    }
}

/// A wait between two attempts, in whole seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(try_from = "String")]
pub struct Wait(pub u64);

impl FromStr for Wait {
    type Err = ParseValueError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let span = parse_duration(text)?;
        if span.subsec_nanos() != 0 {
            return Err(ParseValueError::Duration(text.to_owned()));
        }
        Ok(Self(span.as_secs()))
    }
}

impl TryFrom<String> for Wait {
    type Error = ParseValueError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl Wait {
    /// Returns the wait as a duration.
    #[must_use]
    pub fn duration(self) -> Duration {
        Duration::from_secs(self.0)
    }
}

/// A point in time of a simulated or replayed run: microseconds since its first message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(pub u64);

impl Moment {
    /// Creates the point `since_first` after the first message, saturating.
    #[must_use]
    pub fn from_start(since_first: Duration) -> Self {
        Self(u64::try_from(since_first.as_micros()).unwrap_or(u64::MAX))
    }

    /// Returns the point `span` later, saturating.
    #[must_use]
    pub fn after(self, span: Duration) -> Self {
        Self(self.0.saturating_add(Self::from_start(span).0))
    }

    /// Returns the time since `earlier`; zero if that is later.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(self.0.saturating_sub(earlier.0))
    }

    /// Returns the time since the first message.
    #[must_use]
    pub fn since_start(self) -> Duration {
        self.since(Self::default())
    }
}

/// Writes whole seconds in the two largest units: `10 min`, `1 h`, `2 h 30 min`, `36 s`.
impl fmt::Display for Wait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const UNITS: [(u64, &str); 4] = [(86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")];
        let mut remaining = self.0;
        let mut parts = Vec::new();
        for (size, unit) in UNITS {
            if remaining >= size {
                parts.push(format!("{} {unit}", remaining / size));
                remaining %= size;
            }
        }
        parts.truncate(2);
        f.pad(if parts.is_empty() { "0 s".to_owned() } else { parts.join(" ") }.as_str())
    }
}

/// Returns the number of whole milliseconds, or the largest number if there are more.
#[must_use]
pub fn milliseconds(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}

/// Formats a duration for people: `12 ms`, `3.2 s`, `4 min`.
#[must_use]
pub fn format_duration(span: Duration) -> String {
    match span.as_millis() {
        0 => "under 1 ms".to_owned(),
        millis @ 1..1_000 => format!("{millis} ms"),
        1_000..60_000 => format!("{:.1} s", span.as_secs_f64()),
        _ => Wait(span.as_secs()).to_string(),
    }
}

/// The precision of a provider's timestamps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Precision {
    /// `2026-01-02T03:04:05Z`
    Seconds,
    /// `2026-01-02T03:04:05.678Z`
    Milliseconds,
    /// `2026-01-02T03:04:05.678901Z`
    Microseconds,
    /// `2026-01-02T03:04:05.678901234Z`
    Nanoseconds,
    /// `1767323045`
    UnixSeconds,
}

impl Precision {
    /// Formats `at` in UTC with exactly this many digits, or as seconds since 1970.
    #[must_use]
    pub fn format(self, at: Timestamp) -> String {
        match self {
            Self::Seconds => format!("{at:.0}"),
            Self::Milliseconds => format!("{at:.3}"),
            Self::Microseconds => format!("{at:.6}"),
            Self::Nanoseconds => format!("{at:.9}"),
            Self::UnixSeconds => at.as_second().to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_rfc_3339_or_unix_seconds() {
        let expected = Timestamp::from_second(1_767_323_045).unwrap();
        assert_eq!(parse_time("2026-01-02T03:04:05Z"), Ok(expected));
        assert_eq!(parse_time("@1767323045"), Ok(expected));
        for wrong in ["", "@", "now", "2026-01-02", "1767323045", "@99999999999999999999"] {
            assert_eq!(parse_time(wrong), Err(ParseValueError::Time(wrong.to_owned())));
        }
        for local in ["2026-01-02T03:04:05", "2026-01-02 03:04", "2026-01-02T03:04:05.678"] {
            assert_eq!(parse_time(local), Err(ParseValueError::TimeZone(local.to_owned())));
        }
    }

    #[test]
    fn a_bound_is_a_time_or_a_duration_before_now() {
        let now = Timestamp::from_second(10_000).unwrap();
        let resolve =
            |text: &str| TimeBound::parse(text).map(|bound| bound.resolve(now).as_second());
        assert_eq!(["1h", "1h 30m", "@42"].map(resolve), [Some(6_400), Some(4_600), Some(42)]);
        assert_eq!(resolve("1970-01-01T00:00:09Z"), Some(9));
        assert_eq!(TimeBound::parse("99999years").map(|it| it.resolve(now)), Some(Timestamp::MIN));
        for wrong in ["", "yesterday", "5", "-1h", "1970-01-01"] {
            assert_eq!(resolve(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_wait_is_displayed_in_its_two_largest_units() {
        let displayed =
            [0, 36, 336, 600, 3_600, 9_000, 28_800, 90_061].map(|s| Wait(s).to_string());
        assert_eq!(
            displayed,
            ["0 s", "36 s", "5 min 36 s", "10 min", "1 h", "2 h 30 min", "8 h", "1 d 1 h"]
        );
    }

    #[test]
    fn a_wait_has_whole_seconds() {
        assert_eq!("1h 30m".parse(), Ok(Wait(5_400)));
        for wrong in ["10", "-1s", "1500ms", "soon", ""] {
            assert!(wrong.parse::<Wait>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_precision_determines_the_number_of_digits() {
        let at: Timestamp = "2026-01-02T03:04:05.5Z".parse().unwrap();
        assert_eq!(Precision::Seconds.format(at), "2026-01-02T03:04:05Z");
        assert_eq!(Precision::Nanoseconds.format(at), "2026-01-02T03:04:05.500000000Z");
        assert_eq!(Precision::UnixSeconds.format(at), "1767323045");
    }
}
