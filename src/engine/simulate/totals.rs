//! Totals of a run: delivered, late and lost messages, bursts and backlog.
//!
//! Attempts arrive in chronological order, so most numbers are running counters, and the bursts are
//! sliding windows. Two numbers need a value for each message: the delays, for their percentiles,
//! and the time at which each message of a lead was first processed, for those out of order. Both
//! are stored in chunks, so that they are not copied while they grow.

use crate::domain::delivery::Outcome;
use crate::domain::interval::Interval;
use crate::domain::percentiles::Percentiles;
use crate::domain::time::Moment;
use crate::domain::timeline::Timeline;
use crate::engine::simulate::arrivals::LeadStream;
use crate::engine::simulate::chunks::ChunkedList;
use crate::engine::simulate::event_queue::CompletedAttempt;
use crate::engine::simulate::interval_set::IntervalSet;
use crate::engine::simulate::window::Window;
use std::time::Duration;

/// The totals of all messages: each is delivered at the first attempt, late or lost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// The number of messages.
    pub messages: u64,
    /// Messages that the endpoint processed at the first attempt.
    pub first_attempt: u64,
    /// Messages that the endpoint first processed at a later attempt.
    pub late: u64,
    /// Messages that the endpoint never processed and that the sender has given up.
    pub lost: u64,
    /// Messages that the endpoint processed more than once.
    pub duplicated: u64,
    /// The number of times that messages were processed again.
    pub duplicates: u64,
    /// Follow-ups that were processed before their lead, or without it; `None` if there are no
    /// follow-ups.
    pub out_of_order: Option<u64>,
    /// Completed attempts.
    pub attempts: u64,
    /// Attempts that the sender did not count as delivered.
    pub failures: u64,
    /// The delays of late messages, from arrival to processing.
    pub delay: Option<Percentiles<Duration>>,
    /// The maximum number of attempts in any second in which the endpoint was available after its
    /// first disruption; in any second if it had none.
    pub burst_per_s: u64,
    /// The maximum number of attempts in any such minute.
    pub burst_per_min: u64,
    /// The beginning of that minute.
    pub burst_at: Option<Moment>,
    /// The maximum number of messages that waited for another attempt at the same time.
    pub backlog: u64,
    /// The time from the end of the last disruption until no message waited any more; `None` if
    /// there were no disruptions.
    pub backlog_cleared_after: Option<Duration>,
}

/// The result of a plan.
#[derive(Clone, Debug)]
pub struct Forecast {
    /// The totals.
    pub totals: Totals,
    /// The timeline.
    pub timeline: Timeline,
}

/// Counts attempts in chronological order.
#[derive(Debug)]
pub struct TotalsCounter {
    totals: Totals,
    timeline: Timeline,
    disruptions: IntervalSet,
    waiting: u64,
    /// The delays of late messages, in microseconds.
    delays: ChunkedList<u64>,
    /// The number of messages of a lead.
    messages_per_lead: usize,
    /// The time at which each message was first processed.
    processed_at: ChunkedList<Moment>,
    second: Window,
    minute: Window,
}

/// The number of values in a chunk of per-message values.
const CHUNK_LEN: usize = 16 * 1024;

/// The value of a message that has not been processed.
const NEVER: Moment = Moment(u64::MAX);

impl TotalsCounter {
    /// Creates the totals before the first attempt.
    #[must_use]
    pub fn new(stream: &LeadStream, disruptions: impl IntoIterator<Item = Interval>) -> Self {
        let per_lead = 1 + stream.follow_ups.len();
        Self {
            totals: Totals::default(),
            timeline: Timeline::default(),
            disruptions: IntervalSet::new(disruptions),
            waiting: 0,
            delays: ChunkedList::new(CHUNK_LEN),
            messages_per_lead: per_lead,
            // Whole leads, so that the messages of a lead are in one chunk.
            processed_at: ChunkedList::new(per_lead * CHUNK_LEN),
            second: Window::new(Duration::from_secs(1)),
            minute: Window::new(Duration::from_secs(60)),
        }
    }

    /// Counts a completed attempt.
    pub fn count(&mut self, completed: &CompletedAttempt) {
        let due = &completed.scheduled;
        let (is_first, failed) = (due.attempt == 1, completed.outcome != Outcome::Delivered);
        self.totals.messages += u64::from(is_first);
        self.totals.attempts += 1;
        self.totals.failures += u64::from(failed);
        // The backlog may have been empty already, before this attempt changes it.
        self.note_empty_backlog(due.at, None);
        match (is_first, completed.next_at.is_some()) {
            (true, true) => self.waiting += 1,
            (false, false) => self.waiting = self.waiting.saturating_sub(1),
            (true, false) | (false, true) => {}
        }
        self.note_empty_backlog(due.at, Some(due.at));
        self.totals.backlog = self.totals.backlog.max(self.waiting);
        self.timeline.record_attempt(due.at, is_first, failed, self.waiting);
        if self.has_recovered(due.at) {
            self.second.push(due.at);
            self.minute.push(due.at);
        }
        self.count_effect(completed);
        if completed.next_at.is_none() && due.effects == 0 {
            self.totals.lost += 1;
            self.timeline.record_lost(due.arrived);
        }
    }

    /// Counts the message if the endpoint processed it at this attempt.
    fn count_effect(&mut self, completed: &CompletedAttempt) {
        let Some(done) = completed.timed_result.processed_at else { return };
        let due = &completed.scheduled;
        match due.effects {
            1 if due.attempt == 1 => self.totals.first_attempt += 1,
            1 => {
                self.totals.late += 1;
                self.timeline.record_late(due.arrived);
                self.delays.push(done.0.saturating_sub(due.arrived.0));
            }
            effects => {
                self.totals.duplicates += 1;
                self.totals.duplicated += u64::from(effects == 2);
            }
        }
        if self.messages_per_lead > 1 && due.effects == 1 {
            let index =
                due.message.lead as usize * self.messages_per_lead + due.message.index as usize;
            self.processed_at.set(index, done, NEVER);
        }
    }

    /// Records the first time after the last disruption at which no message waits. The backlog has
    /// been empty since `emptied`, or already was when the disruption ended.
    fn note_empty_backlog(&mut self, now: Moment, emptied: Option<Moment>) {
        let Some(end) = self.disruptions.last_end().filter(|end| *end <= now) else { return };
        if self.waiting == 0 {
            let since = emptied.map_or(Duration::ZERO, |emptied| emptied.since(end));
            self.totals.backlog_cleared_after.get_or_insert(since);
        }
    }

    /// Returns `true` if the first disruption is over and none is in progress.
    fn has_recovered(&self, at: Moment) -> bool {
        self.disruptions.first_end().is_none_or(|end| at >= end) && !self.disruptions.contains(at)
    }

    /// Returns the final totals and the timeline.
    #[must_use]
    pub fn finish(self) -> Forecast {
        let mut totals = self.totals;
        if !self.disruptions.is_empty() {
            totals.backlog_cleared_after.get_or_insert(Duration::ZERO);
        }
        totals.out_of_order = (self.messages_per_lead > 1).then(|| {
            let out_of_order = |lead: &[Moment]| {
                let (first, followers) = lead.split_first()?;
                Some(followers.iter().filter(|done| **done != NEVER && *done < first).count())
            };
            let leads =
                self.processed_at.iter().flat_map(|chunk| chunk.chunks(self.messages_per_lead));
            leads.filter_map(out_of_order).sum::<usize>() as u64
        });
        let delays = Percentiles::from_values(&mut self.delays.into_vec());
        totals.delay = delays.map(|delays| delays.map(Duration::from_micros));
        (totals.burst_per_s, totals.burst_per_min) = (self.second.max_count, self.minute.max_count);
        totals.burst_at = self.minute.max_count_at;
        Forecast { totals, timeline: self.timeline }
    }
}
