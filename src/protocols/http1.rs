//! A message as HTTP/1.1 writes it on the wire.

use crate::domain::message::Headers;
use crate::domain::message::Message;

/// The request line, `Host`, the headers, `Content-Length` and the body, byte for byte.
#[must_use]
pub fn write_request(message: &Message, host: &str) -> Vec<u8> {
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
    for (name, value) in message.headers.iter() {
        line(name, value);
    }
    if !message.headers.contains("Content-Length") {
        line("Content-Length", message.body.len().to_string().as_bytes());
    }
    bytes.extend_from_slice(b"\r\n");
    bytes.extend_from_slice(&message.body);
    bytes
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

/// Whether `byte` may stand in a header name (RFC 9110, section 5.6.2).
#[must_use]
pub fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
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
        assert_eq!(write_request(&message, "x:1"), expected.as_bytes());
    }

    #[test]
    fn a_line_end_may_not_stand_in_a_value() {
        assert!(is_field_value("a\tb é".as_bytes()));
        for wrong in ["a\nb", "a\rb", "a\0b", "\u{1b}[31m", "\u{7f}"] {
            assert!(!is_field_value(wrong.as_bytes()), "{wrong:?}");
        }
    }
}
