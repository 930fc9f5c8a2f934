//! The availability of a target, as its deliveries show it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// A change of a target's availability.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TargetChange {
    /// The target stopped responding.
    Down,
    /// The target responds again.
    Back {
        /// The time without a response.
        after: Duration,
        /// The number of deliveries that it missed.
        missed: u64,
    },
}

/// The state of a target, for all threads.
#[derive(Debug, Default)]
pub(super) struct Availability {
    /// The number of queued deliveries, including those in transit.
    waiting: AtomicU64,
    is_down: AtomicBool,
    history: Mutex<History>,
}

#[derive(Debug, Default)]
struct History {
    last_response: Option<Instant>,
    outage: Option<Outage>,
}

#[derive(Debug)]
struct Outage {
    since: Instant,
    missed: u64,
}

impl Availability {
    /// Returns the number of queued deliveries, including those in transit.
    pub(super) fn waiting(&self) -> u64 {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Counts a delivery that is queued.
    pub(super) fn count_queued(&self) {
        self.waiting.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts a delivery that has left the queue.
    pub(super) fn count_done(&self) {
        self.waiting.fetch_sub(1, Ordering::Relaxed);
    }

    /// Returns `true` if the target did not respond to the last delivery.
    pub(super) fn is_down(&self) -> bool {
        self.is_down.load(Ordering::Relaxed)
    }

    /// Records a probe at `at` that failed. Returns `true` if it shows an outage that is not known
    /// yet; later deliveries do not report it again.
    pub(super) fn record_failed_probe(&self, at: Instant) -> bool {
        let mut history = self.lock();
        let is_news = history.last_response.is_none() && history.outage.is_none();
        if is_news {
            history.outage = Some(Outage { since: at, missed: 0 });
            self.is_down.store(true, Ordering::Relaxed);
        }
        is_news
    }

    /// Records a delivery that was sent at `start` and ended at `end`. Returns the change of the
    /// availability.
    ///
    /// Deliveries overlap: a target that has responded to another one since `start` is not down.
    pub(super) fn record(
        &self,
        start: Instant,
        end: Instant,
        has_responded: bool,
    ) -> Option<TargetChange> {
        let mut history = self.lock();
        let change = if has_responded {
            history.last_response = Some(end);
            history.outage.take().map(|outage| TargetChange::Back {
                after: end.saturating_duration_since(outage.since),
                missed: outage.missed,
            })
        } else if let Some(outage) = &mut history.outage {
            outage.missed += 1;
            None
        } else if history.last_response.is_some_and(|last| last >= start) {
            None
        } else {
            history.outage = Some(Outage { since: end, missed: 1 });
            Some(TargetChange::Down)
        };
        self.is_down.store(history.outage.is_some(), Ordering::Relaxed);
        change
    }

    /// Locks the history. A poisoned lock is safe to use: no update can panic halfway.
    fn lock(&self) -> MutexGuard<'_, History> {
        self.history.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outage_is_reported_once_and_so_is_its_end() {
        let availability = Availability::default();
        let start = Instant::now();
        let at = |second: u64| start + Duration::from_secs(second);
        assert_eq!(availability.record(at(0), at(1), true), None);
        assert_eq!(availability.record(at(2), at(3), false), Some(TargetChange::Down));
        assert_eq!(availability.record(at(3), at(4), false), None);
        assert!(availability.is_down());
        let back = TargetChange::Back { after: Duration::from_secs(3), missed: 2 };
        assert_eq!(availability.record(at(5), at(6), true), Some(back));
        assert!(!availability.is_down());
    }

    #[test]
    fn a_target_that_responds_to_other_deliveries_is_not_down() {
        let availability = Availability::default();
        let start = Instant::now();
        let at = |second: u64| start + Duration::from_secs(second);
        assert_eq!(availability.record(at(1), at(2), true), None);
        assert_eq!(availability.record(at(0), at(30), false), None);
        assert!(!availability.is_down());
    }

    #[test]
    fn a_failed_probe_begins_the_outage_unless_the_target_has_responded() {
        let (down, up, now) = (Availability::default(), Availability::default(), Instant::now());
        assert!(down.record_failed_probe(now) && down.is_down());
        assert_eq!(down.record(now, now, false), None, "it was reported");
        let back = TargetChange::Back { after: Duration::ZERO, missed: 1 };
        assert_eq!(down.record(now, now, true), Some(back));
        up.record(now, now, true);
        assert!(!up.record_failed_probe(now) && !up.is_down());
    }
}
