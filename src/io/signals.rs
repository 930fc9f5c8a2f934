//! Signal handling: the first signal requests a clean stop, a second one exits immediately.
//!
//! SIGINT, SIGTERM and, on Unix, SIGHUP, SIGQUIT and SIGUSR1 stop a command. SIGHUP does not stop a
//! process that ignored it at its start (`nohup`), nor a listener without a controlling terminal (a
//! service), which reopens its files instead.
//!
//! A command whose output is blocked by its reader cannot stop cleanly: after the first signal it
//! exits when one write has been blocked for `STALL_TIMEOUT`.

#[cfg(unix)]
mod hangup;

use crate::io::error::Error;
use crate::io::process_group;
use crate::io::streams::WriteSnapshot;
use std::fmt;
use std::io;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::runtime::Builder;

/// The maximum time of a blocked write after a signal, because a blocked command cannot stop by
/// itself.
///
/// It is longer than `listen` needs to give up on a reader and to report that.
const STALL_TIMEOUT: Duration = Duration::from_secs(8);

/// A signal that asks the command to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Signal {
    /// SIGHUP: the terminal was closed.
    Hangup,
    /// SIGINT.
    Interrupt,
    /// SIGQUIT.
    Quit,
    /// SIGTERM.
    Terminate,
    /// SIGUSR1.
    User1,
}

impl Signal {
    /// Every signal that stops a command.
    pub const ALL: [Self; 5] =
        [Self::Hangup, Self::Interrupt, Self::Quit, Self::Terminate, Self::User1];

    /// Returns the exit status of a process that the signal ended, as shells report it: 128 plus
    /// the number of the signal.
    #[must_use]
    pub const fn exit_status(self) -> u8 {
        128 + match self {
            Self::Hangup => 1,
            Self::Interrupt => 2,
            Self::Quit => 3,
            Self::Terminate => 15,
            Self::User1 => USER1,
        }
    }

    /// Returns `true` if a second signal of this kind exits immediately.
    ///
    /// SIGHUP does not, because it often comes twice when a terminal closes: from the kernel and
    /// from the shell.
    fn exits_immediately(self) -> bool {
        matches!(self, Self::Interrupt | Self::Quit | Self::Terminate)
    }
}

/// The number of SIGUSR1, which is 10 on Linux and 30 on macOS.
#[cfg(unix)]
const USER1: u8 = libc::SIGUSR1.to_le_bytes()[0];

#[cfg(not(unix))]
const USER1: u8 = 10;

/// Sends signals to runs in this process, in place of the operating system. Clones share one state.
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
                // Fails if the command has already ended.
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

/// Reopens files on each call.
pub(super) struct ReopenCallback(pub(super) Box<dyn FnMut() + Send>);

impl fmt::Debug for ReopenCallback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reopen")
    }
}

/// The action that a received signal asks for.
enum SignalAction {
    Stop(Signal),
    /// A SIGHUP without a terminal, which asks to reopen files.
    #[cfg_attr(not(unix), expect(dead_code, reason = "Windows has no SIGHUP"))]
    Reopen,
}

/// Watches for signals until the process ends, and sends the first one to the receiver. A
/// SIGHUP without a terminal calls `reopen`.
pub(super) fn watch(reopen: Option<ReopenCallback>) -> Result<Receiver<Signal>, Error> {
    start(reopen).map_err(Error::Serve)
}

fn start(reopen: Option<ReopenCallback>) -> io::Result<Receiver<Signal>> {
    let (sender, receiver) = channel();
    let runtime = Builder::new_current_thread().enable_all().build()?;
    // Register the handlers before this returns, because a signal may arrive right afterwards.
    let mut signals = {
        let _guard = runtime.enter();
        Signals::new(reopen.is_some())?
    };
    std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
        let mut reopen = reopen.unwrap_or_else(|| ReopenCallback(Box::new(|| {})));
        runtime.block_on(async {
            let first = loop {
                match signals.next().await {
                    SignalAction::Stop(signal) => break signal,
                    SignalAction::Reopen => (reopen.0)(),
                }
            };
            // Fails if the command has already ended.
            let _ = sender.send(first);
            let second = async {
                loop {
                    match signals.next().await {
                        SignalAction::Stop(signal) if signal.exits_immediately() => return signal,
                        SignalAction::Stop(_) => {}
                        // Requests in flight are still saved while the command stops.
                        SignalAction::Reopen => (reopen.0)(),
                    }
                }
            };
            let last = tokio::select! {
                signal = second => signal,
                () = wait_for_stall() => first,
            };
            process_group::kill_all();
            #[expect(
                clippy::exit,
                reason = "a second signal exits even if requests are in flight; so does the first \
                          if the command is blocked by the reader of its output"
            )]
            std::process::exit(last.exit_status().into());
        });
    })?;
    Ok(receiver)
}

/// Waits until a write to standard output or standard error has been blocked for [`STALL_TIMEOUT`].
async fn wait_for_stall() {
    let (mut before, mut since) = (WriteSnapshot::now(), Instant::now());
    while !before.is_pending() || since.elapsed() < STALL_TIMEOUT {
        tokio::time::sleep(STALL_TIMEOUT / 16).await;
        let writes = WriteSnapshot::now();
        if writes != before {
            (before, since) = (writes, Instant::now());
        }
    }
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    quit: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
    user1: tokio::signal::unix::Signal,
    /// `None` if SIGHUP stays ignored.
    hangup: Option<tokio::signal::unix::Signal>,
    reopens: bool,
    /// SIGXFSZ ends the process unless it is handled. With a handler, a write over the limit of
    /// `ulimit -f` fails instead.
    _file_size: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new(can_reopen: bool) -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let is_ignored = hangup::is_ignored_at_start();
        let reopens = can_reopen && (is_ignored || !hangup::has_controlling_terminal());
        let hangup = (reopens || !is_ignored).then(|| signal(SignalKind::hangup()));
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            quit: signal(SignalKind::quit())?,
            terminate: signal(SignalKind::terminate())?,
            user1: signal(SignalKind::user_defined1())?,
            hangup: hangup.transpose()?,
            reopens,
            _file_size: signal(SignalKind::from_raw(libc::SIGXFSZ))?,
        })
    }

    async fn next(&mut self) -> SignalAction {
        let Self { interrupt, quit, terminate, user1, hangup, reopens, .. } = self;
        let hung_up = async {
            match hangup {
                Some(hangup) => hangup.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = interrupt.recv() => SignalAction::Stop(Signal::Interrupt),
            _ = quit.recv() => SignalAction::Stop(Signal::Quit),
            _ = terminate.recv() => SignalAction::Stop(Signal::Terminate),
            _ = user1.recv() => SignalAction::Stop(Signal::User1),
            _ = hung_up => {
                if *reopens { SignalAction::Reopen } else { SignalAction::Stop(Signal::Hangup) }
            }
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new(_can_reopen: bool) -> io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) -> SignalAction {
        match tokio::signal::ctrl_c().await {
            Ok(()) => SignalAction::Stop(Signal::Interrupt),
            Err(_) => std::future::pending().await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handle_sends_its_first_signal_to_earlier_and_later_watchers() {
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
