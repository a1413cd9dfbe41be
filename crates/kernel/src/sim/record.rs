//! What happened to a tenant so far, written down so that it can be counted again under a scenario that shares that past.

use super::observe::{Cycle, Observer, TallyObserver};
use super::rules::{Losses, Rules};
use crate::mail::MailAmount;
use crate::mail::calendar::share_of;
use crate::tally::{Class, Stretch};
use crate::time::SimTime;
use crate::world::Route;

/// Something that is counted.
#[derive(Clone, Copy, Debug)]
enum Deed {
    Stretch(Class, u64, Stretch),
    Remediated(Route, Option<Cycle>, SimTime),
    AtHorizon(Class, Option<Cycle>),
    Paused(i16, u32),
    OutOfBudget(SimTime, SimTime),
}

/// The deeds of a tenant in order.
#[derive(Clone, Debug, Default)]
pub(super) struct Record(Vec<Deed>);

impl Record {
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// How many deeds there are.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Counts the first `deeds` again under other rules, and adds what is lost to `lost`, by scenario.
    pub(super) fn count(
        &self,
        deeds: usize,
        rules: &Rules<'_>,
        group: usize,
        observer: &mut TallyObserver<'_>,
        lost: &mut [MailAmount],
    ) {
        let losses = rules.losses(rules.kind_of(group));
        for deed in &self.0[..deeds] {
            match *deed {
                Deed::Stretch(class, volume, stretch) => {
                    let sent = observer.stretch(rules, group, class, volume, stretch);
                    lose(lost, sent, &losses[class.index()]);
                }
                Deed::Remediated(route, cycle, at) => observer.remediated(group, route, cycle, at),
                Deed::AtHorizon(class, cycle) => observer.at_horizon(group, class, cycle, rules.horizon),
                Deed::Paused(year, days) => observer.paused(year, days),
                Deed::OutOfBudget(from, to) => observer.out_of_budget(rules, from, to),
            }
        }
    }
}

/// Adds what is lost of `sent` nano-messages under each scenario.
#[inline]
pub(super) fn lose(lost: &mut [MailAmount], sent: MailAmount, losses: &Losses) {
    for (lost, &(share, whole)) in lost.iter_mut().zip(losses) {
        *lost += share_of(sent, share.into(), whole);
    }
}

/// Counts, and writes down what is counted.
pub(super) struct Recorder<'o, 't> {
    pub(super) tally: TallyObserver<'t>,
    pub(super) record: &'o mut Record,
}

impl Observer for Recorder<'_, '_> {
    const WATCHES_EVENTS: bool = false;

    #[inline]
    fn stretch(&mut self, rules: &Rules<'_>, group: usize, class: Class, volume: u64, stretch: Stretch) -> MailAmount {
        self.record.0.push(Deed::Stretch(class, volume, stretch));
        self.tally.stretch(rules, group, class, volume, stretch)
    }

    fn remediated(&mut self, group: usize, route: Route, cycle: Option<Cycle>, at: SimTime) {
        self.record.0.push(Deed::Remediated(route, cycle, at));
        self.tally.remediated(group, route, cycle, at);
    }

    fn at_horizon(&mut self, group: usize, class: Class, cycle: Option<Cycle>, horizon: SimTime) {
        self.record.0.push(Deed::AtHorizon(class, cycle));
        self.tally.at_horizon(group, class, cycle, horizon);
    }

    fn paused(&mut self, year: i16, days: u32) {
        self.record.0.push(Deed::Paused(year, days));
        self.tally.paused(year, days);
    }

    fn out_of_budget(&mut self, rules: &Rules<'_>, from: SimTime, to: SimTime) {
        self.record.0.push(Deed::OutOfBudget(from, to));
        self.tally.out_of_budget(rules, from, to);
    }
}
