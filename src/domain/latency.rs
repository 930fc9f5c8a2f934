//! How long many exchanges took, in a few numbers.

use serde::Serialize;
use serde::Serializer;
use std::time::Duration;

/// How long each of many exchanges took, in the order in which they were made.
#[derive(Clone, Debug, Default)]
pub struct Latencies(Vec<Duration>);

/// The numbers that people ask for, each of them one that was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Latency {
    /// Half of all took no longer.
    #[serde(serialize_with = "milliseconds")]
    pub p50: Duration,
    /// Nine of ten took no longer.
    #[serde(serialize_with = "milliseconds")]
    pub p90: Duration,
    /// All but one of a hundred took no longer.
    #[serde(serialize_with = "milliseconds")]
    pub p99: Duration,
    /// The longest.
    #[serde(serialize_with = "milliseconds")]
    pub max: Duration,
}

impl Latencies {
    /// Takes one in.
    pub fn push(&mut self, took: Duration) {
        self.0.push(took);
    }

    /// The numbers; none where nothing was measured.
    #[must_use]
    pub fn sum_up(&self) -> Option<Latency> {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let max = *sorted.last()?;
        // The nearest rank: the least that so many of a hundred do not exceed.
        let rank = |percent: usize| {
            let place = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
            sorted.get(place).copied().unwrap_or(max)
        };
        Some(Latency { p50: rank(50), p90: rank(90), p99: rank(99), max })
    }
}

/// Milliseconds, down to the microsecond: an answer on one machine takes less than one.
fn milliseconds<S: Serializer>(span: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64((span.as_secs_f64() * 1e6).round() / 1e3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_number_is_the_nearest_rank() {
        for (count, expected) in [
            (1, [1, 1, 1, 1]),
            (2, [1, 2, 2, 2]),
            (10, [5, 9, 10, 10]),
            (200, [100, 180, 198, 200]),
        ] {
            let mut latencies = Latencies::default();
            // The order in which they come makes no difference.
            (1..=count).rev().for_each(|ms| latencies.push(Duration::from_millis(ms)));
            let Latency { p50, p90, p99, max } = latencies.sum_up().unwrap();
            assert_eq!([p50, p90, p99, max], expected.map(Duration::from_millis), "{count}");
        }
        assert_eq!(Latencies::default().sum_up(), None);
    }

    #[test]
    fn they_are_written_in_milliseconds_with_a_fraction() {
        let mut latencies = Latencies::default();
        latencies.push(Duration::from_nanos(1_234_567));
        let json = serde_json::to_string(&latencies.sum_up()).unwrap();
        assert_eq!(json, r#"{"p50":1.235,"p90":1.235,"p99":1.235,"max":1.235}"#);
    }
}
