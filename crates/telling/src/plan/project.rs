//! `project.xml`: the plan for programs that keep projects. Servers with their work and cut-overs, crews with their calendars, pauses.

use std::collections::BTreeSet;

use super::calendar::{about, pause_lines};
use super::mspdi::{Calendar, Document, Resource, Task, TaskKind, WEEKDAYS, WORKDAY};
use super::words::{self, counted, only_if};
use super::{PlanRow, Story, why};
use brownout_chart::value;
use brownout_kernel::time::{DAY_SECONDS, Day, SimDuration, SimTime};
use brownout_planner::chance::outcome::Danger;
use brownout_planner::project::{self, Crew};
use brownout_text::weekdays;

/// The project of a plan.
pub(super) fn project(story: &Story<'_>) -> Vec<u8> {
    document(story).bytes()
}

fn document(story: &Story<'_>) -> Document {
    let project = story.project();
    let named = |name: &str, hours: (i64, i64), works: [bool; 7]| Calendar {
        name: name.to_owned(),
        works,
        hours,
        holidays: Vec::new(),
    };
    // The second is the one of `mspdi::ANY_TIME`.
    let mut calendars = vec![named("Standard", WORKDAY, WEEKDAYS), named("Any time", (0, DAY_SECONDS), [true; 7])];
    let mut resources = Vec::new();
    for crew in &project.crews {
        resources.push(resource(story, crew, calendars.len()));
        let holidays = crew.holidays.clone();
        calendars.push(Calendar { name: crew.name.clone(), works: crew.works, hours: WORKDAY, holidays });
    }
    Document {
        title: format!("Upgrade plan {}", project.name),
        subject: project.question.clone(),
        status: project.as_of.start(),
        calendars,
        tasks: tasks(story),
        resources,
    }
}

fn resource(story: &Story<'_>, crew: &Crew, calendar: usize) -> Resource {
    let project = story.project();
    let windows = crew.openings.windows().iter().map(|window| {
        let opens = words::clock(SimTime::from_seconds(window.opens()));
        let place = crew.openings.clock().map_or("UTC", |clock| clock.name());
        format!(
            "{} {opens} {place}, {} hours",
            weekdays::NAMES[window.weekday()],
            value(window.seconds() as f64 / 3600.0, "")
        )
    });
    let mut lines: Vec<String> = windows.map(|window| format!("Maintenance window: {window}")).collect();
    lines.extend(crew.extra.iter().map(|&at| format!("Single opening: {}", words::moment(at))));
    let within =
        |stretch: &&(SimTime, SimTime)| stretch.0 < project.horizon.start() && stretch.1 > project.as_of.start();
    let freezes = crew.openings.freezes().iter().flat_map(|freeze| freeze.stretches().iter().filter(within));
    lines.extend(
        freezes.map(|(from, to)| format!("No cut-over from {} until {}", words::moment(*from), words::moment(*to))),
    );
    Resource { name: crew.name.clone(), units: crew.jobs, calendar, notes: lines.join("\n") }
}

/// What the plan rests on, every server, and every pause.
fn tasks(story: &Story<'_>) -> Vec<Task> {
    let mut tasks =
        vec![instant(&format!("{}.", words::finding(story)), story.project().as_of.start(), plan_notes(story))];
    // Of each row the tasks of its first work and of its cut-over.
    let mut places = Vec::new();
    for row in &story.rows {
        let first = tasks.len();
        tasks.extend(server(story, row));
        // The summary is the first of several.
        places.push((first + usize::from(tasks.len() > first + 1), tasks.len().saturating_sub(1)));
    }
    link(story, &mut tasks, &places);
    tasks.extend(story.pauses.iter().map(|pause| {
        let days = counted(pause.days as usize, "day");
        let name = match pause.is_conditional() {
            true => format!("Only if {} not done: pause enforcement for {days}", only_if(pause)),
            false => format!("Pause enforcement for {days}"),
        };
        let notes = pause_lines(story, pause).join("\n");
        Task { kind: TaskKind::Elapsed, to: pause.ends, ..instant(&name, pause.at, notes) }
    }));
    tasks
}

fn instant(name: &str, at: SimTime, notes: String) -> Task {
    let (name, after) = (name.to_owned(), Vec::new());
    Task { name, level: 1, kind: TaskKind::Milestone, from: at, to: at, deadline: None, notes, after, resource: None }
}

/// What holds for the whole plan, and how its dates are meant.
fn plan_notes(story: &Story<'_>) -> String {
    let mut lines = vec![
        "All dates of tasks are UTC. A deadline is the instant from which mail of a server is lost if it is not done.".to_owned(),
        "Working days are written as 08:00 to 16:00; the plan counts whole days (assumed). A cut-over is the instant at which its \
         maintenance window opens."
            .to_owned(),
        words::quality(story),
    ];
    lines.extend(words::doubts(story));
    lines.extend(words::left_out(story));
    lines.join("\n")
}

/// The tasks of a server: a summary with its work and its cut-over, or what it was if it is done.
fn server<'a>(story: &Story<'a>, row: &PlanRow<'a>) -> Vec<Task> {
    let name = &row.server.name;
    if row.done {
        let word = if row.server.assessment.complies { "complies" } else { "done" };
        let known = (row.at != SimTime::NEVER).then_some(row.at);
        let done =
            known.map(|at| Task { kind: TaskKind::Done, ..instant(&format!("{name}: {word}"), at, about(story, row)) });
        return done.into_iter().collect();
    }
    let because = why::in_order(story).into_iter().find(|why| story.findings.server(why.job).name == *name);
    let notes = [Some(about(story, row)), because.map(|found| format!("Why this date: {}", why::rule(found)))];
    let notes = notes.into_iter().flatten().collect::<Vec<_>>().join("\n");
    let work = work(story, row);
    let lost = row.meets(Danger::Blocking).filter(|&at| at > story.project().as_of.start());
    let cut_over = Task {
        level: 2,
        deadline: lost,
        resource: row.crew.map(usize::from),
        ..instant(&format!("Cut-over of {name}"), row.at, words::route(row.server))
    };
    let from = work.as_ref().map_or(row.at, |work| work.from);
    let summary = Task { kind: TaskKind::Summary, to: row.at, ..instant(name, from, notes) };
    [Some(summary), work, Some(cut_over)].into_iter().flatten().collect()
}

/// The working days of a crew before a cut-over, or the days of waiting; `None` if there are none.
fn work<'a>(story: &Story<'a>, row: &PlanRow<'a>) -> Option<Task> {
    let (start, last) = (row.start?, row.at.day());
    let name = &row.server.name;
    if let project::Work::Lead(_) = row.server.work {
        let task = instant(&format!("Waiting for {name}"), start.start(), String::new());
        return (start < last).then_some(Task { level: 2, kind: TaskKind::Elapsed, to: row.at, ..task });
    }
    let crew = &story.project().crews[row.crew?];
    let none_needed = row.server.work.days(story.project().risk.plan_quantile, 1.0) == 0;
    // The day of the cut-over is one of work only if its working hours are over by then.
    let ends = if row.at.second_of_day() >= project::WORKDAY_ENDS { last.number() + 1 } else { last.number() };
    let days: Vec<Day> = (start.number()..ends).map(Day::from_number).filter(|&day| crew.works_on(day)).collect();
    let at = |day: &Day, second: i64| day.start() + SimDuration::from_seconds(second);
    let (from, to) = (at(days.first()?, WORKDAY.0), at(days.last()?, WORKDAY.1));
    let notes = format!("{} of {}", counted(days.len(), "working day"), crew.name);
    let task = instant(&format!("Work on {name}"), from, notes);
    let kind = TaskKind::Work(days.len() as u32);
    (!none_needed).then_some(Task { level: 2, kind, to, resource: row.crew.map(usize::from), ..task })
}

/// What must be done before what: the work of a server before its cut-over, those it depends on before its work, and the earlier
/// waves before each wave.
///
/// - `places`: of each row the places of its first task below the summary, and of its last.
fn link(story: &Story<'_>, tasks: &mut Vec<Task>, places: &[(usize, usize)]) {
    let rows: Vec<(&PlanRow<'_>, (usize, usize))> = story.rows.iter().zip(places.iter().copied()).collect();
    let open = || rows.iter().filter(|(row, _)| !row.done);
    let servers = &story.project().servers;
    let mut gates: Vec<(u32, Task)> = Vec::new();
    let waves: BTreeSet<u32> = open().filter_map(|(row, _)| row.server.wave).collect();
    for &wave in &waves {
        let earlier: Vec<_> = open().filter(|(row, _)| row.server.wave.is_some_and(|other| other < wave)).collect();
        let Some(at) = earlier.iter().map(|(row, _)| row.at).max() else { continue };
        let after = earlier.iter().map(|(_, place)| place.1).collect();
        let task = instant(&format!("All waves before wave {wave} are done"), at, String::new());
        gates.push((wave, Task { kind: TaskKind::Gate, after, ..task }));
    }
    for (row, (first, last)) in open() {
        if first != last {
            tasks[*last].after.push(*first);
        }
        // Work in hand has begun, whatever it was to wait for.
        if row.server.in_hand.is_some() {
            continue;
        }
        let needed: Vec<&str> = row.server.depends_on.iter().map(|&other| servers[other].name.as_str()).collect();
        let before = open().filter(|(other, _)| needed.contains(&other.server.name.as_str())).map(|(_, place)| place.1);
        tasks[*first].after.extend(before);
        let gate = gates.iter().position(|(wave, _)| Some(*wave) == row.server.wave);
        let gate = gate.map(|gate| tasks.len() + gate);
        tasks[*first].after.extend(gate);
    }
    tasks.extend(gates.into_iter().map(|(_, task)| task));
}

#[cfg(test)]
mod tests;
