//! The event queue: returns the attempt that is due next, and schedules its retry.

use crate::domain::delivery::{AttemptResult, NextStep, Outcome};
use crate::domain::retry::RetryPolicy;
use crate::domain::time::Moment;
use crate::engine::seeded_rng::SeededRng;
use crate::engine::simulate::arrivals::{Arrivals, LeadStream};
use crate::engine::simulate::pending_attempts::PendingAttempts;
use crate::engine::simulate::scheduled::{MessageNumber, ScheduledAttempt};
use std::iter::Peekable;
use std::time::Duration;

/// The result of an attempt, with its times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimedResult {
    /// The sender's view of the result.
    pub result: AttemptResult,
    /// The time at which the sender knew it.
    pub known_at: Moment,
    /// The time at which the endpoint had processed the message, if it did, even if the response
    /// came too late for the sender.
    pub processed_at: Option<Moment>,
}

/// A completed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CompletedAttempt {
    /// The attempt.
    pub scheduled: ScheduledAttempt,
    /// Its result.
    pub timed_result: TimedResult,
    /// The sender's classification of the result.
    pub outcome: Outcome,
    /// The sender's next step.
    pub next_step: NextStep,
    /// The time of the next attempt, if there is one.
    pub next_at: Option<Moment>,
}

/// Yields all attempts of a run in chronological order.
///
/// Three sources are merged without being materialized: the arrivals of leads, the arrivals of
/// their follow-ups, and the retries that [`EventQueue::settle`] schedules. Only the retries take
/// memory for each message. If several are due at the same time, a retry or a follow-up of an
/// earlier lead comes before a new lead, which makes the order deterministic.
#[derive(Debug)]
pub struct EventQueue<'p> {
    policy: &'p RetryPolicy,
    /// Draws the jitter of a wait, which is the same for the same message and attempt.
    rng: SeededRng,
    arrivals: Peekable<Arrivals>,
    /// The number of leads that have arrived.
    leads_arrived: u32,
    follow_ups: Vec<FollowUp>,
    pending: PendingAttempts,
}

/// The first attempts of the n-th follow-up of each lead, which all have the same delay.
///
/// The arrivals are computed a second time: storing those of millions of leads until their
/// follow-ups are due would take more memory than everything else.
#[derive(Debug)]
struct FollowUp {
    index: u32,
    gap: Duration,
    arrivals: Peekable<Arrivals>,
}

impl FollowUp {
    /// Returns the next first attempt, if its lead has arrived.
    fn peek(&mut self, arrived: u32) -> Option<ScheduledAttempt> {
        let (lead, at) = *self.arrivals.peek().filter(|(lead, _)| *lead < arrived)?;
        let (at, message) = (at.after(self.gap), MessageNumber { lead, index: self.index });
        Some(ScheduledAttempt { at, arrived: at, message, ..ScheduledAttempt::FIRST })
    }
}

impl<'p> EventQueue<'p> {
    /// Creates the queue before the first attempt.
    #[must_use]
    pub fn new(
        policy: &'p RetryPolicy,
        arrivals: Arrivals,
        stream: &LeadStream,
        seed: u64,
    ) -> Self {
        let follow_up = |(index, gap): (u32, &Duration)| FollowUp {
            index,
            gap: *gap,
            arrivals: arrivals.clone().peekable(),
        };
        Self {
            policy,
            rng: SeededRng::new(seed, "jitter"),
            follow_ups: (1..).zip(&stream.follow_ups).map(follow_up).collect(),
            arrivals: arrivals.peekable(),
            leads_arrived: 0,
            pending: PendingAttempts::default(),
        }
    }

    /// Returns the attempt that is due next, or `None` if all are settled.
    #[must_use]
    pub fn peek(&mut self) -> Option<ScheduledAttempt> {
        let pending = self.peek_pending();
        match self.arrivals.peek() {
            // A pending attempt belongs to an earlier lead, so it goes first at the same time.
            Some(&(lead, at)) if pending.is_none_or(|pending| at < pending.at) => {
                ScheduledAttempt::of_lead(lead, at, &[]).next()
            }
            _ => pending,
        }
    }

    /// Removes the attempt that is due next, and returns it.
    #[expect(clippy::should_implement_trait, reason = "its results depend on `settle`")]
    pub fn next(&mut self) -> Option<ScheduledAttempt> {
        let next = self.peek()?;
        if next.attempt > 1 {
            self.pending.pop();
        } else if let Some(index) = (next.message.index as usize).checked_sub(1) {
            let follow_up = self.follow_ups.get_mut(index);
            follow_up.and_then(|follow_up| follow_up.arrivals.next());
        } else {
            self.arrivals.next();
            self.leads_arrived = next.message.lead.saturating_add(1);
        }
        Some(next)
    }

    /// Returns the next attempt for leads that have arrived: a retry or the first attempt of a
    /// follow-up.
    fn peek_pending(&mut self) -> Option<ScheduledAttempt> {
        let arrived = self.leads_arrived;
        let follow_ups = self.follow_ups.iter_mut().filter_map(|follow_up| follow_up.peek(arrived));
        follow_ups.chain(self.pending.peek()).min()
    }

    /// Returns the result of an attempt at a real endpoint: it is assumed to have processed the
    /// message if the sender counts the response as delivered.
    #[must_use]
    pub fn result_of_real_endpoint(&self, result: AttemptResult, known: Moment) -> TimedResult {
        let is_done = self.policy.outcome(&result) == Outcome::Delivered;
        TimedResult { result, known_at: known, processed_at: is_done.then_some(known) }
    }

    /// Returns the wait after an attempt, with the jitter of the sender.
    fn jittered(&mut self, due: ScheduledAttempt, wait: Duration) -> Duration {
        let Some(jitter) = self.policy.jitter else { return wait };
        let MessageNumber { lead, index } = due.message;
        let draw = u64::from(index) << 32 | u64::from(due.attempt);
        self.rng.seek(lead.into(), draw);
        jitter.lengthen(wait, self.rng.fraction())
    }

    /// Derives the next step from a result, and schedules the next attempt if there is one.
    ///
    /// The wait begins when the sender knows the result.
    pub fn settle(&mut self, due: ScheduledAttempt, result: TimedResult) -> CompletedAttempt {
        let outcome = self.policy.outcome(&result.result);
        let would = self.policy.next_step(due.attempt as usize, outcome);
        let effects = due.effects.saturating_add(result.processed_at.is_some().into());
        let next = match would {
            NextStep::Retry { wait, .. } => {
                Some(result.known_at.after(self.jittered(due, wait.duration())))
            }
            NextStep::None | NextStep::GiveUp => None,
        };
        if let Some(at) = next {
            let attempt = due.attempt + 1;
            self.pending.push(ScheduledAttempt { at, attempt, effects, ..due });
        }
        CompletedAttempt {
            scheduled: ScheduledAttempt { effects, ..due },
            timed_result: result,
            outcome,
            next_step: would,
            next_at: next,
        }
    }
}
