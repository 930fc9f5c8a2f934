//! Latency ranges and failure rates of injected faults, parsed from options.

use crate::domain::parse_error::ParseValueError;
use crate::domain::time::parse_duration;
use std::str::FromStr;
use std::time::Duration;

/// The latency of a response: `200ms`, or a random value in `200ms..2s`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LatencyRange {
    /// The minimum.
    pub min: Duration,
    /// The maximum.
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

/// A rate in millionths, written `0.1` or `10%`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rate(pub u32);

impl Rate {
    /// The denominator of the rate.
    pub const DENOMINATOR: u32 = 1_000_000;
}

impl FromStr for Rate {
    type Err = ParseValueError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || ParseValueError::Rate(text.to_owned());
        let (number, shift) = match text.strip_suffix('%') {
            Some(number) => (number, 2),
            None => (text, 0),
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        // Parsed as digits, because a decimal fraction has no exact binary form.
        let decimals = 6 - shift;
        if !is_number(whole) || !is_number(fraction) || whole.len() > 4 || fraction.len() > decimals
        {
            return Err(error());
        }
        let padded = format!("{whole}{fraction:0<decimals$}");
        let millionths: u32 = padded.parse().map_err(|_| error())?;
        if millionths > Self::DENOMINATOR { Err(error()) } else { Ok(Self(millionths)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_latency_is_a_duration_or_a_range() {
        let range = |min, max| {
            Ok(LatencyRange { min: Duration::from_millis(min), max: Duration::from_millis(max) })
        };
        assert_eq!("200ms".parse(), range(200, 200));
        assert_eq!("200ms..2s".parse(), range(200, 2000));
        for wrong in ["", "..", "2s..200ms", "200", "1s..", "..1s", "-1s"] {
            assert!(wrong.parse::<LatencyRange>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_rate_is_exact_and_from_zero_to_one() {
        for (text, parts) in [
            ("0", 0),
            ("1", 1_000_000),
            ("1.0", 1_000_000),
            ("0.1", 100_000),
            ("0.000001", 1),
            ("10%", 100_000),
            ("100%", 1_000_000),
            ("0.5%", 5_000),
        ] {
            assert_eq!(text.parse(), Ok(Rate(parts)), "{text}");
        }
        for wrong in ["", ".", "1.1", "-1", "101%", "NaN", "inf", "0.0000001", "1e-1", ".5", "%"] {
            assert!(wrong.parse::<Rate>().is_err(), "{wrong}");
        }
    }
}
