//! Reader for saved HTTP/1.1 messages, one after the other.

use crate::domain::message::Message;
use crate::protocols::http1::{SavedMessages, begins_saved_message};
use crate::protocols::requests::parsed::{
    ParsedRequest, ReadRequest, RequestLocation, with_locations,
};

/// Parses every message of a text.
pub(super) fn read(text: &[u8]) -> Vec<(RequestLocation, ReadRequest)> {
    let messages = SavedMessages::new(text);
    let reads = messages
        .map(|read| read.map(ParsedRequest::from_message).map_err(|error| error.to_string()));
    with_locations(reads.collect())
}

/// Returns the message that a text begins with, if there is one.
pub(super) fn read_first(text: &[u8]) -> Option<Message> {
    begins_saved_message(text).then(|| SavedMessages::new(text).next()?.ok())?
}
