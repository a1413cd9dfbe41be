//! What a life reports as it goes. A run tallies, a trace writes down; the life does not know which.

use super::EventClass;
use super::rules::Rules;
use crate::mail::MailAmount;
use crate::tally::{Class, Cut, Tally};
use crate::time::SimTime;
use crate::world::Route;

/// One cycle of enforcement of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cycle {
    /// The baseline entry that began it.
    pub entry: usize,
    /// First detection.
    pub detected: SimTime,
    /// Whether it is the server's first cycle.
    pub first: bool,
}

/// An event as it is reported to a trace, after it took effect.
#[derive(Clone, Copy, Debug)]
pub struct Event<'a> {
    /// When.
    pub at: SimTime,
    /// What.
    pub class: EventClass,
    /// Which server, or `None` for the tenant.
    pub server: Option<usize>,
    /// The life after the event.
    pub life: &'a super::Life,
}

/// Receives what happens in a life.
pub trait Observer {
    /// A server of `volume` milli-messages a day spent `cut` in a class; returns the nano-messages it sent.
    fn stretch(&mut self, rules: &Rules<'_>, group: usize, class: Class, volume: u64, cut: Cut) -> MailAmount;
    /// A server was remediated, under enforcement or before it.
    fn remediated(&mut self, group: usize, route: Route, cycle: Option<Cycle>, at: SimTime);
    /// A server reached the horizon in a class, with its cycle if it is under enforcement.
    fn at_horizon(&mut self, group: usize, class: Class, cycle: Option<Cycle>, horizon: SimTime);
    /// Pause days were granted.
    fn paused(&mut self, year: i16, days: u32);
    /// The tenant has no pause days left during `[from, to)`.
    fn out_of_budget(&mut self, rules: &Rules<'_>, from: SimTime, to: SimTime);
    /// An event took effect.
    #[inline]
    fn event(&mut self, _rules: &Rules<'_>, _event: Event<'_>) {}
}

/// Enters everything into a tally.
#[derive(Debug)]
pub struct TallyObserver<'t>(pub &'t mut Tally);

impl Observer for TallyObserver<'_> {
    #[inline]
    fn stretch(&mut self, rules: &Rules<'_>, group: usize, class: Class, volume: u64, cut: Cut) -> MailAmount {
        let kind = rules.groups[group].kind;
        let mail = self.0.series[kind].enter(&rules.calendar, class, volume, cut);
        let tally = &mut self.0.groups[group];
        tally.mail[class.index()] += mail;
        tally.seconds[class.index()] += cut.seconds();
        mail
    }

    fn remediated(&mut self, group: usize, route: Route, cycle: Option<Cycle>, at: SimTime) {
        let tally = &mut self.0.groups[group];
        let Some(cycle) = cycle else {
            tally.remediated_before[route as usize] += 1;
            return;
        };
        tally.remediated[route as usize] += 1;
        for curve in curves(cycle) {
            self.0.curves[curve].remediate(route, cycle.detected, at);
        }
    }

    fn at_horizon(&mut self, group: usize, class: Class, cycle: Option<Cycle>, horizon: SimTime) {
        self.0.groups[group].at_horizon[class.index()] += 1;
        for curve in cycle.into_iter().flat_map(curves) {
            self.0.curves[curve].censor(cycle.map_or(horizon, |cycle| cycle.detected), horizon);
        }
    }

    fn paused(&mut self, year: i16, days: u32) {
        *self.0.pause_days.entry(year).or_default() += i64::from(days);
    }

    fn out_of_budget(&mut self, rules: &Rules<'_>, from: SimTime, to: SimTime) {
        self.0.note_out_of_budget(&rules.calendar, from, to);
    }
}

/// The curves a cycle counts in: its entry's, and the overall one if it is the server's first.
fn curves(cycle: Cycle) -> impl Iterator<Item = usize> {
    cycle.first.then_some(0).into_iter().chain(std::iter::once(cycle.entry + 1))
}
