//! Time zones of plans: by name or by rule, and the clocks that follow from them.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::wire::{DateRangeWire, DeskWire};
use crate::check::Checker;
use crate::tree::Path;
use brownout_experiment::study::LAST_YEAR;
use brownout_kernel::time::{Clock, SimTime, YEAR_MIN};
use brownout_kernel::world::Openings;
use brownout_planner::index::PerCrew;
use brownout_planner::project::Crew;
use brownout_text::names::{nearest, one_of};

/// Zones known by name, each as a rule of POSIX (IEEE 1003.1, section 8.3): without a data base that changes, every machine finds
/// the same plan. They are the rules of 2026.
const ZONES: [(&str, &str); 16] = [
    ("UTC", "UTC0"),
    ("Europe/London", "GMT0BST,M3.5.0/1,M10.5.0"),
    ("Europe/Dublin", "GMT0IST,M3.5.0/1,M10.5.0"),
    ("Europe/Lisbon", "WET0WEST,M3.5.0/1,M10.5.0"),
    ("Europe/Berlin", "CET-1CEST,M3.5.0,M10.5.0/3"),
    ("Europe/Paris", "CET-1CEST,M3.5.0,M10.5.0/3"),
    ("Europe/Vienna", "CET-1CEST,M3.5.0,M10.5.0/3"),
    ("Europe/Zurich", "CET-1CEST,M3.5.0,M10.5.0/3"),
    ("Europe/Helsinki", "EET-2EEST,M3.5.0/3,M10.5.0/4"),
    ("America/New_York", "EST5EDT,M3.2.0,M11.1.0"),
    ("America/Chicago", "CST6CDT,M3.2.0,M11.1.0"),
    ("America/Denver", "MST7MDT,M3.2.0,M11.1.0"),
    ("America/Los_Angeles", "PST8PDT,M3.2.0,M11.1.0"),
    ("Asia/Kolkata", "IST-5:30"),
    ("Asia/Tokyo", "JST-9"),
    ("Australia/Sydney", "AEST-10AEDT,M10.1.0,M4.1.0/3"),
];

/// A zone by its name, or by a rule of POSIX; `None` if it is neither.
pub(super) fn known(text: &str) -> Option<TimeZone> {
    let named = ZONES.iter().find(|(name, _)| name.eq_ignore_ascii_case(text)).map(|(_, rule)| *rule);
    TimeZone::posix(named.unwrap_or(text)).ok()
}

/// A zone as it stands in a plan.
pub(super) fn zone(checker: &mut Checker<'_>, at: &Path, text: &str) -> Option<TimeZone> {
    let zone = known(text);
    if zone.is_none() {
        let names = ZONES.map(|(name, _)| name);
        let near = nearest(text, &names);
        let known = if near.is_empty() { format!("known are {}", one_of(&names)) } else { near };
        let help = format!("{known}; any other as a rule such as \"CET-1CEST,M3.5.0,M10.5.0/3\"");
        checker.error(at, format!("no time zone \"{text}\" is known"), help);
    }
    zone
}

/// The clocks of a zone as it stands in a plan; `None` without a zone, and for UTC.
pub(super) fn clock(checker: &mut Checker<'_>, at: &Path, text: Option<&String>) -> Option<Arc<Clock>> {
    let text = text?;
    clock_of(text, &zone(checker, at, text)?)
}

fn clock_of(text: &str, zone: &TimeZone) -> Option<Arc<Clock>> {
    let ahead = |at: Timestamp| i64::from(zone.to_offset(at).seconds());
    let first = |year: i16| Timestamp::from_second(SimTime::from_date(year, 1, 1)?.seconds()).ok();
    let (from, to) = (first(YEAR_MIN)?, first(LAST_YEAR + 1)?);
    let changes = zone.following(from).map(|change| change.timestamp()).take_while(|at| *at < to);
    let changes = changes.map(|at| (SimTime::from_seconds(at.as_second()), ahead(at))).collect();
    let clock = Clock::new(&place(text), ahead(from), changes);
    let is_utc = clock == Clock::new(clock.name(), 0, Vec::new());
    (!is_utc).then(|| Arc::new(clock))
}

/// Openings by the clocks of a place, where there are any.
pub(super) fn by_clock(openings: Openings, clock: Option<&Arc<Clock>>) -> Openings {
    match clock {
        Some(clock) => openings.by_clock(clock.clone()),
        None => openings,
    }
}

/// Refuses freezes of local days that name an instant.
pub(super) fn whole_days(checker: &mut Checker<'_>, at: &Path, freezes: &[DateRangeWire]) {
    for (index, freeze) in freezes.iter().enumerate() {
        for (field, text) in [("from", &freeze.from), ("to", &freeze.to)] {
            if text.len() > "2026-12-19".len() {
                let message =
                    format!("\"{text}\" is an instant; freezes of a crew with a zone are of whole local days");
                checker.error(&at.index(index).field(field), message, "write a date such as \"2026-12-19\"");
            }
        }
    }
}

/// The clocks by which dates are told beside UTC: the plan's, or those of its crews where they are all the same, or the desk's where
/// no crew has any.
pub(super) fn told(of_plan: Option<Arc<Clock>>, crews: &PerCrew<Crew>, desk: Option<&DeskWire>) -> Option<Arc<Clock>> {
    let mut all: Vec<Option<&Arc<Clock>>> = crews.iter().map(|crew| crew.openings.clock()).collect();
    all.dedup();
    match (of_plan, all.as_slice()) {
        (Some(clock), _) => Some(clock),
        (None, [one]) => one.cloned().or_else(|| clock_of(&desk?.zone, &known(&desk?.zone)?)),
        (None, _) => None,
    }
}

/// `Berlin` of `Europe/Berlin`; a rule has no place of its own.
fn place(text: &str) -> String {
    let named = ZONES.iter().map(|(name, _)| *name).find(|name| name.eq_ignore_ascii_case(text));
    let city = named.map_or("local", |name| name.rsplit('/').next().unwrap_or(name));
    city.replace('_', " ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::SourceFile;
    use crate::tree::read_file;

    fn clock_of(text: &str) -> (Option<Arc<Clock>>, usize) {
        let file = Arc::new(SourceFile { path: "a.ron".to_owned(), text: "()".to_owned() });
        #[derive(serde::Deserialize)]
        struct Nothing {}
        let read = read_file::<Nothing>(&file, "");
        let tree = read.tree.unwrap();
        let mut checker = Checker::new(&tree, "", &read.dropped);
        let found = clock(&mut checker, &Path::default(), Some(&text.to_owned()));
        (found, checker.problems.into_list().len())
    }

    #[test]
    fn clocks_change_as_the_rules_of_their_zone_say() {
        let shown = |zone: &str, at: &str| clock_of(zone).0.unwrap().shown(at.parse().unwrap()).to_string();
        assert_eq!(shown("Europe/Berlin", "2027-03-28T00:59:59Z"), "2027-03-28T01:59:59Z");
        assert_eq!(shown("europe/berlin", "2027-03-28T01:00:00Z"), "2027-03-28T03:00:00Z");
        assert_eq!(shown("America/New_York", "2026-11-01T05:59:59Z"), "2026-11-01T01:59:59Z");
        assert_eq!(shown("America/New_York", "2026-11-01T06:00:00Z"), "2026-11-01T01:00:00Z");
        assert_eq!(shown("Australia/Sydney", "2027-01-01T00:00:00Z"), "2027-01-01T11:00:00Z");
        assert_eq!(shown("CET-1CEST,M3.5.0,M10.5.0/3", "2027-07-01T00:00:00Z"), "2027-07-01T02:00:00Z");
        let names = ["America/New_York", "IST-5:30"].map(|zone| clock_of(zone).0.unwrap().name().to_owned());
        assert_eq!(names, ["New York", "local"]);
        assert_eq!((clock_of("UTC"), clock_of("Mars/Olympus").1), ((None, 0), 1));
    }

    fn composed(zones: &str, crews: &str) -> (Option<brownout_planner::Project>, Vec<String>) {
        let file = |path: &str, text: &str| Arc::new(SourceFile { path: path.to_owned(), text: text.to_owned() });
        let fleet = file(
            "f.csv",
            "server,build,messages_per_day,first_detected,work_likely,window\na,15.1.2507.57,1,2026-10-01,1,night\n",
        );
        let plan = format!(
            r#"(version: 1, as_of: "2026-11-21", horizon: "2027-06-01", policy: "microsoft-2023", fleet: "f.csv", {zones}
            windows: {{"night": [(day: "Tue", from: "01:00", hours: 4)]}}, crews: [{crews}])"#
        );
        let mut reader = |_: &str| Ok(fleet.clone());
        let (project, problems) = crate::plan::compose("p", &file("p.ron", &plan), &mut reader, &Default::default());
        (project, problems.iter().map(crate::problem::Problem::line).collect())
    }

    #[test]
    fn windows_go_by_the_zone_of_their_crew_else_by_that_of_the_plan() {
        let window = r#"windows: [(day: "Sat", from: "22:00", hours: 6)]"#;
        let crews = format!(
            r#"(name: "a", {window}), (name: "b", zone: "Asia/Tokyo", {window}), (name: "c", zone: "UTC", {window})"#
        );
        let (project, problems) = composed(r#"zone: "Europe/Berlin","#, &crews);
        let project = project.unwrap_or_else(|| panic!("{problems:?}"));
        let from: SimTime = "2027-03-29".parse().unwrap();
        let first = |openings: &Openings| openings.next(from, 0).to_string();
        let of_crews: Vec<String> = project.crews.iter().map(|crew| first(&crew.openings)).collect();
        assert_eq!(of_crews, ["2027-04-03T20:00:00Z", "2027-04-03T13:00:00Z", "2027-04-03T22:00:00Z"]);
        assert_eq!(
            first(project.servers.raw[0].windows.as_ref().unwrap()),
            "2027-03-29T23:00:00Z",
            "a Tuesday in Berlin"
        );
        assert_eq!(project.clock.clone().unwrap().name(), "Berlin");
    }

    #[test]
    fn dates_are_told_by_the_only_zone_there_is() {
        let told = |zones: &str, crews: &str| {
            composed(zones, crews).0.unwrap().clock.clone().map(|clock| clock.name().to_owned())
        };
        let desk = r#"pauses: (desk: (hours: "08:00-17:00", zone: "Europe/Vienna")),"#;
        assert_eq!(told("", r#"(name: "a", zone: "Asia/Tokyo")"#).as_deref(), Some("Tokyo"));
        assert_eq!(told("", r#"(name: "a", zone: "Asia/Tokyo"), (name: "b")"#), None);
        assert_eq!(told(desk, r#"(name: "a")"#).as_deref(), Some("Vienna"));
        assert_eq!(told("", r#"(name: "a")"#), None);
    }

    #[test]
    fn unknown_zones_and_freezes_that_name_instants_are_refused() {
        let (none, problems) = composed(r#"zone: "Europe/Berln","#, r#"(name: "a")"#);
        assert!(
            none.is_none() && problems.iter().any(|line| line.contains("no time zone \"Europe/Berln\"")),
            "{problems:?}"
        );
        let freeze = r#"freezes: [(from: "2026-12-19T12:00:00Z", to: "2027-01-04")]"#;
        let (none, problems) = composed("", &format!(r#"(name: "a", zone: "Europe/Berlin", {freeze})"#));
        assert!(none.is_none() && problems[0].contains("whole local days"), "{problems:?}");
        assert!(composed("", &format!(r#"(name: "a", {freeze})"#)).0.is_some());
    }
}
