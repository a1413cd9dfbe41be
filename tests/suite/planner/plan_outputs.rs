//! The files of a plan as others read them: a calendar program, a shell, a browser, a spreadsheet.

use std::collections::BTreeSet;
use std::process::{Command, Stdio};
use std::sync::Arc;

use brownout::planner::{Project, plan};
use brownout::reading::plan::{Overrides, compose};
use brownout::reading::text::SourceFile;
use brownout::telling::bundle::{Extras, OutputFile};
use brownout::telling::plan::{PlanManifest, files};

use crate::common::brownout;

/// Three servers and a crew that can do two of them before the freeze: the third needs pauses on both sides of New Year.
const PLAN: &str = r#"(
    version: 1, question: "Which server when, and when do we pause?", as_of: "2026-11-21", horizon: "2027-03-01",
    policy: "microsoft-2023", fleet: "fleet.csv", seed: 3, replications: 50,
    crews: [(name: "Berlin", windows: [(day: "Sat", from: "20:00", hours: 6)], freezes: [(from: "2026-12-12", to: "2027-01-10")])],
)
"#;

const FLEET: &str = "server,build,messages_per_day,first_detected,work_likely,depends_on
mail1,15.1.2507.57,2000,2026-10-01T00:15:08Z,4,
mail2,15.1.2507.57,1500,2026-10-01T00:15:08Z,5,
mail3,15.1.2507.57,900,2026-10-05,5,mail1
spare,15.1.2507.57,10,2026-10-05,1,
";

fn inputs() -> Vec<Arc<SourceFile>> {
    let file = |path: &str, text: &str| Arc::new(SourceFile { path: path.to_owned(), text: text.to_owned() });
    vec![file("winter.ron", PLAN), file("fleet.csv", FLEET)]
}

fn project() -> Project {
    let inputs = inputs();
    let done = vec![("spare".to_owned(), "2026-11-14T20:00:00Z".parse().unwrap())];
    let overrides = Overrides { done, ..Overrides::default() };
    let mut reader = |_: &str| Ok(inputs[1].clone());
    let (project, problems) = compose("winter", &inputs[0], &mut reader, &overrides);
    project.unwrap_or_else(|| panic!("{:#?}", problems.iter().map(|p| p.line()).collect::<Vec<_>>()))
}

fn made(charts: bool) -> Vec<OutputFile> {
    let project = project();
    let findings = plan(&project, &brownout::watch::Watch::never()).unwrap();
    assert!(findings.asked.always.len() >= 2, "{:?}", findings.asked);
    let (inputs, warnings) = (inputs(), ["a warning".to_owned()]);
    files(&findings, Extras { inputs: &inputs, warnings: &warnings, charts, look: crate::common::LOOK }).unwrap()
}

fn text<'a>(files: &'a [OutputFile], name: &str) -> &'a str {
    let file = files.iter().find(|file| file.name == name).unwrap_or_else(|| panic!("no {name}"));
    std::str::from_utf8(&file.bytes).unwrap()
}

/// Rows of a CSV file, each as pairs of header and cell.
fn rows(files: &[OutputFile], name: &str) -> Vec<Vec<(String, String)>> {
    let mut reader = csv::Reader::from_reader(text(files, name).as_bytes());
    let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let row = |record: csv::StringRecord| header.iter().cloned().zip(record.iter().map(str::to_owned)).collect();
    reader.records().map(|record| row(record.unwrap())).collect()
}

fn get<'a>(row: &'a [(String, String)], column: &str) -> &'a str {
    row.iter().find(|cell| cell.0 == column).map_or_else(|| panic!("no column {column}"), |cell| cell.1.as_str())
}

/// Reads a calendar from its input with a library that has nothing to do with brownout, and prints what it holds, a line for
/// each event: category, start, end, whether it asks a day before, summary.
const READ: &str = r#"
import sys, datetime
from icalendar import Calendar
calendar = Calendar.from_ical(sys.stdin.buffer.read())
uids = set()
for event in calendar.walk("VEVENT"):
    assert str(event["UID"]) not in uids, "an UID comes twice"
    uids.add(str(event["UID"]))
    assert event["DTSTAMP"].dt == datetime.datetime(2026, 11, 21, tzinfo=datetime.timezone.utc), event["DTSTAMP"].dt
    start, end = event["DTSTART"].dt, event["DTEND"].dt
    assert start < end, event
    day_before = [a["TRIGGER"].dt for a in event.walk("VALARM")] == [datetime.timedelta(days=-1)]
    kind = event["CATEGORIES"].to_ical().decode()
    show = lambda t: t.strftime("%Y-%m-%dT%H:%M:%SZ") if isinstance(t, datetime.datetime) else t.isoformat()
    text = str(event["DESCRIPTION"]).replace("\n", " ")
    print("\t".join([kind, show(start), show(end), str(day_before), str(event["SUMMARY"]), text]))
"#;

/// The events of a calendar as Python reads them; `None` where Python or its `icalendar` is missing.
fn events(calendar: &str) -> Option<Vec<Vec<String>>> {
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let known = Command::new(&python).args(["-c", "import icalendar"]).stderr(Stdio::null()).status();
    if !known.is_ok_and(|status| status.success()) {
        println!("skipped: no Python with icalendar");
        return None;
    }
    let mut child =
        Command::new(&python).args(["-c", READ]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    std::io::Write::write_all(child.stdin.as_mut().unwrap(), calendar.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    let lines = String::from_utf8(output.stdout).unwrap();
    Some(lines.lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect())
}

/// Days of the plan on which throttling, blocking or the full block begins for a server (again, if it has), from its stages.
fn deadlines(files: &[OutputFile], server: &str) -> Vec<String> {
    let stages = rows(files, "stages.csv");
    let own: Vec<_> = stages.iter().filter(|row| get(row, "server") == server).collect();
    // By throttled and blocked minutes.
    let hits: [fn(u8, u8) -> bool; 3] = [|t, b| t + b > 0, |_, b| b > 0, |_, b| b == 60];
    let first = |hit: fn(u8, u8) -> bool| {
        let minutes = |row: &[(String, String)], column: &str| get(row, column).parse::<u8>().unwrap();
        let met = own.iter().find(|row| {
            hit(minutes(row, "throttle"), minutes(row, "block")) && get(row, "to") > "2026-11-21T00:00:00Z"
        })?;
        Some(get(met, "from")[..10].to_owned()).filter(|day| ("2026-11-21"..="2027-03-01").contains(&day.as_str()))
    };
    hits.into_iter().filter_map(first).collect()
}

#[test]
fn an_independent_reader_finds_the_plan_in_the_calendar() {
    let files = made(false);
    let Some(events) = events(text(&files, "plan.ics")) else { return };
    let of = |kind: &str| -> Vec<&Vec<String>> { events.iter().filter(|event| event[0] == kind).collect() };
    let plan = rows(&files, "plan.csv");
    let open: Vec<_> = plan.iter().filter(|row| get(row, "status") == "planned").collect();
    assert_eq!((plan.len(), open.len()), (4, 3));

    let starts = |kind: &str| -> BTreeSet<String> { of(kind).into_iter().map(|event| event[1].clone()).collect() };
    let cut_overs: Vec<&str> = open.iter().map(|row| get(row, "cut_over")).collect();
    assert_eq!(of("cut-over").iter().map(|event| event[1].as_str()).collect::<Vec<_>>(), cut_overs);
    for (event, row) in of("cut-over").iter().zip(&open) {
        assert!(event[4].contains(get(row, "server")) && event[5].contains(get(row, "build")), "{event:?}");
        assert!(event[2][11..] == *"02:00:00Z", "until the end of the window: {event:?}");
    }
    assert_eq!(
        of("work").len(),
        open.iter().filter(|row| get(row, "work_starts") < &get(row, "cut_over")[..10]).count()
    );

    let pauses: BTreeSet<String> = rows(&files, "pauses.csv").iter().map(|row| get(row, "at").to_owned()).collect();
    assert_eq!(starts("pause"), pauses);
    for event in of("pause") {
        assert!(event[3] == "True" && event[5].contains("New-TenantExemptionInfo -BlockingScenario"), "{event:?}");
    }
    let dates: BTreeSet<String> = open.iter().flat_map(|row| deadlines(&files, get(row, "server"))).collect();
    assert!(!dates.is_empty());
    assert_eq!(starts("deadline"), dates);
}

#[test]
fn calendar_lines_have_the_form_that_outlook_wants() {
    let files = made(false);
    let calendar = text(&files, "plan.ics");
    assert!(calendar.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n") && calendar.ends_with("END:VCALENDAR\r\n"));
    assert!(!calendar.replace("\r\n", "").contains(['\r', '\n']));
    assert!(calendar.split("\r\n").all(|line| line.len() <= 75));
}

/// Cmdlets that are known to exist (scenarios/DOMAIN.md 3.5); parameters of the ones that are run.
const CMDLETS: [&str; 5] = [
    "Get-OnPremServerReportInfo",
    "Get-TenantExemptionInfo",
    "New-TenantExemptionInfo",
    // PowerShell's own.
    "Read-Host",
    "Write-Warning",
];

/// Words of the form of a cmdlet: a capital, a hyphen inside, a capital after it.
fn cmdlets(text: &str) -> Vec<&str> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    let looks_like = |word: &&str| {
        let parts = word.split_once('-');
        let capital = |part: &str| part.starts_with(|c: char| c.is_ascii_uppercase());
        parts.is_some_and(|(verb, noun)| capital(verb) && capital(noun))
    };
    words.filter(looks_like).collect()
}

#[test]
fn the_script_only_holds_real_cmdlets_each_guarded_by_its_day() {
    let files = made(false);
    let script = text(&files, "pauses.ps1");
    assert!(script.is_ascii());
    let found = cmdlets(script);
    assert!(found.iter().all(|word| CMDLETS.contains(word)), "{found:?}");
    assert!(cmdlets("# Write-Host x").contains(&"Write-Host"), "the check would find it");
    let code: Vec<&str> = script.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    let mut pauses = rows(&files, "pauses.csv");
    let conditional = pauses.iter().filter(|row| get(row, "kind") != "always").count();
    assert_eq!(code.iter().filter(|line| line.contains("Read-Host")).count(), conditional);
    let code: Vec<&str> = code.into_iter().filter(|line| !line.contains("Read-Host")).collect();
    pauses.retain(|row| get(row, "kind") == "always");
    let wanted: Vec<String> = pauses
        .iter()
        .map(|row| {
            format!(
                "if ([DateTime]::UtcNow.Date -eq [DateTime]'{0}') {{ New-TenantExemptionInfo -BlockingScenario \
                 UnpatchedOnPremServer -NumberOfDays {1} }} else {{ Write-Warning \"NOTHING WAS RUN: today is \
                 $([DateTime]::UtcNow.ToString('yyyy-MM-dd')) UTC, this pause belongs to {0}.\" }}",
                &get(row, "at")[..10],
                get(row, "days")
            )
        })
        .collect();
    assert_eq!(code, wanted);
    assert!(pauses.iter().any(|row| get(row, "at") == "2027-01-01T00:00:00Z" && get(row, "joins_former") == "true"));
    assert!(script.contains("every calendar year pays for its own days"));
}

#[test]
fn the_manifest_names_every_file_with_its_hash() {
    let files = made(true);
    let manifest = PlanManifest::read(text(&files, "manifest.json").as_bytes()).unwrap();
    let names: Vec<&str> =
        files.iter().map(|file| file.name.as_str()).filter(|name| *name != "manifest.json").collect();
    assert_eq!(manifest.outputs.iter().map(|output| output.file.as_str()).collect::<Vec<_>>(), names);
    for (output, file) in manifest.outputs.iter().zip(&files) {
        assert_eq!(output.blake3, blake3::hash(&file.bytes).to_hex().to_string(), "{}", file.name);
    }
    for name in ["plan.csv", "gantt.png", "gantt.svg", "risk.png", "risk.svg", "plan.ics", "pauses.ps1", "report.html"]
    {
        assert!(names.contains(&name), "{name}");
    }
    assert_eq!(manifest.header.inputs.iter().map(|input| input.text.as_str()).collect::<Vec<_>>(), [PLAN, FLEET]);
    assert_eq!((manifest.header.body.seed, manifest.warnings.as_slice()), (3, ["a warning".to_owned()].as_slice()));
}

#[test]
fn verify_knows_a_plan_that_was_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let manifest = folder.path().join("manifest.json");
    let files = made(false);
    std::fs::write(&manifest, text(&files, "manifest.json")).unwrap();
    let verify = |code: i32| {
        let output = brownout(&folder).args(["verify", "."]).assert().code(code).get_output().clone();
        String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
    };
    let said = verify(1);
    assert!(said.contains("different: plan.csv: the file: recorded missing"), "{said}");
    std::fs::write(&manifest, "{}").unwrap();
    assert!(verify(2).contains("is damaged"));
}

#[test]
fn the_same_plan_gives_the_same_bytes() {
    assert!(made(true) == made(true));
}

#[test]
fn the_page_answers_first_and_fetches_nothing() {
    let files = made(true);
    let page = text(&files, "report.html");
    let place = |part: &str| page.find(part).unwrap_or_else(|| panic!("{part}"));
    assert!(
        place("id=\"answer\"") < place("id=\"figure-gantt\"") && place("id=\"figure-gantt\"") < place("id=\"servers\"")
    );
    for part in [
        "First: ",
        "work must begin by",
        "a warning",
        "winter.ron",
        "BLAKE3 of fleet.csv",
        "do nothing",
        "-NumberOfDays",
    ] {
        assert!(page.contains(part), "{part}");
    }
    for sign in ["<script", "<link", "<img", "<iframe", "@import", "src=\"", "xlink", " onload", "url(http"] {
        assert!(!page.contains(sign), "{sign}");
    }
    assert_eq!(page.matches("<table>").count(), page.matches("<caption>").count());
    let ids: Vec<&str> = crate::program::html::between(page, " id=\"", "\"");
    assert_eq!(ids.len(), ids.iter().collect::<BTreeSet<_>>().len(), "an id is used twice");
    for target in crate::program::html::between(page, "href=\"#", "\"")
        .into_iter()
        .chain(crate::program::html::between(page, "aria-labelledby=\"", "\""))
    {
        assert!(target.split(' ').all(|id| ids.contains(&id)), "nothing is called {target}");
    }
}

#[test]
fn a_phone_needs_no_sideways_scrolling() {
    let files = made(true);
    let place = tempfile::tempdir().unwrap();
    std::fs::create_dir(place.path().join("out")).unwrap();
    std::fs::write(place.path().join("out/report.html"), text(&files, "report.html")).unwrap();
    if let Some(found) = crate::program::html::on_a_phone(place.path()) {
        assert!(found.contains("data-result=\"width 375 fonts 2\""), "{}", &found[found.len().saturating_sub(2000)..]);
    }
}
