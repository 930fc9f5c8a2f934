//! Why something that arrived never became a request.

use std::fmt;

use thiserror::Error;

use crate::io::wire::{Fault, Framing, MAX_FIELDS};

use super::limits::Limits;

/// Why something that arrived never became a request.
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
    /// The body is too long, or claims to be.
    #[error("body over the limit of {limit} bytes")]
    BodyTooLarge {
        /// The limit, in bytes.
        limit: u64,
    },
    /// A deadline passed before the request was complete.
    #[error("sender was too slow with the {part}")]
    TooSlow {
        /// What was being waited for.
        part: Part,
    },
    /// The sender closed the connection before the request was complete.
    #[error("sender broke off in the {part} after {received} bytes{}", out_of(*expected))]
    BrokenOff {
        /// What was being read.
        part: Part,
        /// How many bytes of that part had come.
        received: u64,
        /// How many bytes the body was to have, if it was announced.
        expected: Option<u64>,
    },
    /// The bytes are not HTTP/1.
    #[error("not HTTP/1: {reason}")]
    NotHttp {
        /// What they are instead, or where they cease to be HTTP/1.
        reason: String,
        /// Whether they begin as a TLS handshake does.
        looks_like_tls: bool,
    },
    /// The request is HTTP/1, but not as RFC 9112 has it.
    #[error("malformed request: {fault}")]
    Malformed {
        /// What is wrong.
        fault: Fault,
    },
    /// Other requests take all the memory there is.
    #[error("no memory left for the request: others hold {limit} bytes")]
    Busy {
        /// The limit, in bytes.
        limit: u64,
    },
    /// The connection had to make room for a newer one before its request was complete.
    #[error("connection had to make room for a newer one")]
    Evicted,
    /// The listener stopped before the request was complete.
    #[error("listener stopped before the request was complete")]
    Stopped,
}

/// A part of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Part {
    /// The request line and the headers.
    Head,
    /// The body.
    Body,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Head => "headers",
            Self::Body => "body",
        })
    }
}

fn out_of(expected: Option<u64>) -> String {
    expected.map_or_else(String::new, |expected| format!(" of {expected}"))
}

impl Refusal {
    /// Its kind, in kebab case.
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

    /// The status which the sender gets, as far as it still listens.
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Self::HeadTooLarge { .. } | Self::TooManyHeaders { .. } => 431,
            Self::TargetTooLong { .. } => 414,
            Self::BodyTooLarge { .. } => 413,
            Self::TooSlow { .. } => 408,
            Self::BrokenOff { .. } | Self::NotHttp { .. } => 400,
            Self::Malformed { fault } => fault.status(),
            Self::Busy { .. } | Self::Evicted | Self::Stopped => 503,
        }
    }

    /// What is wrong with a head, judged by its bytes, where anything is.
    pub(super) fn diagnose(raw: &[u8], limits: &Limits) -> Option<Self> {
        if raw.first() == Some(&0x16) {
            let reason = "a TLS handshake on a plain HTTP port".to_owned();
            return Some(Self::NotHttp { reason, looks_like_tls: true });
        }
        let mut fields = [httparse::EMPTY_HEADER; MAX_FIELDS];
        let mut request = httparse::Request::new(&mut fields);
        match request.parse(raw) {
            Ok(httparse::Status::Partial) => None,
            Ok(httparse::Status::Complete(_)) => {
                let fields = request.headers.iter().map(|field| (field.name, field.value));
                Some(match Framing::of(request.version == Some(0), fields) {
                    Err(fault) => Self::Malformed { fault },
                    Ok(Framing::Length(length)) if length > limits.max_body => {
                        Self::BodyTooLarge { limit: limits.max_body }
                    }
                    Ok(_) if request.path?.len() > limits.max_target => {
                        Self::TargetTooLong { limit: limits.max_target }
                    }
                    Ok(_) => Self::Malformed { fault: Fault::Target },
                })
            }
            Err(error) => Some(Self::from_parser(error, raw)),
        }
    }

    fn from_parser(error: httparse::Error, raw: &[u8]) -> Self {
        let foreign =
            |reason: &str| Self::NotHttp { reason: reason.to_owned(), looks_like_tls: false };
        match error {
            httparse::Error::TooManyHeaders => Self::TooManyHeaders { limit: MAX_FIELDS },
            httparse::Error::HeaderName => Self::Malformed { fault: Fault::HeaderName },
            httparse::Error::HeaderValue => Self::Malformed { fault: Fault::HeaderValue },
            httparse::Error::NewLine => Self::Malformed { fault: Fault::LineEnd },
            _ if raw.starts_with(b"PRI * HTTP/2") => foreign("the preface of HTTP/2"),
            _ if raw.starts_with(b"SSH-") => foreign("an SSH greeting"),
            httparse::Error::Version => foreign("neither HTTP/1.0 nor HTTP/1.1"),
            httparse::Error::Token | httparse::Error::Status => foreign("no request line"),
        }
    }
}
