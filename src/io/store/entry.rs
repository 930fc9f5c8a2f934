//! An entry of the store, and how many entries are kept.

use crate::protocols::capture_file;
use jiff::Timestamp;

/// How often a batch is written again because its file lost its name meanwhile.
pub(super) const MAX_ATTEMPTS: usize = 8;

/// How much is kept; what is beyond it goes, the oldest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Keep {
    /// Captures.
    pub captures: Option<u64>,
    /// Bytes of captures.
    pub bytes: Option<u64>,
}

impl Keep {
    /// Whether so much is too much.
    pub(super) fn is_over(self, captures: u64, bytes: u64) -> bool {
        self.captures.is_some_and(|most| captures > most)
            || self.bytes.is_some_and(|most| bytes > most)
    }

    pub(super) fn is_all(self) -> bool {
        self == Self::default()
    }
}

/// A capture to be written, as its line.
#[derive(Debug)]
pub(super) struct FolderEntry {
    pub(super) line: Vec<u8>,
    pub(super) at: Timestamp,
    /// Of the line and the chance of this run.
    pub(super) hash: u32,
}

/// How certain it is that leadhook wrote a text, by its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EntryOrigin {
    /// It begins as every capture that leadhook writes.
    Capture,
    /// It ends before that can be told: `{` may be the beginning of anything.
    TooShort,
    /// Another program wrote it.
    Foreign,
}

impl EntryOrigin {
    /// The number of bytes that decide.
    pub(super) const BYTES: usize = capture_file::START.len();

    /// Classifies a text by its first [`Origin::BYTES`] bytes, or all if there are fewer.
    pub(super) fn of(head: &[u8]) -> Self {
        let start = capture_file::START.as_bytes();
        if head.starts_with(start) {
            Self::Capture
        } else if start.starts_with(head) {
            Self::TooShort
        } else {
            Self::Foreign
        }
    }
}
