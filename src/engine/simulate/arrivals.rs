//! Message arrivals: the time at which each lead is sent.

use crate::domain::frequency::Frequency;
use crate::domain::time::Moment;
use crate::engine::seeded_rng::SeededRng;
use std::time::Duration;

/// The maximum number of leads of one run.
pub const MAX_LEADS: u64 = 10_000_000;

/// The maximum number of messages of one run, including the follow-ups of leads.
pub const MAX_MESSAGES: u64 = 3 * MAX_LEADS;

/// Leads of one kind, and the follow-ups of each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeadStream {
    /// The frequency of leads; if it is absent, all are sent at once.
    pub frequency: Option<Frequency>,
    /// The distribution of the gaps between leads.
    pub pattern: ArrivalPattern,
    /// The maximum number of leads.
    pub leads: u64,
    /// The end of the stream, exclusive.
    pub end: Option<Moment>,
    /// The delay of each follow-up after its lead.
    pub follow_ups: Vec<Duration>,
}

impl LeadStream {
    /// A stream of one lead without follow-ups.
    pub const ONE: Self = Self {
        frequency: None,
        pattern: ArrivalPattern::Even,
        leads: 1,
        end: None,
        follow_ups: Vec::new(),
    };

    /// Returns `true` if the stream is a single message.
    #[must_use]
    pub fn is_single_message(&self) -> bool {
        self.leads == 1 && self.follow_ups.is_empty()
    }
}

/// The distribution of the gaps between messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ArrivalPattern {
    /// All gaps are equal.
    Even,
    /// Exponentially distributed: messages are independent of each other.
    Poisson,
}

/// Iterates over the leads of a stream: the number of each, and when it is sent. The first is sent
/// at 0.
#[derive(Clone, Debug)]
pub struct Arrivals {
    stream: LeadStream,
    rng: SeededRng,
    lead: u32,
    /// The time of the current lead in microseconds, with the fraction, so that rounding errors do
    /// not add up.
    at: f64,
}

impl Arrivals {
    /// Creates the iterator, beginning with the first lead.
    #[must_use]
    pub fn new(stream: &LeadStream, seed: u64) -> Self {
        Self { stream: stream.clone(), rng: SeededRng::new(seed, "arrivals"), lead: 0, at: 0.0 }
    }

    /// Returns the time of the current lead.
    fn arrival_time(&mut self) -> Moment {
        let Some(frequency) = self.stream.frequency else { return Moment::default() };
        if self.stream.pattern == ArrivalPattern::Even {
            return Moment(frequency.micros_of(self.lead.into()));
        }
        if self.lead > 0 {
            // The gaps of a Poisson process are exponential: the inverse transform of a uniform
            // fraction is a logarithm.
            self.at -= frequency.mean_gap_micros() * libm::log(self.rng.fraction());
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it is never negative, and values out of range saturate"
        )]
        Moment(self.at as u64)
    }
}

impl Iterator for Arrivals {
    type Item = (u32, Moment);

    fn next(&mut self) -> Option<Self::Item> {
        if u64::from(self.lead) >= self.stream.leads.min(MAX_LEADS) {
            return None;
        }
        let at = self.arrival_time();
        let next = (self.lead, at);
        self.lead += 1;
        self.stream.end.is_none_or(|end| at < end).then_some(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stream(frequency: &str, pattern: ArrivalPattern, hours: u64) -> LeadStream {
        LeadStream {
            frequency: Some(frequency.parse().unwrap()),
            pattern,
            leads: u64::MAX,
            end: Some(Moment::from_start(Duration::from_secs(hours * 3_600))),
            follow_ups: Vec::new(),
        }
    }

    #[test]
    fn even_arrivals_fill_the_time_exactly() {
        let all: Vec<_> = Arrivals::new(&stream("120/h", ArrivalPattern::Even, 24), 1).collect();
        assert_eq!(all.len(), 2_880);
        assert_eq!(all.first(), Some(&(0, Moment(0))));
        assert_eq!(all.last(), Some(&(2_879, Moment(86_370_000_000))));
    }

    #[test]
    fn poisson_arrivals_have_the_expected_count_and_spread() {
        let all: Vec<_> =
            Arrivals::new(&stream("3600/h", ArrivalPattern::Poisson, 24), 1).collect();
        assert_eq!(all.first(), Some(&(0, Moment(0))));
        // 86,400 are expected, and the standard deviation is the square root of that, 294.
        assert!((85_000..88_000).contains(&all.len()), "{}", all.len());
        // 1 in e of the exponential gaps is above the mean: 36.8 %.
        let above = all.windows(2).filter(|pair| pair[1].1.0 - pair[0].1.0 > 1_000_000).count();
        assert!((34..40).contains(&(above * 100 / all.len())), "{above}");
        let repeated: Vec<_> =
            Arrivals::new(&stream("3600/h", ArrivalPattern::Poisson, 24), 1).collect();
        assert_eq!(all, repeated);
        let other: Vec<_> =
            Arrivals::new(&stream("3600/h", ArrivalPattern::Poisson, 24), 2).collect();
        assert_ne!(all, other);
    }

    #[test]
    fn a_seed_gives_the_same_arrivals_forever() {
        let first: Vec<_> =
            Arrivals::new(&stream("120/h", ArrivalPattern::Poisson, 24), 7).take(4).collect();
        assert_eq!(
            first.iter().map(|(_, at)| at.0).collect::<Vec<_>>(),
            [0, 81_173_713, 121_037_930, 137_217_163]
        );
    }

    #[test]
    fn leads_are_limited_and_arrive_at_once_without_a_frequency() {
        let many = LeadStream { leads: 3, ..stream("1/h", ArrivalPattern::Even, 24) };
        assert_eq!(Arrivals::new(&many, 1).count(), 3);
        let at_once = LeadStream { frequency: None, end: None, ..many };
        let all: Vec<_> = Arrivals::new(&at_once, 1).collect();
        assert_eq!(all, [(0, Moment(0)), (1, Moment(0)), (2, Moment(0))]);
    }
}
