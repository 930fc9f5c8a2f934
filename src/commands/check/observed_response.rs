//! The observed response of a receiver to one request of a case.

use crate::domain::delivery::AttemptResult;
use crate::domain::time::format_duration;
use crate::engine::conformance::refusals::RequestResult;
use crate::io::client;
use crate::io::client::{NoResponse, NoResponseKind};
use crate::output::sanitize;
use std::time::Duration;

/// The maximum length of a kept `Location`, in bytes.
const MAX_LOCATION: usize = 120;

/// The replacement for the target of a redirect that may contain what was sent.
const NOT_SHOWN: &str = "(not shown: --from)";

/// The response to one request, or the reason why there is none.
pub(super) struct ObservedResponse {
    pub(super) result: AttemptResult,
    pub(super) duration: Duration,
    /// The error, if there is no response.
    pub(super) reason: Option<String>,
    /// `true` if the endpoint could not be reached.
    pub(super) is_unreachable: bool,
    /// The status with its reason phrase, or the error.
    line: String,
    /// The sanitized target of a redirect.
    location: Option<String>,
}

impl ObservedResponse {
    pub(super) fn of(result: Result<client::Exchange, NoResponse>) -> Self {
        let duration = match &result {
            Ok(exchange) => exchange.took,
            Err(failure) => failure.took,
        };
        let location = match &result {
            Ok(exchange) if (300..400).contains(&exchange.response.status) => {
                exchange.response.headers.get("location").map(location)
            }
            Ok(_) | Err(_) => None,
        };
        let observed = Self::new(result.map(|exchange| exchange.response.status), duration);
        Self { location, ..observed }
    }

    pub(super) fn new(result: Result<u16, NoResponse>, duration: Duration) -> Self {
        match result {
            Ok(status) => Self {
                result: AttemptResult::Status(status),
                duration,
                reason: None,
                is_unreachable: false,
                line: format!("{status} {}", client::reason_phrase(status)).trim().to_owned(),
                location: None,
            },
            Err(failure) => Self {
                result: failure.attempt_result(),
                duration,
                is_unreachable: failure.kind != NoResponseKind::Timeout,
                line: failure.reason.clone(),
                reason: Some(failure.reason),
                location: None,
            },
        }
    }

    /// Hides the target of a redirect.
    pub(super) fn without_location(self) -> Self {
        Self { location: self.location.map(|_| NOT_SHOWN.to_owned()), ..self }
    }

    pub(super) fn describe(&self) -> String {
        match (&self.reason, self.result.status()) {
            (Some(reason), _) => reason.clone(),
            (None, Some(status)) => {
                let duration = format_duration(self.duration);
                match &self.location {
                    Some(location) => format!("{status} to `{location}` in {duration}"),
                    None => format!("{status} in {duration}"),
                }
            }
            (None, None) => "no response".to_owned(),
        }
    }

    /// Returns the result as evidence for a cause.
    pub(super) fn evidence(&self) -> RequestResult<'_> {
        RequestResult {
            result: self.result,
            response: &self.line,
            location: self.location.as_deref(),
        }
    }
}

/// Returns a received `Location` in printable form. A URL can be of any length, so that it is cut.
fn location(received: &[u8]) -> String {
    match received.get(..MAX_LOCATION) {
        Some(kept) if kept.len() < received.len() => {
            sanitize::whole_bytes(sanitize::whole_characters(kept)) + "…"
        }
        Some(_) | None => sanitize::whole_bytes(received),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_is_cut_and_escaped() {
        assert_eq!(location(b"https://example.com/hooks/"), "https://example.com/hooks/");
        assert!(!location(b"/\x1b[31m\r\n").contains(['\u{1b}', '\r', '\n']));
        let long = location("/é".repeat(200).as_bytes());
        assert!(long.ends_with('…') && long.len() < 130, "{long}");
    }
}
