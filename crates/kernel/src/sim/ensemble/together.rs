//! What several scenarios do together is counted once.
//!
//! As long as scenarios share a life, every stretch of it belongs to all of them. It is summed for just these scenarios together,
//! and at the end added to the tally of each; tallies are sums of integers, so that gives the same. What happens once or twice in a
//! life is counted in the tally of each at once.

use super::super::course::Flows;
use super::super::life::Setting;
use super::super::observe::{Cycle, Observer, Stay, Sums, TallyObserver, note_paused};
use super::super::rules::Rules;
use super::deeds::Scenarios;
use super::keep::{Keep, Keeping};
use super::{Ensemble, Trunk};
use crate::draws::TenantDraws;
use crate::mail::MailAmount;
use crate::tally::{Class, Series, Tally};
use crate::time::SimTime;
use crate::world::{Route, Tenant};

/// Sums for scenarios that live together, at most: what many of them keep would push each other out of the processor's caches.
const SUMS_MAX: usize = 16;

/// The branches of a trunk that share a life with it at some moment, as bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Party(u64);

impl Party {
    /// Branches that can share a past, at most.
    pub(super) const BRANCHES_MAX: usize = u64::BITS as usize;

    pub(super) fn join(&mut self, branch: usize) {
        self.0 |= 1 << branch;
    }

    pub(super) fn part(&mut self, branch: usize) {
        self.0 &= !(1 << branch);
    }

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(super) fn holds(self, branch: usize) -> bool {
        branch < Self::BRANCHES_MAX && self.0 >> branch & 1 == 1
    }

    /// The scenarios that are lived: that of the trunk and of each branch in the party.
    pub(super) fn lived(self, ensemble: &Ensemble<'_>, trunk: &Trunk) -> impl Iterator<Item = usize> {
        let branches = trunk.branches.iter().enumerate().filter(move |(branch, _)| self.holds(*branch));
        std::iter::once(trunk.set).chain(branches.map(|(_, branch)| branch.set)).map(|set| ensemble.alike[set][0])
    }
}

/// Sums of all parties that there were.
#[derive(Debug, Default)]
pub(super) struct Pool<'c>(Vec<PartySums<'c>>);

/// Sums of one party.
#[derive(Debug)]
struct PartySums<'c> {
    trunk: usize,
    party: Party,
    series: Vec<Series>,
    /// By group: grains of mail and server-seconds by class.
    groups: Vec<(Vec<MailAmount>, Vec<i64>)>,
    /// Servers that went along their courses.
    flows: Flows<'c>,
}

impl<'c> Pool<'c> {
    /// The index of the sums of a party of a trunk, which are made if there is room for them.
    pub(super) fn index_of(&mut self, trunk: usize, party: Party, rules: &Rules<'_>, tally: &Tally) -> Option<usize> {
        let known = self.0.iter().position(|sums| sums.party == party && sums.trunk == trunk);
        if known.is_some() || self.0.len() == SUMS_MAX {
            return known;
        }
        let (classes, days) = (rules.classes.len(), rules.calendar.days());
        let series = tally.series.iter().map(|_| Series::new(classes, days)).collect();
        let groups = vec![(vec![0; classes], vec![0; classes]); tally.groups.len()];
        self.0.push(PartySums { trunk, party, series, groups, flows: Flows::default() });
        Some(self.0.len() - 1)
    }

    /// Where tenants of a group are summed that live as one party, by the index of its sums.
    pub(super) fn sums(&mut self, index: usize, rules: &Rules<'_>, group: usize) -> (Sums<'_>, &mut Flows<'c>) {
        let PartySums { series, groups, flows, .. } = &mut self.0[index];
        (sums_of(series, groups, rules, group), flows)
    }

    /// Counts what servers did on their courses so far.
    pub(super) fn count_flows(&mut self, ensemble: &Ensemble<'_>, tallies: &mut [Tally]) {
        for PartySums { trunk, party, series, groups, flows } in &mut self.0 {
            let trunk = &ensemble.trunks[*trunk];
            let rules = &ensemble.rules[ensemble.alike[trunk.set][0]];
            let flows = std::mem::take(flows);
            flows.settle(&rules.calendar, |group, enter| enter(&mut sums_of(series, groups, rules, group)));
            flows.settle_pauses(|year, days, tenants, none_left_from| {
                for s in party.lived(ensemble, trunk) {
                    note_paused(&mut tallies[s], &rules.calendar, (year, days), tenants, none_left_from);
                }
            });
        }
    }

    /// Adds what every party did to the tallies of its scenarios, once what servers did on their courses is counted.
    pub(super) fn count(self, ensemble: &Ensemble<'_>, tallies: &mut [Tally]) {
        for PartySums { trunk, party, series, groups, flows: _ } in self.0 {
            for s in party.lived(ensemble, &ensemble.trunks[trunk]) {
                // Classes that only one of them has lie behind those they share, and nobody came into them together.
                tallies[s].series.iter_mut().zip(&series).for_each(|(own, together)| own.merge(together));
                for (own, (mail, seconds)) in tallies[s].groups.iter_mut().zip(&groups) {
                    own.mail.iter_mut().zip(mail).for_each(|(own, together)| *own += together);
                    own.seconds.iter_mut().zip(seconds).for_each(|(own, together)| *own += together);
                }
            }
        }
    }
}

/// The sums of a group.
fn sums_of<'t>(
    series: &'t mut [Series],
    groups: &'t mut [(Vec<MailAmount>, Vec<i64>)],
    rules: &Rules<'_>,
    group: usize,
) -> Sums<'t> {
    let (mail, seconds) = &mut groups[group];
    Sums { series: series.get_mut(rules.kind_of(group)), mail, seconds }
}

/// Counts what a tenant does under the scenarios of a party.
pub(super) struct Together<'t, 'a> {
    sums: Sums<'t>,
    ensemble: &'t Ensemble<'a>,
    trunk: &'t Trunk,
    party: Party,
    tallies: &'t mut [Tally],
}

impl<'t, 'a> Together<'t, 'a> {
    /// For a tenant whose life a party shares that has sums in the pool.
    pub(super) fn new(
        ensemble: &'t Ensemble<'a>,
        (trunk, party): (&'t Trunk, Party),
        sums: Sums<'t>,
        tallies: &'t mut [Tally],
    ) -> Self {
        Together { sums, ensemble, trunk, party, tallies }
    }

    /// Tells of a tenant that has no pause days in any year, in the scenarios in which it has none.
    pub(super) fn note_no_budget<K: Keep>(&mut self, tenant: &Tenant, draws: &mut TenantDraws, keep: &mut K) {
        for s in self.party.lived(self.ensemble, self.trunk) {
            let rules = &self.ensemble.rules[s];
            if rules.policy.pauses.budget_days == 0 {
                let counts = TallyObserver::new(&mut self.tallies[s], rules, tenant.group);
                let mut observer = Keeping { counts, scenarios: Scenarios::of([s]), life: 0, keep };
                Setting::new(rules, tenant, draws, &mut observer).note_no_budget();
            }
        }
    }

    /// Counts something in the tally of every scenario of the party.
    fn each(&mut self, group: usize, mut count: impl FnMut(&mut TallyObserver<'_>, &Rules<'_>)) {
        for s in self.party.lived(self.ensemble, self.trunk) {
            let rules = &self.ensemble.rules[s];
            count(&mut TallyObserver::new(&mut self.tallies[s], rules, group), rules);
        }
    }
}

impl Observer for Together<'_, '_> {
    const WATCHES_EVENTS: bool = false;

    #[inline(always)]
    fn stayed(&mut self, stay: Stay) {
        self.sums.enter(stay);
    }

    fn remediated(&mut self, group: usize, route: Route, cycle: Option<Cycle>, at: SimTime) {
        self.each(group, |tally, _| tally.remediated(group, route, cycle, at));
    }

    fn at_horizon(&mut self, group: usize, class: Class, cycle: Option<Cycle>, horizon: SimTime) {
        self.each(group, |tally, _| tally.at_horizon(group, class, cycle, horizon));
    }

    fn paused(&mut self, year: i16, days: u32) {
        self.each(0, |tally, _| tally.paused(year, days));
    }

    fn out_of_budget(&mut self, _rules: &Rules<'_>, from: SimTime, to: SimTime) {
        self.each(0, |tally, rules| tally.out_of_budget(rules, from, to));
    }
}
