//! The receiver that `check --start` runs: started before the first case, restarted after a crash,
//! and ended with its child processes.

use crate::domain::target::Target;
use crate::io::client;
use crate::io::environment::Environment;
use crate::io::error::Error;
use crate::io::port_owner::port_owner;
use crate::io::started_command;
use crate::io::started_command::{POLL_INTERVAL, StartedCommand, ending};
use std::ffi::OsString;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::thread::sleep;
use std::time::{Duration, Instant};

pub use crate::io::output_tail::LineSink;

/// The maximum number of restarts.
pub const MAX_RESTARTS: u32 = 10;

/// The time in which the port must be free after the receiver was killed.
const RELEASE_TIMEOUT: Duration = Duration::from_secs(2);

/// The time in which a receiver must accept a connection to count as running.
const ALIVE_TIMEOUT: Duration = Duration::from_millis(500);

/// The command of a receiver, and the address on which it is to listen.
#[derive(Clone, Debug)]
pub struct ReceiverCommand {
    /// The command line, for the shell.
    pub command: String,
    /// The target on which it is to listen.
    pub target: Target,
    /// The address to connect to instead of the target's.
    pub connect: Option<SocketAddr>,
    /// The maximum time until it listens.
    pub wait: Duration,
}

/// The reason why the receiver does not run.
#[derive(Debug)]
#[non_exhaustive]
pub enum StartFailure {
    /// The caller interrupted the start.
    Interrupted,
    /// The port is in use, or the command ended or did not listen in time.
    Failed(Error),
}

impl From<Error> for StartFailure {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// A crash of the receiver.
#[derive(Debug)]
#[non_exhaustive]
pub struct Crash {
    /// The end of the receiver, such as `ended with exit status 1`.
    pub ending: String,
    /// The last line of its output.
    pub last_line: Option<String>,
    /// The reason why it does not run again.
    pub not_restarted: Option<String>,
}

/// A running receiver, ended with its child processes on drop.
pub struct ReceiverProcess {
    command: ReceiverCommand,
    vars: Vec<(OsString, OsString)>,
    show: Option<LineSink>,
    /// `None` after a restart failed.
    running: Option<StartedCommand>,
    restarts: u32,
}

impl ReceiverProcess {
    /// Starts the command and waits until it listens. Each line of its output is passed to `show`.
    ///
    /// `interrupted` is polled, and the command is ended once it returns `true`.
    pub fn start(
        env: &Environment,
        command: ReceiverCommand,
        show: Option<LineSink>,
        interrupted: &dyn Fn() -> bool,
    ) -> Result<Self, StartFailure> {
        let addresses = client::addresses(&command.target, command.connect);
        if let Some(&address) = addresses.iter().find(|&&address| is_in_use(address)) {
            // Another receiver would be tested in its place, and restarted by nobody.
            let owner = port_owner(address.port());
            return Err(Error::PortInUse { address, owner }.into());
        }
        let vars = env.vars().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let mut receiver = Self { command, vars, show, running: None, restarts: 0 };
        receiver.launch(interrupted)?;
        Ok(receiver)
    }

    /// Restarts the receiver if it has crashed: if its command ends within `watch`, or if its port
    /// accepts no connection afterwards. Returns the crash.
    ///
    /// A process that crashes closes its connections before it has ended, so that a receiver which
    /// closed a connection may seem to run for a moment.
    pub fn restart_if_crashed(
        &mut self,
        watch: Duration,
        interrupted: &dyn Fn() -> bool,
    ) -> Option<Crash> {
        let running = self.running.as_mut()?;
        let has_ended = running.ends_within(watch);
        if !has_ended && self.accepts(ALIVE_TIMEOUT) {
            return None;
        }
        let (status, lines) = self.running.take()?.end();
        let ending = match status {
            Some(status) if has_ended => ending(status),
            _ => "stopped accepting connections".to_owned(),
        };
        let last_line = lines.into_iter().next_back();
        Some(Crash { ending, last_line, not_restarted: self.restart(interrupted).err() })
    }

    /// Returns `true` unless a restart failed.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.running.is_some()
    }

    /// Starts the command again, or returns the reason why it does not run.
    fn restart(&mut self, interrupted: &dyn Fn() -> bool) -> Result<(), String> {
        if self.restarts == MAX_RESTARTS {
            return Err(format!("not restarted: it has been restarted {MAX_RESTARTS} times"));
        }
        self.restarts += 1;
        // The kernel closes the sockets of a killed process a moment after the signal.
        let end = Instant::now() + RELEASE_TIMEOUT;
        let addresses = client::addresses(&self.command.target, self.command.connect);
        while addresses.iter().any(|&address| is_in_use(address)) {
            if Instant::now() >= end {
                return Err("not restarted: its port is still in use".to_owned());
            }
            sleep(POLL_INTERVAL);
        }
        self.launch(interrupted).map_err(|failure| match failure {
            StartFailure::Interrupted => "not restarted: the check was interrupted".to_owned(),
            StartFailure::Failed(Error::ReceiverNotStarted { problem, .. }) => {
                format!("not restarted: the next one {problem}")
            }
            StartFailure::Failed(error) => format!("not restarted: {error}"),
        })
    }

    /// Starts the command and waits until it listens.
    fn launch(&mut self, interrupted: &dyn Fn() -> bool) -> Result<(), StartFailure> {
        let not_started = |problem: String, output| {
            let command = self.command.command.clone();
            StartFailure::Failed(Error::ReceiverNotStarted { command, problem, output })
        };
        let shell = started_command::shell(&self.command.command);
        let mut running = StartedCommand::spawn(shell, &self.vars, self.show.clone())
            .map_err(|error| not_started(format!("could not be run: {error}"), Vec::new()))?;
        let began = Instant::now();
        let url = &self.command.target;
        loop {
            // In this order: another process may have taken the port while the command failed.
            let has_ended = running.has_ended();
            if !has_ended && self.accepts(Duration::ZERO) {
                self.running = Some(running);
                return Ok(());
            }
            if interrupted() {
                running.end();
                return Err(StartFailure::Interrupted);
            }
            if has_ended {
                let (status, lines) = running.end();
                let ending = status.map_or_else(|| "ended".to_owned(), ending);
                return Err(not_started(
                    format!("{ending} before `{url}` accepted connections"),
                    lines,
                ));
            }
            if began.elapsed() >= self.command.wait {
                let (_, lines) = running.end();
                let wait = humantime::format_duration(self.command.wait);
                return Err(not_started(format!("did not listen on `{url}` within {wait}"), lines));
            }
            sleep(POLL_INTERVAL);
        }
    }

    /// Returns `true` if the target accepts a connection within `limit`.
    fn accepts(&self, limit: Duration) -> bool {
        client::wait_until_up(&self.command.target, self.command.connect, limit).is_ok()
    }
}

impl Drop for ReceiverProcess {
    fn drop(&mut self) {
        if let Some(running) = self.running.take() {
            running.end();
        }
    }
}

/// Returns `true` if another process listens on the address.
///
/// Both are tried: a wildcard address and a specific one can share a port on some systems, and a
/// listener whose queue is full accepts no connection.
fn is_in_use(address: SocketAddr) -> bool {
    let bound = TcpListener::bind(address);
    bound.is_err_and(|error| error.kind() == io::ErrorKind::AddrInUse)
        || std::net::TcpStream::connect_timeout(&address, Duration::from_millis(50)).is_ok()
}
