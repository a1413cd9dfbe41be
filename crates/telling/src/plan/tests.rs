//! The files of a plan as a team gets them.

use std::sync::Arc;

use super::*;
use crate::html::Look;
use brownout_kernel::policy::PauseRequest;
use brownout_planner::Project;
use brownout_reading::plan::Overrides;
use brownout_reading::text::SourceFile;

fn extras(inputs: &[Arc<SourceFile>], charts: bool) -> Extras<'_> {
    Extras { inputs, warnings: &[], charts, look: Look::PLAIN }
}

fn told(project: &Project, pauses: &[PauseRequest]) -> Vec<OutputFile> {
    let inputs = samples::usual(1);
    files(&samples::quick(project, pauses), extras(&inputs, true)).unwrap()
}

fn text<'a>(files: &'a [OutputFile], name: &str) -> &'a str {
    let file = files.iter().find(|file| file.name == name).unwrap_or_else(|| panic!("no {name}"));
    std::str::from_utf8(&file.bytes).unwrap()
}

/// Fleets of the sizes in `BROWNOUT_PLAN_SIZES`; writes the files where `BROWNOUT_PLAN_DIR` says, to be looked at.
#[test]
fn fleets_of_any_size_give_all_files() {
    let dir = std::env::var_os("BROWNOUT_PLAN_DIR").map(std::path::PathBuf::from);
    let sizes = std::env::var("BROWNOUT_PLAN_SIZES").unwrap_or_else(|_| "1,6".to_owned());
    for count in sizes.split(',').map(|size| size.parse().unwrap()) {
        let project = samples::project(&samples::usual(count), &Overrides::default());
        let files = told(&project, &samples::pauses());
        assert_eq!(files.len(), 19, "{count}");
        assert_eq!(text(&files, "plan.csv").lines().count(), count + 1);
        if let Some(dir) = &dir {
            let place = dir.join(count.to_string());
            std::fs::create_dir_all(&place).unwrap();
            files.iter().for_each(|file| std::fs::write(place.join(&file.name), &file.bytes).unwrap());
        }
    }
}

#[test]
fn a_pause_over_new_year_is_asked_for_twice_and_each_year_pays_for_its_own_days() {
    let project = samples::project(&samples::usual(6), &Overrides::default());
    let findings = samples::quick(&project, &samples::pauses());
    let story = Story::new(&findings);
    let told: Vec<_> = story.pauses.iter().map(|p| (p.charges.clone(), p.left, p.joins)).collect();
    assert_eq!(told, [(vec![(2026, 14)], 76, false), (vec![(2027, 6)], 84, true), (vec![(2027, 12)], 72, false)]);
    let joined: Vec<_> =
        story.paused().iter().map(|(from, to)| (from.day().to_string(), to.day().to_string())).collect();
    let days = |from: &str, to: &str| (from.to_owned(), to.to_owned());
    assert_eq!(joined, [days("2026-12-18", "2027-01-07"), days("2027-02-10", "2027-02-22")]);
}

#[test]
fn what_a_pause_holds_off_is_what_would_bite_at_its_beginning() {
    let project = samples::project(&samples::usual(6), &Overrides::default());
    let early: PauseRequest = PauseRequest { at: "2026-11-22".parse().unwrap(), days: 20 };
    let findings = samples::quick(&project, &[early]);
    let story = Story::new(&findings);
    let throttled =
        |row: &&PlanRow<'_>| row.server.detected.is_some_and(|at| at.day().number() + 30 < early.at.day().number());
    let held: Vec<&str> = story.open().filter(throttled).map(|row| row.server.name.as_str()).collect();
    assert!(!held.is_empty() && held.len() < 6);
    assert_eq!(story.pauses[0].held, held);
    let bridged =
        story.open().filter(|row| row.at < early.at + brownout_kernel::time::SimDuration::from_days(20)).count();
    assert_eq!(story.pauses[0].bridged.len(), bridged);
}

#[test]
fn a_fleet_that_is_done_has_nothing_left_to_plan() {
    let inputs = samples::usual(6);
    let open = samples::project(&inputs, &Overrides::default());
    let done =
        open.servers.iter().map(|server| (server.name.clone(), "2026-11-15T20:00:00Z".parse().unwrap())).collect();
    let project = samples::project(&inputs, &Overrides { done, ..Overrides::default() });
    let files = told(&project, &[]);
    assert!(text(&files, "report.html").contains("Every server is done; there is nothing left to plan."));
    assert!(text(&files, "pauses.ps1").contains("The plan asks for no pause."));
    assert!(!text(&files, "pauses.ps1").lines().any(|line| !line.is_empty() && !line.starts_with('#')));
    assert!(!text(&files, "plan.ics").contains("BEGIN:VEVENT"));
    assert!(text(&files, "plan.csv").lines().skip(1).all(|line| line.contains(",done,")));
}

#[test]
fn servers_that_the_policy_never_reaches_have_no_dangers_and_no_deadlines() {
    let fleet = "server,build,messages_per_day,work_likely\nmail1,15.1.2507.57,100,2\n";
    let more = format!("    horizon: \"2027-02-01\", crews: [{}],", samples::crews(1));
    let mut project = samples::project(&samples::files(&more, fleet), &Overrides::default());
    project.servers[0].detected = None;
    project.servers[0].standing = Default::default();
    let files = told(&project, &[]);
    let plan = text(&files, "plan.csv");
    assert!(plan.lines().nth(1).unwrap().contains(",never,,,,,never,never,never,"), "{plan}");
    assert!(!text(&files, "plan.ics").contains("CATEGORIES:deadline"));
    assert!(text(&files, "report.html").contains("no mail is ever restricted"));
    assert!(text(&files, "report.html").contains("so there is no latest day"));
}

#[test]
fn without_charts_there_are_tables_but_no_pictures() {
    let project = samples::project(&samples::usual(1), &Overrides::default());
    let files = files(&samples::quick(&project, &[]), extras(&samples::usual(1), false)).unwrap();
    assert!(files.iter().all(|file| !file.name.ends_with(".png") && !file.name.ends_with(".svg")));
    assert!(!text(&files, "report.html").contains("<figure"));
}
