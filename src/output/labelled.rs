//! Text in two columns: a label, and lines of text to the right of it.

use crate::output::sanitize;
use crate::output::wrap::{MAX_TEXT_COLUMNS, columns_beside, report_columns, wrap};
use console::{measure_text_width, truncate_str};
use std::io;
use std::io::Write;

/// The columns of one report.
#[derive(Clone, Copy, Debug)]
pub struct Columns {
    width: usize,
    label: usize,
}

impl Columns {
    /// Creates columns for a terminal of `width` columns, if known, and labels of `label` columns.
    #[must_use]
    pub fn new(width: Option<usize>, label: usize) -> Self {
        Self { width: report_columns(width), label }
    }

    /// Returns the number of columns for text.
    #[must_use]
    pub fn text_width(self) -> usize {
        columns_beside(self.width, self.label + 4)
    }

    /// Escapes a sentence and breaks it into lines beside a label.
    #[must_use]
    pub fn wrap(self, text: &str) -> Vec<String> {
        wrap(&sanitize::line(text), self.text_width().min(MAX_TEXT_COLUMNS))
    }

    /// Escapes a sentence and breaks it into lines of the whole width.
    #[must_use]
    pub fn wrap_whole(self, text: &str) -> Vec<String> {
        wrap(&sanitize::message(text), self.width.min(MAX_TEXT_COLUMNS))
    }

    /// Escapes a value whose spaces matter, and cuts it to one line of at most `width` columns.
    #[must_use]
    pub fn cut(self, text: &str, width: usize) -> String {
        truncate_str(&sanitize::line(text), width, "…").into_owned()
    }

    /// Breaks a line whose spaces matter into lines of at most the whole width, each with this
    /// indent. The rest of a long line is indented further.
    #[must_use]
    pub fn break_line(self, line: &str, indent: usize) -> Vec<String> {
        let mut lines = Vec::new();
        let own = line.len() - line.trim_start().len();
        let mut rest = line;
        let mut blank = indent;
        loop {
            let width = columns_beside(self.width, blank);
            if measure_text_width(rest) <= width {
                lines.push(format!("{:blank$}{rest}", ""));
                return lines;
            }
            let (head, tail) = rest.split_at(break_position(rest, width));
            lines.push(format!("{:blank$}{head}", ""));
            // A deep document must not push the text out of the line.
            blank = indent + (own + 2).min(self.width / 2);
            rest = tail;
        }
    }

    /// Writes a label and the lines beside it; nothing if there are none.
    pub fn write(self, out: &mut dyn Write, label: &str, lines: &[String]) -> io::Result<()> {
        for (index, line) in lines.iter().enumerate() {
            let label = if index == 0 { label } else { "" };
            let width = self.label;
            let line = format!("  {label:<width$}  {line}");
            writeln!(out, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

/// Returns the position after the last space within `width` columns, or else at that width; at least
/// one character.
fn break_position(text: &str, width: usize) -> usize {
    let (mut used, mut end, mut space) = (0, 0, 0);
    for (start, character) in text.char_indices() {
        let next = start + character.len_utf8();
        used += measure_text_width(text.get(start..next).unwrap_or_default());
        if used > width && end > 0 {
            break;
        }
        end = next;
        // Spaces at the start are the indent of the line.
        if character == ' ' && !text.get(..start).unwrap_or_default().trim().is_empty() {
            space = next;
        }
    }
    if space > 0 { space } else { end }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_stay_within_the_width_and_under_their_label() {
        let columns = Columns::new(Some(50), 6);
        let mut out = Vec::new();
        let text = "the first nine words of this line fit into the columns";
        columns.write(&mut out, "note", &columns.wrap(text)).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(
            text,
            "  note    the first nine words of this line fit\n          into the columns\n"
        );
        assert!(text.lines().all(|line| line.len() <= 50));
        let long = format!("  \"a\": \"{} {}\"", "x".repeat(30), "y".repeat(60));
        let broken = columns.break_line(&long, 4);
        assert_eq!(broken.len(), 3, "{broken:?}");
        assert!(broken.iter().all(|line| line.len() <= 50), "{broken:?}");
        let joined: String = broken.iter().map(|line| line.trim_start()).collect();
        assert_eq!(joined, long.trim_start());
        assert_eq!(columns.cut("a  b\n", 9), "a  b\\u{a}");
        assert_eq!(columns.cut("a  b  c", 5), "a  b…");
    }
}
