//! `explore --again`: new questions to old points, of which nothing is lived again.

use tempfile::TempDir;

use crate::common::write;
use crate::program::explore::{FILE, folder};
use crate::sameness::shards::{done, files, refused, same};

/// The same points, asked something else: other steps and criteria, fewer schedules and outcomes.
fn asked_otherwise() -> String {
    let others = FILE.replace("version: 1,", "version: 1, schedules: [\"at once\", \"ladder\"],");
    let others = others.replace("(measure: \"exposure\", wish: Less)", "");
    let others = others.replace("lost > 1e4", "exposure > 1e3").replace("peel: 0.1", "peel: 0.05");
    others.replace("        Screen(Morris(trajectories: 3, levels: 4)),\n", "")
}

fn lived() -> TempDir {
    let directory = folder(FILE);
    done(&directory, &["explore", "ask.ron", "--no-charts", "--out", "old"]);
    directory
}

#[test]
fn new_questions_to_old_points_give_the_bytes_of_living_them() {
    let directory = lived();
    write(directory.path(), "next.ron", &asked_otherwise());
    done(&directory, &["explore", "next.ron", "--no-charts", "--out", "lived"]);
    // A study that would be lived would have to be read first; what it says is in the old results too.
    done(&directory, &["explore", "next.ron", "--no-charts", "--again", "old", "--out", "again"]);
    same(&directory, "lived", "again");
    // And again of what was asked again.
    done(&directory, &["explore", "next.ron", "--no-charts", "--again", "again", "--out", "third"]);
    same(&directory, "lived", "third");
}

#[test]
fn points_that_are_not_the_old_ones_are_told_with_place_and_remedy() {
    let directory = lived();
    for (from, to, expected) in [
        ("version: 1,", "version: 1, seed: 2,", "seed: 2 here, but the old points were drawn with 1"),
        ("tenants: 20", "tenants: 30", "tenants: 30 tenants here, but the old points lived 20 tenants"),
        ("LogUniform(0.5, 2)", "LogUniform(0.5, 3)", "unknowns[0]: \"effect\" was not what the old points moved here"),
        ("measure: \"exposure\"", "measure: \"delayed\"", "outcomes[1]: delayed was not measured at the old points"),
        ("lost > 1e4", "median_days > 100", "steps[2]: median_days was not measured at the old points"),
        ("points: 20", "points: 24", "futures: 24 of 24 points of futures are not in old"),
        ("replications: 2)", "replications: 3)", "futures: 20 of 20 points of futures are not in old"),
        ("trajectories: 3", "trajectories: 5", "steps[0]: "),
        ("base: 2", "base: 4", "steps[1]: "),
    ] {
        assert!(FILE.contains(from), "{from}");
        write(directory.path(), "next.ron", &FILE.replacen(from, to, 1));
        let told = refused(&directory, &["explore", "next.ron", "--no-charts", "--again", "old", "--out", "out"], 2);
        assert!(told.contains(expected) && told.contains("next.ron:"), "{from}: {told}");
        assert!(told.contains("leave --again out"), "{told}");
        assert!(!directory.path().join("out").exists(), "{from}");
    }
}

#[test]
fn a_folder_that_is_no_exploration_or_was_changed_is_refused() {
    let directory = lived();
    let told = |again: &str| {
        let told = refused(&directory, &["explore", "ask.ron", "--no-charts", "--again", again, "--out", "out"], 2);
        assert!(!directory.path().join("out").exists());
        told
    };
    assert!(told("nowhere").contains("cannot read nowhere/manifest.json: no such file"));
    done(&directory, &["run", "study.ron", "--no-charts", "--out", "run"]);
    assert!(told("run").contains("run/manifest.json is not of an exploration"));
    let text = String::from_utf8(files(&directory.path().join("old"))["replications.csv"].clone()).unwrap();
    write(directory.path(), "old/replications.csv", &text.replacen(",0,", ",1,", 1));
    assert!(told("old").contains("old/replications.csv is not as it was written"));
    write(directory.path(), "old/replications.csv", &text);
    let study = std::fs::read_to_string(directory.path().join("study.ron")).unwrap();
    write(directory.path(), "study.ron", &study.replace("seed: 1", "seed: 2"));
    let other = told("old");
    assert!(other.contains("study: the old points are of another study: the content of study.ron differs"), "{other}");
}
