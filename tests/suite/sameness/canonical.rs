//! Hashes of scenarios are of a promised form: one for one meaning, another for every other.

use std::path::Path;
use std::sync::Arc;

use brownout::experiment::canonical::form;
use brownout::limits::Refusal;
use brownout::reading::compose::compose;
use brownout::reading::load::load;
use brownout::reading::text::SourceFile;
use brownout::study::Study;
use brownout::world::GroupEdit;
use brownout::world::World;

fn study(text: &str) -> Study {
    let file = Arc::new(SourceFile { path: "study.ron".to_owned(), text: text.to_owned() });
    compose("study", &file, &mut |_| Err("no further files".to_owned())).0.unwrap()
}

fn forms(study: &Study) -> Vec<String> {
    study.scenarios().iter().map(|scenario| form(scenario, study.start(), study.horizon())).collect()
}

const STUDY: &str = include_str!("../../../scenarios/quickstart.ron");

#[test]
fn the_same_values_have_one_form_however_they_are_written() {
    let mut respelt: String = STUDY.lines().map(|line| format!("   {line}  // a note\n")).collect();
    respelt = respelt.replace("question: \"", "question: \"Otherwise asked: ");
    assert_ne!(respelt, STUDY);
    assert_eq!(forms(&study(&respelt)), forms(&study(STUDY)));
}

#[test]
fn lines_are_paths_with_values_in_the_promised_writing() {
    let text = &forms(&study(STUDY))[0];
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "brownout scenario 2");
    assert!(text.ends_with('\n'));
    assert!(lines[1..].iter().all(|line| line.split_once(" = ").is_some_and(|(path, _)| !path.contains(' '))));
    for line in [
        "policy.pauses.budget_days = 90",
        "policy.pauses.freezes = true",
        "policy.layout = separate",
        "policy.ladder.stages.0.minutes.throttle = 0",
        "policy.ladder.stages.0.length = 2592000",
        "world.catalog.products.3 = \"2016\"",
    ] {
        assert!(lines.contains(&line), "{line} in\n{}", lines[..60.min(lines.len())].join("\n"));
    }
    let paths: std::collections::BTreeSet<&str> =
        lines[1..].iter().map(|line| line.split(" = ").next().unwrap()).collect();
    assert_eq!(paths.len(), lines.len() - 1, "no path stands twice");
}

/// Every parameter that the table of assumptions moves changes the form, and nothing else does.
#[test]
fn whatever_a_study_sets_moves_its_form_and_only_that_scenario_s() {
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    for name in ["quickstart", "exchange-2026", "school-district", "exchange-2023"] {
        let study =
            load(&shipped.join(format!("{name}.ron"))).unwrap_or_else(|error| panic!("{:?}", error.problems)).study;
        let forms = forms(&study);
        for (a, one) in study.scenarios().iter().enumerate() {
            for (b, other) in study.scenarios().iter().enumerate() {
                let same = one.policy.ladder().stages() == other.policy.ladder().stages()
                    && one.policy.baselines() == other.policy.baselines()
                    && one.policy.pauses() == other.policy.pauses()
                    && one.policy.relapse() == other.policy.relapse()
                    && one.policy.layout() == other.policy.layout()
                    && one.world == other.world;
                assert_eq!(forms[a] == forms[b], same, "{name}: {} and {}", one.name, other.name);
            }
        }
    }
}

/// Changes the first group of the first scenario.
fn in_group(study: &mut Study, change: impl FnOnce(GroupEdit<'_>) -> Result<(), Refusal>) {
    change(first_world(study).edit_group(0).unwrap()).unwrap();
}

fn first_world(study: &mut Study) -> &mut World {
    Arc::make_mut(study.scenarios_mut().worlds_mut().next().unwrap())
}

#[test]
fn every_number_of_a_world_and_a_policy_is_in_it() {
    let base = study(STUDY);
    let before = forms(&base)[0].clone();
    type Change<'a> = (&'a str, &'a dyn Fn(&mut Study));
    let moved: [Change<'_>; 8] = [
        ("horizon", &|study| {
            let later = study.horizon() + brownout::time::SimDuration::from_seconds(1);
            study.set_times(study.start(), later).unwrap();
        }),
        ("budget", &|study| {
            let policy = Arc::make_mut(study.scenarios_mut().policies_mut().next().unwrap());
            let less = i64::from(policy.pauses().budget_days()) - 1;
            policy.set_pauses(policy.pauses().with_budget_days(less).unwrap());
        }),
        ("spread", &|study| {
            let policy = Arc::make_mut(study.scenarios_mut().policies_mut().next().unwrap());
            let mut entries = policy.baselines().entries().to_vec();
            entries[0].set_spread_days(7.0 / 86_400.0).unwrap();
            policy.set_baselines(brownout::policy::Baselines::new(entries));
        }),
        ("count", &|study| in_group(study, |mut group| group.set_count(i64::from(group.count()) + 1))),
        ("esu", &|study| in_group(study, |mut group| group.set_esu_share(group.esu_share() + 1e-12))),
        ("diligence", &|study| {
            in_group(study, |mut group| {
                let sigma = group.diligence().sigma() + 1e-12;
                group.diligence_mut().set_sigma(sigma)
            });
        }),
        ("flat share", &|study| {
            let calendar = first_world(study).calendar_mut();
            calendar.set_flat_share(calendar.flat_share() + 1e-12).unwrap();
        }),
        ("catalogue", &|study| first_world(study).set_catalog(Arc::default())),
    ];
    for (what, change) in moved {
        let mut other = base.clone();
        change(&mut other);
        assert_ne!(forms(&other)[0], before, "{what}");
    }
    let mut renamed = base.clone();
    first_world(&mut renamed).set_name("otherwise called");
    assert_eq!(forms(&renamed)[0], before, "names for people are not part of it");
}
