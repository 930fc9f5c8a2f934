//! An entry of the store, and how many entries are kept.

use jiff::Timestamp;

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
pub(super) struct Entry {
    pub(super) line: Vec<u8>,
    pub(super) at: Timestamp,
    /// Of the line and the chance of this run.
    pub(super) hash: u32,
}
