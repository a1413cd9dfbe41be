//! Where what tenants do is kept while they are lived, or not.

use super::super::observe::{Cycle, Event, Observer, Stay};
use super::super::rounds::ClockEvent;
use super::super::rules::Rules;
use super::deeds::{Deed, Scenarios, Wait};
use crate::mail::NanoMessages;
use crate::tally::Class;
use crate::time::SimTime;
use crate::world::Route;

/// A life of the present tenant: 0 is the trunk's or one that is lived alone, the branch of index `b` is `b + 1`.
pub(super) type LifeIndex = usize;

/// Where what is counted is kept, or not.
pub(super) trait Keep {
    /// Whether anything is kept.
    const KEEPS: bool;
    /// Keeps something.
    fn keep(&mut self, deed: Deed);
    /// Keeps how long a server stayed in a class.
    fn keep_stay(&mut self, scenarios: Scenarios, stay: Stay);
    /// Keeps a time to remediation.
    fn keep_wait(&mut self, wait: Wait);
    /// Keeps how a tenant fared in the end under a set of scenarios.
    fn keep_outcome(&mut self, set: usize, lost: &[NanoMessages], remediations: impl Iterator<Item = SimTime>);
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
    fn keep_stay(&mut self, _: Scenarios, _: Stay) {}
    #[inline(always)]
    fn keep_wait(&mut self, _: Wait) {}
    #[inline(always)]
    fn keep_outcome(&mut self, _: usize, _: &[NanoMessages], _: impl Iterator<Item = SimTime>) {}
    #[inline(always)]
    fn begin_life(&mut self, _: usize) {}
    #[inline(always)]
    fn fork_life(&mut self, _: usize, _: usize) {}
    #[inline(always)]
    fn clocks(&mut self, _: LifeIndex, _: u32, _: SimTime, _: ClockEvent) {}
    #[inline(always)]
    fn end_life(&mut self, _: LifeIndex) {}
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
    fn stayed(&mut self, stay: Stay) {
        self.counts.stayed(stay);
        self.keep.keep_stay(self.scenarios, stay);
    }

    fn remediated(&mut self, group: usize, route: Route, cycle: Option<Cycle>, at: SimTime) {
        self.counts.remediated(group, route, cycle, at);
        let scenarios = self.scenarios;
        self.keep.keep(Deed::Remediated { scenarios, route, from_detection: cycle.is_some() });
        if let Some(Cycle { detected, first: true, .. }) = cycle {
            self.keep.keep_wait(Wait { scenarios, ended: Some(route), length: at.since(detected) });
        }
    }

    fn at_horizon(&mut self, group: usize, class: Class, cycle: Option<Cycle>, horizon: SimTime) {
        self.counts.at_horizon(group, class, cycle, horizon);
        let scenarios = self.scenarios;
        self.keep.keep(Deed::AtHorizon { scenarios, class });
        if let Some(Cycle { detected, first: true, .. }) = cycle {
            self.keep.keep_wait(Wait { scenarios, ended: None, length: horizon.since(detected) });
        }
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
