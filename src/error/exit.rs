//! The exit statuses of the process.

use crate::io::signals::Signal;
use std::process::ExitCode;

/// The exit statuses of `leadhook`. A test compares them with the table in README.md.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Exit {
    /// The command succeeded, and its result is positive.
    Success,
    /// The command succeeded, and its result is negative.
    Failure,
    /// The command line or the configuration is invalid.
    Usage,
    /// An input cannot be read or is malformed, or an output cannot be written.
    Input,
    /// The peer could not be reached or closed the connection, or the port to listen on is in use.
    Transport,
    /// The result is unknown, because evidence is missing. It never counts as a success.
    Incomplete,
    /// SIGHUP arrived, and everything in flight was finished.
    HungUp,
    /// SIGINT arrived, and everything in flight was finished.
    Interrupted,
    /// SIGQUIT arrived, and everything in flight was finished.
    Quit,
    /// SIGUSR1 arrived, and everything in flight was finished.
    UserSignal,
    /// SIGTERM arrived, and everything in flight was finished.
    Terminated,
}

/// The status of a command that a signal ended is greater: the number of the signal is added.
const SIGNAL_BASE: u8 = 128;

impl Exit {
    /// Every status, in the order of the table in README.md.
    pub const ALL: [Self; 11] = [
        Self::Success,
        Self::Failure,
        Self::Usage,
        Self::Input,
        Self::Transport,
        Self::Incomplete,
        Self::HungUp,
        Self::Interrupted,
        Self::Quit,
        Self::UserSignal,
        Self::Terminated,
    ];

    /// Returns the name that the documentation uses. All statuses of signals have one name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failure => "failure",
            Self::Usage => "usage",
            Self::Input => "input",
            Self::Transport => "transport",
            Self::Incomplete => "incomplete",
            Self::HungUp | Self::Interrupted | Self::Quit | Self::UserSignal | Self::Terminated => {
                "interrupted"
            }
        }
    }

    /// Returns the meaning in one sentence, as the manual and the JSON of the help have it.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Success => "The command succeeded, and its result is positive.",
            Self::Failure => {
                "The command succeeded, and its result is negative: a signature or a payload is \
                 invalid, an endpoint refused a delivery, a check failed, or a lead was lost."
            }
            Self::Usage => "The command line or the configuration is invalid.",
            Self::Input => {
                "An input cannot be read or is malformed, or an output cannot be written."
            }
            Self::Transport => {
                "The other side could not be reached or closed the connection, or the port to \
                 listen on is in use."
            }
            Self::Incomplete => {
                "The result is unknown, because evidence is missing: no secret, too few \
                 deliveries, or no probe. It never counts as a success."
            }
            Self::HungUp => "SIGHUP arrived, and everything in flight was finished.",
            Self::Interrupted => "SIGINT arrived, and everything in flight was finished.",
            Self::Quit => "SIGQUIT arrived, and everything in flight was finished.",
            Self::UserSignal => "SIGUSR1 arrived, and everything in flight was finished.",
            Self::Terminated => "SIGTERM arrived, and everything in flight was finished.",
        }
    }

    /// Returns `true` if a signal ended the command: the status is then 128 plus its number.
    #[must_use]
    pub fn is_signal(self) -> bool {
        self.code() > SIGNAL_BASE
    }

    /// Returns the number that the shell sees.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::Failure => 1,
            Self::Usage => 2,
            Self::Input => 3,
            Self::Transport => 4,
            Self::Incomplete => 5,
            Self::HungUp => Signal::Hangup.exit_status(),
            Self::Interrupted => Signal::Interrupt.exit_status(),
            Self::Quit => Signal::Quit.exit_status(),
            Self::UserSignal => Signal::User1.exit_status(),
            Self::Terminated => Signal::Terminate.exit_status(),
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        exit.code().into()
    }
}

impl From<Signal> for Exit {
    fn from(signal: Signal) -> Self {
        match signal {
            Signal::Hangup => Self::HungUp,
            Signal::Interrupt => Self::Interrupted,
            Signal::Quit => Self::Quit,
            Signal::Terminate => Self::Terminated,
            Signal::User1 => Self::UserSignal,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exit_for_a_signal_has_the_status_of_the_signal() {
        for signal in Signal::ALL {
            assert_eq!(Exit::from(signal).code(), signal.exit_status(), "{signal:?}");
        }
    }
}
