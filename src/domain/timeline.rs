//! The timeline of a run: counts for each slice of time.

use crate::domain::time::Moment;
use serde::Serialize;
use std::time::Duration;

/// The maximum number of slices of a run, regardless of its length.
const MAX_SLICES: u64 = 360;

/// The possible widths of a slice, in seconds. Each is a multiple of the one before it, so that
/// slices can be merged when a run turns out to be longer.
const WIDTHS: [u64; 10] = [1, 5, 15, 60, 300, 900, 3_600, 21_600, 86_400, 604_800];

/// A run in slices of the same width, from the first message on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timeline {
    width: u64,
    slices: Vec<Slice>,
    /// The number of messages that are currently waiting for another attempt.
    waiting: u64,
}

/// The counts of one slice of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Slice {
    /// Messages whose first attempt was due.
    pub arrivals: u64,
    /// Attempts, including retries.
    pub attempts: u64,
    /// The attempts that failed.
    pub failures: u64,
    /// The messages that arrived in this slice and were first processed at a later attempt.
    pub late: u64,
    /// The messages that arrived in this slice, and were never processed and given up.
    pub lost: u64,
    /// The maximum number of messages that waited for another attempt at the same time.
    pub backlog: u64,
}

impl Slice {
    /// Adds the counts of `other`.
    fn add(&mut self, other: Self) {
        self.arrivals += other.arrivals;
        self.attempts += other.attempts;
        self.failures += other.failures;
        self.late += other.late;
        self.lost += other.lost;
        self.backlog = self.backlog.max(other.backlog);
    }
}

impl Default for Timeline {
    fn default() -> Self {
        Self { width: WIDTHS[0], slices: Vec::new(), waiting: 0 }
    }
}

impl Timeline {
    /// Returns the width of a slice.
    #[must_use]
    pub fn width(&self) -> Duration {
        Duration::from_secs(self.width)
    }

    /// Returns the slices.
    #[must_use]
    pub fn slices(&self) -> &[Slice] {
        &self.slices
    }

    /// Returns the timeline in slices of another width, which must be a multiple of the current
    /// one.
    #[must_use]
    pub fn slices_of_width(&self, width: Duration) -> Vec<Slice> {
        merge(&self.slices, (width.as_secs() / self.width).max(1))
    }

    /// Counts an attempt. Attempts must be passed in chronological order.
    pub fn record_attempt(&mut self, at: Moment, is_first: bool, failed: bool, waiting: u64) {
        let second = at.0 / 1_000_000;
        while second / self.width >= MAX_SLICES {
            self.widen();
        }
        let index = usize::try_from(second / self.width).unwrap_or(usize::MAX);
        // In a slice without attempts the backlog stays as it was.
        let idle = Slice { backlog: self.waiting, ..Slice::default() };
        if self.slices.len() <= index {
            self.slices.resize(index + 1, idle);
        }
        self.slices[index].add(Slice {
            arrivals: is_first.into(),
            attempts: 1,
            failures: failed.into(),
            backlog: waiting,
            ..Slice::default()
        });
        self.waiting = waiting;
    }

    /// Counts a message that was late, in the slice of its arrival, which is recorded already.
    pub fn record_late(&mut self, arrived: Moment) {
        if let Some(slice) = self.slice_at(arrived) {
            slice.late += 1;
        }
    }

    /// Counts a message that was lost, in the slice of its arrival, which is recorded already.
    pub fn record_lost(&mut self, arrived: Moment) {
        if let Some(slice) = self.slice_at(arrived) {
            slice.lost += 1;
        }
    }

    fn slice_at(&mut self, at: Moment) -> Option<&mut Slice> {
        let index = at.0 / 1_000_000 / self.width;
        self.slices.get_mut(usize::try_from(index).ok()?)
    }

    /// Merges the slices into ones of the next width.
    fn widen(&mut self) {
        let next = WIDTHS.iter().copied().find(|width| *width > self.width);
        let next = next.unwrap_or_else(|| self.width.saturating_mul(10));
        self.slices = merge(&self.slices, next / self.width);
        self.width = next;
    }
}

/// Merges each `group_size` consecutive slices into one.
fn merge(slices: &[Slice], group_size: u64) -> Vec<Slice> {
    let sum = |group: &[Slice]| {
        let mut sum = Slice::default();
        for slice in group {
            sum.add(*slice);
        }
        sum
    };
    slices.chunks(usize::try_from(group_size).unwrap_or(usize::MAX)).map(sum).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_widen_with_the_run_and_keep_their_counts() {
        let mut timeline = Timeline::default();
        for second in 0..100_000_u64 {
            timeline.record_attempt(
                Moment(second * 1_000_000),
                second % 2 == 0,
                second % 10 == 0,
                second,
            );
        }
        assert_eq!(timeline.width(), Duration::from_secs(300));
        assert_eq!(timeline.slices().len(), 334);
        let sum = |of: fn(&Slice) -> u64| timeline.slices().iter().map(of).sum::<u64>();
        assert_eq!(
            (sum(|slice| slice.arrivals), sum(|slice| slice.attempts), sum(|slice| slice.failures)),
            (50_000, 100_000, 10_000)
        );
        assert_eq!(timeline.slices()[0].backlog, 299);
        let hours = timeline.slices_of_width(Duration::from_secs(3_600));
        assert_eq!((hours.len(), hours[0].attempts, hours[0].backlog), (28, 3_600, 3_599));
    }

    #[test]
    fn the_backlog_persists_while_nothing_happens() {
        let mut timeline = Timeline::default();
        timeline.record_attempt(Moment(0), true, true, 1);
        timeline.record_attempt(Moment(3_000_000), false, false, 0);
        let backlog: Vec<_> = timeline.slices().iter().map(|slice| slice.backlog).collect();
        assert_eq!(backlog, [1, 1, 1, 1]);
    }

    #[test]
    fn late_and_lost_messages_count_at_their_arrival() {
        let mut timeline = Timeline::default();
        let at = |second: u64| Moment(second * 1_000_000);
        timeline.record_attempt(at(1), true, true, 1);
        timeline.record_attempt(at(2), true, true, 2);
        timeline.record_attempt(at(700), false, true, 1);
        timeline.record_lost(at(1));
        timeline.record_late(at(2));
        timeline.record_late(at(9_999));
        let slices = timeline.slices();
        let sum = |of: fn(&Slice) -> u64| slices.iter().map(of).sum::<u64>();
        assert_eq!((slices[0].late, slices[0].lost), (1, 1));
        assert_eq!((sum(|slice| slice.late), sum(|slice| slice.lost)), (1, 1));
    }

    #[test]
    fn the_largest_moment_has_a_slice() {
        let mut timeline = Timeline::default();
        timeline.record_attempt(Moment(u64::MAX), true, true, 1);
        assert!(timeline.slices().len() <= 360);
    }
}
