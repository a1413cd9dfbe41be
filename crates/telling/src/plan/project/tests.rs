//! The project held against the plan that it is of.

use std::collections::BTreeMap;

use super::*;
use crate::plan::mspdi::tests::{all, check_sequence, find, get};
use crate::plan::samples;
use brownout_planner::Findings;
use brownout_reading::plan::Overrides;
use roxmltree::{Document as Read, Node};

/// Five servers: one done, one that depends on another, one that waits, two waves.
const FLEET: &str = "server,build,messages_per_day,first_detected,work_likely,lead_days,depends_on,wave
mail1,15.1.2507.57,2000,2026-10-01T00:15:08Z,4,,,1
mail2,15.1.2507.57,1500,2026-10-01T00:15:08Z,2,,mail1,
mail3 & <b>,15.1.2507.57,900,2026-10-05,0,,,2
mail4,15.1.2507.57,900,2026-10-05,,20,,
spare,15.1.2507.57,10,2026-10-05,1,,,
";

const CREWS: &str = r#"    horizon: "2027-07-01",
    crews: [(name: "Berlin", jobs: 2, works: ["Mon", "Tue", "Wed", "Thu"], holidays: ["2026-11-24"],
        windows: [(day: "Sat", from: "20:00", hours: 6), (day: "Wed", from: "19:00", hours: 2.5)])],"#;

fn told(check: impl Fn(&Story<'_>, &Read<'_>)) {
    let done = vec![("spare".to_owned(), "2026-11-14T20:00:00Z".parse().unwrap())];
    let overrides = Overrides { done, ..Overrides::default() };
    let plan = samples::project(&samples::files(CREWS, FLEET), &overrides);
    let findings: Findings<'_> = samples::quick(&plan, &samples::pauses());
    let story = Story::new(&findings);
    let text = String::from_utf8(project(&story)).unwrap();
    check(&story, &Read::parse(&text).unwrap());
}

/// The tasks by their names.
fn by_name<'a, 'i>(read: &'a Read<'i>) -> BTreeMap<&'a str, Node<'a, 'i>> {
    all(read, "Task").into_iter().map(|task| (get(task, "Name"), task)).collect()
}

fn stamped(at: SimTime) -> String {
    at.to_string().replace('Z', "")
}

#[test]
fn every_server_has_its_dates_its_crew_and_its_reasons() {
    told(|story, read| {
        check_sequence(read);
        let tasks = by_name(read);
        assert_eq!(story.open().count(), 4);
        for row in story.open() {
            let name = row.server.name.as_str();
            let (summary, cut_over) = (tasks[name], tasks[format!("Cut-over of {name}").as_str()]);
            assert_eq!(
                [get(cut_over, "Start"), get(cut_over, "Finish"), get(summary, "Finish")],
                [stamped(row.at).as_str(); 3]
            );
            assert_eq!(
                [get(cut_over, "ConstraintDate"), get(cut_over, "Notes")],
                [&stamped(row.at), &words::route(row.server)]
            );
            let notes = get(summary, "Notes");
            let chance = words::percent(row.chance.unwrap().on_time);
            for part in
                [name, &words::route(row.server), "Crew: Berlin", &format!("or before: {chance}"), "Why this date: "]
            {
                assert!(notes.contains(part), "{part}: {notes}");
            }
            let lost = row.meets(Danger::Blocking).filter(|at| *at > story.project().as_of.start()).map(stamped);
            assert_eq!(find(cut_over, "Deadline").map(str::to_owned), lost);
        }
        let spare = tasks["spare: done"];
        assert_eq!([get(spare, "PercentComplete"), get(spare, "ActualFinish")], ["100", "2026-11-14T20:00:00"]);
    });
}

#[test]
fn work_is_as_many_working_days_as_the_plan_has_and_waiting_goes_on_day_and_night() {
    told(|story, read| {
        let tasks = by_name(read);
        let row = |name: &str| story.open().find(|row| row.server.name == name).unwrap();
        for name in ["mail1", "mail2"] {
            let work = tasks[format!("Work on {name}").as_str()];
            let days = row(name).server.work.days(story.project().risk.plan_quantile, 1.0);
            assert_eq!(get(work, "Duration"), format!("PT{}H0M0S", 8 * days));
            assert_eq!(get(work, "Start"), format!("{}T08:00:00", row(name).start.unwrap()));
            assert!(get(work, "Finish") < stamped(row(name).at).as_str());
        }
        let waiting = tasks["Waiting for mail4"];
        assert_eq!([get(waiting, "DurationFormat"), get(waiting, "Finish")], ["8", stamped(row("mail4").at).as_str()]);
        assert!(!tasks.contains_key("Work on mail3 & <b>") && tasks.contains_key("Cut-over of mail3 & <b>"));
        // The crew does work and cut-overs, and nobody waits.
        let assigned: Vec<&str> = all(read, "Assignment").into_iter().map(|one| get(one, "TaskUID")).collect();
        let of_crew = ["Work on mail1", "Work on mail2", "Cut-over of mail1", "Cut-over of mail4"];
        assert!(of_crew.iter().all(|name| assigned.contains(&get(tasks[name], "UID"))));
        assert_eq!(assigned.len(), 6);
    });
}

#[test]
fn what_must_be_done_before_is_a_link_and_no_link_is_broken() {
    told(|_, read| {
        let tasks = by_name(read);
        let by_uid: BTreeMap<&str, Node<'_, '_>> = tasks.values().map(|task| (get(*task, "UID"), *task)).collect();
        let before = |name: &str| -> Vec<&str> {
            let links = tasks[name].children().filter(|child| child.tag_name().name() == "PredecessorLink");
            links.map(|link| get(by_uid[get(link, "PredecessorUID")], "Name")).collect()
        };
        assert_eq!(before("Cut-over of mail1"), ["Work on mail1"]);
        assert_eq!(before("Work on mail2"), ["Cut-over of mail1"]);
        assert_eq!(before("Cut-over of mail3 & <b>"), ["All waves before wave 2 are done"]);
        assert_eq!(before("All waves before wave 2 are done"), ["Cut-over of mail1"]);
        for (name, task) in &tasks {
            for other in before(name) {
                assert!(get(tasks[other], "Finish") <= get(*task, "Start"), "{name} after {other}");
            }
        }
    });
}

#[test]
fn crews_have_their_calendars_and_pauses_their_commands() {
    told(|story, read| {
        let crew = all(read, "Resource")[0];
        assert_eq!([get(crew, "Name"), get(crew, "MaxUnits"), get(crew, "CalendarUID")], ["Berlin", "2", "4"]);
        assert!(get(crew, "Notes").contains("Maintenance window: Wed 19:00 UTC, 2.5 hours"), "{}", get(crew, "Notes"));
        let calendar = all(read, "Calendar")[2];
        let works: String = calendar
            .descendants()
            .filter(|day| day.tag_name().name() == "WeekDay")
            .map(|day| get(day, "DayWorking").to_owned())
            .collect();
        assert_eq!(works, "0111100");
        assert_eq!(get(all(read, "TimePeriod")[0], "FromDate"), "2026-11-24T00:00:00");
        assert_eq!(story.pauses.len(), 3);
        for pause in &story.pauses {
            let found = all(read, "Task").into_iter().find(|task| get(*task, "Start") == stamped(pause.at));
            let task = found.unwrap();
            assert_eq!(
                [get(task, "Finish"), get(task, "Duration")],
                [stamped(pause.ends), format!("PT{}H0M0S", 24 * pause.days)]
            );
            assert!(get(task, "Notes").contains(&super::super::commands::guarded(pause)));
        }
    });
}
