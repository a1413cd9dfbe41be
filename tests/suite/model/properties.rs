//! What holds in every life, whatever the world and the policy: time adjoins, budgets hold, clocks are right.
//!
//! Cases are generated from fixed seeds, so a failure shows up again. The watcher below is an observer of its own: it
//! keeps every stretch of every server instead of adding it up, so it also checks what the tallies are made of.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use brownout::draws::{DrawSource, TenantId};
use brownout::ladders;
use brownout::policy::{Minutes, PauseBook, PauseRequest, PauseRules, Policy, history};
use brownout::sim::{Cycle, Event, EventClass, Life, Observer, Rules, Stay};
use brownout::study::Study;
use brownout::tally::Class;
use brownout::time::{SimDuration, SimTime};
use brownout::world::group::GroupSampler;
use brownout::world::{Route, Tenant, make_tenant};
use proptest::prelude::*;

use crate::common::StudyText;
use crate::generated::{a_study, config};

/// A stretch of one server in one class, `[from, to)`.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Stretch {
    from: SimTime,
    to: SimTime,
    class: Class,
}

/// Writes down everything about one tenant. Servers are told apart by their volumes.
#[derive(Default)]
struct Watcher {
    servers: BTreeMap<u64, Vec<Stretch>>,
    /// Stretches reported since the last event: they end at the next one.
    open: Vec<(u64, Class, i64)>,
    remediated: Vec<(Route, Option<Cycle>, SimTime)>,
    left: Vec<SimTime>,
    at_horizon: usize,
    paused: BTreeMap<i16, u32>,
    out_of_budget: Vec<(SimTime, SimTime)>,
    events: Vec<(SimTime, EventClass, Option<usize>)>,
    most_used: u32,
}

impl Watcher {
    fn settle(&mut self, now: SimTime) {
        for (volume, class, seconds) in std::mem::take(&mut self.open) {
            let stretch = Stretch { from: now - SimDuration::from_seconds(seconds), to: now, class };
            self.servers.entry(volume).or_default().push(stretch);
        }
    }
}

impl Observer for Watcher {
    fn stayed(&mut self, stay: Stay) {
        let Stay { server: _, volume, class, stretch } = stay;
        self.open.push((volume, class, stretch.seconds()));
    }
    fn remediated(&mut self, _: usize, route: Route, cycle: Option<Cycle>, at: SimTime) {
        self.remediated.push((route, cycle, at));
    }

    fn left(&mut self, _: usize, at: SimTime) {
        self.left.push(at);
    }
    fn at_horizon(&mut self, _: usize, _: Class, _: Option<Cycle>, _: SimTime) {
        self.at_horizon += 1;
    }
    fn paused(&mut self, year: i16, days: u32) {
        *self.paused.entry(year).or_default() += days;
    }
    fn out_of_budget(&mut self, _: &Rules<'_>, from: SimTime, to: SimTime) {
        self.out_of_budget.push((from, to));
    }
    fn event(&mut self, _: &Rules<'_>, event: Event<'_>) {
        self.settle(event.at);
        self.events.push((event.at, event.class, event.server));
        if let (EventClass::StageChange, Some(place)) = (event.class, event.server) {
            assert!(event.life.server(place).enforcement.is_some(), "stages change under enforcement only");
        }
        let used = event.life.pauses().used_by_year().iter().map(|entry| entry.1);
        self.most_used = self.most_used.max(used.max().unwrap_or(0));
    }
}

/// Lives tenants `0..tenants` of every group under the first scenario and hands each to `check`.
fn watch(study: &Study, tenants: u32, mut check: impl FnMut(&Rules<'_>, &Tenant, &Watcher)) {
    let scenario = &study.scenarios()[0];
    let rules = Rules::new(&scenario.policy, &scenario.world, study.start(), study.horizon());
    let source = DrawSource::new(study.seed(), 0);
    let (mut life, mut tenant) = (Life::default(), Tenant::default());
    for (place, group) in scenario.world.groups().iter().enumerate() {
        let sampler = GroupSampler::new(group, place);
        for number in 0..tenants.min(group.count()) {
            let mut draws = source.tenant(TenantId::new(group.key(), number));
            make_tenant(&sampler, number, &mut draws, &mut tenant);
            let mut watcher = Watcher::default();
            life.live(&rules, &tenant, &mut draws, &mut watcher);
            watcher.settle(study.horizon());
            check(&rules, &tenant, &watcher);
        }
    }
}

proptest! {
    #![proptest_config(config(48, 1))]

    /// Model: Policy.
    #[test]
    fn no_tenant_ever_spends_more_than_its_budget(study in a_study(false)) {
        let rules = study.scenarios()[0].policy.pauses();
        watch(&study, 40, |_, _, seen| {
            assert!(seen.most_used <= rules.budget_days(), "{} days used of {}", seen.most_used, rules.budget_days());
            assert!(seen.paused.values().all(|&days| days <= rules.budget_days()), "{:?}", seen.paused);
            assert!(seen.out_of_budget.iter().all(|(from, to)| from <= to));
            let years: BTreeSet<i16> = seen.out_of_budget.iter().map(|(from, _)| from.year()).collect();
            assert_eq!(years.len(), seen.out_of_budget.len(), "a year runs out of budget once: {:?}", seen.out_of_budget);
        });
    }

    /// Model: World.
    #[test]
    fn stretches_of_every_server_adjoin_from_the_start_to_the_horizon_or_its_departure(study in a_study(false)) {
        watch(&study, 40, |rules, tenant, seen| {
            assert_eq!(seen.servers.len(), tenant.servers.len());
            for stretches in seen.servers.values() {
                assert_eq!(stretches[0].from, study.start());
                assert!(stretches.iter().all(|stretch| stretch.from < stretch.to));
                assert!(stretches.windows(2).all(|pair| pair[0].to == pair[1].from), "{stretches:?}");
                let last = stretches.last().unwrap().to;
                let left = seen.left.contains(&last);
                assert!(last == rules.horizon || left, "a server ends at {last} without having left");
            }
        });
    }

    /// Model: World.
    #[test]
    fn servers_at_the_horizon_and_servers_that_left_are_all_servers(study in a_study(false)) {
        watch(&study, 40, |_, tenant, seen| {
            assert_eq!(seen.at_horizon + seen.left.len(), tenant.servers.len(), "{:?}", seen.remediated);
            // A departure under enforcement is a remediation; one outside it counts only as a server's first act.
            let departures = seen.remediated.iter().filter(|found| found.0 == Route::Leave).count();
            assert!(departures <= seen.left.len(), "{:?}", seen.remediated);
        });
    }

    /// Model: World.
    #[test]
    fn events_never_run_back_and_follow_their_classes_at_one_instant(study in a_study(false)) {
        watch(&study, 40, |rules, _, seen| {
            assert!(seen.events.windows(2).all(|pair| pair[0].0 <= pair[1].0));
            assert!(seen.events.iter().all(|event| study.start() <= event.0 && event.0 < rules.horizon));
            let of_tenant = [EventClass::PauseEnd, EventClass::PauseStart];
            assert!(seen.events.iter().all(|event| event.2.is_none() == of_tenant.contains(&event.1)));
        });
    }

    /// Model: Policy.
    #[test]
    fn the_clock_of_every_server_is_its_time_under_enforcement_less_its_pauses(study in a_study(true)) {
        watch(&study, 40, |rules, _, seen| {
            for stretches in seen.servers.values() {
                check_clock(rules, stretches);
            }
        });
    }
}

/// Walks through the stretches of one server with a clock of its own.
fn check_clock(rules: &Rules<'_>, stretches: &[Stretch]) {
    let ladder = rules.policy.ladder();
    let pauses = rules.policy.pauses();
    let day = |k: usize| ladder.start_of(k).seconds();
    let paused = rules.classes.paused();
    // The clock reading at which the first restriction begins.
    let restricted =
        (0..ladder.stages().len()).find(|&k| ladder.stages()[k].minutes().restrict()).map_or(i64::MAX, day);
    let restricts =
        |served: i64| ladder.stages()[ladder.stage_at(SimDuration::from_seconds(served))].minutes().restrict();
    let mut served = 0;
    for stretch in stretches {
        let seconds = stretch.to.since(stretch.from).seconds();
        if stretch.class == Class::COMPLIANT || stretch.class == Class::UNAWARE {
            served = 0;
        } else if stretch.class == paused {
            served += match (pauses.freezes(), pauses.freezes_report()) {
                (false, _) => seconds,
                (true, true) => 0,
                // The clock runs through unrestricted stages only; it stops where the first restriction begins.
                _ if restricts(served) => 0,
                _ if served < restricted => seconds.min(restricted - served),
                // An unrestricted stage behind a restricted one: up to the next restriction.
                _ => {
                    let next = (0..ladder.stages().len())
                        .find(|&k| day(k) > served && ladder.stages()[k].minutes().restrict());
                    seconds.min(next.map_or(i64::MAX, |k| day(k) - served))
                }
            };
        } else {
            let stage = stretch.class.index() - Class::stage(0).index();
            assert!(served >= day(stage), "stage {stage} is entered with {served} seconds on the clock: {stretches:?}");
            served += seconds;
            let end = ladder.next_start(stage).map_or(i64::MAX, SimDuration::seconds);
            assert!(served <= end, "stage {stage} lasts to {served} seconds on the clock, beyond {end}: {stretches:?}");
        }
    }
}

proptest! {
    #![proptest_config(config(300, 2))]

    /// Model: Policy.
    #[test]
    fn the_dates_of_one_server_follow_from_elapsed_time_less_pauses(
        wishes in prop::collection::vec((0i64..400, 1u32..30), 0..6), freezes in any::<bool>(), second in 0i64..86_400,
    ) {
        let (ladder, rules) = (ladders::microsoft_2023(), PauseRules::default().with_freezes(freezes));
        let detected = SimTime::from_date(2026, 3, 1).unwrap() + SimDuration::from_seconds(second);
        let request = |&(day, days): &(i64, u32)| PauseRequest { at: detected + SimDuration::from_days(day), days };
        let requests: Vec<_> = wishes.iter().map(request).collect();
        let mut book = PauseBook::new();
        // Wishes beyond the budget are refused as a whole: then there is nothing to check but the refusal.
        let mut policy = Policy::with_defaults(ladder.clone());
        policy.set_pauses(rules);
        let Ok(grants) = book.grant_all(&rules, &requests) else {
            prop_assert!(wishes.iter().map(|wish| wish.1).sum::<u32>() > 90);
            return Ok(());
        };
        let periods = history(&policy, detected, &grants);
        prop_assert!(book.used_by_year().iter().all(|used| used.1 <= 90));
        prop_assert_eq!(book.used_by_year().iter().map(|used| used.1).sum::<u32>(), wishes.iter().map(|wish| wish.1).sum::<u32>());
        let mut paused = SimDuration::ZERO;
        for period in &periods {
            let elapsed = period.from.since(detected);
            prop_assert_eq!(period.served, if freezes { elapsed - paused } else { elapsed });
            prop_assert_eq!(period.stage, ladder.stage_at(period.served));
            prop_assert_eq!(period.minutes, if period.paused { Minutes::NONE } else { ladder.stages()[period.stage].minutes() });
            if period.paused {
                paused = paused + period.to.since(period.from);
            }
        }
        prop_assert!(periods.windows(2).all(|pair| pair[0].to == pair[1].from));
        let days: u32 = wishes.iter().map(|wish| wish.1).sum();
        prop_assert_eq!(paused, SimDuration::from_days(i64::from(days)), "every granted day is paused");
    }
}

/// Model: Policy.
#[test]
fn a_clock_that_runs_through_pauses_is_caught() {
    // Deliberately wrong: the lives of a policy whose clock runs on, checked as if pauses stopped it.
    let pauses = r#"pauses: [(plan: OneLong(days: 20))]"#;
    let mut study =
        StudyText { groups: vec![crate::common::group("g", 5, "", pauses)], ..StudyText::default() }.study();
    for policy in study.scenarios_mut().policies_mut() {
        let policy = std::sync::Arc::make_mut(policy);
        policy.set_pauses(policy.pauses().with_freezes(false));
    }
    let stopped = StudyText::default().study();
    let scenario = &stopped.scenarios()[0];
    let rules = Rules::new(&scenario.policy, &scenario.world, stopped.start(), stopped.horizon());
    let mut caught = 0;
    watch(&study, 5, |_, _, seen| {
        let stretches = seen.servers.values().next().unwrap().clone();
        caught += i32::from(std::panic::catch_unwind(|| check_clock(&rules, &stretches)).is_err());
    });
    assert_eq!(caught, 5);
}
