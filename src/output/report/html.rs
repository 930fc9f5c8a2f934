//! The HTML report: every case with the observed response and the consequence for the provider.
//!
//! The file is self-contained: no scripts, fonts or links. It follows the reader's light or dark
//! scheme.

use crate::domain::conformance::{CaseGroup, CaseOutcome, CaseReport};
use crate::domain::delivery::NextStep;
use crate::domain::time::format_duration;
use crate::output::report::Suite;
use crate::output::sanitize;
use quick_xml::Writer;
use quick_xml::events::BytesText;
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
.sum { margin: 1rem 0; font-size: 1.1rem }
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
    let mut html = Writer::new_with_indent(b"<!doctype html>\n".to_vec(), b' ', 1);
    html.create_element("html").with_attribute(("lang", "en")).write_inner_content(|html| {
        html.create_element("head").write_inner_content(|html| {
            html.create_element("meta").with_attribute(("charset", "utf-8")).write_empty()?;
            html.create_element("meta")
                .with_attribute(("name", "viewport"))
                .with_attribute(("content", "width=device-width, initial-scale=1"))
                .write_empty()?;
            text(html, "title", "", &format!("leadhook check {}", suite.url))?;
            html.create_element("style").write_text_content(BytesText::from_escaped(STYLE))?;
            Ok(())
        })?;
        html.create_element("body").write_inner_content(|html| {
            head(html, suite)?;
            for group in CaseGroup::ALL {
                section(html, suite, group)?;
            }
            Ok(())
        })?;
        Ok(())
    })?;
    let mut document = String::from_utf8(html.into_inner()).map_err(io::Error::other)?;
    document.push('\n');
    Ok(sanitize::markup_without_ci_commands(document).into_bytes())
}

fn head(html: &mut Html, suite: &Suite<'_>) -> io::Result<()> {
    text(html, "h1", "", &format!("Your receiver as {} would call it", suite.provider))?;
    text(html, "p", "dim", suite.url)?;
    let counts = [
        (CaseOutcome::Pass, "passed"),
        (CaseOutcome::Fail, "failed"),
        (CaseOutcome::Incomplete, "incomplete"),
        (CaseOutcome::Skipped, "skipped"),
    ]
    .map(|(outcome, word)| format!("{} {word}", suite.count(outcome)));
    text(html, "p", "sum", &format!("{} in {}", counts.join(", "), format_duration(suite.took)))
}

fn section(html: &mut Html, suite: &Suite<'_>, group: CaseGroup) -> io::Result<()> {
    let cases: Vec<_> = suite.cases.iter().filter(|case| case.group == group).collect();
    if cases.is_empty() {
        return Ok(());
    }
    let passed = cases.iter().filter(|case| case.outcome == CaseOutcome::Pass).count();
    text(html, "h2", "", &format!("{}: {passed} of {}", group.title(), cases.len()))?;
    cases.into_iter().try_for_each(|case| self::case(html, suite, case))
}

fn case(html: &mut Html, suite: &Suite<'_>, case: &CaseReport) -> io::Result<()> {
    let class = format!("case {}", case.outcome);
    let mut details = html.create_element("details").with_attribute(("class", class.as_str()));
    if case.outcome == CaseOutcome::Fail {
        details = details.with_attribute(("open", "open"));
    }
    details.write_inner_content(|html| {
        html.create_element("summary").write_inner_content(|html| {
            text(html, "span", "word", &case.outcome.to_string())?;
            text(html, "span", "id", &case.id)?;
            text(html, "span", "about dim", &case.about)
        })?;
        html.create_element("div").with_attribute(("class", "body")).write_inner_content(
            |html| {
                html.create_element("dl").write_inner_content(|html| {
                    row(html, "sent", &case.about)?;
                    row(html, "expected", &case.expected)?;
                    row(html, "observed", &case.observed)?;
                    row(html, suite.provider, consequence(case))?;
                    row(html, "advice", &case.advice)?;
                    row(html, "level", &case.level.to_string())?;
                    row(html, "source", &case.source)
                })?;
                match &case.curl {
                    Some(curl) if case.outcome == CaseOutcome::Fail => text(html, "pre", "", curl),
                    _ => Ok(()),
                }
            },
        )?;
        Ok(())
    })?;
    Ok(())
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
fn row(html: &mut Html, name: &str, content: &str) -> io::Result<()> {
    if content.is_empty() {
        return Ok(());
    }
    text(html, "dt", "", name)?;
    text(html, "dd", "", content)
}

fn text(html: &mut Html, element: &str, class: &str, content: &str) -> io::Result<()> {
    let content = sanitize::lines(content);
    let mut element = html.create_element(element);
    if !class.is_empty() {
        element = element.with_attribute(("class", class));
    }
    element.write_text_content(BytesText::new(&content)).map(drop)
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
        assert_eq!(document.matches(" open=").count(), 1, "failed cases are expanded");
    }
}
