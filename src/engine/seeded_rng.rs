//! Randomness that is the same for the same seed, on every machine and in every version.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use sha2::{Digest, Sha256};

/// Dice for one place of one payload.
///
/// Each place has its own: varying one more place leaves all others as they were.
#[derive(Clone, Debug)]
pub struct SeededRng(ChaCha8Rng);

impl SeededRng {
    /// The dice that `seed` gives to the place called `name`.
    #[must_use]
    pub fn new(seed: u64, name: &str) -> Self {
        let digest = Sha256::new().chain_update(seed.to_le_bytes()).chain_update(name).finalize();
        Self(ChaCha8Rng::from_seed(digest.into()))
    }

    /// Turns to the throw of that number in the row of that number: the same one, whatever was
    /// thrown before. A throw has room for eight numbers.
    pub fn seek(&mut self, row: u64, throw: u64) {
        const WORDS: u128 = 16;
        self.0.set_stream(row);
        self.0.set_word_pos(u128::from(throw) * WORDS);
    }

    /// A fraction, above 0 and up to 1, each of 2^53 as likely as any.
    #[expect(clippy::cast_precision_loss, reason = "53 bits are kept, and f64 has as many")]
    pub fn fraction(&mut self) -> f64 {
        ((self.0.next_u64() >> 11) + 1) as f64 / (1_u64 << 53) as f64
    }

    /// A number from 0 to `sides` less one; 0 where there are no sides.
    pub fn below(&mut self, sides: u64) -> u64 {
        // The bias of a remainder is far below anything a sample payload could show.
        self.0.next_u64().checked_rem(sides).unwrap_or(0)
    }

    /// A place in a list of so many; 0 where it has none.
    pub fn index(&mut self, length: usize) -> usize {
        usize::try_from(self.below(length as u64)).unwrap_or(0)
    }

    /// One of `choices`, of which there is at least one.
    pub fn choose<'c, T, const N: usize>(&mut self, choices: &'c [T; N]) -> &'c T {
        const { assert!(N > 0, "there is nothing to choose from") };
        &choices[self.index(N)]
    }

    /// One of `choices`.
    pub fn pick<'c>(&mut self, choices: &[&'c str]) -> &'c str {
        choices.get(self.index(choices.len())).copied().unwrap_or_default()
    }

    /// Puts a list into another order, each as likely as any (Fisher and Yates).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for end in (1..items.len()).rev() {
            items.swap(end, self.index(end + 1));
        }
    }

    /// As many bytes as asked for.
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
        fn a_shuffled_list_has_the_same_items_and_the_same_seed_the_same_order(
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
    fn a_throw_does_not_depend_on_those_before_it() {
        let mut dice = SeededRng::new(7, "luck");
        let mut throw = |row, throw| {
            dice.seek(row, throw);
            [dice.below(1_000_000), dice.below(1_000_000)]
        };
        let (first, second) = (throw(1, 1), throw(1, 2));
        let _others = (throw(9, 3), throw(0, 0));
        assert_eq!((throw(1, 2), throw(1, 1)), (second, first));
        assert_eq!(std::collections::BTreeSet::from([first, second, throw(2, 1)]).len(), 3);
    }

    #[test]
    fn fractions_are_above_nought_and_up_to_one() {
        let mut dice = SeededRng::new(7, "fractions");
        let thrown: Vec<_> = (0..1_000).map(|_| dice.fraction()).collect();
        assert!(thrown.iter().all(|fraction| *fraction > 0.0 && *fraction <= 1.0), "{thrown:?}");
        let mean = thrown.iter().sum::<f64>() / 1_000.0;
        assert!((0.45..0.55).contains(&mean), "{mean}");
    }

    #[test]
    fn every_order_comes_up() {
        let order = |seed| {
            let mut items = [0, 1, 2];
            SeededRng::new(seed, "order").shuffle(&mut items);
            items
        };
        let found: std::collections::BTreeSet<_> = (0..100).map(order).collect();
        assert_eq!(found.len(), 6, "{found:?}");
    }

    #[test]
    fn the_same_seed_and_place_give_the_same_numbers_for_ever() {
        let mut dice = SeededRng::new(7, "/a");
        assert_eq!([dice.below(1000), dice.below(1000), dice.below(1000)], [239, 935, 7]);
        assert_ne!(SeededRng::new(7, "/b").bytes::<8>(), SeededRng::new(7, "/a").bytes::<8>());
    }
}
