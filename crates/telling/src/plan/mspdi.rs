//! Projects in the form of MSPDI, the XML that Microsoft Project, ProjectLibre and GanttProject open.
//!
//! Elements stand in the sequence of the schema (mspdi_pj12.xsd, Microsoft Office Project 2007), which later programs read as well.
//! Dates of the format carry no time zone: what is written is the clock that the caller chooses. A task is held to its date by a
//! constraint, and its calendar allows that date, so that a program that schedules anew finds the same dates.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use brownout_kernel::time::{DAY_SECONDS, Day, SimDuration, SimTime};

/// Longest name in characters, by the schema.
const NAME_MAX: usize = 512;
/// Minutes of a working day.
const DAY_MINUTES: i64 = (WORKDAY.1 - WORKDAY.0) / 60;
/// Seconds of the day between which calendars with working days have work.
pub(super) const WORKDAY: (i64, i64) = (8 * 3600, 16 * 3600);
/// Weekdays of the project's calendar, Monday first.
pub(super) const WEEKDAYS: [bool; 7] = [true, true, true, true, true, false, false];
/// Index of the calendar of which every instant is working time.
pub(super) const ANY_TIME: usize = 1;

/// A project.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Document {
    /// Its title.
    pub(super) title: String,
    /// What is asked.
    pub(super) subject: String,
    /// The day up to which everything has happened.
    pub(super) status: SimTime,
    /// Base calendars: the project's, the one of [`ANY_TIME`], then those of resources.
    pub(super) calendars: Vec<Calendar>,
    /// The tasks in their order.
    pub(super) tasks: Vec<Task>,
    /// Who works.
    pub(super) resources: Vec<Resource>,
}

/// Working time.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Calendar {
    /// Its name.
    pub(super) name: String,
    /// Weekdays of work, Monday first.
    pub(super) works: [bool; 7],
    /// Seconds of the day between which there is work, at most [`DAY_SECONDS`].
    pub(super) hours: (i64, i64),
    /// Days without work.
    pub(super) holidays: Vec<Day>,
}

/// People who share a calendar.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Resource {
    /// Their name.
    pub(super) name: String,
    /// Tasks they can have in hand at one time.
    pub(super) units: u32,
    /// Index of their base calendar.
    pub(super) calendar: usize,
    /// What else is known of them.
    pub(super) notes: String,
}

/// What a task is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TaskKind {
    /// Holds the tasks of a higher level after it.
    Summary,
    /// Whole working days of its resource, so many.
    Work(u32),
    /// Goes on day and night from its begin to its end.
    Elapsed,
    /// An instant that is kept.
    Milestone,
    /// An instant that has been.
    Done,
    /// An instant that follows from those before.
    Gate,
}

/// A task.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Task {
    /// Its name.
    pub(super) name: String,
    /// Level in the outline, 1 or 2.
    pub(super) level: u32,
    /// What it is.
    pub(super) kind: TaskKind,
    /// First instant.
    pub(super) from: SimTime,
    /// First instant after it, or the same for what is an instant.
    pub(super) to: SimTime,
    /// When something begins to go wrong if it is not done.
    pub(super) deadline: Option<SimTime>,
    /// What must be known for it; may have several lines.
    pub(super) notes: String,
    /// Indices of the tasks that must be done before.
    pub(super) after: Vec<usize>,
    /// Index of the resource that does it.
    pub(super) resource: Option<usize>,
}

/// An element: its name and what is in it.
enum Node {
    Text(&'static str, String),
    Group(&'static str, Vec<Node>),
}

impl Document {
    /// The file.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut writer = Writer::new_with_indent(Vec::new(), b' ', 1);
        // Writing to memory does not fail.
        let written = writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), Some("yes"))));
        let written = written.and_then(|()| {
            let root =
                writer.create_element("Project").with_attribute(("xmlns", "http://schemas.microsoft.com/project"));
            root.write_inner_content(|writer| self.nodes().iter().try_for_each(|node| node.write(writer)))?;
            Ok(())
        });
        let mut bytes = written.map(|()| writer.into_inner()).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }

    fn nodes(&self) -> Vec<Node> {
        let starts = self.tasks.iter().map(|task| task.from).chain([self.status]).min().unwrap_or(self.status);
        let ends = self.tasks.iter().map(|task| task.to).chain([self.status]).max().unwrap_or(self.status);
        let number = |name, value: i64| text(name, value.to_string());
        let mut nodes = vec![
            number("SaveVersion", 12),
            text("Name", name(&self.title)),
            text("Title", name(&self.title)),
            text("Subject", name(&self.subject)),
            flag("ScheduleFromStart", true),
            text("StartDate", stamp(starts)),
            text("FinishDate", stamp(ends)),
            number("CalendarUID", 1),
            text("DefaultStartTime", clock(WORKDAY.0)),
            text("DefaultFinishTime", clock(WORKDAY.1)),
            number("MinutesPerDay", DAY_MINUTES),
            number("MinutesPerWeek", 5 * DAY_MINUTES),
            number("DaysPerMonth", 20),
            number("DefaultTaskType", 1),
            number("DurationFormat", 7),
            flag("HonorConstraints", true),
            flag("NewTasksEffortDriven", false),
            number("WeekStartDay", 1),
            text("StatusDate", stamp(self.status)),
            text("CurrentDate", stamp(self.status)),
        ];
        let calendars = self.calendars.iter().enumerate().map(|(index, calendar)| calendar.node(index));
        let of_resources = self.resources.iter().enumerate().map(|(index, resource)| resource.calendar(self, index));
        nodes.push(Node::Group("Calendars", calendars.chain(of_resources).collect()));
        nodes.push(Node::Group("Tasks", (0..self.tasks.len()).map(|index| self.task(index)).collect()));
        let resources = self.resources.iter().enumerate().map(|(index, resource)| resource.node(self, index));
        nodes.push(Node::Group("Resources", resources.collect()));
        nodes.push(Node::Group("Assignments", self.assignments()));
        nodes
    }

    /// A task; what is an instant, or goes on day and night, has the calendar of which every instant is working time.
    fn task(&self, index: usize) -> Node {
        let task = &self.tasks[index];
        let instant = matches!(task.kind, TaskKind::Milestone | TaskKind::Done | TaskKind::Gate);
        let done = task.kind == TaskKind::Done;
        let mut nodes = vec![
            uid("UID", index),
            uid("ID", index),
            text("Name", name(&task.name)),
            text("Type", "1"),
            flag("IsNull", false),
            text("OutlineNumber", self.outline_number(index)),
            text("OutlineLevel", task.level.to_string()),
            text("Start", stamp(task.from)),
            text("Finish", stamp(task.to)),
            text("Duration", duration(task.seconds())),
            // Days, elapsed days.
            text("DurationFormat", if task.kind == TaskKind::Elapsed { "8" } else { "7" }),
            flag("EffortDriven", false),
            flag("Estimated", false),
            flag("Milestone", instant),
            flag("Summary", task.kind == TaskKind::Summary),
            text("PercentComplete", if done { "100" } else { "0" }),
        ];
        if done {
            nodes.extend([text("ActualStart", stamp(task.from)), text("ActualFinish", stamp(task.to))]);
        }
        nodes.extend([text("ActualDuration", duration(0)), text("RemainingDuration", duration(task.seconds()))]);
        // As soon as possible, or "must start on".
        let held = !matches!(task.kind, TaskKind::Summary | TaskKind::Gate);
        nodes.push(text("ConstraintType", if held { "2" } else { "0" }));
        let any_time = instant || task.kind == TaskKind::Elapsed;
        // Programs differ in whether the calendar of a resource moves a task of fixed duration: work has it as its own as well.
        let of_crew = || task.resource.map(|resource| self.resources[resource].calendar);
        let calendar = if any_time { Some(ANY_TIME) } else { of_crew() };
        nodes.extend(calendar.map(|calendar| uid("CalendarUID", calendar)));
        nodes.extend(held.then(|| text("ConstraintDate", stamp(task.from))));
        nodes.extend(task.deadline.map(|at| text("Deadline", stamp(at))));
        nodes.push(flag("IgnoreResourceCalendar", any_time));
        nodes.push(text("Notes", &task.notes));
        // Finish to start, without a lag.
        let link = |&other: &usize| vec![uid("PredecessorUID", other), text("Type", "1"), text("LinkLag", "0")];
        nodes.extend(task.after.iter().map(|other| Node::Group("PredecessorLink", link(other))));
        Node::Group("Task", nodes)
    }

    /// `3` for the third task of level 1, `3.2` for the second of level 2 below it.
    fn outline_number(&self, index: usize) -> String {
        let above = &self.tasks[..=index];
        let first = above.iter().filter(|task| task.level == 1).count();
        match above.iter().rev().take_while(|task| task.level > 1).count() {
            0 => first.to_string(),
            second => format!("{first}.{second}"),
        }
    }

    fn assignments(&self) -> Vec<Node> {
        let assigned = self.tasks.iter().enumerate().filter_map(|(index, task)| Some((index, task, task.resource?)));
        let node = |(place, (index, task, resource)): (usize, (usize, &Task, usize))| {
            Node::Group(
                "Assignment",
                vec![
                    uid("UID", place),
                    uid("TaskUID", index),
                    uid("ResourceUID", resource),
                    text("ActualWork", duration(0)),
                    text("Finish", stamp(task.to)),
                    text("RemainingWork", duration(task.seconds())),
                    text("Start", stamp(task.from)),
                    text("Units", "1"),
                    text("Work", duration(task.seconds())),
                ],
            )
        };
        assigned.enumerate().map(node).collect()
    }
}

impl Task {
    /// Its working time: that of the project's calendar for a summary, all of its time for what goes on day and night.
    fn seconds(&self) -> i64 {
        match self.kind {
            TaskKind::Work(days) => i64::from(days) * DAY_MINUTES * 60,
            TaskKind::Summary => {
                let days = (self.from.day().number()..=self.to.day().number()).map(Day::from_number);
                let at = |day: Day, second: i64| day.start() + SimDuration::from_seconds(second);
                let within =
                    |day: Day| at(day, WORKDAY.1).min(self.to).since(at(day, WORKDAY.0).max(self.from)).seconds();
                days.filter(|day| WEEKDAYS[day.weekday()]).map(|day| within(day).max(0)).sum()
            }
            _ => self.to.since(self.from).seconds().max(0),
        }
    }
}

impl Calendar {
    fn node(&self, index: usize) -> Node {
        // Sunday is the first day of the format, and comes last here.
        let weekday = |place: usize| {
            let works = self.works[(place + 6) % 7];
            let mut nodes = vec![text("DayType", (place + 1).to_string()), flag("DayWorking", works)];
            nodes.extend(works.then(|| Node::Group("WorkingTimes", vec![self.working_time()])));
            Node::Group("WeekDay", nodes)
        };
        let mut nodes = vec![uid("UID", index), text("Name", name(&self.name)), flag("IsBaseCalendar", true)];
        nodes.push(text("BaseCalendarUID", "-1"));
        nodes.push(Node::Group("WeekDays", (0..7).map(weekday).collect()));
        let holidays: Vec<Node> = self.holidays.iter().map(|&day| day_off(day)).collect();
        nodes.extend((!holidays.is_empty()).then_some(Node::Group("Exceptions", holidays)));
        Node::Group("Calendar", nodes)
    }

    fn working_time(&self) -> Node {
        // The end of the day is written as its begin.
        let (from, to) = (clock(self.hours.0), clock(self.hours.1 % DAY_SECONDS));
        Node::Group("WorkingTime", vec![text("FromTime", from), text("ToTime", to)])
    }
}

fn day_off(day: Day) -> Node {
    let end = day.start() + SimDuration::from_seconds(DAY_SECONDS - 60);
    let period = vec![text("FromDate", stamp(day.start())), text("ToDate", stamp(end))];
    let nodes = vec![
        flag("EnteredByOccurrences", false),
        Node::Group("TimePeriod", period),
        text("Occurrences", "1"),
        text("Name", "Day off"),
        // Daily.
        text("Type", "1"),
        flag("DayWorking", false),
    ];
    Node::Group("Exception", nodes)
}

impl Resource {
    /// Its own calendar, which is its base calendar unless people change it.
    fn calendar(&self, document: &Document, index: usize) -> Node {
        let nodes = vec![
            uid("UID", document.calendars.len() + index),
            text("Name", name(&self.name)),
            flag("IsBaseCalendar", false),
            uid("BaseCalendarUID", self.calendar),
        ];
        Node::Group("Calendar", nodes)
    }

    fn node(&self, document: &Document, index: usize) -> Node {
        let nodes = vec![
            uid("UID", index),
            uid("ID", index),
            text("Name", name(&self.name)),
            // People, not material.
            text("Type", "1"),
            flag("IsNull", false),
            text("MaxUnits", self.units.to_string()),
            uid("CalendarUID", document.calendars.len() + index),
            text("Notes", &self.notes),
        ];
        Node::Group("Resource", nodes)
    }
}

impl Node {
    fn write(&self, writer: &mut Writer<Vec<u8>>) -> std::io::Result<()> {
        match self {
            Node::Text(name, value) => writer.create_element(*name).write_text_content(BytesText::new(value))?,
            Node::Group(name, nodes) => writer
                .create_element(*name)
                .write_inner_content(|writer| nodes.iter().try_for_each(|node| node.write(writer)))?,
        };
        Ok(())
    }
}

/// An element with a text; characters that XML 1.0 does not allow (section 2.2) are left out.
fn text(name: &'static str, value: impl Into<String>) -> Node {
    let allowed = |letter: &char| matches!(*letter, '\t' | '\n' | ' '..='\u{fffd}' | '\u{10000}'..);
    Node::Text(name, value.into().chars().filter(allowed).collect())
}

fn flag(name: &'static str, value: bool) -> Node {
    text(name, if value { "1" } else { "0" })
}

/// The number by which others name what stands at an index, from 1 on: 0 has a meaning of its own in the format.
fn uid(name: &'static str, index: usize) -> Node {
    text(name, (index + 1).to_string())
}

fn name(value: &str) -> String {
    value.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).take(NAME_MAX).collect()
}

/// `2026-12-24T08:00:00`.
fn stamp(at: SimTime) -> String {
    at.to_string().trim_end_matches('Z').to_owned()
}

/// `08:00:00`.
fn clock(second: i64) -> String {
    format!("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60)
}

/// `PT16H0M0S`.
fn duration(seconds: i64) -> String {
    format!("PT{}H{}M{}S", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

#[cfg(test)]
pub(super) mod tests;
