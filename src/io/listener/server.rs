//! Listener state: the values that all connections of a listener share.

use std::fmt;
use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use hyper::server::conn::http1;
use tokio::sync::watch;

use crate::io::memory::MemoryBudget;

use super::connection_slots::ConnectionSlots;
use super::handler::Handler;
use super::limits::Limits;
use super::refusal::Refusal;

/// Ends [`HttpListener::serve`](super::HttpListener::serve) from any thread. Clones share one
/// signal.
#[derive(Clone, Debug, Default)]
pub struct StopSignal(watch::Sender<bool>);

impl StopSignal {
    /// Returns a signal that is not set.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the signal; it stays set.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }

    /// Returns `true` if the signal is set.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until the signal is set.
    pub(super) async fn wait_until_stopped(&self) {
        // `self` owns the sender, so the channel cannot close during the wait.
        let _ = self.0.subscribe().wait_for(|stopped| *stopped).await;
    }
}

/// The current load of a listener. Clones observe the same listener.
#[derive(Clone)]
pub struct Load {
    pub(super) slots: Arc<ConnectionSlots>,
    /// Counts the bytes of heads and bodies.
    pub(super) memory: Arc<MemoryBudget>,
}

impl Load {
    /// Returns the number of open connections.
    #[must_use]
    pub fn connections(&self) -> u64 {
        self.slots.open() as u64
    }

    /// Returns the number of bytes of heads and bodies in memory.
    #[must_use]
    pub fn memory_in_use(&self) -> u64 {
        self.memory.used()
    }
}

impl fmt::Debug for Load {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (connections, held) = (self.connections(), self.memory_in_use());
        f.debug_struct("Load").field("connections", &connections).field("held", &held).finish()
    }
}

/// The state that all connections share.
pub(super) struct Server {
    pub(super) http: http1::Builder,
    pub(super) handler: Arc<dyn Handler>,
    pub(super) limits: Limits,
    pub(super) stop: StopSignal,
    pub(super) load: Load,
}

impl Server {
    /// Reports a refusal to the handler.
    pub(super) fn report(&self, remote: SocketAddr, refusal: &Refusal) {
        // A panic of the handler must not end the task of the connection.
        let report = AssertUnwindSafe(|| self.handler.refused(remote, refusal));
        let _ = std::panic::catch_unwind(report);
    }
}
