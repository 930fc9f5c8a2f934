//! Seeded random numbers: identical for the same seed on every machine and in every version.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use sha2::{Digest, Sha256};

/// A random number generator for one field of one payload.
///
/// Each field has its own generator, so that varying one more field does not change the others.
#[derive(Clone, Debug)]
pub struct SeededRng(ChaCha8Rng);

impl SeededRng {
    /// Creates the generator of the field called `name` for `seed`.
    #[must_use]
    pub fn new(seed: u64, name: &str) -> Self {
        let digest = Sha256::new().chain_update(seed.to_le_bytes()).chain_update(name).finalize();
        Self(ChaCha8Rng::from_seed(digest.into()))
    }

    /// Moves to draw number `draw` of a stream, regardless of earlier draws.
    ///
    /// A draw has room for eight 64-bit numbers: 16 words of 32 bits, one block of `ChaCha`.
    pub fn seek(&mut self, stream: u64, draw: u64) {
        const WORDS_PER_DRAW: u128 = 16;
        self.0.set_stream(stream);
        self.0.set_word_pos(u128::from(draw) * WORDS_PER_DRAW);
    }

    /// Draws a fraction in (0, 1], uniformly from 2^53 values.
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit into the mantissa of an f64")]
    pub fn fraction(&mut self) -> f64 {
        ((self.0.next_u64() >> 11) + 1) as f64 / (1_u64 << 53) as f64
    }

    /// Draws a number below `limit`; 0 if `limit` is 0.
    pub fn number_below(&mut self, limit: u64) -> u64 {
        // The bias of a remainder is far below anything a sample payload could show.
        self.0.next_u64().checked_rem(limit).unwrap_or(0)
    }

    /// Draws an index into a list of this length; 0 if it is empty.
    pub fn index(&mut self, length: usize) -> usize {
        usize::try_from(self.number_below(length as u64)).unwrap_or(0)
    }

    /// Draws one of `choices`, which are checked at compile time not to be empty.
    pub fn choose<'c, T, const N: usize>(&mut self, choices: &'c [T; N]) -> &'c T {
        const { assert!(N > 0, "`choices` is empty") };
        &choices[self.index(N)]
    }

    /// Draws one of `choices`; an empty string if there are none.
    pub fn pick<'c>(&mut self, choices: &[&'c str]) -> &'c str {
        choices.get(self.index(choices.len())).copied().unwrap_or_default()
    }

    /// Shuffles a list uniformly (Fisher and Yates).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for end in (1..items.len()).rev() {
            items.swap(end, self.index(end + 1));
        }
    }

    /// Draws `N` random bytes.
    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.fill_bytes(&mut bytes);
        bytes
    }

    /// Draws a random UUID (version 4).
    pub fn uuid(&mut self) -> String {
        uuid::Builder::from_random_bytes(self.bytes()).into_uuid().to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn shuffling_keeps_the_items_and_depends_only_on_the_seed(
            items in proptest::collection::vec(0_u8..20, 0..50),
            seed: u64,
        ) {
            let shuffled = || {
                let mut items = items.clone();
                SeededRng::new(seed, "order").shuffle(&mut items);
                items
            };
            prop_assert_eq!(shuffled(), shuffled());
            let sorted = |mut items: Vec<u8>| {
                items.sort_unstable();
                items
            };
            prop_assert_eq!(sorted(shuffled()), sorted(items));
        }
    }

    #[test]
    fn a_draw_does_not_depend_on_those_before_it() {
        let mut rng = SeededRng::new(7, "luck");
        let mut draw = |stream, index| {
            rng.seek(stream, index);
            [rng.number_below(1_000_000), rng.number_below(1_000_000)]
        };
        let (first, second) = (draw(1, 1), draw(1, 2));
        let _others = (draw(9, 3), draw(0, 0));
        assert_eq!((draw(1, 2), draw(1, 1)), (second, first));
        assert_eq!(std::collections::BTreeSet::from([first, second, draw(2, 1)]).len(), 3);
    }

    #[test]
    fn fractions_are_above_zero_and_at_most_one() {
        let mut rng = SeededRng::new(7, "fractions");
        let drawn: Vec<_> = (0..1_000).map(|_| rng.fraction()).collect();
        assert!(drawn.iter().all(|fraction| *fraction > 0.0 && *fraction <= 1.0), "{drawn:?}");
        let mean = drawn.iter().sum::<f64>() / 1_000.0;
        assert!((0.45..0.55).contains(&mean), "{mean}");
    }

    #[test]
    fn every_order_occurs() {
        let order = |seed| {
            let mut items = [0, 1, 2];
            SeededRng::new(seed, "order").shuffle(&mut items);
            items
        };
        let found: std::collections::BTreeSet<_> = (0..100).map(order).collect();
        assert_eq!(found.len(), 6, "{found:?}");
    }

    #[test]
    fn the_same_seed_and_name_give_the_same_numbers_forever() {
        let mut rng = SeededRng::new(7, "/a");
        assert_eq!(
            [rng.number_below(1000), rng.number_below(1000), rng.number_below(1000)],
            [239, 935, 7]
        );
        assert_ne!(SeededRng::new(7, "/b").bytes::<8>(), SeededRng::new(7, "/a").bytes::<8>());
    }
}
