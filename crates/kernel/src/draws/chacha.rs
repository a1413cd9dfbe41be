//! Blocks of the ChaCha key stream: one, or one at each of many addresses side by side.
//!
//! In [`Wide`] the loop over the addresses stands outside and whole blocks inside, without any branch, so that the compiler
//! turns it into the wide instructions of whatever processor there is; integers give the same words everywhere. What all
//! addresses have in common it works out before the loop. Bernstein, "ChaCha, a variant of Salsa20" (2008), with a counter and
//! a stream number of 64 bits each.

use super::unit;
use super::widest::widest;

/// Blocks made side by side.
pub(super) const WIDTH: usize = 64;

/// Blocks that wide instructions make at once with AVX2; a divisor of [`WIDTH`].
const LANES: usize = 8;

/// 64-bit words in a block.
pub(super) const BLOCK_WORDS: usize = 8;

/// A block: eight words of 64 bits.
pub(super) type Block = [u64; BLOCK_WORDS];

/// Where a block stands: its number within the key stream of a tenant, and the stream number of the tenant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) counter: u64,
    pub(super) stream: u64,
}

/// Blocks at [`WIDTH`] addresses: their 32-bit words, each of all blocks together.
#[derive(Clone, Debug)]
pub(super) struct Wide([[u32; WIDTH]; 16]);

impl Wide {
    pub(super) const EMPTY: Wide = Wide([[0; WIDTH]; 16]);

    /// Makes the blocks at these addresses.
    pub(super) fn make<const DOUBLE_ROUNDS: usize>(
        &mut self,
        key: &[u32; 8],
        addresses: impl Iterator<Item = Address>,
    ) {
        let (mut halves, mut count) = ([[0; WIDTH]; 4], 0);
        for (index, at) in addresses.take(WIDTH).enumerate() {
            count = index + 1;
            let Address { counter, stream } = at;
            let words = [counter as u32, (counter >> 32) as u32, stream as u32, (stream >> 32) as u32];
            for (half, word) in halves.iter_mut().zip(words) {
                half[index] = word;
            }
        }
        self.fill::<DOUBLE_ROUNDS>(key, count, |index| std::array::from_fn(|half| halves[half][index]));
    }

    /// Makes one block of each of `count` streams from `first` on, which differ in the lower half of their numbers alone: three quarters
    /// of the first round are then the same for all of them.
    pub(super) fn make_of_each<const DOUBLE_ROUNDS: usize>(&mut self, key: &[u32; 8], first: Address, count: usize) {
        let Address { counter, stream } = first;
        let [low, high] = [counter as u32, (counter >> 32) as u32];
        let [number, group] = [stream as u32, (stream >> 32) as u32];
        self.fill::<DOUBLE_ROUNDS>(key, count, |index| [low, high, number.wrapping_add(index as u32), group]);
    }

    /// Makes the blocks of the first `count` indices, each at the address of which `at` gives the words; perhaps a few more.
    fn fill<const DOUBLE_ROUNDS: usize>(&mut self, key: &[u32; 8], count: usize, at: impl Fn(usize) -> [u32; 4]) {
        widest!(fill::<DOUBLE_ROUNDS>(&mut self.0, key, count, at));
    }

    /// The uniform numbers that a word of each block from a place on gives.
    pub(super) fn units(&self, first: usize, word: usize, made: &mut [f64]) {
        let [low, high] = [2 * word, 2 * word + 1].map(|half| &self.0[half][first..]);
        widest!(join(low, high, made));
    }

    /// A word of the block at a place.
    #[inline(always)]
    pub(super) fn word(&self, index: usize, word: usize) -> u64 {
        u64::from(self.0[2 * word][index]) | u64::from(self.0[2 * word + 1][index]) << 32
    }
}

/// The uniform numbers of words, each given by its halves.
#[inline(always)]
fn join(low: &[u32], high: &[u32], made: &mut [f64]) {
    for ((made, &low), &high) in made.iter_mut().zip(low).zip(high) {
        *made = unit(u64::from(low) | u64::from(high) << 32);
    }
}

/// The words of the first `count` blocks, by index.
#[inline(always)]
fn fill<const DOUBLE_ROUNDS: usize>(
    wide: &mut [[u32; WIDTH]; 16],
    key: &[u32; 8],
    count: usize,
    at: impl Fn(usize) -> [u32; 4],
) {
    // The words by name: through an index the compiler would not see that they lie apart.
    let [w0, w1, w2, w3, w4, w5, w6, w7, w8, w9, w10, w11, w12, w13, w14, w15] = wide;
    // Whole instructions: what is left over would be made one by one.
    for index in 0..WIDTH.min(count.next_multiple_of(LANES)) {
        let words = words::<DOUBLE_ROUNDS>(key, at(index));
        (w0[index], w1[index], w2[index], w3[index]) = (words[0], words[1], words[2], words[3]);
        (w4[index], w5[index], w6[index], w7[index]) = (words[4], words[5], words[6], words[7]);
        (w8[index], w9[index], w10[index], w11[index]) = (words[8], words[9], words[10], words[11]);
        (w12[index], w13[index], w14[index], w15[index]) = (words[12], words[13], words[14], words[15]);
    }
}

/// The block at an address.
pub(super) fn block<const DOUBLE_ROUNDS: usize>(key: &[u32; 8], at: Address) -> Block {
    let Address { counter, stream } = at;
    let at = [counter as u32, (counter >> 32) as u32, stream as u32, (stream >> 32) as u32];
    let words = words::<DOUBLE_ROUNDS>(key, at);
    std::array::from_fn(|word| u64::from(words[2 * word]) | u64::from(words[2 * word + 1]) << 32)
}

/// As many double rounds as are wanted, of those listed.
macro_rules! for_each_round {
    ($wanted:expr, $words:ident, $($round:literal)+) => {
        $(
            if $round < $wanted {
                double_round(&mut $words);
            }
        )+
    };
}

/// The 32-bit words of a block; at most 10 double rounds.
#[inline(always)]
fn words<const DOUBLE_ROUNDS: usize>(key: &[u32; 8], at: [u32; 4]) -> [u32; 16] {
    let [a, b, c, d, e, f, g, h] = *key;
    let [i, j, k, l] = at;
    let start = [0x6170_7865, 0x3320_646e, 0x7962_2d32, 0x6b20_6574, a, b, c, d, e, f, g, h, i, j, k, l];
    let mut words = start;
    // Written out, as the compiler makes no wide instructions of a loop in a loop.
    for_each_round!(DOUBLE_ROUNDS, words, 0 1 2 3 4 5 6 7 8 9);
    for (word, start) in words.iter_mut().zip(start) {
        *word = word.wrapping_add(start);
    }
    words
}

#[inline(always)]
fn double_round(words: &mut [u32; 16]) {
    quarter(words, 0, 4, 8, 12);
    quarter(words, 1, 5, 9, 13);
    quarter(words, 2, 6, 10, 14);
    quarter(words, 3, 7, 11, 15);
    quarter(words, 0, 5, 10, 15);
    quarter(words, 1, 6, 11, 12);
    quarter(words, 2, 7, 8, 13);
    quarter(words, 3, 4, 9, 14);
}

#[inline(always)]
fn quarter(words: &mut [u32; 16], a: usize, b: usize, c: usize, d: usize) {
    words[a] = words[a].wrapping_add(words[b]);
    words[d] = (words[d] ^ words[a]).rotate_left(16);
    words[c] = words[c].wrapping_add(words[d]);
    words[b] = (words[b] ^ words[c]).rotate_left(12);
    words[a] = words[a].wrapping_add(words[b]);
    words[d] = (words[d] ^ words[a]).rotate_left(8);
    words[c] = words[c].wrapping_add(words[d]);
    words[b] = (words[b] ^ words[c]).rotate_left(7);
}

#[cfg(test)]
mod tests {
    use rand::{Rng, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    use super::*;
    use crate::draws::widest::levels;

    fn key_of(bytes: [u8; 32]) -> [u32; 8] {
        std::array::from_fn(|i| u32::from_le_bytes(bytes[4 * i..][..4].try_into().unwrap()))
    }

    #[test]
    fn the_twenty_round_variant_gives_the_vectors_of_rfc_8439() {
        // Section 2.3.2: key 00..1f, counter 1, nonce 00000009 0000004a 00000000. This generator splits the same 128 bits
        // into a 64-bit counter and a 64-bit stream, so nonce word 0 is the counter's upper half.
        let key = key_of(std::array::from_fn(|i| i as u8));
        let at = Address { counter: 0x0900_0000 << 32 | 1, stream: 0x4a00_0000 };
        let mut wide = Wide::EMPTY;
        wide.make::<10>(&key, [Address::default(), at].into_iter());
        let expected = [
            0x15593bd1_e4e7f110u64,
            0xc47120a3_1fdd0f50,
            0x0368c033_c7f4d1c7,
            0x4e6cd4c3_9aaa2204,
            0x09aa9f07_466482d2,
            0xa2028bd9_05d7c214,
            0xb94e16de_d19c12b5,
            0x4e3c50a2_e883d0cb,
        ];
        assert_eq!(block::<10>(&key, at), expected);
        assert_eq!(std::array::from_fn(|word| wide.word(1, word)), expected);
    }

    #[test]
    fn every_width_makes_the_same_blocks() {
        let key = key_of(std::array::from_fn(|i| i as u8));
        let at = |index: usize| [index as u32, 7, 0xffff_fff0u32.wrapping_add(index as u32), 9];
        for level in levels() {
            for count in [1, 3, 8, 9, 17, WIDTH] {
                let mut wide = [[0; WIDTH]; 16];
                fearless_simd::dispatch!(level, _ => fill::<4>(&mut wide, &key, count, at));
                for index in 0..count {
                    let made: [u32; 16] = wide.map(|word| word[index]);
                    assert_eq!(made, words::<4>(&key, at(index)), "{level:?}: {index} of {count}");
                }
            }
        }
    }

    #[test]
    fn zero_keys_give_the_published_first_words() {
        let at = Address::default();
        assert_eq!(block::<10>(&[0; 8], at)[0], 0x903d_f1a0_ade0_b876);
        assert_eq!(block::<4>(&[0; 8], at)[0], 0xd640_5f89_2fef_003e);
    }

    #[test]
    fn every_block_is_the_key_stream_of_an_independent_generator() {
        let seed: [u8; 32] = std::array::from_fn(|i| (i * i + 7) as u8);
        let at: [Address; WIDTH] = std::array::from_fn(|index| Address {
            counter: ((index as u64) << 33) | (4 * index as u64 + 2),
            stream: ((0xdead_beef + index as u64) << 31) | index as u64,
        });
        let mut wide = Wide::EMPTY;
        wide.make::<4>(&key_of(seed), at.into_iter());
        for (index, at) in at.into_iter().enumerate() {
            let mut rng = ChaCha8Rng::from_seed(seed);
            rng.set_stream(at.stream);
            rng.set_word_pos(u128::from(at.counter) * 16);
            let expected = std::array::from_fn(|_| rng.next_u64());
            assert_eq!(std::array::from_fn(|word| wide.word(index, word)), expected, "{at:?}");
            assert_eq!(block::<4>(&key_of(seed), at), expected, "{at:?}, alone");
        }
    }

    #[test]
    fn blocks_of_streams_in_a_row_are_those_at_their_addresses() {
        let key = key_of(std::array::from_fn(|i| (i * 11 + 3) as u8));
        let first = Address { counter: 5 << 32 | 2, stream: 9 << 32 | 1_000 };
        let mut wide = Wide::EMPTY;
        for count in [WIDTH, 1, 4, 29] {
            let first = Address { stream: first.stream + count as u64, ..first };
            wide.make_of_each::<4>(&key, first, count);
            for index in 0..count {
                let at = Address { stream: first.stream + index as u64, ..first };
                assert_eq!(std::array::from_fn(|word| wide.word(index, word)), block::<4>(&key, at), "{at:?}");
            }
        }
    }
}
