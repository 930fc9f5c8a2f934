//! Conformance cases for receivers: their requests, and the expected responses and side effects.

pub mod accepts;
pub mod advice;
pub mod captured;
pub mod case;
pub mod expect;
pub mod fetches;
pub mod handshake;
pub mod idempotency;
pub mod payload_builder;
pub mod refusals;
pub mod rejects;
pub mod size_defaults;
pub mod size_limit;
pub mod size_search;
pub mod timing;
mod unset;

use crate::engine::conformance::case::ConformanceCase;
use crate::engine::seeded_rng::SeededRng;
use crate::providers::pack::Pack;

/// Returns every case for a provider, in the order in which they are run.
#[must_use]
pub fn cases(pack: &Pack) -> Vec<ConformanceCase> {
    let mut cases = accepts::cases(pack);
    cases.extend(handshake::accepted(pack));
    cases.extend(fetches::case(pack));
    cases.extend(size_limit::case(pack));
    cases.extend(rejects::cases(pack));
    cases.extend(handshake::rejected(pack));
    cases.extend(idempotency::cases(pack));
    cases.extend(timing::cases());
    cases
}

/// Returns the seed of a case in a run with the seed `seed`.
///
/// It depends on nothing but the id, so that the case sends the same bytes alone and among others.
/// The seeds of two cases are far apart: they share no lead.
#[must_use]
pub fn case_seed(seed: u64, id: &str) -> u64 {
    u64::from_le_bytes(SeededRng::new(seed, id).bytes())
}

#[cfg(test)]
mod tests;
