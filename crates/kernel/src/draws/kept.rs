//! Blocks that are made ahead for many tenants, and blocks that are kept of the tenant at hand.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use super::chacha::{Address, Block, WIDTH, Wide, block};
use super::lanes::{self, Column};
use super::{LINE_BLOCKS, Purpose, TenantId, unit};

/// Tenants that can be prepared together: as many as blocks are made side by side.
pub const BATCH: usize = WIDTH;

/// ChaCha8.
const DOUBLE_ROUNDS: usize = 4;

/// Blocks kept of a tenant beyond those made ahead, a power of two: more than the lives of a usual tenant read.
const KEPT: usize = 128;

/// The blocks of a tenant's first line that a tenant of one server usually reads: what is drawn of a server, and of a tenant.
const AHEAD: [u64; 2] = [0, 2];

/// A block that some worlds read of most tenants and others of none: of the second line of a tenant's first server, where the
/// detections of a baseline that was raised once stand. It is made ahead for a batch if this share of the batch before read it: below,
/// making those blocks one by one costs less than making all of them side by side.
const SECOND: u64 = counter_of(0, 1, 0);
const OFTEN: f64 = 0.4;

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
    /// Prepared tenants that read the block at [`SECOND`], and the last of them.
    second_readers: usize,
    last_reader: usize,
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
    /// For each of [`AHEAD`] the block of every tenant.
    first: [Wide; AHEAD.len()],
    /// The block at [`SECOND`] of every tenant, if it was made.
    second: Wide,
    has_second: bool,
    /// The first blocks of the further servers, tenant by tenant, and where those of each tenant begin.
    further: Vec<Wide>,
    begins: Vec<u32>,
    /// Unit-exponential numbers of each of [`THRESHOLDS`] that was wanted: by block of `first` and `further`, as they stand there.
    thresholds: [Vec<Column>; THRESHOLDS.end - THRESHOLDS.start],
    deviates: Deviates,
}

/// The purposes whose unit-exponential numbers are made ahead, in the block of what is drawn of a server.
const THRESHOLDS: Range<usize> = Purpose::PatchThreshold as usize..Purpose::LeaveThreshold as usize + 1;

/// Normal deviates of lead times in the first lines of prepared servers, each worked out when somebody first asks: by server, those of
/// a tenant's first server first. Empty where they are not kept.
#[derive(Debug, Default)]
struct Deviates(Vec<AtomicU64>);

impl Clone for Deviates {
    /// Nothing is kept yet; whoever asks works it out again, to the same bits.
    fn clone(&self) -> Self {
        Deviates::default()
    }
}

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
        let (in_batch, last_reader) = (usize::MAX, usize::MAX);
        Blocks { key, tenant, ahead, in_batch, kept, seat: 1, made: 0, second_readers: 0, last_reader }
    }

    pub(super) fn made(&self) -> u64 {
        self.made
    }

    pub(super) fn prepare(&mut self, group_key: u32, numbers: Range<u32>) {
        assert!(numbers.len() <= BATCH, "at most {BATCH} tenants are prepared at once");
        let ahead = own(&mut self.ahead);
        let Ahead { first, second, has_second, numbers: before, .. } = &mut *ahead;
        *has_second = self.second_readers > 0 && self.second_readers as f64 >= OFTEN * before.len() as f64;
        (self.second_readers, self.last_reader) = (0, usize::MAX);
        let second = has_second.then_some((second, SECOND));
        for (wide, counter) in first.iter_mut().zip(AHEAD).chain(second) {
            let stream = |number| TenantId::new(group_key, number).stream();
            let addresses = numbers.clone().map(|number| Address { counter, stream: stream(number) });
            wide.make::<DOUBLE_ROUNDS>(&self.key, addresses);
            self.made += numbers.len() as u64;
        }
        ahead.thresholds.iter_mut().for_each(Vec::clear);
        ahead.deviates.0.clear();
        ahead.begins.clear();
        ahead.begins.resize(numbers.len() + 1, 0);
        (ahead.group_key, ahead.numbers) = (group_key, numbers);
        self.in_batch = usize::MAX;
    }

    pub(super) fn prepare_servers(&mut self, servers: impl Iterator<Item = u32>) {
        let Ahead { group_key, numbers, further, begins, thresholds, .. } = Arc::make_mut(&mut self.ahead);
        let mut addresses = Vec::with_capacity(BATCH);
        for ((index, number), servers) in numbers.clone().enumerate().zip(servers) {
            let stream = TenantId::new(*group_key, number).stream();
            addresses.extend((1..servers).map(|server| Address { counter: counter_of(server, 0, 0), stream }));
            begins[index + 1] = addresses.len() as u32;
        }
        thresholds.iter_mut().for_each(|made| made.truncate(1));
        further.resize(addresses.len().div_ceil(WIDTH), Wide::EMPTY);
        for (wide, addresses) in further.iter_mut().zip(addresses.chunks(WIDTH)) {
            wide.make::<DOUBLE_ROUNDS>(&self.key, addresses.iter().copied());
        }
        self.made += addresses.len() as u64;
    }

    /// Makes the unit-exponential numbers of a purpose for all prepared servers, if they are not made yet.
    pub(super) fn prepare_thresholds(&mut self, purpose: usize) {
        let Ahead { first, further, begins, thresholds, .. } = Arc::make_mut(&mut self.ahead);
        let Some(made) = thresholds.get_mut(purpose.wrapping_sub(THRESHOLDS.start)) else { return };
        let blocks = (begins.last().map_or(0, |&servers| servers as usize)).div_ceil(WIDTH);
        for wide in std::iter::once(&first[0]).chain(&further[..blocks]).skip(made.len()) {
            let mut column = [0.0; WIDTH];
            wide.each_word(0, purpose, &mut column, unit);
            lanes::exponentials(&mut column);
            made.push(column);
        }
    }

    /// The unit-exponential number of a purpose in the first line of a server of the tenant at hand, if it was made ahead.
    #[inline]
    pub(super) fn threshold(&self, server: u32, purpose: usize) -> Option<f64> {
        let made = self.ahead.thresholds.get(purpose.wrapping_sub(THRESHOLDS.start))?;
        let index = self.ahead.index(self.in_batch, server)?;
        Some(made.get(index / WIDTH)?[index % WIDTH])
    }

    pub(super) fn prepared(&self) -> Prepared {
        Prepared { key: self.key, ahead: self.ahead.clone() }
    }

    /// From now on keeps deviates of the prepared servers, for whoever takes them up again.
    pub(super) fn keep_deviates(&mut self) {
        let ahead = Arc::make_mut(&mut self.ahead);
        let servers = BATCH + ahead.begins.last().map_or(0, |&further| further as usize);
        ahead.deviates.0.resize_with(servers, Default::default);
    }

    /// The deviate of a server's lead time, if it is kept; `None` also for a server that was not prepared.
    #[inline]
    pub(super) fn deviate(&self, server: u32) -> Option<&AtomicU64> {
        let deviates = &self.ahead.deviates.0;
        if deviates.is_empty() { None } else { deviates.get(self.ahead.index(self.in_batch, server)?) }
    }

    pub(super) fn take_up(&mut self, prepared: &Prepared) {
        assert_eq!(prepared.key, self.key, "what is taken up was prepared of the same draws");
        self.ahead = prepared.ahead.clone();
        (self.second_readers, self.last_reader) = (0, usize::MAX);
        self.in_batch = usize::MAX;
    }

    #[inline]
    pub(super) fn turn_to(&mut self, tenant: TenantId) {
        self.in_batch = self.ahead.place(tenant).unwrap_or(usize::MAX);
        // Blocks of the tenant at hand stay what they are.
        self.seat += u64::from(tenant != self.tenant);
        self.tenant = tenant;
    }

    /// Where block `block` of the first line of some tenants' first servers stands, if it was made ahead: with the place of the first.
    pub(super) fn side_by_side(&self, first: TenantId, count: usize, block: usize) -> Option<(&Wide, usize)> {
        let place = self.ahead.place(first).filter(|place| count <= self.ahead.numbers.len() - place)?;
        let list = AHEAD.iter().position(|&ahead| ahead == block as u64)?;
        Some((&self.ahead.first[list], place))
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
        let counter = counter_of(server, index, block);
        if counter == SECOND && self.in_batch < BATCH {
            return self.second(word);
        }
        self.keep(counter)[word]
    }

    /// A word of the block at [`SECOND`] of a prepared tenant.
    #[inline(never)]
    fn second(&mut self, word: usize) -> u64 {
        if self.last_reader != self.in_batch {
            self.last_reader = self.in_batch;
            self.second_readers += 1;
        }
        if self.ahead.has_second { self.ahead.second.word(self.in_batch, word) } else { self.keep(SECOND)[word] }
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

impl Ahead {
    fn none() -> Self {
        let (first, second) = ([Wide::EMPTY; AHEAD.len()], Wide::EMPTY);
        Ahead {
            group_key: 0,
            numbers: 0..0,
            first,
            second,
            has_second: false,
            further: Vec::new(),
            begins: Vec::new(),
            thresholds: Default::default(),
            deviates: Deviates::default(),
        }
    }

    /// The index of a tenant among those prepared.
    #[inline(always)]
    fn place(&self, tenant: TenantId) -> Option<usize> {
        let (group, number) = ((tenant.stream() >> 32) as u32, tenant.stream() as u32);
        let ready = group == self.group_key && self.numbers.contains(&number);
        ready.then(|| (number - self.numbers.start) as usize)
    }

    /// Where a block of the first line of a prepared tenant's server stands, if it was made ahead.
    #[inline(always)]
    fn find(&self, tenant: usize, server: u32, block: usize) -> Option<(&Wide, usize)> {
        if tenant >= BATCH {
            return None;
        }
        if server == 0 {
            let list = AHEAD.iter().position(|&ahead| ahead == block as u64)?;
            return Some((&self.first[list], tenant));
        }
        let index = self.further_index(tenant, server).filter(|_| block == 0)?;
        Some((&self.further[index / WIDTH], index % WIDTH))
    }

    /// The index of a prepared server where all first servers stand before all further ones.
    #[inline(always)]
    fn index(&self, tenant: usize, server: u32) -> Option<usize> {
        if tenant >= BATCH {
            return None;
        }
        if server == 0 { Some(tenant) } else { self.further_index(tenant, server).map(|index| BATCH + index) }
    }

    /// The index of a prepared server among the further ones.
    #[inline(always)]
    fn further_index(&self, tenant: usize, server: u32) -> Option<usize> {
        let (begin, end) = (self.begins[tenant], self.begins[tenant + 1]);
        let index = (begin + server - 1) as usize;
        (index < end as usize).then_some(index)
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
