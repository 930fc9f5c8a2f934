//! Writer for requests and responses.

use crate::domain::message::{Message, Response};
use crate::protocols::http1::fields::{is_field_value, is_framing, is_token, is_version};
use crate::protocols::http1::framing::is_chunked;
use std::borrow::Cow;
use thiserror::Error;

/// A part of a message that is not valid in HTTP/1.1 (RFC 9110, sections 5.1, 5.5 and 9.1; RFC
/// 9112, section 3).
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum EncodeError {
    /// The method is not a token.
    #[error("its method `{0}` is not valid in HTTP, expected a word such as `POST`")]
    Method(String),
    /// The target is empty, or contains white space or a control character.
    #[error("its target `{0}` is not valid in HTTP, expected a path without blanks")]
    Target(String),
    /// The version is not an HTTP version.
    #[error("its version `{0}` is not valid in HTTP, expected one such as `HTTP/1.1`")]
    Version(String),
    /// The name of a header is not a token.
    #[error("the name of header `{0}` is not valid in HTTP, expected letters, digits and hyphens")]
    Name(String),
    /// The value of a header contains a newline or another control byte.
    #[error(
        "the value of header `{0}` is not valid in HTTP, expected no newline and no control byte"
    )]
    Value(String),
}

/// Writes a request: the request line, `Host`, the headers, `Content-Length` and the body.
///
/// The framing matches the actual body: one chunk if the headers declare a chunked body, otherwise
/// a correct `Content-Length`, even if the headers have a wrong one or none.
///
/// # Errors
///
/// Returns the first part that is not valid in HTTP/1.1.
pub fn write_request(message: &Message, host: &str) -> Result<Vec<u8>, EncodeError> {
    check_encodable(message)?;
    let mut bytes =
        format!("{} {} {}\r\n", message.method, message.target, message.http_version).into_bytes();
    if !message.headers.contains("Host") {
        write_field(&mut bytes, "Host", host.as_bytes());
    }
    for (name, value) in with_correct_length(message) {
        write_field(&mut bytes, name, &value);
    }
    let Message { headers, body, .. } = message;
    if !headers.contains("Content-Length") && !headers.contains("Transfer-Encoding") {
        write_field(&mut bytes, "Content-Length", body.len().to_string().as_bytes());
    }
    bytes.extend_from_slice(b"\r\n");
    if !is_chunked(headers) {
        bytes.extend_from_slice(body);
        return Ok(bytes);
    }
    if !body.is_empty() {
        bytes.extend_from_slice(format!("{:x}\r\n", body.len()).as_bytes());
        bytes.extend_from_slice(body);
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(b"0\r\n\r\n");
    Ok(bytes)
}

/// Writes the head of a response after which the connection is closed. The body may follow it.
///
/// Invalid headers are omitted, since they would turn into another header or the body. Framing
/// headers are omitted as well, because they are written here.
#[must_use]
pub fn write_response_head(response: &Response, reason: &str) -> Vec<u8> {
    let mut bytes = format!("HTTP/1.1 {} {reason}\r\n", response.status).into_bytes();
    for (name, value) in response.headers.iter() {
        if is_token(name) && is_field_value(value) && !is_framing(name) {
            write_field(&mut bytes, name, value);
        }
    }
    write_field(&mut bytes, "Content-Length", response.body.len().to_string().as_bytes());
    write_field(&mut bytes, "Connection", b"close");
    bytes.extend_from_slice(b"\r\n");
    bytes
}

fn write_field(bytes: &mut Vec<u8>, name: &str, value: &[u8]) {
    bytes.extend_from_slice(name.as_bytes());
    bytes.extend_from_slice(b": ");
    bytes.extend_from_slice(value);
    bytes.extend_from_slice(b"\r\n");
}

/// Returns the headers with a correct `Content-Length`, or without it if there is a transfer
/// coding: RFC 9112, section 6.2, does not allow both.
pub(crate) fn with_correct_length(
    message: &Message,
) -> impl Iterator<Item = (&str, Cow<'_, [u8]>)> {
    let has_coding = message.headers.contains("Transfer-Encoding");
    let length = message.body.len().to_string().into_bytes();
    message.headers.iter().filter_map(move |(name, value)| {
        match name.eq_ignore_ascii_case("Content-Length") {
            true if has_coding => None,
            true => Some((name, length.clone().into())),
            false => Some((name, value.into())),
        }
    })
}

/// Checks that a request can be sent unchanged: an unescaped newline, for example, would start
/// another header.
///
/// # Errors
///
/// Returns the first part that is not valid in HTTP/1.1.
pub fn check_encodable(message: &Message) -> Result<(), EncodeError> {
    let Message { method, target, http_version, headers, .. } = message;
    if !is_token(method) {
        return Err(EncodeError::Method(method.clone()));
    }
    if target.is_empty() || target.contains(|char: char| char.is_whitespace() || char.is_control())
    {
        return Err(EncodeError::Target(target.clone()));
    }
    if !is_version(http_version) {
        return Err(EncodeError::Version(http_version.clone()));
    }
    for (name, value) in headers.iter() {
        if !is_token(name) {
            return Err(EncodeError::Name(name.to_owned()));
        }
        if !is_field_value(value) {
            return Err(EncodeError::Value(name.to_owned()));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::message::Headers;

    #[test]
    fn host_and_content_length_are_added() {
        let headers = Headers::from_iter([("B", "1"), ("a", "2")]);
        let message = Message::post("/hooks", headers, b"{}\n".as_slice());
        let expected =
            "POST /hooks HTTP/1.1\r\nHost: x:1\r\nB: 1\r\na: 2\r\nContent-Length: 3\r\n\r\n{}\n";
        assert_eq!(write_request(&message, "x:1").unwrap(), expected.as_bytes());
    }

    #[test]
    fn the_framing_matches_the_body() {
        for (headers, written) in [
            (vec![("Content-Length", "99")], "content-length: 3\r\n\r\n{}\n"),
            (
                vec![("Content-Length", "3"), ("Content-Length", "")],
                "content-length: 3\r\ncontent-length: 3\r\n\r\n{}\n",
            ),
            (
                vec![("Transfer-Encoding", "gzip, Chunked"), ("Content-Length", "3")],
                "transfer-encoding: gzip, chunked\r\n\r\n3\r\n{}\n\r\n0\r\n\r\n",
            ),
            (vec![("Transfer-Encoding", "gzip")], "transfer-encoding: gzip\r\n\r\n{}\n"),
        ] {
            let headers = [("Host", "x")].into_iter().chain(headers).collect();
            let message = Message::post("/", headers, b"{}\n".as_slice());
            let found = String::from_utf8(write_request(&message, "").unwrap()).unwrap();
            assert_eq!(found.to_lowercase(), format!("post / http/1.1\r\nhost: x\r\n{written}"));
        }
        let chunked = Headers::from_iter([("Host", "x"), ("Transfer-Encoding", "chunked")]);
        let written = write_request(&Message::post("/", chunked, ""), "").unwrap();
        assert!(written.ends_with(b"\r\n\r\n0\r\n\r\n"));
    }

    #[test]
    fn an_invalid_part_of_a_request_is_an_error() {
        let valid = || Message::post("/", Headers::from_iter([("A", "1")]), "");
        let with = |name: &str, value: &[u8]| Message {
            headers: Headers::from_iter([(name, value)]),
            ..valid()
        };
        for (message, error) in [
            (
                Message { method: "PO ST".to_owned(), ..valid() },
                EncodeError::Method("PO ST".to_owned()),
            ),
            (
                Message { target: "/ HTTP/1.1\r\nB: 2".to_owned(), ..valid() },
                EncodeError::Target("/ HTTP/1.1\r\nB: 2".to_owned()),
            ),
            (Message { target: String::new(), ..valid() }, EncodeError::Target(String::new())),
            (
                Message { http_version: "1.1".to_owned(), ..valid() },
                EncodeError::Version("1.1".to_owned()),
            ),
            (with("A:", b"1"), EncodeError::Name("A:".to_owned())),
            (with("", b"1"), EncodeError::Name(String::new())),
            (with("A", b"1\r\nB: 2"), EncodeError::Value("A".to_owned())),
            (with("A", b"\0"), EncodeError::Value("A".to_owned())),
        ] {
            assert_eq!(write_request(&message, "x"), Err(error));
        }
        assert_eq!(check_encodable(&with("A", b"\xe9\t")), Ok(()));
    }
}
