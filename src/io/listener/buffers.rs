//! Buffer accounting: counts the bytes in the buffers of connections in the listener's memory.
//!
//! hyper reads into a buffer that it keeps for the life of the connection, and that holds a whole
//! head until the head ends. The head recorder keeps a second copy until hyper passes on
//! the request.

use std::sync::{Arc, Mutex};

use crate::io::memory::{MemoryBudget, Reservation};

use super::lock::lock;

/// The number of bytes that each connection can buffer without being counted.
///
/// Nearly all heads are far shorter, so a usual request does not touch the budget, which all
/// threads share.
const UNCOUNTED: u64 = 32 * 1024;

/// The buffers of one connection.
pub(super) struct Buffers(Mutex<State>);

struct State {
    reservation: Reservation,
    /// Bytes read of a head that has no end yet.
    in_head: u64,
    /// The largest number of bytes that hyper's buffer has contained: it does not release memory.
    touched: u64,
    /// Bytes that the head recorder keeps.
    recorded: u64,
}

impl Buffers {
    pub(super) fn new(budget: &Arc<MemoryBudget>) -> Self {
        let reservation = budget.empty_reservation();
        Self(Mutex::new(State { reservation, in_head: 0, touched: 0, recorded: 0 }))
    }

    /// Returns the number of bytes that are counted.
    pub(super) fn bytes(&self) -> u64 {
        lock(&self.0).reservation.bytes()
    }

    /// Counts bytes that were read, and those that the head recorder keeps.
    ///
    /// If the budget has too few bytes left, the error is the number of bytes to reserve.
    pub(super) fn count_read(
        &self,
        bytes: usize,
        is_in_head: bool,
        recorded: usize,
    ) -> Result<(), u64> {
        let mut state = lock(&self.0);
        // hyper drains the bytes of a body from its buffer before it reads more.
        let in_buffer = if is_in_head { state.in_head } else { 0 } + bytes as u64;
        state.in_head = if is_in_head { in_buffer } else { 0 };
        state.touched = state.touched.max(in_buffer);
        state.recorded = recorded as u64;
        let missing = state.bytes_to_reserve().saturating_sub(state.reservation.bytes());
        if missing == 0 || state.reservation.grow(missing) { Ok(()) } else { Err(missing) }
    }

    /// Counts bytes beyond the limit of the budget, which evicted connections are about to release.
    pub(super) fn overdraw(&self, bytes: u64) {
        lock(&self.0).reservation.overdraw(bytes);
    }

    /// Notes that a head has ended, and the number of bytes that the head recorder still keeps.
    pub(super) fn head_ended(&self, recorded: usize) {
        let mut state = lock(&self.0);
        (state.in_head, state.recorded) = (0, recorded as u64);
        let excess = state.reservation.bytes().saturating_sub(state.bytes_to_reserve());
        state.reservation.shrink(excess);
    }

    /// Releases all bytes after the buffers have been dropped.
    pub(super) fn release(&self) {
        let mut state = lock(&self.0);
        (state.in_head, state.touched, state.recorded) = (0, 0, 0);
        let all = state.reservation.bytes();
        state.reservation.shrink(all);
    }
}

impl State {
    /// Returns the number of bytes to reserve for the buffers.
    fn bytes_to_reserve(&self) -> u64 {
        (self.touched + self.recorded).saturating_sub(UNCOUNTED)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_counts_twice_and_a_body_by_its_largest_read() {
        let budget = MemoryBudget::new(1 << 20);
        let buffers = Buffers::new(&budget);
        for (bytes, recorded, used) in [(10_000, 16_000, 0), (10_000, 32_000, 20_000 + 32_000)] {
            assert_eq!(buffers.count_read(bytes, true, recorded), Ok(()));
            assert_eq!(budget.used(), u64::saturating_sub(used, UNCOUNTED), "{bytes}");
        }
        assert_eq!(buffers.count_read(100_000, true, 131_072), Ok(()));
        assert_eq!(budget.used(), 120_000 + 131_072 - UNCOUNTED);
        buffers.head_ended(0);
        assert_eq!(budget.used(), 120_000 - UNCOUNTED, "hyper keeps its buffer");
        for _ in 0..3 {
            assert_eq!(
                buffers.count_read(100_000, false, 0),
                Ok(()),
                "hyper buffers only a part of a body"
            );
        }
        for _ in 0..3 {
            assert_eq!(buffers.count_read(100_000, true, 0), Ok(()), "a head with its whole body");
            buffers.head_ended(0);
        }
        assert_eq!(budget.used(), 120_000 - UNCOUNTED);
        buffers.release();
        assert_eq!(budget.used(), 0);
    }

    #[test]
    fn bytes_that_do_not_fit_are_reported_and_not_counted() {
        let budget = MemoryBudget::new(1000);
        let buffers = Buffers::new(&budget);
        assert_eq!(buffers.count_read(40_000, true, 0), Err(40_000 - UNCOUNTED));
        assert_eq!(budget.used(), 0);
        buffers.overdraw(40_000 - UNCOUNTED);
        assert_eq!(buffers.bytes(), 40_000 - UNCOUNTED);
        drop(buffers);
        assert_eq!(budget.used(), 0);
    }
}
