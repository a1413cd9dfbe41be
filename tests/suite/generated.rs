//! Generated studies: policies with ladders, baselines and pause rules of every kind, worlds with every chance there is.
//!
//! What is generated follows from the seed of a test, so a failure shows up again.

use brownout::study::Study;
use brownout::time::{SimDuration, SimTime};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use crate::common::StudyText;

/// Cases from a fixed seed; nothing is written beside the sources.
pub(crate) fn config(cases: u32, seed: u64) -> ProptestConfig {
    ProptestConfig { cases, rng_seed: RngSeed::Fixed(seed), failure_persistence: None, ..ProptestConfig::default() }
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
    pub(crate) fn policy(restart_only: bool)(
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
    pub(crate) fn group()(
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

/// A study with one group and one scenario, over two turns of the year.
pub(crate) fn study_text(policy: String, group: String, seed: u64) -> StudyText {
    StudyText {
        seed,
        horizon: "2028-03-01",
        policy,
        groups: vec![group],
        response: "multiplier: ByMinutes(report: 1.4, paused: 1.2, throttle: [(30, 3)], block: [(60, 9)])".to_owned(),
        ..StudyText::default()
    }
}

prop_compose! {
    /// The text of a study with a group and a scenario.
    pub(crate) fn a_text()(policy in policy(false), group in group(), seed in 0u64..1000) -> StudyText {
        study_text(policy, group, seed)
    }
}

prop_compose! {
    /// A study of 200 to 500 days over one or two turns of the year.
    pub(crate) fn a_study(restart_only: bool)(policy in policy(restart_only), group in group(), days in 200i64..500, seed in 0u64..1000) -> Study {
        let mut study = study_text(policy, group, seed).study();
        study.set_times(study.start(), study.start() + SimDuration::from_days(days)).unwrap();
        study
    }
}
