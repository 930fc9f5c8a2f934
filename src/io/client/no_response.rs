//! Why no answer came, from the causes of the client's errors and not from their texts.

use crate::domain::delivery::AttemptResult;
use crate::domain::target::is_link_local;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::error::Error as _;
use std::time::Duration;
use std::{fmt, io};

/// The longest a connection may take to come about.
pub(super) const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// One exchange that did not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoResponse {
    /// What kind of failure.
    pub kind: NoResponseKind,
    /// What happened, and when, in words.
    pub reason: String,
    /// How long it took.
    pub took: Duration,
}

/// What kind of failure it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NoResponseKind {
    /// Nobody listens there.
    Refused,
    /// The name has no address.
    Dns,
    /// TLS could not be agreed on.
    Tls,
    /// The deadline passed.
    Timeout,
    /// The connection broke, or what came back is not HTTP.
    Broken,
}

impl NoResponse {
    /// The same in the words of a delivery.
    #[must_use]
    pub fn answer(&self) -> AttemptResult {
        match self.kind {
            NoResponseKind::Timeout => AttemptResult::Timeout,
            NoResponseKind::Refused
            | NoResponseKind::Dns
            | NoResponseKind::Tls
            | NoResponseKind::Broken => AttemptResult::Unreachable,
        }
    }

    /// What to do about it.
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
                "trust it with `--cacert FILE` (a self-signed one must be made with CA:FALSE), or take any with `--insecure`",
            ),
            NoResponseKind::Timeout => {
                Some("`--timeout 0` waits for ever, for a debugger at a breakpoint")
            }
            NoResponseKind::Broken => None,
        }
    }
}

/// Resolves with the system, and makes its failures known as such.
pub(super) struct SystemResolver;

/// A name without an address.
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
            // A name may lead to a metadata service, whatever it is called.
            if found.iter().any(|address| is_link_local(address.ip())) {
                return Err(DnsError(io::Error::other("it has a link-local one")).into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// What went wrong, from the causes of reqwest's error and not from its text.
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
                return (NoResponseKind::Broken, format!("what came back is not HTTP/1: {http}"));
            }
            if http.is_incomplete_message() {
                return (
                    NoResponseKind::Broken,
                    "the connection was closed without an answer".to_owned(),
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
    let reason = root(error);
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

/// The TLS error in an error, which may lie in I/O errors several deep.
fn tls_error<'e>(error: &'e (dyn std::error::Error + 'static)) -> Option<&'e rustls::Error> {
    if let Some(tls) = error.downcast_ref() {
        return Some(tls);
    }
    tls_error(error.downcast_ref::<io::Error>()?.get_ref()?)
}

/// The innermost cause, which is the one that says something.
pub(super) fn root(error: &reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(source) = cause {
        text = source.to_string();
        cause = source.source();
    }
    text
}
