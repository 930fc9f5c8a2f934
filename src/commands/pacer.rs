//! Pacing of a run: waits until each request is due, shows a countdown, and stops at a signal.

use crate::domain::time::format_duration;
use crate::error::{Error, Exit};
use crate::io::signals::Signal;
use crate::output::progress::Progress;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

/// The interval at which a wait updates the progress line, and the shortest wait that is shown.
const TICK: Duration = Duration::from_secs(1);

/// Waits for each request of a run, and owns the progress line and the signals of that run.
#[derive(Debug)]
pub(super) struct Pacer {
    progress: Progress,
    /// The message of the progress line outside of waits.
    status: String,
    signals: Receiver<Signal>,
    pub(super) run: RunState,
}

/// The state of a run that its exit status and its summary depend on.
#[derive(Debug)]
pub(super) struct RunState {
    began: Instant,
    /// The exit status of the signal that ended the run.
    pub(super) interrupted: Option<Exit>,
    /// The error of a request that got no response: that of the run if no request got one.
    pub(super) no_response: Option<Error>,
}

impl Pacer {
    /// Starts a run that stops at the first of these signals.
    pub(super) fn new(progress: Progress, signals: Receiver<Signal>) -> Self {
        let run = RunState { began: Instant::now(), interrupted: None, no_response: None };
        Self { progress, status: String::new(), signals, run }
    }

    /// Waits until `left` returns zero and `next` is due. Returns `false` if a signal has arrived,
    /// now or before.
    ///
    /// `left` reads the clock of the run once per tick, so that a change of the clock shortens or
    /// extends the wait.
    pub(super) fn wait_until(&mut self, left: impl Fn() -> Duration, next: &str) -> bool {
        let mut is_shown = false;
        while self.run.interrupted.is_none() {
            let remaining = left();
            // The last tick of a longer wait is shown as well, so that the countdown does not stop.
            if remaining >= TICK || is_shown {
                self.progress.set_message(&countdown(remaining, next));
                is_shown = true;
            }
            // This also runs without a wait: nothing else checks for signals between two requests.
            match self.signals.recv_timeout(remaining.min(TICK)) {
                Ok(signal) => self.run.interrupted = Some(signal.into()),
                Err(RecvTimeoutError::Timeout) => {}
                // Signals are not watched, so that they end the process.
                Err(RecvTimeoutError::Disconnected) => std::thread::sleep(remaining.min(TICK)),
            }
            if remaining <= TICK {
                break;
            }
        }
        if is_shown {
            self.progress.set_message(&self.status);
        }
        self.run.interrupted.is_none()
    }

    /// Counts one step as done, and shows `status` between waits from now on.
    pub(super) fn step(&mut self, status: &str) {
        status.clone_into(&mut self.status);
        self.progress.step(status);
    }

    /// Hides the progress line while `write` prints.
    pub(super) fn suspend<T>(&self, write: impl FnOnce() -> T) -> T {
        self.progress.suspend(write)
    }

    /// Removes the progress line, and returns the state of the run.
    pub(super) fn finish(self) -> RunState {
        self.progress.finish();
        self.run
    }
}

impl RunState {
    /// Returns the time since the run began.
    pub(super) fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }
}

/// Returns the countdown. The time comes first: a truncated line still shows it.
fn countdown(left: Duration, next: &str) -> String {
    format!("next in {}: {next}", format_duration(left))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::environment::Environment;
    use crate::output::printer::{ColorWhen, Format, OutputOptions, Printer};
    use jiff::Timestamp;
    use std::cell::Cell;
    use std::sync::mpsc::channel;

    fn pacer(signals: Receiver<Signal>) -> Pacer {
        let env = Environment::fixed(&[], Timestamp::UNIX_EPOCH);
        let options = OutputOptions {
            format: Format::Human,
            color: ColorWhen::Never,
            quiet: false,
            verbose: 0,
        };
        Pacer::new(Progress::spinner(&Printer::new(&env, &options), ""), signals)
    }

    #[test]
    fn a_due_request_and_a_short_wait_take_one_tick() {
        let (_sender, signals) = channel();
        let mut pacer = pacer(signals);
        for left in [Duration::ZERO, Duration::from_millis(1)] {
            let reads = Cell::new(0);
            let clock = || {
                reads.set(reads.get() + 1);
                left
            };
            assert!(pacer.wait_until(clock, "attempt 1"), "{left:?}");
            assert_eq!(reads.get(), 1, "{left:?}");
        }
        assert_eq!(pacer.finish().interrupted, None);
    }

    #[test]
    fn the_first_signal_ends_the_current_wait_and_all_later_ones() {
        let (sender, signals) = channel();
        let mut pacer = pacer(signals);
        // The signal arrives during the wait.
        let clock = || {
            sender.send(Signal::Terminate).unwrap();
            Duration::MAX
        };
        assert!(!pacer.wait_until(clock, "attempt 2"));
        sender.send(Signal::Interrupt).unwrap();
        assert!(!pacer.wait_until(|| Duration::ZERO, "attempt 3"));
        assert_eq!(pacer.finish().interrupted, Some(Exit::Terminated));
    }

    #[test]
    fn a_signal_is_noticed_without_a_wait() {
        let (sender, signals) = channel();
        let mut pacer = pacer(signals);
        sender.send(Signal::Interrupt).unwrap();
        assert!(!pacer.wait_until(|| Duration::ZERO, "attempt 1"));
        assert_eq!(pacer.finish().interrupted, Some(Exit::Interrupted));
    }

    #[test]
    fn a_run_without_signals_waits_as_well() {
        let (_, signals) = channel();
        let wait = Duration::from_millis(20);
        let began = Instant::now();
        assert!(pacer(signals).wait_until(|| wait.saturating_sub(began.elapsed()), "attempt 1"));
        assert!(began.elapsed() >= wait);
    }

    #[test]
    fn a_countdown_begins_with_the_time() {
        let text = countdown(Duration::from_secs(90), "capture 3 (caps.jsonl:3)");
        assert_eq!(text, "next in 1 min 30 s: capture 3 (caps.jsonl:3)");
    }
}
