//! Delivery simulation: many messages and their retry schedules as discrete events in virtual time.
//!
//! [`event_queue::EventQueue`] returns the attempt that is due next and schedules its retry. The
//! results come from [`endpoint::Endpoint`] for a plan, and from a real endpoint for a run that is
//! sent. [`totals::TotalsCounter`] counts both.

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
pub mod totals;
mod window;

use crate::domain::interval::Interval;
use crate::domain::retry::RetryPolicy;
use crate::engine::simulate::arrivals::{Arrivals, LeadStream};
use crate::engine::simulate::endpoint::{Conditions, Endpoint};
use crate::engine::simulate::event_queue::{CompletedAttempt, EventQueue};
use crate::engine::simulate::totals::{Forecast, TotalsCounter};
use std::time::Duration;

/// The parameters of a plan, apart from the retry schedule.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The messages.
    pub stream: LeadStream,
    /// The conditions of the endpoint.
    pub conditions: Conditions,
    /// The sender's timeout; `None` is unlimited.
    pub timeout: Option<Duration>,
    /// The seed of everything random.
    pub seed: u64,
}

impl Scenario {
    /// Runs the retry schedule against the simulated endpoint, and calls `on_attempt` for each
    /// attempt.
    ///
    /// The time is O(n log n) for n attempts. The memory is 16 bytes for each message that waits
    /// for another attempt, twice as much if latencies let attempts overtake each other, eight
    /// bytes for each late message, and eight for each message if leads have follow-ups.
    pub fn run(
        &self,
        policy: &RetryPolicy,
        mut on_attempt: impl FnMut(&CompletedAttempt),
    ) -> Forecast {
        let mut events = EventQueue::new(
            policy,
            Arrivals::new(&self.stream, self.seed),
            &self.stream,
            self.seed,
        );
        let mut endpoint = Endpoint::new(&self.conditions, self.timeout, self.seed, policy);
        let mut totals = TotalsCounter::new(&self.stream, self.conditions.disruptions());
        while let Some(due) = events.next() {
            let result = endpoint.respond(&due);
            let completed = events.settle(due, result);
            totals.count(&completed);
            on_attempt(&completed);
        }
        totals.finish()
    }

    /// Returns the scenario with its outages replaced by one of this length, which begins with the
    /// first message.
    #[must_use]
    pub fn with_outage_of(&self, length: Duration) -> Self {
        let outages = vec![Interval { from: Duration::ZERO, to: length }];
        let conditions = Conditions { outages, ..self.conditions.clone() };
        Self { conditions, ..self.clone() }
    }
}
