//! What stops a command, what to do about it, and the exit statuses.

mod arguments;
mod hint;

pub use arguments::ArgumentsError;

use crate::domain::route::RouteError;
use crate::domain::secret::SecretError;
use crate::domain::target::TargetError;
use crate::engine::generate::GenerateError;
use crate::engine::payload_edit::EditError;
use crate::engine::replay::ReplayError;
use crate::engine::replay::baseline::BaselineError;
use crate::io::error::Error as IoError;
use crate::io::signals::Signal;
use crate::output::error::Error as OutputError;
use crate::output::printer::ErrorReport;
use crate::protocols::http1::EncodeError;
use crate::protocols::json::JsonError;
use crate::protocols::policy_file::PolicyFileError;
use crate::protocols::schema::SchemaError;
use crate::protocols::schemes::scheme::SignError;
use crate::providers::Unknown;
use crate::providers::flaw::PackError;
use std::path::PathBuf;
use std::process::ExitCode;
use thiserror::Error;

/// The exit statuses of `leadhook`. README.md lists them, and a test compares the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Exit {
    /// Everything asked for happened, and the answer is yes.
    Yes,
    /// The work is done and the answer is no.
    No,
    /// The command line or the configuration is wrong.
    Usage,
    /// An input cannot be read or is not what it should be; an output cannot be written.
    Input,
    /// The other side could not be reached or broke off; the port to listen on is taken.
    Transport,
    /// Evidence is missing. It never counts as a pass.
    Incomplete,
    /// SIGHUP came, and everything in flight was finished.
    HungUp,
    /// SIGINT came, and everything in flight was finished.
    Interrupted,
    /// SIGQUIT came, and everything in flight was finished.
    Quit,
    /// SIGUSR1 came, and everything in flight was finished.
    UserSignal,
    /// SIGTERM came, and everything in flight was finished.
    Terminated,
}

impl Exit {
    /// Every status, in the order of the table.
    pub const ALL: [Self; 11] = [
        Self::Yes,
        Self::No,
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

    /// The number that the shell sees.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Yes => 0,
            Self::No => 1,
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

/// What stopped a command. A negative answer is not an error: it is a report and [`Exit::No`].
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Error {
    /// The command line cannot be parsed.
    #[error(transparent)]
    Arguments(#[from] ArgumentsError),
    /// A provider or an event that no pack has.
    #[error(transparent)]
    Unknown(Unknown),
    /// A name that is on no list.
    #[error("unknown {what} `{name}`")]
    UnknownName {
        /// What kind of name it is.
        what: &'static str,
        /// As typed.
        name: String,
        /// Every name that would have worked.
        known: Vec<String>,
    },
    /// A configuration file decides what only the user may decide.
    #[error("{message}")]
    Untrusted {
        /// What it decides.
        message: String,
        /// How the user can decide it.
        hint: String,
    },
    /// Bytes to sign, and no provider to sign them for.
    #[error("no provider given, and the input does not tell one")]
    NoProvider {
        /// Every id that would have worked.
        known: Vec<String>,
    },
    /// Something is to be signed, and there is nothing to sign with.
    #[error("no secret for {provider}")]
    NoSecret {
        /// The name of the provider in prose.
        provider: String,
        /// The variable that is looked at first.
        variable: String,
        /// Whether the command could do without one.
        unsigned: bool,
    },
    /// A secret that cannot be one.
    #[error("{origin}: {source}")]
    Secret {
        /// Where it came from: an option, a file, a variable. Never the secret.
        origin: String,
        /// What is wrong with it.
        source: SecretError,
    },
    /// `--secret` swallowed the target.
    #[error("the value of `--secret` reads as a target")]
    SecretIsTarget,
    /// An address that cannot be sent to.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// A change to the payload makes no sense.
    #[error(transparent)]
    Edit(#[from] EditError),
    /// A variant that the event does not have.
    #[error("unknown variant `{name}` of `{event}`")]
    UnknownVariant {
        /// As typed.
        name: String,
        /// The event.
        event: String,
        /// Every name that would have worked.
        known: Vec<String>,
    },
    /// Options that contradict each other, or a value that makes no sense.
    #[error("{message}")]
    Option {
        /// What is wrong, naming the option.
        message: String,
        /// What to do about it.
        hint: String,
    },
    /// A file that is not JSON.
    #[error("{what} `{path}` is not JSON: {source}")]
    NotJson {
        /// What it should have been.
        what: &'static str,
        /// As typed; `-` for standard input.
        path: PathBuf,
        /// What is wrong with it, and where.
        source: JsonError,
    },
    /// A request that the form asked for cannot hold.
    #[error("cannot print {what} as {form}: {source}")]
    Print {
        /// The request, with its backticks.
        what: String,
        /// The form.
        form: &'static str,
        /// What stands in the way.
        source: EncodeError,
    },
    /// A captured request that cannot be sent again as was asked.
    #[error("cannot replay `{capture}`: {source}")]
    Unfit {
        /// Its file, and its place there.
        capture: String,
        /// What stands in the way.
        source: ReplayError,
    },
    /// A file to compare with that is something else.
    #[error("`{path}` is no baseline: {source}")]
    NotABaseline {
        /// As typed; `-` for standard input.
        path: PathBuf,
        /// What is wrong with it.
        source: BaselineError,
    },
    /// A journal of another run.
    #[error("journal `{path}` is of another run")]
    AnotherRun {
        /// As typed.
        path: PathBuf,
    },
    /// A file with a ladder that cannot be.
    #[error("policy `{path}` {source}")]
    Policy {
        /// As typed; `-` for standard input.
        path: PathBuf,
        /// What is wrong with it.
        source: PolicyFileError,
    },
    /// A body that the scheme cannot sign.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// A pack that is not whole.
    #[error(transparent)]
    Pack(#[from] PackError),
    /// A schema of a pack that cannot be used.
    #[error(transparent)]
    Schema(#[from] SchemaError),
    /// No answer came.
    #[error("no answer from `{url}`: {reason}")]
    Transport {
        /// The target.
        url: String,
        /// What happened, and when.
        reason: String,
        /// What to do about it.
        hint: Option<String>,
    },
    /// A file, a socket or a thread failed.
    #[error(transparent)]
    Io(#[from] IoError),
    /// Standard output failed.
    #[error(transparent)]
    Output(#[from] OutputError),
}

impl Error {
    /// Returns `true` if the error concerns one input, so that the command reports it and goes on to
    /// the next input.
    #[must_use]
    pub fn is_of_one_input(&self) -> bool {
        matches!(
            self,
            Self::Io(IoError::Read { .. } | IoError::NotARequest { .. } | IoError::TooLarge { .. })
        )
    }

    /// The error with what caused it, in one line.
    #[must_use]
    pub fn whole(&self) -> String {
        let mut text = self.to_string();
        let mut cause = std::error::Error::source(self);
        while let Some(source) = cause {
            let said = source.to_string();
            // An error that repeats its cause in its own text says it once.
            if !text.ends_with(said.trim_end()) {
                text = format!("{text}: {}", said.trim_end());
            }
            cause = source.source();
        }
        text
    }

    /// The exit status for this error.
    #[must_use]
    pub fn exit(&self) -> Exit {
        match self {
            Self::Arguments(_)
            | Self::Unknown(_)
            | Self::UnknownName { .. }
            | Self::NoProvider { .. }
            | Self::NoSecret { .. }
            | Self::Secret { .. }
            | Self::SecretIsTarget
            | Self::Target(_)
            | Self::Edit(_)
            | Self::UnknownVariant { .. }
            | Self::Option { .. }
            | Self::Untrusted { .. }
            | Self::Policy { .. }
            | Self::Sign(SignError::SecretNotBase64)
            | Self::Unfit {
                source:
                    ReplayError::NoProvider { .. }
                    | ReplayError::NoSecret { .. }
                    | ReplayError::Sign(SignError::SecretNotBase64),
                ..
            } => Exit::Usage,
            Self::NotJson { .. }
            | Self::Unfit {
                source:
                    ReplayError::Uncarried(_)
                    | ReplayError::NoPath(_)
                    | ReplayError::Sign(SignError::NotClaims(_) | SignError::NoMessageId { .. }),
                ..
            }
            | Self::NotABaseline { .. }
            | Self::AnotherRun { .. }
            | Self::Print { .. }
            | Self::Sign(SignError::NotClaims(_) | SignError::NoMessageId { .. })
            | Self::Pack(_)
            | Self::Schema(_)
            | Self::Output(OutputError::Answer(_) | OutputError::UnsafeForTerminal) => Exit::Input,
            Self::Transport { .. } => Exit::Transport,
            Self::Io(error) => io_exit(error),
        }
    }

    /// The name of the error for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Arguments(_) => "bad-arguments",
            Self::Unknown(Unknown::Provider { .. }) => "unknown-provider",
            Self::Unknown(Unknown::Event { .. }) => "unknown-event",
            Self::Unknown(Unknown::Ambiguous { .. }) => "ambiguous-event",
            Self::UnknownName { .. } => "unknown-name",
            Self::NoProvider { .. } => "no-provider",
            Self::NoSecret { .. } => "no-secret",
            Self::Secret { .. } | Self::Sign(SignError::SecretNotBase64) => "bad-secret",
            Self::SecretIsTarget => "secret-is-target",
            Self::Target(_) => "bad-target",
            Self::Edit(_) => "bad-path",
            Self::UnknownVariant { .. } => "unknown-variant",
            Self::Option { .. } => "bad-option",
            Self::Untrusted { .. } => "untrusted-configuration",
            Self::NotJson { .. } => "not-json",
            Self::Print { .. } => "not-printable",
            Self::Unfit { .. } => "cannot-replay",
            Self::NotABaseline { .. } => "not-a-baseline",
            Self::AnotherRun { .. } => "another-run",
            Self::Policy { .. } => "bad-policy",
            Self::Sign(SignError::NotClaims(_) | SignError::NoMessageId { .. }) => "cannot-sign",
            Self::Unknown(Unknown::Broken(_)) | Self::Pack(_) | Self::Schema(_) => "bad-pack",
            Self::Io(error) => io_code(error),
            Self::Output(OutputError::Answer(_)) => "cannot-print",
            Self::Output(OutputError::UnsafeForTerminal) => "unsafe-for-terminal",
            Self::Transport { .. } => "no-answer",
        }
    }
}

/// Returns the exit status for an error of `io`.
fn io_exit(error: &IoError) -> Exit {
    match error {
        IoError::Config(_) | IoError::Proxy { .. } | IoError::LinkLocal { .. } | IoError::Clock => {
            Exit::Usage
        }
        IoError::Read { .. }
        | IoError::SecretFile { .. }
        | IoError::TooLarge { .. }
        | IoError::NotARequest { .. }
        | IoError::Journal { .. }
        | IoError::Write { .. }
        | IoError::Certificate { .. }
        | IoError::Probe { .. } => Exit::Input,
        IoError::Client(_) | IoError::NotUp { .. } | IoError::Bind { .. } | IoError::Serve(_) => {
            Exit::Transport
        }
    }
}

/// Returns the machine-readable name of an error of `io`.
fn io_code(error: &IoError) -> &'static str {
    match error {
        IoError::Read { .. } | IoError::SecretFile { .. } => "cannot-read",
        IoError::TooLarge { .. } => "too-large",
        IoError::NotARequest { .. } => "not-a-request",
        IoError::Config(_) => "bad-config",
        IoError::Journal { .. } => "not-a-journal",
        IoError::Write { .. } => "cannot-write",
        IoError::Certificate { .. } => "bad-certificate",
        IoError::Proxy { .. } => "bad-option",
        IoError::Client(_) => "cannot-connect",
        IoError::LinkLocal { .. } => "link-local-target",
        IoError::NotUp { .. } => "not-up",
        IoError::Probe { .. } => "bad-probe",
        IoError::Bind { .. } => "cannot-listen",
        IoError::Clock => "bad-clock",
        IoError::Serve(_) => "cannot-serve",
    }
}

impl From<&Error> for ErrorReport {
    fn from(error: &Error) -> Self {
        Self {
            code: error.code(),
            message: error.whole(),
            hint: error.hint(),
            exit: error.exit().code(),
        }
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

impl From<Unknown> for Error {
    fn from(unknown: Unknown) -> Self {
        match unknown {
            Unknown::Broken(error) => Self::Pack(error),
            other => Self::Unknown(other),
        }
    }
}

impl From<GenerateError> for Error {
    fn from(error: GenerateError) -> Self {
        match error {
            GenerateError::UnknownVariant { name, event, known } => {
                Self::UnknownVariant { name, event, known }
            }
            GenerateError::Edit(error) => Self::Edit(error),
            GenerateError::Pack(error) => Self::Pack(error),
        }
    }
}

impl From<RouteError> for Error {
    fn from(error: RouteError) -> Self {
        match error {
            RouteError::Target(error) => error.into(),
            RouteError::Event(error) => Self::Option {
                message: error.to_string(),
                hint: "name it before the target, such as `created=:3000/hooks`".to_owned(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signal_has_one_exit_status_at_the_first_and_at_the_second_time() {
        for signal in Signal::ALL {
            assert_eq!(Exit::from(signal).code(), signal.exit_status(), "{signal:?}");
        }
    }
}
