//! What became of the messages of a run.

use crate::domain::delivery::Outcome;
use crate::domain::interval::Interval;
use crate::domain::ranks::Ranks;
use crate::domain::time::Moment;
use crate::domain::timeline::Timeline;
use crate::engine::simulate::arrivals::Stream;
use crate::engine::simulate::chunks::Chunks;
use crate::engine::simulate::event_queue::Completed;
use crate::engine::simulate::interval_set::IntervalSet;
use crate::engine::simulate::window::Window;
use std::time::Duration;

/// What became of all messages: each is of the first time, late or lost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// All of them.
    pub messages: u64,
    /// The endpoint did the work at the first attempt.
    pub first_time: u64,
    /// The endpoint did the work at a later one.
    pub late: u64,
    /// The endpoint never did the work, and the sender sends it no more.
    pub lost: u64,
    /// The endpoint did the work more than once.
    pub duplicated: u64,
    /// How often it did so beyond once.
    pub duplicates: u64,
    /// What follows a lead was done before the lead, or without it; none where nothing follows.
    pub out_of_order: Option<u64>,
    /// Attempts that were made.
    pub attempts: u64,
    /// Those of them that the sender did not count as delivered.
    pub failures: u64,
    /// From when a late message came to when it was done.
    pub delay: Option<Ranks<Duration>>,
    /// Most attempts in any second, and in any minute, that met an endpoint after its first trouble;
    /// at any time where it had none.
    pub burst_per_s: u64,
    /// The same in any minute.
    pub burst_per_min: u64,
    /// When that minute began.
    pub burst_at: Option<Moment>,
    /// Most messages that waited at once for another attempt.
    pub backlog: u64,
    /// From the end of the last trouble to when nothing waited any more; none without trouble.
    pub backlog_gone: Option<Duration>,
}

/// What a plan came to.
#[derive(Clone, Debug)]
pub struct Forecast {
    /// What became of the messages.
    pub totals: Totals,
    /// What happened when.
    pub timeline: Timeline,
}

/// Counts attempts in the order of time.
#[derive(Debug)]
pub struct RunTotals {
    totals: Totals,
    timeline: Timeline,
    troubles: IntervalSet,
    waiting: u64,
    /// In microseconds.
    delays: Chunks<u64>,
    /// How many messages a lead has, and when each was done first; the end of time for never. Only
    /// where some follow others.
    places: usize,
    done: Chunks<Moment>,
    second: Window,
    minute: Window,
}

/// How many values are in a chunk of those that are kept for each message.
const CHUNK: usize = 16 * 1024;

/// Not done yet.
const NEVER: Moment = Moment(u64::MAX);

impl RunTotals {
    /// Nothing has been sent yet.
    #[must_use]
    pub fn new(stream: &Stream, troubles: impl IntoIterator<Item = Interval>) -> Self {
        let places = 1 + stream.follow_ups.len();
        Self {
            totals: Totals::default(),
            timeline: Timeline::default(),
            troubles: IntervalSet::new(troubles),
            waiting: 0,
            delays: Chunks::new(CHUNK),
            places,
            // Whole leads, so that each is in one chunk.
            done: Chunks::new(places * CHUNK),
            second: Window::new(Duration::from_secs(1)),
            minute: Window::new(Duration::from_secs(60)),
        }
    }

    /// Counts an attempt.
    pub fn count(&mut self, made: &Completed) {
        let due = &made.due;
        let (is_first, failed) = (due.attempt == 1, made.outcome != Outcome::Delivered);
        self.totals.messages += u64::from(is_first);
        self.totals.attempts += 1;
        self.totals.failures += u64::from(failed);
        self.note_empty_backlog(due.at, None);
        match (is_first, made.next.is_some()) {
            (true, true) => self.waiting += 1,
            (false, false) => self.waiting = self.waiting.saturating_sub(1),
            (true, false) | (false, true) => {}
        }
        self.note_empty_backlog(due.at, Some(due.at));
        self.totals.backlog = self.totals.backlog.max(self.waiting);
        self.timeline.count(due.at, is_first, failed, self.waiting);
        if self.has_recovered(due.at) {
            self.second.push(due.at);
            self.minute.push(due.at);
        }
        self.count_effect(made);
        if made.next.is_none() && due.effects == 0 {
            self.totals.lost += 1;
        }
    }

    fn count_effect(&mut self, made: &Completed) {
        let Some(done) = made.answered.done else { return };
        let due = &made.due;
        match due.effects {
            1 if due.attempt == 1 => self.totals.first_time += 1,
            1 => {
                self.totals.late += 1;
                self.delays.push(done.0.saturating_sub(due.arrived.0));
            }
            effects => {
                self.totals.duplicates += 1;
                self.totals.duplicated += u64::from(effects == 2);
            }
        }
        if self.places > 1 && due.effects == 1 {
            let place = due.message.lead as usize * self.places + due.message.place as usize;
            self.done.set(place, done, NEVER);
        }
    }

    /// Notes that nothing waits, the first time after the last trouble. That is so since `emptied`,
    /// or was when the trouble ended.
    fn note_empty_backlog(&mut self, now: Moment, emptied: Option<Moment>) {
        let Some(end) = self.troubles.last_end().filter(|end| *end <= now) else { return };
        if self.waiting == 0 {
            let since = emptied.map_or(Duration::ZERO, |emptied| emptied.since(end));
            self.totals.backlog_gone.get_or_insert(since);
        }
    }

    /// Whether the first trouble is over, and none is there.
    fn has_recovered(&self, at: Moment) -> bool {
        self.troubles.first_end().is_none_or(|end| at >= end) && !self.troubles.hold(at)
    }

    /// The sum of all.
    #[must_use]
    pub fn finish(self) -> Forecast {
        let mut totals = self.totals;
        if !self.troubles.is_empty() {
            totals.backlog_gone.get_or_insert(Duration::ZERO);
        }
        totals.out_of_order = (self.places > 1).then(|| {
            let lost_order = |lead: &[Moment]| {
                let (first, followers) = lead.split_first()?;
                Some(followers.iter().filter(|done| **done != NEVER && *done < first).count())
            };
            let leads = self.done.iter().flat_map(|chunk| chunk.chunks(self.places));
            leads.filter_map(lost_order).sum::<usize>() as u64
        });
        let delays = Ranks::of(&mut self.delays.into_vec());
        totals.delay = delays.map(|delays| delays.map(Duration::from_micros));
        (totals.burst_per_s, totals.burst_per_min) = (self.second.greatest, self.minute.greatest);
        totals.burst_at = self.minute.greatest_at;
        Forecast { totals, timeline: self.timeline }
    }
}
