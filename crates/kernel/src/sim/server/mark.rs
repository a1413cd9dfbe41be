//! Where a server stands before anything was decided: taken down in one life, taken up in another.

use super::super::life::Setting;
use super::super::observe::Cycle;
use super::super::prospect::RowIndex;
use super::super::slots::EventClass;
use super::ServerLife;
use super::press::{Open, Press};
use crate::policy::{Breach, Clock, Enforcement};
use crate::tally::{Class, Edge};
use crate::time::{SimDuration, SimTime};

/// What a server is in its first cycle or before it, but for its times.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::sim) struct Standing {
    pub(in crate::sim) class: Class,
    pub(in crate::sim) open: Open,
    prospect: RowIndex,
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
pub(in crate::sim) const SERVER_TIMES: usize = 5;

impl ServerLife {
    /// Where the server stands, and since when it has been in its class, its detection, since when its clock runs or stands, what it
    /// read then, and when it will be detected.
    pub(in crate::sim) fn take_down(&self) -> (Standing, [i64; SERVER_TIMES]) {
        let enforcement = self.enforcement;
        let clock = enforcement.map(|enforcement| enforcement.clock());
        let (mark, served) = clock.map_or((0, 0), |clock| (clock.since().0.seconds(), clock.since().1.seconds()));
        let standing = Standing {
            class: self.class,
            open: self.open,
            prospect: self.prospect,
            breach: self.breach,
            detected: enforcement.is_some(),
            stage: enforcement.map_or(0, |enforcement| enforcement.stage()),
            clock_runs: clock.is_some_and(|clock| clock.is_running()),
            paused: enforcement.is_some_and(|enforcement| enforcement.is_paused()),
            restricts: self.restricts,
            blocks: self.blocks,
        };
        let detected = enforcement.map_or(0, |enforcement| enforcement.detected().seconds());
        let ahead = self.slots.detection().seconds();
        (standing, [self.since.moment().seconds(), detected, mark, served, ahead])
    }

    /// 1 if its stage restricts it, and if it blocks it, were its tenant not paused.
    #[inline]
    pub(in crate::sim) fn restrictions(&self) -> (usize, usize) {
        (usize::from(self.restricts), usize::from(self.blocks))
    }

    /// The server as it stands so at these times, with its own clocks.
    #[inline(always)]
    pub(in crate::sim) fn take_up<O>(
        setting: &Setting<'_, '_, O>,
        standing: &Standing,
        [since, detected, mark, served, ahead]: [i64; SERVER_TIMES],
        press: Press,
    ) -> ServerLife {
        let mut server = ServerLife::new(0, setting);
        let rules = setting.rules;
        let moment = rules.calendar.moment_after(since);
        server.since = Edge::at(&rules.calendar, server.volume, moment);
        (server.class, server.open, server.prospect, server.breach) =
            (standing.class, standing.open, standing.prospect, standing.breach);
        (server.restricts, server.blocks, server.press) = (standing.restricts, standing.blocks, press);
        server.slots.correct(EventClass::BaselineChange, setting.group_rules.prospects.row(standing.prospect).until);
        server.slots.correct(EventClass::Detection, SimTime::from_seconds(ahead));
        if let (true, Some(breach)) = (standing.detected, standing.breach) {
            let [detected, mark] = [detected, mark].map(SimTime::from_seconds);
            let clock = Clock::new(mark, SimDuration::from_seconds(served), standing.clock_runs);
            server.enforcement = Some(Enforcement::standing(detected, clock, standing.stage, standing.paused));
            server.cycle = Some(Cycle { entry: breach.entry, detected, first: true });
            server.cycles = 1;
        }
        server
    }
}
