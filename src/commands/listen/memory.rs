//! How `--max-memory` is divided.

use crate::domain::message::Message;
use crate::io::memory::{MemoryBudget, Turns};
use std::sync::Arc;

/// The part that the output gets. It is set aside: a flood of requests must not keep the operator
/// from being told of it, nor a reader that does not read keep requests out.
const OUTPUT: u64 = 8;

/// The least that the output gets, however little memory there may be: some hundred events.
const LEAST_OUTPUT: u64 = 1 << 20;

/// The part that copies of deliveries get while they are saved. It is set aside as well: a delivery
/// that waits for its turn holds what it waits with.
const COPIES: u64 = 8;

/// How many times its size a delivery takes while it is saved: a capture escapes each byte of a body
/// with up to six.
const COPIED: u64 = 8;

/// The part that parsed documents may take in addition, one at least: a document is gone once it is
/// judged.
const PARSING: u64 = 4;

/// How many times its size a body may take when it is parsed: that of many short values.
const PARSED: u64 = 64;

/// The part of what requests get that may wait for further targets.
const WAITING: u64 = 2;

/// The memory of a listener.
#[derive(Debug)]
pub(super) struct Memory {
    /// For heads, bodies, and what waits for a target.
    pub(super) requests: Arc<MemoryBudget>,
    /// For events that wait to be printed.
    pub(super) output: Arc<MemoryBudget>,
    /// For copies of deliveries that are saved, and for documents that are judged.
    pub(super) workspace: Workspace,
}

/// The memory for the work on deliveries, which take it in turns.
#[derive(Debug)]
pub(super) struct Workspace {
    copies: Turns,
    parsing: Turns,
}

impl Workspace {
    /// Creates the memory for copies of deliveries that are saved, and for documents that are judged;
    /// one that needs more is copied or judged alone.
    pub(super) fn new(copies: u64, parsing: u64) -> Self {
        Self { copies: Turns::new(copies), parsing: Turns::new(parsing) }
    }

    /// Waits until a delivery may be copied, and counts its copies until what is returned is dropped.
    pub(super) async fn copy(&self, message: &Message) -> impl Sized {
        self.copies.take(COPIED * message.size_in_memory() as u64).await
    }

    /// Waits until the body of a delivery may be parsed, and counts it until what is returned is dropped.
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
            output: MemoryBudget::new(output.max(LEAST_OUTPUT)),
        }
    }
}

/// Returns how many bytes of deliveries may wait for further targets, whose senders have their
/// response. A target that hangs leaves the rest to requests.
pub(super) fn waiting(requests: &MemoryBudget) -> u64 {
    requests.limit() / WAITING
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_are_no_more_than_the_whole_but_for_the_least_output() {
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
