//! The simulated endpoint: its outages, its capacity, its latency and its failure rate.

use crate::domain::delivery::{AttemptResult, Outcome};
use crate::domain::fault_options::{LatencyRange, Probability};
use crate::domain::frequency::Frequency;
use crate::domain::interval::Interval;
use crate::domain::retry::RetryPolicy;
use crate::domain::status::ResponseScript;
use crate::domain::time::Moment;
use crate::engine::seeded_rng::SeededRng;
use crate::engine::simulate::event_queue::TimedResult;
use crate::engine::simulate::interval_set::IntervalSet;
use crate::engine::simulate::scheduled::ScheduledAttempt;
use std::time::Duration;

/// The status of a request that fails by `fail_rate`.
const FAULT_STATUS: u16 = 500;

/// The conditions of an endpoint.
#[derive(Clone, Debug, Default)]
pub struct Conditions {
    /// The intervals in which it is down: connections are refused, and open ones break.
    pub outages: Vec<Interval>,
    /// The intervals in which capacity, failure rate and latency apply; always if there are none.
    pub brown_outs: Vec<Interval>,
    /// The rate at which it processes requests. Earlier ones queue, and are processed even if their
    /// sender has given up.
    pub capacity: Option<Frequency>,
    /// The share of requests that get 500 and are not processed.
    pub fail_rate: Probability,
    /// The processing time of a request once it leaves the queue.
    pub latency: Option<LatencyRange>,
    /// The scripted statuses, in order; a success if there is no script.
    pub script: Option<ResponseScript>,
}

impl Conditions {
    /// Returns all intervals in which the endpoint is down or impaired.
    pub fn disruptions(&self) -> impl Iterator<Item = Interval> {
        self.outages.iter().chain(&self.brown_outs).copied()
    }
}

/// The endpoint of one plan.
#[derive(Debug)]
pub struct Endpoint {
    conditions: Conditions,
    outages: IntervalSet,
    brown_outs: IntervalSet,
    timeout: Option<Duration>,
    policy: RetryPolicy,
    rng: SeededRng,
    /// The time at which the next request can be processed.
    free_at: Moment,
    /// The number of outages that had begun by the last request: each new one empties the queue.
    outages_begun: usize,
    /// The number of requests that have reached it.
    requests: u64,
}

impl Endpoint {
    /// Creates the endpoint before the first message.
    #[must_use]
    pub fn new(
        conditions: &Conditions,
        timeout: Option<Duration>,
        seed: u64,
        policy: &RetryPolicy,
    ) -> Self {
        let interval_set = |intervals: &[Interval]| IntervalSet::new(intervals.iter().copied());
        Self {
            outages: interval_set(&conditions.outages),
            brown_outs: interval_set(&conditions.brown_outs),
            conditions: conditions.clone(),
            timeout,
            policy: policy.clone(),
            rng: SeededRng::new(seed, "luck"),
            free_at: Moment::default(),
            outages_begun: 0,
            requests: 0,
        }
    }

    /// Returns the result of an attempt. Attempts must be passed in chronological order.
    pub fn respond(&mut self, due: &ScheduledAttempt) -> TimedResult {
        let outages_begun = self.outages.count_begun(due.at);
        if outages_begun > self.outages_begun {
            (self.outages_begun, self.free_at) = (outages_begun, due.at);
        }
        if self.outages.contains(due.at) {
            return TimedResult {
                result: AttemptResult::Unreachable,
                known_at: due.at,
                processed_at: None,
            };
        }
        let (status, finished) = self.process(due);
        // An outage that begins during the processing aborts it and breaks the connection.
        let broken_at = self.outages.next_start(due.at).filter(|from| *from < finished);
        let times_out_at = self.timeout.map(|limit| due.at.after(limit));
        if let Some(limit) = times_out_at.filter(|limit| *limit < broken_at.unwrap_or(finished)) {
            // The endpoint still finishes the request after its sender has given up.
            let done = broken_at.is_none().then_some(finished);
            return self.timed_result(AttemptResult::Timeout, limit, status, done);
        }
        match broken_at {
            Some(known) => TimedResult {
                result: AttemptResult::Unreachable,
                known_at: known,
                processed_at: None,
            },
            None => {
                self.timed_result(AttemptResult::Status(status), finished, status, Some(finished))
            }
        }
    }

    fn timed_result(
        &self,
        result: AttemptResult,
        known: Moment,
        status: u16,
        done: Option<Moment>,
    ) -> TimedResult {
        // A request is processed if its response is a success, and only then.
        let is_done = self.policy.outcome(&AttemptResult::Status(status)) == Outcome::Delivered;
        TimedResult { result, known_at: known, processed_at: done.filter(|_| is_done) }
    }

    /// Returns the status of the response, and when it is ready.
    fn process(&mut self, due: &ScheduledAttempt) -> (u16, Moment) {
        let Conditions { capacity, fail_rate, latency, .. } = self.conditions;
        let scripted = self.conditions.script.as_ref().map(|script| script.status(self.requests));
        self.requests += 1;
        let status = scripted.unwrap_or_else(|| self.policy.success_status());
        if !self.brown_outs.is_empty() && !self.brown_outs.contains(due.at) {
            return (status, due.at);
        }
        // The queue is not stored: a request starts when all earlier ones have been processed.
        let start = match capacity {
            Some(capacity) => {
                let start = self.free_at.max(due.at);
                self.free_at = Moment(start.0.saturating_add(capacity.micros_of(1)));
                start
            }
            None => due.at,
        };
        if fail_rate == Probability::default() && latency.is_none_or(|range| range.min == range.max)
        {
            let duration = latency.map_or(Duration::ZERO, |range| range.min);
            return (status, start.after(duration));
        }
        // Seeded by message and attempt, not by earlier draws: other retry schedules get the same
        // random values, which makes plans comparable.
        let stream = u64::from(due.message.lead) | u64::from(due.message.index) << 32;
        self.rng.seek(stream, due.attempt.into());
        let fails = self.rng.number_below(Probability::DENOMINATOR.into()) < u64::from(fail_rate.0);
        let duration_micros = latency.map_or(0, |LatencyRange { min: least, max: most }| {
            let (least, most) = (Moment::from_start(least).0, Moment::from_start(most).0);
            least + self.rng.number_below((most - least).saturating_add(1))
        });
        let status = if fails { FAULT_STATUS } else { status };
        (status, start.after(Duration::from_micros(duration_micros)))
    }
}
