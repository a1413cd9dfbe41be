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
    let project = samples::project(&samples::files(&more, fleet), &Overrides::default());
    let unreached = project.with(|parts| {
        parts.servers.raw[0].detected = None;
        parts.servers.raw[0].assessment = Default::default();
    });
    let project = unreached.unwrap();
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

/// Two servers with room from 22 March 2027 on, a Saturday evening of Berlin each, and a crew of Oslo that nobody needs.
fn on_both_sides_of_summer_time(zone: &str) -> Project {
    let fleet = "server,build,messages_per_day,first_detected,work_likely,earliest,crew\n\
        mail1,15.1.2507.57,100,2027-02-01T00:15:08Z,1,2027-03-22,Berlin\n\
        mail2,15.1.2507.57,100,2027-02-01T00:15:08Z,1,2027-03-22,Berlin\n";
    let crew = r#"(name: "Berlin", windows: [(day: "Sat", from: "22:00", hours: 6)], freezes: [(from: "2027-04-10", to: "2027-04-11")])"#;
    let more = format!("    horizon: \"2027-07-01\", {zone} gap_days: 2, crews: [{crew}],");
    samples::project(&samples::files(&more, fleet), &Overrides::default())
}

#[test]
fn the_local_hour_stays_over_a_change_of_the_clocks_and_is_told_with_utc_beside() {
    let project = on_both_sides_of_summer_time(r#"zone: "Europe/Berlin","#);
    let pause = PauseRequest { at: "2027-03-27T23:00:00Z".parse().unwrap(), days: 3 };
    let findings = samples::quick(&project, &[pause]);
    let story = Story::new(&findings);
    let dates: Vec<String> = story.open().map(|row| row.at.to_string()).collect();
    assert_eq!(dates, ["2027-03-27T21:00:00Z", "2027-04-03T20:00:00Z"]);
    assert_eq!((story.place().as_deref(), story.clock().map(|clock| clock.name())), (Some("Berlin"), Some("Berlin")));
    // The freeze is the tenth of April in Berlin, the evening of which is frozen.
    let calendar = &figures::calendars(std::slice::from_ref(&story))[0];
    assert_eq!(calendar.freezes, [("2027-04-09T22:00:00Z".parse().unwrap(), "2027-04-10T22:00:00Z".parse().unwrap())]);

    let files = files(&findings, extras(&samples::usual(1), true)).unwrap();
    let page = text(&files, "report.html");
    for words in [
        "Sat 27 Mar 2027<span class=\"pm\">22:00 Berlin, 21:00 UTC</span>",
        "Sat 3 Apr 2027<span class=\"pm\">22:00 Berlin, 20:00 UTC</span>",
        "Sun 28 Mar 2027<span class=\"pm\">00:00 Berlin, Sat 23:00 UTC</span>",
        "Wed 31 Mar 2027<span class=\"pm\">01:00 Berlin, Tue 23:00 UTC</span>",
        "Dates and times of Berlin, UTC beside",
    ] {
        assert!(page.contains(words), "{words}");
    }
    let calendar = text(&files, "plan.ics").replace("\r\n ", "").replace('\\', "");
    assert!(calendar.contains("Cut-over planned: Sat 3 Apr 2027, 22:00 Berlin, 20:00 UTC"), "{calendar}");
    assert!(text(&files, "pauses.ps1").contains("at 00:00 Berlin, Sat 23:00 UTC: pause for 3 days"));
    assert!(text(&files, "plan.csv").contains(",2027-04-03T20:00:00Z,"), "tables are UTC");
    assert!(text(&files, "project.xml").contains("<Start>2027-04-03T20:00:00</Start>"));
    let brownout_chart::Body::Gantt(gantt) = &figures::all(&story)[0].figure.body else { panic!("a gantt chart") };
    let told: Vec<&str> = gantt.rows.iter().map(|row| row.date.as_str()).collect();
    assert_eq!(told, ["Sat 27 Mar 2027, 22:00 (21:00 UTC)", "Sat 3 Apr 2027, 22:00 (20:00 UTC)"]);
    assert_eq!(gantt.dates, "planned for (Berlin)");
    let terminal = terminal::print(&findings, None);
    for words in ["cut-over (Berlin)", "2027-03-27 22:00 (21:00 UTC)", "2027-04-03 22:00 (20:00 UTC)"] {
        assert!(terminal.contains(words), "{words}: {terminal}");
    }
}

#[test]
fn where_no_zone_is_stated_everything_is_utc() {
    let project = on_both_sides_of_summer_time("");
    let findings = samples::quick(&project, &[]);
    let story = Story::new(&findings);
    let dates: Vec<String> = story.open().map(|row| row.at.to_string()).collect();
    assert_eq!(dates, ["2027-03-27T22:00:00Z", "2027-04-03T22:00:00Z"]);
    assert_eq!((story.place(), story.clock()), (None, None));
    let files = files(&findings, extras(&samples::usual(1), false)).unwrap();
    let page = text(&files, "report.html");
    assert!(page.contains("Sat 3 Apr 2027<span class=\"pm\">22:00</span>") && page.contains("Dates in UTC."));
    assert!(page.contains("all times UTC") && !page.contains("Berlin,"));
    let terminal = terminal::print(&findings, None);
    assert!(terminal.contains("cut-over (UTC)") && terminal.contains("2027-04-03 22:00  "), "{terminal}");
}
