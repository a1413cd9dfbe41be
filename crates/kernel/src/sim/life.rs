//! The event loop of one tenant.

mod shared;

use std::ops::Range;
use std::sync::Arc;

use super::course::Way;
use super::losses::Losses;
use super::observe::{Event, Observer};
use super::parting::PartingPoint;
use super::pausing::Pausing;
use super::rules::{GroupRules, Rules};
use super::server::ServerLife;
use super::slots::{EventClass, next_of_few, next_of_one};
use crate::catalog::{Build, ProductId};
use crate::draws::TenantDraws;
use crate::mail::NanoMessages;
use crate::policy::{Breach, Enforcement, PauseBook, Policy};
use crate::tally::Class;
use crate::time::SimTime;
use crate::world::{Group, PausePlan, Route, Tenant};
pub(super) use shared::Shared;

/// Servers of a tenant up to which looking at all slots is faster than a tree.
pub(super) const FEW: usize = 6;

/// One tenant's life under one scenario. Its memory is used again from life to life.
#[derive(Clone, Debug, Default)]
pub struct Life {
    pub(super) servers: Vec<ServerLife>,
    pub(super) shared: Shared,
    pub(super) pausing: Pausing,
    /// Whether its servers were taken up at different moments, so that the numbers of what was set before do not tell its order.
    pub(super) out_of_step: bool,
    /// Servers to which nothing happened; then there are no others.
    untouched: usize,
}

/// A server as it stands at some moment of a life.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ServerView {
    /// Product.
    pub product: ProductId,
    /// Build.
    pub build: Build,
    /// Class.
    pub class: Class,
    /// The baseline it breaches.
    pub breach: Option<Breach>,
    /// Its enforcement, if it was detected.
    pub enforcement: Option<Enforcement>,
    /// The route decided on, if work is due.
    pub decided: Option<Route>,
    /// When the latest attempt was or is due.
    pub appointment: Option<SimTime>,
    /// Decision hazards per day by route.
    pub hazard_per_day: [f64; 3],
    /// Whether it has left.
    pub gone: bool,
}

/// What a life is lived in.
pub(super) struct Setting<'a, 'r, O> {
    pub(super) rules: &'a Rules<'r>,
    pub(super) policy: &'a Policy,
    pub(super) group: &'a Group,
    pub(super) group_rules: &'a GroupRules,
    /// Shares of mail lost by class.
    pub(super) losses: &'a Losses,
    pub(super) tenant: &'a Tenant,
    pub(super) draws: &'a mut TenantDraws,
    pub(super) observer: &'a mut O,
}

/// A moment of a life: what it is lived in, what the servers share, and the time.
pub(super) struct Scene<'s, 'a, 'r, O> {
    pub(super) setting: &'s mut Setting<'a, 'r, O>,
    pub(super) shared: &'s mut Shared,
    pub(super) now: SimTime,
}

impl<'a, 'r, O> Setting<'a, 'r, O> {
    pub(super) fn new(
        rules: &'a Rules<'r>,
        tenant: &'a Tenant,
        draws: &'a mut TenantDraws,
        observer: &'a mut O,
    ) -> Self {
        let (group, group_rules) = (&rules.world.groups[tenant.group], &rules.groups[tenant.group]);
        let losses = rules.losses(group_rules.kind);
        Setting { rules, policy: rules.policy, group, group_rules, losses, tenant, draws, observer }
    }

    pub(super) fn pause_plan(&self) -> (&PausePlan, bool) {
        let behaviour = &self.group.behaviours[self.tenant.behaviour];
        (&behaviour.plan, behaviour.renew)
    }
}

impl Life {
    /// Lives a tenant from the start to the horizon of `rules`, telling `observer` what happens.
    ///
    /// `tenant` must have been made from the same world; `draws` are its addressed draws.
    ///
    /// What an event does is written once (`Life::happen`); only how the next one is found depends on the tenant: among the
    /// slots of a few servers, which climb stages while nothing else is due, or through the agenda of many.
    pub fn live<O: Observer>(&mut self, rules: &Rules<'_>, tenant: &Tenant, draws: &mut TenantDraws, observer: &mut O) {
        self.live_on_course(rules, None, tenant, draws, observer);
    }

    /// The same, beginning on the courses of its scenario.
    pub(super) fn live_on_course<O: Observer>(
        &mut self,
        rules: &Rules<'_>,
        way: Option<Way<'_, '_>>,
        tenant: &Tenant,
        draws: &mut TenantDraws,
        observer: &mut O,
    ) {
        let mut setting = Setting::new(rules, tenant, draws, observer);
        setting.note_no_budget();
        self.start_on_course(&mut setting, way, rules.scenarios());
        self.run(&mut setting, &PartingPoint::NEVER);
        self.end(&mut setting);
    }

    /// The first moments of a life, and on its courses up to where a decision may fall or it is to stop.
    pub(super) fn start_on_course<O: Observer>(
        &mut self,
        setting: &mut Setting<'_, '_, O>,
        way: Option<Way<'_, '_>>,
        scenarios: usize,
    ) {
        let has_begun = match way {
            Some(Way { flows, travels }) => self.begin_on_course(setting, flows, travels, scenarios),
            None => false,
        };
        if !has_begun {
            self.start(setting, scenarios);
        }
    }

    /// The first moments of a life that adds up what it loses under so many scenarios.
    pub(super) fn start<O: Observer>(&mut self, setting: &mut Setting<'_, '_, O>, scenarios: usize) {
        match setting.tenant.servers.len() {
            few if few <= FEW => self.shared.reset_for_few(few, scenarios),
            many => self.shared.reset(many, scenarios),
        }
        self.begin(setting);
    }

    /// Goes on to the horizon, or up to the event before which the life is to stop; returns that event.
    pub(super) fn run<O: Observer>(
        &mut self,
        setting: &mut Setting<'_, '_, O>,
        stop: &PartingPoint,
    ) -> Option<(SimTime, EventClass)> {
        let horizon = setting.rules.horizon;
        let few = self.servers.len() <= FEW;
        loop {
            let (at, class, owner) = self.next(horizon)?;
            if stop.before(at, class) {
                return Some((at, class));
            }
            let owner = if self.out_of_step { self.true_owner(setting, (at, class, owner)) } else { owner };
            // Whoever watches every event sees every stage by itself.
            if few && class == EventClass::StageChange && !O::WATCHES_EVENTS && self.can_climb(owner - 1) {
                self.climb(setting, owner - 1, at, horizon.min(stop.from));
            } else {
                self.take(setting, (at, class, owner));
            }
        }
    }

    /// The next event before `horizon`.
    #[inline(always)]
    pub(super) fn next(&self, horizon: SimTime) -> Option<(SimTime, EventClass, usize)> {
        let tenant = &self.pausing.slots;
        match self.servers.as_slice() {
            [server] => next_of_one(tenant, &server.slots, horizon),
            few if few.len() <= FEW => next_of_few(tenant, few.iter().map(|server| &server.slots), horizon),
            _ => self.shared.agenda.next(horizon),
        }
    }

    /// Lives a tenant by the agenda, however few servers it has: the oracle of [`live`](Self::live), which must give the same
    /// to the last bit.
    pub fn live_by_agenda<O: Observer>(
        &mut self,
        rules: &Rules<'_>,
        tenant: &Tenant,
        draws: &mut TenantDraws,
        observer: &mut O,
    ) {
        let mut setting = Setting::new(rules, tenant, draws, observer);
        setting.note_no_budget();
        self.shared.reset(tenant.servers.len(), rules.scenarios());
        self.begin(&mut setting);
        while let Some(next) = self.shared.agenda.next(rules.horizon) {
            self.take(&mut setting, next);
        }
        self.end(&mut setting);
    }

    /// Takes over a life from another scenario; up to now the rules of both give the same life.
    ///
    /// - `losses`: which of the scenarios, under which the other life adds up what it loses, are this one's.
    pub(super) fn take_over(
        &mut self,
        (past, losses): (&Life, Range<usize>),
        from: &Rules<'_>,
        rules: &Rules<'_>,
        group: usize,
    ) {
        self.servers.clone_from(&past.servers);
        self.shared.take_over(&past.shared, losses);
        self.pausing.clone_from(&past.pausing);
        (self.out_of_step, self.untouched) = (past.out_of_step, past.untouched);
        let (ours, theirs) = (&from.groups[group].prospects, &rules.groups[group].prospects);
        if Arc::ptr_eq(ours, theirs) {
            // Both look up what is ahead in one table.
            return;
        }
        for (index, server) in self.servers.iter_mut().enumerate() {
            server.move_to(ours, theirs);
            self.shared.agenda.enter(index + 1, &server.slots);
        }
    }

    /// Takes the next event: it happens, and is told.
    #[inline]
    pub(super) fn take<O: Observer>(&mut self, setting: &mut Setting<'_, '_, O>, next: (SimTime, EventClass, usize)) {
        let (at, class, owner) = next;
        self.happen(setting, at, class, owner);
        let server = owner.checked_sub(1);
        setting.observer.event(setting.rules, Event { at, class, server, life: self });
    }

    /// What is left of a life in which nothing happens: no loss, no remediation.
    pub(super) fn rest(&mut self, rules: &Rules<'_>, tenant: &Tenant) {
        self.shared.lost.rest(rules.scenarios());
        self.servers.clear();
        self.untouched = tenant.servers.len();
    }

    /// A server and the moment it is in.
    #[inline]
    fn scene<'s, 'a, 'r, O>(
        &'s mut self,
        setting: &'s mut Setting<'a, 'r, O>,
        index: usize,
        now: SimTime,
    ) -> (&'s mut ServerLife, Scene<'s, 'a, 'r, O>) {
        (&mut self.servers[index], Scene { setting, shared: &mut self.shared, now })
    }

    /// Room for the few servers of a tenant that are to be taken up, in a life that adds up what it loses under so many scenarios.
    #[inline]
    pub(super) fn make_room<O>(&mut self, setting: &Setting<'_, '_, O>, scenarios: usize) {
        let count = setting.tenant.servers.len();
        self.shared.reset_for_few(count, scenarios);
        self.servers.truncate(count);
        while self.servers.len() < count {
            self.servers.push(ServerLife::new(self.servers.len(), setting));
        }
        self.out_of_step = count > 1;
        self.untouched = 0;
    }

    fn begin<O: Observer>(&mut self, setting: &mut Setting<'_, '_, O>) {
        self.pausing = Pausing::default();
        self.servers.clear();
        (self.out_of_step, self.untouched) = (false, 0);
        self.plan_pauses(setting);
        let start = setting.rules.start;
        for index in 0..setting.tenant.servers.len() {
            self.servers.push(ServerLife::new(index, setting));
            let (server, mut scene) = self.scene(setting, index, start);
            if let Some(detected) = server.settle_in(&mut scene) {
                // A stage that restricts from the first second on makes the tenant want a pause, wherever its clock stands now.
                server.detect(&mut Scene { now: detected, ..scene });
                self.reconsider_pause(setting, detected);
                let (server, mut scene) = self.scene(setting, index, start);
                server.catch_up(&mut scene, detected);
                self.reconsider_pause(setting, start);
            }
            let (server, mut scene) = self.scene(setting, index, start);
            server.begin_planned_work(&mut scene);
            scene.shared.agenda.enter(index + 1, &server.slots);
        }
        self.reconsider_pause(setting, start);
    }

    fn happen<O: Observer>(&mut self, setting: &mut Setting<'_, '_, O>, at: SimTime, class: EventClass, owner: usize) {
        let Some(index) = owner.checked_sub(1) else { return self.pause_event(setting, at, class) };
        let (server, mut scene) = self.scene(setting, index, at);
        server.slots.clear(class);
        let may_want_pause = match class {
            EventClass::BaselineChange => {
                server.assess(&mut scene);
                false
            }
            EventClass::Remediation => !server.attempt(&mut scene),
            EventClass::StageChange => server.change_stage(&mut scene),
            EventClass::Detection => server.detect(&mut scene),
            EventClass::Decision => server.decide(&mut scene),
            EventClass::PauseEnd | EventClass::PauseStart => unreachable!("pauses are the tenant's"),
        };
        scene.shared.agenda.enter(owner, &server.slots);
        if may_want_pause {
            self.reconsider_pause(setting, at);
        }
    }

    #[inline(always)]
    pub(super) fn end<O: Observer>(&mut self, setting: &mut Setting<'_, '_, O>) {
        let now = setting.rules.horizon;
        for server in &mut self.servers {
            if !server.gone {
                server.reach_horizon(&mut Scene { setting, shared: &mut self.shared, now });
            }
        }
        let volumes = self.servers.iter().map(|server| server.volume);
        self.shared.lost.settle(volumes, setting.losses.wholes());
    }

    /// From now on adds up what is lost under the first `scenarios` alone.
    pub(super) fn lose_under_first(&mut self, scenarios: usize) {
        self.shared.lost.keep_first(scenarios);
    }

    /// Nano-messages the tenant lost in its whole life, of each server rounded down.
    pub fn lost(&self) -> NanoMessages {
        self.shared.lost.totals()[0]
    }

    /// Nano-messages the tenant lost under the scenario, then under each scenario that shares its lives.
    pub fn lost_under_all(&self) -> &[NanoMessages] {
        self.shared.lost.totals()
    }

    /// First remediation of every server; [`SimTime::NEVER`] if there was none.
    pub fn remediations(&self) -> impl Iterator<Item = SimTime> {
        let untouched = std::iter::repeat_n(SimTime::NEVER, self.untouched);
        self.servers.iter().map(|server| server.first_remediation).chain(untouched)
    }

    /// One server as it stands.
    ///
    /// # Panics
    /// If there is no such server.
    pub fn server(&self, index: usize) -> ServerView {
        let server = &self.servers[index];
        ServerView {
            product: server.product,
            build: server.build,
            class: server.class,
            breach: server.breach,
            enforcement: server.enforcement,
            decided: server.decided,
            appointment: server.appointment,
            hazard_per_day: server.press.hazards(),
            gone: server.gone,
        }
    }

    /// The tenant's pauses so far.
    pub fn pauses(&self) -> &PauseBook {
        &self.shared.book
    }
}
