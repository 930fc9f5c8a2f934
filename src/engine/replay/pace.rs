//! Timing of a replay: the waits between captures, from the times at which they were received.

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
    /// A capture without a time is sent at once, and so is one that was received before others that
    /// are already sent: it is late already.
    pub fn wait(&mut self, received_at: Option<Timestamp>) -> Duration {
        let Some(at) = received_at else { return Duration::ZERO };
        let before = self.latest.replace(self.latest.map_or(at, |latest| latest.max(at)));
        let gap = before.map(|before| at.duration_since(before)).unwrap_or_default();
        self.speed.wait(Duration::try_from(gap).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_waits_are_those_between_the_captures_divided_by_the_speed() {
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
        let mut instant = Pace::new(Speed::AtOnce);
        for at in [Timestamp::MIN, Timestamp::MAX] {
            assert_eq!(instant.wait(Some(at)), Duration::ZERO);
        }
    }
}
