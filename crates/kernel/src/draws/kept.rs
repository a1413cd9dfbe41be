//! Blocks that are made ahead for many tenants, and blocks that are kept of the tenant at hand.

use std::ops::Range;
use std::sync::Arc;

use super::chacha::{Address, BLOCK_WORDS, Block, WIDTH, Wide, block};
use super::lanes;
use super::{ATTEMPTS_PER_ROUND, LINE_BLOCKS, Purpose, TenantId};

/// Tenants that can be prepared together: as many as blocks are made side by side.
pub const BATCH: usize = WIDTH;

/// ChaCha8.
const DOUBLE_ROUNDS: usize = 4;

/// Blocks kept of a tenant beyond those made ahead, a power of two: more than the lives of a usual tenant read.
const KEPT: usize = 128;

/// The blocks of a line in which what is drawn of a server stands, and what is drawn of a tenant, which uses its first server's line.
const OF_SERVER: usize = Purpose::Build as usize / BLOCK_WORDS;
const OF_TENANT: usize = Purpose::ServerCount as usize / BLOCK_WORDS;

/// Lines of a server, after its first, that some worlds read of most tenants and others of none: the one where the detections of a
/// baseline that was raised once stand, and that of the round after the first. What is drawn of a server is made ahead there for a
/// batch if this share of the tenants of the batch before read it: below, making those blocks one by one costs less than making all of
/// them side by side.
const LATER: [u32; 2] = [1, ATTEMPTS_PER_ROUND];
const OFTEN: f64 = 0.25;

/// Makes blocks and keeps them.
#[derive(Clone, Debug)]
pub(super) struct Blocks {
    key: [u32; 8],
    tenant: TenantId,
    ahead: Arc<Ahead>,
    /// Index of the tenant at hand among those prepared; beyond a batch if it is not.
    in_batch: usize,
    kept: Vec<Kept>,
    /// Counts tenants, to tell their blocks apart; 0 is nobody.
    seat: u64,
    made: u64,
    /// By line of [`LATER`].
    readers: [Readers; LATER.len()],
}

/// Those who read a line.
#[derive(Clone, Copy, Debug)]
struct Readers {
    /// Prepared tenants.
    count: usize,
    /// The index of the newest among them.
    newest: usize,
}

impl Readers {
    const NONE: Readers = Readers { count: 0, newest: usize::MAX };
}

/// What was made ready for a batch of tenants, for whoever reads the same draws again.
#[derive(Clone, Debug)]
pub struct Prepared {
    key: [u32; 8],
    ahead: Arc<Ahead>,
}

/// Blocks of prepared tenants.
#[derive(Clone, Debug)]
struct Ahead {
    /// The group and the numbers of the tenants prepared.
    group_key: u32,
    numbers: Range<u32>,
    /// What is drawn of every tenant.
    of_tenants: Wide,
    /// What is drawn of servers: of the first one of every tenant, then of the further ones, tenant by tenant. There may be more of
    /// them than were made for this batch.
    of_servers: Vec<Wide>,
    /// The same at each line of [`LATER`], if it was made for this batch.
    later: [Later; LATER.len()],
    /// Where the further servers of each tenant begin, counted from the first of them.
    begins: Vec<u32>,
    /// Deviates of each of [`DEVIATES`] that was wanted, in the order of servers.
    deviates: [Vec<f64>; DEVIATES.end - DEVIATES.start],
}

/// What is drawn of servers at a later line.
#[derive(Clone, Debug, Default)]
struct Later {
    is_made: bool,
    blocks: Vec<Wide>,
}

/// The purposes whose deviates are made ahead: unit-exponential thresholds, and normal ones of lead times.
const DEVIATES: Range<usize> = Purpose::PatchThreshold as usize..Purpose::LeadTime as usize + 1;

/// A block of the tenant at hand.
#[derive(Clone, Debug)]
struct Kept {
    seat: u64,
    counter: u64,
    words: Block,
}

impl Blocks {
    pub(super) fn new(key: [u32; 8]) -> Self {
        let kept = vec![Kept { seat: 0, counter: 0, words: [0; 8] }; KEPT];
        let (tenant, ahead) = (TenantId::new(0, 0), Arc::new(Ahead::none()));
        let (in_batch, readers) = (usize::MAX, [Readers::NONE; LATER.len()]);
        Blocks { key, tenant, ahead, in_batch, kept, seat: 1, made: 0, readers }
    }

    pub(super) fn made(&self) -> u64 {
        self.made
    }

    pub(super) fn prepare(&mut self, group_key: u32, numbers: Range<u32>) {
        assert!(numbers.len() <= BATCH, "at most {BATCH} tenants are prepared at once");
        let ahead = own(&mut self.ahead);
        let Ahead { of_tenants, of_servers, later, numbers: before, .. } = &mut *ahead;
        for (later, readers) in later.iter_mut().zip(&mut self.readers) {
            let readers = std::mem::replace(readers, Readers::NONE).count;
            later.is_made = readers > 0 && readers as f64 >= OFTEN * before.len() as f64;
        }
        let later = later.iter_mut().zip(LATER).filter(|(later, _)| later.is_made);
        let later =
            later.map(|(later, line)| (&mut make_room(&mut later.blocks, 1)[0], counter_of(0, line, OF_SERVER)));
        let of_servers = (&mut make_room(of_servers, 1)[0], counter_of(0, 0, OF_SERVER));
        let of_tenants = (of_tenants, counter_of(0, 0, OF_TENANT));
        let stream = TenantId::new(group_key, numbers.start).stream();
        for (wide, counter) in [of_tenants, of_servers].into_iter().chain(later) {
            wide.make_of_each::<DOUBLE_ROUNDS>(&self.key, Address { counter, stream }, numbers.len());
            self.made += numbers.len() as u64;
        }
        ahead.deviates.iter_mut().for_each(Vec::clear);
        ahead.begins.clear();
        ahead.begins.resize(numbers.len() + 1, 0);
        (ahead.group_key, ahead.numbers) = (group_key, numbers);
        self.in_batch = usize::MAX;
    }

    pub(super) fn prepare_servers(&mut self, servers: impl Iterator<Item = u32>) {
        let ahead = Arc::make_mut(&mut self.ahead);
        let Ahead { group_key, numbers, of_servers, later, begins, deviates, .. } = ahead;
        let mut owned = Vec::with_capacity(BATCH);
        for ((index, number), servers) in numbers.clone().enumerate().zip(servers) {
            let stream = TenantId::new(*group_key, number).stream();
            owned.extend((1..servers).map(|server| (server, stream)));
            begins[index + 1] = owned.len() as u32;
        }
        deviates.iter_mut().for_each(|made| made.truncate(BATCH));
        let later = later.iter_mut().zip(LATER).filter(|(later, _)| later.is_made);
        for (list, line) in [(of_servers, 0)].into_iter().chain(later.map(|(later, line)| (&mut later.blocks, line))) {
            let list = make_room(list, 1 + owned.len().div_ceil(WIDTH));
            for (wide, owned) in list[1..].iter_mut().zip(owned.chunks(WIDTH)) {
                let address = |&(server, stream)| Address { counter: counter_of(server, line, OF_SERVER), stream };
                wide.make::<DOUBLE_ROUNDS>(&self.key, owned.iter().map(address));
            }
            self.made += owned.len() as u64;
        }
    }

    /// Makes the deviates of a purpose for all prepared servers, if they are not made yet.
    pub(super) fn prepare_deviates(&mut self, purpose: usize) {
        let Ahead { of_servers, begins, deviates, .. } = Arc::make_mut(&mut self.ahead);
        let Some(made) = deviates.get_mut(purpose.wrapping_sub(DEVIATES.start)) else { return };
        let before = made.len();
        made.resize(BATCH + begins.last().map_or(0, |&further| further as usize), 0.0);
        for (units, wide) in made.chunks_mut(WIDTH).zip(of_servers).skip(before.div_ceil(WIDTH)) {
            wide.units(0, purpose, units);
            if purpose == Purpose::LeadTime as usize {
                lanes::normal_quantiles(units);
            } else {
                lanes::exponentials(units);
            }
        }
    }

    /// The deviate of a purpose in the first line of a server of the tenant at hand, if it was made ahead.
    #[inline]
    pub(super) fn deviate(&self, server: u32, purpose: usize) -> Option<f64> {
        let made = self.ahead.deviates.get(purpose.wrapping_sub(DEVIATES.start))?;
        let index = self.ahead.index(self.in_batch, server)?;
        made.get(index).copied()
    }

    pub(super) fn prepared(&self) -> Prepared {
        Prepared { key: self.key, ahead: self.ahead.clone() }
    }

    pub(super) fn take_up(&mut self, prepared: &Prepared) {
        assert_eq!(prepared.key, self.key, "what is taken up was prepared of the same draws");
        self.ahead = prepared.ahead.clone();
        self.readers = [Readers::NONE; LATER.len()];
        self.in_batch = usize::MAX;
    }

    #[inline]
    pub(super) fn turn_to(&mut self, tenant: TenantId) {
        self.turn_to_place(tenant, self.ahead.place(tenant).unwrap_or(usize::MAX));
    }

    /// The same where it is known at which place among those prepared the tenant stands.
    #[inline(always)]
    pub(super) fn turn_to_place(&mut self, tenant: TenantId, place: usize) {
        self.in_batch = place;
        // Blocks of the tenant at hand stay what they are.
        self.seat += u64::from(tenant != self.tenant);
        self.tenant = tenant;
    }

    /// The place of the first of some tenants among those prepared, if all of them were prepared.
    pub(super) fn place_of_all(&self, first: TenantId, count: usize) -> Option<usize> {
        self.ahead.place(first).filter(|place| count <= self.ahead.numbers.len() - place)
    }

    /// Where block `block` of the first line of some tenants' first servers stands, if it was made ahead: with the place of the first.
    pub(super) fn side_by_side(&self, first: TenantId, count: usize, block: usize) -> Option<(&Wide, usize)> {
        let place = self.place_of_all(first, count)?;
        Some((self.ahead.find(place, 0, block)?.0, place))
    }

    /// Where block `block` of the first line of a tenant's server stands, if it was made ahead.
    #[inline]
    pub(super) fn find(&self, tenant: TenantId, server: u32, block: usize) -> Option<(&Wide, usize)> {
        self.ahead.find(self.ahead.place(tenant)?, server, block)
    }

    /// A word of block `block` of the line of a server and an index.
    #[inline(always)]
    pub(super) fn word(&mut self, server: u32, index: u32, block: usize, word: usize) -> u64 {
        if index == 0
            && let Some((wide, lane)) = self.ahead.find(self.in_batch, server, block)
        {
            return wide.word(lane, word);
        }
        if block == OF_SERVER && self.in_batch < BATCH {
            return self.later(server, index, word);
        }
        self.keep(counter_of(server, index, block))[word]
    }

    /// A word of what is drawn of a server of a prepared tenant at a later line.
    #[inline(never)]
    fn later(&mut self, server: u32, index: u32, word: usize) -> u64 {
        if let Some(later) = LATER.iter().position(|&line| line == index) {
            let readers = &mut self.readers[later];
            if readers.newest != self.in_batch {
                *readers = Readers { count: readers.count + 1, newest: self.in_batch };
            }
            let Later { is_made, blocks } = &self.ahead.later[later];
            let made = if *is_made { self.ahead.find_in(blocks, self.in_batch, server) } else { None };
            if let Some((wide, lane)) = made {
                return wide.word(lane, word);
            }
        }
        self.keep(counter_of(server, index, OF_SERVER))[word]
    }

    /// A block that was not made ahead.
    #[inline(never)]
    fn keep(&mut self, counter: u64) -> &Block {
        let slot = slot_of(counter);
        if self.kept[slot].counter != counter || self.kept[slot].seat != self.seat {
            let words = block::<DOUBLE_ROUNDS>(&self.key, Address { counter, stream: self.tenant.stream() });
            self.kept[slot] = Kept { seat: self.seat, counter, words };
            self.made += 1;
        }
        &self.kept[slot].words
    }
}

/// Memory for the next batch: the former one's, unless somebody keeps what it holds.
fn own(ahead: &mut Arc<Ahead>) -> &mut Ahead {
    if Arc::strong_count(ahead) > 1 {
        *ahead = Arc::new(Ahead { group_key: ahead.group_key, numbers: ahead.numbers.clone(), ..Ahead::none() });
    }
    Arc::make_mut(ahead)
}

/// Memory for so many blocks of each of a batch, of which those that are there stay.
fn make_room(list: &mut Vec<Wide>, count: usize) -> &mut [Wide] {
    if list.len() < count {
        list.resize(count, Wide::EMPTY);
    }
    list
}

impl Ahead {
    fn none() -> Self {
        Ahead {
            group_key: 0,
            numbers: 0..0,
            of_tenants: Wide::EMPTY,
            of_servers: Vec::new(),
            later: Default::default(),
            begins: Vec::new(),
            deviates: Default::default(),
        }
    }

    /// The index of a tenant among those prepared.
    #[inline(always)]
    fn place(&self, tenant: TenantId) -> Option<usize> {
        let number = tenant.stream() as u32;
        let ready = tenant.group_key() == self.group_key && self.numbers.contains(&number);
        ready.then(|| (number - self.numbers.start) as usize)
    }

    /// Where a block of the first line of a prepared tenant's server stands, if it was made ahead.
    #[inline(always)]
    fn find(&self, tenant: usize, server: u32, block: usize) -> Option<(&Wide, usize)> {
        match block {
            OF_SERVER => self.find_in(&self.of_servers, tenant, server),
            OF_TENANT if server == 0 && tenant < BATCH => Some((&self.of_tenants, tenant)),
            _ => None,
        }
    }

    /// Where the block of a prepared tenant's server stands in a list of all prepared servers, if it is there.
    #[inline(always)]
    fn find_in<'w>(&self, list: &'w [Wide], tenant: usize, server: u32) -> Option<(&'w Wide, usize)> {
        let index = self.index(tenant, server)?;
        Some((list.get(index / WIDTH)?, index % WIDTH))
    }

    /// The index of a prepared server where all first servers stand before all further ones.
    #[inline(always)]
    fn index(&self, tenant: usize, server: u32) -> Option<usize> {
        if tenant >= BATCH {
            return None;
        }
        if server == 0 {
            return Some(tenant);
        }
        let (begin, end) = (self.begins[tenant], self.begins[tenant + 1]);
        let index = (begin + server - 1) as usize;
        (index < end as usize).then_some(BATCH + index)
    }
}

/// The number of a block in its tenant's stream, which goes round for servers beyond a thousand million.
#[inline]
const fn counter_of(server: u32, index: u32, block: usize) -> u64 {
    ((server as u64) << 32 | index as u64).wrapping_mul(LINE_BLOCKS).wrapping_add(block as u64)
}

/// Where a block is kept. Multiplication by the golden ratio spreads servers and indices alike (Knuth, *The Art of Computer
/// Programming* 3, section 6.4).
#[inline]
const fn slot_of(counter: u64) -> usize {
    (counter.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (u64::BITS - KEPT.ilog2())) as usize
}
