//! Parsers for option values, shared by several commands.

use crate::domain::parse_error::ParseValueError;
use crate::domain::time::{TimeBound, parse_date, parse_duration, parse_time};
use crate::engine::explain::own_digest::{NotADigest, OwnDigest};
use crate::protocols::http1;
use jiff::Timestamp;
use jiff::civil::Date;
use std::net::{SocketAddr, ToSocketAddrs};
use std::num::NonZeroUsize;
use std::time::Duration;

/// Parses `--now`.
pub(super) fn now_argument(text: &str) -> Result<Timestamp, String> {
    parse_time(text).map_err(|error| error.to_string())
}

/// Parses `--as-of`.
pub(super) fn date_argument(text: &str) -> Result<Date, String> {
    parse_date(text).map_err(|error| error.to_string())
}

/// Parses a digest that the user's own code computed.
pub(super) fn own_digest_argument(text: &str) -> Result<OwnDigest, String> {
    text.parse().map_err(|error: NotADigest| error.to_string())
}

/// Parses `--since` and `--before`.
pub(super) fn time_bound_argument(text: &str) -> Result<TimeBound, String> {
    TimeBound::parse(text).ok_or_else(|| match parse_time(text) {
        Err(error @ ParseValueError::TimeZone(_)) => error.to_string(),
        Ok(_) | Err(_) => {
            "expected RFC 3339, `@` and Unix seconds, or a duration such as `1h` for one hour ago"
                .to_owned()
        }
    })
}

/// Parses a number of at least one.
pub(super) fn positive_count_argument(text: &str) -> Result<NonZeroUsize, String> {
    text.parse().map_err(|_| "expected a whole number above zero".to_owned())
}

/// Parses a non-zero duration.
pub(super) fn positive_duration_argument(text: &str) -> Result<Duration, String> {
    let limit = parse_duration(text).map_err(|error| error.to_string())?;
    if limit.is_zero() { Err("expected a duration above zero".to_owned()) } else { Ok(limit) }
}

/// Parses a message id.
pub(super) fn message_id_argument(text: &str) -> Result<String, String> {
    if text.is_empty() {
        return Err("the id is empty".to_owned());
    }
    if !http1::is_field_value(text.as_bytes()) {
        return Err(
            "expected an id without control characters: a newline would start another header"
                .to_owned(),
        );
    }
    Ok(text.to_owned())
}

/// Parses a duration, in which `0` needs no unit.
pub(super) fn duration_argument(text: &str) -> Result<Duration, String> {
    if text == "0" {
        return Ok(Duration::ZERO);
    }
    parse_duration(text).map_err(|error| error.to_string())
}

/// Parses an address to listen on: `:9090`, `9090`, `localhost:9090`, `0.0.0.0:9090`.
///
/// Without a host it is 127.0.0.1: leads are personal data, so any other interface must be named.
pub(super) fn address_argument(text: &str) -> Result<SocketAddr, String> {
    let completed = match text.strip_prefix(':') {
        Some(port) => format!("127.0.0.1:{port}"),
        None if text.bytes().all(|byte| byte.is_ascii_digit()) => format!("127.0.0.1:{text}"),
        None => text.to_owned(),
    };
    if let Ok(address) = completed.parse() {
        return Ok(address);
    }
    let expected = || address_problem(text, &completed);
    // A name may resolve to several addresses: prefer IPv4, which most users expect.
    let mut addresses: Vec<_> = completed.to_socket_addrs().map_err(|_| expected())?.collect();
    addresses.sort_by_key(SocketAddr::is_ipv6);
    addresses.first().copied().ok_or_else(expected)
}

/// Returns what is wrong with an address; `completed` has the host that is used without one.
fn address_problem(text: &str, completed: &str) -> String {
    let port = completed.rsplit_once(':').map(|(_, port)| port);
    let is_number = |port: &str| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    let problem = match port {
        None if !text.is_empty() => format!("the port is missing, as in `{text}:9090`"),
        Some(port) if is_number(port) && port.parse::<u16>().is_err() => {
            "the port must be 1 to 65535, or 0 for a free one".to_owned()
        }
        _ => "expected `:9090` or `0.0.0.0:9090`".to_owned(),
    };
    format!("`{text}` is not an address: {problem}")
}

/// Parses `Name: value` of a received header. It may be a framing header such as `Host`.
pub(super) fn received_header_argument(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once(':').ok_or_else(|| "expected `Name: value`".to_owned())?;
    let value = value.trim_matches([' ', '\t']);
    if name.is_empty() || !name.bytes().all(http1::is_token_byte) {
        return Err("expected `Name: value`, with a name of letters, digits and `-`".to_owned());
    }
    if !http1::is_field_value(value.as_bytes()) {
        return Err(
            "the value contains a control character: it would start another header".to_owned()
        );
    }
    Ok((name.to_owned(), value.to_owned()))
}

/// Parses `Name: value` of a header to send.
pub(super) fn header_argument(text: &str) -> Result<(String, String), String> {
    let (name, value) = received_header_argument(text)?;
    // The client sets the framing headers itself: a different length would break the request.
    if http1::is_framing(&name) {
        return Err(format!("`{name}` is set by the client"));
    }
    Ok((name, value))
}

/// Parses a size: `16MiB`, `256KiB`, `1000`.
pub(super) fn size_argument(text: &str) -> Result<u64, String> {
    let units = [("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("", 1)];
    let parse = |(unit, size): (&str, u64)| {
        let digits = text.strip_suffix(unit)?.trim_end();
        let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| digits.parse::<u64>().ok()?.checked_mul(size)).flatten()
    };
    let size = units.into_iter().find_map(parse).filter(|size| *size > 0);
    size.ok_or_else(|| "expected a size such as `16MiB`, `256KiB` or a number of bytes".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_without_a_host_is_loopback() {
        for (text, expected) in [
            (":9090", "127.0.0.1:9090"),
            ("9090", "127.0.0.1:9090"),
            (":0", "127.0.0.1:0"),
            ("0.0.0.0:80", "0.0.0.0:80"),
            ("[::1]:80", "[::1]:80"),
        ] {
            assert_eq!(address_argument(text), Ok(expected.parse().unwrap()), "{text}");
        }
        for invalid in ["", ":", ":x", ":99999", "1.2.3.4", "http://localhost:1"] {
            assert!(address_argument(invalid).is_err(), "{invalid}");
        }
        for (invalid, problem) in [
            (":80000", "the port must be 1 to 65535, or 0 for a free one"),
            ("70000", "the port must be 1 to 65535, or 0 for a free one"),
            ("1.2.3.4", "the port is missing, as in `1.2.3.4:9090`"),
            (":", "expected `:9090` or `0.0.0.0:9090`"),
            ("http://localhost:1/x", "expected `:9090` or `0.0.0.0:9090`"),
        ] {
            let expected = format!("`{invalid}` is not an address: {problem}");
            assert_eq!(address_argument(invalid), Err(expected));
        }
    }

    #[test]
    fn a_header_is_a_name_and_a_value() {
        assert_eq!(header_argument("A-b:  c: d "), Ok(("A-b".to_owned(), "c: d".to_owned())));
        for invalid in ["A", ": b", "A b: c", "A: b\r\nC: d", "A=b", "Host: x", "content-length: 1"]
        {
            assert!(header_argument(invalid).is_err(), "{invalid:?}");
        }
    }

    #[test]
    fn sizes_have_units() {
        for (text, size) in [("16MiB", 16 << 20), ("256 KiB", 256 << 10), ("1000", 1000)] {
            assert_eq!(size_argument(text), Ok(size), "{text}");
        }
        for invalid in
            ["", "0", "MiB", "16MB", "-1", "1.5MiB", "99999999999999999999", "99999999999GiB"]
        {
            assert!(size_argument(invalid).is_err(), "{invalid}");
        }
    }
}
