//! A message as HTTP/1.1 writes it on the wire.

use crate::domain::message::{Headers, Message};
use std::borrow::Cow;
use thiserror::Error;

/// What HTTP/1.1 cannot carry (RFC 9110, sections 5.1, 5.5 and 9.1; RFC 9112, section 3).
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum Uncarried {
    /// The method is no token.
    #[error("its method `{0}` cannot stand in HTTP, expected a word such as `POST`")]
    Method(String),
    /// The target is empty, or holds a blank or a control character.
    #[error("its target `{0}` cannot stand in HTTP, expected a path without blanks")]
    Target(String),
    /// The version is none.
    #[error("its version `{0}` cannot stand in HTTP, expected one such as `HTTP/1.1`")]
    Version(String),
    /// The name of a header is no token.
    #[error("the name of header `{0}` cannot stand in HTTP, expected letters, digits and hyphens")]
    Name(String),
    /// The value of a header holds a line end or another control byte.
    #[error(
        "the value of header `{0}` cannot stand in HTTP, expected no line end and no control byte"
    )]
    Value(String),
}

/// The request line, `Host`, the headers, `Content-Length` and the body, byte for byte.
///
/// The framing is that of the body which is there: it comes in one chunk where the headers say
/// that it comes in chunks, and `Content-Length` is its length where it is there or missing.
///
/// # Errors
///
/// Returns the first part that would not arrive as what it is.
pub fn write_request(message: &Message, host: &str) -> Result<Vec<u8>, Uncarried> {
    check(message)?;
    let mut bytes =
        format!("{} {} {}\r\n", message.method, message.target, message.http_version).into_bytes();
    let mut line = |name: &str, value: &[u8]| {
        bytes.extend_from_slice(name.as_bytes());
        bytes.extend_from_slice(b": ");
        bytes.extend_from_slice(value);
        bytes.extend_from_slice(b"\r\n");
    };
    if !message.headers.contains("Host") {
        line("Host", host.as_bytes());
    }
    for (name, value) in framed(message) {
        line(name, &value);
    }
    let Message { headers, body, .. } = message;
    if !headers.contains("Content-Length") && !headers.contains("Transfer-Encoding") {
        line("Content-Length", body.len().to_string().as_bytes());
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

/// The headers, with a `Content-Length` that is true, and without one beside a transfer coding,
/// where RFC 9112, section 6.2, does not allow it.
pub(crate) fn framed(message: &Message) -> impl Iterator<Item = (&str, Cow<'_, [u8]>)> {
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

/// Refuses a request that HTTP/1.1 would turn into another one.
///
/// # Errors
///
/// Returns the first part that would not arrive as what it is.
pub fn check(message: &Message) -> Result<(), Uncarried> {
    let Message { method, target, http_version, headers, .. } = message;
    if !is_token(method) {
        return Err(Uncarried::Method(method.clone()));
    }
    if target.is_empty() || target.contains(|char: char| char.is_whitespace() || char.is_control())
    {
        return Err(Uncarried::Target(target.clone()));
    }
    if !is_version(http_version) {
        return Err(Uncarried::Version(http_version.clone()));
    }
    for (name, value) in headers.iter() {
        if !is_token(name) {
            return Err(Uncarried::Name(name.to_owned()));
        }
        if !is_field_value(value) {
            return Err(Uncarried::Value(name.to_owned()));
        }
    }
    Ok(())
}

/// Whether `version` is one of HTTP, as a request line has it.
#[must_use]
pub fn is_version(version: &str) -> bool {
    version.strip_prefix("HTTP/").is_some_and(|number| {
        number.len() <= 3
            && number.starts_with(|digit: char| digit.is_ascii_digit())
            && number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
    })
}

/// Headers that speak of one connection and are not passed on (RFC 9110, section 7.6.1).
pub const HOP_BY_HOP: [&str; 9] = [
    "Connection",
    "Keep-Alive",
    "Proxy-Authenticate",
    "Proxy-Authorization",
    "Proxy-Connection",
    "TE",
    "Trailer",
    "Transfer-Encoding",
    "Upgrade",
];

/// Returns the headers without those of one connection: what is left may be sent over another one,
/// whose client makes `Host` and `Content-Length` itself.
///
/// `Connection` may name more headers that a proxy has to drop (RFC 9110, section 7.6.1). Those stay:
/// the application behind a listener judges the same request as the listener, and a sender that names
/// the header of its signature there must not make the two disagree.
#[must_use]
pub fn end_to_end(headers: &Headers) -> Headers {
    let of_connection = HOP_BY_HOP.into_iter().chain(["Host", "Content-Length", "Expect"]);
    let is_own = |name: &str| of_connection.clone().any(|known| name.eq_ignore_ascii_case(known));
    headers.iter().filter(|(name, _)| !is_own(name)).collect()
}

/// Whether `byte` may stand in a header name (RFC 9110, section 5.6.2).
#[must_use]
pub fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// Whether a header of this name is the client's own: another value would tear the request apart.
#[must_use]
pub fn is_framing(name: &str) -> bool {
    ["host", "content-length", "transfer-encoding", "connection"]
        .iter()
        .any(|own| name.eq_ignore_ascii_case(own))
}

/// Whether `name` may be the name of a header.
#[must_use]
pub fn is_token(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(is_token_byte)
}

/// Whether the body of a request with these headers comes in chunks (RFC 9112, section 6.1).
#[must_use]
pub fn is_chunked(headers: &Headers) -> bool {
    let last = headers.all("Transfer-Encoding").last().unwrap_or_default();
    let last = last.rsplit(|&byte| byte == b',').next().unwrap_or_default();
    last.trim_ascii().eq_ignore_ascii_case(b"chunked")
}

/// Whether `value` may stand in a header: no control byte but the tab.
///
/// A line end in a value would start another header, or another request.
#[must_use]
pub fn is_field_value(value: &[u8]) -> bool {
    value.iter().all(|&byte| byte == b'\t' || (byte >= b' ' && byte != 0x7f))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_written_as_it_goes_out() {
        let headers = Headers::from_iter([("B", "1"), ("a", "2")]);
        let message = Message::post("/hooks", headers, b"{}\n".as_slice());
        let expected =
            "POST /hooks HTTP/1.1\r\nHost: x:1\r\nB: 1\r\na: 2\r\nContent-Length: 3\r\n\r\n{}\n";
        assert_eq!(write_request(&message, "x:1").unwrap(), expected.as_bytes());
    }

    #[test]
    fn the_framing_is_that_of_the_body() {
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
    fn what_would_become_another_request_is_refused_by_name() {
        let sound = || Message::post("/", Headers::from_iter([("A", "1")]), "");
        let with = |name: &str, value: &[u8]| Message {
            headers: Headers::from_iter([(name, value)]),
            ..sound()
        };
        for (message, error) in [
            (
                Message { method: "PO ST".to_owned(), ..sound() },
                Uncarried::Method("PO ST".to_owned()),
            ),
            (
                Message { target: "/ HTTP/1.1\r\nB: 2".to_owned(), ..sound() },
                Uncarried::Target("/ HTTP/1.1\r\nB: 2".to_owned()),
            ),
            (Message { target: String::new(), ..sound() }, Uncarried::Target(String::new())),
            (
                Message { http_version: "1.1".to_owned(), ..sound() },
                Uncarried::Version("1.1".to_owned()),
            ),
            (with("A:", b"1"), Uncarried::Name("A:".to_owned())),
            (with("", b"1"), Uncarried::Name(String::new())),
            (with("A", b"1\r\nB: 2"), Uncarried::Value("A".to_owned())),
            (with("A", b"\0"), Uncarried::Value("A".to_owned())),
        ] {
            assert_eq!(write_request(&message, "x"), Err(error));
        }
        assert_eq!(check(&with("A", b"\xe9\t")), Ok(()));
    }

    #[test]
    fn what_belongs_to_one_connection_is_left_behind_and_the_rest_keeps_its_order() {
        let headers = Headers::from_iter([
            ("host", "x"),
            ("B", "1"),
            ("Connection", "close, x-hop"),
            ("X-Hop", "2"),
            ("a", "3"),
            ("TE", "trailers"),
            ("B", "4"),
            ("Content-Length", "5"),
            ("expect", "100-continue"),
        ]);
        let left = Headers::from_iter([("B", "1"), ("X-Hop", "2"), ("a", "3"), ("B", "4")]);
        assert_eq!(end_to_end(&headers), left);
    }

    #[test]
    fn a_line_end_may_not_stand_in_a_value() {
        assert!(is_field_value("a\tb é".as_bytes()));
        for wrong in ["a\nb", "a\rb", "a\0b", "\u{1b}[31m", "\u{7f}"] {
            assert!(!is_field_value(wrong.as_bytes()), "{wrong:?}");
        }
    }
}
