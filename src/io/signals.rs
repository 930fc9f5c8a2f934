//! SIGINT and SIGTERM: the first asks for a clean stop, the second ends the process at once.

use crate::io::error::Error;
use std::io;
use std::sync::mpsc::{Receiver, channel};
use tokio::runtime::Builder;

/// A signal that asks the command to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// SIGINT.
    Interrupt,
    /// SIGTERM.
    Terminate,
}

impl Signal {
    /// Returns the exit status of a process that the signal ended, as shells report it: 128 and the
    /// number of the signal.
    #[must_use]
    pub fn exit_status(self) -> i32 {
        match self {
            Self::Interrupt => 128 + 2,
            Self::Terminate => 128 + 15,
        }
    }
}

/// Watches for signals for the rest of the process, and sends the first one to the receiver.
pub fn watch() -> Result<Receiver<Signal>, Error> {
    start().map_err(Error::Serve)
}

fn start() -> io::Result<Receiver<Signal>> {
    let (sender, receiver) = channel();
    let runtime = Builder::new_current_thread().enable_all().build()?;
    // Before this returns: a signal that comes right after it must find its handler.
    let mut signals = {
        let _inside = runtime.enter();
        Signals::new()?
    };
    std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
        runtime.block_on(async {
            let first = signals.next().await;
            // The command may have ended by itself; then there is nobody to tell.
            let _ = sender.send(first);
            let second = signals.next().await;
            #[expect(
                clippy::exit,
                reason = "a second signal quits at once, whatever is in flight"
            )]
            std::process::exit(second.exit_status());
        });
    })?;
    Ok(receiver)
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) -> Signal {
        tokio::select! {
            _ = self.interrupt.recv() => Signal::Interrupt,
            _ = self.terminate.recv() => Signal::Terminate,
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) -> Signal {
        match tokio::signal::ctrl_c().await {
            Ok(()) => Signal::Interrupt,
            Err(_) => std::future::pending().await,
        }
    }
}
