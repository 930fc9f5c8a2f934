//! The options of `simulate`, grouped as in its help: schedule, stream, simulated and real
//! endpoint.

use crate::commands::value_parsers::positive_duration_argument;
use crate::domain::event_ref::EventRef;
use crate::domain::fault_options::{LatencyRange, Probability};
use crate::domain::frequency::Frequency;
use crate::domain::interval::Interval;
use crate::domain::parse_error::ParseValueError;
use crate::domain::speed::Speed;
use crate::domain::status::ResponseScript;
use crate::domain::time::{Wait, parse_duration};
use crate::engine::simulate::arrivals::{ArrivalPattern, MAX_LEADS};
use clap::{Args, ValueEnum};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

/// The options that select retry schedules.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Retry schedule")]
pub(super) struct ScheduleArgs {
    /// Maximum number of attempts
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) attempts: Option<u16>,

    /// Waits to use instead of the provider's, such as `10m,30m,1h`
    #[arg(long, value_name = "WAITS", value_delimiter = ',')]
    pub(super) schedule: Vec<Wait>,

    /// Retry schedule of a TOML file to compare with (can be repeated)
    ///
    /// The file has the table `[retry]` of a pack.
    #[arg(long, value_name = "FILE", conflicts_with = "url")]
    pub(super) policy: Vec<PathBuf>,
}

/// The options of the stream of leads.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Stream of leads")]
pub(super) struct StreamArgs {
    /// Rate at which leads arrive, such as `120/h` or `0.5/s`
    #[arg(long, value_name = "RATE")]
    pub(super) events: Option<Frequency>,

    /// Time during which leads arrive [default: 24h, or until `--count` is reached]
    #[arg(long = "for", id = "for", value_name = "TIME", requires = "events", value_parser = positive_duration_argument)]
    pub(super) length: Option<Duration>,

    /// Arrival pattern: random (Poisson) or evenly spaced
    #[arg(long, value_name = "HOW", value_enum, default_value = "poisson", requires = "events")]
    pub(super) arrivals: ArrivalPatternName,

    /// Maximum number of leads; without `--events` all of them arrive at once
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=MAX_LEADS))]
    pub(super) count: Option<u64>,

    /// Event that follows every lead, and its delay, such as `activity_added=5m` (can be repeated)
    #[arg(long, value_name = "EVENT=TIME")]
    pub(super) then: Vec<FollowUp>,
}

/// The behavior of a simulated endpoint.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Simulated endpoint")]
pub(super) struct EndpointArgs {
    /// Responses of the endpoint, in order, such as `503x3,200`
    #[arg(long, value_name = "SCRIPT", conflicts_with = "url")]
    pub(super) respond: Option<ResponseScript>,

    /// Endpoint is down in this interval, such as `30m..3h` (can be repeated)
    ///
    /// Time is counted from the first lead.
    #[arg(long, value_name = "FROM..TO", conflicts_with = "url")]
    pub(super) outage: Vec<Interval>,

    /// Maximum request rate of the endpoint, such as `5/s`; requests above it are queued
    #[arg(long, value_name = "RATE", conflicts_with = "url")]
    pub(super) capacity: Option<Frequency>,

    /// Share of requests that fail with 500 and are not processed, such as `0.1` or `10%`
    #[arg(
        id = "simulated_fail_rate",
        long = "fail-rate",
        value_name = "RATE",
        conflicts_with = "url"
    )]
    pub(super) fail_rate: Option<Probability>,

    /// Time to process a request, such as `200ms` or `1s..40s`; beyond `--timeout`, it is sent
    /// again
    #[arg(id = "simulated_latency", long = "latency", value_name = "TIME", conflicts_with = "url")]
    pub(super) latency: Option<LatencyRange>,

    /// Interval in which `--capacity`, `--fail-rate` and `--latency` apply [default: always] (can
    /// be repeated)
    #[arg(long, value_name = "FROM..TO", conflicts_with = "url")]
    pub(super) brown_out: Vec<Interval>,

    /// Compare outages of these lengths, such as `10m,1h,8h`
    ///
    /// Each begins with the first lead.
    #[arg(
        long,
        value_name = "LENGTHS",
        value_delimiter = ',',
        value_parser = positive_duration_argument,
        conflicts_with_all = ["url", "outage", "plot"]
    )]
    pub(super) sweep: Vec<Duration>,

    /// Draw what happens over time into this SVG file
    ///
    /// An existing file is replaced atomically.
    #[arg(long, value_name = "FILE", conflicts_with = "url")]
    pub(super) plot: Option<PathBuf>,
}

/// The options of a run against a real endpoint.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Real endpoint")]
pub(super) struct RunArgs {
    /// Waits between attempts: `instant`, `real` or `60x`
    ///
    /// `instant` leaves them out, `real` keeps them as scheduled, and a factor divides them.
    #[arg(long, value_name = "SPEED", default_value = "instant", requires = "url")]
    pub(super) speed: Speed,

    /// Maximum number of attempts in progress at once, of those that are due
    #[arg(
        long,
        value_name = "N",
        default_value = "1",
        value_parser = clap::value_parser!(u16).range(1..=1000),
        requires = "url"
    )]
    pub(super) concurrency: u16,

    /// Record every attempt in this file, and resume the run in it
    #[arg(long, value_name = "FILE", requires = "url")]
    pub(super) journal: Option<PathBuf>,
}

/// The pattern in which leads arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ArrivalPatternName {
    /// Random: each arrival is independent of the others.
    Poisson,
    /// Evenly spaced.
    Even,
}

impl From<ArrivalPatternName> for ArrivalPattern {
    fn from(pattern: ArrivalPatternName) -> Self {
        match pattern {
            ArrivalPatternName::Poisson => Self::Poisson,
            ArrivalPatternName::Even => Self::Even,
        }
    }
}

/// An event that follows every lead after a delay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FollowUp {
    pub(super) event: EventRef,
    pub(super) after: Duration,
}

impl FromStr for FollowUp {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (event, after) = text.rsplit_once('=').ok_or_else(|| {
            "expected an event and a time, such as `activity_added=5m`".to_owned()
        })?;
        Ok(Self {
            event: event.parse().map_err(|error: ParseValueError| error.to_string())?,
            after: parse_duration(after).map_err(|error| error.to_string())?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_follow_up_is_an_event_and_a_time() {
        let follow_up: FollowUp = "realgeeks:activity_added=5m".parse().unwrap();
        assert_eq!(follow_up.after, Duration::from_secs(300));
        assert_eq!(follow_up.event.to_string(), "realgeeks:activity_added");
        for invalid in ["", "activity_added", "activity_added=", "=5m", "activity_added=-5m"] {
            assert!(invalid.parse::<FollowUp>().is_err(), "{invalid}");
        }
    }
}
