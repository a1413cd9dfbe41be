//! One server under enforcement: a clock on a ladder, paused or not.

use super::{Clock, Ladder, Minutes, PauseRules};
use crate::time::{SimDuration, SimTime};

/// The enforcement of one server in one cycle, from first detection to remediation.
///
/// It never scans time: the next transition follows from the clock by one subtraction. Whoever drives it calls
/// [`advance`](Self::advance) at [`next_transition`](Self::next_transition) and [`set_paused`](Self::set_paused) at both
/// ends of every pause, in order of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Enforcement {
    detected: SimTime,
    clock: Clock,
    stage: usize,
    paused: bool,
}

impl Enforcement {
    /// A cycle that begins at first detection with the clock at `reading` (zero unless the policy resumes a former cycle).
    pub fn begin(ladder: &Ladder, rules: &PauseRules, at: SimTime, paused: bool, reading: SimDuration) -> Self {
        let clock = Clock::new(at, reading, true);
        let mut server = Enforcement { detected: at, clock, stage: ladder.stage_at(reading), paused };
        server.settle_clock(ladder, rules, at);
        server
    }

    /// First detection of this cycle.
    pub const fn detected(&self) -> SimTime {
        self.detected
    }

    /// The stage the server stands in, counted from 0; it keeps its stage while paused.
    pub const fn stage(&self) -> usize {
        self.stage
    }

    /// Whether the tenant is paused.
    pub const fn is_paused(&self) -> bool {
        self.paused
    }

    /// Seconds on the clock at `at`.
    pub fn served(&self, at: SimTime) -> SimDuration {
        self.clock.served(at)
    }

    /// The minutes in force: those of the stage, or none while paused.
    pub fn minutes(&self, ladder: &Ladder) -> Minutes {
        if self.paused { Minutes::NONE } else { ladder.stages()[self.stage].minutes }
    }

    /// When the next stage starts as things stand; never in the last stage or while the clock stands.
    #[inline]
    pub fn next_transition(&self, ladder: &Ladder) -> SimTime {
        ladder.next_start(self.stage).map_or(SimTime::NEVER, |start| self.clock.reaches(start))
    }

    /// Enters the stage that the clock has reached at `at`.
    #[inline]
    pub fn advance(&mut self, ladder: &Ladder, rules: &PauseRules, at: SimTime) {
        let served = self.clock.served(at);
        // The clock never runs back, so the stage is this one or a later one.
        while ladder.next_start(self.stage).is_some_and(|start| start <= served) {
            self.stage += 1;
        }
        self.settle_clock(ladder, rules, at);
    }

    /// Enters a later stage at the instant at which the clock of a server that is not paused reaches its start: what
    /// [`advance`](Self::advance) would do, as nothing stops such a clock.
    #[inline]
    pub fn climb_to(&mut self, stage: usize) {
        debug_assert!(!self.paused && stage > self.stage, "the clock of a paused server may stop");
        self.stage = stage;
    }

    /// A server as it [stands](Self::clock) at some moment of its enforcement.
    pub(crate) const fn standing(detected: SimTime, clock: Clock, stage: usize, paused: bool) -> Self {
        Enforcement { detected, clock, stage, paused }
    }

    /// Its clock.
    pub(crate) const fn clock(&self) -> Clock {
        self.clock
    }

    /// The instant at which the clock of a server that is not paused would have read 0, had it always run.
    #[inline]
    pub fn clock_zero(&self) -> SimTime {
        self.clock.zero()
    }

    /// Begins or ends a pause at `at`.
    #[inline]
    pub fn set_paused(&mut self, ladder: &Ladder, rules: &PauseRules, at: SimTime, paused: bool) {
        self.paused = paused;
        self.settle_clock(ladder, rules, at);
    }

    /// The one place that says when the clock stands: while paused, unless the policy lets it run, or lets it run through
    /// the report stage.
    #[inline]
    fn settle_clock(&mut self, ladder: &Ladder, rules: &PauseRules, at: SimTime) {
        let in_report = || !ladder.stages()[self.stage].minutes.restrict();
        let stands = self.paused && rules.freezes && (rules.freezes_report || !in_report());
        if self.clock.is_running() == stands {
            self.clock.set_running(at, !stands);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::sample;

    const RULES: PauseRules =
        PauseRules { budget_days: 90, freezes: true, freezes_report: true, charge: super::super::Charge::YearOfDay };

    fn day(n: i64) -> SimTime {
        SimTime::from_seconds(0) + SimDuration::from_days(n)
    }

    #[test]
    fn a_pause_shifts_the_next_stage_by_its_length() {
        let ladder = sample::ladder();
        let mut server = Enforcement::begin(&ladder, &RULES, day(0), false, SimDuration::ZERO);
        assert_eq!(server.next_transition(&ladder), day(30));
        server.advance(&ladder, &RULES, day(30));
        server.set_paused(&ladder, &RULES, day(35), true);
        assert_eq!(server.next_transition(&ladder), SimTime::NEVER);
        assert_eq!((server.stage(), server.minutes(&ladder)), (1, Minutes::NONE));
        server.set_paused(&ladder, &RULES, day(41), false);
        assert_eq!(server.next_transition(&ladder), day(46));
        assert_eq!(server.served(day(46)), SimDuration::from_days(40));
    }

    #[test]
    fn a_pause_in_the_report_stage_may_leave_the_clock_running_up_to_the_first_restriction() {
        let ladder = sample::ladder();
        let rules = PauseRules { freezes_report: false, ..RULES };
        let mut server = Enforcement::begin(&ladder, &rules, day(0), true, SimDuration::ZERO);
        assert_eq!(server.next_transition(&ladder), day(30));
        server.advance(&ladder, &rules, day(30));
        assert_eq!((server.stage(), server.next_transition(&ladder)), (1, SimTime::NEVER));
        server.set_paused(&ladder, &rules, day(50), false);
        assert_eq!(server.next_transition(&ladder), day(60));
    }

    #[test]
    fn a_clock_that_runs_through_pauses_moves_on_unseen() {
        let ladder = sample::ladder();
        let rules = PauseRules { freezes: false, ..RULES };
        let mut server = Enforcement::begin(&ladder, &rules, day(0), false, SimDuration::ZERO);
        server.set_paused(&ladder, &rules, day(29), true);
        server.advance(&ladder, &rules, day(30));
        assert_eq!((server.stage(), server.minutes(&ladder)), (1, Minutes::NONE));
        assert_eq!(server.next_transition(&ladder), day(40));
    }

    #[test]
    fn a_clock_stopped_just_at_a_boundary_still_enters_the_stage() {
        let ladder = sample::ladder();
        let mut server = Enforcement::begin(&ladder, &RULES, day(0), false, SimDuration::ZERO);
        server.set_paused(&ladder, &RULES, day(30), true);
        assert_eq!(server.next_transition(&ladder), day(30));
        server.advance(&ladder, &RULES, day(30));
        assert_eq!(server.stage(), 1);
    }

    #[test]
    fn climbing_is_advancing_at_the_start_of_a_stage() {
        let ladder = sample::ladder();
        let mut server = Enforcement::begin(&ladder, &RULES, day(3), false, SimDuration::from_days(12));
        server.set_paused(&ladder, &RULES, day(5), true);
        server.set_paused(&ladder, &RULES, day(9), false);
        assert_eq!(server.clock_zero(), day(-5));
        for stage in 1..ladder.stages().len() {
            let at = server.next_transition(&ladder);
            assert_eq!(at, server.clock_zero() + ladder.start_of(stage));
            let mut climbed = server;
            server.advance(&ladder, &RULES, at);
            climbed.climb_to(stage);
            assert_eq!(climbed, server);
        }
    }

    #[test]
    fn a_resumed_cycle_starts_where_the_last_one_stood() {
        let ladder = sample::ladder();
        let server = Enforcement::begin(&ladder, &RULES, day(0), false, SimDuration::from_days(65));
        assert_eq!(server.stage(), 4);
        assert_eq!(server.next_transition(&ladder), day(5));
    }
}
