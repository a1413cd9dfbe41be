//! What tenants did under the scenarios of a study, as it was counted, to be counted again where they would do the same.
//!
//! An exploration lives the same tenants at points that differ in one number; most of them never meet that number
//! or are not turned by it ([`rounds`](crate::sim::rounds)). A tenant whose deeds are known is counted again without being lived, to the same tally.

use std::ops::Range;

use super::super::observe::{Cycle, Event, Observer};
use super::super::rounds::{ClockEvent, LeadSet, Pressed, Round, Rounds, RunOut, Track};
use super::super::rules::Rules;
use crate::mail::MailAmount;
use crate::tally::{Class, Stretch};
use crate::time::SimTime;
use crate::world::{Route, Tenant};

/// Some scenarios of a study, as bits by their index.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Scenarios(u64);

impl Scenarios {
    /// Scenarios of a study whose deeds can be kept, at most.
    pub(super) const MAX: usize = u64::BITS as usize;

    /// These; of indexes from [`MAX`](Self::MAX) on nothing is held.
    pub(super) fn of(scenarios: impl IntoIterator<Item = usize>) -> Self {
        let bit = |index: usize| if index < Self::MAX { 1 << index } else { 0 };
        Scenarios(scenarios.into_iter().fold(0, |all, index| all | bit(index)))
    }

    /// Their indexes, rising.
    pub(super) fn iter(self) -> impl Iterator<Item = usize> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            let index = (rest != 0).then(|| rest.trailing_zeros() as usize)?;
            rest &= rest - 1;
            Some(index)
        })
    }
}

/// Nano-messages in two halves: as one number they would have every deed take a third more memory.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Mail([u64; 2]);

impl Mail {
    pub(super) fn new(amount: MailAmount) -> Self {
        Mail([amount as u64, (amount >> 64) as u64])
    }

    #[inline]
    pub(super) fn amount(self) -> MailAmount {
        (MailAmount::from(self.0[1] as i64) << 64) | MailAmount::from(self.0[0])
    }
}

/// Something that is counted for some scenarios.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Deed {
    /// Time and mail of all servers in a class.
    Stood { scenarios: Scenarios, class: Class, mail: Mail, seconds: i64 },
    /// A remediation.
    Remediated { scenarios: Scenarios, route: Route, cycle: Option<Cycle>, at: SimTime },
    /// A server at the horizon.
    AtHorizon { scenarios: Scenarios, class: Class, cycle: Option<Cycle> },
    /// Pause days granted.
    Paused { scenarios: Scenarios, year: i16, days: u32 },
    /// Without a pause day left.
    OutOfBudget { scenarios: Scenarios, from: SimTime, to: SimTime },
    /// Nothing can happen under any scenario of the study.
    Idle,
    /// Nothing can happen under the scenario of this index.
    StoodBy { scenario: usize },
    /// The end under a set of scenarios: what was lost, and when servers were first remediated, stand in lists of their own.
    Outcome { set: usize },
}

/// A life of the present tenant: 0 is the trunk's or one that is lived alone, the branch of index `b` is `b + 1`.
pub(super) type LifeIndex = usize;

/// Where what is counted is kept, or not.
pub(super) trait Keep {
    /// Whether anything is kept.
    const KEEPS: bool;
    /// Keeps something.
    fn keep(&mut self, deed: Deed);
    /// Keeps how a tenant fared in the end under a set of scenarios.
    fn keep_outcome(&mut self, set: usize, lost: &[MailAmount], remediations: impl Iterator<Item = SimTime>);
    /// A life under a scenario begins: the trunk's, or one that is lived alone.
    fn begin_life(&mut self, scenario: usize);
    /// A life goes on under a scenario of its own, in a branch.
    fn fork_life(&mut self, branch: usize, scenario: usize);
    /// Something happens to the clocks of a server.
    fn clocks(&mut self, life: LifeIndex, server: u32, at: SimTime, event: ClockEvent);
    /// A life is over.
    fn end_life(&mut self, life: LifeIndex);
}

/// Keeps nothing.
#[derive(Debug)]
pub(super) struct KeepNothing;

impl Keep for KeepNothing {
    const KEEPS: bool = false;
    #[inline(always)]
    fn keep(&mut self, _: Deed) {}
    #[inline(always)]
    fn keep_outcome(&mut self, _: usize, _: &[MailAmount], _: impl Iterator<Item = SimTime>) {}
    #[inline(always)]
    fn begin_life(&mut self, _: usize) {}
    #[inline(always)]
    fn fork_life(&mut self, _: usize, _: usize) {}
    #[inline(always)]
    fn clocks(&mut self, _: LifeIndex, _: u32, _: SimTime, _: ClockEvent) {}
    #[inline(always)]
    fn end_life(&mut self, _: LifeIndex) {}
}

/// The deeds of some tenants, in order.
#[derive(Debug, Default)]
pub struct Deeds {
    tenants: Vec<OfTenant>,
    deeds: Vec<Deed>,
    /// By outcome: nano-messages lost under each scenario of the set.
    lost: Vec<MailAmount>,
    /// By outcome: the first remediation of each server.
    remediations: Vec<SimTime>,
    rounds: Vec<Round>,
    /// Of the rounds, in order.
    stretches: Vec<Pressed>,
    /// By life of the present tenant.
    tracks: Vec<Track>,
}

/// Where the deeds of a tenant end in the lists, and what its lives depended on.
#[derive(Clone, Copy, Debug, Default)]
struct OfTenant {
    deeds: usize,
    lost: usize,
    remediations: usize,
    rounds: usize,
    leads: LeadSet,
    /// Whether it is unknown what its lives depend on.
    unsure: bool,
}

/// The deeds of one tenant.
#[derive(Clone, Copy, Debug)]
pub(super) struct TenantDeeds<'d> {
    pub(super) deeds: &'d [Deed],
    pub(super) lost: &'d [MailAmount],
    pub(super) remediations: &'d [SimTime],
    pub(super) rounds: Rounds<'d>,
    pub(super) leads: LeadSet,
    pub(super) unsure: bool,
}

impl Deeds {
    /// Forgets all, but not the memory.
    pub fn clear(&mut self) {
        let Deeds { tenants, deeds, lost, remediations, rounds, stretches, tracks: _ } = self;
        tenants.clear();
        deeds.clear();
        lost.clear();
        remediations.clear();
        rounds.clear();
        stretches.clear();
        // Tracks begin anew with every life.
    }

    /// The tenant whose deeds come next.
    pub(super) fn begin(&mut self, tenant: Option<&Tenant>) {
        // Clocks do not tell of work that was planned.
        let unsure = tenant.is_none_or(|tenant| tenant.servers.iter().any(|server| server.planned.is_some()));
        let ends = self.ends(LeadSet::default(), unsure);
        self.tenants.push(ends);
    }

    /// No more of this tenant.
    pub(super) fn end(&mut self) {
        let Some(&OfTenant { leads, unsure, .. }) = self.tenants.last() else { return };
        let ends = self.ends(leads, unsure);
        if let Some(tenant) = self.tenants.last_mut() {
            *tenant = ends;
        }
    }

    /// Adds a tenant who did the same.
    pub(super) fn copy(&mut self, tenant: TenantDeeds<'_>) {
        let TenantDeeds { deeds, lost, remediations, rounds, leads, unsure } = tenant;
        self.deeds.extend_from_slice(deeds);
        self.lost.extend_from_slice(lost);
        self.remediations.extend_from_slice(remediations);
        rounds.copy_to((&mut self.rounds, &mut self.stretches));
        let ends = self.ends(leads, unsure);
        self.tenants.push(ends);
    }

    /// The deeds of the tenant at an index.
    pub(super) fn of(&self, index: usize) -> TenantDeeds<'_> {
        let to = &self.tenants[index];
        let from = index.checked_sub(1).map_or(OfTenant::default(), |before| self.tenants[before]);
        let rounds = &self.rounds[from.rounds..to.rounds];
        let before = from.rounds.checked_sub(1).map(|last| &self.rounds[last]);
        TenantDeeds {
            deeds: &self.deeds[from.deeds..to.deeds],
            lost: &self.lost[from.lost..to.lost],
            remediations: &self.remediations[from.remediations..to.remediations],
            rounds: Rounds::new(before, rounds, &self.stretches),
            leads: to.leads,
            unsure: to.unsure,
        }
    }

    fn ends(&self, leads: LeadSet, unsure: bool) -> OfTenant {
        let (deeds, lost, remediations) = (self.deeds.len(), self.lost.len(), self.remediations.len());
        OfTenant { deeds, lost, remediations, rounds: self.rounds.len(), leads, unsure }
    }

    fn track(&mut self, life: LifeIndex) -> &mut Track {
        self.tracks.resize_with(self.tracks.len().max(life + 1), Track::default);
        &mut self.tracks[life]
    }

    /// The deeds so far of the tenant at hand.
    fn present(&self) -> Range<usize> {
        self.tenants.last().map_or(0, |tenant| tenant.deeds)..self.deeds.len()
    }
}

impl Keep for Deeds {
    const KEEPS: bool = true;

    fn keep(&mut self, deed: Deed) {
        if let Deed::Stood { scenarios, class, mail, seconds } = deed {
            let present = self.present();
            let same = self.deeds[present].iter_mut().rev().find_map(|known| match known {
                Deed::Stood { scenarios: s, class: c, mail, seconds } if (*s, *c) == (scenarios, class) => {
                    Some((mail, seconds))
                }
                _ => None,
            });
            if let Some((known_mail, known_seconds)) = same {
                *known_mail = Mail::new(known_mail.amount() + mail.amount());
                *known_seconds += seconds;
                return;
            }
        }
        self.deeds.push(deed);
    }

    fn keep_outcome(&mut self, set: usize, lost: &[MailAmount], remediations: impl Iterator<Item = SimTime>) {
        self.lost.extend_from_slice(lost);
        self.remediations.extend(remediations);
        self.deeds.push(Deed::Outcome { set });
    }

    fn begin_life(&mut self, scenario: usize) {
        self.track(0).begin(scenario);
    }

    fn fork_life(&mut self, branch: usize, scenario: usize) {
        self.track(branch + 1);
        let (trunk, branches) = self.tracks.split_at_mut(1);
        branches[branch].fork(scenario, &trunk[0]);
    }

    fn clocks(&mut self, life: LifeIndex, server: u32, at: SimTime, event: ClockEvent) {
        if let (ClockEvent::Stopped(RunOut { product, decided: Some(route), .. }), Some(tenant)) =
            (event, self.tenants.last_mut())
        {
            tenant.leads.add(product, route);
        }
        self.tracks[life].happen(server, at, event, (&mut self.rounds, &mut self.stretches));
    }

    fn end_life(&mut self, life: LifeIndex) {
        self.tracks[life].end((&mut self.rounds, &mut self.stretches));
    }
}

/// Counts what a tenant does under some scenarios, and keeps it.
pub(super) struct Keeping<'k, O, K> {
    pub(super) counts: O,
    pub(super) scenarios: Scenarios,
    pub(super) life: LifeIndex,
    pub(super) keep: &'k mut K,
}

impl<O: Observer, K: Keep> Observer for Keeping<'_, O, K> {
    const WATCHES_EVENTS: bool = O::WATCHES_EVENTS;
    const WATCHES_CLOCKS: bool = K::KEEPS;

    #[inline(always)]
    fn stretch(&mut self, rules: &Rules<'_>, group: usize, class: Class, volume: u64, stretch: Stretch) -> MailAmount {
        let mail = self.counts.stretch(rules, group, class, volume, stretch);
        let (scenarios, seconds) = (self.scenarios, stretch.seconds());
        self.keep.keep(Deed::Stood { scenarios, class, mail: Mail::new(mail), seconds });
        mail
    }

    fn remediated(&mut self, group: usize, route: Route, cycle: Option<Cycle>, at: SimTime) {
        self.counts.remediated(group, route, cycle, at);
        self.keep.keep(Deed::Remediated { scenarios: self.scenarios, route, cycle, at });
    }

    fn at_horizon(&mut self, group: usize, class: Class, cycle: Option<Cycle>, horizon: SimTime) {
        self.counts.at_horizon(group, class, cycle, horizon);
        self.keep.keep(Deed::AtHorizon { scenarios: self.scenarios, class, cycle });
    }

    fn paused(&mut self, year: i16, days: u32) {
        self.counts.paused(year, days);
        self.keep.keep(Deed::Paused { scenarios: self.scenarios, year, days });
    }

    fn out_of_budget(&mut self, rules: &Rules<'_>, from: SimTime, to: SimTime) {
        self.counts.out_of_budget(rules, from, to);
        self.keep.keep(Deed::OutOfBudget { scenarios: self.scenarios, from, to });
    }

    #[inline]
    fn clocks(&mut self, server: u32, at: SimTime, event: ClockEvent) {
        self.keep.clocks(self.life, server, at, event);
    }

    #[inline]
    fn event(&mut self, rules: &Rules<'_>, event: Event<'_>) {
        self.counts.event(rules, event);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scenarios_are_their_indexes() {
        for all in [vec![], vec![0], vec![63], vec![0, 5, 63], (0..64).collect()] {
            assert_eq!(Scenarios::of(all.iter().copied()).iter().collect::<Vec<_>>(), all);
        }
        assert_eq!(Scenarios::of([64, 1]), Scenarios::of([1]), "what cannot be held is not taken for something else");
    }

    #[test]
    fn mail_in_halves_is_the_same_amount() {
        for amount in [0, 1, -1, 1 << 64, (1 << 64) - 1, -(1 << 70) + 3, MailAmount::MAX, MailAmount::MIN] {
            assert_eq!(Mail::new(amount).amount(), amount);
        }
    }

    #[test]
    fn every_tenant_has_its_own_deeds() {
        let stood = |class: u8, seconds| Deed::Stood {
            scenarios: Scenarios::of([0, 2]),
            class: Class(class),
            mail: Mail::new(10 * i128::from(seconds)),
            seconds,
        };
        let mut deeds = Deeds::default();
        deeds.begin(None);
        [stood(1, 5), stood(2, 7), stood(1, 8)].into_iter().for_each(|deed| deeds.keep(deed));
        deeds.keep_outcome(0, &[3, 4], [SimTime::NEVER].into_iter());
        deeds.end();
        deeds.begin(None);
        deeds.end();
        deeds.begin(None);
        deeds.keep(stood(1, 9));
        deeds.end();
        let mut others = Deeds::default();
        others.begin(None);
        others.end();
        others.copy(deeds.of(0));
        assert_eq!((deeds.tenants.len(), others.tenants.len()), (3, 2));
        assert_eq!(deeds.of(0).deeds, [stood(1, 13), stood(2, 7), Deed::Outcome { set: 0 }]);
        assert!(deeds.of(1).deeds.is_empty());
        assert_eq!(deeds.of(2).deeds, [stood(1, 9)]);
        let last = others.of(1);
        assert_eq!((last.deeds, last.lost, last.remediations), (deeds.of(0).deeds, &[3, 4][..], &[SimTime::NEVER][..]));
    }
}
