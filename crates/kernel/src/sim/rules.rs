//! A scenario worked out once, so that a life only looks things up.

use std::sync::Arc;

use super::known::{Known, Outcomes};
use super::losses::{Losses, losses_under};
use super::prospect::Prospects;
use super::server::press::Hazards;
use crate::catalog::{Catalog, ProductId, Tracks};
use crate::mail::{Calendar, RetrySchedule};
use crate::policy::{Ladder, Policy};
use crate::tally::{Class, ClassSet, Shape};
use crate::time::{SimDuration, SimTime};
use crate::world::route::MONTH_DAYS;
use crate::world::{BaseRate, Group, Route, ServerMix, State, World};

/// Everything a life needs to know about its scenario.
#[derive(Clone, Debug)]
pub struct Rules<'a> {
    /// The policy.
    pub policy: &'a Policy,
    /// The world.
    pub world: &'a World,
    /// Start of observation.
    pub start: SimTime,
    /// End of observation.
    pub horizon: SimTime,
    /// The end of the year that holds it.
    pub(super) last_new_year: SimTime,
    /// Mail of every day.
    pub calendar: Calendar,
    /// The classes of the ladder.
    pub classes: ClassSet,
    /// Mail outcomes by kind of mail and class.
    pub outcomes: Outcomes,
    pub(super) groups: Vec<GroupRules>,
    pub(super) stages: Vec<StageRules>,
    pub(super) tracks: &'a Tracks,
    /// Shares of mail lost, by kind of mail.
    losses: Vec<Losses>,
    /// Scenarios that share this one's whole lives.
    sharing: usize,
}

/// A group of the world, worked out for one policy.
#[derive(Clone, Debug)]
pub(super) struct GroupRules {
    /// Index of the group's kind of mail.
    pub(super) kind: usize,
    /// What its servers face by product and build.
    pub(super) prospects: Arc<Prospects>,
    /// Decision hazards by product and class.
    pub(super) hazards: Vec<Hazards>,
}

impl GroupRules {
    /// Whether builds face the same in both.
    pub(super) fn faces_as(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.prospects, &other.prospects) || self.prospects == other.prospects
    }
}

impl PartialEq for GroupRules {
    fn eq(&self, other: &Self) -> bool {
        self.faces_as(other) && self.kind == other.kind && self.hazards == other.hazards
    }
}

/// What a life needs to know of a stage.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct StageRules {
    /// The class of servers that stand in it and are not paused.
    pub(super) class: Class,
    /// The class of servers that stand in it and are paused; in a silent stage nobody notices a pause.
    pub(super) class_paused: Class,
    /// Whether it refuses any connection.
    pub(super) restricts: bool,
    /// Whether it refuses any for good.
    pub(super) blocks: bool,
    /// The clock reading at which it starts.
    pub(super) start: SimDuration,
    /// How many days of the clock it lasts; the last one has no end.
    pub(super) days: f64,
}

impl<'a> Rules<'a> {
    /// Works out a policy on a world between two instants.
    pub fn new(policy: &'a Policy, world: &'a World, start: SimTime, horizon: SimTime) -> Self {
        Self::knowing(&Known::default(), policy, world, start, horizon)
    }

    /// The same, with what was worked out before; what is worked out now is kept there.
    pub fn knowing(known: &Known, policy: &'a Policy, world: &'a World, start: SimTime, horizon: SimTime) -> Self {
        let catalog = &*world.catalog;
        let classes = ClassSet::new(&policy.ladder);
        let kinds = mail_kinds(world);
        let outcomes = known.outcomes(&classes, policy.layout, &kinds);
        let tracks = catalog.tracks();
        let tables = known.tables(world, &policy.baselines, (start, horizon));
        let answers = answers(policy, world, &classes);
        let group = |(index, group): (usize, &Group)| GroupRules {
            kind: kinds.iter().position(|&kind| kind == group.retry).unwrap_or(0),
            prospects: tables[index].clone(),
            hazards: hazards(&answers, group, catalog),
        };
        let groups = world.groups.iter().enumerate().map(group).collect();
        let stages = (0..policy.ladder.stages().len()).map(|index| stage_rules(&policy.ladder, index, &classes));
        let calendar = known.calendar(&world.calendar, (start, horizon));
        let stages = stages.collect();
        let losses = Vec::new();
        let mut rules = Rules {
            policy,
            world,
            start,
            horizon,
            last_new_year: SimTime::year_start(horizon.year() + 1),
            calendar,
            classes,
            outcomes,
            groups,
            stages,
            tracks,
            losses,
            sharing: 0,
        };
        rules.losses = losses_under(&rules, &[]);
        rules
    }

    /// Whether every tenant lives the same life under both rules, so that only what becomes of its mail can differ.
    ///
    /// Both must have been worked out from the same world between the same instants.
    pub fn shares_lives_with(&self, other: &Rules<'_>) -> bool {
        // Whoever adds a field to the policy decides here whether lives depend on it. Ladders differ for a life by lengths
        // and by what stands in `stages` and `groups`; names and layout matter to nobody in the world.
        let Policy { name: _, ladder, baselines, pauses, relapse, layout: _, replies: _ } = self.policy;
        let lengths = |policy: &Policy| policy.ladder.stages().iter().map(|stage| stage.length).collect::<Vec<_>>();
        let theirs = other.policy;
        ladder.stages().len() == theirs.ladder.stages().len()
            && lengths(self.policy) == lengths(theirs)
            && *baselines == theirs.baselines
            && *pauses == theirs.pauses
            && *relapse == theirs.relapse
            && self.stages == other.stages
            && self.groups == other.groups
            && (self.start, self.horizon) == (other.start, other.horizon)
    }

    /// From now on a life also adds up what it loses under `others`. The first `sharing` of them share its whole lives, the rest
    /// share a past with it.
    pub(super) fn also_lose_under(&mut self, others: &[&Rules<'_>], sharing: usize) {
        self.losses = losses_under(self, others);
        self.sharing = sharing;
    }

    /// Scenarios for which a whole life adds up what it loses: this one, and those that share its lives.
    pub(super) fn scenarios(&self) -> usize {
        1 + self.sharing
    }

    /// The shares of a kind of mail that are lost.
    #[inline]
    pub(super) fn losses(&self, kind: usize) -> &Losses {
        &self.losses[kind]
    }

    /// Whether mail of some kind is lost in a class, under this scenario or one that shares its lives.
    pub(super) fn loses_in(&self, class: Class) -> bool {
        self.losses.iter().any(|losses| !losses.in_class(class.index()).is_empty())
    }

    /// The shape of this scenario's tallies.
    pub fn shape(&self) -> Shape {
        shape_of(self.policy, self.world, self.start, self.horizon)
    }

    /// Index of a group's kind of mail.
    pub fn kind_of(&self, group: usize) -> usize {
        self.groups[group].kind
    }

    /// Decision hazards of a product in a class.
    #[inline]
    pub(super) fn hazards<'g>(&self, group: &'g GroupRules, product: ProductId, class: Class) -> &'g Hazards {
        &group.hazards[product.index() * self.classes.len() + class.index()]
    }

    /// Decision hazards of a product by class.
    #[inline]
    pub(super) fn hazards_by_class<'g>(&self, group: &'g GroupRules, product: ProductId) -> &'g [Hazards] {
        let classes = self.classes.len();
        &group.hazards[product.index() * classes..][..classes]
    }

    /// Whether servers that were never detected are pressed alike under both rules, in a group of the same world.
    pub(super) fn undetected_press_alike(&self, ours: &GroupRules, other: &Rules<'_>, theirs: &GroupRules) -> bool {
        let alike = |class: Class| {
            let of = |rules: &Rules<'_>, group: &GroupRules| -> Vec<Hazards> {
                group.hazards.iter().skip(class.index()).step_by(rules.classes.len()).copied().collect()
            };
            of(self, ours) == of(other, theirs)
        };
        alike(Class::COMPLIANT) && alike(Class::UNAWARE)
    }

    /// Decision hazards per day of one route at a diligence, by class in the order of [`ClassSet::names`].
    pub fn hazard_per_day(&self, group: usize, product: ProductId, route: Route, diligence: f64) -> Vec<f64> {
        let first = product.index() * self.classes.len();
        let by_class = &self.groups[group].hazards[first..first + self.classes.len()];
        by_class.iter().map(|hazards| hazards.of(route, diligence)).collect()
    }
}

/// The shape of a scenario's tallies, without working the scenario out.
pub fn shape_of(policy: &Policy, world: &World, start: SimTime, horizon: SimTime) -> Shape {
    let last = SimTime::from_seconds(horizon.seconds() - 1).day();
    Shape {
        days: (last.number() - start.day().number() + 1) as usize,
        classes: ClassSet::new(&policy.ladder).len(),
        kinds: mail_kinds(world).len(),
        groups: world.groups.len(),
        entries: policy.baselines.entries().len(),
        curve_days: curve_days(policy, world, start, horizon),
    }
}

/// Days from the earliest detection there can be, which may lie before the start, to the horizon.
fn curve_days(policy: &Policy, world: &World, start: SimTime, horizon: SimTime) -> usize {
    let entries = policy.baselines.entries().iter().map(|entry| entry.effective);
    let listed = world.groups.iter().flat_map(|group| match &group.servers {
        ServerMix::Listed(servers) => servers.as_slice(),
        ServerMix::Drawn { .. } => &[],
    });
    let earliest = entries.chain(listed.filter_map(|server| server.first_detected)).fold(start, SimTime::min);
    horizon.since(earliest).days_ceil() as usize + 1
}

fn stage_rules(ladder: &Ladder, index: usize, classes: &ClassSet) -> StageRules {
    let (stage, class) = (&ladder.stages()[index], Class::stage(index));
    StageRules {
        class,
        class_paused: if stage.silent { class } else { classes.paused() },
        restricts: stage.minutes.restrict(),
        blocks: stage.minutes.block > 0,
        start: ladder.start_of(index),
        days: ladder.next_start(index).map_or(f64::INFINITY, |next| (next - ladder.start_of(index)).days_f64()),
    }
}

/// The distinct retry schedules of a world, in order.
pub fn mail_kinds(world: &World) -> Vec<RetrySchedule> {
    let mut kinds: Vec<_> = world.groups.iter().map(|group| group.retry).collect();
    kinds.sort();
    kinds.dedup();
    kinds
}

/// The state in which a server of a class acts.
fn state<'p>(policy: &'p Policy, class: usize, classes: &ClassSet) -> State<'p> {
    if class == classes.paused().index() {
        State::Paused
    } else if class <= Class::UNAWARE.index() {
        State::Unaware
    } else {
        State::InStage(&policy.ladder.stages()[class - Class::stage(0).index()])
    }
}

/// How people answer to what is done to them in one class.
struct Answered<'a> {
    state: State<'a>,
    multiplier: f64,
    /// By route.
    added: [f64; 3],
}

/// The world's response in every class of a policy.
fn answers<'a>(policy: &'a Policy, world: &World, classes: &ClassSet) -> Vec<Answered<'a>> {
    let response = &world.response;
    let answer = |class| {
        let state = state(policy, class, classes);
        let added = Route::ALL.map(|route| response.added[route].value(state));
        Answered { state, multiplier: response.multiplier.value(state), added }
    };
    (0..classes.len()).map(answer).collect()
}

/// The decision hazards of a group's servers: of the first product by class, then of the next.
fn hazards(answers: &[Answered<'_>], group: &Group, catalog: &Catalog) -> Vec<Hazards> {
    let mut all = Vec::with_capacity(catalog.products().count() * answers.len());
    for product in catalog.products() {
        let own = Route::ALL.map(|route| group.routes[route].as_ref()?.base_by_product.get(&product).copied());
        let of = |answered: &Answered<'_>, route: Route| {
            let Some(rules) = &group.routes[route] else { return (0.0, 0.0) };
            let pressed = match (&rules.base, own[route as usize]) {
                (_, Some(per_month)) | (&BaseRate::PerMonth(per_month), None) => {
                    per_month / MONTH_DAYS * answered.multiplier
                }
                (BaseRate::PerDayInStage(by_stage), None) => match answered.state {
                    State::InStage(stage) if !stage.silent => by_stage.get(&stage.name).copied().unwrap_or(0.0),
                    _ => 0.0,
                },
            };
            (pressed, answered.added[route as usize])
        };
        all.extend(answers.iter().map(|answered| {
            let by_route = Route::ALL.map(|route| of(answered, route));
            Hazards::new(by_route.map(|of| of.0), by_route.map(|of| of.1))
        }));
    }
    all
}
