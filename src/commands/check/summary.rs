//! The summary of a conformance check and its exit status.

use crate::commands::check::options::CheckArgs;
use crate::domain::conformance::{CaseOutcome, CaseReport, RequirementLevel};
use crate::error::Exit;
use crate::output::printer::{Look, Report};
use crate::output::report::Suite;
use crate::providers::provider::Provider;
use serde::Serialize;
use std::io;
use std::io::Write;
use std::time::Duration;

/// The number of cases by outcome.
#[derive(Debug, Serialize)]
pub(super) struct ConformanceSummary {
    provider: String,
    /// The seed that repeats the run.
    pub(super) seed: u64,
    pub(super) passed: usize,
    /// Failures that count: those at or above the level `counts_from`.
    pub(super) failed: usize,
    /// Failures below that level.
    pub(super) failed_below: usize,
    pub(super) incomplete: usize,
    pub(super) skipped: usize,
    counts_from: RequirementLevel,
    duration_ms: u64,
    #[serde(skip)]
    pub(super) duration: Duration,
}

impl ConformanceSummary {
    pub(super) fn new(
        args: &CheckArgs,
        provider: &Provider,
        cases: &[CaseReport],
        seed: u64,
        duration: Duration,
    ) -> Self {
        let counts_from = args.counts_from();
        let count = |outcome| cases.iter().filter(|case| case.outcome == outcome).count();
        let failed = cases
            .iter()
            .filter(|case| case.outcome == CaseOutcome::Fail && case.level >= counts_from)
            .count();
        Self {
            provider: provider.id.clone(),
            seed,
            passed: count(CaseOutcome::Pass),
            failed,
            failed_below: count(CaseOutcome::Fail) - failed,
            incomplete: count(CaseOutcome::Incomplete),
            skipped: count(CaseOutcome::Skipped),
            counts_from,
            duration_ms: u64::try_from(duration.as_millis()).unwrap_or(u64::MAX),
            duration,
        }
    }

    /// Returns the exit status. A failure takes precedence over missing evidence, and a check
    /// without any passed case is incomplete.
    pub(super) fn exit(&self) -> Exit {
        match (self.failed, self.incomplete) {
            (0, 0) if self.passed == 0 => Exit::Incomplete,
            (0, 0) => Exit::Success,
            (0, _) => Exit::Incomplete,
            _ => Exit::Failure,
        }
    }

    /// Returns the check as the input of a report file.
    pub(super) fn suite<'s>(
        &'s self,
        url: &'s str,
        provider: &'s Provider,
        cases: &'s [CaseReport],
    ) -> Suite<'s> {
        Suite {
            url,
            provider: &provider.name,
            cases,
            causes: &[],
            seed: self.seed,
            counts_from: self.counts_from,
            took: self.duration,
        }
    }

    /// Returns `true` if a failure of this case counts.
    pub(super) fn counts(&self, case: &CaseReport) -> bool {
        case.level >= self.counts_from
    }
}

impl Report for ConformanceSummary {
    const KIND: &'static str = "summary";

    /// Prints the counts only. The human-readable result is [`super::text_report::TextReport`].
    fn human(&self, out: &mut dyn Write, _: Look) -> io::Result<()> {
        writeln!(out, "{} passed, {} failed", self.passed, self.failed)
    }
}
