//! The attempts of one message under a retry schedule, without sending any.

use crate::commands::simulate::schedules::NamedSchedule;
use crate::domain::delivery::{AttemptResult, NextStep, Outcome};
use crate::domain::retry::{RetryPolicy, RetryRules};
use crate::domain::status::StatusPattern;
use crate::domain::time::Wait;
use crate::engine::simulate::Scenario;
use crate::engine::simulate::event_queue::CompletedAttempt;
use crate::output::printer::{Look, Report};
use crate::output::wrap::wrap;
use serde::Serialize;
use std::io;
use std::io::Write;

/// The planned attempts of one message.
#[derive(Debug, Serialize)]
pub(super) struct Plan {
    provider: String,
    event: String,
    attempts: Vec<PlanEntry>,
    /// The outcome of the delivery, if responses are simulated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) outcome: Option<Outcome>,
    schedule: String,
    /// The responses after which it is sent again, and the jitter of the waits.
    rules: RetryRules,
    note: Option<String>,
    /// The longest outage in which no lead is lost.
    survives_s: u64,
    /// `true` if several plans are printed and each needs its name as a heading.
    #[serde(skip)]
    pub(super) is_named: bool,
    #[serde(skip)]
    policy: RetryPolicy,
}

/// One attempt of a plan.
#[derive(Debug, Serialize)]
pub(super) struct PlanEntry {
    attempt: usize,
    at_s: u64,
    wait_s: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<Outcome>,
}

/// Returns every attempt of the schedule, as if none of them got a response.
pub(super) fn planned_attempts(policy: &RetryPolicy) -> Vec<PlanEntry> {
    let attempt = |planned: crate::domain::retry::PlannedAttempt| PlanEntry {
        attempt: planned.attempt,
        at_s: planned.at.0,
        wait_s: planned.wait.map_or(0, |wait| wait.0),
        status: None,
        outcome: None,
    };
    policy.plan().into_iter().map(attempt).collect()
}

impl Plan {
    /// Creates the plan of a schedule, without responses.
    pub(super) fn new(provider: &str, event: &str, schedule: &NamedSchedule) -> Self {
        Self {
            provider: provider.to_owned(),
            event: event.to_owned(),
            schedule: schedule.name.clone(),
            rules: schedule.policy.rules(),
            note: schedule.policy.note.clone(),
            survives_s: schedule.policy.total_wait().0,
            attempts: planned_attempts(&schedule.policy),
            outcome: None,
            is_named: false,
            policy: schedule.policy.clone(),
        }
    }

    /// Replaces the attempts with those made against a simulated endpoint.
    pub(super) fn with_responses(mut self, scenario: &Scenario) -> Self {
        let mut completed: Vec<CompletedAttempt> = Vec::new();
        scenario.run(&self.policy, |attempt| completed.push(*attempt));
        self.outcome = completed.last().map(|last| last.outcome);
        let planned = |attempt: &CompletedAttempt| PlanEntry {
            attempt: attempt.scheduled.attempt as usize,
            at_s: attempt.scheduled.at.since_start().as_secs(),
            wait_s: self
                .attempts
                .get(attempt.scheduled.attempt as usize - 1)
                .map_or(0, |it| it.wait_s),
            status: attempt.timed_result.result.status(),
            outcome: Some(attempt.outcome),
        };
        self.attempts = completed.iter().map(planned).collect();
        self
    }

    /// Describes which responses end the retries.
    fn describe_rules(&self) -> String {
        let list = |patterns: &[StatusPattern]| {
            patterns.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or ")
        };
        let note = self.policy.note.as_ref().map(|note| format!("\n{note}")).unwrap_or_default();
        let RetryPolicy { documented, success, stop, retry_on, jitter, stop_effect, .. } =
            &self.policy;
        let max = self.attempts.len();
        if !documented && max == 1 {
            return format!("Only the first attempt is documented.{note}");
        }
        let effect = stop_effect.as_ref().map(|effect| format!(" ({effect})")).unwrap_or_default();
        let stop = list(stop);
        let stop =
            if stop.is_empty() { String::new() } else { format!("; {stop} stops it{effect}") };
        let retried = list(retry_on);
        let retried = if retried.is_empty() {
            String::new()
        } else {
            format!("; it is sent again only after {retried} or no response")
        };
        let jitter = jitter.map(|share| format!(" Each wait is up to {share} longer."));
        let jitter = jitter.unwrap_or_default();
        let guess = if *documented { "" } else { " The waits are a guess." };
        format!(
            "Only {} ends it{stop}{retried}. After attempt {max} the lead is lost.{jitter}{guess}\
             {note}",
            list(success)
        )
    }

    /// Describes the outcome of the delivery.
    fn describe_outcome(&self) -> String {
        let name = &self.schedule;
        match (self.outcome, self.attempts.last()) {
            (Some(Outcome::Delivered), Some(last)) if last.at_s == 0 => {
                "Delivered at once.".to_owned()
            }
            (Some(Outcome::Delivered), Some(last)) => {
                format!("Delivered, {} late.", Wait(last.at_s))
            }
            (Some(Outcome::Stopped), last) => {
                let status = last.and_then(|last| last.status).map(AttemptResult::Status);
                let effect = status.and_then(|it| self.policy.effect_of(&it).map(str::to_owned));
                let effect = effect.map(|effect| format!(", and {effect}")).unwrap_or_default();
                format!("Stopped: {name} never sends it again{effect}.")
            }
            (Some(outcome), Some(last))
                if self.policy.next_step(last.attempt, outcome) == NextStep::None =>
            {
                format!("Not delivered, and {name} does not document what happens next.")
            }
            _ => match self.attempts.len() {
                1 => format!("Lost after 1 attempt: {name} gives up."),
                many => format!("Lost after {many} attempts: {name} gives up."),
            },
        }
    }
}

impl Report for Plan {
    const KIND: &'static str = "plan";

    fn human(&self, out: &mut dyn Write, look: Look) -> io::Result<()> {
        let theme = look.theme;
        if self.is_named {
            writeln!(out, "{}", theme.strong(&self.schedule))?;
        }
        let has_responses = self.outcome.is_some();
        let heading = if has_responses { "  response" } else { "" };
        writeln!(out, "{}", theme.dim(&format!("attempt        wait          at{heading}")))?;
        for attempt in &self.attempts {
            let is_first = attempt.attempt == 1;
            let wait = if is_first { "-".to_owned() } else { Wait(attempt.wait_s).to_string() };
            let at = if is_first { "0".to_owned() } else { Wait(attempt.at_s).to_string() };
            let status = attempt.status.map(|status| format!("{status} ")).unwrap_or_default();
            let response = match attempt.outcome {
                Some(Outcome::Delivered) => {
                    format!("  {}", theme.good(&format!("{status}delivered")))
                }
                Some(outcome) => format!("  {}", theme.bad(&format!("{status}{outcome}"))),
                None => String::new(),
            };
            writeln!(out, "{:<7}{wait:>12}{at:>12}{response}", attempt.attempt)?;
        }
        let summary = if has_responses { self.describe_outcome() } else { self.describe_rules() };
        let lines = summary.lines().flat_map(|line| {
            if look.folds { wrap(line, look.text_columns()) } else { vec![line.to_owned()] }
        });
        lines.into_iter().try_for_each(|line| writeln!(out, "{line}"))
    }
}
