//! The step summary of GitHub Actions: a Markdown table with the causes and the failures.

use crate::domain::cause::Cause;
use crate::domain::conformance::{CaseOutcome, CaseReport};
use crate::output::printer::ErrorReport;
use crate::output::report::spans::{Span, code_spans};
use crate::output::report::{Suite, VERSION, findings};
use crate::output::sanitize;
use std::fmt::Write;

/// The characters that Markdown does not interpret. All other ASCII punctuation is written as
/// character references, which are never syntax.
const PLAIN_PUNCTUATION: &str = " '\",.;/?()%+=-$";

/// The space that is kept for the line that says how many rows are left out.
const RESERVE: usize = 200;

/// Renders the summary with at most `limit` bytes.
#[must_use]
pub fn write(suite: &Suite<'_>, limit: usize) -> String {
    let mut text = heading(suite);
    let rows: Vec<_> = rows(suite).collect();
    if !rows.is_empty() {
        text.push_str("\n| result | case | finding | fix |\n| --- | --- | --- | --- |\n");
    }
    let mut left_out = 0;
    for row in rows {
        // Once a row is left out, so are all rows after it.
        if left_out > 0 || text.len() + row.len() + RESERVE > limit {
            left_out += 1;
        } else {
            text.push_str(&row);
        }
    }
    if left_out > 0 {
        let _ = writeln!(text, "\n{left_out} more rows are left out.");
    }
    text.push('\n');
    if text.len() > limit { String::new() } else { text }
}

/// Renders the summary of a check that could not run.
#[must_use]
pub fn write_error(error: &ErrorReport) -> String {
    let lines: Vec<_> =
        [&error.message].into_iter().chain(&error.hint).map(|it| prose(it)).collect();
    format!("## leadhook check: no result\n\n{}\n\n", lines.join("\n\n"))
}

/// Returns the verdict and the facts of the run.
fn heading(suite: &Suite<'_>) -> String {
    let mut text = format!("## leadhook check: {}\n\n", escaped(&suite.verdict_sentence()));
    let facts = [
        escaped(suite.url),
        format!("as {} would call it", escaped(suite.provider)),
        format!("seed {}", suite.seed),
        format!("leadhook {VERSION}"),
    ];
    let _ = writeln!(text, "{}\n\n{}", facts.join(", "), suite.counts_sentence());
    if let Some(reason) = suite.stopped {
        let _ = writeln!(text, "\nStopped: {}", prose(reason));
    }
    text
}

/// Returns the rows: causes, failures without a known cause, the failures that the causes explain,
/// and incomplete cases.
fn rows<'s>(suite: &'s Suite<'_>) -> impl Iterator<Item = String> + 's {
    let of = |outcome, is_explained: bool| {
        suite
            .run()
            .iter()
            .filter(move |case| case.outcome == outcome && suite.has_cause(case) == is_explained)
    };
    let failures = of(CaseOutcome::Fail, false).chain(of(CaseOutcome::Fail, true));
    let incomplete = of(CaseOutcome::Incomplete, false).chain(of(CaseOutcome::Incomplete, true));
    let cases = failures.chain(incomplete).map(|case| case_row(suite, case));
    suite.causes.iter().map(cause_row).chain(cases)
}

fn cause_row(cause: &Cause) -> String {
    let word = if cause.confirmed { "**cause**" } else { "**probable cause**" };
    let cases: Vec<_> = cause.cases.iter().map(|id| code(id)).collect();
    row([word, &cases.join(", "), &prose(&cause.message), &prose(&cause.fix)])
}

fn case_row(suite: &Suite<'_>, case: &CaseReport) -> String {
    let word = match case.outcome {
        CaseOutcome::Fail if suite.counts(case) => "**failed**",
        CaseOutcome::Fail => "failed, not counted",
        _ => "incomplete",
    };
    let name = format!("{}<br>{}", code(&case.id), prose(&case.about));
    let findings: Vec<_> = findings(case).iter().map(|line| prose(line)).collect();
    row([word, &name, &findings.join("<br>"), &prose(&case.advice)])
}

fn row(cells: [&str; 4]) -> String {
    format!("| {} |\n", cells.join(" | "))
}

/// Formats a sentence as the content of a cell.
fn prose(text: &str) -> String {
    let text = sanitize::line(text);
    let spans = code_spans(&text).into_iter().map(|span| match span {
        Span::Text(text) | Span::Link(text, _) => escaped(text),
        Span::Code(text) => code(text),
    });
    spans.collect()
}

fn code(text: &str) -> String {
    format!("<code>{}</code>", escaped(text))
}

/// Escapes a string for one line of Markdown.
fn escaped(text: &str) -> String {
    let mut safe = String::new();
    for c in sanitize::line(text).chars() {
        if !c.is_ascii_punctuation() || PLAIN_PUNCTUATION.contains(c) {
            safe.push(c);
        } else {
            let _ = write!(safe, "&#{};", u32::from(c));
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::report::tests::{cases, suite};

    const LIMIT: usize = 1 << 20;

    #[test]
    fn a_cell_cannot_end_its_row_or_add_markup() {
        let mut cases = cases();
        cases[1].observed = "a | b\n| c <script> *d* [e](http://x) `f|g`".to_owned();
        let text = write(&suite(&cases), LIMIT);
        let rows: Vec<_> = text.lines().filter(|line| line.starts_with("| ")).collect();
        assert_eq!(rows.len(), 4, "{text}");
        assert!(rows.iter().all(|row| row.matches('|').count() == 5), "{text}");
        for markup in ["<script", "*d*", "](", "http://x", "<b>"] {
            assert!(!text.contains(markup), "{markup}: {text}");
        }
        assert!(text.contains("<code>f&#124;g</code>"), "{text}");
        assert!(text.starts_with("## leadhook check: 1 of 4 cases failed\n"), "{text}");
    }

    #[test]
    fn causes_come_first() {
        let cases = cases();
        let cause = Cause {
            code: "wrong-path",
            message: "Every request gets `404`.".to_owned(),
            fix: "Is the path right?".to_owned(),
            confirmed: true,
            cases: vec!["bad".to_owned()],
        };
        let text = write(&Suite { causes: &[cause], ..suite(&cases) }, LIMIT);
        let first = text.lines().find(|line| line.starts_with("| **")).unwrap();
        let expected = "| **cause** | <code>bad</code> | Every request gets <code>404</code>. | Is \
                        the path right? |";
        assert_eq!(first, expected);
    }

    #[test]
    fn the_size_is_limited() {
        let [_, failed, ..] = <[_; 4]>::try_from(cases()).unwrap();
        let cases = vec![failed; 5_000];
        let text = write(&suite(&cases), 100_000);
        assert!(text.len() <= 100_000 && text.len() > 90_000, "{}", text.len());
        assert!(text.ends_with(" more rows are left out.\n\n"));
        assert_eq!(write(&suite(&cases), 10), "", "no space is left for anything");
    }
}
