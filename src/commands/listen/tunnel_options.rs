//! `--tunnel`: a public URL for the listener, from an installed program.

use crate::commands::context::Context;
use crate::domain::secret::Keyring;
use crate::error::Error;
use crate::io::receiver_process::{LineSink, StartFailure};
use crate::io::tunnel::{Tunnel, TunnelProgram};
use clap::Args;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

/// The time in which the program must print its URL.
const URL_TIMEOUT: Duration = Duration::from_secs(30);

/// The option that starts a tunnel.
#[derive(Args, Clone, Debug)]
pub(super) struct TunnelArgs {
    /// Make the listener public with an installed program: `cloudflared`, `tailscale`, `ngrok`, or a
    /// command line with `{port}`
    ///
    /// The program is started, its first public `https` URL is read from its output within 30 s, and
    /// it is ended with the listener and its children. Needs a secret, since anyone can post to a
    /// public URL. Nothing is downloaded, and the variables of leadhook are not passed on. A command
    /// line runs in `sh` (`cmd` on Windows). If the program ends, the listener ends with exit status
    /// 4. Its output is shown with `-v`.
    #[arg(long, value_name = "PROGRAM", value_parser = TunnelProgram::parse)]
    tunnel: Option<TunnelProgram>,
}

impl TunnelArgs {
    /// Rejects a public listener that accepts everything.
    pub(super) fn check(&self, keyring: &Keyring) -> Result<(), Error> {
        if self.tunnel.is_none() || !keyring.is_empty() {
            return Ok(());
        }
        Err(Error::Option {
            message: "`--tunnel` needs a secret: anyone can post to a public URL".to_owned(),
            hint: "pass `--secret-file FILE`, or set LEADHOOK_SECRET".to_owned(),
        })
    }

    /// Starts the tunnel to the listener at `local`, if one was requested. Returns `None` as well if
    /// `interrupted` returned `true` meanwhile.
    pub(super) fn start(
        &self,
        context: &Context<'_>,
        local: SocketAddr,
        interrupted: &mut dyn FnMut() -> bool,
    ) -> Result<Option<Tunnel>, Error> {
        let Some(program) = self.tunnel.clone() else { return Ok(None) };
        let show = context.printer.line_writer("tunnel").map(|write| Arc::new(write) as LineSink);
        match Tunnel::start(context.env, program, local, URL_TIMEOUT, show, interrupted) {
            Ok(tunnel) => Ok(Some(tunnel)),
            Err(StartFailure::Interrupted) => Ok(None),
            Err(StartFailure::Failed(error)) => Err(error.into()),
        }
    }
}
