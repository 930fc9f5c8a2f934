//! Reader for logs: lines with a prefix in front of the JSON of a request, among other lines.
//!
//! A line without a request is skipped: plain text, and complete JSON with neither headers nor
//! body. A line that begins a request, after any prefix, and is then cut off or malformed is an
//! error.

use crate::protocols::http1::request_line;
use crate::protocols::json;
use crate::protocols::json::Json;
use crate::protocols::requests::documents::{end_of_document, lines};
use crate::protocols::requests::json_document;
use crate::protocols::requests::json_start::json_start;
use crate::protocols::requests::logged;
use crate::protocols::requests::parsed::{ReadRequest, ReadResults, RequestLocation};

/// The number of bytes of plain text after which an input is a log, even if no request was seen.
const MAX_PROSE: usize = 1 << 20;

/// The last words of a prefix after which the JSON is a received body: a request inside of it was
/// not received by the program that wrote the log.
const BODY_LABELS: [&str; 5] = ["body", "rawbody", "raw_body", "payload", "request_body"];

/// The reason why a log without a request is none.
pub(super) const NO_REQUEST: &str = "expected a line with `headers` and `body`";

/// The maximum number of objects in one line.
const MAX_OBJECTS: usize = 64;

/// Returns `true` if a text is a log with at least one request.
pub(super) fn is_log(text: &[u8]) -> bool {
    detect(text, true) == Some(true)
}

/// Parses every line of a log.
pub(super) fn read(text: &[u8]) -> ReadResults {
    let read = |(number, line)| Some((RequestLocation::Line(number), read_line(line)?));
    let reads: Vec<_> = lines(text).filter_map(read).collect();
    if reads.is_empty() {
        return Err(NO_REQUEST.to_owned());
    }
    Ok(reads)
}

/// Parses a line of a log, or returns `None` if it has no request.
pub(super) fn read_line(line: &[u8]) -> Option<ReadRequest> {
    let line = line.trim_ascii();
    if is_json(line) {
        return match json::read(line) {
            Ok(document) => read_document(&document),
            Err(problem) => Some(Err(problem.to_string())),
        };
    }
    let Some(start) = json_start(line) else { return torn_request_line(line) };
    if ends_with_body_label(&line[..start]) {
        return None;
    }
    let mut rest = &line[start..];
    for _ in 0..MAX_OBJECTS {
        let (document, after) = rest.split_at(end_of_document(rest));
        let read = match json::read(document) {
            Ok(document) => read_document(&document),
            Err(problem) => Some(Err(problem.to_string())),
        };
        if let Some(read) = read {
            return Some(read.map(|parsed| parsed.with_prefix(&line[..start])));
        }
        let next = json_start(after)?;
        if ends_with_body_label(&after[..next]) {
            return None;
        }
        rest = &after[next..];
    }
    None
}

/// Parses the request in a document, or returns `None` if it has neither headers nor a body.
pub(super) fn read_document(document: &Json) -> Option<ReadRequest> {
    let found = json_document::read_any(document);
    // Without headers anywhere, a body makes it a request with an error in it.
    found.or_else(|| {
        logged::has_headers_or_body(document).then(|| json_document::read_one(document))
    })
}

/// Returns `true` if a line is JSON without a prefix, and not a prefix in brackets: `[info]`.
pub(super) fn is_json(line: &[u8]) -> bool {
    match line.split_first() {
        Some((b'{', _)) => true,
        Some((b'[', rest)) => {
            let rest = rest.trim_ascii_start();
            rest.first().is_none_or(|byte| b"{[]\"".contains(byte)) || begins_numbers(rest)
        }
        _ => false,
    }
}

/// Returns `true` for the numbers in a list, and not for the number of a process: `[123] started`.
fn begins_numbers(text: &[u8]) -> bool {
    let is_part = |byte: &u8| byte.is_ascii_digit() || b"+-.eE \t".contains(byte);
    let end = text.iter().position(|byte| !is_part(byte)).unwrap_or(text.len());
    match text[end..].split_first() {
        Some((b',', _)) => end > 0,
        Some((b']', after)) => end > 0 && after.trim_ascii_start().is_empty(),
        _ => false,
    }
}

/// Returns an error for a request line after any prefix: its headers and body are on other lines.
fn torn_request_line(line: &[u8]) -> Option<ReadRequest> {
    let version = line.len().checked_sub(8).map(|at| &line[at..])?;
    if !version.starts_with(b"HTTP/") {
        return None;
    }
    let words = line.rsplitn(3, |&byte| byte == b' ').collect::<Vec<_>>();
    let method = words.get(2)?.rsplit(|&byte| byte == b' ').next().unwrap_or_default();
    let is_method = method.len() > 1 && method.iter().all(u8::is_ascii_uppercase);
    let request = [method, words[1], words[0]].join(&b' ');
    (is_method && request_line(&request).is_some())
        .then(|| Err("it ends after the request line, expected headers and a body".to_owned()))
}

/// Returns `true` if the JSON after a prefix is a received body.
pub(super) fn ends_with_body_label(prefix: &[u8]) -> bool {
    let prefix = prefix.trim_ascii_end();
    let is_separator = |byte: u8| b" :=\"'`>\t".contains(&byte);
    let end = prefix.iter().rposition(|&byte| !is_separator(byte)).map_or(0, |end| end + 1);
    let start = prefix[..end].iter().rposition(|&byte| is_separator(byte)).map_or(0, |at| at + 1);
    BODY_LABELS.iter().any(|label| prefix[start..end].eq_ignore_ascii_case(label.as_bytes()))
}

/// Returns `true` if an input that does not begin with JSON is a log with JSON in its lines.
///
/// Returns `None` if more input is needed, which never happens once `is_all` is set.
pub(super) fn detect(head: &[u8], is_all: bool) -> Option<bool> {
    let mut rest = head;
    while !rest.is_empty() {
        let end = memchr::memchr(b'\n', rest);
        let Some(end) = end.or(is_all.then_some(rest.len())) else { break };
        let line = rest[..end].trim_ascii();
        if json_start(line).is_some() {
            return Some(true);
        }
        // The beginning of a document over several lines.
        if is_json(line) {
            return Some(false);
        }
        rest = rest.get(end + 1..).unwrap_or_default();
    }
    if is_all { Some(false) } else { (head.len() > MAX_PROSE).then_some(true) }
}

#[cfg(test)]
mod tests;
