//! The state that the requests of one connection share.

use std::io;
use std::net::SocketAddr;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex};

use super::connection_slots::Slot;
use super::head_recorder::HeadRecorder;
use super::refusal::Refusal;
use super::server::Server;

/// What the requests of one connection share.
pub(super) struct Connection {
    pub(super) server: Arc<Server>,
    pub(super) remote: SocketAddr,
    pub(super) recorder: Arc<Mutex<HeadRecorder>>,
    pub(super) seat: Arc<Slot>,
    /// Why a request was refused. There is one at most, because it closes the connection.
    pub(super) refusal: Mutex<Option<Refusal>>,
    /// How many requests have been answered, or are about to be.
    pub(super) requests: AtomicU64,
}

impl Connection {
    /// Why a connection that was idle had to leave.
    pub(super) fn farewell(&self) -> Refusal {
        if self.server.stop.is_stopped() { Refusal::Stopped } else { Refusal::Evicted }
    }
}

/// Whether a deadline of the socket ended it.
pub(super) fn is_timeout(error: &hyper::Error) -> bool {
    cause(error).is_some_and(|cause| cause.kind() == io::ErrorKind::TimedOut)
}

/// Whether there was no memory left for what the socket read.
pub(super) fn is_out_of_memory(error: &hyper::Error) -> bool {
    cause(error).is_some_and(|cause| cause.kind() == io::ErrorKind::OutOfMemory)
}

/// What the socket, or the reader of a body, said.
pub(super) fn cause(error: &hyper::Error) -> Option<&io::Error> {
    std::error::Error::source(error)?.downcast_ref()
}
