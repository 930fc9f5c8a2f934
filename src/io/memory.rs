//! Memory accounting: limits the bytes of requests, events and working copies in memory.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::{Semaphore, SemaphorePermit};

/// A limit on the number of bytes in use, with the current number.
#[derive(Debug)]
pub struct MemoryBudget {
    limit: u64,
    used: AtomicU64,
    /// The budget of which this is a share; reservations count in both.
    parent: Option<Arc<Self>>,
}

impl MemoryBudget {
    /// Creates a budget of which nothing is used.
    #[must_use]
    pub fn new(limit: u64) -> Arc<Self> {
        Arc::new(Self { limit, used: AtomicU64::new(0), parent: None })
    }

    /// Returns a share of this budget with its own limit; its reservations count in both.
    #[must_use]
    pub fn share(self: &Arc<Self>, limit: u64) -> Arc<Self> {
        Arc::new(Self { limit, used: AtomicU64::new(0), parent: Some(Arc::clone(self)) })
    }

    /// Returns the maximum number of bytes.
    #[must_use]
    pub fn limit(&self) -> u64 {
        self.limit
    }

    /// Returns the number of bytes in use.
    #[must_use]
    pub fn used(&self) -> u64 {
        self.used.load(Ordering::Relaxed)
    }

    /// Returns a reservation of no bytes, which can grow.
    #[must_use]
    pub fn empty_reservation(self: &Arc<Self>) -> Reservation {
        Reservation { budget: Arc::clone(self), bytes: 0 }
    }

    /// Reserves `bytes`, or returns `None` if too few are left.
    #[must_use]
    pub fn reserve(self: &Arc<Self>, bytes: u64) -> Option<Reservation> {
        let mut reservation = self.empty_reservation();
        reservation.grow(bytes).then_some(reservation)
    }

    /// Returns the number of bytes that must be released before `bytes` can be reserved.
    #[must_use]
    pub fn shortfall(&self, bytes: u64) -> u64 {
        let own = self.used().saturating_add(bytes).saturating_sub(self.limit);
        own.max(self.parent.as_ref().map_or(0, |parent| parent.shortfall(bytes)))
    }

    /// Counts `bytes` in this budget and its parents, or in none of them. Returns `false` if too
    /// few are left.
    fn try_acquire(&self, bytes: u64) -> bool {
        let more = |used: u64| used.checked_add(bytes).filter(|used| *used <= self.limit);
        if self.used.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more).is_err() {
            return false;
        }
        let is_reserved = self.parent.as_ref().is_none_or(|parent| parent.try_acquire(bytes));
        if !is_reserved {
            self.used.fetch_sub(bytes, Ordering::Relaxed);
        }
        is_reserved
    }

    /// Counts `bytes` in this budget and its parents, even beyond their limits.
    fn overdraw(&self, bytes: u64) {
        self.used.fetch_add(bytes, Ordering::Relaxed);
        if let Some(parent) = &self.parent {
            parent.overdraw(bytes);
        }
    }

    fn release(&self, bytes: u64) {
        self.used.fetch_sub(bytes, Ordering::Relaxed);
        if let Some(parent) = &self.parent {
            parent.release(bytes);
        }
    }
}

/// Reserved bytes of a budget, released on drop.
pub struct Reservation {
    budget: Arc<MemoryBudget>,
    bytes: u64,
}

impl Reservation {
    /// Returns the number of bytes reserved.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Returns the limit of the budget.
    #[must_use]
    pub fn limit(&self) -> u64 {
        self.budget.limit
    }

    /// Reserves more bytes. Returns `false`, and reserves none of them, if too few are left.
    #[must_use]
    pub fn grow(&mut self, bytes: u64) -> bool {
        let is_reserved = self.budget.try_acquire(bytes);
        self.bytes += if is_reserved { bytes } else { 0 };
        is_reserved
    }

    /// Reserves more bytes even beyond the limit, for memory that is in use already. Other
    /// reservations fail until it is released.
    pub fn overdraw(&mut self, bytes: u64) {
        self.budget.overdraw(bytes);
        self.bytes += bytes;
    }

    /// Releases bytes, at most those that are reserved.
    pub fn shrink(&mut self, bytes: u64) {
        let bytes = bytes.min(self.bytes);
        self.budget.release(bytes);
        self.bytes -= bytes;
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.budget.release(self.bytes);
    }
}

impl fmt::Debug for Reservation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Reservation({} bytes)", self.bytes)
    }
}

/// Limits the bytes of short-lived copies. Callers wait for free bytes in the order of arrival.
#[derive(Debug)]
pub struct ByteSemaphore {
    /// One permit per kibibyte.
    permits: Semaphore,
    capacity: u32,
}

impl ByteSemaphore {
    /// Creates a semaphore with a total of `bytes`.
    #[must_use]
    pub fn new(bytes: u64) -> Self {
        let capacity = kibibytes(bytes);
        Self { permits: Semaphore::new(capacity as usize), capacity }
    }

    /// Waits until `bytes` are free, and acquires them until the permit is dropped. A request for
    /// more than the capacity waits until all bytes are free.
    pub async fn acquire(&self, bytes: u64) -> Option<SemaphorePermit<'_>> {
        self.permits.acquire_many(kibibytes(bytes).min(self.capacity)).await.ok()
    }
}

fn kibibytes(bytes: u64) -> u32 {
    // A tokio semaphore supports at least this number of permits on every platform.
    u32::try_from(bytes.div_ceil(1024)).unwrap_or(u32::MAX).clamp(1, 1 << 28)
}

/// A value whose bytes are reserved during its lifetime.
#[derive(Debug)]
pub struct Budgeted<T> {
    value: T,
    reservation: Reservation,
}

impl<T> Budgeted<T> {
    /// Ties a value to the bytes reserved for it.
    pub fn new(value: T, reservation: Reservation) -> Self {
        Self { value, reservation }
    }

    /// Returns the number of bytes reserved for it.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.reservation.bytes()
    }

    /// Returns the value and releases its reservation.
    pub fn into_inner(self) -> T {
        self.value
    }
}

impl<T> Deref for Budgeted<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::task::Poll;

    #[test]
    fn a_budget_reserves_up_to_its_limit_and_reuses_released_bytes() {
        let budget = MemoryBudget::new(10);
        let mut first = budget.reserve(6).unwrap();
        assert!(budget.reserve(5).is_none() && !first.grow(5));
        assert_eq!((budget.shortfall(4), budget.shortfall(5), budget.shortfall(14)), (0, 1, 10));
        assert_eq!((budget.used(), first.bytes()), (6, 6));
        let second = budget.reserve(4).unwrap();
        assert!(budget.reserve(1).is_none() && budget.reserve(u64::MAX).is_none());
        first.shrink(5);
        assert_eq!(budget.used(), 5);
        drop((first, second));
        assert_eq!(budget.used(), 0);
    }

    #[test]
    fn a_share_counts_in_its_parent_and_has_its_own_limit() {
        let parent = MemoryBudget::new(10);
        let share = parent.share(4);
        assert!(share.reserve(5).is_none());
        let held = share.reserve(4).unwrap();
        assert_eq!((share.used(), parent.used()), (4, 4));
        let others = parent.reserve(6).unwrap();
        drop(held);
        let two = parent.reserve(2).unwrap();
        assert!(share.reserve(3).is_none(), "the parent has 2 left");
        assert_eq!((share.shortfall(3), share.shortfall(6)), (1, 4));
        assert_eq!((share.used(), parent.used()), (0, 8));
        drop((others, two));
        assert_eq!(parent.used(), 0);
    }

    #[test]
    fn bytes_are_acquired_in_order_and_all_of_them_by_an_oversized_request() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let semaphore = ByteSemaphore::new(10 * 1024);
            let (first, second) =
                (semaphore.acquire(4 * 1024).await, semaphore.acquire(5 * 1024 + 1).await);
            assert_eq!(semaphore.permits.available_permits(), 0);
            let mut alone = std::pin::pin!(semaphore.acquire(1 << 40));
            let mut last = std::pin::pin!(semaphore.acquire(1));
            let waits = std::future::poll_fn(|context| {
                Poll::Ready(alone.as_mut().poll(context).is_pending())
            });
            assert!(waits.await, "for the bytes of both");
            drop((first, second));
            let waits = std::future::poll_fn(|context| {
                Poll::Ready(last.as_mut().poll(context).is_pending())
            });
            assert!(waits.await, "for the request before it");
            drop(alone.await);
            assert!(last.await.is_some());
        });
    }

    #[test]
    fn overdrawn_bytes_block_other_reservations_until_they_are_released() {
        let parent = MemoryBudget::new(10);
        let share = parent.share(4);
        let mut held = share.empty_reservation();
        held.overdraw(12);
        assert_eq!((share.used(), parent.used()), (12, 12));
        assert!(parent.reserve(1).is_none());
        drop(Budgeted::new("value", held));
        assert_eq!((share.used(), parent.used()), (0, 0));
    }
}
