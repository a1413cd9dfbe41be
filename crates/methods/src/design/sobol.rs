//! The Sobol' sequence with 64 binary digits, and its nested uniform scrambling.
//!
//! The first `2^m` points put one point into each of `2^m` equal intervals of every dimension; a scramble keeps that and makes
//! every point uniform, so that scrambles are independent, unbiased repetitions.
//!
//! # Sources
//! I. M. Sobol', "On the distribution of points in a cube", *USSR Computational Mathematics and Mathematical Physics* 7 (1967);
//! P. Bratley and B. L. Fox, "Algorithm 659", *ACM Transactions on Mathematical Software* 14 (1988) for the recurrence.
//! A. B. Owen, "Randomly permuted (t,m,s)-nets and (t,s)-sequences", in *Monte Carlo and Quasi-Monte Carlo Methods* (1995) for
//! nested uniform scrambling.

mod directions;

use crate::words::{Purpose, Words};
use directions::POLYNOMIALS;

/// For how many dimensions direction numbers are known.
pub const DIMENSIONS: usize = POLYNOMIALS.len() + 1;

/// Binary digits that are scrambled by the full tree; the digits below follow from one word.
///
/// Two of the first 2^32 points never share as many leading digits, so what is below is as random as in the full tree.
const TREE_DIGITS: u32 = 32;

/// The direction numbers of some dimensions.
#[derive(Clone, Debug)]
pub struct Sequence {
    vectors: Vec<[u64; 64]>,
}

impl Sequence {
    /// The first `dimensions` dimensions; `None` for more than [`DIMENSIONS`].
    pub fn new(dimensions: usize) -> Option<Self> {
        (dimensions <= DIMENSIONS).then(|| Sequence { vectors: (0..dimensions).map(direction_vectors).collect() })
    }

    /// The 64 binary digits of a coordinate of point `row`, the first digit on top. Not in the order of Gray's code.
    #[inline]
    pub fn digits(&self, dimension: usize, row: u64) -> u64 {
        let vectors = &self.vectors[dimension];
        let (mut rest, mut digits) = (row, 0);
        while rest != 0 {
            digits ^= vectors[rest.trailing_zeros() as usize];
            rest &= rest - 1;
        }
        digits
    }
}

/// The numbers `v_1` to `v_64` of a dimension (from 0), each shifted to the top.
fn direction_vectors(dimension: usize) -> [u64; 64] {
    let mut vectors = [0u64; 64];
    let Some(&(inner, first)) = dimension.checked_sub(1).map(|index| &POLYNOMIALS[index]) else {
        return std::array::from_fn(|k| 1 << (63 - k));
    };
    let degree = first.len();
    for k in 0..64 {
        vectors[k] = match first.get(k) {
            Some(&number) => u64::from(number) << (63 - k),
            None => (1..degree).fold(vectors[k - degree] ^ (vectors[k - degree] >> degree), |sum, j| {
                let taken = inner >> (degree - 1 - j) & 1 == 1;
                if taken { sum ^ vectors[k - j] } else { sum }
            }),
        };
    }
    vectors
}

/// The key of the scrambling of one dimension.
pub fn scramble_key(words: &impl Words, scramble: u64, dimension: usize) -> u64 {
    words.word(Purpose::Scramble, [scramble, dimension as u64, 0])
}

/// Nested uniform scrambling: each digit is flipped or not by a word that belongs to all digits above it.
///
/// The words are those of SplitMix64 with the key as seed, at the place of the node in the binary tree of leading digits.
///
/// # Source
/// Owen (1995); G. L. Steele, D. Lea and C. H. Flood, "Fast splittable pseudorandom number generators", *OOPSLA* 2014.
#[inline]
pub fn scrambled(key: u64, digits: u64) -> u64 {
    let mut flips = 0;
    for level in 0..TREE_DIGITS {
        let node = 1 << level | (digits >> 1) >> (63 - level);
        flips |= (split_mix(key, node) >> 63) << (63 - level);
    }
    let node = 1 << TREE_DIGITS | digits >> (64 - TREE_DIGITS);
    digits ^ (flips | split_mix(key, node) >> TREE_DIGITS)
}

/// A word of SplitMix64, by its number.
#[inline]
fn split_mix(seed: u64, number: u64) -> u64 {
    let mut word = seed.wrapping_add(number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::tests::Mixed;

    #[test]
    fn the_first_points_are_those_of_joe_and_kuo() {
        // Points 1 to 7 of the first three dimensions as printed by their program, put into natural order.
        let sequence = Sequence::new(3).unwrap();
        let point = |row| [0, 1, 2].map(|d| sequence.digits(d, row) as f64 / 2f64.powi(64));
        let expected = [
            [0.0, 0.0, 0.0],
            [0.5, 0.5, 0.5],
            [0.25, 0.75, 0.75],
            [0.75, 0.25, 0.25],
            [0.125, 0.625, 0.375],
            [0.625, 0.125, 0.875],
            [0.375, 0.375, 0.625],
            [0.875, 0.875, 0.125],
        ];
        for (row, expected) in expected.into_iter().enumerate() {
            assert_eq!(point(row as u64), expected, "point {row}");
        }
    }

    #[test]
    fn every_dimension_fills_every_interval_once_plain_and_scrambled() {
        let (sequence, count) = (Sequence::new(DIMENSIONS).unwrap(), 256u64);
        for dimension in 0..DIMENSIONS {
            let key = scramble_key(&Mixed(7), 0, dimension);
            let mut plain: Vec<u64> = (0..count).map(|row| sequence.digits(dimension, row) >> 56).collect();
            let mut mixed: Vec<u64> =
                (0..count).map(|row| scrambled(key, sequence.digits(dimension, row)) >> 56).collect();
            assert_ne!(plain, mixed);
            plain.sort_unstable();
            mixed.sort_unstable();
            assert_eq!(plain, (0..count).collect::<Vec<_>>(), "dimension {dimension}");
            assert_eq!(mixed, plain, "dimension {dimension}, scrambled");
        }
    }

    #[test]
    fn a_scramble_keeps_how_many_digits_two_numbers_share() {
        let words = Mixed(3);
        for pair in 0..2000u64 {
            let (key, a) = (words.word(Purpose::Resample, [pair, 0, 0]), words.word(Purpose::Resample, [pair, 1, 0]));
            let b = a ^ words.word(Purpose::Resample, [pair, 2, 0]) >> (pair % TREE_DIGITS as u64);
            let shared = |a: u64, b: u64| (a ^ b).leading_zeros().min(TREE_DIGITS);
            assert_eq!(shared(scrambled(key, a), scrambled(key, b)), shared(a, b));
        }
    }

    #[test]
    fn more_dimensions_than_are_known_are_refused() {
        assert!(Sequence::new(DIMENSIONS + 1).is_none());
        const { assert!(DIMENSIONS >= 128) };
    }

    #[test]
    fn direction_numbers_are_odd_and_reach_the_last_digit() {
        for dimension in 0..DIMENSIONS {
            for (k, vector) in direction_vectors(dimension).into_iter().enumerate() {
                assert_eq!(vector.trailing_zeros() as usize, 63 - k, "dimension {dimension}, number {k}");
            }
        }
    }
}
