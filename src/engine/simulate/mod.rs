//! What becomes of many messages: their ladders as discrete events in virtual time.
//!
//! [`agenda::Agenda`] knows which attempt is due next, and what an answer to it means. Whoever has
//! the answers drives it: [`endpoint::Endpoint`], which is imagined, for a plan; a real endpoint
//! for a run that is sent. [`tally::Tally`] counts for both.

pub mod arrivals;
mod chunks;
pub mod endpoint;
pub mod event_queue;
mod interval_set;
mod lane;
#[cfg(test)]
mod model;
mod pending_attempts;
pub mod scheduled;
pub mod tally;
mod window;

use crate::domain::interval::Interval;
use crate::domain::retry::RetryPolicy;
use crate::engine::simulate::arrivals::{Arrivals, Stream};
use crate::engine::simulate::endpoint::{Conditions, Endpoint};
use crate::engine::simulate::event_queue::{Completed, EventQueue};
use crate::engine::simulate::tally::{Forecast, RunTotals};
use std::time::Duration;

/// Everything that a plan depends on, besides the ladder.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The messages.
    pub stream: Stream,
    /// What the endpoint goes through.
    pub conditions: Conditions,
    /// How long the sender waits for an answer; for ever where there is none.
    pub timeout: Option<Duration>,
    /// What chance depends on.
    pub seed: u64,
}

impl Scenario {
    /// Plays the ladder against the imagined endpoint, and shows each attempt to `watch`.
    ///
    /// The work grows as n log n for n attempts. What is kept is 16 bytes for each message that waits
    /// for another attempt, twice as many where latencies let attempts overtake each other, eight for
    /// each that is late, and eight for each where some follow others.
    pub fn play(&self, policy: &RetryPolicy, mut watch: impl FnMut(&Completed)) -> Forecast {
        let mut events =
            EventQueue::new(policy, Arrivals::new(&self.stream, self.seed), &self.stream);
        let mut endpoint = Endpoint::new(&self.conditions, self.timeout, self.seed, policy);
        let mut tally = RunTotals::new(&self.stream, self.conditions.troubles());
        while let Some(due) = events.next() {
            let answered = endpoint.answer(&due);
            let completed = events.settle(due, answered);
            tally.count(&completed);
            watch(&completed);
        }
        tally.finish()
    }

    /// The same with one outage of that length, from the first message on, and nothing else.
    #[must_use]
    pub fn with_outage_of(&self, length: Duration) -> Self {
        let outages = vec![Interval { from: Duration::ZERO, to: length }];
        let conditions = Conditions { outages, ..self.conditions.clone() };
        Self { conditions, ..self.clone() }
    }
}
