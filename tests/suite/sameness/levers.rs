//! Levers: values written straight into a study are those that its text would say.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use brownout::explore::file::read_text;
use brownout::explore::usual::usual;
use brownout::reading::compose::compose;
use brownout::reading::lever::{How, Input, Lever, Levers};
use brownout::reading::load::Reading;
use brownout::reading::text::SourceFile;
use brownout::study::Study;
use proptest::prelude::*;

use crate::generated::config;

const STUDIES: [&str; 5] = ["analytic-twin", "exchange-2023", "exchange-2026", "quickstart", "school-district"];

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("scenarios/{name}.ron"))
}

/// A path of the table of assumptions that a study has, with what its values do there and their range.
struct Known {
    path: String,
    how: How,
    range: [f64; 2],
}

fn known(name: &'static str) -> &'static [Known] {
    static KNOWN: OnceLock<BTreeMap<&str, Vec<Known>>> = OnceLock::new();
    &KNOWN.get_or_init(|| STUDIES.into_iter().map(|name| (name, find(name))).collect())[name]
}

fn find(name: &str) -> Vec<Known> {
    let mut reading = Reading::begin(&path(name)).unwrap();
    let file = reading.file();
    let (text, _) = usual("study.ron", name, &file, &mut |relative| reading.read(relative)).unwrap();
    let unknowns = read_text(&text).unwrap().unknowns;
    let known = |unknown: brownout::explore::file::Moved| {
        let end = |at| match unknown.factor.distribution.value(at) {
            brownout_methods::factor::Value::Number(number) => number,
            other => panic!("{other:?} is no number"),
        };
        Known { range: [end(0.0), end(1.0)], path: unknown.paths.into_iter().next().unwrap(), how: unknown.how }
    };
    unknowns.into_iter().map(known).collect()
}

/// The levers of a shipped study.
fn levers(name: &str, known: &[Known]) -> Levers {
    let levers = known.iter().map(|known| Lever::parse(&known.path, known.how).unwrap()).collect();
    let mut reading = Reading::begin(&path(name)).unwrap();
    let file = reading.file();
    Levers::of_file(name, &file, &mut |relative| reading.read(relative), levers).unwrap()
}

/// The shipped study with these scenarios instead of its own.
fn with_scenarios(name: &str, scenarios: &str) -> Result<Study, String> {
    let mut reading = Reading::begin(&path(name)).unwrap();
    let text = reading.file().text.split("scenarios: [").next().unwrap().to_owned();
    let file = SourceFile { path: format!("{name}.ron"), text: format!("{text}scenarios: [{scenarios}])") };
    let (study, problems) = compose(name, &Arc::new(file), &mut |relative| reading.read(relative));
    study.ok_or_else(|| format!("{problems:?}"))
}

fn inputs(known: &[Known], at: &[f64]) -> Vec<Input> {
    let input = |(known, at): (&Known, &f64)| Input::Number(known.range[0] + at * (known.range[1] - known.range[0]));
    known.iter().zip(at).map(input).collect()
}

#[test]
fn a_lever_gives_the_study_of_the_set_text_with_the_same_value() {
    let mut compared = 0;
    for name in STUDIES {
        // `set` knows no Times, so only the paths of ranges are compared with it.
        for known in known(name).iter().filter(|known| known.how == How::Set) {
            let levers = levers(name, std::slice::from_ref(known));
            for at in [0.0, 0.37, 0.81, 1.0] {
                let inputs = inputs(std::slice::from_ref(known), &[at]);
                let [Input::Number(value)] = inputs[..] else { unreachable!("one number") };
                let made = levers.study(&inputs).unwrap();
                let text = format!("(name: \"one\", set: {{ {:?}: {value:?} }})", known.path);
                let said = match with_scenarios(name, &text) {
                    Ok(said) => said,
                    // A lever leads into defaults that the file does not write, `**` of a text does not.
                    Err(why) if why.contains("leads nowhere") => continue,
                    Err(why) => panic!("{name}: {} = {value}: {why}", known.path),
                };
                assert_eq!(made.scenarios()[0].world, said.scenarios()[0].world, "{name}: {} = {value}", known.path);
                compared += 1;
            }
            assert!(levers.are_straight(&[Input::Number(0.0)]), "{name}: {}", known.path);
        }
    }
    assert!(compared >= 40, "{compared} comparisons");
}

#[test]
fn policy_levers_give_the_study_of_the_set_text_too() {
    let name = "exchange-2026";
    let day = 20_800; // 2026-12-13
    for (path, inputs, texts) in [
        ("policy.pauses.budget_days", [Input::Whole(0), Input::Whole(60)], ["0", "60"]),
        ("policy.ladder.slower", [Input::Number(0.5), Input::Number(1.7)], ["0.5", "1.7"]),
        (
            "policy.baselines[2019-raise].effective",
            [Input::Date(day), Input::Date(day + 90)],
            ["\"2026-12-13\"", "\"2027-03-13\""],
        ),
        ("policy.baselines[2016-raise].spread_days", [Input::Number(3.0), Input::Number(45.5)], ["3.0", "45.5"]),
        ("policy.ladder.stages[2].days", [Input::Whole(3), Input::Whole(40)], ["3", "40"]),
        ("policy.ladder.stages[block-10].throttle", [Input::Whole(1), Input::Whole(50)], ["1", "50"]),
    ] {
        let known = [Known { path: path.to_owned(), how: How::Set, range: [0.0, 0.0] }];
        let levers = levers(name, &known);
        for (input, text) in inputs.into_iter().zip(texts) {
            let made = levers.study(&[input]).unwrap();
            let said = with_scenarios(name, &format!("(name: \"one\", set: {{ {path:?}: {text} }})")).unwrap();
            assert_eq!(made.scenarios()[0].policy, said.scenarios()[0].policy, "{path} = {text}");
        }
        assert!(levers.are_straight(&inputs[..1]), "{path}");
    }
}

#[test]
fn what_the_text_refuses_a_lever_refuses_in_the_same_words() {
    let known = |path: &str| [Known { path: path.to_owned(), how: How::Set, range: [0.0, 1.0] }];
    for (path, good, bad) in [
        ("world.**.diligence.never_share", Input::Number(0.2), Input::Number(1.2)),
        ("policy.pauses.budget_days", Input::Whole(90), Input::Number(90.5)),
        ("policy.pauses.budget_days", Input::Whole(90), Input::Whole(367)),
        ("policy.ladder.stages[block-10].throttle", Input::Whole(30), Input::Whole(51)),
        ("policy.baselines[2019-raise].effective", Input::Date(20_800), Input::Date(9_000_000)),
    ] {
        let fresh = levers("exchange-2026", &known(path)).study(&[bad]).unwrap_err();
        let levers = levers("exchange-2026", &known(path));
        levers.study(&[good]).unwrap();
        assert!(levers.are_straight(&[good]), "{path}");
        assert_eq!(levers.study(&[bad]).unwrap_err(), fresh);
        assert!(!fresh.is_empty() && fresh != "no study", "{path}: {fresh}");
    }
}

#[test]
fn what_is_no_number_is_composed_again_and_gives_the_same() {
    let known = |paths: &[&str]| -> Vec<Known> {
        paths.iter().map(|path| Known { path: (*path).to_owned(), how: How::Set, range: [0.5, 2.0] }).collect()
    };
    // A date within the world is text to the tree and stands in no slot.
    let known = known(&["world.groups[0].freezes", "policy.ladder.slower"]);
    assert!(levers("quickstart", &known).study(&[Input::Number(1.0), Input::Number(1.0)]).is_err());
    let one = levers("school-district", &known[1..]);
    for slower in [0.5, 1.25, 2.0] {
        let fresh = levers("school-district", &known[1..]).study(&[Input::Number(slower)]).unwrap();
        assert_eq!(one.study(&[Input::Number(slower)]).unwrap(), fresh);
    }
}

proptest! {
    #![proptest_config(config(3, 20))]
    /// All parameters of the table at once, multiplied ones too: what is written straight is what the tree says, which a
    /// first study is always made from.
    #[test]
    fn all_levers_at_once_give_what_the_tree_says(ats in prop::collection::vec(prop::collection::vec(0.0..=1.0f64, 20), 3)) {
        for name in STUDIES {
            let known = known(name);
            let warm = levers(name, known);
            warm.study(&inputs(known, &[0.5; 20])).unwrap();
            prop_assert!(warm.are_straight(&[]), "{}", name);
            for at in &ats {
                let inputs = inputs(known, at);
                prop_assert_eq!(warm.study(&inputs), levers(name, known).study(&inputs), "{}", name);
            }
        }
    }
}
