//! What a life reports as it goes. A run tallies, a trace writes down; the life does not know which.

use std::collections::BTreeMap;

use super::EventClass;
use super::rounds::ClockEvent;
use super::rules::Rules;
use crate::mail::{Calendar, MailAmount};
use crate::tally::series::Crowd;
use crate::tally::{Class, CurveCounts, GroupTally, Series, Stretch, Tally};
use crate::time::SimTime;
use crate::world::{PerRoute, Route};

/// One cycle of enforcement of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cycle {
    /// The baseline entry that began it.
    pub entry: usize,
    /// First detection.
    pub detected: SimTime,
    /// Whether it is the server's first cycle; none is for a server that was remediated before it was ever detected.
    pub first: bool,
}

/// A stretch of time that a server stays in one class.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stay {
    /// Its index among the servers of the tenant.
    pub server: u32,
    /// Milli-messages a day.
    pub volume: u64,
    /// The class.
    pub class: Class,
    /// From when to when.
    pub stretch: Stretch,
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
    /// Whether [`event`](Self::event) does anything; whoever overrides it says so here.
    const WATCHES_EVENTS: bool = true;
    /// Whether [`clocks`](Self::clocks) does anything; whoever overrides it says so here.
    const WATCHES_CLOCKS: bool = false;

    /// Whether decisions fall; whoever asks what happens as long as none does says no.
    const DECIDES: bool = true;

    /// A server stayed in a class.
    fn stayed(&mut self, stay: Stay);
    /// A server was remediated: under enforcement, or, without a cycle, for the first time before it was ever detected.
    fn remediated(&mut self, group: usize, route: Route, cycle: Option<Cycle>, at: SimTime);
    /// A server left for good, whether or not that was a remediation; the last that is heard of it.
    #[inline]
    fn left(&mut self, _group: usize, _at: SimTime) {}
    /// A server reached the horizon in a class, with its cycle if it is under enforcement.
    fn at_horizon(&mut self, group: usize, class: Class, cycle: Option<Cycle>, horizon: SimTime);
    /// Pause days were granted.
    fn paused(&mut self, year: i16, days: u32);
    /// The tenant has no pause days left during `[from, to)`.
    fn out_of_budget(&mut self, rules: &Rules<'_>, from: SimTime, to: SimTime);
    /// Something happened to the clocks of a server, by its index among those of the tenant.
    #[inline]
    fn clocks(&mut self, _server: u32, _at: SimTime, _event: ClockEvent) {}
    /// An event took effect.
    #[inline]
    fn event(&mut self, _rules: &Rules<'_>, _event: Event<'_>) {}
}

/// Hears nothing: what is lost the life itself adds up.
#[derive(Clone, Copy, Debug)]
pub struct Silent;

impl Observer for Silent {
    const WATCHES_EVENTS: bool = false;

    fn stayed(&mut self, _: Stay) {}

    fn remediated(&mut self, _: usize, _: Route, _: Option<Cycle>, _: SimTime) {}

    fn at_horizon(&mut self, _: usize, _: Class, _: Option<Cycle>, _: SimTime) {}

    fn paused(&mut self, _: i16, _: u32) {}

    fn out_of_budget(&mut self, _: &Rules<'_>, _: SimTime, _: SimTime) {}
}

/// Where time and mail of the tenants of one group are summed.
#[derive(Debug)]
pub(super) struct Sums<'t> {
    /// Of a tally of totals there is none.
    pub(super) series: Option<&'t mut Series>,
    pub(super) mail: &'t mut [MailAmount],
    pub(super) seconds: &'t mut [i64],
}

impl Sums<'_> {
    /// Enters a stretch.
    #[inline(always)] // beside a call for each of millions of stretches its own work is small
    pub(super) fn enter(&mut self, stay: Stay) {
        let Stay { server: _, volume, class, stretch } = stay;
        if let Some(series) = &mut self.series {
            series.enter(class, volume, stretch);
        }
        self.mail[class.index()] += stretch.mail(volume);
        self.seconds[class.index()] += stretch.seconds();
    }
}

impl Sums<'_> {
    /// Enters servers that came into a class on one day and left it on another.
    pub(super) fn enter_crowd(&mut self, class: Class, first: (usize, Crowd), last: (usize, Crowd)) {
        if let Some(series) = &mut self.series {
            series.enter_crowd(class, first, last);
        }
        self.mail[class.index()] += last.1.before - first.1.before;
        self.seconds[class.index()] += last.1.seconds - first.1.seconds;
    }
}

/// Enters everything one tenant does into a tally.
#[derive(Debug)]
pub struct TallyObserver<'t> {
    sums: Sums<'t>,
    at_horizon: &'t mut [i64],
    remediated: &'t mut PerRoute<i64>,
    remediated_before: &'t mut PerRoute<i64>,
    curves: &'t mut [CurveCounts],
    pause_days: &'t mut BTreeMap<i16, i64>,
    out_of_budget: &'t mut [i64],
}

impl<'t> Sums<'t> {
    /// Those of a group in a tally that was made for these rules.
    pub(super) fn of(tally: &'t mut Tally, rules: &Rules<'_>, group: usize) -> Self {
        let GroupTally { mail, seconds, .. } = &mut tally.groups[group];
        Sums { series: tally.series.get_mut(rules.kind_of(group)), mail, seconds }
    }
}

impl<'t> TallyObserver<'t> {
    /// For a tenant of the group at `group` of the world of `rules`.
    ///
    /// # Panics
    /// If the tally was not made for these rules.
    pub fn new(tally: &'t mut Tally, rules: &Rules<'_>, group: usize) -> Self {
        let GroupTally { mail, seconds, at_horizon, remediated, remediated_before, .. } = &mut tally.groups[group];
        TallyObserver {
            sums: Sums { series: tally.series.get_mut(rules.kind_of(group)), mail, seconds },
            at_horizon,
            remediated,
            remediated_before,
            curves: &mut tally.curves,
            pause_days: &mut tally.pause_days,
            out_of_budget: &mut tally.out_of_budget,
        }
    }
}

impl TallyObserver<'_> {
    /// Enters a cycle that ended by a route or, without one, at the horizon: in the curve of its entry, and in the overall one if it is
    /// the server's first.
    fn enter_in_curves(&mut self, by: Option<Route>, cycle: Cycle, at: SimTime) {
        let Some(overall) = self.curves.first() else { return };
        let time = overall.day_of(at.since(cycle.detected));
        if cycle.first {
            self.curves[0].enter_in_day(by, time);
        }
        // A tally of totals keeps no curves of entries.
        if let Some(of_entry) = self.curves.get_mut(cycle.entry + 1) {
            of_entry.enter_in_day(by, time);
        }
    }
}

impl Observer for TallyObserver<'_> {
    const WATCHES_EVENTS: bool = false;

    #[inline(always)]
    fn stayed(&mut self, stay: Stay) {
        self.sums.enter(stay);
    }

    fn remediated(&mut self, _group: usize, route: Route, cycle: Option<Cycle>, at: SimTime) {
        let Some(cycle) = cycle else {
            self.remediated_before[route] += 1;
            return;
        };
        self.remediated[route] += 1;
        self.enter_in_curves(Some(route), cycle, at);
    }

    fn at_horizon(&mut self, _group: usize, class: Class, cycle: Option<Cycle>, horizon: SimTime) {
        self.at_horizon[class.index()] += 1;
        let Some(cycle) = cycle else { return };
        self.enter_in_curves(None, cycle, horizon);
    }

    fn paused(&mut self, year: i16, days: u32) {
        *self.pause_days.entry(year).or_default() += i64::from(days);
    }

    fn out_of_budget(&mut self, rules: &Rules<'_>, from: SimTime, to: SimTime) {
        note_out_of_budget(self.out_of_budget, &rules.calendar, from, to, 1);
    }
}

/// Enters pause days that some tenants were granted.
///
/// - `days`: that a year paid for each of them;
/// - `none_left_from`: when they were granted, if the year has none left for them.
pub(super) fn note_paused(
    tally: &mut Tally,
    calendar: &Calendar,
    (year, days): (i16, i64),
    tenants: i64,
    none_left_from: Option<SimTime>,
) {
    *tally.pause_days.entry(year).or_default() += days * tenants;
    if let Some(granted) = none_left_from {
        let (from, to) = (SimTime::year_start(year).max(granted), SimTime::year_start(year + 1));
        note_out_of_budget(&mut tally.out_of_budget, calendar, from, to, tenants);
    }
}

/// Enters tenants without pause days left during `[from, to)`, counted on full days and the day it begins.
pub(super) fn note_out_of_budget(changes: &mut [i64], calendar: &Calendar, from: SimTime, to: SimTime, tenants: i64) {
    let last = changes.len() as i64 - 1;
    let day_index = |at: SimTime| (i64::from(at.day().number()) - i64::from(calendar.first().number())).clamp(0, last);
    changes[day_index(from) as usize] += tenants;
    changes[day_index(to) as usize] -= tenants;
}
