//! Groups of like tenants, and the tenants drawn from them.
//!
//! - `edit`: how a group is made and changed, and what is refused;
//! - `servers`: the servers of its tenants, named or drawn.

mod edit;
mod servers;

pub use edit::GroupEdit;
pub use servers::{BuildShare, ListedServer, ServerMix};

use std::ops::Range;

use super::{Behaviour, Diligence, Failure, Openings, PerRoute, Planned, RouteRules};
use crate::catalog::{Build, ProductId};
use crate::draws::{BATCH, Purpose, Spread, TenantDraws, TenantId, normal_quantile, pick};
use crate::mail::RetrySchedule;
use crate::time::{SimDuration, SimTime};

/// A group of tenants that differ only by their draws.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    pub(crate) name: String,
    pub(crate) key: u32,
    pub(crate) count: u32,
    pub(crate) servers: ServerMix,
    pub(crate) esu_share: f64,
    pub(crate) diligence: Diligence,
    pub(crate) routes: PerRoute<Option<RouteRules>>,
    pub(crate) openings: Openings,
    pub(crate) failure: Failure,
    pub(crate) gap: Spread,
    pub(crate) behaviours: Vec<Behaviour>,
    pub(crate) volume: Spread,
    pub(crate) retry: RetrySchedule,
}

/// One tenant of a world.
#[derive(Clone, Debug, Default)]
pub struct Tenant {
    /// Index of its group in the world.
    pub group: usize,
    /// Its number in the group.
    pub number: u32,
    /// Its servers.
    pub servers: Vec<Server>,
    /// Multiplier of all base rates.
    pub diligence: f64,
    /// Whether it holds extended security updates.
    pub esu: bool,
    /// Index of its behaviour in the group's mix.
    pub behaviour: usize,
    /// Least time between two of its servers.
    pub gap: SimDuration,
    /// Freezes it observes (bit i: freeze i).
    pub freezes: u32,
    /// While the tenant is made: how much mail each server may send, and the deviate drawn for it.
    volumes: Vec<(Spread, f64)>,
}

impl Tenant {
    /// Whether this is the same tenant in every respect but its diligence and, where it does `any_volume`, how much mail its servers send.
    pub fn is_like(&self, other: &Tenant, any_volume: bool) -> bool {
        // What was only needed while it was made is no part of it.
        let Tenant { group, number, servers, diligence: _, esu, behaviour, gap, freezes, volumes: _ } = self;
        let are_like =
            |(a, b): (&Server, &Server)| *a == if any_volume { Server { volume: a.volume, ..*b } } else { *b };
        (*group, *number, *esu, *behaviour, *freezes)
            == (other.group, other.number, other.esu, other.behaviour, other.freezes)
            && *gap == other.gap
            && servers.len() == other.servers.len()
            && servers.iter().zip(&other.servers).all(are_like)
    }
}

/// One server as the study finds it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Server {
    /// Product at the start.
    pub product: ProductId,
    /// Build at the start.
    pub build: Build,
    /// Milli-messages a day.
    pub volume: u64,
    /// First detection, if the study says it.
    pub first_detected: Option<SimTime>,
    /// A remediation whose date is set.
    pub planned: Option<Planned>,
}

/// Most messages a day a server can have, in milli-messages: beyond it a draw is cut.
const VOLUME_MAX: f64 = 1e15;

fn milli_messages(per_day: f64) -> u64 {
    libm::round(per_day * 1000.0).clamp(0.0, VOLUME_MAX) as u64
}

/// Cumulative shares, scaled to end at 1.
pub(crate) fn cumulative(shares: impl Iterator<Item = f64> + Clone) -> Vec<f64> {
    let total: f64 = shares.clone().sum();
    let mut sum = 0.0;
    shares
        .map(|share| {
            sum += share;
            sum / total
        })
        .collect()
}

/// A group with what every tenant needs worked out once.
#[derive(Clone, Debug)]
pub struct GroupSampler<'a> {
    group: &'a Group,
    index: usize,
    counts: Vec<f64>,
    builds: Vec<f64>,
    behaviours: Vec<f64>,
}

impl<'a> GroupSampler<'a> {
    /// Prepares the group at `index` of its world.
    pub fn new(group: &'a Group, index: usize) -> Self {
        let (counts, builds) = match &group.servers {
            ServerMix::Drawn { per_tenant, builds } => {
                (cumulative(per_tenant.iter().copied()), cumulative(builds.iter().map(|b| b.share)))
            }
            ServerMix::Listed(_) => (Vec::new(), Vec::new()),
        };
        let behaviours = cumulative(group.behaviours.iter().map(|b| b.share));
        GroupSampler { group, index, counts, builds, behaviours }
    }

    /// Where the group stands in its world.
    pub fn index(&self) -> usize {
        self.index
    }

    /// The group.
    pub fn group(&self) -> &'a Group {
        self.group
    }
}

/// Makes ready what is drawn of tenants `numbers`, at most [`BATCH`], so that each of them costs less to make.
pub fn prepare_tenants(sampler: &GroupSampler<'_>, numbers: Range<u32>, draws: &mut TenantDraws) {
    let key = sampler.group.key;
    draws.prepare(key, numbers.clone());
    let mut servers = [1; BATCH];
    for (servers, number) in servers.iter_mut().zip(numbers) {
        draws.turn_to(TenantId::new(key, number));
        *servers = server_count(sampler, draws);
    }
    if servers.iter().any(|&servers| servers > 1) {
        draws.prepare_servers(servers.into_iter());
    }
}

/// Servers of the tenant at hand.
fn server_count(sampler: &GroupSampler<'_>, draws: &mut TenantDraws) -> u32 {
    match &sampler.group.servers {
        ServerMix::Listed(servers) => servers.len() as u32,
        ServerMix::Drawn { .. } => 1 + choose(&sampler.counts, || draws.unit(0, Purpose::ServerCount, 0)) as u32,
    }
}

/// Makes tenant `number` of a group from its draws, into `tenant` (whose memory is used again).
pub fn make_tenant(sampler: &GroupSampler<'_>, number: u32, draws: &mut TenantDraws, tenant: &mut Tenant) {
    let group = sampler.group;
    tenant.group = sampler.index;
    tenant.number = number;
    tenant.esu = happens(group.esu_share, || draws.unit(0, Purpose::HoldsEsu, 0));
    tenant.behaviour = choose(&sampler.behaviours, || draws.unit(0, Purpose::PauseBehaviour, 0));
    tenant.freezes = 0;
    for (i, freeze) in group.openings.freezes.iter().enumerate() {
        let observes = happens(freeze.share, || draws.unit(0, Purpose::ObservesFreeze, i as u32));
        tenant.freezes |= u32::from(observes) << i;
    }
    // All deviates before all values, so that they do not wait for each other (see `Spread::deviate`).
    let diligence = diligence_deviate(&group.diligence, draws);
    let gap = deviate(&group.gap, || draws.unit(0, Purpose::Gap, 0));
    make_servers(sampler, draws, tenant);
    tenant.diligence = diligence.map_or(0.0, |deviate| group.diligence.value(deviate));
    tenant.gap = SimDuration::from_days_f64(group.gap.value(gap));
    set_volumes(tenant);
}

/// Whether something of probability `prob` happens; a number is only drawn where it decides anything.
#[inline]
fn happens(prob: f64, draw: impl FnOnce() -> f64) -> bool {
    prob > 0.0 && (prob >= 1.0 || draw() < prob)
}

/// The index drawn in a list of rising cumulative shares.
#[inline]
fn choose(cumulative: &[f64], draw: impl FnOnce() -> f64) -> usize {
    if cumulative.len() == 1 { 0 } else { pick(cumulative, draw()) }
}

/// The deviate drawn of a quantity.
#[inline]
fn deviate(spread: &Spread, draw: impl FnOnce() -> f64) -> f64 {
    match *spread {
        Spread::Fixed(value) => value,
        _ => spread.deviate(draw()),
    }
}

/// Makes what tenant `number` of a group has, and leaves out how it acts: for tenants to whom nothing can happen.
pub fn make_bystander(sampler: &GroupSampler<'_>, number: u32, draws: &mut TenantDraws, tenant: &mut Tenant) {
    tenant.group = sampler.index;
    tenant.number = number;
    (tenant.esu, tenant.behaviour, tenant.freezes) = (false, 0, 0);
    (tenant.diligence, tenant.gap) = (0.0, SimDuration::ZERO);
    make_servers(sampler, draws, tenant);
    set_volumes(tenant);
}

fn set_volumes(tenant: &mut Tenant) {
    for (server, &(spread, deviate)) in tenant.servers.iter_mut().zip(&tenant.volumes) {
        server.volume = milli_messages(spread.value(deviate));
    }
}

/// Makes the servers but for their volumes, of which only the deviates are drawn.
fn make_servers(sampler: &GroupSampler<'_>, draws: &mut TenantDraws, tenant: &mut Tenant) {
    let group = sampler.group;
    tenant.servers.clear();
    tenant.volumes.clear();
    let mut push = |server: Server, volume: Spread, draws: &mut TenantDraws| {
        let index = tenant.servers.len() as u32;
        tenant.servers.push(server);
        tenant.volumes.push((volume, deviate(&volume, || draws.unit(index, Purpose::MailVolume, 0))));
    };
    match &group.servers {
        ServerMix::Listed(servers) => {
            for &ListedServer { product, build, messages_per_day, first_detected, planned, .. } in servers {
                let server = Server { product, build, volume: 0, first_detected, planned };
                push(server, messages_per_day.map_or(group.volume, Spread::Fixed), draws);
            }
        }
        ServerMix::Drawn { builds, .. } => {
            for i in 0..server_count(sampler, draws) {
                let BuildShare { product, build, .. } =
                    builds[choose(&sampler.builds, || draws.unit(i, Purpose::Build, 0))];
                let server = Server { product, build, volume: 0, first_detected: None, planned: None };
                push(server, group.volume, draws);
            }
        }
    }
}

/// The normal deviate of a tenant's diligence; none for those who never act.
fn diligence_deviate(rules: &Diligence, draws: &mut TenantDraws) -> Option<f64> {
    let never = happens(rules.never_share, || draws.unit(0, Purpose::NeverActs, 0));
    (!never).then(|| normal_quantile(draws.unit(0, Purpose::Diligence, 0)))
}
