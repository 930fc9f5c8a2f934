//! Values of the options that inject faults or simulate them: a latency range (`--latency`) and a
//! probability (`--fail-rate`, `--drop-rate`).

use crate::domain::parse_error::ParseValueError;
use crate::domain::time::parse_duration;
use std::str::FromStr;
use std::time::Duration;

/// The latency of a response: always `200ms`, or a random value in `200ms..2s`, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LatencyRange {
    /// The shortest latency, inclusive.
    pub min: Duration,
    /// The longest latency, inclusive; equal to `min` if the option names one duration.
    pub max: Duration,
}

impl FromStr for LatencyRange {
    type Err = ParseValueError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || ParseValueError::Latency(text.to_owned());
        let (min, max) = text.split_once("..").unwrap_or((text, text));
        let duration = |text: &str| parse_duration(text.trim()).map_err(|_| error());
        let range = Self { min: duration(min)?, max: duration(max)? };
        if range.min > range.max { Err(error()) } else { Ok(range) }
    }
}

/// The probability of an event in millionths, from 0 to 1,000,000; written `0.1` or `10%`.
///
/// An integer, so that a seeded run draws the same faults on every platform.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Probability(pub u32);

impl Probability {
    /// The value of a certain event.
    pub const DENOMINATOR: u32 = 1_000_000;
}

impl FromStr for Probability {
    type Err = ParseValueError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || ParseValueError::Rate(text.to_owned());
        // A percentage has two of the six decimals before its point.
        let (number, decimals) = match text.strip_suffix('%') {
            Some(number) => (number, 4),
            None => (text, 6),
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
        let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        // Up to 3 digits before the point are enough for `100%`; a fourth is tolerated, and more
        // can only be leading zeros or a value out of range.
        if !is_digits(whole) || !is_digits(fraction) || whole.len() > 4 || fraction.len() > decimals
        {
            return Err(error());
        }
        // The digits are parsed as an integer, because a decimal fraction such as 0.1 has no exact
        // binary form: `0.1` becomes `0` and `100000`.
        let padded = format!("{whole}{fraction:0<decimals$}");
        let millionths: u32 = padded.parse().map_err(|_| error())?;
        if millionths > Self::DENOMINATOR { Err(error()) } else { Ok(Self(millionths)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_latency_is_one_duration_or_an_ascending_range() {
        let range = |min, max| {
            Ok(LatencyRange { min: Duration::from_millis(min), max: Duration::from_millis(max) })
        };
        assert_eq!("200ms".parse(), range(200, 200));
        assert_eq!("200ms..2s".parse(), range(200, 2000));
        for invalid in ["", "..", "2s..200ms", "200", "1s..", "..1s", "-1s"] {
            assert!(invalid.parse::<LatencyRange>().is_err(), "{invalid}");
        }
    }

    #[test]
    fn a_probability_is_parsed_exactly_and_limited_to_one() {
        for (text, millionths) in [
            ("0", 0),
            ("1", 1_000_000),
            ("1.0", 1_000_000),
            ("0.1", 100_000),
            ("0.000001", 1),
            ("10%", 100_000),
            ("100%", 1_000_000),
            ("0.5%", 5_000),
        ] {
            assert_eq!(text.parse(), Ok(Probability(millionths)), "{text}");
        }
        for invalid in ["", ".", "1.1", "-1", "101%", "NaN", "inf", "0.0000001", "1e-1", ".5", "%"]
        {
            assert!(invalid.parse::<Probability>().is_err(), "{invalid}");
        }
    }
}
