//! The tables of an exploration in other people's tools, as docs/EMA-SALIB.md shows it, with the real packages.

use std::process::Command;

use crate::common::write;
use crate::program::explore::{FILE, folder};
use crate::program::jobs::python;
use crate::sameness::shards::done;

const PAGE: &str = include_str!("../../../docs/EMA-SALIB.md");

/// The blocks of Python in the page that follow a heading.
fn blocks(heading: &str) -> String {
    let section = PAGE.split(&format!("\n## {heading}\n")).nth(1).unwrap().split("\n## ").next().unwrap();
    let blocks: Vec<&str> =
        section.split("```python\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert!(!blocks.is_empty(), "{heading}");
    blocks.join("\n")
}

/// Runs the blocks of a heading and more in the folder of an exploration's results.
fn run(heading: &str, package: &str, more: &str) {
    let Some(python) = python(package) else { return };
    let directory = folder(FILE);
    done(&directory, &["explore", "ask.ron", "--out", "out"]);
    write(directory.path(), "out/tried.py", &(blocks(heading) + more));
    let output = Command::new(python).arg("tried.py").current_dir(directory.path().join("out")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(!output.stdout.is_empty(), "the page prints something");
}

#[test]
fn ema_workbench_takes_the_tables_as_the_page_says() {
    run(
        "EMA Workbench",
        "ema_workbench",
        r#"
assert len(experiments) == len(outcomes["lost"]) == 2 * 20
assert {"effect", "never", "layout", "policy"} <= set(experiments.columns), experiments.columns
assert 0 < box.density <= 1 and 0 < box.coverage <= 1 and worst.sum() == 10
from ema_workbench.analysis import feature_scoring
scores = feature_scoring.get_feature_scores_all(experiments, outcomes)
assert set(scores.index) == set(experiments.columns)
"#,
    );
}

#[test]
fn salib_gives_our_indices_to_a_billionth_as_the_page_says() {
    run(
        "SALib",
        "SALib",
        r#"
ours = pandas.read_csv("indices.csv").query("of == 'level' and scale == 'value' and outcome == 'lost'")
ours = ours[ours["schedule"] == both["schedule"][0]]
assert factors[-1] == "luck" and len(factors) >= 4
for kind, key in (("first", "S1"), ("total", "ST")):
    theirs = dict(zip(factors, numpy.mean([one[key] for one in found], axis=0)))
    named = ours[ours["kind"] == kind].set_index("factor")["value"]
    assert set(named.index) == set(factors), (list(named.index), factors)
    for name in factors:
        assert abs(named[name] - theirs[name]) <= 1e-9 * max(1, abs(theirs[name])), (kind, name, named[name], theirs[name])
"#,
    );
}
