//! Decisions and work: when a server's owner decides, when the work is tried, and what it comes to.

use super::super::life::{Scene, Shared};
use super::super::observe::Observer;
use super::super::prospect::Subject;
use super::super::rounds::{ClockEvent, RunOut, Turn};
use super::super::slots::EventClass;
use super::ServerLife;
use super::press::{Hazards, Open, Press};
use crate::draws::{Purpose, Spread, TenantDraws, attempt_index};
use crate::tally::Class;
use crate::time::{SimDuration, SimTime};
use crate::world::{PausePlan, Route};

/// Decisions and work.
impl ServerLife {
    /// Lets the present hazards press from now on and works out when the next decision falls; after a decision, and of a server
    /// that has left, none does.
    #[inline(never)]
    pub(super) fn press<O: Observer>(&mut self, scene: &mut Scene<'_, '_, '_, O>) {
        if self.decided.is_some() || self.gone {
            self.let_clocks_stand(scene);
        } else {
            let hazards = scene.setting.rules.hazards(scene.setting.group_rules, self.product, self.class);
            self.press_under(scene, &self.choices(), hazards);
            self.await_decision(scene.shared);
        }
    }

    /// After a decision, and of a server that has left, nothing presses any more.
    #[inline(always)]
    fn let_clocks_stand<O: Observer>(&mut self, scene: &mut Scene<'_, '_, '_, O>) {
        self.tell_turn(scene);
        self.press.stand_still(scene.now);
        self.schedule(scene.shared, EventClass::Decision, SimTime::NEVER);
    }

    /// The routes that a decision can take now: after a decision the clocks of the round stand.
    #[inline(always)]
    pub(in crate::sim) fn choices(&self) -> Open {
        if self.decided.is_none() && !self.gone { self.open } else { Open::NONE }
    }

    /// Lets hazards press from now on for the routes that are open. Until it is [worked out](Self::await_decision) nobody knows
    /// when the next decision falls.
    #[inline(always)]
    pub(super) fn press_under<O: Observer>(
        &mut self,
        scene: &mut Scene<'_, '_, '_, O>,
        open: &Open,
        hazards: &Hazards,
    ) {
        self.tell_turn(scene);
        self.press.turn(scene.now, open, hazards, scene.setting.tenant.diligence);
        // A threshold that is never drawn is never reached.
        if O::DECIDES && self.press.lacks_threshold() {
            self.draw_thresholds(scene.setting.draws, open);
        }
    }

    /// Tells whoever watches that other hazards press from now on.
    #[inline(always)]
    fn tell_turn<O: Observer>(&self, scene: &mut Scene<'_, '_, '_, O>) {
        self.tell_clocks(scene, |_| ClockEvent::Turned(Turn { class: self.class, open: self.open }));
    }

    #[inline(never)]
    fn draw_thresholds(&mut self, draws: &mut TenantDraws, open: &Open) {
        let (server, index) = (self.index, attempt_index(self.round, 0));
        self.press.draw_thresholds(open, |route| draws.exponential(server, route.threshold(), index));
    }

    /// Works out when the next decision falls as things stand.
    #[inline(always)]
    pub(in crate::sim) fn await_decision(&mut self, shared: &mut Shared) {
        let days = self.press.first();
        self.schedule(shared, EventClass::Decision, self.press.falls(days));
    }

    /// Whether the next decision may fall before an instant after the last turn of the hazards. No is certain.
    #[inline(always)]
    pub(in crate::sim) fn may_decide_before(&self, at: SimTime) -> bool {
        self.press.may_fall_within(at.since(self.press.since()))
    }

    /// The decision falls; the other clocks of the round stop. Tells whether anything happened.
    pub(in crate::sim) fn decide<O: Observer>(&mut self, scene: &mut Scene<'_, '_, '_, O>) -> bool {
        let Some(route) = self.press.next() else { return false };
        let Some(rules) = &scene.setting.group.routes[route] else { return false };
        self.decided = Some(route);
        self.attempt = 0;
        let (draws, index) = (&mut *scene.setting.draws, attempt_index(self.round, 0));
        let lead = match rules.lead_of(self.product) {
            Spread::Fixed(days) => days,
            lead @ Spread::LogNormal { .. } => lead.value(draws.normal(self.index, Purpose::LeadTime, index)),
            lead => lead.quantile(draws.unit(self.index, Purpose::LeadTime, index)),
        };
        let lead = SimDuration::from_days_f64(lead);
        self.tell_stop(scene, Some(route), self.as_good(scene, lead));
        self.let_clocks_stand(scene);
        self.make_appointment(scene, scene.now + lead);
        true
    }

    /// Tells whoever watches of the clocks.
    #[inline(always)]
    pub(super) fn tell_clocks<O: Observer>(
        &self,
        scene: &mut Scene<'_, '_, '_, O>,
        event: impl FnOnce(&mut Scene<'_, '_, '_, O>) -> ClockEvent,
    ) {
        if O::WATCHES_CLOCKS {
            let event = event(scene);
            scene.setting.observer.clocks(self.index, scene.now, event);
        }
    }

    /// Tells whoever watches that the clocks stop.
    ///
    /// - `decided`: the route whose clock ran out;
    /// - `between`: when it could have done so to the same effect.
    #[inline(always)]
    pub(in crate::sim) fn tell_stop<O: Observer>(
        &self,
        scene: &mut Scene<'_, '_, '_, O>,
        decided: Option<Route>,
        between: (SimTime, SimTime),
    ) {
        self.tell_clocks(scene, |scene| {
            let index = attempt_index(self.round, 0);
            let thresholds =
                Route::ALL.map(|route| scene.setting.draws.exponential(self.index, route.threshold(), index));
            ClockEvent::Stopped(RunOut { product: self.product, decided, thresholds, between })
        });
    }

    /// From when to when a decision would surely have been as good: to the same opening, unless somebody sees when it falls.
    fn as_good<O: Observer>(&self, scene: &Scene<'_, '_, '_, O>, lead: SimDuration) -> (SimTime, SimTime) {
        let (setting, now) = (&*scene.setting, scene.now);
        if !O::WATCHES_CLOCKS {
            return (now, now);
        }
        let opening = |at: SimTime| setting.group.openings.next(at, setting.tenant.freezes);
        let at = opening(now + lead);
        // Who pauses until work is done begins when it is decided on; and inside an opening work is tried at once.
        if matches!(setting.pause_plan().0, PausePlan::UntilDone) || at == now + lead {
            return (now, now);
        }
        // Nothing opens from the end of a window to the next, but for a window that a freeze interrupts.
        let closed = setting.group.openings.last_closing(at).filter(|&closed| opening(closed) == at);
        (closed.map_or(now, |closed| now.min(closed - lead)), at - lead)
    }

    /// Sets the attempt at the first opening from `earliest` on that keeps the gap to the tenant's other servers: to the latest
    /// appointment of each, whether it lies ahead or is past, and whether or not it succeeded.
    pub(super) fn make_appointment<O>(&mut self, scene: &mut Scene<'_, '_, '_, O>, earliest: SimTime) {
        let openings = &scene.setting.group.openings;
        let gap = scene.setting.tenant.gap;
        let appointments = &mut scene.shared.appointments;
        if let Some(former) = self.appointment {
            let taken = appointments.partition_point(|&other| other < former);
            appointments.remove(taken);
        }
        let mut at = openings.next(earliest, scene.setting.tenant.freezes);
        // In order of time one pass is enough: whoever is passed stays at least the gap behind.
        let first = appointments.partition_point(|other| other.saturating_add(gap) <= at);
        for &other in &appointments[first..] {
            if other >= at.saturating_add(gap) {
                break;
            }
            if at < other.saturating_add(gap) {
                at = openings.next(other + gap, scene.setting.tenant.freezes);
            }
        }
        let place_in_time = appointments.partition_point(|&other| other < at);
        appointments.insert(place_in_time, at);
        self.appointment = Some(at);
        self.schedule(scene.shared, EventClass::Remediation, at);
    }

    /// An attempt succeeds, or fails and is tried again after a delay. Tells whether the work is done.
    pub(in crate::sim) fn attempt<O: Observer>(&mut self, scene: &mut Scene<'_, '_, '_, O>) -> bool {
        self.tell_clocks(scene, |_| ClockEvent::Tried);
        let failure = &scene.setting.group.failure;
        let index = attempt_index(self.round, self.attempt);
        let fails =
            failure.prob > 0.0 && scene.setting.draws.unit(self.index, Purpose::AttemptFails, index) < failure.prob;
        if !fails {
            self.complete(scene);
            return true;
        }
        self.attempt += 1;
        let days = failure.delay.quantile(scene.setting.draws.unit(self.index, Purpose::RetryDelay, index));
        let delay = SimDuration::from_days_f64(days).max(SimDuration::from_seconds(1));
        self.make_appointment(scene, scene.now + delay);
        false
    }

    /// The work is done: the server leaves, or has a new build, which need not be enough.
    fn complete<O: Observer>(&mut self, scene: &mut Scene<'_, '_, '_, O>) {
        let Some(route) = self.decided.take() else { return };
        let concerned = scene.setting.group_rules.prospects.row(self.prospect).concerned;
        if route == Route::Leave {
            return self.leave(scene, concerned);
        }
        let esu = scene.setting.tenant.esu;
        if route == Route::Upgrade {
            let target = scene.setting.group.routes[route].as_ref();
            self.product = target.and_then(|rules| rules.target).unwrap_or(self.product);
        }
        let newest = scene.setting.rules.tracks.newest(self.product, esu, scene.now).unwrap_or(self.build);
        self.build = if route == Route::Upgrade { newest } else { newest.max(self.build) };
        let subject = Subject { product: self.product, build: self.build, esu };
        self.prospect = scene.setting.group_rules.prospects.find(subject, scene.now);
        self.round += 1;
        if scene.setting.group_rules.prospects.row(self.prospect).breach.is_none() {
            self.remediate(scene, route, concerned);
        }
        self.press = Press::begin(scene.now);
        self.tell_clocks(scene, |_| ClockEvent::Begun);
        self.assess(scene);
    }

    /// Enforcement of the server ends at once and its clock is cleared.
    ///
    /// - `concerned`: whether there was a baseline, in force or to come, that the server did not meet.
    fn remediate<O: Observer>(&mut self, scene: &mut Scene<'_, '_, '_, O>, route: Route, concerned: bool) {
        let breached = self.breach.take().is_some();
        self.remediated_breach |= breached;
        self.first_remediation = self.first_remediation.min(scene.now);
        self.served_before = self.enforcement.take().map(|e| e.served(scene.now)).or(self.served_before);
        let cycle = self.cycle.take();
        self.count_restrictions(scene.shared, false, false);
        // Before its first detection a server counts once, however often it acts, and only if it had a reason to.
        let before = cycle.is_none() && concerned && self.is_first_cycle();
        self.acted_before |= before;
        if cycle.is_some() || before {
            scene.setting.observer.remediated(scene.setting.tenant.group, route, cycle, scene.now);
        }
        self.schedule(scene.shared, EventClass::StageChange, SimTime::NEVER);
        self.schedule(scene.shared, EventClass::Detection, SimTime::NEVER);
        self.turn_to_class(scene, Class::COMPLIANT);
    }

    fn leave<O: Observer>(&mut self, scene: &mut Scene<'_, '_, '_, O>, concerned: bool) {
        self.remediate(scene, Route::Leave, concerned);
        self.close_stretch(scene);
        self.gone = true;
        scene.setting.observer.left(scene.setting.tenant.group, scene.now);
        self.schedule(scene.shared, EventClass::BaselineChange, SimTime::NEVER);
        self.let_clocks_stand(scene);
    }
}
