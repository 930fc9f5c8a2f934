//! The HTML report: the verdict, the causes, the failures, the response times, and every case with
//! the observed response and the consequence for the provider.
//!
//! The file is self-contained: no scripts, fonts or images. Its links lead to the documentation
//! that justifies an expectation. It follows the reader's light or dark scheme.

mod anchors;
mod cases;
mod elements;
mod heading;
mod overview;
mod response_times;
mod run_facts;
#[cfg(test)]
mod tests;

use crate::output::printer::ErrorReport;
use crate::output::report::html::elements::{element, empty, line_break, text};
use crate::output::report::{Suite, VERSION};
use crate::output::sanitize;
use quick_xml::Writer;
use quick_xml::events::{BytesText, Event};
use std::io;

/// The style sheet. No line begins with `::`, which would be a command for a CI system.
const STYLE: &str = include_str!("style.css");

/// The id of the content, which the first link of the page leads to.
const MAIN: &str = "main";

/// Renders the report.
///
/// # Errors
///
/// Never: writing to a buffer cannot fail.
pub fn write(suite: &Suite<'_>) -> io::Result<Vec<u8>> {
    let title = format!("{}: leadhook check {}", suite.verdict_sentence(), suite.url);
    page(&title, |html| body(html, suite))
}

/// Renders the report of a check that could not run.
///
/// # Errors
///
/// Never: writing to a buffer cannot fail.
pub fn write_error(error: &ErrorReport) -> io::Result<Vec<u8>> {
    page("leadhook check: no result", |html| heading::error(html, error))
}

fn page(
    title: &str,
    body: impl FnOnce(&mut elements::Html) -> io::Result<()>,
) -> io::Result<Vec<u8>> {
    let mut html = Writer::new(b"<!doctype html>\n".to_vec());
    element(&mut html, "html", &[("lang", "en")], |html| {
        element(html, "head", &[], |html| metadata(html, title))?;
        line_break(html)?;
        element(html, "body", &[], body)
    })?;
    let mut document = String::from_utf8(html.into_inner()).map_err(io::Error::other)?;
    document.push('\n');
    Ok(sanitize::markup_without_ci_commands(document).into_bytes())
}

fn metadata(html: &mut elements::Html, title: &str) -> io::Result<()> {
    empty(html, "meta", &[("charset", "utf-8")])?;
    let viewport = "width=device-width, initial-scale=1";
    empty(html, "meta", &[("name", "viewport"), ("content", viewport)])?;
    empty(html, "meta", &[("name", "color-scheme"), ("content", "light dark")])?;
    text(html, "title", &[], title)?;
    element(html, "style", &[], |html| {
        html.write_event(Event::Text(BytesText::from_escaped(STYLE)))
    })
}

fn body(html: &mut elements::Html, suite: &Suite<'_>) -> io::Result<()> {
    text(html, "a", &[("class", "skip"), ("href", "#main")], "Skip to the results")?;
    line_break(html)?;
    heading::write(html, suite)?;
    element(html, "main", &[("id", MAIN)], |html| {
        heading::counts(html, suite)?;
        heading::notices(html, suite)?;
        overview::write(html, suite)?;
        response_times::write(html, suite)?;
        cases::write(html, suite)?;
        run_facts::write(html, suite)
    })?;
    line_break(html)?;
    let about = format!("leadhook {VERSION}. This file has no script and loads nothing.");
    text(html, "footer", &[], &about)?;
    line_break(html)
}
