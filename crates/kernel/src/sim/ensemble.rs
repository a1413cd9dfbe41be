//! The scenarios of a study, lived side by side by the same tenants.
//!
//! What several scenarios have in common is done once: scenarios that nobody in the world can tell apart share their lives,
//! others share a tenant's past up to the moment at which they part (`sim::parting`), and a tenant to whom nothing can happen under
//! a scenario is counted there without being lived (`sim::bystanders`).

mod again;
mod batch;
mod circumstances;
mod counting;
mod deeds;
mod keep;
mod shared;
mod together;

use std::ops::Range;
use std::sync::OnceLock;

use super::course::{CourseBook, Flows, Journeys, Travels, Way};
use super::life::Life;
use super::observe::{Sums, TallyObserver, note_paused};
use super::parting::{Parting, PartingPoint};
use super::rules::Rules;
use crate::draws::TenantDraws;
use crate::tally::Tally;
use crate::world::Tenant;
pub use again::Again;
pub use circumstances::{Changes, Circumstances};
use counting::Counting;
pub use deeds::Deeds;
use deeds::{Deed, Scenarios};
use keep::{Keep, KeepNothing, Keeping};
use shared::SharedLife;
use together::Pool;

/// The scenarios of a study, worked out. The first is the one that others are compared with.
#[derive(Clone, Debug)]
pub struct Ensemble<'a> {
    rules: Vec<Rules<'a>>,
    /// Scenarios whose tenants live the same lives, each set in the order of the study: lived once, counted for all.
    alike: Vec<Vec<usize>>,
    /// One for each world.
    trunks: Vec<Trunk>,
    /// By group: whether nothing can happen to its tenants under any scenario. Not asked where there are several worlds.
    idle: Vec<bool>,
    /// By set of scenarios that share their lives: what happens to servers until somebody decides.
    courses: Vec<OnceLock<CourseBook>>,
}

/// The scenarios of one world. Sets of scenarios that share their lives are named by their index in [`Ensemble::alike`].
#[derive(Clone, Debug)]
struct Trunk {
    /// The set that is lived from the start.
    set: usize,
    /// The sets that are lived from where they part from it.
    branches: Vec<Branching>,
}

/// A set of scenarios that parts from the trunk.
#[derive(Clone, Debug)]
struct Branching {
    set: usize,
    parting: Parting,
    /// Where the trunk's lives keep what is lost under its scenarios.
    losses: Range<usize>,
}

impl<'a> Ensemble<'a> {
    /// These scenarios together.
    ///
    /// - `world_of`: for every scenario a number that is the same for scenarios with the same world.
    ///
    /// # Panics
    /// If the two differ in length.
    pub fn new(mut rules: Vec<Rules<'a>>, world_of: &[usize]) -> Self {
        assert_eq!(rules.len(), world_of.len(), "every scenario has a world");
        let alike = alike(&rules, world_of);
        let trunks = trunks(&rules, world_of, &alike);
        for (set, scenarios) in alike.iter().enumerate() {
            let branches = trunks.iter().find(|trunk| trunk.set == set).map_or(&[][..], |trunk| &trunk.branches);
            let joined = branches.iter().flat_map(|branch| &alike[branch.set]);
            // All of them come after the first of the set, in the order of the study.
            let (to_live, later) = rules.split_at_mut(scenarios[0] + 1);
            let others: Vec<_> = scenarios[1..].iter().chain(joined).map(|&s| &later[s - scenarios[0] - 1]).collect();
            to_live[scenarios[0]].also_lose_under(&others, scenarios.len() - 1);
        }
        let groups = if trunks.len() == 1 { rules[0].world.groups.len() } else { 0 };
        let idle = (0..groups).map(|group| rules.iter().all(|rules| rules.passes_by_group(group))).collect();
        let courses = alike.iter().map(|_| OnceLock::new()).collect();
        Ensemble { rules, alike, trunks, idle, courses }
    }

    /// The scenarios, in order.
    pub fn rules(&self) -> &[Rules<'a>] {
        &self.rules
    }

    /// Scenarios that share their lives, each set in order.
    pub fn alike(&self) -> &[Vec<usize>] {
        &self.alike
    }

    /// Whether nothing can happen to any tenant of a group under a scenario: such tenants need their servers alone.
    pub fn passes_by_group(&self, scenario: usize, group: usize) -> bool {
        self.rules[scenario].passes_by_group(group)
    }

    /// Empty tallies of all scenarios. Scenarios that share the lives of another have no series and curves until they are
    /// [completed](Self::complete).
    pub fn tallies(&self) -> Vec<Tally> {
        let is_lived = |s: usize| self.alike.iter().any(|scenarios| scenarios[0] == s);
        let tally = |s: usize| if is_lived(s) { Tally::new } else { Tally::of_sums };
        self.rules.iter().enumerate().map(|(s, rules)| tally(s)(rules.shape())).collect()
    }

    /// Empty tallies of all scenarios without daily series.
    pub fn tallies_of_totals(&self) -> Vec<Tally> {
        self.rules.iter().map(|rules| Tally::of_totals(rules.shape())).collect()
    }

    /// Brings tallies in which tenants were counted up to date: scenarios that share lives take over what was counted once.
    pub fn complete(&self, mut tallies: Vec<Tally>) -> Vec<Tally> {
        for scenarios in &self.alike {
            for &s in &scenarios[1..] {
                let (lived, rest) = tallies.split_at_mut(s);
                rest[0].share_lives_of(&lived[scenarios[0]]);
            }
        }
        tallies
    }
}

/// The scenarios that share their lives, each set in order; the first of a set is lived.
fn alike(rules: &[Rules<'_>], world_of: &[usize]) -> Vec<Vec<usize>> {
    let mut alike: Vec<Vec<usize>> = Vec::new();
    for s in 0..rules.len() {
        let shares =
            |known: &&mut Vec<usize>| world_of[known[0]] == world_of[s] && rules[known[0]].shares_lives_with(&rules[s]);
        match alike.iter_mut().find(shares) {
            Some(known) => known.push(s),
            None => alike.push(vec![s]),
        }
    }
    alike
}

/// The first set of every world, and where the others of that world part from it.
fn trunks(rules: &[Rules<'_>], world_of: &[usize], alike: &[Vec<usize>]) -> Vec<Trunk> {
    let mut trunks: Vec<Trunk> = Vec::new();
    for (set, scenarios) in alike.iter().enumerate() {
        let world = |set: usize| world_of[alike[set][0]];
        match trunks.iter_mut().find(|trunk| world(trunk.set) == world(set)) {
            Some(trunk) => {
                let parting = Parting::of(&rules[alike[trunk.set][0]], &rules[scenarios[0]]);
                let first = trunk.branches.last().map_or(alike[trunk.set].len(), |branch| branch.losses.end);
                trunk.branches.push(Branching { set, parting, losses: first..first + scenarios.len() });
            }
            None => trunks.push(Trunk { set, branches: Vec::new() }),
        }
    }
    trunks
}

/// The memory in which tenants live under all scenarios of an ensemble, one tenant after the other.
#[derive(Debug)]
pub struct EnsembleLife<'e, 'a> {
    ensemble: &'e Ensemble<'a>,
    life: Life,
    shared: SharedLife,
    pool: Pool<'e>,
    /// By set of scenarios that share their lives: servers that went along their courses under it alone.
    flows: Vec<Flows<'e>>,
    /// By set: how far the servers of the present batch go on their courses under it.
    journeys: Vec<Journeys<'e>>,
    /// By trunk: of each tenant of the batch up to where it shares its life with each branch.
    stops: Vec<Vec<Option<PartingPoint>>>,
    /// The index of the present tenant in the batch, if there is one.
    present: Option<usize>,
    /// The key of the group to whose tenants servers on their courses belong.
    group_key: u32,
    counting: Counting,
}

impl<'e, 'a> EnsembleLife<'e, 'a> {
    /// Memory for lives under these scenarios.
    pub fn new(ensemble: &'e Ensemble<'a>) -> Self {
        let (life, shared, pool) = (Life::default(), SharedLife::default(), Pool::default());
        let flows = ensemble.alike.iter().map(|_| Flows::default()).collect();
        let journeys = ensemble.alike.iter().map(|_| Journeys::default()).collect();
        let (stops, present, group_key) = (vec![Vec::new(); ensemble.trunks.len()], None, 0);
        EnsembleLife {
            ensemble,
            life,
            shared,
            pool,
            flows,
            journeys,
            stops,
            present,
            group_key,
            counting: Counting::new(ensemble),
        }
    }

    /// Lives a tenant under every scenario and counts what happens. When the tenants of a group are through,
    /// [`settle`](Self::settle) must be called, and when all are, [`finish`](Self::finish).
    ///
    /// - `tenant`: gives the tenant as it is in the world of a scenario, if it is in that world;
    /// - `tallies`: one for each scenario.
    pub fn live<'t>(
        &mut self,
        tenant: &dyn Fn(usize) -> Option<&'t Tenant>,
        draws: &mut TenantDraws,
        tallies: &mut [Tally],
    ) {
        let ensemble = self.ensemble;
        let of_trunk = |trunk: usize| tenant(ensemble.alike[ensemble.trunks[trunk].set][0]);
        self.live_keeping(&of_trunk, draws, tallies, &mut KeepNothing);
    }

    /// The same, and its deeds are added to those of the tenants before. Only where the ensemble has
    /// [circumstances](Ensemble::circumstances) and tallies are of totals can they be [counted again](Again).
    pub fn live_and_keep<'t>(
        &mut self,
        tenant: &dyn Fn(usize) -> Option<&'t Tenant>,
        draws: &mut TenantDraws,
        tallies: &mut [Tally],
        deeds: &mut Deeds,
    ) {
        let ensemble = self.ensemble;
        let of_trunk = |trunk: usize| tenant(ensemble.alike[ensemble.trunks[trunk].set][0]);
        deeds.begin(tenant(0));
        self.live_keeping(&of_trunk, draws, tallies, deeds);
        deeds.end();
    }

    /// - `of_trunk`: gives the tenant as it is in the world of a trunk, if it is in that world.
    fn live_keeping<'t, K: Keep>(
        &mut self,
        of_trunk: &dyn Fn(usize) -> Option<&'t Tenant>,
        draws: &mut TenantDraws,
        tallies: &mut [Tally],
        keep: &mut K,
    ) {
        self.counting.begin();
        for (index, trunk) in self.ensemble.trunks.iter().enumerate() {
            if let Some(tenant) = of_trunk(index) {
                self.live_in_world((index, trunk), tenant, draws, tallies, keep);
            }
        }
    }

    /// Lives a tenant under the scenarios of one world.
    #[inline(always)]
    fn live_in_world<K: Keep>(
        &mut self,
        (number, trunk): (usize, &Trunk),
        tenant: &Tenant,
        draws: &mut TenantDraws,
        tallies: &mut [Tally],
        keep: &mut K,
    ) {
        if self.ensemble.idle.get(tenant.group) == Some(&true) {
            self.counting.idle(tenant);
            keep.keep(Deed::Idle);
        } else if trunk.branches.is_empty() {
            self.live_whole(trunk.set, tenant, draws, tallies, keep);
        } else {
            self.live_branching((number, trunk), tenant, draws, tallies, keep);
        }
    }

    /// The same where there are several sets of scenarios, which share what they can of the tenant's past.
    fn live_branching<K: Keep>(
        &mut self,
        (number, trunk): (usize, &Trunk),
        tenant: &Tenant,
        draws: &mut TenantDraws,
        tallies: &mut [Tally],
        keep: &mut K,
    ) {
        let ensemble = self.ensemble;
        let shares = match self.present {
            Some(present) => {
                let branches = trunk.branches.len();
                self.shared.recall(&self.stops[number][present * branches..][..branches])
            }
            None => self.shared.part(ensemble, (number, trunk), (tenant, false), &mut self.pool, tallies),
        };
        if shares {
            let sums = (&mut *tallies, &mut self.pool);
            let travels = self.present.map_or(Travels::default(), |present| self.journeys[trunk.set].of(present));
            self.shared.live(ensemble, (number, trunk), tenant, draws, sums, (&mut self.life, travels, keep));
            self.count(trunk.set, tenant, tallies, None, keep);
        } else {
            self.live_whole(trunk.set, tenant, draws, tallies, keep);
        }
        for (branch, Branching { set, losses, .. }) in trunk.branches.iter().enumerate() {
            if self.shared.joins(branch) {
                self.shared.go_on(ensemble, (*set, branch), tenant, draws, tallies, keep);
                self.count(*set, tenant, tallies, Some((branch, losses.clone())), keep);
            }
        }
        // Last, as these lives are lived in the memory of the first.
        for (branch, Branching { set, .. }) in trunk.branches.iter().enumerate() {
            if !self.shared.joins(branch) {
                self.live_whole(*set, tenant, draws, tallies, keep);
            }
        }
    }

    /// Lives a tenant from the start on under a set of scenarios, unless nothing can happen to it.
    fn live_whole<K: Keep>(
        &mut self,
        set: usize,
        tenant: &Tenant,
        draws: &mut TenantDraws,
        tallies: &mut [Tally],
        keep: &mut K,
    ) {
        let lived = self.ensemble.alike[set][0];
        let rules = &self.ensemble.rules[lived];
        let travels = self.present.map_or(Travels::default(), |present| self.journeys[set].of(present));
        // Who has set out on a course does not stand by.
        if travels.is_none() && rules.passes_by(tenant) {
            self.counting.bystander(lived, tenant);
            keep.keep(Deed::StoodBy { scenario: lived });
            self.life.rest(rules, tenant);
        } else {
            let way = Way { flows: &mut self.flows[set], travels };
            let counts = TallyObserver::new(&mut tallies[lived], rules, tenant.group);
            keep.begin_life(lived);
            // Who keeps nothing does not ask for whom.
            let scenarios = if K::KEEPS { Scenarios::of([lived]) } else { Scenarios::default() };
            let mut observer = Keeping { counts, scenarios, life: 0, keep };
            self.life.live_on_course(rules, Some(way), tenant, draws, &mut observer);
            keep.end_life(0);
        }
        self.count(set, tenant, tallies, None, keep);
    }

    /// Counts a tenant that was lived under a set of scenarios, and how it fared against the first scenario.
    ///
    /// - `branch`: the branch it was lived in, and where the trunk keeps what is lost there.
    #[inline(always)]
    fn count<K: Keep>(
        &mut self,
        set: usize,
        tenant: &Tenant,
        tallies: &mut [Tally],
        branch: Option<(usize, Range<usize>)>,
        keep: &mut K,
    ) {
        let EnsembleLife { ensemble, life, shared, counting, .. } = self;
        let (life, lost) = match branch {
            None => (&*life, life.lost_under_all()),
            Some((branch, losses)) => match shared.own_life(branch) {
                Some(own) => (own, own.lost_under_all()),
                None => (&*life, &life.lost_under_all()[losses]),
            },
        };
        keep.keep_outcome(set, &lost[..ensemble.alike[set].len()], life.remediations());
        counting.outcome(ensemble, set, tenant, (lost, &|| life.remediations()), tallies);
    }

    /// Counts the bystanders of a group that is through.
    pub fn settle(&mut self, tallies: &mut [Tally]) {
        self.counting.settle(self.ensemble, tallies);
    }

    /// Counts what servers did on their courses and what scenarios did together, when all tenants are through.
    pub fn finish(mut self, tallies: &mut [Tally]) {
        self.count_flows(tallies);
        self.pool.count(self.ensemble, tallies);
    }

    /// Counts what servers did on their courses so far.
    fn count_flows(&mut self, tallies: &mut [Tally]) {
        for (flows, scenarios) in self.flows.iter_mut().zip(&self.ensemble.alike) {
            let (rules, tally) = (&self.ensemble.rules[scenarios[0]], &mut tallies[scenarios[0]]);
            let flows = std::mem::take(flows);
            flows.settle(&rules.calendar, |group, enter| enter(&mut Sums::of(tally, rules, group)));
            flows.settle_pauses(|year, days, tenants, none_left_from| {
                note_paused(tally, &rules.calendar, (year, days), tenants, none_left_from);
            });
        }
        self.pool.count_flows(self.ensemble, tallies);
    }
}
