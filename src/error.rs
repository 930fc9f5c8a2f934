//! What stops a command, what to do about it, and the exit statuses.

mod arguments;
mod hint;

pub use arguments::ArgumentsError;

use crate::domain::route::RouteError;
use crate::domain::secret::SecretError;
use crate::domain::target::TargetError;
use crate::engine::edit::EditError;
use crate::engine::generate::GenerateError;
use crate::engine::replay::Unfit;
use crate::engine::replay::baseline::BaselineError;
use crate::protocols::config_file::ConfigError;
use crate::protocols::http1::Uncarried;
use crate::protocols::journal_file::JournalError;
use crate::protocols::json::JsonError;
use crate::protocols::policy_file::PolicyFileError;
use crate::protocols::requests::RequestError;
use crate::protocols::schema::SchemaError;
use crate::protocols::signature::SignError;
use crate::providers::Unknown;
use crate::providers::flaw::PackError;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;
use thiserror::Error;

/// The exit statuses of `leadhook`. README.md lists them, and a test compares the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    /// SIGINT came, and everything in flight was finished.
    Interrupted,
    /// SIGTERM came, and everything in flight was finished.
    Terminated,
}

impl Exit {
    /// Every status, in the order of the table.
    pub const ALL: [Self; 8] = [
        Self::Yes,
        Self::No,
        Self::Usage,
        Self::Input,
        Self::Transport,
        Self::Incomplete,
        Self::Interrupted,
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
            Self::Interrupted => 130,
            Self::Terminated => 143,
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
    /// The address of a metadata service or of a neighbour on the wire.
    #[error("`{url}` is a link-local address: leads are not sent there")]
    LinkLocal {
        /// The target.
        url: String,
    },
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
    /// A configuration file that cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Options that contradict each other, or a value that makes no sense.
    #[error("{message}")]
    Option {
        /// What is wrong, naming the option.
        message: String,
        /// What to do about it.
        hint: String,
    },
    /// Something could not be read.
    #[error("cannot read {what} `{path}`")]
    Read {
        /// What it should have been.
        what: &'static str,
        /// As typed; `-` for standard input.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Something is larger than anything this tool takes.
    #[error("{what} `{path}` is larger than {limit} bytes")]
    TooLarge {
        /// What it should have been.
        what: &'static str,
        /// As typed; `-` for standard input.
        path: PathBuf,
        /// The bound.
        limit: u64,
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
    /// A file that holds no request.
    #[error("`{path}` {source}")]
    NotARequest {
        /// As typed; `-` for standard input.
        path: PathBuf,
        /// What is wrong with it.
        source: RequestError,
    },
    /// A request that the form asked for cannot hold.
    #[error("cannot print {what} as {form}: {source}")]
    Print {
        /// The request, with its backticks.
        what: String,
        /// The form.
        form: &'static str,
        /// What stands in the way.
        source: Uncarried,
    },
    /// A captured request that cannot be sent again as was asked.
    #[error("cannot replay `{capture}`: {source}")]
    Unfit {
        /// Its file, and its place there.
        capture: String,
        /// What stands in the way.
        source: Unfit,
    },
    /// A file to compare with that is something else.
    #[error("`{path}` is no baseline: {source}")]
    NotABaseline {
        /// As typed; `-` for standard input.
        path: PathBuf,
        /// What is wrong with it.
        source: BaselineError,
    },
    /// A file that is no journal.
    #[error("`{path}` is no journal: {source}")]
    Journal {
        /// As typed.
        path: PathBuf,
        /// What is wrong with it.
        source: JournalError,
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
    /// Something could not be written.
    #[error("cannot write {what} `{path}`")]
    Write {
        /// What it is.
        what: &'static str,
        /// Where it should have gone.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Standard output could not be written.
    #[error("cannot write the answer to standard output")]
    Output(#[source] io::Error),
    /// A certificate or a key that cannot be used.
    #[error("cannot use {what} `{path}`: {reason}")]
    Certificate {
        /// What it should have been.
        what: &'static str,
        /// As typed.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The client could not be made.
    #[error("cannot set up the connection: {0}")]
    Client(String),
    /// What should tell how much a receiver has taken in does not.
    #[error("the probe `{probe}` gives no number: {problem}")]
    Probe {
        /// Its URL or command.
        probe: String,
        /// What it does instead.
        problem: String,
    },
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
    /// The endpoint did not come up in the time given.
    #[error("`{url}` accepted no connection within {}", humantime::format_duration(*waited))]
    NotUp {
        /// The target.
        url: String,
        /// The time given.
        waited: Duration,
    },
    /// The address cannot be listened on.
    #[error("cannot listen on `{address}`")]
    Bind {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// Sockets or threads could not be had.
    #[error("cannot serve")]
    Serve(#[source] io::Error),
}

impl Error {
    /// Whether it is about one input alone, and must not hide what there is to say of the others.
    #[must_use]
    pub fn is_of_one_input(&self) -> bool {
        matches!(self, Self::Read { .. } | Self::NotARequest { .. } | Self::TooLarge { .. })
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
            | Self::LinkLocal { .. }
            | Self::Edit(_)
            | Self::UnknownVariant { .. }
            | Self::Config(_)
            | Self::Option { .. }
            | Self::Policy { .. }
            | Self::Sign(SignError::SecretNotBase64)
            | Self::Unfit {
                source:
                    Unfit::NoProvider { .. }
                    | Unfit::NoSecret { .. }
                    | Unfit::Sign(SignError::SecretNotBase64),
                ..
            } => Exit::Usage,
            Self::Read { .. }
            | Self::TooLarge { .. }
            | Self::NotJson { .. }
            | Self::NotARequest { .. }
            | Self::Unfit {
                source:
                    Unfit::Uncarried(_)
                    | Unfit::NoPath(_)
                    | Unfit::Sign(SignError::NotClaims(_) | SignError::NoMessageId { .. }),
                ..
            }
            | Self::NotABaseline { .. }
            | Self::Probe { .. }
            | Self::Journal { .. }
            | Self::AnotherRun { .. }
            | Self::Print { .. }
            | Self::Sign(SignError::NotClaims(_) | SignError::NoMessageId { .. })
            | Self::Pack(_)
            | Self::Schema(_)
            | Self::Write { .. }
            | Self::Output(_)
            | Self::Certificate { .. } => Exit::Input,
            Self::Client(_)
            | Self::Transport { .. }
            | Self::NotUp { .. }
            | Self::Bind { .. }
            | Self::Serve(_) => Exit::Transport,
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
            Self::LinkLocal { .. } => "link-local-target",
            Self::Edit(_) => "bad-path",
            Self::UnknownVariant { .. } => "unknown-variant",
            Self::Config(_) => "bad-config",
            Self::Option { .. } => "bad-option",
            Self::Read { .. } => "cannot-read",
            Self::TooLarge { .. } => "too-large",
            Self::NotJson { .. } => "not-json",
            Self::NotARequest { .. } => "not-a-request",
            Self::Print { .. } => "not-printable",
            Self::Unfit { .. } => "cannot-replay",
            Self::NotABaseline { .. } => "not-a-baseline",
            Self::Probe { .. } => "bad-probe",
            Self::Journal { .. } => "not-a-journal",
            Self::AnotherRun { .. } => "another-run",
            Self::Policy { .. } => "bad-policy",
            Self::Sign(SignError::NotClaims(_) | SignError::NoMessageId { .. }) => "cannot-sign",
            Self::Unknown(Unknown::Broken(_)) | Self::Pack(_) | Self::Schema(_) => "bad-pack",
            Self::Write { .. } => "cannot-write",
            Self::Output(_) => "cannot-print",
            Self::Certificate { .. } => "bad-certificate",
            Self::Client(_) => "cannot-connect",
            Self::Transport { .. } => "no-answer",
            Self::NotUp { .. } => "not-up",
            Self::Bind { .. } => "cannot-listen",
            Self::Serve(_) => "cannot-serve",
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
