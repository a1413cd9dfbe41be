//! The floor that the kernel's time is held against: its random numbers alone.

use brownout::draws::{BATCH, DrawSource, Purpose, TenantId, unit};
use brownout::sim::{Life, Rules, TallyObserver};
use brownout::study::Study;
use brownout::tally::Tally;
use brownout::world::group::GroupSampler;
use brownout::world::{Tenant, make_tenant};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Words the generator makes at an address.
const WORDS_IN_BLOCK: u64 = 8;

/// What one replication of one scenario asks of the generator and of the mathematics library.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Demand {
    pub(crate) lives: u64,
    /// Words that decide something.
    pub(crate) words: u64,
    /// Words the generator makes, as it makes whole blocks.
    pub(crate) words_made: u64,
    pub(crate) logs: u64,
    pub(crate) exps: u64,
}

/// Lives replication 0 of the first scenario and counts what is drawn.
pub(crate) fn demand(study: &Study) -> Demand {
    let scenario = &study.scenarios()[0];
    let rules = Rules::new(&scenario.policy, &scenario.world, study.start(), study.horizon());
    let mut tally = Tally::new(rules.shape());
    let mut draws = DrawSource::new(study.seed(), 0).tenant(TenantId::new(0, 0));
    let (mut life, mut tenant) = (Life::default(), Tenant::default());
    let mut lives = 0;
    for (place, group) in scenario.world.groups().iter().enumerate() {
        let sampler = GroupSampler::new(group, place);
        for number in 0..group.count() {
            draws.turn_to(TenantId::new(group.key(), number));
            make_tenant(&sampler, number, &mut draws, &mut tenant);
            life.live(&rules, &tenant, &mut draws, &mut TallyObserver::new(&mut tally, &rules, place));
            lives += tenant.servers.len() as u64;
        }
    }
    let sum = |purposes: &[Purpose]| purposes.iter().map(|&purpose| draws.reads(purpose)).sum::<u64>();
    let thresholds = sum(&[Purpose::PatchThreshold, Purpose::UpgradeThreshold, Purpose::LeaveThreshold]);
    // All spreads of this world are lognormal: an exponential each, and a logarithm in the tails, 0.15 of the numbers.
    let lognormal =
        sum(&[Purpose::Diligence, Purpose::MailVolume, Purpose::Gap, Purpose::LeadTime, Purpose::RetryDelay]);
    Demand {
        lives,
        words: sum(&Purpose::ALL),
        words_made: WORDS_IN_BLOCK * draws.blocks_made(),
        logs: thresholds + lognormal * 15 / 100,
        exps: lognormal,
    }
}

/// The least that a kernel must do: draw the words that decide something, one after the other, and take as many logarithms
/// and exponentials.
#[inline(never)]
pub(crate) fn floor(demand: &Demand) -> f64 {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let mut units = [0.0; 1024];
    for i in 0..demand.words as usize {
        units[i % 1024] = unit(rng.next_u64());
    }
    functions(demand, &units)
}

/// The least that a kernel must do whose words have addresses: make as many blocks of words as the lives need, each at its
/// place, many side by side, read as many words of them, and take as many logarithms and exponentials.
#[inline(never)]
pub(crate) fn addressed_floor(demand: &Demand) -> f64 {
    let mut draws = DrawSource::new(1, 0).tenant(TenantId::new(0, 0));
    // Two blocks are made ahead of every tenant.
    let tenants = demand.words_made / WORDS_IN_BLOCK / 2;
    let mut units = [0.0; 1024];
    let mut read = 0;
    for tenant in 0..tenants {
        if tenant % BATCH as u64 == 0 {
            draws.prepare(0, tenant as u32..tenant as u32 + BATCH as u32);
        }
        draws.turn_to(TenantId::new(0, tenant as u32));
        // As evenly over the tenants as whole words can be.
        while read < demand.words * (tenant + 1) / tenants {
            let purpose = AHEAD[read as usize % AHEAD.len()];
            units[read as usize % 1024] = draws.unit(0, purpose, 0);
            read += 1;
        }
    }
    functions(demand, &units)
}

/// Purposes whose words are made ahead.
const AHEAD: [Purpose; 12] = [
    Purpose::Build,
    Purpose::MailVolume,
    Purpose::Detection,
    Purpose::PatchThreshold,
    Purpose::UpgradeThreshold,
    Purpose::LeaveThreshold,
    Purpose::LeadTime,
    Purpose::ServerCount,
    Purpose::Diligence,
    Purpose::NeverActs,
    Purpose::PauseBehaviour,
    Purpose::Gap,
];

fn functions(demand: &Demand, units: &[f64; 1024]) -> f64 {
    let logs: f64 = (0..demand.logs as usize).map(|i| libm::log(units[i % 1024])).sum();
    let exps: f64 = (0..demand.exps as usize).map(|i| libm::exp(units[i % 1024])).sum();
    logs + exps
}
