//! Markup within a line of Markdown.

/// A space in code, where a line is not broken: a character without a meaning of its own.
pub(super) const JOINED_SPACE: char = '\u{e000}';

/// The maximum length of code that is kept on one line.
const MAX_JOINED: usize = 32;

/// Returns Markdown without its markup: escapes, emphasis, and the targets of links. Code keeps one
/// backtick on each side, as in every message.
pub(super) fn plain(markdown: &str) -> String {
    let mut out = String::with_capacity(markdown.len());
    let mut rest = markdown;
    // The position in `out` of the last bracket that may begin a link.
    let mut bracket = None;
    while let Some(first) = rest.chars().next() {
        let (text, length) = match first {
            '\\' => escape(rest),
            '`' => code(rest),
            '*' => (String::new(), 1),
            '<' => autolink(rest),
            '[' => {
                bracket = Some(out.len());
                ("[".to_owned(), 1)
            }
            ']' => match (link_target(rest), bracket.take()) {
                (Some(length), Some(start)) => {
                    out.remove(start);
                    (String::new(), length)
                }
                _ => ("]".to_owned(), 1),
            },
            other => (other.to_string(), other.len_utf8()),
        };
        out.push_str(&text);
        rest = rest.get(length..).unwrap_or_default();
    }
    out
}

/// Returns the character after a backslash, if it can be escaped.
fn escape(text: &str) -> (String, usize) {
    match text.get(1..).and_then(|rest| rest.chars().next()) {
        Some(c) if c.is_ascii_punctuation() => (c.to_string(), 2),
        _ => ("\\".to_owned(), 1),
    }
}

/// Returns the code that begins with these backticks, or else the backticks.
fn code(text: &str) -> (String, usize) {
    let ticks = text.bytes().take_while(|byte| *byte == b'`').count();
    let fence = "`".repeat(ticks);
    let content = text.get(ticks..).unwrap_or_default();
    let mut end = 0;
    while let Some(found) = content.get(end..).and_then(|rest| rest.find(&fence)) {
        let start = end + found;
        let run = content.get(start..).unwrap_or_default();
        let run = run.bytes().take_while(|byte| *byte == b'`').count();
        if run == ticks {
            let code = content.get(..start).unwrap_or_default();
            let inner = code.strip_prefix(' ').and_then(|code| code.strip_suffix(' '));
            let code = if ticks > 1 { inner.unwrap_or(code) } else { code };
            let code = if code.len() > MAX_JOINED {
                code.to_owned()
            } else {
                code.replace(' ', JOINED_SPACE.encode_utf8(&mut [0; 4]))
            };
            return (format!("`{code}`"), start + 2 * ticks);
        }
        end = start + run;
    }
    (fence, ticks)
}

/// Returns the address between `<` and `>`.
fn autolink(text: &str) -> (String, usize) {
    match text.find('>') {
        Some(end) => (text.get(1..end).unwrap_or_default().to_owned(), end + 1),
        None => ("<".to_owned(), 1),
    }
}

/// Returns the length of the bracket and the target after it.
fn link_target(text: &str) -> Option<usize> {
    let target = text.strip_prefix("](")?;
    target.find(')').map(|end| end + "](".len() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_removed_and_code_is_not() {
        for (markdown, text) in [
            ("*required* **A**: b", "required A: b"),
            (r"utm\_\* \<b> \`", "utm_* <b> `"),
            ("`a*b` `` c`d ``", "`a*b` `c`d`"),
            ("<https://example.com/a>", "https://example.com/a"),
            ("A [LP-WH]: [common to `a`](#common), and", "A [LP-WH]: common to `a`, and"),
            ("a ` b", "a ` b"),
            (r"[a]\(b) \u{1b}", r"[a](b) \u{1b}"),
            (r"`a\|b` \| é", r"`a\|b` | é"),
        ] {
            assert_eq!(plain(markdown), text);
        }
    }

    #[test]
    fn short_code_is_kept_on_one_line() {
        let long = format!("`{} b`", "a".repeat(MAX_JOINED));
        for (markdown, text) in [("`a b`", "`a\u{e000}b`"), (&long, &long)] {
            assert_eq!(plain(markdown), text);
        }
    }
}
