//! Numbers from a seed, for generated projects.

use std::ops::RangeInclusive;

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Throws that are the same for the same seed.
pub(crate) struct Dice(ChaCha8Rng);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Dice(ChaCha8Rng::seed_from_u64(seed))
    }

    /// A whole number in a range; the modulus favours small ones by less than one part in 10^15 here.
    pub(crate) fn between(&mut self, range: RangeInclusive<i64>) -> i64 {
        let width = (range.end() - range.start() + 1) as u64;
        range.start() + (self.0.next_u64() % width) as i64
    }

    /// True in so many of a hundred throws.
    pub(crate) fn percent(&mut self, share: i64) -> bool {
        self.between(1..=100) <= share
    }

    pub(crate) fn pick<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.between(0..=of.len() as i64 - 1) as usize].clone()
    }
}
