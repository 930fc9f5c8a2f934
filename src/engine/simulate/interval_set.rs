//! A set of sorted, disjoint intervals.

use crate::domain::interval::Interval;
use crate::domain::time::Moment;

/// Sorted intervals, no two of which touch.
#[derive(Clone, Debug)]
pub(super) struct IntervalSet(Vec<(Moment, Moment)>);

impl IntervalSet {
    pub(super) fn new(intervals: impl IntoIterator<Item = Interval>) -> Self {
        let merged = Interval::merge(intervals.into_iter().collect());
        let moments = merged
            .into_iter()
            .map(|Interval { from, to }| (Moment::from_start(from), Moment::from_start(to)));
        Self(moments.collect())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the number of intervals that have begun by `at`; the last one may be in progress.
    pub(super) fn count_begun(&self, at: Moment) -> usize {
        self.0.partition_point(|(from, _)| *from <= at)
    }

    /// Returns `true` if `at` is inside an interval.
    pub(super) fn contains(&self, at: Moment) -> bool {
        self.count_begun(at).checked_sub(1).is_some_and(|last| at < self.0[last].1)
    }

    /// Returns the start of the first interval that begins after `after`.
    pub(super) fn next_start(&self, after: Moment) -> Option<Moment> {
        self.0.get(self.count_begun(after)).map(|(from, _)| *from)
    }

    /// Returns the end of the first interval.
    pub(super) fn first_end(&self) -> Option<Moment> {
        self.0.first().map(|(_, to)| *to)
    }

    /// Returns the end of the last interval.
    pub(super) fn last_end(&self) -> Option<Moment> {
        self.0.last().map(|(_, to)| *to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn an_interval_includes_its_start_and_not_its_end() {
        let interval = |from, to| Interval {
            from: Duration::from_micros(from),
            to: Duration::from_micros(to),
        };
        let set = IntervalSet::new([interval(20, 30), interval(5, 10), interval(8, 12)]);
        for (at, begun, is_inside, next) in [
            (4, 0, false, Some(5)),
            (5, 1, true, Some(20)),
            (11, 1, true, Some(20)),
            (12, 1, false, Some(20)),
            (20, 2, true, None),
            (30, 2, false, None),
        ] {
            let at = Moment(at);
            let found = (set.count_begun(at), set.contains(at), set.next_start(at));
            assert_eq!(found, (begun, is_inside, next.map(Moment)), "{at:?}");
        }
        assert_eq!((set.first_end(), set.last_end()), (Some(Moment(12)), Some(Moment(30))));
    }
}
