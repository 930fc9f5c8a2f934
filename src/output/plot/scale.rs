//! The scales of a plot: time from left to right, counts from bottom to top.

use crate::domain::time::Wait;
use crate::output::plot::elements::rounded;
use crate::output::wrap::columns;
use std::fmt::Write as _;
use std::time::Duration;

/// The round durations between labels of the axis, in seconds.
const TICK_SECONDS: [u64; 22] = [
    1, 5, 10, 15, 30, 60, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400,
    172_800, 345_600, 604_800, 2_419_200, 14_515_200, 31_536_000,
];

/// The maximum number of intervals between labels.
const MAX_TICKS: u64 = 12;

/// The number of intervals between labels if no round duration fits.
const MIN_TICKS: u64 = 4;

/// The width of a character of a label at the size of a phone.
const LABEL_CHARACTER: f64 = 10.5;

/// The minimum space between two labels.
const LABEL_GAP: f64 = 16.0;

/// Maps time to horizontal positions.
#[derive(Clone, Copy, Debug)]
pub(super) struct TimeScale {
    /// The time at the left end.
    pub(super) from: Duration,
    /// The time at the right end, later than `from`.
    pub(super) to: Duration,
    /// The left end.
    pub(super) left: f64,
    /// The right end.
    pub(super) right: f64,
}

impl TimeScale {
    /// Returns the position of a time; that of the nearer end if it is not shown.
    pub(super) fn x(self, at: Duration) -> f64 {
        let length = self.to.saturating_sub(self.from).as_secs_f64();
        let fraction = at.clamp(self.from, self.to).saturating_sub(self.from).as_secs_f64();
        self.left + fraction / length * (self.right - self.left)
    }

    /// Returns the times of the labels: as many as have room beside each other.
    pub(super) fn ticks(self) -> Vec<Duration> {
        let (from, to) = (self.from.as_secs(), self.to.as_secs());
        let length = to.saturating_sub(from);
        let ticks = |tick: u64| {
            (from.div_ceil(tick)..=to / tick).map(move |label| Duration::from_secs(label * tick))
        };
        let fits = |tick: &u64| {
            // The number of labels is bounded before they are formatted.
            length / tick <= MAX_TICKS
                && ticks(*tick).zip(ticks(*tick).skip(1)).all(|(one, next)| {
                    let room = self.x(next) - self.x(one);
                    f64::midpoint(label_width(&time_label(one)), label_width(&time_label(next)))
                        + LABEL_GAP
                        <= room
                })
        };
        let tick = TICK_SECONDS.iter().copied().find(fits);
        ticks(tick.unwrap_or_else(|| (length / MIN_TICKS).max(1))).collect()
    }

    /// Returns the position of the middle of a label: that of its time, unless the label would
    /// exceed `right`.
    pub(super) fn label_x(self, at: Duration, right: f64) -> f64 {
        self.x(at).min(right - label_width(&time_label(at)) / 2.0)
    }
}

/// Returns the label of a time.
pub(super) fn time_label(at: Duration) -> String {
    if at.is_zero() { "0".to_owned() } else { Wait(at.as_secs()).to_string() }
}

/// Returns the width of a label at the size of a phone, where it is largest.
#[expect(clippy::cast_precision_loss, reason = "a label has a few characters")]
fn label_width(label: &str) -> f64 {
    columns(label) as f64 * LABEL_CHARACTER
}

/// Maps counts to vertical positions.
#[derive(Clone, Copy, Debug)]
pub(super) struct CountScale {
    /// The count at the top, more than zero.
    pub(super) ceiling: u64,
    /// The position of zero.
    pub(super) bottom: f64,
    /// The height of the scale.
    pub(super) height: f64,
}

impl CountScale {
    /// Returns the position of a count.
    pub(super) fn y(self, count: u64) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a pixel is coarser")]
        let fraction = count as f64 / self.ceiling as f64;
        self.bottom - fraction * self.height
    }

    /// Returns the counts of the grid lines.
    pub(super) fn ticks(self) -> Vec<u64> {
        let half = (self.ceiling.is_multiple_of(2)).then_some(self.ceiling / 2);
        [Some(0), half, Some(self.ceiling)].into_iter().flatten().collect()
    }
}

/// Returns the smallest round number that is at least `max`.
pub(super) fn ceiling(max: u64) -> u64 {
    let mut unit = 1_u64;
    loop {
        for step in [1, 2, 3, 4, 5, 6, 8] {
            match unit.checked_mul(step) {
                Some(ceiling) if ceiling >= max => return ceiling,
                Some(_) => {}
                None => return max,
            }
        }
        unit = match unit.checked_mul(10) {
            Some(unit) => unit,
            None => return max,
        };
    }
}

/// Returns the outline of steps: each value from the beginning of its slice to its end.
pub(super) fn steps(
    slices: &[(Duration, Duration, u64)],
    time: TimeScale,
    counts: CountScale,
) -> String {
    let mut path = String::new();
    for (index, (start, end, value)) in slices.iter().enumerate() {
        let [x, y, end] = [time.x(*start), counts.y(*value), time.x(*end)].map(rounded);
        let command = if index == 0 { format!("M{x} {y}") } else { format!("V{y}") };
        // Writing to a string cannot fail.
        let _ = write!(path, "{command}H{end}");
    }
    path
}

/// Returns the outline of bars between a lower and an upper count in each slice. Adjacent bars are
/// one shape, and a slice in which both are the same has none.
pub(super) fn bars(
    slices: &[(Duration, Duration, u64, u64)],
    time: TimeScale,
    counts: CountScale,
) -> String {
    let mut path = String::new();
    for run in slices.split(|(_, _, lower, upper)| lower >= upper) {
        let Some((start, ..)) = run.first() else { continue };
        let upper: Vec<_> =
            run.iter().map(|(start, end, _, upper)| (*start, *end, *upper)).collect();
        path.push_str(&steps(&upper, time, counts));
        for (start, _, lower, _) in run.iter().rev() {
            let [x, y] = [time.x(*start), counts.y(*lower)].map(rounded);
            let _ = write!(path, "V{y}H{x}");
        }
        let _ = write!(path, "H{}Z", rounded(time.x(*start)));
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    fn time() -> TimeScale {
        TimeScale { from: Duration::ZERO, to: MINUTE * 3, left: 0.0, right: 300.0 }
    }

    const COUNTS: CountScale = CountScale { ceiling: 5, bottom: 200.0, height: 100.0 };

    #[test]
    fn steps_are_scaled_to_the_ceiling() {
        let slices =
            [(Duration::ZERO, MINUTE, 0), (MINUTE, MINUTE * 2, 5), (MINUTE * 2, MINUTE * 3, 2)];
        assert_eq!(steps(&slices, time(), COUNTS), "M0 200H100V100H200V160H300");
    }

    #[test]
    fn adjacent_bars_are_one_shape() {
        let slices = [
            (Duration::ZERO, MINUTE, 0, 5),
            (MINUTE, MINUTE * 2, 1, 2),
            (MINUTE * 2, MINUTE * 3, 2, 2),
        ];
        assert_eq!(bars(&slices, time(), COUNTS), "M0 100H100V160H200V180H100V200H0H0Z");
        assert_eq!(bars(&[], time(), COUNTS), "");
    }

    #[test]
    fn times_that_are_not_shown_are_at_the_ends() {
        let scale = TimeScale { from: MINUTE, ..time() };
        let at = [Duration::ZERO, MINUTE * 2, MINUTE * 9].map(|at| rounded(scale.x(at)));
        assert_eq!(at, ["0", "150", "300"]);
        let ticks: Vec<_> = scale.ticks().iter().map(Duration::as_secs).collect();
        assert_eq!(ticks, [60, 120, 180], "half a minute has no room for `1 min 30 s`");
        let wide = TimeScale { right: 632.0, to: MINUTE * 85, ..time() };
        let labels: Vec<_> = wide.ticks().iter().map(|at| time_label(*at)).collect();
        assert_eq!(labels, ["0", "15 min", "30 min", "45 min", "1 h", "1 h 15 min"]);
        let last = wide.label_x(MINUTE * 85, 640.0);
        assert_eq!(rounded(last), "587.5", "its end is at 640");
    }

    #[test]
    fn a_ceiling_is_a_round_number_that_is_not_exceeded() {
        assert_eq!([0, 1, 7, 9, 22, 99, 101].map(ceiling), [1, 1, 8, 10, 30, 100, 200]);
        assert_eq!(ceiling(u64::MAX), u64::MAX);
        assert_eq!(COUNTS.ticks(), [0, 5]);
        assert_eq!(CountScale { ceiling: 60, ..COUNTS }.ticks(), [0, 30, 60]);
    }
}
