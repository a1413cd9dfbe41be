//! What `--format json` says besides its tables is read from them: every value stands in a frame, under the row it belongs to.

use serde_json::Value;

use crate::common::brownout;

fn document(arguments: &[&str]) -> Value {
    let directory = tempfile::tempdir().unwrap();
    let mut command = brownout(&directory);
    command.current_dir(env!("CARGO_MANIFEST_DIR")).args(arguments).args(["--format", "json"]);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Dates that are known, inferred, a range; before detection, in a pause, in breach of nothing; one server and several.
const TIMELINES: [&[&str]; 8] = [
    &["--first-detected", "2026-09-09", "--pause", "2026-10-20:30", "--at", "2026-11-02"],
    &["--first-detected", "2026-09-09", "--at", "2026-08-01"],
    &["--report", "tests/data/report.json", "--at", "2024-05-10"],
    &["--report", "tests/data/cases/30-odd-builds.txt", "--at", "2026-11-12"],
    &["--report", "tests/data/cases/12-already-updated.txt", "--at", "2026-11-12"],
    &["--report", "tests/data/report.csv", "--at", "2024-05-10"],
    &["--build", "15.1.2507.57", "--at", "2026-11-21"],
    &[
        "--reply",
        "450 4.7.230 Connecting Exchange server version is out-of-date; throttled for 10 mins/hr.",
        "--at",
        "2026-10-19",
    ],
];

fn timelines() -> impl Iterator<Item = Value> {
    TIMELINES.iter().map(|arguments| document(&[&["timeline"], *arguments].concat()))
}

fn lives() -> impl Iterator<Item = Value> {
    let one = ["trace", "quickstart", "--worst", "lost"];
    let both = ["trace", "quickstart", "--tenant", "3", "--against", "no pause"];
    let twice = ["trace", "quickstart", "--tenant", "3", "--against", "announced ladder"];
    [&one[..], &both, &twice].into_iter().map(document).collect::<Vec<_>>().into_iter()
}

fn rows<'a>(document: &'a Value, table: &str) -> &'a [Value] {
    document["tables"][table]["rows"].as_array().unwrap_or_else(|| panic!("no table {table}"))
}

fn list<'a>(value: &'a Value, field: &str) -> &'a [Value] {
    value[field].as_array().unwrap_or_else(|| panic!("{field} is no list: {value}"))
}

/// The rows of a table with a value in a column.
fn of<'a>(document: &'a Value, table: &str, column: &str, value: usize) -> Vec<&'a Value> {
    rows(document, table).iter().filter(|row| row[column] == value).collect()
}

/// Whether an object of the tree says what the row says, in every column but those that only tell where it belongs and those
/// that stand in an object of their own.
#[track_caller]
fn says(object: &Value, row: &Value, apart: &[&str]) {
    let is_apart = |name: &str| apart.iter().any(|one| name == *one || name.starts_with(&format!("{one}_")));
    for (name, value) in row.as_object().unwrap().iter().filter(|(name, _)| !is_apart(name)) {
        assert_eq!(object.get(name), Some(value), "{name} of {object}");
    }
}

/// Every value in a tree with the name of its field.
fn leaves<'a>(field: &'a str, value: &'a Value, found: &mut Vec<(&'a str, &'a Value)>) {
    match value {
        Value::Null => {}
        Value::Object(fields) => fields.iter().for_each(|(field, value)| leaves(field, value, found)),
        Value::Array(values) => values.iter().for_each(|value| leaves(field, value, found)),
        scalar => found.push((field, scalar)),
    }
}

/// Every value of a tree stands in a column of that name, or of a name that ends in it.
#[track_caller]
fn stands_in_frames(document: &Value, tree: &Value) {
    let mut cells: Vec<(&str, &Value)> = Vec::new();
    for table in document["tables"].as_object().unwrap().values() {
        for row in list(table, "rows") {
            cells.extend(row.as_object().unwrap().iter().map(|(name, value)| (name.as_str(), value)));
        }
    }
    let mut found = Vec::new();
    leaves("", tree, &mut found);
    assert!(!found.is_empty());
    for (field, value) in found {
        let is_named =
            |name: &str| name == field || name.ends_with(&format!("_{field}")) || (name, field) == ("note", "notes");
        let stands = cells.iter().any(|(name, cell)| *cell == value && is_named(name));
        assert!(stands, "{field}: {value} stands in no frame");
    }
}

#[test]
fn all_that_a_timeline_says_of_servers_stands_in_frames() {
    for document in timelines() {
        stands_in_frames(&document, &document["servers"]);
        let common = |kind: &str| -> Vec<&Value> {
            let rows = rows(&document, "notes").iter().filter(|row| row["number"].is_null() && row["kind"] == kind);
            rows.map(|row| &row["note"]).collect()
        };
        assert_eq!(list(&document, "notes").iter().collect::<Vec<_>>(), common("note"));
        assert_eq!(list(&document, "warnings").iter().collect::<Vec<_>>(), common("warning"));
    }
}

#[test]
fn each_server_of_a_timeline_has_its_own_rows_and_all_of_them() {
    let (mut several, mut ranges, mut pauses) = (false, false, false);
    for document in timelines() {
        let servers = list(&document, "servers");
        assert_eq!(servers.len(), rows(&document, "servers").len());
        several |= servers.len() > 1;
        for (number, server) in servers.iter().enumerate() {
            let own = |table: &str| of(&document, table, "number", number);
            says(server, own("servers")[0], &["number", "inferred_pause"]);
            pauses |= server["inferred_pause"].is_object();
            for (field, table) in [("periods", "periods"), ("pause_days", "pause_days")] {
                assert_eq!(list(server, field).len(), own(table).len(), "{field} of {server}");
                list(server, field).iter().zip(own(table)).for_each(|(one, row)| says(one, row, &["number", "mail"]));
            }
            let notes: Vec<&Value> = own("notes").into_iter().map(|row| &row["note"]).collect();
            assert_eq!(list(server, "notes").iter().collect::<Vec<_>>(), notes);
            for (field, detection) in [("now", "earliest"), ("now_latest", "latest")] {
                let row = |table| own(table).into_iter().find(|row| row["detection"] == detection);
                assert_eq!(server[field].is_object(), row("now").is_some(), "{field} of {server}");
                row("now").into_iter().for_each(|row| says(&server[field], row, &["number", "detection"]));
                ranges |= field == "now_latest" && server[field].is_object();
                let next = row("next");
                assert_eq!(server[field]["next"].is_object(), next.is_some(), "next of {server}");
                next.into_iter().for_each(|row| says(&server[field]["next"], row, &["number", "detection", "mail"]));
            }
        }
    }
    assert!(several && ranges && pauses, "the inputs have every kind of answer");
}

#[test]
fn each_stretch_has_its_mail_and_the_replies_of_its_minutes() {
    for document in timelines() {
        for (number, server) in list(&document, "servers").iter().enumerate() {
            for (period, row) in list(server, "periods").iter().zip(of(&document, "periods", "number", number)) {
                for part in ["delayed", "mean_delay_seconds", "p90_delay_seconds", "lost"] {
                    assert_eq!(period["mail"].get(part), row.get(format!("mail_{part}")), "{part} of {period}");
                }
                let minutes =
                    |row: &&Value| (&row["throttle"], &row["block"]) == (&period["throttle"], &period["block"]);
                let replies = rows(&document, "replies").iter().filter(minutes).map(|row| &row["smtp"]);
                assert_eq!(list(period, "smtp").iter().collect::<Vec<_>>(), replies.collect::<Vec<_>>());
                assert_eq!(
                    list(period, "smtp").is_empty(),
                    period["throttle"] == 0 && period["block"] == 0,
                    "{period}"
                );
            }
        }
    }
}

#[test]
fn all_that_a_trace_says_of_lives_stands_in_frames() {
    for document in lives() {
        let lives = rows(&document, "lives");
        assert_eq!(document["against"].is_object(), lives.len() == 2);
        let events = rows(&document, "events");
        let mut told = 0;
        for (life, field) in (0..lives.len()).zip(["trace", "against"]) {
            let tree = &document[field];
            stands_in_frames(&document, tree);
            says(tree, &lives[life], &["life"]);
            let servers = of(&document, "life_servers", "life", life);
            assert!(!servers.is_empty());
            assert_eq!(list(tree, "servers").len(), servers.len());
            list(tree, "servers").iter().zip(servers).for_each(|(one, row)| says(one, row, &["life"]));
            // The events of lives stand one behind the other.
            let own = list(tree, "events");
            own.iter().zip(&events[told..]).for_each(|(one, row)| says(one, row, &["scenario"]));
            told += own.len();
        }
        assert_eq!(told, events.len());
    }
}
