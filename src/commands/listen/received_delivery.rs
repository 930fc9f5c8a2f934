//! The delivery that an in-process listener returns to a test.

use crate::domain::message::Message;
use crate::domain::verdict::Verdict;
use jiff::Timestamp;

/// A delivery that an in-process listener has received.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReceivedDelivery {
    /// Its number, counted from 1 in the order of arrival.
    pub seq: u64,
    /// The time of arrival, as of which its signature was verified.
    pub at: Timestamp,
    /// The request, byte for byte.
    pub message: Message,
    /// The verdict on its signature and payload.
    pub verdict: Verdict,
    /// The number of the attempt: above 1 for a retry.
    pub attempt: u32,
    /// The status of the response; `None` if the connection was closed without one.
    pub status: Option<u16>,
}
