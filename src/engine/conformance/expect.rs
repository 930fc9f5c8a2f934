//! What an answer has to be, and what comes of it in the provider's terms.

use crate::domain::delivery::{AttemptResult, Outcome, Would};
use crate::domain::retry::RetryPolicy;
use crate::domain::status::StatusPattern;
use crate::domain::time::Wait;
use crate::providers::provider::Provider;

/// What an answer has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Expect {
    /// A success to the provider.
    Accepted,
    /// No success, no fault of the receiver's own, and no silence: it is forged.
    Refused,
    /// The same, for what is genuine and no good.
    Declined,
    /// A success or a refusal: no fault of the receiver's own, and no silence.
    Unharmed,
    /// The same, or the connection is closed on what is too much.
    Let,
    /// A success, or a refusal that is tried again.
    NotLost,
    /// Whatever it is.
    Anything,
}

impl Expect {
    /// Whether an answer is as expected.
    #[must_use]
    pub fn holds(self, retry: &RetryPolicy, answer: AttemptResult) -> bool {
        let outcome = retry.outcome(&answer);
        let is_unharmed = answer.status().is_some_and(|status| status < 500);
        match self {
            Self::Accepted => outcome == Outcome::Delivered,
            Self::Refused | Self::Declined => is_unharmed && outcome != Outcome::Delivered,
            Self::Unharmed => is_unharmed,
            Self::Let => is_unharmed || answer == AttemptResult::Unreachable,
            Self::NotLost => is_unharmed && outcome != Outcome::Stopped,
            Self::Anything => true,
        }
    }

    /// What is expected, in words.
    #[must_use]
    pub fn words(self, retry: &RetryPolicy) -> String {
        match self {
            Self::Accepted => format!("accepted with {}", codes(&retry.success)),
            Self::Refused | Self::Declined => "refused, below 500".to_owned(),
            Self::Unharmed | Self::Let => "taken or refused, below 500".to_owned(),
            Self::NotLost => match retry.stop.as_slice() {
                [] => "taken or refused, below 500".to_owned(),
                stop => format!("taken or refused, below 500 and not with {}", codes(stop)),
            },
            Self::Anything => "anything".to_owned(),
        }
    }

    /// What comes of an answer, in the provider's terms; nothing where all is well.
    #[must_use]
    pub fn consequence(self, provider: &Provider, answer: AttemptResult) -> Option<String> {
        let (retry, name) = (&provider.retry, &provider.name);
        let outcome = retry.outcome(&answer);
        let would = retry.would(1, outcome);
        let wants_it = matches!(self, Self::Accepted | Self::NotLost);
        match (outcome, would) {
            (Outcome::Delivered, _) if self == Self::Refused => {
                Some("Anybody who knows the address can make up leads.".to_owned())
            }
            (Outcome::Delivered, _) if self == Self::Declined => {
                Some(format!("{name} takes it for done, and nobody has read it."))
            }
            (Outcome::Delivered, _) => None,
            (_, Would::Retry { left, .. }) => {
                let times =
                    if left == 1 { "once more".to_owned() } else { format!("{left} more times") };
                let span = retry.span();
                let rest = match retry.stop.as_slice() {
                    _ if wants_it => format!(", up to {span}; then the lead is lost"),
                    [] => String::new(),
                    stop => format!("; {} would stop it", codes(stop)),
                };
                Some(format!("{name} sends it {times}{rest}."))
            }
            (Outcome::Stopped, _) if wants_it => {
                Some(format!("{name} never sends it again: the lead is lost."))
            }
            (Outcome::Stopped, _) => Some(format!("{name} never sends it again.")),
            _ if retry.documented => Some(format!("{name} does not send it again.")),
            _ => Some(format!("{name} does not say what it does then.")),
        }
    }
}

/// What comes of work that was done too often or not at all.
#[must_use]
pub fn effect_consequence(found: u64, least: u64, most: u64) -> Option<String> {
    if found < least {
        return Some("A lead is lost, and the provider was told that all is well.".to_owned());
    }
    (found > most).then(|| match most {
        0 => "What was refused was taken in all the same.".to_owned(),
        _ => format!("One lead becomes {found}: each repeat is another one."),
    })
}

/// What comes of answers that take too long.
#[must_use]
pub fn time_consequence(provider: &Provider) -> String {
    let Wait(span) = provider.retry.span();
    let name = &provider.name;
    if span == 0 {
        return format!("{name} does not say what it does then.");
    }
    format!("{name} takes it for a failure and sends it again, though the work was done.")
}

fn codes(patterns: &[StatusPattern]) -> String {
    patterns.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or ")
}
