//! Retry schedules: the waits of a provider, and the responses that end its retries.

use crate::domain::delivery::{AttemptResult, NextStep, Outcome};
use crate::domain::status::StatusPattern;
use crate::domain::time::Wait;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::time::Duration;
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
    /// The only responses after which it is sent again; after any other failure if there are none.
    /// Without a response, it is always sent again.
    #[serde(default)]
    pub retry_on: Vec<StatusPattern>,
    /// The maximum random lengthening of each wait, if the vendor documents one.
    pub jitter: Option<Jitter>,
    /// The effect of a stop response on later messages, as in "the webhook is deleted".
    pub stop_effect: Option<String>,
    /// The time that the sender waits for a response, if it is known.
    pub timeout: Option<Wait>,
    /// A remark on how the documentation was read, as one sentence.
    pub note: Option<String>,
}

/// A share of a wait, in percent: `10%`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Jitter(u8);

impl TryFrom<String> for Jitter {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let digits = text.strip_suffix('%').filter(|it| it.bytes().all(|c| c.is_ascii_digit()));
        let percent = digits.and_then(|digits| digits.parse().ok());
        percent.filter(|percent| (1..=100).contains(percent)).map(Self).ok_or_else(|| {
            format!("`{}` is not a share of a wait: expected `1%` to `100%`", text.escape_debug())
        })
    }
}

impl fmt::Display for Jitter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} %", self.0)
    }
}

impl Jitter {
    /// Returns the number of percent.
    #[must_use]
    pub fn percent(self) -> u8 {
        self.0
    }

    /// Returns this share of a wait, rounded up to a second.
    #[must_use]
    pub fn share(self, wait: Wait) -> Wait {
        Wait(wait.0.saturating_mul(self.0.into()).div_ceil(100))
    }

    /// Returns a wait that is lengthened by `fraction`, from 0 to 1, of the share.
    #[must_use]
    pub fn lengthen(self, wait: Duration, fraction: f64) -> Duration {
        let factor = 1.0 + f64::from(self.0) / 100.0 * fraction;
        Duration::try_from_secs_f64(wait.as_secs_f64() * factor).unwrap_or(wait)
    }
}

/// A retry schedule that is invalid.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum PolicyError {
    /// No response would ever settle a delivery.
    #[error("no status counts as success")]
    NoSuccess,
    /// One response is in two of the lists.
    #[error("status {0} is in `{1}` and in `{2}`: expected one of the two")]
    Ambiguous(u16, &'static str, &'static str),
    /// An effect of responses of which there are none.
    #[error("`stop-effect` has no `stop` whose effect it is")]
    NoStop,
}

impl PolicyError {
    /// Returns the key of the schedule at which the contradiction is corrected.
    #[must_use]
    pub fn key(&self) -> &'static str {
        match self {
            Self::NoSuccess => "success",
            Self::Ambiguous(_, _, second) => second,
            Self::NoStop => "stop-effect",
        }
    }
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

/// The rules of a retry schedule, in the form of reports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RetryRules {
    /// `false` if the waits are a guess.
    pub documented: bool,
    /// The statuses that settle a delivery.
    pub success: Vec<String>,
    /// The statuses after which it is never sent again.
    pub stop: Vec<String>,
    /// The only statuses after which it is sent again; empty: after any failure.
    pub retry_on: Vec<String>,
    /// The maximum random lengthening of each wait.
    pub jitter_percent: Option<u8>,
    /// The effect of a stop code on later messages.
    pub stop_effect: Option<String>,
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
        if self.stop_effect.is_some() && self.stop.is_empty() {
            return Err(PolicyError::NoStop);
        }
        let lists =
            [("success", &self.success), ("stop", &self.stop), ("retry-on", &self.retry_on)];
        let pairs = [(0, 1), (0, 2), (1, 2)].map(|(first, second)| (lists[first], lists[second]));
        for ((first, some), (second, others)) in pairs {
            let in_both = |status: &u16| matches_any(some, *status) && matches_any(others, *status);
            if let Some(status) = (100..600).find(in_both) {
                return Err(PolicyError::Ambiguous(status, first, second));
            }
        }
        Ok(())
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
            Some(&expected) if self.is_about(waited_s, expected) => ScheduleFit::OnSchedule,
            Some(&expected) => ScheduleFit::OffSchedule { expected },
        }
    }

    /// Returns `true` if a measured wait is a scheduled one, with its jitter.
    fn is_about(&self, waited_s: u64, expected: Wait) -> bool {
        let margin = (expected.0 / 10).max(2);
        let jitter = self.jitter.map_or(0, |jitter| jitter.share(expected).0);
        let longest = expected.0.saturating_add(margin).saturating_add(jitter);
        (expected.0.saturating_sub(margin)..=longest).contains(&waited_s)
    }

    /// Returns the effect of a response on later messages, if it is a stop code that has one.
    #[must_use]
    pub fn effect_of(&self, result: &AttemptResult) -> Option<&str> {
        let is_stop = result.status().is_some_and(|status| matches_any(&self.stop, status));
        self.stop_effect.as_deref().filter(|_| is_stop)
    }

    /// Returns the stop codes, if they have no effect on later messages.
    #[must_use]
    pub fn harmless_stops(&self) -> &[StatusPattern] {
        if self.stop_effect.is_some() { &[] } else { &self.stop }
    }

    /// Returns the rules about responses.
    #[must_use]
    pub fn rules(&self) -> RetryRules {
        let list = |patterns: &[StatusPattern]| patterns.iter().map(ToString::to_string).collect();
        RetryRules {
            documented: self.documented,
            success: list(&self.success),
            stop: list(&self.stop),
            retry_on: list(&self.retry_on),
            jitter_percent: self.jitter.map(Jitter::percent),
            stop_effect: self.stop_effect.clone(),
        }
    }

    /// Returns `true` if a receiver with this response means to accept the request: with a success
    /// status of the provider, or with any other 2xx that is not its stop code.
    #[must_use]
    pub fn is_acceptance(&self, result: &AttemptResult) -> bool {
        let is_2xx = |status: u16| status / 100 == 2 && !matches_any(&self.stop, status);
        match self.outcome(result) {
            Outcome::Delivered => true,
            Outcome::Refused | Outcome::Stopped => result.status().is_some_and(is_2xx),
            Outcome::Timeout | Outcome::Unreachable => false,
        }
    }

    /// Returns the outcome that `result` has for this sender.
    #[must_use]
    pub fn outcome(&self, result: &AttemptResult) -> Outcome {
        match result {
            AttemptResult::Status(status) if matches_any(&self.success, *status) => {
                Outcome::Delivered
            }
            AttemptResult::Status(status) if !self.is_retried(*status) => Outcome::Stopped,
            AttemptResult::Status(_) => Outcome::Refused,
            AttemptResult::Timeout => Outcome::Timeout,
            AttemptResult::Unreachable => Outcome::Unreachable,
        }
    }

    /// Returns `true` if a status that is no success is sent again while attempts are left.
    fn is_retried(&self, status: u16) -> bool {
        let is_listed = self.retry_on.is_empty() || matches_any(&self.retry_on, status);
        is_listed && !matches_any(&self.stop, status)
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

/// Returns `true` if one of the patterns matches.
fn matches_any(patterns: &[StatusPattern], status: u16) -> bool {
    patterns.iter().any(|pattern| pattern.matches(status))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_listed_responses_are_retried() {
        let retry_on = ["5xx", "429"].map(|code| code.parse().unwrap()).to_vec();
        let effect = Some("the webhook is deleted".to_owned());
        let listed = RetryPolicy { retry_on, stop_effect: effect, ..policy() };
        assert_eq!(listed.check(), Ok(()));
        for (status, outcome) in [
            (200, Outcome::Delivered),
            (201, Outcome::Stopped),
            (406, Outcome::Stopped),
            (404, Outcome::Stopped),
            (429, Outcome::Refused),
            (503, Outcome::Refused),
        ] {
            assert_eq!(listed.outcome(&AttemptResult::Status(status)), outcome, "{status}");
        }
        assert!(listed.is_acceptance(&AttemptResult::Status(201)));
        assert!(!listed.is_acceptance(&AttemptResult::Status(404)));
        assert_eq!(listed.outcome(&AttemptResult::Timeout), Outcome::Timeout);
        let effect = |status| listed.effect_of(&AttemptResult::Status(status));
        assert_eq!((effect(406), effect(404)), (Some("the webhook is deleted"), None));
        let both = RetryPolicy { retry_on: vec!["4xx".parse().unwrap()], ..policy() };
        assert_eq!(both.check(), Err(PolicyError::Ambiguous(406, "stop", "retry-on")));
        let alone = RetryPolicy { stop: vec![], ..listed };
        assert_eq!(alone.check(), Err(PolicyError::NoStop));
    }

    #[test]
    fn a_jitter_only_lengthens_a_wait() {
        let jitter = |text: &str| Jitter::try_from(text.to_owned());
        for wrong in ["", "10", "%", "0%", "101%", "-1%", "1.5%", "+1%", "999999%"] {
            assert!(jitter(wrong).is_err(), "{wrong}");
        }
        let tenth = jitter("10%").unwrap();
        assert_eq!(tenth.share(Wait(30)), Wait(3));
        let wait = Duration::from_secs(30);
        assert_eq!(tenth.lengthen(wait, 0.0), wait);
        assert_eq!(tenth.lengthen(wait, 1.0), Duration::from_secs(33));
        let jittered = RetryPolicy { waits: vec![Wait(100)], jitter: Some(tenth), ..policy() };
        let fits = |waited| jittered.schedule_fit(2, waited) == ScheduleFit::OnSchedule;
        assert!(fits(90) && fits(120) && !fits(89) && !fits(121));
    }

    fn policy() -> RetryPolicy {
        RetryPolicy {
            documented: true,
            waits: vec![Wait(10), Wait(30)],
            success: vec![StatusPattern::Exactly(200)],
            stop: vec![StatusPattern::Exactly(406)],
            retry_on: Vec::new(),
            jitter: None,
            stop_effect: None,
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
        assert_eq!(both.check(), Err(PolicyError::Ambiguous(406, "success", "stop")));
        assert_eq!(
            RetryPolicy { success: vec![], ..policy() }.check(),
            Err(PolicyError::NoSuccess)
        );
        assert_eq!(policy().check(), Ok(()));
    }
}
