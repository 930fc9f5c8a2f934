//! Expected responses, and the consequences of unexpected ones.

use crate::domain::delivery::{AttemptResult, NextStep, Outcome};
use crate::domain::retry::RetryPolicy;
use crate::domain::status::StatusPattern;
use crate::domain::time::Wait;
use crate::providers::provider::Provider;

/// The expectation for a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ExpectedResponse {
    /// A success status of the provider.
    Accepted,
    /// A success status of the provider, or the status that ends its retries and does nothing else.
    AcceptedOrStopped,
    /// A rejection below 500, because the request is forged. A 2xx is none, even if the provider
    /// does not count it as a success.
    RejectedAsForged,
    /// A rejection below 500, because the request is genuine but unusable.
    RejectedAsUnusable,
    /// A rejection below 500, because the provider never sends such a request.
    RejectedAsForeign,
    /// A success or a rejection below 500.
    NoServerError,
    /// A success, a rejection below 500, or a closed connection for an oversized request.
    NoServerErrorOrClosed,
    /// A success, or a rejection that the provider retries.
    AcceptedOrRetried,
    /// A success whose body is exactly the challenge of a handshake.
    ChallengeReturned,
    /// A rejection below 500 that does not contain the challenge of a handshake.
    ChallengeRefused,
    /// A response below 500 in which the challenge of a handshake is not interpreted.
    ChallengeNotInterpreted,
    /// Any response or none.
    Anything,
}

impl ExpectedResponse {
    /// Returns `true` if a response meets the expectation.
    #[must_use]
    pub fn matches(self, retry: &RetryPolicy, result: AttemptResult) -> bool {
        let outcome = retry.outcome(&result);
        let is_unharmed = result.status().is_some_and(|status| status < 500);
        match self {
            Self::Accepted => outcome == Outcome::Delivered,
            Self::AcceptedOrStopped => match outcome {
                Outcome::Stopped => retry.effect_of(&result).is_none(),
                outcome => outcome == Outcome::Delivered,
            },
            Self::RejectedAsForged | Self::RejectedAsForeign => {
                is_unharmed && !retry.is_acceptance(&result)
            }
            Self::RejectedAsUnusable => {
                Self::RejectedAsForged.matches(retry, result) && retry.effect_of(&result).is_none()
            }
            Self::ChallengeReturned => {
                result.status().is_some_and(|status| (200..300).contains(&status))
            }
            Self::ChallengeRefused => {
                result.status().is_some_and(|status| (300..500).contains(&status))
            }
            Self::NoServerError | Self::ChallengeNotInterpreted => is_unharmed,
            Self::NoServerErrorOrClosed => is_unharmed || result == AttemptResult::Unreachable,
            Self::AcceptedOrRetried => is_unharmed && outcome != Outcome::Stopped,
            Self::Anything => true,
        }
    }

    /// Describes the expectation.
    #[must_use]
    pub fn description(self, retry: &RetryPolicy) -> String {
        match self {
            Self::Accepted => format!("accepted with {}", codes(&retry.success)),
            Self::AcceptedOrStopped => match retry.harmless_stops() {
                [] => Self::Accepted.description(retry),
                stop => format!("accepted with {}, or {}", codes(&retry.success), codes(stop)),
            },
            Self::RejectedAsUnusable if retry.stop_effect.is_some() => {
                format!("rejected, below 500 and not with {}", codes(&retry.stop))
            }
            Self::RejectedAsForged | Self::RejectedAsUnusable | Self::RejectedAsForeign => {
                "rejected, below 500".to_owned()
            }
            Self::NoServerError | Self::NoServerErrorOrClosed => {
                "accepted or rejected, below 500".to_owned()
            }
            Self::AcceptedOrRetried => match retry.stop.as_slice() {
                [] => "accepted or rejected, below 500".to_owned(),
                stop => format!("accepted or rejected, below 500 and not with {}", codes(stop)),
            },
            Self::ChallengeReturned => "200 with exactly the challenge".to_owned(),
            Self::ChallengeRefused => "rejected, below 500, without the challenge".to_owned(),
            Self::ChallengeNotInterpreted => {
                "rejected below 500, or the challenge as plain text".to_owned()
            }
            Self::Anything => "anything".to_owned(),
        }
    }

    /// Returns the provider's next step after a response: none if it never sends such a request.
    #[must_use]
    pub fn next_step(self, retry: &RetryPolicy, result: AttemptResult) -> NextStep {
        match self {
            Self::RejectedAsForeign => NextStep::None,
            _ if self.is_handshake() => NextStep::None,
            _ => retry.next_step(1, retry.outcome(&result)),
        }
    }

    /// Describes the provider's reaction to a response, or `None` if there is nothing to report.
    #[must_use]
    pub fn consequence(self, provider: &Provider, result: AttemptResult) -> Option<String> {
        let (retry, name) = (&provider.retry, &provider.name);
        match self {
            Self::ChallengeReturned => {
                return Some(format!("{name} does not confirm the URL, and delivers nothing."));
            }
            Self::ChallengeRefused if retry.is_acceptance(&result) => {
                return Some("Anyone can confirm the URL for another account.".to_owned());
            }
            Self::RejectedAsForeign | Self::ChallengeRefused | Self::ChallengeNotInterpreted => {
                return None;
            }
            _ => {}
        }
        let outcome = retry.outcome(&result);
        let would = retry.next_step(1, outcome);
        let must_arrive = matches!(self, Self::Accepted | Self::AcceptedOrRetried);
        match (outcome, would) {
            _ if self == Self::RejectedAsForged && retry.is_acceptance(&result) => {
                Some("Anyone who knows the URL can forge leads.".to_owned())
            }
            (Outcome::Delivered, _) if self == Self::RejectedAsUnusable => {
                Some(format!("{name} considers it delivered, but it was not processed."))
            }
            (Outcome::Delivered, _) => None,
            (_, NextStep::Retry { attempts_left: left, .. }) => {
                let times =
                    if left == 1 { "once more".to_owned() } else { format!("{left} more times") };
                let span = retry.total_wait();
                let enders = self.ending_statuses(retry);
                let ending = match enders.as_slice() {
                    _ if must_arrive => format!(", up to {span}; then the lead is lost"),
                    [] => String::new(),
                    enders => format!("; {} would stop it", codes(enders)),
                };
                Some(format!("{name} sends it {times}{ending}."))
            }
            (Outcome::Stopped, _) => {
                let lost = if must_arrive { ": the lead is lost" } else { "" };
                let effect = retry.effect_of(&result).map(|effect| format!(", and {effect}"));
                Some(format!("{name} never sends it again{lost}{}.", effect.unwrap_or_default()))
            }
            _ if retry.documented => Some(format!("{name} does not send it again.")),
            _ => Some(format!("{name} does not document what happens then.")),
        }
    }
}

impl ExpectedResponse {
    /// Returns `true` if the request is a handshake, which is no delivery.
    #[must_use]
    pub fn is_handshake(self) -> bool {
        matches!(
            self,
            Self::ChallengeReturned | Self::ChallengeRefused | Self::ChallengeNotInterpreted
        )
    }

    /// Returns `true` if the request is a genuine delivery.
    #[must_use]
    pub fn is_genuine(self) -> bool {
        matches!(self, Self::Accepted | Self::AcceptedOrStopped | Self::AcceptedOrRetried)
    }

    /// Returns the statuses as expected after which the provider does not send the request again.
    fn ending_statuses(self, retry: &RetryPolicy) -> Vec<StatusPattern> {
        let successes = match self {
            Self::AcceptedOrStopped if !retry.stop.is_empty() => retry.success.as_slice(),
            _ => &[],
        };
        [successes, retry.harmless_stops()].concat()
    }
}

/// Describes the consequence of too many or too few side effects.
#[must_use]
pub fn effect_consequence(found: u64, min: u64, max: u64) -> Option<String> {
    if found < min {
        return Some("A lead is lost, although the provider got a success status.".to_owned());
    }
    (found > max).then(|| match max {
        0 => "The rejected request was processed anyway.".to_owned(),
        _ => format!("One lead becomes {found}: each repeat creates another one."),
    })
}

/// Describes the consequence of slow responses.
#[must_use]
pub fn time_consequence(provider: &Provider) -> String {
    let Wait(span) = provider.retry.total_wait();
    let name = &provider.name;
    if span == 0 {
        return format!("{name} does not document what happens then.");
    }
    format!("{name} treats it as a failure and sends it again, although it was processed.")
}

/// Lists status patterns: `200 or 204`.
pub(in crate::engine) fn codes(patterns: &[StatusPattern]) -> String {
    patterns.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or ")
}
