//! HTTP/1.1 messages as tools save them, one after the other.

use crate::domain::message::{Headers, Message};
use crate::protocols::http1;
use crate::protocols::requests::parsed::{Draft, Read, Reads, numbered};

/// The greatest number of headers in one text.
const MAX_HEADERS: usize = 2_000_000;

/// Whether a text begins with a request line.
pub(super) fn is_message(text: &[u8]) -> bool {
    let line = text.split(|&byte| byte == b'\n').next().unwrap_or_default();
    request_line(without_return(line)).is_some()
}

/// Reads every message of a text.
pub(super) fn read(text: &[u8]) -> Reads {
    let mut cursor = Cursor::new(text);
    cursor.take(text.len() - text.trim_ascii_start().len());
    let mut reads: Vec<Read> = Vec::new();
    loop {
        cursor.skip_line_ends();
        if cursor.at == text.len() {
            return Ok(numbered(reads));
        }
        let message = cursor.message(!reads.is_empty());
        let is_wrong = message.is_err();
        reads.push(message.map(Draft::exact));
        if is_wrong {
            // Where the next one would begin is not known.
            return Ok(numbered(reads));
        }
    }
}

/// The message that is the whole of a text, if it is one.
pub(super) fn read_only(text: &[u8]) -> Option<Message> {
    is_message(text).then(|| Cursor::new(text).message(false).ok())?
}

/// The method, the target and the version of a request line.
fn request_line(line: &[u8]) -> Option<(&str, &str, &str)> {
    let line = std::str::from_utf8(line).ok()?.trim_end_matches([' ', '\t']);
    let (method, rest) = line.split_once(' ')?;
    let (target, version) = rest.rsplit_once(' ')?;
    let target = target.trim_matches(' ');
    let is_target = !target.is_empty() && !target.contains([' ', '\t']);
    (http1::is_version(version) && http1::is_token(method) && is_target)
        .then_some((method, target, version))
}

fn without_return(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// How the end of a body is known (RFC 9112, section 6.3).
enum Framing {
    Length(usize),
    Chunked,
    /// Nothing says it: the body is what is left.
    Rest,
}

impl Framing {
    fn of(headers: &Headers) -> Self {
        let length = || {
            let length = headers.text("Content-Length")?.trim();
            let is_number = length.bytes().all(|byte| byte.is_ascii_digit());
            length.parse().ok().filter(|_| is_number)
        };
        if http1::is_chunked(headers) {
            Self::Chunked
        } else {
            length().map_or(Self::Rest, Self::Length)
        }
    }
}

/// A place in the text, and the number of the line there.
struct Cursor<'a> {
    text: &'a [u8],
    at: usize,
    line: usize,
    /// How many headers there may still be.
    headers_left: usize,
}

impl<'a> Cursor<'a> {
    fn new(text: &'a [u8]) -> Self {
        Self { text, at: 0, line: 1, headers_left: MAX_HEADERS }
    }

    fn rest(&self) -> &'a [u8] {
        &self.text[self.at..]
    }

    fn skip_line_ends(&mut self) {
        while let Some(byte @ (b'\r' | b'\n')) = self.text.get(self.at) {
            self.line += usize::from(*byte == b'\n');
            self.at += 1;
        }
    }

    /// The next line with its end; empty at the end of the text.
    fn whole_line(&mut self) -> &'a [u8] {
        let rest = self.rest();
        let length = rest.iter().position(|&byte| byte == b'\n').map_or(rest.len(), |end| end + 1);
        self.take(length)
    }

    /// The next line without its end.
    fn next_line(&mut self) -> &'a [u8] {
        let line = self.whole_line();
        without_return(line.strip_suffix(b"\n").unwrap_or(line))
    }

    /// The next `length` bytes, or what there is of them.
    fn take(&mut self, length: usize) -> &'a [u8] {
        let rest = self.rest();
        let taken = &rest[..length.min(rest.len())];
        self.at += taken.len();
        self.line += taken.split(|&byte| byte == b'\n').skip(1).count();
        taken
    }

    fn message(&mut self, follows: bool) -> Result<Message, String> {
        let number = self.line;
        let line = self.next_line();
        let (method, target, version) = request_line(line).ok_or_else(|| {
            let after = if follows { " or the end after the body before it" } else { "" };
            format!("expected a request line such as `POST / HTTP/1.1`{after} at line {number}")
        })?;
        let headers = self.headers()?;
        let body = match Framing::of(&headers) {
            Framing::Length(length) => self.take(length).to_vec(),
            Framing::Rest if is_message(self.rest().trim_ascii_start()) => Vec::new(),
            Framing::Rest => self.take(usize::MAX).to_vec(),
            Framing::Chunked => self.chunked()?,
        };
        Ok(Message {
            method: method.to_owned(),
            target: target.to_owned(),
            http_version: version.to_owned(),
            headers,
            body: body.into(),
        })
    }

    /// Headers up to the empty line, or to the end of a text without one.
    fn headers(&mut self) -> Result<Headers, String> {
        let mut lines: Vec<(String, Vec<u8>)> = Vec::new();
        while self.at < self.text.len() {
            let number = self.line;
            let start = self.at;
            let line = self.next_line();
            if line.is_empty() {
                break;
            }
            if line.starts_with(b" ") || line.starts_with(b"\t") {
                let (_, value) = lines.last_mut().ok_or_else(|| {
                    format!("expected a header, not its second line, at line {number}")
                })?;
                // A folded value is kept as it stands, with the line end in it: receivers differ.
                let crlf = self.text[..start].ends_with(b"\r\n");
                value.extend_from_slice(if crlf { b"\r\n" } else { b"\n" });
                value.extend_from_slice(line.trim_ascii_end());
                continue;
            }
            let colon = line.iter().position(|&byte| byte == b':').unwrap_or(0);
            let (name, value) = line.split_at(colon);
            let name = std::str::from_utf8(name).ok().filter(|name| http1::is_token(name));
            let name = name.ok_or_else(|| {
                format!("expected a header `Name: value` or an empty line at line {number}")
            })?;
            self.headers_left = self
                .headers_left
                .checked_sub(1)
                .ok_or_else(|| format!("expected {MAX_HEADERS} headers at most"))?;
            let blank = |byte: &u8| matches!(byte, b' ' | b'\t');
            let value = &value[1..];
            let begin = value.iter().position(|byte| !blank(byte)).unwrap_or(value.len());
            let end = value.iter().rposition(|byte| !blank(byte)).map_or(begin, |last| last + 1);
            lines.push((name.to_owned(), value[begin..end].to_vec()));
        }
        Ok(lines.into_iter().collect())
    }

    /// The body that chunks carry (RFC 9112, section 7.1), as far as it goes.
    fn chunked(&mut self) -> Result<Vec<u8>, String> {
        let mut body = Vec::new();
        loop {
            if self.at == self.text.len() {
                return Ok(body);
            }
            let (at, number) = (self.at, self.line);
            let line = self.next_line();
            let Some(size) = chunk_size(line) else {
                if body.is_empty() {
                    // Whoever saved it has decoded the body, and kept the header.
                    (self.at, self.line) = (at, number);
                    return Ok(self.take(usize::MAX).to_vec());
                }
                return Err(format!("expected the size of a chunk in hex digits at line {number}"));
            };
            if size == 0 {
                // Trailer fields, which are no part of the body, and the empty line.
                while !self.next_line().is_empty() {}
                return Ok(body);
            }
            body.extend_from_slice(self.take(size));
            let number = self.line;
            if self.at < self.text.len() && !self.next_line().is_empty() {
                return Err(format!("expected a line end after the chunk at line {number}"));
            }
        }
    }
}

/// The size that begins a chunk; what a `;` adds to it has no bearing on the body.
fn chunk_size(line: &[u8]) -> Option<usize> {
    let digits = line.split(|&byte| byte == b';').next().unwrap_or_default().trim_ascii();
    let digits = std::str::from_utf8(digits).ok()?;
    let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    usize::from_str_radix(digits, 16).ok().filter(|_| is_hex)
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    fn messages(text: &str) -> Vec<Result<Message, String>> {
        let reads = read(text.as_bytes()).unwrap().into_iter();
        reads.map(|(_, read)| read.map(|draft| draft.capture.message)).collect()
    }

    fn body(rest: &str) -> Bytes {
        messages(&format!("POST / HTTP/1.1\r\n{rest}")).remove(0).unwrap().body
    }

    #[test]
    fn lines_end_in_one_byte_or_two_and_names_keep_their_case() {
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
    fn a_value_in_two_lines_is_kept_as_it_stands() {
        for (text, value) in
            [("A: 1\r\n  2\r\n\t3\r\n\r\n", "1\r\n  2\r\n\t3"), ("A: 1\n 2\n\n", "1\n 2")]
        {
            let message = messages(&format!("POST / HTTP/1.1\r\n{text}")).remove(0).unwrap();
            assert_eq!(message.headers.text("a"), Some(value));
        }
    }

    #[test]
    fn the_body_ends_where_its_framing_says() {
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
            // The tool has decoded it, and kept the header.
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
            assert_eq!(found, expected.map(|(target, body)| (target.to_owned(), body.into())));
        }
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        for (text, part) in [
            ("POST / HTTP/1.1\nA: 1\nno header\n", "`Name: value` or an empty line at line 3"),
            ("POST / HTTP/1.1\n: 1\n", "at line 2"),
            ("POST / HTTP/1.1\nA B: 1\n", "at line 2"),
            ("POST / HTTP/1.1\n folded\n", "not its second line, at line 2"),
            (
                "\n\nPOST / HTTP/1.1\nContent-Length: 2\n\n{}!",
                "the end after the body before it at line 6",
            ),
            ("POST / HTTP/1.1\nTransfer-Encoding: chunked\n\n1\n!\nx\n", "hex digits at line 6"),
            ("POST / HTTP/1.1\nTransfer-Encoding: chunked\n\n1\n!!\n", "after the chunk at line 5"),
        ] {
            let found = messages(text);
            let error = found.last().unwrap().as_ref().unwrap_err();
            assert!(error.contains(part), "{text:?}: {error}");
        }
    }
}
