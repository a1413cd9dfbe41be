//! The way up the ladder while nothing else happens to the only server of a tenant.
//!
//! Most events of a life are stage changes that follow each other. Between them nobody has to ask what comes next: as long as
//! the next stage starts before anything else is due, the server climbs. What a stage does is written in
//! [`ServerLife::enter_stage`](super::server::ServerLife::enter_stage), for this way and for the event loop.

use super::life::{Life, Scene, Setting};
use super::observe::Observer;
use super::slots::{Due, EventClass};
use crate::time::SimTime;

impl Life {
    /// Enters the stage that starts at `at`, and every later one that starts before `end` and before anything else is due.
    #[inline]
    pub(super) fn climb<O: Observer>(&mut self, setting: &mut Setting<'_, '_, O>, mut at: SimTime, end: SimTime) {
        let policy = setting.policy;
        let others = self.pausing.slots.first().0.min(self.servers[0].slots.first_but_climbing());
        self.servers[0].slots.clear(EventClass::StageChange);
        let limit = others.min(Due::before(end));
        loop {
            let server = &mut self.servers[0];
            let mut scene = Scene { setting, shared: &mut self.shared, now: at };
            let Some(enforcement) = &mut server.enforcement else { return };
            enforcement.advance(&policy.ladder, &policy.pauses, at);
            let next = server.enter_stage(&mut scene);
            let decision = server.slots.due(EventClass::Decision);
            if self.wants_pause(setting, at) || Due::new(next, EventClass::StageChange) > limit.min(decision) {
                self.servers[0].schedule(&mut self.shared, EventClass::StageChange, next);
                return self.reconsider_pause(setting, at);
            }
            at = next;
        }
    }
}
