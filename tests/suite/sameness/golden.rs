//! The numbers of small runs, to the last bit: whatever makes the kernel faster must leave every one of them alone.
//!
//! A golden value is the BLAKE3 hash of all tallies of one replication, written as text. A change that is meant to move numbers
//! replaces them and says why in its commit.

use std::path::Path;
use std::sync::Arc;

use brownout::draws::{DrawSource, Purpose, TenantId};
use brownout::experiment::Runner;
use brownout::reading::load::load;
use brownout::study::Study;
use brownout::tally::{CurveCounts, GroupTally, Tally};
use brownout::world::Route;

use crate::common::{StudyText, group};

/// The first 16 hexadecimal digits of the hash of a text.
fn digest(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex()[..16].to_owned()
}

/// Everything a tally says, independent of how it keeps it.
fn describe(runner: &Runner<'_>, scenario: usize, tally: &Tally) -> String {
    let rules = &runner.rules()[scenario];
    let day = |series: &brownout::tally::Series, class| series.days_of(&rules.calendar, class).collect::<Vec<_>>();
    let series: Vec<_> = tally
        .series
        .iter()
        .map(|series| (0..rules.classes.len()).map(|c| day(series, c)).collect::<Vec<_>>())
        .collect();
    let groups: Vec<_> = tally.groups.iter().map(describe_group).collect();
    let counts: Vec<_> = tally.curves.iter().map(Counts::of).collect();
    format!("{series:?} {groups:?} {:?} {:?} {counts:?}", tally.out_of_budget, tally.pause_days)
}

/// What a curve counts by day; where in the day times lie has a golden value of its own.
#[derive(Debug)]
#[allow(dead_code)] // read by Debug
struct Counts<'t> {
    remediated: [&'t [i64]; 3],
    censored: &'t [i64],
}

impl<'t> Counts<'t> {
    fn of(curve: &'t CurveCounts) -> Self {
        Counts { remediated: Route::ALL.map(|route| curve.remediated[route].as_slice()), censored: &curve.censored }
    }
}

fn describe_group(group: &GroupTally) -> String {
    let GroupTally { mail, seconds, at_horizon, remediated, remediated_before, .. } = group;
    let [remediated, before] = [remediated, remediated_before].map(|counts| Route::ALL.map(|route| counts[route]));
    let fate = &group.fate;
    let histograms = [&group.lost_by_tenant, &fate.days_earlier, &fate.days_later].map(|histogram| histogram.counts());
    let counts = [group.servers, group.tenants, group.tenants_losing];
    format!(
        "{mail:?} {seconds:?} {at_horizon:?} {remediated:?} {before:?} {counts:?} {histograms:?} {:?} {:?}",
        fate.servers, fate.tenants
    )
}

/// The hash of replication 1 of a study.
fn hash_of(study: &Study) -> String {
    let runner = Runner::new(study);
    let tallies = runner.replicate(1, &|_| {});
    let texts = tallies.iter().enumerate().map(|(scenario, tally)| describe(&runner, scenario, tally));
    digest(&texts.collect::<Vec<_>>().join("\n").replace("Counts {", "CurveCounts {"))
}

/// A shipped study with at most `count` tenants in each group.
fn shipped(name: &str, count: u32) -> Study {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(name).with_extension("ron");
    let mut study = load(&path).unwrap_or_else(|error| panic!("{name}: {:?}", error.problems)).study;
    for world in study.scenarios_mut().worlds_mut() {
        crate::common::keep_tenants(Arc::make_mut(world), count);
    }
    study
}

/// Tenants of up to 40 servers with every route, behaviour and policy switch there is.
fn large_tenants() -> Study {
    let routes = r#"patch: (per_month: 0.2, lead: LogNormal(median: 14, sigma: 0.8)),
        upgrade: (to: "SE", per_month: 0.05, lead: Pert(min: 5, mode: 20, max: 60)), leave: (per_month: 0.02)"#;
    let more = r#"esu_share: 0.3, pauses: [(share: 0.1, plan: Never), (share: 0.2, plan: OneLong(days: 40), renew: true),
        (share: 0.2, plan: SeveralShort(days: 7, gap_days: 3), renew: true), (share: 0.2, plan: UntilDone, renew: true),
        (share: 0.1, plan: WhenBlocked(days: 30)), (share: 0.2, plan: Fixed([(at: "2026-08-20", days: 30),
        (at: "2026-11-01", days: 20), (at: "2027-02-01", days: 90)]))]"#;
    let servers = format!("servers_per_tenant: [{}]", "0.025, ".repeat(40));
    let wild = group("wild", 300, routes, more)
        .replace("servers_per_tenant: [1]", &servers)
        .replace("sigma: 0, never_share: 0", "sigma: 1.2, never_share: 0.15")
        .replace("windows: []", r#"windows: [(day: "Sat", from: "18:00", hours: 6)]"#)
        .replace("freezes: []", r#"freezes: [(from: "12-15", to: "01-02", share: 0.6)]"#)
        .replace("failure: (prob: 0)", "failure: (prob: 0.3, delay: LogNormal(median: 10, sigma: 0.7))")
        .replace("gap_days: Fixed(0)", "gap_days: LogNormal(median: 2, sigma: 0.7)")
        .replace("messages_per_day: Fixed(100)", "messages_per_day: LogNormal(median: 560, sigma: 1.4)");
    let baselines = r#"baselines: [
        (name: "early", effective: "2026-07-01", product: "2019", minimum: "15.2.1748.24", spread_days: 90),
        (name: "b", effective: "2026-10-07", product: "2019", minimum: "15.2.1748.39", spread_days: 30),
        (name: "raise", effective: "2027-03-08", product: "2019", minimum: "15.2.1748.42", spread_days: 30),
        (name: "se", effective: "2027-06-08", product: "SE", minimum: "15.2.2562.46", spread_days: 10)]"#;
    let scenarios = [
        r#"(name: "first")"#,
        r#"(name: "resume", set: {"policy.relapse": resume, "policy.pauses.freezes_report": false})"#,
        r#"(name: "grant", set: {"policy.pauses.charge": year_of_grant, "policy.layout": random})"#,
        r#"(name: "runs", set: {"policy.pauses.freezes": false, "policy.layout": adjacent})"#,
        r#"(name: "none", set: {"policy.ladder": (preset: "none")})"#,
        r#"(name: "other world", set: {"world.groups[*].failure.prob": 0.6})"#,
    ];
    let text = StudyText {
        seed: 7,
        horizon: "2028-09-07",
        policy: format!(r#"ladder: (preset: "microsoft-2023"), {baselines}"#),
        response: String::new(),
        groups: vec![wild],
        scenarios: scenarios.map(str::to_owned).to_vec(),
        ..StudyText::default()
    };
    text.study()
}

#[test]
fn shipped_studies_give_the_same_bits() {
    let golden = [
        ("exchange-2026", "3e91dfd1781f8824"),
        ("exchange-2023", "5f27900da600d7f9"),
        ("quickstart", "d88bc5001a4d76e7"),
        ("school-district", "e7aaae971572b168"),
        ("analytic-twin", "052c6614f797f38b"),
    ];
    let found = golden.map(|(name, _)| (name, hash_of(&shipped(name, 1_000))));
    assert_eq!(found, golden.map(|(name, hash)| (name, hash.to_owned())));
}

#[test]
fn large_tenants_give_the_same_bits() {
    assert_eq!(hash_of(&large_tenants()), "aa921298aee039fc");
}

#[test]
fn drawn_words_are_the_same_bits() {
    let mut words = Vec::new();
    for (seed, replication, tenant) in [(1, 0, 0), (2026, 3, 17), (u64::MAX, u32::MAX, u32::MAX)] {
        let mut draws = DrawSource::new(seed, replication).tenant(TenantId::new(0xdead_beef, tenant));
        for server in [0, 1, 2, 63, 64, 65, 499, u32::MAX] {
            for index in [0, 1, 256, 257, 70_000, u32::MAX] {
                for purpose in [Purpose::Build, Purpose::AttemptFails, Purpose::RetryDelay, Purpose::HoldsEsu] {
                    words.push(draws.word(server, purpose, index));
                }
            }
        }
    }
    assert_eq!(digest(&format!("{words:?}")), "1021007eaf596d66");
}

#[test]
fn times_within_their_days_are_the_same_bits() {
    let study = shipped("exchange-2026", 1_000);
    let tallies = Runner::new(&study).replicate(1, &|_| {});
    let all = |curve: &CurveCounts| {
        let [patch, upgrade, leave] = Route::ALL.map(|route| curve.within[route].clone());
        [patch, upgrade, leave, curve.censored_within.clone()]
    };
    let within: Vec<_> = tallies.iter().flat_map(|tally| &tally.curves).map(all).collect();
    assert_eq!(digest(&format!("{within:?}")), "7a06249f3fe78b5b");
}
