//! The human-readable result of a check, and the list of its cases.

use crate::commands::check::failure_text::{FailureWriter, write_repeat};
use crate::commands::check::summary::ConformanceSummary;
use crate::domain::cause::Cause;
use crate::domain::conformance::{CaseGroup, CaseOutcome, CaseReport, RequirementLevel};
use crate::domain::target::Target;
use crate::domain::time::format_duration;
use crate::engine::conformance::case::ConformanceCase;
use crate::output::printer::{Look, Report};
use crate::output::sanitize;
use crate::output::theme::Theme;
use crate::output::wrap::{columns_beside, wrap};
use crate::providers::pack::Pack;
use crate::providers::provider::Provider;
use serde::Serialize;
use std::io;
use std::io::Write;

/// The width of the report in columns.
const WIDTH: usize = 79;

/// The maximum number of cases named for one kind of missing evidence.
const MAX_NAMED: usize = 6;

/// The report of a check, grouped as the cases are.
pub(super) struct TextReport<'p> {
    pub(super) target: &'p Target,
    pub(super) provider: &'p Provider,
    pub(super) cases: &'p [CaseReport],
    /// The causes of failures, if they are known. Cases with one cause are one block.
    pub(super) causes: &'p [Cause],
    pub(super) summary: &'p ConformanceSummary,
    /// The command that repeats the failed cases, if there is one.
    pub(super) repeat: Option<String>,
}

impl TextReport<'_> {
    pub(super) fn human(&self, out: &mut dyn Write, look: Look) -> io::Result<()> {
        let theme = look.theme;
        let name = &self.provider.name;
        let seed = theme.dim(&format!("(seed {})", self.summary.seed));
        writeln!(out, "Checking {} as {name} would call it   {seed}\n", self.target)?;
        for group in CaseGroup::ALL {
            self.write_group(out, look, group)?;
        }
        self.write_missing_evidence(out, theme)?;
        let ConformanceSummary { passed, failed, failed_below, incomplete, skipped, .. } =
            *self.summary;
        let mut parts = vec![theme.good(&format!("{passed} passed"))];
        let failures = format!("{failed} failed");
        parts.push(if failed > 0 { theme.bad(&failures) } else { failures });
        if failed_below > 0 {
            parts.push(theme.warn(&format!("{failed_below} failed and not counted")));
        }
        let incomplete = format!("{incomplete} incomplete");
        parts.push(if self.summary.incomplete > 0 { theme.warn(&incomplete) } else { incomplete });
        if skipped > 0 {
            parts.push(format!("{skipped} skipped"));
        }
        writeln!(out, "\n{} in {}", parts.join(", "), format_duration(self.summary.duration))?;
        self.repeat.iter().try_for_each(|command| write_repeat(out, theme, command))
    }

    /// Prints the number of passed cases of a group, and its failures.
    fn write_group(&self, out: &mut dyn Write, look: Look, group: CaseGroup) -> io::Result<()> {
        let theme = look.theme;
        let cases: Vec<_> = self.cases.iter().filter(|case| case.group == group).collect();
        let run = cases.iter().filter(|case| case.outcome != CaseOutcome::Skipped).count();
        if cases.is_empty() {
            return Ok(());
        }
        let passed = cases.iter().filter(|case| case.outcome == CaseOutcome::Pass).count();
        let count = format!("{passed} of {run}");
        let count = if passed == run { theme.good(&count) } else { theme.warn(&count) };
        writeln!(out, "{:<42}{count}", group.title())?;
        let mut failures = FailureWriter::new(theme, look.verbose);
        for case in &cases {
            match case.outcome {
                CaseOutcome::Fail => self.write_failure(out, &mut failures, case, &cases)?,
                CaseOutcome::Pass if look.verbose > 0 || group == CaseGroup::Timing => {
                    let line = sanitize::line(&format!("{:<26}{}", case.id, case.observed));
                    writeln!(out, "  {}", theme.dim(&line))?;
                    if let (Some(consequence), true) = (&case.consequence, look.verbose > 0) {
                        writeln!(out, "  {:<26}{}", "", theme.dim(&sanitize::line(consequence)))?;
                    }
                }
                CaseOutcome::Skipped if look.verbose > 0 => {
                    writeln!(
                        out,
                        "  {:<26}{}",
                        case.id,
                        theme.dim(&sanitize::line(&case.observed))
                    )?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Prints a failed case, or its cause with all cases of the group that failed for it at the
    /// first of them.
    fn write_failure<'c>(
        &self,
        out: &mut dyn Write,
        failures: &mut FailureWriter<'c>,
        case: &'c CaseReport,
        group: &[&'c CaseReport],
    ) -> io::Result<()> {
        let label = if self.summary.counts(case) {
            "FAIL".to_owned()
        } else {
            format!("FAIL ({})", case.level)
        };
        let is_cause = |cause: &&Cause| cause.cases.contains(&case.id);
        let Some(shared) = self.causes.iter().find(is_cause) else {
            return failures.write_case(out, &label, case);
        };
        let same: Vec<_> =
            group.iter().filter(|other| shared.cases.contains(&other.id)).copied().collect();
        if same.first().is_some_and(|first| first.id == case.id) {
            failures.write_cause(out, &label, shared, &same)?;
        }
        Ok(())
    }

    /// Prints the reasons for missing evidence, each with the cases that it applies to.
    fn write_missing_evidence(&self, out: &mut dyn Write, theme: Theme) -> io::Result<()> {
        let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
        for case in self.cases.iter().filter(|case| case.outcome == CaseOutcome::Incomplete) {
            match reasons.iter_mut().find(|(reason, _)| *reason == case.observed) {
                Some((_, ids)) => ids.push(&case.id),
                None => reasons.push((&case.observed, vec![&case.id])),
            }
        }
        for (reason, ids) in reasons {
            let more = ids.len().saturating_sub(MAX_NAMED);
            let named = ids[..ids.len() - more].join(", ");
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            writeln!(out)?;
            for line in wrap(&format!("incomplete: {named}{more}"), WIDTH) {
                writeln!(out, "{}", theme.warn(&sanitize::line(&line)))?;
            }
            writeln!(out, "  {}", sanitize::line(reason))?;
        }
        Ok(())
    }
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
                for line in wrap(&case.about, columns_beside(WIDTH, width + 12)) {
                    writeln!(out, "{label}{line}")?;
                    label = " ".repeat(width + 12);
                }
            }
        }
        writeln!(out, "{} cases", self.cases.len())
    }
}
