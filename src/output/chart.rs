//! Terminal bar charts: one line per series, over a common time axis.

use crate::domain::time::Wait;
use std::fmt::Write;
use std::time::Duration;

/// The number of columns for a label of the axis.
const LABEL_COLUMNS: u64 = 10;

/// The round durations for columns and labels, in seconds.
const STEPS: [u64; 23] = [
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200,
    86_400, 172_800, 604_800, 1_209_600, 2_419_200, 31_536_000,
];

/// The bars, from zero to the maximum.
const BARS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// Returns the duration of a column, a multiple of `slice`, so that all slices fit into a chart of
/// at most `max_columns`.
#[must_use]
pub fn column_width(slice: Duration, slices: usize, max_columns: usize) -> Duration {
    let (slice, max_columns) = (slice.as_secs().max(1), max_columns.max(1) as u64);
    let fits = |width: &u64| {
        width.is_multiple_of(slice) && (slice * slices as u64).div_ceil(*width) <= max_columns
    };
    let step = STEPS.iter().copied().find(fits);
    // A run that is too long for the round durations gets an arbitrary multiple of `slice`.
    let fallback = || slice * (slices as u64).div_ceil(max_columns);
    Duration::from_secs(step.unwrap_or_else(fallback).max(1))
}

/// Returns one bar per value, scaled to the maximum. Values above zero are always visible.
#[must_use]
pub fn bars(values: &[u64]) -> String {
    let max = values.iter().copied().max().unwrap_or(0).max(1);
    let bar = |value: &u64| {
        let eighths = (u128::from(*value) * 8).div_ceil(max.into());
        BARS[usize::try_from(eighths).unwrap_or(8).min(8)]
    };
    values.iter().map(bar).collect()
}

/// Returns a line that marks the columns that overlap with an interval.
#[must_use]
pub fn intervals(intervals: &[(Duration, Duration)], column: Duration, columns: usize) -> String {
    let overlaps = |index: usize| {
        let from = column.saturating_mul(u32::try_from(index).unwrap_or(u32::MAX));
        intervals.iter().any(|(start, end)| *start < from + column && *end > from)
    };
    (0..columns).map(|index| if overlaps(index) { '━' } else { ' ' }).collect()
}

/// Returns the labels of the time axis, as many as fit.
#[must_use]
pub fn axis(column: Duration, columns: usize) -> String {
    let column = column.as_secs().max(1);
    let wide_enough = |step: &u64| step.is_multiple_of(column) && step / column >= LABEL_COLUMNS;
    let step = STEPS.iter().copied().find(wide_enough).unwrap_or(column * LABEL_COLUMNS);
    let mut line = String::new();
    for label in 0.. {
        let column_index = usize::try_from(label * step / column).unwrap_or(usize::MAX);
        if column_index >= columns {
            break;
        }
        let text = if label == 0 { "0".to_owned() } else { Wait(label * step).to_string() };
        let gap = column_index.saturating_sub(line.chars().count());
        // Writing to a string cannot fail.
        let _ = write!(line, "{:gap$}{text}", "");
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_scaled_and_small_values_stay_visible() {
        assert_eq!(bars(&[0, 1, 100, 1_000_000]), " ▁▁█");
        assert_eq!(bars(&[0, 0]), "  ");
        assert_eq!(bars(&[8, 7, 6, 5, 4, 3, 2, 1]), "█▇▆▅▄▃▂▁");
        assert_eq!(bars(&[u64::MAX, u64::MAX / 2]), "█▄");
    }

    #[test]
    fn columns_are_multiples_of_slices_and_few_enough() {
        for (slice, slices, width) in
            [(1, 1, 1), (1, 48, 1), (1, 49, 2), (300, 288, 1_800), (604_800, 360, 31_536_000 * 7)]
        {
            let found = column_width(Duration::from_secs(slice), slices, 48).as_secs();
            assert_eq!(found % slice, 0);
            assert!((slice * slices as u64).div_ceil(found) <= 48, "{slice} {slices}");
            if width < 31_536_000 {
                assert_eq!(found, width, "{slice} {slices}");
            }
        }
    }

    #[test]
    fn a_narrow_chart_has_wider_columns() {
        let hour = Duration::from_secs(3_600);
        let widths = [88, 48, 28, 0].map(|max| column_width(hour, 24 * 7, max) / 3_600);
        assert_eq!(widths.map(|width| width.as_secs()), [2, 6, 6, 168]);
    }

    #[test]
    fn the_axis_has_room_for_its_labels() {
        let half_hours = Duration::from_secs(1_800);
        assert_eq!(axis(half_hours, 48), "0           6 h         12 h        18 h");
        assert_eq!(axis(Duration::from_secs(1), 5), "0");
    }

    #[test]
    fn an_interval_is_marked_in_each_column_that_it_overlaps() {
        let minute = Duration::from_secs(60);
        let outages = [(minute * 2, minute * 3), (Duration::from_secs(299), minute * 9)];
        assert_eq!(intervals(&outages, minute, 7), "  ━ ━━━");
    }
}
