//! Options for the responses to deliveries and for fault injection.

use crate::commands::value_parsers::positive_duration_argument;
use crate::domain::event_ref::EventRef;
use crate::domain::fault_options::{LatencyRange, Probability};
use crate::domain::response_scripts::{EventScript, ResponseScripts};
use crate::engine::fault_injection::FaultInjection;
use crate::error::Error;
use clap::Args;
use std::time::Duration;

/// The responses to deliveries, and the faults injected into them.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Responses")]
pub(super) struct ResponseArgs {
    /// Statuses to respond with, in order, such as `503x2,200`, or those for one event (can be
    /// repeated)
    ///
    /// The last status of a script is repeated. `created=406` is a script for one event, which
    /// advances independently; events without one use the script without an event. With `--admin`,
    /// `PUT /_leadhook/respond` changes it while the listener runs.
    #[arg(long, value_name = "[EVENT=]SCRIPT")]
    respond: Vec<EventScript>,

    /// Delay every response by TIME, or by a random time of a range, such as `200ms..2s`
    #[arg(long, value_name = "TIME[..TIME]")]
    latency: Option<LatencyRange>,

    /// Fraction of deliveries to respond to with 500, without forwarding them
    #[arg(long, value_name = "RATE", default_value = "0")]
    fail_rate: Probability,

    /// Fraction of deliveries whose connection is closed without forwarding or responding
    #[arg(long, value_name = "RATE", default_value = "0")]
    drop_rate: Probability,

    /// Process the delivery, but respond only after the provider has timed out; by default after 35
    /// s
    ///
    /// No provider documents its timeout; most clients wait 30 s. The provider considers the
    /// delivery lost and sends it again, which is how repeats occur.
    #[arg(long, value_name = "TIME", num_args = 0..=1, require_equals = true, default_missing_value = "35s", value_parser = positive_duration_argument)]
    respond_late: Option<Duration>,

    /// Seed for latencies, failures and drops
    #[arg(long, value_name = "N", default_value = "1")]
    seed: u64,
}

impl ResponseArgs {
    /// Returns the response scripts. Fails if one event has two of them.
    pub(super) fn scripts(&self) -> Result<ResponseScripts, Error> {
        combine(self.respond.clone())
    }

    /// Returns the settings of fault injection.
    pub(super) fn faults(&self) -> FaultInjection {
        FaultInjection {
            latency: self.latency,
            fail_rate: self.fail_rate,
            drop_rate: self.drop_rate,
            respond_late: self.respond_late,
            seed: self.seed,
        }
    }

    /// Returns the events that have their own scripts.
    pub(super) fn events(&self) -> impl Iterator<Item = &EventRef> {
        self.respond.iter().filter_map(|scripted| scripted.event.as_ref())
    }
}

/// Combines scripts. Fails if one event has two of them.
pub(super) fn combine(scripts: Vec<EventScript>) -> Result<ResponseScripts, Error> {
    ResponseScripts::new(scripts).map_err(|event| {
        let scope = event.map_or_else(String::new, |event| format!(" for `{event}`"));
        Error::Option {
            message: format!("`--respond` was given twice{scope}"),
            hint: "combine the statuses in one script, such as `--respond 503,406`".to_owned(),
        }
    })
}
