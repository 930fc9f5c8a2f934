//! The observed response of a receiver to one request of a case.

use crate::commands::redirect::redirect_target;
use crate::domain::delivery::AttemptResult;
use crate::domain::message::Response;
use crate::domain::secret::Secret;
use crate::domain::time::format_duration;
use crate::engine::conformance::refusals::RequestResult;
use crate::io::client;
use crate::io::client::{NoResponse, NoResponseKind};
use crate::protocols::schemes::masking;
use std::time::Duration;

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
    /// The response, if it was read whole.
    pub(super) response: Option<Response>,
}

impl ObservedResponse {
    /// Creates it for what one request got, without these secrets.
    pub(super) fn of(result: Result<client::Exchange, NoResponse>, secrets: &[Secret]) -> Self {
        let duration = match &result {
            Ok(exchange) => exchange.took,
            Err(failure) => failure.took,
        };
        let response = result.as_ref().ok().map(|exchange| exchange.response.clone());
        let hide = |text: &str| masking::without(secrets, text);
        let location = response.as_ref().and_then(|response| redirect_target(response, hide));
        let observed = Self::new(result.map(|exchange| exchange.response.status), duration);
        Self { location, response, ..observed }
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
                response: None,
            },
            Err(failure) => Self {
                result: failure.attempt_result(),
                duration,
                is_unreachable: failure.kind != NoResponseKind::Timeout,
                line: failure.reason.clone(),
                reason: Some(failure.reason),
                location: None,
                response: None,
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
