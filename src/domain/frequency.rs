//! Frequencies such as `120/h` or `0.5/s`, parsed from options.

use crate::domain::parse_error::ParseValueError;
use std::fmt;
use std::num::NonZeroU64;
use std::str::FromStr;

/// The maximum number of decimals of a frequency: with it, no calculation exceeds 128 bits.
const MAX_DECIMALS: usize = 6;

/// A number of occurrences per unit of time: `120/h`, `0.5/s`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frequency {
    /// The digits of the number, without its decimal point.
    digits: NonZeroU64,
    /// The number of those digits after the decimal point.
    decimals: usize,
    unit: Unit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Unit {
    name: &'static str,
    micros: u64,
}

const UNITS: &[Unit] = &[
    Unit { name: "s", micros: 1_000_000 },
    Unit { name: "sec", micros: 1_000_000 },
    Unit { name: "second", micros: 1_000_000 },
    Unit { name: "m", micros: 60_000_000 },
    Unit { name: "min", micros: 60_000_000 },
    Unit { name: "minute", micros: 60_000_000 },
    Unit { name: "h", micros: 3_600_000_000 },
    Unit { name: "hour", micros: 3_600_000_000 },
    Unit { name: "d", micros: 86_400_000_000 },
    Unit { name: "day", micros: 86_400_000_000 },
];

impl Frequency {
    /// Returns the time of occurrence number `index` with even gaps: in microseconds after number
    /// 0, saturating.
    #[must_use]
    pub fn micros_of(self, index: u64) -> u64 {
        let exact = u128::from(index) * self.micros() / u128::from(self.digits.get());
        u64::try_from(exact).unwrap_or(u64::MAX)
    }

    /// Returns the mean gap between two occurrences, in microseconds.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a mean of random gaps needs less than 53 bits")]
    pub fn mean_gap_micros(self) -> f64 {
        self.micros() as f64 / self.digits.get() as f64
    }

    /// Returns the number of occurrences with even gaps in a span that begins with one of them.
    #[must_use]
    pub fn count_in(self, micros: u64) -> u64 {
        let exact = (u128::from(micros) * u128::from(self.digits.get())).div_ceil(self.micros());
        u64::try_from(exact).unwrap_or(u64::MAX)
    }

    /// Returns the time in which as many occurrences fall as the digits say, in microseconds.
    fn micros(self) -> u128 {
        u128::from(self.unit.micros) * u128::from(self.scale())
    }

    /// Returns the factor by which the digits exceed the number.
    fn scale(self) -> u64 {
        (0..self.decimals).fold(1, |scale, _| scale * 10)
    }
}

impl FromStr for Frequency {
    type Err = ParseValueError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || ParseValueError::Frequency(text.to_owned());
        let (number, unit) = text.split_once('/').ok_or_else(error)?;
        let (whole, fraction) = match number.split_once('.') {
            // `.5` and `5.` are more often a slip than a number.
            Some((whole, fraction)) if whole.is_empty() || fraction.is_empty() => {
                return Err(error());
            }
            Some(parts) => parts,
            None => (number, ""),
        };
        if fraction.len() > MAX_DECIMALS {
            return Err(error());
        }
        let digits = format!("{whole}{fraction}");
        // `from_str` would accept a leading plus.
        let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit());
        let digits = digits.parse().ok().filter(|_| is_plain).ok_or_else(error)?;
        let unit = UNITS.iter().find(|known| known.name == unit).ok_or_else(error)?;
        Ok(Self { digits, decimals: fraction.len(), unit: *unit })
    }
}

impl fmt::Display for Frequency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (digits, scale, unit) = (self.digits.get(), self.scale(), self.unit.name);
        match self.decimals {
            0 => write!(f, "{digits}/{unit}"),
            width => write!(f, "{}.{:0width$}/{unit}", digits / scale, digits % scale),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_errors_of_gaps_do_not_accumulate() {
        let seven: Frequency = "7/s".parse().unwrap();
        assert_eq!(
            [0, 1, 7, 7_000_000].map(|index| seven.micros_of(index)),
            [0, 142_857, 1_000_000, 1_000_000_000_000]
        );
        assert_eq!("1/d".parse::<Frequency>().unwrap().micros_of(u64::MAX), u64::MAX);
    }

    #[test]
    fn a_fraction_of_an_occurrence_takes_longer() {
        let [half, thirty]: [Frequency; 2] = ["0.5/s", "30/min"].map(|text| text.parse().unwrap());
        for index in [0, 1, 7, 1_000_001] {
            assert_eq!(half.micros_of(index), thirty.micros_of(index), "{index}");
            assert_eq!(half.count_in(index), thirty.count_in(index), "{index}");
        }
        assert!((half.mean_gap_micros() - 2_000_000.0).abs() < 1e-6);
        let rare: Frequency = "0.000001/d".parse().unwrap();
        assert_eq!(rare.micros_of(u64::MAX), u64::MAX);
        // 213.5 million days.
        assert_eq!(rare.count_in(u64::MAX), 214);
    }

    #[test]
    fn the_end_of_a_span_is_not_in_it() {
        let frequency: Frequency = "120/h".parse().unwrap();
        let hour = 3_600_000_000;
        assert_eq!(
            [0, 1, 30_000_000, 30_000_001, 24 * hour].map(|span| frequency.count_in(span)),
            [0, 1, 1, 2, 2_880]
        );
    }

    #[test]
    fn an_invalid_frequency_is_rejected() {
        for wrong in [
            "",
            "5",
            "/s",
            "5/",
            "0/h",
            "-1/h",
            "+1/h",
            ".5/h",
            "5./h",
            "1.2.3/h",
            "0.0/h",
            "1.0000001/h",
            "+1.5/h",
            "1.+5/h",
            "1e3/h",
            "5/w",
            "5 /s",
            "NaN/s",
        ] {
            assert_eq!(
                wrong.parse::<Frequency>(),
                Err(ParseValueError::Frequency(wrong.to_owned()))
            );
        }
        for right in [
            "120/h",
            "5/s",
            "30/m",
            "30/min",
            "1/d",
            "1000000/s",
            "120/hour",
            "2/day",
            "0.5/s",
            "1.5/h",
            "0.25/min",
            "12.050/d",
            "18446744073709.551615/d",
        ] {
            assert_eq!(right.parse::<Frequency>().unwrap().to_string(), right);
        }
    }
}
