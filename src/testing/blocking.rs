//! Runs blocking work on a separate thread.

use std::panic::resume_unwind;
use std::thread;

/// Runs work on a separate thread, and waits for it. The work may block on a tokio runtime, which
/// panics on a thread that already runs one, such as that of an async test.
pub(super) fn off_runtime<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    thread::scope(|scope| scope.spawn(work).join().unwrap_or_else(|panic| resume_unwind(panic)))
}
