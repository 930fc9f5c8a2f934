//! Finds a number of the probe that changes while nothing is sent.

use crate::domain::time::format_duration;
use std::fmt;
use std::time::{Duration, Instant};

/// The interval at which an interruption is noticed.
const POLL_INTERVAL: Duration = Duration::from_millis(10);

/// A number that changed although nothing was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NumberChange {
    before: u64,
    after: u64,
    within: Duration,
}

/// Reads the number twice, and returns the change in between, if there is one.
///
/// `read` returns `None` if there is no probe. Nothing may be sent meanwhile. With a `quiet` time
/// of zero the number is read once, which finds out if that is possible.
pub(super) fn find_change<E>(
    mut read: impl FnMut() -> Option<Result<u64, E>>,
    quiet: Duration,
    interrupted: &dyn Fn() -> bool,
) -> Result<Option<NumberChange>, E> {
    let start = Instant::now();
    let Some(before) = read().transpose()? else { return Ok(None) };
    if quiet.is_zero() {
        return Ok(None);
    }
    let end = Instant::now() + quiet;
    loop {
        if interrupted() {
            return Ok(None);
        }
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            break;
        }
        std::thread::sleep(left.min(POLL_INTERVAL));
    }
    let after = read().transpose()?.unwrap_or(before);
    let change = NumberChange { before, after, within: start.elapsed() };
    Ok((after != before).then_some(change))
}

/// Says what was observed, what follows, and what to do.
impl fmt::Display for NumberChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the number of the probe changed from {} to {} in {} while nothing was sent, so it \
             proves nothing and is not used: wait until other work is done, or count only the \
             leads of this check",
            self.before,
            self.after,
            format_duration(self.within)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    const QUIET: Duration = Duration::from_millis(1);

    type Found = Result<Option<(u64, u64)>, &'static str>;

    /// Returns the change between two readings of these numbers, and the number of readings.
    fn change(
        numbers: &[Result<u64, &'static str>],
        quiet: Duration,
        interrupted: bool,
    ) -> (Found, usize) {
        let reads = Cell::new(0);
        let read = || {
            reads.set(reads.get() + 1);
            numbers.get(reads.get() - 1).copied()
        };
        let found = find_change(read, quiet, &|| interrupted);
        (found.map(|change| change.map(|change| (change.before, change.after))), reads.get())
    }

    #[test]
    fn a_number_that_grows_or_shrinks_by_itself_is_found() {
        assert_eq!(change(&[Ok(7), Ok(9)], QUIET, false), (Ok(Some((7, 9))), 2));
        assert_eq!(change(&[Ok(9), Ok(7)], QUIET, false), (Ok(Some((9, 7))), 2));
        assert_eq!(change(&[Ok(7), Ok(7)], QUIET, false), (Ok(None), 2));
    }

    #[test]
    fn a_probe_that_fails_at_either_reading_is_an_error() {
        assert_eq!(change(&[Err("a"), Ok(1)], QUIET, false), (Err("a"), 1));
        assert_eq!(change(&[Ok(1), Err("b")], QUIET, false), (Err("b"), 2));
    }

    #[test]
    fn it_is_read_once_without_a_quiet_time_or_after_an_interruption() {
        assert_eq!(change(&[Ok(7), Ok(9)], Duration::ZERO, false), (Ok(None), 1));
        assert_eq!(change(&[Ok(7), Ok(9)], Duration::from_secs(60), true), (Ok(None), 1));
        assert_eq!(change(&[], QUIET, false), (Ok(None), 1));
    }
}
