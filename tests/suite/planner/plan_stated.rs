//! The program keeps the dates and waves that a plan or its fleet states, and refuses those that cannot be kept.

use tempfile::TempDir;

use super::teams::{all_in, dates, good, plan, team};

const CREWS: &str = r#"crews: [(name: "team", windows: [(day: "Sat", from: "18:00", hours: 6)])]"#;

/// Three servers, the heaviest first, and a crew with a window a week.
fn three(fields: &str, columns: &str, cells: [&str; 3]) -> TempDir {
    let row = |(name, volume, cells): (&str, u32, &str)| format!("{name},15.1.2507.57,2026-10-01,{volume},1{cells}\n");
    let rows: String = [("a", 9_000, cells[0]), ("b", 900, cells[1]), ("c", 90, cells[2])].map(row).concat();
    team(
        &format!("{fields} {CREWS}"),
        &format!("server,build,first_detected,messages_per_day,work_likely{columns}\n{rows}"),
    )
}

/// Days of the cut-overs of a, b and c.
fn days(directory: &TempDir) -> Vec<String> {
    good(directory, &["plan.ron", "--out", "out", "--force"]);
    dates(directory, "out").into_iter().map(|date| date.1[..10].to_owned()).collect()
}

#[test]
fn the_plan_and_the_fleet_state_the_same_dates_by_the_same_names() {
    assert_eq!(days(&three("", "", [""; 3])), ["2026-11-28", "2026-12-05", "2026-12-12"]);
    let cases: [(&str, &str, [&str; 3], [&str; 3]); 5] = [
        ("on", "on: \"2026-12-12\"", ["2026-12-12", "", ""], ["2026-12-12", "2026-11-28", "2026-12-05"]),
        (
            "not_before",
            "not_before: \"2026-12-06\"",
            ["2026-12-06", "", ""],
            ["2026-12-12", "2026-11-28", "2026-12-05"],
        ),
        ("not_after", "not_after: \"2026-11-28\"", ["", "", "2026-11-28"], ["2026-12-05", "2026-12-12", "2026-11-28"]),
        (
            "forbid",
            "forbid: \"2026-11-20..2026-11-30|2026-12-05\"",
            ["2026-11-20..2026-11-30|2026-12-05", "", ""],
            ["2026-12-12", "2026-11-28", "2026-12-05"],
        ),
        ("wave", "wave: 2", ["2", "1", ""], ["2026-12-05", "2026-11-28", "2026-12-12"]),
    ];
    for (column, field, cells, expected) in cases {
        let with_comma = cells.map(|cell| format!(",{cell}"));
        let table = three("", &format!(",{column}"), [&with_comma[0], &with_comma[1], &with_comma[2]]);
        assert_eq!(days(&table), expected, "column {column}");
        let whom = if column == "not_after" { "c" } else { "A" };
        let more = if column == "wave" { r#", "b": (wave: 1)"# } else { "" };
        let file = three(&format!(r#"servers: {{"{whom}": ({field}){more}}},"#), "", [""; 3]);
        assert_eq!(days(&file), expected, "field {column}");
    }
    // The plan's word goes before the table's.
    let both = three(r#"servers: {"a": (on: "2026-12-05")},"#, ",on", [",2026-12-12", ",", ","]);
    assert_eq!(days(&both)[0], "2026-12-05");
    let usual = three(r#"defaults: (not_before: "2026-12-01"),"#, ",not_before", [",2026-11-01", ",", ","]);
    assert_eq!(days(&usual), ["2026-11-28", "2026-12-05", "2026-12-12"]);
}

#[test]
fn dates_that_cannot_be_kept_are_refused_with_their_place_or_their_server() {
    let refused = |directory: &TempDir, parts: &[&str]| {
        let answer = plan(directory, &["plan.ron", "--no-files"]);
        assert_eq!((answer.code, answer.out.as_str()), (2, ""), "{}", answer.err);
        all_in(&answer.err, parts);
    };
    let columns = ",not_before,not_after,on,forbid,wave";
    refused(
        &three(
            "",
            columns,
            [
                ",2026-12-20,2026-12-10,,,",
                ",,,2026-12-05,2026-12-01..2026-12-09,",
                ",soon,,,2027-01-02..2027-01-01,1.5",
            ],
        ),
        &[
            "row 2 (a), column not_after: no day is not before 2026-12-20, not after 2026-12-10",
            "row 3 (b), column on: no day is on 2026-12-05, not on 2026-12-01 to 2026-12-09",
            "row 4 (c), column not_before: \"soon\"",
            "row 4 (c), column forbid: 2027-01-02..2027-01-01 ends before it begins",
        ],
    );
    refused(
        &three(r#"servers: {"a": (on: "2026-13-01"), "bb": (wave: 1)},"#, "", [""; 3]),
        &["servers.a.on: ", "servers.bb: no server of the fleet has this name"],
    );
    refused(
        &three(r#"servers: {"a": (on: "2026-12-03")},"#, "", [""; 3]),
        &[
            "a: no cut-over that it could have keeps its dates (on 2026-12-03)",
            "another date: 2026-11-28 or 2026-12-05 would do",
        ],
    );
    refused(
        &three(r#"servers: {"a": (not_after: "2026-12-01"), "b": (not_after: "2026-12-01")},"#, "", [""; 3]),
        &["a", "other dates for a (not after 2026-12-01), b (not after 2026-12-01)"],
    );
    refused(
        &three(r#"servers: {"a": (wave: 1), "c": (wave: 2)},"#, ",depends_on", [",c", ",", ","]),
        &["servers wait for each other in a circle: a -> c -> a", "another wave"],
    );
    refused(
        &three(r#"servers: {"a": (wave: 2, not_after: "2026-11-28"), "b": (wave: 1)},"#, "", [""; 3]),
        &["no waves", "other dates for a (not after 2026-11-28)"],
    );
}

#[test]
fn pauses_begin_while_somebody_is_at_the_desk_and_at_no_other_time() {
    let freeze = r#"crews: [(name: "team", windows: [(day: "Sat", from: "20:00", hours: 6)], freezes: [(from: "2026-12-12", to: "2027-01-10")])]"#;
    let rows = "server,build,messages_per_day,first_detected,work_likely\n\
                mail1,15.1.2507.57,2000,2026-10-01T00:15:08Z,4\nmail2,15.1.2507.57,1500,2026-10-01T00:15:08Z,5\n\
                mail3,15.1.2507.57,900,2026-10-05,5\n";
    let with = |desk: &str| team(&format!("pauses: (least_days: 1, command: 1, {desk}), {freeze}"), rows);
    let pauses = |directory: &TempDir| -> Vec<String> {
        good(directory, &["plan.ron", "--out", "out"]);
        let text = std::fs::read_to_string(directory.path().join("out/pauses.csv")).unwrap();
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let column = reader.headers().unwrap().iter().position(|column| column == "at").unwrap();
        reader.records().map(|row| row.unwrap()[column].to_owned()).collect()
    };
    let anybody = pauses(&with(""));
    assert!(!anybody.is_empty() && anybody.iter().all(|at| at.ends_with("T00:00:00Z")), "{anybody:?}");
    let berlin =
        r#"desk: (days: ["Tue", "Thu"], hours: "08:00-17:00", holidays: ["2026-12-24"], zone: "Europe/Berlin")"#;
    let directory = with(berlin);
    let staffed = pauses(&directory);
    assert!(!staffed.is_empty());
    for at in &staffed {
        let at: brownout::time::SimTime = at.parse().unwrap();
        // Tuesday is 1, Thursday 3; eight o'clock in Berlin is seven UTC in winter.
        assert!([1, 3].contains(&at.day().weekday()) && at.second_of_day() == 7 * 3600, "{at}");
        assert_ne!(at.day().to_string(), "2026-12-24");
    }
    let page = std::fs::read_to_string(directory.path().join("out/report.html")).unwrap();
    all_in(&page, &["as soon after 07:00 UTC as you can"]);
    let again = ["plan.ron", "--former", "out", "--as-of", "2026-12-20", "--as-planned", "--no-files"];
    good(&directory, &again);
    for (desk, part) in [
        (r#"desk: (hours: "17:00-08:00", zone: "UTC")"#, "pauses.desk.hours"),
        (r#"desk: (hours: "08:00-17:00", zone: "Berlin")"#, "pauses.desk.zone"),
        (r#"desk: (days: ["Someday"], hours: "08:00-17:00", zone: "UTC")"#, "pauses.desk.days[0]"),
        (r#"desk: (days: [], hours: "08:00-17:00", zone: "UTC")"#, "no pause can begin"),
    ] {
        let answer = plan(&with(desk), &["plan.ron", "--no-files"]);
        assert_eq!(answer.code, 2, "{desk}");
        all_in(&answer.err, &[part]);
    }
}

#[test]
fn why_a_server_has_its_date_is_told_on_request_and_of_all_in_a_file() {
    let directory = three(r#"servers: {"c": (on: "2026-12-12")},"#, "", [""; 3]);
    let answer = good(&directory, &["plan.ron", "--out", "out", "--why", "B", "--why", "c"]);
    all_in(
        &answer.out,
        &[
            "b on Sat 5 Dec 2026: team is busy with a on 28 Nov 2026, so not on Sat 28 Nov 2026.",
            "a week earlier: 28 Nov 2026: ",
            "; a moves as well",
            "c on Sat 12 Dec 2026: its dates: on 2026-12-12, so not on Sat 5 Dec 2026.",
        ],
    );
    assert!(!answer.out.contains("  a on Sat"), "only what was asked for");
    let table = std::fs::read_to_string(directory.path().join("out/why.csv")).unwrap();
    assert_eq!(table.lines().count(), 4, "{table}");
    let page = std::fs::read_to_string(directory.path().join("out/report.html")).unwrap();
    all_in(&page, &["Why these dates", "team is busy with a on 28 Nov 2026"]);
    let answer = plan(&directory, &["plan.ron", "--no-files", "--why", "d"]);
    assert_eq!(answer.code, 2);
    all_in(&answer.err, &["--why: no server that is still open is called \"d\""]);
}

#[test]
fn dates_chosen_by_courses_are_told_and_verified_and_refused_for_several_tenants() {
    let directory = three("risk: (dates: ByCourses, failure: (prob: 0.3, delay: Fixed(9))),", "", [""; 3]);
    let answer = good(&directory, &["plan.ron", "--out", "out"]);
    let read = |name: &str| std::fs::read_to_string(directory.path().join("out").join(name)).unwrap();
    let moved = read("moved.csv");
    let told = match moved.lines().count() {
        1 => "no move that was tried does better in mean and tail over 200 futures",
        _ => "Over 200 futures that the choice did not see, the plan costs ",
    };
    all_in(&answer.out.replace('\n', " "), &[told]);
    all_in(&read("report.html"), &[told]);
    crate::common::brownout(&directory).args(["verify", "out"]).assert().success();
    let refused = three("risk: (dates: ByCourses), tenants: {\"x\": ()},", "", [""; 3]);
    let answer = plan(&refused, &["plan.ron", "--no-files"]);
    assert_eq!(answer.code, 2);
    all_in(&answer.err, &["risk.dates: dates are moved by chance for a plan of one tenant only"]);
    let refused = three("risk: (dates: Sometimes),", "", [""; 3]);
    all_in(&plan(&refused, &["plan.ron", "--no-files"]).err, &["risk.dates", "AsPlanned", "ByCourses"]);
}

#[test]
fn times_for_jobs_that_are_tried_are_told_and_verified_and_promises_are_in_every_file() {
    let risk = "risk: (commit: 0.8, try_quantiles: [0.6, 0.9], overrun: LogNormal(median: 1.1, sigma: 0.3)),";
    let directory = three(risk, "", [""; 3]);
    let answer = good(&directory, &["plan.ron", "--out", "out"]);
    all_in(&answer.out, &["Jobs are given the time that is enough in ", "it has the least mean and tail."]);
    let read = |name: &str| std::fs::read_to_string(directory.path().join("out").join(name)).unwrap();
    assert_eq!(read("buffers.csv").lines().count(), 4, "{}", read("buffers.csv"));
    let table = read("plan.csv");
    let header: Vec<&str> = table.lines().next().unwrap().split(',').collect();
    let column = header.iter().position(|name| *name == "commit_date").unwrap();
    for row in table.lines().skip(1) {
        let cells: Vec<&str> = row.split(',').collect();
        assert!(cells[column].starts_with("202") && cells[column + 1] == "0.8", "{row}");
        // The promise is the P80 date, which the table has in any case.
        assert_eq!(cells[column], cells[header.iter().position(|name| *name == "done_p80").unwrap()], "{row}");
    }
    all_in(&read("report.html"), &["Time for jobs", "a promise holds in 80", "times as long as stated in the median"]);
    all_in(&read("plan.ics"), &["Promise: done by "]);
    crate::common::brownout(&directory).args(["verify", "out"]).assert().success();
    for (risk, part) in [
        ("risk: (commit: 1.5),", "risk.commit"),
        ("risk: (try_quantiles: [0.5, 7]),", "risk.try_quantiles[1]"),
        ("risk: (try_quantiles: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]),", "9 quantiles are more than 8"),
        ("risk: (overrun: Fixed(20)),", "risk.overrun"),
    ] {
        let answer = plan(&three(risk, "", [""; 3]), &["plan.ron", "--no-files"]);
        assert_eq!(answer.code, 2, "{risk}");
        all_in(&answer.err, &[part]);
    }
}
