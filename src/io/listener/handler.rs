//! The interface between the listener and whatever answers its requests.

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;

use jiff::Timestamp;

use crate::domain::message::{Message, Response};
use crate::io::memory::Counted;

use super::refusal::Refusal;

/// One complete request and where it came from.
#[derive(Debug)]
pub struct Received {
    /// The sender's address.
    pub remote: SocketAddr,
    /// The request, byte for byte, counted in the listener's memory as long as it is kept.
    pub message: Counted<Message>,
}

/// What a handler makes of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reply {
    /// This goes back.
    ///
    /// The framing is the listener's: `Content-Length`, `Transfer-Encoding` and the like in the
    /// response are left out, as is every header that HTTP could not carry. `Connection: close`
    /// closes. A status under 200 or over 999 becomes 500.
    Respond(Response),
    /// Nothing goes back: the connection is closed.
    Drop,
}

/// An answer that is on its way.
pub type ReplyFuture = Pin<Box<dyn Future<Output = Reply> + Send>>;

/// What answers the requests, several at once.
pub trait Handler: Send + Sync + 'static {
    /// Answers one complete request.
    ///
    /// It must not block: others wait for the same thread. A panic, here or in what it gives, is
    /// answered with 500, and everything else lives on.
    fn answer(self: Arc<Self>, received: Received) -> ReplyFuture;

    /// Is told of what never became a request; the sender has got its status already. It must not
    /// block either.
    fn refused(&self, remote: SocketAddr, refusal: &Refusal);

    /// Returns the time for the `Date` of a response, which is left out without one (RFC 9110,
    /// section 6.6.1).
    fn date(&self) -> Option<Timestamp> {
        None
    }
}
