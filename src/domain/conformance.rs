//! What a receiver is put through, and what it did: cases, in the words of every report.

use crate::domain::delivery::Would;
use serde::Serialize;
use std::fmt;
use std::time::Duration;

/// What a case is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Group {
    /// It takes what is genuine, however it is written.
    Accepts,
    /// It refuses what is forged or broken, and neither breaks nor hangs.
    Refuses,
    /// A message has one effect, in whatever order and however often it comes.
    Means,
    /// It answers in time.
    KeepsTime,
}

impl Group {
    /// Every group, in the order in which they are run.
    pub const ALL: [Self; 4] = [Self::Accepts, Self::Refuses, Self::Means, Self::KeepsTime];

    /// What is said above its cases.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Accepts => "accepts what is genuine",
            Self::Refuses => "refuses what is forged or broken",
            Self::Means => "counts once, in any order",
            Self::KeepsTime => "answers in time",
        }
    }
}

/// How much a case matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Level {
    /// Good to have.
    May,
    /// There must be a reason to do otherwise.
    Should,
    /// Leads are lost, or made up by others, where it is not so.
    Must,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::May => "may",
            Self::Should => "should",
            Self::Must => "must",
        })
    }
}

/// What a case came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum CaseOutcome {
    /// As expected.
    Pass,
    /// Not as expected.
    Fail,
    /// The evidence is missing: nothing tells whether it is as expected.
    Incomplete,
    /// It was not tried.
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

/// One case and what the receiver did.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseReport {
    /// Its name, which stays.
    pub id: String,
    /// What it is about.
    pub group: Group,
    /// How much it matters.
    pub level: Level,
    /// What was done to the receiver.
    pub about: String,
    /// What it came to.
    pub outcome: CaseOutcome,
    /// What was expected.
    pub expected: String,
    /// What was seen; for a case that was not tried, why.
    pub observed: String,
    /// What the provider does next after such an answer.
    pub would: Option<Would>,
    /// What comes of that, in the provider's terms.
    pub consequence: Option<String>,
    /// What to do where it fails.
    pub advice: String,
    /// Where the expectation comes from.
    pub source: String,
    /// How long all of it took.
    pub took: Duration,
    /// The request that did it, as a curl command line.
    pub curl: Option<String>,
}
