//! Fast ways and the plain one give the same to the last bit: a single server's way and the event loop, scenarios side by side
//! and each by itself, tenants prepared together and made alone.

use std::path::Path;
use std::sync::Arc;

use brownout::draws::{DrawSource, TenantId};
use brownout::experiment::Runner;
use brownout::reading::load::load;
use brownout::sim::{Cycle, Event, EventClass, Life, Observer, Rules, ServerView, Stay, TallyObserver};
use brownout::study::Study;
use brownout::tally::{Class, Stretch, Tally};
use brownout::time::SimTime;
use brownout::world::group::GroupSampler;
use brownout::world::{Route, Tenant, make_tenant};
use proptest::prelude::*;

use crate::common::StudyText;
use crate::generated::{a_text, config};

/// Everything that is told of a life.
#[derive(Clone, Debug, PartialEq)]
enum Told {
    Stretch(Class, u64, Stretch),
    Remediated(Route, Option<Cycle>, SimTime),
    Left(SimTime),
    AtHorizon(Class, Option<Cycle>),
    Paused(i16, u32),
    OutOfBudget(SimTime, SimTime),
    Event(SimTime, EventClass, Option<usize>, Option<Box<ServerView>>, u32),
}

/// Writes down what is told, with every event or without them: who does not watch events may be told faster.
#[derive(Default)]
struct Record<const EVENTS: bool>(Vec<Told>);

impl<const EVENTS: bool> Observer for Record<EVENTS> {
    const WATCHES_EVENTS: bool = EVENTS;

    fn stayed(&mut self, stay: Stay) {
        let Stay { server: _, volume, class, stretch } = stay;
        self.0.push(Told::Stretch(class, volume, stretch));
    }
    fn remediated(&mut self, _: usize, route: Route, cycle: Option<Cycle>, at: SimTime) {
        self.0.push(Told::Remediated(route, cycle, at));
    }
    fn left(&mut self, _: usize, at: SimTime) {
        self.0.push(Told::Left(at));
    }
    fn at_horizon(&mut self, _: usize, class: Class, cycle: Option<Cycle>, _: SimTime) {
        self.0.push(Told::AtHorizon(class, cycle));
    }
    fn paused(&mut self, year: i16, days: u32) {
        self.0.push(Told::Paused(year, days));
    }
    fn out_of_budget(&mut self, _: &Rules<'_>, from: SimTime, to: SimTime) {
        self.0.push(Told::OutOfBudget(from, to));
    }
    fn event(&mut self, _: &Rules<'_>, event: Event<'_>) {
        if EVENTS {
            let view = event.server.map(|place| Box::new(event.life.server(place)));
            let used = event.life.pauses().used(event.at.year());
            self.0.push(Told::Event(event.at, event.class, event.server, view, used));
        }
    }
}

/// Every tenant of a scenario's world, made alone.
fn each_tenant(
    study: &Study,
    scenario: usize,
    replication: u32,
    mut visit: impl FnMut(&Tenant, TenantId, &DrawSource),
) {
    let source = DrawSource::new(study.seed(), replication);
    for (place, group) in study.scenarios()[scenario].world.groups().iter().enumerate() {
        let sampler = GroupSampler::new(group, place);
        for number in 0..group.count() {
            let id = TenantId::new(group.key(), number);
            let mut tenant = Tenant::default();
            make_tenant(&sampler, number, &mut source.tenant(id), &mut tenant);
            visit(&tenant, id, &source);
        }
    }
}

/// What both ways tell of a tenant.
fn both_ways<const EVENTS: bool>(
    rules: &Rules<'_>,
    tenant: &Tenant,
    id: TenantId,
    source: &DrawSource,
) -> [Vec<Told>; 2] {
    let (mut fast, mut slow) = (Record::<EVENTS>::default(), Record::<EVENTS>::default());
    let mut life = Life::default();
    life.live(rules, tenant, &mut source.tenant(id), &mut fast);
    life.live_by_agenda(rules, tenant, &mut source.tenant(id), &mut slow);
    [fast.0, slow.0]
}

/// Tallies of every scenario by the event loop alone, each tenant made and lived by itself.
fn plain_tallies(study: &Study, replication: u32) -> Vec<Tally> {
    // What tenant n of a group lost under the first scenario, and when its servers were remediated.
    let mut baseline = std::collections::BTreeMap::new();
    let tally = |s: usize| {
        let scenario = &study.scenarios()[s];
        let rules = Rules::new(&scenario.policy, &scenario.world, study.start(), study.horizon());
        let mut tally = Tally::new(rules.shape());
        each_tenant(study, s, replication, |tenant, id, source| {
            let mut life = Life::default();
            let mut observer = TallyObserver::new(&mut tally, &rules, tenant.group);
            life.live_by_agenda(&rules, tenant, &mut source.tenant(id), &mut observer);
            let remediations: Vec<SimTime> = life.remediations().collect();
            let group = &mut tally.groups[tenant.group];
            group.count_tenant(life.lost(), tenant.servers.len());
            if s == 0 {
                baseline.insert(id, (life.lost(), remediations));
            } else if let Some((lost, before)) = baseline.get(&id).filter(|known| known.1.len() == remediations.len()) {
                group.fate.compare_tenant(life.lost(), *lost);
                for (&here, &there) in remediations.iter().zip(before) {
                    group.fate.compare_server(here, there, rules.horizon);
                }
            }
        });
        tally
    };
    (0..study.scenarios().len()).map(tally).collect()
}

fn same_lives(study: &Study, tenants: usize) -> usize {
    let mut events = 0;
    for (s, scenario) in study.scenarios().iter().enumerate() {
        let rules = Rules::new(&scenario.policy, &scenario.world, study.start(), study.horizon());
        let mut seen = 0;
        each_tenant(study, s, 0, |tenant, id, source| {
            seen += 1;
            if seen <= tenants {
                let [fast, slow] = both_ways::<true>(&rules, tenant, id, source);
                assert_eq!(fast, slow, "{}, {id:?}", scenario.name);
                events += fast.iter().filter(|told| matches!(told, Told::Event(..))).count();
                // Nobody who watches no events asks which of two servers was told of first.
                let sorted = |mut told: Vec<Told>| {
                    told.sort_by_cached_key(|told| format!("{told:?}"));
                    told
                };
                let [fast, slow] = both_ways::<false>(&rules, tenant, id, source).map(sorted);
                assert_eq!(fast, slow, "{}, {id:?}, events unwatched", scenario.name);
            }
        });
    }
    events
}

fn same_tallies(study: &Study) {
    let together = Runner::new(study).replicate(1, &|_| {});
    for ((tally, plain), scenario) in together.iter().zip(plain_tallies(study, 1)).zip(study.scenarios()) {
        let Tally { series, groups, out_of_budget, pause_days, curves } = tally;
        assert_eq!(*groups, plain.groups, "{}: groups", scenario.name);
        assert_eq!(*pause_days, plain.pause_days, "{}: pause days", scenario.name);
        assert!(*out_of_budget == plain.out_of_budget, "{}: tenants out of budget", scenario.name);
        assert!(*curves == plain.curves, "{}: curves", scenario.name);
        assert!(*series == plain.series, "{}: series", scenario.name);
    }
}

/// Scenarios beside the first, by number: what they change.
const CHANGES: [&str; 8] = [
    r#"(name: "no pause", set: { "policy.pauses.budget_days": 0 })"#,
    r#"(name: "short budget", set: { "policy.pauses.budget_days": 11 })"#,
    r#"(name: "no enforcement", set: { "policy.ladder": (preset: "none"), "policy.relapse": restart })"#,
    r#"(name: "other ladder", set: { "policy.ladder": (preset: "microsoft-2023"), "policy.relapse": restart })"#,
    r#"(name: "later", set: { "policy.baselines[a].effective": "2026-12-01" })"#,
    r#"(name: "adjacent", set: { "policy.layout": adjacent })"#,
    r#"(name: "runs on", set: { "policy.pauses.freezes": false })"#,
    r#"(name: "same again")"#,
];

/// Servers named one by one: detected before the start, after it, or not; with work planned, or without.
const LISTED: &str = r#"servers: [
    (name: "old", build: "15.2.1544.36", first_detected: "2026-07-01"),
    (name: "later", build: "15.2.1748.10", first_detected: "2026-11-20T07:08:09Z"),
    (name: "unknown", build: "15.2.1544.36")]"#;

prop_compose! {
    /// A study of all features with a few scenarios: tenants of one server or of several, drawn or named, from any hour on.
    pub(crate) fn a_study()(
        text in a_text(), start in 0usize..4, horizon in 0usize..3, servers in 0usize..5,
        changes in prop::collection::vec(0usize..8, 0..4),
    ) -> (String, StudyText) {
        let mut text = text;
        text.start = ["2026-09-07", "2026-09-07T11:22:33Z", "2026-10-30", "2027-01-01"][start];
        text.horizon = ["2027-03-01", "2028-03-01", "2027-12-31T05:06:07Z"][horizon];
        let per_tenant = "servers_per_tenant: [1, 1, 1]";
        let group = text.groups[0].replace("count: 40", "count: 9");
        text.groups[0] = match servers {
            0 | 1 => group.replace(per_tenant, "servers_per_tenant: [1]"),
            2 => {
                let (before, rest) = group.split_once("builds: [").unwrap();
                let (_, after) = rest.split_once(&format!("], {per_tenant}")).unwrap();
                format!("{before}{LISTED}{after}")
            }
            _ => group,
        };
        let mut chosen = changes;
        chosen.sort();
        chosen.dedup();
        text.scenarios.extend(chosen.iter().map(|&change| CHANGES[change].to_owned()));
        (text.ron(), text)
    }
}

proptest! {
    #![proptest_config(config(2_000, 15))]

    #[test]
    fn two_thousand_studies_are_the_same_by_every_way((_, text) in a_study()) {
        let study = text.study();
        same_lives(&study, 9);
        same_tallies(&study);
    }
}

/// A shipped study with at most so many tenants in a group.
pub(crate) fn shipped(path: &Path, tenants: u32) -> Study {
    let mut study = load(path).unwrap_or_else(|error| panic!("{:?}", error.problems)).study;
    for world in study.scenarios_mut().worlds_mut() {
        crate::common::keep_tenants(Arc::make_mut(world), tenants);
    }
    study
}

#[test]
fn every_shipped_study_is_the_same_by_every_way() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut studies = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "ron") {
            let study = shipped(&path, 150);
            assert!(same_lives(&study, 400) > 0, "{}: nothing happened", path.display());
            same_tallies(&study);
            studies += 1;
        }
    }
    assert!(studies >= 5, "{studies} studies");
}

#[test]
fn products_that_face_the_same_are_pressed_each_by_its_own_rate() {
    // Baselines of both come into force behind the horizon, so what is ahead of both is one: nothing but the wish to leave before.
    let group = r#"(name: "g", count: 90, builds: [(build: "15.1.2507.6", share: 1), (build: "15.2.1544.36", share: 1)],
        servers_per_tenant: [1], esu_share: 0, diligence: (sigma: 0, never_share: 0), windows: [], freezes: [], failure: (prob: 0),
        gap_days: Fixed(10), messages_per_day: Fixed(500), pauses: [(share: 1, plan: Never)],
        routes: (leave: (per_month: 0.01, by_product: {"2016": (per_month: 10)})))"#;
    let baseline = |name: &str, product: &str| {
        format!(
            r#"(name: "{name}", effective: "2029-01-01", product: "{product}", whole_product: true, spread_days: 0)"#
        )
    };
    let text = StudyText {
        policy: format!(
            r#"ladder: (preset: "microsoft-2023"), baselines: [{}, {}]"#,
            baseline("a", "2016"),
            baseline("b", "2019")
        ),
        groups: vec![group.to_owned()],
        ..StudyText::default()
    };
    let study = text.study();
    same_tallies(&study);
    let tally = &Runner::new(&study).replicate(0, &|_| {})[0];
    let left = tally.groups[0].remediated_before[Route::Leave];
    assert!((30..60).contains(&left), "of 90 tenants, half of which leave within weeks, {left} left");
}

#[test]
fn servers_that_decide_at_one_second_keep_their_turns() {
    // The second server of each tenant breaches first, so its detection is set before the first one's; both are then detected, and decide,
    // within one second. Whoever is first leaves ten days before the other.
    let group = r#"(name: "g", count: 9, servers: [
            (name: "one", build: "15.1.2507.6", messages_per_day: 900, first_detected: "2026-10-10"),
            (name: "two", build: "15.2.1544.36", messages_per_day: 100, first_detected: "2026-10-10")],
        esu_share: 0, diligence: (sigma: 0, never_share: 0), windows: [], freezes: [], failure: (prob: 0), gap_days: Fixed(10),
        routes: (leave: (per_month: 1000, lead: Fixed(0))), pauses: [(share: 1, plan: Never)])"#;
    let text = StudyText {
        policy: r#"ladder: (stages: [(name: "first", days: 60), (name: "second", throttle: 30)]), baselines: [
            (name: "a", effective: "2026-10-05", product: "2016", whole_product: true, spread_days: 20),
            (name: "b", effective: "2026-10-01", product: "2019", whole_product: true, spread_days: 20)]"#
            .to_owned(),
        response: r#"multiplier: ByStage(unaware: 0, paused: 0, stages: {"first": 1000000, "second": 1000000})"#
            .to_owned(),
        groups: vec![group.to_owned()],
        ..StudyText::default()
    };
    let study = text.study();
    same_tallies(&study);
    let (scenario, mut left) = (&study.scenarios()[0], Vec::new());
    let rules = Rules::new(&scenario.policy, &scenario.world, study.start(), study.horizon());
    each_tenant(&study, 0, 0, |tenant, id, source| {
        let told = both_ways::<false>(&rules, tenant, id, source)[0].clone();
        left.extend(
            told.into_iter().filter_map(|told| if let Told::Left(at) = told { Some(at.to_string()) } else { None }),
        );
    });
    assert_eq!(left, ["2026-10-10T00:00:00Z", "2026-10-20T00:00:00Z"].repeat(9));
}

#[test]
fn a_record_that_differs_is_told_apart() {
    // The comparison is worth something only if a life that differs in one event, stretch or view differs in its record.
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/exchange-2026.ron");
    let study = shipped(&path, 40);
    let [here, there] = [0, 2].map(|s| {
        let scenario = &study.scenarios()[s];
        let rules = Rules::new(&scenario.policy, &scenario.world, study.start(), study.horizon());
        let mut told = Vec::new();
        each_tenant(&study, s, 0, |tenant, id, source| {
            told.push(both_ways::<true>(&rules, tenant, id, source)[0].clone())
        });
        told
    });
    assert!(here.iter().zip(&there).any(|(here, there)| here != there), "a pause less is a life that differs");
}
