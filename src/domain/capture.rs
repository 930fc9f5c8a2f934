//! A captured request: its bytes, the time it was received and the sender's address.

use crate::domain::message::Message;
use jiff::Timestamp;

/// One received request, ready to be written to disk or read back from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capture {
    /// The time at which the request was complete, if it is known.
    pub received_at: Option<Timestamp>,
    /// The address of the sender, if it is known.
    pub remote: Option<String>,
    /// The request, byte for byte.
    pub message: Message,
}
