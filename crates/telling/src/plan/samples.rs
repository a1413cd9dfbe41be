//! Plans for tests, read through the plan file as a user's plans are.

use std::fmt::Write;
use std::sync::Arc;

use brownout_kernel::policy::PauseRequest;
use brownout_planner::chance::conditional::PausesAsked;
use brownout_planner::chance::latest::latest_starts;
use brownout_planner::chance::outcome::{courses, live};
use brownout_planner::chance::prices::Prices;
use brownout_planner::chance::strategies::strategies;
use brownout_planner::index::JobIndex;
use brownout_planner::search::improve::{Draft, prices};
use brownout_planner::search::schedule::first_fit;
use brownout_planner::search::why::reasons;
use brownout_planner::{Basis, Findings, Project, Solution};
use brownout_reading::plan::{Overrides, compose};
use brownout_reading::text::SourceFile;

const HEAD: &str = r#"    version: 1, question: "When must which server be upgraded, and when do we pause?",
    as_of: "2026-11-21", policy: "microsoft-2023", fleet: "fleet.csv", seed: 7, replications: 100,
"#;

/// Crews with windows on weekends and a freeze over the turn of the year.
pub(crate) fn crews(count: usize) -> String {
    let names = ["Berlin", "Madrid", "Oslo", "Tokyo"];
    let one = |index: usize| {
        let day = ["Sat", "Sun", "Fri", "Sat"][index % 4];
        format!(
            r#"(name: "{}", jobs: 2, windows: [(day: "{day}", from: "20:00", hours: 6)],
            freezes: [(from: "2026-12-19", to: "2027-01-0{}")])"#,
            names[index % 4],
            3 + index % 4
        )
    };
    (0..count).map(one).collect::<Vec<_>>().join(",\n        ")
}

/// A random but fixed fleet: sizes, detections and work differ.
pub(crate) fn fleet(count: usize) -> String {
    let mut text =
        "server,product,build,messages_per_day,first_detected,work_min,work_likely,work_max,group\n".to_owned();
    let mut state = 88_172_645_463_325_252u64;
    let mut next = |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    };
    for number in 0..count {
        let region = ["eu", "us", "ap"][next(3) as usize];
        let (volume, day, work) = (50 + next(4000), 1 + next(28), 1 + next(3));
        let month = ["09", "10", "11"][next(3) as usize];
        let _ = writeln!(
            text,
            "mail-{region}-{number:03},2016,15.1.2507.57,{volume},2026-{month}-{day:02}T00:15:08Z,{work},{},{},{region}",
            work + 1,
            work + 4
        );
    }
    text
}

/// The files of a plan; `more` is RON that follows the head.
pub(crate) fn files(more: &str, fleet: &str) -> Vec<Arc<SourceFile>> {
    let file = |path: &str, text: String| Arc::new(SourceFile { path: path.to_owned(), text });
    vec![file("sample.ron", format!("(\n{HEAD}{more}\n)\n")), file("fleet.csv", fleet.to_owned())]
}

/// The project of some files.
pub(crate) fn project(files: &[Arc<SourceFile>], overrides: &Overrides) -> Project {
    let mut reader = |_: &str| Ok(files[1].clone());
    let (project, problems) = compose("sample", &files[0], &mut reader, overrides);
    project.unwrap_or_else(|| panic!("{:#?}", problems.iter().map(|p| p.line()).collect::<Vec<_>>()))
}

/// A fleet of `count` servers, its crews and horizon as large as it needs.
pub(crate) fn usual(count: usize) -> Vec<Arc<SourceFile>> {
    let crews = crews(match count {
        0..=8 => 1,
        9..=60 => 2,
        _ => 4,
    });
    files(&format!("    horizon: \"2027-07-01\",\n    crews: [{crews}],"), &fleet(count))
}

/// Findings without prices, with given pauses, and with a schedule that was only put together, not bettered: for fleets of any
/// size in no time.
pub(crate) fn quick<'a>(project: &'a Project, pauses: &[PauseRequest]) -> Findings<'a> {
    let basis = Basis::new(project);
    let order: Vec<JobIndex> = basis.jobs.keys().collect();
    let schedule = first_fit(basis.ledger(), &basis.jobs, &order).expect("there is room");
    let none = vec![false; project.days()];
    let cost = prices(&basis, &none).iter().zip(&schedule).map(|(job, &index)| job[index]).sum();
    let solution = Solution { draft: Draft { order, schedule, pauses: none, cost }, bound: 0 };
    let schedule = &solution.draft.schedule;
    let mut book = project.spent.book().clone();
    let asked = PausesAsked::always(&book.grant_all(project.policy.pauses(), pauses).unwrap());
    let courses = courses(&basis, schedule);
    let lived = live(&basis, schedule, &courses, &asked);
    let strategies = strategies(&basis, schedule, &asked, &lived);
    let latest = latest_starts(&basis, schedule, &asked);
    let planned = strategies[0].planned;
    let why = reasons(&basis, schedule, &solution.draft.pauses);
    Findings {
        solution,
        asked,
        planned,
        lived,
        latest,
        strategies,
        prices: Prices::default(),
        why,
        changes: None,
        moved: None,
        buffers: Vec::new(),
        basis,
    }
}

/// A pause over the turn of the year, as two requests, and a later one.
pub(crate) fn pauses() -> Vec<PauseRequest> {
    [("2026-12-18", 14), ("2027-01-01", 6), ("2027-02-10", 12)]
        .map(|(at, days)| PauseRequest { at: at.parse().unwrap(), days })
        .into()
}
