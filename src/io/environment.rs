//! Environment of a run: variables, clock, random numbers, standard streams, terminals and signals.

pub use crate::io::signals::{Signal, SignalHandle};
pub use crate::io::streams::{InputStream, OutputStream, SharedBuffer};

use crate::io::error::Error;
use crate::io::signals;
use crate::io::signals::ReopenCallback;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::io::{IsTerminal, Write, sink, stderr, stdin, stdout};
use std::sync::mpsc::Receiver;
use std::time::SystemTime;
use terminal_size::{Width, terminal_size};

/// The environment of one run.
///
/// Several runs in one process are independent if each has its own environment. They share only the
/// current directory of the process, from which relative paths are resolved, and the inputs that
/// libraries read directly: the system's certificates, `SSL_CERT_FILE` and `SSL_CERT_DIR`.
#[derive(Clone)]
pub struct Environment {
    vars: BTreeMap<OsString, OsString>,
    clock: Clock,
    stdin: InputStream,
    stdout: OutputStream,
    stderr: OutputStream,
    /// The source of signals, if not the operating system.
    signals: Option<SignalHandle>,
    terminal_width: Option<usize>,
    /// `true` if standard input is a terminal.
    pub stdin_is_terminal: bool,
    /// `true` if standard output is a terminal.
    pub stdout_is_terminal: bool,
    /// `true` if standard error is a terminal.
    pub stderr_is_terminal: bool,
}

/// A clock.
#[derive(Clone, Copy, Debug)]
enum Clock {
    /// A fixed time.
    Fixed(Timestamp),
    /// A running clock.
    Running(fn() -> SystemTime),
}

impl Clock {
    /// Returns the time if RFC 3339, which has four digits for a year, can represent it.
    fn read(self) -> Option<Timestamp> {
        match self {
            Self::Fixed(now) => Some(now),
            Self::Running(clock) => Timestamp::try_from(clock()).ok(),
        }
    }
}

/// Shows the names of the variables without their values, which may be secret.
impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Environment")
            .field("vars", &self.vars.keys().collect::<Vec<_>>())
            .field("clock", &self.clock)
            .finish_non_exhaustive()
    }
}

impl Environment {
    /// Captures the environment of this process.
    #[must_use]
    pub fn capture() -> Self {
        Self {
            vars: std::env::vars_os().collect(),
            clock: Clock::Running(system_clock),
            stdin: InputStream::of_process(),
            stdout: OutputStream::stdout(),
            stderr: OutputStream::stderr(),
            signals: None,
            terminal_width: terminal_size().map(|(Width(columns), _)| columns.into()),
            stdin_is_terminal: stdin().is_terminal(),
            stdout_is_terminal: stdout().is_terminal(),
            stderr_is_terminal: stderr().is_terminal(),
        }
    }

    /// Returns an environment with these variables, a fixed clock, an empty input,
    /// outputs that discard everything, no terminal and no signals.
    #[must_use]
    pub fn fixed(vars: &[(&str, &str)], now: Timestamp) -> Self {
        Self {
            vars: vars.iter().map(|(name, value)| (name.into(), value.into())).collect(),
            clock: Clock::Fixed(now),
            stdin: InputStream::default(),
            stdout: OutputStream::to(sink()),
            stderr: OutputStream::to(sink()),
            signals: Some(SignalHandle::default()),
            terminal_width: None,
            stdin_is_terminal: false,
            stdout_is_terminal: false,
            stderr_is_terminal: false,
        }
    }

    /// Sets standard input, which then is not a terminal.
    #[must_use]
    pub fn with_stdin(self, bytes: impl Into<Vec<u8>>) -> Self {
        Self { stdin: InputStream::of_bytes(bytes), stdin_is_terminal: false, ..self }
    }

    /// Sets standard output, for example to a [`SharedBuffer`]; it then is not a terminal.
    #[must_use]
    pub fn with_stdout(self, writer: impl Write + Send + 'static) -> Self {
        Self { stdout: OutputStream::to(writer), stdout_is_terminal: false, ..self }
    }

    /// Sets standard error, which then is not a terminal.
    #[must_use]
    pub fn with_stderr(self, writer: impl Write + Send + 'static) -> Self {
        Self { stderr: OutputStream::to(writer), stderr_is_terminal: false, ..self }
    }

    /// Receives signals from `handle` instead of the operating system.
    #[must_use]
    pub fn with_signals(self, handle: &SignalHandle) -> Self {
        Self { signals: Some(handle.clone()), ..self }
    }

    /// Uses a running clock.
    #[must_use]
    pub fn with_running_clock(self) -> Self {
        self.with_system_clock(system_clock)
    }

    /// Reads the time from `clock` instead of the operating system.
    #[must_use]
    pub fn with_system_clock(self, clock: fn() -> SystemTime) -> Self {
        Self { clock: Clock::Running(clock), ..self }
    }

    /// Returns the value of a variable; `None` if it is unset, empty or not Unicode.
    #[must_use]
    pub fn var(&self, name: &str) -> Option<&str> {
        self.var_bytes(name).and_then(|value| std::str::from_utf8(value).ok())
    }

    /// Returns the raw value of a variable; `None` if it is unset or empty.
    #[must_use]
    pub fn var_os(&self, name: &str) -> Option<&OsStr> {
        self.vars.get(OsStr::new(name)).map(OsString::as_os_str).filter(|value| !value.is_empty())
    }

    /// Returns the bytes of a variable; `None` if it is unset or empty.
    #[must_use]
    pub fn var_bytes(&self, name: &str) -> Option<&[u8]> {
        self.var_os(name).map(OsStr::as_encoded_bytes)
    }

    /// Returns `true` if a variable is set, even to an empty value.
    #[must_use]
    pub fn is_set(&self, name: &str) -> bool {
        self.vars.contains_key(OsStr::new(name))
    }

    /// Returns every variable, for a child process.
    pub fn vars(&self) -> impl Iterator<Item = (&OsStr, &OsStr)> {
        self.vars.iter().map(|(name, value)| (name.as_os_str(), value.as_os_str()))
    }

    /// Returns the current time. If the clock has left the years -9999 to 9999 since
    /// [`Self::check_clock`], this is the nearest time in that range.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let end = || match self.clock {
            Clock::Running(clock) if clock() < SystemTime::UNIX_EPOCH => Timestamp::MIN,
            Clock::Running(_) | Clock::Fixed(_) => Timestamp::MAX,
        };
        self.clock.read().unwrap_or_else(end)
    }

    /// Returns the current time, or `None` if the clock is out of range.
    #[must_use]
    pub fn try_now(&self) -> Option<Timestamp> {
        self.clock.read()
    }

    /// Fails if the clock shows a time outside of the years -9999 to 9999.
    pub fn check_clock(&self) -> Result<(), Error> {
        self.clock.read().map(|_| ()).ok_or(Error::Clock)
    }

    /// Returns a random number, which differs between runs.
    #[must_use]
    pub fn random_u64(&self) -> u64 {
        u64::try_from(uuid::Uuid::new_v4().as_u128() & u128::from(u64::MAX)).unwrap_or_default()
    }

    /// Returns standard input.
    #[must_use]
    pub fn stdin(&self) -> &InputStream {
        &self.stdin
    }

    /// Returns standard output.
    #[must_use]
    pub fn stdout(&self) -> OutputStream {
        self.stdout.clone()
    }

    /// Returns standard error.
    #[must_use]
    pub fn stderr(&self) -> OutputStream {
        self.stderr.clone()
    }

    /// Returns the width of the terminal, or else the value of `COLUMNS`.
    #[must_use]
    pub fn columns(&self) -> Option<usize> {
        self.terminal_width.or_else(|| self.var("COLUMNS")?.parse().ok())
    }

    /// Returns the width of the terminal that shows standard output, or else the value of `COLUMNS`.
    /// A file or a pipe has no width.
    #[must_use]
    pub fn output_columns(&self) -> Option<usize> {
        let terminal = self.terminal_width.filter(|_| self.stdout_is_terminal);
        terminal.or_else(|| self.var("COLUMNS")?.parse().ok())
    }

    /// Watches for signals from now on.
    pub fn watch_signals(&self) -> Result<Receiver<Signal>, Error> {
        match &self.signals {
            Some(handle) => Ok(handle.watch()),
            None => signals::watch(None),
        }
    }

    /// Watches for signals from now on, and calls `reopen` for each SIGHUP without a terminal:
    /// SIGHUP was ignored when the process started, or the process has no controlling terminal. A
    /// [`SignalHandle`] never calls it.
    pub fn watch_signals_and_reopen(
        &self,
        reopen: impl FnMut() + Send + 'static,
    ) -> Result<Receiver<Signal>, Error> {
        match &self.signals {
            Some(handle) => Ok(handle.watch()),
            None => signals::watch(Some(ReopenCallback(Box::new(reopen)))),
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the only access to the system clock")]
fn system_clock() -> SystemTime {
    SystemTime::now()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn fixed() -> Environment {
        Environment::fixed(&[], Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn a_clock_out_of_range_is_an_error_and_never_a_panic() {
        // 1 January 10000, and the same as far before our era.
        let late = fixed()
            .with_system_clock(|| SystemTime::UNIX_EPOCH + Duration::from_secs(253_402_300_800));
        let early = fixed()
            .with_system_clock(|| SystemTime::UNIX_EPOCH - Duration::from_secs(377_705_116_801));
        for (env, end) in [(late, Timestamp::MAX), (early, Timestamp::MIN)] {
            assert!(matches!(env.check_clock(), Err(Error::Clock)));
            assert_eq!((env.try_now(), env.now()), (None, end));
        }
    }

    #[test]
    fn a_clock_in_range_is_read_on_both_sides_of_1970() {
        let day = Duration::from_secs(86_400);
        let after =
            fixed().with_system_clock(|| SystemTime::UNIX_EPOCH + Duration::from_secs(86_400));
        let before =
            fixed().with_system_clock(|| SystemTime::UNIX_EPOCH - Duration::from_secs(86_400));
        assert_eq!(after.now(), Timestamp::UNIX_EPOCH + day);
        assert_eq!(before.now(), Timestamp::UNIX_EPOCH - day);
        assert!(after.check_clock().is_ok() && before.check_clock().is_ok());
    }
}
