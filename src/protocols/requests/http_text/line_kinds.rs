//! The kinds of lines in a text with HTTP messages.

use crate::protocols::http1::{is_token, is_version, strip_carriage_return};

/// The methods of a request line without a version: any other word could begin a sentence.
const METHODS: [&str; 8] = ["POST", "GET", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE"];

/// The beginnings of the target in a request line without a version.
const TARGETS: [&str; 5] = ["/", "http://", "https://", "{{", "localhost"];

/// The maximum length of a line that may be a request line or a separator.
const MAX_LINE: usize = 64 * 1024;

/// Returns the first line of a text without its newline, and the text after it.
pub(in crate::protocols::requests) fn first_line(text: &[u8]) -> (&[u8], &[u8]) {
    let end = memchr::memchr(b'\n', text);
    let (line, after) = end.map_or((text, &b""[..]), |end| (&text[..end], &text[end + 1..]));
    (strip_carriage_return(line), after)
}

/// Returns the lines of a text without their newlines.
pub(in crate::protocols::requests) fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|&byte| byte == b'\n').map(strip_carriage_return)
}

/// Returns `true` for the `###` between two requests.
pub(super) fn is_separator(line: &[u8]) -> bool {
    line.starts_with(b"###")
}

/// Returns `true` for a comment.
pub(super) fn is_comment(line: &[u8]) -> bool {
    line.starts_with(b"#") || line.starts_with(b"//")
}

/// Returns `true` for the handler of a response: a script, its file, or a file for the response.
pub(super) fn is_handler(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b">") else { return false };
    let file = rest.trim_ascii_start();
    let is_script_file = [b".js".as_slice(), b".mjs", b".ts"].iter().any(|end| file.ends_with(end));
    rest.starts_with(b"> ")
        || rest.starts_with(b">! ")
        || rest.starts_with(b" ") && (file.starts_with(b"{%") || is_script_file)
}

/// Returns `true` for the reference to a saved response, `<> file`.
pub(super) fn is_reference(line: &[u8]) -> bool {
    line.starts_with(b"<> ")
}

/// Returns `true` if a line begins a script, before a request or after a response.
pub(super) fn script_start(line: &[u8]) -> bool {
    let script = line.strip_prefix(b"<").or_else(|| line.strip_prefix(b">"));
    script.is_some_and(|script| script.trim_ascii_start().starts_with(b"{%"))
}

/// Returns `true` for a line that occurs only in `.http` and `.rest` files.
pub(super) fn is_part_of_request_file(line: &[u8]) -> bool {
    match line.first() {
        Some(b'#') => is_separator(line) || line.starts_with(b"# @"),
        Some(b'/') => line.starts_with(b"// @"),
        Some(b'<') => is_reference(line) || script_start(line),
        Some(b'>') => is_handler(line),
        Some(b'@') => definition(line).is_some(),
        _ => false,
    }
}

/// Parses the definition of a variable, `@name = value`.
pub(super) fn definition(line: &[u8]) -> Option<(&str, &str)> {
    let line = line.strip_prefix(b"@").and_then(|line| std::str::from_utf8(line).ok())?;
    let (name, value) = line.split_once('=')?;
    let name = name.trim_end();
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
    (!name.is_empty() && name.bytes().all(is_name)).then_some((name, value.trim()))
}

/// Returns `true` for the status line of a response.
pub(super) fn is_status_line(line: &[u8]) -> bool {
    if !line.starts_with(b"HTTP/") {
        return false;
    }
    let mut words = line.trim_ascii_end().splitn(3, |&byte| byte == b' ');
    let version = words.next().and_then(|word| std::str::from_utf8(word).ok());
    let status = words.next().unwrap_or_default();
    version.is_some_and(is_version) && status.len() == 3 && status.iter().all(u8::is_ascii_digit)
}

/// Parses a request line without a version, `POST https://example.com/hooks`: method and target.
pub(in crate::protocols::requests) fn unversioned_request_line(
    line: &[u8],
) -> Option<(&str, &str)> {
    if line.len() > MAX_LINE {
        return None;
    }
    let line = std::str::from_utf8(line).ok()?.trim_end();
    let (method, target) = line.split_once([' ', '\t'])?;
    let target = target.trim();
    let is_target =
        TARGETS.iter().any(|start| target.starts_with(start)) && !target.contains([' ', '\t']);
    (METHODS.contains(&method) && is_target).then_some((method, target))
}

/// Returns `true` if a text begins with a request line without a version, and a header follows.
pub(in crate::protocols::requests) fn is_unversioned_request(text: &[u8]) -> bool {
    let (line, mut rest) = first_line(text);
    if unversioned_request_line(line).is_none() {
        return false;
    }
    loop {
        let (line, after) = first_line(rest);
        let is_continuation = line.starts_with(b" ") || is_comment(line);
        if !is_continuation || after.is_empty() {
            let colon = line.iter().position(|&byte| byte == b':').unwrap_or(0);
            return std::str::from_utf8(&line[..colon]).is_ok_and(is_token);
        }
        rest = after;
    }
}
