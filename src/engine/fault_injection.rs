//! What befalls each delivery at a receiver that is not well, drawn from a seed.

use crate::domain::fault_rate::{LatencyRange, Rate};
use crate::engine::seeded_rng::SeededRng;
use std::time::Duration;

/// What may befall deliveries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FaultInjection {
    /// How long an answer takes.
    pub latency: Option<LatencyRange>,
    /// How many are answered with an error, and not worked on.
    pub fail_rate: Rate,
    /// How many lose their connection before they are worked on.
    pub drop_rate: Rate,
    /// Answers come only after this time, when all is done: the sender has given up, and sends it
    /// again.
    pub answer_late: Option<Duration>,
    /// The same seed gives the same fates.
    pub seed: u64,
}

/// What befalls one delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InjectedFault {
    /// How long its answer takes.
    pub wait: Duration,
    /// How it ends.
    pub ending: FaultEffect,
}

/// How a delivery ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FaultEffect {
    /// It is worked on and answered.
    Answer,
    /// It is answered with 500 and not worked on.
    Fail,
    /// Its connection is closed without an answer, and it is not worked on.
    Drop,
}

impl FaultInjection {
    /// What befalls the delivery with this number.
    ///
    /// Each kind has dice of its own: to ask for one more leaves the others as they were. A delivery
    /// that is dropped cannot fail as well.
    #[must_use]
    pub fn draw(&self, seq: u64) -> InjectedFault {
        let dice = |name: &str| SeededRng::new(self.seed, &format!("{name}/{seq}"));
        let strikes =
            |name: &str, rate: Rate| dice(name).below(u64::from(Rate::WHOLE)) < u64::from(rate.0);
        let ending = match () {
            () if strikes("drop", self.drop_rate) => FaultEffect::Drop,
            () if strikes("fail", self.fail_rate) => FaultEffect::Fail,
            () => FaultEffect::Answer,
        };
        let latency = self.latency.map_or(Duration::ZERO, |LatencyRange { least, most }| {
            let span = most.saturating_sub(least).as_micros();
            let span = u64::try_from(span).unwrap_or(u64::MAX).saturating_add(1);
            least.saturating_add(Duration::from_micros(dice("latency").below(span)))
        });
        let late = self.answer_late.filter(|_| ending == FaultEffect::Answer);
        InjectedFault { wait: latency.max(late.unwrap_or_default()), ending }
    }

    /// Whether nothing can befall anything.
    #[must_use]
    pub fn is_none(&self) -> bool {
        Self { seed: 0, ..*self } == Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(mishaps: FaultInjection) -> Vec<InjectedFault> {
        (1..=10_000).map(|seq| mishaps.draw(seq)).collect()
    }

    fn count(fates: &[InjectedFault], ending: FaultEffect) -> usize {
        fates.iter().filter(|fate| fate.ending == ending).count()
    }

    #[test]
    fn the_same_seed_gives_the_same_fates_and_a_rate_is_kept() {
        let mishaps =
            FaultInjection { fail_rate: Rate(100_000), seed: 7, ..FaultInjection::default() };
        let fates = all(mishaps);
        assert_eq!(fates, all(mishaps));
        assert_ne!(fates, all(FaultInjection { seed: 8, ..mishaps }));
        assert!((900..1100).contains(&count(&fates, FaultEffect::Fail)));
        // One more kind does not change who fails, but for those that are dropped.
        let both = all(FaultInjection { drop_rate: Rate(500_000), ..mishaps });
        for (before, after) in fates.iter().zip(&both) {
            assert!(after.ending == FaultEffect::Drop || after.ending == before.ending);
        }
        assert!((4800..5200).contains(&count(&both, FaultEffect::Drop)));
    }

    #[test]
    fn a_rate_of_one_strikes_all_and_of_nought_none() {
        let every = FaultInjection { drop_rate: Rate(Rate::WHOLE), ..FaultInjection::default() };
        assert_eq!(count(&all(every), FaultEffect::Drop), 10_000);
        assert_eq!(count(&all(FaultInjection::default()), FaultEffect::Answer), 10_000);
        assert!(
            FaultInjection { seed: 1, ..FaultInjection::default() }.is_none() && !every.is_none()
        );
    }

    #[test]
    fn a_latency_stays_in_its_range_and_a_late_answer_is_late() {
        let latency: LatencyRange = "200ms..2s".parse().unwrap();
        let mishaps =
            FaultInjection { latency: Some(latency), seed: 1, ..FaultInjection::default() };
        let fates = all(mishaps);
        assert!(fates.iter().all(|f| f.wait >= latency.least && f.wait <= latency.most));
        assert!(fates.iter().any(|fate| fate.wait > Duration::from_millis(1900)));
        let late = FaultInjection {
            answer_late: Some(Duration::from_secs(35)),
            fail_rate: Rate(500_000),
            ..mishaps
        };
        for fate in all(late) {
            let is_late = fate.wait == Duration::from_secs(35);
            assert_eq!(is_late, fate.ending == FaultEffect::Answer, "a failure needs no time");
        }
    }
}
