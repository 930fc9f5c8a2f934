//! The division of `--max-memory` between requests, output and work on deliveries.

use crate::domain::message::Message;
use crate::io::memory::{MemoryBudget, Turns};
use std::sync::Arc;

/// The divisor for the share of the output.
///
/// The share is separate: a flood of requests must not keep the operator from seeing it, and a
/// reader that is stuck must not keep requests out.
const OUTPUT: u64 = 8;

/// The minimum share of the output, enough for some hundred events.
const MIN_OUTPUT: u64 = 1 << 20;

/// The divisor for the share of the copies of deliveries that are being saved.
///
/// The share is separate: a delivery that waits for its turn still holds memory of the requests, so
/// that a common share could deadlock.
const COPIES: u64 = 8;

/// The memory of a delivery that is being saved, as a multiple of its size: a capture escapes each
/// byte of a body with up to six.
const COPIED: u64 = 8;

/// The divisor for the additional share of parsed documents, of which one is always allowed. A
/// document is freed once it is judged.
const PARSING: u64 = 4;

/// The memory of a parsed body, as a multiple of its size: that of many short values.
const PARSED: u64 = 64;

/// The divisor for the part of the share of requests that may wait for further targets.
const WAITING: u64 = 2;

/// The memory of a listener.
#[derive(Debug)]
pub(super) struct Memory {
    /// The memory for heads, bodies, and deliveries that wait for a target.
    pub(super) requests: Arc<MemoryBudget>,
    /// The memory for events that wait to be printed.
    pub(super) output: Arc<MemoryBudget>,
    /// The memory for copies of deliveries that are saved, and for documents that are judged.
    pub(super) workspace: Workspace,
}

/// The memory for the work on deliveries, which wait for their turn to use it.
#[derive(Debug)]
pub(super) struct Workspace {
    copies: Turns,
    parsing: Turns,
}

impl Workspace {
    /// Creates the memory for copies of deliveries that are saved, and for documents that are
    /// judged; one that needs more is copied or judged alone.
    pub(super) fn new(copies: u64, parsing: u64) -> Self {
        Self { copies: Turns::new(copies), parsing: Turns::new(parsing) }
    }

    /// Waits until a delivery may be copied. Its copies count until the returned guard is dropped.
    pub(super) async fn copy(&self, message: &Message) -> impl Sized {
        self.copies.take(COPIED * message.size_in_memory() as u64).await
    }

    /// Waits until the body of a delivery may be parsed. It counts until the returned guard is
    /// dropped.
    pub(super) async fn parse(&self, message: &Message) -> impl Sized {
        self.parsing.take(PARSED * message.body.len() as u64).await
    }
}

impl Memory {
    /// Divides the bytes of `--max-memory`.
    pub(super) fn new(whole: u64, saves: bool) -> Self {
        let output = whole / OUTPUT;
        let copies = if saves { whole / COPIES } else { 0 };
        Self {
            requests: MemoryBudget::new(whole - output - copies),
            workspace: Workspace::new(copies, whole / PARSING),
            output: MemoryBudget::new(output.max(MIN_OUTPUT)),
        }
    }
}

/// Returns the maximum number of bytes of deliveries that wait for further targets, after their
/// senders got a response. A target that hangs leaves the rest to requests.
pub(super) fn waiting(requests: &MemoryBudget) -> u64 {
    requests.limit() / WAITING
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shares_do_not_exceed_the_whole_but_for_the_minimum_output() {
        for (whole, saves, requests, output, waiting) in [
            (256 << 20, false, 224 << 20, 32 << 20, 112 << 20),
            (256 << 20, true, 192 << 20, 32 << 20, 96 << 20),
            (8 << 20, false, 7 << 20, 1 << 20, 7 << 19),
            (8000, false, 7000, 1 << 20, 3500),
            (0, true, 0, 1 << 20, 0),
        ] {
            let memory = Memory::new(whole, saves);
            let found = (memory.requests.limit(), memory.output.limit());
            assert_eq!(found, (requests, output), "{whole}");
            assert_eq!(super::waiting(&memory.requests), waiting, "{whole}");
        }
    }
}
