//! A priority queue of attempts by when they are due.
//!
//! It is faster than a heap alone: for a million leads in an outage, as `tests/benches/simulate.py`
//! plays them, a `BinaryHeap` takes six times as long (2.2 s in place of 0.37 s). It executes only 7 %
//! more instructions, but hundreds of thousands of attempts are more than a cache holds, and each of
//! its steps goes to another place of them.

use crate::engine::simulate::lane::Lane;
use crate::engine::simulate::scheduled::Scheduled;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// How many attempts of a ladder have a lane: more than ladders have rungs.
const LANES: u32 = 16;

/// How many attempts are in one heap: few in a test, so that it has several.
const MOST_IN_HEAP: usize = if cfg!(test) { 8 } else { 1 << 20 };

/// Attempts by when they are due.
///
/// A rung of a ladder has the same wait for every message, so those that fail one after the other
/// are due one after the other: most go into the lane of their rung, at no cost. A heap takes those
/// that would have to overtake.
#[derive(Debug, Default)]
pub(super) struct PendingAttempts {
    lanes: Vec<Lane>,
    /// Several small heaps: one for all would have to be copied whole when it grows.
    others: Vec<BinaryHeap<Reverse<Scheduled>>>,
}

impl PendingAttempts {
    pub(super) fn push(&mut self, due: Scheduled) {
        let is_in_lane = self.lane(due.attempt).is_some_and(|lane| lane.push(due));
        if !is_in_lane {
            self.push_apart(due);
        }
    }

    fn push_apart(&mut self, due: Scheduled) {
        match self.others.iter_mut().find(|heap| heap.len() < MOST_IN_HEAP) {
            Some(heap) => heap.push(Reverse(due)),
            None => self.others.push(BinaryHeap::from([Reverse(due)])),
        }
    }

    fn lane(&mut self, attempt: u32) -> Option<&mut Lane> {
        let index = attempt.checked_sub(1).filter(|index| *index < LANES)? as usize;
        let missing = (1..=attempt).skip(self.lanes.len());
        self.lanes.extend(missing.map(Lane::new));
        self.lanes.get_mut(index)
    }

    /// The one that is due next.
    pub(super) fn peek(&self) -> Option<Scheduled> {
        let others = self.others.iter().filter_map(BinaryHeap::peek).map(|Reverse(due)| *due);
        self.lanes.iter().filter_map(Lane::front).chain(others).min()
    }

    /// Takes the one that is due next.
    pub(super) fn pop(&mut self) -> Option<Scheduled> {
        let next = self.peek()?;
        let lane = self.lanes.iter_mut().find(|lane| lane.front() == Some(next));
        match lane {
            Some(lane) => lane.pop(),
            None => self.pop_apart(next),
        }
    }

    fn pop_apart(&mut self, next: Scheduled) -> Option<Scheduled> {
        let is_next = |heap: &BinaryHeap<_>| heap.peek() == Some(&Reverse(next));
        let index = self.others.iter().position(is_next)?;
        let popped = self.others[index].pop();
        if self.others[index].is_empty() {
            self.others.swap_remove(index);
        }
        popped.map(|Reverse(due)| due)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Moment;
    use crate::engine::simulate::scheduled::MessageNumber;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_put_in_comes_out_in_order(
            steps in proptest::collection::vec(
                proptest::option::of((0..50_u64, 0..9_u32, 1..20_u32)),
                0..200,
            ),
        ) {
            let (mut waiting, mut sorted) = (PendingAttempts::default(), Vec::new());
            for step in steps {
                if let Some((at, lead, attempt)) = step {
                    let message = MessageNumber { lead, place: 0 };
                    let due = Scheduled { at: Moment(at), message, attempt, ..Scheduled::FIRST };
                    waiting.push(due);
                    sorted.push(due);
                } else {
                    sorted.sort_unstable_by(|a, b| b.cmp(a));
                    prop_assert_eq!(waiting.peek(), sorted.last().copied());
                    prop_assert_eq!(waiting.pop(), sorted.pop());
                }
            }
            sorted.sort_unstable();
            let rest: Vec<_> = std::iter::from_fn(|| waiting.pop()).collect();
            prop_assert_eq!(rest, sorted);
        }
    }
}
