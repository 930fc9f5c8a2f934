//! Events of a listener: plain records of what happened. The metrics count them, and whoever prints or
//! takes them gets the same values.

use crate::commands::listen::received::ReceivedDelivery;
use crate::commands::listen::shown::Shown;
use crate::domain::excerpt::prefix;
use crate::domain::message::Message;
use crate::domain::verdict::Verdict;
use crate::engine::delivery_notes::DeliveryNote;
use crate::engine::judge::Judgement;
use crate::engine::ledger::LedgerEntry;
use crate::providers::pack::Pack;
use jiff::Timestamp;
use serde::Serialize;
use std::net::SocketAddr;
use std::time::Duration;

/// Something that the operator is told.
#[derive(Debug)]
pub(super) enum ServiceEvent {
    /// A delivery was answered.
    Delivered(Box<DeliveredEvent>),
    /// A target other than the first responded to the delivery with this number, or did not.
    Forwarded(u64, Forwarded),
    /// Something went wrong beside the deliveries.
    Trouble(String),
    /// A request that is no delivery.
    Visit(String),
}

/// A delivery with its verdict and its place in the order of arrival.
#[derive(Debug)]
pub(super) struct RecordedDelivery {
    /// Its number, from 1.
    pub(super) seq: u64,
    pub(super) at: Timestamp,
    pub(super) remote: SocketAddr,
    /// The verdict, and the pack that recognised it.
    pub(super) judgement: Judgement,
    /// How it compares with earlier ones.
    pub(super) entry: LedgerEntry,
    pub(super) is_rejected: bool,
}

/// A delivery and its response.
#[derive(Debug)]
pub(super) struct DeliveredEvent {
    pub(super) recorded: RecordedDelivery,
    /// The request, as far as it is shown.
    pub(super) message: Message,
    /// The whole request, where an explanation of its signature is due.
    pub(super) unexplained: Option<Message>,
    /// Notes on how it arrived.
    pub(super) remarks: Vec<DeliveryNote>,
    /// The file that contains it.
    pub(super) saved: Option<String>,
    /// The result of forwarding it to the first target.
    pub(super) forward: Option<Forwarded>,
    pub(super) status: u16,
    /// The connection is closed without the response.
    pub(super) is_dropped: bool,
    /// From the end of the request to its response.
    pub(super) took: Duration,
}

/// The result of forwarding a delivery to one target.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Forwarded {
    pub(super) url: String,
    pub(super) status: Option<u16>,
    pub(super) error: Option<String>,
    #[serde(skip)]
    pub(super) took: Duration,
}

impl RecordedDelivery {
    pub(super) fn verdict(&self) -> &Verdict {
        &self.judgement.verdict
    }

    /// Returns the pack that recognised it.
    pub(super) fn pack(&self) -> Option<&Pack> {
        self.judgement.pack.as_deref()
    }

    pub(super) fn is_repeat(&self) -> bool {
        self.entry.attempt > 1
    }
}

impl DeliveredEvent {
    /// Cuts every string and header value to what may wait to be shown, and gives back the rest: the
    /// sender decides how long they are. Everything that is compared or searched for was so before, with
    /// the whole.
    pub(super) fn shortened(mut self, shown: Shown) -> Self {
        let most = shown.text;
        let Judgement { verdict, person, lead_id, .. } = &mut self.recorded.judgement;
        let Message { method, target, http_version, headers, .. } = &mut self.message;
        let optional =
            [&mut verdict.event, &mut verdict.message_id, person, lead_id, &mut self.saved];
        let forward = self
            .forward
            .iter_mut()
            .flat_map(|forward| std::iter::once(&mut forward.url).chain(forward.error.as_mut()));
        let remarks = self.remarks.iter_mut().map(|remark| &mut remark.message);
        let texts = [method, target, http_version].into_iter();
        let texts = texts.chain(optional.into_iter().flatten()).chain(forward).chain(remarks);
        let texts = texts.chain(verdict.signature.texts_mut()).chain(verdict.payload.texts_mut());
        texts.for_each(|text| cut(text, most));
        headers.truncate_values(most);
        self
    }

    /// Returns what was received, as far as it was kept.
    pub(super) fn into_received(self) -> ReceivedDelivery {
        let status = self.response_status();
        let RecordedDelivery { seq, at, judgement, entry, .. } = self.recorded;
        let (message, verdict) = (self.message, judgement.verdict);
        ReceivedDelivery { seq, at, message, verdict, attempt: entry.attempt, status }
    }

    /// Returns the status that the sender sees; none if the connection is closed without one.
    pub(super) fn response_status(&self) -> Option<u16> {
        (!self.is_dropped).then_some(self.status)
    }

    /// Returns the number of bytes that it takes in memory. A body that it shares counts as a whole.
    fn size_in_memory(&self) -> usize {
        let Judgement { verdict, person, lead_id, .. } = &self.recorded.judgement;
        let Verdict { provider, event, message_id, signature, payload, .. } = verdict;
        let texts = [provider, event, message_id, person, lead_id, &self.saved];
        let texts = texts.into_iter().flatten().map(String::capacity).sum::<usize>();
        let remarks = self.remarks.iter().map(|it| size_of_val(it) + it.message.capacity());
        let forward = self.forward.as_ref().map_or(0, Forwarded::size_in_memory);
        let verdict = signature.size_in_memory() + payload.size_in_memory();
        let unexplained = self.unexplained.as_ref().map_or(0, Message::size_in_memory);
        let messages = self.message.size_in_memory() + unexplained;
        size_of::<Self>() + texts + remarks.sum::<usize>() + forward + verdict + messages
    }
}

impl Forwarded {
    fn size_in_memory(&self) -> usize {
        size_of::<Self>() + self.url.capacity() + self.error.as_ref().map_or(0, String::capacity)
    }
}

impl ServiceEvent {
    /// Returns the number of bytes that it takes in memory.
    pub(super) fn size_in_memory(&self) -> usize {
        let beyond = match self {
            Self::Delivered(delivered) => delivered.size_in_memory(),
            Self::Forwarded(_, forwarded) => forwarded.size_in_memory(),
            Self::Trouble(text) | Self::Visit(text) => text.capacity(),
        };
        size_of::<Self>() + beyond
    }
}

/// Cuts a string at the last character that ends within `most` bytes.
fn cut(text: &mut String, most: usize) {
    if text.len() > most {
        text.truncate(prefix(text, most).len());
        text.shrink_to_fit();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_is_cut_between_characters_and_gives_back_its_room() {
        let mut text = "ä".repeat(100);
        cut(&mut text, 9);
        assert_eq!((text.as_str(), text.capacity()), ("ääää", 8));
        cut(&mut text, 8);
        assert_eq!(text, "ääää");
    }
}
