//! The fenced code blocks of a Markdown document, in which people paste requests.

use crate::protocols::http1::begins_saved_message;
use crate::protocols::requests::http_text::{first_line, is_unversioned_request};
use crate::protocols::requests::json_start::json_start;
use crate::protocols::requests::log_lines;
use std::iter;

/// The number of lines in front of the first fence that may be prose.
const MAX_PROSE_LINES: usize = 1_000;

/// The maximum number of blocks that are read.
const MAX_BLOCKS: usize = 10_000;

/// The minimum number of characters of a fence.
const MIN_FENCE: usize = 3;

/// The line before a block.
#[derive(Clone, Copy)]
struct Fence {
    character: u8,
    length: usize,
    /// The number of spaces in front of it, which are removed from the lines of the block.
    indent: usize,
    /// `true` if the block is in a quotation, with `>` in front of each line.
    is_quoted: bool,
}

/// Returns `true` if a text has a fence, and nothing that begins a request before it.
pub(super) fn is_markdown(text: &[u8]) -> bool {
    let mut rest = text;
    for _ in 0..MAX_PROSE_LINES {
        let (line, after) = first_line(rest);
        if Fence::opening(line).is_some() {
            return true;
        }
        let is_other = rest.is_empty()
            || begins_saved_message(rest)
            || is_unversioned_request(rest)
            || json_start(line).is_some()
            || log_lines::is_json(line);
        if is_other {
            return false;
        }
        rest = after;
    }
    false
}

/// Returns the content of each block, without the newline before the closing fence.
///
/// A block without a closing fence goes on to the end of the text.
pub(super) fn blocks(text: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    let mut rest = text;
    let next = move || {
        while !rest.is_empty() {
            let (line, after) = first_line(rest);
            rest = after;
            if let Some(fence) = Fence::opening(line) {
                return Some(fence.take_block(&mut rest));
            }
        }
        None
    };
    iter::from_fn(next).take(MAX_BLOCKS)
}

impl Fence {
    fn opening(line: &[u8]) -> Option<Self> {
        let is_quoted = line.starts_with(b">");
        let (fence, info) = Self::split(without_quote(line, is_quoted))?;
        let fence = Self { is_quoted, ..fence };
        // Three backticks around code in one line are no fence.
        (fence.character == b'~' || !info.contains(&b'`')).then_some(fence)
    }

    /// Splits a line into its fence and the text after that.
    fn split(line: &[u8]) -> Option<(Self, &[u8])> {
        let indent = line.iter().take_while(|&&byte| byte == b' ').count();
        let marks = &line[indent..];
        let character = *marks.first().filter(|byte| b"`~".contains(byte))?;
        let length = marks.iter().take_while(|&&byte| byte == character).count();
        (length >= MIN_FENCE)
            .then_some((Self { character, length, indent, is_quoted: false }, &marks[length..]))
    }

    fn is_closed_by(self, line: &[u8]) -> bool {
        Self::split(line).is_some_and(|(other, after)| {
            other.character == self.character
                && other.length >= self.length
                && after.trim_ascii().is_empty()
        })
    }

    /// Removes a block and its closing fence from the beginning of a text.
    fn take_block(self, text: &mut &[u8]) -> Vec<u8> {
        let mut content = Vec::new();
        while !text.is_empty() {
            let (line, after) = first_line(text);
            if self.is_quoted && !line.starts_with(b">") {
                break;
            }
            let whole = without_quote(&text[..text.len() - after.len()], self.is_quoted);
            *text = after;
            if self.is_closed_by(without_quote(line, self.is_quoted)) {
                break;
            }
            let spaces = whole.iter().take(self.indent).take_while(|&&byte| byte == b' ').count();
            content.extend_from_slice(&whole[spaces..]);
        }
        if content.pop_if(|byte| *byte == b'\n').is_some() {
            content.pop_if(|byte| *byte == b'\r');
        }
        content
    }
}

/// Returns a line without the mark of a quotation.
fn without_quote(line: &[u8], is_quoted: bool) -> &[u8] {
    let mark = if is_quoted { line.strip_prefix(b">") } else { None };
    mark.map_or(line, |rest| rest.strip_prefix(b" ").unwrap_or(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_the_lines_between_fences() {
        for (text, expected) in [
            ("a\n```http\nx\n\ny\n```\nb\n~~~\nz\n```\n~~~\n", vec!["x\n\ny", "z\n```"]),
            ("1. a\n   ```\n   x\n     y\n  z\n   ```\n", vec!["x\n  y\nz"]),
            ("> ```\n> x\n>\n> y\n> ```\n", vec!["x\n\ny"]),
            ("> ```\n> x\ny", vec!["x"]),
            ("````\n```\nx\n```\n````\r\n", vec!["```\nx\n```"]),
            ("```\r\nx\r\n```\r\n", vec!["x"]),
            ("```\nnot closed", vec!["not closed"]),
            ("```a``` b\n``\n", vec![]),
            ("```", vec![""]),
        ] {
            let found: Vec<_> = blocks(text.as_bytes()).collect();
            let expected: Vec<_> = expected.iter().map(|block| block.as_bytes().to_vec()).collect();
            assert_eq!(found, expected, "{text}");
            assert_eq!(is_markdown(text.as_bytes()), !expected.is_empty(), "{text}");
        }
    }

    #[test]
    fn a_request_before_a_fence_is_no_markdown() {
        for start in ["POST / HTTP/1.1\n", "POST /\nA: 1\n", "{\"a\":1}\n", "{\n", "x {\"a\":1}\n"]
        {
            assert!(!is_markdown(format!("{start}```\nx\n```\n").as_bytes()), "{start}");
        }
    }
}
