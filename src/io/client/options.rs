//! Connection options of the HTTP client.

use crate::io::streams::InputStream;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// The options of a connection, in curl's terms.
#[derive(Clone, Debug, Default)]
pub struct ConnectOptions {
    /// The deadline of the whole exchange; `None` waits without a limit.
    pub timeout: Option<Duration>,
    /// The CA bundle (PEM) to trust instead of the system's.
    pub cacert: Option<PathBuf>,
    /// The client certificate (PEM), with or without its key.
    pub cert: Option<PathBuf>,
    /// The private key of the client certificate (PEM).
    pub key: Option<PathBuf>,
    /// Do not verify the server's certificate.
    pub insecure: bool,
    /// The URL of the proxy.
    pub proxy: Option<String>,
    /// The address to connect to instead of the target's: `--resolve` and `--connect-to`.
    pub connect: Option<SocketAddr>,
    /// Standard input, from which a certificate or key with the path `-` is read.
    pub stdin: InputStream,
}
