//! Tenants of a group that are lived one after the other, once their servers have run along their courses side by side.

use super::super::course::{CourseBook, Ground, Journeys};
use super::super::parting::PartingPoint;
use super::keep::KeepNothing;
use super::{Branching, Ensemble, EnsembleLife};
use crate::draws::{Row, TenantDraws, TenantId};
use crate::tally::Tally;
use crate::world::Tenant;

impl<'a> Ensemble<'a> {
    /// Where the tenants of a group set out under a set of scenarios, if lives run along courses.
    fn ground(&self, set: usize, group: usize, tallies: &[Tally]) -> Option<Ground<'_, 'a>> {
        let lived = self.alike[set][0];
        let rules = &self.rules[lived];
        // Totals are asked for by those who have few lives for many studies.
        let book =
            (!tallies[lived].series.is_empty()).then(|| self.courses[set].get_or_init(|| CourseBook::new(rules)));
        book.map(|book| book.ground(rules, group))
    }
}

impl EnsembleLife<'_, '_> {
    /// Lives the tenants of a group that are [prepared](TenantDraws::prepare) together, as [`live`](Self::live) does one by one, which costs
    /// more, until somebody wants to stop.
    ///
    /// - `first`: the first of them;
    /// - `tenants`: gives those that are in the world of a scenario, which are the first ones of `count`.
    pub fn live_batch<'t>(
        &mut self,
        first: TenantId,
        (tenants, count): (&dyn Fn(usize) -> &'t [Tenant], usize),
        draws: &mut TenantDraws,
        tallies: &mut [Tally],
        is_stopped: &dyn Fn() -> bool,
    ) {
        let trunks = &self.ensemble.trunks;
        let by_trunk: Vec<&[Tenant]> = trunks.iter().map(|trunk| tenants(self.ensemble.alike[trunk.set][0])).collect();
        if first.group_key() != self.group_key {
            // Sums for each course are kept of one group at a time: those of all groups take much memory.
            self.count_flows(tallies);
            self.group_key = first.group_key();
        }
        let row = draws.row(first, count);
        self.set_out(row, &by_trunk, draws, tallies);
        for index in (0..count).take_while(|_| !is_stopped()) {
            draws.turn_along(row, index);
            self.present = Some(index);
            self.counting.begin();
            for ((number, trunk), tenants) in trunks.iter().enumerate().zip(&by_trunk) {
                if let Some(tenant) = tenants.get(index) {
                    self.live_in_world((number, trunk), tenant, draws, tallies, &mut KeepNothing);
                }
            }
        }
        self.present = None;
    }

    /// Has the servers of a batch run along their courses.
    ///
    /// - `by_trunk`: its tenants as the world of each trunk makes them.
    fn set_out(&mut self, row: Row, by_trunk: &[&[Tenant]], draws: &mut TenantDraws, tallies: &[Tally]) {
        let ensemble = self.ensemble;
        self.journeys.iter_mut().for_each(Journeys::begin);
        self.stops.iter_mut().for_each(Vec::clear);
        for ((number, trunk), tenants) in ensemble.trunks.iter().enumerate().zip(by_trunk) {
            let Some(group) = tenants.first().map(|tenant| tenant.group) else { continue };
            if ensemble.idle.get(group) == Some(&true) {
                continue;
            }
            if trunk.branches.is_empty() {
                let ground = ensemble.ground(trunk.set, group, tallies);
                self.journeys[trunk.set].set_out(ground, (row, tenants), draws, |_| Some(PartingPoint::NEVER));
                continue;
            }
            let ground = ensemble.ground(trunk.set, group, tallies);
            let known = &mut self.stops[number];
            for tenant in *tenants {
                let runs = ground.is_some_and(|ground| !ground.is_empty() && ground.has_courses(tenant));
                let shares = self.shared.part(ensemble, (number, trunk), (tenant, runs), &mut self.pool, tallies);
                let stops = (0..trunk.branches.len()).map(|branch| self.shared.stop(branch).filter(|_| shares));
                known.extend(stops);
            }
            let stops = |tenant: usize| &known[tenant * trunk.branches.len()..][..trunk.branches.len()];
            self.journeys[trunk.set].set_out(ground, (row, tenants), draws, |tenant| {
                Some(stops(tenant).iter().flatten().copied().fold(PartingPoint::NEVER, PartingPoint::earlier))
            });
            for (branch, Branching { set, .. }) in trunk.branches.iter().enumerate() {
                let ground = ensemble.ground(*set, group, tallies);
                let alone = |tenant: usize| stops(tenant)[branch].is_none().then_some(PartingPoint::NEVER);
                self.journeys[*set].set_out(ground, (row, tenants), draws, alone);
            }
        }
    }
}
