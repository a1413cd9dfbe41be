//! Addressed random numbers: every draw has a fixed place, so nothing that is added or left out can move another.
//!
//! A number is named by (seed, replication, tenant, server, purpose, index) and read from that place in a ChaCha8 key
//! stream; it is never "the next one". The key is derived from seed and replication, the stream number is the tenant, and
//! the position inside the stream is a *line* of 32 words for each (server, index) with one word for each [`Purpose`].
//! ChaCha makes four blocks at a time, which is just one line, so the first round of a server costs one refill.
//!
//! Scenarios read the same addresses; that couples them (common random numbers). All transcendental functions on the way
//! from a word to a value come from `libm`, so the values do not depend on the platform's mathematics library.

mod pert;
mod sample;

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

pub use sample::{Spread, exponential, normal_quantile, pick, unit};

/// Words in a line: one ChaCha refill (four blocks of 64 bytes).
const LINE_WORDS: usize = 32;
/// 32-bit words in a line, the unit in which the generator counts positions.
const LINE_POSITIONS: u128 = 2 * LINE_WORDS as u128;

/// What a number decides. The discriminant is its place in the line; places are only ever added, never moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Purpose {
    /// Which build of the group's mix a server has.
    Build = 0,
    /// Messages a day of a server.
    MailVolume = 1,
    /// Delay of first detection; index: ordinal of the baseline among those of the product.
    Detection = 2,
    /// Threshold of the `patch` route; index: round of the server.
    PatchThreshold = 3,
    /// Threshold of the `upgrade` route; index: round of the server.
    UpgradeThreshold = 4,
    /// Threshold of the `leave` route; index: round of the server.
    LeaveThreshold = 5,
    /// Time from decision to the first attempt; index: round of the server.
    LeadTime = 6,
    /// Whether an attempt fails; index: round and attempt.
    AttemptFails = 7,
    /// Time from a failed attempt to the next; index: round and attempt.
    RetryDelay = 8,
    /// Servers a tenant owns.
    ServerCount = 16,
    /// Diligence of a tenant.
    Diligence = 17,
    /// Whether a tenant never acts by itself.
    NeverActs = 18,
    /// Which pause behaviour of the group's mix a tenant has.
    PauseBehaviour = 19,
    /// Days between the servers of a tenant.
    Gap = 20,
    /// Whether a tenant observes a change freeze; index: the freeze.
    ObservesFreeze = 21,
    /// Whether a tenant holds extended security updates.
    HoldsEsu = 22,
}

/// Where the tenants of one replication get their numbers from.
#[derive(Clone, Debug)]
pub struct DrawSource {
    pristine: ChaCha8Rng,
}

impl DrawSource {
    /// The source of one replication of a study.
    pub fn new(seed: u64, replication: u32) -> Self {
        let mut material = [0u8; 12];
        material[..8].copy_from_slice(&seed.to_le_bytes());
        material[8..].copy_from_slice(&replication.to_le_bytes());
        let key = blake3::derive_key("brownout 2026 draws: seed, replication", &material);
        DrawSource { pristine: ChaCha8Rng::from_seed(key) }
    }

    /// The draws of one tenant; [`TenantDraws::turn_to`] goes on to the next.
    pub fn tenant(&self, tenant: TenantId) -> TenantDraws {
        let (rng, lines) = (self.pristine.clone(), vec![Line::EMPTY; KEPT_LINES]);
        let mut draws = TenantDraws { rng, seat: 0, lines, reads: [0; Purpose::PLACES], lines_made: 0 };
        draws.turn_to(tenant);
        draws
    }
}

/// A tenant's address in the key stream: its group by name, its number within the group.
///
/// The name is hashed, so that adding or reordering groups leaves every other group's numbers alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TenantId(u64);

impl TenantId {
    /// Tenant `number` (from 0) of a group with this [`group_key`].
    pub const fn new(group_key: u32, number: u32) -> Self {
        TenantId((group_key as u64) << 32 | number as u64)
    }

    /// The stream number of this tenant.
    pub const fn stream(self) -> u64 {
        self.0
    }
}

/// The part of a tenant's address that stands for its group: the first 32 bits of the BLAKE3 hash of the name.
///
/// Two names of one world may have the same key (one chance in 4 billion for each pair); `study` then gives one of the groups
/// another key, so that no two groups share their draws.
pub fn group_key(name: &str) -> u32 {
    let hash = blake3::hash(name.as_bytes());
    let bytes = hash.as_bytes();
    u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
}

/// Lines kept of a tenant, a power of two: more than the lives of a usual tenant read, little enough for the nearest cache.
const KEPT_LINES: usize = 64;

/// The addressed draws of one tenant in one replication.
///
/// Lines once read are kept while there is room, so that a tenant that lives under seven scenarios is drawn once. Keeping is
/// a matter of speed alone: a line that was pushed out is read again from its place.
#[derive(Clone, Debug)]
pub struct TenantDraws {
    rng: ChaCha8Rng,
    /// Counts tenants, to tell their lines apart; 0 is nobody.
    seat: u64,
    lines: Vec<Line>,
    reads: [u64; Purpose::PLACES],
    lines_made: u64,
}

/// A line of the key stream.
#[derive(Clone, Debug)]
struct Line {
    seat: u64,
    number: u64,
    words: [[u8; 8]; LINE_WORDS],
}

impl Purpose {
    /// Places up to the last purpose there is.
    const PLACES: usize = Purpose::HoldsEsu as usize + 1;

    /// All purposes, in the order of their places.
    pub const ALL: [Purpose; 16] = [
        Purpose::Build,
        Purpose::MailVolume,
        Purpose::Detection,
        Purpose::PatchThreshold,
        Purpose::UpgradeThreshold,
        Purpose::LeaveThreshold,
        Purpose::LeadTime,
        Purpose::AttemptFails,
        Purpose::RetryDelay,
        Purpose::ServerCount,
        Purpose::Diligence,
        Purpose::NeverActs,
        Purpose::PauseBehaviour,
        Purpose::Gap,
        Purpose::ObservesFreeze,
        Purpose::HoldsEsu,
    ];
}

impl Line {
    const EMPTY: Line = Line { seat: 0, number: 0, words: [[0; 8]; LINE_WORDS] };
}

impl TenantDraws {
    /// Turns to another tenant of the same replication and uses the memory again.
    pub fn turn_to(&mut self, tenant: TenantId) {
        self.rng.set_stream(tenant.0);
        self.seat += 1;
    }

    /// The 64-bit word at an address. `server` counts from 0; tenant-wide purposes use server 0.
    #[inline]
    pub fn word(&mut self, server: u32, purpose: Purpose, index: u32) -> u64 {
        let number = u64::from(server) << 32 | u64::from(index);
        let place = place_of(number);
        if self.lines[place].number != number || self.lines[place].seat != self.seat {
            self.read_line(place, number);
        }
        self.reads[purpose as usize] += 1;
        u64::from_le_bytes(self.lines[place].words[purpose as usize])
    }

    /// How often words of a purpose were read so far, for all tenants: what the benchmarks hold the kernel's time against.
    pub fn reads(&self, purpose: Purpose) -> u64 {
        self.reads[purpose as usize]
    }

    /// Lines of 32 words made so far, for all tenants.
    pub fn lines_made(&self) -> u64 {
        self.lines_made
    }

    /// A uniform number in the open interval (0, 1) at an address.
    #[inline]
    pub fn unit(&mut self, server: u32, purpose: Purpose, index: u32) -> f64 {
        unit(self.word(server, purpose, index))
    }

    #[cold]
    fn read_line(&mut self, place: usize, number: u64) {
        // The whole line is read, as the generator then needs no seeking within its four blocks.
        self.rng.set_word_pos(u128::from(number) * LINE_POSITIONS);
        let line = &mut self.lines[place];
        self.rng.fill_bytes(line.words.as_flattened_mut());
        (line.seat, line.number) = (self.seat, number);
        self.lines_made += 1;
    }
}

/// Where a line is kept. Multiplication by the golden ratio spreads servers and indices alike (Knuth, *The Art of Computer
/// Programming* 3, section 6.4).
#[inline]
const fn place_of(number: u64) -> usize {
    (number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (u64::BITS - KEPT_LINES.ilog2())) as usize
}

/// Attempts of one round share its line numbers: round 3, attempt 2 is index `3 * 256 + 2`.
pub const ATTEMPTS_PER_ROUND: u32 = 256;

/// The index of an attempt of a round (both from 0); attempts beyond 255 share the last place.
pub const fn attempt_index(round: u32, attempt: u32) -> u32 {
    let attempt = if attempt < ATTEMPTS_PER_ROUND { attempt } else { ATTEMPTS_PER_ROUND - 1 };
    round * ATTEMPTS_PER_ROUND + attempt
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::ChaCha20Rng;

    fn draws(seed: u64, replication: u32, tenant: u32) -> TenantDraws {
        DrawSource::new(seed, replication).tenant(TenantId::new(7, tenant))
    }

    #[test]
    fn a_number_does_not_depend_on_what_was_read_before() {
        let mut forwards = draws(1, 0, 5);
        let a = forwards.word(0, Purpose::Build, 0);
        let b = forwards.word(3, Purpose::LeadTime, 9);
        let mut backwards = draws(1, 0, 5);
        assert_eq!(backwards.word(3, Purpose::LeadTime, 9), b);
        assert_eq!(backwards.word(0, Purpose::Build, 0), a);
    }

    #[test]
    fn kept_lines_are_the_lines_of_the_tenant_at_hand() {
        let fresh = |tenant: u32, server| draws(1, 0, tenant).word(server, Purpose::Build, 0);
        let mut turned = draws(1, 0, 0);
        for tenant in [5, 6, 5] {
            turned.turn_to(TenantId::new(7, tenant));
            // Far more lines than are kept, twice, so that most are pushed out in between.
            for server in (0..300).chain(0..300) {
                assert_eq!(turned.word(server, Purpose::Build, 0), fresh(tenant, server), "{tenant}, {server}");
            }
        }
    }

    #[test]
    fn every_part_of_the_address_matters() {
        let base = draws(1, 0, 5).word(1, Purpose::Detection, 0);
        for other in [
            draws(2, 0, 5).word(1, Purpose::Detection, 0),
            draws(1, 1, 5).word(1, Purpose::Detection, 0),
            draws(1, 0, 6).word(1, Purpose::Detection, 0),
            draws(1, 0, 5).word(2, Purpose::Detection, 0),
            draws(1, 0, 5).word(1, Purpose::LeadTime, 0),
            draws(1, 0, 5).word(1, Purpose::Detection, 1),
        ] {
            assert_ne!(base, other);
        }
    }

    #[test]
    fn the_twenty_round_variant_gives_the_vectors_of_rfc_8439() {
        // Section 2.3.2: key 00..1f, counter 1, nonce 00000009 0000004a 00000000. This generator splits the same 128 bits
        // into a 64-bit counter and a 64-bit stream, so nonce word 0 is the counter's upper half.
        let key: [u8; 32] = std::array::from_fn(|i| i as u8);
        let mut rng = ChaCha20Rng::from_seed(key);
        rng.set_stream(0x0000_0000_4a00_0000);
        rng.set_word_pos((0x0900_0000u128 << 32 | 1) * 16);
        let block: Vec<u32> = (0..16).map(|_| rng.next_u32()).collect();
        let expected = [
            0xe4e7f110, 0x15593bd1, 0x1fdd0f50, 0xc47120a3, 0xc7f4d1c7, 0x0368c033, 0x9aaa2204, 0x4e6cd4c3, 0x466482d2,
            0x09aa9f07, 0x05d7c214, 0xa2028bd9, 0xd19c12b5, 0xb94e16de, 0xe883d0cb, 0x4e3c50a2,
        ];
        assert_eq!(block, expected);
    }

    #[test]
    fn zero_keys_give_the_published_first_words() {
        let mut twenty = ChaCha20Rng::from_seed([0; 32]);
        assert_eq!([twenty.next_u32(), twenty.next_u32()], [0xade0b876, 0x903df1a0]);
        let mut eight = ChaCha8Rng::from_seed([0; 32]);
        assert_eq!([eight.next_u32(), eight.next_u32()], [0x2fef003e, 0xd6405f89]);
    }

    #[test]
    fn a_line_is_the_key_stream_at_its_position() {
        let mut tenant = draws(42, 3, 11);
        let expected = {
            let mut rng = tenant.rng.clone();
            rng.set_word_pos((2u128 << 32 | 7) * 64 + 2 * Purpose::Gap as u128);
            rng.next_u64()
        };
        assert_eq!(tenant.word(2, Purpose::Gap, 7), expected);
    }
}
