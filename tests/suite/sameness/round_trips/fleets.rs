//! Fleets and plans.

use std::sync::Arc;

use brownout::catalog::Build;
use brownout::draws::Spread;
use brownout::planner::{FleetServer, Project, Work, plan as solve};
use brownout::reading::plan::{Overrides, compose};
use brownout::telling::bundle::Extras;
use brownout::telling::plan;
use brownout::time::{Day, SimDuration, SimTime};
use proptest::prelude::*;
use proptest::sample::Index;

use super::{bytes, file, rewritten, sources};
use crate::generated::config;

const PLAN: &str = r#"(version: 1, question: "Wann?", as_of: "2026-11-21", horizon: "2027-06-01", policy: "microsoft",
    fleet: "fleet.csv", replications: 5, gap_days: 1, minimise: (lost: 2, pause_day: 3), pauses: (used: {2026: 7}),
    crews: [(name: "west", windows: [(day: "Sat", from: "18:00", hours: 6)]), (name: "east", jobs: 2)],
    windows: {"night": [(day: "Tue", from: "22:00", hours: 4)], "noon": [(day: "Thu", from: "12:00", hours: 1)]})"#;

fn composed(fleet: &str) -> Project {
    let table = file("fleet.csv", fleet);
    let (project, problems) =
        compose("plan", &file("plan.ron", PLAN), &mut |_| Ok(Arc::clone(&table)), &Overrides::default());
    project.unwrap_or_else(|| panic!("{:#?}\n{fleet}", problems.iter().map(|p| p.line()).collect::<Vec<_>>()))
}

prop_compose! {
    /// Cells of one server, without its name and what it waits for.
    fn a_row()(
        release in any::<Index>(), detected in prop::option::of(0i64..20_000_000), volume in 0u32..5_000_000, route in 0usize..3,
        work in (0u32..60, 0u32..60, 0u32..60), kind in 0usize..4, crew in 0usize..4, earliest in prop::option::of(0i64..100),
        window in 0usize..3, waits in prop::option::of(any::<Index>()), group in "[a-zä ]{0,6}",
        stated in (prop::option::of(0i64..60), prop::option::of(150i64..190), prop::option::of((0i64..90, 0i64..9)), prop::option::of(0u32..3)),
    ) -> (Vec<String>, Option<Index>) {
        let catalog = brownout::builds::catalog();
        let all: Vec<Build> = catalog.products().flat_map(|product| catalog.releases(product).map(|release| release.build)).collect();
        let start = SimTime::from_date(2026, 8, 1).unwrap();
        let mut days = [work.0, work.1, work.2].map(|tenths| f64::from(tenths) / 10.0);
        days.sort_by(f64::total_cmp);
        let [least, likely, most] = days.map(|days| days.to_string());
        let (min, mode, max, lead) = match kind {
            0 => (String::new(), likely, String::new(), String::new()),
            1 => (least, likely, most, String::new()),
            2 => (String::new(), String::new(), String::new(), likely),
            _ => (String::new(), String::new(), String::new(), format!("{least}/{likely}/{most}")),
        };
        let day = |days: i64| (start + SimDuration::from_days(120 + days)).day().to_string();
        let cells = vec![
            release.get(&all).to_string(),
            detected.map(|seconds| (start + SimDuration::from_seconds(seconds)).to_string()).unwrap_or_default(),
            format!("{:.4}", f64::from(volume) / 1000.0),
            ["upgrade", "patch", "leave"][route].to_owned(),
            if route == 0 { "SE".to_owned() } else { String::new() },
            min, mode, max, lead,
            ["", "west", "east", "east|west"][crew].to_owned(),
            earliest.map(|days| (start + SimDuration::from_days(days)).day().to_string()).unwrap_or_default(),
            ["", "night", "noon"][window].to_owned(),
            group.trim().to_owned(),
            stated.0.map(day).unwrap_or_default(),
            stated.1.map(day).unwrap_or_default(),
            String::new(),
            stated.2.map(|(from, days)| format!("{}..{}|{}", day(from), day(from + days), day(from + 99))).unwrap_or_default(),
            stated.3.map(|wave| wave.to_string()).unwrap_or_default(),
        ];
        (cells, waits)
    }
}

const HEADER: &str = "server,build,first_detected,messages_per_day,route,target,work_min,work_likely,work_max,lead_days,crew,earliest,window,group,not_before,not_after,on,forbid,wave,depends_on";

fn a_fleet() -> impl Strategy<Value = String> {
    prop::collection::vec(a_row(), 1..8).prop_map(|rows| {
        let row = |(place, (cells, waits)): (usize, &(Vec<String>, Option<Index>))| {
            // A server waits for one before it, so that none waits for itself in the end.
            let waits = waits.filter(|_| place > 0).map_or(String::new(), |waits| format!("s{}", waits.index(place)));
            let mut cells = cells.clone();
            // Who waits for a server has no wave, or it could have to wait for itself.
            cells.last_mut().into_iter().filter(|_| !waits.is_empty()).for_each(String::clear);
            format!("s{place},{},{waits}\n", cells.join(","))
        };
        format!("{HEADER}\n{}", rows.iter().enumerate().map(row).collect::<String>())
    })
}

/// A fleet as the table that means it.
fn print_fleet(project: &Project) -> String {
    let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
    writer.write_record(HEADER.split(',')).unwrap();
    for server in &project.servers {
        writer.write_record(row(project, server)).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

/// Least, most likely and most days of work, and days of waiting.
fn work_cells(work: Work) -> [String; 4] {
    let spread = |spread: Spread| match spread {
        Spread::Fixed(days) => [days; 3],
        Spread::Pert { min, mode, max } => [min, mode, max],
        Spread::LogNormal { .. } => panic!("no fleet table says so"),
    };
    let blank = String::new;
    match work {
        Work::Days(days) => {
            let [min, mode, max] = spread(days).map(|days| days.to_string());
            [min, mode, max, blank()]
        }
        Work::Lead(days) => [blank(), blank(), blank(), spread(days).map(|days| days.to_string()).join("/")],
    }
}

fn row(project: &Project, server: &FleetServer) -> Vec<String> {
    let FleetServer {
        name,
        build,
        detected,
        assessment,
        volume,
        route,
        target,
        work,
        crews,
        earliest,
        windows,
        depends_on,
        dates,
        wave,
        group,
        ..
    } = server;
    let [min, mode, max, lead] = work_cells(*work);
    let crews: Vec<&str> = crews.iter().map(|&crew| project.crews[crew].name.as_str()).collect();
    let window =
        windows.as_ref().map_or("", |own| if own.windows()[0].opens() == 12 * 3600 { "noon" } else { "night" });
    let day = |day: Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
    let forbid: Vec<String> = dates.forbid.iter().map(|(first, last)| format!("{first}..{last}")).collect();
    let waits: Vec<&str> = depends_on.iter().map(|&place| project.servers[place].name.as_str()).collect();
    vec![
        name.clone(),
        build.to_string(),
        // Of a range only that it is one can be said: by a blank cell.
        detected.filter(|_| assessment.latest.is_none()).map(|at| at.to_string()).unwrap_or_default(),
        format!("{:.4}", *volume as f64 / 1000.0),
        route.name().to_owned(),
        target.clone(),
        min,
        mode,
        max,
        lead,
        crews.join("|"),
        earliest.map(|day| day.to_string()).unwrap_or_default(),
        window.to_owned(),
        group.clone(),
        day(dates.not_before),
        day(dates.not_after),
        day(dates.on),
        forbid.join("|"),
        wave.map(|wave| wave.to_string()).unwrap_or_default(),
        waits.join("|"),
    ]
}

proptest! {
    #![proptest_config(config(200, 24))]

    #[test]
    fn fleets_come_back_from_their_tables(fleet in a_fleet()) {
        let project = composed(&fleet);
        let printed = print_fleet(&project);
        let again = composed(&printed);
        prop_assert_eq!(&again, &project, "{}\n{}", fleet, printed);
        prop_assert_eq!(print_fleet(&again), printed);
    }
}

#[test]
fn a_plan_comes_back_from_its_manifest() {
    let fleet = "server,build,first_detected,messages_per_day,work_likely,group\na,15.1.2507.57,2026-10-01,10,1,ü\n";
    let project = composed(fleet);
    let findings = solve(&project, &brownout::watch::Watch::never()).unwrap();
    let inputs = [file("plan.ron", PLAN), file("fleet.csv", fleet)];
    let extras = Extras { inputs: &inputs, warnings: &[], charts: true, look: crate::common::LOOK };
    let files = plan::files(&findings, extras).unwrap();
    let written = bytes(&files, "manifest.json");
    let manifest = plan::PlanManifest::read(written).unwrap();
    assert_eq!(manifest.bytes(), written);
    let sources = sources(&manifest.header.inputs);
    let mut reader =
        |path: &str| sources.iter().find(|file| file.path == path).cloned().ok_or_else(|| "missing".to_owned());
    let (again, _) = compose("plan", &sources[0], &mut reader, &Overrides::default());
    assert_eq!(again.unwrap(), project);
    let tables = files.iter().filter(|file| file.name.ends_with(".csv"));
    assert!(tables.map(rewritten).sum::<usize>() > 20, "numbers were compared");
}
