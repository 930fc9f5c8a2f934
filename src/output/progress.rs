//! A progress bar on standard error, for a person who watches.

use crate::output::printer::Printer;
use crate::output::sanitize;
use indicatif::{ProgressBar, ProgressStyle};
use std::time::Duration;

/// How often a spinner moves.
const TICK: Duration = Duration::from_millis(100);

/// A bar of so many steps, or a spinner; hidden where nobody watches.
#[derive(Debug)]
pub struct Progress(ProgressBar);

impl Progress {
    /// A bar of `steps`.
    #[must_use]
    pub fn bar(printer: &Printer, steps: usize) -> Self {
        let bar = if printer.shows_progress() {
            ProgressBar::new(steps as u64)
        } else {
            ProgressBar::hidden()
        };
        if let Ok(style) = ProgressStyle::with_template("{bar:24} {pos}/{len} {wide_msg}") {
            bar.set_style(style);
        }
        Self(bar)
    }

    /// A spinner that says what is waited for.
    #[must_use]
    pub fn spinner(printer: &Printer, message: &str) -> Self {
        let bar = if printer.shows_progress() {
            ProgressBar::new_spinner()
        } else {
            ProgressBar::hidden()
        };
        bar.set_message(sanitize::line(message));
        bar.enable_steady_tick(TICK);
        Self(bar)
    }

    /// One step is done; `message` says what comes next.
    pub fn step(&self, message: &str) {
        self.0.set_message(sanitize::line(message));
        self.0.inc(1);
    }

    /// Says what is going on, where no step is done.
    pub fn say(&self, message: &str) {
        self.0.set_message(sanitize::line(message));
    }

    /// Takes the bar away while `write` prints, so that lines and bar do not mix.
    pub fn suspend<T>(&self, write: impl FnOnce() -> T) -> T {
        self.0.suspend(write)
    }

    /// Takes the bar away for good.
    pub fn finish(&self) {
        self.0.finish_and_clear();
    }
}
