//! Events of a listener: plain records that the metrics count and that the reader prints or takes.

use crate::commands::fetch_server::FetchEvent;
use crate::commands::listen::kept_parts::KeptParts;
use crate::commands::listen::received_delivery::ReceivedDelivery;
use crate::domain::excerpt::prefix;
use crate::domain::message::Message;
use crate::domain::verdict::Verdict;
use crate::engine::delivery_notes::DeliveryNote;
use crate::engine::handshake::HandshakeOutcome;
use crate::engine::judge::Judgement;
use crate::engine::ledger::LedgerEntry;
use crate::providers::pack::Pack;
use jiff::Timestamp;
use serde::Serialize;
use std::net::SocketAddr;
use std::time::Duration;

/// An event that is reported to the operator.
#[derive(Debug)]
pub(super) enum ServiceEvent {
    /// A delivery got its response.
    Delivered(Box<DeliveredEvent>),
    /// The delivery with this number was forwarded to a target other than the first.
    Forwarded(u64, ForwardReport),
    /// A problem that is not part of a delivery.
    Warning(String),
    /// A request that is not a delivery.
    OtherRequest(String),
    /// The handshake of a provider was answered.
    Handshake(HandshakeEvent),
    /// A request to the server of `--fetch` was answered.
    Fetched(FetchEvent),
}

/// A handshake and its answer, without the token.
#[derive(Debug, Serialize)]
pub(super) struct HandshakeEvent {
    pub(super) received_at: Timestamp,
    pub(super) remote: SocketAddr,
    pub(super) provider: String,
    pub(super) outcome: HandshakeOutcome,
    pub(super) status: u16,
    /// The option that is missing, if the receiver knows no token.
    pub(super) hint: Option<String>,
}

/// A delivery with its verdict and its number in the order of arrival.
#[derive(Debug)]
pub(super) struct RecordedDelivery {
    /// Its number, from 1.
    pub(super) seq: u64,
    pub(super) at: Timestamp,
    pub(super) remote: SocketAddr,
    /// The verdict, and the pack that recognised it.
    pub(super) judgement: Judgement,
    /// The comparison with earlier deliveries.
    pub(super) entry: LedgerEntry,
    pub(super) is_rejected: bool,
}

/// A delivery and its response.
#[derive(Debug)]
pub(super) struct DeliveredEvent {
    pub(super) recorded: RecordedDelivery,
    /// The parts of the request that are kept to be printed.
    pub(super) message: Message,
    /// The whole request, if an explanation of its signature is due.
    pub(super) to_explain: Option<Message>,
    /// The notes on its arrival.
    pub(super) notes: Vec<DeliveryNote>,
    /// The file that contains it.
    pub(super) saved: Option<String>,
    /// The result of forwarding it to the first target.
    pub(super) forward: Option<ForwardReport>,
    pub(super) status: u16,
    /// `true` if the connection is closed without a response.
    pub(super) is_dropped: bool,
    /// The time from the end of the request to its response.
    pub(super) took: Duration,
}

/// The result of forwarding a delivery to one target.
#[derive(Clone, Debug, Serialize)]
pub(super) struct ForwardReport {
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
    /// Truncates every string and header value to the maximum length that is kept, because senders
    /// choose their lengths. Comparisons and searches were done before, with the whole strings.
    pub(super) fn with_truncated_strings(mut self, shown: KeptParts) -> Self {
        let max = shown.max_string;
        let Judgement { verdict, person, lead_id, .. } = &mut self.recorded.judgement;
        let Message { method, target, http_version, headers, .. } = &mut self.message;
        let optional =
            [&mut verdict.event, &mut verdict.message_id, person, lead_id, &mut self.saved];
        let forward = self
            .forward
            .iter_mut()
            .flat_map(|forward| std::iter::once(&mut forward.url).chain(forward.error.as_mut()));
        let notes = self.notes.iter_mut().map(|note| &mut note.message);
        let strings = [method, target, http_version].into_iter();
        let strings = strings.chain(optional.into_iter().flatten()).chain(forward).chain(notes);
        let strings =
            strings.chain(verdict.signature.strings_mut()).chain(verdict.payload.strings_mut());
        strings.for_each(|string| truncate(string, max));
        headers.truncate_values(max);
        self
    }

    /// Converts it to a received delivery, with the parts that were kept.
    pub(super) fn into_received(self) -> ReceivedDelivery {
        let status = self.response_status();
        let RecordedDelivery { seq, at, judgement, entry, .. } = self.recorded;
        let (message, verdict) = (self.message, judgement.verdict);
        ReceivedDelivery { seq, at, message, verdict, attempt: entry.attempt, status }
    }

    /// Returns the status that the sender sees; `None` if the connection is closed without one.
    pub(super) fn response_status(&self) -> Option<u16> {
        (!self.is_dropped).then_some(self.status)
    }

    /// Returns the number of bytes that it takes in memory. A body that it shares with
    /// others counts fully.
    fn size_in_memory(&self) -> usize {
        let Judgement { verdict, person, lead_id, .. } = &self.recorded.judgement;
        let Verdict { provider, event, message_id, signature, payload, .. } = verdict;
        let strings = [provider, event, message_id, person, lead_id, &self.saved];
        let strings = strings.into_iter().flatten().map(String::capacity).sum::<usize>();
        let notes = self.notes.iter().map(|it| size_of_val(it) + it.message.capacity());
        let forward = self.forward.as_ref().map_or(0, ForwardReport::size_in_memory);
        let verdict = signature.size_in_memory() + payload.size_in_memory();
        let unexplained = self.to_explain.as_ref().map_or(0, Message::size_in_memory);
        let messages = self.message.size_in_memory() + unexplained;
        size_of::<Self>() + strings + notes.sum::<usize>() + forward + verdict + messages
    }
}

impl ForwardReport {
    fn size_in_memory(&self) -> usize {
        size_of::<Self>() + self.url.capacity() + self.error.as_ref().map_or(0, String::capacity)
    }
}

impl ServiceEvent {
    /// Returns the number of bytes that it takes in memory.
    pub(super) fn size_in_memory(&self) -> usize {
        let content = match self {
            Self::Delivered(delivered) => delivered.size_in_memory(),
            Self::Forwarded(_, forwarded) => forwarded.size_in_memory(),
            Self::Warning(text) | Self::OtherRequest(text) => text.capacity(),
            Self::Fetched(event) => event.size_in_memory(),
            Self::Handshake(event) => {
                event.provider.capacity() + event.hint.as_ref().map_or(0, String::capacity)
            }
        };
        size_of::<Self>() + content
    }
}

/// Truncates a string after the last character that ends within `max` bytes.
fn truncate(text: &mut String, max: usize) {
    if text.len() > max {
        text.truncate(prefix(text, max).len());
        text.shrink_to_fit();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_is_truncated_between_characters_and_frees_the_rest() {
        let mut text = "ä".repeat(100);
        truncate(&mut text, 9);
        assert_eq!((text.as_str(), text.capacity()), ("ääää", 8));
        truncate(&mut text, 8);
        assert_eq!(text, "ääää");
    }
}
