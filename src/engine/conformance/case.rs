//! The types of a case: its requests, their transport, and the expected responses and side effects.

use crate::domain::conformance::{Group, Level};
use crate::domain::message::Message;
use crate::engine::conformance::expect::Expect;
use crate::engine::conformance::payload_builder::{CaseContext, CaseError};
use std::fmt;

/// One conformance case.
pub struct ConformanceCase {
    /// Its name, which is stable across releases.
    pub id: String,
    /// The group it belongs to.
    pub group: Group,
    /// Its severity.
    pub level: Level,
    /// A short description.
    pub about: String,
    /// The advice if it fails.
    pub advice: &'static str,
    /// The source of the expectation.
    pub source: &'static str,
    /// The action.
    pub action: Action,
}

impl fmt::Debug for ConformanceCase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Case").field("id", &self.id).finish_non_exhaustive()
    }
}

/// The action of a case.
#[non_exhaustive]
pub enum Action {
    /// Sends requests and checks the responses and side effects.
    Trial(BuildPlan),
    /// Sends requests and measures the response times.
    Times {
        /// The number of requests.
        requests: usize,
        /// The number of concurrent requests.
        at_once: usize,
    },
}

/// Builds the requests of a trial.
pub type BuildPlan = Box<dyn Fn(&CaseContext<'_>) -> Result<Trial, CaseError>>;

/// Steps that run one after the other.
#[derive(Clone, Debug)]
pub struct Trial {
    /// The steps.
    pub steps: Vec<TrialStep>,
    /// The expected number of side effects, if the case depends on it.
    pub effect: Option<Effect>,
}

/// Requests that are sent together.
#[derive(Clone, Debug)]
pub struct TrialStep {
    /// One request, or several concurrent ones.
    pub messages: Vec<Message>,
    /// The form in which they are sent.
    pub transport: Transport,
    /// The expectation for each response.
    pub expect: Expect,
}

/// The form in which a request is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Transport {
    /// As most clients send it.
    Usual,
    /// With header names in lower case.
    LowerCaseNames,
    /// With header names in upper case.
    UpperCaseNames,
    /// With a chunked body, without `Content-Length`.
    Chunked,
    /// With the body only after `100 Continue`, or after a short wait.
    ExpectContinue,
    /// As the second request of a connection.
    KeptAlive,
    /// With the connection closed before the response.
    HungUp,
}

/// The expected number of side effects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effect {
    /// The minimum number.
    pub least: u64,
    /// The maximum number.
    pub most: u64,
    /// `true` if the case verifies nothing without a probe.
    pub is_needed: bool,
    /// `true` if the probe must count messages, not leads.
    pub is_of_messages: bool,
}

impl Effect {
    /// Exactly one side effect, which only a probe can verify.
    pub const ONCE: Self = Self { least: 1, most: 1, is_needed: true, is_of_messages: false };

    /// No side effect, for any response.
    pub const NONE: Self = Self { least: 0, most: 0, is_needed: false, is_of_messages: false };

    /// Describes the expected number.
    #[must_use]
    pub fn words(self) -> String {
        match (self.least, self.most) {
            (0, 0) => "no effect".to_owned(),
            (1, 1) => "one effect".to_owned(),
            (1, u64::MAX) => "at least one effect".to_owned(),
            (min, u64::MAX) => format!("at least {min} effects"),
            (min, max) if min == max => format!("{min} effects"),
            (min, max) => format!("{min} to {max} effects"),
        }
    }
}

/// Returns a trial of a single request, sent as most clients send it.
pub(super) fn one(message: Message, expect: Expect) -> Trial {
    Trial { steps: vec![step(vec![message], expect)], effect: None }
}

/// Returns a step of concurrent requests, sent as most clients send them.
pub(super) fn step(messages: Vec<Message>, expect: Expect) -> TrialStep {
    TrialStep { messages, transport: Transport::Usual, expect }
}
