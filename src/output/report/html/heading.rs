//! The top of the HTML report: the verdict, the contents, the counts, and what limits the result.

use crate::domain::conformance::CaseOutcome;
use crate::domain::time::format_duration;
use crate::output::printer::ErrorReport;
use crate::output::report::html::anchors;
use crate::output::report::html::elements::{
    Html, anchor_link, copyable, counted, element, line_break, plain, spans, symbol, text,
};
use crate::output::report::html::overview::unexplained_failures;
use crate::output::report::html::run_facts::date;
use crate::output::report::spans::{Span, code_spans};
use crate::output::report::{Suite, VERSION};
use std::io;

/// Adds the verdict in words and colour, the run that it is about, and the contents.
pub(super) fn write(html: &mut Html, suite: &Suite<'_>) -> io::Result<()> {
    let (verdict, sign) = match suite.verdict() {
        CaseOutcome::Fail => ("failed", "✗"),
        CaseOutcome::Pass => ("passed", "✓"),
        CaseOutcome::Incomplete | CaseOutcome::Skipped => ("incomplete", "?"),
    };
    let class = format!("band {}", suite.verdict());
    element(html, "header", &[("class", &class)], |html| {
        element(html, "h1", &[], |html| {
            symbol(html, sign)?;
            plain(html, &format!(" Check {verdict}"))
        })?;
        text(html, "p", &[("class", "verdict")], &sentence(&suite.verdict_sentence()))?;
        spans(
            html,
            "p",
            &[],
            &[Span::Code(suite.url), Span::Text(&format!(" as {} would call it", suite.provider))],
        )?;
        let (date, took) = (date(suite), format_duration(suite.took));
        let run = format!("{date} · {took} · leadhook {VERSION} · seed {}", suite.seed);
        text(html, "p", &[("class", "run")], &run)
    })?;
    line_break(html)?;
    contents(html, suite)
}

/// Adds the reason why there is no result, and the next step.
pub(super) fn error(html: &mut Html, error: &ErrorReport) -> io::Result<()> {
    element(html, "header", &[("class", "band fail")], |html| {
        element(html, "h1", &[], |html| {
            symbol(html, "✗")?;
            plain(html, " The check could not run")
        })?;
        text(html, "p", &[("class", "verdict")], &error.message)?;
        error.hint.iter().try_for_each(|hint| text(html, "p", &[], hint))?;
        text(
            html,
            "p",
            &[("class", "run")],
            &format!("exit status {} · leadhook {VERSION}", error.exit),
        )
    })?;
    line_break(html)?;
    if error.output.is_empty() {
        return Ok(());
    }
    element(html, "main", &[], |html| copyable(html, "output", &error.output.join("\n")))
}

/// Adds links to the sections that the report has.
fn contents(html: &mut Html, suite: &Suite<'_>) -> io::Result<()> {
    let responses = suite.run().iter().map(|case| case.response_times.len()).sum();
    let failures = if suite.causes.is_empty() { "Failures" } else { "Other failures" };
    let sections = [
        (anchors::CAUSES, "Causes", suite.causes.len()),
        (anchors::FAILURES, failures, unexplained_failures(suite).len()),
        (anchors::INCOMPLETE, "Incomplete", suite.count(CaseOutcome::Incomplete)),
        (anchors::RESPONSE_TIMES, "Response times", responses),
        (anchors::CASES, "Cases", suite.cases.len()),
        (anchors::RUN, "About this run", 1),
    ];
    element(html, "nav", &[("aria-label", "Contents")], |html| {
        element(html, "ul", &[], |html| {
            let present = sections.into_iter().filter(|(.., count)| *count > 0);
            present.into_iter().try_for_each(|(anchor, name, count)| {
                element(html, "li", &[], |html| {
                    anchor_link(html, anchor, name)?;
                    if anchor == anchors::RUN {
                        return Ok(());
                    }
                    plain(html, &format!(" {count}"))
                })
            })
        })
    })?;
    line_break(html)
}

/// Adds the number of cases by result, as a bar and in words.
pub(super) fn counts(html: &mut Html, suite: &Suite<'_>) -> io::Result<()> {
    let present: Vec<_> = suite.results().into_iter().filter(|(_, count, _)| *count > 0).collect();
    // The list below it says the same in words.
    element(html, "div", &[("class", "bar"), ("aria-hidden", "true")], |html| {
        present.iter().try_for_each(|(class, count, _)| {
            let style = format!("flex-grow:{count}");
            element(html, "span", &[("class", class), ("style", &style)], |_| Ok(()))
        })
    })?;
    element(html, "ul", &[("class", "counts")], |html| {
        present.iter().try_for_each(|(class, count, word)| {
            element(html, "li", &[("class", class)], |html| {
                text(html, "b", &[], &count.to_string())?;
                plain(html, &format!(" {word}"))
            })
        })
    })?;
    line_break(html)
}

/// Adds what a reader must know before the results: an early end, and redacted requests.
pub(super) fn notices(html: &mut Html, suite: &Suite<'_>) -> io::Result<()> {
    if let Some(reason) = suite.stopped {
        let title = match suite.not_run().len() {
            0 => "The check did not finish".to_owned(),
            count => format!("{} not run", counted(count, "case was", "cases were")),
        };
        notice(html, &title, &sentence(reason))?;
    }
    match suite.redaction {
        Some(redaction) => notice(html, "The requests are redacted", &sentence(redaction)),
        None => Ok(()),
    }
}

fn notice(html: &mut Html, title: &str, reason: &str) -> io::Result<()> {
    element(html, "aside", &[("class", "notice")], |html| {
        text(html, "strong", &[], title)?;
        spans(html, "p", &[], &code_spans(reason))
    })?;
    line_break(html)
}

/// Returns a text as a sentence, with a capital and a full stop.
fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase());
    let stop = if text.ends_with('.') { "" } else { "." };
    first.into_iter().collect::<String>() + characters.as_str() + stop
}
