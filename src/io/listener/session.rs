//! Connection state: the values that all requests of one connection share.

use std::io;
use std::net::SocketAddr;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex};

use super::connection_slots::Slot;
use super::head_recorder::HeadRecorder;
use super::refusal::Refusal;
use super::server::Server;

/// The state that all requests of one connection share.
pub(super) struct Connection {
    pub(super) server: Arc<Server>,
    pub(super) remote: SocketAddr,
    pub(super) recorder: Arc<Mutex<HeadRecorder>>,
    pub(super) slot: Arc<Slot>,
    /// The refusal of a request. There is at most one, because it closes the connection.
    pub(super) refusal: Mutex<Option<Refusal>>,
    /// The number of requests that have a response, or are about to get one.
    pub(super) requests: AtomicU64,
}

impl Connection {
    /// Returns the reason for closing an idle connection.
    pub(super) fn close_reason(&self) -> Refusal {
        if self.server.stop.is_stopped() { Refusal::Stopped } else { Refusal::Evicted }
    }
}

/// Returns `true` if a deadline of the socket passed.
pub(super) fn is_timeout(error: &hyper::Error) -> bool {
    io_cause(error).is_some_and(|cause| cause.kind() == io::ErrorKind::TimedOut)
}

/// Returns `true` if no memory was left for the bytes that the socket read.
pub(super) fn is_out_of_memory(error: &hyper::Error) -> bool {
    io_cause(error).is_some_and(|cause| cause.kind() == io::ErrorKind::OutOfMemory)
}

/// Returns the I/O error of the socket or of the body reader.
pub(super) fn io_cause(error: &hyper::Error) -> Option<&io::Error> {
    std::error::Error::source(error)?.downcast_ref()
}
