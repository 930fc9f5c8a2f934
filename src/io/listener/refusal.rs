//! Refusals: the reasons why received bytes are not passed to the handler, with their statuses.

use std::fmt;

use thiserror::Error;

use crate::protocols::http1::{Framing, HeadError, MAX_REQUEST_FIELDS, ProtocolError, RequestHead};

use super::limits::Limits;

/// The reason why received bytes are not passed to the handler as a request.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The request line and headers are too long.
    #[error("headers over the limit of {limit} bytes")]
    HeadTooLarge {
        /// The limit, in bytes.
        limit: usize,
    },
    /// There are too many header lines.
    #[error("more than {limit} header lines")]
    TooManyHeaders {
        /// The limit, in lines.
        limit: usize,
    },
    /// The request target is too long.
    #[error("request target over the limit of {limit} bytes")]
    TargetTooLong {
        /// The limit, in bytes.
        limit: usize,
    },
    /// The body, or its announced length, is too long.
    #[error("body over the limit of {limit} bytes")]
    BodyTooLarge {
        /// The limit, in bytes.
        limit: u64,
    },
    /// A deadline passed before the request was complete.
    #[error("sender was too slow with the {part}")]
    TooSlow {
        /// The incomplete part.
        part: RefusedPart,
    },
    /// The sender closed the connection before the request was complete.
    #[error("sender disconnected in the {part} after {received} bytes{}", of_expected(*expected))]
    BrokenOff {
        /// The incomplete part.
        part: RefusedPart,
        /// The number of bytes of that part that were received.
        received: u64,
        /// The announced length of the body.
        expected: Option<u64>,
    },
    /// The bytes are not HTTP/1.
    #[error("not HTTP/1: {reason}")]
    NotHttp {
        /// The protocol that was recognized, or the first error.
        reason: String,
        /// `true` if they begin like a TLS handshake.
        looks_like_tls: bool,
    },
    /// The request is HTTP/1, but violates RFC 9112.
    #[error("malformed request: {error}")]
    Malformed {
        /// The violation.
        error: ProtocolError,
    },
    /// Other requests use all of the available memory.
    #[error("no memory left for the request: other requests use the limit of {limit} bytes")]
    Busy {
        /// The limit, in bytes.
        limit: u64,
    },
    /// The connection was evicted for a newer one before its request was complete.
    #[error("connection was evicted for a newer one")]
    Evicted,
    /// The listener stopped before the request was complete.
    #[error("listener stopped before the request was complete")]
    Stopped,
}

/// A part of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RefusedPart {
    /// The request line and the headers.
    Head,
    /// The body.
    Body,
}

impl fmt::Display for RefusedPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Head => "headers",
            Self::Body => "body",
        })
    }
}

fn of_expected(expected: Option<u64>) -> String {
    expected.map_or_else(String::new, |expected| format!(" of {expected}"))
}

impl Refusal {
    /// Returns the code of its kind, in kebab case.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::HeadTooLarge { .. } => "head-too-large",
            Self::TooManyHeaders { .. } => "too-many-headers",
            Self::TargetTooLong { .. } => "target-too-long",
            Self::BodyTooLarge { .. } => "body-too-large",
            Self::TooSlow { .. } => "too-slow",
            Self::BrokenOff { .. } => "broken-off",
            Self::NotHttp { .. } => "not-http",
            Self::Malformed { .. } => "malformed",
            Self::Busy { .. } => "busy",
            Self::Evicted => "evicted",
            Self::Stopped => "stopped",
        }
    }

    /// Returns the status of the error response.
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Self::HeadTooLarge { .. } | Self::TooManyHeaders { .. } => 431,
            Self::TargetTooLong { .. } => 414,
            Self::BodyTooLarge { .. } => 413,
            Self::TooSlow { .. } => 408,
            Self::BrokenOff { .. } | Self::NotHttp { .. } => 400,
            Self::Malformed { error } => error.status(),
            Self::Busy { .. } | Self::Evicted | Self::Stopped => 503,
        }
    }

    /// Returns the reason why hyper refused a head; `None` if the head is only incomplete.
    ///
    /// hyper's error lacks the detail, so the head is parsed once more with the same parser.
    pub(super) fn diagnose(raw: &[u8], limits: &Limits) -> Option<Self> {
        if raw.first() == Some(&0x16) {
            let reason = "a TLS handshake on a plain HTTP port".to_owned();
            return Some(Self::NotHttp { reason, looks_like_tls: true });
        }
        let head = match RequestHead::parse(raw) {
            Ok((head, _)) => head,
            Err(error) => return Self::from_head_error(error, raw),
        };
        Some(match head.framing() {
            Err(error) => Self::Malformed { error },
            Ok(Framing::Length(length)) if length > limits.max_body => {
                Self::BodyTooLarge { limit: limits.max_body }
            }
            Ok(_) if head.target.len() > limits.max_target => {
                Self::TargetTooLong { limit: limits.max_target }
            }
            Ok(_) => Self::Malformed { error: ProtocolError::InvalidTarget },
        })
    }

    /// Returns the reason why `raw` is not a head; `None` if it is only incomplete.
    fn from_head_error(error: HeadError, raw: &[u8]) -> Option<Self> {
        let not_http =
            |reason: &str| Self::NotHttp { reason: reason.to_owned(), looks_like_tls: false };
        Some(match error {
            HeadError::Incomplete => return None,
            HeadError::TooManyFields => Self::TooManyHeaders { limit: MAX_REQUEST_FIELDS },
            HeadError::Protocol(error) => Self::Malformed { error },
            _ if raw.starts_with(b"PRI * HTTP/2") => not_http("the preface of HTTP/2"),
            _ if raw.starts_with(b"SSH-") => not_http("an SSH greeting"),
            HeadError::Version => not_http("neither HTTP/1.0 nor HTTP/1.1"),
            HeadError::StartLine => not_http("no request line"),
        })
    }
}
