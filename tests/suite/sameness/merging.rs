//! Tallies of parts of a replication add up to the tally of the whole, in every field.

use brownout::experiment::Runner;
use brownout::tally::{GroupTally, Tally};

use crate::common::{StudyText, group};

#[test]
fn the_halves_of_a_replication_add_up_to_it() {
    let routes = r#"patch: (per_month: 0.1), upgrade: (to: "SE", per_month: 0.1), leave: (per_month: 0.1)"#;
    let pauses =
        "esu_share: 0.5, pauses: [(share: 0.5, plan: OneLong(days: 40), renew: true), (share: 0.5, plan: UntilDone)]";
    let wild = |name, retry| {
        let group = group(name, 150, routes, &format!("{pauses}, retry: {retry}"));
        group.replace("messages_per_day: Fixed(100)", "messages_per_day: LogNormal(median: 3, sigma: 2)")
    };
    let scenarios = [
        r#"(name: "first")"#,
        r#"(name: "earlier", set: {"policy.ladder": (preset: "all-at-once")})"#,
        r#"(name: "later", set: {"policy.ladder": (preset: "microsoft-2023", slower: 2)})"#,
    ];
    let text = StudyText {
        horizon: "2026-12-07",
        response: String::new(),
        groups: vec![wild("a", "Mailbox"), wild("b", "Edge")],
        scenarios: scenarios.map(str::to_owned).into(),
        ..StudyText::default()
    };
    let study = text.study();
    let runner = Runner::new(&study);
    let live = |from, to| runner.live(0, &(from..to), &|_| {});
    let (whole, one, other) = (live(0, 300), live(0, 130), live(130, 300));
    let mut added = one.clone();
    added.iter_mut().zip(&other).for_each(|(into, from)| into.merge(from));
    assert_eq!(whole, added);
    // Merging has something to forget: every part of a tally is in use in both halves.
    [one, other].iter().for_each(|half| assert_in_use(half));
}

/// Whether tallies of the three scenarios hold something of everything.
fn assert_in_use(tallies: &[Tally]) {
    let [first, earlier, later] = tallies else { panic!("three scenarios") };
    let any = |used: &dyn Fn(&GroupTally) -> bool, tally: &Tally| tally.groups.iter().any(used);
    assert!(first.pause_days.values().sum::<i64>() > 0);
    assert!(first.curves.iter().all(|curve| curve.censored.iter().sum::<i64>() > 0));
    assert!(any(&|group| group.tenants_losing > 0 && group.tenants_losing < group.tenants, first));
    assert!(any(&|group| !group.fate.days_earlier.counts().is_empty() && group.fate.tenants[2] > 0, earlier));
    assert!(any(&|group| !group.fate.days_later.counts().is_empty() && group.fate.servers[2] > 0, later));
}
