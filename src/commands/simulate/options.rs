//! The options of `simulate`, by what they are about.

use crate::commands::values::limit_argument;
use crate::domain::event::EventRef;
use crate::domain::fault_rate::{LatencyRange, Rate};
use crate::domain::frequency::Frequency;
use crate::domain::interval::Interval;
use crate::domain::parse_error::ParseValueError;
use crate::domain::speed::Speed;
use crate::domain::status::ResponseScript;
use crate::domain::time::{Wait, parse_span};
use crate::engine::simulate::arrivals::{MOST_LEADS, Pattern};
use clap::{Args, ValueEnum};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

/// What the sender does.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Ladder")]
pub(super) struct ScheduleArgs {
    /// Make so many attempts at the most
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) attempts: Option<u16>,

    /// Other waits than the provider's, such as `10m,30m,1h`
    #[arg(long, value_name = "WAITS", value_delimiter = ',')]
    pub(super) schedule: Vec<Wait>,

    /// A ladder to compare with: a TOML file with the `[retry]` table of a pack (can be repeated)
    #[arg(long, value_name = "FILE", conflicts_with = "url")]
    pub(super) policy: Vec<PathBuf>,
}

/// What is sent.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Stream")]
pub(super) struct StreamArgs {
    /// How often a lead comes, such as `120/h` or `5/s`
    #[arg(long, value_name = "RATE")]
    pub(super) events: Option<Frequency>,

    /// How long leads come [default: 24h, or until `--count` is reached]
    #[arg(long = "for", id = "for", value_name = "TIME", requires = "events", value_parser = limit_argument)]
    pub(super) length: Option<Duration>,

    /// How they come: as chance has it, or with gaps that are all alike
    #[arg(long, value_name = "HOW", value_enum, default_value = "poisson", requires = "events")]
    pub(super) arrivals: ArrivalPattern,

    /// No more than so many leads; without `--events` all of them at once
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=MOST_LEADS))]
    pub(super) count: Option<u64>,

    /// What follows every lead, and how long after it, such as `activity_added=5m` (can be repeated)
    #[arg(long, value_name = "EVENT=TIME")]
    pub(super) then: Vec<FollowUp>,
}

/// What the endpoint goes through, where it is imagined.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Imagined endpoint")]
pub(super) struct EndpointArgs {
    /// Answers of the endpoint, in order, such as `503x3,200`
    #[arg(long, value_name = "SCRIPT", conflicts_with = "url")]
    pub(super) respond: Option<ResponseScript>,

    /// Nobody is there, such as `30m..3h` from the first lead on (can be repeated)
    #[arg(long, value_name = "FROM..TO", conflicts_with = "url")]
    pub(super) outage: Vec<Interval>,

    /// It takes no more requests than that, such as `5/s`; what comes sooner waits its turn
    #[arg(long, value_name = "RATE", conflicts_with = "url")]
    pub(super) capacity: Option<Frequency>,

    /// So many requests are answered with 500, undone, such as `0.1` or `10%`
    #[arg(
        id = "simulated_fail_rate",
        long = "fail-rate",
        value_name = "RATE",
        conflicts_with = "url"
    )]
    pub(super) fail_rate: Option<Rate>,

    /// How long a request takes, such as `200ms` or `1s..40s`; done after `--timeout`, it comes again
    #[arg(id = "simulated_latency", long = "latency", value_name = "TIME", conflicts_with = "url")]
    pub(super) latency: Option<LatencyRange>,

    /// When the three before this one hold; the whole time if it is not given (can be repeated)
    #[arg(long, value_name = "FROM..TO", conflicts_with = "url")]
    pub(super) brown_out: Vec<Interval>,

    /// Try one outage of each of these lengths, such as `10m,1h,8h`, from the first lead on, and
    /// compare
    #[arg(
        long,
        value_name = "LENGTHS",
        value_delimiter = ',',
        value_parser = limit_argument,
        conflicts_with_all = ["url", "outage", "plot"]
    )]
    pub(super) sweep: Vec<Duration>,

    /// Draw what happens over time into this SVG file, which is replaced atomically
    #[arg(long, value_name = "FILE", conflicts_with = "url")]
    pub(super) plot: Option<PathBuf>,
}

/// How a real endpoint is met.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Real endpoint")]
pub(super) struct RunArgs {
    /// Waits between the attempts: none (`instant`), the ladder's own (`real`), or so many times
    /// shorter (`60x`)
    #[arg(long, value_name = "SPEED", default_value = "instant", requires = "url")]
    pub(super) speed: Speed,

    /// How many attempts may be under way at once, of those that are due
    #[arg(
        long,
        value_name = "N",
        default_value = "1",
        value_parser = clap::value_parser!(u16).range(1..=1000),
        requires = "url"
    )]
    pub(super) concurrency: u16,

    /// Write down every attempt, and go on where this file ends
    #[arg(long, value_name = "FILE", requires = "url")]
    pub(super) journal: Option<PathBuf>,
}

/// How leads come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ArrivalPattern {
    /// As chance has it: one lead knows nothing of another.
    Poisson,
    /// With gaps that are all alike.
    Even,
}

impl From<ArrivalPattern> for Pattern {
    fn from(pattern: ArrivalPattern) -> Self {
        match pattern {
            ArrivalPattern::Poisson => Self::Poisson,
            ArrivalPattern::Even => Self::Even,
        }
    }
}

/// An event that follows every lead.
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
            after: parse_span(after).map_err(|error| error.to_string())?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_follow_up_is_an_event_and_a_time() {
        let found: FollowUp = "realgeeks:activity_added=5m".parse().unwrap();
        assert_eq!(found.after, Duration::from_secs(300));
        assert_eq!(found.event.to_string(), "realgeeks:activity_added");
        for wrong in ["", "activity_added", "activity_added=", "=5m", "activity_added=-5m"] {
            assert!(wrong.parse::<FollowUp>().is_err(), "{wrong}");
        }
    }
}
