//! The human-readable result of a check, and the list of its cases.

use crate::commands::check::stop::Stop;
use crate::commands::check::summary::ConformanceSummary;
use crate::domain::cause::Cause;
use crate::domain::conformance::{CaseGroup, CaseOutcome, CaseReport, RequirementLevel};
use crate::domain::target::Target;
use crate::engine::conformance::case::ConformanceCase;
use crate::output::printer::{Look, Report};
use crate::output::report::observation;
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

/// The maximum length of a printed `curl` command; longer ones are only in the JSON.
const MAX_CURL: usize = 3_000;

/// The maximum number of cases named for one kind of missing evidence.
const MAX_NAMED: usize = 6;

/// The report of a check, grouped as the cases are.
pub(super) struct TextReport<'p> {
    pub(super) target: &'p Target,
    pub(super) provider: &'p Provider,
    /// The lowest level whose failures count.
    pub(super) counts_from: RequirementLevel,
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
    /// Prints the first line and a blank one.
    pub(super) fn heading(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "Checking {} as {} would call it\n", self.target, self.provider.name)
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
        writeln!(out, "{title:<42}{}", group_count(theme, run, not_run.len()))?;
        write_causes(out, look, run, results)?;
        let has_cause = |case: &CaseReport| {
            results.causes.iter().any(|cause| cause.cases.contains(&case.id)) && look.verbose == 0
        };
        let mut printed = Vec::new();
        for case in run {
            match case.outcome {
                CaseOutcome::Fail if has_cause(case) => {}
                CaseOutcome::Fail => self.write_failure(out, theme, case, &mut printed)?,
                CaseOutcome::Pass if look.verbose > 0 || results.group == CaseGroup::Timing => {
                    let line = sanitize::line(&format!("{:<26}{}", case.id, case.observed));
                    writeln!(out, "  {}", theme.dim(&line))?;
                    if let (Some(consequence), true) = (&case.consequence, look.verbose > 0) {
                        writeln!(out, "  {:<26}{}", "", theme.dim(&sanitize::line(consequence)))?;
                    }
                }
                CaseOutcome::Skipped if look.verbose > 0 => {
                    let observed = theme.dim(&sanitize::line(&case.observed));
                    writeln!(out, "  {:<26}{observed}", case.id)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Returns `true` if a failure of this case counts.
    fn counts(&self, case: &CaseReport) -> bool {
        case.level >= self.counts_from
    }

    /// Prints a failed case with its consequence, advice and `curl` command.
    ///
    /// Consequences and advice in `printed` are omitted: many cases of a group share them.
    fn write_failure<'c>(
        &self,
        out: &mut dyn Write,
        theme: Theme,
        case: &'c CaseReport,
        printed: &mut Vec<&'c str>,
    ) -> io::Result<()> {
        let word = if self.counts(case) {
            theme.bad("FAIL")
        } else {
            theme.warn(&format!("FAIL ({})", case.level))
        };
        writeln!(out, "  {word}  {}", theme.strong(&sanitize::line(&case.id)))?;
        let mut lines = vec![format!("{}.", case.about), observation(case)];
        let mut is_new = |text: &'c str| {
            let is_new = !printed.contains(&text);
            printed.push(text);
            is_new
        };
        lines.extend(case.consequence.as_deref().filter(|text| is_new(text)).map(str::to_owned));
        for text in lines {
            for line in wrap(&sanitize::line(&text), WIDTH - 8) {
                writeln!(out, "        {line}")?;
            }
        }
        if is_new(&case.advice) {
            for line in wrap(&sanitize::line(&case.advice), WIDTH - 8) {
                writeln!(out, "        {}", theme.hint(&line))?;
            }
        }
        match &case.curl {
            Some(curl) if curl.len() <= MAX_CURL => {
                for line in curl.lines() {
                    writeln!(out, "        {}", theme.dim(&sanitize::whole_line(line)))?;
                }
                Ok(())
            }
            Some(_) => {
                let id = sanitize::line(&case.id);
                let hint = format!("the request: leadhook check … --only {id} --format json");
                writeln!(out, "        {}", theme.dim(&hint))
            }
            None => Ok(()),
        }
    }
}

/// Returns the number of passed cases of a group, and of those that were not run.
fn group_count(theme: Theme, run: &[CaseReport], not_run: usize) -> String {
    let of = |outcome| run.iter().filter(|case| case.outcome == outcome).count();
    let (passed, skipped) = (of(CaseOutcome::Pass), of(CaseOutcome::Skipped));
    let tried = run.len() - skipped;
    let mut parts = Vec::new();
    if tried > 0 {
        parts.push(format!("{passed} of {tried}"));
    }
    if not_run > 0 {
        parts.push(format!("{not_run} not run"));
    }
    if parts.is_empty() {
        parts.push(format!("{skipped} skipped"));
    }
    let count = parts.join(", ");
    if passed == tried && not_run == 0 { theme.good(&count) } else { theme.warn(&count) }
}

/// Prints one block for all failures of a group that have the same cause, except the cause for
/// which the run stopped. Its message is printed in the first group only.
fn write_causes(
    out: &mut dyn Write,
    look: Look,
    run: &[CaseReport],
    results: &mut GroupResults<'_>,
) -> io::Result<()> {
    let theme = look.theme;
    for cause in results.causes {
        let is_of_cause = |case: &&CaseReport| {
            case.outcome == CaseOutcome::Fail && cause.cases.contains(&case.id)
        };
        let mut ids = run.iter().filter(is_of_cause).map(|case| case.id.as_str());
        let is_at_end = matches!(results.stop, Some(Stop::Cause(stop)) if stop.code == cause.code);
        let (Some(first), false) = (ids.next(), is_at_end) else { continue };
        let more = ids.count();
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let case = theme.strong(&sanitize::line(first));
        writeln!(out, "  {}  {case}{more}", theme.bad("FAIL"))?;
        if results.printed_causes.contains(&cause.code) {
            writeln!(out, "        for the same cause as above")?;
            continue;
        }
        results.printed_causes.push(cause.code);
        for line in wrap(&sanitize::message(&format!("{}.", cause.message)), WIDTH - 8) {
            writeln!(out, "        {line}")?;
        }
        for line in wrap(&sanitize::message(&cause.fix), WIDTH - 8) {
            writeln!(out, "        {}", theme.hint(&line))?;
        }
    }
    Ok(())
}

/// Prints missing evidence, the reason of an early stop, and the number of cases by outcome.
pub(super) fn write_end(
    out: &mut dyn Write,
    look: Look,
    run: &[CaseReport],
    summary: &ConformanceSummary,
) -> io::Result<()> {
    write_missing_evidence(out, look.theme, run)?;
    writeln!(out)?;
    summary.write_stop(out, look.theme)?;
    writeln!(out, "{}", summary.counts_line(look.theme))?;
    summary.write_next_step(out, look.theme)
}

/// Prints the reasons for missing evidence, each with the cases that it applies to.
fn write_missing_evidence(
    out: &mut dyn Write,
    theme: Theme,
    cases: &[CaseReport],
) -> io::Result<()> {
    let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
    for case in cases.iter().filter(|case| case.outcome == CaseOutcome::Incomplete) {
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
