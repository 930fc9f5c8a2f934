//! Tests of pages in a terminal.

use super::write;
use crate::output::printer::Look;
use crate::output::theme::Theme;
use crate::output::wrap::{MAX_TEXT_COLUMNS, columns};

fn page(markdown: &str, width: usize) -> String {
    let mut out = Vec::new();
    let look = Look { theme: Theme::PLAIN, verbose: 0, columns: width, folds: true };
    write(&mut out, look, markdown).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn headings_lists_and_quotes_are_indented() {
    let text =
        "# Acme\n\nA `b` *c*.\n\n## The request\n\n- one\n  - two\n\n> quoted\n\n### `made`\n";
    assert_eq!(
        page(text, 60),
        "Acme\n\n  A `b` c.\n\nTHE REQUEST\n\n  - one\n    - two\n\n    quoted\n\nmade\n"
    );
}

#[test]
fn a_table_that_fits_has_columns_and_another_one_has_entries() {
    let table = "| location | type | source |\n|---|---|---|\n| `/a` | string | A |\n";
    assert_eq!(page(table, 60), "  location  type    source\n  /a        string  A\n");
    let (long, source) = ("word ".repeat(20), "cited ".repeat(20));
    let table = format!(
        "| location | type | rules | source |\n|---|---|---|---|\n| `/a` | string | {long} | {source} |\n"
    );
    let lines = page(&table, 60);
    assert!(lines.starts_with("  /a  string; word word"), "{lines}");
    assert!(lines.contains("\n      cited cited"), "{lines}");
    let label = format!("/{}", "b".repeat(30));
    let lines = page(&table.replace("/a", &label), 60);
    assert!(lines.starts_with(&format!("  {label}\n      string; word")), "{lines}");
}

#[test]
fn no_line_is_wider_than_the_page_and_no_word_is_broken() {
    let words = "alpha /data/first_name `beta` 漢字 gamma ".repeat(9);
    let text = format!(
        "# {words}\n\n{words}\n\n- {words}\n\n> {words}\n\n| a | b | source |\n|---|---|---|\n| `/a` | {words} | {words} |\n| `/ab` | | |\n"
    );
    for width in [40, 60, 80, 120] {
        let shown = page(&text, width);
        for line in shown.lines() {
            assert!(columns(line) <= width, "{width}: {line}");
            let is_prose = line.starts_with("  alpha") || line.starts_with("  - alpha");
            assert!(!is_prose || columns(line) <= MAX_TEXT_COLUMNS, "{width}: {line}");
            assert_eq!(line, line.trim_end());
        }
        assert_eq!(shown.matches("/data/first_name").count(), 6 * 9, "{width}: {shown}");
    }
}

#[test]
fn control_characters_of_a_page_are_escaped() {
    let shown = page("# a\u{1b}[31m\n\n| b\u{202e} | c |\n|---|---|\n| \u{7} | d |\n", 60);
    assert!(shown.contains("a\\u{1b}[31m") && shown.contains("\\u{202e}"), "{shown}");
    assert!(!shown.chars().any(|c| c.is_control() && c != '\n'), "{shown:?}");
}
