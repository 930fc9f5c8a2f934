//! Progress bars and spinners on standard error, if it is a terminal.

use crate::output::printer::Printer;
use crate::output::sanitize;
use console::{Term, is_dumb};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle, TermLike};
use std::io;
use std::time::Duration;

/// The interval between two frames of a spinner.
const TICK: Duration = Duration::from_millis(100);

/// The maximum number of redraws per second: indicatif's own for a terminal.
const REFRESH_RATE: u8 = 20;

/// The number of columns for the `^C` that a terminal echoes.
const ECHO_COLUMNS: u16 = 2;

/// A progress bar or a spinner; hidden unless standard error is a terminal.
#[derive(Debug)]
pub struct Progress(ProgressBar);

impl Progress {
    /// Creates a bar of `steps`.
    #[must_use]
    pub fn bar(printer: &Printer, steps: usize) -> Self {
        let bar = ProgressBar::with_draw_target(Some(steps as u64), draw_target(printer));
        Self(styled(bar, "{bar:24} {pos}/{len} {wide_msg}"))
    }

    /// Creates a spinner with a message.
    #[must_use]
    pub fn spinner(printer: &Printer, message: &str) -> Self {
        let bar = ProgressBar::with_draw_target(None, draw_target(printer));
        let bar = styled(bar, "{spinner} {wide_msg}");
        bar.set_message(sanitize::line(message));
        bar.enable_steady_tick(TICK);
        Self(bar)
    }

    /// Completes one step; `message` describes the next one.
    pub fn step(&self, message: &str) {
        self.0.set_message(sanitize::line(message));
        self.0.inc(1);
    }

    /// Sets the message without completing a step.
    pub fn set_message(&self, message: &str) {
        self.0.set_message(sanitize::line(message));
    }

    /// Hides the bar while `write` prints, so that they do not overwrite each other.
    pub fn suspend<T>(&self, write: impl FnOnce() -> T) -> T {
        self.0.suspend(write)
    }

    /// Removes the bar.
    pub fn finish(&self) {
        self.0.finish_and_clear();
    }
}

/// Sets a template. `wide_msg` in it cuts the message to the width of the terminal, so that the bar
/// stays one line.
fn styled(bar: ProgressBar, template: &str) -> ProgressBar {
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

/// Returns standard error, or a hidden target if it is no terminal or cannot move the cursor.
fn draw_target(printer: &Printer) -> ProgressDrawTarget {
    let term = Term::buffered_stderr();
    if printer.shows_progress() && term.is_term() && !is_dumb() {
        ProgressDrawTarget::term_like_with_hz(Box::new(NarrowedTerm(term)), REFRESH_RATE)
    } else {
        ProgressDrawTarget::hidden()
    }
}

/// A terminal without its last columns, so that the `^C` that it echoes stays on the line of the
/// bar.
///
/// indicatif fills that line with blanks and leaves the cursor behind them. At the end of a row the
/// echo would go to the next one, which would be cleared in place of the bar.
#[derive(Debug)]
struct NarrowedTerm(Term);

impl TermLike for NarrowedTerm {
    fn width(&self) -> u16 {
        TermLike::width(&self.0).saturating_sub(ECHO_COLUMNS).max(1)
    }

    fn height(&self) -> u16 {
        TermLike::height(&self.0)
    }

    fn move_cursor_up(&self, n: usize) -> io::Result<()> {
        self.0.move_cursor_up(n)
    }

    fn move_cursor_down(&self, n: usize) -> io::Result<()> {
        self.0.move_cursor_down(n)
    }

    fn move_cursor_right(&self, n: usize) -> io::Result<()> {
        self.0.move_cursor_right(n)
    }

    fn move_cursor_left(&self, n: usize) -> io::Result<()> {
        self.0.move_cursor_left(n)
    }

    fn write_line(&self, line: &str) -> io::Result<()> {
        self.0.write_line(line)
    }

    fn write_str(&self, text: &str) -> io::Result<()> {
        self.0.write_str(text)
    }

    fn clear_line(&self) -> io::Result<()> {
        self.0.clear_line()
    }

    fn flush(&self) -> io::Result<()> {
        self.0.flush()
    }
}
