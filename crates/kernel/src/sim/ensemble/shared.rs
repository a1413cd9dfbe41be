//! A past that several scenarios share, lived once.
//!
//! The trunk is lived; just before the first event that a branch would live otherwise, the branch takes over the life as it
//! stands. When the trunk is through, what it had done by then is counted for the branch, which goes on from there alone.

use super::super::life::{Life, Setting};
use super::super::observe::TallyObserver;
use super::super::parting::Stop;
use super::super::record::{Record, Recorder};
use super::{Ensemble, Trunk};
use crate::draws::TenantDraws;
use crate::mail::MailAmount;
use crate::tally::Tally;
use crate::world::Tenant;

/// The present tenant's life under the scenarios of a world, as far as they share it.
#[derive(Debug, Default)]
pub(super) struct SharedLife {
    record: Record,
    branches: Vec<Branch>,
}

/// One set of scenarios beside the trunk.
#[derive(Debug, Default)]
struct Branch {
    /// Before which event it parts; none if it shares nothing.
    stop: Option<Stop>,
    /// How many deeds it shared before it parted; none while it has not.
    parted: Option<usize>,
    /// Its life since it parted.
    life: Life,
    lost: Vec<MailAmount>,
}

impl SharedLife {
    /// Finds out which branches share a past of a tenant with the trunk.
    pub(super) fn part(&mut self, ensemble: &Ensemble<'_>, trunk: &Trunk, tenant: &Tenant) {
        self.branches.resize_with(self.branches.len().max(trunk.branches.len()), Branch::default);
        let rules = |set: usize| &ensemble.rules[ensemble.alike[set][0]];
        let idle = rules(trunk.set).passes_by(tenant);
        for (branch, (set, parting)) in self.branches.iter_mut().zip(&trunk.branches) {
            branch.parted = None;
            branch.stop =
                if idle || rules(*set).passes_by(tenant) { None } else { parting.stop(rules(trunk.set), tenant) };
        }
        self.branches.iter_mut().skip(trunk.branches.len()).for_each(|branch| branch.stop = None);
    }

    /// Whether any branch shares a past with the trunk.
    pub(super) fn is_shared(&self) -> bool {
        self.branches.iter().any(|branch| branch.stop.is_some())
    }

    /// Whether a branch shares a past with the trunk.
    pub(super) fn joins(&self, branch: usize) -> bool {
        self.branches[branch].stop.is_some()
    }

    /// Lives the trunk, and hands its life over to every branch that parts.
    pub(super) fn live(
        &mut self,
        ensemble: &Ensemble<'_>,
        trunk: &Trunk,
        tenant: &Tenant,
        draws: &mut TenantDraws,
        tallies: &mut [Tally],
        life: &mut Life,
    ) {
        let lived = ensemble.alike[trunk.set][0];
        let rules = &ensemble.rules[lived];
        let mut tally = TallyObserver::new(&mut tallies[lived], rules, tenant.group);
        Setting::new(rules, tenant, draws, &mut tally).note_no_budget();
        self.record.clear();
        let mut recorder = Recorder { tally, record: &mut self.record };
        let mut setting = Setting::new(rules, tenant, draws, &mut recorder);
        life.start(&mut setting);
        loop {
            let together =
                self.branches.iter().filter(|branch| branch.parted.is_none()).filter_map(|branch| branch.stop);
            let stop = together.fold(Stop::NEVER, Stop::earlier);
            let Some((at, class)) = life.run(&mut setting, &stop) else { break };
            let deeds = setting.observer.record.len();
            for (branch, (set, _)) in self.branches.iter_mut().zip(&trunk.branches) {
                if branch.parted.is_none() && branch.stop.is_some_and(|stop| stop.before(at, class)) {
                    branch.parted = Some(deeds);
                    branch.life.take_over(life, rules, &ensemble.rules[ensemble.alike[*set][0]], tenant.group);
                }
            }
        }
        life.end(&mut setting);
    }

    /// Counts for a branch what it shared with the trunk, and lives on from where it parted, if it did.
    pub(super) fn go_on(
        &mut self,
        ensemble: &Ensemble<'_>,
        (set, branch): (usize, usize),
        tenant: &Tenant,
        draws: &mut TenantDraws,
        tallies: &mut [Tally],
    ) {
        let lived = ensemble.alike[set][0];
        let rules = &ensemble.rules[lived];
        let Branch { parted, life, lost, .. } = &mut self.branches[branch];
        let mut tally = TallyObserver::new(&mut tallies[lived], rules, tenant.group);
        Setting::new(rules, tenant, draws, &mut tally).note_no_budget();
        lost.clear();
        lost.resize(rules.scenarios(), 0);
        self.record.count(parted.unwrap_or(self.record.len()), rules, tenant.group, &mut tally, lost);
        if parted.is_some() {
            life.set_lost(lost);
            let mut setting = Setting::new(rules, tenant, draws, &mut tally);
            life.run(&mut setting, &Stop::NEVER);
            life.end(&mut setting);
            lost.copy_from_slice(life.lost_under_all());
        }
    }

    /// The life of a branch: its own since it parted, or the trunk's.
    pub(super) fn life<'l>(&'l self, branch: usize, trunk: &'l Life) -> &'l Life {
        if self.branches[branch].parted.is_some() { &self.branches[branch].life } else { trunk }
    }

    /// Nano-messages the tenant lost in a branch, by scenario of its set.
    pub(super) fn lost(&self, branch: usize) -> &[MailAmount] {
        &self.branches[branch].lost
    }
}
