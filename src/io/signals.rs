//! SIGINT and SIGTERM: the first asks for a clean stop, the second ends the process at once.

use crate::io::error::Error;
use std::io;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::runtime::Builder;

/// A signal that asks the command to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
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

/// Sends signals to runs in this process, in place of the operating system. Clones are one handle.
#[derive(Clone, Debug, Default)]
pub struct SignalHandle(Arc<Mutex<Watchers>>);

#[derive(Debug, Default)]
struct Watchers {
    sent: Option<Signal>,
    senders: Vec<Sender<Signal>>,
}

impl SignalHandle {
    /// Sends the signal to every run that watches now or later. Only the first signal counts.
    pub fn send(&self, signal: Signal) {
        let mut watchers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if watchers.sent.is_none() {
            watchers.sent = Some(signal);
            for sender in &watchers.senders {
                // The command may have ended by itself; then there is nobody to tell.
                let _ = sender.send(signal);
            }
        }
    }

    /// Returns a receiver of the signal, which stays connected as long as the handle lives.
    pub(super) fn watch(&self) -> Receiver<Signal> {
        let (sender, receiver) = channel();
        let mut watchers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(signal) = watchers.sent {
            let _ = sender.send(signal);
        }
        watchers.senders.push(sender);
        receiver
    }
}

/// Watches for signals for the rest of the process, and sends the first one to the receiver.
pub(super) fn watch() -> Result<Receiver<Signal>, Error> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handle_reaches_those_who_watch_before_and_after_with_its_first_signal() {
        let handle = SignalHandle::default();
        let before = handle.watch();
        assert!(before.try_recv().is_err());
        handle.send(Signal::Terminate);
        handle.clone().send(Signal::Interrupt);
        let after = handle.watch();
        for receiver in [before, after] {
            assert_eq!(receiver.try_iter().collect::<Vec<_>>(), [Signal::Terminate]);
        }
    }
}
