//! A compact FIFO queue of scheduled attempts, in half the memory of [`ScheduledAttempt`] values.
//!
//! Millions of messages may wait at once. The attempts of one chunk are close in time, so it stores
//! their times as differences from those of its first one.

use crate::domain::time::Moment;
use crate::engine::simulate::scheduled::{MessageNumber, ScheduledAttempt};
use std::collections::VecDeque;

/// The maximum number of attempts in a chunk.
const CHUNK_LEN: usize = 4096;

/// A queue of attempts with the same attempt number, in order of time.
#[derive(Debug)]
pub(super) struct Lane {
    attempt: u32,
    chunks: VecDeque<Chunk>,
    /// The last attempt that was pushed, as long as the lane is not empty.
    last: Option<ScheduledAttempt>,
}

/// Attempts that are close in time; `at` and `arrived` are those of the first one.
#[derive(Debug)]
struct Chunk {
    at: Moment,
    arrived: Moment,
    packed: Vec<Packed>,
    /// The number of attempts that were already popped.
    popped: usize,
}

/// An attempt, with its times in microseconds after those of its chunk.
#[derive(Clone, Copy, Debug)]
struct Packed {
    at_offset: u32,
    arrived_offset: i32,
    lead: u32,
    index: u16,
    effects: u16,
}

impl Lane {
    /// Creates an empty lane for attempts with this number.
    pub(super) fn new(attempt: u32) -> Self {
        Self { attempt, chunks: VecDeque::new(), last: None }
    }

    /// Appends an attempt. Returns `false`, and adds nothing, if it is due before the last one or
    /// if its numbers do not fit the packed form.
    pub(super) fn push(&mut self, due: ScheduledAttempt) -> bool {
        let is_in_order = self.last.is_none_or(|last| last < due);
        let (Ok(index), Ok(effects)) = (due.message.index.try_into(), due.effects.try_into())
        else {
            return false;
        };
        if !is_in_order {
            return false;
        }
        let chunk = self.chunks.back_mut().filter(|chunk| chunk.packed.len() < CHUNK_LEN);
        let fitting = chunk.and_then(|chunk| {
            let after = u32::try_from(due.at.0 - chunk.at.0).ok()?;
            let arrived_after = i128::from(due.arrived.0) - i128::from(chunk.arrived.0);
            Some((after, i32::try_from(arrived_after).ok()?, chunk))
        });
        let packed = |after, arrived_after| {
            let lead = due.message.lead;
            Packed { at_offset: after, arrived_offset: arrived_after, lead, index, effects }
        };
        if let Some((after, arrived_after, chunk)) = fitting {
            chunk.packed.push(packed(after, arrived_after));
        } else {
            let packed = vec![packed(0, 0)];
            let (at, arrived) = (due.at, due.arrived);
            self.chunks.push_back(Chunk { at, arrived, packed, popped: 0 });
        }
        self.last = Some(due);
        true
    }

    /// Returns the first attempt.
    pub(super) fn front(&self) -> Option<ScheduledAttempt> {
        let chunk = self.chunks.front()?;
        let Packed { at_offset: after, arrived_offset: arrived_after, lead, index, effects } =
            *chunk.packed.get(chunk.popped)?;
        Some(ScheduledAttempt {
            at: Moment(chunk.at.0 + u64::from(after)),
            message: MessageNumber { lead, index: index.into() },
            attempt: self.attempt,
            effects: effects.into(),
            arrived: Moment(chunk.arrived.0.wrapping_add_signed(arrived_after.into())),
        })
    }

    /// Removes and returns the first attempt.
    pub(super) fn pop(&mut self) -> Option<ScheduledAttempt> {
        let front = self.front()?;
        let chunk = self.chunks.front_mut()?;
        chunk.popped += 1;
        if chunk.popped == chunk.packed.len() {
            self.chunks.pop_front();
            if self.chunks.is_empty() {
                self.last = None;
            }
        }
        Some(front)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn due(at: u64, arrived: u64, lead: u32, index: u32, effects: u32) -> ScheduledAttempt {
        let message = MessageNumber { lead, index };
        ScheduledAttempt { at: Moment(at), message, attempt: 2, effects, arrived: Moment(arrived) }
    }

    #[test]
    fn attempts_are_popped_as_pushed_even_if_far_apart() {
        let far = u64::from(u32::MAX);
        let all = [
            due(5, 0, 0, 0, 0),
            due(5, 7, 1, u16::MAX.into(), u16::MAX.into()),
            due(5 + far, 1 << 40, 2, 1, 3),
            due(5 + 2 * far, 0, 3, 0, 0),
            due(6 + 3 * far, 0, 4, 0, 0),
            due(u64::MAX, u64::MAX, 5, 0, 0),
            due(u64::MAX, 0, 6, 0, 0),
        ];
        let many = (0..3 * CHUNK_LEN as u64).map(|step| due(step, step / 2, 0, 0, 0));
        for all in [all.to_vec(), many.collect()] {
            let mut lane = Lane::new(2);
            assert!(all.iter().all(|due| lane.push(*due)));
            let out: Vec<_> = std::iter::from_fn(|| lane.pop()).collect();
            assert_eq!(out, all);
        }
    }

    #[test]
    fn attempts_out_of_order_or_with_large_numbers_are_not_added() {
        let mut lane = Lane::new(2);
        assert!(lane.push(due(5, 0, 1, 0, 0)));
        for rejected in [
            due(4, 0, 2, 0, 0),
            due(5, 0, 0, 0, 0),
            due(6, 0, 2, 1 << 16, 0),
            due(6, 0, 2, 0, 1 << 16),
        ] {
            assert!(!lane.push(rejected), "{rejected:?}");
        }
        assert_eq!((lane.pop(), lane.pop()), (Some(due(5, 0, 1, 0, 0)), None));
        assert!(lane.push(due(4, 0, 2, 0, 0)), "an empty lane accepts any time");
    }
}
