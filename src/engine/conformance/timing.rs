//! Timing cases: response times of sequential and concurrent deliveries.

use crate::domain::conformance::{CaseGroup, RequirementLevel};
use crate::engine::conformance::case::{Action, ConformanceCase};

/// One measurement.
struct TimingRow {
    id: &'static str,
    about: &'static str,
    requests: usize,
    concurrent: usize,
}

const ROWS: &[TimingRow] = &[
    TimingRow {
        id: "idle",
        about: "20 deliveries, one after the other",
        requests: 20,
        concurrent: 1,
    },
    TimingRow { id: "50-at-once", about: "50 deliveries at once", requests: 50, concurrent: 50 },
];

/// Returns the timing cases.
pub(super) fn cases() -> impl Iterator<Item = ConformanceCase> {
    ROWS.iter().map(|row| ConformanceCase {
        id: row.id.to_owned(),
        group: CaseGroup::Timing,
        level: RequirementLevel::Must,
        about: row.about.to_owned(),
        advice: "Respond as soon as the message is stored, and process it afterwards.",
        source: "the provider's documentation, or `--budget`",
        action: Action::Timing { requests: row.requests, concurrent: row.concurrent },
    })
}
