//! `brownout explore`: the file, the command, and what it says.

use std::path::Path;

use brownout::explore::StudyTemplate;
use brownout::explore::file::{read, read_text};
use brownout::explore::points::Template;
use brownout::reading::load::{Reading, load};
use brownout_methods::factor::Value;
use tempfile::TempDir;

use crate::common::{StudyText, brownout, group, write};

/// Two schedules in a small world.
fn study() -> StudyText {
    StudyText {
        groups: vec![group("plain", 40, "upgrade: (to: \"SE\", per_month: 0.3)", "")],
        scenarios: vec![
            "(name: \"ladder\")".to_owned(),
            "(name: \"at once\", set: { \"policy.ladder.preset\": \"all-at-once\" })".to_owned(),
        ],
        ..StudyText::default()
    }
}

pub(crate) const FILE: &str = r#"(
    version: 1, study: "study.ron", tenants: 20, futures: (points: 20, replications: 2),
    levers: [
        (name: "budget", path: "policy.pauses.budget_days", range: Integer(0, 90)),
        (name: "start", path: "policy.baselines[b].effective", range: Date("2026-09-07", "2026-10-05", step_days: 7)),
    ],
    unknowns: [
        (name: "effect", path: "world.response.multiplier", how: Times, dist: LogUniform(0.5, 2)),
        (name: "never", path: "world.**.diligence.never_share", dist: Uniform(0.1, 0.3)),
        (name: "layout", path: "policy.layout", dist: Choice(["separate", "adjacent"])),
        (name: "rule", path: "policy.comparison", dist: Choice(["numeric", "per_cu"])),
    ],
    structures: [(name: "only a full block", set: { "world.response.multiplier":
        ByMinutes(report: 1, paused: 1, throttle: [], block: [(59, 1), (60, 15)]) })],
    outcomes: [(measure: "lost", wish: Less), (measure: "exposure", wish: Less)],
    steps: [
        Screen(Morris(trajectories: 3, levels: 4)),
        Sensitivity(Sobol(base: 2, scrambles: 8), of: [Level, Difference]),
        Discover(bad: "lost > 1e4", by: Prim(peel: 0.1, mass: 0.1), hold_out: 0.5),
        Robust(by: [Mean, Regret, Worst(0.2), ChanceBest]),
    ],
)"#;

/// A folder with the study and an exploration of it.
pub(crate) fn folder(file: &str) -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    write(directory.path(), "study.ron", &study().ron());
    write(directory.path(), "ask.ron", file);
    directory
}

fn explored(directory: &TempDir, out: &str, threads: &str) -> String {
    let assert =
        brownout(directory).args(["explore", "ask.ron", "--out", out, "--threads", threads]).assert().success();
    String::from_utf8(assert.get_output().stdout.clone()).unwrap()
}

fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let name = |entry: std::io::Result<std::fs::DirEntry>| entry.unwrap().file_name().into_string().unwrap();
    let mut names: Vec<String> = std::fs::read_dir(folder).unwrap().map(name).collect();
    names.sort();
    names.into_iter().map(|name| (name.clone(), std::fs::read(folder.join(name)).unwrap())).collect()
}

#[test]
fn any_number_of_threads_gives_the_same_bytes_and_the_answer_comes_first() {
    let directory = folder(FILE);
    let words = explored(&directory, "one", "1");
    let one = files(&directory.path().join("one"));
    for threads in ["2", "7"] {
        explored(&directory, threads, threads);
        assert_eq!(files(&directory.path().join(threads)), one, "{threads} threads");
    }
    let names: Vec<&str> = one.iter().map(|(name, _)| name.as_str()).collect();
    let tables = "boxes choices indices limits outcomes points ranking regret replications robust screening spans";
    let pictures = "box-limits coverage-density overview parallel ranking regret screening tornado";
    let tables = tables.split(' ').map(|name| format!("{name}.csv"));
    let mut expected: Vec<String> = tables.chain(pictures.split(' ').map(|name| format!("{name}.png"))).collect();
    expected.extend(["manifest.json", "report.html"].map(str::to_owned));
    expected.sort();
    assert_eq!(names.iter().copied().filter(|name| *name != "turning.csv").collect::<Vec<_>>(), expected);
    let answer = "For fewer messages lost, choose “ladder”: it is the right one of 2 in ";
    let words = words.replace('\n', " ");
    assert!(words.starts_with(answer), "{words}");
    assert!(words.contains("These wishes are at odds"), "{words}");
    assert!(words.contains("What was not tried"), "{words}");
}

#[test]
fn the_page_of_columns_lists_every_column_of_an_exploration() {
    let directory = folder(FILE);
    explored(&directory, "out", "2");
    let page = include_str!("../../../docs/DATA.md");
    let part = page.split("## Explorations").nth(1).unwrap().split("\n## ").next().unwrap();
    let tables: Vec<(&str, Vec<&str>)> = part
        .split("\n### `")
        .skip(1)
        .map(|table| {
            let columns = table.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
            (table.split('`').next().unwrap(), columns.collect())
        })
        .collect();
    let (outcomes, levers) = (["lost", "exposure"], ["budget", "start"]);
    let unknowns = ["effect", "never", "layout", "rule", "structure"];
    for (name, bytes) in files(&directory.path().join("out")) {
        let Some(name) = name.strip_suffix(".csv") else { continue };
        let text = String::from_utf8(bytes).unwrap();
        let header: Vec<&str> = text.lines().next().unwrap().split(',').collect();
        let (_, columns) =
            tables.iter().find(|(table, _)| *table == format!("{name}.csv")).unwrap_or_else(|| panic!("{name}"));
        // A place holder stands for as many columns as there are things; a run of them is repeated thing by thing.
        let fits = |column: &str, cell: &str| match column.split_once('_').unwrap_or((column, "")) {
            ("OUTCOME", rest) => {
                outcomes.iter().any(|outcome| cell == format!("{outcome}_{rest}").trim_end_matches('_'))
            }
            ("LEVER", _) => levers.contains(&cell),
            ("UNKNOWN", _) => unknowns.contains(&cell),
            _ => column == cell,
        };
        assert!(header.iter().all(|cell| columns.iter().any(|column| fits(column, cell))), "{name}: {header:?}");
        assert!(columns.iter().all(|column| header.iter().any(|cell| fits(column, cell))), "{name}: {columns:?}");
    }
}

#[test]
fn tables_have_a_row_for_each_point_and_schedule() {
    let directory = folder(FILE);
    explored(&directory, "out", "2");
    let rows = |name: &str| {
        let text = std::fs::read_to_string(directory.path().join("out").join(name)).unwrap();
        (text.lines().next().unwrap().to_owned(), text.lines().count() - 1)
    };
    // Levers are not moved here. Morris 3 x (4 + 1), Saltelli 8 x 2 x (4 + luck + 2), futures 20, and again for a structure.
    let points = 3 * 5 + 8 * 2 * 7 + 2 * 20;
    let header = "point,step,scramble,row,matrix,block,budget,start,effect,never,layout,rule";
    assert_eq!(rows("points.csv"), (header.to_owned(), points));
    assert_eq!(rows("outcomes.csv"), ("point,schedule,lost,exposure".to_owned(), 2 * points));
    let lived = ("point,schedule,replication,lost,exposure".to_owned(), 2 * (points + 2 * 20));
    assert_eq!(rows("replications.csv"), lived);
    assert_eq!(rows("ranking.csv").1, 2);
    assert_eq!(rows("regret.csv").1, 2 * 2 * 20);
    // Blocking at once loses more mail than the ladder, and lets less through: both in the same futures.
    let ranking = std::fs::read_to_string(directory.path().join("out/ranking.csv")).unwrap();
    let shares = |outcome: &str, column: usize| {
        let row = ranking.lines().find(|line| line.starts_with(&format!("ladder,at once,{outcome},"))).unwrap();
        row.split(',').nth(column).unwrap().parse::<f64>().unwrap()
    };
    // In half of the futures builds are compared per CU, and nobody is in breach.
    assert!(shares("lost", 3) > 0.25 && shares("lost", 6) == 0.0, "{ranking}");
    assert_eq!(shares("exposure", 6), shares("lost", 3), "{ranking}");
}

/// The study at values of the six factors.
fn at(values: &[Value]) -> brownout::study::Study {
    let directory = folder(FILE);
    let file = Reading::begin(&directory.path().join("ask.ron")).unwrap().file();
    let mut reading = Reading::begin(&directory.path().join("study.ron")).unwrap();
    let study = reading.file();
    let (explore, places) = read(&file).unwrap();
    let template = StudyTemplate::new(&explore, &places, "study", &study, &mut |relative| reading.read(relative));
    template.unwrap().study_at(values).unwrap()
}

#[test]
fn a_point_is_the_study_that_says_so_itself() {
    let values = [
        Value::Whole(30),
        Value::Whole(20_710),
        Value::Number(1.5),
        Value::Number(0.25),
        Value::Choice(1),
        Value::Choice(1),
    ];
    let mut text = study();
    text.policy = text.policy.replace("effective: \"2026-09-07\"", "effective: \"2026-09-14\"");
    text.policy.push_str(", pauses: (budget_days: 30), layout: adjacent, comparison: per_cu");
    text.response = "multiplier: Constant(1.5)".to_owned();
    text.groups = vec![text.groups[0].replace("never_share: 0)", "never_share: 0.25)")];
    let (made, said) = (at(&values), text.study());
    for (made, said) in made.scenarios().iter().zip(said.scenarios()) {
        assert_eq!((&made.policy, &made.world), (&said.policy, &said.world), "{}", made.name);
    }
}

#[test]
fn each_bad_file_is_told_with_place_value_and_rule_and_writes_nothing() {
    for (from, to, expected) in [
        ("world.response.multiplier\"", "world.response.multiplyer\"", "did you mean \"multiplier\"?"),
        ("world.response.multiplier\"", "policy.ladder.preset\"", "leads nowhere"),
        ("world.**.diligence", "world.**.diligenc", "leads nowhere: nothing below world matches it"),
        ("world.**.diligence", "world.**.diligenc", "no place there has diligenc.never_share"),
        ("Integer(0, 90)", "Integer(0, 900)", "levers[0].range: at 900 of \"budget\" there is no study"),
        ("policy.layout", "world.**.diligence.never_share", "is moved by two factors"),
        (
            "policy.layout\", dist: Choice([\"separate\", \"adjacent\"])",
            "world.groups[0].diligence.*\", dist: Uniform(0.1, 0.2)",
            "write the same place",
        ),
        ("Uniform(0.1, 0.3)", "Uniform(0.1, 1.3)", "1.3 is not allowed; expected 0 to 1"),
        ("\"separate\", \"adjacent\"", "\"separate\", \"adjacend\"", "at adjacend of \"layout\" there is no study"),
        ("version: 1,", "version: 1, schedules: [\"ladder\", \"at onec\"],", "did you mean \"at once\"?"),
        ("measure: \"exposure\"", "measure: \"exposures\"", "is no measure"),
        ("base: 2", "base: 3", "base 3 is no power of two"),
        ("hold_out: 0.5", "hold_out: 0", "0 is not allowed"),
        (
            "Screen(Morris(trajectories: 3, levels: 4))",
            "Search(Nsga2(population: 7, generations: 2), confirm: (replications: 5, certainty: 0.9))",
            "a population of 7 is not allowed",
        ),
        (
            "Screen(Morris(trajectories: 3, levels: 4))",
            "Search(Nsga2(population: 8, generations: 2), confirm: (replications: 5, certainty: 0.9), against: \"on\")",
            "\"on\" is no structure of this file",
        ),
        (
            "Screen(Morris(trajectories: 3, levels: 4))",
            "Select(Kn(measure: \"lost\", delta: 0, first: 2, most: 10))",
            "delta 0 is not allowed",
        ),
        ("world.response.multiplier\":\n", "world.response.multiplyer\":\n", "unknown field \"multiplyer\""),
        ("ByMinutes(report: 1,", "ByMinutes(report: -1,", "under \"only a full block\" there is no study"),
        ("points: 20,", "points: 2,", "2 futures are not allowed"),
    ] {
        assert!(FILE.contains(from), "{from}");
        let directory = folder(&FILE.replacen(from, to, 1));
        let assert = brownout(&directory).args(["explore", "ask.ron", "--out", "out"]).assert().code(2);
        let told = String::from_utf8(assert.get_output().stderr.clone()).unwrap();
        assert!(told.contains(expected) && told.contains("ask.ron"), "{from}: {told}");
        assert_eq!(told.matches("error: ").count(), 1, "one fault is told once, of what is at fault: {told}");
        assert!(!directory.path().join("out").exists(), "{from}");
    }
}

#[test]
fn a_name_that_nothing_has_is_told_with_those_that_there_are() {
    let directory = folder(FILE);
    let told = |name: &str| {
        let assert = brownout(&directory).args(["explore", name, "--dry-run"]).assert().code(2);
        String::from_utf8(assert.get_output().stderr.clone()).unwrap()
    };
    // Explorations and studies; what is neither is named for what it is.
    let unknown = told("nothing-like-it");
    assert!(["pauses", "quickstart", "analytic-twin"].into_iter().all(|name| unknown.contains(name)), "{unknown}");
    assert!(told("pausses").contains("pauses"));
    assert!(told("city").contains("brownout plan city"));
}

#[test]
fn a_study_alone_is_explored_by_the_table_of_assumptions() {
    let directory = folder(FILE);
    brownout(&directory).args(["explore", "study.ron", "--write", "made.ron"]).assert().success();
    let text = std::fs::read_to_string(directory.path().join("made.ron")).unwrap();
    let explore = read_text(&text).unwrap();
    assert!(explore.unknowns.len() >= 5 && explore.unknowns.iter().all(|u| u.source.starts_with("default-parameters")));
    assert!(explore.unknowns.iter().any(|unknown| unknown.paths[0] == "world.**.diligence.never_share"));
    // It is a file to work with, and is never written over.
    let dry = brownout(&directory).args(["explore", "made.ron", "--dry-run"]).assert().success();
    assert!(String::from_utf8_lossy(&dry.get_output().stdout).contains("nothing was written"));
    brownout(&directory).args(["explore", "study.ron", "--write", "made.ron"]).assert().code(1);
    assert_eq!(std::fs::read_to_string(directory.path().join("made.ron")).unwrap(), text);
}

#[test]
fn the_shipped_explorations_are_read_and_fit_their_studies() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/explore");
    let shipped = std::fs::read_dir(&folder).unwrap().count();
    let known = [("quickstart", "3 schedules", 6), ("exchange-2026", "7 schedules", 17), ("pauses", "2 schedules", 5)];
    assert_eq!(shipped, known.len(), "each shipped exploration is tried");
    for (name, schedules, unknowns) in known {
        let path = folder.join(format!("{name}.ron"));
        let directory = tempfile::tempdir().unwrap();
        let dry = brownout(&directory).args(["explore", "--dry-run"]).arg(&path).assert().success();
        assert!(String::from_utf8_lossy(&dry.get_output().stdout).contains(schedules), "{name}");
        let explore = read_text(&std::fs::read_to_string(&path).unwrap()).unwrap();
        assert!(load(&path.parent().unwrap().join(&explore.study)).is_ok());
        assert_eq!(explore.unknowns.len(), unknowns, "{name}");
        assert!(explore.unknowns.iter().all(|unknown| !unknown.source.is_empty()), "{name}");
    }
}
