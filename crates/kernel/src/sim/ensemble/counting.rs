//! Counts tenants that were lived, and those whose acts are known already.

use super::super::bystanders::Bystanders;
use super::super::observe::note_out_of_budget;
use super::Ensemble;
use super::deeds::{Deed, TenantDeeds};
use crate::mail::NanoMessages;
use crate::mail::amount::mail_in;
use crate::tally::Tally;
use crate::time::SimTime;
use crate::world::Tenant;

/// What tenants of a group are counted with, one after the other.
#[derive(Debug)]
pub(super) struct Counting {
    baseline: Baseline,
    /// By scenario that is lived: tenants of the present group that were only counted.
    bystanders: Vec<Bystanders>,
    /// Tenants of the present group that were only counted, for all scenarios.
    idle: Bystanders,
}

/// How the present tenant fared under the first scenario.
#[derive(Debug, Default)]
struct Baseline {
    lost: Option<NanoMessages>,
    remediations: Vec<SimTime>,
}

impl Counting {
    pub(super) fn new(ensemble: &Ensemble<'_>) -> Self {
        let bystanders = vec![Bystanders::default(); ensemble.rules.len()];
        Counting { baseline: Baseline::default(), bystanders, idle: Bystanders::default() }
    }

    /// The next tenant.
    pub(super) fn begin(&mut self) {
        self.baseline.lost = None;
    }

    /// Adds a tenant to whom nothing can happen under any scenario.
    pub(super) fn idle(&mut self, tenant: &Tenant) {
        self.idle.add(tenant);
    }

    /// Adds a tenant to whom nothing can happen under a scenario.
    pub(super) fn bystander(&mut self, scenario: usize, tenant: &Tenant) {
        self.bystanders[scenario].add(tenant);
    }

    /// Counts how a tenant fared in the end under a set of scenarios, by itself and against the first scenario.
    ///
    /// - what it lost under each scenario of the set, and when its servers were first remediated.
    #[inline(always)]
    pub(super) fn outcome<R: Iterator<Item = SimTime>>(
        &mut self,
        ensemble: &Ensemble<'_>,
        set: usize,
        tenant: &Tenant,
        fared: (&[NanoMessages], &dyn Fn() -> R),
        tallies: &mut [Tally],
    ) {
        self.baseline.count(ensemble, set, tenant, fared, tallies);
    }

    /// Counts what a tenant did, but for its times to remediation.
    pub(super) fn recount(
        &mut self,
        ensemble: &Ensemble<'_>,
        tenant: &Tenant,
        did: &TenantDeeds<'_>,
        tallies: &mut [Tally],
    ) {
        let (rules, group, servers) = (&ensemble.rules, tenant.group, tenant.servers.len());
        let (mut lost, mut remediations) = (did.lost, did.remediations);
        self.begin();
        for stood in did.stood {
            let mail = mail_in(tenant.servers[stood.server as usize].volume, stood.level_seconds);
            for s in did.parties[usize::from(stood.party)].iter() {
                tallies[s].groups[group].stand(stood.class, mail, stood.to - stood.from);
            }
        }
        for deed in did.deeds {
            match *deed {
                Deed::Remediated { scenarios, route, from_detection } => {
                    for s in scenarios.iter() {
                        let group = &mut tallies[s].groups[group];
                        let counts = if from_detection { &mut group.remediated } else { &mut group.remediated_before };
                        counts[route] += 1;
                    }
                }
                Deed::AtHorizon { scenarios, class } => {
                    scenarios.iter().for_each(|s| tallies[s].groups[group].at_horizon[class.index()] += 1);
                }
                Deed::Paused { scenarios, year, days } => {
                    for s in scenarios.iter() {
                        *tallies[s].pause_days.entry(year).or_default() += i64::from(days);
                    }
                }
                Deed::OutOfBudget { scenarios, from, to } => {
                    for s in scenarios.iter() {
                        note_out_of_budget(&mut tallies[s].out_of_budget, &rules[s].calendar, from, to, 1);
                    }
                }
                Deed::Idle => self.idle(tenant),
                Deed::StoodBy { scenario } => self.bystander(scenario, tenant),
                Deed::Outcome { set } => {
                    let (of_set, of_servers);
                    (of_set, lost) = lost.split_at(ensemble.alike[set].len());
                    (of_servers, remediations) = remediations.split_at(servers);
                    self.outcome(ensemble, set, tenant, (of_set, &|| of_servers.iter().copied()), tallies);
                }
            }
        }
    }

    /// Counts the bystanders of a group that is through.
    pub(super) fn settle(&mut self, ensemble: &Ensemble<'_>, tallies: &mut [Tally]) {
        let idle = std::mem::take(&mut self.idle);
        for (s, tally) in tallies.iter_mut().enumerate() {
            std::mem::take(&mut self.bystanders[s]).count(&ensemble.rules[s], tally);
            idle.count_unharmed(tally, s > 0);
        }
        for lived in ensemble.alike.iter().map(|scenarios| scenarios[0]) {
            idle.count(&ensemble.rules[lived], &mut tallies[lived]);
        }
    }
}

impl Baseline {
    #[inline(always)]
    fn count<R: Iterator<Item = SimTime>>(
        &mut self,
        ensemble: &Ensemble<'_>,
        set: usize,
        tenant: &Tenant,
        (lost, remediations): (&[NanoMessages], &dyn Fn() -> R),
        tallies: &mut [Tally],
    ) {
        if let (&[lost, ..], [_]) = (lost, ensemble.rules.as_slice()) {
            // A single scenario is compared with no other.
            tallies[0].groups[tenant.group].count_tenant(lost, tenant.servers.len());
            return;
        }
        let horizon = ensemble.rules[0].horizon;
        for (&s, &lost) in ensemble.alike[set].iter().zip(lost) {
            let group = &mut tallies[s].groups[tenant.group];
            group.count_tenant(lost, tenant.servers.len());
            if s == 0 {
                self.note(lost, remediations());
            } else if let Some(before) = self.lost.filter(|_| self.remediations.len() == tenant.servers.len()) {
                group.fate.compare_tenant(lost, before);
                for (here, &there) in remediations().zip(&self.remediations) {
                    group.fate.compare_server(here, there, horizon);
                }
            }
        }
    }

    fn note(&mut self, lost: NanoMessages, remediations: impl Iterator<Item = SimTime>) {
        self.lost = Some(lost);
        self.remediations.clear();
        self.remediations.extend(remediations);
    }
}
