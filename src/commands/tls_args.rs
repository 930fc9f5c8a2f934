//! Options for connections over TLS, with the names that curl uses.

use crate::io::client::ConnectOptions;
use clap::Args;
use std::path::PathBuf;

/// The clap ids of the options.
pub(super) const TLS_OPTIONS: [&str; 4] = ["cacert", "cert", "key", "insecure"];

/// The TLS options.
#[derive(Args, Clone, Debug)]
pub(super) struct TlsArgs {
    /// CA bundle (PEM) to trust instead of the system's
    #[arg(long, value_name = "FILE")]
    cacert: Option<PathBuf>,

    /// Client certificate (PEM)
    #[arg(long, value_name = "FILE")]
    cert: Option<PathBuf>,

    /// Private key (PEM) of the client certificate, if it is in a separate file
    #[arg(long, value_name = "FILE", requires = "cert")]
    key: Option<PathBuf>,

    /// Do not verify the server's certificate
    #[arg(long)]
    insecure: bool,
}

impl TlsArgs {
    /// Returns the connection options with these of TLS.
    pub(super) fn apply(&self, options: ConnectOptions) -> ConnectOptions {
        ConnectOptions {
            cacert: self.cacert.clone(),
            cert: self.cert.clone(),
            key: self.key.clone(),
            insecure: self.insecure,
            ..options
        }
    }

    /// Returns `true` if certificates are not verified.
    pub(super) fn is_insecure(&self) -> bool {
        self.insecure
    }
}
