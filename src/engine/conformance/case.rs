//! The types of a case: its requests, their transport, and the expected responses and side effects.

use crate::domain::conformance::{CaseGroup, RequirementLevel};
use crate::domain::message::Message;
use crate::engine::conformance::expect::ExpectedResponse;
use crate::engine::conformance::payload_builder::{CaseContext, CaseError};
use std::fmt;

/// One conformance case.
pub struct ConformanceCase {
    /// Its name, which is stable across releases.
    pub id: String,
    /// The group it belongs to.
    pub group: CaseGroup,
    /// Its severity.
    pub level: RequirementLevel,
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
    Timing {
        /// The number of requests.
        requests: usize,
        /// The number of concurrent requests.
        concurrent: usize,
    },
    /// Sends deliveries, and checks that what they name is fetched after each of them.
    Fetches {
        /// The number of deliveries.
        deliveries: u64,
    },
    /// Searches the largest body that is accepted, see
    /// [`SizeSearch`](crate::engine::conformance::size_search::SizeSearch).
    SizeLimit,
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
    pub expect: ExpectedResponse,
    /// The handshake that it is, if it is one.
    pub handshake: Option<HandshakeStep>,
}

/// The handshake of a step, whose response body matters.
#[derive(Clone, Debug)]
pub struct HandshakeStep {
    /// The challenge.
    pub challenge: String,
    /// The request without the token, for reports.
    pub shown: Message,
}

impl TrialStep {
    /// Returns the step as reports show it: without the token of a handshake.
    #[must_use]
    pub fn as_shown(&self) -> Self {
        let messages = match &self.handshake {
            Some(handshake) => vec![handshake.shown.clone()],
            None => self.messages.clone(),
        };
        Self { messages, ..self.clone() }
    }
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
    KeepAlive,
    /// With the connection closed before the response.
    HangUp,
}

/// The expected number of side effects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effect {
    /// The minimum number.
    pub min: u64,
    /// The maximum number.
    pub max: u64,
    /// `true` if the case verifies nothing without a probe.
    pub needs_probe: bool,
    /// `true` if the probe must count messages, not leads.
    pub counts_messages: bool,
}

impl Effect {
    /// Exactly one side effect, which only a probe can verify.
    pub const ONCE: Self = Self { min: 1, max: 1, needs_probe: true, counts_messages: false };

    /// No side effect, for any response.
    pub const NONE: Self = Self { min: 0, max: 0, needs_probe: false, counts_messages: false };

    /// Describes the expected number.
    #[must_use]
    pub fn description(self) -> String {
        match (self.min, self.max) {
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
pub(super) fn single_request(message: Message, expect: ExpectedResponse) -> Trial {
    Trial { steps: vec![step(vec![message], expect)], effect: None }
}

/// Returns a step of concurrent requests, sent as most clients send them.
#[must_use]
pub fn step(messages: Vec<Message>, expect: ExpectedResponse) -> TrialStep {
    TrialStep { messages, transport: Transport::Usual, expect, handshake: None }
}
