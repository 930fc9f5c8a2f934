//! The results of a check, printed while it runs: each case as JSON, or each group as text.

use crate::commands::check::stop::Stop;
use crate::commands::check::text_report::{GroupResults, TextReport};
use crate::domain::cause::Cause;
use crate::domain::conformance::{CaseGroup, CaseOutcome, CaseReport, RequirementLevel};
use crate::domain::time::format_duration;
use crate::engine::conformance::case::ConformanceCase;
use crate::error::Error;
use crate::output::printer::Printer;
use crate::output::progress::Progress;
use crate::output::report;
use std::time::{Duration, Instant};

/// The time without output after which a note says how far the check is, if there is no progress
/// bar.
const NOTE_INTERVAL: Duration = Duration::from_secs(10);

/// Collects the reports of the cases, and prints them as soon as possible.
///
/// Text is printed by group, because the failures of a group are merged by their cause.
pub(super) struct ResultStream<'t> {
    text: TextReport<'t>,
    progress: Progress,
    notes: ProgressNotes,
    /// The number of all cases.
    total: usize,
    reports: Vec<CaseReport>,
    /// The group that is not printed yet, if there is one.
    group: Option<CaseGroup>,
    /// The index of its first case.
    group_start: usize,
    /// The number of cases that were run.
    ran: usize,
    /// The causes that are known so far.
    causes: Vec<Cause>,
    /// The codes of the causes that were printed.
    printed_causes: Vec<&'static str>,
    /// The reason why the run stopped.
    stop: Option<Stop>,
}

impl<'t> ResultStream<'t> {
    /// Prints the heading.
    pub(super) fn new(
        text: TextReport<'t>,
        total: usize,
        printer: &mut Printer,
    ) -> Result<Self, Error> {
        printer.text(|out, look| text.heading(out, look))?;
        Ok(Self {
            text,
            progress: Progress::bar(printer, total),
            notes: ProgressNotes::new(Instant::now()),
            total,
            reports: Vec::new(),
            group: None,
            group_start: 0,
            ran: 0,
            causes: Vec::new(),
            printed_causes: Vec::new(),
            stop: None,
        })
    }

    /// Prints the previous group, if the next case belongs to another one.
    pub(super) fn begin(
        &mut self,
        printer: &mut Printer,
        case: &ConformanceCase,
    ) -> Result<(), Error> {
        self.progress.set_message(&case.id);
        if self.group != Some(case.group) {
            self.finish_group(printer)?;
            self.group = Some(case.group);
        }
        Ok(())
    }

    /// Adds a case that was run. `causes` are those that are known after it.
    pub(super) fn ran(
        &mut self,
        printer: &mut Printer,
        report: CaseReport,
        causes: Vec<Cause>,
    ) -> Result<(), Error> {
        self.causes = causes;
        self.ran += 1;
        self.progress.step(&report.id);
        self.add(printer, report)?;
        if !printer.is_json()
            && !printer.shows_progress()
            && let Some(elapsed) = self.notes.due(Instant::now())
        {
            let failed = self.reports.iter().filter(|report| is_failure(report)).count();
            let (ran, total) = (self.ran, self.total);
            let elapsed = format_duration(elapsed);
            printer.note(&format!("{ran} of {total} cases run, {failed} failed, after {elapsed}"));
        }
        Ok(())
    }

    /// Adds a case that was not run, for this reason.
    pub(super) fn not_run(
        &mut self,
        printer: &mut Printer,
        report: CaseReport,
        stop: &Stop,
    ) -> Result<(), Error> {
        self.stop.get_or_insert_with(|| stop.clone());
        self.add(printer, report)
    }

    fn add(&mut self, printer: &mut Printer, report: CaseReport) -> Result<(), Error> {
        if printer.is_json() {
            printer.report(&report::json::Case(&report))?;
        }
        self.reports.push(report);
        Ok(())
    }

    /// Prints the current group.
    fn finish_group(&mut self, printer: &mut Printer) -> Result<(), Error> {
        let Some(group) = self.group.take() else { return Ok(()) };
        let cases = self.reports.get(self.group_start..).unwrap_or_default();
        let mut results = GroupResults {
            group,
            cases,
            ran: self.ran.saturating_sub(self.group_start).min(cases.len()),
            causes: &self.causes,
            printed_causes: &mut self.printed_causes,
            stop: self.stop.as_ref(),
        };
        let text = &self.text;
        self.progress.suspend(|| printer.text(|out, look| text.group(out, look, &mut results)))?;
        self.group_start = self.reports.len();
        self.notes.printed(Instant::now());
        Ok(())
    }

    /// Returns `true` if a case of this level or above it failed.
    pub(super) fn has_failure_from(&self, level: RequirementLevel) -> bool {
        self.reports.iter().any(|report| is_failure(report) && report.level >= level)
    }

    /// Prints the last group, and returns the reports of all cases.
    pub(super) fn finish(mut self, printer: &mut Printer) -> Result<Vec<CaseReport>, Error> {
        self.progress.finish();
        self.finish_group(printer)?;
        Ok(self.reports)
    }
}

fn is_failure(report: &CaseReport) -> bool {
    report.outcome == CaseOutcome::Fail
}

/// Decides when a note about the progress is due.
struct ProgressNotes {
    began: Instant,
    /// The time of the last output.
    last: Instant,
}

impl ProgressNotes {
    fn new(now: Instant) -> Self {
        Self { began: now, last: now }
    }

    /// Records that something was printed.
    fn printed(&mut self, now: Instant) {
        self.last = now;
    }

    /// Returns the time since the beginning if a note is due, and records it as printed.
    fn due(&mut self, now: Instant) -> Option<Duration> {
        if now.saturating_duration_since(self.last) < NOTE_INTERVAL {
            return None;
        }
        self.last = now;
        Some(now.saturating_duration_since(self.began))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_due_after_an_interval_without_output() {
        let began = Instant::now();
        let mut notes = ProgressNotes::new(began);
        let at = |seconds| began + Duration::from_secs(seconds);
        assert_eq!(notes.due(at(9)), None);
        assert_eq!(notes.due(at(11)), Some(Duration::from_secs(11)));
        assert_eq!(notes.due(at(20)), None);
        notes.printed(at(20));
        assert_eq!(notes.due(at(29)), None);
        assert_eq!(notes.due(at(30)), Some(Duration::from_secs(30)));
    }
}
