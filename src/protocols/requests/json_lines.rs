//! JSON: one document, or one a line.

use crate::protocols::json;
use crate::protocols::requests::Place;
use crate::protocols::requests::Read;
use crate::protocols::requests::Reads;
use crate::protocols::requests::har;
use crate::protocols::requests::logged;

/// The greatest number of values in one document: an archive of a thousand page loads has half a
/// million, and that many as this cost some 300 MB.
const MAX_VALUES: usize = 4_000_000;

/// Whether a text begins as an object or an array.
pub(super) fn is_json(text: &[u8]) -> bool {
    text.starts_with(b"{") || text.starts_with(b"[")
}

/// Reads one document, or one a line where the first line is a document of its own.
pub(super) fn read(text: &[u8]) -> Reads {
    let problem = match json::read_up_to(MAX_VALUES, text) {
        Ok(document) => return har::read(&document).unwrap_or_else(|| logged::read(&document)),
        Err(problem) => problem.to_string(),
    };
    let mut lines = text.split(|&byte| byte == b'\n').enumerate();
    let mut lines = lines.by_ref().filter(|(_, line)| !line.trim_ascii().is_empty()).peekable();
    let (is_first_whole, second) = match lines.next() {
        Some((_, first)) => (json::read(first).is_ok(), lines.peek()),
        None => (false, None),
    };
    if !is_first_whole || second.is_none() {
        return Err(problem);
    }
    let lines = text.split(|&byte| byte == b'\n').enumerate();
    let lines = lines.filter(|(_, line)| !line.trim_ascii().is_empty());
    Ok(lines.map(|(index, line)| (Place::Line(index + 1), read_line(line))).collect())
}

/// Reads one line, which holds one request.
pub(super) fn read_line(line: &[u8]) -> Read {
    let document = json::read(line).map_err(|problem| problem.to_string())?;
    logged::read_one(&document)
}
