//! Generated timestamps of a payload: in a plausible order, and in the format of the sample.

use crate::domain::variation::RelativeTime;
use crate::engine::seeded_rng::SeededRng;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

/// The maximum length of an RFC 3339 time: nine fraction digits and an offset.
const MAX_TIME_BYTES: usize = 35;

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

/// The format of a date or time in a sample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TimeFormat {
    /// RFC 3339 with a number of fraction digits and an offset.
    Rfc3339 {
        /// The number of fraction digits.
        digits: usize,
        /// The offset from UTC.
        offset: Offset,
        /// `Z` or `+01:00`.
        suffix: String,
    },
    /// `YYYY-MM-DD`
    DateOnly,
    /// `HH:MM`
    TimeOfDay,
    /// A number of seconds since 1970.
    UnixSeconds,
}

/// The smallest number that is a time in a sample: a day in 2001. Smaller ones are durations.
const MIN_UNIX_SECONDS: i64 = 1_000_000_000;

impl TimeFormat {
    /// Detects the format of a value of a sample, which may be a number of seconds.
    pub(super) fn of_value(sample: &Value) -> Option<Self> {
        match sample.as_i64() {
            Some(seconds) => (seconds >= MIN_UNIX_SECONDS).then_some(Self::UnixSeconds),
            None => Self::detect(sample.as_str()?),
        }
    }

    /// Writes a time in this format, as the sample has it.
    pub(super) fn to_value(&self, text: String) -> Value {
        match (self, text.parse::<i64>()) {
            (Self::UnixSeconds, Ok(seconds)) => seconds.into(),
            _ => text.into(),
        }
    }

    /// Detects the format of a sample; `None` if it is not a date or time.
    pub(super) fn detect(sample: &str) -> Option<Self> {
        if sample.len() == 10 && sample.parse::<Date>().is_ok() {
            return Some(Self::DateOnly);
        }
        if sample.len() == 5 && sample.parse::<Time>().is_ok() {
            return Some(Self::TimeOfDay);
        }
        let (_, clock) = sample.split_once('T')?;
        let at = clock.find(['Z', '+', '-'])?;
        let (clock, suffix) = clock.split_at(at);
        sample.parse::<Timestamp>().ok()?;
        let digits = clock.split_once('.').map_or(0, |(_, fraction)| fraction.len());
        let offset = if suffix == "Z" { Offset::UTC } else { parse_offset(suffix)? };
        (digits <= 9).then(|| Self::Rfc3339 { digits, offset, suffix: suffix.to_owned() })
    }

    fn offset(&self) -> Offset {
        match self {
            Self::Rfc3339 { offset, .. } => *offset,
            Self::DateOnly | Self::TimeOfDay | Self::UnixSeconds => Offset::UTC,
        }
    }

    fn format_time(&self, at: DateTime) -> String {
        let day = || format!("{:04}-{:02}-{:02}", at.year(), at.month(), at.day());
        let clock = || format!("{:02}:{:02}", at.hour(), at.minute());
        match self {
            Self::DateOnly => day(),
            Self::TimeOfDay => clock(),
            Self::UnixSeconds => {
                let at = Offset::UTC.to_timestamp(at).unwrap_or(Timestamp::UNIX_EPOCH);
                at.as_second().to_string()
            }
            Self::Rfc3339 { digits, suffix, .. } => {
                let nanoseconds = format!("{:09}", at.subsec_nanosecond());
                let fraction = nanoseconds.get(..*digits).unwrap_or_default();
                let point = if fraction.is_empty() { "" } else { "." };
                format!("{}T{}:{:02}{point}{fraction}{suffix}", day(), clock(), at.second())
            }
        }
    }
}

/// Returns `true` if the whole text is a date or a time.
#[must_use]
pub fn is_time(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_digit() || b"TZ:+-.".contains(&byte);
    text.len() <= MAX_TIME_BYTES && text.bytes().all(is_part) && TimeFormat::detect(text).is_some()
}

/// Parses `+01:00` or `-09:30`.
fn parse_offset(text: &str) -> Option<Offset> {
    let (sign, text) = match text.split_at_checked(1)? {
        ("+", text) => (1, text),
        ("-", text) => (-1, text),
        _ => return None,
    };
    let (hours, minutes) = text.split_once(':')?;
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    Offset::from_seconds(sign * (hours * 60 + minutes) * 60).ok()
}

/// Generates the times of one payload in the order in which they are requested.
#[derive(Debug)]
pub(super) struct TimestampGenerator {
    now: Timestamp,
    /// Seconds from `now` to the last generated time in the past.
    past_seconds: i64,
    /// Days from `now` to the last generated day in the future.
    future_days: i64,
}

impl TimestampGenerator {
    /// Creates a generator whose first time in the past is one to three days before `now`.
    pub(super) fn new(seed: u64, now: Timestamp) -> Self {
        let first = DAY + random_below(2 * DAY, &mut SeededRng::new(seed, "past"));
        Self { now, past_seconds: -first, future_days: 0 }
    }

    /// Returns the next time of a kind in this format.
    pub(super) fn next(
        &mut self,
        when: RelativeTime,
        format: &TimeFormat,
        rng: &mut SeededRng,
    ) -> String {
        match when {
            RelativeTime::Past => {
                // At least one second before `now`: even the last of a thousand activities must be
                // before the time of sending.
                self.past_seconds = (self.past_seconds + 20 + random_below(900, rng)).min(-1);
                let nanosecond = i32::try_from(rng.number_below(1_000_000_000)).unwrap_or(0);
                format.format_time(
                    self.time_at(self.past_seconds, format).with_nanosecond(nanosecond),
                )
            }
            // Appointments are from 9:00 to 17:45, on a quarter of an hour.
            RelativeTime::Future if *format == TimeFormat::TimeOfDay => format.format_time(
                self.time_at(0, format).at_minute(9 * 60 + 15 * random_below(36, rng)),
            ),
            RelativeTime::Future => {
                self.future_days +=
                    1 + random_below(if self.future_days == 0 { 14 } else { 3 }, rng);
                let day = self.time_at(self.future_days * DAY, format);
                format.format_time(day.at_minute(9 * 60 + 15 * random_below(36, rng)))
            }
            RelativeTime::LongAgo => {
                let seconds = random_below(20 * 365 * DAY, rng);
                format.format_time(self.time_at(-(400 * DAY + seconds), format).with_nanosecond(0))
            }
        }
    }

    /// Returns 10:00 on the day `days` days ago.
    pub(super) fn days_ago(&self, days: u64, format: &TimeFormat) -> String {
        let seconds = i64::try_from(days).unwrap_or(0).saturating_mul(DAY);
        format.format_time(self.time_at(-seconds, format).at_minute(10 * 60))
    }

    /// Returns `now` plus `seconds` at the offset of `format`, or `now` if that is out of range.
    fn time_at(&self, seconds: i64, format: &TimeFormat) -> DateTime {
        let at = self.now.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(self.now);
        at.to_zoned(TimeZone::fixed(format.offset())).datetime()
    }
}

/// Setters for parts of a calendar time.
trait DateTimeExt {
    fn with_nanosecond(self, nanosecond: i32) -> Self;
    fn at_minute(self, minute: i64) -> Self;
}

impl DateTimeExt for DateTime {
    fn with_nanosecond(self, nanosecond: i32) -> Self {
        self.with().subsec_nanosecond(nanosecond).build().unwrap_or(self)
    }

    fn at_minute(self, minute: i64) -> Self {
        let part = |number: i64| i8::try_from(number).unwrap_or(0);
        let time = Time::new(part(minute / 60), part(minute % 60), 0, 0);
        time.map_or(self, |time| self.date().to_datetime(time))
    }
}

/// Returns a random number from 0 to `bound - 1`.
fn random_below(bound: i64, rng: &mut SeededRng) -> i64 {
    i64::try_from(rng.number_below(bound.unsigned_abs())).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-01-02T03:04:05Z";

    fn generator(seed: u64) -> TimestampGenerator {
        TimestampGenerator::new(seed, NOW.parse().unwrap())
    }

    #[test]
    fn a_time_has_the_format_of_the_sample() {
        for (sample, expected) in [
            ("2016-12-24T01:58:52.789337607Z", "2025-12-23T10:00:00.000000000Z"),
            ("2016-12-24T01:58:52Z", "2025-12-23T10:00:00Z"),
            ("2016-12-24T01:58:52.1+09:00", "2025-12-23T10:00:00.0+09:00"),
            ("2016-12-24T01:58:52-10:00", "2025-12-22T10:00:00-10:00"),
            ("2016-12-24", "2025-12-23"),
            ("01:58", "10:00"),
        ] {
            let format = TimeFormat::detect(sample).unwrap();
            assert_eq!(generator(7).days_ago(10, &format), expected, "{sample}");
        }
        for wrong in ["", "soon", "2016-13-01", "25:00", "2016-12-24T01:58:52", "555-0142"] {
            assert_eq!(TimeFormat::detect(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn times_are_in_order_and_past_ones_are_before_now() {
        let format = TimeFormat::detect("2016-12-24T01:58:52.789337Z").unwrap();
        for seed in 0..50 {
            let mut generator = generator(seed);
            let mut generate = |when, count| -> Vec<String> {
                (0..count)
                    .map(|index| {
                        generator.next(
                            when,
                            &format,
                            &mut SeededRng::new(seed, &format!("{index}")),
                        )
                    })
                    .collect()
            };
            let past = generate(RelativeTime::Past, 60);
            assert!(
                past.is_sorted() && past.last().is_some_and(|last| last.as_str() < NOW),
                "{past:?}"
            );
            assert!(past[0].as_str() > "2025-12-30T03", "{past:?}");
            let future = generate(RelativeTime::Future, 5);
            assert!(future.is_sorted() && future[0].as_str() > NOW, "{future:?}");
            assert!(generate(RelativeTime::LongAgo, 1)[0].as_str() < "2024-12-01", "years ago");
        }
        let mut generator = generator(7);
        let last = (0..2000)
            .map(|_| generator.next(RelativeTime::Past, &format, &mut SeededRng::new(7, "x")))
            .max();
        assert!(last.unwrap().as_str() < NOW);
    }

    #[test]
    fn times_out_of_range_saturate() {
        let format = TimeFormat::detect("2016-12-24T01:58:52+23:59").unwrap();
        for now in [Timestamp::MIN, Timestamp::MAX] {
            let mut generator = TimestampGenerator::new(7, now);
            for when in [RelativeTime::Past, RelativeTime::Future, RelativeTime::LongAgo] {
                assert!(!generator.next(when, &format, &mut SeededRng::new(7, "x")).is_empty());
            }
            assert!(!generator.days_ago(u64::MAX, &format).is_empty());
        }
    }
}
