//! A priority queue of attempts by when they are due.
//!
//! It is faster than a heap alone: for a million leads in an outage, as `tests/benches/simulate.py`
//! plays them, a `BinaryHeap` takes six times as long (2.2 s in place of 0.37 s). It executes only 7 %
//! more instructions, but hundreds of thousands of attempts are more than a cache holds, and each of
//! its steps goes to another place of them.

use crate::engine::simulate::due::Due;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

/// How many attempts of a ladder have a lane: more than ladders have rungs.
const LANES: u32 = 16;

/// Attempts by when they are due.
///
/// A rung of a ladder has the same wait for every message, so those that fail one after the other
/// are due one after the other: most go into the lane of their rung, at no cost. A heap takes those
/// that would have to overtake.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    lanes: Vec<VecDeque<Due>>,
    others: BinaryHeap<Reverse<Due>>,
}

impl Waiting {
    pub(super) fn push(&mut self, due: Due) {
        let Some(lane) = self.lane(due.attempt) else {
            self.others.push(Reverse(due));
            return;
        };
        if lane.back().is_none_or(|last| *last < due) {
            lane.push_back(due);
        } else {
            self.others.push(Reverse(due));
        }
    }

    fn lane(&mut self, attempt: u32) -> Option<&mut VecDeque<Due>> {
        let index = attempt.checked_sub(1).filter(|index| *index < LANES)? as usize;
        if self.lanes.len() <= index {
            self.lanes.resize_with(index + 1, VecDeque::new);
        }
        self.lanes.get_mut(index)
    }

    /// The one that is due next.
    pub(super) fn peek(&self) -> Option<&Due> {
        let others = self.others.peek().map(|Reverse(due)| due);
        self.lanes.iter().filter_map(VecDeque::front).chain(others).min()
    }

    /// Takes the one that is due next.
    pub(super) fn pop(&mut self) -> Option<Due> {
        let next = *self.peek()?;
        let lane = self.lanes.iter_mut().find(|lane| lane.front() == Some(&next));
        match lane {
            Some(lane) => lane.pop_front(),
            None => self.others.pop().map(|Reverse(due)| due),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Moment;
    use crate::engine::simulate::due::MessageNumber;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_put_in_comes_out_in_order(
            steps in proptest::collection::vec(
                proptest::option::of((0..50_u64, 0..9_u32, 1..20_u32)),
                0..200,
            ),
        ) {
            let (mut waiting, mut sorted) = (Waiting::default(), Vec::new());
            for step in steps {
                if let Some((at, lead, attempt)) = step {
                    let message = MessageNumber { lead, place: 0 };
                    let due = Due { at: Moment(at), message, attempt, ..Due::FIRST };
                    waiting.push(due);
                    sorted.push(due);
                } else {
                    sorted.sort_unstable_by(|a, b| b.cmp(a));
                    prop_assert_eq!(waiting.peek(), sorted.last());
                    prop_assert_eq!(waiting.pop(), sorted.pop());
                }
            }
            sorted.sort_unstable();
            let rest: Vec<_> = std::iter::from_fn(|| waiting.pop()).collect();
            prop_assert_eq!(rest, sorted);
        }
    }
}
