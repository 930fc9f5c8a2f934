//! Which attempt is due next, and what its answer leads to.

use crate::domain::delivery::{Answer, Outcome, Would};
use crate::domain::retry::RetryPolicy;
use crate::domain::time::Moment;
use crate::engine::simulate::arrivals::{Arrivals, Stream};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::iter::Peekable;
use std::time::Duration;

/// Which message of a run it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageNumber {
    /// The lead, counted from 0.
    pub lead: u32,
    /// 0 for the lead's own message, and from 1 on for those that follow it.
    pub place: u32,
}

/// An attempt that is to be made. The order is that in which they are: by time, then by message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Due {
    /// When.
    pub at: Moment,
    /// Of which message.
    pub message: MessageNumber,
    /// Counted from 1.
    pub attempt: u32,
    /// How often the endpoint has done the work of the message so far.
    pub effects: u32,
    /// When its first attempt was due.
    pub arrived: Moment,
}

impl Due {
    /// The first attempt of the first message.
    pub const FIRST: Self = Self {
        at: Moment(0),
        message: MessageNumber { lead: 0, place: 0 },
        attempt: 1,
        effects: 0,
        arrived: Moment(0),
    };

    /// The first attempts of a lead's message, and of those that follow it.
    pub fn of_lead(lead: u32, at: Moment, gaps: &[Duration]) -> impl Iterator<Item = Self> {
        let moments = std::iter::once(at).chain(gaps.iter().map(move |gap| at.after(*gap)));
        (0..).zip(moments).map(move |(place, at)| Self {
            at,
            arrived: at,
            message: MessageNumber { lead, place },
            ..Self::FIRST
        })
    }
}

/// What came of an attempt at the endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answered {
    /// What the sender got.
    pub answer: Answer,
    /// When the sender knew.
    pub known: Moment,
    /// When the endpoint had done the work, if it did: a late answer does not undo it.
    pub done: Option<Moment>,
}

/// An attempt that was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Made {
    /// What was due.
    pub due: Due,
    /// What came of it.
    pub answered: Answered,
    /// What that means to the sender.
    pub outcome: Outcome,
    /// What the sender does next.
    pub would: Would,
    /// When the sender does that, where it tries again.
    pub next: Option<Moment>,
}

/// All attempts of a run, in the order of time.
#[derive(Debug)]
pub struct Agenda<'p> {
    policy: &'p RetryPolicy,
    arrivals: Peekable<Arrivals>,
    follow_ups: Vec<Duration>,
    waiting: BinaryHeap<Reverse<Due>>,
}

impl<'p> Agenda<'p> {
    /// Nothing has been sent yet.
    #[must_use]
    pub fn new(policy: &'p RetryPolicy, arrivals: Arrivals, stream: &Stream) -> Self {
        Self {
            policy,
            arrivals: arrivals.peekable(),
            follow_ups: stream.follow_ups.clone(),
            waiting: BinaryHeap::new(),
        }
    }

    /// When the next attempt is due; none where all is settled.
    #[must_use]
    pub fn peek(&mut self) -> Option<Moment> {
        let waiting = self.waiting.peek().map(|Reverse(due)| due.at);
        let arriving = self.arrivals.peek().map(|(_, at)| *at);
        waiting.into_iter().chain(arriving).min()
    }

    /// Takes the attempt that is due next.
    #[expect(clippy::should_implement_trait, reason = "what it gives depends on `settle`")]
    pub fn next(&mut self) -> Option<Due> {
        let waiting = self.waiting.peek().map(|Reverse(due)| due.at);
        match self.arrivals.peek() {
            // What waits is of a lead that came before, so it goes first at the same moment.
            Some((_, at)) if waiting.is_none_or(|waiting| *at < waiting) => self.arrive(),
            _ => self.waiting.pop().map(|Reverse(due)| due),
        }
    }

    /// The next lead's first attempt; what follows it is put on the agenda.
    fn arrive(&mut self) -> Option<Due> {
        let (lead, at) = self.arrivals.next()?;
        let mut firsts = Due::of_lead(lead, at, &self.follow_ups);
        let own = firsts.next();
        for due in firsts {
            self.waiting.push(Reverse(due));
        }
        own
    }

    /// What is known of an answer of an endpoint that nobody can look into: it has done the work
    /// where the sender takes that from the answer.
    #[must_use]
    pub fn answered(&self, answer: Answer, known: Moment) -> Answered {
        let is_done = self.policy.outcome(&answer) == Outcome::Delivered;
        Answered { answer, known, done: is_done.then_some(known) }
    }

    /// Draws from an answer what comes next, and puts it on the agenda.
    ///
    /// The wait counts from when the sender knew.
    pub fn settle(&mut self, due: Due, answered: Answered) -> Made {
        let outcome = self.policy.outcome(&answered.answer);
        let would = self.policy.would(due.attempt as usize, outcome);
        let effects = due.effects.saturating_add(answered.done.is_some().into());
        let next = match would {
            Would::Retry { wait, .. } => Some(answered.known.after(wait.duration())),
            Would::None | Would::GiveUp => None,
        };
        if let Some(at) = next {
            let attempt = due.attempt + 1;
            self.waiting.push(Reverse(Due { at, attempt, effects, ..due }));
        }
        Made { due: Due { effects, ..due }, answered, outcome, would, next }
    }
}
