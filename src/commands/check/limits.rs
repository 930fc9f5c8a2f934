//! The events that end a check before its last case: a signal, and the deadline of the run.

use crate::domain::time::milliseconds;
use crate::io::signals::Signal;
use std::cell::Cell;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

/// The minimum time for a request: a client that has no time at all would send nothing.
const MIN_TIME: Duration = Duration::from_millis(1);

/// The signals and the deadline of a run.
pub(super) struct RunLimits {
    signals: Receiver<Signal>,
    /// The first signal that arrived.
    signal: Cell<Option<Signal>>,
    /// The end of the run. `None` if the deadline is beyond the range of the clock.
    end: Option<Instant>,
}

impl RunLimits {
    /// Creates the limits of a run that begins now.
    pub(super) fn new(signals: Receiver<Signal>, deadline: Duration) -> Self {
        let end = Instant::now().checked_add(deadline);
        Self { signals, signal: Cell::new(None), end }
    }

    /// Watches these signals instead, which may have arrived before the run began.
    pub(super) fn watch(&mut self, signals: Receiver<Signal>) {
        self.signals = signals;
    }

    /// Returns the first signal that arrived.
    pub(super) fn signal(&self) -> Option<Signal> {
        if self.signal.get().is_none() {
            self.signal.set(self.signals.try_recv().ok());
        }
        self.signal.get()
    }

    /// Returns `true` once the deadline is reached.
    pub(super) fn is_past_deadline(&self) -> bool {
        self.time_left().is_some_and(|left| left.is_zero())
    }

    /// Returns `true` once nothing more may be waited for.
    pub(super) fn is_over(&self) -> bool {
        self.signal().is_some() || self.is_past_deadline()
    }

    /// Returns the time for a request: `limit`, or the time left if that is less, in whole
    /// milliseconds, because messages name it.
    pub(super) fn cut(&self, limit: Duration) -> Duration {
        let Some(left) = self.time_left().filter(|left| *left < limit) else { return limit };
        let millis = milliseconds(left);
        Duration::from_millis(millis).max(MIN_TIME)
    }

    fn time_left(&self) -> Option<Duration> {
        self.end.map(|end| end.saturating_duration_since(Instant::now()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;

    #[test]
    fn a_deadline_cuts_requests_and_a_signal_ends_the_run() {
        let (sender, signals) = channel();
        let limits = RunLimits::new(signals, Duration::ZERO);
        assert!(limits.is_past_deadline() && limits.is_over());
        assert_eq!(limits.cut(Duration::from_secs(5)), MIN_TIME);
        drop(sender);
        let (sender, signals) = channel();
        // Beyond the range of the clock: no deadline.
        let limits = RunLimits::new(signals, Duration::MAX);
        assert_eq!(limits.cut(Duration::from_secs(5)), Duration::from_secs(5));
        assert!(!limits.is_over());
        sender.send(Signal::Interrupt).unwrap();
        assert!(limits.is_over() && !limits.is_past_deadline());
    }
}
