//! Failed exchanges: classifies the client's errors by their sources, not by their messages.

use crate::domain::delivery::AttemptResult;
use crate::domain::target::is_link_local;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::error::Error as _;
use std::time::Duration;
use std::{fmt, io};

/// The maximum time to establish a connection.
pub(super) const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

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
    /// The host name has no usable address.
    Dns,
    /// The TLS handshake failed.
    Tls,
    /// The deadline passed.
    Timeout,
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
            | NoResponseKind::Dns
            | NoResponseKind::Tls
            | NoResponseKind::Broken => AttemptResult::Unreachable,
        }
    }

    /// Returns a hint for the user.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self.kind {
            NoResponseKind::Refused => {
                Some("is the app running there? `--wait 30s` waits until it is")
            }
            NoResponseKind::Dns => {
                Some("check the host name, or give its address with `--resolve`")
            }
            NoResponseKind::Tls => Some(
                "trust it with `--cacert FILE` (a self-signed one needs CA:FALSE), or skip verification with `--insecure`",
            ),
            NoResponseKind::Timeout => {
                Some("`--timeout 0` waits without a limit, for a debugger at a breakpoint")
            }
            NoResponseKind::Broken => None,
        }
    }
}

/// Resolves host names with the system, and marks failures as [`DnsError`].
pub(super) struct SystemResolver;

/// A host name without a usable address.
#[derive(Debug)]
struct DnsError(io::Error);

impl fmt::Display for DnsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl std::error::Error for DnsError {}

impl Resolve for SystemResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await.map_err(DnsError)?;
            let found: Vec<_> = found.collect();
            // Any host name can resolve to a metadata service.
            if found.iter().any(|address| is_link_local(address.ip())) {
                return Err(DnsError(io::Error::other("one of its addresses is link-local")).into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// Returns the kind and the reason of a failure from the sources of reqwest's error.
pub(super) fn explain(error: &reqwest::Error) -> (NoResponseKind, String) {
    let mut cause = error.source();
    while let Some(source) = cause {
        if let Some(dns) = source.downcast_ref::<DnsError>() {
            return (NoResponseKind::Dns, format!("the host name has no usable address: {dns}"));
        }
        if let Some(tls) = tls_error(source) {
            return (NoResponseKind::Tls, format!("TLS failed: {tls}"));
        }
        if let Some(http) = source.downcast_ref::<hyper::Error>() {
            if http.is_parse() {
                return (NoResponseKind::Broken, format!("the response is not HTTP/1: {http}"));
            }
            if http.is_incomplete_message() {
                return (
                    NoResponseKind::Broken,
                    "the connection was closed without a response".to_owned(),
                );
            }
        }
        if source
            .downcast_ref::<io::Error>()
            .is_some_and(|io| io.kind() == io::ErrorKind::ConnectionRefused)
        {
            return (NoResponseKind::Refused, "connection refused".to_owned());
        }
        cause = source.source();
    }
    let reason = root_cause(error);
    match error {
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
