//! Markdown formatting of plain strings.

/// Formats prose on one line and escapes all Markdown markup except code.
pub(in crate::engine) fn prose(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    // A part between two backticks is code, and is not escaped.
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

/// Formats a string as code.
pub(in crate::engine) fn code(text: &str) -> String {
    let text = text.replace(['\n', '\r'], " ");
    if text.contains('`') { format!("`` {text} ``") } else { format!("`{text}`") }
}

/// Joins paragraphs with blank lines, without the empty ones.
pub(in crate::engine) fn paragraphs(blocks: impl IntoIterator<Item = String>) -> String {
    blocks.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n\n")
}

/// Formats each block as an item of a bullet list.
pub(in crate::engine) fn bullets(blocks: impl IntoIterator<Item = String>) -> String {
    blocks.into_iter().map(|text| format!("- {text}")).collect::<Vec<_>>().join("\n")
}

/// Formats a table, without the columns whose cells are all empty.
pub(super) fn table(heads: &[&str], rows: &[Vec<String>]) -> String {
    let has_content = |column: &usize| {
        rows.iter().any(|row| row.get(*column).is_some_and(|cell| !cell.is_empty()))
    };
    let columns: Vec<_> = (0..heads.len()).filter(has_content).collect();
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

/// Joins items as `a`, `a and b`, `a, b and c`.
pub(super) fn join_with_and(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [others @ .., last] => format!("{} and {last}", others.join(", ")),
    }
}

/// Returns the anchor of a heading, as GitHub generates it.
pub(in crate::engine) fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

/// Returns `text` as a URL with a scheme, if it is one.
pub(super) fn to_url(text: &str) -> Option<String> {
    let (host, _) = text.split_once("://").map_or(text, |(_, rest)| rest).split_once('/')?;
    let is_address = host.contains('.') && !text.contains(char::is_whitespace);
    let scheme = if text.contains("://") { "" } else { "https://" };
    is_address.then(|| format!("{scheme}{text}"))
}

/// Capitalizes the first character.
pub(super) fn capitalize(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_escapes_all_markup_except_code() {
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
    fn a_table_omits_empty_columns_and_escapes_vertical_bars() {
        let rows = [vec!["a|b".to_owned(), String::new(), "c".to_owned()]];
        assert_eq!(table(&["1", "2", "3"], &rows), "| 1 | 3 |\n|---|---|\n| a\\|b | c |");
        assert_eq!(table(&["1"], &[]), "");
    }

    #[test]
    fn a_url_is_distinguished_from_prose() {
        for (text, expected) in [
            ("docs.example.com/a", Some("https://docs.example.com/a")),
            ("http://example.com/", Some("http://example.com/")),
            ("docs.example.com of 2015-16", None),
            ("example.com/guides, webhooks", None),
            ("the page", None),
        ] {
            assert_eq!(to_url(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn an_anchor_is_the_one_that_github_generates() {
        assert_eq!(anchor("Common to `created` and `a_b.c`"), "common-to-created-and-a_bc");
    }
}
