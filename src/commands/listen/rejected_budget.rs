//! The limit on rejected requests that are saved.
//!
//! Anyone can send requests that are rejected: without a limit, they could fill the disk.

use std::sync::Mutex;

/// The maximum number of rejected requests that one run saves.
const MAX_CAPTURES: u64 = 10_000;

/// The maximum total size of the rejected requests that one run saves, before JSON escaping.
const MAX_BYTES: u64 = 64 << 20;

/// The remaining budget for rejected requests.
#[derive(Debug)]
pub(super) struct RejectedBudget(Mutex<Remaining>);

/// The remaining numbers, and `true` once the operator was warned.
#[derive(Debug)]
struct Remaining {
    captures: u64,
    bytes: u64,
    is_reported: bool,
}

/// The decision on one rejected request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Admission {
    /// The request is saved.
    Saved,
    /// The request is not saved, as the first one: the operator is warned.
    FirstSkipped,
    /// The request is not saved, and the operator was warned before.
    Skipped,
}

impl Default for RejectedBudget {
    fn default() -> Self {
        Self(Mutex::new(Remaining { captures: MAX_CAPTURES, bytes: MAX_BYTES, is_reported: false }))
    }
}

impl RejectedBudget {
    /// Subtracts a rejected request of this size from the budget, if it fits.
    pub(super) fn admit(&self, size: usize) -> Admission {
        // A poisoned lock is safe to use: both numbers are assigned at once.
        // A request that does not fit leaves the budget unchanged, so that a smaller one still may.
        let mut remaining = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let bytes = remaining.bytes.checked_sub(size as u64);
        match (remaining.captures.checked_sub(1), bytes) {
            (Some(captures), Some(bytes)) => {
                (remaining.captures, remaining.bytes) = (captures, bytes);
                Admission::Saved
            }
            _ if std::mem::replace(&mut remaining.is_reported, true) => Admission::Skipped,
            _ => Admission::FirstSkipped,
        }
    }
}

/// Returns the warning for the first request that is not saved.
pub(super) fn limit_warning() -> String {
    format!(
        "rejected requests are no longer saved: a run saves at most {MAX_CAPTURES} of them and {} \
         MiB; accepted ones are still saved",
        MAX_BYTES >> 20
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_request_over_the_budget_is_reported() {
        let budget = RejectedBudget::default();
        let saved = (0..MAX_CAPTURES).filter(|_| budget.admit(1) == Admission::Saved).count();
        assert_eq!(saved as u64, MAX_CAPTURES);
        assert_eq!(budget.admit(0), Admission::FirstSkipped);
        assert_eq!(budget.admit(0), Admission::Skipped);

        let budget = RejectedBudget::default();
        let size = usize::try_from(MAX_BYTES / 4 + 1).unwrap();
        let found: Vec<_> = (0..5).map(|_| budget.admit(size)).collect();
        assert_eq!(found[..3], [Admission::Saved; 3]);
        assert_eq!(found[3..], [Admission::FirstSkipped, Admission::Skipped]);
        assert_eq!(budget.admit(1), Admission::Saved, "a small one still fits");
    }
}
