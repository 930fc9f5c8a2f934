//! What a receiver is put through: cases as rows, the requests of each, and what answers mean.

pub mod accepts;
pub mod case;
pub mod draft;
pub mod expect;
pub mod means;
pub mod refuses;
pub mod times;

use crate::engine::conformance::case::Case;
use crate::providers::pack::Pack;

/// Every case for a provider, in the order in which they are run.
#[must_use]
pub fn cases(pack: &Pack) -> Vec<Case> {
    let mut cases = accepts::cases(pack);
    cases.extend(refuses::cases(pack));
    cases.extend(means::cases(pack));
    cases.extend(times::cases());
    cases
}

#[cfg(test)]
mod tests;
