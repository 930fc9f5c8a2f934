//! The end of a run: the reasons why it stops before its last case, and the options for them.

use crate::commands::redaction::Redaction;
use crate::commands::value_parsers::positive_duration_argument;
use crate::domain::cause::Cause;
use crate::error::Exit;
use clap::Args;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use std::time::Duration;

/// The options that decide when a run stops.
#[derive(Args, Clone, Debug)]
pub(super) struct StopArgs {
    /// Run every case, even if all genuine deliveries fail for one cause or time out
    #[arg(long, conflicts_with = "fail_fast")]
    pub(super) keep_going: bool,

    /// Stop after the first failure that counts
    #[arg(long)]
    pub(super) fail_fast: bool,

    /// Maximum time of the whole check: when it is reached, no further case starts
    ///
    /// The exit status is then 1 if a mandatory (`must`) case failed, or else 5.
    #[arg(long, value_name = "TIME", default_value = "2m", value_parser = positive_duration_argument)]
    pub(super) deadline: Duration,
}

/// The end of a run.
pub(super) struct RunEnd {
    /// The causes of the failures, as far as they are known.
    pub(super) causes: Vec<Cause>,
    /// The reason why the run stopped before its last case or within it.
    pub(super) stop: Option<Stop>,
    /// The number of cases that were run; the others follow them.
    pub(super) ran: usize,
    /// Says where the requests of failed cases were saved, if they were.
    pub(super) saved: Option<String>,
    /// The redaction of the requests, if they were redacted.
    pub(super) redaction: Option<Redaction>,
    /// The exit status, if a signal ended the run.
    pub(super) exit: Option<Exit>,
}

/// The reason why a run stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// Every genuine delivery fails for this cause.
    Cause(Cause),
    /// The receiver accepts no connections any more.
    ReceiverGone,
    /// A case failed, and `--fail-fast` is set.
    FirstFailure,
    /// This deadline was reached.
    Deadline(Duration),
    /// A signal arrived.
    Interrupted,
}

impl Stop {
    /// Returns its stable name.
    pub(super) fn reason(&self) -> &'static str {
        match self {
            Self::Cause(_) => "cause",
            Self::ReceiverGone => "receiver-gone",
            Self::FirstFailure => "fail-fast",
            Self::Deadline(_) => "deadline",
            Self::Interrupted => "interrupted",
        }
    }

    /// Describes it as a sentence.
    pub(super) fn message(&self) -> String {
        match self {
            Self::Cause(cause) => cause.message.clone(),
            Self::ReceiverGone => "the receiver stopped responding".to_owned(),
            Self::FirstFailure => "a case failed, and `--fail-fast` is set".to_owned(),
            Self::Deadline(deadline) => {
                let deadline = humantime::format_duration(*deadline);
                format!(
                    "the deadline of {deadline} was reached: `--deadline TIME` sets another one"
                )
            }
            Self::Interrupted => "the check was interrupted".to_owned(),
        }
    }

    /// Returns the observation of a case that was not run.
    pub(super) fn not_run(&self) -> String {
        format!("not run: {}", self.message_without_cause())
    }

    /// Describes it for a reader who sees the cause elsewhere.
    pub(super) fn message_without_cause(&self) -> String {
        match self {
            Self::Cause(cause) => {
                format!(
                    "all failures so far have one cause, `{}`: `--keep-going` runs all cases",
                    cause.code
                )
            }
            other => other.message(),
        }
    }

    /// Returns the observation of a case that was begun and not finished.
    pub(super) fn cut_off(&self) -> String {
        format!("not finished: {}", self.message())
    }
}

impl Serialize for Stop {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("reason", self.reason())?;
        map.serialize_entry("message", &self.message())?;
        map.end()
    }
}
