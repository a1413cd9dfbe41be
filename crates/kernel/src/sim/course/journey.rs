//! How far the servers of a batch of tenants go along their courses, worked out side by side.
//!
//! Servers on one course meet the same turns, each at its own time. Some of them at a time run along it abreast: at each turn
//! what has pressed since the one before is taken off their thresholds, as [`Press`] does for one server, operation by operation.

use fearless_simd::prelude::*;
use fearless_simd::{Level, Simd, dispatch, f64x4};

use super::super::parting::PartingPoint;
use super::super::rules::Rules;
use super::super::server::press::{Hazards, Press, hazard_of, left_after};
use super::{Course, Departure, Ground};
use crate::draws::{Row, TenantDraws};
use crate::time::{DAY_SECONDS, SimDuration, SimTime};
use crate::world::{Route, Tenant};

/// Servers that run abreast.
const ABREAST: usize = 4;

/// A number of each of them.
type Each = [f64; ABREAST];

/// How far a server goes on its course.
#[derive(Clone, Copy, Debug)]
pub(in crate::sim) struct Reach {
    /// The last turn before its decision may fall or the life is to stop, and its clocks after that.
    pub(super) turn: usize,
    pub(super) press: Press,
    /// When its decision falls as things stand there.
    pub(super) decides: SimTime,
}

/// The journeys of the servers of a batch of tenants of one group.
#[derive(Debug, Default)]
pub(in crate::sim) struct Journeys<'c> {
    /// Of each tenant where its servers begin, and behind them all where the last ends.
    begins: Vec<u32>,
    departures: Vec<Departure<'c>>,
    /// At least as many; those of a batch before stay until others are known.
    reaches: Vec<Reach>,
    /// Servers that wait for others on their course.
    crews: Vec<Crew<'c>>,
    /// The place of the crew of a course, and one more, by the course's number in the book; 0 for none.
    crew_of: Vec<u32>,
    /// Crews in which somebody waits.
    waiting: Vec<u32>,
}

/// Servers that will run along one course.
#[derive(Debug)]
struct Crew<'c> {
    course: &'c Course,
    /// How many there are, and who.
    count: usize,
    servers: [u32; ABREAST],
    brings: Brings,
}

/// What servers bring to their course, each quality of all of them together.
#[derive(Clone, Copy, Debug)]
struct Brings {
    /// First detection, in seconds since the calendar's first midnight.
    detected: Each,
    diligence: Each,
    thresholds: [Each; Route::ALL.len()],
    /// The first second to which they do not come.
    from: Each,
}

/// How servers stand after the last turn to which they come, as in [`Press`].
#[derive(Clone, Copy, Debug)]
struct Stands {
    left: [Each; Route::ALL.len()],
    hazard: [Each; Route::ALL.len()],
    since: Each,
    reached: Each,
    /// Days from then to the decision, and its route by number.
    days: Each,
    next: Each,
}

impl<'c> Journeys<'c> {
    /// Begins a batch of tenants of one group.
    pub(in crate::sim) fn begin(&mut self) {
        self.begins.clear();
        self.begins.push(0);
        self.departures.clear();
    }

    /// Has the servers of the tenants of a batch run along their courses.
    ///
    /// - `row`: in which the tenants stand;
    /// - `stop`: where the life of a tenant is to stop, by its index; none if it is not lived from the start on.
    pub(in crate::sim) fn set_out(
        &mut self,
        ground: Option<Ground<'c, '_>>,
        (row, tenants): (Row, &[Tenant]),
        draws: &mut TenantDraws,
        stop: impl Fn(usize) -> Option<PartingPoint>,
    ) {
        let Some(ground) = ground.filter(|ground| !ground.is_empty()) else { return };
        for (index, tenant) in tenants.iter().enumerate() {
            match stop(index) {
                Some(stop) if !ground.passes_by(tenant) => {
                    draws.turn_along(row, index);
                    self.add(&ground, tenant, draws, &stop);
                }
                _ => {}
            }
            self.begins.push(self.departures.len() as u32);
        }
        self.run(&ground);
    }

    /// Adds the servers of the next tenant, if all of them have courses: up to where the life is to stop.
    #[inline(always)]
    fn add(&mut self, ground: &Ground<'c, '_>, tenant: &Tenant, draws: &mut TenantDraws, stop: &PartingPoint) {
        if !ground.has_courses(tenant) {
            return;
        }
        // Most tenants: without a list of servers to look through.
        if let ([_], PartingPoint::NEVER) = (tenant.servers.as_slice(), *stop) {
            if let Some(departure) = ground.departure(tenant, 0, draws) {
                let waits = (self.departures.len(), 0);
                self.departures.push(departure);
                self.wait(ground, departure, (tenant, waits), draws, stop.from);
            }
        } else {
            self.add_several(ground, tenant, draws, stop);
        }
    }

    /// The same for any number of servers, and any stop.
    #[inline(never)]
    fn add_several(&mut self, ground: &Ground<'c, '_>, tenant: &Tenant, draws: &mut TenantDraws, stop: &PartingPoint) {
        let known = self.departures.len();
        for server in 0..tenant.servers.len() {
            let Some(departure) = ground.departure(tenant, server, draws) else {
                self.departures.truncate(known);
                return;
            };
            self.departures.push(departure);
        }
        let mut from = stop.from;
        if stop.pause || stop.detection {
            let stops = self.departures[known..].iter().map(|departure| departure.stops(ground.rules, stop));
            from = stops.fold(from, SimTime::min);
        }
        for index in known..self.departures.len() {
            self.wait(ground, self.departures[index], (tenant, (index, index - known)), draws, from);
        }
    }

    /// Has a server wait for others on its course; when there are enough, they run.
    ///
    /// - its index among the departures, and among the servers of its tenant.
    #[inline(always)]
    fn wait(
        &mut self,
        ground: &Ground<'c, '_>,
        Departure { course, detected, .. }: Departure<'c>,
        (tenant, (server, of_tenant)): (&Tenant, (usize, usize)),
        draws: &mut TenantDraws,
        from: SimTime,
    ) {
        let thresholds = draws.thresholds(of_tenant as u32, course.opens);
        let place = self.crew(course);
        let Crew { count, servers, brings, .. } = &mut self.crews[place];
        let lane = *count % ABREAST;
        if lane == 0 {
            self.waiting.push(place as u32);
        }
        *count = lane + 1;
        servers[lane] = server as u32;
        brings.detected[lane] = detected as f64;
        brings.diligence[lane] = tenant.diligence;
        brings.from[lane] = from.seconds() as f64;
        for (of_all, threshold) in brings.thresholds.iter_mut().zip(thresholds) {
            of_all[lane] = threshold;
        }
        if lane + 1 == ABREAST {
            self.set_off(place, ground);
        }
    }

    /// The place of the crew of a course.
    #[inline]
    fn crew(&mut self, course: &'c Course) -> usize {
        match self.crew_of.get(course.number) {
            Some(&place) if place > 0 => place as usize - 1,
            _ => self.new_crew(course),
        }
    }

    #[cold]
    fn new_crew(&mut self, course: &'c Course) -> usize {
        if self.crew_of.len() <= course.number {
            self.crew_of.resize(course.number + 1, 0);
        }
        let none = [0.0; ABREAST];
        let brings = Brings { detected: none, diligence: none, thresholds: [none; Route::ALL.len()], from: none };
        self.crews.push(Crew { course, count: 0, servers: [0; ABREAST], brings });
        self.crew_of[course.number] = self.crews.len() as u32;
        self.crews.len() - 1
    }

    /// Has those run who still wait.
    fn run(&mut self, ground: &Ground<'c, '_>) {
        while let Some(place) = self.waiting.pop() {
            if self.crews[place as usize].count > 0 {
                self.set_off(place as usize, ground);
            }
        }
    }

    /// Has a crew run.
    fn set_off(&mut self, place: usize, ground: &Ground<'c, '_>) {
        let Ground { rules, group_rules, .. } = *ground;
        let Crew { course, count, servers, brings } = &mut self.crews[place];
        // Nobody is in the last lanes.
        brings.from[*count..].fill(f64::NEG_INFINITY);
        let hazards = rules.hazards_by_class(group_rules, course.product);
        let stands = dispatch!(Level::new(), simd => run(simd, course, hazards, (brings, rules.start)));
        if self.reaches.len() < self.departures.len() {
            let nowhere = Reach { turn: 0, press: Press::begin(rules.start), decides: SimTime::NEVER };
            self.reaches.resize(self.departures.capacity(), nowhere);
        }
        for (lane, &server) in servers[..*count].iter().enumerate() {
            let turn = stands.reached[lane] as usize;
            let of = |each: &[Each; Route::ALL.len()]| each.each_ref().map(|each| each[lane]);
            let since = SimTime::from_seconds(stands.since[lane] as i64);
            let open = &course.turns[turn].open;
            let next = Route::ALL.get(stands.next[lane] as usize).copied();
            let press = Press::after(of(&stands.left), of(&stands.hazard), since, open, next);
            let decides = press.falls(stands.days[lane]);
            self.reaches[server as usize] = Reach { turn, press, decides };
        }
        *count = 0;
    }

    /// The servers of a tenant of the batch, by its index; none if it has no courses.
    #[inline]
    pub(in crate::sim) fn of(&self, tenant: usize) -> Travels<'_, 'c> {
        let (begin, end) = match self.begins.get(tenant..).unwrap_or_default() {
            &[begin, end, ..] => (begin as usize, end as usize),
            _ => (0, 0),
        };
        Travels { departures: &self.departures[begin..end], reaches: &self.reaches[begin..end] }
    }
}

/// The servers of one tenant on their courses; none if it has no courses.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::sim) struct Travels<'j, 'c> {
    pub(super) departures: &'j [Departure<'c>],
    pub(super) reaches: &'j [Reach],
}

impl Travels<'_, '_> {
    /// Whether there are none.
    pub(in crate::sim) fn is_none(&self) -> bool {
        self.departures.is_empty()
    }
}

impl Departure<'_> {
    /// An instant before which its tenant's life does not stop by what happens to it on its course.
    #[inline(always)]
    fn stops(&self, rules: &Rules<'_>, stop: &PartingPoint) -> SimTime {
        let turn = |wanted: bool, turn: usize| {
            let turn = if wanted { self.course.turns.get(turn) } else { None };
            turn.map_or(SimTime::NEVER, |turn| SimTime::from_seconds(turn.at.at(self.detected)))
        };
        let midnight = rules.calendar.first().start();
        let detected = midnight + SimDuration::from_seconds(self.detected);
        let detection =
            if stop.detection && self.course.first_detection < usize::MAX { detected } else { SimTime::NEVER };
        detection.min(turn(stop.pause, self.course.first_pause))
    }
}

/// Lets the hazards of turn after turn press on servers of one course, on each as long as no decision can fall, up to where its life
/// is to stop.
#[inline(always)]
fn run<S: Simd>(simd: S, course: &Course, hazards: &[Hazards], (brings, start): (&Brings, SimTime)) -> Stands {
    let each = |each: &Each| f64x4::simd_from(simd, *each);
    let all = |number: f64| f64x4::splat(simd, number);
    let (detected, diligence, from) = (each(&brings.detected), each(&brings.diligence), each(&brings.from));
    let thresholds = brings.thresholds.each_ref().map(each);
    let (mut left, mut hazard) = ([all(f64::INFINITY); Route::ALL.len()], [all(0.0); Route::ALL.len()]);
    let (mut since, mut reached) = (all(start.seconds() as f64), all(0.0));
    let mut goes_on = all(0.0).simd_eq(all(0.0));
    // Bits of the routes that pressed so far.
    let mut presses = 0;
    for (index, turn) in course.turns.iter().enumerate() {
        let at = all(turn.base) + all(turn.slope) * detected;
        // Nothing presses before the first turn, where lives begin.
        if index > 0 {
            let days = (at - since) / all(DAY_SECONDS as f64);
            let mut then = left;
            goes_on &= at.simd_lt(from);
            for route in 0..left.len() {
                if presses >> route & 1 == 1 {
                    then[route] = left_after(left[route], hazard[route], days);
                    goes_on &= !then[route].simd_lt(left[route] * all(Press::CERTAINLY_LEFT));
                }
            }
            if !goes_on.any_true() {
                break;
            }
            for route in 0..left.len() {
                left[route] = goes_on.select(then[route], left[route]);
            }
            reached += goes_on.select(all(1.0), all(0.0));
        }
        since = goes_on.select(at, since);
        let (pressed, added) = hazards[turn.class.index()].of_open(&turn.open);
        let terms = [f64x4::simd_from(simd, pressed), f64x4::simd_from(simd, added)];
        presses |= (terms[0] + terms[1]).simd_gt(all(0.0)).to_bitmask();
        for route in 0..left.len() {
            if presses >> route & 1 == 1 {
                let now = hazard_of(diligence, all(pressed[route]), all(added[route]));
                hazard[route] = goes_on.select(now, hazard[route]);
                let lacks = hazard[route].simd_gt(all(0.0)) & left[route].simd_eq(all(f64::INFINITY));
                left[route] = lacks.select(thresholds[route], left[route]);
            }
        }
    }
    let (mut days, mut next) = (all(f64::INFINITY), all(Route::ALL.len() as f64));
    for route in 0..left.len() {
        if presses >> route & 1 == 1 {
            let reached = (left[route] / hazard[route]).max(all(0.0));
            let sooner = hazard[route].simd_gt(all(0.0)) & reached.simd_lt(days);
            (days, next) = (sooner.select(reached, days), sooner.select(all(route as f64), next));
        }
    }
    let each = |lanes: [f64x4<S>; Route::ALL.len()]| lanes.map(Into::into);
    let (left, hazard) = (each(left), each(hazard));
    Stands { left, hazard, since: since.into(), reached: reached.into(), days: days.into(), next: next.into() }
}
