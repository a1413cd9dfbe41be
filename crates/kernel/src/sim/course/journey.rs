//! How far the servers of a batch of tenants go along their courses, worked out side by side.
//!
//! Servers on one course meet the same turns, each at its own time. Some of them at a time run along it abreast: at each turn
//! what has pressed since the one before is taken off their thresholds, as [`Press`] does for one server, operation by operation.

use fearless_simd::prelude::*;
use fearless_simd::{Level, Simd, dispatch, f64x4, f64x8};

use super::super::parting::PartingPoint;
use super::super::rules::Rules;
use super::super::server::press::{Hazards, Press, hazard_of, left_after};
use super::{Course, Departure, Ground};
use crate::draws::{Row, TenantDraws, lanes};
use crate::time::{DAY_SECONDS, SimDuration, SimTime};
use crate::world::{Route, Tenant};

/// Servers that run abreast. With less than AVX-512 they are worked on in parts, of which some wait for their results while others are
/// begun: each turn waits for the one before.
const ABREAST: usize = 8;

/// A number of each of them.
type Each = [f64; ABREAST];
/// The same of each route, in lanes.
type Lanes<S> = [f64x8<S>; Route::ALL.len()];

/// Where it is told how far a server goes on its course: by whom it runs abreast with, and in which lane.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Lane {
    crew: u32,
    lane: u32,
}

/// The journeys of the servers of a batch of tenants of one group.
#[derive(Debug, Default)]
pub(in crate::sim) struct Journeys<'c> {
    /// Of each tenant where its servers begin, and behind them all where the last ends.
    begins: Vec<u32>,
    departures: Vec<Departure<'c>>,
    /// How those stand that ran abreast, up to `told`; behind them those of batches before.
    stands: Vec<Stands>,
    told: usize,
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
    count: usize,
    /// The index of how they will stand.
    stands: usize,
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
pub(in crate::sim) struct Stands {
    left: [Each; Route::ALL.len()],
    hazard: [Each; Route::ALL.len()],
    since: Each,
    reached: Each,
    /// Days from then to the decision, and its route by number.
    days: Each,
    next: Each,
}

impl Stands {
    const NOWHERE: Stands = {
        let none = [0.0; ABREAST];
        let of_routes = [none; Route::ALL.len()];
        Stands { left: of_routes, hazard: of_routes, since: none, reached: none, days: none, next: none }
    };

    /// The last turn before a server's decision may fall or its life is to stop.
    #[inline(always)]
    fn turn(&self, lane: usize) -> usize {
        lanes::integer(self.reached[lane]) as usize
    }

    /// Its clocks after that turn, and when its decision falls as things stand there.
    #[inline(always)]
    fn clocks(&self, lane: usize) -> (Press, SimTime) {
        let of = |each: &[Each; Route::ALL.len()]| each.each_ref().map(|each| each[lane]);
        let since = SimTime::from_seconds(lanes::integer(self.since[lane]));
        let next = Route::ALL.get(lanes::integer(self.next[lane]) as usize).copied();
        let press = Press::after(of(&self.left), of(&self.hazard), since, next);
        let decides = press.falls(self.days[lane]);
        (press, decides)
    }
}

impl<'c> Journeys<'c> {
    /// Begins a batch of tenants of one group.
    pub(in crate::sim) fn begin(&mut self) {
        self.begins.clear();
        self.begins.push(0);
        self.departures.clear();
        self.told = 0;
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
            if let Some(mut departure) = ground.departure(tenant, 0, draws) {
                departure.lane = self.wait(ground, &departure, (tenant, 0), draws, stop.from);
                self.departures.push(departure);
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
            let departure = self.departures[index];
            self.departures[index].lane = self.wait(ground, &departure, (tenant, index - known), draws, from);
        }
    }

    /// Has a server wait for others on its course, by its index among those of its tenant; when there are enough, they run.
    #[inline(always)]
    fn wait(
        &mut self,
        ground: &Ground<'c, '_>,
        &Departure { course, detected, .. }: &Departure<'c>,
        (tenant, server): (&Tenant, usize),
        draws: &mut TenantDraws,
        from: SimTime,
    ) -> Lane {
        let thresholds = draws.thresholds(server as u32, course.opens);
        let place = self.crew(course);
        let Crew { count, stands, brings, .. } = &mut self.crews[place];
        let lane = *count % ABREAST;
        if lane == 0 {
            self.waiting.push(place as u32);
            *stands = self.told;
            self.told += 1;
        }
        *count = lane + 1;
        let waits = Lane { crew: *stands as u32, lane: lane as u32 };
        brings.detected[lane] = detected as f64;
        brings.diligence[lane] = tenant.diligence;
        brings.from[lane] = from.seconds() as f64;
        for (of_all, threshold) in brings.thresholds.iter_mut().zip(thresholds) {
            of_all[lane] = threshold;
        }
        if lane + 1 == ABREAST {
            self.set_off(place, ground);
        }
        waits
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
        self.crews.push(Crew { course, count: 0, stands: 0, brings });
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
        let Crew { course, count, stands, brings } = &mut self.crews[place];
        // Nobody is in the last lanes.
        brings.from[*count..].fill(f64::NEG_INFINITY);
        let hazards = rules.hazards_by_class(group_rules, course.product);
        if self.stands.len() < self.told {
            self.stands.resize(self.told, Stands::NOWHERE);
        }
        let stands = &mut self.stands[*stands];
        dispatch!(Level::new(), simd => run(simd, course, hazards, (brings, rules.start), stands));
        *count = 0;
    }

    /// The servers of a tenant of the batch, by its index; none if it has no courses.
    #[inline]
    pub(in crate::sim) fn of(&self, tenant: usize) -> Travels<'_, 'c> {
        let (begin, end) = match self.begins.get(tenant..).unwrap_or_default() {
            &[begin, end, ..] => (begin as usize, end as usize),
            _ => (0, 0),
        };
        Travels { departures: &self.departures[begin..end], stands: &self.stands }
    }
}

/// The servers of one tenant on their courses; none if it has no courses.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::sim) struct Travels<'j, 'c> {
    pub(super) departures: &'j [Departure<'c>],
    /// Of the whole batch.
    pub(super) stands: &'j [Stands],
}

impl Travels<'_, '_> {
    /// Whether there are none.
    pub(in crate::sim) fn is_none(&self) -> bool {
        self.departures.is_empty()
    }
}

impl Departure<'_> {
    /// The last turn of its course before its decision may fall or the life is to stop.
    #[inline(always)]
    pub(super) fn turn(&self, stands: &[Stands]) -> usize {
        stands[self.lane.crew as usize].turn(self.lane.lane as usize % ABREAST)
    }

    /// Its clocks after that turn, and when its decision falls as things stand there.
    #[inline(always)]
    pub(super) fn clocks(&self, stands: &[Stands]) -> (Press, SimTime) {
        stands[self.lane.crew as usize].clocks(self.lane.lane as usize % ABREAST)
    }

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
fn run<S: Simd>(
    simd: S,
    course: &Course,
    hazards: &[Hazards],
    (brings, start): (&Brings, SimTime),
    stands: &mut Stands,
) {
    let each = |each: &Each| f64x8::simd_from(simd, *each);
    let all = |number: f64| f64x8::splat(simd, number);
    let (detected, diligence, from) = (each(&brings.detected), each(&brings.diligence), each(&brings.from));
    let thresholds = brings.thresholds.each_ref().map(each);
    let (mut left, mut hazard) = ([all(f64::INFINITY); Route::ALL.len()], [all(0.0); Route::ALL.len()]);
    let (mut since, mut reached) = (all(start.seconds() as f64), all(0.0));
    // The turn before. For those who go on that is `since`, which waits for who they are.
    let mut before = since;
    let mut goes_on = all(0.0).simd_eq(all(0.0));
    // Bits of the routes that pressed so far.
    let mut presses = 0;
    for (index, turn) in course.turns.iter().enumerate() {
        // Whole seconds are exact as floating-point numbers.
        let at = all(turn.at.base as f64) + all(turn.at.slope as f64) * detected;
        // Nothing presses before the first turn, where lives begin.
        if index > 0 {
            let days = (at - before) / all(DAY_SECONDS as f64);
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
        before = at;
        let (pressed, added) = hazards[turn.class.index()].of_open(turn.open.open());
        // The routes side by side, not the servers.
        let terms = [f64x4::simd_from(simd, pressed), f64x4::simd_from(simd, added)];
        presses |= (terms[0] + terms[1]).simd_gt(f64x4::splat(simd, 0.0)).to_bitmask();
        for route in 0..left.len() {
            if presses >> route & 1 == 1 {
                let now = hazard_of(diligence, all(pressed[route]), all(added[route]));
                hazard[route] = goes_on.select(now, hazard[route]);
                let lacks = hazard[route].simd_gt(all(0.0)) & left[route].simd_eq(all(f64::INFINITY));
                left[route] = lacks.select(thresholds[route], left[route]);
            }
        }
    }
    let [days, next] = first(simd, (&left, &hazard), presses).map(Into::into);
    let (left, hazard) = (left.map(Into::into), hazard.map(Into::into));
    *stands = Stands { left, hazard, since: since.into(), reached: reached.into(), days, next };
}

/// In how many days the first threshold is reached, and of which route by number, of those that press: [`Press::first`] of servers
/// abreast.
#[inline(always)]
fn first<S: Simd>(simd: S, (left, hazard): (&Lanes<S>, &Lanes<S>), presses: u64) -> [f64x8<S>; 2] {
    let all = |number: f64| f64x8::splat(simd, number);
    let (mut days, mut next) = (all(f64::INFINITY), all(Route::ALL.len() as f64));
    for route in 0..left.len() {
        if presses >> route & 1 == 1 {
            let reached = (left[route] / hazard[route]).max(all(0.0));
            let sooner = hazard[route].simd_gt(all(0.0)) & reached.simd_lt(days);
            (days, next) = (sooner.select(reached, days), sooner.select(all(route as f64), next));
        }
    }
    [days, next]
}
