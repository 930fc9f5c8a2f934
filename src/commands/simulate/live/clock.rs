//! The clock of a run: converts between wall-clock time and the virtual time of the run.

use crate::domain::speed::Speed;
use crate::domain::time::Moment;
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;

/// A clock that runs at `--speed`, or, at `instant` speed, jumps to the next attempt.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    started_at: Timestamp,
    speed: Speed,
}

impl Clock {
    /// Creates a clock whose virtual time is 0 at `started_at`.
    pub(super) fn new(started_at: Timestamp, speed: Speed) -> Self {
        Self { started_at, speed }
    }

    /// Returns the virtual time at `now`; `None` without a speed, when time does not pass.
    pub(super) fn moment(self, now: Timestamp) -> Option<Moment> {
        let Speed::Factor(times) = self.speed else { return None };
        let passed = Duration::try_from(now.duration_since(self.started_at)).unwrap_or_default();
        Some(Moment::from_start(passed.saturating_mul(times.get())))
    }

    /// Returns the wall-clock time from `now` until a moment.
    pub(super) fn wait(self, at: Moment, now: Timestamp) -> Duration {
        self.moment(now).map_or(Duration::ZERO, |moment| self.speed.scale(at.since(moment)))
    }

    /// Returns the timestamp of a message that is created at a moment; without a speed, that of the
    /// start.
    pub(super) fn timestamp(self, at: Moment) -> Timestamp {
        after(self.started_at, self.speed.scale(at.since_start()))
    }

    /// Returns the time at which a run at real speed would reach a moment.
    pub(super) fn virtual_timestamp(self, at: Moment) -> Timestamp {
        after(self.started_at, at.since_start())
    }
}

/// Returns `start` plus `span`, saturating at the last representable time.
pub(super) fn after(start: Timestamp, span: Duration) -> Timestamp {
    let span = SignedDuration::try_from(span).unwrap_or(SignedDuration::MAX);
    start.checked_add(span).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn virtual_time_passes_at_the_given_speed() {
        let start = Timestamp::from_second(1_000_000).unwrap();
        let clock = Clock::new(start, "60x".parse().unwrap());
        let now = Timestamp::from_second(1_000_010).unwrap();
        assert_eq!(clock.moment(now), Some(Moment(600_000_000)));
        assert_eq!(clock.wait(Moment(1_200_000_000), now), Duration::from_secs(10));
        assert_eq!(clock.wait(Moment(0), now), Duration::ZERO);
        assert_eq!(clock.timestamp(Moment(600_000_000)), now);
        // If the system clock was set back, the run is at its start.
        assert_eq!(clock.moment(Timestamp::UNIX_EPOCH), Some(Moment(0)));
    }

    #[test]
    fn virtual_time_stands_still_without_a_speed() {
        let clock = Clock::new(Timestamp::UNIX_EPOCH, Speed::Immediate);
        let now = Timestamp::from_second(10).unwrap();
        assert_eq!(clock.moment(now), None);
        assert_eq!(clock.wait(Moment(u64::MAX), now), Duration::ZERO);
        assert_eq!(clock.timestamp(Moment(600_000_000)), Timestamp::UNIX_EPOCH);
        assert_eq!(clock.virtual_timestamp(Moment(10_000_000)), now);
        assert_eq!(clock.virtual_timestamp(Moment(u64::MAX)), Timestamp::MAX);
    }
}
