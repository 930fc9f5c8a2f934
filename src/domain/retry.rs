//! Retry schedules: the waits of a provider, and the responses that end its retries.

use crate::domain::delivery::{AttemptResult, NextStep, Outcome};
use crate::domain::status::StatusPattern;
use crate::domain::time::Wait;
use serde::Deserialize;
use thiserror::Error;

/// A provider's retry schedule and the responses that end it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RetryPolicy {
    /// `true` if the vendor documents its retries; otherwise the schedule is a single attempt.
    pub documented: bool,
    /// The wait before each attempt after the first, in order.
    pub waits: Vec<Wait>,
    /// Responses that settle the delivery.
    pub success: Vec<StatusPattern>,
    /// Responses after which it is never sent again.
    #[serde(default)]
    pub stop: Vec<StatusPattern>,
    /// The time that the sender waits for a response, if it is known.
    pub timeout: Option<Wait>,
    /// A remark on how the documentation was read, as one sentence.
    pub note: Option<String>,
}

/// A retry schedule that is invalid.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum PolicyError {
    /// No response would ever settle a delivery.
    #[error("no status counts as success")]
    NoSuccess,
    /// One response would both settle and stop it.
    #[error("status {0} is both a success and a stop code")]
    Ambiguous(u16),
}

/// The result of comparing the time of an attempt with the retry schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ScheduleFit {
    /// It arrived on schedule.
    OnSchedule,
    /// It arrived too early or too late.
    OffSchedule {
        /// The scheduled wait.
        expected: Wait,
    },
    /// It arrived after the last attempt of the schedule.
    BeyondSchedule {
        /// The number of attempts of the schedule.
        attempts: usize,
    },
    /// The retry schedule is not documented.
    Unknown,
}

/// One attempt of a retry schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlannedAttempt {
    /// The number of the attempt, counted from 1.
    pub attempt: usize,
    /// The wait before it; none before the first.
    pub wait: Option<Wait>,
    /// The time since the first attempt.
    pub at: Wait,
}

impl PlannedAttempt {
    /// The first attempt of every schedule.
    pub const FIRST: Self = Self { attempt: 1, wait: None, at: Wait(0) };
}

impl RetryPolicy {
    /// Returns an error if the schedule contradicts itself.
    pub fn check(&self) -> Result<(), PolicyError> {
        if self.success.is_empty() {
            return Err(PolicyError::NoSuccess);
        }
        let matches =
            |patterns: &[StatusPattern], status| patterns.iter().any(|p| p.matches(status));
        let ambiguous = (100..600)
            .find(|&status| matches(&self.success, status) && matches(&self.stop, status));
        ambiguous.map_or(Ok(()), |status| Err(PolicyError::Ambiguous(status)))
    }

    /// Returns the time from the first attempt to the last: the longest outage that loses no
    /// message.
    ///
    /// A message that is sent as the outage begins has its last attempt after exactly this span,
    /// and the end of an outage is exclusive.
    #[must_use]
    pub fn total_wait(&self) -> Wait {
        Wait(self.waits.iter().fold(0, |sum, wait| sum.saturating_add(wait.0)))
    }

    /// Returns a status that settles a delivery, preferring 200.
    #[must_use]
    pub fn success_status(&self) -> u16 {
        let is_success =
            |status: &u16| self.outcome(&AttemptResult::Status(*status)) == Outcome::Delivered;
        [200].into_iter().chain(100..600).find(is_success).unwrap_or(200)
    }

    /// Returns every attempt of the schedule: those that are made if none succeeds.
    #[must_use]
    pub fn plan(&self) -> Vec<PlannedAttempt> {
        let mut plan = vec![PlannedAttempt::FIRST];
        let mut at = 0_u64;
        for (index, &wait) in self.waits.iter().enumerate() {
            at = at.saturating_add(wait.0);
            plan.push(PlannedAttempt { attempt: index + 2, wait: Some(wait), at: Wait(at) });
        }
        plan
    }

    /// Compares attempt number `attempt`, which arrived `waited_s` seconds after the one before it,
    /// with the schedule.
    ///
    /// A wait may differ by a tenth, or by two seconds if that is more: it is measured between
    /// arrivals, and an attempt takes time itself.
    #[must_use]
    pub fn schedule_fit(&self, attempt: u32, waited_s: u64) -> ScheduleFit {
        let Some(index) = attempt.checked_sub(2).and_then(|index| usize::try_from(index).ok())
        else {
            return ScheduleFit::OnSchedule;
        };
        match self.waits.get(index) {
            _ if self.waits.is_empty() && !self.documented => ScheduleFit::Unknown,
            None => ScheduleFit::BeyondSchedule { attempts: self.waits.len() + 1 },
            Some(&expected) if waited_s.abs_diff(expected.0) <= (expected.0 / 10).max(2) => {
                ScheduleFit::OnSchedule
            }
            Some(&expected) => ScheduleFit::OffSchedule { expected },
        }
    }

    /// Returns `true` if a receiver with this response means to accept the request: with a success
    /// status of the provider, or with any other 2xx that is not its stop code.
    #[must_use]
    pub fn is_acceptance(&self, result: &AttemptResult) -> bool {
        match self.outcome(result) {
            Outcome::Delivered => true,
            Outcome::Refused => result.status().is_some_and(|status| status / 100 == 2),
            Outcome::Stopped | Outcome::Timeout | Outcome::Unreachable => false,
        }
    }

    /// Returns the outcome that `result` has for this sender.
    #[must_use]
    pub fn outcome(&self, result: &AttemptResult) -> Outcome {
        let matches =
            |patterns: &[StatusPattern], status| patterns.iter().any(|p| p.matches(status));
        match result {
            AttemptResult::Status(status) if matches(&self.success, *status) => Outcome::Delivered,
            AttemptResult::Status(status) if matches(&self.stop, *status) => Outcome::Stopped,
            AttemptResult::Status(_) => Outcome::Refused,
            AttemptResult::Timeout => Outcome::Timeout,
            AttemptResult::Unreachable => Outcome::Unreachable,
        }
    }

    /// Returns the sender's next step after `outcome` at attempt number `attempt`, counted from 1.
    #[must_use]
    pub fn next_step(&self, attempt: usize, outcome: Outcome) -> NextStep {
        match outcome {
            Outcome::Delivered => NextStep::None,
            // Undocumented behavior cannot be predicted.
            _ if !self.documented && self.waits.is_empty() => NextStep::None,
            Outcome::Stopped => NextStep::GiveUp,
            Outcome::Refused | Outcome::Timeout | Outcome::Unreachable => {
                match self.waits.get(attempt.saturating_sub(1)) {
                    Some(&wait) => {
                        NextStep::Retry { wait, attempts_left: self.waits.len() + 1 - attempt }
                    }
                    None => NextStep::GiveUp,
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy() -> RetryPolicy {
        RetryPolicy {
            documented: true,
            waits: vec![Wait(10), Wait(30)],
            success: vec![StatusPattern::Exactly(200)],
            stop: vec![StatusPattern::Exactly(406)],
            timeout: None,
            note: None,
        }
    }

    /// Runs the policy against a list of responses and returns `(seconds, outcome)`.
    fn outcomes_of(responses: &[u16]) -> Vec<(u64, Outcome)> {
        let policy = policy();
        let mut outcomes = Vec::new();
        for (planned, status) in policy.plan().into_iter().zip(responses) {
            let outcome = policy.outcome(&AttemptResult::Status(*status));
            outcomes.push((planned.at.0, outcome));
            if !matches!(policy.next_step(planned.attempt, outcome), NextStep::Retry { .. }) {
                break;
            }
        }
        outcomes
    }

    #[test]
    fn a_receiver_that_recovers_gets_the_delivery() {
        assert_eq!(outcomes_of(&[503, 200]), [(0, Outcome::Refused), (10, Outcome::Delivered)]);
    }

    #[test]
    fn a_stop_code_ends_the_delivery_at_once() {
        assert_eq!(outcomes_of(&[406]), [(0, Outcome::Stopped)]);
    }

    #[test]
    fn the_span_is_the_sum_of_all_waits() {
        assert_eq!(policy().total_wait(), Wait(40));
        assert_eq!(policy().success_status(), 200);
        let other = RetryPolicy { success: vec!["204".parse().unwrap()], ..policy() };
        assert_eq!(other.success_status(), 204);
        let endless = RetryPolicy { waits: vec![Wait(u64::MAX), Wait(1)], ..policy() };
        assert_eq!(endless.total_wait(), Wait(u64::MAX));
    }

    #[test]
    fn another_2xx_status_is_not_a_success() {
        let refused = Outcome::Refused;
        assert_eq!(outcomes_of(&[201, 204, 302]), [(0, refused), (10, refused), (40, refused)]);
    }

    #[test]
    fn after_the_last_attempt_the_sender_gives_up() {
        assert_eq!(
            policy().next_step(2, Outcome::Timeout),
            NextStep::Retry { wait: Wait(30), attempts_left: 1 }
        );
        assert_eq!(policy().next_step(3, Outcome::Timeout), NextStep::GiveUp);
    }

    #[test]
    fn a_contradictory_schedule_is_rejected() {
        let success = vec!["2xx".parse().unwrap(), "406".parse().unwrap()];
        let both = RetryPolicy { success, ..policy() };
        assert_eq!(both.check(), Err(PolicyError::Ambiguous(406)));
        assert_eq!(
            RetryPolicy { success: vec![], ..policy() }.check(),
            Err(PolicyError::NoSuccess)
        );
        assert_eq!(policy().check(), Ok(()));
    }
}
