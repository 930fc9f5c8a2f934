//! Header names and values: their syntax, and the headers that concern only one connection.

use crate::domain::message::Headers;

/// Returns `true` if `version` is an HTTP version in the format of a start line, such as
/// `HTTP/1.1`.
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

/// Returns the headers without those of one connection. The rest may be sent over another one,
/// whose client adds `Host` and `Content-Length` itself.
///
/// `Connection` may name more headers that a proxy has to drop (RFC 9110, section 7.6.1). They are
/// kept: the application behind a listener must see the same request as the listener, even if a
/// sender names the header of its signature there.
#[must_use]
pub fn end_to_end(headers: &Headers) -> Headers {
    let of_connection = HOP_BY_HOP.into_iter().chain(["Host", "Content-Length", "Expect"]);
    let is_excluded =
        |name: &str| of_connection.clone().any(|known| name.eq_ignore_ascii_case(known));
    headers.iter().filter(|(name, _)| !is_excluded(name)).collect()
}

/// Returns `true` if a token, such as a header name, may contain `byte` (RFC 9110, section 5.6.2).
#[must_use]
pub fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// Returns `true` if the HTTP client sets the header of this name, so that the user cannot: another
/// value would break the framing.
#[must_use]
pub fn is_framing(name: &str) -> bool {
    ["host", "content-length", "transfer-encoding", "connection"]
        .iter()
        .any(|known| name.eq_ignore_ascii_case(known))
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

/// Returns `true` if `value` is a valid header value: without control bytes other than the tab.
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
    fn hop_by_hop_headers_are_removed_and_the_others_keep_their_order() {
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
        let expected = Headers::from_iter([("B", "1"), ("X-Hop", "2"), ("a", "3"), ("B", "4")]);
        assert_eq!(end_to_end(&headers), expected);
    }

    #[test]
    fn a_value_has_no_control_bytes() {
        assert!(is_field_value("a\tb é".as_bytes()));
        for invalid in ["a\nb", "a\rb", "a\0b", "\u{1b}[31m", "\u{7f}"] {
            assert!(!is_field_value(invalid.as_bytes()), "{invalid:?}");
        }
    }
}
