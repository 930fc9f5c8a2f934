//! The HTML report: the verdict, the causes, the failures, and every case with the observed response
//! and the consequence for the provider.
//!
//! The file is self-contained: no scripts, fonts or images. Its links lead to the documentation
//! that justifies an expectation. It follows the reader's light or dark scheme.

use crate::domain::cause::Cause;
use crate::domain::conformance::{CaseGroup, CaseOutcome, CaseReport};
use crate::domain::delivery::NextStep;
use crate::output::report::spans::{Span, code_spans, source_spans};
use crate::output::report::{Suite, VERSION};
use crate::output::sanitize;
use quick_xml::events::{BytesText, Event};
use quick_xml::{ElementWriter, Writer};
use std::io;

const STYLE: &str = "
:root { color-scheme: light dark; --fg: #1f2328; --dim: #59636e; --paper: #fff; --line: #d1d9e0;
  --soft: #f6f8fa; --pass: #1a7f37; --fail: #cf222e; --incomplete: #9a6700; --skipped: #59636e }
@media (prefers-color-scheme: dark) { :root { --fg: #e6edf3; --dim: #9198a1; --paper: #0d1117;
  --line: #30363d; --soft: #151b23; --pass: #3fb950; --fail: #f85149; --incomplete: #d29922 } }
body { font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; margin: 2rem auto;
  max-width: 56rem; padding: 0 1rem; color: var(--fg); background: var(--paper) }
h1 { font-size: 1.5rem; margin: 0 } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem }
p { margin: .25rem 0 } .dim { color: var(--dim) }
a { color: inherit } code { font-family: ui-monospace, monospace; font-size: .9em }
.verdict { font-size: 1.25rem; font-weight: 600; margin-top: 1rem }
.verdict.pass { color: var(--pass) } .verdict.fail { color: var(--fail) }
.verdict.incomplete { color: var(--incomplete) }
.facts { margin: 1rem 0 } .cause { border-left: 3px solid var(--fail); padding: .25rem .75rem; margin: .75rem 0 }
.cause .message { font-weight: 600 } ul { margin: .25rem 0; padding-left: 1.25rem }
:target { background: var(--soft) }
.case { border-top: 1px solid var(--line); padding: .5rem 0 }
.case > summary { cursor: pointer; display: flex; gap: .75rem; align-items: baseline }
.word { font-weight: 600; min-width: 6rem } .id { font-family: ui-monospace, monospace; min-width: 17rem }
.pass .word { color: var(--pass) } .fail .word { color: var(--fail) }
.incomplete .word { color: var(--incomplete) } .skipped .word { color: var(--skipped) }
.body { margin: .5rem 0 .5rem 6.75rem }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: 0 }
dt { color: var(--dim) } dd { margin: 0; overflow-wrap: anywhere }
pre { background: var(--soft); padding: .75rem; overflow: auto; max-height: 14rem; font-size: .85rem;
  white-space: pre-wrap; overflow-wrap: anywhere }
@media (max-width: 40rem) { .body { margin-left: 0 } .id { min-width: 0 } .about { display: none } }
";

type Html = Writer<Vec<u8>>;

/// Renders the report.
///
/// # Errors
///
/// Never: writing to a buffer cannot fail.
pub fn write(suite: &Suite<'_>) -> io::Result<Vec<u8>> {
    let mut html = Writer::new(b"<!doctype html>\n".to_vec());
    html.create_element("html").with_attribute(("lang", "en")).write_inner_content(|html| {
        html.create_element("head").write_inner_content(|html| {
            html.create_element("meta").with_attribute(("charset", "utf-8")).write_empty()?;
            html.create_element("meta")
                .with_attribute(("name", "viewport"))
                .with_attribute(("content", "width=device-width, initial-scale=1"))
                .write_empty()?;
            let title = format!("{}: leadhook check {}", suite.verdict_sentence(), suite.url);
            text(html, "title", "", &title)?;
            html.create_element("style").write_text_content(BytesText::from_escaped(STYLE))?;
            Ok(())
        })?;
        line_break(html)?;
        html.create_element("body").write_inner_content(|html| {
            head(html, suite)?;
            causes(html, suite)?;
            case_list(html, suite, "Failures", CaseOutcome::Fail)?;
            case_list(html, suite, "Incomplete", CaseOutcome::Incomplete)?;
            not_run(html, suite)?;
            CaseGroup::ALL.into_iter().try_for_each(|group| section(html, suite, group))
        })?;
        Ok(())
    })?;
    let mut document = String::from_utf8(html.into_inner()).map_err(io::Error::other)?;
    document.push('\n');
    Ok(sanitize::markup_without_ci_commands(document).into_bytes())
}

/// Adds the verdict and the facts of the run.
fn head(html: &mut Html, suite: &Suite<'_>) -> io::Result<()> {
    text(html, "h1", "", &format!("Your receiver as {} would call it", suite.provider))?;
    let verdict = suite.verdict_sentence();
    text(html, "p", &format!("verdict {}", suite.verdict()), &verdict)?;
    text(html, "p", "sum", &suite.counts_sentence())?;
    html.create_element("dl").with_attribute(("class", "facts")).write_inner_content(|html| {
        row(html, "receiver", &[Span::Text(suite.url)])?;
        row(html, "documentation", &source_spans(suite.documentation))?;
        row(html, "seed", &[Span::Text(&suite.seed.to_string())])?;
        row(html, "leadhook", &[Span::Text(VERSION)])?;
        row(html, "date", &[Span::Text(&format!("{:.0}", suite.date))])?;
        row(html, "requests", &[Span::Text(suite.redaction.unwrap_or_default())])
    })?;
    line_break(html)
}

/// Adds the causes, each with its fix and links to its cases.
fn causes(html: &mut Html, suite: &Suite<'_>) -> io::Result<()> {
    if suite.causes.is_empty() {
        return Ok(());
    }
    text(html, "h2", "", "Causes")?;
    for cause in suite.causes {
        let class = ("class", "cause");
        html.create_element("section")
            .with_attribute(class)
            .write_inner_content(|html| self::cause(html, suite, cause))?;
        line_break(html)?;
    }
    Ok(())
}

fn cause(html: &mut Html, suite: &Suite<'_>, cause: &Cause) -> io::Result<()> {
    let certainty = if cause.confirmed { "confirmed by further requests" } else { "probable" };
    spans(html, "p", "message", &code_spans(&cause.message))?;
    spans(html, "p", "fix", &code_spans(&cause.fix))?;
    text(html, "p", "dim", &format!("{}, {certainty}", cause.code))?;
    let is_explained = |case: &&CaseReport| cause.cases.contains(&case.id);
    let cases: Vec<_> = suite.cases.iter().filter(is_explained).collect();
    link_list(html, suite, &cases)
}

/// Adds links to the cases with an outcome.
fn case_list(
    html: &mut Html,
    suite: &Suite<'_>,
    title: &str,
    outcome: CaseOutcome,
) -> io::Result<()> {
    let cases: Vec<_> = suite.run().iter().filter(|case| case.outcome == outcome).collect();
    if cases.is_empty() {
        return Ok(());
    }
    text(html, "h2", "", &format!("{title}: {}", cases.len()))?;
    link_list(html, suite, &cases)
}

/// Adds why the check has stopped, and how many cases it did not run.
fn not_run(html: &mut Html, suite: &Suite<'_>) -> io::Result<()> {
    let count = suite.not_run().len();
    if count == 0 {
        return Ok(());
    }
    text(html, "h2", "", &format!("Not run: {count}"))?;
    spans(html, "p", "", &code_spans(suite.stopped.unwrap_or_default()))
}

fn link_list(html: &mut Html, suite: &Suite<'_>, cases: &[&CaseReport]) -> io::Result<()> {
    html.create_element("ul").write_inner_content(|html| {
        cases.iter().try_for_each(|case| {
            html.create_element("li").write_inner_content(|html| {
                link(html, &format!("#{}", anchor(case)), &case.id)?;
                html.write_event(Event::Text(BytesText::new(" ")))?;
                spans(html, "span", "dim", &code_spans(&case.about))?;
                if case.outcome == CaseOutcome::Fail && !suite.counts(case) {
                    text(html, "span", "dim", " (not counted)")?;
                }
                Ok(())
            })?;
            line_break(html)
        })
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
    let title = match not_run.len() {
        0 => format!("{}: {passed} of {}", group.title(), run.len()),
        others => format!("{}: {passed} of {}, {others} not run", group.title(), run.len()),
    };
    text(html, "h2", "", &title)?;
    run.into_iter().try_for_each(|case| self::case(html, suite, case))?;
    if not_run.is_empty() {
        return Ok(());
    }
    let ids: Vec<_> = not_run.iter().map(|case| case.id.as_str()).collect();
    text(html, "p", "dim", &format!("not run: {}", ids.join(", ")))
}

fn case(html: &mut Html, suite: &Suite<'_>, case: &CaseReport) -> io::Result<()> {
    let (class, id) = (format!("case {}", case.outcome), anchor(case));
    let details = html.create_element("details").with_attribute(("class", class.as_str()));
    let mut details = details.with_attribute(("id", id.as_str()));
    if case.outcome == CaseOutcome::Fail {
        details = details.with_attribute(("open", "open"));
    }
    details.write_inner_content(|html| {
        html.create_element("summary").write_inner_content(|html| {
            text(html, "span", "word", &case.outcome.to_string())?;
            text(html, "span", "id", &case.id)?;
            spans(html, "span", "about dim", &code_spans(&case.about))
        })?;
        html.create_element("div").with_attribute(("class", "body")).write_inner_content(
            |html| {
                html.create_element("dl").write_inner_content(|html| facts(html, suite, case))?;
                match &case.curl {
                    Some(curl) if case.outcome == CaseOutcome::Fail => text(html, "pre", "", curl),
                    _ => Ok(()),
                }
            },
        )?;
        Ok(())
    })?;
    line_break(html)
}

/// Adds what was sent, expected and observed.
fn facts(html: &mut Html, suite: &Suite<'_>, case: &CaseReport) -> io::Result<()> {
    row(html, "sent", &code_spans(&case.about))?;
    row(html, "expected", &code_spans(&case.expected))?;
    row(html, "observed", &code_spans(&case.observed))?;
    row(html, suite.provider, &code_spans(consequence(case)))?;
    row(html, "advice", &code_spans(&case.advice))?;
    row(html, "level", &[Span::Text(&case.level.to_string())])?;
    row(html, "source", &source_spans(&case.source))
}

/// Returns the id of the element of a case.
fn anchor(case: &CaseReport) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let id = case.id.chars().map(|c| if is_plain(c) { c } else { '-' });
    format!("case-{}", id.collect::<String>())
}

/// Describes the consequence of the response for the provider.
fn consequence(case: &CaseReport) -> &str {
    match (&case.consequence, case.next_step) {
        (Some(consequence), _) => consequence,
        (None, Some(NextStep::None)) => "It counts as delivered.",
        (None, _) => "",
    }
}

/// Adds a name and its content to a list, unless the content is empty.
fn row(html: &mut Html, name: &str, content: &[Span<'_>]) -> io::Result<()> {
    if content.iter().all(|span| *span == Span::Text("")) {
        return Ok(());
    }
    text(html, "dt", "", name)?;
    spans(html, "dd", "", content)
}

/// Adds an element with text, code and links.
fn spans(html: &mut Html, element: &str, class: &str, content: &[Span<'_>]) -> io::Result<()> {
    let element = with_class(html.create_element(element), class);
    element.write_inner_content(|html| {
        content.iter().try_for_each(|span| match span {
            Span::Text(plain) => {
                html.write_event(Event::Text(BytesText::new(&sanitize::lines(plain))))
            }
            Span::Code(code) => text(html, "code", "", code),
            Span::Link(name, url) => link(html, url, name),
        })
    })?;
    Ok(())
}

fn text(html: &mut Html, element: &str, class: &str, content: &str) -> io::Result<()> {
    let element = with_class(html.create_element(element), class);
    element.write_text_content(BytesText::new(&sanitize::lines(content))).map(drop)
}

fn link(html: &mut Html, url: &str, name: &str) -> io::Result<()> {
    let url = sanitize::lines(url);
    let element = html.create_element("a").with_attribute(("href", url.as_str()));
    element.write_text_content(BytesText::new(&sanitize::lines(name))).map(drop)
}

fn with_class<'h>(element: ElementWriter<'h, Vec<u8>>, class: &str) -> ElementWriter<'h, Vec<u8>> {
    if class.is_empty() { element } else { element.with_attribute(("class", class)) }
}

/// Ends a line of the file: its elements are not indented, because white space between inline
/// elements would be shown.
fn line_break(html: &mut Html) -> io::Result<()> {
    html.write_event(Event::Text(BytesText::from_escaped("\n")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::report::tests::{cases, suite};

    #[test]
    fn observed_values_cannot_add_markup() {
        let cases = cases();
        let document = String::from_utf8(write(&suite(&cases)).unwrap()).unwrap();
        assert!(document.starts_with("<!doctype html>\n<html"), "{document}");
        for markup in ["<script", "<b>bold", "Real <Estate>", "\u{1b}"] {
            assert!(!document.contains(markup), "{markup}");
        }
        assert_eq!(document.matches("<details").count(), 4);
        assert!(document.contains("<a href=\"https://example.com/webhooks\">"), "{document}");
        assert_eq!(document.matches(" open=").count(), 1, "failed cases are expanded");
    }

    #[test]
    fn cases_that_were_not_run_are_counted_apart() {
        let cases = cases();
        let stopped = Some("the deadline of 2m was reached");
        let document = write(&Suite { ran: 2, stopped, ..suite(&cases) }).unwrap();
        let document = String::from_utf8(document).unwrap();
        for expected in [
            "1 passed, 1 failed, 0 incomplete, 2 not run in 1.0 s",
            "Not run: 2",
            "the deadline of 2m was reached",
            "1 of 2, 2 not run",
            "not run: unknown, left-out",
        ] {
            assert!(document.contains(expected), "{expected}: {document}");
        }
        assert!(!document.contains("Incomplete"), "{document}");
        assert_eq!(document.matches("<details").count(), 2);
    }

    #[test]
    fn causes_and_failures_lead_to_their_cases() {
        let mut cases = cases();
        "hash `express.raw()`".clone_into(&mut cases[1].advice);
        let cause = Cause {
            code: "body-reserialised",
            message: "Your receiver hashes `JSON.stringify(body)`.".to_owned(),
            fix: "Hash the raw body.".to_owned(),
            confirmed: true,
            cases: vec!["bad".to_owned()],
        };
        let suite = Suite { causes: &[cause], ..suite(&cases) };
        let document = String::from_utf8(write(&suite).unwrap()).unwrap();
        assert_eq!(document.matches("<a href=\"#case-bad\">").count(), 2, "{document}");
        for expected in [
            "id=\"case-bad\"",
            "<p class=\"verdict fail\">1 of 4 cases failed</p>",
            "Your receiver hashes <code>JSON.stringify(body)</code>.",
            "hash <code>express.raw()</code>",
            "<dt>seed</dt><dd>7</dd>",
            "<dt>date</dt><dd>2026-11-30T00:00:00Z</dd>",
            "<a href=\"https://www.rfc-editor.org/rfc/rfc9110\">RFC 9110</a>",
        ] {
            assert!(document.contains(expected), "{expected}: {document}");
        }
    }
}
