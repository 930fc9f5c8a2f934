//! Bisection for the largest body that a receiver accepts.
//!
//! The known defaults are tried first: most limits are defaults, and they are found exactly with
//! half of the requests.

use crate::engine::conformance::size_defaults::{default_sizes_between, defaults_of};

/// The smallest body that is tried.
pub const SMALLEST: usize = 64 << 10;

/// The largest body that is tried.
pub const LARGEST: usize = 4 << 20;

/// The maximum number of requests.
pub const MAX_REQUESTS: usize = 12;

/// The state of a search.
#[derive(Clone, Copy, Debug, Default)]
pub struct SizeSearch {
    accepted: Option<usize>,
    refused: Option<usize>,
    requests: usize,
}

/// The result of a search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SizeLimit {
    /// Even the largest body is accepted.
    AboveLargest,
    /// No body is accepted, not even one of `smallest` bytes.
    NoneAccepted {
        /// The smallest refused size.
        smallest: usize,
    },
    /// A body of `accepted` bytes is accepted, one of `refused` bytes is not.
    Between {
        /// The largest accepted size.
        accepted: usize,
        /// The smallest refused size.
        refused: usize,
    },
    /// Nothing was sent.
    Unknown,
}

impl SizeSearch {
    /// Returns the size of the next body, or `None` if the search is over.
    #[must_use]
    pub fn next_size(&self) -> Option<usize> {
        if self.requests >= MAX_REQUESTS {
            return None;
        }
        match (self.accepted, self.refused) {
            // Most receivers without a low limit need a single request.
            (None, None) => Some(LARGEST),
            (None, Some(refused)) => (refused > SMALLEST).then_some(SMALLEST),
            (Some(_), None) => None,
            (Some(accepted), Some(refused)) => size_between(accepted, refused),
        }
    }

    /// Records whether a body of this size was accepted.
    ///
    /// The interval only shrinks, so that an inconsistent receiver cannot prolong the search.
    pub fn record(&mut self, size: usize, is_accepted: bool) {
        self.requests += 1;
        if is_accepted {
            self.accepted = self.accepted.max(Some(size));
        } else {
            self.refused = Some(self.refused.map_or(size, |refused| refused.min(size)));
        }
    }

    /// Returns the number of requests so far.
    #[must_use]
    pub fn requests(&self) -> usize {
        self.requests
    }

    /// Returns what is known so far.
    #[must_use]
    pub fn limit(&self) -> SizeLimit {
        match (self.accepted, self.refused) {
            (None, None) => SizeLimit::Unknown,
            (None, Some(smallest)) => SizeLimit::NoneAccepted { smallest },
            (Some(_), None) => SizeLimit::AboveLargest,
            (Some(accepted), Some(refused)) => SizeLimit::Between { accepted, refused },
        }
    }
}

/// Returns the size that is tried next, strictly between an accepted and a refused one.
fn size_between(accepted: usize, refused: usize) -> Option<usize> {
    let distance = refused.checked_sub(accepted).filter(|distance| *distance > 1)?;
    let known = default_sizes_between(accepted, refused);
    if let Some(size) = known.get(known.len() / 2) {
        return Some(*size);
    }
    // The accepted size is a default: one more byte proves that it is the limit.
    if defaults_of(accepted).next().is_some() {
        return Some(accepted + 1);
    }
    Some(accepted + distance / 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::conformance::size_defaults::SIZE_DEFAULTS;

    /// Searches the limit of a receiver that accepts up to `limit` bytes.
    fn search(limit: usize) -> SizeSearch {
        let mut search = SizeSearch::default();
        while let Some(size) = search.next_size() {
            assert!((SMALLEST..=LARGEST).contains(&size), "{size}");
            search.record(size, size <= limit);
        }
        assert!(search.requests() <= MAX_REQUESTS, "{limit}");
        search
    }

    #[test]
    fn every_known_default_in_range_is_found_exactly() {
        for known in SIZE_DEFAULTS.iter().filter(|known| known.bytes < LARGEST) {
            let accepted = known.bytes;
            let expected = SizeLimit::Between { accepted, refused: accepted + 1 };
            let found = search(accepted);
            assert_eq!(found.limit(), expected, "{}", known.product);
            assert!(found.requests() <= 7, "{}: {}", known.product, found.requests());
        }
    }

    #[test]
    fn other_limits_are_found_within_16_kib() {
        for limit in [70_000, 102_399, 102_401, 500_000, 512_000, 2_000_000, 3_000_000, LARGEST - 1]
        {
            let SizeLimit::Between { accepted, refused } = search(limit).limit() else {
                panic!("{limit}")
            };
            assert!(accepted <= limit && limit < refused, "{limit}: {accepted} {refused}");
            assert!(refused - accepted <= 16 << 10, "{limit}: {accepted} {refused}");
        }
    }

    #[test]
    fn limits_out_of_range_need_one_or_two_requests() {
        assert_eq!(search(LARGEST).limit(), SizeLimit::AboveLargest);
        assert_eq!(search(LARGEST).requests(), 1);
        let none = SizeLimit::NoneAccepted { smallest: SMALLEST };
        assert_eq!(search(SMALLEST - 1).limit(), none);
        assert_eq!(search(SMALLEST - 1).requests(), 2);
        assert_eq!(SizeSearch::default().limit(), SizeLimit::Unknown);
    }

    #[test]
    fn an_inconsistent_receiver_does_not_prolong_the_search() {
        for seed in 0..64_u32 {
            let mut search = SizeSearch::default();
            while let Some(size) = search.next_size() {
                search.record(size, seed >> (search.requests() % 6) & 1 == 1);
            }
            assert!(search.requests() <= MAX_REQUESTS);
        }
    }
}
