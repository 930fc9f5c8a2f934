//! Handler interface between the listener and the code that responds to its requests.

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;

use jiff::Timestamp;

use crate::domain::message::{Message, Response};
use crate::io::memory::Budgeted;

use super::refusal::Refusal;

/// One complete request with the address of its sender.
#[derive(Debug)]
pub struct ReceivedRequest {
    /// The sender's address.
    pub remote: SocketAddr,
    /// The request, byte for byte, counted in the listener's memory until it is dropped.
    pub message: Budgeted<Message>,
}

/// The reply of a handler to one request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reply {
    /// Sends this response.
    ///
    /// The listener does the framing: `Content-Length`, `Transfer-Encoding` and the like in the
    /// response are left out, as is every header that is not valid in HTTP. `Connection: close`
    /// closes the connection. A status under 200 or over 999 becomes 500.
    Respond(Response),
    /// Closes the connection without a response.
    Drop,
}

/// The future of a [`Reply`].
pub type ReplyFuture = Pin<Box<dyn Future<Output = Reply> + Send>>;

/// Responds to requests, several of them concurrently.
pub trait Handler: Send + Sync + 'static {
    /// Returns the reply to one complete request.
    ///
    /// It must not block, because other connections use the same thread. If it or its future
    /// panics, the sender gets 500 and the listener continues.
    fn respond(self: Arc<Self>, received: ReceivedRequest) -> ReplyFuture;

    /// Receives a refusal, after the sender got its error response. It must not block either.
    fn refused(&self, remote: SocketAddr, refusal: &Refusal);

    /// Returns the time for the `Date` header of a response; `None` omits the header (RFC 9110,
    /// section 6.6.1).
    fn date(&self) -> Option<Timestamp> {
        None
    }
}
