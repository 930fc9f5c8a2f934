//! The chart of response times: one dot for each response, on a logarithmic axis with the limit.
//!
//! Positions are percentages and heights are pixels, so that the chart is as wide as the page and
//! its text keeps its size on a phone.

use crate::domain::conformance::{CaseGroup, CaseReport};
use crate::domain::percentiles::nearest_rank;
use crate::domain::time::format_duration;
use crate::output::report::Suite;
use crate::output::report::html::anchors;
use crate::output::report::html::elements::{
    Html, counted, element, empty, line_break, plain, spans, text,
};
use crate::output::report::spans::code_spans;
use std::collections::BTreeSet;
use std::io;
use std::time::Duration;

/// The height of a row, which has a label above its dots.
const ROW_HEIGHT: usize = 44;

/// The height above the rows, for the label of the limit.
const TOP: usize = 22;

/// The height below the rows, for the labels of the axis.
const BOTTOM: usize = 24;

/// The shortest time of the axis.
const MIN_TIME: Duration = Duration::from_micros(100);

/// The labels of the axis.
const TICKS: [(Duration, &str); 8] = [
    (MIN_TIME, "0.1 ms"),
    (Duration::from_millis(1), "1 ms"),
    (Duration::from_millis(10), "10 ms"),
    (Duration::from_millis(100), "100 ms"),
    (Duration::from_secs(1), "1 s"),
    (Duration::from_secs(10), "10 s"),
    (Duration::from_secs(100), "100 s"),
    (Duration::from_secs(1_000), "1,000 s"),
];

/// The number of steps of the axis: dots at the same step are drawn once.
const STEPS: f64 = 400.0;

/// The response times of a group, or of one case that measures them.
struct Row<'s> {
    name: &'s str,
    /// In ascending order.
    times: Vec<Duration>,
}

/// A logarithmic axis.
struct Axis {
    /// The decimal logarithm of the shortest time in seconds.
    low: f64,
    /// The decimal logarithm of the longest time in seconds.
    high: f64,
}

/// Adds the chart, if there was a response.
pub(super) fn write(html: &mut Html, suite: &Suite<'_>) -> io::Result<()> {
    let rows = rows(suite.run());
    if rows.is_empty() {
        return Ok(());
    }
    element(html, "section", &[("id", anchors::RESPONSE_TIMES)], |html| {
        text(html, "h2", &[], "Response times")?;
        element(html, "figure", &[], |html| {
            chart(html, &rows, suite.budget)?;
            let late = rows.iter().flat_map(|row| &row.times);
            let late = late.filter(|time| **time >= suite.budget).count();
            let late = match late {
                0 => "every response arrived in time".to_owned(),
                late => format!("{} late", counted(late, "response was", "responses were")),
            };
            let caption = format!(
                "One dot is one response; each step of the axis is ten times longer. The limit is \
                 {}: {late}.",
                format_duration(suite.budget)
            );
            spans(html, "figcaption", &[("class", "dim")], &code_spans(&caption))
        })
    })?;
    line_break(html)
}

/// Returns one row for each group with responses, and for each case that measures response times.
fn rows(cases: &[CaseReport]) -> Vec<Row<'_>> {
    let mut rows = Vec::new();
    for group in CaseGroup::ALL {
        let of_group = || cases.iter().filter(move |case| case.group == group);
        if group == CaseGroup::Timing {
            rows.extend(of_group().map(|case| Row::new(&case.id, &case.response_times)));
        } else {
            let times: Vec<_> = of_group().flat_map(|case| case.response_times.clone()).collect();
            rows.push(Row::new(group.title(), &times));
        }
    }
    rows.retain(|row| !row.times.is_empty());
    rows
}

impl<'s> Row<'s> {
    fn new(name: &'s str, times: &[Duration]) -> Self {
        let mut times = times.to_vec();
        times.sort_unstable();
        Self { name, times }
    }

    /// Describes the row in words: the beginning, a part that a phone has no room for, and the end.
    fn label(&self) -> [String; 3] {
        let [median, max] = [50, 100]
            .map(|percent| format_duration(nearest_rank(&self.times, percent).unwrap_or_default()));
        let responses = counted(self.times.len(), "response", "responses");
        [
            format!("{}: ", self.name),
            format!("{responses}, median {median}, "),
            format!("max {max}"),
        ]
    }
}

impl Axis {
    /// Creates an axis with room for all times and the limit.
    fn new(rows: &[Row<'_>], budget: Duration) -> Self {
        let all = || rows.iter().flat_map(|row| &row.times).chain([&budget]);
        let logarithm = |time: Option<&Duration>| {
            time.copied().unwrap_or_default().max(MIN_TIME).as_secs_f64().log10()
        };
        // A margin on each side, so that no dot is cut off.
        Self { low: logarithm(all().min()) - 0.1, high: logarithm(all().max()) + 0.2 }
    }

    /// Returns the position of a time as a percentage of the width.
    fn percent(&self, time: Duration) -> f64 {
        let position = time.max(MIN_TIME).as_secs_f64().log10();
        100.0 * (position - self.low) / (self.high - self.low)
    }
}

fn chart(html: &mut Html, rows: &[Row<'_>], budget: Duration) -> io::Result<()> {
    let axis = Axis::new(rows, budget);
    let bottom = TOP + rows.len() * ROW_HEIGHT;
    let height = (bottom + BOTTOM).to_string();
    let attributes = [
        ("width", "100%"),
        ("height", height.as_str()),
        ("role", "img"),
        ("aria-labelledby", "times-title times-desc"),
    ];
    element(html, "svg", &attributes, |svg| {
        text(svg, "title", &[("id", "times-title")], "Response times, one dot for each response")?;
        let labels: Vec<_> = rows.iter().map(Row::label).collect();
        let limit = format_duration(budget);
        let sentences: Vec<_> = labels.iter().map(|label| label.concat()).collect();
        let description = format!("{}. The limit is {limit}.", sentences.join(". "));
        text(svg, "desc", &[("id", "times-desc")], &description)?;
        for (time, label) in TICKS {
            let at = axis.percent(time);
            if (0.0..100.0).contains(&at) {
                line(svg, "grid", at, bottom)?;
                label_at(svg, "tick", at, bottom + 17, label)?;
            }
        }
        let at = axis.percent(budget);
        line(svg, "limit", at, bottom)?;
        label_at(svg, "limit", at, TOP - 8, &format!("limit {limit}"))?;
        for ((row, label), index) in rows.iter().zip(&labels).zip(0..) {
            let top = TOP + index * ROW_HEIGHT;
            let [start, middle, end] = label;
            element(svg, "text", &[("x", "0"), ("y", &(top + 15).to_string())], |svg| {
                plain(svg, start)?;
                text(svg, "tspan", &[("class", "wide")], middle)?;
                plain(svg, end)
            })?;
            dots(svg, row, &axis, budget, top + 29)?;
        }
        Ok(())
    })
}

/// Adds the dots of a row.
fn dots(svg: &mut Html, row: &Row<'_>, axis: &Axis, budget: Duration, y: usize) -> io::Result<()> {
    let mut drawn = BTreeSet::new();
    let y = y.to_string();
    for time in &row.times {
        let at = (axis.percent(*time) * STEPS / 100.0).round() * 100.0 / STEPS;
        let x = percentage(at);
        let class = if *time < budget { "dot" } else { "dot late" };
        if drawn.insert((class, x.clone())) {
            empty(svg, "circle", &[("class", class), ("cx", &x), ("cy", &y), ("r", "4")])?;
        }
    }
    Ok(())
}

/// Adds a vertical line.
fn line(svg: &mut Html, class: &str, at: f64, bottom: usize) -> io::Result<()> {
    let (x, top, bottom) = (percentage(at), TOP.to_string(), bottom.to_string());
    empty(svg, "line", &[("class", class), ("x1", &x), ("x2", &x), ("y1", &top), ("y2", &bottom)])
}

/// Adds a label at a position of the axis. Beside an edge it extends away from the edge.
fn label_at(svg: &mut Html, class: &str, at: f64, y: usize, label: &str) -> io::Result<()> {
    let anchor = match at {
        ..8.0 => "start",
        92.0.. => "end",
        _ => "middle",
    };
    let (x, y) = (percentage(at), y.to_string());
    text(svg, "text", &[("class", class), ("x", &x), ("y", &y), ("text-anchor", anchor)], label)
}

fn percentage(at: f64) -> String {
    format!("{at:.2}%")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::report::tests::{cases, suite};

    #[test]
    fn every_response_and_the_limit_are_on_the_axis() {
        let times = [0, 1, 80, 5_000, 90_000].map(Duration::from_millis);
        let rows = [Row::new("a", &times)];
        let axis = Axis::new(&rows, Duration::from_secs(30));
        let positions = times.map(|time| axis.percent(time));
        assert!(positions.is_sorted() && positions[0] > 0.0 && positions[4] < 100.0);
        let decade = axis.percent(Duration::from_secs(10)) - axis.percent(Duration::from_secs(1));
        let other =
            axis.percent(Duration::from_millis(10)) - axis.percent(Duration::from_millis(1));
        assert!((decade - other).abs() < 1e-6, "the axis is logarithmic");
        assert_eq!(rows[0].label().concat(), "a: 5 responses, median 80 ms, max 1 min 30 s");
    }

    #[test]
    fn a_group_is_one_row_and_a_timing_case_another() {
        let mut cases = cases();
        let times = |millis: &[u64]| millis.iter().copied().map(Duration::from_millis).collect();
        cases[0].response_times = times(&[3, 1]);
        cases[1].response_times = times(&[2]);
        (cases[2].group, cases[2].response_times) = (CaseGroup::Timing, times(&[7, 9_000]));
        let suite = suite(&cases);
        let rows = rows(suite.run());
        let found: Vec<_> = rows.iter().map(|row| row.label().concat()).collect();
        let title = CaseGroup::Rejects.title();
        let first = format!("{title}: 3 responses, median 2 ms, max 3 ms");
        assert_eq!(found, [first.as_str(), "unknown: 2 responses, median 7 ms, max 9.0 s"]);
        let mut html = Html::new(Vec::new());
        write(&mut html, &suite).unwrap();
        let html = String::from_utf8(html.into_inner()).unwrap();
        assert_eq!(html.matches("class=\"dot\"").count(), 4, "{html}");
        assert_eq!(html.matches("class=\"dot late\"").count(), 1, "{html}");
        assert!(
            html.contains(">limit 5.0 s</text>") && html.contains("1 response was late"),
            "{html}"
        );
    }

    #[test]
    fn there_is_no_chart_without_responses() {
        let cases = cases();
        let mut html = Html::new(Vec::new());
        write(&mut html, &suite(&cases)).unwrap();
        assert!(html.into_inner().is_empty());
    }
}
