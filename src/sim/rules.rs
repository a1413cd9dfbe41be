//! A scenario worked out once, so that a life only looks things up.

use crate::catalog::{Build, Catalog, ProductId};
pub use crate::mail::calendar::share_of;
use crate::mail::{Calendar, MailAmount, MailOutcome, RetrySchedule};
use crate::policy::Policy;
use crate::tally::{Class, ClassSet, Shape};
use crate::time::SimTime;
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
    /// Mail of every day.
    pub calendar: Calendar,
    /// The classes of the ladder.
    pub classes: ClassSet,
    /// Mail outcomes by kind of mail and class.
    pub outcomes: Vec<Vec<MailOutcome>>,
    pub(super) groups: Vec<GroupRules>,
    tracks: Vec<[PatchTrack; 2]>,
}

/// Builds of a product in order of release, each newer than all before; with and without extended security updates.
type PatchTrack = Vec<(SimTime, Build)>;

/// A group of the world, worked out for one policy.
#[derive(Clone, Debug)]
pub(super) struct GroupRules {
    /// Place of the group's kind of mail.
    pub(super) kind: usize,
    /// Hazards by product and class.
    hazards: Vec<Vec<[Hazard; 3]>>,
}

/// A decision hazard per day: `diligence x pressed + added`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Hazard {
    pub(super) pressed: f64,
    pub(super) added: f64,
}

impl<'a> Rules<'a> {
    /// Works out a policy on a world between two instants.
    pub fn new(policy: &'a Policy, world: &'a World, start: SimTime, horizon: SimTime) -> Self {
        let catalog = Catalog::embedded();
        let classes = ClassSet::new(&policy.ladder);
        let kinds = mail_kinds(world);
        let outcome =
            |schedule: RetrySchedule, class| MailOutcome::compute(classes.minutes(class), policy.layout, schedule);
        let outcomes =
            kinds.iter().map(|&kind| (0..classes.len()).map(|class| outcome(kind, class)).collect()).collect();
        let groups = world
            .groups
            .iter()
            .map(|group| GroupRules {
                kind: kinds.iter().position(|&kind| kind == group.retry).unwrap_or(0),
                hazards: catalog.products().map(|product| hazards(policy, world, group, product, &classes)).collect(),
            })
            .collect();
        let tracks =
            catalog.products().map(|p| [catalog.patch_track(p, false), catalog.patch_track(p, true)]).collect();
        let calendar = Calendar::new(&world.calendar, start, horizon);
        Rules { policy, world, start, horizon, calendar, classes, outcomes, groups, tracks }
    }

    /// The shape of this scenario's tallies.
    pub fn shape(&self) -> Shape {
        Shape {
            days: self.calendar.days(),
            classes: self.classes.len(),
            kinds: self.outcomes.len(),
            groups: self.groups.len(),
            entries: self.policy.baselines.entries().len(),
            curve_days: self.curve_days(),
        }
    }

    /// Days from the earliest detection there can be, which may lie before the start, to the horizon.
    fn curve_days(&self) -> usize {
        let entries = self.policy.baselines.entries().iter().map(|entry| entry.effective);
        let listed = self.world.groups.iter().flat_map(|group| match &group.servers {
            ServerMix::Listed(servers) => servers.as_slice(),
            ServerMix::Drawn { .. } => &[],
        });
        let earliest = entries.chain(listed.filter_map(|server| server.first_detected)).fold(self.start, SimTime::min);
        self.horizon.since(earliest).days_ceil() as usize + 1
    }

    /// Place of a group's kind of mail.
    pub fn kind_of(&self, group: usize) -> usize {
        self.groups[group].kind
    }

    /// Nano-messages lost of `sent` in a class, rounded down.
    #[inline]
    pub fn lost(&self, kind: usize, class: Class, sent: MailAmount) -> MailAmount {
        let outcome = &self.outcomes[kind][class.index()];
        let lost = outcome.lost();
        if lost == 0 { 0 } else { share_of(sent, lost.into(), outcome.parts) }
    }

    #[inline]
    pub(super) fn hazard(&self, group: usize, product: ProductId, class: Class) -> &[Hazard; 3] {
        &self.groups[group].hazards[product.index()][class.index()]
    }

    /// Decision hazards per day of one route at a diligence, by class in the order of [`ClassSet::names`].
    pub fn hazard_per_day(&self, group: usize, product: ProductId, route: Route, diligence: f64) -> Vec<f64> {
        let by_class = self.groups[group].hazards[product.index()].iter().map(|routes| routes[route as usize]);
        by_class.map(|hazard| diligence * hazard.pressed + hazard.added).collect()
    }

    /// Newest build of a product at `at`.
    #[inline]
    pub(super) fn newest(&self, product: ProductId, esu: bool, at: SimTime) -> Option<Build> {
        let track = &self.tracks[product.index()][usize::from(esu)];
        track.partition_point(|release| release.0 <= at).checked_sub(1).map(|place| track[place].1)
    }

    /// The first release of the product after `at`; never if none is known.
    #[inline]
    pub(super) fn next_release(&self, product: ProductId, esu: bool, at: SimTime) -> SimTime {
        let track = &self.tracks[product.index()][usize::from(esu)];
        track.get(track.partition_point(|release| release.0 <= at)).map_or(SimTime::NEVER, |release| release.0)
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

fn hazards(policy: &Policy, world: &World, group: &Group, product: ProductId, classes: &ClassSet) -> Vec<[Hazard; 3]> {
    let of = |class: usize, route: Route| {
        let Some(rules) = &group.routes[route as usize] else { return Hazard::default() };
        let state = state(policy, class, classes);
        let pressed = match (&rules.base, rules.base_by_product.get(&product)) {
            (_, Some(per_month)) => per_month / MONTH_DAYS * world.response.multiplier.value(state),
            (BaseRate::PerMonth(per_month), None) => per_month / MONTH_DAYS * world.response.multiplier.value(state),
            (BaseRate::PerDayInStage(by_stage), None) => match state {
                State::InStage(stage) if !stage.silent => by_stage.get(&stage.name).copied().unwrap_or(0.0),
                _ => 0.0,
            },
        };
        Hazard { pressed, added: world.response.added[route as usize].value(state) }
    };
    (0..classes.len()).map(|class| Route::ALL.map(|route| of(class, route))).collect()
}
