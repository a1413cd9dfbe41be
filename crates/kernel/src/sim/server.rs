//! What changes in the life of one server: compliance, detection, stages, decisions, attempts.

use super::agenda::{EventClass, Slots};
use super::life::{Scene, Setting, Shared};
use super::observe::{Cycle, Observer};
use super::prospect::{Place, Subject};
use crate::catalog::{Build, ProductId};
use crate::draws::{Purpose, attempt_index, exponential};
use crate::mail::Moment;
use crate::policy::{Breach, Enforcement, Policy};
use crate::tally::{Class, Cut};
use crate::time::{SimDuration, SimTime};
use crate::world::{Planned, Route};

/// Decisions further away than this many days never fall.
const FAR_DAYS: f64 = 1e6;

/// The state of one server.
#[derive(Clone, Debug)]
pub(super) struct ServerLife {
    /// Its place among the servers of the tenant.
    place: u32,
    /// What is ahead of it.
    pub(super) slots: Slots,
    pub(super) product: ProductId,
    pub(super) build: Build,
    /// Milli-messages a day.
    volume: u64,
    /// Where its build stands in the table of what builds face.
    prospect: Place,
    pub(super) class: Class,
    /// Since when it has been in its class, as far as it was reported.
    since: Moment,
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
    pub(super) fn new<O>(place: usize, setting: &Setting<'_, '_, O>) -> Self {
        let server = &setting.tenant.servers[place];
        let start = setting.rules.start;
        let subject = Subject { product: server.product, build: server.build, esu: setting.tenant.esu };
        ServerLife {
            place: place as u32,
            slots: Slots::EMPTY,
            product: server.product,
            build: server.build,
            volume: server.volume,
            prospect: setting.group_rules.prospects.find(subject, start),
            class: Class::COMPLIANT,
            since: setting.rules.calendar.moment(start),
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
    #[inline]
    fn next_decision(&self) -> Option<(Route, f64)> {
        let mut next = None;
        let mut earliest = f64::INFINITY;
        for route in Route::ALL {
            let (left, hazard) = (self.left[route as usize], self.hazard[route as usize]);
            if hazard > 0.0 {
                let days = (left / hazard).max(0.0);
                if days < earliest {
                    (next, earliest) = (Some(route), days);
                }
            }
        }
        next.map(|route| (route, earliest))
    }

    /// Sets the time of one of the server's events.
    #[inline]
    fn schedule(&mut self, shared: &mut Shared, class: EventClass, at: SimTime) {
        shared.agenda.set(&mut self.slots, class, at);
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

/// The first moments.
impl ServerLife {
    /// What the server breaches already. Tells when it was detected, if that was before the start.
    pub(super) fn settle_in<O: Observer>(&mut self, scene: &mut Scene<'_, '_, '_, O>) -> Option<SimTime> {
        let start = scene.setting.rules.start;
        self.assess(scene);
        let detected = self.breach.map(|breach| self.detection_time(scene, breach)).filter(|&at| at < start);
        if detected.is_some() {
            self.schedule(scene.shared, EventClass::Detection, SimTime::NEVER);
        }
        detected
    }

    /// Brings a server that was detected before the start through the pauses of that time.
    pub(super) fn catch_up<O: Observer>(&mut self, scene: &mut Scene<'_, '_, '_, O>, detected: SimTime) {
        let policy = scene.setting.policy;
        let start = scene.setting.rules.start;
        if let Some(enforcement) = &mut self.enforcement {
            enforcement.set_paused(&policy.ladder, &policy.pauses, detected, false);
            for pause in &scene.shared.past_pauses {
                for (at, paused) in [(pause.from, true), (pause.to, false)] {
                    if (paused || at > detected) && at <= start {
                        let at = at.max(detected);
                        run_to(enforcement, policy, at);
                        enforcement.set_paused(&policy.ladder, &policy.pauses, at, paused && pause.to > detected);
                    }
                }
            }
            run_to(enforcement, policy, start);
        }
        self.change_stage(scene);
    }

    /// Work whose date the study sets.
    pub(super) fn begin_planned_work<O: Observer>(&mut self, scene: &mut Scene<'_, '_, '_, O>) {
        if let Some(Planned { route, on }) = scene.setting.tenant.servers[self.place as usize].planned {
            let start = scene.setting.rules.start;
            self.decided = Some(route);
            self.make_appointment(scene, on.max(start));
            self.press(scene);
        }
    }
}

/// Compliance, detection and stages.
impl ServerLife {
    /// Reports the time the server has spent in its class up to `now`.
    pub(super) fn close_stretch<O: Observer>(&mut self, scene: &mut Scene<'_, '_, '_, O>) {
        let rules = scene.setting.rules;
        let now = rules.calendar.moment(scene.now);
        if self.since < now {
            let cut = Cut::new(self.since, now);
            let sent = scene.setting.observer.stretch(rules, scene.setting.tenant.group, self.class, self.volume, cut);
            let losses = rules.losses(scene.setting.group_rules.kind, self.class);
            if !losses.is_empty() {
                scene.shared.lose(sent, losses);
            }
            self.since = now;
        }
    }

    #[inline]
    fn enter_class<O: Observer>(&mut self, scene: &mut Scene<'_, '_, '_, O>, class: Class) {
        if self.class != class {
            self.close_stretch(scene);
            self.class = class;
        }
    }

    /// A baseline came into force, a build was released, or the build changed: does the server comply, and what can it do?
    pub(super) fn assess<O: Observer>(&mut self, scene: &mut Scene<'_, '_, '_, O>) {
        let prospects = &scene.setting.group_rules.prospects;
        self.prospect = prospects.turn_to(self.prospect, scene.now);
        let row = prospects.row(self.prospect);
        self.open = row.open;
        self.schedule(scene.shared, EventClass::BaselineChange, row.until);
        if let (None, Some(found)) = (self.breach, row.breach) {
            self.breach = row.breach;
            if !self.remediated_breach {
                // A patch made in compliance was no remediation of what comes now.
                self.first_remediation = SimTime::NEVER;
            }
            self.enter_class(scene, Class::UNAWARE);
            let at = self.detection_time(scene, found).max(scene.now);
            self.schedule(scene.shared, EventClass::Detection, at);
        }
        self.press(scene);
    }

    /// The effective date of the baseline plus a uniform delay, or what the study says of a server's first cycle. It may lie
    /// in the past; whoever asks sees to it that it is never before the server became non-compliant.
    fn detection_time<O>(&self, scene: &mut Scene<'_, '_, '_, O>, breach: Breach) -> SimTime {
        let found = &scene.setting.tenant.servers[self.place as usize];
        if let (Some(known), 0) = (found.first_detected, self.cycles) {
            return known;
        }
        let entry = &scene.setting.policy.baselines.entries()[breach.entry];
        // A product that the server came to by upgrading has places of its own.
        let moved = self.product != found.product;
        let index = breach.ordinal + if moved { (self.product.index() as u32 + 1) << 16 } else { 0 };
        let u = scene.setting.draws.unit(self.place, Purpose::Detection, index);
        entry.effective + SimDuration::from_seconds((u * entry.spread.seconds() as f64) as i64)
    }

    /// First detection: the clock starts. Tells whether anything happened.
    pub(super) fn detect<O: Observer>(&mut self, scene: &mut Scene<'_, '_, '_, O>) -> bool {
        let policy = scene.setting.policy;
        let Some(breach) = self.breach else { return false };
        let reading = policy.entry_reading(self.served_before);
        self.enforcement =
            Some(Enforcement::begin(&policy.ladder, &policy.pauses, scene.now, scene.shared.paused, reading));
        self.cycle = Some(Cycle { entry: breach.entry, detected: scene.now, first: self.cycles == 0 });
        self.cycles += 1;
        self.follow_enforcement(scene)
    }

    /// The clock reached the next stage. Tells whether anything happened.
    pub(super) fn change_stage<O: Observer>(&mut self, scene: &mut Scene<'_, '_, '_, O>) -> bool {
        let policy = scene.setting.policy;
        if let Some(enforcement) = &mut self.enforcement {
            enforcement.advance(&policy.ladder, &policy.pauses, scene.now);
        }
        self.follow_enforcement(scene)
    }

    /// Begins or ends the tenant's pause for the server.
    pub(super) fn set_paused<O: Observer>(&mut self, scene: &mut Scene<'_, '_, '_, O>) {
        let policy = scene.setting.policy;
        if let Some(enforcement) = &mut self.enforcement {
            enforcement.set_paused(&policy.ladder, &policy.pauses, scene.now, scene.shared.paused);
            self.follow_enforcement(scene);
            scene.shared.agenda.enter(self.place as usize + 1, &self.slots);
        }
    }

    /// Class, next transition and hazards as the enforcement now says. Tells whether there is one.
    fn follow_enforcement<O: Observer>(&mut self, scene: &mut Scene<'_, '_, '_, O>) -> bool {
        let Some(enforcement) = &self.enforcement else { return false };
        let stage = scene.setting.rules.stages[enforcement.stage()];
        let class = if enforcement.is_paused() { stage.class_paused } else { stage.class };
        let next = enforcement.next_transition(&scene.setting.policy.ladder);
        self.schedule(scene.shared, EventClass::StageChange, next);
        self.count_restrictions(scene.shared, stage.restricts, stage.blocks);
        self.enter_class(scene, class);
        self.press(scene);
        true
    }

    /// Keeps count of the servers whose stage restricts them, and of those it blocks: what makes a tenant want a pause.
    #[inline]
    fn count_restrictions(&mut self, shared: &mut Shared, restricts: bool, blocks: bool) {
        shared.restricted = shared.restricted + usize::from(restricts) - usize::from(self.restricts);
        shared.blocked = shared.blocked + usize::from(blocks) - usize::from(self.blocks);
        (self.restricts, self.blocks) = (restricts, blocks);
    }
}

/// Decisions and work.
impl ServerLife {
    /// Settles what the old hazards have used up of the thresholds and works out when the next decision falls.
    fn press<O>(&mut self, scene: &mut Scene<'_, '_, '_, O>) {
        // A detection that lies before the start presses from the start on.
        let now = scene.now.max(self.pressed_since);
        let days = now.since(self.pressed_since).days_f64();
        self.pressed_since = now;
        // After a decision the clocks of the round stand.
        let open = if self.decided.is_none() && !self.gone { self.open } else { [false; 3] };
        if open == [false; 3] && self.hazard == [0.0; 3] {
            return;
        }
        let hazards = scene.setting.rules.hazards(scene.setting.group_rules, self.product, self.class);
        let diligence = scene.setting.tenant.diligence;
        for (i, hazard) in hazards.iter().enumerate() {
            self.left[i] -= self.hazard[i] * days;
            self.hazard[i] = if open[i] { diligence * hazard.pressed + hazard.added } else { 0.0 };
            if self.hazard[i] > 0.0 && self.left[i] == f64::INFINITY {
                // Each (server, round, route) owns one unit-exponential threshold, drawn when first needed.
                let threshold = Route::ALL[i].threshold();
                self.left[i] =
                    exponential(scene.setting.draws.unit(self.place, threshold, attempt_index(self.round, 0)));
            }
        }
        let falls = match self.next_decision() {
            Some((_, days)) if days < FAR_DAYS => now + SimDuration::from_days_f64(days),
            _ => SimTime::NEVER,
        };
        self.schedule(scene.shared, EventClass::Decision, falls);
    }

    /// The decision falls; the other clocks of the round stop. Tells whether anything happened.
    pub(super) fn decide<O: Observer>(&mut self, scene: &mut Scene<'_, '_, '_, O>) -> bool {
        let Some((route, _)) = self.next_decision() else { return false };
        let Some(rules) = &scene.setting.group.routes[route as usize] else { return false };
        self.decided = Some(route);
        self.attempt = 0;
        let u = scene.setting.draws.unit(self.place, Purpose::LeadTime, attempt_index(self.round, 0));
        let lead = SimDuration::from_days_f64(rules.lead_of(self.product).quantile(u));
        self.press(scene);
        self.make_appointment(scene, scene.now + lead);
        true
    }

    /// Sets the attempt at the first opening from `earliest` on that keeps the gap to the tenant's other servers.
    fn make_appointment<O>(&mut self, scene: &mut Scene<'_, '_, '_, O>, earliest: SimTime) {
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
    pub(super) fn attempt<O: Observer>(&mut self, scene: &mut Scene<'_, '_, '_, O>) -> bool {
        let failure = &scene.setting.group.failure;
        let index = attempt_index(self.round, self.attempt);
        if scene.setting.draws.unit(self.place, Purpose::AttemptFails, index) >= failure.prob {
            self.complete(scene);
            return true;
        }
        self.attempt += 1;
        let days = failure.delay.quantile(scene.setting.draws.unit(self.place, Purpose::RetryDelay, index));
        let delay = SimDuration::from_days_f64(days).max(SimDuration::from_seconds(1));
        self.make_appointment(scene, scene.now + delay);
        false
    }

    /// The work is done: the server leaves, or has a new build, which need not be enough.
    fn complete<O: Observer>(&mut self, scene: &mut Scene<'_, '_, '_, O>) {
        let Some(route) = self.decided.take() else { return };
        if route == Route::Leave {
            return self.leave(scene);
        }
        let esu = scene.setting.tenant.esu;
        if route == Route::Upgrade {
            let target = scene.setting.group.routes[route as usize].as_ref();
            self.product = target.and_then(|rules| rules.target).unwrap_or(self.product);
        }
        let newest = scene.setting.rules.tracks.newest(self.product, esu, scene.now).unwrap_or(self.build);
        self.build = if route == Route::Upgrade { newest } else { newest.max(self.build) };
        let subject = Subject { product: self.product, build: self.build, esu };
        self.prospect = scene.setting.group_rules.prospects.find(subject, scene.now);
        self.round += 1;
        if scene.setting.group_rules.prospects.row(self.prospect).breach.is_none() {
            self.remediate(scene, route);
        }
        (self.pressed_since, self.hazard, self.left) = (scene.now, [0.0; 3], [f64::INFINITY; 3]);
        self.assess(scene);
    }

    /// Enforcement of the server ends at once and its clock is cleared.
    fn remediate<O: Observer>(&mut self, scene: &mut Scene<'_, '_, '_, O>, route: Route) {
        let first = self.first_remediation == SimTime::NEVER;
        let breached = self.breach.take().is_some();
        self.remediated_breach |= breached;
        self.first_remediation = self.first_remediation.min(scene.now);
        self.served_before = self.enforcement.take().map(|e| e.served(scene.now)).or(self.served_before);
        let cycle = self.cycle.take();
        self.count_restrictions(scene.shared, false, false);
        // A server that patches again and again before any baseline reaches it counts once; its departure always counts.
        if breached || first || route == Route::Leave {
            scene.setting.observer.remediated(scene.setting.tenant.group, route, cycle, scene.now);
        }
        self.schedule(scene.shared, EventClass::StageChange, SimTime::NEVER);
        self.schedule(scene.shared, EventClass::Detection, SimTime::NEVER);
        self.enter_class(scene, Class::COMPLIANT);
    }

    fn leave<O: Observer>(&mut self, scene: &mut Scene<'_, '_, '_, O>) {
        self.remediate(scene, Route::Leave);
        self.close_stretch(scene);
        self.gone = true;
        self.schedule(scene.shared, EventClass::BaselineChange, SimTime::NEVER);
        self.press(scene);
    }
}
