//! Reader for logs in which the JSON of a request is printed over several lines.
//!
//! Such a document begins with a bracket at the end of a line that is not indented. What is inside
//! of it is never read as a request of its own, even if the document is cut off: the reader goes on
//! at the line with the error, and indented lines begin no document.

use crate::protocols::json;
use crate::protocols::json::MAX_DEPTH;
use crate::protocols::requests::documents::end_of_document;
use crate::protocols::requests::http_text::first_line;
use crate::protocols::requests::json_start::json_start;
use crate::protocols::requests::log_lines;
use crate::protocols::requests::parsed::{ReadRequest, ReadResults, RequestLocation};

/// The number of bytes in which the first such document begins.
const MAX_HEAD: usize = 1 << 20;

/// The maximum number of blank lines between two lines of a document, plus one.
const MAX_BLANK: usize = 4;

/// Parts of a document that is a request, even if it is malformed.
const SIGNS: [&[u8]; 4] = [b"headers\"", b"Headers\"", b"body\"", b"Body\""];

/// The bytes of JSON outside of strings, in addition to brackets and quotes.
const OTHERS: &[u8] = b" \t\r\n,:0123456789.-+Etruefalsn";

/// Returns `true` if a text has a line after which JSON is printed over several lines.
pub(super) fn is_pretty_log(text: &[u8]) -> bool {
    let mut rest = &text[..text.len().min(MAX_HEAD)];
    while !rest.is_empty() {
        let (line, after) = first_line(rest);
        if document_start(line, after).is_some() {
            return true;
        }
        rest = after;
    }
    false
}

/// Returns `true` if a text begins with a complete document, and lines of a log follow.
pub(super) fn is_document_in_log(text: &[u8]) -> bool {
    let text = text.trim_ascii_start();
    if !is_pretty_log(text) {
        return false;
    }
    let (document, after) = text.split_at(end_of_document(text));
    let line = first_line(after.trim_ascii_start()).0.trim_ascii();
    let is_prose = line.contains(&b' ') && !log_lines::is_json(line) && !line.starts_with(b",");
    is_prose && json::read(document).is_ok()
}

/// Parses the requests of a log, over several lines or in one.
pub(super) fn read(text: &[u8]) -> ReadResults {
    let mut reads = Vec::new();
    let (mut rest, mut number) = (text, 1);
    while !rest.is_empty() {
        let (line, after) = first_line(rest);
        let (read, length) = match document_start(line, after) {
            Some(start) => read_document(rest, start),
            None => (log_lines::read_line(line), rest.len() - after.len()),
        };
        reads.extend(read.map(|read| (RequestLocation::Line(number), read)));
        number += memchr::memchr_iter(b'\n', &rest[..length]).count();
        rest = &rest[length..];
    }
    if reads.is_empty() {
        return Err("expected JSON with `headers` and `body`".to_owned());
    }
    Ok(reads)
}

/// Parses the document that begins at `start` in the first line, and returns the length of all its
/// lines.
fn read_document(text: &[u8], start: usize) -> (Option<ReadRequest>, usize) {
    let (length, is_complete) = extent(&text[start..]);
    let end = start + length;
    let document = &text[start..end];
    let read = match json::read(document) {
        Ok(document) => log_lines::read_document(&document)
            .map(|read| read.map(|parsed| parsed.with_prefix(&text[..start]))),
        Err(problem) => SIGNS
            .iter()
            .any(|sign| memchr::memmem::find(document, sign).is_some())
            .then(|| Err(format!("its JSON over several lines is malformed: {problem}"))),
    };
    let newline = if is_complete {
        memchr::memchr(b'\n', &text[end..]).map(|at| end + at)
    } else {
        // The line with the error may be one of the log.
        let last = memchr::memrchr(b'\n', document).map(|at| start + at);
        last.or_else(|| memchr::memchr(b'\n', text))
    };
    (read, newline.map_or(text.len(), |at| at + 1))
}

/// Returns the length of the document that a text begins with, and `true` if it is complete.
///
/// Otherwise the length is that of the part before the first character that is no part of JSON.
fn extent(text: &[u8]) -> (usize, bool) {
    let (mut depth, mut is_string, mut is_escaped) = (0_usize, false, false);
    for (at, byte) in text.iter().enumerate() {
        match byte {
            b'\n' if is_string => return (at, false),
            _ if is_escaped => is_escaped = false,
            b'\\' if is_string => is_escaped = true,
            b'"' => is_string = !is_string,
            _ if is_string => {}
            b'{' | b'[' if depth == MAX_DEPTH => return (at, false),
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return (at + 1, true);
                }
            }
            byte if OTHERS.contains(byte) => {}
            _ => return (at, false),
        }
    }
    (text.len(), false)
}

/// Returns the offset at which a document begins in a line, if the next lines go on with a field or
/// an item of it.
pub(super) fn document_start(line: &[u8], after: &[u8]) -> Option<usize> {
    let line = line.trim_ascii_end();
    let last = *line.last().filter(|byte| b"{[,".contains(byte))?;
    let is_inside = |byte: &u8| byte.is_ascii_whitespace() || b"\"}]".contains(byte);
    if line.first().is_none_or(is_inside) {
        return None;
    }
    let next = next_line(after);
    let is_indented = next.first().is_some_and(u8::is_ascii_whitespace);
    let next = next.trim_ascii();
    let goes_on = match last {
        b'[' => next.starts_with(b"{"),
        _ => next.starts_with(b"\"") && next.contains(&b':'),
    };
    if !goes_on {
        return None;
    }
    let start = match json_start(line) {
        // The first fields are on the same line.
        Some(start) => Some(start).filter(|&at| extent(&line[at..]) == (line.len() - at, false)),
        None if last == b',' => None,
        None => {
            let prefix = &line[..line.len() - 1];
            // A opening whose first object begins on the same line.
            let opening = prefix.trim_ascii_end().strip_suffix(b"[").filter(|_| last == b'{');
            let start = opening.map_or(prefix.len(), <[u8]>::len);
            Some(start).filter(|_| is_indented || prefix.is_empty())
        }
    }?;
    (!log_lines::ends_with_body_label(&line[..start])).then_some(start)
}

/// Returns the next line, after at most a few blank ones.
fn next_line(text: &[u8]) -> &[u8] {
    let mut rest = text;
    for _ in 0..MAX_BLANK {
        let (line, after) = first_line(rest);
        if !line.trim_ascii().is_empty() {
            return line;
        }
        rest = after;
    }
    b""
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "{\n  \"headers\": {\n    \"A\": \"1\"\n  },\n  \"body\": \"{}\"\n}";

    /// Returns the line of each request, with `true` if it is valid.
    fn lines(text: &str) -> Vec<(usize, bool)> {
        assert!(is_pretty_log(text.as_bytes()), "{text}");
        let reads = read(text.as_bytes()).unwrap_or_default();
        let line = |place| match place {
            RequestLocation::Line(number) => number,
            other => panic!("{other:?}"),
        };
        reads.into_iter().map(|(place, read)| (line(place), read.is_ok())).collect()
    }

    #[test]
    fn documents_over_several_lines_are_read_among_the_lines_of_a_log() {
        let line = r#"{"headers":{},"body":"x"}"#;
        assert_eq!(lines(&format!("[info] a\n{ONE}\n[info] b\n{ONE}")), [(2, true), (9, true)]);
        assert_eq!(lines(&format!("[info] got {ONE} in 5 ms\nb {line}\n")), [(1, true), (7, true)]);
        assert_eq!(lines(&format!("a: [{ONE}]\n")), [(1, true)]);
        assert_eq!(lines(&format!("a\n[\n{ONE}\n]\n")), [(2, true)]);
    }

    #[test]
    fn nothing_inside_a_document_is_a_request_of_its_own() {
        let inner = ONE.replace('\n', "\n  ");
        for (text, expected) in [
            // The document has no headers, or is the body.
            (format!("[info] body: {ONE}\n{ONE}\n"), vec![(7, true)]),
            // It is cut off before a request in its body.
            (
                format!("a {{\n  \"headers\": {{}},\n[info] b\n  \"x\": {inner}\n}}\n"),
                vec![(1, false)],
            ),
            (format!("a {{\n  \"headers\": {{\n  \"body\": {inner}\n"), vec![(1, false)]),
        ] {
            assert_eq!(lines(&text), expected, "{text}");
        }
    }

    #[test]
    fn other_text_with_brackets_is_skipped() {
        let code = "function a() {\n  \"use strict\": 1;\n}\n";
        assert_eq!(lines(&format!("{code}[info]\n{ONE}\n")), [(5, true)]);
        for text in ["a {\nb\n", "a\n  {\n  \"headers\":1}\n", "{\n}\n", "", "a {"] {
            assert!(!is_pretty_log(text.as_bytes()), "{text}");
        }
    }
}
