//! What changes in the life of one server: compliance, detection and stages here, decisions and attempts in `work`.

pub(super) mod mark;
pub(super) mod press;
mod work;

use super::life::{Scene, Setting, Shared};
use super::observe::{Cycle, Observer, Stay};
use super::prospect::{Prospects, RowIndex, Subject};
use super::rules::StageRules;
use super::slots::{EventClass, Slots};
use crate::catalog::{Build, ProductId};
use crate::draws::Purpose;
use crate::mail::Moment;
use crate::policy::{Baseline, Breach, Enforcement, Policy};
use crate::tally::{Class, Stretch};
use crate::time::{SimDuration, SimTime};
use crate::world::{Planned, Route};
use press::{Hazards, Open, Press};

/// The state of one server; a copy of plain memory, as scenarios that part take it over.
#[derive(Clone, Copy, Debug)]
pub(super) struct ServerLife {
    /// Its index among the servers of the tenant.
    index: u32,
    /// What is ahead of it.
    pub(super) slots: Slots,
    pub(super) product: ProductId,
    pub(super) build: Build,
    /// Milli-messages a day.
    pub(super) volume: u64,
    /// Where its build stands in the table of what builds face.
    prospect: RowIndex,
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
    open: Open,
    /// What presses for a decision.
    pub(super) press: Press,
    pub(super) gone: bool,
    pub(super) first_remediation: SimTime,
    /// Whether any remediation so far ended a breach.
    remediated_breach: bool,
    /// Whether it was remediated before it was ever detected; from then on it has no first cycle.
    acted_before: bool,
    /// Whether its stage restricts it, and whether it blocks, were the tenant not paused.
    pub(super) restricts: bool,
    blocks: bool,
}

impl ServerLife {
    pub(super) fn new<O>(index: usize, setting: &Setting<'_, '_, O>) -> Self {
        let server = &setting.tenant.servers[index];
        let start = setting.rules.start;
        let subject = Subject { product: server.product, build: server.build, esu: setting.tenant.esu };
        ServerLife {
            index: index as u32,
            slots: Slots::EMPTY,
            product: server.product,
            build: server.build,
            volume: server.volume,
            prospect: setting.group_rules.prospects.at_start(subject),
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
            open: Open::NONE,
            press: Press::begin(start),
            gone: false,
            first_remediation: SimTime::NEVER,
            remediated_breach: false,
            acted_before: false,
            restricts: false,
            blocks: false,
        }
    }

    /// Stands in another table of what builds face where it stands in this one.
    pub(super) fn move_to(&mut self, ours: &Prospects, theirs: &Prospects) {
        self.prospect = ours.counterpart(self.prospect, theirs);
        if !self.gone {
            self.slots.correct(EventClass::BaselineChange, theirs.row(self.prospect).until);
        }
    }

    /// Sets the time of one of the server's events.
    #[inline]
    pub(super) fn schedule(&mut self, shared: &mut Shared, class: EventClass, at: SimTime) {
        shared.agenda.set(&mut self.slots, class, at);
    }
}

/// First detection under a baseline: uniformly within its spread.
#[inline]
pub(super) fn detection(entry: &Baseline, u: f64) -> SimTime {
    entry.effective + SimDuration::from_seconds((u * entry.spread.seconds() as f64) as i64)
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
        // Nobody is detected before the baseline takes effect.
        let breach = self.breach?;
        let entry = &scene.setting.policy.baselines.entries()[breach.entry];
        let detected = (entry.effective < start).then(|| self.detection_time(scene, breach)).filter(|&at| at < start);
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
                for (at, paused) in [(pause.from(), true), (pause.to(), false)] {
                    if (paused || at > detected) && at <= start {
                        let at = at.max(detected);
                        run_to(enforcement, policy, at);
                        enforcement.set_paused(&policy.ladder, &policy.pauses, at, paused && pause.to() > detected);
                    }
                }
            }
            run_to(enforcement, policy, start);
        }
        self.change_stage(scene);
    }

    /// Work whose date the study sets.
    pub(super) fn begin_planned_work<O: Observer>(&mut self, scene: &mut Scene<'_, '_, '_, O>) {
        if let Some(Planned { route, on }) = scene.setting.tenant.servers[self.index as usize].planned {
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
    #[inline(always)]
    pub(super) fn close_stretch<O: Observer>(&mut self, scene: &mut Scene<'_, '_, '_, O>) {
        // Often it came into its class just now.
        if self.since.seconds() != scene.setting.rules.calendar.seconds_at(scene.now) {
            self.report_out_of_line(scene);
        }
    }

    /// The end of a life that it has not left before.
    #[inline(never)]
    pub(super) fn reach_horizon<O: Observer>(&mut self, scene: &mut Scene<'_, '_, '_, O>) {
        if self.decided.is_none() {
            self.tell_stop(scene, None, (scene.now, scene.now));
        }
        self.close_stretch(scene);
        let Setting { observer, tenant, .. } = &mut *scene.setting;
        observer.at_horizon(tenant.group, self.class, self.cycle, scene.now);
    }

    #[inline(never)]
    fn report_out_of_line<O: Observer>(&mut self, scene: &mut Scene<'_, '_, '_, O>) {
        self.report_stretch(scene);
    }

    /// The same, for the one place that is passed again and again.
    #[inline(always)]
    fn report_stretch<O: Observer>(&mut self, scene: &mut Scene<'_, '_, '_, O>) {
        let rules = scene.setting.rules;
        let seconds = rules.calendar.seconds_at(scene.now);
        // Classes that follow each other at one instant take no time.
        if self.since.seconds() < seconds {
            let now = rules.calendar.moment_after(seconds);
            let stretch = Stretch { from: self.since, to: now };
            let Setting { observer, losses, .. } = &mut *scene.setting;
            observer.stayed(Stay { server: self.index, volume: self.volume, class: self.class, stretch });
            let parts = losses.in_class(self.class.index());
            scene.shared.lost.lose(self.index as usize, stretch.level_seconds(), parts);
            self.since = now;
        }
    }

    #[inline(always)]
    fn enter_class<O: Observer>(&mut self, scene: &mut Scene<'_, '_, '_, O>, class: Class) {
        if self.class != class {
            self.report_stretch(scene);
            self.class = class;
        }
    }

    /// Enters a class now and then.
    pub(super) fn turn_to_class<O: Observer>(&mut self, scene: &mut Scene<'_, '_, '_, O>, class: Class) {
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
        self.press.reopen();
        self.schedule(scene.shared, EventClass::BaselineChange, row.until);
        if let (None, Some(found)) = (self.breach, row.breach) {
            self.breach = row.breach;
            if !self.remediated_breach {
                // A patch made in compliance was no remediation of what comes now.
                self.first_remediation = SimTime::NEVER;
            }
            self.turn_to_class(scene, Class::UNAWARE);
            let at = self.detection_time(scene, found).max(scene.now);
            self.schedule(scene.shared, EventClass::Detection, at);
        }
        self.press(scene);
    }

    /// The effective date of the baseline plus a uniform delay, or what the study says of a server's first cycle, but never
    /// before that baseline took effect. It may lie before the start, where the start does not hide it.
    fn detection_time<O>(&self, scene: &mut Scene<'_, '_, '_, O>, breach: Breach) -> SimTime {
        let found = &scene.setting.tenant.servers[self.index as usize];
        let entry = &scene.setting.policy.baselines.entries()[breach.entry];
        if let (Some(known), true) = (found.first_detected, self.is_first_cycle()) {
            return known.max(entry.effective);
        }
        // A product that the server came to by upgrading has numbers of its own.
        let moved = self.product != found.product;
        let index = breach.ordinal + if moved { (self.product.index() as u32 + 1) << 16 } else { 0 };
        detection(entry, scene.setting.draws.unit(self.index, Purpose::Detection, index))
    }

    /// Whether a cycle that begins now is the server's first: it was neither detected nor remediated before.
    fn is_first_cycle(&self) -> bool {
        self.cycles == 0 && !self.acted_before
    }

    /// First detection: the clock starts. Tells whether anything happened.
    pub(super) fn detect<O: Observer>(&mut self, scene: &mut Scene<'_, '_, '_, O>) -> bool {
        let policy = scene.setting.policy;
        let Some(breach) = self.breach else { return false };
        let reading = policy.entry_reading(self.served_before);
        self.enforcement =
            Some(Enforcement::begin(&policy.ladder, &policy.pauses, scene.now, scene.shared.paused, reading));
        self.cycle = Some(Cycle { entry: breach.entry, detected: scene.now, first: self.is_first_cycle() });
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
            scene.shared.agenda.enter(self.index as usize + 1, &self.slots);
        }
    }

    /// Class, next transition and hazards as the enforcement now says. Tells whether there is one.
    fn follow_enforcement<O: Observer>(&mut self, scene: &mut Scene<'_, '_, '_, O>) -> bool {
        if self.enforcement.is_none() {
            return false;
        }
        self.enter_stage(scene);
        self.follow_clock(scene.shared, scene.setting.policy);
        true
    }

    /// Sets when the next stage starts, and when the next decision falls if that may come first; otherwise it is worked out when
    /// the stage has started.
    #[inline]
    pub(super) fn follow_clock(&mut self, shared: &mut Shared, policy: &Policy) {
        let Some(enforcement) = &self.enforcement else { return };
        let next = enforcement.next_transition(&policy.ladder);
        if self.may_decide_before(next) {
            self.await_decision(shared);
        } else {
            self.schedule(shared, EventClass::Decision, SimTime::NEVER);
        }
        self.schedule(shared, EventClass::StageChange, next);
    }

    /// The clock of a server that is not paused reached the start of a later stage.
    #[inline(always)]
    pub(super) fn climb_to(&mut self, stage: usize) {
        if let Some(enforcement) = &mut self.enforcement {
            enforcement.climb_to(stage);
        }
    }

    /// Enters the stage in which its enforcement stands, paused or not.
    #[inline(always)]
    fn enter_stage<O: Observer>(&mut self, scene: &mut Scene<'_, '_, '_, O>) {
        let Some(enforcement) = &self.enforcement else { return };
        let rules = scene.setting.rules;
        let stage = &rules.stages[enforcement.stage()];
        let class = if enforcement.is_paused() { stage.class_paused } else { stage.class };
        let hazards = rules.hazards(scene.setting.group_rules, self.product, class);
        self.stand_in(scene, stage, class, &self.choices(), hazards);
    }

    /// What a stage does to a server that comes to stand in it: its class, what it restricts, what presses for a decision.
    ///
    /// - `class`: of the stage, paused or not;
    /// - `open`, `hazards`: the routes that a decision can take, and the hazards of the class.
    #[inline(always)]
    pub(super) fn stand_in<O: Observer>(
        &mut self,
        scene: &mut Scene<'_, '_, '_, O>,
        stage: &StageRules,
        class: Class,
        open: &Open,
        hazards: &Hazards,
    ) {
        self.count_restrictions(scene.shared, stage.restricts, stage.blocks);
        self.enter_class(scene, class);
        self.press_under(scene, open, hazards);
    }

    /// Keeps count of the servers whose stage restricts them, and of those it blocks: what makes a tenant want a pause.
    #[inline]
    fn count_restrictions(&mut self, shared: &mut Shared, restricts: bool, blocks: bool) {
        if (restricts, blocks) != (self.restricts, self.blocks) {
            shared.restricted = shared.restricted + usize::from(restricts) - usize::from(self.restricts);
            shared.blocked = shared.blocked + usize::from(blocks) - usize::from(self.blocks);
            (self.restricts, self.blocks) = (restricts, blocks);
        }
    }
}
