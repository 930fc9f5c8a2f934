//! Timing cases: response times of sequential and concurrent deliveries.

use crate::domain::conformance::{Group, Level};
use crate::engine::conformance::case::{Action, ConformanceCase};

/// One measurement.
struct Row {
    id: &'static str,
    about: &'static str,
    requests: usize,
    at_once: usize,
}

const ROWS: &[Row] = &[
    Row { id: "idle", about: "20 deliveries, one after the other", requests: 20, at_once: 1 },
    Row { id: "50-at-once", about: "50 deliveries at once", requests: 50, at_once: 50 },
];

/// Returns the timing cases.
pub(super) fn cases() -> impl Iterator<Item = ConformanceCase> {
    ROWS.iter().map(|row| ConformanceCase {
        id: row.id.to_owned(),
        group: Group::Timing,
        level: Level::Must,
        about: row.about.to_owned(),
        advice: "Respond as soon as the message is stored, and process it afterwards.",
        source: "the provider's documentation, or `--budget`",
        action: Action::Times { requests: row.requests, at_once: row.at_once },
    })
}
