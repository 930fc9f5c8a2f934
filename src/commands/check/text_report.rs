//! The human-readable result of a check, and the list of its cases.

use crate::commands::check::failure_text::{FailureWriter, write_repeat};
use crate::commands::check::from_captures::CaptureCounts;
use crate::commands::check::stop::Stop;
use crate::commands::check::summary::ConformanceSummary;
use crate::domain::cause::Cause;
use crate::domain::conformance::{CaseGroup, CaseOutcome, CaseReport, RequirementLevel};
use crate::domain::target::Target;
use crate::engine::conformance::case::ConformanceCase;
use crate::output::printer::{Look, Report};
use crate::output::report::missing_evidence;
use crate::output::sanitize;
use crate::output::theme::Theme;
use crate::output::wrap::{columns, columns_beside, wrap};
use crate::providers::pack::Pack;
use crate::providers::provider::Provider;
use serde::Serialize;
use std::io;
use std::io::Write;

/// The column of the number of passed cases, if the terminal is wide enough.
const COUNT_COLUMN: usize = 42;

/// The number of columns for the number of passed cases: `0 of 27, 24 not run`.
const COUNT_WIDTH: usize = 20;

/// The minimum number of columns for the id of a passed case.
const ID_WIDTH: usize = 26;

/// The space before the seed.
const GAP: &str = "   ";

/// The maximum number of cases named for one kind of missing evidence.
const MAX_NAMED: usize = 6;

/// The report of a check, grouped as the cases are.
pub(super) struct TextReport<'p> {
    pub(super) target: &'p Target,
    pub(super) provider: &'p Provider,
    /// The seed that repeats the run.
    pub(super) seed: u64,
    /// The lowest level whose failures count.
    pub(super) counts_from: RequirementLevel,
    /// The captures of `--from`, if it was given.
    pub(super) counts: Option<&'p CaptureCounts>,
}

/// The results of one group of cases.
pub(super) struct GroupResults<'g> {
    pub(super) group: CaseGroup,
    pub(super) cases: &'g [CaseReport],
    /// The number of cases that were run: the others follow them.
    pub(super) ran: usize,
    /// The causes that are known so far.
    pub(super) causes: &'g [Cause],
    /// The codes of the causes that were printed above.
    pub(super) printed_causes: &'g mut Vec<&'static str>,
    /// The reason why the run stopped, if it did.
    pub(super) stop: Option<&'g Stop>,
}

impl TextReport<'_> {
    /// Prints the first line, a blank one, and what is sent as captured.
    pub(super) fn heading(&self, out: &mut dyn Write, look: Look) -> io::Result<()> {
        let target = format!("Checking {}", self.target);
        let manner = format!("as {} would call it", self.provider.name);
        let seed = format!("(seed {})", self.seed);
        let width = [&target, &manner, &seed].map(|part| columns(part)).iter().sum::<usize>();
        // A line that is too long is broken after the target.
        let is_wide = width + 1 + GAP.len() > look.columns;
        let gap = if is_wide { "\n" } else { " " };
        writeln!(out, "{target}{gap}{manner}{GAP}{}\n", look.theme.dim(&seed))?;
        self.counts.map_or(Ok(()), |counts| counts.write(out, look))
    }

    /// Prints the number of passed cases of a group, and its failures.
    pub(super) fn group(
        &self,
        out: &mut dyn Write,
        look: Look,
        results: &mut GroupResults<'_>,
    ) -> io::Result<()> {
        let theme = look.theme;
        let (run, not_run) = results.cases.split_at(results.ran.min(results.cases.len()));
        // The cause of an early stop is all there is to say: it is printed at the end.
        if run.is_empty() && matches!(results.stop, Some(Stop::Cause(_))) {
            return Ok(());
        }
        let title = results.group.title();
        let column = look.columns.saturating_sub(COUNT_WIDTH).min(COUNT_COLUMN);
        writeln!(out, "{title:<column$}{}", group_count(theme, run, not_run.len()))?;
        let id_width = run.iter().map(|case| columns(&case.id) + 2).max().unwrap_or(0);
        let id_width = id_width.max(ID_WIDTH);
        let mut failures = FailureWriter::new(look);
        self.write_causes(out, &failures, run, results)?;
        let is_explained = |case: &CaseReport| {
            // The cause of an early stop is printed at the end, without the requests of its cases.
            let is_shown = |cause: &&Cause| look.verbose == 0 || !is_at_end(results.stop, cause);
            let explaining = results.causes.iter().filter(is_shown);
            explaining.into_iter().any(|cause| cause.cases.contains(&case.id))
        };
        for case in run {
            match case.outcome {
                CaseOutcome::Fail if is_explained(case) => {}
                CaseOutcome::Fail => failures.write_case(out, &self.label(case), case)?,
                CaseOutcome::Pass if look.verbose > 0 || results.group == CaseGroup::Timing => {
                    let consequence = case.consequence.as_ref().filter(|_| look.verbose > 0);
                    let texts = std::iter::once(&case.observed).chain(consequence);
                    write_beside(out, look, &theme.dim(&case.id), id_width, texts)?;
                }
                CaseOutcome::Skipped if look.verbose > 0 => {
                    write_beside(out, look, &case.id, id_width, [&case.observed])?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Prints one block for all failures of a group that have the same cause, except the cause for
    /// which the run stopped. Its message is printed in the first group only.
    fn write_causes(
        &self,
        out: &mut dyn Write,
        failures: &FailureWriter<'_>,
        run: &[CaseReport],
        results: &mut GroupResults<'_>,
    ) -> io::Result<()> {
        for cause in results.causes {
            let is_of_cause = |case: &&CaseReport| {
                case.outcome == CaseOutcome::Fail && cause.cases.contains(&case.id)
            };
            let cases: Vec<_> = run.iter().filter(is_of_cause).collect();
            let (Some(first), false) = (cases.first(), is_at_end(results.stop, cause)) else {
                continue;
            };
            let label = self.label(first);
            if results.printed_causes.contains(&cause.code) {
                failures.write_same_cause(out, &label, &cases)?;
            } else {
                results.printed_causes.push(cause.code);
                failures.write_cause(out, &label, cause, &cases)?;
            }
        }
        Ok(())
    }

    /// Returns the word before a failed case, with its level if the failure does not count.
    fn label(&self, case: &CaseReport) -> String {
        if case.level >= self.counts_from {
            "FAIL".to_owned()
        } else {
            format!("FAIL ({})", case.level)
        }
    }
}

/// Returns `true` if the run stopped for this cause, which is then printed at the end.
fn is_at_end(stop: Option<&Stop>, cause: &Cause) -> bool {
    matches!(stop, Some(Stop::Cause(stop)) if stop.code == cause.code)
}

/// Returns the number of passed cases of a group, of incomplete ones, and of those that were not run.
fn group_count(theme: Theme, run: &[CaseReport], not_run: usize) -> String {
    let of = |outcome| run.iter().filter(|case| case.outcome == outcome).count();
    let (passed, skipped) = (of(CaseOutcome::Pass), of(CaseOutcome::Skipped));
    let tried = run.len() - skipped;
    let mut parts = Vec::new();
    if tried > 0 {
        parts.push(format!("{passed} of {tried}"));
    }
    for (count, word) in [(of(CaseOutcome::Incomplete), "incomplete"), (not_run, "not run")] {
        if count > 0 {
            parts.push(format!("{count} {word}"));
        }
    }
    if parts.is_empty() {
        parts.push(format!("{skipped} skipped"));
    }
    let count = parts.join(", ");
    match of(CaseOutcome::Fail) {
        0 if passed == tried && not_run == 0 => theme.good(&count),
        0 => theme.warn(&count),
        _ => theme.bad(&count),
    }
}

/// Prints missing evidence, the reason of an early stop, the number of cases by outcome, and the
/// command that repeats the failed cases.
pub(super) fn write_end(
    out: &mut dyn Write,
    look: Look,
    run: &[CaseReport],
    summary: &ConformanceSummary,
    repeat: Option<&str>,
) -> io::Result<()> {
    write_missing_evidence(out, look, run)?;
    writeln!(out)?;
    summary.write_stop(out, look)?;
    writeln!(out, "{}", summary.counts_line(look))?;
    repeat.iter().try_for_each(|command| write_repeat(out, look.theme, command))?;
    summary.write_next_step(out, look)
}

/// Writes the id of a case, and texts to the right of it.
fn write_beside<'t>(
    out: &mut dyn Write,
    look: Look,
    id: &str,
    id_width: usize,
    texts: impl IntoIterator<Item = &'t String>,
) -> io::Result<()> {
    let room = columns_beside(look.text_columns(), id_width + 2);
    let lines = texts.into_iter().flat_map(|text| wrap(&sanitize::line(text), room));
    let mut id = format!("{id}{}", " ".repeat(id_width.saturating_sub(columns(id))));
    for line in lines {
        writeln!(out, "  {id}{}", look.theme.dim(&line))?;
        id = " ".repeat(id_width);
    }
    Ok(())
}

/// Prints the reasons for missing evidence, each with the cases that it applies to.
fn write_missing_evidence(out: &mut dyn Write, look: Look, cases: &[CaseReport]) -> io::Result<()> {
    for (reason, cases) in missing_evidence(cases) {
        let ids: Vec<_> = cases.iter().map(|case| case.id.as_str()).collect();
        let more = ids.len().saturating_sub(MAX_NAMED);
        let named = ids[..ids.len() - more].join(", ");
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        writeln!(out)?;
        for line in wrap(&format!("incomplete: {named}{more}"), look.text_columns()) {
            writeln!(out, "{}", look.theme.warn(&sanitize::line(&line)))?;
        }
        for line in wrap(&sanitize::line(reason), look.text_columns() - 2) {
            writeln!(out, "  {line}")?;
        }
    }
    Ok(())
}

/// The list of all cases.
#[derive(Debug, Serialize)]
pub(super) struct CaseList {
    provider: String,
    cases: Vec<ListedCase>,
}

/// One case of the list.
#[derive(Debug, Serialize)]
struct ListedCase {
    id: String,
    group: CaseGroup,
    level: RequirementLevel,
    about: String,
    source: String,
}

impl CaseList {
    pub(super) fn new(pack: &Pack, cases: &[ConformanceCase]) -> Self {
        let documentation = &pack.provider.documentation;
        let list_case = |case: &ConformanceCase| ListedCase {
            id: case.id.clone(),
            group: case.group,
            level: case.level,
            about: case.about.clone(),
            source: case.source.replace("the provider's documentation", documentation),
        };
        Self { provider: pack.provider.id.clone(), cases: cases.iter().map(list_case).collect() }
    }
}

impl Report for CaseList {
    const KIND: &'static str = "cases";

    fn human(&self, out: &mut dyn Write, look: Look) -> io::Result<()> {
        let theme = look.theme;
        let width = self.cases.iter().map(|case| case.id.len()).max().unwrap_or(0);
        for group in CaseGroup::ALL {
            let cases: Vec<_> = self.cases.iter().filter(|case| case.group == group).collect();
            if cases.is_empty() {
                continue;
            }
            writeln!(out, "{}", theme.strong(group.title()))?;
            for case in cases {
                let mut label = format!("  {:<width$}  {:<6}  ", case.id, case.level);
                for line in wrap(&case.about, columns_beside(look.text_columns(), width + 12)) {
                    writeln!(out, "{label}{line}")?;
                    label = " ".repeat(width + 12);
                }
            }
        }
        writeln!(out, "{} cases", self.cases.len())
    }
}
