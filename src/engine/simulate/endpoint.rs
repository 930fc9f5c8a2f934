//! An endpoint that is imagined: when it is down, how slow it is, and how often it fails.

use crate::domain::delivery::{AttemptResult, Outcome};
use crate::domain::fault_rate::{LatencyRange, Rate};
use crate::domain::frequency::Frequency;
use crate::domain::interval::Interval;
use crate::domain::retry::RetryPolicy;
use crate::domain::status::ResponseScript;
use crate::domain::time::Moment;
use crate::engine::seeded_rng::SeededRng;
use crate::engine::simulate::event_queue::KnownResult;
use crate::engine::simulate::interval_set::IntervalSet;
use crate::engine::simulate::scheduled::Scheduled;
use std::time::Duration;

/// What a fault of its own is answered with.
const FAULT: u16 = 500;

/// What an endpoint goes through.
#[derive(Clone, Debug, Default)]
pub struct Conditions {
    /// When nobody is there: no connection comes about, and one that is open breaks.
    pub outages: Vec<Interval>,
    /// When the next three hold; always where there is none.
    pub brown_outs: Vec<Interval>,
    /// How often it can take a request. One that comes sooner waits its turn, and takes it even
    /// when its sender has given up.
    pub capacity: Option<Frequency>,
    /// How many requests it answers with 500, undone.
    pub fail_rate: Rate,
    /// How long a request takes once it has its turn.
    pub latency: Option<LatencyRange>,
    /// What it answers otherwise, in order; a success where there is none.
    pub script: Option<ResponseScript>,
}

impl Conditions {
    /// All the times in which something is wrong, as far as they have an end.
    pub fn troubles(&self) -> impl Iterator<Item = Interval> {
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
    luck: SeededRng,
    /// When the next request can have its turn.
    free: Moment,
    /// How many outages had begun at the last request: each of them empties the queue.
    begun: usize,
    /// How many requests have reached it.
    asked: u64,
}

impl Endpoint {
    /// As it is before the first message.
    #[must_use]
    pub fn new(
        conditions: &Conditions,
        timeout: Option<Duration>,
        seed: u64,
        policy: &RetryPolicy,
    ) -> Self {
        let spells = |intervals: &[Interval]| IntervalSet::new(intervals.iter().copied());
        Self {
            outages: spells(&conditions.outages),
            brown_outs: spells(&conditions.brown_outs),
            conditions: conditions.clone(),
            timeout,
            policy: policy.clone(),
            luck: SeededRng::new(seed, "luck"),
            free: Moment::default(),
            begun: 0,
            asked: 0,
        }
    }

    /// What comes of an attempt. Attempts come in the order of time.
    pub fn answer(&mut self, due: &Scheduled) -> KnownResult {
        let begun = self.outages.begun(due.at);
        if begun > self.begun {
            (self.begun, self.free) = (begun, due.at);
        }
        if self.outages.hold(due.at) {
            return KnownResult { answer: AttemptResult::Unreachable, known: due.at, done: None };
        }
        let (status, finished) = self.work(due);
        // An outage that begins while it works ends the work and the connection.
        let breaks = self.outages.next(due.at).filter(|from| *from < finished);
        let gives_up = self.timeout.map(|limit| due.at.after(limit));
        if let Some(limit) = gives_up.filter(|limit| *limit < breaks.unwrap_or(finished)) {
            let done = breaks.is_none().then_some(finished);
            return self.answered(AttemptResult::Timeout, limit, status, done);
        }
        match breaks {
            Some(broken) => {
                KnownResult { answer: AttemptResult::Unreachable, known: broken, done: None }
            }
            None => self.answered(AttemptResult::Status(status), finished, status, Some(finished)),
        }
    }

    fn answered(
        &self,
        answer: AttemptResult,
        known: Moment,
        status: u16,
        done: Option<Moment>,
    ) -> KnownResult {
        // What is answered with a success has been done; with anything else, it has not.
        let is_done = self.policy.outcome(&AttemptResult::Status(status)) == Outcome::Delivered;
        KnownResult { answer, known, done: done.filter(|_| is_done) }
    }

    /// The status of the answer, and when it is ready.
    fn work(&mut self, due: &Scheduled) -> (u16, Moment) {
        let Conditions { capacity, fail_rate, latency, .. } = self.conditions;
        let scripted = self.conditions.script.as_ref().map(|script| script.answer(self.asked));
        self.asked += 1;
        let status = scripted.unwrap_or_else(|| self.policy.success_status());
        if !self.brown_outs.is_empty() && !self.brown_outs.hold(due.at) {
            return (status, due.at);
        }
        let start = match capacity {
            Some(capacity) => {
                let start = self.free.max(due.at);
                self.free = Moment(start.0.saturating_add(capacity.micros_of(1)));
                start
            }
            None => due.at,
        };
        if fail_rate == Rate::default() && latency.is_none_or(|range| range.least == range.most) {
            let took = latency.map_or(Duration::ZERO, |range| range.least);
            return (status, start.after(took));
        }
        // By the message and the attempt, not by what happened before: other ladders have the same
        // luck.
        let row = u64::from(due.message.lead) | u64::from(due.message.place) << 32;
        self.luck.seek(row, due.attempt.into());
        let fails = self.luck.below(Rate::WHOLE.into()) < u64::from(fail_rate.0);
        let took = latency.map_or(0, |LatencyRange { least, most }| {
            let (least, most) = (Moment::at(least).0, Moment::at(most).0);
            least + self.luck.below((most - least).saturating_add(1))
        });
        let status = if fails { FAULT } else { status };
        (status, start.after(Duration::from_micros(took)))
    }
}
