//! The queue of events from the service to the thread that prints them, bounded in number and in
//! bytes.
//!
//! A response never waits for the output: an event that does not fit is dropped and counted, and
//! its delivery is processed as usual.

use crate::commands::listen::event::ServiceEvent;
use crate::io::memory::{Budgeted, MemoryBudget};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TryRecvError, sync_channel};
use std::time::Duration;

/// The maximum number of queued events.
const MAX_EVENTS: usize = 10_000;

/// Creates a queue whose events take at most `memory`, and returns both ends.
pub(super) fn event_queue(memory: Arc<MemoryBudget>) -> (EventSender, EventReceiver) {
    let (sender, receiver) = sync_channel(MAX_EVENTS);
    (EventSender { sender, memory, dropped: AtomicU64::new(0) }, EventReceiver(receiver))
}

/// The sending end of the queue.
#[derive(Debug)]
pub(super) struct EventSender {
    sender: SyncSender<Budgeted<ServiceEvent>>,
    memory: Arc<MemoryBudget>,
    dropped: AtomicU64,
}

impl EventSender {
    /// Queues an event, or drops and counts it if the queue is full.
    pub(super) fn send(&self, event: ServiceEvent) {
        let reservation = self.memory.reserve(event.size_in_memory() as u64);
        let is_sent = reservation
            .is_some_and(|memory| self.sender.try_send(Budgeted::new(event, memory)).is_ok());
        if !is_sent {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Returns the number of events that were dropped.
    pub(super) fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }

    /// Returns the number of bytes of the queued events.
    pub(super) fn held_bytes(&self) -> u64 {
        self.memory.used()
    }
}

/// The receiving end of the queue.
#[derive(Debug)]
pub(super) struct EventReceiver(Receiver<Budgeted<ServiceEvent>>);

impl EventReceiver {
    /// Takes the next event, and waits for it until the timeout.
    pub(super) fn recv_timeout(&self, timeout: Duration) -> Result<ServiceEvent, RecvTimeoutError> {
        self.0.recv_timeout(timeout).map(Budgeted::into_inner)
    }

    /// Takes the next event, if one is queued.
    pub(super) fn try_recv(&self) -> Result<ServiceEvent, TryRecvError> {
        self.0.try_recv().map(Budgeted::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(bytes: usize) -> ServiceEvent {
        ServiceEvent::OtherRequest("x".repeat(bytes))
    }

    #[test]
    fn an_event_beyond_the_byte_limit_is_dropped_and_counted() {
        let size = event(1000).size_in_memory() as u64;
        let (sender, receiver) = event_queue(MemoryBudget::new(3 * size));
        (0..5).for_each(|_| sender.send(event(1000)));
        assert_eq!((sender.dropped(), sender.held_bytes()), (2, 3 * size));
        sender.send(event(10_000));
        assert_eq!(sender.dropped(), 3, "larger than the whole budget");
        assert!(receiver.try_recv().is_ok());
        sender.send(event(1000));
        assert_eq!(sender.dropped(), 3);
        let count = std::iter::from_fn(|| receiver.recv_timeout(Duration::ZERO).ok()).count();
        assert_eq!((count, sender.held_bytes()), (3, 0));
    }

    #[test]
    fn an_event_beyond_the_count_limit_is_dropped_and_holds_no_bytes() {
        let (sender, receiver) = event_queue(MemoryBudget::new(u64::MAX));
        (0..=MAX_EVENTS).for_each(|_| sender.send(event(0)));
        assert_eq!(sender.dropped(), 1);
        assert_eq!(std::iter::from_fn(|| receiver.try_recv().ok()).count(), MAX_EVENTS);
        assert_eq!(sender.held_bytes(), 0);
    }

    #[test]
    fn an_event_without_a_receiver_counts_as_dropped() {
        let (sender, receiver) = event_queue(MemoryBudget::new(u64::MAX));
        drop(receiver);
        sender.send(event(1));
        assert_eq!((sender.dropped(), sender.held_bytes()), (1, 0));
    }
}
