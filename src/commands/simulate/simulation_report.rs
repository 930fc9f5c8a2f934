//! The human-readable forecast: a chart, and a table with a column for each retry schedule.

use crate::commands::simulate::forecast_report::ForecastReport;
use crate::domain::interval::Interval;
use crate::domain::percentiles::Percentiles;
use crate::domain::time;
use crate::domain::time::Wait;
use crate::domain::timeline::Slice;
use crate::engine::simulate::Scenario;
use crate::engine::simulate::totals::Totals;
use crate::output::chart;
use crate::output::printer::Look;
use crate::output::wrap::{columns, join_parts, wrap};
use indicatif::HumanCount;
use std::fmt::Write as _;
use std::io;
use std::io::Write;
use std::time::Duration;

/// The width of the row names in the table.
const NAME_WIDTH: usize = 16;

/// The minimum width of the column of one retry schedule.
const COLUMN_WIDTH: usize = 19;

/// The number of columns beside the bars of a chart: the indentation, the name and the maximum, such
/// as `1,440 in 30 min`.
const CHART_MARGIN: usize = 31;

/// The minimum number of columns of the bars of a chart.
const MIN_CHART: usize = 10;

/// The number of columns of the table of a sweep.
const SWEEP_WIDTH: usize = 79;

/// The forecasts of a scenario, one for each retry schedule.
#[derive(Clone, Copy)]
pub(super) struct SimulationReport<'p> {
    pub(super) scenario: &'p Scenario,
    pub(super) forecasts: &'p [ForecastReport],
}

/// A row of the table: its name, and its value for a retry schedule.
type Row = (&'static str, fn(&ForecastReport) -> String);

const ROWS: &[Row] = &[
    ("first attempt", |it| format_share(it, |totals| totals.first_attempt)),
    ("late", |it| format_share(it, |totals| totals.late)),
    ("lost", |it| format_share(it, |totals| totals.lost)),
    ("processed twice", |it| format_share(it, |totals| totals.duplicated)),
    ("out of order", |it| {
        it.forecast.totals.out_of_order.map_or_else(|| "-".to_owned(), format_count)
    }),
    ("delay, p50", |it| format_delay(it, |ranks| ranks.p50)),
    ("delay, p90", |it| format_delay(it, |ranks| ranks.p90)),
    ("delay, p99", |it| format_delay(it, |ranks| ranks.p99)),
    ("delay, max", |it| format_delay(it, |ranks| ranks.max)),
    ("attempts", |it| format_count(it.forecast.totals.attempts)),
    ("busiest second", |it| format_count(it.forecast.totals.burst_per_s)),
    ("busiest minute", |it| format_count(it.forecast.totals.burst_per_min)),
    ("backlog", |it| format_count(it.forecast.totals.backlog)),
    ("recovered after", |it| {
        it.forecast
            .totals
            .backlog_cleared_after
            .map_or_else(|| "-".to_owned(), format_whole_seconds)
    }),
];

/// The rows that also show their percentage of all messages.
const ROWS_WITH_SHARE: &[&str] = &["first attempt", "late", "lost", "processed twice"];

/// A note below the table, and the condition under which it is printed.
type Note = (&'static str, fn(&Totals) -> bool);

/// The notes that define the less obvious rows of the table.
const NOTES: &[Note] = &[
    (
        "Processed twice: the response came after the sender's timeout, so it sent again.",
        |totals| totals.duplicated > 0,
    ),
    ("Out of order: processed before its lead, or without it.", |totals| {
        totals.out_of_order.is_some_and(|count| count > 0)
    }),
];

pub(super) fn format_count(count: u64) -> String {
    HumanCount(count).to_string()
}

/// Formats a count with its percentage of all messages.
fn format_share(report: &ForecastReport, of: fn(&Totals) -> u64) -> String {
    let totals = &report.forecast.totals;
    let count = of(totals);
    format!("{} {:>8}", format_count(count), format_percent(count, totals.messages))
}

/// Formats a percentage, such as `12.3 %`.
///
/// A part above zero is never shown as 0 %, and an incomplete one never as 100 %: one lost lead in
/// a million must be visible.
fn format_percent(part: u64, whole: u64) -> String {
    let tenths = (u128::from(part) * 1_000 + u128::from(whole) / 2).checked_div(whole.into());
    match tenths.unwrap_or(0) {
        _ if part == 0 => String::new(),
        _ if part == whole => "100 %".to_owned(),
        0 => "<0.1 %".to_owned(),
        1_000.. => ">99.9 %".to_owned(),
        tenths => format!("{}.{} %", tenths / 10, tenths % 10),
    }
}

/// Formats a duration; with fractions only below one second.
pub(super) fn format_whole_seconds(span: Duration) -> String {
    match span.as_secs() {
        0 if span.is_zero() => "0 s".to_owned(),
        0 => time::format_duration(span),
        seconds => Wait(seconds).to_string(),
    }
}

fn format_delay(report: &ForecastReport, rank: fn(Percentiles<Duration>) -> Duration) -> String {
    report
        .forecast
        .totals
        .delay
        .map_or_else(|| "-".to_owned(), |ranks| format_whole_seconds(rank(ranks)))
}

/// Formats an interval, such as `from 30 min to 3 h`.
fn format_interval(interval: &Interval) -> String {
    let from =
        if interval.from.is_zero() { "0".to_owned() } else { format_whole_seconds(interval.from) };
    format!("from {from} to {}", format_whole_seconds(interval.to))
}

/// Describes the stream, such as `2,880 leads in 24 h`.
pub(super) fn describe_stream(scenario: &Scenario, leads: u64) -> String {
    let noun = if leads == 1 { "lead" } else { "leads" };
    let duration = match scenario.stream.end {
        Some(end) => format!(" in {}", format_whole_seconds(end.since_start())),
        None if scenario.stream.frequency.is_none() => " at once".to_owned(),
        None => String::new(),
    };
    format!("{} {noun}{duration}", format_count(leads))
}

/// Describes the problems of the endpoint, one per line.
pub(super) fn describe_conditions(scenario: &Scenario) -> Vec<String> {
    let conditions = &scenario.conditions;
    let mut lines: Vec<_> = conditions
        .outages
        .iter()
        .map(|outage| format!("outage {}", format_interval(outage)))
        .collect();
    let mut parts = Vec::new();
    if let Some(capacity) = conditions.capacity {
        parts.push(format!("at most {capacity}"));
    }
    if conditions.fail_rate.0 > 0 {
        let rate = f64::from(conditions.fail_rate.0) / 1e4;
        parts.push(format!("{rate} % fail with 500"));
    }
    if let Some(range) = conditions.latency {
        let max =
            (range.max > range.min).then(|| format!(" to {}", format_whole_seconds(range.max)));
        parts.push(format!(
            "{}{} to respond",
            format_whole_seconds(range.min),
            max.unwrap_or_default()
        ));
    }
    if !parts.is_empty() {
        let intervals: Vec<_> = conditions.brown_outs.iter().map(format_interval).collect();
        let intervals =
            if intervals.is_empty() { "all the time".to_owned() } else { intervals.join(", ") };
        lines.push(format!("{intervals}: {}", parts.join(", ")));
    }
    lines
}

impl SimulationReport<'_> {
    /// Returns the number of leads: the messages without the follow-up events.
    pub(super) fn leads(&self) -> u64 {
        let messages = self.forecasts.first().map_or(0, |report| report.forecast.totals.messages);
        messages / (1 + self.scenario.stream.follow_ups.len() as u64)
    }

    /// Prints the report: subject, charts, table and notes.
    pub(super) fn human(&self, out: &mut dyn Write, look: Look) -> io::Result<()> {
        let theme = look.theme;
        writeln!(out, "{}", theme.strong(&describe_stream(self.scenario, self.leads())))?;
        write_conditions(out, look, self.scenario)?;
        for report in self.forecasts {
            self.chart(out, look, report)?;
        }
        self.tables(out, look)?;
        for report in self.forecasts {
            let name = &report.schedule;
            let text = match Wait(report.survives_s) {
                Wait(0) => format!("{name}: one attempt, and no lead survives an outage."),
                span => format!("{name}: no lead is lost in one outage of up to {span}."),
            };
            wrap(&text, look.text_columns()).iter().try_for_each(|line| writeln!(out, "{line}"))?;
        }
        for (note, applies) in NOTES {
            if self.forecasts.iter().any(|report| applies(&report.forecast.totals)) {
                for line in wrap(note, look.text_columns()) {
                    writeln!(out, "{}", theme.dim(&line))?;
                }
            }
        }
        Ok(())
    }

    /// Prints the charts of one forecast: outages, arrivals, failures and backlog over time.
    fn chart(&self, out: &mut dyn Write, look: Look, report: &ForecastReport) -> io::Result<()> {
        let theme = look.theme;
        let timeline = &report.forecast.timeline;
        let room = look.columns.saturating_sub(CHART_MARGIN).max(MIN_CHART);
        let column = chart::column_width(timeline.width(), timeline.slices().len(), room);
        let columns = timeline.slices_of_width(column);
        writeln!(out)?;
        if self.forecasts.len() > 1 {
            writeln!(out, "  {}", theme.strong(&report.schedule))?;
        }
        let axis = chart::axis(column, columns.len());
        writeln!(out, "  {:<10}{}", "", theme.dim(&axis))?;
        let outages: Vec<_> =
            self.scenario.conditions.outages.iter().map(|it| (it.from, it.to)).collect();
        if !outages.is_empty() {
            let line = chart::intervals(&outages, column, columns.len());
            writeln!(out, "  {:<10}{}", "outage", theme.bad(line.trim_end()))?;
        }
        let width = columns.len();
        let mut row =
            |name: &str, paint: &dyn Fn(&str) -> String, of: fn(&Slice) -> u64, unit: &str| {
                let values: Vec<_> = columns.iter().map(of).collect();
                let max = values.iter().copied().max().unwrap_or(0);
                let bars = format!("{:<width$}", chart::bars(&values));
                let max = theme.dim(&format!("{}{unit}", format_count(max)));
                writeln!(out, "  {name:<10}{}  {max}", paint(&bars))
            };
        let per = format!(" in {}", format_whole_seconds(column));
        row("arrivals", &|text| text.to_owned(), |slice| slice.arrivals, &per)?;
        row("failures", &|text| theme.bad(text), |slice| slice.failures, &per)?;
        row("backlog", &|text| theme.warn(text), |slice| slice.backlog, " at once")
    }

    /// Prints the table with a column for each forecast, or several tables below each other if the
    /// terminal has no room for all columns.
    fn tables(&self, out: &mut dyn Write, look: Look) -> io::Result<()> {
        let cells: Vec<Vec<String>> = self.forecasts.iter().map(cells).collect();
        let widest = cells.iter().flatten().map(|cell| columns(cell)).max().unwrap_or(0);
        let width = COLUMN_WIDTH.max(widest + 1);
        let per_table = (look.columns.saturating_sub(2 + NAME_WIDTH) / width).max(1);
        for (cells, reports) in cells.chunks(per_table).zip(self.forecasts.chunks(per_table)) {
            self.table(out, look, width, cells, reports)?;
        }
        writeln!(out)
    }

    /// Prints a table. `cells` are those of each column.
    fn table(
        &self,
        out: &mut dyn Write,
        look: Look,
        width: usize,
        cells: &[Vec<String>],
        reports: &[ForecastReport],
    ) -> io::Result<()> {
        let theme = look.theme;
        writeln!(out)?;
        if self.forecasts.len() > 1 {
            let names = reports.iter().map(|it| format!("{:>width$}", shorten(&it.schedule)));
            let names: String = names.collect();
            writeln!(out, "  {:NAME_WIDTH$}{}", "", theme.strong(names.trim_end()))?;
        }
        for (row, (name, _)) in ROWS.iter().enumerate() {
            let mut line = String::new();
            for text in cells.iter().filter_map(|column| column.get(row)) {
                // Writing to a string cannot fail.
                let _ = write!(line, "{text:>width$}");
            }
            let line = line.trim_end();
            let any = |of: fn(&Totals) -> u64| {
                reports.iter().any(|report| of(&report.forecast.totals) > 0)
            };
            let line = match *name {
                "lost" if any(|totals| totals.lost) => theme.bad(line),
                "late" if any(|totals| totals.late) => theme.warn(line),
                "first attempt" => theme.good(line),
                _ => line.to_owned(),
            };
            writeln!(out, "  {name:NAME_WIDTH$}{line}")?;
        }
        Ok(())
    }
}

/// Returns the cells of a forecast, one for each row.
fn cells(report: &ForecastReport) -> Vec<String> {
    let cell = |(name, cell): &Row| {
        let text = cell(report);
        // Pad the rows without a percentage, so that the numbers of all rows align.
        if ROWS_WITH_SHARE.contains(name) { text } else { format!("{text}         ") }
    };
    ROWS.iter().map(cell).collect()
}

/// Prints the problems of the endpoint.
fn write_conditions(out: &mut dyn Write, look: Look, scenario: &Scenario) -> io::Result<()> {
    for text in describe_conditions(scenario) {
        for line in wrap(&text, look.text_columns()) {
            writeln!(out, "{}", look.theme.bad(&line))?;
        }
    }
    Ok(())
}

/// Shortens a name to the width of a column.
fn shorten(name: &str) -> String {
    match name.char_indices().nth(COLUMN_WIDTH - 2) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.to_owned(),
    }
}

/// Prints one line for each length of an outage.
pub(super) fn sweep_table(
    out: &mut dyn Write,
    look: Look,
    scenario: &Scenario,
    lengths: &[Duration],
    forecasts: &[ForecastReport],
) -> io::Result<()> {
    let theme = look.theme;
    let Some(first) = forecasts.first() else { return Ok(()) };
    let leads = first.forecast.totals.messages / (1 + scenario.stream.follow_ups.len() as u64);
    let heading = format!("{}: {}", first.schedule, describe_stream(scenario, leads));
    writeln!(out, "{}", theme.strong(&heading))?;
    write_conditions(out, look, scenario)?;
    let is_list = look.columns < SWEEP_WIDTH;
    if !is_list {
        let heading =
            "outage  first attempt   late   lost   delay p50         p90         max  per min";
        writeln!(out, "{}", theme.dim(heading))?;
    }
    for (length, report) in lengths.iter().zip(forecasts) {
        if is_list {
            write_sweep_entry(out, look, *length, report)?;
            continue;
        }
        let totals = &report.forecast.totals;
        let late = format!("{:>7}", format_count(totals.late));
        let late = if totals.late > 0 { theme.warn(&late) } else { late };
        let lost = format!("{:>7}", format_count(totals.lost));
        let lost = if totals.lost > 0 { theme.bad(&lost) } else { lost };
        let [p50, p90, max] = [
            format_delay(report, |ranks| ranks.p50),
            format_delay(report, |ranks| ranks.p90),
            format_delay(report, |ranks| ranks.max),
        ];
        let (length, first_attempt) =
            (format_whole_seconds(*length), format_count(totals.first_attempt));
        let burst = format_count(totals.burst_per_min);
        writeln!(
            out,
            "{length:<11}{first_attempt:>10}{late}{lost}{p50:>12}{p90:>12}{max:>12}{burst:>9}"
        )?;
    }
    Ok(())
}

/// Prints the result for one length of an outage as a list, for a terminal that is too narrow for
/// the table.
fn write_sweep_entry(
    out: &mut dyn Write,
    look: Look,
    length: Duration,
    report: &ForecastReport,
) -> io::Result<()> {
    let theme = look.theme;
    let totals = &report.forecast.totals;
    let late = format!("{} late", format_count(totals.late));
    let lost = format!("{} lost", format_count(totals.lost));
    let counts = [
        format!("{} at first attempt", format_count(totals.first_attempt)),
        if totals.late > 0 { theme.warn(&late) } else { late },
        if totals.lost > 0 { theme.bad(&lost) } else { lost },
    ];
    let times = [
        format!("delay p50 {}", format_delay(report, |ranks| ranks.p50)),
        format!("p90 {}", format_delay(report, |ranks| ranks.p90)),
        format!("max {}", format_delay(report, |ranks| ranks.max)),
        format!("{} per min", format_count(totals.burst_per_min)),
    ];
    writeln!(out, "outage of {}", format_whole_seconds(length))?;
    for parts in [&counts[..], &times[..]] {
        writeln!(out, "  {}", join_parts(parts, ", ", Some(look.columns - 2), 2))?;
    }
    Ok(())
}
