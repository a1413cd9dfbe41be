//! Where a server stands before anything was decided: taken down in one life, taken up in another.

use super::super::life::Setting;
use super::super::observe::Cycle;
use super::super::prospect::{RowIndex, Subject};
use super::super::slots::{EventClass, Slots};
use super::ServerLife;
use super::press::{OpenBits, Press};
use crate::policy::{Breach, Clock, Enforcement};
use crate::tally::Class;
use crate::time::{SimDuration, SimTime};

/// What a server is in its first cycle or before it, but for its times.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::sim) struct Standing {
    pub(in crate::sim) class: Class,
    pub(in crate::sim) open: OpenBits,
    /// Its row, counted from the one in which it starts.
    row: usize,
    breach: Option<Breach>,
    /// Whether it was detected; stage, clock and pause mean something only then.
    detected: bool,
    stage: usize,
    clock_runs: bool,
    paused: bool,
    restricts: bool,
    blocks: bool,
}

/// The times of a server, in seconds.
pub(in crate::sim) const SERVER_TIMES: usize = 6;

impl ServerLife {
    /// Where the server stands, and since when it has been in its class, its detection, since when its clock runs or stands, what it
    /// read then, when it will be detected and when its next stage starts.
    pub(in crate::sim) fn take_down<O>(&self, setting: &Setting<'_, '_, O>) -> (Standing, [i64; SERVER_TIMES]) {
        let found = &setting.tenant.servers[self.index as usize];
        let subject = Subject { product: found.product, build: found.build, esu: setting.tenant.esu };
        let start = setting.group_rules.prospects.at_start(subject);
        let enforcement = self.enforcement;
        let clock = enforcement.map(|enforcement| enforcement.clock());
        let (mark, served) = clock.map_or((0, 0), |clock| (clock.since().0.seconds(), clock.since().1.seconds()));
        let standing = Standing {
            class: self.class,
            open: self.open.bits(),
            row: self.prospect.after(start),
            breach: self.breach,
            detected: enforcement.is_some(),
            stage: enforcement.map_or(0, |enforcement| enforcement.stage()),
            clock_runs: clock.is_some_and(|clock| clock.is_running()),
            paused: enforcement.is_some_and(|enforcement| enforcement.is_paused()),
            restricts: self.restricts,
            blocks: self.blocks,
        };
        let detected = enforcement.map_or(0, |enforcement| enforcement.detected().seconds());
        let [ahead, climbs] = self.slots.ahead_of_server().map(SimTime::seconds);
        (standing, [self.since.seconds(), detected, mark, served, ahead, climbs])
    }

    /// 1 if its stage restricts it, and if it blocks it, were its tenant not paused.
    #[inline]
    pub(in crate::sim) fn restrictions(&self) -> (usize, usize) {
        (usize::from(self.restricts), usize::from(self.blocks))
    }

    /// Stands so at these times, with its own clocks and the decision to which they run; the server may be that of another life.
    #[inline(always)]
    pub(in crate::sim) fn take_up<O>(
        &mut self,
        setting: &Setting<'_, '_, O>,
        standing: &Standing,
        (start, [since, detected, mark, served, ahead, climbs]): (RowIndex, [i64; SERVER_TIMES]),
        (press, decides): (&Press, SimTime),
    ) {
        let (server, rules) = (&setting.tenant.servers[self.index as usize], setting.rules);
        let cycle = |breach: Breach| {
            let [detected, mark] = [detected, mark].map(SimTime::from_seconds);
            let clock = Clock::new(mark, SimDuration::from_seconds(served), standing.clock_runs);
            let enforcement = Enforcement::standing(detected, clock, standing.stage, standing.paused);
            (enforcement, Cycle { entry: breach.entry, detected, first: true })
        };
        let prospect = start.plus(standing.row);
        let under = standing.breach.filter(|_| standing.detected).map(cycle);
        // Field by field, as a server is large and this one stands where it shall be.
        self.slots = Slots::EMPTY;
        self.slots.correct(EventClass::BaselineChange, setting.group_rules.prospects.row(prospect).until);
        self.slots.correct(EventClass::Detection, SimTime::from_seconds(ahead));
        self.slots.correct(EventClass::StageChange, SimTime::from_seconds(climbs));
        self.slots.correct(EventClass::Decision, decides);
        (self.product, self.build, self.volume) = (server.product, server.build, server.volume);
        (self.class, self.open, self.prospect, self.breach) =
            (standing.class, *standing.open.open(), prospect, standing.breach);
        self.since = rules.calendar.moment_after(since);
        self.enforcement = under.map(|under| under.0);
        self.cycle = under.map(|under| under.1);
        self.cycles = u32::from(under.is_some());
        (self.served_before, self.round, self.attempt) = (None, 0, 0);
        (self.decided, self.appointment, self.gone) = (None, None, false);
        (self.first_remediation, self.remediated_breach, self.acted_before) = (SimTime::NEVER, false, false);
        (self.restricts, self.blocks, self.press) = (standing.restricts, standing.blocks, *press);
    }
}
