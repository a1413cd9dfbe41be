//! The format: what a reader of XML finds, in the sequence of the schema.

use super::*;

use roxmltree::{Document as Read, Node as Element};

/// The sequence of elements in the schema (mspdi_pj12.xsd), of those that are written and of neighbours that a slip could reach.
const SEQUENCES: [(&str, &str); 9] = [
    (
        "Project",
        "SaveVersion UID Name Title Subject Category Company Manager Author CreationDate Revision LastSaved ScheduleFromStart \
         StartDate FinishDate FYStartDate CriticalSlackLimit CurrencyDigits CurrencySymbol CurrencyCode CurrencySymbolPosition \
         CalendarUID DefaultStartTime DefaultFinishTime MinutesPerDay MinutesPerWeek DaysPerMonth DefaultTaskType \
         DefaultFixedCostAccrual DefaultStandardRate DefaultOvertimeRate DurationFormat WorkFormat EditableActualCosts \
         HonorConstraints EarnedValueMethod InsertedProjectsLikeSummary MultipleCriticalPaths NewTasksEffortDriven NewTasksEstimated \
         SplitsInProgressTasks SpreadActualCost SpreadPercentComplete TaskUpdatesResource FiscalYearStart WeekStartDay \
         MoveCompletedEndsBack MoveRemainingStartsBack MoveRemainingStartsForward MoveCompletedEndsForward BaselineForEarnedValue \
         AutoAddNewResourcesAndTasks StatusDate CurrentDate OutlineCodes WBSMasks ExtendedAttributes Calendars Tasks Resources \
         Assignments",
    ),
    ("Calendar", "UID Name IsBaseCalendar BaseCalendarUID WeekDays Exceptions WorkWeeks"),
    ("WeekDay", "DayType DayWorking TimePeriod WorkingTimes"),
    ("WorkingTime", "FromTime ToTime"),
    ("Exception", "EnteredByOccurrences TimePeriod Occurrences Name Type Period DaysOfWeek DayWorking WorkingTimes"),
    (
        "Task",
        "UID ID Name Type IsNull CreateDate Contact WBS WBSLevel OutlineNumber OutlineLevel Priority Start Finish Duration DurationFormat \
         Work Stop Resume ResumeValid EffortDriven Recurring OverAllocated Estimated Milestone Summary Critical EarlyStart FixedCost \
         PercentComplete PercentWorkComplete Cost ActualStart ActualFinish ActualDuration RemainingDuration ConstraintType CalendarUID \
         ConstraintDate Deadline LevelAssignments LevelingCanSplit LevelingDelay Hyperlink IgnoreResourceCalendar Notes HideBar Rollup \
         PredecessorLink",
    ),
    ("PredecessorLink", "PredecessorUID Type CrossProject CrossProjectName LinkLag LagFormat"),
    ("Resource", "UID ID Name Type IsNull Initials MaxUnits PeakUnits OverAllocated CanLevel Work CalendarUID Notes"),
    (
        "Assignment",
        "UID TaskUID ResourceUID PercentWorkComplete ActualStart ActualWork Finish Milestone Notes RemainingWork Start Stop Units Work",
    ),
];

/// Panics unless the elements of a file stand in the sequence of the schema.
pub(crate) fn check_sequence(read: &Read<'_>) {
    let mut checked = 0;
    for element in read.descendants().filter(Element::is_element) {
        let Some((name, order)) = SEQUENCES.iter().find(|known| known.0 == element.tag_name().name()) else { continue };
        let order: Vec<&str> = order.split_whitespace().collect();
        let place = |child: Element<'_, '_>| {
            let known = order.iter().position(|known| *known == child.tag_name().name());
            known.unwrap_or_else(|| panic!("{} in {name}", child.tag_name().name()))
        };
        let places: Vec<usize> = element.children().filter(Element::is_element).map(place).collect();
        assert!(places.is_sorted(), "{name}: {:?}", places.iter().map(|&place| order[place]).collect::<Vec<_>>());
        // Only links come several times.
        assert!(places.windows(2).all(|two| two[0] < two[1] || order[two[0]] == "PredecessorLink"), "{name}");
        checked += 1;
    }
    assert!(checked > 9, "only {checked} elements were looked at");
}

/// The text of a child; panics if there is none.
pub(crate) fn get<'a>(element: Element<'a, '_>, name: &str) -> &'a str {
    find(element, name).unwrap_or_else(|| panic!("no {name} in {}", element.tag_name().name()))
}

/// The text of a child, if there is one.
pub(crate) fn find<'a>(element: Element<'a, '_>, name: &str) -> Option<&'a str> {
    let child = element.children().find(|child| child.has_tag_name((NAMESPACE, name)));
    child.map(|child| child.text().unwrap_or(""))
}

/// All elements of a name.
pub(crate) fn all<'a, 'i>(read: &'a Read<'i>, name: &'static str) -> Vec<Element<'a, 'i>> {
    read.descendants().filter(|element| element.has_tag_name((NAMESPACE, name))).collect()
}

pub(crate) const NAMESPACE: &str = "http://schemas.microsoft.com/project";

fn at(text: &str) -> SimTime {
    text.parse().unwrap()
}

fn task(kind: TaskKind, from: &str, to: &str) -> Task {
    Task {
        name: "t".to_owned(),
        level: 1,
        kind,
        from: at(from),
        to: at(to),
        deadline: None,
        notes: String::new(),
        after: Vec::new(),
        resource: None,
    }
}

fn sample(tasks: Vec<Task>) -> Document {
    let calendar = |name: &str, works, hours, holidays: &[&str]| Calendar {
        name: name.to_owned(),
        works,
        hours,
        holidays: holidays.iter().map(|day| at(day).day()).collect(),
    };
    Document {
        title: "x & y".to_owned(),
        subject: String::new(),
        status: at("2026-11-21"),
        calendars: vec![
            calendar("Standard", WEEKDAYS, WORKDAY, &[]),
            calendar("Any time", [true; 7], (0, DAY_SECONDS), &[]),
            calendar("east", [false, true, true, true, true, true, false], WORKDAY, &["2026-12-24"]),
        ],
        tasks,
        resources: vec![Resource { name: "east".to_owned(), units: 2, calendar: 2, notes: "n".to_owned() }],
    }
}

fn text_of(document: &Document) -> String {
    String::from_utf8(document.bytes()).unwrap()
}

#[test]
fn elements_stand_in_the_sequence_of_the_schema() {
    let done = task(TaskKind::Done, "2026-11-14", "2026-11-14");
    let work = Task { resource: Some(0), ..task(TaskKind::Work(3), "2026-11-24T08:00:00Z", "2026-11-26T16:00:00Z") };
    let cut_over = Task {
        deadline: Some(at("2027-01-01")),
        after: vec![0, 1],
        ..task(TaskKind::Milestone, "2026-11-28T20:00:00Z", "2026-11-28T20:00:00Z")
    };
    let text = text_of(&sample(vec![done, work, cut_over]));
    let read = Read::parse(&text).unwrap();
    check_sequence(&read);
    assert_eq!(all(&read, "Task").len(), 3);
    let [done, work, cut_over] = all(&read, "Task")[..] else { panic!("three tasks") };
    assert_eq!([get(done, "PercentComplete"), get(done, "ActualFinish")], ["100", "2026-11-14T00:00:00"]);
    assert_eq!([get(work, "Duration"), get(work, "DurationFormat")], ["PT24H0M0S", "7"]);
    assert_eq!(get(work, "CalendarUID"), "3", "work goes by the calendar of its crew");
    assert_eq!(
        [get(cut_over, "Duration"), get(cut_over, "Milestone"), get(cut_over, "CalendarUID")],
        ["PT0H0M0S", "1", "2"]
    );
    assert_eq!([get(cut_over, "ConstraintType"), get(cut_over, "ConstraintDate")], ["2", "2026-11-28T20:00:00"]);
    let before: Vec<&str> = all(&read, "PredecessorLink").into_iter().map(|link| get(link, "PredecessorUID")).collect();
    assert_eq!(before, ["1", "2"]);
}

#[test]
fn weeks_begin_on_sunday_and_days_end_at_midnight() {
    let text = text_of(&sample(vec![task(TaskKind::Elapsed, "2026-11-21", "2026-11-23")]));
    let read = Read::parse(&text).unwrap();
    let [standard, any_time, east, own] = all(&read, "Calendar")[..] else { panic!("four calendars") };
    let works = |calendar: Element<'_, '_>| -> String {
        let days = calendar.descendants().filter(|element| element.has_tag_name((NAMESPACE, "WeekDay")));
        days.map(|day| get(day, "DayWorking").to_owned()).collect()
    };
    assert_eq!([works(standard), works(any_time), works(east)], ["0111110", "1111111", "0011111"]);
    let end = any_time.descendants().find(|element| element.has_tag_name((NAMESPACE, "ToTime"))).unwrap();
    assert_eq!(end.text(), Some("00:00:00"));
    assert_eq!(
        [get(standard, "IsBaseCalendar"), get(own, "IsBaseCalendar"), get(own, "BaseCalendarUID"), get(own, "UID")],
        ["1", "0", "3", "4"]
    );
    let period = all(&read, "TimePeriod")[0];
    assert_eq!([get(period, "FromDate"), get(period, "ToDate")], ["2026-12-24T00:00:00", "2026-12-24T23:59:00"]);
    assert_eq!(
        [get(all(&read, "Task")[0], "Duration"), get(all(&read, "Task")[0], "DurationFormat")],
        ["PT48H0M0S", "8"]
    );
}

#[test]
fn a_summary_lasts_as_long_as_the_calendar_of_the_project_works() {
    // Thursday afternoon to Saturday night: half a day and a day.
    let summary = task(TaskKind::Summary, "2026-11-26T12:00:00Z", "2026-11-28T20:00:00Z");
    let inner = Task { level: 2, ..task(TaskKind::Milestone, "2026-11-28T20:00:00Z", "2026-11-28T20:00:00Z") };
    let text = text_of(&sample(vec![summary, inner.clone(), inner]));
    let read = Read::parse(&text).unwrap();
    assert_eq!(get(all(&read, "Task")[0], "Duration"), "PT12H0M0S");
    let numbers: Vec<&str> = all(&read, "Task").into_iter().map(|task| get(task, "OutlineNumber")).collect();
    assert_eq!(numbers, ["1", "1.1", "1.2"]);
}

#[test]
fn any_text_comes_back_but_for_what_xml_cannot_hold() {
    let hostile = "<a href='x'>&amp; \"]]>\u{0}\u{1b}[31m\u{fffe}\u{ffff} \u{e9}\u{1f600}\nsecond line";
    let task = Task {
        name: hostile.to_owned(),
        notes: hostile.to_owned(),
        ..task(TaskKind::Milestone, "2026-11-21", "2026-11-21")
    };
    let text = text_of(&sample(vec![task]));
    let read = Read::parse(&text).unwrap();
    let task = all(&read, "Task")[0];
    assert_eq!(get(task, "Notes"), "<a href='x'>&amp; \"]]>[31m \u{e9}\u{1f600}\nsecond line");
    assert_eq!(get(task, "Name"), "<a href='x'>&amp; \"]]>  [31m \u{e9}\u{1f600} second line");
    assert_eq!(get(read.root_element(), "Title"), "x & y");
    let long = name(&"\u{e9}".repeat(600));
    assert_eq!(long.chars().count(), 512);
}
