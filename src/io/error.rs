//! The error type of this layer: everything that files, sockets and threads can fail with.

use crate::protocols::config_file::ConfigError;
use crate::protocols::journal_file::JournalError;
use crate::protocols::requests::RequestError;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// An operation of this layer that failed. Exit codes and hints belong to `crate::error`.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// An input could not be read.
    #[error("cannot read {what} `{path}`")]
    Read {
        /// What it should have been.
        what: &'static str,
        /// As typed; `-` for standard input.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// A secret file does not exist. What was typed as its name may be the secret, and is not shown.
    #[error("cannot read the secret file that {origin} names")]
    SecretFile {
        /// The option, the variable or the line that names it.
        origin: String,
        /// The error of the operating system.
        source: io::Error,
    },
    /// An input exceeds its size limit.
    #[error("{what} `{path}` is larger than {limit} bytes")]
    TooLarge {
        /// What it should have been.
        what: &'static str,
        /// As typed; `-` for standard input.
        path: PathBuf,
        /// The limit in bytes.
        limit: u64,
    },
    /// An input contains no request.
    #[error("`{path}` {source}")]
    NotARequest {
        /// As typed; `-` for standard input.
        path: PathBuf,
        /// The error of the parser.
        source: RequestError,
    },
    /// A configuration file that is invalid.
    #[error(transparent)]
    Config(ConfigError),
    /// A file that is not a journal.
    #[error("`{path}` is no journal: {source}")]
    Journal {
        /// As typed.
        path: PathBuf,
        /// The error of the parser.
        source: JournalError,
    },
    /// A file could not be written.
    #[error("cannot write {what} `{path}`")]
    Write {
        /// What it is.
        what: &'static str,
        /// As typed.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// A certificate or a key that is not usable.
    #[error("cannot use {what} `{path}`: {reason}")]
    Certificate {
        /// What it should have been.
        what: &'static str,
        /// As typed.
        path: PathBuf,
        /// Why it is not usable.
        reason: String,
    },
    /// An address that is not the URL of a proxy.
    #[error("`{proxy}` is not a proxy: {reason}")]
    Proxy {
        /// As typed, without its user name and password.
        proxy: String,
        /// The error of the parser.
        reason: String,
    },
    /// The HTTP client could not be built.
    #[error("cannot set up the connection: {0}")]
    Client(String),
    /// A target with a link-local address: a metadata service, or a neighbour in the network.
    #[error("`{url}` is a link-local address: leads are not sent there")]
    LinkLocal {
        /// The target.
        url: String,
    },
    /// The endpoint accepted no connection before the deadline.
    #[error("`{url}` accepted no connection within {}", humantime::format_duration(*waited))]
    NotUp {
        /// The target.
        url: String,
        /// The deadline.
        waited: Duration,
    },
    /// A probe that returned no count.
    #[error("the probe `{probe}` gives no number: {problem}")]
    Probe {
        /// Its URL or command.
        probe: String,
        /// What happened instead.
        problem: String,
    },
    /// The address could not be bound.
    #[error("cannot listen on `{address}`")]
    Bind {
        /// The address.
        address: SocketAddr,
        /// The error of the operating system.
        source: io::Error,
    },
    /// The system's clock shows a time that cannot be written.
    #[error("the system clock is out of range: expected a year from -9999 to 9999")]
    Clock,
    /// Sockets, threads or a runtime were not available.
    #[error("cannot serve")]
    Serve(#[source] io::Error),
}
