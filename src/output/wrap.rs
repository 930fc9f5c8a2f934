//! Widths of reports, and word wrapping.

use console::measure_text_width;
use textwrap::WrapAlgorithm;
use textwrap::core::{Word, break_words};

/// The minimum number of columns for text next to a label.
const MIN_COLUMNS: usize = 20;

/// The number of columns of a report if the width of the terminal is not known.
const DEFAULT_REPORT_COLUMNS: usize = 80;

/// The minimum number of columns of a report.
const MIN_REPORT_COLUMNS: usize = 40;

/// The maximum number of columns of a report.
const MAX_REPORT_COLUMNS: usize = 120;

/// The maximum number of columns of running text: longer lines are hard to read.
pub const MAX_TEXT_COLUMNS: usize = 100;

/// Returns the number of columns of a report on a terminal of this width, if it is known.
#[must_use]
pub fn report_columns(terminal: Option<usize>) -> usize {
    terminal.unwrap_or(DEFAULT_REPORT_COLUMNS).clamp(MIN_REPORT_COLUMNS, MAX_REPORT_COLUMNS)
}

/// Joins parts, which may be styled, to one line; if `columns` are given, to lines of at most that
/// width. A part is never broken: one that does not fit starts a new line with this indent.
#[must_use]
pub fn join_parts(
    parts: &[String],
    separator: &str,
    columns: Option<usize>,
    indent: usize,
) -> String {
    let mut joined = String::new();
    let mut used = 0;
    for (index, part) in parts.iter().enumerate() {
        let width = measure_text_width(part);
        if index == 0 {
            used = width;
        } else if columns.is_some_and(|max| used + separator.len() + width > max) {
            joined.truncate(joined.trim_end().len());
            joined.push_str(separator.trim_end());
            joined.push('\n');
            joined.extend(std::iter::repeat_n(' ', indent));
            used = indent + width;
        } else {
            joined.push_str(separator);
            used += separator.len() + width;
        }
        joined.push_str(part);
    }
    joined
}

/// Returns the number of columns for text next to a label of the width `used`.
///
/// A label that leaves less than the minimum, such as a long event name of a user's pack, makes the
/// line longer than `width`.
#[must_use]
pub fn columns_beside(width: usize, used: usize) -> usize {
    width.saturating_sub(used).max(MIN_COLUMNS)
}

/// Fills lines of at most `width` columns with the words of `text`.
///
/// A word that is longer than a line starts on a new line and is broken: after a slash if
/// possible, otherwise after any character.
#[must_use]
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if measure_text_width(line) + 1 + measure_text_width(word) <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.extend(break_word(word, width)),
        }
    }
    lines
}

/// Fills at most `max_lines` lines as [`wrap`] does. A text that does not fit ends in `…`.
#[must_use]
pub fn wrap_within(text: &str, width: usize, max_lines: usize) -> Vec<String> {
    let mut lines = wrap(text, width);
    if lines.len() <= max_lines {
        return lines;
    }
    lines.truncate(max_lines);
    if let Some(last) = lines.last_mut() {
        while columns(last) >= width && last.pop().is_some() {}
        last.truncate(last.trim_end().len());
        last.push('…');
    }
    lines
}

/// Returns the number of columns of a text.
#[must_use]
pub fn columns(text: &str) -> usize {
    measure_text_width(text)
}

/// Breaks a word into pieces of at most `width` columns.
///
/// `textwrap::wrap` breaks words wherever a splitter allows it, even those that fit on the next
/// line. Its parts are used here so that only a word that is longer than a line is broken.
fn break_word(word: &str, width: usize) -> Vec<String> {
    let parts = break_words(word.split_inclusive('/').map(Word::from), width);
    let widths = [width];
    let pieces = WrapAlgorithm::FirstFit.wrap(&parts, &widths);
    pieces.into_iter().map(|parts| parts.iter().map(|part| part.word).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_do_not_exceed_the_width() {
        let long = "x".repeat(25);
        assert_eq!(
            wrap(&format!("a bc {long} d"), 10),
            ["a bc", "xxxxxxxxxx", "xxxxxxxxxx", "xxxxx d"]
        );
        assert_eq!(
            wrap("\u{6f22}\u{6f22}\u{6f22} a", 5),
            ["\u{6f22}\u{6f22}", "\u{6f22} a"],
            "two columns each"
        );
        assert_eq!(wrap(" \n ", 5), Vec::<String>::new());
    }

    #[test]
    fn a_report_follows_the_terminal_within_bounds() {
        let widths = [None, Some(20), Some(60), Some(80), Some(120), Some(300)];
        assert_eq!(widths.map(report_columns), [80, 40, 60, 80, 120, 120]);
    }

    #[test]
    fn parts_are_moved_to_the_next_line_and_not_broken() {
        let parts = ["12 passed", "\u{1b}[31m1 failed\u{1b}[0m", "3 skipped"].map(str::to_owned);
        assert_eq!(
            join_parts(&parts, ", ", None, 2),
            "12 passed, \u{1b}[31m1 failed\u{1b}[0m, 3 skipped"
        );
        assert_eq!(
            join_parts(&parts, ", ", Some(20), 2),
            "12 passed, \u{1b}[31m1 failed\u{1b}[0m,\n  3 skipped"
        );
        assert_eq!(join_parts(&parts[..1], ", ", Some(3), 2), "12 passed");
        assert_eq!(join_parts(&[], ", ", Some(3), 2), "");
    }

    #[test]
    fn a_text_that_does_not_fit_is_cut() {
        assert_eq!(wrap_within("a bc de", 4, 2), ["a bc", "de"]);
        assert_eq!(wrap_within("a bc de fg hi", 5, 2), ["a bc", "de f…"]);
        assert_eq!(wrap_within("abc def", 3, 1), ["ab…"]);
        assert_eq!(wrap_within("\u{6f22}\u{6f22} a", 4, 1), ["\u{6f22}…"]);
        assert_eq!(wrap_within("a", 4, 0), Vec::<String>::new());
    }

    #[test]
    fn a_word_is_broken_only_if_too_long_and_preferably_after_a_slash() {
        assert_eq!(wrap("a ab/cd", 5), ["a", "ab/cd"]);
        assert_eq!(wrap("a ab/cd/efgh", 7), ["a", "ab/cd/", "efgh"]);
        assert_eq!(wrap("a b/cdefgh", 7), ["a", "b/", "cdefgh"], "never beside another word");
        assert_eq!(wrap("ab/cd/efgh", 5), ["ab/", "cd/", "efgh"]);
        assert_eq!(wrap("ab/cdefgh", 5), ["ab/", "cdefg", "h"]);
        assert_eq!(wrap("/abc\u{6f22}", 4), ["/abc", "\u{6f22}"], "no line is wider");
    }
}
