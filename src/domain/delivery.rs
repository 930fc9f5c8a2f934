//! The result of one delivery attempt, and its meaning to the provider.

use crate::domain::time::Wait;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use std::fmt;

/// The endpoint's response to an attempt, or the lack of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AttemptResult {
    /// It responded with this status.
    Status(u16),
    /// It accepted the connection and sent no response in time.
    Timeout,
    /// There was no connection, or it broke before a response.
    Unreachable,
}

impl AttemptResult {
    /// Returns the status, if there was a response.
    #[must_use]
    pub fn status(self) -> Option<u16> {
        match self {
            Self::Status(status) => Some(status),
            Self::Timeout | Self::Unreachable => None,
        }
    }

    /// Returns `true` if there was no response in time.
    #[must_use]
    pub fn is_timeout(self) -> bool {
        self == Self::Timeout
    }
}

/// The meaning of an attempt's result to the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Outcome {
    /// It counts as received.
    Delivered,
    /// The response is not a success.
    Refused,
    /// The response has a status that ends the retry schedule.
    Stopped,
    /// There was no response in time.
    Timeout,
    /// There was no connection, or it broke.
    Unreachable,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Delivered => "delivered",
            Self::Refused => "refused",
            Self::Stopped => "stopped",
            Self::Timeout => "timeout",
            Self::Unreachable => "unreachable",
        })
    }
}

/// The provider's next step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NextStep {
    /// Nothing: the delivery is settled, or the provider's behavior is not documented.
    None,
    /// It waits and sends the same bytes again.
    Retry {
        /// The wait before the next attempt.
        wait: Wait,
        /// The number of attempts left, including the next one.
        attempts_left: usize,
    },
    /// It never sends this delivery again.
    GiveUp,
}

impl Serialize for NextStep {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (action, wait) = match self {
            Self::None => ("none", None),
            Self::Retry { wait, .. } => ("retry", Some(wait.0)),
            Self::GiveUp => ("give-up", None),
        };
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("action", action)?;
        if let Some(seconds) = wait {
            map.serialize_entry("wait_s", &seconds)?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_step_is_serialized_as_documented() {
        let json = |would: NextStep| serde_json::to_string(&would).unwrap();
        assert_eq!(json(NextStep::None), r#"{"action":"none"}"#);
        assert_eq!(json(NextStep::GiveUp), r#"{"action":"give-up"}"#);
        let retry = NextStep::Retry { wait: Wait(600), attempts_left: 7 };
        assert_eq!(json(retry), r#"{"action":"retry","wait_s":600}"#);
    }
}
