//! Async tasks on the runtime of the listener.

use std::time::Duration;

/// Runs `work` on a thread that may block, and returns its result; `None` if it panicked.
///
/// Must be awaited on the runtime of the listener.
pub async fn run_blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    tokio::task::spawn_blocking(work).await.ok()
}

/// Spawns `work` as a separate task, which nothing waits for.
pub fn spawn(work: impl Future<Output = ()> + Send + 'static) {
    drop(tokio::spawn(work));
}

/// Waits for a duration.
pub async fn sleep(time: Duration) {
    tokio::time::sleep(time).await;
}
