//! Signals: the first asks for a clean stop, an impatient second one ends the process at once.
//!
//! SIGINT, SIGTERM and, on Unix, SIGHUP, SIGQUIT and SIGUSR1 stop a command. SIGHUP does not where it is
//! not about a terminal: a process that ignored it at its start (`nohup`) goes on, and so does a listener
//! without a controlling terminal (a service), which opens its files anew.
//!
//! A command that is blocked because nobody reads what it writes cannot obey: the first signal ends it
//! after a while.

#[cfg(unix)]
mod hangup;

use crate::io::error::Error;
use crate::io::streams::Writes;
use std::fmt;
use std::io;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::runtime::Builder;

/// How long a write may wait for its reader after a signal: the command that waits for it cannot stop
/// by itself. Longer than `listen` takes to give up a reader and to say so.
const STALLED: Duration = Duration::from_secs(8);

/// A signal that asks the command to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Signal {
    /// SIGHUP: the terminal is gone.
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

    /// Returns the exit status of a process that the signal ended, as shells report it: 128 and the
    /// number of the signal.
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

    /// Returns `true` if a person who sends it a second time will not wait. SIGHUP often comes twice at
    /// the end of a terminal, from the kernel and from the shell.
    fn is_impatient(self) -> bool {
        matches!(self, Self::Interrupt | Self::Quit | Self::Terminate)
    }
}

/// The number of SIGUSR1, which is 10 on Linux and 30 on macOS.
#[cfg(unix)]
const USER1: u8 = libc::SIGUSR1.to_le_bytes()[0];

#[cfg(not(unix))]
const USER1: u8 = 10;

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

/// Opens files anew, whenever it is called.
pub(super) struct Reopen(pub(super) Box<dyn FnMut() + Send>);

impl fmt::Debug for Reopen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reopen")
    }
}

/// What came.
enum Received {
    Stop(Signal),
    /// A SIGHUP that is not about a terminal.
    #[cfg_attr(not(unix), expect(dead_code, reason = "Windows has no SIGHUP"))]
    Reopen,
}

/// Watches for signals for the rest of the process, and sends the first one to the receiver. A SIGHUP
/// that is not about a terminal calls `reopen`.
pub(super) fn watch(reopen: Option<Reopen>) -> Result<Receiver<Signal>, Error> {
    start(reopen).map_err(Error::Serve)
}

fn start(reopen: Option<Reopen>) -> io::Result<Receiver<Signal>> {
    let (sender, receiver) = channel();
    let runtime = Builder::new_current_thread().enable_all().build()?;
    // Before this returns: a signal that comes right after it must find its handler.
    let mut signals = {
        let _inside = runtime.enter();
        Signals::new(reopen.is_some())?
    };
    std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
        let mut reopen = reopen.unwrap_or_else(|| Reopen(Box::new(|| {})));
        runtime.block_on(async {
            let first = loop {
                match signals.next().await {
                    Received::Stop(signal) => break signal,
                    Received::Reopen => (reopen.0)(),
                }
            };
            // The command may have ended by itself; then there is nobody to tell.
            let _ = sender.send(first);
            let impatient = async {
                loop {
                    match signals.next().await {
                        Received::Stop(signal) if signal.is_impatient() => return signal,
                        Received::Stop(_) => {}
                        // What is in flight is still saved while the command stops.
                        Received::Reopen => (reopen.0)(),
                    }
                }
            };
            let last = tokio::select! {
                second = impatient => second,
                () = stalled() => first,
            };
            #[expect(
                clippy::exit,
                reason = "a second signal quits at once, whatever is in flight; so does the first \
                          where the command cannot see it, because nobody reads what it writes"
            )]
            std::process::exit(last.exit_status().into());
        });
    })?;
    Ok(receiver)
}

/// Waits until one write to standard output or standard error has waited for all of [`STALLED`].
async fn stalled() {
    let (mut before, mut since) = (Writes::now(), Instant::now());
    while !before.is_waiting() || since.elapsed() < STALLED {
        tokio::time::sleep(STALLED / 16).await;
        let writes = Writes::now();
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
    /// None where SIGHUP stays ignored.
    hangup: Option<tokio::signal::unix::Signal>,
    reopens: bool,
    /// SIGXFSZ ends the process unless somebody handles it: then a file that has reached the limit of
    /// `ulimit -f` is a write that fails.
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

    async fn next(&mut self) -> Received {
        let Self { interrupt, quit, terminate, user1, hangup, reopens, .. } = self;
        let hung_up = async {
            match hangup {
                Some(hangup) => hangup.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = interrupt.recv() => Received::Stop(Signal::Interrupt),
            _ = quit.recv() => Received::Stop(Signal::Quit),
            _ = terminate.recv() => Received::Stop(Signal::Terminate),
            _ = user1.recv() => Received::Stop(Signal::User1),
            _ = hung_up => if *reopens { Received::Reopen } else { Received::Stop(Signal::Hangup) },
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

    async fn next(&mut self) -> Received {
        match tokio::signal::ctrl_c().await {
            Ok(()) => Received::Stop(Signal::Interrupt),
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
