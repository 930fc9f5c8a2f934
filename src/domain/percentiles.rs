//! Percentiles of measurements.

use serde::Serialize;

/// Percentiles by the nearest-rank method, so that each is a measured value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Percentiles<T> {
    /// The median.
    pub p50: T,
    /// The 90th percentile.
    pub p90: T,
    /// The 99th percentile.
    pub p99: T,
    /// The maximum.
    pub max: T,
}

impl<T: Copy + Ord> Percentiles<T> {
    /// Sorts `values` and returns their percentiles; `None` if there are no values.
    pub fn from_values(values: &mut [T]) -> Option<Self> {
        values.sort_unstable();
        let rank = |percent| nearest_rank(values, percent);
        Some(Self { p50: rank(50)?, p90: rank(90)?, p99: rank(99)?, max: rank(100)? })
    }
}

impl<T> Percentiles<T> {
    /// Converts each percentile.
    pub fn map<U>(self, convert: impl Fn(T) -> U) -> Percentiles<U> {
        Percentiles {
            p50: convert(self.p50),
            p90: convert(self.p90),
            p99: convert(self.p99),
            max: convert(self.max),
        }
    }
}

/// Returns the nearest rank: the smallest value of `sorted` that `percent` percent of the values do
/// not exceed.
pub fn nearest_rank<T: Copy>(sorted: &[T], percent: usize) -> Option<T> {
    let rank = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(rank).or(sorted.last()).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_percentile_is_the_nearest_rank() {
        for (count, [p50, p90, p99, max]) in [
            (1, [1, 1, 1, 1]),
            (2, [1, 2, 2, 2]),
            (10, [5, 9, 10, 10]),
            (200, [100, 180, 198, 200]),
        ] {
            // The order of the values does not matter.
            let mut values: Vec<u64> = (1..=count).rev().collect();
            assert_eq!(
                Percentiles::from_values(&mut values),
                Some(Percentiles { p50, p90, p99, max }),
                "{count}"
            );
        }
        assert_eq!(Percentiles::<u64>::from_values(&mut []), None);
        assert_eq!(nearest_rank(&[1, 2, 3, 4], 95), Some(4));
    }
}
