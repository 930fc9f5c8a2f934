//! Reader for texts with HTTP messages: saved requests, the output of a terminal or of "follow
//! stream", and the `.http` and `.rest` files of editors.
//!
//! Anything between two requests is skipped: responses, banners, comments, scripts. A body with a
//! `Content-Length` is read by its length if that leads to the end of a line or to another message:
//! a request inside a received body must never be read as a request of its own.

mod line_kinds;
mod variables;

use crate::domain::message::{Headers, Message};
use crate::protocols::http1;
use crate::protocols::http1::{Framing, FramingPolicy, SavedMessages, begins_saved_message};
use crate::protocols::requests::address;
use crate::protocols::requests::http_text::line_kinds::{
    is_comment, is_handler, is_part_of_request_file, is_reference, is_separator, is_status_line,
    script_start,
};
use crate::protocols::requests::json_start::json_start;
use crate::protocols::requests::parsed::{
    ParsedRequest, ReadResults, with_locations, without_bodiless,
};

pub(super) use line_kinds::{first_line, is_unversioned_request, lines, unversioned_request_line};
pub(super) use variables::Variables;

/// The number of lines in front of the first request that may be prose.
const MAX_PROSE_LINES: usize = 1_000;

/// Returns `true` if a text has a request line, after comments or prose.
pub(super) fn is_http_text(text: &[u8]) -> bool {
    first_request(text).is_some()
}

/// Returns the kind of the first request line of a text.
fn first_request(text: &[u8]) -> Option<RequestLineKind> {
    let mut rest = text;
    for _ in 0..MAX_PROSE_LINES {
        let (line, after) = first_line(rest);
        if begins_saved_message(rest) {
            return Some(RequestLineKind::WithVersion);
        }
        // Prose is skipped, but nothing that the JSON of a log begins with.
        if rest.is_empty() || json_start(line).is_some() {
            return None;
        }
        if is_unversioned_request(rest) {
            return Some(RequestLineKind::WithoutVersion);
        }
        rest = after;
    }
    None
}

/// The kind of a request line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RequestLineKind {
    WithVersion,
    WithoutVersion,
}

/// Returns the message that a text begins with, if there is one.
pub(super) fn read_first(text: &[u8]) -> Option<Message> {
    begins_saved_message(text).then(|| SavedMessages::new(text).next()?.ok())?
}

/// Parses every request of a text, and skips everything else.
pub(super) fn read(text: &[u8]) -> ReadResults {
    let is_request_file = first_request(text) == Some(RequestLineKind::WithoutVersion);
    let mut reader = Reader {
        cursor: SavedMessages::new(text),
        is_request_file,
        has_skipped: false,
        variables: Variables::of_request_file(text),
        expansion_left: text.len().saturating_mul(8),
    };
    let mut reads = Vec::new();
    while reader.skip_to_request() {
        let read = reader.request();
        let has_failed = read.is_err();
        reads.push(read.map(ParsedRequest::from_message));
        // The end of the body is unknown, so the next request line may be part of it.
        if has_failed && !reader.skip_to_separator() {
            break;
        }
    }
    if reads.is_empty() {
        return Err("expected a request line such as `POST / HTTP/1.1`".to_owned());
    }
    Ok(without_bodiless(with_locations(reads)))
}

struct Reader<'a> {
    cursor: SavedMessages<'a>,
    /// `true` once anything shows that an editor wrote the text as a `.http` file, with variables
    /// and comments. A received body is no sign of that.
    is_request_file: bool,
    /// `true` if anything was before the next request.
    has_skipped: bool,
    variables: Variables,
    /// The number of bytes that variables may still add.
    expansion_left: usize,
}

impl Reader<'_> {
    /// Skips everything up to the next request line; `false` at the end of the text.
    fn skip_to_request(&mut self) -> bool {
        loop {
            let rest = self.cursor.rest();
            if rest.is_empty() {
                return false;
            }
            if begins_saved_message(rest) || (self.is_request_file && is_unversioned_request(rest))
            {
                return true;
            }
            let line = self.cursor.next_line();
            self.has_skipped |= !line.trim_ascii().is_empty();
            self.is_request_file |= is_part_of_request_file(line);
            if script_start(line) {
                self.skip_script(line);
            } else if is_status_line(line) {
                self.skip_response();
            }
        }
    }

    /// Skips to the line after the next `###`; `false` if there is none.
    fn skip_to_separator(&mut self) -> bool {
        while self.is_request_file && !self.cursor.rest().is_empty() {
            if is_separator(self.cursor.next_line()) {
                return true;
            }
        }
        false
    }

    /// Skips a script up to its `%}`.
    fn skip_script(&mut self, first: &[u8]) {
        let mut line = first;
        while !line.windows(2).any(|pair| pair == b"%}") && !self.cursor.rest().is_empty() {
            line = self.cursor.next_line();
        }
    }

    /// Skips the head of a response after its status line, and its body if the end is known.
    fn skip_response(&mut self) {
        let Ok(headers) = self.cursor.headers(|_| false) else { return };
        match Framing::of(FramingPolicy::SavedRequest, headers.iter()) {
            Ok(Framing::Length(length)) if self.is_trusted(length) => {
                self.cursor.advance(usize::try_from(length).unwrap_or(usize::MAX));
            }
            Ok(Framing::Chunked) => {
                let _ = self.cursor.chunked_body();
            }
            _ => {}
        }
    }

    fn request(&mut self) -> Result<Message, String> {
        let is_unix = first_line_is_unix(self.cursor.rest());
        let mut message = self.request_line()?;
        self.is_request_file |= message.target.contains("{{");
        let is_comment: fn(&[u8]) -> bool =
            if self.is_request_file { is_comment } else { |_| false };
        message.headers = self.cursor.headers(is_comment).map_err(|error| error.to_string())?;
        while is_status_line(first_line(self.cursor.rest()).0)
            && is_interim(first_line(self.cursor.rest()).0)
        {
            self.cursor.next_line();
            self.cursor.headers(|_| false).map_err(|error| error.to_string())?;
        }
        let line = self.cursor.line();
        let body = self.body(&message.headers, is_unix)?;
        if self.is_request_file {
            check_body(&body, line)?;
            message.body = self.expand(&body)?.into();
            self.expand_head(&mut message)?;
        } else {
            message.body = body.into();
        }
        self.has_skipped = true;
        split_absolute_target(&mut message);
        Ok(message)
    }

    /// Reads the request line, in a `.http` file without a version and over several lines.
    fn request_line(&mut self) -> Result<Message, String> {
        let number = self.cursor.line();
        let line = self.cursor.next_line();
        let (method, mut target, version) =
            if let Some((method, target, version)) = http1::request_line(line) {
                (method, target.to_owned(), version)
            } else {
                let found = unversioned_request_line(line);
                let (method, target) =
                    found.ok_or_else(|| format!("expected a request line at line {number}"))?;
                (method, target.to_owned(), "HTTP/1.1")
            };
        // The query may continue on indented lines.
        while self.is_request_file
            && let (next, _) = first_line(self.cursor.rest())
            && next.starts_with(b" ")
            && matches!(next.trim_ascii().first(), Some(b'?' | b'&' | b'/'))
        {
            target.push_str(&String::from_utf8_lossy(self.cursor.next_line().trim_ascii()));
        }
        Ok(Message {
            method: method.to_owned(),
            target,
            http_version: version.to_owned(),
            headers: Headers::new(),
            body: Vec::new().into(),
        })
    }

    /// Reads the body up to the end that its framing or the next part of the text determines.
    fn body(&mut self, headers: &Headers, is_unix: bool) -> Result<Vec<u8>, String> {
        // The policy for files returns no errors.
        match Framing::of(FramingPolicy::SavedRequest, headers.iter()) {
            Ok(Framing::Length(length)) if self.is_trusted(length) => {
                let length = usize::try_from(length).unwrap_or(usize::MAX);
                return Ok(self.cursor.advance(length).to_vec());
            }
            Ok(Framing::Chunked) => {
                let body = self.cursor.chunked_body().map_err(|error| error.to_string())?;
                if let Some(body) = body {
                    return Ok(body);
                }
            }
            Ok(Framing::Length(length)) if is_longer(length, self.cursor.rest()) => {
                // The text was cut off, so a request in the rest may be part of this body.
                return Ok(self.body_before(false, is_unix));
            }
            _ => {}
        }
        Ok(self.body_before(true, is_unix))
    }

    /// Returns `true` if a length leads to the end of a line, to another message, or to the end.
    fn is_trusted(&self, length: u64) -> bool {
        let rest = self.cursor.rest();
        let Some(after) = usize::try_from(length).ok().and_then(|length| rest.get(length..)) else {
            return false;
        };
        after.trim_ascii().is_empty()
            || after.starts_with(b"\n")
            || after.starts_with(b"\r\n")
            || begins_saved_message(after)
            || is_status_line(first_line(after).0)
    }

    /// Reads the body up to a separator, a handler, a response or, if `ends_at_request`, a request,
    /// without the blank lines before it.
    fn body_before(&mut self, ends_at_request: bool, is_unix: bool) -> Vec<u8> {
        let text = self.cursor.rest();
        let mut rest = text;
        while !rest.is_empty() {
            let (line, after) = first_line(rest);
            let is_end = is_separator(line)
                || is_handler(line)
                || is_reference(line)
                || is_status_line(line)
                || (ends_at_request && begins_saved_message(rest) && has_header(after));
            if is_end {
                self.is_request_file |= is_part_of_request_file(line);
                return without_newlines(self.cursor.advance(text.len() - rest.len())).to_vec();
            }
            rest = after;
        }
        let body = self.cursor.advance(usize::MAX);
        // The newline at the end of a text that an editor wrote belongs to the text. In a saved
        // message it is kept, because nothing shows that it was added.
        let is_edited = self.is_request_file || (is_unix && self.has_skipped);
        if is_edited { without_newlines(body).to_vec() } else { body.to_vec() }
    }

    /// Replaces the variables of a value.
    fn expand(&mut self, value: &[u8]) -> Result<Vec<u8>, String> {
        self.variables.expand(value, &mut self.expansion_left)
    }

    fn expand_string(&mut self, value: &str) -> Result<String, String> {
        let expanded = self.expand(value.as_bytes())?;
        String::from_utf8(expanded).map_err(|_| "a variable is not UTF-8".to_owned())
    }

    fn expand_head(&mut self, message: &mut Message) -> Result<(), String> {
        message.target = self.expand_string(&message.target)?;
        let mut headers = Headers::new();
        for (name, value) in message.headers.iter() {
            headers.push(name, self.expand(value)?);
        }
        message.headers = headers;
        Ok(())
    }
}

/// Splits a whole URL in the request line into `Host` and target, unless there is a `Host`: a proxy
/// receives both.
fn split_absolute_target(message: &mut Message) {
    if message.headers.contains("Host") || !message.target.contains("://") {
        return;
    }
    let target = std::mem::take(&mut message.target);
    let (host, path) = address::split_url(&target);
    message.target = path;
    address::add_host(message, host);
}

fn is_longer(length: u64, rest: &[u8]) -> bool {
    usize::try_from(length).map_or(true, |length| length > rest.len())
}

/// Returns `true` if a status line is that of an interim response, such as `100 Continue`.
fn is_interim(line: &[u8]) -> bool {
    line.split(|&byte| byte == b' ').nth(1).is_some_and(|status| status.starts_with(b"1"))
}

/// Returns `true` if no carriage return is in front of the first newline.
fn first_line_is_unix(text: &[u8]) -> bool {
    let end = text.iter().position(|&byte| byte == b'\n');
    end.is_some_and(|end| !text[..end].ends_with(b"\r"))
}

/// Returns `true` if the lines after a request line begin with a header, or end.
fn has_header(text: &[u8]) -> bool {
    let line = first_line(text).0;
    let colon = line.iter().position(|&byte| byte == b':').unwrap_or(0);
    let is_name = std::str::from_utf8(&line[..colon]).is_ok_and(http1::is_token);
    line.trim_ascii().is_empty() || (colon > 0 && is_name)
}

/// Removes the newlines at the end.
fn without_newlines(body: &[u8]) -> &[u8] {
    let end = body.iter().rposition(|byte| !matches!(byte, b'\r' | b'\n'));
    &body[..end.map_or(0, |end| end + 1)]
}

/// Checks that the body is in the text.
fn check_body(body: &[u8], line: usize) -> Result<(), String> {
    let first = first_line(body.trim_ascii_start()).0.trim_ascii();
    let Some(path) = first.strip_prefix(b"<") else { return Ok(()) };
    let path = path.strip_prefix(b"@").unwrap_or(path);
    if !path.starts_with(b" ") {
        return Ok(());
    }
    let path: String = String::from_utf8_lossy(path.trim_ascii()).chars().take(60).collect();
    Err(format!(
        "its body is in the file `{path}`, which is not included, expected the body itself at \
         line {line}"
    ))
}

#[cfg(test)]
mod tests;
