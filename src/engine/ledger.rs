//! The ledger of received messages: detects repeats and out-of-order events.
//!
//! A message is known by its id; without one, by its event and the fields of the pack's
//! `message-identity`; without those, by its event and the bytes of its body. A different body
//! under a known id is not another message.

use crate::domain::message::Message;
use crate::providers::provider::OrderFacts;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};
use std::collections::{HashMap, VecDeque};
use std::hash::Hash;

/// The maximum number of messages, and of leads, that are remembered before the oldest are evicted.
const MAX_REMEMBERED: usize = 50_000;

/// The facts that the ledger knows about a message when it arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LedgerEntry {
    /// The number of times it has arrived, including this one.
    pub attempt: u32,
    /// The time since the previous attempt.
    pub wait: Option<SignedDuration>,
    /// `true` if it is about a lead that has not been created here yet.
    pub out_of_order: bool,
    /// `true` if it arrived before with the same identity but a different body: it is to be reported
    /// and not processed.
    pub body_changed: bool,
    /// `true` if a previous attempt got a success status.
    pub settled: bool,
    /// The key of the message, to record its response later.
    pub(super) key: Option<Digest>,
}

impl LedgerEntry {
    /// The entry of a message that is not recorded, which is never a repeat.
    pub const NONE: Self = Self {
        attempt: 1,
        wait: None,
        out_of_order: false,
        body_changed: false,
        settled: false,
        key: None,
    };
}

/// Half of a SHA-256 digest: enough to distinguish messages, at half the memory.
type Digest = [u8; 16];

/// The parts of a message that identify it.
#[derive(Clone, Debug)]
pub struct Identity<'a> {
    /// The recognised provider.
    pub provider: Option<&'a str>,
    /// The event.
    pub event: Option<&'a str>,
    /// The id that all its attempts share, if the provider has one.
    pub message_id: Option<&'a str>,
    /// The values of the fields that identify a message without an id, if the provider has them.
    pub identifying_values: Option<&'a str>,
    /// The lead it is about.
    pub lead_id: Option<&'a str>,
    /// The order of the provider's events, if it has one.
    pub order: Option<&'a OrderFacts>,
}

impl Identity<'_> {
    /// Returns the key by which a message with this digest of its body is known.
    fn key(&self, body: &Digest) -> Digest {
        let provider = self.provider.unwrap_or_default().as_bytes();
        let event = self.event.unwrap_or_default().as_bytes();
        let id = self.message_id.filter(|id| !id.is_empty());
        match (id, self.identifying_values) {
            (Some(id), _) => digest(&[provider, b"id", id.as_bytes()]),
            (None, Some(values)) => digest(&[provider, b"fields", event, values.as_bytes()]),
            (None, None) => digest(&[provider, b"body", event, body]),
        }
    }
}

/// Remembers messages and leads, up to a limit.
#[derive(Debug)]
pub struct Ledger {
    messages: BoundedMap<Digest, SeenMessage>,
    leads: BoundedMap<Digest, ()>,
}

#[derive(Clone, Copy, Debug)]
struct SeenMessage {
    attempts: u32,
    provider: Digest,
    first: Timestamp,
    last: Timestamp,
    /// The body of the first attempt.
    body: Digest,
    settled: bool,
}

impl Default for Ledger {
    fn default() -> Self {
        Self::with_capacity(MAX_REMEMBERED)
    }
}

impl Ledger {
    /// Creates a ledger that remembers up to `capacity` messages and as many leads.
    #[must_use]
    pub fn with_capacity(capacity: usize) -> Self {
        Self { messages: BoundedMap::new(capacity), leads: BoundedMap::new(capacity) }
    }

    /// Records a message and returns its entry.
    pub fn record(
        &mut self,
        identity: &Identity<'_>,
        message: &Message,
        at: Timestamp,
    ) -> LedgerEntry {
        let body = digest(&[&message.body]);
        let provider = identity.provider.unwrap_or_default();
        let key = identity.key(&body);
        let out_of_order = self.is_out_of_order(identity, provider);
        let previous = self.messages.get(&key).copied();
        let attempt = previous.map_or(1, |seen| seen.attempts.saturating_add(1));
        let settled = previous.is_some_and(|seen| seen.settled);
        let first = previous.map_or(at, |seen| seen.first);
        let provider = digest(&[provider.as_bytes()]);
        let first_body = previous.map_or(body, |seen| seen.body);
        let seen =
            SeenMessage { attempts: attempt, provider, first, last: at, body: first_body, settled };
        self.messages.insert(key, seen);
        LedgerEntry {
            key: Some(key),
            settled,
            attempt,
            wait: previous.map(|seen| at.duration_since(seen.last)),
            out_of_order,
            body_changed: first_body != body,
        }
    }

    /// Records that the sender got a success status for this message.
    pub fn settle(&mut self, entry: &LedgerEntry) {
        if let Some(seen) = entry.key.and_then(|key| self.messages.map.get_mut(&key)) {
            seen.settled = true;
        }
    }

    /// Returns the arrival time of a provider's oldest unsettled message that arrived after
    /// `since`: older ones are not retried any more.
    #[must_use]
    pub fn oldest_unsettled(&self, provider: &str, since: Timestamp) -> Option<Timestamp> {
        let provider = digest(&[provider.as_bytes()]);
        let messages = self.messages.map.values();
        let unsettled = messages.filter(|seen| seen.provider == provider && !seen.settled);
        unsettled.map(|seen| seen.first).filter(|first| *first >= since).min()
    }

    /// Returns the number of messages it remembers.
    #[must_use]
    pub fn len(&self) -> usize {
        self.messages.map.len()
    }

    /// Returns `true` if it remembers no message.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.messages.map.is_empty()
    }

    /// Returns the number of evicted messages.
    #[must_use]
    pub fn evicted(&self) -> u64 {
        self.messages.evicted
    }

    /// Returns `true` if the message is about an unknown lead. Remembers the lead that it creates.
    fn is_out_of_order(&mut self, identity: &Identity<'_>, provider: &str) -> bool {
        let (Some(order), Some(lead), Some(event)) =
            (identity.order, identity.lead_id, identity.event)
        else {
            return false;
        };
        let key = digest(&[provider.as_bytes(), b"lead", lead.as_bytes()]);
        if order.creating_events.iter().any(|name| name == event) {
            self.leads.insert(key, ());
        }
        order.later_events.iter().any(|name| name == event) && self.leads.get(&key).is_none()
    }
}

/// Returns a digest of the parts. Each part is preceded by its length: a sender chooses its ids,
/// and could otherwise choose two that collide, as `ab`, `c` and `a`, `bc` would.
fn digest(parts: &[&[u8]]) -> Digest {
    let hash = |digest: Sha256, part: &&[u8]| {
        digest.chain_update((part.len() as u64).to_le_bytes()).chain_update(part)
    };
    let whole: [u8; 32] = parts.iter().fold(Sha256::new(), hash).finalize().into();
    let mut half = Digest::default();
    half.copy_from_slice(&whole[..16]);
    half
}

/// A map with a maximum size that evicts the oldest key first.
#[derive(Debug)]
struct BoundedMap<K, V> {
    map: HashMap<K, V>,
    order: VecDeque<K>,
    capacity: usize,
    evicted: u64,
}

impl<K: Copy + Eq + Hash, V> BoundedMap<K, V> {
    fn new(capacity: usize) -> Self {
        Self { map: HashMap::new(), order: VecDeque::new(), capacity: capacity.max(1), evicted: 0 }
    }

    fn get(&self, key: &K) -> Option<&V> {
        self.map.get(key)
    }

    fn insert(&mut self, key: K, value: V) {
        if self.map.insert(key, value).is_none() {
            self.order.push_back(key);
            if self.order.len() > self.capacity
                && let Some(oldest) = self.order.pop_front()
            {
                self.map.remove(&oldest);
                self.evicted += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::message::Headers;

    fn order() -> OrderFacts {
        OrderFacts {
            lead_pointer: "/id".to_owned(),
            creating_events: vec!["created".to_owned()],
            later_events: vec!["activity_added".to_owned()],
        }
    }

    fn enter(
        ledger: &mut Ledger,
        event: &str,
        id: Option<&str>,
        body: &str,
        second: i64,
    ) -> LedgerEntry {
        let order = order();
        let identity = Identity {
            provider: Some("acme"),
            event: Some(event),
            message_id: id,
            identifying_values: None,
            lead_id: Some("lead"),
            order: Some(&order),
        };
        let message = Message::post("/", Headers::new(), body.to_owned());
        ledger.record(&identity, &message, Timestamp::from_second(second).unwrap())
    }

    #[test]
    fn a_repeated_id_is_the_next_attempt() {
        let mut ledger = Ledger::default();
        assert_eq!(enter(&mut ledger, "created", Some("1"), "a", 0).attempt, 1);
        let second = enter(&mut ledger, "created", Some("1"), "a", 600);
        assert_eq!(
            (second.attempt, second.wait, second.body_changed),
            (2, Some(SignedDuration::from_secs(600)), false)
        );
        assert!(enter(&mut ledger, "created", Some("1"), "b", 601).body_changed);
        assert!(!enter(&mut ledger, "created", Some("1"), "a", 602).body_changed);
        assert_eq!(enter(&mut ledger, "created", Some("2"), "a", 601).attempt, 1);
    }

    #[test]
    fn a_settled_message_stays_settled() {
        let mut ledger = Ledger::default();
        let first = enter(&mut ledger, "created", Some("1"), "a", 0);
        assert!(!enter(&mut ledger, "created", Some("1"), "a", 1).settled);
        ledger.settle(&first);
        assert!(enter(&mut ledger, "created", Some("1"), "a", 2).settled);
        assert!(enter(&mut ledger, "created", Some("1"), "a", 3).settled);
        ledger.settle(&LedgerEntry::NONE);
        enter(&mut ledger, "created", Some("3"), "a", 5);
        enter(&mut ledger, "created", Some("4"), "a", 9);
        enter(&mut ledger, "created", Some("3"), "a", 10);
        let oldest = |provider, since| {
            ledger.oldest_unsettled(provider, Timestamp::from_second(since).unwrap())
        };
        assert_eq!(oldest("acme", 0), Timestamp::from_second(5).ok());
        assert_eq!(oldest("acme", 6), Timestamp::from_second(9).ok());
        assert_eq!((oldest("acme", 10), oldest("other", 0)), (None, None));
        assert!(!enter(&mut ledger, "created", Some("2"), "a", 3).settled);
    }

    #[test]
    fn without_an_id_the_same_bytes_are_the_same_message() {
        let mut ledger = Ledger::default();
        enter(&mut ledger, "created", None, "a", 0);
        assert_eq!(enter(&mut ledger, "created", None, "a", 1).attempt, 2);
        assert_eq!(enter(&mut ledger, "created", None, "b", 1).attempt, 1);
    }

    #[test]
    fn without_an_id_the_identifying_values_and_the_event_decide() {
        let mut ledger = Ledger::default();
        let mut attempt = |event, id, values, body: &str| {
            let identity = Identity {
                provider: Some("acme"),
                event: Some(event),
                message_id: id,
                identifying_values: values,
                lead_id: None,
                order: None,
            };
            let message = Message::post("/", Headers::new(), body.to_owned());
            let entry = ledger.record(&identity, &message, Timestamp::UNIX_EPOCH);
            (entry.attempt, entry.body_changed)
        };
        let values = Some(r#"["7"]"#);
        assert_eq!(attempt("created", None, values, "a"), (1, false));
        assert_eq!(attempt("created", None, values, "a"), (2, false));
        assert_eq!(attempt("created", None, values, "b"), (3, true));
        assert_eq!(attempt("updated", None, values, "a"), (1, false));
        assert_eq!(attempt("created", None, Some(r#"["8"]"#), "a"), (1, false));
        // An empty id is none, and an id takes precedence.
        assert_eq!(attempt("updated", Some(""), values, "a"), (2, false));
        assert_eq!(attempt("created", Some("1"), values, "a"), (1, false));
        assert_eq!(attempt("created", None, None, "a"), (1, false));
    }

    #[test]
    fn an_activity_before_its_lead_is_out_of_order() {
        let mut ledger = Ledger::default();
        assert!(enter(&mut ledger, "activity_added", Some("1"), "a", 0).out_of_order);
        assert!(!enter(&mut ledger, "created", Some("2"), "a", 0).out_of_order);
        assert!(!enter(&mut ledger, "activity_added", Some("3"), "a", 0).out_of_order);
    }

    #[test]
    fn the_oldest_messages_are_evicted_at_capacity() {
        let mut ledger = Ledger::with_capacity(2);
        for id in ["1", "2", "3"] {
            enter(&mut ledger, "created", Some(id), "a", 0);
        }
        assert_eq!((ledger.len(), ledger.evicted()), (2, 1));
        assert_eq!(enter(&mut ledger, "created", Some("3"), "a", 0).attempt, 2);
        assert_eq!(enter(&mut ledger, "created", Some("1"), "a", 0).attempt, 1);
    }
}
