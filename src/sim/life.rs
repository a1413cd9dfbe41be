//! The event loop of one tenant.

use super::agenda::{Agenda, EventClass};
use super::observe::{Event, Observer};
use super::pausing::Pausing;
use super::rules::Rules;
use super::server::ServerLife;
use crate::catalog::{Build, ProductId};
use crate::draws::TenantDraws;
use crate::mail::MailAmount;
use crate::policy::{Breach, Enforcement, Pause, PauseBook};
use crate::tally::{Class, Cut};
use crate::time::SimTime;
use crate::world::{PausePlan, Route, Tenant};

/// One tenant's life under one scenario. Its memory is used again from life to life.
#[derive(Clone, Debug, Default)]
pub struct Life {
    pub(super) servers: Vec<ServerLife>,
    pub(super) agenda: Agenda,
    pub(super) book: PauseBook,
    pub(super) pausing: Pausing,
    pub(super) paused: bool,
    /// Pauses that began before the start.
    pub(super) past_pauses: Vec<Pause>,
    /// Appointments of all servers, in order of time.
    pub(super) appointments: Vec<SimTime>,
    /// Servers whose stage restricts them, and servers whose stage blocks, were the tenant not paused.
    pub(super) restricted: usize,
    pub(super) blocked: usize,
    lost: MailAmount,
}

/// A server as it stands at some moment of a life.
#[derive(Clone, Copy, Debug)]
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
    pub(super) tenant: &'a Tenant,
    pub(super) draws: &'a mut TenantDraws,
    pub(super) observer: &'a mut O,
}

impl<O> Setting<'_, '_, O> {
    pub(super) fn pause_plan(&self) -> (&PausePlan, bool) {
        let behaviour = &self.rules.world.groups[self.tenant.group].behaviours[self.tenant.behaviour];
        (&behaviour.plan, behaviour.renew)
    }
}

impl Life {
    /// Lives a tenant from the start to the horizon of `rules`, telling `observer` what happens.
    ///
    /// `tenant` must have been made from the same world; `draws` are its addressed draws.
    pub fn live<O: Observer>(&mut self, rules: &Rules<'_>, tenant: &Tenant, draws: &mut TenantDraws, observer: &mut O) {
        let mut setting = Setting { rules, tenant, draws, observer };
        self.begin(&mut setting);
        while let Some((at, class, owner)) = self.agenda.pop(rules.horizon) {
            self.happen(&mut setting, at, class, owner);
            let server = owner.checked_sub(1);
            setting.observer.event(rules, Event { at, class, server, life: self });
        }
        self.end(&mut setting);
    }

    fn begin<O: Observer>(&mut self, setting: &mut Setting<'_, '_, O>) {
        self.agenda.reset(setting.tenant.servers.len());
        self.servers.clear();
        self.book.clear();
        self.pausing.reset();
        self.paused = false;
        self.past_pauses.clear();
        self.appointments.clear();
        (self.restricted, self.blocked) = (0, 0);
        self.lost = 0;
        self.plan_fixed_pauses(setting);
        for place in 0..setting.tenant.servers.len() {
            self.servers.push(ServerLife::new(&setting.tenant.servers[place], setting.rules.start));
            self.settle_in(setting, place);
        }
        self.reconsider_pause(setting, setting.rules.start);
    }

    fn happen<O: Observer>(&mut self, setting: &mut Setting<'_, '_, O>, at: SimTime, class: EventClass, owner: usize) {
        let server = owner.wrapping_sub(1);
        match class {
            EventClass::BaselineChange => self.assess(setting, server, at),
            EventClass::PauseEnd => self.end_pause(setting, at),
            EventClass::PauseStart => self.start_pause(setting, at),
            EventClass::Remediation => self.attempt(setting, server, at),
            EventClass::StageChange => self.change_stage(setting, server, at),
            EventClass::Detection => self.detect(setting, server, at),
            EventClass::Decision => self.decide(setting, server, at),
        }
    }

    fn end<O: Observer>(&mut self, setting: &mut Setting<'_, '_, O>) {
        let horizon = setting.rules.horizon;
        for place in 0..self.servers.len() {
            if self.servers[place].gone {
                continue;
            }
            self.close_stretch(setting, place, horizon);
            let server = &self.servers[place];
            setting.observer.at_horizon(setting.tenant.group, server.class, server.cycle, horizon);
        }
    }

    /// Reports the time a server has spent in its class up to `now`.
    pub(super) fn close_stretch<O: Observer>(&mut self, setting: &mut Setting<'_, '_, O>, place: usize, now: SimTime) {
        let server = &mut self.servers[place];
        if server.since < now {
            let rules = setting.rules;
            let group = setting.tenant.group;
            let cut = Cut::new(&rules.calendar, server.since, now);
            let sent = setting.observer.stretch(rules, group, server.class, server.volume, cut);
            self.lost += rules.lost(rules.groups[group].kind, server.class, sent);
            server.since = now;
        }
    }

    /// Nano-messages the tenant lost.
    pub fn lost(&self) -> MailAmount {
        self.lost
    }

    /// First remediation of every server; [`SimTime::NEVER`] if there was none.
    pub fn remediations(&self) -> impl Iterator<Item = SimTime> {
        self.servers.iter().map(|server| server.first_remediation)
    }

    /// One server as it stands.
    ///
    /// # Panics
    /// If there is no such server.
    pub fn server(&self, place: usize) -> ServerView {
        let server = &self.servers[place];
        ServerView {
            product: server.product,
            build: server.build,
            class: server.class,
            breach: server.breach,
            enforcement: server.enforcement,
            decided: server.decided,
            appointment: server.appointment,
            hazard_per_day: server.hazard,
            gone: server.gone,
        }
    }

    /// The tenant's pauses so far.
    pub fn pauses(&self) -> &PauseBook {
        &self.book
    }
}
