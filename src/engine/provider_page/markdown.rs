//! Markdown formatting of plain strings.

/// Formats prose on one line, and escapes all markup except code and the names of sources in
/// brackets.
///
/// The prose of a custom pack may have any content: it must not become a heading, a link, an image
/// or HTML.
pub(in crate::engine) fn prose(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut escaped = String::new();
    let mut rest = text.as_str();
    while let Some(start) = rest.find('`') {
        let (before, ticks) = rest.split_at(start);
        escaped.push_str(&escape_markup(before));
        let fence = leading_backticks(ticks);
        // Code ends at a run of as many backticks as it began with. Without one, they are characters.
        let end = find_fence(ticks.get(fence..).unwrap_or_default(), fence);
        if let Some((code, after)) = end.and_then(|end| ticks.split_at_checked(2 * fence + end)) {
            escaped.push_str(code);
            rest = after;
        } else {
            escaped.push_str(&r"\`".repeat(fence));
            rest = ticks.get(fence..).unwrap_or_default();
        }
    }
    escaped.push_str(&escape_markup(rest));
    escape_block_marker(&escaped)
}

/// Escapes the markup of prose without code.
fn escape_markup(text: &str) -> String {
    text.replace('\\', r"\\")
        .replace('*', r"\*")
        .replace('<', r"\<")
        .replace("![", r"\![")
        .replace("](", r"]\(")
}

/// Escapes the characters by which a line becomes a heading, a quote, a list, a rule or the
/// definition of a link.
fn escape_block_marker(line: &str) -> String {
    let is_marker = line.starts_with(['#', '>', '+', '-', '=', '~'])
        || (line.starts_with('[')
            && line.split_once(']').is_some_and(|(_, end)| end.starts_with(':')));
    if is_marker {
        return format!("\\{line}");
    }
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    match line.split_at_checked(digits) {
        Some((number, end)) if digits > 0 && end.starts_with(['.', ')']) => {
            format!("{number}\\{end}")
        }
        _ => line.to_owned(),
    }
}

fn leading_backticks(text: &str) -> usize {
    text.bytes().take_while(|byte| *byte == b'`').count()
}

/// Returns the position of the first run of exactly `length` backticks.
fn find_fence(text: &str, length: usize) -> Option<usize> {
    let mut position = 0;
    while let Some(rest) = text.get(position..) {
        let start = position + rest.find('`')?;
        let run = leading_backticks(text.get(start..).unwrap_or_default());
        if run == length {
            return Some(start);
        }
        position = start + run;
    }
    None
}

/// Formats a string as code.
pub(in crate::engine) fn code(text: &str) -> String {
    let text = text.replace(['\n', '\r'], " ");
    let runs = text.split(|c| c != '`').map(str::len);
    match runs.max().unwrap_or(0) {
        0 => format!("`{text}`"),
        longest => {
            let fence = "`".repeat(longest + 1);
            format!("{fence} {text} {fence}")
        }
    }
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
        row.get(*column).map_or_else(String::new, |cell| escape_bars(cell))
    };
    let rows =
        rows.iter().map(|row| line(columns.iter().map(|column| cell(row, column)).collect()));
    [head, rule].into_iter().chain(rows).collect::<Vec<_>>().join("\n")
}

/// Escapes the vertical bars of a cell. An even number of backslashes before one does not escape it.
fn escape_bars(cell: &str) -> String {
    let mut escaped = String::with_capacity(cell.len());
    let mut backslashes = 0;
    for c in cell.chars() {
        if c == '|' {
            escaped.push_str(if backslashes % 2 == 0 { r"\" } else { r"\\" });
        }
        backslashes = if c == '\\' { backslashes + 1 } else { 0 };
        escaped.push(c);
    }
    escaped
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
    let is_web =
        !text.contains("://") || text.starts_with("https://") || text.starts_with("http://");
    let is_plain = !text.contains(|c: char| c.is_whitespace() || matches!(c, '<' | '>'));
    let is_address = host.contains('.') && is_web && is_plain;
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
            ("a ` stray*", r"a \` stray\*"),
            ("`` `<b> `` <i>", r"`` `<b> `` \<i>"),
            ("`<b> ``", r"\`\<b> \`\`"),
            ("# a", r"\# a"),
            ("12. a", r"12\. a"),
            ("[a](b) ![c]", r"[a]\(b) \![c]"),
            ("[a]: b", r"\[a]: b"),
            ("[a], b", "[a], b"),
        ] {
            assert_eq!(prose(text), expected, "{text}");
        }
    }

    #[test]
    fn a_table_omits_empty_columns_and_escapes_vertical_bars() {
        let rows = [vec!["a|b".to_owned(), String::new(), "c".to_owned()]];
        assert_eq!(table(&["1", "2", "3"], &rows), "| 1 | 3 |\n|---|---|\n| a\\|b | c |");
        assert_eq!(table(&["1"], &[]), "");
        assert_eq!(escape_bars(r"a\|b\\|c"), r"a\\\|b\\\|c");
    }

    #[test]
    fn code_may_contain_backticks() {
        for (text, expected) in
            [("a", "`a`"), ("a`b", "`` a`b ``"), ("``a`", "``` ``a` ```"), ("a\nb", "`a b`")]
        {
            assert_eq!(code(text), expected);
        }
    }

    #[test]
    fn a_url_is_distinguished_from_prose() {
        for (text, expected) in [
            ("docs.example.com/a", Some("https://docs.example.com/a")),
            ("http://example.com/", Some("http://example.com/")),
            ("docs.example.com of 2015-16", None),
            ("example.com/guides, webhooks", None),
            ("the page", None),
            ("javascript://example.com/a", None),
            ("example.com/<b>", None),
        ] {
            assert_eq!(to_url(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn an_anchor_is_the_one_that_github_generates() {
        assert_eq!(anchor("Common to `created` and `a_b.c`"), "common-to-created-and-a_bc");
    }
}
