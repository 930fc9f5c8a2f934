//! The parts of a case: what is sent, how, and what each response must be.

use crate::domain::conformance::{Group, Level};
use crate::domain::message::Message;
use crate::engine::conformance::expect::Expect;
use crate::engine::conformance::payload_builder::{CaseContext, CaseError};
use std::fmt;

/// One thing that a receiver is put through.
pub struct Case {
    /// Its name, which stays.
    pub id: String,
    /// What it is about.
    pub group: Group,
    /// How much it matters.
    pub level: Level,
    /// What is done to the receiver.
    pub about: String,
    /// What to do where it fails.
    pub advice: &'static str,
    /// Where the expectation comes from.
    pub source: &'static str,
    /// What is done.
    pub deed: Action,
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Case").field("id", &self.id).finish_non_exhaustive()
    }
}

/// What is done to a receiver.
#[non_exhaustive]
pub enum Action {
    /// Requests are sent, and what they did is looked at.
    Trial(BuildPlan),
    /// So many requests, so many of them at once, and how long they take.
    Times {
        /// All of them.
        requests: usize,
        /// Those in flight together.
        at_once: usize,
    },
}

/// Makes the requests of a trial.
pub type BuildPlan = Box<dyn Fn(&CaseContext<'_>) -> Result<Trial, CaseError>>;

/// Steps one after the other.
#[derive(Clone, Debug)]
pub struct Trial {
    /// What is sent.
    pub steps: Vec<TrialStep>,
    /// How often the receiver did the work, where that tells something.
    pub effect: Option<Effect>,
}

/// Requests that are sent together.
#[derive(Clone, Debug)]
pub struct TrialStep {
    /// One, or several at once.
    pub messages: Vec<Message>,
    /// How they go over the wire.
    pub manner: Transport,
    /// What each of their answers must be.
    pub expect: Expect,
}

/// How a request goes over the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Transport {
    /// As any client sends it.
    Usual,
    /// The names of its headers in lower case.
    LowerCaseNames,
    /// The names of its headers in upper case.
    UpperCaseNames,
    /// The body in chunks, without its length.
    Chunked,
    /// The body only when the receiver says `100 Continue`, or after a moment.
    ExpectContinue,
    /// After another one on the same connection.
    KeptAlive,
    /// And the sender hangs up before the answer.
    HungUp,
}

/// How often a receiver did the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effect {
    /// At least.
    pub least: u64,
    /// At most.
    pub most: u64,
    /// Whether the case says nothing without it.
    pub is_needed: bool,
    /// Whether only a number of messages tells it, not one of leads.
    pub is_of_messages: bool,
}

impl Effect {
    /// It was done once, and nothing else tells.
    pub const ONCE: Self = Self { least: 1, most: 1, is_needed: true, is_of_messages: false };

    /// It was not done, whatever was answered.
    pub const NONE: Self = Self { least: 0, most: 0, is_needed: false, is_of_messages: false };

    /// What is expected, in words.
    #[must_use]
    pub fn words(self) -> String {
        match (self.least, self.most) {
            (0, 0) => "no effect".to_owned(),
            (1, 1) => "one effect".to_owned(),
            (least, u64::MAX) => format!("at least {least} in effect"),
            (least, most) if least == most => format!("{least} effects"),
            (least, most) => format!("{least} to {most} effects"),
        }
    }
}

/// One request in the usual way, and nothing after it.
pub(super) fn one(message: Message, expect: Expect) -> Trial {
    Trial { steps: vec![step(vec![message], expect)], effect: None }
}

/// Messages that are sent together in the usual way.
pub(super) fn step(messages: Vec<Message>, expect: Expect) -> TrialStep {
    TrialStep { messages, manner: Transport::Usual, expect }
}
