//! Decision clocks: what presses a server's owner, and when the decision falls.
//!
//! Every open route has a threshold, drawn unit-exponential when it is first needed in a round. Its hazard uses the threshold
//! up; the route whose threshold is used up first is decided on. Hazards are constant between two calls, so that instant is
//! exact (the model's section on how servers come to be remediated).

use std::ops::{Add, Mul, Sub};

use crate::time::{DAY_SECONDS, SimDuration, SimTime};
use crate::world::Route;

/// Routes, padded to whole lanes: the last is no route and never open.
const LANES: usize = 4;

/// Decisions further away than this many days never fall.
const FAR_DAYS: f64 = 1e6;

/// Which routes a decision can take: 1 for an open one, 0 for a closed one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::sim) struct Open([f64; LANES]);

/// The routes that a decision can take in one byte, for those of whom there are many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sim) struct OpenBits(u8);

impl OpenBits {
    /// By route, for any bits.
    const LANES: [Open; 1 << LANES] = {
        let mut all = [Open::NONE; 1 << LANES];
        let mut at = 0;
        while at < all.len() * LANES {
            let (bits, route) = (at / LANES, at % LANES);
            all[bits].0[route] = (bits >> route & 1) as f64;
            at += 1;
        }
        all
    };

    #[inline(always)]
    pub(in crate::sim) fn open(self) -> &'static Open {
        &Self::LANES[usize::from(self.0) % Self::LANES.len()]
    }
}

/// Decision hazards per day by route: `diligence x pressed + added`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::sim) struct Hazards {
    pressed: [f64; LANES],
    added: [f64; LANES],
}

/// The clocks of one server's present round.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::sim) struct Press {
    /// What is left of each route's threshold at `since`; infinite until it is drawn.
    left: [f64; LANES],
    /// The hazards per day since `since`.
    hazard: [f64; LANES],
    since: SimTime,
    /// Whether a threshold may still have to be drawn.
    undrawn: bool,
    /// The route that will be decided on as things stand.
    next: Option<Route>,
}

/// A hazard per day, of one server or of several abreast.
#[inline(always)]
pub(in crate::sim) fn hazard_of<N: Add<Output = N> + Mul<Output = N>>(diligence: N, pressed: N, added: N) -> N {
    diligence * pressed + added
}

/// What a hazard leaves of a threshold after some days, of one server or of several abreast.
#[inline(always)]
pub(in crate::sim) fn left_after<N: Sub<Output = N> + Mul<Output = N>>(left: N, hazard: N, days: N) -> N {
    left - hazard * days
}

impl Open {
    /// No route.
    pub(in crate::sim) const NONE: Open = Open([0.0; LANES]);

    pub(in crate::sim) fn new(open: [bool; 3]) -> Self {
        let [patch, upgrade, leave] = open.map(|open| f64::from(u8::from(open)));
        Open([patch, upgrade, leave, 0.0])
    }

    /// The same in one byte.
    pub(in crate::sim) fn bits(self) -> OpenBits {
        let bit = |route: usize| u8::from(self.0[route] > 0.0) << route;
        OpenBits((0..LANES).map(bit).sum())
    }

    /// 1 if a route is open, else 0.
    #[inline]
    pub(in crate::sim) fn of(&self, route: Route) -> f64 {
        self.0[route as usize]
    }
}

impl Hazards {
    /// By route, in the order of [`Route::ALL`]: what diligence multiplies, and what it does not touch.
    pub(in crate::sim) fn new(pressed: [f64; 3], added: [f64; 3]) -> Self {
        let lanes = |[patch, upgrade, leave]: [f64; 3]| [patch, upgrade, leave, 0.0];
        Hazards { pressed: lanes(pressed), added: lanes(added) }
    }

    /// Whether those of a route are the same, whatever the diligence.
    pub(in crate::sim) fn is_same(&self, other: &Hazards, route: Route) -> bool {
        let of = |hazards: &Hazards| (hazards.pressed[route as usize], hazards.added[route as usize]);
        of(self) == of(other)
    }

    /// Where these routes are open: by route what diligence multiplies, and what it does not touch; else 0.
    #[inline(always)]
    pub(in crate::sim) fn of_open(&self, open: &Open) -> ([f64; LANES], [f64; LANES]) {
        let of_open = |terms: &[f64; LANES]| std::array::from_fn(|route| open.0[route] * terms[route]);
        (of_open(&self.pressed), of_open(&self.added))
    }

    /// The hazard per day of one route.
    pub(in crate::sim) fn of(&self, route: Route, diligence: f64) -> f64 {
        hazard_of(diligence, self.pressed[route as usize], self.added[route as usize])
    }
}

impl Press {
    /// A round that begins at `now`, with all thresholds to be drawn.
    pub(in crate::sim) const fn begin(now: SimTime) -> Self {
        Press { left: [f64::INFINITY; LANES], hazard: [0.0; LANES], since: now, undrawn: true, next: None }
    }

    /// The clocks of a first round as they stand at an instant: what is left of the thresholds, the hazards from then on, and the route
    /// whose threshold they reach first. Whether a threshold lacks is looked up when others press.
    #[inline(always)]
    pub(in crate::sim) fn after(left: [f64; 3], hazard: [f64; 3], since: SimTime, next: Option<Route>) -> Self {
        let [patch, upgrade, leave] = left;
        let left = [patch, upgrade, leave, f64::INFINITY];
        let [patch, upgrade, leave] = hazard;
        let hazard = [patch, upgrade, leave, 0.0];
        Press { left, hazard, since, undrawn: true, next }
    }

    /// The hazards per day by route.
    pub(in crate::sim) fn hazards(&self) -> [f64; 3] {
        [self.hazard[0], self.hazard[1], self.hazard[2]]
    }

    /// The route that is decided on next as things stand.
    #[inline]
    pub(in crate::sim) fn next(&self) -> Option<Route> {
        self.next
    }

    /// Since when the hazards are what they are.
    #[inline]
    pub(in crate::sim) fn since(&self) -> SimTime {
        self.since
    }

    /// Settles what the old hazards have used up of the thresholds and takes on new ones. When the next decision falls is not
    /// worked out; [`first`](Self::first) does that.
    ///
    /// - `now`: a detection that lies before the start of the round presses from that start on.
    #[inline(always)]
    pub(in crate::sim) fn turn(&mut self, now: SimTime, open: &Open, hazards: &Hazards, diligence: f64) {
        self.settle(now);
        for i in 0..LANES {
            // A closed route has no hazard; every hazard is finite.
            self.hazard[i] = open.0[i] * hazard_of(diligence, hazards.pressed[i], hazards.added[i]);
        }
    }

    /// The round is decided: nothing presses and no decision falls from `now` on. What is left of its thresholds nobody asks any more.
    #[inline(always)]
    pub(in crate::sim) fn stand_still(&mut self, now: SimTime) {
        (self.hazard, self.next) = ([0.0; LANES], None);
        self.since = self.since.max(now);
    }

    /// Settles what the hazards have used up of the thresholds.
    #[inline(always)]
    fn settle(&mut self, now: SimTime) {
        if now > self.since {
            let days = now.since(self.since).days_f64();
            for i in 0..LANES {
                self.left[i] = left_after(self.left[i], self.hazard[i], days);
            }
            self.since = now;
        }
    }

    /// Whether a route presses whose threshold was not drawn yet.
    #[inline(always)]
    pub(in crate::sim) fn lacks_threshold(&self) -> bool {
        self.undrawn
            && (0..LANES).fold(false, |lacks, i| lacks | ((self.hazard[i] > 0.0) & (self.left[i] == f64::INFINITY)))
    }

    /// Settles what the hazards use up in the next `days`, up to `until`, if no decision can fall by then; tells whether it did.
    /// Yes is certain, and the next turn then has nothing left to settle; after a no nothing has changed.
    #[inline(always)]
    pub(in crate::sim) fn pass(&mut self, days: f64, until: SimTime) -> bool {
        let left: [f64; LANES] = std::array::from_fn(|i| left_after(self.left[i], self.hazard[i], days));
        let may_fall = (0..LANES).fold(false, |may, i| may | (left[i] < self.left[i] * Self::CERTAINLY_LEFT));
        if !may_fall {
            (self.left, self.since) = (left, until);
        }
        !may_fall
    }

    /// No decision can have fallen where so much of what was left of a threshold is left: far more than three roundings can make up for,
    /// so that no comparison in whole seconds differs.
    pub(in crate::sim) const CERTAINLY_LEFT: f64 = 1e-12;

    /// Whether the next decision may fall before so much time has passed since the last turn: no means that it certainly does
    /// not, yes that [`first`](Self::first) must be asked. It takes no division.
    #[inline(always)]
    pub(in crate::sim) fn may_fall_within(&self, time: SimDuration) -> bool {
        // Far more than four roundings can make up for, so that no comparison that follows in whole seconds differs.
        const DAYS: f64 = (1.0 + 1e-12) / DAY_SECONDS as f64;
        let days = time.seconds() as f64 * DAYS;
        (0..LANES).fold(false, |may, i| may | (self.left[i] <= self.hazard[i] * days))
    }

    /// Routes may have opened: their thresholds may have to be drawn.
    #[inline]
    pub(in crate::sim) fn reopen(&mut self) {
        self.undrawn = true;
    }

    /// Each (server, round, route) owns one threshold, drawn when first needed.
    ///
    /// - `draw`: the threshold of a route, asked for once in a round.
    #[inline]
    pub(in crate::sim) fn draw_thresholds(&mut self, open: &Open, mut draw: impl FnMut(Route) -> f64) {
        for route in Route::ALL {
            let i = route as usize;
            if self.hazard[i] > 0.0 && self.left[i] == f64::INFINITY {
                self.left[i] = draw(route);
            }
        }
        // An open route that does not press in this class may press in another.
        self.undrawn = lacks(open, &self.left);
    }

    /// When a decision falls that many days after the last turn; never if it is too far away.
    #[inline(always)]
    pub(in crate::sim) fn falls(&self, days: f64) -> SimTime {
        if days < FAR_DAYS { self.since + SimDuration::from_days_f64(days) } else { SimTime::NEVER }
    }

    /// Finds the route whose threshold is reached first at the present hazards, and in how many days from the last turn on.
    #[inline]
    pub(in crate::sim) fn first(&mut self) -> f64 {
        let mut earliest = f64::INFINITY;
        self.next = None;
        for route in Route::ALL {
            let (left, hazard) = (self.left[route as usize], self.hazard[route as usize]);
            if hazard > 0.0 {
                let days = (left / hazard).max(0.0);
                if days < earliest {
                    (self.next, earliest) = (Some(route), days);
                }
            }
        }
        earliest
    }
}

/// Whether the threshold of an open route was not drawn.
#[inline(always)]
fn lacks(open: &Open, left: &[f64; LANES]) -> bool {
    (0..LANES).fold(false, |lacks, i| lacks | ((open.0[i] > 0.0) & (left[i] == f64::INFINITY)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPEN: Open = Open([1.0, 0.0, 1.0, 0.0]);

    /// Clocks at second 0 with these thresholds left of `patch` and `leave`, at these hazards per day.
    fn clocks(left: [f64; 2], hazard: [f64; 2]) -> Press {
        let mut press = Press::begin(SimTime::from_seconds(0));
        press.turn(SimTime::from_seconds(0), &OPEN, &Hazards::new([hazard[0], 9.0, hazard[1]], [0.0; 3]), 1.0);
        press.draw_thresholds(&OPEN, |route| if route == Route::Patch { left[0] } else { left[1] });
        press
    }

    /// The second at which the next decision falls.
    fn falls(press: &Press) -> i64 {
        Some(press.clone().first())
            .filter(|days| days.is_finite())
            .map_or(i64::MAX, |days| SimDuration::from_days_f64(days).seconds())
    }

    #[test]
    fn a_decision_is_ruled_out_only_where_it_falls_later() {
        // Thresholds and hazards over many orders of magnitude, and lengths around the very second at which a decision falls.
        let mut ruled_out = 0;
        for i in 1..400 {
            let (left, hazard) = (f64::from(i) * 0.013, 1.0 / (1.0 + f64::from(i * i % 977)));
            let press = clocks([left, left * 3.0], [hazard, hazard * 2.9]);
            let falls_at = falls(&press);
            for off in [-86_400, -2, -1, 0, 1, 2, 86_400] {
                let until = (falls_at + off).max(1);
                let days = SimDuration::from_seconds(until).days_f64();
                let passed = press.clone().pass(days, SimTime::from_seconds(until));
                let may_fall = press.may_fall_within(SimDuration::from_seconds(until));
                assert!(!(falls_at < until && (passed || !may_fall)), "{i}: {falls_at}, {until}");
                ruled_out += usize::from(passed);
                assert!(passed || off >= -2, "{i}: a day before the decision nothing can fall");
            }
        }
        assert!(ruled_out > 400, "{ruled_out}");
    }

    #[test]
    fn a_route_that_presses_lacks_its_threshold_until_it_is_drawn() {
        let at = |day: i64| SimTime::from_seconds(day * 86_400);
        let mut press = Press::begin(at(0));
        press.turn(at(0), &OPEN, &Hazards::new([0.0; 3], [0.0; 3]), 1.0);
        assert!(!press.lacks_threshold(), "nothing presses");
        press.turn(at(1), &OPEN, &Hazards::new([0.0, 9.0, 0.1], [0.0; 3]), 1.0);
        assert!(press.lacks_threshold(), "one route presses, and only it lacks one");
        press.draw_thresholds(&OPEN, |_| 1.0);
        assert!(!press.lacks_threshold());
        press.turn(at(2), &OPEN, &Hazards::new([0.1, 9.0, 0.1], [0.0; 3]), 1.0);
        assert!(press.lacks_threshold(), "another one presses for the first time");
    }

    #[test]
    fn standing_still_is_turning_to_no_open_route_but_for_what_is_left() {
        let (mut still, mut turned) = (clocks([2.0, 7.0], [0.031, 0.017]), clocks([2.0, 7.0], [0.031, 0.017]));
        let at = SimTime::from_seconds(10 * 86_400);
        assert!(still.first().is_finite());
        still.stand_still(at);
        turned.turn(at, &Open::NONE, &Hazards::new([0.2, 9.0, 0.1], [0.3; 3]), 0.7);
        assert!(turned.left < still.left, "{turned:?} {still:?}");
        still.left = turned.left;
        assert_eq!((turned.first(), &still), (f64::INFINITY, &turned));
    }

    #[test]
    fn passing_settles_what_the_next_turn_would() {
        let (mut passed, mut turned) = (clocks([2.0, 7.0], [0.031, 0.017]), clocks([2.0, 7.0], [0.031, 0.017]));
        let (at, next) = (SimTime::from_seconds(10 * 86_400), Hazards::new([0.2, 0.0, 0.1], [0.0; 3]));
        assert!(passed.pass(10.0, at));
        passed.turn(at, &OPEN, &next, 0.7);
        turned.turn(at, &OPEN, &next, 0.7);
        assert_eq!(passed, turned);
        assert_eq!(passed.first(), turned.first());
    }

    #[test]
    fn routes_that_do_not_press_hold_nothing_up() {
        let mut press = clocks([f64::INFINITY, 1.0], [0.0, 0.0]);
        assert!(!press.may_fall_within(SimDuration::from_seconds(1 << 40)));
        assert!(press.pass(1e5, SimTime::from_seconds(86_400)), "nothing can fall without a hazard");
    }
}
