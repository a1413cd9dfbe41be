//! The way up the ladder while nothing else happens to a tenant of a few servers.
//!
//! Most events of a life are stage changes that follow each other. Between them nobody has to ask what comes next: as long as
//! the next stage starts before anything else is due, the server climbs; as long as their tenant cannot ask for a pause, its servers climb
//! past each other's events. What a stage does is written in
//! [`ServerLife::stand_in`](super::server::ServerLife::stand_in), for this way and for the event loop.

use super::life::{Life, Scene, Setting};
use super::observe::Observer;
use super::server::ServerLife;
use super::slots::{Due, EventClass};
use crate::time::SimTime;

impl Life {
    /// Whether a server can climb: nothing but a pause stops the clock of a server under enforcement.
    #[inline(always)]
    pub(super) fn can_climb(&self, server: usize) -> bool {
        self.servers[server].enforcement.is_some_and(|enforcement| !enforcement.is_paused())
    }

    /// Has a server enter the stage that starts at `at`, and every later one that starts before `end` and before anything else is
    /// due.
    #[inline]
    pub(super) fn climb<O: Observer>(
        &mut self,
        setting: &mut Setting<'_, '_, O>,
        climber: usize,
        mut at: SimTime,
        end: SimTime,
    ) {
        let rules = setting.rules;
        let others = if self.pausing.cannot_ask(at) { self.go_ahead() } else { self.others(climber) };
        let server = &mut self.servers[climber];
        let others = others.min(self.pausing.slots.earliest()).min(server.slots.first_but_climbing());
        server.slots.clear(EventClass::StageChange);
        let Some(enforcement) = server.enforcement else { return };
        let (mut index, zero, open) = (enforcement.stage(), enforcement.clock_zero(), server.choices());
        // The last reading of the clock at which a stage may start.
        let reach = others.min(Due::before(end)).latest(EventClass::StageChange).since(zero);
        let hazards = rules.hazards_by_class(setting.group_rules, server.product);
        loop {
            index += 1;
            let stage = &rules.stages[index];
            let server = &mut self.servers[climber];
            let mut scene = Scene { setting, shared: &mut self.shared, now: at };
            server.stand_in(&mut scene, stage, stage.class, &open, &hazards[stage.class.index()]);
            let Some(next) = rules.stages.get(index + 1).filter(|next| next.start <= reach) else { break };
            let starts = zero + next.start;
            if self.wants_pause(setting, at) || !self.servers[climber].press.pass(stage.days, starts) {
                break;
            }
            at = starts;
        }
        let server = &mut self.servers[climber];
        server.climb_to(index);
        server.follow_clock(&mut self.shared, setting.policy);
        self.reconsider_pause(setting, at);
    }

    /// As long as their tenant cannot ask for a pause, servers go their ways alone, but for what they decide: each may climb past
    /// the others.
    #[inline(always)]
    fn go_ahead(&mut self) -> Due {
        self.out_of_step |= self.servers.len() > 1;
        Due::NEVER
    }

    /// The last that can happen before any event of another server.
    #[inline(always)]
    fn others(&self, climber: usize) -> Due {
        let due = |(index, server): (usize, &ServerLife)| match index == climber {
            true => Due::NEVER,
            false => server.slots.earliest().just_before(),
        };
        self.servers.iter().enumerate().map(due).fold(Due::NEVER, Due::min)
    }
}
