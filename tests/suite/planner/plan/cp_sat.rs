//! The planner against CP-SAT, with a model that is written apart from it (`cp_sat.py`).

use std::process::Command;

use crate::program::jobs::python;

/// Projects of a set in a build with optimisation, and without, where each takes twenty times as long.
const PROJECTS: usize = if cfg!(debug_assertions) { 4 } else { 60 };

fn compare(kind: &str, projects: usize) {
    let Some(python) = python("ortools") else { return };
    let directory = tempfile::tempdir().unwrap();
    let output = Command::new(python)
        .arg("tests/suite/planner/plan/cp_sat.py")
        .args([env!("CARGO_BIN_EXE_brownout"), kind, "1", &projects.to_string()])
        .arg(directory.path())
        .output()
        .unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}{err}");
    println!("{}", out.lines().last().unwrap_or_default());
}

#[test]
fn plans_of_projects_with_three_to_twelve_servers_are_what_cp_sat_finds() {
    compare("few", PROJECTS);
}

#[test]
fn plans_with_six_to_ten_detections_ahead_are_what_cp_sat_finds() {
    compare("ahead", PROJECTS / 3);
}
