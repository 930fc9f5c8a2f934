//! What needs attention, before the list of all cases: causes, failures and incomplete cases.

use crate::domain::cause::Cause;
use crate::domain::conformance::{CaseOutcome, CaseReport};
use crate::output::report::html::anchors;
use crate::output::report::html::elements::{
    Html, anchor_link, counted, element, line_break, plain, spans, text,
};
use crate::output::report::spans::code_spans;
use crate::output::report::{Suite, missing_evidence, observation};
use std::io;

/// Adds the causes, the failures and the incomplete cases, as far as there are any.
pub(super) fn write(html: &mut Html, suite: &Suite<'_>) -> io::Result<()> {
    causes(html, suite)?;
    failures(html, suite)?;
    incomplete(html, suite)
}

/// Adds the causes, each with its fix and links to its cases.
fn causes(html: &mut Html, suite: &Suite<'_>) -> io::Result<()> {
    if suite.causes.is_empty() {
        return Ok(());
    }
    element(html, "section", &[("id", anchors::CAUSES)], |html| {
        text(html, "h2", &[], &counted(suite.causes.len(), "cause", "causes"))?;
        suite.causes.iter().try_for_each(|cause| self::cause(html, suite, cause))
    })?;
    line_break(html)
}

fn cause(html: &mut Html, suite: &Suite<'_>, cause: &Cause) -> io::Result<()> {
    let anchor = anchors::of_cause(cause);
    element(html, "article", &[("class", "cause"), ("id", &anchor)], |html| {
        spans(html, "h3", &[], &code_spans(&cause.message))?;
        element(html, "p", &[("class", "fix")], |html| {
            text(html, "strong", &[], "Fix: ")?;
            spans(html, "span", &[], &code_spans(&cause.fix))
        })?;
        let certainty = if cause.confirmed { "confirmed by further requests" } else { "probable" };
        element(html, "p", &[("class", "dim")], |html| {
            text(html, "code", &[], cause.code)?;
            plain(html, &format!(", {certainty}"))
        })?;
        let is_explained = |case: &&CaseReport| cause.cases.contains(&case.id);
        let cases: Vec<_> = suite.cases.iter().filter(is_explained).collect();
        let title = format!("{}: ", counted(cases.len(), "case", "cases"));
        inline_list(html, suite, &title, &cases)
    })?;
    line_break(html)
}

/// Adds links to cases as one paragraph.
fn inline_list(
    html: &mut Html,
    suite: &Suite<'_>,
    title: &str,
    cases: &[&CaseReport],
) -> io::Result<()> {
    element(html, "p", &[("class", "cases")], |html| {
        plain(html, title)?;
        cases.iter().enumerate().try_for_each(|(index, case)| {
            plain(html, if index == 0 { "" } else { ", " })?;
            anchor_link(html, &anchors::of_case(suite, case), &case.id)
        })
    })
}

/// Adds the failures that no cause explains, each with the expected and the observed behaviour. The
/// causes lead to the others.
fn failures(html: &mut Html, suite: &Suite<'_>) -> io::Result<()> {
    let cases = unexplained_failures(suite);
    if cases.is_empty() {
        return Ok(());
    }
    element(html, "section", &[("id", anchors::FAILURES)], |html| {
        let title = if suite.causes.is_empty() {
            counted(cases.len(), "failure", "failures")
        } else {
            counted(cases.len(), "other failure", "other failures")
        };
        text(html, "h2", &[], &title)?;
        element(html, "ol", &[("class", "failures")], |html| {
            cases.iter().try_for_each(|case| failure(html, suite, case))
        })
    })?;
    line_break(html)
}

/// Returns the failed cases without a known cause.
pub(super) fn unexplained_failures<'s>(suite: &Suite<'s>) -> Vec<&'s CaseReport> {
    let run = suite.cases.iter().take(suite.ran);
    run.filter(|case| case.outcome == CaseOutcome::Fail && !suite.has_cause(case)).collect()
}

fn failure(html: &mut Html, suite: &Suite<'_>, case: &CaseReport) -> io::Result<()> {
    element(html, "li", &[], |html| {
        element(html, "p", &[], |html| {
            element(html, "b", &[("class", "id")], |html| {
                anchor_link(html, &anchors::of_case(suite, case), &case.id)
            })?;
            plain(html, " ")?;
            spans(html, "span", &[], &code_spans(&case.about))?;
            if suite.counts(case) {
                return Ok(());
            }
            text(html, "span", &[("class", "dim")], &format!(" ({}, not counted)", case.level))
        })?;
        spans(html, "p", &[("class", "dim")], &code_spans(&observation(case)))
    })?;
    line_break(html)
}

/// Adds the incomplete cases by the evidence that is missing.
fn incomplete(html: &mut Html, suite: &Suite<'_>) -> io::Result<()> {
    let count = suite.count(CaseOutcome::Incomplete);
    if count == 0 {
        return Ok(());
    }
    element(html, "section", &[("id", anchors::INCOMPLETE)], |html| {
        text(html, "h2", &[], &counted(count, "incomplete case", "incomplete cases"))?;
        missing_evidence(suite.run()).iter().try_for_each(|(reason, cases)| {
            spans(html, "p", &[], &code_spans(reason))?;
            let title = format!("{}: ", counted(cases.len(), "case", "cases"));
            inline_list(html, suite, &title, cases)
        })
    })?;
    line_break(html)
}
