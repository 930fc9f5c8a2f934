//! Errors of the commands and the exit statuses of the process.

mod arguments;
mod exit;
mod hint;
mod report;

pub use arguments::ArgumentsError;
pub use exit::Exit;

use crate::domain::route::RouteError;
use crate::domain::secret::SecretError;
use crate::domain::target::TargetError;
use crate::engine::body_edit::BodyEditError;
use crate::engine::generate::GenerateError;
use crate::engine::payload_edit::EditError;
use crate::engine::replay::ReplayError;
use crate::engine::replay::baseline::BaselineError;
use crate::io::error::Error as IoError;
use crate::output::error::Error as OutputError;
use crate::protocols::http1::EncodeError;
use crate::protocols::json::JsonError;
use crate::protocols::policy_file::PolicyFileError;
use crate::protocols::schema::SchemaError;
use crate::protocols::schemes::scheme::SignError;
use crate::providers::LookupError;
use crate::providers::flaw::PackError;
use std::path::PathBuf;
use thiserror::Error;

/// The reason why a command stopped. A negative result is not an error: it is a report and
/// [`Exit::Failure`].
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Error {
    /// The command line cannot be parsed.
    #[error(transparent)]
    Arguments(#[from] ArgumentsError),
    /// No pack has the provider or the event.
    #[error(transparent)]
    Unknown(LookupError),
    /// A name is not among the known ones.
    #[error("unknown {what} `{name}`")]
    UnknownName {
        /// The kind of name.
        what: &'static str,
        /// The name as given.
        name: String,
        /// The known names.
        known: Vec<String>,
    },
    /// An untrusted configuration file has a setting that only the user may set.
    #[error("{message}")]
    Untrusted {
        /// The setting and its origin.
        message: String,
        /// The way for the user to allow it.
        hint: String,
    },
    /// A body is to be signed, but its provider is neither given nor recognised.
    #[error("no provider given, and none can be detected from the input")]
    NoProvider {
        /// The known ids.
        known: Vec<String>,
    },
    /// A request is to be signed, but no secret is configured.
    #[error("no secret for {provider}")]
    NoSecret {
        /// The display name of the provider.
        provider: String,
        /// The environment variable that is read first.
        variable: String,
        /// `true` if the command has `--unsigned`.
        unsigned: bool,
    },
    /// A value cannot be used as a secret.
    #[error("{origin}: {source}")]
    Secret {
        /// Its origin: an option, a file or a variable. Never the secret itself.
        origin: String,
        /// The reason why it cannot be used.
        source: SecretError,
    },
    /// `--secret` was given without a value and consumed the target as its value.
    #[error("the value of `--secret` looks like a target")]
    SecretIsTarget,
    /// The target is not a valid address.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// An edit cannot be applied to the payload.
    #[error(transparent)]
    Edit(#[from] EditError),
    /// The event has no variant of this name.
    #[error("unknown variant `{name}` of `{event}`")]
    UnknownVariant {
        /// The name as given.
        name: String,
        /// The event.
        event: String,
        /// The known names.
        known: Vec<String>,
    },
    /// Options contradict each other, or the value of one is not usable.
    #[error("{message}")]
    Option {
        /// The problem, naming the option.
        message: String,
        /// The next step.
        hint: String,
    },
    /// The filters exclude every request that was read.
    #[error("no request matches: {excluded}")]
    NoMatch {
        /// The number of requests that each filter excluded.
        excluded: String,
    },
    /// Requests cannot be selected by their verdict, because no secret is configured for them.
    #[error("`--failed` cannot tell if {requests} failed: {missing}")]
    Unjudged {
        /// The number of requests, in words.
        requests: String,
        /// The evidence that is missing.
        missing: String,
    },
    /// A file is not JSON.
    #[error("{what} `{path}` is not JSON: {source}")]
    NotJson {
        /// The purpose of the file.
        what: &'static str,
        /// The path as given; `-` for standard input.
        path: PathBuf,
        /// The syntax error and its position.
        source: JsonError,
    },
    /// An input is not the one request, token or signature that the command needs.
    #[error("{message}")]
    Unreadable {
        /// The problem, naming the input.
        message: String,
        /// The next step.
        hint: String,
    },
    /// A request cannot be represented in the requested output format.
    #[error("cannot print {what} as {form}: {source}")]
    Print {
        /// The request, with its backticks.
        what: String,
        /// The output format.
        form: &'static str,
        /// The part that cannot be encoded.
        source: EncodeError,
    },
    /// A captured request cannot be replayed with the given options.
    #[error("cannot replay `{capture}`: {source}")]
    CannotReplay {
        /// The file, and the position of the capture in it.
        capture: String,
        /// The reason why it cannot be sent.
        source: ReplayError,
    },
    /// The file given as a baseline is not a baseline.
    #[error("`{path}` is not a baseline file: {source}")]
    NotABaseline {
        /// The path as given; `-` for standard input.
        path: PathBuf,
        /// The reason why it cannot be read as a baseline.
        source: BaselineError,
    },
    /// The journal belongs to another run.
    #[error("journal `{path}` belongs to another run")]
    AnotherRun {
        /// The path as given.
        path: PathBuf,
    },
    /// A policy file does not define a valid retry schedule.
    #[error("policy `{path}` {source}")]
    Policy {
        /// The path as given; `-` for standard input.
        path: PathBuf,
        /// The problem in the file.
        source: PolicyFileError,
    },
    /// The scheme cannot sign the body.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// A pack is incomplete or invalid.
    #[error(transparent)]
    Pack(#[from] PackError),
    /// A schema of a pack cannot be used.
    #[error(transparent)]
    Schema(#[from] SchemaError),
    /// The endpoint sent no response.
    #[error("no response from `{url}`: {reason}")]
    Transport {
        /// The target.
        url: String,
        /// The failure, and the phase in which it occurred.
        reason: String,
        /// The next step, if one is known.
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
    /// Returns `true` if the error concerns one input, so that the command reports it and goes on
    /// to the next input.
    #[must_use]
    pub fn concerns_one_input(&self) -> bool {
        matches!(
            self,
            Self::Io(IoError::Read { .. } | IoError::NotARequest { .. } | IoError::TooLarge { .. })
                | Self::NotJson { what: "payload", .. }
        )
    }

    /// Returns the error and its causes in one line.
    #[must_use]
    pub fn message_with_causes(&self) -> String {
        let mut message = self.to_string();
        let mut cause = std::error::Error::source(self);
        while let Some(source) = cause {
            let reason = source.to_string();
            // Some messages already end with their cause: do not repeat it.
            if !message.ends_with(reason.trim_end()) {
                message = format!("{message}: {}", reason.trim_end());
            }
            cause = source.source();
        }
        message
    }

    /// Returns the exit status for this error.
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
            | Self::Sign(SignError::SecretNotBase64 | SignError::UnsendableSecret { .. })
            | Self::CannotReplay {
                source:
                    ReplayError::NoProvider { .. }
                    | ReplayError::NoSecret { .. }
                    | ReplayError::Edit(BodyEditError::Edit(_))
                    | ReplayError::Sign(SignError::SecretNotBase64 | SignError::UnsendableSecret { .. }),
                ..
            } => Exit::Usage,
            Self::NotJson { .. }
            | Self::Unreadable { .. }
            | Self::CannotReplay {
                source:
                    ReplayError::Encode(_)
                    | ReplayError::NoPath(_)
                    | ReplayError::Edit(BodyEditError::NotJson(_))
                    | ReplayError::Sign(SignError::InvalidClaims(_) | SignError::NoMessageId { .. }),
                ..
            }
            | Self::NotABaseline { .. }
            | Self::AnotherRun { .. }
            | Self::NoMatch { .. }
            | Self::Print { .. }
            | Self::Sign(SignError::InvalidClaims(_) | SignError::NoMessageId { .. })
            | Self::Pack(_)
            | Self::Schema(_)
            | Self::Output(OutputError::Write(_) | OutputError::UnsafeForTerminal) => Exit::Input,
            Self::Transport { .. } => Exit::Transport,
            Self::Unjudged { .. } => Exit::Incomplete,
            Self::Io(error) => io_exit(error),
        }
    }

    /// Returns the machine-readable name of the error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Arguments(_) => "bad-arguments",
            Self::Unknown(LookupError::Provider { .. }) => "unknown-provider",
            Self::Unknown(LookupError::Event { .. }) => "unknown-event",
            Self::Unknown(LookupError::Ambiguous { .. }) => "ambiguous-event",
            Self::UnknownName { .. } => "unknown-name",
            Self::NoProvider { .. } => "no-provider",
            Self::NoSecret { .. } => "no-secret",
            Self::Secret { .. }
            | Self::Sign(SignError::SecretNotBase64 | SignError::UnsendableSecret { .. }) => {
                "bad-secret"
            }
            Self::SecretIsTarget => "secret-is-target",
            Self::Target(_) => "bad-target",
            Self::Edit(_) => "bad-path",
            Self::UnknownVariant { .. } => "unknown-variant",
            Self::Option { .. } => "bad-option",
            Self::Untrusted { .. } => "untrusted-configuration",
            Self::NoMatch { .. } => "no-match",
            Self::Unjudged { .. } => "not-checked",
            Self::NotJson { .. } => "not-json",
            Self::Unreadable { .. } => "unreadable-input",
            Self::Print { .. } => "not-printable",
            Self::CannotReplay { .. } => "cannot-replay",
            Self::NotABaseline { .. } => "not-a-baseline",
            Self::AnotherRun { .. } => "another-run",
            Self::Policy { .. } => "bad-policy",
            Self::Sign(SignError::InvalidClaims(_) | SignError::NoMessageId { .. }) => {
                "cannot-sign"
            }
            Self::Unknown(LookupError::Broken(_)) | Self::Pack(_) | Self::Schema(_) => "bad-pack",
            Self::Io(error) => io_code(error),
            Self::Output(OutputError::Write(_)) => "cannot-print",
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
        IoError::Client(_)
        | IoError::NotUp { .. }
        | IoError::PortInUse { .. }
        | IoError::ReceiverNotStarted { .. }
        | IoError::Tunnel { .. }
        | IoError::Bind { .. }
        | IoError::Serve(_) => Exit::Transport,
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
        IoError::PortInUse { .. } => "port-in-use",
        IoError::ReceiverNotStarted { .. } => "receiver-not-started",
        IoError::Tunnel { .. } => "tunnel-failed",
        IoError::Probe { .. } => "bad-probe",
        IoError::Bind { .. } => "cannot-listen",
        IoError::Clock => "bad-clock",
        IoError::Serve(_) => "cannot-serve",
    }
}

impl From<LookupError> for Error {
    fn from(unknown: LookupError) -> Self {
        match unknown {
            LookupError::Broken(error) => Self::Pack(error),
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
