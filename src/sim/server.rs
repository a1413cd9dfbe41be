//! What changes in the life of one server: compliance, detection, stages, decisions, attempts.

use super::agenda::EventClass;
use super::life::{Life, Setting};
use super::observe::{Cycle, Observer};
use crate::catalog::{Build, ProductId};
use crate::draws::{Purpose, attempt_index, exponential};
use crate::policy::{Breach, Enforcement, Minutes, Policy};
use crate::tally::Class;
use crate::time::{SimDuration, SimTime};
use crate::world::{Planned, Route, Server};

/// Decisions further away than this many days never fall.
const FAR_DAYS: f64 = 1e6;

/// The state of one server.
#[derive(Clone, Debug)]
pub(super) struct ServerLife {
    pub(super) product: ProductId,
    pub(super) build: Build,
    pub(super) volume: u64,
    pub(super) class: Class,
    /// Since when it has been in its class, as far as it was reported.
    pub(super) since: SimTime,
    pub(super) breach: Option<Breach>,
    pub(super) enforcement: Option<Enforcement>,
    pub(super) cycle: Option<Cycle>,
    cycles: u32,
    served_before: Option<SimDuration>,
    /// Counts decisions; each round has its own thresholds.
    round: u32,
    attempt: u32,
    pub(super) decided: Option<Route>,
    /// When the attempt is due; kept afterwards, as other servers keep their distance from it.
    pub(super) appointment: Option<SimTime>,
    /// The routes a decision could take since the server was last assessed.
    open: [bool; 3],
    /// What is left of each route's threshold at `pressed_since`; infinite until it is drawn.
    left: [f64; 3],
    /// The hazards per day since `pressed_since`.
    pub(super) hazard: [f64; 3],
    pressed_since: SimTime,
    pub(super) gone: bool,
    pub(super) first_remediation: SimTime,
    /// Whether any remediation so far ended a breach.
    remediated_breach: bool,
    /// Whether its stage restricts it, and whether it blocks, were the tenant not paused.
    pub(super) restricts: bool,
    blocks: bool,
}

impl ServerLife {
    pub(super) fn new(server: &Server, start: SimTime) -> Self {
        ServerLife {
            product: server.product,
            build: server.build,
            volume: server.volume,
            class: Class::COMPLIANT,
            since: start,
            breach: None,
            enforcement: None,
            cycle: None,
            cycles: 0,
            served_before: None,
            round: 0,
            attempt: 0,
            decided: None,
            appointment: None,
            open: [false; 3],
            left: [f64::INFINITY; 3],
            hazard: [0.0; 3],
            pressed_since: start,
            gone: false,
            first_remediation: SimTime::NEVER,
            remediated_breach: false,
            restricts: false,
            blocks: false,
        }
    }

    /// The route whose threshold is reached first at the present hazards, and in how many days.
    fn next_decision(&self) -> Option<(Route, f64)> {
        let wait = |route: Route| {
            let hazard = self.hazard[route as usize];
            (hazard > 0.0).then(|| (route, (self.left[route as usize] / hazard).max(0.0)))
        };
        Route::ALL.into_iter().filter_map(wait).min_by(|a, b| a.1.total_cmp(&b.1))
    }
}

/// Enters every stage that begins up to `at`, each at its own instant, as the loop of a life would.
fn run_to(enforcement: &mut Enforcement, policy: &Policy, at: SimTime) {
    // A stage begins later than the one before, so each turn passes one.
    for _ in policy.ladder.stages() {
        let next = enforcement.next_transition(&policy.ladder);
        if next > at {
            break;
        }
        enforcement.advance(&policy.ladder, &policy.pauses, next);
    }
}

impl Life {
    /// The first moments of a server: what it breaches already, whether it was detected before the start, what is planned.
    pub(super) fn settle_in<O: Observer>(&mut self, setting: &mut Setting<'_, '_, O>, place: usize) {
        let start = setting.rules.start;
        self.assess(setting, place, start);
        let known = setting.tenant.servers[place];
        if let Some(breach) = self.servers[place].breach {
            let detected = self.detection_time(setting, place, breach);
            if detected < start {
                self.agenda.set(place + 1, EventClass::Detection, SimTime::NEVER);
                self.detect(setting, place, detected);
                self.catch_up(setting, place, detected);
            }
        }
        if let Some(Planned { route, on }) = known.planned {
            self.servers[place].decided = Some(route);
            self.make_appointment(setting, place, on.max(start));
            self.press(setting, place, start);
        }
    }

    /// Brings a server that was detected before the start through the pauses of that time.
    fn catch_up<O: Observer>(&mut self, setting: &mut Setting<'_, '_, O>, place: usize, detected: SimTime) {
        let policy = setting.rules.policy;
        let start = setting.rules.start;
        if let Some(enforcement) = &mut self.servers[place].enforcement {
            enforcement.set_paused(&policy.ladder, &policy.pauses, detected, false);
            for pause in &self.past_pauses {
                for (at, paused) in [(pause.from, true), (pause.to, false)] {
                    if (paused || at > detected) && at <= start {
                        let at = at.max(detected);
                        run_to(enforcement, policy, at);
                        enforcement.set_paused(&policy.ladder, &policy.pauses, at, paused && pause.to > detected);
                    }
                }
            }
        }
        if let Some(enforcement) = &mut self.servers[place].enforcement {
            run_to(enforcement, policy, start);
        }
        self.change_stage(setting, place, start);
    }

    fn enter_class<O: Observer>(&mut self, setting: &mut Setting<'_, '_, O>, place: usize, class: Class, now: SimTime) {
        if self.servers[place].class != class {
            self.close_stretch(setting, place, now);
            self.servers[place].class = class;
        }
    }

    /// A baseline came into force, a build was released, or the build changed: does the server comply, and what can it do?
    pub(super) fn assess<O: Observer>(&mut self, setting: &mut Setting<'_, '_, O>, place: usize, now: SimTime) {
        let rules = setting.rules;
        let baselines = &rules.policy.baselines;
        let server = &self.servers[place];
        let breach = baselines.breach(server.product, server.build, now);
        let mut next = baselines.next_change(server.product, now);
        let concerned = breach.is_some() || next != SimTime::NEVER;
        let open = if concerned { self.open_routes(setting, place, now) } else { [false; 3] };
        if concerned {
            next = next.min(rules.next_release(server.product, setting.tenant.esu, now));
            next = next.min(self.next_change_of_target(setting, place, now));
        }
        let server = &mut self.servers[place];
        server.open = open;
        self.agenda.set(place + 1, EventClass::BaselineChange, next);
        if let (None, Some(found)) = (server.breach, breach) {
            server.breach = breach;
            if !server.remediated_breach {
                // A patch made in compliance was no remediation of what comes now.
                server.first_remediation = SimTime::NEVER;
            }
            self.enter_class(setting, place, Class::UNAWARE, now);
            let at = self.detection_time(setting, place, found).max(now);
            self.agenda.set(place + 1, EventClass::Detection, at);
        }
        self.press(setting, place, now);
    }

    /// The effective date of the baseline plus a uniform delay, or what the study says of a server's first cycle. It may lie
    /// in the past; whoever asks sees to it that it is never before the server became non-compliant.
    fn detection_time<O>(&self, setting: &mut Setting<'_, '_, O>, place: usize, breach: Breach) -> SimTime {
        if let (Some(known), 0) = (setting.tenant.servers[place].first_detected, self.servers[place].cycles) {
            return known;
        }
        let entry = &setting.rules.policy.baselines.entries()[breach.entry];
        // A product that the server came to by upgrading has places of its own.
        let product = self.servers[place].product;
        let moved = product != setting.tenant.servers[place].product;
        let index = breach.ordinal + if moved { (product.index() as u32 + 1) << 16 } else { 0 };
        let u = setting.draws.unit(place as u32, Purpose::Detection, index);
        entry.effective + SimDuration::from_seconds((u * entry.spread.seconds() as f64) as i64)
    }

    /// First detection: the clock starts.
    pub(super) fn detect<O: Observer>(&mut self, setting: &mut Setting<'_, '_, O>, place: usize, now: SimTime) {
        let policy = setting.rules.policy;
        let paused = self.paused;
        let server = &mut self.servers[place];
        let Some(breach) = server.breach else { return };
        let reading = policy.entry_reading(server.served_before);
        server.enforcement = Some(Enforcement::begin(&policy.ladder, &policy.pauses, now, paused, reading));
        server.cycle = Some(Cycle { entry: breach.entry, detected: now, first: server.cycles == 0 });
        server.cycles += 1;
        self.follow_enforcement(setting, place, now);
        self.reconsider_pause(setting, now);
    }

    /// The clock reached the next stage.
    pub(super) fn change_stage<O: Observer>(&mut self, setting: &mut Setting<'_, '_, O>, place: usize, now: SimTime) {
        let policy = setting.rules.policy;
        if let Some(enforcement) = &mut self.servers[place].enforcement {
            enforcement.advance(&policy.ladder, &policy.pauses, now);
        }
        self.follow_enforcement(setting, place, now);
        self.reconsider_pause(setting, now);
    }

    /// Begins or ends the tenant's pause for one server.
    pub(super) fn set_server_paused<O: Observer>(
        &mut self,
        setting: &mut Setting<'_, '_, O>,
        place: usize,
        now: SimTime,
    ) {
        let policy = setting.rules.policy;
        let paused = self.paused;
        if let Some(enforcement) = &mut self.servers[place].enforcement {
            enforcement.set_paused(&policy.ladder, &policy.pauses, now, paused);
            self.follow_enforcement(setting, place, now);
        }
    }

    /// Class, next transition and hazards as the enforcement now says.
    fn follow_enforcement<O: Observer>(&mut self, setting: &mut Setting<'_, '_, O>, place: usize, now: SimTime) {
        let Some(enforcement) = self.servers[place].enforcement else { return };
        let stage = &setting.rules.policy.ladder.stages()[enforcement.stage()];
        // In a silent stage nobody notices a pause.
        let unnoticed = !enforcement.is_paused() || stage.silent;
        let class = if unnoticed { Class::stage(enforcement.stage()) } else { setting.rules.classes.paused() };
        self.count_restrictions(place, stage.minutes);
        self.enter_class(setting, place, class, now);
        let next = enforcement.next_transition(&setting.rules.policy.ladder);
        self.agenda.set(place + 1, EventClass::StageChange, next);
        self.press(setting, place, now);
    }

    /// Settles what the old hazards have used up of the thresholds and works out when the next decision falls.
    fn press<O>(&mut self, setting: &mut Setting<'_, '_, O>, place: usize, now: SimTime) {
        let server = &mut self.servers[place];
        // A detection that lies before the start presses from the start on.
        let now = now.max(server.pressed_since);
        let hazards = setting.rules.hazard(setting.tenant.group, server.product, server.class);
        // After a decision the clocks of the round stand.
        let undecided = server.decided.is_none() && !server.gone;
        if !undecided && server.hazard == [0.0; 3] {
            server.pressed_since = now;
            return;
        }
        let days = now.since(server.pressed_since).days_f64();
        for (route, hazard) in Route::ALL.into_iter().zip(hazards) {
            let i = route as usize;
            server.left[i] -= server.hazard[i] * days;
            let pressed = setting.tenant.diligence * hazard.pressed + hazard.added;
            server.hazard[i] = if undecided && server.open[i] { pressed } else { 0.0 };
            if server.hazard[i] > 0.0 && server.left[i] == f64::INFINITY {
                // Each (server, round, route) owns one unit-exponential threshold, drawn when first needed.
                let index = attempt_index(server.round, 0);
                server.left[i] = exponential(setting.draws.unit(place as u32, route.threshold(), index));
            }
        }
        server.pressed_since = now;
        let falls = match server.next_decision() {
            Some((_, days)) if days < FAR_DAYS => now + SimDuration::from_days_f64(days),
            _ => SimTime::NEVER,
        };
        self.agenda.set(place + 1, EventClass::Decision, falls);
    }

    /// Which routes a decision can take from `now` until the server is next assessed, if a baseline concerns it.
    fn open_routes<O>(&self, setting: &Setting<'_, '_, O>, place: usize, now: SimTime) -> [bool; 3] {
        let rules = setting.rules;
        let server = &self.servers[place];
        let baselines = &rules.policy.baselines;
        let routes = &rules.world.groups[setting.tenant.group].routes;
        let patch = routes[Route::Patch as usize].is_some()
            && rules
                .newest(server.product, setting.tenant.esu, now)
                .is_some_and(|newest| newest > server.build && baselines.breach(server.product, newest, now).is_none());
        let target = self.upgrade_target(setting, place);
        let upgrade = target.is_some_and(|target| self.target_complies(setting, target, now));
        [patch, upgrade, routes[Route::Leave as usize].is_some()]
    }

    /// The product an upgrade would end at, unless the server has it already.
    fn upgrade_target<O>(&self, setting: &Setting<'_, '_, O>, place: usize) -> Option<ProductId> {
        let routes = &setting.rules.world.groups[setting.tenant.group].routes;
        let target = routes[Route::Upgrade as usize].as_ref().and_then(|rules| rules.target);
        target.filter(|target| *target != self.servers[place].product)
    }

    /// Whether the newest build of a product complies with every baseline in force.
    fn target_complies<O>(&self, setting: &Setting<'_, '_, O>, target: ProductId, now: SimTime) -> bool {
        let newest = setting.rules.newest(target, setting.tenant.esu, now);
        newest.is_some_and(|build| setting.rules.policy.baselines.breach(target, build, now).is_none())
    }

    /// When the upgrade route may open or close because of its target; never if it is open for good.
    fn next_change_of_target<O>(&self, setting: &Setting<'_, '_, O>, place: usize, now: SimTime) -> SimTime {
        let rules = setting.rules;
        let Some(target) = self.upgrade_target(setting, place) else { return SimTime::NEVER };
        let baselines = &rules.policy.baselines;
        if baselines.of(target).is_empty() && self.target_complies(setting, target, now) {
            return SimTime::NEVER;
        }
        baselines.next_change(target, now).min(rules.next_release(target, setting.tenant.esu, now))
    }

    /// The decision falls; the other clocks of the round stop.
    pub(super) fn decide<O: Observer>(&mut self, setting: &mut Setting<'_, '_, O>, place: usize, now: SimTime) {
        let group = &setting.rules.world.groups[setting.tenant.group];
        let server = &mut self.servers[place];
        let Some((route, _)) = server.next_decision() else { return };
        let Some(rules) = &group.routes[route as usize] else { return };
        server.decided = Some(route);
        server.attempt = 0;
        let u = setting.draws.unit(place as u32, Purpose::LeadTime, attempt_index(server.round, 0));
        let lead = SimDuration::from_days_f64(rules.lead_of(server.product).quantile(u));
        self.press(setting, place, now);
        self.make_appointment(setting, place, now + lead);
        self.reconsider_pause(setting, now);
    }

    /// Sets the attempt at the first opening from `earliest` on that keeps the gap to the tenant's other servers.
    fn make_appointment<O>(&mut self, setting: &Setting<'_, '_, O>, place: usize, earliest: SimTime) {
        let openings = &setting.rules.world.groups[setting.tenant.group].openings;
        let gap = setting.tenant.gap;
        if let Some(former) = self.servers[place].appointment {
            let taken = self.appointments.partition_point(|&other| other < former);
            self.appointments.remove(taken);
        }
        let mut at = openings.next(earliest, setting.tenant.freezes);
        // In order of time one pass is enough: whoever is passed stays at least the gap behind.
        let first = self.appointments.partition_point(|other| other.saturating_add(gap) <= at);
        for &other in &self.appointments[first..] {
            if other >= at.saturating_add(gap) {
                break;
            }
            if at < other.saturating_add(gap) {
                at = openings.next(other + gap, setting.tenant.freezes);
            }
        }
        let place_in_time = self.appointments.partition_point(|&other| other < at);
        self.appointments.insert(place_in_time, at);
        self.servers[place].appointment = Some(at);
        self.agenda.set(place + 1, EventClass::Remediation, at);
    }

    /// An attempt succeeds, or fails and is tried again after a delay.
    pub(super) fn attempt<O: Observer>(&mut self, setting: &mut Setting<'_, '_, O>, place: usize, now: SimTime) {
        let failure = &setting.rules.world.groups[setting.tenant.group].failure;
        let server = &mut self.servers[place];
        let index = attempt_index(server.round, server.attempt);
        if setting.draws.unit(place as u32, Purpose::AttemptFails, index) >= failure.prob {
            return self.complete(setting, place, now);
        }
        server.attempt += 1;
        let days = failure.delay.quantile(setting.draws.unit(place as u32, Purpose::RetryDelay, index));
        let delay = SimDuration::from_days_f64(days).max(SimDuration::from_seconds(1));
        self.make_appointment(setting, place, now + delay);
        self.reconsider_pause(setting, now);
    }

    /// The work is done: the server leaves, or has a new build, which need not be enough.
    fn complete<O: Observer>(&mut self, setting: &mut Setting<'_, '_, O>, place: usize, now: SimTime) {
        let Some(route) = self.servers[place].decided.take() else { return };
        if route == Route::Leave {
            return self.leave(setting, place, now);
        }
        let esu = setting.tenant.esu;
        let rules = setting.rules;
        let server = &mut self.servers[place];
        if route == Route::Upgrade {
            let target = rules.world.groups[setting.tenant.group].routes[route as usize].as_ref();
            server.product = target.and_then(|rules| rules.target).unwrap_or(server.product);
        }
        let newest = rules.newest(server.product, esu, now).unwrap_or(server.build);
        server.build = if route == Route::Upgrade { newest } else { newest.max(server.build) };
        server.round += 1;
        if rules.policy.baselines.breach(server.product, server.build, now).is_none() {
            self.remediate(setting, place, route, now);
        }
        let server = &mut self.servers[place];
        (server.pressed_since, server.hazard, server.left) = (now, [0.0; 3], [f64::INFINITY; 3]);
        self.assess(setting, place, now);
    }

    /// Enforcement of this server ends at once and its clock is cleared.
    fn remediate<O: Observer>(&mut self, setting: &mut Setting<'_, '_, O>, place: usize, route: Route, now: SimTime) {
        let server = &mut self.servers[place];
        let first = server.first_remediation == SimTime::NEVER;
        let breached = server.breach.take().is_some();
        server.remediated_breach |= breached;
        server.first_remediation = server.first_remediation.min(now);
        server.served_before = server.enforcement.take().map(|e| e.served(now)).or(server.served_before);
        let cycle = server.cycle.take();
        self.count_restrictions(place, Minutes::NONE);
        // A server that patches again and again before any baseline reaches it counts once; its departure always counts.
        if breached || first || route == Route::Leave {
            setting.observer.remediated(setting.tenant.group, route, cycle, now);
        }
        self.agenda.set(place + 1, EventClass::StageChange, SimTime::NEVER);
        self.agenda.set(place + 1, EventClass::Detection, SimTime::NEVER);
        self.enter_class(setting, place, Class::COMPLIANT, now);
    }

    fn leave<O: Observer>(&mut self, setting: &mut Setting<'_, '_, O>, place: usize, now: SimTime) {
        self.remediate(setting, place, Route::Leave, now);
        self.close_stretch(setting, place, now);
        self.servers[place].gone = true;
        self.agenda.set(place + 1, EventClass::BaselineChange, SimTime::NEVER);
        self.press(setting, place, now);
    }

    /// Keeps count of the servers whose stage restricts them, and of those it blocks: what makes a tenant want a pause.
    fn count_restrictions(&mut self, place: usize, minutes: Minutes) {
        let server = &mut self.servers[place];
        let (restricts, blocks) = (minutes.restrict(), minutes.block > 0);
        self.restricted = self.restricted + usize::from(restricts) - usize::from(server.restricts);
        self.blocked = self.blocked + usize::from(blocks) - usize::from(server.blocks);
        (server.restricts, server.blocks) = (restricts, blocks);
    }
}
