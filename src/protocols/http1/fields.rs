//! Header names and values: what they may consist of, and which belong to one connection.

use crate::domain::message::Headers;

/// Returns `true` if `version` is an HTTP version as a start line has it, such as `HTTP/1.1`.
#[must_use]
pub fn is_version(version: &str) -> bool {
    version.strip_prefix("HTTP/").is_some_and(|number| {
        number.len() <= 3
            && number.starts_with(|digit: char| digit.is_ascii_digit())
            && number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
    })
}

/// Headers that concern one connection and are not forwarded (RFC 9110, section 7.6.1).
const HOP_BY_HOP: [&str; 9] = [
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

/// Returns `true` if a token, such as a header name, may contain `byte` (RFC 9110, section 5.6.2).
#[must_use]
pub fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// Returns `true` if the client sets the header of this name: another value would break the framing.
#[must_use]
pub fn is_framing(name: &str) -> bool {
    ["host", "content-length", "transfer-encoding", "connection"]
        .iter()
        .any(|own| name.eq_ignore_ascii_case(own))
}

/// Removes the optional white space around a header value: space and tab (RFC 9110, section 5.5).
#[must_use]
pub fn trim_field_value(value: &[u8]) -> &[u8] {
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    let start = value.iter().position(|byte| !is_blank(byte)).unwrap_or(value.len());
    let end = value.iter().rposition(|byte| !is_blank(byte)).map_or(start, |last| last + 1);
    &value[start..end]
}

/// Returns `true` if `name` is a token: a method or the name of a header.
#[must_use]
pub fn is_token(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(is_token_byte)
}

/// Returns `true` if `value` is a header value: without control bytes, apart from the tab.
///
/// A newline in a value would start another header, or another request.
#[must_use]
pub fn is_field_value(value: &[u8]) -> bool {
    value.iter().all(|&byte| byte == b'\t' || (byte >= b' ' && byte != 0x7f))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_one_connection_are_removed_and_the_rest_keeps_its_order() {
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
    fn a_value_has_no_control_bytes() {
        assert!(is_field_value("a\tb é".as_bytes()));
        for wrong in ["a\nb", "a\rb", "a\0b", "\u{1b}[31m", "\u{7f}"] {
            assert!(!is_field_value(wrong.as_bytes()), "{wrong:?}");
        }
    }
}
