//! SIGINT and SIGTERM: the first asks for a clean stop, the second ends the process at once.

use crate::error::Exit;
use std::io;
use std::sync::mpsc::{Receiver, channel};
use tokio::runtime::Builder;

/// Watches for the rest of the process. What comes out is the exit status of the first signal.
pub fn watch() -> io::Result<Receiver<Exit>> {
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
            std::process::exit(i32::from(second.code()));
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

    async fn next(&mut self) -> Exit {
        tokio::select! {
            _ = self.interrupt.recv() => Exit::Interrupted,
            _ = self.terminate.recv() => Exit::Terminated,
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

    async fn next(&mut self) -> Exit {
        match tokio::signal::ctrl_c().await {
            Ok(()) => Exit::Interrupted,
            Err(_) => std::future::pending().await,
        }
    }
}
