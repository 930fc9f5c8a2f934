//! What deliveries are answered, and what befalls them on the way, as options.

use crate::commands::values::limit_argument;
use crate::domain::event::EventRef;
use crate::domain::fault_rate::{LatencyRange, Rate};
use crate::domain::script::{ResponseScripts, Scripted};
use crate::engine::fault_injection::FaultInjection;
use crate::error::Error;
use clap::Args;
use std::time::Duration;

/// The stand-in for an application that is not well.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Answers")]
pub(super) struct ResponseArgs {
    /// Answers to give, in order, such as `503x2,200`, or those to one event (can be repeated)
    ///
    /// The last one of a script is repeated. `created=406` is a script for one event, which counts
    /// for itself; what has none is answered by the one without an event.
    #[arg(long, value_name = "[EVENT=]SCRIPT")]
    respond: Vec<Scripted>,

    /// Let every answer take so long, or anything between two times, such as `200ms..2s`
    #[arg(long, value_name = "TIME[..TIME]")]
    latency: Option<LatencyRange>,

    /// Answer such a part of the deliveries with 500, without passing them on
    #[arg(long, value_name = "RATE", default_value = "0")]
    fail_rate: Rate,

    /// Close the connection of such a part of them, without passing them on or answering
    #[arg(long, value_name = "RATE", default_value = "0")]
    drop_rate: Rate,

    /// Do the work, and answer when the provider has given up; without a time after 35 s
    ///
    /// No provider says how long it waits; most clients wait 30 s. It takes what was received for
    /// lost, and sends it again: the way repeats are made.
    #[arg(long, value_name = "TIME", num_args = 0..=1, require_equals = true, default_missing_value = "35s", value_parser = limit_argument)]
    answer_late: Option<Duration>,

    /// Draw latencies, failures and drops from this seed
    #[arg(long, value_name = "N", default_value = "1")]
    seed: u64,
}

impl ResponseArgs {
    /// The scripts.
    pub(super) fn answers(&self) -> Result<ResponseScripts, Error> {
        ResponseScripts::new(self.respond.clone()).map_err(|event| {
            let of = event.map_or_else(String::new, |event| format!(" for `{event}`"));
            Error::Option {
                message: format!("there are two scripts{of}"),
                hint: "put the answers of both into one, such as `--respond 503,406`".to_owned(),
            }
        })
    }

    /// What befalls deliveries.
    pub(super) fn mishaps(&self) -> FaultInjection {
        FaultInjection {
            latency: self.latency,
            fail_rate: self.fail_rate,
            drop_rate: self.drop_rate,
            answer_late: self.answer_late,
            seed: self.seed,
        }
    }

    /// The events that have scripts of their own.
    pub(super) fn events(&self) -> impl Iterator<Item = &EventRef> {
        self.respond.iter().filter_map(|scripted| scripted.event.as_ref())
    }
}
