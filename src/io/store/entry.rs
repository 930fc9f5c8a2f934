//! Store entries and the limits on their number.

use crate::protocols::capture_file;
use jiff::Timestamp;

/// The maximum number of attempts to open or write a file whose path keeps being replaced.
pub(super) const MAX_ATTEMPTS: usize = 8;

/// The limits of a store; captures over a limit are deleted, the oldest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Retention {
    /// The maximum number of captures.
    pub captures: Option<u64>,
    /// The maximum number of bytes of all captures.
    pub bytes: Option<u64>,
}

impl Retention {
    /// Returns `true` if a store of this size exceeds a limit.
    pub(super) fn is_exceeded_by(self, captures: u64, bytes: u64) -> bool {
        self.captures.is_some_and(|max| captures > max) || self.bytes.is_some_and(|max| bytes > max)
    }

    /// Returns `true` if no capture is ever deleted.
    pub(super) fn is_unlimited(self) -> bool {
        self == Self::default()
    }
}

/// A capture to write, serialized as a line.
#[derive(Debug)]
pub(super) struct StoreEntry {
    pub(super) line: Vec<u8>,
    pub(super) received_at: Timestamp,
    /// The hash of the line and of this run's random number.
    pub(super) hash: u32,
}

/// The origin of a line or file, classified by its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EntryOrigin {
    /// It begins like every capture that leadhook writes.
    Capture,
    /// It is too short to decide: any JSON object begins with `{`.
    TooShort,
    /// Another program wrote it.
    Foreign,
}

impl EntryOrigin {
    /// The number of bytes that are compared.
    pub(super) const BYTES: usize = capture_file::CAPTURE_PREFIX.len();

    /// Classifies a line by its first [`Self::BYTES`] bytes, or all if there are fewer.
    pub(super) fn of(head: &[u8]) -> Self {
        let start = capture_file::CAPTURE_PREFIX.as_bytes();
        if head.starts_with(start) {
            Self::Capture
        } else if start.starts_with(head) {
            Self::TooShort
        } else {
            Self::Foreign
        }
    }
}
