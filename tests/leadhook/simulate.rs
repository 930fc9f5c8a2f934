//! `leadhook simulate`: retry schedules, as a plan and against an endpoint, for one lead and many.

mod journal;
mod live;
mod memory;
mod outage;
mod schedule;

use crate::support::Outcome;

/// Plans the attempts of an event, in JSON.
fn plan(event: &str, more: &[&str]) -> Outcome {
    leadhook!("simulate {} --format json", event).args(more).in_process()
}
