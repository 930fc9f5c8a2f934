//! The replay speed: the factor by which recorded waits are shortened.

use crate::domain::parse_error::ParseValueError;
use std::num::NonZeroU32;
use std::str::FromStr;
use std::time::Duration;

/// The replay speed, written `instant`, `real` or `60x`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Speed {
    /// Recorded waits are skipped.
    Immediate,
    /// Recorded waits are divided by this factor.
    Factor(NonZeroU32),
}

impl Speed {
    /// The speeds that have a name, with a description.
    pub const NAMED: [(&'static str, Self, &'static str); 2] = [
        ("instant", Self::Immediate, "without waits"),
        ("real", Self::Factor(NonZeroU32::MIN), "with the recorded or scheduled waits"),
    ];

    /// Returns the wait of a replay for a recorded wait.
    #[must_use]
    pub fn scale(self, recorded: Duration) -> Duration {
        match self {
            Self::Immediate => Duration::ZERO,
            Self::Factor(factor) => recorded / factor.get(),
        }
    }
}

impl FromStr for Speed {
    type Err = ParseValueError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || ParseValueError::Speed(text.to_owned());
        if let Some((_, speed, _)) = Self::NAMED.iter().find(|(name, ..)| *name == text) {
            return Ok(*speed);
        }
        let digits = text.strip_suffix('x').ok_or_else(error)?;
        // `from_str` would accept a leading plus.
        let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit());
        digits.parse().ok().filter(|_| is_plain).map(Self::Factor).ok_or_else(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_speed_divides_every_wait() {
        let hour = Duration::from_secs(3_600);
        for (text, seconds) in
            [("instant", 0), ("real", 3_600), ("1x", 3_600), ("60x", 60), ("3600x", 1)]
        {
            let speed: Speed = text.parse().unwrap();
            assert_eq!(speed.scale(hour), Duration::from_secs(seconds), "{text}");
        }
    }

    #[test]
    fn an_invalid_speed_is_rejected() {
        for wrong in ["", "x", "0x", "+2x", "-1x", "1.5x", "60", "60X", "fast", "4294967296x"] {
            assert_eq!(
                wrong.parse::<Speed>(),
                Err(ParseValueError::Speed(wrong.to_owned())),
                "{wrong}"
            );
        }
    }
}
