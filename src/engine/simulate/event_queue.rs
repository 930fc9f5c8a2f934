//! Which attempt is due next, and what its answer leads to.

use crate::domain::delivery::{AttemptResult, Outcome, Would};
use crate::domain::retry::RetryPolicy;
use crate::domain::time::Moment;
use crate::engine::simulate::arrivals::{Arrivals, Stream};
use crate::engine::simulate::pending_attempts::PendingAttempts;
use crate::engine::simulate::scheduled::{MessageNumber, Scheduled};
use std::iter::Peekable;
use std::time::Duration;

/// What came of an attempt at the endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownResult {
    /// What the sender got.
    pub answer: AttemptResult,
    /// When the sender knew.
    pub known: Moment,
    /// When the endpoint had done the work, if it did: a late answer does not undo it.
    pub done: Option<Moment>,
}

/// An attempt that was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Completed {
    /// What was due.
    pub due: Scheduled,
    /// What came of it.
    pub answered: KnownResult,
    /// What that means to the sender.
    pub outcome: Outcome,
    /// What the sender does next.
    pub would: Would,
    /// When the sender does that, where it tries again.
    pub next: Option<Moment>,
}

/// All attempts of a run, in the order of time.
#[derive(Debug)]
pub struct EventQueue<'p> {
    policy: &'p RetryPolicy,
    arrivals: Peekable<Arrivals>,
    /// How many leads have come.
    arrived: u32,
    follow_ups: Vec<FollowUp>,
    waiting: PendingAttempts,
}

/// The first attempts of what follows every lead after one gap.
///
/// They are computed from the arrivals a second time: to keep those of millions of leads until they
/// are due would take more memory than everything else.
#[derive(Debug)]
struct FollowUp {
    place: u32,
    gap: Duration,
    arrivals: Peekable<Arrivals>,
}

impl FollowUp {
    /// Returns the next one, if its lead has come.
    fn peek(&mut self, arrived: u32) -> Option<Scheduled> {
        let (lead, at) = *self.arrivals.peek().filter(|(lead, _)| *lead < arrived)?;
        let (at, message) = (at.after(self.gap), MessageNumber { lead, place: self.place });
        Some(Scheduled { at, arrived: at, message, ..Scheduled::FIRST })
    }
}

impl<'p> EventQueue<'p> {
    /// Nothing has been sent yet.
    #[must_use]
    pub fn new(policy: &'p RetryPolicy, arrivals: Arrivals, stream: &Stream) -> Self {
        let follow_up = |(place, gap): (u32, &Duration)| FollowUp {
            place,
            gap: *gap,
            arrivals: arrivals.clone().peekable(),
        };
        Self {
            policy,
            follow_ups: (1..).zip(&stream.follow_ups).map(follow_up).collect(),
            arrivals: arrivals.peekable(),
            arrived: 0,
            waiting: PendingAttempts::default(),
        }
    }

    /// Returns the attempt that is due next; none if all are settled.
    #[must_use]
    pub fn peek(&mut self) -> Option<Scheduled> {
        let waiting = self.peek_waiting();
        match self.arrivals.peek() {
            // What waits is of a lead that came before, so it goes first at the same moment.
            Some(&(lead, at)) if waiting.is_none_or(|waiting| at < waiting.at) => {
                Scheduled::of_lead(lead, at, &[]).next()
            }
            _ => waiting,
        }
    }

    /// Removes the attempt that is due next, and returns it.
    #[expect(clippy::should_implement_trait, reason = "what it gives depends on `settle`")]
    pub fn next(&mut self) -> Option<Scheduled> {
        let next = self.peek()?;
        if next.attempt > 1 {
            self.waiting.pop();
        } else if let Some(index) = (next.message.place as usize).checked_sub(1) {
            let follow_up = self.follow_ups.get_mut(index);
            follow_up.and_then(|follow_up| follow_up.arrivals.next());
        } else {
            self.arrivals.next();
            self.arrived = next.message.lead.saturating_add(1);
        }
        Some(next)
    }

    /// What is due next of the leads that have come: another attempt, or the first one of what
    /// follows a lead.
    fn peek_waiting(&mut self) -> Option<Scheduled> {
        let arrived = self.arrived;
        let follow_ups = self.follow_ups.iter_mut().filter_map(|next| next.peek(arrived));
        follow_ups.chain(self.waiting.peek()).min()
    }

    /// What is known of an answer of an endpoint that nobody can look into: it has done the work
    /// where the sender takes that from the answer.
    #[must_use]
    pub fn answered(&self, answer: AttemptResult, known: Moment) -> KnownResult {
        let is_done = self.policy.outcome(&answer) == Outcome::Delivered;
        KnownResult { answer, known, done: is_done.then_some(known) }
    }

    /// Draws from an answer what comes next, and puts it on the agenda.
    ///
    /// The wait counts from when the sender knew.
    pub fn settle(&mut self, due: Scheduled, answered: KnownResult) -> Completed {
        let outcome = self.policy.outcome(&answered.answer);
        let would = self.policy.would(due.attempt as usize, outcome);
        let effects = due.effects.saturating_add(answered.done.is_some().into());
        let next = match would {
            Would::Retry { wait, .. } => Some(answered.known.after(wait.duration())),
            Would::None | Would::GiveUp => None,
        };
        if let Some(at) = next {
            let attempt = due.attempt + 1;
            self.waiting.push(Scheduled { at, attempt, effects, ..due });
        }
        Completed { due: Scheduled { effects, ..due }, answered, outcome, would, next }
    }
}
