//! Connection admission: limits concurrent connections and evicts idle ones under pressure.
//!
//! A new connection is never refused because of idle ones. When all slots are in use, the oldest
//! idle connection is closed to make room; if none is idle, the oldest one that is still sending
//! its body. If every connection is being processed, the new one waits in the kernel's backlog.
//!
//! Buffer memory follows another order. A head that never ends holds memory without being a
//! request, so the connection that has waited longest for the end of its head is closed first,
//! without a grace period. Connections with a complete request are never evicted: their senders
//! would not know whether the delivery was processed.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::sync::Notify;
use tokio::time;

use crate::io::memory::MemoryBudget;

use super::buffers::Buffers;
use super::lock::lock;

/// The minimum idle time before a connection can be evicted.
///
/// A request may already be in the socket buffer although this process has not read it yet.
const EVICTION_GRACE: Duration = Duration::from_millis(100);

/// The interval at which a waiting connection looks for a slot again.
const RETRY_INTERVAL: Duration = Duration::from_millis(10);

/// The minimum number of slots that [`ConnectionSlots::shrink`] leaves.
const MIN_CAPACITY: usize = 8;

/// Limits the number of concurrent connections.
pub(super) struct ConnectionSlots {
    state: Mutex<SlotState>,
    /// The budget for the buffers of all connections.
    memory: Arc<MemoryBudget>,
    released: Notify,
}

struct SlotState {
    capacity: usize,
    /// The slots in use, the oldest connection first.
    slots: BTreeMap<u64, Arc<Slot>>,
    next: u64,
    /// The number of evicted connections that have not closed yet.
    closing: usize,
}

impl ConnectionSlots {
    pub(super) fn new(capacity: usize, memory: Arc<MemoryBudget>) -> Arc<Self> {
        let capacity = capacity.max(1);
        let state = SlotState { capacity, slots: BTreeMap::new(), next: 0, closing: 0 };
        Arc::new(Self { state: Mutex::new(state), memory, released: Notify::new() })
    }

    /// Waits for a free slot and acquires it.
    pub(super) async fn acquire(self: &Arc<Self>) -> SlotGuard {
        loop {
            if let Some(guard) = self.try_acquire() {
                return guard;
            }
            // A connection that becomes idle sends no notification, so the slots are also polled.
            let _ = time::timeout(RETRY_INTERVAL, self.released.notified()).await;
        }
    }

    /// Reduces the capacity after the system ran out of descriptors or memory.
    ///
    /// The new capacity is 7/8 of the connections that are open now: the handler needs the other
    /// descriptors for its files.
    pub(super) fn shrink(&self) {
        let mut state = lock(&self.state);
        let open = state.slots.len();
        state.capacity = state.capacity.min((open - open / 8).max(MIN_CAPACITY));
        while state.open() > state.capacity && state.evict() {}
    }

    /// Returns the number of open connections.
    pub(super) fn open(&self) -> usize {
        lock(&self.state).open()
    }

    /// Evicts connections until `bytes` of buffer memory are about to be released for `own`.
    ///
    /// The connections whose unfinished heads began first are evicted first. Returns `false` if too
    /// little memory can be released.
    pub(super) fn make_room(&self, own: &Slot, bytes: u64) -> bool {
        let mut state = lock(&self.state);
        // Evicted connections release their buffers soon: evicting others for the same bytes would
        // close more connections than necessary.
        let closing = state.slots.values().filter(|slot| slot.is_closing());
        let mut released = closing.map(|slot| slot.buffers.bytes()).sum::<u64>();
        while released < self.memory.shortfall(bytes) {
            let Some(bytes) = state.evict_for_memory(own) else { return false };
            released += bytes;
        }
        true
    }

    fn try_acquire(self: &Arc<Self>) -> Option<SlotGuard> {
        let mut state = lock(&self.state);
        if state.open() >= state.capacity && !(state.can_evict() && state.evict()) {
            return None;
        }
        let number = state.next;
        state.next += 1;
        let slot = Arc::new(Slot::new(&self.memory));
        state.slots.insert(number, Arc::clone(&slot));
        Some(SlotGuard { slots: Arc::clone(self), number, slot })
    }
}

impl SlotState {
    /// Returns the number of open connections, without the evicted ones.
    fn open(&self) -> usize {
        self.slots.len().saturating_sub(self.closing)
    }

    /// Returns `true` if another connection can be evicted.
    fn can_evict(&self) -> bool {
        // Evicted connections need a moment to close. Waiting for each of them would slow down
        // every new connection; not waiting at all would let their number grow without bound.
        // Allow 1/16 of the slots to be closing at any time.
        self.closing < (self.capacity / 16).max(1)
    }

    /// Evicts the connection that has waited longest for a head or its remaining bytes, among those
    /// with counted buffers. Returns the number of bytes that this releases.
    fn evict_for_memory(&mut self, own: &Slot) -> Option<u64> {
        if !self.can_evict() {
            return None;
        }
        let others = self.slots.values().filter(|slot| !std::ptr::eq(Arc::as_ptr(slot), own));
        let counted = others.filter(|slot| slot.buffers.bytes() > 0);
        let waiting = counted.filter_map(|slot| Some((slot.waiting_since()?, slot)));
        let (_, slot) = waiting.min_by_key(|(since, _)| *since)?;
        let bytes = slot.buffers.bytes();
        // No grace period: in a flood no connection would ever be old enough to be evicted, so the
        // flood would block all others.
        let evicted = slot.evict_if_idle(Duration::ZERO);
        self.closing += usize::from(evicted);
        evicted.then_some(bytes)
    }

    /// Evicts the oldest idle connection, or else the oldest one that is sending a body. Returns
    /// `false` if there is neither.
    fn evict(&mut self) -> bool {
        let mut by_age = self.slots.values();
        let evicted = by_age.any(|slot| slot.evict_if_idle(EVICTION_GRACE))
            || self.slots.values().any(|slot| slot.evict_in_body(EVICTION_GRACE));
        self.closing += usize::from(evicted);
        evicted
    }
}

/// An acquired slot, released on drop.
pub(super) struct SlotGuard {
    slots: Arc<ConnectionSlots>,
    number: u64,
    pub(super) slot: Arc<Slot>,
}

impl Drop for SlotGuard {
    fn drop(&mut self) {
        let mut state = lock(&self.slots.state);
        state.slots.remove(&self.number);
        if self.slot.is_closing() {
            state.closing = state.closing.saturating_sub(1);
        }
        drop(state);
        self.slots.released.notify_one();
    }
}

/// The slot of one connection: its phase, its buffers and the signal to close.
pub(super) struct Slot {
    phase: Mutex<Phase>,
    /// The accounting of its buffers.
    pub(super) buffers: Buffers,
    close: Notify,
}

#[derive(Clone, Copy)]
enum Phase {
    /// Waiting for a request since `since`; the first byte of its head came at `begun`.
    Idle { since: Instant, begun: Option<Instant> },
    /// The head is complete, the body is not.
    Body { begun: Instant },
    /// The request is complete, the response is not.
    Processing,
    /// The response is complete, but not all of it has been written.
    Responding,
    /// The connection was evicted, or was idle when the listener stopped.
    Closing {
        /// `true` if the connection was receiving a body.
        in_body: bool,
    },
}

impl Slot {
    pub(super) fn new(memory: &Arc<MemoryBudget>) -> Self {
        Self { phase: Mutex::new(idle()), buffers: Buffers::new(memory), close: Notify::new() }
    }

    /// Notes that bytes have been read. Returns `true` if they belong to an unfinished head.
    pub(super) fn bytes_received(&self) -> bool {
        let mut is_in_head = false;
        self.change(|phase| match phase {
            Phase::Idle { since, begun } => {
                is_in_head = true;
                Phase::Idle { since, begun: begun.or_else(|| Some(Instant::now())) }
            }
            phase => phase,
        });
        is_in_head
    }

    /// Returns the time since which the connection has waited for a head or its remaining bytes.
    fn waiting_since(&self) -> Option<Instant> {
        match *lock(&self.phase) {
            Phase::Idle { since, begun } => Some(begun.unwrap_or(since)),
            _ => None,
        }
    }

    /// Returns the input that the connection waits for.
    pub(super) fn awaited_input(&self) -> AwaitedInput {
        match *lock(&self.phase) {
            Phase::Idle { since, begun: None } => AwaitedInput::Request { since },
            Phase::Idle { begun: Some(begun), .. } | Phase::Body { begun } => {
                AwaitedInput::RestOfRequest { begun }
            }
            Phase::Processing | Phase::Responding | Phase::Closing { .. } => AwaitedInput::Nothing,
        }
    }

    /// Notes that a head is complete. Returns `false` if the connection is closing.
    pub(super) fn head_received(&self) -> bool {
        self.change(|phase| match phase {
            Phase::Idle { since, begun } => Phase::Body { begun: begun.unwrap_or(since) },
            phase => phase,
        })
    }

    /// Notes that a request is complete. Returns `false` if the connection is closing.
    pub(super) fn request_received(&self) -> bool {
        self.change(|_| Phase::Processing)
    }

    /// Notes that the response is complete.
    pub(super) fn response_ready(&self) {
        self.change(|_| Phase::Responding);
    }

    /// Notes that bytes are about to be written. Returns `false` if the connection is closing.
    pub(super) fn begin_write(&self) -> bool {
        self.change(|phase| match phase {
            Phase::Idle { .. } => Phase::Responding,
            // During a body only `100 Continue` is written, which is not the response.
            phase => phase,
        })
    }

    /// Notes that everything has been written.
    pub(super) fn flushed(&self) {
        self.change(|phase| match phase {
            Phase::Responding => idle(),
            phase => phase,
        });
    }

    /// Marks the connection as idle, so that it can be evicted.
    pub(super) fn set_idle(&self) {
        self.change(|_| idle());
    }

    /// Returns `true` if a part of a response has still to be written.
    pub(super) fn is_writing(&self) -> bool {
        matches!(*lock(&self.phase), Phase::Responding)
    }

    /// Returns `true` if the connection has to close.
    pub(super) fn is_closing(&self) -> bool {
        matches!(*lock(&self.phase), Phase::Closing { .. })
    }

    /// Returns `true` if the connection was evicted before its body was complete.
    pub(super) fn was_evicted_in_body(&self) -> bool {
        matches!(*lock(&self.phase), Phase::Closing { in_body: true })
    }

    /// Evicts the connection if it has been idle for `grace`.
    pub(super) fn evict_if_idle(&self, grace: Duration) -> bool {
        self.close_if(|phase| match phase {
            Phase::Idle { since, .. } => since.elapsed() >= grace,
            _ => false,
        })
    }

    /// Evicts the connection if it has been receiving a body for `grace`.
    fn evict_in_body(&self, grace: Duration) -> bool {
        self.close_if(|phase| match phase {
            Phase::Body { begun } => begun.elapsed() >= grace,
            _ => false,
        })
    }

    /// Closes the connection if no request is in flight.
    pub(super) fn close_if_idle(&self) {
        self.evict_if_idle(Duration::ZERO);
    }

    fn close_if(&self, can_close: impl FnOnce(Phase) -> bool) -> bool {
        let mut phase = lock(&self.phase);
        let closes = can_close(*phase);
        if closes {
            *phase = Phase::Closing { in_body: matches!(*phase, Phase::Body { .. }) };
            self.close.notify_one();
        }
        closes
    }

    /// Waits until the connection has to close.
    pub(super) async fn wait_until_closing(&self) {
        while !self.is_closing() {
            self.close.notified().await;
        }
    }

    /// Changes the phase. Returns `false` if the connection is closing, which is final.
    fn change(&self, to: impl FnOnce(Phase) -> Phase) -> bool {
        let mut phase = lock(&self.phase);
        if matches!(*phase, Phase::Closing { .. }) {
            return false;
        }
        *phase = to(*phase);
        true
    }
}

/// The input that a connection waits for, and the start of the wait.
#[derive(Clone, Copy)]
pub(super) enum AwaitedInput {
    /// The first byte of a request.
    Request {
        /// The time of the connection, or of the last response.
        since: Instant,
    },
    /// The remaining bytes of a request.
    RestOfRequest {
        /// The time of its first byte.
        begun: Instant,
    },
    /// Nothing from the sender.
    Nothing,
}

fn idle() -> Phase {
    Phase::Idle { since: Instant::now(), begun: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled_slots(capacity: usize) -> (Arc<ConnectionSlots>, Vec<SlotGuard>) {
        let slots = ConnectionSlots::new(capacity, MemoryBudget::new(1000));
        let guards = std::iter::from_fn(|| slots.try_acquire()).collect();
        (slots, guards)
    }

    #[test]
    fn acquires_no_more_slots_than_the_capacity() {
        let (slots, mut guards) = filled_slots(3);
        assert_eq!(guards.len(), 3);
        assert!(slots.try_acquire().is_none());
        guards.remove(1);
        assert!(slots.try_acquire().is_some());
    }

    #[test]
    fn evicts_as_few_connections_as_needed_and_none_in_progress() {
        let (slots, guards) = filled_slots(4);
        assert!(guards[0].slot.head_received() && guards[0].slot.request_received());
        wait_for_grace();
        let admitted = slots.try_acquire();
        assert!(admitted.is_some() && slots.try_acquire().is_none());
        let closing =
            |guards: &[SlotGuard]| guards.iter().map(|s| s.slot.is_closing()).collect::<Vec<_>>();
        assert_eq!(closing(&guards), [false, true, false, false]);
        assert!(!guards[1].slot.head_received() && !guards[1].slot.begin_write());
        guards[0].slot.response_ready();
        assert!(!guards[0].slot.evict_if_idle(Duration::ZERO));
        guards[0].slot.flushed();
        assert!(guards[0].slot.evict_if_idle(Duration::ZERO));
    }

    #[test]
    fn evicts_a_slow_body_if_no_connection_is_idle() {
        let (slots, guards) = filled_slots(3);
        assert!(guards[0].slot.head_received() && guards[0].slot.request_received());
        assert!(guards[1].slot.head_received() && guards[2].slot.head_received());
        assert!(slots.try_acquire().is_none(), "a body gets the grace period");
        wait_for_grace();
        let admitted = slots.try_acquire();
        assert!(admitted.is_some() && guards[1].slot.is_closing() && !guards[2].slot.is_closing());
        assert!(!guards[1].slot.request_received() && guards[2].slot.request_received());
    }

    #[test]
    fn reduces_the_capacity_when_the_system_runs_out_of_resources() {
        let (slots, mut guards) = filled_slots(64);
        wait_for_grace();
        slots.shrink();
        assert_eq!(guards.iter().filter(|guard| guard.slot.is_closing()).count(), 8);
        guards.retain(|guard| guard.slot.head_received() && guard.slot.request_received());
        assert!(slots.try_acquire().is_none());
        guards.truncate(55);
        assert!(slots.try_acquire().is_some());
        // A few open connections cannot be the cause, so the capacity stays at the minimum.
        let (slots, mut guards) = filled_slots(64);
        guards.truncate(4);
        slots.shrink();
        guards.extend(std::iter::from_fn(|| slots.try_acquire()));
        assert_eq!(guards.len(), MIN_CAPACITY);
    }

    #[test]
    fn the_oldest_unfinished_head_makes_room_for_the_bytes_of_another() {
        let (slots, guards) = filled_slots(48);
        let slot = |index: usize| &guards[index].slot;
        for index in [2, 1, 4] {
            assert!(slot(index).bytes_received(), "a head has begun");
            slot(index).buffers.overdraw(300);
        }
        assert!(slot(3).bytes_received() && slot(3).head_received(), "a body is being received");
        slot(3).buffers.overdraw(100);
        assert!(slots.make_room(slot(0), 0), "1000 bytes fit");
        let closing = || (0..6).filter(|index| slot(*index).is_closing()).collect::<Vec<_>>();
        assert!(slots.make_room(slot(0), 100) && slots.make_room(slot(0), 300));
        assert_eq!(
            closing(),
            [2],
            "the head that began first; its bytes are enough for both calls"
        );
        assert!(slots.make_room(slot(0), 400));
        assert_eq!(closing(), [1, 2]);
        assert!(!slots.make_room(slot(4), 700), "a connection is not evicted for its own bytes");
        assert_eq!(closing(), [1, 2]);
    }

    fn wait_for_grace() {
        std::thread::sleep(EVICTION_GRACE);
    }
}
