//! Failed exchanges: classifies the client's errors by their sources, not by their messages.

use super::resolver::DnsError;
use crate::domain::delivery::AttemptResult;
use rustls::{AlertDescription, CertificateError};
use std::error::Error as _;
use std::io;
use std::time::Duration;

/// The maximum time to establish a connection.
pub(super) const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// The kind of a failure and its reason, for the user.
pub(super) type Failure = (NoResponseKind, String);

/// One exchange that ended without a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoResponse {
    /// The kind of failure.
    pub kind: NoResponseKind,
    /// The reason, for the user.
    pub reason: String,
    /// The time until the failure.
    pub took: Duration,
}

/// The kind of a failed exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NoResponseKind {
    /// The connection was refused, or not established in time.
    Refused,
    /// The connection was refused, and the app accepts connections on the loopback address of the
    /// other IP version.
    OtherLoopback,
    /// The host name has no usable address.
    Dns,
    /// The TLS handshake failed.
    Tls,
    /// The endpoint does not speak TLS.
    NotTls,
    /// The endpoint expects TLS.
    NeedsTls,
    /// The endpoint speaks HTTP/2 only.
    Http2Only,
    /// The deadline passed.
    Timeout,
    /// The connection was closed or reset before the first byte of a response.
    Closed,
    /// The connection broke, or the response is not HTTP.
    Broken,
}

impl NoResponse {
    /// Returns the result of a delivery attempt that failed in this way.
    #[must_use]
    pub fn attempt_result(&self) -> AttemptResult {
        match self.kind {
            NoResponseKind::Timeout => AttemptResult::Timeout,
            NoResponseKind::Refused
            | NoResponseKind::OtherLoopback
            | NoResponseKind::Dns
            | NoResponseKind::Tls
            | NoResponseKind::NotTls
            | NoResponseKind::NeedsTls
            | NoResponseKind::Http2Only
            | NoResponseKind::Closed
            | NoResponseKind::Broken => AttemptResult::Unreachable,
        }
    }

    /// Returns a hint for the user of a command that sends once.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        self.kind.remedy().or(match self.kind {
            NoResponseKind::Refused => {
                Some("is the app running there? `--wait 30s` waits until it is")
            }
            NoResponseKind::Dns => {
                Some("check the host name, or give its address with `--resolve`")
            }
            NoResponseKind::Timeout => {
                Some("`--timeout 0` waits without a limit, for a debugger at a breakpoint")
            }
            _ => None,
        })
    }

    /// Returns the reason and, if there is one, the remedy.
    #[must_use]
    pub fn explained(&self) -> String {
        match self.kind.remedy() {
            Some(remedy) => format!("{}; {remedy}", self.reason),
            None => self.reason.clone(),
        }
    }
}

impl NoResponseKind {
    /// Returns the remedy, if it is the same for every command.
    fn remedy(self) -> Option<&'static str> {
        match self {
            Self::Tls => Some(
                "trust it with `--cacert FILE` (a self-signed one needs CA:FALSE), or skip verification with `--insecure`",
            ),
            Self::NotTls => Some("use `http://` for this port"),
            Self::NeedsTls => Some("use `https://` for this port"),
            Self::Http2Only => Some("enable HTTP/1.1 there"),
            Self::OtherLoopback => Some("give the port alone, as in `:3000`, which tries both"),
            Self::Refused | Self::Dns | Self::Timeout | Self::Closed | Self::Broken => None,
        }
    }
}

/// Returns the kind and the reason of a failure from the sources of reqwest's error.
pub(super) fn explain(error: &reqwest::Error) -> Failure {
    if let Some(explained) = explain_sources(error.source()) {
        return explained;
    }
    let reason = root_cause(error);
    match error {
        error if error.is_connect() && ends_early(error) => {
            let reason = "TLS failed: the connection was closed during the handshake".to_owned();
            (NoResponseKind::NotTls, reason)
        }
        error if error.is_timeout() && error.is_connect() => {
            let limit = humantime::format_duration(CONNECT_TIMEOUT);
            (NoResponseKind::Refused, format!("no connection within {limit}"))
        }
        error if error.is_timeout() => (NoResponseKind::Timeout, reason),
        error if error.is_connect() => {
            (NoResponseKind::Broken, format!("cannot connect: {reason}"))
        }
        _ => (NoResponseKind::Broken, format!("the connection broke: {reason}")),
    }
}

/// Returns the kind and the reason of a failure on a connection without TLS. `first_bytes` are
/// those of the response, if there were any: they name its protocol.
pub(super) fn explain_plain(error: &hyper::Error, first_bytes: &[u8]) -> Failure {
    match first_bytes {
        // A TLS record: an alert or a handshake message.
        [0x15 | 0x16, 0x03, ..] => {
            return needs_tls();
        }
        // SETTINGS or GOAWAY of HTTP/2, on stream 0: its length, type, flags and stream.
        [0, 0, _, 0x04 | 0x07, _, 0, 0, 0, 0, ..] => {
            let reason = "the target speaks HTTP/2 only".to_owned();
            return (NoResponseKind::Http2Only, reason);
        }
        _ => {}
    }
    let explained = explain_sources(Some(error));
    explained.unwrap_or_else(|| (NoResponseKind::Broken, format!("the connection broke: {error}")))
}

/// Returns the kind and the reason of a failure on a port that expects TLS.
pub(super) fn needs_tls() -> Failure {
    (NoResponseKind::NeedsTls, "the target expects TLS on this port".to_owned())
}

/// Returns the kind and the reason from the first error of a chain that has one.
fn explain_sources(mut cause: Option<&(dyn std::error::Error + 'static)>) -> Option<Failure> {
    while let Some(source) = cause {
        if let Some(dns) = source.downcast_ref::<DnsError>() {
            let reason = format!("the host name has no usable address: {dns}");
            return Some((NoResponseKind::Dns, reason));
        }
        if let Some(tls) = tls_error(source) {
            return Some(explain_tls(tls));
        }
        if let Some(http) = source.downcast_ref::<hyper::Error>() {
            if http.is_parse() {
                let reason = format!("the response is not HTTP/1: {http}");
                return Some((NoResponseKind::Broken, reason));
            }
            if http.is_incomplete_message() {
                let reason = "the connection was closed without a response".to_owned();
                return Some((NoResponseKind::Closed, reason));
            }
        }
        match innermost_kind(source) {
            Some(io::ErrorKind::ConnectionRefused) => {
                return Some((NoResponseKind::Refused, "connection refused".to_owned()));
            }
            Some(io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe) => {
                let reason = "the connection was reset without a response".to_owned();
                return Some((NoResponseKind::Closed, reason));
            }
            _ => {}
        }
        cause = source.source();
    }
    None
}

/// Returns the kind and the reason of a TLS error.
fn explain_tls(error: &rustls::Error) -> Failure {
    let (kind, reason) = match error {
        rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer) => (
            NoResponseKind::Tls,
            "the certificate is self-signed, or its issuer is not trusted".to_owned(),
        ),
        rustls::Error::InvalidMessage(_) => {
            (NoResponseKind::NotTls, "the target does not speak TLS on this port".to_owned())
        }
        rustls::Error::AlertReceived(AlertDescription::NoApplicationProtocol) => {
            (NoResponseKind::Http2Only, "the target does not speak HTTP/1.1 over TLS".to_owned())
        }
        rustls::Error::AlertReceived(AlertDescription::CertificateRequired) => (
            NoResponseKind::Broken,
            "the target requires a client certificate: add `--cert FILE`".to_owned(),
        ),
        rustls::Error::AlertReceived(alert) => {
            (NoResponseKind::Broken, format!("the target ended the handshake: {alert:?}"))
        }
        _ => (NoResponseKind::Tls, error.to_string()),
    };
    (kind, format!("TLS failed: {reason}"))
}

/// Returns `true` if the connection was closed where more was expected.
fn ends_early(error: &reqwest::Error) -> bool {
    let mut cause = error.source();
    while let Some(source) = cause {
        if innermost_kind(source) == Some(io::ErrorKind::UnexpectedEof) {
            return true;
        }
        cause = source.source();
    }
    false
}

/// Returns the kind of the innermost of nested I/O errors.
fn innermost_kind(error: &(dyn std::error::Error + 'static)) -> Option<io::ErrorKind> {
    let error = error.downcast_ref::<io::Error>()?;
    let inner = error.get_ref().and_then(|inner| innermost_kind(inner));
    inner.or(Some(error.kind()))
}

/// Returns the TLS error inside an error, which can be nested in several I/O errors.
fn tls_error<'e>(error: &'e (dyn std::error::Error + 'static)) -> Option<&'e rustls::Error> {
    if let Some(tls) = error.downcast_ref() {
        return Some(tls);
    }
    tls_error(error.downcast_ref::<io::Error>()?.get_ref()?)
}

/// Returns the message of the innermost source, which is the specific one.
pub(super) fn root_cause(error: &reqwest::Error) -> String {
    let mut message = error.to_string();
    let mut cause = error.source();
    while let Some(source) = cause {
        message = source.to_string();
        cause = source.source();
    }
    message
}
