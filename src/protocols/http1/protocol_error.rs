//! Violations of HTTP for which a message is rejected.

use thiserror::Error;

/// A rule of HTTP that a message breaks, so that two parsers may interpret it differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ProtocolError {
    /// A newline is LF without CR (RFC 9112, section 2.2).
    #[error("a newline lacks its carriage return")]
    BareLineFeed,
    /// A header name is empty, is followed by a space, or is the rest of a folded line.
    #[error("a header name that is not a token")]
    HeaderName,
    /// A header value contains NUL, a lone CR or another control character.
    #[error("a control character in a header value")]
    HeaderValue,
    /// HTTP/1.1 requires `Host` (RFC 9112, section 3.2).
    #[error("no `Host` header")]
    NoHost,
    /// More than one `Host` (RFC 9112, section 3.2).
    #[error("more than one `Host` header")]
    SeveralHosts,
    /// The target is not a URI reference.
    #[error("the request target is not a URI")]
    InvalidTarget,
    /// `Content-Length` is not a plain number.
    #[error("a `Content-Length` that is not a number")]
    InvalidLength,
    /// More than one `Content-Length`, equal or not.
    #[error("more than one `Content-Length` header")]
    SeveralLengths,
    /// Both framings at once, which is used for request smuggling (RFC 9112, section 6.1).
    #[error("both `Content-Length` and `Transfer-Encoding`")]
    LengthAndCoding,
    /// More than one `Transfer-Encoding`.
    #[error("more than one `Transfer-Encoding` header")]
    SeveralCodings,
    /// `Transfer-Encoding` in HTTP/1.0, which does not define it.
    #[error("`Transfer-Encoding` in HTTP/1.0")]
    CodingInHttp10,
    /// `Transfer-Encoding` does not end in `chunked`, so the body has no end.
    #[error("a `Transfer-Encoding` that does not end in `chunked`")]
    NotChunkedLast,
    /// Another coding comes before `chunked`.
    #[error("a transfer coding besides `chunked`")]
    UnknownCoding,
    /// `CONNECT` requests a tunnel, and a success status would confirm it (RFC 9110, section
    /// 9.3.6).
    #[error("`CONNECT` asks for a tunnel")]
    Tunnel,
    /// The chunks of the body are not valid (RFC 9112, section 7.1).
    #[error("a body whose chunks cannot be read")]
    InvalidChunks,
}

impl ProtocolError {
    /// The status of the response.
    #[must_use]
    pub fn status(self) -> u16 {
        if matches!(self, Self::UnknownCoding | Self::Tunnel) { 501 } else { 400 }
    }
}
