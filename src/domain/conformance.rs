//! Results of conformance cases, in the terms that all reports share.

use crate::domain::delivery::NextStep;
use serde::Serialize;
use std::fmt;
use std::time::Duration;

/// The topic of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum CaseGroup {
    /// Genuine requests are accepted, in every form that is valid.
    Accepts,
    /// Forged and broken requests are rejected without a crash or a hang.
    Rejects,
    /// A message has one effect, in any order and however often it arrives.
    Idempotency,
    /// The response arrives in time.
    Timing,
}

impl CaseGroup {
    /// Every group, in the order in which the cases are run.
    pub const ALL: [Self; 4] = [Self::Accepts, Self::Rejects, Self::Idempotency, Self::Timing];

    /// Returns its name on the command line and in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Accepts => "accepts",
            Self::Rejects => "rejects",
            Self::Idempotency => "idempotency",
            Self::Timing => "timing",
        }
    }

    /// Returns the heading above its cases.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Accepts => "accepts genuine requests",
            Self::Rejects => "rejects forged or broken requests",
            Self::Idempotency => "processes once, in any order",
            Self::Timing => "responds in time",
        }
    }
}

/// The requirement level of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum RequirementLevel {
    /// Optional.
    May,
    /// Recommended: there must be a reason to do otherwise.
    Should,
    /// Required: otherwise leads are lost, or can be forged.
    Must,
}

impl fmt::Display for RequirementLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::May => "may",
            Self::Should => "should",
            Self::Must => "must",
        })
    }
}

/// The outcome of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum CaseOutcome {
    /// As expected.
    Pass,
    /// Not as expected.
    Fail,
    /// Undecided, because evidence is missing.
    Incomplete,
    /// It was not run.
    Skipped,
}

impl fmt::Display for CaseOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Incomplete => "incomplete",
            Self::Skipped => "skipped",
        })
    }
}

/// One case and the receiver's behavior.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseReport {
    /// Its stable id.
    pub id: String,
    /// Its topic.
    pub group: CaseGroup,
    /// Its requirement level.
    pub level: RequirementLevel,
    /// A description of the request or requests that were sent.
    pub about: String,
    /// Its outcome.
    pub outcome: CaseOutcome,
    /// The expected behavior.
    pub expected: String,
    /// The observed behavior; for a case that was not run, the reason.
    pub observed: String,
    /// The provider's next step after the observed response.
    pub next_step: Option<NextStep>,
    /// The consequence of that step, in the provider's terms.
    pub consequence: Option<String>,
    /// The fix if it fails.
    pub advice: String,
    /// The source of the expectation.
    pub source: String,
    /// The total duration.
    pub duration: Duration,
    /// The times after which the responses arrived, or after which a response was given up.
    pub response_times: Vec<Duration>,
    /// The requests that reproduce the failure, as `curl` commands.
    pub curl: Option<String>,
    /// The reason why there is no such command, if the case failed.
    pub no_curl: Option<String>,
    /// The body of each of these requests, indented to be read, if it is JSON. Numbers are as they
    /// were sent.
    pub indented_bodies: Vec<Option<String>>,
}

impl CaseReport {
    /// Creates the report of a case of which nothing is known yet.
    #[must_use]
    pub fn new(id: &str, group: CaseGroup, level: RequirementLevel) -> Self {
        Self {
            id: id.to_owned(),
            group,
            level,
            about: String::new(),
            outcome: CaseOutcome::Incomplete,
            expected: String::new(),
            observed: String::new(),
            next_step: None,
            consequence: None,
            advice: String::new(),
            source: String::new(),
            duration: Duration::ZERO,
            response_times: Vec::new(),
            curl: None,
            no_curl: None,
            indented_bodies: Vec::new(),
        }
    }
}
