//! Spans of prose: code between backticks, and links to the sources that it names.

/// A part of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Span<'t> {
    /// Plain text.
    Text(&'t str),
    /// The text between two backticks.
    Code(&'t str),
    /// A text and the URL that it leads to.
    Link(&'t str, String),
}

/// The page of an RFC, which its number follows.
const RFC_PAGES: &str = "https://www.rfc-editor.org/rfc/rfc";

/// Splits a sentence into text and code. A backtick without a second one is text.
pub(super) fn code_spans(text: &str) -> Vec<Span<'_>> {
    let mut spans = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('`')
        && let Some((code, after)) = after.split_once('`')
    {
        push_text(&mut spans, before);
        spans.push(Span::Code(code));
        rest = after;
    }
    push_text(&mut spans, rest);
    spans
}

/// Splits the name of a source into text, code and links: URLs, and RFCs with their sections.
///
/// It is for the sources of cases, which packs and this program name, and not for observed values:
/// a receiver must not put a link into a report.
pub(super) fn source_spans(text: &str) -> Vec<Span<'_>> {
    let mut spans = Vec::new();
    for span in code_spans(text) {
        match span {
            Span::Text(plain) => push_links(&mut spans, plain),
            other => spans.push(other),
        }
    }
    spans
}

fn push_text<'t>(spans: &mut Vec<Span<'t>>, text: &'t str) {
    if !text.is_empty() {
        spans.push(Span::Text(text));
    }
}

fn push_links<'t>(spans: &mut Vec<Span<'t>>, text: &'t str) {
    let mut rest = text;
    while let Some((start, length, url)) = first_link(rest) {
        let (before, linked) = rest.split_at(start);
        let (linked, after) = linked.split_at(length);
        push_text(spans, before);
        spans.push(Span::Link(linked, url));
        rest = after;
    }
    push_text(spans, rest);
}

/// Returns the offset and length of the first link in a text, and its URL.
fn first_link(text: &str) -> Option<(usize, usize, String)> {
    let url = ["https://", "http://"].iter().filter_map(|scheme| text.find(scheme)).min();
    let url = url.map(|start| {
        let rest = &text[start..];
        let end = rest.find(|c: char| c.is_whitespace() || "<>\"'".contains(c));
        // Punctuation after a URL belongs to the sentence.
        let link = rest[..end.unwrap_or(rest.len())].trim_end_matches(['.', ',', ';', ':', ')']);
        (start, link.len(), link.to_owned())
    });
    [url, first_rfc(text)].into_iter().flatten().min_by_key(|(start, ..)| *start)
}

/// Returns the first `RFC 9110, section 15.5` in a text, or an RFC without a section.
fn first_rfc(text: &str) -> Option<(usize, usize, String)> {
    let start = text.find("RFC ")?;
    let rest = &text[start + 4..];
    let number = leading(rest, |c| c.is_ascii_digit());
    if number.is_empty() {
        return None;
    }
    let mut length = 4 + number.len();
    let mut url = format!("{RFC_PAGES}{number}");
    if let Some(section) = rest[number.len()..].strip_prefix(", section ") {
        let section = leading(section, |c| c.is_ascii_digit() || c == '.').trim_end_matches('.');
        if !section.is_empty() {
            length += ", section ".len() + section.len();
            url = format!("{url}#section-{section}");
        }
    }
    Some((start, length, url))
}

/// Returns the longest prefix of these characters.
fn leading(text: &str, is_part: impl Fn(char) -> bool) -> &str {
    &text[..text.find(|c| !is_part(c)).unwrap_or(text.len())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_stands_between_two_backticks() {
        for (text, expected) in [
            ("", vec![]),
            ("a", vec![Span::Text("a")]),
            ("`a` b", vec![Span::Code("a"), Span::Text(" b")]),
            ("a `b` c", vec![Span::Text("a "), Span::Code("b"), Span::Text(" c")]),
            ("a `b", vec![Span::Text("a `b")]),
            ("`a``b", vec![Span::Code("a"), Span::Text("`b")]),
        ] {
            assert_eq!(code_spans(text), expected, "{text}");
        }
    }

    #[test]
    fn sources_are_links() {
        let rfc = |text| Span::Link(text, format!("{RFC_PAGES}9110#section-15.5"));
        let url = |text: &'static str| Span::Link(text, text.to_owned());
        for (text, expected) in [
            ("RFC 9110, section 15.5", vec![rfc("RFC 9110, section 15.5")]),
            (
                "see RFC 9110, section 15.5.",
                vec![Span::Text("see "), rfc("RFC 9110, section 15.5"), Span::Text(".")],
            ),
            ("RFC 2104", vec![Span::Link("RFC 2104", format!("{RFC_PAGES}2104"))]),
            ("RFC x", vec![Span::Text("RFC x")]),
            (
                "https://example.com/a, or `b`",
                vec![url("https://example.com/a"), Span::Text(", or "), Span::Code("b")],
            ),
            (
                "(http://example.com/)",
                vec![Span::Text("("), url("http://example.com/"), Span::Text(")")],
            ),
            ("javascript:alert(1)", vec![Span::Text("javascript:alert(1)")]),
        ] {
            assert_eq!(source_spans(text), expected, "{text}");
        }
    }
}
