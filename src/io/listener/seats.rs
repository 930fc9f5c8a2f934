//! The places for connections, and which connection leaves when all are taken.
//!
//! A newcomer is never refused because others sit idle: the oldest connection with nothing in
//! flight leaves for it. Where all are at work the newcomer waits in the system's queue.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::time::Duration;
use std::time::Instant;

use tokio::sync::Notify;
use tokio::time;

/// How long a connection is idle before it may be made to leave. Its request may have arrived
/// although nobody has had the time to read it yet.
const GRACE: Duration = Duration::from_millis(100);

/// How long a newcomer waits before it looks for a place again.
const PAUSE: Duration = Duration::from_millis(10);

/// The fewest places to go on with when the system has no descriptors left.
const FEWEST: usize = 8;

/// All places.
pub(super) struct Seats {
    taken: Mutex<Taken>,
    freed: Notify,
}

struct Taken {
    most: usize,
    /// The oldest first.
    seats: BTreeMap<u64, Arc<Seat>>,
    next: u64,
    /// How many were told to leave and have not left yet.
    leaving: usize,
}

impl Seats {
    pub(super) fn new(most: usize) -> Arc<Self> {
        let taken = Taken { most: most.max(1), seats: BTreeMap::new(), next: 0, leaving: 0 };
        Arc::new(Self { taken: Mutex::new(taken), freed: Notify::new() })
    }

    /// Takes a place, as soon as one is free.
    pub(super) async fn take(self: &Arc<Self>) -> Seated {
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

    fn try_take(self: &Arc<Self>) -> Option<Seated> {
        let mut taken = lock(&self.taken);
        if taken.open() >= taken.most {
            // To wait until each has left would make every newcomer slow, not to wait at all would
            // leave a flood of them unbounded.
            let patient = taken.leaving < (taken.most / 16).max(1);
            if !(patient && taken.evict()) {
                return None;
            }
        }
        let number = taken.next;
        taken.next += 1;
        let seat = Arc::new(Seat::new());
        taken.seats.insert(number, Arc::clone(&seat));
        Some(Seated { seats: Arc::clone(self), number, seat })
    }
}

impl Taken {
    /// How many connections there are, without those that are leaving.
    fn open(&self) -> usize {
        self.seats.len().saturating_sub(self.leaving)
    }

    /// Tells the oldest idle connection to leave, if there is one.
    fn evict(&mut self) -> bool {
        let evicted = self.seats.values().any(|seat| seat.evict(GRACE));
        self.leaving += usize::from(evicted);
        evicted
    }
}

/// A taken place, free again when this is dropped.
pub(super) struct Seated {
    seats: Arc<Seats>,
    number: u64,
    pub(super) seat: Arc<Seat>,
}

impl Drop for Seated {
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
pub(super) struct Seat {
    phase: Mutex<Phase>,
    leave: Notify,
}

enum Phase {
    /// No request is in flight since then.
    Idle(Instant),
    /// A head is complete and its answer is not.
    Busy,
    /// The answer is complete, and not all of it has been written.
    Answered,
    /// The connection has to leave, or was idle when the listener stopped.
    Gone,
}

impl Seat {
    pub(super) fn new() -> Self {
        Self { phase: Mutex::new(Phase::Idle(Instant::now())), leave: Notify::new() }
    }

    /// A head is complete. Says no when the connection has to leave instead.
    pub(super) fn begin(&self) -> bool {
        self.change(|_| Phase::Busy)
    }

    /// The answer is complete.
    pub(super) fn answered(&self) {
        self.change(|_| Phase::Answered);
    }

    /// Bytes are about to be written. Says no when the connection has to leave instead.
    pub(super) fn write(&self) -> bool {
        self.change(|phase| match phase {
            Phase::Idle(_) => Phase::Answered,
            phase @ (Phase::Busy | Phase::Answered | Phase::Gone) => phase,
        })
    }

    /// All that was to be written has been.
    pub(super) fn flushed(&self) {
        self.change(|phase| match phase {
            Phase::Answered => Phase::Idle(Instant::now()),
            phase @ (Phase::Idle(_) | Phase::Busy | Phase::Gone) => phase,
        });
    }

    /// Nothing more is expected of the connection.
    pub(super) fn rest(&self) {
        self.change(|_| Phase::Idle(Instant::now()));
    }

    /// Whether a part of an answer is still to be written.
    pub(super) fn is_writing(&self) -> bool {
        matches!(*lock(&self.phase), Phase::Answered)
    }

    /// Whether the connection had to leave.
    pub(super) fn is_gone(&self) -> bool {
        matches!(*lock(&self.phase), Phase::Gone)
    }

    /// Makes the connection leave if it has been idle for `grace`.
    pub(super) fn evict(&self, grace: Duration) -> bool {
        let mut phase = lock(&self.phase);
        let idle = matches!(*phase, Phase::Idle(since) if since.elapsed() >= grace);
        if idle {
            *phase = Phase::Gone;
            self.leave.notify_one();
        }
        idle
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
        let before = std::mem::replace(&mut *phase, Phase::Gone);
        if matches!(before, Phase::Gone) {
            return false;
        }
        *phase = to(before);
        true
    }
}

/// Every change is one assignment, so a panic elsewhere leaves nothing half done.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full(most: usize) -> (Arc<Seats>, Vec<Seated>) {
        let seats = Seats::new(most);
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
        assert!(seated[0].seat.begin());
        outlast_grace();
        let newcomer = seats.try_take();
        assert!(newcomer.is_some() && seats.try_take().is_none());
        let gone = |seated: &[Seated]| seated.iter().map(|s| s.seat.is_gone()).collect::<Vec<_>>();
        assert_eq!(gone(&seated), [false, true, false, false]);
        assert!(!seated[1].seat.begin() && !seated[1].seat.write());
        seated[0].seat.answered();
        assert!(!seated[0].seat.evict(Duration::ZERO));
        seated[0].seat.flushed();
        assert!(seated[0].seat.evict(Duration::ZERO));
    }

    #[test]
    fn goes_on_with_fewer_places_when_the_system_gives_out() {
        let (seats, mut seated) = full(64);
        outlast_grace();
        seats.shrink();
        assert_eq!(seated.iter().filter(|seated| seated.seat.is_gone()).count(), 8);
        seated.retain(|seated| seated.seat.begin());
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

    fn outlast_grace() {
        std::thread::sleep(GRACE);
    }
}
