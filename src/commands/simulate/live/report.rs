//! The output of a run: a line for each attempt, and a summary.

use crate::commands::delivery::{DeliveryReport, Outcomes};
use crate::domain::delivery::{NextStep, Outcome};
use crate::domain::latency::{Latencies, Milliseconds, Seconds};
use crate::domain::percentiles::Percentiles;
use crate::domain::time::{Moment, Wait, format_duration, milliseconds};
use crate::engine::simulate::event_queue::CompletedAttempt;
use crate::engine::simulate::totals::Totals;
use crate::output::printer::{Look, Report};
use crate::providers::provider::Provider;
use indicatif::HumanCount;
use serde::Serialize;
use std::io;
use std::io::Write;
use std::time::Duration;

/// One attempt of a retry schedule, printed on one line.
#[derive(Debug, Serialize)]
pub(super) struct AttemptReport {
    #[serde(flatten)]
    pub(super) delivery: DeliveryReport,
    #[serde(skip)]
    pub(super) completed: CompletedAttempt,
    /// `true` if the number of the lead is printed, because there are several.
    #[serde(skip)]
    pub(super) is_numbered: bool,
}

impl Report for AttemptReport {
    const KIND: &'static str = DeliveryReport::KIND;

    fn human(&self, out: &mut dyn Write, look: Look) -> io::Result<()> {
        let theme = look.theme;
        let DeliveryReport { status, outcome, event, .. } = &self.delivery;
        let response =
            status.map_or_else(|| outcome.to_string(), |status| format!("{status} {outcome}"));
        let response = if *outcome == Outcome::Delivered {
            theme.good(&response)
        } else {
            theme.bad(&response)
        };
        let next = match self.delivery.would {
            NextStep::Retry { wait, .. } => theme.warn(&format!("  next in {wait}")),
            NextStep::None | NextStep::GiveUp => String::new(),
        };
        let due = self.completed.scheduled;
        if self.is_numbered {
            let event = event.as_deref().unwrap_or_default();
            write!(out, "{:<5} {event}  ", format!("#{}", u64::from(due.message.lead) + 1))?;
        }
        let at = Wait(due.at.since_start().as_secs()).to_string();
        writeln!(out, "attempt {}  at {at:<12} {response}{next}", due.attempt)
    }
}

/// The summary of a run.
#[derive(Debug, Default, Serialize)]
pub(super) struct RunSummary {
    provider: String,
    event: String,
    /// The id of the message, if there is only one.
    pub(super) message_id: Option<String>,
    attempts: u64,
    #[serde(flatten)]
    outcomes: Outcomes,
    /// The outcome of the last attempt, if there is only one message.
    pub(super) outcome: Option<Outcome>,
    duration_ms: u64,
    /// The virtual time from the first attempt to the last.
    span_s: u64,
    messages: u64,
    first_attempt: u64,
    late: u64,
    /// Messages that were stopped or given up.
    lost: u64,
    /// Messages that were not settled when the run ended.
    pending: u64,
    delay_s: Option<Percentiles<Seconds>>,
    rate_per_s: f64,
    latency_ms: Option<Percentiles<Milliseconds>>,
    #[serde(skip)]
    provider_name: String,
    #[serde(skip)]
    latencies: Latencies,
    #[serde(skip)]
    delay: Option<Percentiles<Duration>>,
}

impl RunSummary {
    /// Creates the summary of a run that has sent nothing yet.
    pub(super) fn new(provider: &Provider, event: &str) -> Self {
        Self {
            provider: provider.id.clone(),
            provider_name: provider.name.clone(),
            event: event.to_owned(),
            ..Self::default()
        }
    }

    /// Counts an attempt; `took` is the response time, if this process got a response.
    pub(super) fn count(&mut self, completed: &CompletedAttempt, took: Option<Duration>) {
        self.attempts += 1;
        self.outcomes.count(completed.outcome);
        self.outcome = Some(completed.outcome);
        self.span_s = completed.scheduled.at.since_start().as_secs();
        if let Some(took) = took {
            self.latencies.push(took);
        }
    }

    /// Completes the summary with the totals and the duration of the run.
    pub(super) fn complete(&mut self, totals: &Totals, elapsed: Duration) {
        let Totals { messages, first_attempt, late, lost, .. } = *totals;
        self.pending = messages - first_attempt - late - lost;
        (self.messages, self.first_attempt, self.late, self.lost) =
            (messages, first_attempt, late, lost);
        self.delay = totals.delay;
        self.delay_s = totals.delay.map(|ranks| ranks.map(Seconds));
        self.duration_ms = milliseconds(elapsed);
        self.latency_ms = self.latencies.percentiles();
        #[expect(clippy::cast_precision_loss, reason = "a rate needs no 53 bits")]
        let rate = self.attempts as f64 / elapsed.as_secs_f64().max(f64::EPSILON);
        self.rate_per_s = (rate * 10.0).round() / 10.0;
        if messages != 1 {
            (self.message_id, self.outcome) = (None, None);
        }
    }

    /// Returns the number of attempts that were made.
    pub(super) fn attempts(&self) -> u64 {
        self.attempts
    }

    /// Returns `true` if any attempt got a response.
    pub(super) fn any_response(&self) -> bool {
        self.outcomes.any_response()
    }

    /// Returns `true` if every message was delivered.
    pub(super) fn all_delivered(&self) -> bool {
        self.messages == self.first_attempt + self.late
    }

    /// Describes the result of a run of one message.
    fn describe_outcome(&self, outcome: Outcome) -> String {
        let attempts = count_with_noun(self.attempts, "attempt");
        let name = &self.provider_name;
        let span = Wait(self.span_s);
        match outcome {
            Outcome::Delivered if self.attempts == 1 => "delivered at the first attempt".to_owned(),
            Outcome::Delivered => format!("delivered after {attempts}, {span} late"),
            Outcome::Stopped => format!("stopped after {attempts}: {name} never sends it again"),
            _ if self.pending > 0 => format!("not settled after {attempts}"),
            Outcome::Refused | Outcome::Timeout | Outcome::Unreachable => {
                format!("lost after {attempts} in {span}: {name} gives up")
            }
        }
    }
}

/// Formats a count with its noun: `1 attempt`, `1,200 attempts`.
fn count_with_noun(count: u64, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", HumanCount(count))
}

impl Report for RunSummary {
    const KIND: &'static str = "summary";

    fn human(&self, out: &mut dyn Write, look: Look) -> io::Result<()> {
        let theme = look.theme;
        if let Some(outcome) = self.outcome {
            let line = self.describe_outcome(outcome);
            let is_good = outcome == Outcome::Delivered;
            return writeln!(out, "{}", if is_good { theme.good(&line) } else { theme.bad(&line) });
        }
        let mut parts = Vec::new();
        for (count, word, paint) in [
            (
                self.first_attempt,
                "delivered at once",
                theme.good(&HumanCount(self.first_attempt).to_string()),
            ),
            (self.late, "late", theme.warn(&HumanCount(self.late).to_string())),
            (self.lost, "lost", theme.bad(&HumanCount(self.lost).to_string())),
            (self.pending, "not settled", theme.warn(&HumanCount(self.pending).to_string())),
        ] {
            if count > 0 {
                parts.push(format!("{paint} {word}"));
            }
        }
        let (messages, attempts) =
            (count_with_noun(self.messages, "message"), count_with_noun(self.attempts, "attempt"));
        writeln!(out, "\n{messages} in {attempts}: {}", parts.join(", "))?;
        if let Some(ranks) = self.delay {
            let whole_seconds =
                |span: Duration| Wait(Moment::from_start(span).since_start().as_secs()).to_string();
            let Percentiles { p50, p90, p99, max } = ranks.map(whole_seconds);
            writeln!(out, "delay: p50 {p50}, p90 {p90}, p99 {p99}, max {max}")?;
        }
        if let Some(ranks) = self.latency_ms {
            let Percentiles { p50, p90, p99, max } =
                ranks.map(|Milliseconds(span)| format_duration(span));
            writeln!(out, "response time: p50 {p50}, p90 {p90}, p99 {p99}, max {max}")?;
        }
        Ok(())
    }
}
