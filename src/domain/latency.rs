//! Latencies of exchanges and their percentiles.

use crate::domain::percentiles::Percentiles;
use serde::{Serialize, Serializer};
use std::time::Duration;

/// The duration of each exchange, in chronological order.
#[derive(Clone, Debug, Default)]
pub struct Latencies(Vec<Duration>);

/// A duration that is serialized in milliseconds with microsecond precision: a local response takes
/// less than a millisecond.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Milliseconds(pub Duration);

/// A duration that is serialized in seconds with millisecond precision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seconds(pub Duration);

impl Latencies {
    /// Adds a duration.
    pub fn push(&mut self, took: Duration) {
        self.0.push(took);
    }

    /// Returns the percentiles; `None` if there are no measurements.
    #[must_use]
    pub fn percentiles(&self) -> Option<Percentiles<Milliseconds>> {
        Percentiles::from_values(&mut self.0.clone()).map(|ranks| ranks.map(Milliseconds))
    }
}

impl Serialize for Milliseconds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64((self.0.as_secs_f64() * 1e6).round() / 1e3)
    }
}

impl Serialize for Seconds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64((self.0.as_secs_f64() * 1e3).round() / 1e3)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_serialized_in_milliseconds() {
        let mut latencies = Latencies::default();
        latencies.push(Duration::from_nanos(1_234_567));
        let json = serde_json::to_string(&latencies.percentiles()).unwrap();
        assert_eq!(json, r#"{"p50":1.235,"p90":1.235,"p99":1.235,"max":1.235}"#);
        assert_eq!(serde_json::to_string(&Latencies::default().percentiles()).unwrap(), "null");
        let seconds = serde_json::to_string(&Seconds(Duration::from_micros(7_200_001_499)));
        assert_eq!(seconds.unwrap(), "7200.001");
    }
}
