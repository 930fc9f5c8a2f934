//! The plot of a forecast: what becomes of the leads, failed attempts and backlog over time.

use crate::commands::simulate::forecast_report::ForecastReport;
use crate::commands::simulate::simulation_report::{
    SimulationReport, describe_conditions, describe_stream, format_count, format_whole_seconds,
};
use crate::domain::interval::Interval;
use crate::domain::timeline::Slice;
use crate::engine::simulate::Scenario;
use crate::output::plot::{Band, BandKind, Drawing, Panel, PanelForm, Series, Tone};
use std::time::Duration;

/// The maximum number of outages that are listed below the title.
const MAX_LISTED: usize = 3;

/// The part of the shown time that is left free at both ends.
const MARGIN: u32 = 12;

/// The timeline of a retry schedule, in slices that all schedules share.
struct ScheduleTimeline<'f> {
    report: &'f ForecastReport,
    slices: Vec<Slice>,
}

impl ScheduleTimeline<'_> {
    /// Returns one count of each slice.
    fn values(&self, of: fn(&Slice) -> u64) -> Vec<u64> {
        self.slices.iter().map(of).collect()
    }
}

/// Returns the plot of the forecasts.
pub(super) fn drawing(text_report: &SimulationReport<'_>) -> Drawing {
    let SimulationReport { scenario, forecasts } = *text_report;
    // The widths of slices are multiples of each other.
    let slice = forecasts.iter().map(|report| report.forecast.timeline.width()).max();
    let slice = slice.unwrap_or(Duration::from_secs(1));
    let timelines: Vec<_> = forecasts
        .iter()
        .map(|report| ScheduleTimeline {
            report,
            slices: report.forecast.timeline.slices_of_width(slice),
        })
        .collect();
    let bands = bands(scenario);
    let length = timelines.iter().map(|timeline| timeline.slices.len()).max().unwrap_or(0);
    let end = slice.saturating_mul(u32::try_from(length).unwrap_or(u32::MAX));
    let window = eventful_window(&timelines, &bands, slice, end);
    let noun = if scenario.stream.follow_ups.is_empty() { "lead" } else { "message" };
    let title = format!("{}: {}", describe_disruption(scenario), describe_losses(forecasts, noun));
    let lines = lines(text_report);
    let per = format_whole_seconds(slice);
    let fates = timelines.iter().map(|timeline| fate_panel(timeline, noun, &per));
    let summaries = timelines.iter().zip(fates.clone()).map(|(timeline, panel)| {
        let parts: Vec<_> = panel.series.into_iter().map(|series| series.name).collect();
        format!("{}: {}", timeline.report.schedule, parts.join(", "))
    });
    let description: Vec<_> = lines.iter().map(|(_, text)| text.clone()).chain(summaries).collect();
    let panels = fates.chain([
        line_panel(format!("Failed attempts per {per}"), &timelines, |slice| slice.failures),
        line_panel(format!("{noun}s that wait for a retry"), &timelines, |slice| slice.backlog),
    ]);
    Drawing {
        panels: panels.collect(),
        title,
        description: format!("{}.", description.join(". ")),
        lines,
        note: calm_note(window, end),
        bands,
        window,
        axis: format!("time since the first {noun}"),
        slice,
    }
}

/// Returns the intervals in which the endpoint is down or impaired.
fn bands(scenario: &Scenario) -> Vec<Band> {
    let band = |kind| move |it: &Interval| Band { kind, from: it.from, to: it.to };
    let conditions = &scenario.conditions;
    let outages = conditions.outages.iter().map(band(BandKind::Outage));
    outages.chain(conditions.brown_outs.iter().map(band(BandKind::BrownOut))).collect()
}

/// Returns the time from the first failure or disruption to the last one or the end of the backlog,
/// with a margin; the whole time, if there is none or not much else.
fn eventful_window(
    timelines: &[ScheduleTimeline<'_>],
    bands: &[Band],
    slice: Duration,
    end: Duration,
) -> (Duration, Duration) {
    let is_eventful = |it: &Slice| it.failures + it.backlog + it.late + it.lost > 0;
    let at = |index: usize| slice.saturating_mul(u32::try_from(index).unwrap_or(u32::MAX));
    let slices = timelines.iter().flat_map(|timeline| timeline.slices.iter().enumerate());
    let events =
        slices.filter(|(_, it)| is_eventful(it)).map(|(index, _)| (at(index), at(index + 1)));
    let events: Vec<_> = events.chain(bands.iter().map(|band| (band.from, band.to))).collect();
    let first = events.iter().map(|(from, _)| *from).min();
    let last = events.iter().map(|(_, to)| *to).max();
    let (Some(first), Some(last)) = (first, last) else { return (Duration::ZERO, end) };
    let last = last.min(end);
    let length = last.saturating_sub(first);
    let margin = (length / MARGIN).max(slice);
    let from = first.saturating_sub(margin);
    let to = last.saturating_add(margin).min(end);
    // A cut is worth its note if it hides more than a quarter of what is shown.
    let is_long = |hidden: Duration| hidden > (to.saturating_sub(from)) / 4;
    let from = if is_long(from) { from } else { Duration::ZERO };
    let to = if is_long(end.saturating_sub(to)) { to } else { end };
    (from, to)
}

/// Describes the times outside of the window.
fn calm_note((from, to): (Duration, Duration), end: Duration) -> Option<String> {
    let before = (!from.is_zero()).then(|| format!("0 to {}", format_whole_seconds(from)));
    let after = (to < end)
        .then(|| format!("{} to {}", format_whole_seconds(to), format_whole_seconds(end)));
    let hidden: Vec<_> = [before, after].into_iter().flatten().collect();
    (!hidden.is_empty()).then(|| {
        format!(
            "Not shown: {}, when every attempt succeeds and nothing waits.",
            hidden.join(" and ")
        )
    })
}

/// Names the disruption, such as `Outage of 2 h 30 min`.
fn describe_disruption(scenario: &Scenario) -> String {
    let length = |it: &Interval| format_whole_seconds(it.to.saturating_sub(it.from));
    let conditions = &scenario.conditions;
    match (conditions.outages.as_slice(), conditions.brown_outs.as_slice()) {
        ([], []) => "No outage".to_owned(),
        ([outage], []) => format!("Outage of {}", length(outage)),
        ([], [brown_out]) => format!("Brown-out of {}", length(brown_out)),
        (outages, []) => format!("{} outages", outages.len()),
        ([], brown_outs) => format!("{} brown-outs", brown_outs.len()),
        (outages, brown_outs) => format!("{} disruptions", outages.len() + brown_outs.len()),
    }
}

/// States what is lost: `3 of 480 leads lost`, or `Real Geeks loses 0 of 480 leads, ours 104` if
/// there are several schedules.
fn describe_losses(forecasts: &[ForecastReport], noun: &str) -> String {
    let lost = |report: &ForecastReport| format_count(report.forecast.totals.lost);
    let Some((first, rest)) = forecasts.split_first() else { return String::new() };
    let totals = &first.forecast.totals;
    let plural = if totals.messages == 1 { "" } else { "s" };
    let all = format!("{} {noun}{plural}", format_count(totals.messages));
    if !rest.is_empty() {
        let others = rest.iter().map(|report| format!(", {} {}", report.schedule, lost(report)));
        let others: String = others.collect();
        return format!("{} loses {} of {all}{others}", first.schedule, lost(first));
    }
    match totals.lost {
        count if count == totals.messages && count > 1 => format!("all {all} lost"),
        _ => format!("{} of {all} lost", lost(first)),
    }
}

/// Returns the lines below the title: the stream and the problems of the endpoint.
fn lines(text_report: &SimulationReport<'_>) -> Vec<(Option<BandKind>, String)> {
    let scenario = text_report.scenario;
    let conditions = &scenario.conditions;
    let described = describe_conditions(scenario);
    let (outages, impaired) = described.split_at(conditions.outages.len().min(described.len()));
    let mut lines = vec![(None, describe_stream(scenario, text_report.leads()))];
    lines
        .extend(outages.iter().take(MAX_LISTED).map(|line| (Some(BandKind::Outage), line.clone())));
    let more = outages.len().saturating_sub(MAX_LISTED);
    lines.extend((more > 0).then(|| (Some(BandKind::Outage), format!("and {more} more outages"))));
    let brown_out = (!conditions.brown_outs.is_empty()).then_some(BandKind::BrownOut);
    lines.extend(impaired.iter().map(|line| (brown_out, line.clone())));
    lines
}

/// Returns what becomes of the messages, by the time of their arrival.
fn fate_panel(timeline: &ScheduleTimeline<'_>, noun: &str, per: &str) -> Panel {
    let totals = &timeline.report.forecast.totals;
    let series = |name: String, tone, of| Series { name, tone, values: timeline.values(of) };
    let first = |slice: &Slice| slice.arrivals.saturating_sub(slice.late + slice.lost);
    Panel {
        title: format!("{}: {noun}s that arrive per {per}", timeline.report.schedule),
        form: PanelForm::Stacked,
        series: vec![
            series(format!("{} at once", format_count(totals.first_attempt)), Tone::First, first),
            series(format!("{} late", format_count(totals.late)), Tone::Late, |slice| slice.late),
            series(format!("{} lost", format_count(totals.lost)), Tone::Lost, |slice| slice.lost),
        ],
    }
}

/// Returns a panel with a line for each schedule. Their names are in the legend, if there are
/// several.
fn line_panel(title: String, timelines: &[ScheduleTimeline<'_>], of: fn(&Slice) -> u64) -> Panel {
    let series = timelines.iter().enumerate().map(|(index, timeline)| {
        let values = timeline.values(of);
        let peak = format_count(values.iter().copied().max().unwrap_or(0));
        let name = if timelines.len() > 1 {
            format!("{} (peak {peak})", timeline.report.schedule)
        } else {
            format!("peak {peak}")
        };
        Series { name, tone: Tone::Schedule(index), values }
    });
    let mut title = title;
    // A noun may come first.
    if let Some(first) = title.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    Panel { title, form: PanelForm::Lines, series: series.collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3_600);

    #[test]
    fn the_window_is_cut_to_where_something_happens() {
        let band = |from, to| Band { kind: BandKind::Outage, from: HOUR * from, to: HOUR * to };
        let window = |bands: &[Band]| {
            let (from, to) = eventful_window(&[], bands, HOUR, HOUR * 48);
            (from.as_secs() / 3_600, to.as_secs() / 3_600)
        };
        assert_eq!(window(&[]), (0, 48));
        assert_eq!(window(&[band(1, 3)]), (0, 4), "the beginning is short");
        assert_eq!(window(&[band(20, 24)]), (19, 25));
        assert_eq!(window(&[band(20, 22), band(44, 46)]), (17, 48));
        assert_eq!(window(&[band(2, 60)]), (0, 48));
    }

    #[test]
    fn the_times_that_are_not_shown_are_named() {
        assert_eq!(calm_note((Duration::ZERO, HOUR), HOUR), None);
        assert_eq!(
            calm_note((HOUR, HOUR * 2), HOUR * 3).unwrap(),
            "Not shown: 0 to 1 h and 2 h to 3 h, when every attempt succeeds and nothing waits."
        );
    }
}
