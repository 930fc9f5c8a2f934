//! `leadhook simulate`: ladders on paper and against an endpoint, for one lead and for many.

mod journal;
mod ladder;
mod live;
mod memory;
mod outage;

use crate::support::Outcome;

/// Plans the attempts of an event, in JSON.
fn plan(event: &str, more: &[&str]) -> Outcome {
    leadhook!("simulate {} --format json", event).args(more).in_process()
}
