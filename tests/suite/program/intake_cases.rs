//! Cases from the field, `tests/data/cases/README.md`: what reports and fleets look like that people have at hand. Each test names
//! its case.

use assert_cmd::Command;
use brownout::catalog::{Build, BuildEvidence};
use brownout::intake::{Intake, IntakeError, IntakeOptions, Other, ZoneEvidence, read};

const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/cases");

/// Exit code, standard output and standard error of the program among the cases.
fn run(arguments: &[&str]) -> (i32, String, String) {
    let output = Command::cargo_bin("brownout").unwrap().current_dir(CASES).args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn plan(file: &str) -> (i32, String, String) {
    run(&["plan", file, "--no-files", "--replications", "20"])
}

fn intake(file: &str) -> Result<Intake, IntakeError> {
    read(&std::fs::read(format!("{CASES}/{file}")).unwrap(), &IntakeOptions::default())
}

fn detected(file: &str) -> Vec<String> {
    let intake = intake(file).unwrap_or_else(|error| panic!("{file}: {error}"));
    intake.records.iter().map(|record| record.first_detected.map_or("-".to_owned(), |at| at.to_string())).collect()
}

#[test]
fn case_01_the_wrong_cmdlet_is_named_once() {
    assert_eq!(intake("01-get-exchangeserver.txt"), Err(IntakeError::Other(Other::Servers)));
    let (code, out, err) = plan("01.ron");
    assert_eq!((code, out.as_str()), (2, ""), "{err}");
    assert_eq!(err.matches("error").count(), 1, "{err}");
    assert!(
        err.contains("\"Name\" is the server") && err.contains("rename it to build") && err.contains("ExSetup"),
        "{err}"
    );
    assert!(!err.contains("warning"), "{err}");
}

#[test]
fn case_02_the_display_version_is_taken_with_a_warning() {
    let (code, _, err) = plan("02.ron");
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("row 2 (hub-1), column build: 15.1.2507.6 names the cumulative update without"), "{err}");
    assert!(err.contains("15.1.2507.75") && !err.contains("row 3 (hub-2), column build"), "{err}");
}

#[test]
fn case_02b_labels_of_health_checker_are_understood() {
    let (code, _, err) = plan("02b.ron");
    assert_eq!(code, 0, "{err}");
    assert!(!err.contains("column build") && !err.contains("column product"), "{err}");
}

#[test]
fn case_03_a_transcript_reads_without_a_warning() {
    let found = intake("03-transcript-de-utf16.txt").unwrap();
    assert_eq!(found.warnings, Vec::<String>::new());
    assert_eq!(detected("03-transcript-de-utf16.txt"), ["2026-09-09T00:15:08Z"]);
}

#[test]
fn case_04_half_days_are_read() {
    assert_eq!(detected("04-dates-zh-tw.txt"), ["2026-09-09T00:15:08Z"]);
}

#[test]
fn case_06_the_zero_of_the_clock_is_no_date() {
    let found = intake("06-no-date-value.txt").unwrap();
    assert_eq!(found.records.len(), 2);
    assert!(found.records[0].next_stage.is_some() && found.records[1].next_stage.is_none());
}

#[test]
fn case_07_dates_of_json_are_known_to_be_counts() {
    assert_eq!(intake("07-json-ps51-berlin.json").unwrap().records[0].zone, ZoneEvidence::Epoch);
}

#[test]
fn case_08_the_separator_line_and_blank_rows_of_spreadsheets_pass() {
    for file in ["08-excel-sep-line.csv", "08b-excel-blank-row.csv"] {
        assert_eq!(detected(file), ["2026-09-09T00:15:00Z"], "{file}");
    }
}

#[test]
fn case_09_a_table_is_named_for_what_it_is() {
    let (code, _, err) = run(&["timeline", "--report", "09-format-table.txt", "--at", "2026-10-12"]);
    assert_eq!(code, 2);
    assert!(err.contains("Format-Table, which cuts columns off") && err.contains("Format-List"), "{err}");
}

#[test]
fn case_17_thousands_are_no_decimals() {
    let (code, _, err) = plan("17.ron");
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("\"1.250\" is read as 1250 (such cells: 2)"), "{err}");
}

#[test]
fn case_18_german_dates_and_decimals_are_read() {
    let (code, _, err) = plan("18.ron");
    assert_eq!(code, 0, "{err}");
    assert!(!err.contains("row 2"), "{err}");
}

#[test]
fn case_30_odd_builds_are_still_exact() {
    let builds: Vec<Option<Build>> = intake("30-odd-builds.txt")
        .unwrap()
        .records
        .iter()
        .map(|record| record.build.and_then(BuildEvidence::exact))
        .collect();
    let expected = ["15.2.1118.22", "15.1.2507.90", "15.2.922.13", "8.3.298.1", "15.1.2507.36"];
    assert_eq!(builds, expected.map(|text| text.parse().ok()));
}

#[test]
fn arguments_take_dates_as_people_write_them() {
    for detected in [
        "2026-09-09T00:15:08Z",
        "2026-09-08T14:15:08-10:00",
        "2026-09-09T10:15:08+10:00",
        "9/9/2026 12:15:08 AM",
        "09.09.2026 00:15:08",
        "Wed, 09 Sep 2026 00:15:08 GMT",
    ] {
        let (code, out, err) =
            run(&["timeline", "--first-detected", detected, "--at", "2026-10-12", "--format", "json"]);
        assert_eq!(code, 0, "{detected}: {err}");
        assert!(out.contains("\"first_detected\": \"2026-09-09T00:15:08Z\""), "{detected}: {out}");
    }
    for (refused, words) in [
        ("2026-09-09T00:15:60Z", "is not a date"),
        ("9/10/2026", "2026-10-09 day-first or 2026-09-10 month-first"),
        ("09/09/2569", "2026 if it is of the Buddhist calendar"),
    ] {
        let (code, _, err) = run(&["timeline", "--first-detected", refused]);
        assert_eq!(code, 2, "{refused}");
        assert!(err.contains(words), "{err}");
    }
}

#[test]
fn a_server_is_done_once() {
    let arguments = ["plan", "18.ron", "--no-files", "--as-of", "2026-11-26"];
    let twice = [&arguments[..], &["--done", "mail-1=2026-11-20", "--done", "MAIL-1=2026-11-21"]].concat();
    let (code, _, err) = run(&twice);
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("is said to be done on 2026-11-20 and on 2026-11-21"), "{err}");
}

#[test]
fn day_and_month_of_a_fleet_are_settled_over_the_whole_file() {
    let folder = tempfile::tempdir().unwrap();
    let plan_text =
        std::fs::read_to_string(format!("{CASES}/18.ron")).unwrap().replace("18-german-dates.csv", "fleet.csv");
    std::fs::write(folder.path().join("p.ron"), plan_text).unwrap();
    let answer = |fleet: &[u8], extra: &[&str]| {
        std::fs::write(folder.path().join("fleet.csv"), fleet).unwrap();
        let path = folder.path().join("p.ron").display().to_string();
        run(&[&["plan", path.as_str(), "--no-files", "--replications", "20"], extra].concat())
    };
    let open = "server,build,first_detected\na,15.1.2507.57,04/10/2026\n";
    let (code, _, err) = answer(open.as_bytes(), &[]);
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("is 2026-10-04 day-first or 2026-04-10 month-first"), "{err}");
    assert_eq!(answer(open.as_bytes(), &["--date-order", "day-first"]).0, 0);
    let settled = format!("{open}b,15.1.2507.57,28/09/2026\n");
    assert_eq!(answer(settled.as_bytes(), &[]).0, 0);
    let wide: Vec<u8> = format!("\u{feff}sep=;\r\n{}", settled.replace(',', ";").replace('\n', "\r\n"))
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let (code, _, err) = answer(&wide, &[]);
    assert_eq!(code, 0, "{err}");
}

fn reading(text: &str) -> Intake {
    read(text.as_bytes(), &IntakeOptions::default()).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn dates_of_more_cultures_are_read() {
    for text in [
        "9.9.2026 klo 0.15.08",
        "quarta-feira, 9 de setembro de 2026 00:15:08",
        "den 9 september 2026 00:15:08",
        "onsdag 9 september 2026 kl. 00:15:08",
        "9 сентября 2026 г. 0:15:08",
        "9 września 2026 00:15:08",
        "9 Eylül 2026 Çarşamba 00:15:08",
        "2026. szeptember 9., szerda 0:15:08",
        "2026年9月9日 水曜日 0:15:08",
        "středa 9. září 2026 0:15:08",
    ] {
        let report = format!("ServerFQDN : a\nBuild : 15.1.2507.57\nFirstDetectedDate : {text}\n");
        let found = reading(&report).records[0].first_detected.map(|at| at.to_string());
        assert_eq!(found.as_deref(), Some("2026-09-09T00:15:08Z"), "{text}");
    }
    // November in Polish, October in Croatian.
    let open = "ServerFQDN : a\nBuild : 15.1.2507.57\nFirstDetectedDate : 9 listopada 2026\n";
    assert!(read(open.as_bytes(), &IntakeOptions::default()).is_err());
}

#[test]
fn tenants_by_any_of_their_usual_names_are_kept_apart() {
    for name in ["OrganizationId", "Tenant ID", "Customer", "ExternalDirectoryOrganizationId"] {
        let text = format!(
            "{name},ServerFQDN,Build,FirstDetectedDate\nA,a,15.1.2507.57,2026-09-09\nB,b,15.1.2507.57,2026-09-09\n"
        );
        let found = reading(&text);
        let tenants: Vec<Option<&str>> = found.records.iter().map(|record| record.tenant.as_deref()).collect();
        assert_eq!(tenants, [Some("A"), Some("B")], "{name}");
        assert!(found.warnings.is_empty(), "{:?}", found.warnings);
    }
}

#[test]
fn a_plan_is_of_one_tenant() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("two.csv");
    let text = "Tenant,ServerFQDN,Build,FirstDetectedDate\nA,a,15.1.2507.57,2026-09-09\nB,b,15.1.2507.57,2026-09-09\n";
    std::fs::write(&path, text).unwrap();
    let (code, _, err) = run(&["plan", "12.ron", "--report", path.to_str().unwrap(), "--no-files"]);
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("2 tenants (\"A\", \"B\")") && err.contains("one report each"), "{err}");
}

#[test]
fn blank_rows_of_other_separators_are_passed_over() {
    let found = reading(
        "\"ServerFQDN\",\"Build\",\"FirstDetectedDate\"\r\n\"a\",\"15.1.2507.57\",\"2026-09-09\"\r\n;;;\r\n\t\t\r\n",
    );
    assert_eq!(found.records.len(), 1);
}
