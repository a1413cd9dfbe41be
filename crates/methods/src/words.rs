//! Random words by address: each has a fixed place, so nothing that is added or left out can move another.

/// What a word decides. The discriminant is part of its address; new purposes get new numbers, none is ever moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Purpose {
    /// Key of the scrambling of a Sobol' sequence; index: scramble, dimension.
    Scramble = 0,
    /// Order of the cells of a Latin hypercube; index: factor, 0, step of the shuffle.
    CellOrder = 1,
    /// Place within a cell of a Latin hypercube; index: factor, row.
    CellPlace = 2,
    /// Base point of a Morris trajectory; index: trajectory, factor.
    Start = 3,
    /// Order in which a Morris trajectory moves its factors; index: trajectory, 0, step of the shuffle.
    MoveOrder = 4,
    /// Which half of the rows is held out; index: 0, 0, step of the shuffle.
    HoldOut = 5,
    /// Resampling of replicates, rows or replications; index: resample, number of the draw.
    Resample = 6,
    /// First population of a search; index: candidate, gene.
    Population = 7,
    /// Who becomes a parent; index: generation, candidate, try.
    Parent = 8,
    /// Crossing of two parents; index: generation, candidate, gene.
    Cross = 9,
    /// Mutation of a child; index: generation, candidate, gene.
    Mutate = 10,
}

/// Where random words come from.
///
/// Equal addresses give equal words, different ones independent words, uniform over all 64 bits. The seed belongs to the
/// implementation.
pub trait Words {
    /// The word at an address.
    fn word(&self, purpose: Purpose, index: [u64; 3]) -> u64;
}

/// A uniform number in the open interval (0, 1) from the upper 52 bits of a word.
///
/// With 53 bits the largest number would round to 1.
#[inline]
pub fn unit(word: u64) -> f64 {
    ((word >> 12) as f64 + 0.5) * (1.0 / (1u64 << 52) as f64)
}

/// A whole number in `0..count`; the shares differ from equal ones by at most `count / 2^64`.
///
/// # Source
/// D. Lemire, "Fast random integer generation in an interval", *ACM Transactions on Modeling and Computer Simulation* 29
/// (2019), without the rejection.
#[inline]
pub fn below(word: u64, count: u64) -> u64 {
    ((u128::from(word) * u128::from(count)) >> 64) as u64
}

/// A random order of `0..count`: every order is equally likely.
///
/// # Source
/// Fisher and Yates, in the form of Knuth, *The Art of Computer Programming* 2, algorithm 3.4.2 P.
pub fn shuffled(words: &impl Words, purpose: Purpose, index: [u64; 2], count: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    for last in (1..count).rev() {
        let word = words.word(purpose, [index[0], index[1], last as u64]);
        order.swap(last, below(word, last as u64 + 1) as usize);
    }
    order
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Words for the tests of this crate: SplitMix64 (Steele, Lea and Flood 2014) over a hashed address.
    pub(crate) struct Mixed(pub(crate) u64);

    impl Words for Mixed {
        fn word(&self, purpose: Purpose, index: [u64; 3]) -> u64 {
            let parts = [purpose as u64, index[0], index[1], index[2]];
            parts.iter().fold(mix(self.0), |hash, part| mix(hash ^ mix(part.wrapping_add(0x9e37_79b9_7f4a_7c15))))
        }
    }

    fn mix(mut word: u64) -> u64 {
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }

    #[test]
    fn a_unit_never_reaches_its_ends() {
        assert!(unit(0) > 0.0);
        assert!(unit(u64::MAX) < 1.0);
        assert_eq!(unit(1 << 63), 0.5 + f64::EPSILON / 2.0);
    }

    #[test]
    fn a_whole_number_keeps_below_its_count() {
        assert_eq!([below(0, 3), below(u64::MAX / 2, 3), below(u64::MAX, 3)], [0, 1, 2]);
        assert_eq!(below(u64::MAX, 1), 0);
    }

    #[test]
    fn a_random_order_holds_each_number_once() {
        let mut order = shuffled(&Mixed(1), Purpose::CellOrder, [0, 0], 100);
        assert_ne!(order, (0..100).collect::<Vec<_>>());
        order.sort_unstable();
        assert_eq!(order, (0..100).collect::<Vec<_>>());
        assert_eq!(shuffled(&Mixed(1), Purpose::CellOrder, [0, 0], 0), Vec::<usize>::new());
    }
}
