//! Reader for HTTP/1 requests as tools save them, one after the other in a file.
//!
//! It does not use httparse, which is too strict: saved requests have any version, lines without
//! CR, folded values, values with control bytes, more headers than a listener accepts, and are
//! often truncated. None of that is dangerous in a file, and the user wants to see all of it. Body
//! framing and chunks use the rest of the codec with a lenient policy.

use crate::domain::message::{Headers, Message};
use crate::protocols::http1::chunks::{ChunkDecoder, ChunkError};
use crate::protocols::http1::fields::{is_token, is_version, trim_field_value};
use crate::protocols::http1::framing::{Framing, FramingPolicy};
use thiserror::Error;

/// The maximum number of headers in one file.
const MAX_HEADERS: usize = 2_000_000;

/// An error in a file of saved requests, with the number of the line.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum SavedMessageError {
    /// A request line was expected.
    #[error(
        "expected a request line such as `POST / HTTP/1.1`{} at line {line}",
        or_end_of_file(*is_first)
    )]
    RequestLine {
        /// `true` if no request comes before it.
        is_first: bool,
        /// The line, counted from 1.
        line: usize,
    },
    /// A folded line does not follow a header.
    #[error("expected a header, not its second line, at line {0}")]
    Folded(usize),
    /// A line is not a header.
    #[error("expected a header `Name: value` or an empty line at line {0}")]
    Header(usize),
    /// There are too many headers.
    #[error("expected at most {MAX_HEADERS} headers")]
    TooManyHeaders,
    /// The size of a chunk was expected.
    #[error("expected the size of a chunk in hex digits at line {0}")]
    ChunkSize(usize),
    /// The end of a chunk was expected.
    #[error("expected a newline after the chunk at line {0}")]
    ChunkEnd(usize),
}

fn or_end_of_file(is_first: bool) -> &'static str {
    if is_first { "" } else { " or the end of the file after the previous body" }
}

/// Returns `true` if `text` begins with a request line.
#[must_use]
pub fn begins_saved_message(text: &[u8]) -> bool {
    let line = text.split(|&byte| byte == b'\n').next().unwrap_or_default();
    request_line(strip_carriage_return(line)).is_some()
}

/// Parses a request line: its method, target and version.
pub(crate) fn request_line(line: &[u8]) -> Option<(&str, &str, &str)> {
    let line = std::str::from_utf8(line).ok()?.trim_end_matches([' ', '\t']);
    let (method, rest) = line.split_once(' ')?;
    let (target, version) = rest.rsplit_once(' ')?;
    let target = target.trim_matches(' ');
    let is_target = !target.is_empty() && !target.contains([' ', '\t']);
    (is_version(version) && is_token(method) && is_target).then_some((method, target, version))
}

pub(crate) fn strip_carriage_return(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// An iterator over the requests of a file. It ends after the first error, because the beginning of
/// the next request is then unknown.
#[derive(Clone, Debug)]
pub struct SavedMessages<'a> {
    text: &'a [u8],
    position: usize,
    /// The number of the line at `at`.
    line: usize,
    /// The number of further headers that are allowed.
    headers_left: usize,
    is_first: bool,
}

impl<'a> SavedMessages<'a> {
    /// Returns a reader of `text`.
    #[must_use]
    pub fn new(text: &'a [u8]) -> Self {
        let mut messages =
            Self { text, position: 0, line: 1, headers_left: MAX_HEADERS, is_first: true };
        messages.advance(text.len() - text.trim_ascii_start().len());
        messages
    }

    /// Returns the unread rest of the text.
    pub(crate) fn rest(&self) -> &'a [u8] {
        &self.text[self.position..]
    }

    /// Returns the number of the next line, counted from 1.
    pub(crate) fn line(&self) -> usize {
        self.line
    }

    fn skip_newlines(&mut self) {
        while let Some(byte @ (b'\r' | b'\n')) = self.text.get(self.position) {
            self.line += usize::from(*byte == b'\n');
            self.position += 1;
        }
    }

    /// Consumes the next line, and returns it without its newline; empty at the end of the text.
    pub(crate) fn next_line(&mut self) -> &'a [u8] {
        let rest = self.rest();
        let length = rest.iter().position(|&byte| byte == b'\n').map_or(rest.len(), |end| end + 1);
        let line = self.advance(length);
        strip_carriage_return(line.strip_suffix(b"\n").unwrap_or(line))
    }

    /// Consumes and returns up to `length` bytes.
    pub(crate) fn advance(&mut self, length: usize) -> &'a [u8] {
        let rest = self.rest();
        let consumed = &rest[..length.min(rest.len())];
        self.position += consumed.len();
        self.line += count_newlines(consumed);
        consumed
    }

    fn message(&mut self) -> Result<Message, SavedMessageError> {
        let expected = SavedMessageError::RequestLine { is_first: self.is_first, line: self.line };
        let (method, target, version) = request_line(self.next_line()).ok_or(expected)?;
        let headers = self.headers(|_| false)?;
        let framing = Framing::of(FramingPolicy::SavedRequest, headers.iter());
        // The policy for files returns no errors.
        let body = match framing.unwrap_or(Framing::UntilEnd) {
            // A length beyond `usize` exceeds the text in any case.
            Framing::Length(length) => self.advance(usize::try_from(length).unwrap_or(usize::MAX)),
            Framing::UntilEnd if begins_saved_message(self.rest().trim_ascii_start()) => &[],
            Framing::UntilEnd => self.advance(usize::MAX),
            Framing::Chunked => {
                let body = self.chunked_body()?;
                let body = body.unwrap_or_else(|| self.advance(usize::MAX).to_vec());
                return Ok(build_message(method, target, version, headers, body));
            }
        };
        Ok(build_message(method, target, version, headers, body.to_vec()))
    }

    /// Reads headers up to the empty line, or to the end of a text without one, and skips comments.
    pub(crate) fn headers(
        &mut self,
        is_comment: fn(&[u8]) -> bool,
    ) -> Result<Headers, SavedMessageError> {
        let mut lines: Vec<(String, Vec<u8>)> = Vec::new();
        while self.position < self.text.len() {
            let number = self.line;
            let start = self.position;
            let line = self.next_line();
            if line.is_empty() {
                break;
            }
            if is_comment(line) {
                continue;
            }
            if line.starts_with(b" ") || line.starts_with(b"\t") {
                let (_, value) = lines.last_mut().ok_or(SavedMessageError::Folded(number))?;
                // A folded value is kept as written, including the newline: receivers differ.
                let is_crlf = self.text[..start].ends_with(b"\r\n");
                value.extend_from_slice(if is_crlf { b"\r\n" } else { b"\n" });
                value.extend_from_slice(line.trim_ascii_end());
                continue;
            }
            let colon = line.iter().position(|&byte| byte == b':').unwrap_or(0);
            let (name, value) = line.split_at(colon);
            let name = std::str::from_utf8(name).ok().filter(|name| is_token(name));
            let name = name.ok_or(SavedMessageError::Header(number))?;
            self.headers_left =
                self.headers_left.checked_sub(1).ok_or(SavedMessageError::TooManyHeaders)?;
            lines.push((name.to_owned(), trim_field_value(&value[1..]).to_vec()));
        }
        Ok(lines.into_iter().collect())
    }

    /// Reads a chunked body, which may be truncated.
    ///
    /// Returns `None` without any chunk: the tool that saved the request decoded the body but kept
    /// the header.
    pub(crate) fn chunked_body(&mut self) -> Result<Option<Vec<u8>>, SavedMessageError> {
        let text = self.rest();
        let mut body = Vec::new();
        let mut decoder = ChunkDecoder::lenient();
        match decoder.decode(text, |data| body.extend_from_slice(data)) {
            Ok(progress) if decoder.may_end() => {
                self.advance(progress.consumed);
                Ok(Some(body))
            }
            Ok(progress) => self.without_chunks(&text[..progress.consumed], &body),
            Err(ChunkError::DataEnd { at }) => {
                Err(SavedMessageError::ChunkEnd(self.line + count_newlines(&text[..at])))
            }
            Err(ChunkError::Size { at } | ChunkError::Trailer { at }) => {
                self.without_chunks(&text[..at], &body)
            }
        }
    }

    /// Handles invalid chunks after `before`, from which `body` was decoded.
    fn without_chunks(
        &self,
        before: &[u8],
        body: &[u8],
    ) -> Result<Option<Vec<u8>>, SavedMessageError> {
        if !body.is_empty() {
            return Err(SavedMessageError::ChunkSize(self.line + count_newlines(before)));
        }
        Ok(None)
    }
}

impl Iterator for SavedMessages<'_> {
    type Item = Result<Message, SavedMessageError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.skip_newlines();
        if self.position == self.text.len() {
            return None;
        }
        let message = self.message();
        self.is_first = false;
        if message.is_err() {
            self.position = self.text.len();
        }
        Some(message)
    }
}

fn build_message(
    method: &str,
    target: &str,
    version: &str,
    headers: Headers,
    body: Vec<u8>,
) -> Message {
    Message {
        method: method.to_owned(),
        target: target.to_owned(),
        http_version: version.to_owned(),
        headers,
        body: body.into(),
    }
}

fn count_newlines(text: &[u8]) -> usize {
    text.split(|&byte| byte == b'\n').skip(1).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    fn messages(text: &str) -> Vec<Result<Message, SavedMessageError>> {
        SavedMessages::new(text.as_bytes()).collect()
    }

    fn body(rest: &str) -> Bytes {
        messages(&format!("POST / HTTP/1.1\r\n{rest}")).remove(0).unwrap().body
    }

    #[test]
    fn lines_end_in_lf_or_crlf_and_names_keep_their_case() {
        let headers = Headers::from_iter([("a-B", "1"), ("A-b", ""), ("C", "x: y\u{e9}")]);
        for end in ["\n", "\r\n"] {
            let lines = ["PUT /x?y HTTP/1.0", "a-B:1", "A-b: ", "C: \tx: y\u{e9} ", "", "{}"];
            let message = messages(&lines.join(end)).remove(0).unwrap();
            assert_eq!(message.headers, headers, "{end:?}");
            assert_eq!((message.method.as_str(), message.target.as_str()), ("PUT", "/x?y"));
            assert_eq!(
                (message.http_version.as_str(), &*message.body),
                ("HTTP/1.0", b"{}".as_slice())
            );
        }
    }

    #[test]
    fn a_folded_value_is_kept_as_written() {
        for (text, value) in
            [("A: 1\r\n  2\r\n\t3\r\n\r\n", "1\r\n  2\r\n\t3"), ("A: 1\n 2\n\n", "1\n 2")]
        {
            let message = messages(&format!("POST / HTTP/1.1\r\n{text}")).remove(0).unwrap();
            assert_eq!(message.headers.get_str("a"), Some(value));
        }
    }

    #[test]
    fn the_framing_determines_the_end_of_the_body() {
        for (rest, expected) in [
            ("", ""),
            ("A: 1", ""),
            ("A: 1\r\n", ""),
            ("\r\n{}\r\n", "{}\r\n"),
            ("\n\n{}", "\n{}"),
            ("Content-Length: 2\r\n\r\n{}\r\n\n", "{}"),
            ("Content-Length: 9\r\n\r\n{}", "{}"),
            ("Content-Length: +2\r\n\r\n{}x", "{}x"),
            ("Content-Length: 99999999999999999999\r\n\r\n{}x", "{}x"),
            ("Transfer-Encoding: chunked\r\n\r\n2;x=y\r\n{}\r\n1\r\n!\r\n0\r\nT: 1\r\n\r\n", "{}!"),
            ("Transfer-Encoding: chunked\n\n002\n{}\n0\n\n", "{}"),
            ("Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n2\r\n{}\r\n0\r\n\r\n", "{}"),
            ("Transfer-Encoding: chunked\r\n\r\n2\r\n{", "{"),
            ("Transfer-Encoding: chunked\r\n\r\n2\r\n{}", "{}"),
            ("Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n{}", "{}"),
            // The tool decoded the body, but kept the header.
            ("Transfer-Encoding: chunked\r\n\r\n{}\r\n", "{}\r\n"),
        ] {
            assert_eq!(body(rest), expected.as_bytes(), "{rest:?}");
        }
    }

    #[test]
    fn one_message_follows_another() {
        let one = "POST /1 HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}";
        let two = "POST /2 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n!\r\n0\r\n\r\n";
        let get = "GET /3 HTTP/2\r\nA: 1\r\n\r\n";
        for between in ["", "\n", "\r\n\r\n"] {
            let text = [one, two, get, one].join(between);
            let found: Vec<_> = messages(&text)
                .into_iter()
                .map(|message| {
                    let message = message.unwrap();
                    (message.target, message.body)
                })
                .collect();
            let expected = [("/1", "{}"), ("/2", "!"), ("/3", ""), ("/1", "{}")];
            assert_eq!(
                found,
                expected.map(|(target, body)| (target.to_owned(), body.to_owned().into()))
            );
        }
    }

    #[test]
    fn an_error_names_its_line() {
        for (text, part) in [
            ("POST / HTTP/1.1\nA: 1\nno header\n", "`Name: value` or an empty line at line 3"),
            ("POST / HTTP/1.1\n: 1\n", "at line 2"),
            ("POST / HTTP/1.1\nA B: 1\n", "at line 2"),
            ("POST / HTTP/1.1\n folded\n", "not its second line, at line 2"),
            (
                "\n\nPOST / HTTP/1.1\nContent-Length: 2\n\n{}!",
                "the end of the file after the previous body at line 6",
            ),
            ("POST / HTTP/1.1\nTransfer-Encoding: chunked\n\n1\n!\nx\n", "hex digits at line 6"),
            ("POST / HTTP/1.1\nTransfer-Encoding: chunked\n\n1\n!!\n", "after the chunk at line 5"),
        ] {
            let found = messages(text);
            let error = found.last().unwrap().as_ref().unwrap_err().to_string();
            assert!(error.contains(part), "{text:?}: {error}");
        }
    }
}
