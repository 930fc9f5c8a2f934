//! Time intervals of a run, such as an outage, parsed from options.

use crate::domain::parse_error::ParseValueError;
use crate::domain::time::parse_duration;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// A half-open interval, both ends counted from the first message: `30m..3h`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Interval {
    /// The start, inclusive.
    pub from: Duration,
    /// The end, exclusive.
    pub to: Duration,
}

impl Interval {
    /// Returns the duration between its ends.
    #[must_use]
    pub fn length(self) -> Duration {
        self.to.saturating_sub(self.from)
    }

    /// Merges touching and overlapping intervals and sorts them.
    #[must_use]
    pub fn merge(mut intervals: Vec<Self>) -> Vec<Self> {
        intervals.sort_unstable();
        let mut merged: Vec<Self> = Vec::new();
        for next in intervals {
            match merged.last_mut() {
                Some(last) if next.from <= last.to => last.to = last.to.max(next.to),
                _ => merged.push(next),
            }
        }
        merged
    }
}

impl FromStr for Interval {
    type Err = ParseValueError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || ParseValueError::Interval(text.to_owned());
        let (from, to) = text.split_once("..").ok_or_else(error)?;
        // A `0` without a unit is accepted here.
        let bound = |text: &str| match text.trim() {
            "0" => Ok(Duration::ZERO),
            text => parse_duration(text).map_err(|_| error()),
        };
        let interval = Self { from: bound(from)?, to: bound(to)? };
        if interval.from >= interval.to {
            return Err(ParseValueError::EmptyInterval(text.to_owned()));
        }
        Ok(interval)
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let format = |bound| humantime::format_duration(bound).to_string().replace(' ', "");
        write!(f, "{}..{}", format(self.from), format(self.to))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interval(from: u64, to: u64) -> Interval {
        Interval { from: Duration::from_secs(from), to: Duration::from_secs(to) }
    }

    #[test]
    fn an_interval_is_two_times() {
        assert_eq!("30m..3h".parse(), Ok(interval(1_800, 10_800)));
        assert_eq!("0..1h 30m".parse(), Ok(interval(0, 5_400)));
        assert_eq!("0s..40m".parse::<Interval>().unwrap().to_string(), "0s..40m");
        for wrong in ["", "..", "30m", "30m..", "..3h", "-1m..3h", "30..40", "30m...3h", "a..b"] {
            assert_eq!(wrong.parse::<Interval>(), Err(ParseValueError::Interval(wrong.to_owned())));
        }
        for wrong in ["3h..30m", "1h..60m", "0..0s"] {
            assert_eq!(
                wrong.parse::<Interval>(),
                Err(ParseValueError::EmptyInterval(wrong.to_owned()))
            );
        }
    }

    #[test]
    fn touching_intervals_are_merged() {
        let merged = Interval::merge(vec![
            interval(50, 60),
            interval(10, 20),
            interval(20, 30),
            interval(12, 15),
            interval(55, 70),
        ]);
        assert_eq!(merged, [interval(10, 30), interval(50, 70)]);
    }
}
