//! Timing of a replay: the waits between captures, computed from their times of receipt.

use crate::domain::speed::Speed;
use jiff::Timestamp;
use std::time::Duration;

/// Computes the waits between captures at a speed.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    speed: Speed,
    latest: Option<Timestamp>,
}

impl Pace {
    /// Creates the pace of a replay that has not started.
    #[must_use]
    pub fn new(speed: Speed) -> Self {
        Self { speed, latest: None }
    }

    /// Returns the wait before the next capture.
    ///
    /// A capture without a time is sent at once, and so is one that was received before a capture
    /// that is already sent, because it is late.
    pub fn wait(&mut self, received_at: Option<Timestamp>) -> Duration {
        let Some(at) = received_at else { return Duration::ZERO };
        let previous = self.latest.replace(self.latest.map_or(at, |latest| latest.max(at)));
        let gap = previous.map(|previous| at.duration_since(previous)).unwrap_or_default();
        self.speed.scale(Duration::try_from(gap).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_are_the_gaps_between_captures_divided_by_the_speed() {
        let mut pace = Pace::new("60x".parse().unwrap());
        for (second, wait) in [
            (Some(1_000), 0),
            (Some(1_060), 1_000),
            (None, 0),
            (Some(1_063), 50),
            // Out of order: sent at once, and the next wait counts from the latest time.
            (Some(1_000), 0),
            (Some(1_123), 1_000),
        ] {
            let at = second.map(|second| Timestamp::from_second(second).unwrap());
            assert_eq!(pace.wait(at), Duration::from_millis(wait), "{second:?}");
        }
        let mut instant = Pace::new(Speed::Immediate);
        for at in [Timestamp::MIN, Timestamp::MAX] {
            assert_eq!(instant.wait(Some(at)), Duration::ZERO);
        }
    }
}
