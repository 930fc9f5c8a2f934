//! The observed response of a receiver to one request of a case.

use crate::domain::delivery::AttemptResult;
use crate::domain::time::format_duration;
use crate::io::client;
use crate::io::client::{NoResponse, NoResponseKind};
use std::time::Duration;

/// The response to one request, or the reason why there is none.
pub(super) struct ObservedResponse {
    pub(super) result: AttemptResult,
    pub(super) duration: Duration,
    /// The error, if there is no response.
    pub(super) reason: Option<String>,
    /// `true` if the endpoint could not be reached.
    pub(super) is_unreachable: bool,
}

impl ObservedResponse {
    pub(super) fn of(result: Result<client::Exchange, NoResponse>) -> Self {
        let duration = match &result {
            Ok(exchange) => exchange.took,
            Err(failure) => failure.took,
        };
        Self::new(result.map(|exchange| exchange.response.status), duration)
    }

    pub(super) fn new(result: Result<u16, NoResponse>, duration: Duration) -> Self {
        match result {
            Ok(status) => Self {
                result: AttemptResult::Status(status),
                duration,
                reason: None,
                is_unreachable: false,
            },
            Err(failure) => Self {
                result: failure.attempt_result(),
                duration,
                is_unreachable: failure.kind != NoResponseKind::Timeout,
                reason: Some(failure.reason),
            },
        }
    }

    pub(super) fn describe(&self) -> String {
        match (&self.reason, self.result.status()) {
            (Some(reason), _) => reason.clone(),
            (None, Some(status)) => format!("{status} in {}", format_duration(self.duration)),
            (None, None) => "no response".to_owned(),
        }
    }
}
