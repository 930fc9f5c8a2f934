//! A request as it was received: the bytes, when they came and from whom.

use crate::domain::message::Message;
use jiff::Timestamp;

/// One received request, ready to be written to disk or read back from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capture {
    /// When the request was complete, where it is known.
    pub received_at: Option<Timestamp>,
    /// The address of the sender, where it is known.
    pub remote: Option<String>,
    /// The request, byte for byte.
    pub message: Message,
}
