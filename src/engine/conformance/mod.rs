//! Conformance cases for receivers: their requests, and the expected responses and side effects.

pub mod accepts;
pub mod advice;
pub mod case;
pub mod expect;
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
use crate::providers::pack::Pack;

/// Returns every case for a provider, in the order in which they are run.
#[must_use]
pub fn cases(pack: &Pack) -> Vec<ConformanceCase> {
    let mut cases = accepts::cases(pack);
    cases.extend(size_limit::case(pack));
    cases.extend(rejects::cases(pack));
    cases.extend(idempotency::cases(pack));
    cases.extend(timing::cases());
    cases
}

#[cfg(test)]
mod tests;
