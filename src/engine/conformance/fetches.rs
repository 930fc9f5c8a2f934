//! The case of a receiver that fetches what its deliveries only name.

use crate::domain::conformance::{CaseGroup, RequirementLevel};
use crate::engine::conformance::case::{Action, ConformanceCase};
use crate::providers::pack::Pack;

/// The number of deliveries after which a fetch is expected.
const DELIVERIES: u64 = 3;

/// Returns the case, if the deliveries of the provider hold ids only.
pub(super) fn case(pack: &Pack) -> Option<ConformanceCase> {
    if pack.provider.fetch.is_empty() {
        return None;
    }
    Some(ConformanceCase {
        id: "fetches".to_owned(),
        group: CaseGroup::Accepts,
        level: RequirementLevel::Should,
        about: format!("{DELIVERIES} deliveries, after each of which the lead is fetched"),
        advice: "Fetch what the delivery names: it holds ids only.",
        source: "the provider's documentation",
        action: Action::Fetches { deliveries: DELIVERIES },
    })
}
