//! Addressed words for designs, searches and resampling.

use brownout_methods::words::{Purpose, Words};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Random words of an exploration, each read from its own place in a ChaCha8 key stream.
///
/// The key is derived from seed and purpose under a context of its own, so that no word of an exploration is a word of a life;
/// the first part of the index is the stream, the other two are the position: 32 bits for the second and 31 for the third.
#[derive(Clone, Copy, Debug)]
pub struct ExploreDraws {
    seed: u64,
}

impl ExploreDraws {
    /// The words of a seed.
    pub fn new(seed: u64) -> Self {
        ExploreDraws { seed }
    }

    /// Words that share nothing with these: for a part of the work with designs of its own.
    pub fn apart(self, part: Apart) -> Self {
        let mut material = [0u8; 9];
        material[..8].copy_from_slice(&self.seed.to_le_bytes());
        material[8] = part as u8;
        let hash = blake3::derive_key("brownout 2026 exploration: seed, part", &material);
        let seed = hash.iter().take(8).enumerate().fold(0, |seed, (at, &byte)| seed | u64::from(byte) << (8 * at));
        ExploreDraws { seed }
    }
}

/// Parts of the work that must not share draws. The discriminant is part of the address; none is ever moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Apart {
    /// Futures in which a search judges its candidates.
    Search = 1,
    /// Futures that confirm what a search found.
    Confirm = 2,
    /// Futures of a selection among schedules.
    Select = 3,
}

impl Apart {
    /// The first replication of a part: none is lived in another one.
    pub fn first_replication(self) -> u64 {
        (1 << 30) * self as u64
    }
}

impl Words for ExploreDraws {
    fn word(&self, purpose: Purpose, index: [u64; 3]) -> u64 {
        debug_assert!(index[1] < 1 << 32 && index[2] < 1 << 31, "{index:?} does not fit its place");
        let mut material = [0u8; 9];
        material[..8].copy_from_slice(&self.seed.to_le_bytes());
        material[8] = purpose as u8;
        let mut rng = ChaCha8Rng::from_seed(blake3::derive_key("brownout 2026 exploration: seed, purpose", &material));
        rng.set_stream(index[0]);
        // A word of 64 bits takes two places.
        rng.set_word_pos(u128::from(index[1] << 32 | index[2] << 1));
        rng.next_u64()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_of_the_address_matters() {
        let word = |seed, purpose, index| ExploreDraws::new(seed).word(purpose, index);
        let base = word(1, Purpose::Scramble, [2, 3, 4]);
        assert_eq!(word(1, Purpose::Scramble, [2, 3, 4]), base);
        for other in [
            word(2, Purpose::Scramble, [2, 3, 4]),
            word(1, Purpose::Start, [2, 3, 4]),
            word(1, Purpose::Scramble, [3, 3, 4]),
            word(1, Purpose::Scramble, [2, 4, 4]),
            word(1, Purpose::Scramble, [2, 3, 5]),
        ] {
            assert_ne!(other, base);
        }
    }

    #[test]
    fn parts_share_no_words_and_no_replications() {
        let draws = ExploreDraws::new(1);
        let word = |draws: ExploreDraws| draws.word(Purpose::CellPlace, [0, 0, 0]);
        let all = [word(draws), word(draws.apart(Apart::Search)), word(draws.apart(Apart::Confirm))];
        assert!(all[0] != all[1] && all[1] != all[2] && all[0] != all[2]);
        assert!(Apart::Select.first_replication() + (1 << 30) <= 1 << 32);
    }

    #[test]
    fn designs_take_these_words() {
        let draws = ExploreDraws::new(7);
        let design = brownout_methods::design::Saltelli::new(&draws, 3, 16, 8, true).unwrap();
        let mut cells: Vec<u64> = (0..16).map(|row| (design.row(row * 6).units[0] * 16.0) as u64).collect();
        cells.sort_unstable();
        assert_eq!(cells, (0..16).collect::<Vec<_>>());
    }
}
