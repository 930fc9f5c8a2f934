//! Runs blocking work on a separate thread.

use std::panic::resume_unwind;
use std::thread;

/// Runs work on a separate thread: it may block on a runtime, which panics on a thread that already
/// drives one.
pub(super) fn off_runtime<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    thread::scope(|scope| scope.spawn(work).join().unwrap_or_else(|panic| resume_unwind(panic)))
}
