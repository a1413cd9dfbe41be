//! How tenants are made of their draws: up to [`BATCH`] of a group side by side, one quality after the other.
//!
//! A tenant alone is a batch of one, and the same tenant.

use std::ops::Range;

use super::{BuildShare, Group, GroupSampler, ListedServer, Server, ServerMix, Tenant};
use crate::draws::lanes::{self, Column};
use crate::draws::{BATCH, Purpose, Spread, TenantDraws, TenantId};
use crate::time::SimDuration;
use crate::world::Route;

/// Makes ready what is drawn of tenants `numbers`, at most [`BATCH`], so that each of them costs less to make.
pub fn prepare_tenants(sampler: &GroupSampler<'_>, numbers: Range<u32>, draws: &mut TenantDraws) {
    draws.prepare(sampler.group.key, numbers.clone());
    let mut servers = [0; BATCH];
    let servers = &mut servers[..numbers.len()];
    let mut making = Making::new(sampler, numbers.start, numbers.len(), draws);
    making.count_servers(servers);
    if servers.iter().any(|&servers| servers > 1) {
        draws.prepare_servers(servers.iter().copied());
    }
}

/// Makes ready what tenants that were [prepared](prepare_tenants) decide by, if they act.
pub fn prepare_decisions(group: &Group, draws: &mut TenantDraws) {
    for (route, rules) in Route::ALL.into_iter().zip(group.routes.iter()) {
        let Some(rules) = rules else { continue };
        draws.prepare_deviates(route.threshold());
        if rules.leads().any(|lead| matches!(lead, Spread::LogNormal { .. })) {
            draws.prepare_deviates(Purpose::LeadTime);
        }
    }
}

/// Makes tenant `number` of a group from its draws, into `tenant` (whose memory is used again).
///
/// It is at hand in `draws`, and stays so.
pub fn make_tenant(sampler: &GroupSampler<'_>, number: u32, draws: &mut TenantDraws, tenant: &mut Tenant) {
    make_tenants(sampler, number, draws, std::slice::from_mut(tenant));
}

/// Makes tenant `first` of a group and those after it, at most [`BATCH`], from their draws. It costs least where they are
/// [prepared](prepare_tenants).
pub fn make_tenants(sampler: &GroupSampler<'_>, first: u32, draws: &mut TenantDraws, tenants: &mut [Tenant]) {
    let mut making = Making::new(sampler, first, tenants.len(), draws);
    making.begin(tenants);
    making.set_qualities(tenants);
    making.set_diligence(tenants);
    making.set_gaps(tenants);
    making.make_servers(tenants);
}

/// Makes what tenant `first` of a group and those after it have, and leaves out how they act: for tenants to whom nothing can
/// happen.
pub fn make_bystanders(sampler: &GroupSampler<'_>, first: u32, draws: &mut TenantDraws, tenants: &mut [Tenant]) {
    let mut making = Making::new(sampler, first, tenants.len(), draws);
    making.begin(tenants);
    making.make_servers(tenants);
}

/// Tenants that are being made.
struct Making<'m, 'a> {
    sampler: &'m GroupSampler<'a>,
    group: &'a Group,
    first: u32,
    count: usize,
    draws: &'m mut TenantDraws,
    /// Of the tenants, or of some of their servers.
    units: Column,
}

impl<'m, 'a> Making<'m, 'a> {
    fn new(sampler: &'m GroupSampler<'a>, first: u32, count: usize, draws: &'m mut TenantDraws) -> Self {
        assert!(count <= BATCH, "at most {BATCH} tenants are made at once");
        Making { sampler, group: sampler.group, first, count, draws, units: [0.0; BATCH] }
    }

    /// The first of them.
    fn id(&self) -> TenantId {
        TenantId::new(self.group.key, self.first)
    }

    /// The uniform number of each tenant at an address.
    fn draw(&mut self, purpose: Purpose, index: u32) -> &mut [f64] {
        let first = self.id();
        let units = &mut self.units[..self.count];
        self.draws.units(first, purpose, index, units);
        units
    }

    /// Tells of each tenant whether something of probability `prob` happens; numbers are only drawn where they decide anything.
    fn happens(&mut self, prob: f64, purpose: Purpose, index: u32, mut tell: impl FnMut(usize, bool)) {
        if prob > 0.0 && prob < 1.0 {
            let units = self.draw(purpose, index);
            units.iter().enumerate().for_each(|(tenant, &unit)| tell(tenant, unit < prob));
        } else {
            (0..self.count).for_each(|tenant| tell(tenant, prob >= 1.0));
        }
    }

    /// Tells which entry of a list of rising cumulative shares each tenant has.
    fn choose(&mut self, cumulative: &[f64], purpose: Purpose, mut tell: impl FnMut(usize, usize)) {
        if cumulative.len() > 1 {
            let mut places = [0; BATCH];
            let places = &mut places[..self.count];
            lanes::picks(cumulative, self.draw(purpose, 0), places);
            places.iter().enumerate().for_each(|(tenant, &place)| tell(tenant, place as usize));
        } else {
            (0..self.count).for_each(|tenant| tell(tenant, 0));
        }
    }

    fn begin(&self, tenants: &mut [Tenant]) {
        for (tenant, number) in tenants.iter_mut().zip(self.first..) {
            let mut servers = std::mem::take(&mut tenant.servers);
            servers.clear();
            *tenant = Tenant { group: self.sampler.index, number, servers, ..Tenant::default() };
        }
    }

    /// What is so or not so, and what is one of several.
    fn set_qualities(&mut self, tenants: &mut [Tenant]) {
        let Group { esu_share, openings, .. } = self.group;
        self.happens(*esu_share, Purpose::HoldsEsu, 0, |tenant, holds| tenants[tenant].esu = holds);
        let behaviours = &self.sampler.behaviours;
        self.choose(behaviours, Purpose::PauseBehaviour, |tenant, chosen| tenants[tenant].behaviour = chosen);
        for (freeze, index) in openings.freezes.iter().zip(0..) {
            self.happens(freeze.share, Purpose::ObservesFreeze, index, |tenant, observes| {
                tenants[tenant].freezes |= u32::from(observes) << index;
            });
        }
    }

    fn set_diligence(&mut self, tenants: &mut [Tenant]) {
        let rules = &self.group.diligence;
        let (mut never, mut idle) = ([false; BATCH], 0);
        self.happens(rules.never_share, Purpose::NeverActs, 0, |tenant, acts_not| {
            never[tenant] = acts_not;
            idle += u64::from(acts_not);
        });
        if idle == tenants.len() as u64 {
            return;
        }
        let diligence = self.draw(Purpose::Diligence, 0);
        rules.quantiles(diligence);
        for ((tenant, &diligence), never) in tenants.iter_mut().zip(&*diligence).zip(never) {
            tenant.diligence = if never { 0.0 } else { diligence };
        }
        self.draws.forget_reads(Purpose::Diligence, idle);
    }

    fn set_gaps(&mut self, tenants: &mut [Tenant]) {
        if let Spread::Fixed(days) = self.group.gap {
            let gap = SimDuration::from_days_f64(days);
            tenants.iter_mut().for_each(|tenant| tenant.gap = gap);
            return;
        }
        let spread = self.group.gap;
        let days = self.draw(Purpose::Gap, 0);
        spread.quantiles(days);
        for (tenant, &days) in tenants.iter_mut().zip(&*days) {
            tenant.gap = SimDuration::from_days_f64(days);
        }
    }

    /// How many servers each tenant has.
    fn count_servers(&mut self, servers: &mut [u32]) {
        match &self.group.servers {
            ServerMix::Listed(listed) => servers.fill(listed.len() as u32),
            ServerMix::Drawn { .. } => {
                let counts = &self.sampler.counts;
                self.choose(counts, Purpose::ServerCount, |tenant, more| servers[tenant] = 1 + more as u32);
            }
        }
    }

    fn make_servers(&mut self, tenants: &mut [Tenant]) {
        match &self.group.servers {
            ServerMix::Listed(servers) => {
                for (server, listed) in servers.iter().enumerate() {
                    self.name_server(server as u32, listed, tenants);
                }
            }
            ServerMix::Drawn { builds, .. } => {
                let mut counts = [0; BATCH];
                self.count_servers(&mut counts[..tenants.len()]);
                let mut server = 0;
                let (mut owners, mut left) = (std::array::from_fn(|tenant| tenant), tenants.len());
                while left > 0 {
                    self.draw_servers(server, builds, &owners[..left], tenants);
                    server += 1;
                    left = keep(&mut owners, left, |tenant| counts[tenant] > server);
                }
            }
        }
    }

    /// Gives all tenants a server that the study names.
    fn name_server(&mut self, server: u32, listed: &ListedServer, tenants: &mut [Tenant]) {
        let &ListedServer { product, build, messages_per_day, first_detected, planned, .. } = listed;
        let owners: [usize; BATCH] = std::array::from_fn(|tenant| tenant);
        let volumes =
            self.volumes(messages_per_day.map_or(self.group.volume, Spread::Fixed), server, &owners[..tenants.len()]);
        for (tenant, &volume) in tenants.iter_mut().zip(&*volumes) {
            tenant.servers.push(Server { product, build, volume: milli_messages(volume), first_detected, planned });
        }
    }

    /// Gives server `server` to those who own one.
    fn draw_servers(&mut self, server: u32, builds: &[BuildShare], owners: &[usize], tenants: &mut [Tenant]) {
        let mut chosen = [0; BATCH];
        let shares = &self.sampler.builds;
        if builds.len() > 1 {
            lanes::picks(shares, self.draw_of(server, Purpose::Build, owners), &mut chosen[..owners.len()]);
        }
        let volumes = self.volumes(self.group.volume, server, owners);
        for ((&owner, &volume), chosen) in owners.iter().zip(&*volumes).zip(chosen) {
            let BuildShare { product, build, .. } = builds[chosen as usize];
            let volume = milli_messages(volume);
            tenants[owner].servers.push(Server { product, build, volume, first_detected: None, planned: None });
        }
    }

    /// The uniform number of a server of some tenants.
    fn draw_of(&mut self, server: u32, purpose: Purpose, owners: &[usize]) -> &mut [f64] {
        if server == 0 {
            return self.draw(purpose, 0);
        }
        let first = self.id();
        let units = &mut self.units[..owners.len()];
        self.draws.units_of(first, owners, server, purpose, units);
        units
    }

    /// Messages a day of a server of some tenants.
    fn volumes(&mut self, spread: Spread, server: u32, owners: &[usize]) -> &mut [f64] {
        if let Spread::Fixed(volume) = spread {
            let volumes = &mut self.units[..owners.len()];
            volumes.fill(volume);
            return volumes;
        }
        let volumes = self.draw_of(server, Purpose::MailVolume, owners);
        spread.quantiles(volumes);
        volumes
    }
}

/// Keeps of the first `count` those that are wanted, in order; says how many.
fn keep(owners: &mut [usize; BATCH], count: usize, wanted: impl Fn(usize) -> bool) -> usize {
    let mut kept = 0;
    for index in 0..count {
        let owner = owners[index];
        owners[kept] = owner;
        kept += usize::from(wanted(owner));
    }
    kept
}

/// Most messages a day a server can have, in milli-messages: beyond it a draw is cut.
const VOLUME_MAX: f64 = 1e15;

fn milli_messages(per_day: f64) -> u64 {
    // Halves go up. The largest number below one half, as 0.49999999999999994 + 0.5 is 1 in floating point.
    let rounded = per_day * 1000.0 + (0.5 - 0.25 * f64::EPSILON);
    lanes::whole(if rounded < VOLUME_MAX { rounded } else { VOLUME_MAX })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn volumes_round_like_the_library() {
        let exact = |per_day: f64| libm::round(per_day * 1000.0).clamp(0.0, VOLUME_MAX) as u64;
        let borders = (0..200).flat_map(|i| [f64::from(i) * 0.0005, 10f64.powi(i - 100), 2f64.powi(i - 100)]);
        for per_day in borders.chain([0.0, 1e12, 1e27, f64::INFINITY]) {
            for step in -50..50 {
                let per_day = f64::from_bits(per_day.to_bits().saturating_add_signed(step)).min(f64::INFINITY);
                assert_eq!(milli_messages(per_day), exact(per_day), "{per_day:e}");
            }
        }
    }
}
