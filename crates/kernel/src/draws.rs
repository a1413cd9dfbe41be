//! Addressed random numbers: every draw has a fixed address, so nothing that is added or left out can move another.
//!
//! A number is named by (seed, replication, tenant, server, purpose, index) and read at that address in a ChaCha8 key
//! stream; it is never "the next one". The key is derived from seed and replication, the stream number is the tenant, and
//! the position inside the stream is a *line* of 32 words for each (server, index) with one word for each [`Purpose`].
//! A line is four blocks of eight words, and only blocks that are read are made: what tenants usually read is made for many of
//! them side by side ([`TenantDraws::prepare`]), the rest when somebody asks.
//!
//! Scenarios read the same addresses; that couples them (common random numbers). All transcendental functions on the way
//! from a word to a value come from `libm`, so the values do not depend on the platform's mathematics library. Where many numbers
//! become values side by side, `lanes` gives what `libm` gives, to the last bit, as wide as the processor allows (`widest`).

mod chacha;
mod kept;
pub(crate) mod lanes;
mod pert;
mod sample;
mod together;
pub(crate) mod widest;

use chacha::BLOCK_WORDS;
use kept::Blocks;
pub use lanes::picks;
pub use sample::{Spread, exponential, normal_quantile, unit};
pub(crate) use together::Row;

/// Words in a line.
const LINE_WORDS: usize = 32;
/// Blocks in a line.
const LINE_BLOCKS: u64 = (LINE_WORDS / BLOCK_WORDS) as u64;

/// What a number decides. The discriminant is its index in the line; an index is only ever added, never moved.
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DrawSource {
    key: [u32; 8],
}

impl DrawSource {
    /// The source of one replication of a study.
    pub fn new(seed: u64, replication: u32) -> Self {
        let mut material = [0u8; 12];
        material[..8].copy_from_slice(&seed.to_le_bytes());
        material[8..].copy_from_slice(&replication.to_le_bytes());
        let key = blake3::derive_key("brownout 2026 draws: seed, replication", &material);
        let word = |i: usize| u32::from_le_bytes([key[4 * i], key[4 * i + 1], key[4 * i + 2], key[4 * i + 3]]);
        DrawSource { key: std::array::from_fn(word) }
    }

    /// The draws of one tenant; [`TenantDraws::turn_to`] goes on to the next.
    pub fn tenant(&self, tenant: TenantId) -> TenantDraws {
        let mut draws = TenantDraws { blocks: Blocks::new(self.key), reads: [0; Purpose::COUNT] };
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

    /// The tenant of the same group so many numbers later.
    pub const fn later(self, by: usize) -> Self {
        TenantId(self.0 + by as u64)
    }

    /// The part that stands for its group.
    pub const fn group_key(self) -> u32 {
        (self.0 >> 32) as u32
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

/// The addressed draws of one tenant in one replication.
///
/// Blocks once made are kept while there is room, so that a tenant that lives under seven scenarios is drawn once. Keeping is
/// a matter of speed alone: a block that was pushed out is made again.
#[derive(Clone, Debug)]
pub struct TenantDraws {
    blocks: Blocks,
    reads: [u64; Purpose::COUNT],
}

impl Purpose {
    /// Purposes up to the last there is.
    const COUNT: usize = Purpose::HoldsEsu as usize + 1;

    /// All purposes, in the order of their indices.
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

impl TenantDraws {
    /// Turns to another tenant of the same replication and uses the memory again.
    #[inline]
    pub fn turn_to(&mut self, tenant: TenantId) {
        self.blocks.turn_to(tenant);
    }

    /// The 64-bit word at an address. `server` counts from 0; tenant-wide purposes use server 0.
    #[inline(always)]
    pub fn word(&mut self, server: u32, purpose: Purpose, index: u32) -> u64 {
        self.reads[purpose as usize] += 1;
        let (block, word) = (purpose as usize / BLOCK_WORDS, purpose as usize % BLOCK_WORDS);
        self.blocks.word(server, index, block, word)
    }

    /// A unit-exponential number at an address.
    #[inline]
    pub fn exponential(&mut self, server: u32, purpose: Purpose, index: u32) -> f64 {
        let ahead = if purpose == Purpose::LeadTime { None } else { self.made_ahead(server, purpose, index) };
        ahead.unwrap_or_else(|| exponential(self.unit(server, purpose, index)))
    }

    /// A standard normal number at an address.
    #[inline]
    pub fn normal(&mut self, server: u32, purpose: Purpose, index: u32) -> f64 {
        let ahead = if purpose == Purpose::LeadTime { self.made_ahead(server, purpose, index) } else { None };
        ahead.unwrap_or_else(|| normal_quantile(self.unit(server, purpose, index)))
    }

    /// The thresholds of the first round of a server, for the routes in which they are wanted; of the others infinite.
    #[inline]
    pub(crate) fn thresholds(&mut self, server: u32, wanted: [bool; 3]) -> [f64; 3] {
        let mut thresholds = [f64::INFINITY; 3];
        let purposes = [Purpose::PatchThreshold, Purpose::UpgradeThreshold, Purpose::LeaveThreshold];
        for ((threshold, purpose), wanted) in thresholds.iter_mut().zip(purposes).zip(wanted) {
            if wanted {
                *threshold = self.exponential(server, purpose, 0);
            }
        }
        thresholds
    }

    /// The deviate at an address, unit-exponential or normal as its purpose wants it, if it was made ahead.
    #[inline]
    fn made_ahead(&mut self, server: u32, purpose: Purpose, index: u32) -> Option<f64> {
        let made = if index == 0 { self.blocks.deviate(server, purpose as usize) } else { None };
        self.reads[purpose as usize] += u64::from(made.is_some());
        made
    }

    /// How often words of a purpose were read so far, for all tenants: what the benchmarks hold the kernel's time against.
    pub fn reads(&self, purpose: Purpose) -> u64 {
        self.reads[purpose as usize]
    }

    /// Blocks of eight words made so far, for all tenants.
    pub fn blocks_made(&self) -> u64 {
        self.blocks.made()
    }

    /// A uniform number in the open interval (0, 1) at an address.
    #[inline(always)]
    pub fn unit(&mut self, server: u32, purpose: Purpose, index: u32) -> f64 {
        unit(self.word(server, purpose, index))
    }
}

pub use kept::{BATCH, Prepared};

/// Attempts of one round share its line numbers: round 3, attempt 2 is index `3 * 256 + 2`.
pub const ATTEMPTS_PER_ROUND: u32 = 256;

/// The index of an attempt of a round (both from 0); attempts beyond 255 share the last index.
pub const fn attempt_index(round: u32, attempt: u32) -> u32 {
    let attempt = if attempt < ATTEMPTS_PER_ROUND { attempt } else { ATTEMPTS_PER_ROUND - 1 };
    round * ATTEMPTS_PER_ROUND + attempt
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{Rng, SeedableRng};
    use rand_chacha::ChaCha8Rng;

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
    fn kept_blocks_are_those_of_the_tenant_at_hand() {
        let fresh = |tenant: u32, server| draws(1, 0, tenant).word(server, Purpose::Build, 0);
        let mut turned = draws(1, 0, 0);
        for tenant in [5, 6, 5] {
            turned.turn_to(TenantId::new(7, tenant));
            // Far more blocks than are kept, twice, so that most are pushed out in between.
            for server in (0..300).chain(0..300) {
                assert_eq!(turned.word(server, Purpose::Build, 0), fresh(tenant, server), "{tenant}, {server}");
            }
        }
    }

    #[test]
    fn what_is_prepared_are_the_words_of_each_tenant() {
        let source = DrawSource::new(1, 0);
        let mut draws = source.tenant(TenantId::new(7, 0));
        for numbers in [0..1, 5..5 + BATCH as u32, 900..917] {
            draws.prepare(7, numbers.clone());
            draws.prepare_servers(numbers.clone().map(|number| 1 + number % 3));
            if numbers.start == 5 {
                let kept = draws.prepared();
                draws.prepare(7, 70..80);
                draws.take_up(&kept);
            }
            // Beyond those prepared, too.
            for number in numbers.start..numbers.end + 2 {
                draws.turn_to(TenantId::new(7, number));
                let mut alone = source.tenant(TenantId::new(7, number));
                for (server, index) in [(0, 0), (1, 0), (2, 0), (3, 0), (0, 256), (1, 3)] {
                    for purpose in Purpose::ALL {
                        let word = draws.word(server, purpose, index);
                        assert_eq!(word, alone.word(server, purpose, index), "{number}: {server} {purpose:?} {index}");
                    }
                }
            }
        }
        // Whether the batch before read a block or not.
        for (reads, numbers) in [(true, 0..64), (true, 64..128), (false, 128..192), (true, 192..200), (true, 200..264)]
        {
            draws.prepare(7, numbers.clone());
            draws.prepare_servers(numbers.clone().map(|number| 1 + number % 3));
            for number in numbers.filter(|_| reads) {
                draws.turn_to(TenantId::new(7, number));
                let mut alone = source.tenant(TenantId::new(7, number));
                for server in 0..4 {
                    let word = draws.word(server, Purpose::Detection, 1);
                    assert_eq!(word, alone.word(server, Purpose::Detection, 1), "{number}: {server}");
                }
            }
        }
        draws.turn_to(TenantId::new(8, 900));
        let mut other = source.tenant(TenantId::new(8, 900));
        assert_eq!(
            draws.word(0, Purpose::Build, 0),
            other.word(0, Purpose::Build, 0),
            "another group was not prepared"
        );
    }

    #[test]
    fn deviates_that_are_made_ahead_are_those_that_are_made_when_asked_for() {
        let source = DrawSource::new(1, 0);
        let mut draws = source.tenant(TenantId::new(7, 0));
        let check = |draws: &mut TenantDraws| {
            for (number, server, index) in
                [(5, 0, 0), (6, 0, 0), (6, 1, 0), (6, 2, 0), (6, 5, 0), (6, 0, 256), (90, 0, 0)]
            {
                draws.turn_to(TenantId::new(7, number));
                let mut alone = source.tenant(TenantId::new(7, number));
                for purpose in [Purpose::PatchThreshold, Purpose::UpgradeThreshold, Purpose::LeaveThreshold] {
                    let expected = exponential(alone.unit(server, purpose, index));
                    assert_eq!(draws.exponential(server, purpose, index), expected, "{number}: {server} {purpose:?}");
                }
                let lead = normal_quantile(alone.unit(server, Purpose::LeadTime, index));
                assert_eq!(draws.normal(server, Purpose::LeadTime, index), lead, "{number}: {server}");
            }
        };
        draws.prepare(7, 5..69);
        draws.prepare_servers((5..69).map(|number| 1 + number % 4));
        check(&mut draws);
        let purposes = [Purpose::PatchThreshold, Purpose::LeadTime, Purpose::LeaveThreshold];
        purposes.into_iter().for_each(|purpose| draws.prepare_deviates(purpose));
        check(&mut draws);
        let kept = draws.prepared();
        draws.prepare(7, 69..80);
        check(&mut draws);
        draws.take_up(&kept);
        (0..2).for_each(|_| check(&mut draws));
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
    fn a_line_is_the_key_stream_at_its_position() {
        let mut tenant = draws(42, 3, 11);
        let expected = {
            let mut material = [0u8; 12];
            material[..8].copy_from_slice(&42u64.to_le_bytes());
            material[8..].copy_from_slice(&3u32.to_le_bytes());
            let key = blake3::derive_key("brownout 2026 draws: seed, replication", &material);
            let mut rng = ChaCha8Rng::from_seed(key);
            rng.set_stream(TenantId::new(7, 11).stream());
            rng.set_word_pos((2u128 << 32 | 7) * 64 + 2 * Purpose::Gap as u128);
            rng.next_u64()
        };
        assert_eq!(tenant.word(2, Purpose::Gap, 7), expected);
    }
}
