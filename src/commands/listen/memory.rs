//! The division of `--max-memory` between requests, output and work on deliveries.

use crate::domain::message::Message;
use crate::io::memory::{ByteSemaphore, MemoryBudget};
use std::sync::Arc;

/// The divisor for the share of the output.
///
/// The share is separate: a flood of requests must not suppress the output that shows it, and a
/// stuck reader of the output must not block requests.
const OUTPUT_DIVISOR: u64 = 8;

/// The minimum share of the output, enough for some hundred events.
const MIN_OUTPUT: u64 = 1 << 20;

/// The divisor for the share of the copies of deliveries that are being saved.
///
/// The share is separate: a delivery that waits for its turn still holds memory of the requests, so
/// that a common share could deadlock.
const COPIES_DIVISOR: u64 = 8;

/// The memory of a delivery that is being saved, as a multiple of its size: a capture escapes each
/// byte of a body with up to six.
const COPY_FACTOR: u64 = 8;

/// The divisor for the additional share of parsed documents, one of which is always allowed. A
/// document is freed once it is judged.
const PARSING_DIVISOR: u64 = 4;

/// The memory of a parsed body, as a multiple of its size: the worst case is many short values.
const PARSE_FACTOR: u64 = 64;

/// The divisor for the part of the share of requests that queued deliveries may use.
const FORWARD_QUEUE_DIVISOR: u64 = 2;

/// The memory budgets of a listener.
#[derive(Debug)]
pub(super) struct Memory {
    /// The memory for heads, bodies, and deliveries that wait for a target.
    pub(super) requests: Arc<MemoryBudget>,
    /// The memory for events that wait to be printed.
    pub(super) output: Arc<MemoryBudget>,
    /// The memory for copies of deliveries that are saved, and for documents that are judged.
    pub(super) workspace: Workspace,
}

/// The memory for saving and judging deliveries, for which they wait in turn.
#[derive(Debug)]
pub(super) struct Workspace {
    copies: ByteSemaphore,
    parsing: ByteSemaphore,
}

impl Workspace {
    /// Creates a workspace with these numbers of bytes. A delivery that needs more than all of them
    /// waits until it is the only one.
    pub(super) fn new(copies: u64, parsing: u64) -> Self {
        Self { copies: ByteSemaphore::new(copies), parsing: ByteSemaphore::new(parsing) }
    }

    /// Waits until a delivery may be copied. Its memory is reserved until the returned guard is
    /// dropped.
    pub(super) async fn reserve_copies(&self, message: &Message) -> impl Sized {
        self.copies.acquire(COPY_FACTOR * message.size_in_memory() as u64).await
    }

    /// Waits until the body of a delivery may be parsed. Its memory is reserved until the returned
    /// guard is dropped.
    pub(super) async fn reserve_parsing(&self, message: &Message) -> impl Sized {
        self.parsing.acquire(PARSE_FACTOR * message.body.len() as u64).await
    }
}

impl Memory {
    /// Divides the `total` of `--max-memory`.
    ///
    /// Parsed documents are the exception: their share is in addition to the total, because they
    /// exist only while a delivery is judged.
    pub(super) fn new(total: u64, saves: bool) -> Self {
        let output = total / OUTPUT_DIVISOR;
        let copies = if saves { total / COPIES_DIVISOR } else { 0 };
        Self {
            requests: MemoryBudget::new(total - output - copies),
            workspace: Workspace::new(copies, total / PARSING_DIVISOR),
            output: MemoryBudget::new(output.max(MIN_OUTPUT)),
        }
    }
}

/// Returns the maximum number of bytes of deliveries that are queued for further targets, after
/// their senders got a response. The remaining memory is for requests, even if a target hangs.
pub(super) fn max_forward_queue(requests: &MemoryBudget) -> u64 {
    requests.limit() / FORWARD_QUEUE_DIVISOR
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shares_add_up_to_the_whole_except_for_a_minimum_output() {
        for (total, saves, requests, output, waiting) in [
            (256 << 20, false, 224 << 20, 32 << 20, 112 << 20),
            (256 << 20, true, 192 << 20, 32 << 20, 96 << 20),
            (8 << 20, false, 7 << 20, 1 << 20, 7 << 19),
            (8000, false, 7000, 1 << 20, 3500),
            (0, true, 0, 1 << 20, 0),
        ] {
            let memory = Memory::new(total, saves);
            let found = (memory.requests.limit(), memory.output.limit());
            assert_eq!(found, (requests, output), "{total}");
            assert_eq!(super::max_forward_queue(&memory.requests), waiting, "{total}");
        }
    }
}
