//! Fault injection: draws the fault of each delivery to a simulated receiver from a seed.

use crate::domain::fault_options::{LatencyRange, Probability};
use crate::engine::seeded_rng::SeededRng;
use std::time::Duration;

/// The configured faults.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FaultInjection {
    /// The range of response latencies.
    pub latency: Option<LatencyRange>,
    /// The rate of deliveries that get an error and are not processed.
    pub fail_rate: Probability,
    /// The rate of deliveries whose connection is closed before they are processed.
    pub drop_rate: Probability,
    /// The delay of responses after processing: the sender has timed out by then and retries.
    pub respond_late: Option<Duration>,
    /// The seed: the same seed draws the same faults.
    pub seed: u64,
}

/// The fault of one delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InjectedFault {
    /// The delay of its response.
    pub wait: Duration,
    /// The effect on the delivery.
    pub effect: FaultEffect,
}

/// The effect of a fault on a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FaultEffect {
    /// None: it is processed and gets its response.
    Respond,
    /// It is not processed, and the response is 500.
    Fail,
    /// Its connection is closed without a response, and it is not processed.
    Drop,
}

impl FaultInjection {
    /// Draws the fault of the delivery with this sequence number.
    ///
    /// Each kind of fault has its own generator, so that enabling one more does not change the
    /// others. A dropped delivery cannot also fail.
    #[must_use]
    pub fn draw(&self, seq: u64) -> InjectedFault {
        let rng = |name: &str| SeededRng::new(self.seed, &format!("{name}/{seq}"));
        let is_hit = |name: &str, rate: Probability| {
            rng(name).number_below(u64::from(Probability::DENOMINATOR)) < u64::from(rate.0)
        };
        let effect = if is_hit("drop", self.drop_rate) {
            FaultEffect::Drop
        } else if is_hit("fail", self.fail_rate) {
            FaultEffect::Fail
        } else {
            FaultEffect::Respond
        };
        let latency = self.latency.map_or(Duration::ZERO, |LatencyRange { min, max }| {
            let span = max.saturating_sub(min).as_micros();
            let span = u64::try_from(span).unwrap_or(u64::MAX).saturating_add(1);
            min.saturating_add(Duration::from_micros(rng("latency").number_below(span)))
        });
        let late = self.respond_late.filter(|_| effect == FaultEffect::Respond);
        InjectedFault { wait: latency.max(late.unwrap_or_default()), effect }
    }

    /// Returns `true` if no fault is configured.
    #[must_use]
    pub fn is_disabled(&self) -> bool {
        Self { seed: 0, ..*self } == Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(injection: FaultInjection) -> Vec<InjectedFault> {
        (1..=10_000).map(|seq| injection.draw(seq)).collect()
    }

    fn count(faults: &[InjectedFault], effect: FaultEffect) -> usize {
        faults.iter().filter(|fault| fault.effect == effect).count()
    }

    #[test]
    fn the_same_seed_draws_the_same_faults_at_the_rate() {
        let injection = FaultInjection {
            fail_rate: Probability(100_000),
            seed: 7,
            ..FaultInjection::default()
        };
        let faults = all(injection);
        assert_eq!(faults, all(injection));
        assert_ne!(faults, all(FaultInjection { seed: 8, ..injection }));
        assert!((900..1100).contains(&count(&faults, FaultEffect::Fail)));
        // Enabling drops does not change which of the other deliveries fail.
        let both = all(FaultInjection { drop_rate: Probability(500_000), ..injection });
        for (before, after) in faults.iter().zip(&both) {
            assert!(after.effect == FaultEffect::Drop || after.effect == before.effect);
        }
        assert!((4800..5200).contains(&count(&both, FaultEffect::Drop)));
    }

    #[test]
    fn a_rate_of_one_hits_all_deliveries_and_zero_hits_none() {
        let every = FaultInjection {
            drop_rate: Probability(Probability::DENOMINATOR),
            ..FaultInjection::default()
        };
        assert_eq!(count(&all(every), FaultEffect::Drop), 10_000);
        assert_eq!(count(&all(FaultInjection::default()), FaultEffect::Respond), 10_000);
        assert!(
            FaultInjection { seed: 1, ..FaultInjection::default() }.is_disabled()
                && !every.is_disabled()
        );
    }

    #[test]
    fn a_latency_is_in_its_range_and_a_late_response_is_late() {
        let latency: LatencyRange = "200ms..2s".parse().unwrap();
        let injection =
            FaultInjection { latency: Some(latency), seed: 1, ..FaultInjection::default() };
        let faults = all(injection);
        assert!(faults.iter().all(|f| f.wait >= latency.min && f.wait <= latency.max));
        assert!(faults.iter().any(|fault| fault.wait > Duration::from_millis(1900)));
        let late = FaultInjection {
            respond_late: Some(Duration::from_secs(35)),
            fail_rate: Probability(500_000),
            ..injection
        };
        for fault in all(late) {
            let is_late = fault.wait == Duration::from_secs(35);
            assert_eq!(is_late, fault.effect == FaultEffect::Respond, "a failure needs no time");
        }
    }
}
