//! A team's plan and fleet in a folder of their own, what the program answers, and the dates it gives.

use std::fs;

use tempfile::TempDir;

use crate::common::{brownout, write};

/// The program's answer.
pub(super) struct Answer {
    pub(super) code: i32,
    pub(super) out: String,
    pub(super) err: String,
}

/// A folder with `plan.ron`, of these fields, and `fleet.csv`.
pub(super) fn team(fields: &str, fleet: &str) -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    let plan = format!(
        r#"(version: 1, as_of: "2026-11-21", horizon: "2027-03-01", policy: "microsoft-2023", fleet: "fleet.csv", replications: 50,
    {fields})"#
    );
    write(directory.path(), "plan.ron", &plan);
    write(directory.path(), "fleet.csv", fleet);
    directory
}

/// Asks for a plan.
pub(super) fn plan(directory: &TempDir, arguments: &[&str]) -> Answer {
    let output = brownout(directory).arg("plan").args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Answer { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

/// Asks for a plan that there is, without pictures.
pub(super) fn good(directory: &TempDir, arguments: &[&str]) -> Answer {
    let charts = if arguments.contains(&"--no-files") { None } else { Some("--no-charts") };
    let answer = plan(directory, &arguments.iter().copied().chain(charts).collect::<Vec<_>>());
    assert_eq!(answer.code, 0, "{arguments:?}: {}", answer.err);
    answer
}

/// Cut-overs by server, of those that are not done.
pub(super) fn dates(directory: &TempDir, out: &str) -> Vec<(String, String)> {
    let text = fs::read_to_string(directory.path().join(out).join("plan.csv")).unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().unwrap().clone();
    let column = |name: &str| header.iter().position(|column| column == name).unwrap();
    let (server, status, at) = (column("server"), column("status"), column("cut_over"));
    let rows = reader.records().map(Result::unwrap).filter(|row| ["planned", "in hand"].contains(&&row[status]));
    let mut dates: Vec<(String, String)> = rows.map(|row| (row[server].to_owned(), row[at].to_owned())).collect();
    dates.sort();
    dates
}

pub(super) fn all_in(text: &str, parts: &[&str]) {
    parts.iter().for_each(|part| assert!(text.contains(part), "{part:?} is missing in:\n{text}"));
}
