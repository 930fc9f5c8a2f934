//! What became of one attempt to deliver, in the words used everywhere.

use crate::domain::time::Wait;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use std::fmt;

/// What an endpoint said to an attempt, if it said anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AttemptResult {
    /// It answered with this status.
    Status(u16),
    /// It took the connection and said nothing in time.
    Timeout,
    /// There was no connection, or it broke before an answer.
    Unreachable,
}

impl AttemptResult {
    /// The status, if there was one.
    #[must_use]
    pub fn status(self) -> Option<u16> {
        match self {
            Self::Status(status) => Some(status),
            Self::Timeout | Self::Unreachable => None,
        }
    }
}

/// What an answer means to the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Outcome {
    /// It counts as received.
    Delivered,
    /// It was answered, and the answer is not a success.
    Refused,
    /// It was answered with the code that ends the ladder.
    Stopped,
    /// No answer in time.
    Timeout,
    /// No connection, or a broken one.
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

/// What the provider does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Would {
    /// Nothing: the delivery is settled.
    None,
    /// It waits and sends the same bytes again.
    Retry {
        /// How long it waits.
        wait: Wait,
        /// Attempts left, the next one included.
        left: usize,
    },
    /// It never sends this delivery again.
    GiveUp,
}

impl Serialize for Would {
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
    fn would_has_the_form_of_the_contract() {
        let json = |would: Would| serde_json::to_string(&would).unwrap();
        assert_eq!(json(Would::None), r#"{"action":"none"}"#);
        assert_eq!(json(Would::GiveUp), r#"{"action":"give-up"}"#);
        let retry = Would::Retry { wait: Wait(600), left: 7 };
        assert_eq!(json(retry), r#"{"action":"retry","wait_s":600}"#);
    }
}
