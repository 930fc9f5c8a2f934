//! The places for connections, and which connection leaves when all are taken.
//!
//! A newcomer is never refused because others sit idle: the oldest connection with nothing in
//! flight leaves for it, and where there is none, the oldest whose body does not come to its end.
//! Where all are at work the newcomer waits in the system's queue.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::sync::Notify;
use tokio::time;

use crate::io::memory::MemoryBudget;

use super::buffers::Buffers;
use super::lock::lock;

/// How long a connection is idle, or its request on its way, before it may be made to leave. A
/// request may have arrived although nobody has had the time to read it yet.
const GRACE: Duration = Duration::from_millis(100);

/// How long a newcomer waits before it looks for a place again.
const PAUSE: Duration = Duration::from_millis(10);

/// The fewest places to go on with when the system has no descriptors left.
const FEWEST: usize = 8;

/// All places.
pub(super) struct ConnectionSlots {
    taken: Mutex<SlotState>,
    /// What the buffers of all connections may hold.
    memory: Arc<MemoryBudget>,
    freed: Notify,
}

struct SlotState {
    most: usize,
    /// The oldest first.
    seats: BTreeMap<u64, Arc<Slot>>,
    next: u64,
    /// How many were told to leave and have not left yet.
    leaving: usize,
}

impl ConnectionSlots {
    pub(super) fn new(most: usize, memory: Arc<MemoryBudget>) -> Arc<Self> {
        let taken = SlotState { most: most.max(1), seats: BTreeMap::new(), next: 0, leaving: 0 };
        Arc::new(Self { taken: Mutex::new(taken), memory, freed: Notify::new() })
    }

    /// Takes a place, as soon as one is free.
    pub(super) async fn take(self: &Arc<Self>) -> SlotGuard {
        loop {
            if let Some(seated) = self.try_take() {
                return seated;
            }
            // It is not heard of when a connection becomes idle, so it has to be looked for.
            let _ = time::timeout(PAUSE, self.freed.notified()).await;
        }
    }

    /// Goes on with fewer places: at this number of connections the system gave out. An eighth is
    /// left to the handler, which opens files.
    pub(super) fn shrink(&self) {
        let mut taken = lock(&self.taken);
        let open = taken.seats.len();
        taken.most = taken.most.min((open - open / 8).max(FEWEST));
        while taken.open() > taken.most && taken.evict() {}
    }

    /// How many connections there are.
    pub(super) fn open(&self) -> usize {
        lock(&self.taken).open()
    }

    /// Makes room for the buffers of one connection: those leave that began their unfinished head
    /// first, until `bytes` are about to be given back. Returns `false` if they are too few.
    pub(super) fn make_room(&self, own: &Slot, bytes: u64) -> bool {
        let mut taken = lock(&self.taken);
        let gone = taken.seats.values().filter(|seat| seat.is_gone());
        let mut leaving = gone.map(|seat| seat.buffers.bytes()).sum::<u64>();
        while leaving < self.memory.lacks(bytes) {
            let Some(freed) = taken.evict_for_memory(own) else { return false };
            leaving += freed;
        }
        true
    }

    fn try_take(self: &Arc<Self>) -> Option<SlotGuard> {
        let mut taken = lock(&self.taken);
        if taken.open() >= taken.most && !(taken.may_evict() && taken.evict()) {
            return None;
        }
        let number = taken.next;
        taken.next += 1;
        let seat = Arc::new(Slot::new(&self.memory));
        taken.seats.insert(number, Arc::clone(&seat));
        Some(SlotGuard { seats: Arc::clone(self), number, seat })
    }
}

impl SlotState {
    /// How many connections there are, without those that are leaving.
    fn open(&self) -> usize {
        self.seats.len().saturating_sub(self.leaving)
    }

    /// Returns `true` if one more may be told to leave. To wait until each has left would make every
    /// newcomer slow, not to wait at all would leave a flood of them unbounded.
    fn may_evict(&self) -> bool {
        self.leaving < (self.most / 16).max(1)
    }

    /// Tells the connection to leave that waits longest for the end of a head, or for its beginning,
    /// of those whose buffers are counted. Returns how many bytes that gives back.
    fn evict_for_memory(&mut self, own: &Slot) -> Option<u64> {
        if !self.may_evict() {
            return None;
        }
        let others = self.seats.values().filter(|seat| !std::ptr::eq(Arc::as_ptr(seat), own));
        let counted = others.filter(|seat| seat.buffers.bytes() > 0);
        let waiting = counted.filter_map(|seat| Some((seat.waiting_since()?, seat)));
        let (_, seat) = waiting.min_by_key(|(since, _)| *since)?;
        let bytes = seat.buffers.bytes();
        // Without a grace: a flood would never grow old enough, and keep others out.
        let evicted = seat.evict(Duration::ZERO);
        self.leaving += usize::from(evicted);
        evicted.then_some(bytes)
    }

    /// Tells the oldest connection that may have to leave to do so, if there is one.
    fn evict(&mut self) -> bool {
        let mut by_age = self.seats.values();
        let evicted =
            by_age.any(|seat| seat.evict(GRACE)) || self.seats.values().any(|seat| seat.cut(GRACE));
        self.leaving += usize::from(evicted);
        evicted
    }
}

/// A taken place, free again when this is dropped.
pub(super) struct SlotGuard {
    seats: Arc<ConnectionSlots>,
    number: u64,
    pub(super) seat: Arc<Slot>,
}

impl Drop for SlotGuard {
    fn drop(&mut self) {
        let mut taken = lock(&self.seats.taken);
        taken.seats.remove(&self.number);
        if self.seat.is_gone() {
            taken.leaving = taken.leaving.saturating_sub(1);
        }
        drop(taken);
        self.seats.freed.notify_one();
    }
}

/// The place of one connection: what the connection is doing, and whether it has to leave.
pub(super) struct Slot {
    phase: Mutex<Phase>,
    /// What its buffers hold.
    pub(super) buffers: Buffers,
    leave: Notify,
}

#[derive(Clone, Copy)]
enum Phase {
    /// No whole head has come since then; a part of one may have, from `begun` on.
    Idle { since: Instant, begun: Option<Instant> },
    /// A head is complete and its body is not.
    Body { begun: Instant },
    /// A request is complete and its answer is not.
    Busy,
    /// The answer is complete, and not all of it has been written.
    Answered,
    /// The connection has to leave, or was idle when the listener stopped.
    Gone {
        /// Whether a body was on its way.
        in_body: bool,
    },
}

impl Slot {
    pub(super) fn new(memory: &Arc<MemoryBudget>) -> Self {
        Self { phase: Mutex::new(idle()), buffers: Buffers::new(memory), leave: Notify::new() }
    }

    /// Bytes have been read. Returns `true` if they are of a head that has no end yet.
    pub(super) fn read(&self) -> bool {
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

    /// Since when it waits for the end of a head, or for its beginning.
    fn waiting_since(&self) -> Option<Instant> {
        match *lock(&self.phase) {
            Phase::Idle { since, begun } => Some(begun.unwrap_or(since)),
            _ => None,
        }
    }

    /// What is being waited for.
    pub(super) fn awaited(&self) -> Awaited {
        match *lock(&self.phase) {
            Phase::Idle { since, begun: None } => Awaited::Request { since },
            Phase::Idle { begun: Some(begun), .. } | Phase::Body { begun } => {
                Awaited::Rest { begun }
            }
            Phase::Busy | Phase::Answered | Phase::Gone { .. } => Awaited::Nothing,
        }
    }

    /// A head is complete. Says no when the connection has to leave instead.
    pub(super) fn begin(&self) -> bool {
        self.change(|phase| match phase {
            Phase::Idle { since, begun } => Phase::Body { begun: begun.unwrap_or(since) },
            phase => phase,
        })
    }

    /// A request is complete. Says no when the connection has to leave instead.
    pub(super) fn received(&self) -> bool {
        self.change(|_| Phase::Busy)
    }

    /// The answer is complete.
    pub(super) fn answered(&self) {
        self.change(|_| Phase::Answered);
    }

    /// Bytes are about to be written. Says no when the connection has to leave instead.
    pub(super) fn write(&self) -> bool {
        self.change(|phase| match phase {
            Phase::Idle { .. } => Phase::Answered,
            // What is written while a body is awaited is no answer, but leave to go on.
            phase => phase,
        })
    }

    /// All that was to be written has been.
    pub(super) fn flushed(&self) {
        self.change(|phase| match phase {
            Phase::Answered => idle(),
            phase => phase,
        });
    }

    /// Nothing more is expected of the connection.
    pub(super) fn rest(&self) {
        self.change(|_| idle());
    }

    /// Whether a part of an answer is still to be written.
    pub(super) fn is_writing(&self) -> bool {
        matches!(*lock(&self.phase), Phase::Answered)
    }

    /// Whether the connection had to leave.
    pub(super) fn is_gone(&self) -> bool {
        matches!(*lock(&self.phase), Phase::Gone { .. })
    }

    /// Whether the connection had to leave before its body was there.
    pub(super) fn was_cut(&self) -> bool {
        matches!(*lock(&self.phase), Phase::Gone { in_body: true })
    }

    /// Makes the connection leave if it has been idle for `grace`.
    pub(super) fn evict(&self, grace: Duration) -> bool {
        self.go_if(|phase| match phase {
            Phase::Idle { since, .. } => since.elapsed() >= grace,
            _ => false,
        })
    }

    /// Makes the connection leave if its body has been on its way for `grace`.
    fn cut(&self, grace: Duration) -> bool {
        self.go_if(|phase| match phase {
            Phase::Body { begun } => begun.elapsed() >= grace,
            _ => false,
        })
    }

    /// Makes the connection leave if no request is in flight.
    pub(super) fn leave(&self) {
        self.evict(Duration::ZERO);
    }

    fn go_if(&self, may_go: impl FnOnce(Phase) -> bool) -> bool {
        let mut phase = lock(&self.phase);
        let goes = may_go(*phase);
        if goes {
            *phase = Phase::Gone { in_body: matches!(*phase, Phase::Body { .. }) };
            self.leave.notify_one();
        }
        goes
    }

    /// Waits until the connection has to leave.
    pub(super) async fn evicted(&self) {
        while !self.is_gone() {
            self.leave.notified().await;
        }
    }

    /// Changes the phase, unless the connection has to leave.
    fn change(&self, to: impl FnOnce(Phase) -> Phase) -> bool {
        let mut phase = lock(&self.phase);
        if matches!(*phase, Phase::Gone { .. }) {
            return false;
        }
        *phase = to(*phase);
        true
    }
}

/// What a connection waits for, and since when.
#[derive(Clone, Copy)]
pub(super) enum Awaited {
    /// The first byte of a request.
    Request {
        /// Since the connection, or the last answer.
        since: Instant,
    },
    /// What is missing of a request.
    Rest {
        /// When its first byte came.
        begun: Instant,
    },
    /// Nothing that the sender has to send.
    Nothing,
}

fn idle() -> Phase {
    Phase::Idle { since: Instant::now(), begun: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full(most: usize) -> (Arc<ConnectionSlots>, Vec<SlotGuard>) {
        let seats = ConnectionSlots::new(most, MemoryBudget::new(1000));
        let seated = std::iter::from_fn(|| seats.try_take()).collect();
        (seats, seated)
    }

    #[test]
    fn gives_no_more_places_than_there_are() {
        let (seats, mut seated) = full(3);
        assert_eq!(seated.len(), 3);
        assert!(seats.try_take().is_none());
        seated.remove(1);
        assert!(seats.try_take().is_some());
    }

    #[test]
    fn makes_as_many_leave_as_have_to_and_none_at_work() {
        let (seats, seated) = full(4);
        assert!(seated[0].seat.begin() && seated[0].seat.received());
        outlast_grace();
        let newcomer = seats.try_take();
        assert!(newcomer.is_some() && seats.try_take().is_none());
        let gone =
            |seated: &[SlotGuard]| seated.iter().map(|s| s.seat.is_gone()).collect::<Vec<_>>();
        assert_eq!(gone(&seated), [false, true, false, false]);
        assert!(!seated[1].seat.begin() && !seated[1].seat.write());
        seated[0].seat.answered();
        assert!(!seated[0].seat.evict(Duration::ZERO));
        seated[0].seat.flushed();
        assert!(seated[0].seat.evict(Duration::ZERO));
    }

    #[test]
    fn makes_one_that_drips_its_body_leave_where_none_is_idle() {
        let (seats, seated) = full(3);
        assert!(seated[0].seat.begin() && seated[0].seat.received());
        assert!(seated[1].seat.begin() && seated[2].seat.begin());
        assert!(seats.try_take().is_none(), "a body has the time to come");
        outlast_grace();
        let newcomer = seats.try_take();
        assert!(newcomer.is_some() && seated[1].seat.is_gone() && !seated[2].seat.is_gone());
        assert!(!seated[1].seat.received() && seated[2].seat.received());
    }

    #[test]
    fn goes_on_with_fewer_places_when_the_system_gives_out() {
        let (seats, mut seated) = full(64);
        outlast_grace();
        seats.shrink();
        assert_eq!(seated.iter().filter(|seated| seated.seat.is_gone()).count(), 8);
        seated.retain(|seated| seated.seat.begin() && seated.seat.received());
        assert!(seats.try_take().is_none());
        seated.truncate(55);
        assert!(seats.try_take().is_some());
        // With few open already, the cause lies elsewhere.
        let (seats, mut seated) = full(64);
        seated.truncate(4);
        seats.shrink();
        seated.extend(std::iter::from_fn(|| seats.try_take()));
        assert_eq!(seated.len(), FEWEST);
    }

    #[test]
    fn the_oldest_unfinished_head_makes_room_for_the_bytes_of_another() {
        let (seats, seated) = full(48);
        let seat = |index: usize| &seated[index].seat;
        for index in [2, 1, 4] {
            assert!(seat(index).read(), "a head has begun");
            seat(index).buffers.overdraw(300);
        }
        assert!(seat(3).read() && seat(3).begin(), "a body is on its way");
        seat(3).buffers.overdraw(100);
        assert!(seats.make_room(seat(0), 0), "1000 bytes fit");
        let gone = || (0..6).filter(|index| seat(*index).is_gone()).collect::<Vec<_>>();
        assert!(seats.make_room(seat(0), 100) && seats.make_room(seat(0), 300));
        assert_eq!(gone(), [2], "by the beginning of the head, and one is enough for both");
        assert!(seats.make_room(seat(0), 400));
        assert_eq!(gone(), [1, 2]);
        assert!(!seats.make_room(seat(4), 700), "it does not leave for itself");
        assert_eq!(gone(), [1, 2]);
    }

    fn outlast_grace() {
        std::thread::sleep(GRACE);
    }
}
