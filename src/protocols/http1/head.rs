//! Parser for the heads of requests and responses, which keeps the case and order of headers.
//!
//! It uses httparse, as hyper does, so that both accept the same heads.

use crate::domain::message::Headers;
use crate::protocols::http1::framing::{Framing, FramingPolicy};
use crate::protocols::http1::protocol_error::ProtocolError;
use std::mem::MaybeUninit;

/// The maximum number of header lines in a request.
pub const MAX_REQUEST_FIELDS: usize = 256;

/// The maximum number of header lines in a response.
const MAX_RESPONSE_FIELDS: usize = 128;

/// An error in the head of a request or response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HeadError {
    /// The bytes may be the beginning of a head.
    Incomplete,
    /// There are too many header lines.
    TooManyFields,
    /// The head breaks a rule of HTTP.
    Protocol(ProtocolError),
    /// The version is neither HTTP/1.0 nor HTTP/1.1.
    Version,
    /// The first line is not a request line or status line.
    StartLine,
}

impl From<httparse::Error> for HeadError {
    fn from(error: httparse::Error) -> Self {
        match error {
            httparse::Error::TooManyHeaders => Self::TooManyFields,
            httparse::Error::HeaderName => Self::Protocol(ProtocolError::HeaderName),
            httparse::Error::HeaderValue => Self::Protocol(ProtocolError::HeaderValue),
            httparse::Error::NewLine => Self::Protocol(ProtocolError::BareLineFeed),
            httparse::Error::Version => Self::Version,
            httparse::Error::Token | httparse::Error::Status => Self::StartLine,
        }
    }
}

/// The head of a request on a socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestHead {
    /// The method.
    pub method: String,
    /// The request target.
    pub target: String,
    /// `HTTP/1.0` or `HTTP/1.1`.
    pub http_version: &'static str,
    /// The headers in wire order.
    pub headers: Headers,
    /// `true` if a newline is LF without CR, which httparse accepts.
    pub has_bare_line_feed: bool,
}

impl RequestHead {
    /// Parses the head that `bytes` begin with. Returns it with its length.
    ///
    /// # Errors
    ///
    /// Returns an error if the bytes are not a complete head.
    pub fn parse(bytes: &[u8]) -> Result<(Self, usize), HeadError> {
        let mut fields = [const { MaybeUninit::uninit() }; MAX_REQUEST_FIELDS];
        let (line, fields, length) = parse_request(bytes, &mut fields)?;
        let mut lines = bytes[..length].split_inclusive(|byte| *byte == b'\n');
        let head = Self {
            method: line.method.to_owned(),
            target: line.target.to_owned(),
            http_version: if line.is_http_10 { "HTTP/1.0" } else { "HTTP/1.1" },
            headers: pairs(fields).collect(),
            has_bare_line_feed: lines.any(|line| !line.ends_with(b"\r\n")),
        };
        Ok((head, length))
    }

    /// Rejects heads that hyper accepts although RFC 9112 requires their rejection.
    ///
    /// # Errors
    ///
    /// Returns the first rule that the head breaks.
    pub fn check(&self) -> Result<(), ProtocolError> {
        if self.has_bare_line_feed {
            return Err(ProtocolError::BareLineFeed);
        }
        if self.method == "CONNECT" {
            return Err(ProtocolError::Tunnel);
        }
        match self.headers.get_all("host").count() {
            0 if !self.is_http_10() => return Err(ProtocolError::NoHost),
            0 | 1 => {}
            _ => return Err(ProtocolError::SeveralHosts),
        }
        self.framing().map(|_| ())
    }

    /// Determines the framing of the body.
    ///
    /// # Errors
    ///
    /// Returns an error if the framing is missing or ambiguous.
    pub fn framing(&self) -> Result<Framing, ProtocolError> {
        let policy = FramingPolicy::Request { is_http_10: self.is_http_10() };
        Framing::of(policy, self.headers.iter())
    }

    fn is_http_10(&self) -> bool {
        self.http_version == "HTTP/1.0"
    }
}

/// Determines the framing of the request that `bytes` begin with. Returns it with the length of the
/// head. It does not allocate, because the listener calls it for every request.
///
/// # Errors
///
/// Returns an error if the head or its framing is invalid.
pub fn request_framing(bytes: &[u8]) -> Result<(Framing, usize), HeadError> {
    let mut fields = [const { MaybeUninit::uninit() }; MAX_REQUEST_FIELDS];
    let (line, fields, length) = parse_request(bytes, &mut fields)?;
    let policy = FramingPolicy::Request { is_http_10: line.is_http_10 };
    Framing::of(policy, pairs(fields)).map(|framing| (framing, length)).map_err(HeadError::Protocol)
}

/// A request line.
struct RequestLine<'b> {
    method: &'b str,
    target: &'b str,
    is_http_10: bool,
}

/// Parses the head that `bytes` begin with: its request line, its fields and its length.
fn parse_request<'h, 'b>(
    bytes: &'b [u8],
    fields: &'h mut [MaybeUninit<httparse::Header<'b>>],
) -> Result<(RequestLine<'b>, &'h [httparse::Header<'b>], usize), HeadError> {
    let mut request = httparse::Request::new(&mut []);
    let status = request.parse_with_uninit_headers(bytes, fields)?;
    let httparse::Status::Complete(length) = status else { return Err(HeadError::Incomplete) };
    // httparse sets all three for a complete head.
    let (Some(method), Some(target), Some(version)) =
        (request.method, request.path, request.version)
    else {
        return Err(HeadError::StartLine);
    };
    Ok((RequestLine { method, target, is_http_10: version == 0 }, request.headers, length))
}

fn pairs<'b>(fields: &[httparse::Header<'b>]) -> impl Iterator<Item = (&'b str, &'b [u8])> {
    fields.iter().map(|field| (field.name, field.value))
}

/// The head of a response, final or interim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResponseHead {
    /// The status code.
    pub status: u16,
    /// `true` for HTTP/1.0, which closes the connection without `Connection: keep-alive`.
    pub is_http_10: bool,
    /// The headers in wire order.
    pub headers: Headers,
}

impl ResponseHead {
    /// Parses the head that `bytes` begin with. Returns it with its length.
    ///
    /// # Errors
    ///
    /// Returns an error if the bytes are not a complete head.
    pub fn parse(bytes: &[u8]) -> Result<(Self, usize), HeadError> {
        let mut fields = [httparse::EMPTY_HEADER; MAX_RESPONSE_FIELDS];
        let mut response = httparse::Response::new(&mut fields);
        let httparse::Status::Complete(length) = response.parse(bytes)? else {
            return Err(HeadError::Incomplete);
        };
        let status = response.code.ok_or(HeadError::StartLine)?;
        let is_http_10 = response.version == Some(0);
        let headers = pairs(response.headers).collect();
        Ok((Self { status, is_http_10, headers }, length))
    }

    /// Determines the framing of the body.
    ///
    /// # Errors
    ///
    /// Returns an error for a `Content-Length` that is not a number.
    pub fn framing(&self) -> Result<Framing, ProtocolError> {
        let policy = FramingPolicy::Response { status: self.status };
        Framing::of(policy, self.headers.iter())
    }

    /// Returns `true` if the connection cannot be reused after a response with this framing.
    ///
    /// Any mention of `close` counts: a new connection is always safe, but a request on a
    /// connection that is being closed may be lost.
    #[must_use]
    pub fn closes_connection(&self, framing: Framing) -> bool {
        let options = self.headers.get_str("Connection").unwrap_or_default().to_ascii_lowercase();
        framing == Framing::UntilEnd
            || options.contains("close")
            || self.is_http_10 && !options.contains("keep-alive")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> Result<(), ProtocolError> {
        RequestHead::parse(text.as_bytes()).unwrap().0.check()
    }

    /// The example of RFC 9112, section 2.1, followed by a body.
    #[test]
    fn keeps_names_values_and_order_as_written() {
        let text =
            b"GET /hello.txt HTTP/1.1\r\nUSER-agent: curl/7.64.1\r\nHost: www.example.com\r\n\
            x-A:\tone \r\nX-a:\r\nAccept-Language: en, mi\r\n\r\nbody";
        let (head, length) = RequestHead::parse(text).unwrap();
        assert_eq!(length, text.len() - 4);
        assert_eq!((&*head.method, &*head.target), ("GET", "/hello.txt"));
        assert_eq!((head.http_version, head.has_bare_line_feed), ("HTTP/1.1", false));
        let pairs: Vec<_> = head.headers.iter().collect();
        let expected: [(&str, &[u8]); 5] = [
            ("USER-agent", b"curl/7.64.1"),
            ("Host", b"www.example.com"),
            ("x-A", b"one"),
            ("X-a", b""),
            ("Accept-Language", b"en, mi"),
        ];
        assert_eq!(pairs, expected);
        assert_eq!(head.check(), Ok(()));
    }

    #[test]
    fn keeps_bytes_that_are_not_ascii() {
        let (head, _) =
            RequestHead::parse(b"GET / HTTP/1.1\r\nHost: x\r\nN: J\xfcrgen\r\n\r\n").unwrap();
        assert_eq!(head.headers.get("n"), Some(b"J\xfcrgen".as_slice()));
    }

    #[test]
    fn check_returns_the_rule_that_a_head_breaks() {
        assert_eq!(check("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), Ok(()));
        assert_eq!(check("GET / HTTP/1.0\r\n\r\n"), Ok(()));
        for (text, error) in [
            ("GET / HTTP/1.1\r\n\r\n", ProtocolError::NoHost),
            ("GET / HTTP/1.1\r\nHost: x\r\nhost: x\r\n\r\n", ProtocolError::SeveralHosts),
            ("GET / HTTP/1.0\r\nHost: x\r\nhost: x\r\n\r\n", ProtocolError::SeveralHosts),
            ("GET / HTTP/1.1\r\nHost: x\r\nA: 1\n\r\n", ProtocolError::BareLineFeed),
            ("GET / HTTP/1.1\nHost: x\r\n\r\n", ProtocolError::BareLineFeed),
            ("CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n", ProtocolError::Tunnel),
            ("GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", ProtocolError::CodingInHttp10),
            (
                "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n",
                ProtocolError::InvalidLength,
            ),
        ] {
            assert_eq!(check(text), Err(error), "{text:?}");
        }
    }

    #[test]
    fn parse_returns_the_error_in_a_head() {
        let protocol = HeadError::Protocol;
        for (text, error) in [
            ("", HeadError::Incomplete),
            ("GET / HTTP/1.1\r\nHost: x\r\n", HeadError::Incomplete),
            ("GET / HTTP/2.0\r\n\r\n", HeadError::Version),
            ("GET /\r\n\r\n", HeadError::StartLine),
            ("\0\r\n\r\n", HeadError::StartLine),
            ("GET / HTTP/1.1\r\nA : 1\r\n\r\n", protocol(ProtocolError::HeaderName)),
            ("GET / HTTP/1.1\r\n: 1\r\n\r\n", protocol(ProtocolError::HeaderName)),
            ("GET / HTTP/1.1\r\nA: 1\r\n folded\r\n\r\n", protocol(ProtocolError::HeaderName)),
            ("GET / HTTP/1.1\r\nA: \0\r\n\r\n", protocol(ProtocolError::HeaderValue)),
            ("GET / HTTP/1.1\r\nA: 1\rB: 2\r\n\r\n", protocol(ProtocolError::HeaderValue)),
            ("GET / HTTP/1.1\r\r\n\r\n", protocol(ProtocolError::BareLineFeed)),
        ] {
            assert_eq!(RequestHead::parse(text.as_bytes()), Err(error), "{text:?}");
            assert_eq!(request_framing(text.as_bytes()), Err(error), "{text:?}");
        }
    }

    #[test]
    fn limits_the_number_of_header_lines() {
        let request = |count| format!("GET / HTTP/1.1\r\n{}\r\n", "A: 1\r\n".repeat(count));
        let (head, _) = RequestHead::parse(request(MAX_REQUEST_FIELDS).as_bytes()).unwrap();
        assert_eq!(head.headers.len(), MAX_REQUEST_FIELDS);
        let found = RequestHead::parse(request(MAX_REQUEST_FIELDS + 1).as_bytes());
        assert_eq!(found, Err(HeadError::TooManyFields));
        let response = |count| format!("HTTP/1.1 200 OK\r\n{}\r\n", "A: 1\r\n".repeat(count));
        assert!(ResponseHead::parse(response(MAX_RESPONSE_FIELDS).as_bytes()).is_ok());
        let found = ResponseHead::parse(response(MAX_RESPONSE_FIELDS + 1).as_bytes());
        assert_eq!(found, Err(HeadError::TooManyFields));
    }

    #[test]
    fn a_response_determines_if_the_connection_is_reused() {
        for (text, closes) in [
            ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", false),
            ("HTTP/1.1 204\r\n\r\n", false),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", false),
            ("HTTP/1.1 200 OK\r\n\r\n", true),
            ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: a, Close\r\n\r\n", true),
            ("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", true),
            ("HTTP/1.0 200 OK\r\nContent-Length: 0\r\nConnection: Keep-Alive\r\n\r\n", false),
        ] {
            let (head, length) = ResponseHead::parse(text.as_bytes()).unwrap();
            assert_eq!(
                (head.closes_connection(head.framing().unwrap()), length),
                (closes, text.len()),
                "{text:?}"
            );
        }
        assert_eq!(ResponseHead::parse(b"HTTP/1.1 20"), Err(HeadError::Incomplete));
        assert_eq!(ResponseHead::parse(b"hello\r\n\r\n"), Err(HeadError::Version));
    }
}
