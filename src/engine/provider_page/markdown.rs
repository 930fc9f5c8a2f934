//! Pieces of Markdown, out of texts that know nothing of it.

/// Text for people: on one line, with nothing in it that Markdown takes for markup but code.
pub(super) fn prose(text: &str) -> String {
    let words: Vec<_> = text.split_whitespace().collect();
    let text = words.join(" ");
    // What stands between two backticks is code already.
    let parts: Vec<_> = text.split('`').collect();
    let last = parts.len() - 1;
    let parts = parts.iter().enumerate().map(|(index, part)| {
        if index % 2 == 1 && index < last {
            (*part).to_owned()
        } else {
            part.replace('\\', r"\\").replace('*', r"\*").replace('<', r"\<")
        }
    });
    parts.collect::<Vec<_>>().join("`")
}

/// Text as it is, in a fixed width.
pub(super) fn code(text: &str) -> String {
    let text = text.replace(['\n', '\r'], " ");
    if text.contains('`') { format!("`` {text} ``") } else { format!("`{text}`") }
}

/// The texts one after another, a blank line between them; empty ones are left out.
pub(super) fn paragraphs(texts: impl IntoIterator<Item = String>) -> String {
    texts.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n\n")
}

pub(super) fn bullets(texts: impl IntoIterator<Item = String>) -> String {
    texts.into_iter().map(|text| format!("- {text}")).collect::<Vec<_>>().join("\n")
}

/// A table. A column with nothing in any of its cells is left out.
pub(super) fn table(heads: &[&str], rows: &[Vec<String>]) -> String {
    let filled = |column: &usize| {
        rows.iter().any(|row| row.get(*column).is_some_and(|cell| !cell.is_empty()))
    };
    let columns: Vec<_> = (0..heads.len()).filter(filled).collect();
    if columns.is_empty() {
        return String::new();
    }
    let line = |cells: Vec<String>| format!("| {} |", cells.join(" | "));
    let head = line(columns.iter().map(|column| heads[*column].to_owned()).collect());
    let rule = format!("|{}", "---|".repeat(columns.len()));
    let cell = |row: &Vec<String>, column: &usize| {
        row.get(*column).map_or_else(String::new, |cell| cell.replace('|', r"\|"))
    };
    let rows =
        rows.iter().map(|row| line(columns.iter().map(|column| cell(row, column)).collect()));
    [head, rule].into_iter().chain(rows).collect::<Vec<_>>().join("\n")
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn and(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [only] => only.clone(),
        [others @ .., last] => format!("{} and {last}", others.join(", ")),
    }
}

/// The name by which a heading can be linked to.
pub(super) fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

/// The address that a text is, if it is one, with its scheme.
pub(super) fn address(text: &str) -> Option<String> {
    let (host, _) = text.split_once("://").map_or(text, |(_, rest)| rest).split_once('/')?;
    let is_address = host.contains('.') && !text.contains(char::is_whitespace);
    let scheme = if text.contains("://") { "" } else { "https://" };
    is_address.then(|| format!("{scheme}{text}"))
}

/// The same text with a capital letter at its beginning.
pub(super) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_keeps_code_and_nothing_else_that_is_markup() {
        for (text, expected) in [
            ("a\n  b", "a b"),
            ("utm_* and `a*b`", r"utm_\* and `a*b`"),
            ("<b> `<b>`", r"\<b> `<b>`"),
            ("a ` stray*", r"a ` stray\*"),
        ] {
            assert_eq!(prose(text), expected, "{text}");
        }
    }

    #[test]
    fn a_table_leaves_out_what_is_empty_and_escapes_its_own_bars() {
        let rows = [vec!["a|b".to_owned(), String::new(), "c".to_owned()]];
        assert_eq!(table(&["1", "2", "3"], &rows), "| 1 | 3 |\n|---|---|\n| a\\|b | c |");
        assert_eq!(table(&["1"], &[]), "");
    }

    #[test]
    fn an_address_is_told_from_words() {
        for (text, expected) in [
            ("docs.example.com/a", Some("https://docs.example.com/a")),
            ("http://example.com/", Some("http://example.com/")),
            ("docs.example.com of 2015-16", None),
            ("example.com/guides, webhooks", None),
            ("the page", None),
        ] {
            assert_eq!(address(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn a_heading_is_linked_to_as_github_does() {
        assert_eq!(anchor("Alike in `created` and `a_b.c`"), "alike-in-created-and-a_bc");
    }
}
