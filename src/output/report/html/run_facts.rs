//! The facts that make a report evidence: what was run, when, with what, and how to repeat it.

use crate::domain::conformance::RequirementLevel;
use crate::domain::time::format_duration;
use crate::output::report::html::anchors;
use crate::output::report::html::elements::{
    Html, copyable, counted, element, line_break, plain, row, spans, text,
};
use crate::output::report::spans::{Span, code_spans, source_spans};
use crate::output::report::{Suite, VERSION};
use std::io;

/// The levels from the highest to the lowest, each with its meaning.
const LEVELS: [(RequirementLevel, &str); 3] = [
    (RequirementLevel::Must, "required, since leads are otherwise lost or can be forged"),
    (RequirementLevel::Should, "recommended: deviate only for a reason"),
    (RequirementLevel::May, "optional"),
];

/// Returns the meaning of a level.
pub(super) fn level_description(level: RequirementLevel) -> &'static str {
    let found = LEVELS.iter().find(|(known, _)| *known == level);
    found.map_or("", |(_, description)| description)
}

/// Adds the facts of the run and the meaning of the levels.
pub(super) fn write(html: &mut Html, suite: &Suite<'_>) -> io::Result<()> {
    element(html, "section", &[("id", anchors::RUN)], |html| {
        text(html, "h2", &[], "About this run")?;
        element(html, "dl", &[("class", "facts")], |html| facts(html, suite))?;
        text(html, "h3", &[], "Levels")?;
        element(html, "dl", &[("class", "facts")], |html| {
            LEVELS.iter().try_for_each(|(level, description)| {
                row(html, &level.to_string(), &[Span::Text(description)])
            })
        })?;
        spans(html, "p", &[("class", "dim")], &code_spans(counted_levels(suite.counts_from)))
    })?;
    line_break(html)
}

fn facts(html: &mut Html, suite: &Suite<'_>) -> io::Result<()> {
    row(html, "receiver", &[Span::Code(suite.url)])?;
    row(html, "provider", &[Span::Text(suite.provider)])?;
    row(html, "documentation", &source_spans(suite.documentation))?;
    text(html, "dt", &[], "started")?;
    element(html, "dd", &[], |html| {
        let machine = format!("{:.0}", suite.date);
        text(html, "time", &[("datetime", &machine)], &date(suite))
    })?;
    row(html, "duration", &[Span::Text(&format_duration(suite.took))])?;
    row(html, "leadhook", &[Span::Text(VERSION)])?;
    row(html, "seed", &[Span::Text(&suite.seed.to_string())])?;
    row(html, "secret", &code_spans(suite.secret_origin))?;
    let limit = format!("{} for each response", format_duration(suite.budget));
    row(html, "time limit", &[Span::Text(&limit)])?;
    let cases = counted(suite.cases.len(), "case", "cases");
    row(html, "result", &[Span::Text(&format!("{cases}: {}", suite.counts_sentence()))])?;
    row(html, "requests", &[Span::Text(suite.redaction.unwrap_or_default())])?;
    text(html, "dt", &[], "repeat with")?;
    element(html, "dd", &[], |html| match suite.command {
        Some(command) => copyable(html, "command", command),
        None => plain(
            html,
            "no command: an input came from a pipe, or an argument may contain a secret",
        ),
    })
}

/// Returns the time at which the check started, for people.
pub(super) fn date(suite: &Suite<'_>) -> String {
    suite.date.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}

/// Says which failures count.
fn counted_levels(from: RequirementLevel) -> &'static str {
    match from {
        RequirementLevel::May => "Failures of every level count (`--strict`).",
        RequirementLevel::Should => "Failures of `must` and `should` cases count.",
        RequirementLevel::Must => "Only failures of `must` cases count (`--lenient`).",
    }
}
