//! What holds in every life, whatever the world and the policy: time adjoins, budgets hold, counts add up.
//!
//! Cases are generated from fixed seeds, so a failure shows up again. The watcher below is an observer of its own: it
//! keeps every stretch of every server instead of adding it up, so it also checks what the tallies are made of.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use brownout::draws::{DrawSource, TenantId};
use brownout::experiment::Runner;
use brownout::mail::{MailAmount, MailOutcome, RetrySchedule};
use brownout::policy::history::{PauseRequest, history};
use brownout::policy::{Ladder, Minutes, PauseBook, PauseRules, WindowLayout};
use brownout::sim::{Cycle, Event, EventClass, Life, Observer, Rules};
use brownout::study::Study;
use brownout::tally::{Class, Cut};
use brownout::time::{SimDuration, SimTime};
use brownout::world::group::GroupSampler;
use brownout::world::{Route, Tenant, make_tenant};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use crate::common::StudyText;

/// Cases from a fixed seed; nothing is written beside the sources.
fn config(cases: u32, seed: u64) -> ProptestConfig {
    ProptestConfig { cases, rng_seed: RngSeed::Fixed(seed), failure_persistence: None, ..ProptestConfig::default() }
}

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
    fn stretch(&mut self, rules: &Rules<'_>, _: usize, class: Class, volume: u64, cut: Cut) -> MailAmount {
        self.open.push((volume, class, cut.seconds()));
        let parts = [cut.head, cut.tail].into_iter().flatten();
        let parts: MailAmount = parts.map(|(day, seconds)| rules.calendar.part_of_day(volume, day, seconds)).sum();
        parts + rules.calendar.full_days(volume, cut.full.0, cut.full.1)
    }
    fn remediated(&mut self, _: usize, route: Route, cycle: Option<Cycle>, at: SimTime) {
        self.remediated.push((route, cycle, at));
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
        let used = event.life.pauses().used_by_year().iter().map(|entry| entry.1);
        self.most_used = self.most_used.max(used.max().unwrap_or(0));
    }
}

/// Lives tenants `0..tenants` of every group under the first scenario and hands each to `check`.
fn watch(study: &Study, tenants: u32, mut check: impl FnMut(&Rules<'_>, &Tenant, &Watcher)) {
    let scenario = &study.scenarios[0];
    let rules = Rules::new(&scenario.policy, &scenario.world, study.start, study.horizon);
    let source = DrawSource::new(study.seed, 0);
    let (mut life, mut tenant) = (Life::default(), Tenant::default());
    for (place, group) in scenario.world.groups.iter().enumerate() {
        let sampler = GroupSampler::new(group, place);
        for number in 0..tenants.min(group.count) {
            let mut draws = source.tenant(TenantId::new(group.key, number));
            make_tenant(&sampler, number, &mut draws, &mut tenant);
            let mut watcher = Watcher::default();
            life.live(&rules, &tenant, &mut draws, &mut watcher);
            watcher.settle(study.horizon);
            check(&rules, &tenant, &watcher);
        }
    }
}

/// Plans of the pause mix, by number.
const PLANS: [&str; 6] = [
    "Never",
    "OneLong(days: 40)",
    "SeveralShort(days: 9, gap_days: 4)",
    "WhenBlocked(days: 25)",
    "UntilDone",
    r#"Fixed([(at: "2026-08-20", days: 30), (at: "2026-10-11", days: 12), (at: "2026-12-20", days: 40)])"#,
];
const LAYOUTS: [&str; 3] = ["separate", "adjacent", "random"];
const RELAPSES: [&str; 3] = ["restart", "resume", r#"enter_at("second")"#];

prop_compose! {
    /// A ladder of three to five own stages, the first unrestricted.
    fn stages()(first in 1i64..40, rest in prop::collection::vec((1i64..25, 0u8..=40, 0u8..=20), 2..5)) -> String {
        let mut text = format!(r#"(name: "first", days: {first})"#);
        for (i, (days, throttle, block)) in rest.iter().enumerate() {
            let name = ["second", "third", "fourth", "fifth"][i];
            let length = if i + 1 < rest.len() { format!("days: {days}, ") } else { String::new() };
            text.push_str(&format!(r#", (name: "{name}", {length}throttle: {throttle}, block: {block})"#));
        }
        format!("ladder: (stages: [{text}])")
    }
}

prop_compose! {
    /// A policy with one to three baselines, the last perhaps a whole product.
    fn policy(restart_only: bool)(
        ladder in stages(), spread in 0u32..40, raise in prop::option::of(20i32..150), whole in any::<bool>(),
        budget in prop::sample::select(vec![0u32, 3, 20, 90]), freezes in any::<bool>(), report in any::<bool>(),
        grant in any::<bool>(), relapse in 0usize..3, layout in 0usize..3,
    ) -> String {
        let date = |day: i32| (SimTime::from_date(2026, 9, 7).unwrap() + SimDuration::from_days(i64::from(day))).day();
        let mut entries = format!(
            r#"(name: "a", effective: "2026-09-07", product: "2019", minimum: "15.2.1748.10", spread_days: {spread})"#);
        if let Some(day) = raise {
            let what = if whole { "whole_product: true" } else { r#"minimum: "15.2.1748.39""# };
            entries.push_str(&format!(
                r#", (name: "b", effective: "{}", product: "2019", {what}, spread_days: {spread})"#, date(day)));
        }
        let charge = if grant { "year_of_grant" } else { "year_of_day" };
        let relapse = RELAPSES[if restart_only { 0 } else { relapse }];
        format!("{ladder}, baselines: [{entries}], layout: {}, relapse: {relapse}, pauses: (budget_days: {budget}, \
                 freezes: {freezes}, freezes_report: {report}, charge: {charge})", LAYOUTS[layout])
    }
}

prop_compose! {
    /// A group of tenants with one to three servers.
    fn group()(
        rates in (0f64..0.5, 0f64..0.3, 0f64..0.3), lead in 0f64..40.0, fail in 0f64..0.6, gap in 0f64..20.0,
        plan in 0usize..6, other in 0usize..6, renew in any::<bool>(), windows in any::<bool>(), freezes in 0f64..1.0,
        old in 0f64..1.0, edge in any::<bool>(),
    ) -> String {
        let (patch, upgrade, leave) = rates;
        let windows = if windows { r#"(day: "Sat", from: "18:00", hours: 6), (day: "Tue", from: "22:00", hours: 3.5)"# } else { "" };
        format!(
            r#"(name: "g", count: 40, builds: [(build: "15.2.1544.36", share: {old}), (build: "15.2.1748.10", share: 1),
                (build: "15.2.1748.39", share: 0.2)], servers_per_tenant: [1, 1, 1], esu_share: 0.5,
            diligence: (sigma: 1, never_share: 0.1), windows: [{windows}],
            freezes: [(from: "12-15", to: "01-02", share: {freezes})],
            failure: (prob: {fail}, delay: LogNormal(median: 5, sigma: 1)), gap_days: LogNormal(median: {}, sigma: 0.7),
            messages_per_day: LogNormal(median: 560, sigma: 1.4), retry: {},
            routes: (patch: (per_month: {patch}, lead: LogNormal(median: {lead}, sigma: 0.8)),
                upgrade: (to: "SE", per_month: {upgrade}, lead: Fixed({lead})), leave: (per_month: {leave})),
            pauses: [(share: 0.5, plan: {}, renew: {renew}), (share: 0.5, plan: {})])"#,
            gap + 0.001, if edge { "Edge" } else { "Mailbox" }, PLANS[plan], PLANS[other])
    }
}

prop_compose! {
    /// A study of 200 to 500 days over one or two turns of the year.
    fn a_study(restart_only: bool)(policy in policy(restart_only), group in group(), days in 200i64..500, seed in 0u64..1000) -> Study {
        let text = StudyText {
            seed, policy, groups: vec![group],
            response: "multiplier: ByMinutes(report: 1.4, paused: 1.2, throttle: [(30, 3)], block: [(60, 9)])".to_owned(),
            ..StudyText::default()
        };
        let mut study = text.study();
        study.horizon = study.start + SimDuration::from_days(days);
        study
    }
}

proptest! {
    #![proptest_config(config(48, 1))]

    #[test]
    fn no_tenant_ever_spends_more_than_its_budget(study in a_study(false)) {
        let rules = study.scenarios[0].policy.pauses;
        watch(&study, 40, |_, _, seen| {
            assert!(seen.most_used <= rules.budget_days, "{} days used of {}", seen.most_used, rules.budget_days);
            assert!(seen.paused.values().all(|&days| days <= rules.budget_days), "{:?}", seen.paused);
            assert!(seen.out_of_budget.iter().all(|(from, to)| from <= to));
            let years: BTreeSet<i16> = seen.out_of_budget.iter().map(|(from, _)| from.year()).collect();
            assert_eq!(years.len(), seen.out_of_budget.len(), "a year runs out of budget once: {:?}", seen.out_of_budget);
        });
    }

    #[test]
    fn stretches_of_every_server_adjoin_from_the_start_to_the_horizon_or_its_departure(study in a_study(false)) {
        watch(&study, 40, |rules, tenant, seen| {
            assert_eq!(seen.servers.len(), tenant.servers.len());
            for stretches in seen.servers.values() {
                assert_eq!(stretches[0].from, study.start);
                assert!(stretches.iter().all(|stretch| stretch.from < stretch.to));
                assert!(stretches.windows(2).all(|pair| pair[0].to == pair[1].from), "{stretches:?}");
                let last = stretches.last().unwrap().to;
                let left = seen.remediated.iter().any(|&(route, _, at)| route == Route::Leave && at == last);
                assert!(last == rules.horizon || left, "a server ends at {last} without having left");
            }
        });
    }

    #[test]
    fn servers_at_the_horizon_and_servers_that_left_are_all_servers(study in a_study(false)) {
        watch(&study, 40, |_, tenant, seen| {
            let left = seen.remediated.iter().filter(|found| found.0 == Route::Leave).count();
            assert_eq!(seen.at_horizon + left, tenant.servers.len(), "{:?}", seen.remediated);
        });
    }

    #[test]
    fn events_never_run_back_and_follow_their_classes_at_one_instant(study in a_study(false)) {
        watch(&study, 40, |rules, _, seen| {
            assert!(seen.events.windows(2).all(|pair| pair[0].0 <= pair[1].0));
            assert!(seen.events.iter().all(|event| study.start <= event.0 && event.0 < rules.horizon));
            let of_tenant = [EventClass::PauseEnd, EventClass::PauseStart];
            assert!(seen.events.iter().all(|event| event.2.is_none() == of_tenant.contains(&event.1)));
        });
    }

    #[test]
    fn the_clock_of_every_server_is_its_time_under_enforcement_less_its_pauses(study in a_study(true)) {
        watch(&study, 40, |rules, _, seen| {
            for stretches in seen.servers.values() {
                check_clock(rules, stretches);
            }
        });
    }

    #[test]
    fn classes_and_curves_of_a_replication_add_up(study in a_study(false)) {
        let runner = Runner::new(&study);
        let tally = &runner.replicate(0, &|_| {})[0];
        let group = &tally.groups[0];
        let rules = &runner.rules()[0];
        let seconds = study.horizon.since(study.start).seconds();
        let left = group.servers - group.at_horizon.iter().sum::<i64>();
        prop_assert!((0..=group.servers).contains(&left));
        let lived: i64 = group.seconds.iter().sum();
        prop_assert!(lived <= group.servers * seconds && lived >= (group.servers - left) * seconds);
        prop_assert_eq!(left == 0, lived == group.servers * seconds);
        // The days of every class add up to its total, in seconds and in mail.
        for class in 0..rules.classes.len() {
            let days = tally.series.iter().flat_map(|series| series.days_of(&rules.calendar, class));
            let sum = days.fold((0, 0), |sum, day| (sum.0 + day.seconds, sum.1 + day.mail));
            prop_assert_eq!(sum, (group.seconds[class], group.mail[class]), "class {}", class);
        }
        // Every cycle ends in a remediation or at the horizon; first cycles are one a server at most.
        let cycles: i64 = tally.curves[1..].iter().map(|curve| curve.total()).sum();
        let under_enforcement: i64 = group.at_horizon[2..].iter().sum();
        prop_assert_eq!(cycles, group.remediated.iter().sum::<i64>() + under_enforcement);
        prop_assert!(tally.curves[0].total() <= group.servers && tally.curves[0].total() <= cycles);
        prop_assert_eq!(group.lost_by_tenant.counts().iter().map(|c| c.1).sum::<u64>(), group.tenants as u64);
    }
}

/// Walks through the stretches of one server with a clock of its own.
fn check_clock(rules: &Rules<'_>, stretches: &[Stretch]) {
    let ladder = &rules.policy.ladder;
    let pauses = rules.policy.pauses;
    let day = |k: usize| ladder.start_of(k).seconds();
    let paused = rules.classes.paused();
    // The clock reading at which the first restriction begins.
    let restricted = (0..ladder.stages().len()).find(|&k| ladder.stages()[k].minutes.restrict()).map_or(i64::MAX, day);
    let restricts =
        |served: i64| ladder.stages()[ladder.stage_at(SimDuration::from_seconds(served))].minutes.restrict();
    let mut served = 0;
    for stretch in stretches {
        let seconds = stretch.to.since(stretch.from).seconds();
        if stretch.class == Class::COMPLIANT || stretch.class == Class::UNAWARE {
            served = 0;
        } else if stretch.class == paused {
            served += match pauses {
                PauseRules { freezes: false, .. } => seconds,
                PauseRules { freezes_report: true, .. } => 0,
                // The clock runs through unrestricted stages only; it stops where the first restriction begins.
                _ if restricts(served) => 0,
                _ if served < restricted => seconds.min(restricted - served),
                // An unrestricted stage behind a restricted one: up to the next restriction.
                _ => {
                    let next =
                        (0..ladder.stages().len()).find(|&k| day(k) > served && ladder.stages()[k].minutes.restrict());
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

    #[test]
    fn the_dates_of_one_server_follow_from_elapsed_time_less_pauses(
        wishes in prop::collection::vec((0i64..400, 1u32..30), 0..6), freezes in any::<bool>(), second in 0i64..86_400,
    ) {
        let (ladder, rules) = (Ladder::microsoft_2023(), PauseRules { freezes, ..PauseRules::default() });
        let detected = SimTime::from_date(2026, 3, 1).unwrap() + SimDuration::from_seconds(second);
        let request = |&(day, days): &(i64, u32)| PauseRequest { at: detected + SimDuration::from_days(day), days };
        let requests: Vec<_> = wishes.iter().map(request).collect();
        let mut book = PauseBook::new();
        // Wishes beyond the budget are refused as a whole: then there is nothing to check but the refusal.
        let Ok(periods) = history(&ladder, &rules, detected, &requests, &mut book) else {
            prop_assert!(wishes.iter().map(|wish| wish.1).sum::<u32>() > 90);
            return Ok(());
        };
        prop_assert!(book.used_by_year().iter().all(|used| used.1 <= 90));
        prop_assert_eq!(book.used_by_year().iter().map(|used| used.1).sum::<u32>(), wishes.iter().map(|wish| wish.1).sum::<u32>());
        let mut paused = SimDuration::ZERO;
        for period in &periods {
            let elapsed = period.from.since(detected);
            prop_assert_eq!(period.served, if freezes { elapsed - paused } else { elapsed });
            prop_assert_eq!(period.stage, ladder.stage_at(period.served));
            prop_assert_eq!(period.minutes, if period.paused { Minutes::NONE } else { ladder.stages()[period.stage].minutes });
            if period.paused {
                paused = paused + period.to.since(period.from);
            }
        }
        prop_assert!(periods.windows(2).all(|pair| pair[0].to == pair[1].from));
        let days: u32 = wishes.iter().map(|wish| wish.1).sum();
        prop_assert_eq!(paused, SimDuration::from_days(i64::from(days)), "every granted day is paused");
    }

    #[test]
    fn accepted_delayed_and_lost_parts_are_all_parts(
        t in 0u8..=60, b in 0u8..=60, layout in 0usize..3, schedule in 0usize..3, minutes in 1u32..=1440,
    ) {
        prop_assume!(t + b <= 60);
        let layout = [WindowLayout::Separate, WindowLayout::Adjacent, WindowLayout::Random][layout];
        let schedule = [RetrySchedule::Mailbox, RetrySchedule::Edge, RetrySchedule::Fixed { minutes }][schedule];
        let outcome = MailOutcome::compute(Minutes { throttle: t, block: b }, layout, schedule);
        prop_assert_eq!(outcome.at_once + outcome.delayed + outcome.lost_blocked + outcome.lost_expired, outcome.parts);
        prop_assert_eq!(outcome.lost(), outcome.lost_blocked + outcome.lost_expired);
        let accepted = outcome.share(outcome.at_once);
        prop_assert!((accepted - f64::from(60 - t - b) / 60.0).abs() < 1e-12, "{} accepted at once", accepted);
        prop_assert!(b > 0 || outcome.lost_blocked == 0);
        prop_assert!(t > 0 || outcome.delayed + outcome.lost_expired == 0);
        let longest = outcome.delay_quantile_seconds(1.0).unwrap_or(0);
        prop_assert!(outcome.mean_delay_seconds().is_none_or(|mean| mean <= f64::from(longest) && longest < 2 * 86_400));
    }
}

#[test]
fn a_clock_that_runs_through_pauses_is_caught() {
    // Deliberately wrong: the lives of a policy whose clock runs on, checked as if pauses stopped it.
    let pauses = r#"pauses: [(plan: OneLong(days: 20))]"#;
    let mut study =
        StudyText { groups: vec![crate::common::group("g", 5, "", pauses)], ..StudyText::default() }.study();
    study.scenarios[0].policy.pauses.freezes = false;
    let stopped = StudyText::default().study();
    let scenario = &stopped.scenarios[0];
    let rules = Rules::new(&scenario.policy, &scenario.world, stopped.start, stopped.horizon);
    let mut caught = 0;
    watch(&study, 5, |_, _, seen| {
        let stretches = seen.servers.values().next().unwrap().clone();
        caught += i32::from(std::panic::catch_unwind(|| check_clock(&rules, &stretches)).is_err());
    });
    assert_eq!(caught, 5);
}
