//! Text of one failure or of one cause: a block of at most [`MAX_LINES`] lines, and with `-v` the
//! `curl` commands below it.

use crate::domain::cause::Cause;
use crate::domain::conformance::CaseReport;
use crate::output::printer::Look;
use crate::output::sanitize;
use crate::output::theme::Theme;
use crate::output::wrap::{columns, wrap_within};
use std::io;
use std::io::Write;

/// The indentation of the lines below the first one.
const INDENT: usize = 8;

/// The maximum number of lines of a block, on a terminal of 80 columns or more. The block of a cause
/// is the longest one: it stands for many cases.
const MAX_LINES: usize = 10;

/// The width of the text below the first line on a terminal of 80 columns.
const USUAL_TEXT_WIDTH: usize = 79 - INDENT;

/// The columns of a case's id. Longer ids move the description of their case to the right.
const ID_WIDTH: usize = 20;

/// One paragraph of a block.
struct Paragraph<'p> {
    text: String,
    max_lines: usize,
    style: &'p dyn Fn(&str) -> String,
}

/// Writes the blocks of a group. It omits consequences and advice that are already printed, since
/// many cases of a group share them.
pub(super) struct FailureWriter<'p> {
    theme: Theme,
    /// The width of a block in columns.
    width: usize,
    /// `true` if the `curl` commands are printed.
    shows_requests: bool,
    printed: Vec<&'p str>,
}

impl<'p> FailureWriter<'p> {
    pub(super) fn new(look: Look) -> Self {
        Self {
            theme: look.theme,
            width: look.text_columns(),
            shows_requests: look.verbose > 0,
            printed: Vec::new(),
        }
    }

    /// Writes the block of a failed case, under `label`: `FAIL`, with the level if it does not
    /// count.
    pub(super) fn write_case(
        &mut self,
        out: &mut dyn Write,
        label: &str,
        case: &'p CaseReport,
    ) -> io::Result<()> {
        let theme = self.theme;
        self.write_head(out, label, &case.id, &case.about)?;
        let consequence = case.consequence.as_deref().filter(|text| self.is_new(text));
        let advice = Some(case.advice.as_str()).filter(|text| self.is_new(text));
        let plain = |line: &str| line.to_owned();
        let hint = |line: &str| theme.hint(line);
        let mut paragraphs = vec![Paragraph {
            text: format!("expected {}, got {}", case.expected, case.observed),
            max_lines: 2,
            style: &plain,
        }];
        paragraphs.extend(consequence.map(|text| Paragraph {
            text: text.to_owned(),
            max_lines: 2,
            style: &plain,
        }));
        paragraphs.extend(advice.map(|text| Paragraph {
            text: text.to_owned(),
            max_lines: 3,
            style: &hint,
        }));
        write_paragraphs(out, self.width, &paragraphs)?;
        self.write_requests(out, case)
    }

    /// Writes the block of a cause, with the cases of the group that failed for it.
    pub(super) fn write_cause(
        &self,
        out: &mut dyn Write,
        label: &str,
        cause: &Cause,
        cases: &[&CaseReport],
    ) -> io::Result<()> {
        let theme = self.theme;
        let Some(first) = cases.first() else { return Ok(()) };
        self.write_shared_head(out, label, cases)?;
        let plain = |line: &str| line.to_owned();
        let hint = |line: &str| theme.hint(line);
        let name = if cause.confirmed { "Cause" } else { "Probable cause" };
        write_paragraphs(
            out,
            self.width,
            &[
                Paragraph {
                    text: format!("expected {}, got {}", first.expected, first.observed),
                    max_lines: 1,
                    style: &plain,
                },
                Paragraph {
                    text: format!("{name}: {}.", cause.message.trim_end_matches('.')),
                    max_lines: 3,
                    style: &plain,
                },
                // Two mistakes have two fixes.
                Paragraph { text: format!("Fix: {}", cause.fix), max_lines: 5, style: &hint },
            ],
        )?;
        cases.iter().try_for_each(|case| self.write_requests(out, case))
    }

    /// Writes the block of a cause that was described in an earlier group.
    pub(super) fn write_same_cause(
        &self,
        out: &mut dyn Write,
        label: &str,
        cases: &[&CaseReport],
    ) -> io::Result<()> {
        self.write_shared_head(out, label, cases)?;
        writeln!(out, "{:INDENT$}for the same cause as above", "")?;
        cases.iter().try_for_each(|case| self.write_requests(out, case))
    }

    /// Writes the first line of a block of several cases.
    fn write_shared_head(
        &self,
        out: &mut dyn Write,
        label: &str,
        cases: &[&CaseReport],
    ) -> io::Result<()> {
        let Some((first, others)) = cases.split_first() else { return Ok(()) };
        let more = match others.len() {
            0 => String::new(),
            more => format!("and {more} more"),
        };
        self.write_head(out, label, &first.id, &more)
    }

    /// Returns `true` if a text was not printed before.
    fn is_new(&mut self, text: &'p str) -> bool {
        let is_new = !self.printed.contains(&text);
        self.printed.push(text);
        is_new
    }

    /// Writes the first line of a block.
    fn write_head(
        &self,
        out: &mut dyn Write,
        label: &str,
        id: &str,
        about: &str,
    ) -> io::Result<()> {
        let theme = self.theme;
        let used = 2 + label.len() + 2;
        let id = fitted(id, self.width.saturating_sub(used));
        let gap = " ".repeat(ID_WIDTH.saturating_sub(columns(&id)).max(2));
        let room = self.width.saturating_sub(used + columns(&id) + gap.len());
        let about = if room > 0 { fitted(about, room) } else { String::new() };
        let label = if label == "FAIL" { theme.bad(label) } else { theme.warn(label) };
        let line = format!("  {label}  {}{gap}{about}", theme.strong(&id));
        writeln!(out, "{}", line.trim_end())
    }

    /// Writes the requests of a case with `-v`.
    ///
    /// The commands are neither indented nor coloured: that would change a body of several lines
    /// that is copied.
    fn write_requests(&self, out: &mut dyn Write, case: &CaseReport) -> io::Result<()> {
        if !self.shows_requests {
            return Ok(());
        }
        for line in case.no_curl.iter().flat_map(|reason| paragraph_lines(reason, self.width, 2)) {
            writeln!(out, "{:INDENT$}{}", "", self.theme.dim(&line))?;
        }
        match &case.curl {
            Some(commands) => writeln!(out, "{}", sanitize::lines(commands)),
            None => Ok(()),
        }
    }
}

/// Writes paragraphs, each with at most its number of lines.
fn write_paragraphs(
    out: &mut dyn Write,
    width: usize,
    paragraphs: &[Paragraph<'_>],
) -> io::Result<()> {
    let mut left = ((MAX_LINES - 1) * USUAL_TEXT_WIDTH).div_ceil(width - INDENT).max(MAX_LINES - 1);
    for Paragraph { text, max_lines, style } in paragraphs {
        let lines = paragraph_lines(text, width, left.min(*max_lines));
        left = left.saturating_sub(lines.len());
        for line in lines {
            writeln!(out, "{:INDENT$}{}", "", style(&line))?;
        }
    }
    Ok(())
}

/// Returns a text as lines that fit below the first line of a block.
///
/// The limit is that of a line of 80 columns: a narrow terminal gets as much text in more lines.
fn paragraph_lines(text: &str, width: usize, max_lines: usize) -> Vec<String> {
    let width = width - INDENT;
    let max_lines = (max_lines * USUAL_TEXT_WIDTH).div_ceil(width).max(max_lines);
    wrap_within(&sanitize::line(text), width, max_lines)
}

/// Returns a text cut to one line of `width` columns.
fn fitted(text: &str, width: usize) -> String {
    wrap_within(&sanitize::line(text), width, 1).pop().unwrap_or_default()
}

/// Writes the command that repeats the failed cases, on one line that can be copied.
pub(super) fn write_repeat(out: &mut dyn Write, theme: Theme, command: &str) -> io::Result<()> {
    writeln!(out, "{} {}", theme.hint("repeat with:"), sanitize::whole_line(command))
}
