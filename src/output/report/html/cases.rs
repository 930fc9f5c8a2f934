//! Every case of the HTML report, by group, with its facts and the requests that repeat it.

use crate::domain::conformance::{CaseGroup, CaseOutcome, CaseReport};
use crate::domain::delivery::NextStep;
use crate::domain::time::format_duration;
use crate::output::report::Suite;
use crate::output::report::html::anchors;
use crate::output::report::html::elements::{
    Html, anchor_link, copyable, counted, element, empty, line_break, plain, row, spans, symbol,
    text,
};
use crate::output::report::html::run_facts::level_description;
use crate::output::report::spans::{Span, code_spans, source_spans};
use std::io;

/// The id of the checkbox that hides all cases but the failed ones. The style sheet names it.
const FILTER: &str = "only-failures";

/// The size in bytes from which a request is folded.
const MIN_FOLDED: usize = 900;

/// Adds all cases.
pub(super) fn write(html: &mut Html, suite: &Suite<'_>) -> io::Result<()> {
    element(html, "section", &[("id", anchors::CASES)], |html| {
        text(html, "h2", &[], &counted(suite.cases.len(), "case", "cases"))?;
        filter(html, suite.count(CaseOutcome::Fail))?;
        CaseGroup::ALL.into_iter().try_for_each(|group| section(html, suite, group))
    })?;
    line_break(html)
}

/// Adds the checkbox that hides all cases but the failed ones. It needs no script.
fn filter(html: &mut Html, failed: usize) -> io::Result<()> {
    if failed == 0 {
        return Ok(());
    }
    element(html, "p", &[("class", "filter")], |html| {
        empty(html, "input", &[("type", "checkbox"), ("id", FILTER)])?;
        let label = format!("Show only {}", counted(failed, "failed case", "failed cases"));
        text(html, "label", &[("for", FILTER)], &label)
    })?;
    line_break(html)
}

/// Adds the cases of a group.
fn section(html: &mut Html, suite: &Suite<'_>, group: CaseGroup) -> io::Result<()> {
    let is_in_group = |case: &&CaseReport| case.group == group;
    let run: Vec<_> = suite.run().iter().filter(is_in_group).collect();
    let not_run: Vec<_> = suite.not_run().iter().filter(is_in_group).collect();
    if run.is_empty() && not_run.is_empty() {
        return Ok(());
    }
    let passed = run.iter().filter(|case| case.outcome == CaseOutcome::Pass).count();
    let mut counts = format!("{passed} of {} passed", run.len());
    if !not_run.is_empty() {
        counts = format!("{counts}, {} not run", not_run.len());
    }
    let anchor = anchors::of_group(group);
    element(html, "section", &[("class", "group"), ("id", &anchor)], |html| {
        element(html, "h3", &[], |html| {
            plain(html, group.title())?;
            text(html, "span", &[("class", "dim")], &format!(" {counts}"))
        })?;
        line_break(html)?;
        run.into_iter().try_for_each(|case| self::case(html, suite, case))?;
        if not_run.is_empty() {
            return Ok(());
        }
        let ids: Vec<_> = not_run.iter().map(|case| case.id.as_str()).collect();
        let not_run = format!("not run: {}", ids.join(", "));
        text(html, "p", &[("class", "dim not-run")], &not_run)
    })?;
    line_break(html)
}

fn case(html: &mut Html, suite: &Suite<'_>, case: &CaseReport) -> io::Result<()> {
    let class = format!("case {}", case.outcome);
    let attributes = [("class", class.as_str()), ("open", "open")];
    let is_open = case.outcome == CaseOutcome::Fail;
    let attributes = if is_open { &attributes[..] } else { &attributes[..1] };
    element(html, "details", attributes, |html| {
        element(html, "summary", &[], |html| {
            element(html, "span", &[("class", "word")], |html| {
                symbol(html, sign(case.outcome))?;
                plain(html, &format!(" {}", case.outcome))
            })?;
            text(html, "span", &[("class", "id")], &case.id)?;
            spans(html, "span", &[("class", "about")], &code_spans(&case.about))?;
            text(html, "span", &[("class", "took")], &format_duration(case.duration))
        })?;
        // The anchor is inside, so that a link to a folded case unfolds it.
        let anchor = anchors::of_case(suite, case);
        element(html, "div", &[("class", "body"), ("id", &anchor)], |html| {
            element(html, "dl", &[], |html| facts(html, suite, case))?;
            requests(html, case)
        })
    })?;
    line_break(html)
}

fn sign(outcome: CaseOutcome) -> &'static str {
    match outcome {
        CaseOutcome::Pass => "✓",
        CaseOutcome::Fail => "✗",
        CaseOutcome::Incomplete => "?",
        CaseOutcome::Skipped => "–",
    }
}

/// Adds what was expected and observed, what follows from it, and why it matters.
fn facts(html: &mut Html, suite: &Suite<'_>, case: &CaseReport) -> io::Result<()> {
    let is_decided = matches!(case.outcome, CaseOutcome::Pass | CaseOutcome::Fail);
    row(html, "expected", &code_spans(&case.expected))?;
    row(html, if is_decided { "observed" } else { "reason" }, &code_spans(&case.observed))?;
    row(html, "consequence", &code_spans(consequence(case)))?;
    if let Some(explanation) = suite.cause_of(case) {
        text(html, "dt", &[], "cause")?;
        element(html, "dd", &[], |html| {
            anchor_link(html, &anchors::of_cause(explanation), explanation.code)
        })?;
    }
    // Advice is for those who have to change something, and a known cause has its own fix.
    if case.outcome == CaseOutcome::Fail && !suite.has_cause(case) {
        row(html, "advice", &code_spans(&case.advice))?;
    }
    let not_counted = if case.outcome == CaseOutcome::Fail && !suite.counts(case) {
        "; this failure is not counted"
    } else {
        ""
    };
    let level = format!("`{}`: {}{not_counted}", case.level, level_description(case.level));
    row(html, "level", &code_spans(&level))?;
    row(html, "source", &source_spans(&case.source))?;
    let responses = match case.response_times.len() {
        0 => String::new(),
        count => format!(", with {}", counted(count, "response", "responses")),
    };
    let duration = format!("{}{responses}", format_duration(case.duration));
    row(html, "duration", &[Span::Text(&duration)])?;
    row(html, "request", &[Span::Text(case.no_curl.as_deref().unwrap_or_default())])
}

/// Describes the consequence of the response for the provider.
fn consequence(case: &CaseReport) -> &str {
    match (&case.consequence, case.next_step) {
        (Some(consequence), _) => consequence,
        (None, Some(NextStep::None)) => "It counts as delivered.",
        (None, _) => "",
    }
}

/// Adds the commands that send the requests of a failed case again, and their bodies to read.
fn requests(html: &mut Html, case: &CaseReport) -> io::Result<()> {
    if case.outcome != CaseOutcome::Fail {
        return Ok(());
    }
    if let Some(curl) = &case.curl {
        let size = counted(curl.len(), "byte", "bytes");
        let title = format!("Request as curl command, exact ({size}; one click selects it)");
        foldable(html, &title, "curl command", curl, curl.len() < MIN_FOLDED)?;
    }
    let count = case.indented_bodies.len();
    case.indented_bodies.iter().zip(1..).try_for_each(|(body, number)| {
        let Some(body) = body else { return Ok(()) };
        let of = if count > 1 { format!(" of request {number}") } else { String::new() };
        foldable(html, &format!("Body{of}, indented to be read"), "request body", body, false)
    })
}

/// Adds a block that can be folded, and that one click selects.
fn foldable(
    html: &mut Html,
    title: &str,
    label: &str,
    content: &str,
    is_open: bool,
) -> io::Result<()> {
    let attributes = [("class", "request"), ("open", "open")];
    let attributes = if is_open { &attributes[..] } else { &attributes[..1] };
    element(html, "details", attributes, |html| {
        text(html, "summary", &[], title)?;
        copyable(html, label, content)
    })
}
