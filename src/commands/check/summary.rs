//! The summary of a conformance check and its exit status.

use crate::commands::check::from_captures::{CaptureCounts, REDACTED};
use crate::commands::check::options::CheckArgs;
use crate::commands::check::stop::{RunEnd, Stop};
use crate::domain::cause::Cause;
use crate::domain::conformance::{CaseOutcome, CaseReport, RequirementLevel};
use crate::domain::time::{format_duration, milliseconds};
use crate::error::Exit;
use crate::output::printer::{Look, Report};
use crate::output::report::Suite;
use crate::output::sanitize;
use crate::output::wrap::{join_parts, wrap};
use crate::providers::provider::Provider;
use jiff::Timestamp;
use serde::Serialize;
use std::fmt::Write as _;
use std::io;
use std::io::Write;
use std::time::Duration;

/// The number of cases by outcome, and the reason of the exit status.
#[derive(Debug, Serialize)]
pub(super) struct ConformanceSummary {
    provider: String,
    /// The seed that repeats the run.
    seed: u64,
    passed: usize,
    /// Failures that count: those at or above the level `counts_from`.
    failed: usize,
    /// Failures below that level.
    failed_below: usize,
    /// The cases without a verdict, which include those that were not run.
    incomplete: usize,
    skipped: usize,
    counts_from: RequirementLevel,
    duration_ms: u64,
    /// The cases that were not run.
    not_run: usize,
    /// The reason why the run stopped.
    stopped: Option<Stop>,
    causes: Vec<Cause>,
    /// The reason of exit status 5.
    exit_reason: Option<String>,
    /// The captures of `--from`.
    from_captures: Option<CaptureCounts>,
    /// `true` if the requests in all output are redacted.
    redacted: bool,
    #[serde(skip)]
    must_failed: usize,
    #[serde(skip)]
    duration: Duration,
}

/// The facts of a run that only report files contain.
pub(super) struct RunFacts {
    /// The URL of the receiver.
    pub(super) url: String,
    pub(super) started: Timestamp,
    /// The reason why the run stopped, if it did, as a sentence.
    pub(super) stopped: Option<String>,
    /// The maximum response time.
    pub(super) budget: Duration,
    pub(super) secret_origin: String,
    /// The command that repeats the run, if it can be shown.
    pub(super) command: Option<String>,
}

impl ConformanceSummary {
    pub(super) fn new(
        args: &CheckArgs,
        provider: &Provider,
        cases: &[CaseReport],
        end: &RunEnd,
        seed: u64,
        duration: Duration,
    ) -> Self {
        let counts_from = args.counts_from();
        let count = |outcome| cases.iter().filter(|case| case.outcome == outcome).count();
        let failed_from = |level| {
            let failed = cases.iter().filter(|case| case.outcome == CaseOutcome::Fail);
            failed.filter(|case| case.level >= level).count()
        };
        let failed = failed_from(counts_from);
        let mut summary = Self {
            provider: provider.id.clone(),
            seed,
            passed: count(CaseOutcome::Pass),
            failed,
            failed_below: count(CaseOutcome::Fail) - failed,
            incomplete: count(CaseOutcome::Incomplete),
            skipped: count(CaseOutcome::Skipped),
            counts_from,
            duration_ms: milliseconds(duration),
            not_run: cases.len().saturating_sub(end.ran),
            stopped: end.stop.clone(),
            causes: end.causes.clone(),
            exit_reason: None,
            from_captures: None,
            redacted: false,
            must_failed: failed_from(RequirementLevel::Must),
            duration,
        };
        summary.exit_reason = summary.reason_of_exit_5();
        summary
    }

    /// Adds the captures that the deliveries are from.
    pub(super) fn with_captures(self, counts: Option<&CaptureCounts>) -> Self {
        Self { from_captures: counts.cloned(), redacted: counts.is_some(), ..self }
    }

    /// Returns the exit status. A failure takes precedence over missing evidence, and a check
    /// without any passed case is incomplete. Once the deadline is reached, only a failure of a
    /// mandatory case is a result.
    pub(super) fn exit(&self) -> Exit {
        match (&self.stopped, self.failed, self.incomplete) {
            (Some(Stop::Deadline(_)), ..) if self.must_failed == 0 => Exit::Incomplete,
            (Some(Stop::Deadline(_) | Stop::Cause(_)), ..) => Exit::Failure,
            (_, 0, 0) if self.passed == 0 => Exit::Incomplete,
            (_, 0, 0) => Exit::Success,
            (_, 0, _) => Exit::Incomplete,
            _ => Exit::Failure,
        }
    }

    /// Returns the reason of exit status 5.
    fn reason_of_exit_5(&self) -> Option<String> {
        if self.exit() != Exit::Incomplete {
            return None;
        }
        let cases = self.passed + self.failed + self.failed_below + self.incomplete;
        Some(match &self.stopped {
            Some(stop) => stop.message(),
            None if cases == 0 => "no case was run, because all of them were skipped".to_owned(),
            None if self.incomplete == 0 => "no case passed, and no failure counts".to_owned(),
            None => format!(
                "nothing failed, but evidence is missing for {} of {cases} cases",
                self.incomplete
            ),
        })
    }

    /// Prints why the run stopped, and the fix of a cause.
    pub(super) fn write_stop(&self, out: &mut dyn Write, look: Look) -> io::Result<()> {
        let (theme, width) = (look.theme, look.text_columns());
        let Some(stop) = &self.stopped else { return Ok(()) };
        let text = format!("Stopped: {}", stop.message());
        for line in wrap(&sanitize::message(&text), width) {
            writeln!(out, "{}", theme.warn(&line))?;
        }
        if let Stop::Cause(cause) = stop {
            for line in wrap(&sanitize::message(&format!("hint: {}", cause.fix)), width) {
                writeln!(out, "{}", theme.hint(&line))?;
            }
        }
        Ok(())
    }

    /// Returns the number of cases by outcome, as one line if it fits.
    pub(super) fn counts_line(&self, look: Look) -> String {
        let theme = look.theme;
        let mut parts = vec![theme.good(&format!("{} passed", self.passed))];
        let failures = format!("{} failed", self.failed);
        parts.push(if self.failed > 0 { theme.bad(&failures) } else { failures });
        if self.failed_below > 0 {
            parts.push(theme.warn(&format!("{} failed and not counted", self.failed_below)));
        }
        let undecided = self.incomplete.saturating_sub(self.not_run);
        let incomplete = format!("{undecided} incomplete");
        parts.push(if undecided > 0 { theme.warn(&incomplete) } else { incomplete });
        if self.skipped > 0 {
            parts.push(format!("{} skipped", self.skipped));
        }
        if self.not_run > 0 {
            parts.push(theme.warn(&format!("{} not run", self.not_run)));
        }
        if let Some(last) = parts.last_mut() {
            // Writing to a string cannot fail.
            let _ = write!(last, " in {}", format_duration(self.duration));
        }
        join_parts(&parts, ", ", look.fold_columns(), 0)
    }

    /// Prints how to run the other cases, and the reason of exit status 5.
    pub(super) fn write_next_step(&self, out: &mut dyn Write, look: Look) -> io::Result<()> {
        let theme = look.theme;
        if matches!(self.stopped, Some(Stop::Cause(_))) && self.not_run > 0 {
            let text = format!("`--keep-going` runs the other {} cases", self.not_run);
            writeln!(out, "{}", theme.hint(&text))?;
        }
        // Another exit status is that of a signal.
        if matches!(self.stopped, Some(Stop::Interrupted)) {
            return Ok(());
        }
        let Some(reason) = &self.exit_reason else { return Ok(()) };
        for line in wrap(&format!("exit 5: {reason}"), look.text_columns()) {
            writeln!(out, "{}", theme.warn(&line))?;
        }
        Ok(())
    }

    /// Returns the check as the input of a report file.
    pub(super) fn suite<'s>(
        &'s self,
        provider: &'s Provider,
        cases: &'s [CaseReport],
        facts: &'s RunFacts,
    ) -> Suite<'s> {
        Suite {
            ran: cases.len().saturating_sub(self.not_run),
            stopped: facts.stopped.as_deref(),
            url: &facts.url,
            provider_id: &provider.id,
            provider: &provider.name,
            documentation: &provider.documentation,
            date: facts.started,
            cases,
            causes: &self.causes,
            seed: self.seed,
            counts_from: self.counts_from,
            took: self.duration,
            budget: facts.budget,
            secret_origin: &facts.secret_origin,
            command: facts.command.as_deref(),
            redaction: self.redacted.then_some(REDACTED),
        }
    }
}

impl Report for ConformanceSummary {
    const KIND: &'static str = "summary";

    /// Prints the counts only. The human-readable result is [`super::text_report::TextReport`].
    fn human(&self, out: &mut dyn Write, _: Look) -> io::Result<()> {
        writeln!(out, "{} passed, {} failed", self.passed, self.failed)
    }
}
