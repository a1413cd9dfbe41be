use std::sync::Arc;

use super::describe;
use super::markdown::{number, table};
use brownout_experiment::study::{Scenario, Scenarios, Study};
use brownout_reading::compose::compose;
use brownout_reading::text::SourceFile;

fn study(name: &str) -> Study {
    let text = brownout_scenarios::text(&format!("{name}.ron")).unwrap();
    let file = Arc::new(SourceFile { path: format!("{name}.ron"), text: text.to_owned() });
    compose(name, &file, &mut |_| Err("no further files".to_owned())).0.unwrap()
}

fn shipped() -> [Study; 2] {
    [study("quickstart"), study("analytic-twin")]
}

#[test]
fn every_scenario_group_baseline_and_stage_is_named() {
    for study in shipped() {
        let text = describe(&study);
        for scenario in study.scenarios() {
            let groups = scenario.world.groups().iter().map(|group| group.name());
            let baselines = scenario.policy.baselines().entries().iter().map(|entry| entry.name());
            let stages = scenario.policy.ladder().stages().iter().map(|stage| stage.name());
            for name in groups.chain(baselines).chain(stages).chain([scenario.name.as_str(), scenario.about.as_str()]) {
                assert!(text.contains(name), "{}: {name}", study.name());
            }
        }
        assert!(text.contains(study.question()) && text.contains(&format!("Seed {}.", study.seed())));
        for heading in ["## 1. Purpose and patterns", "## 7. Submodels", "STRESS-DES 4, 5 and 6"] {
            assert!(text.contains(heading), "{heading}");
        }
    }
}

#[test]
fn the_main_numbers_are_those_of_the_study() {
    let [_, mut twin] = shipped();
    let text = describe(&twin);
    for expected in [
        "2026-08-01 to 2027-12-31 (exclusive), 517 days",
        "Replications: 20 of each scenario; master seed 3.",
        "4,000 tenants in 2 groups.",
        "| 5 | block-5 | 60 | 10 | 30 | 5 | no |",
        "| 2019-oct25su | 2026-09-07 | 2019 | at least 15.2.1748.39 (numeric) | 30 |",
        "| servers with 2019 15.2.1544.25 | share 0.4 |",
        "| route upgrade, base rate | 0.072 per server and month |",
        "| diligence, sigma of the logarithm (mean 1) | 1.2 |",
        // 0.066 / 30.4375, times 1.4 in the report stage and 15 when all is blocked.
        "| patch | 0.00216838 | 0.00303573 |",
        "| block-5 | mailbox | 1500/3600 | 1800/3600 | 300/3600 | 0 |",
        "pause budget | 90 days",
        "solvable; compared on days 0 to 450",
    ] {
        assert!(text.contains(expected), "{expected}\n{text}");
    }
    twin.set_seed(77);
    twin.set_replications(6).unwrap();
    let changed = describe(&twin);
    assert!(changed.contains("Seed 77.") && changed.contains("Replications: 6 of each"), "nothing is written in");
}

#[test]
fn what_differs_between_scenarios_is_worked_out_from_them() {
    let [quickstart, _] = shipped();
    let text = describe(&quickstart);
    let no_pause = "\"no pause\" against \"announced ladder\":\n\n\
                    - pause budget: 0 days per tenant and calendar year instead of 90 days per tenant and calendar year\n\n";
    assert!(text.contains(no_pause), "{text}");
    assert!(text.contains("- ladder: \"none\" instead of \"microsoft-2023\"\n\n"), "{text}");
    let mut same = quickstart.clone();
    let first = same.scenarios().baseline().clone();
    let again = Scenario { name: "the same".to_owned(), ..first.clone() };
    same.set_scenarios(Scenarios::new(first, [again]).unwrap());
    assert!(describe(&same).contains("\"the same\" against \"announced ladder\":\n\n- nothing\n"));
}

#[test]
fn the_same_study_gives_the_same_text_without_stray_blanks() {
    for study in shipped() {
        let text = describe(&study);
        assert_eq!(text, describe(&study));
        assert!(text.ends_with('\n') && !text.ends_with("\n\n") && !text.contains("\n\n\n"), "{text}");
        assert!(text.lines().all(|line| line == line.trim_end()));
    }
}

#[test]
fn names_cannot_break_a_table_and_numbers_lose_their_noise() {
    let text = table(["a", "b"], [["x | y\nz".to_owned(), "1".to_owned()]]);
    assert_eq!(text, "| a | b |\n| --- | --- |\n| x \\| y z | 1 |\n");
    assert_eq!([0.1 + 0.2, 40.0, 0.0, 1e-7, 123_456.5].map(number), ["0.3", "40", "0", "0.0000001", "123456.5"]);
}
