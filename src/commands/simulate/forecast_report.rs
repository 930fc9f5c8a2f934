//! The result of a stream of leads under one retry schedule, with the keys of its JSON.

use crate::commands::simulate::plan::{PlanEntry, planned_attempts};
use crate::commands::simulate::schedules::NamedSchedule;
use crate::domain::frequency::Frequency;
use crate::domain::interval::Interval;
use crate::domain::latency::Seconds;
use crate::domain::percentiles::Percentiles;
use crate::domain::time::Moment;
use crate::domain::timeline::Timeline;
use crate::engine::simulate::Scenario;
use crate::engine::simulate::arrivals::ArrivalPattern;
use crate::engine::simulate::totals::{Forecast, Totals};
use crate::output::printer::{Look, Report};
use serde::Serialize;
use std::io;
use std::io::Write;

/// The forecast of a stream of leads under one retry schedule.
#[derive(Debug, Serialize)]
pub(super) struct ForecastReport {
    provider: String,
    event: String,
    attempts: Vec<PlanEntry>,
    totals: TotalsReport,
    /// The name of the retry schedule.
    pub(super) schedule: String,
    /// The longest outage in which no lead is lost.
    pub(super) survives_s: u64,
    scenario: ScenarioReport,
    timeline: TimelineReport,
    #[serde(skip)]
    pub(super) forecast: Forecast,
}

/// The simulated scenario, as requested.
#[derive(Debug, Serialize)]
struct ScenarioReport {
    events: Option<String>,
    arrivals: &'static str,
    for_s: Option<Seconds>,
    count: Option<u64>,
    then_s: Vec<Seconds>,
    outages_s: Vec<[Seconds; 2]>,
    brown_outs_s: Vec<[Seconds; 2]>,
    capacity: Option<String>,
    fail_rate: f64,
    latency_s: Option<[Seconds; 2]>,
    timeout_s: Option<Seconds>,
    seed: u64,
}

/// The totals. The order of the fields is that of the JSON.
#[derive(Debug, Serialize)]
struct TotalsReport {
    messages: u64,
    first_attempt: u64,
    late: u64,
    lost: u64,
    duplicated: u64,
    out_of_order: Option<u64>,
    attempts: u64,
    delay_s: Option<Percentiles<Seconds>>,
    burst_per_s: u64,
    backlog_gone_s: Option<Seconds>,
    duplicates: u64,
    failures: u64,
    burst_per_min: u64,
    burst_at_s: Option<Seconds>,
    backlog: u64,
}

/// The counts for each slice of time, one array per kind.
#[derive(Debug, Serialize)]
struct TimelineReport {
    slice_s: u64,
    arrivals: Vec<u64>,
    attempts: Vec<u64>,
    failures: Vec<u64>,
    late: Vec<u64>,
    lost: Vec<u64>,
    backlog: Vec<u64>,
}

impl ForecastReport {
    pub(super) fn new(
        (provider, event): (&str, &str),
        schedule: &NamedSchedule,
        scenario: &Scenario,
    ) -> Self {
        let scenario = &schedule.scenario(scenario);
        let forecast = scenario.run(&schedule.policy, |_| {});
        Self {
            provider: provider.to_owned(),
            event: event.to_owned(),
            schedule: schedule.name.clone(),
            survives_s: schedule.policy.total_wait().0,
            attempts: planned_attempts(&schedule.policy),
            scenario: ScenarioReport::new(scenario),
            totals: TotalsReport::new(&forecast.totals),
            timeline: TimelineReport::new(&forecast.timeline),
            forecast,
        }
    }
}

impl Report for ForecastReport {
    const KIND: &'static str = "plan";

    /// Prints the name only. The human-readable forecast is
    /// [`super::simulation_report::SimulationReport`], which shows several of them side by side.
    fn human(&self, out: &mut dyn Write, _: Look) -> io::Result<()> {
        writeln!(out, "{}", self.schedule)
    }
}

impl ScenarioReport {
    fn new(scenario: &Scenario) -> Self {
        let Scenario { stream, conditions, timeout, seed } = scenario;
        let ends = |interval: &Interval| [Seconds(interval.from), Seconds(interval.to)];
        Self {
            events: stream.frequency.as_ref().map(Frequency::to_string),
            arrivals: match stream.pattern {
                ArrivalPattern::Even => "even",
                ArrivalPattern::Poisson => "poisson",
            },
            for_s: stream.end.map(|end| Seconds(end.since_start())),
            count: (stream.leads != u64::MAX).then_some(stream.leads),
            then_s: stream.follow_ups.iter().copied().map(Seconds).collect(),
            outages_s: conditions.outages.iter().map(ends).collect(),
            brown_outs_s: conditions.brown_outs.iter().map(ends).collect(),
            capacity: conditions.capacity.as_ref().map(Frequency::to_string),
            fail_rate: f64::from(conditions.fail_rate.0) / 1e6,
            latency_s: conditions.latency.map(|range| [Seconds(range.min), Seconds(range.max)]),
            timeout_s: timeout.map(Seconds),
            seed: *seed,
        }
    }
}

impl TotalsReport {
    fn new(totals: &Totals) -> Self {
        Self {
            messages: totals.messages,
            first_attempt: totals.first_attempt,
            late: totals.late,
            lost: totals.lost,
            duplicated: totals.duplicated,
            out_of_order: totals.out_of_order,
            attempts: totals.attempts,
            delay_s: totals.delay.map(|ranks| ranks.map(Seconds)),
            burst_per_s: totals.burst_per_s,
            backlog_gone_s: totals.backlog_cleared_after.map(Seconds),
            duplicates: totals.duplicates,
            failures: totals.failures,
            burst_per_min: totals.burst_per_min,
            burst_at_s: totals.burst_at.map(Moment::since_start).map(Seconds),
            backlog: totals.backlog,
        }
    }
}

impl TimelineReport {
    fn new(timeline: &Timeline) -> Self {
        let slices = timeline.slices();
        Self {
            slice_s: timeline.width().as_secs(),
            arrivals: slices.iter().map(|slice| slice.arrivals).collect(),
            attempts: slices.iter().map(|slice| slice.attempts).collect(),
            failures: slices.iter().map(|slice| slice.failures).collect(),
            late: slices.iter().map(|slice| slice.late).collect(),
            lost: slices.iter().map(|slice| slice.lost).collect(),
            backlog: slices.iter().map(|slice| slice.backlog).collect(),
        }
    }
}
