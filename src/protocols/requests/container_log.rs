//! Reader for logs of containers, with `web-1  | ` in front of each line of an HTTP message, or of
//! JSON over several lines.

use crate::protocols::http1::begins_saved_message;
use crate::protocols::requests::http_text;
use crate::protocols::requests::http_text::{first_line, lines};
use crate::protocols::requests::parsed::ReadResults;
use crate::protocols::requests::pretty_log;

/// The maximum length of the name of a container.
const MAX_NAME: usize = 100;

/// The number of lines before the first request.
const MAX_LINES: usize = 1_000;

/// Returns `true` if a text has a request after the name of a container.
pub(super) fn is_container_log(text: &[u8]) -> bool {
    prefix(first_line(text).0).is_some() && request_prefix(text).is_some()
}

/// Parses the requests of the first container that has one, and skips the other containers.
pub(super) fn read(text: &[u8]) -> ReadResults {
    let (prefix, is_message) = request_prefix(text).ok_or("expected a request after a prefix")?;
    let mut unprefixed = Vec::with_capacity(text.len());
    for line in text.split_inclusive(|&byte| byte == b'\n') {
        // The space after the bar may be missing before an empty line.
        let rest = line.strip_prefix(prefix).or_else(|| line.strip_prefix(prefix.trim_ascii_end()));
        // A skipped line counts, but it is none of an HTTP message.
        let skipped = if is_message { b"".as_slice() } else { b"\n" };
        unprefixed.extend_from_slice(rest.unwrap_or(skipped));
    }
    if !is_message {
        return pretty_log::read(&unprefixed);
    }
    // The last newline is that of the log.
    http_text::read(unprefixed.strip_suffix(b"\n").unwrap_or(&unprefixed))
}

/// Returns the prefix of the first request, and `true` if that is an HTTP message.
fn request_prefix(text: &[u8]) -> Option<(&[u8], bool)> {
    let mut prefixes = lines(text).take(MAX_LINES).filter_map(|line| Some((line, prefix(line)?)));
    let mut previous: Option<(&[u8], &[u8])> = None;
    prefixes.find_map(|(line, prefix)| {
        let content = &line[prefix.len()..];
        let (before, _) = previous.replace((content, prefix)).filter(|last| last.1 == prefix)
            .unwrap_or_default();
        let is_message = begins_saved_message(content);
        let is_request = is_message || pretty_log::document_start(before, content).is_some();
        is_request.then_some((prefix, is_message))
    })
}

/// Returns the name of the container and the bar after it.
fn prefix(line: &[u8]) -> Option<&[u8]> {
    let head = &line[..line.len().min(MAX_NAME)];
    let bar = memchr::memmem::find(head, b" | ")?;
    let name = line[..bar].trim_ascii_end();
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.|".contains(byte);
    (!name.is_empty() && name.iter().all(is_name)).then(|| &line[..bar + 3])
}
