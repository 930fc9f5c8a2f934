//! Body framing: determines where a body ends (RFC 9112, section 6).

use crate::domain::message::Headers;
use crate::protocols::http1::protocol_error::ProtocolError;

/// The end of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Framing {
    /// After this many bytes; 0 if there is no body.
    Length(u64),
    /// After the last chunk.
    Chunked,
    /// At the end of the connection or of the file.
    UntilEnd,
}

/// The kind of message, which decides how strict the framing is.
///
/// One rule for all kinds would either be too lenient for a socket, where ambiguous framing allows
/// request smuggling, or too strict for a file, whose headers may no longer describe its body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FramingPolicy {
    /// A request on a socket. Ambiguous framing is rejected: the bytes that one parser treats as
    /// the body could be the next request for another one.
    Request {
        /// `true` for HTTP/1.0, which has no transfer codings.
        is_http_10: bool,
    },
    /// A request in a file. Nothing is rejected: tools keep headers that described the body before
    /// they decoded it, and the user wants to inspect whatever was saved.
    SavedRequest,
    /// A response to our own request. Only a length that is not a number is rejected: the framing
    /// merely determines where the next response begins on our own connection.
    Response {
        /// The status code: some have no body (RFC 9112, section 6.3).
        status: u16,
    },
}

impl Framing {
    /// Determines the framing of the body after these header fields.
    ///
    /// # Errors
    ///
    /// Returns why the framing is ambiguous or unknown, if the policy does not allow it.
    pub fn of<'a>(
        policy: FramingPolicy,
        fields: impl Iterator<Item = (&'a str, &'a [u8])>,
    ) -> Result<Self, ProtocolError> {
        let is_strict = matches!(policy, FramingPolicy::Request { .. });
        let (mut length, mut coding) = (HeaderValues::default(), HeaderValues::default());
        for (name, value) in fields {
            if name.eq_ignore_ascii_case("content-length") && length.add(value) && is_strict {
                return Err(ProtocolError::SeveralLengths);
            }
            if name.eq_ignore_ascii_case("transfer-encoding") && coding.add(value) && is_strict {
                return Err(ProtocolError::SeveralCodings);
            }
        }
        match policy {
            FramingPolicy::Request { is_http_10 } => {
                Self::of_request(is_http_10, length.first, coding.first)
            }
            FramingPolicy::SavedRequest => {
                Ok(match trimmed_str(length.first).and_then(parse_decimal) {
                    _ if ends_in_chunked(coding.last) => Self::Chunked,
                    Some(length) => Self::Length(length),
                    None => Self::UntilEnd,
                })
            }
            FramingPolicy::Response { status } => {
                Self::of_response(status, trimmed_str(length.first), trimmed_str(coding.first))
            }
        }
    }

    fn of_request(
        is_http_10: bool,
        length: Option<&[u8]>,
        coding: Option<&[u8]>,
    ) -> Result<Self, ProtocolError> {
        match (length, coding) {
            (None, None) => Ok(Self::Length(0)),
            (Some(length), None) => {
                let length = std::str::from_utf8(length).ok().and_then(parse_decimal);
                length.map(Self::Length).ok_or(ProtocolError::InvalidLength)
            }
            (Some(_), Some(_)) => Err(ProtocolError::LengthAndCoding),
            (None, Some(_)) if is_http_10 => Err(ProtocolError::CodingInHttp10),
            (None, Some(coding)) if coding.eq_ignore_ascii_case(b"chunked") => Ok(Self::Chunked),
            (None, coding) if ends_in_chunked(coding) => Err(ProtocolError::UnknownCoding),
            (None, Some(_)) => Err(ProtocolError::NotChunkedLast),
        }
    }

    fn of_response(
        status: u16,
        length: Option<&str>,
        coding: Option<&str>,
    ) -> Result<Self, ProtocolError> {
        match (status, length, coding) {
            (100..200 | 204 | 304, ..) => Ok(Self::Length(0)),
            (.., Some(coding)) if coding.to_ascii_lowercase().contains("chunked") => {
                Ok(Self::Chunked)
            }
            (_, Some(length), _) => {
                length.parse().map(Self::Length).map_err(|_| ProtocolError::InvalidLength)
            }
            (_, None, _) => Ok(Self::UntilEnd),
        }
    }
}

/// The first and the last value of a header that should occur once.
#[derive(Default)]
struct HeaderValues<'a> {
    first: Option<&'a [u8]>,
    last: Option<&'a [u8]>,
}

impl<'a> HeaderValues<'a> {
    /// Adds a value. Returns `true` if it is not the first.
    fn add(&mut self, value: &'a [u8]) -> bool {
        self.first.get_or_insert(value);
        self.last.replace(value).is_some()
    }
}

/// Returns a trimmed value, if it is UTF-8.
fn trimmed_str(value: Option<&[u8]>) -> Option<&str> {
    std::str::from_utf8(value?).ok().map(str::trim)
}

/// Parses a number of digits only: `u64::from_str` would accept a sign.
fn parse_decimal(text: &str) -> Option<u64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

/// Returns `true` if `chunked` is the last of these transfer codings, which makes it the outermost.
fn ends_in_chunked(codings: Option<&[u8]>) -> bool {
    let last = codings.unwrap_or_default().rsplit(|byte| *byte == b',').next().unwrap_or_default();
    last.trim_ascii().eq_ignore_ascii_case(b"chunked")
}

/// Returns `true` if the body of a request with these headers is chunked (RFC 9112, section 6.1).
#[must_use]
pub fn is_chunked(headers: &Headers) -> bool {
    ends_in_chunked(headers.get_all("Transfer-Encoding").last())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn framing(policy: FramingPolicy, fields: &[(&str, &str)]) -> Result<Framing, ProtocolError> {
        Framing::of(policy, fields.iter().map(|(name, value)| (*name, value.as_bytes())))
    }

    fn request(fields: &[(&str, &str)]) -> Result<Framing, ProtocolError> {
        framing(FramingPolicy::Request { is_http_10: false }, fields)
    }

    fn response(status: u16, fields: &[(&str, &str)]) -> Result<Framing, ProtocolError> {
        framing(FramingPolicy::Response { status }, fields)
    }

    const LENGTH: (&str, &str) = ("Content-Length", "5");
    const CODING: (&str, &str) = ("Transfer-Encoding", "chunked");

    #[test]
    fn a_request_with_ambiguous_framing_is_rejected() {
        assert_eq!(request(&[]), Ok(Framing::Length(0)));
        assert_eq!(request(&[LENGTH]), Ok(Framing::Length(5)));
        assert_eq!(request(&[("content-length", "007")]), Ok(Framing::Length(7)));
        assert_eq!(request(&[CODING]), Ok(Framing::Chunked));
        assert_eq!(request(&[("TRANSFER-ENCODING", "CHUNKED")]), Ok(Framing::Chunked));
        assert_eq!(request(&[LENGTH, LENGTH]), Err(ProtocolError::SeveralLengths));
        assert_eq!(request(&[CODING, CODING]), Err(ProtocolError::SeveralCodings));
        assert_eq!(request(&[LENGTH, CODING]), Err(ProtocolError::LengthAndCoding));
        assert_eq!(request(&[CODING, LENGTH]), Err(ProtocolError::LengthAndCoding));
        // The first repeated header is reported.
        let both = [CODING, CODING, LENGTH, LENGTH];
        assert_eq!(request(&both), Err(ProtocolError::SeveralCodings));
        let old = FramingPolicy::Request { is_http_10: true };
        assert_eq!(framing(old, &[LENGTH]), Ok(Framing::Length(5)));
        assert_eq!(framing(old, &[CODING]), Err(ProtocolError::CodingInHttp10));
    }

    #[test]
    fn a_request_with_an_invalid_length_or_coding_is_rejected() {
        for length in
            ["", "+5", "-1", "0x40", "5, 5", "5 5", "5,", "18446744073709551616", "\u{b2}"]
        {
            let found = request(&[("Content-Length", length)]);
            assert_eq!(found, Err(ProtocolError::InvalidLength), "{length}");
        }
        let coded = |coding: &str| request(&[("Transfer-Encoding", coding)]);
        for coding in
            ["", "gzip", "identity", "xchunked", "\"chunked\"", "chunked, gzip", "chunked;q=1"]
        {
            assert_eq!(coded(coding), Err(ProtocolError::NotChunkedLast), "{coding}");
        }
        for coding in ["gzip, chunked", "chunked,chunked", ", chunked"] {
            assert_eq!(coded(coding), Err(ProtocolError::UnknownCoding), "{coding}");
        }
    }

    #[test]
    fn a_saved_request_is_never_rejected() {
        for (fields, expected) in [
            (&[][..], Framing::UntilEnd),
            (&[LENGTH, ("Content-Length", "6")], Framing::Length(5)),
            (&[("Content-Length", " 5 ")], Framing::Length(5)),
            (&[("Content-Length", "+5")], Framing::UntilEnd),
            (&[LENGTH, CODING], Framing::Chunked),
            (&[("Transfer-Encoding", "gzip"), CODING], Framing::Chunked),
            (&[("Transfer-Encoding", "gzip,\tChunked")], Framing::Chunked),
            (&[("Transfer-Encoding", "chunked, gzip"), LENGTH], Framing::Length(5)),
            (&[("Transfer-Encoding", "gzip")], Framing::UntilEnd),
        ] {
            assert_eq!(framing(FramingPolicy::SavedRequest, fields), Ok(expected), "{fields:?}");
        }
    }

    /// RFC 9112, section 6.3, rules 1, 4, 6 and 8.
    #[test]
    fn a_response_is_framed_by_its_status_coding_or_length() {
        assert_eq!(response(200, &[LENGTH]), Ok(Framing::Length(5)));
        assert_eq!(response(200, &[CODING, LENGTH]), Ok(Framing::Chunked));
        assert_eq!(response(200, &[("transfer-encoding", "gzip, CHUNKED")]), Ok(Framing::Chunked));
        assert_eq!(response(200, &[("Transfer-Encoding", "gzip")]), Ok(Framing::UntilEnd));
        assert_eq!(response(200, &[]), Ok(Framing::UntilEnd));
        for status in [100, 103, 204, 304] {
            assert_eq!(response(status, &[LENGTH]), Ok(Framing::Length(0)));
        }
        assert_eq!(response(200, &[("Content-Length", "x")]), Err(ProtocolError::InvalidLength));
    }
}
