//! I/O errors: failures of files, sockets, threads and child processes.

use crate::protocols::config_file::ConfigError;
use crate::protocols::journal_file::JournalError;
use crate::protocols::requests::RequestError;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// A failed I/O operation. `crate::error` adds exit codes and hints.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// An input could not be read.
    #[error("cannot read {what} `{path}`")]
    Read {
        /// The expected kind of input.
        what: &'static str,
        /// The path as given; `-` for standard input.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// A secret file could not be read. Its name is not shown, because the user may have given the
    /// secret instead.
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
        /// The expected kind of input.
        what: &'static str,
        /// The path as given; `-` for standard input.
        path: PathBuf,
        /// The limit in bytes.
        limit: u64,
    },
    /// An input contains no request.
    #[error("`{path}` {source}")]
    NotARequest {
        /// The path as given; `-` for standard input.
        path: PathBuf,
        /// The error of the parser.
        source: RequestError,
    },
    /// A configuration file is invalid.
    #[error(transparent)]
    Config(ConfigError),
    /// A file is not a journal.
    #[error("`{path}` is not a journal: {source}")]
    Journal {
        /// The path as given.
        path: PathBuf,
        /// The error of the parser.
        source: JournalError,
    },
    /// A file could not be written.
    #[error("cannot write {what} `{path}`")]
    Write {
        /// The kind of output.
        what: &'static str,
        /// The path as given.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// A certificate or a key is not usable.
    #[error("cannot use {what} `{path}`: {reason}")]
    Certificate {
        /// The expected kind of input.
        what: &'static str,
        /// The path as given.
        path: PathBuf,
        /// The error of the parser or of the TLS library.
        reason: String,
    },
    /// An address is not the URL of a proxy.
    #[error("`{proxy}` is not a proxy: {reason}")]
    Proxy {
        /// The URL as given, without its user name and password.
        proxy: String,
        /// The error of the parser.
        reason: String,
    },
    /// The HTTP client could not be built.
    #[error("cannot set up the connection: {0}")]
    Client(String),
    /// A target has a link-local address: that of a metadata service, or of another host in the
    /// local network.
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
    /// Another process listens where the receiver is to be started.
    #[error("`{address}` is in use{}", owner.as_ref().map(|by| format!(": {by} listens there")).unwrap_or_default())]
    PortInUse {
        /// The address of the target.
        address: SocketAddr,
        /// The name and the id of the process, if they are known.
        owner: Option<String>,
    },
    /// The command of the receiver ended before it listened, or did not listen in time.
    #[error("the receiver `{command}` {problem}")]
    ReceiverNotStarted {
        /// The command.
        command: String,
        /// The failure.
        problem: String,
        /// The last lines of its output.
        output: Vec<String>,
    },
    /// The program of a tunnel could not be started, printed no URL, or ended.
    #[error("the tunnel `{program}` {problem}")]
    Tunnel {
        /// Its name or command line.
        program: String,
        /// The failure.
        problem: String,
        /// The next step.
        hint: &'static str,
        /// The last lines of its output.
        output: Vec<String>,
    },
    /// A probe returned no count.
    #[error("the probe `{probe}` returned no number: {problem}")]
    Probe {
        /// Its URL or command.
        probe: String,
        /// The failure.
        problem: String,
        /// The next step, if it is more specific than the usual one.
        hint: Option<String>,
    },
    /// The address could not be bound.
    #[error("cannot listen on `{address}`")]
    Bind {
        /// The address.
        address: SocketAddr,
        /// The error of the operating system.
        source: io::Error,
    },
    /// The system clock shows a time that cannot be formatted.
    #[error("the system clock is out of range: expected a year from -9999 to 9999")]
    Clock,
    /// Sockets, threads or a runtime were not available.
    #[error("cannot serve")]
    Serve(#[source] io::Error),
}
