//! Status patterns such as `2xx`, and response scripts such as `503x2,200`.

use crate::domain::parse_error::ParseValueError;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// One status or a whole class of them: `406` or `2xx`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
#[non_exhaustive]
pub enum StatusPattern {
    /// Exactly this code.
    Exactly(u16),
    /// Every code with this first digit.
    Class(u16),
}

impl StatusPattern {
    /// Returns `true` if `status` matches.
    #[must_use]
    pub fn matches(self, status: u16) -> bool {
        match self {
            Self::Exactly(code) => status == code,
            Self::Class(digit) => status / 100 == digit,
        }
    }
}

impl FromStr for StatusPattern {
    type Err = ParseValueError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || ParseValueError::Status(text.to_owned());
        let class = text.strip_suffix("xx").or_else(|| text.strip_suffix("XX"));
        let digits = class.unwrap_or(text);
        // `u16::from_str` would accept a leading plus.
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(error());
        }
        let number: u16 = digits.parse().map_err(|_| error())?;
        match class {
            Some(_) if (1..=5).contains(&number) => Ok(Self::Class(number)),
            None if (100..=599).contains(&number) => Ok(Self::Exactly(number)),
            Some(_) | None => Err(error()),
        }
    }
}

impl TryFrom<String> for StatusPattern {
    type Error = ParseValueError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<StatusPattern> for String {
    fn from(pattern: StatusPattern) -> Self {
        pattern.to_string()
    }
}

impl fmt::Display for StatusPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exactly(code) => write!(f, "{code}"),
            Self::Class(digit) => write!(f, "{digit}xx"),
        }
    }
}

/// The statuses that `practice` responds with, in order; the last one repeats forever.
///
/// Written `503x2,406,200`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResponseScript(Vec<(u16, u64)>);

impl ResponseScript {
    /// Returns the status for request number `index`, counted from 0.
    #[must_use]
    pub fn status(&self, index: u64) -> u16 {
        let mut remaining = index;
        let mut status = 0;
        for (code, times) in &self.0 {
            status = *code;
            if remaining < *times {
                break;
            }
            remaining -= times;
        }
        status
    }
}

/// Formats the script as it is parsed.
impl fmt::Display for ResponseScript {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (code, times)) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { "," };
            match times {
                1 => write!(f, "{separator}{code}")?,
                times => write!(f, "{separator}{code}x{times}")?,
            }
        }
        Ok(())
    }
}

impl FromStr for ResponseScript {
    type Err = ParseValueError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || ParseValueError::Responses(text.to_owned());
        let step = |part: &str| {
            let (code, times) = part.split_once('x').unwrap_or((part, "1"));
            let StatusPattern::Exactly(code) = code.parse().ok()? else { return None };
            let times: u64 = times.parse().ok()?;
            // 1xx is never a final response: a client keeps waiting for one.
            (times > 0 && code >= 200).then_some((code, times))
        };
        text.split(',')
            .map(|part| step(part.trim()).ok_or_else(error))
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_a_code_or_a_class() {
        assert_eq!("406".parse(), Ok(StatusPattern::Exactly(406)));
        assert_eq!("2xx".parse(), Ok(StatusPattern::Class(2)));
        for wrong in ["", "xx", "+200", "20", "600", "6xx", "2x", "0xx", "200 ", "22xx"] {
            assert!(wrong.parse::<StatusPattern>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_class_matches_every_code_in_it() {
        let class: StatusPattern = "2xx".parse().unwrap();
        assert!(class.matches(200) && class.matches(299) && !class.matches(300));
    }

    #[test]
    fn a_script_is_formatted_as_it_is_parsed() {
        for (text, formatted) in
            [("200", "200"), ("503x2, 406x1,200", "503x2,406,200"), ("500x3", "500x3")]
        {
            assert_eq!(text.parse::<ResponseScript>().unwrap().to_string(), formatted);
        }
    }

    #[test]
    fn a_script_repeats_its_last_response() {
        let script: ResponseScript = "503x2, 406,200".parse().unwrap();
        let statuses: Vec<_> = (0..6).map(|index| script.status(index)).collect();
        assert_eq!(statuses, [503, 503, 406, 200, 200, 200]);
    }

    #[test]
    fn an_invalid_script_is_rejected() {
        for wrong in ["", "503x", "503x0", "x2", "503,,200", "100", "2xx", "503x-1"] {
            assert!(wrong.parse::<ResponseScript>().is_err(), "{wrong}");
        }
    }
}
