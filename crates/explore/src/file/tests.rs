//! The file of the design, and each way to get it wrong.

use brownout_methods::factor::Value;

use super::*;

const FILE: &str = r#"(
    version: 1,
    question: "Which unknown decides whether a slower ladder is better?",
    study: "../exchange-2026.ron",
    tenants: 2000,
    schedules: ["announced", "no pause"],
    levers: [
        (name: "slower", path: "policy.ladder.slower", range: Real(0.5, 3.0)),
        (name: "budget", path: "policy.pauses.budget_days", range: Integer(0, 180)),
        (name: "next raise", path: "policy.baselines[2019-raise].effective", range: Date("2026-12-07", "2027-09-06", step_days: 7)),
    ],
    unknowns: [
        (name: "block", path: "world.response.multiplier.block", how: Times, dist: LogUniform(0.33, 4.0), source: "assumed"),
        (name: "never act", path: "world.**.diligence.never_share", how: Set, dist: Uniform(0.05, 0.30), source: "assumed"),
        (name: "layout", path: "policy.layout", how: Set, dist: Choice(["separate", "adjacent", "random"]), source: "not public"),
    ],
    structures: [(name: "linear", set: {}), (name: "full block", set: {"world.response.added": 0.5})],
    outcomes: [(measure: "lost", wish: Less), (measure: "exposure", wish: Less), (measure: "median_days", wish: Less, at_most: 120)],
    steps: [
        Screen(Morris(trajectories: 40, levels: 8)),
        Sensitivity(Sobol(base: 1024, scrambles: 8), of: [Level, Difference]),
        Discover(bad: "lost > 2e8", by: Prim(peel: 0.05, mass: 0.05), hold_out: 0.5),
        Robust(by: [Regret, Worst(0.05), Satisfice]),
        Search(Nsga2(population: 64, generations: 60), confirm: (replications: 50, certainty: 0.95)),
    ],
)"#;

#[test]
fn the_file_of_the_design_is_read() {
    let explore = read_text(FILE).unwrap();
    assert_eq!((explore.levers.len(), explore.unknowns.len(), explore.steps.len()), (3, 3, 5));
    assert_eq!(explore.tenants, Some(2000));
    let raise = &explore.levers[2].factor.distribution;
    // 2026-12-07 is day 20794; forty weekly steps.
    assert_eq!((raise.value(0.0), raise.count()), (Value::Whole(20_794), Some(40)));
    assert_eq!(explore.unknowns[0].how, How::Times);
    assert_eq!(explore.unknowns[2].options.len(), 3);
    assert_eq!(explore.outcomes[2].limit, Some(120.0));
    assert_eq!(explore.steps[1], Step::Sensitivity { base: 1024, scrambles: 8, of: vec![Of::Level, Of::Difference] });
    assert_eq!(explore.structures[1], "full block");
}

/// The problems of the file with something replaced, as lines without the name of the file.
fn wrong(from: &str, to: &str) -> Vec<String> {
    assert!(FILE.contains(from), "{from}");
    let found = read_text(&FILE.replace(from, to)).unwrap_err();
    found.iter().map(|problem| problem.line().trim_start_matches("exploration:").to_owned()).collect()
}

/// A text of the example, what is written instead, and what is told of it.
const MISTAKES: &[(&str, &str, &str)] = &[
    ("version: 1", "version: 2", "version: 2 is unknown; expected 1"),
    ("tenants: 2000", "tenants: 0", "tenants: 0 is too few; expected at least 1; leave it out for the usual number"),
    (
        "Real(0.5, 3.0)",
        "Real(3.0, 0.5)",
        "levers[0]: 3 to 0.5 is no range; both ends must be finite and the first less than the second",
    ),
    ("2026-12-07", "2026-13-07", "levers[2]: \"2026-13-07\" is no date; expected year-month-day, as 2026-12-07"),
    (
        "LogUniform(0.33",
        "LogUniform(0.0",
        "unknowns[0]: 0 is no lower end of a range of logarithms; it must be above 0",
    ),
    (
        "how: Set, dist: Choice",
        "how: Plus, dist: Choice",
        "unknowns[2].how: Plus works on numbers only; choices and dates are Set; write how: Set",
    ),
    (
        "\"policy.layout\"",
        "\"policy.ladder.slower\"",
        "unknowns[2].path: \"policy.ladder.slower\" is moved by two factors; one path has one factor; take one of them out, or join them",
    ),
    ("name: \"layout\"", "name: \"budget\"", "levers and unknowns: \"budget\" is named twice; names are unique"),
    (
        "measure: \"exposure\"",
        "measure: \"exposed\"",
        "outcomes[1]: \"exposed\" is no measure; did you mean \"exposure\"?",
    ),
    (
        "base: 1024",
        "base: 1000",
        "steps[1]: base 1000 is no power of two; the balance of the sample holds for 2, 4, 8 and so on up to 2^31",
    ),
    ("scrambles: 8", "scrambles: 4", "steps[1]: 4 is too few; intervals need at least 8 independent repetitions"),
    ("levels: 8", "levels: 7", "steps[0]: 7 levels are not allowed; the number of levels must be even and at least 2"),
    ("hold_out: 0.5", "hold_out: 0", "steps[2].hold_out: 0 is not allowed; expected a share above 0 and below 1"),
    ("at_most: 120", "at_least: 120", "outcomes[2]: at_least does not go with wish: Less; write at_most"),
    ("Worst(0.05)", "Worst(5)", "steps[3].by: Worst(5) is no share; expected above 0 and at most 1"),
    ("replications: 50", "replications: 1", "steps[4].confirm.replications: 1 is not allowed; expected 2 to 1000000"),
];

#[test]
fn each_mistake_is_told_with_field_value_and_rule() {
    for &(from, to, expected) in MISTAKES {
        assert!(
            wrong(from, to)
                .iter()
                .any(|line| line.split_once(": ").is_some_and(|(_, rest)| rest == expected) || line == expected),
            "{:#?}\nexpected: {expected}",
            wrong(from, to)
        );
    }
}

#[test]
fn all_mistakes_are_told_at_once() {
    let text =
        FILE.replace("base: 1024", "base: 3").replace("hold_out: 0.5", "hold_out: 1").replace("\"lost\"", "\"lots\"");
    assert_eq!(read_text(&text).unwrap_err().len(), 3);
}

#[test]
fn what_cannot_be_read_is_told_at_its_place_all_at_once() {
    let text = FILE
        .replace("step_days: 7", "step_days: x")
        .replace("steps: [", "stepz: [")
        .replace("measure: \"lost\", wish: Less", "measure: \"lost\", wish: Lezz")
        .replace("Uniform(0.05, 0.30)", "Uniform(0.05)")
        .replace("tenants: 2000,", "tenants: 2000, tenants: 3,")
        .replace("\"random\"]", "random]");
    let found: Vec<String> = read_text(&text).unwrap_err().iter().map(Problem::line).collect();
    let told = |wanted: &str, written: &str, about: &str| {
        let line = 1 + text.lines().position(|line| line.contains(written)).unwrap();
        let column = 1 + text.lines().nth(line - 1).unwrap().find(written).unwrap();
        let place = format!("exploration:{line}:{}: ", column + written.find(about).unwrap());
        assert!(found.iter().any(|l| l.starts_with(&place) && l.contains(wanted)), "{place}{wanted}\n{found:#?}");
    };
    told("a whole number is expected here, found x", "step_days: x", "x");
    told("unknown field \"stepz\"; did you mean \"steps\"?", "stepz", "stepz");
    told("unknown value Lezz", "wish: Lezz", "Lezz");
    told("with 2 values is expected here", "Uniform(0.05)", "Uniform");
    told("\"tenants\" is given twice", ", tenants: 3", "tenants");
    told("a number, a text in quotes, true or false", ", random]", "random");
    assert_eq!(found.len(), 6, "{found:#?}");
    assert!(!read_text("").unwrap_err().is_empty());
}
