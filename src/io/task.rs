//! Work that would hold up others, beside them.

use std::time::Duration;

/// What `work` gives, on a thread that may block; `None` where it panicked.
///
/// To be awaited from what the listener runs.
pub async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    tokio::task::spawn_blocking(work).await.ok()
}

/// Goes on with `work` beside everything else.
pub fn aside(work: impl Future<Output = ()> + Send + 'static) {
    drop(tokio::spawn(work));
}

/// Lets so much time pass.
pub async fn pause(time: Duration) {
    tokio::time::sleep(time).await;
}
