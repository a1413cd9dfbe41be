//! A past that several scenarios share, lived once.
//!
//! The trunk is lived; just before the first event that a branch would live otherwise, the branch takes over the life as it
//! stands, and goes on from there alone when the trunk is through. What was done until then is counted for all together.

use super::super::course::{Travels, Way};
use super::super::life::{Life, Setting};
use super::super::observe::TallyObserver;
use super::super::parting::PartingPoint;
use super::super::rules::Rules;
use super::deeds::Scenarios;
use super::keep::{Keep, Keeping};
use super::together::{Party, Pool, Together};
use super::{Ensemble, Trunk};
use crate::draws::TenantDraws;
use crate::tally::Tally;
use crate::world::Tenant;

/// The present tenant's life under the scenarios of a world, as far as they share it.
#[derive(Debug, Default)]
pub(super) struct SharedLife {
    branches: Vec<Branch>,
}

/// One set of scenarios beside the trunk.
#[derive(Debug, Default)]
struct Branch {
    /// Before which event it parts; none if it shares nothing.
    stop: Option<PartingPoint>,
    has_parted: bool,
    /// Its life since it parted.
    life: Life,
}

impl SharedLife {
    /// Finds out which branches share a past of a tenant with the trunk. Tells whether any does.
    ///
    /// Whoever runs along courses shares a whole life or nothing: what lies behind the parting of two lives would be lived event by
    /// event, which costs more than to run along the courses of both.
    ///
    /// - `runs`: whether its servers run along courses.
    pub(super) fn part(
        &mut self,
        ensemble: &Ensemble<'_>,
        (number, trunk): (usize, &Trunk),
        (tenant, runs): (&Tenant, bool),
        pool: &mut Pool<'_>,
        tallies: &[Tally],
    ) -> bool {
        self.branches.resize_with(self.branches.len().max(trunk.branches.len()), Branch::default);
        let rules = |set: usize| &ensemble.rules[ensemble.alike[set][0]];
        let ours = rules(trunk.set);
        let idle = ours.passes_by(tenant);
        let rests_under = |there: &Rules<'_>| match ours.faces_alike(there, tenant.group) {
            true => idle,
            false => there.passes_by(tenant),
        };
        for (branch, other) in self.branches.iter_mut().zip(&trunk.branches) {
            branch.has_parted = false;
            let rests = idle || rests_under(rules(other.set));
            let stop = if rests { None } else { other.parting.stop(ours, tenant) };
            branch.stop = stop.filter(|stop| !runs || !stop.comes_to(ours, tenant));
        }
        let used = trunk.branches.len().min(Party::BRANCHES_MAX);
        self.branches.iter_mut().skip(used).for_each(|branch| branch.stop = None);
        let party = self.party();
        let lived = ensemble.alike[trunk.set][0];
        if !party.is_empty() && pool.index_of(number, party, rules(trunk.set), &tallies[lived]).is_none() {
            self.branches.iter_mut().for_each(|branch| branch.stop = None);
        }
        !self.party().is_empty()
    }

    /// Up to where a branch shares a tenant's life, as was [found out](Self::part).
    pub(super) fn stop(&self, branch: usize) -> Option<PartingPoint> {
        self.branches[branch].stop
    }

    /// The same of a tenant of whom it was found out before. Tells whether any branch shares a past with the trunk.
    pub(super) fn recall(&mut self, stops: &[Option<PartingPoint>]) -> bool {
        for (branch, &stop) in self.branches.iter_mut().zip(stops) {
            (branch.stop, branch.has_parted) = (stop, false);
        }
        stops.iter().any(Option::is_some)
    }

    /// Before which event the first branch parts from the trunk.
    pub(super) fn first_stop(&self) -> PartingPoint {
        let stops = self.branches.iter().filter(|branch| !branch.has_parted).filter_map(|branch| branch.stop);
        stops.fold(PartingPoint::NEVER, PartingPoint::earlier)
    }

    /// The branches that share the trunk's life at this moment.
    fn party(&self) -> Party {
        let mut party = Party::default();
        for (index, branch) in self.branches.iter().enumerate() {
            if branch.stop.is_some() && !branch.has_parted {
                party.join(index);
            }
        }
        party
    }

    /// Whether a branch shares a past with the trunk.
    pub(super) fn joins(&self, branch: usize) -> bool {
        self.branches[branch].stop.is_some()
    }

    /// Lives the trunk, and hands its life over to every branch that parts.
    pub(super) fn live<'c, K: Keep>(
        &mut self,
        ensemble: &Ensemble<'_>,
        (number, trunk): (usize, &Trunk),
        tenant: &Tenant,
        draws: &mut TenantDraws,
        (tallies, pool): (&mut [Tally], &mut Pool<'c>),
        (life, travels, keep): (&mut Life, Travels<'_, 'c>, &mut K),
    ) {
        let lived = ensemble.alike[trunk.set][0];
        let (rules, group) = (&ensemble.rules[lived], tenant.group);
        let mut party = self.party();
        let mut has_begun = false;
        keep.begin_life(lived);
        while !party.is_empty() {
            let Some(index) = pool.index_of(number, party, rules, &tallies[lived]) else { break };
            let (sums, flows) = pool.sums(index, rules, group);
            let mut together = Together::new(ensemble, (trunk, party), sums, tallies);
            if !has_begun {
                together.note_no_budget(tenant, draws, keep);
            }
            // Who keeps nothing does not ask for whom.
            let scenarios = if K::KEEPS { Scenarios::of(party.lived(ensemble, trunk)) } else { Scenarios::default() };
            let mut observer = Keeping { counts: together, scenarios, life: 0, keep };
            let mut setting = Setting::new(rules, tenant, draws, &mut observer);
            let stop = self.first_stop();
            if !has_begun {
                let scenarios = trunk.branches.last().map_or(rules.scenarios(), |branch| branch.losses.end);
                life.start_on_course(&mut setting, Some(Way { flows, travels }), scenarios);
                has_begun = true;
            }
            let Some((at, class)) = life.run(&mut setting, &stop) else {
                life.end(&mut setting);
                keep.end_life(0);
                return;
            };
            self.hand_over(ensemble, trunk, group, (life, keep), &mut party, |stop| stop.before(at, class));
        }
        // Where there is no room for those that are left, they part before they must, which is the same.
        self.hand_over(ensemble, trunk, group, (life, keep), &mut party, |_| true);
        life.lose_under_first(rules.scenarios());
        let counts = TallyObserver::new(&mut tallies[lived], rules, group);
        let mut observer = Keeping { counts, scenarios: Scenarios::of([lived]), life: 0, keep };
        let mut setting = Setting::new(rules, tenant, draws, &mut observer);
        life.run(&mut setting, &PartingPoint::NEVER);
        life.end(&mut setting);
        keep.end_life(0);
    }

    /// Hands the trunk's life over to the branches of a party that part now.
    fn hand_over<K: Keep>(
        &mut self,
        ensemble: &Ensemble<'_>,
        trunk: &Trunk,
        group: usize,
        (life, keep): (&Life, &mut K),
        party: &mut Party,
        parts: impl Fn(&PartingPoint) -> bool,
    ) {
        let rules = |set: usize| &ensemble.rules[ensemble.alike[set][0]];
        for (index, (branch, other)) in self.branches.iter_mut().zip(&trunk.branches).enumerate() {
            if party.holds(index) && branch.stop.as_ref().is_some_and(&parts) {
                party.part(index);
                branch.has_parted = true;
                keep.fork_life(index, ensemble.alike[other.set][0]);
                let past = (life, other.losses.clone());
                branch.life.take_over(past, rules(trunk.set), rules(other.set), group);
            }
        }
    }

    /// Lives a branch on from where it parted, if it did.
    pub(super) fn go_on<K: Keep>(
        &mut self,
        ensemble: &Ensemble<'_>,
        (set, branch): (usize, usize),
        tenant: &Tenant,
        draws: &mut TenantDraws,
        tallies: &mut [Tally],
        keep: &mut K,
    ) {
        let lived = ensemble.alike[set][0];
        let rules = &ensemble.rules[lived];
        let Branch { has_parted, life, .. } = &mut self.branches[branch];
        if *has_parted {
            let counts = TallyObserver::new(&mut tallies[lived], rules, tenant.group);
            let mut observer = Keeping { counts, scenarios: Scenarios::of([lived]), life: branch + 1, keep };
            let mut setting = Setting::new(rules, tenant, draws, &mut observer);
            life.run(&mut setting, &PartingPoint::NEVER);
            life.end(&mut setting);
            keep.end_life(branch + 1);
        }
    }

    /// The life of a branch since it parted; none if it never did.
    pub(super) fn own_life(&self, branch: usize) -> Option<&Life> {
        let branch = &self.branches[branch];
        branch.has_parted.then_some(&branch.life)
    }
}
