//! `plan.ics`: the plan in a calendar. Work, cut-overs, pause commands, and the days on which enforcement begins to bite.

use std::collections::BTreeMap;

use super::commands::{command, guarded};
use super::former::Former;
use super::ics::{Calendar, Event, When};
use super::words::{self, counted, only_if, some_names};
use super::{PlanRow, PlannedPause, Story};
use brownout_kernel::certainty::Certainty;
use brownout_kernel::time::{Day, SimDuration, SimTime};
use brownout_planner::chance::outcome::Danger;
use brownout_planner::project::Work;
use brownout_store::manifest::hash;

/// Kinds of events, as categories.
mod kinds {
    /// The crew's days before a cut-over.
    pub(super) const WORK: &str = "work";
    /// A cut-over in its maintenance window.
    pub(super) const CUT_OVER: &str = "cut-over";
    /// A pause command to be run.
    pub(super) const PAUSE: &str = "pause";
    /// A day on which throttling, blocking or the full block begins for some server.
    pub(super) const DEADLINE: &str = "deadline";
}

/// Length of a cut-over outside every window, and of one in a window without an end.
const CUT_OVER_HOURS: i64 = 4;
/// Servers that are named in a description.
const NAMED_MAX: usize = 40;

/// The calendar of a plan.
///
/// - `former`: the calendar that it replaces.
pub(super) fn calendar(story: &Story<'_>, former: Option<&Former>) -> Vec<u8> {
    let project = story.project();
    let mut calendar = of_events(&project.name, project.as_of, events(story));
    former.into_iter().for_each(|former| former.replace_by(&mut calendar));
    calendar.bytes()
}

/// The calendar of several tenants' plans, each entry with the name of its tenant.
///
/// - `name`: of the whole plan.
/// - `former`: the calendar that it replaces.
pub(super) fn together(stories: &[Story<'_>], name: &str, former: Option<&Former>) -> Vec<u8> {
    let Some(first) = stories.first() else { return Vec::new() };
    let of_tenant = |story: &Story<'_>| {
        let tenant = story.project().tenant.clone().unwrap_or_default();
        events(story).into_iter().map(move |event| Event { summary: format!("{tenant}: {}", event.summary), ..event })
    };
    let all = stories.iter().flat_map(of_tenant).collect();
    let mut calendar = of_events(name, first.project().as_of, all);
    former.into_iter().for_each(|former| former.replace_by(&mut calendar));
    calendar.bytes()
}

/// A plan as of a later day replaces the events of an earlier one.
fn of_events(name: &str, as_of: Day, events: Vec<Event>) -> Calendar {
    let sequence = i64::from(as_of.number()).max(0);
    Calendar { name: format!("Upgrade plan {name}"), stamp: as_of.start(), sequence, events, cancelled: Vec::new() }
}

fn events(story: &Story<'_>) -> Vec<Event> {
    let mut events: Vec<Event> = Vec::new();
    for row in story.open() {
        events.extend(work(story, row));
        events.push(cut_over(story, row));
    }
    events.extend(story.pauses.iter().map(|pause| pause_command(story, pause)));
    events.extend(deadlines(story));
    events
}

/// A name that stays the same from plan to plan.
fn uid(story: &Story<'_>, kind: &str, key: &str) -> String {
    let whole = hash(format!("{}\n{kind}\n{key}", story.project().name).as_bytes());
    format!("{}@brownout", &whole[..32])
}

fn work<'a>(story: &Story<'a>, row: &PlanRow<'a>) -> Option<Event> {
    let (start, last) = (row.start?, row.at.day());
    let waits = matches!(row.server.work, Work::Lead(_));
    let what = if waits { "Waiting for" } else { "Work on" };
    (start < last).then(|| Event {
        uid: uid(story, kinds::WORK, &row.server.name),
        when: When::Days(start, last),
        summary: format!("{what} {} ({})", row.server.name, story.crew(row)),
        description: about(story, row),
        category: kinds::WORK,
        alarm: false,
    })
}

fn cut_over<'a>(story: &Story<'a>, row: &PlanRow<'a>) -> Event {
    Event {
        uid: uid(story, kinds::CUT_OVER, &row.server.name),
        when: When::Instants(row.at, window_end(story, row)),
        summary: format!("Cut-over of {}: {} ({})", row.server.name, words::route(row.server), story.crew(row)),
        description: about(story, row),
        category: kinds::CUT_OVER,
        alarm: false,
    }
}

/// The end of the maintenance window; some hours later where the window has no end of its own.
fn window_end(story: &Story<'_>, row: &PlanRow<'_>) -> SimTime {
    let crew = row.crew.map(|crew| &story.project().crews[crew].openings);
    let openings = row.server.windows.as_ref().or(crew).filter(|openings| !openings.windows().is_empty());
    let closes = openings.map_or(row.at, |openings| openings.closes(row.at));
    if closes > row.at { closes } else { row.at + SimDuration::from_seconds(CUT_OVER_HOURS * 3600) }
}

/// What people on the job must know.
pub(super) fn about<'a>(story: &Story<'a>, row: &PlanRow<'a>) -> String {
    let server = row.server;
    let product = words::product(story.project(), server);
    let mut lines = vec![
        format!("{}, {product} build {}: {}", server.name, server.build, words::route(server)),
        format!("Crew: {}", story.crew(row)),
        format!("Cut-over planned: {}", words::local::moment_by(row.at, story.clock_of(row))),
    ];
    if let Some(chance) = row.chance {
        let level = words::percent(story.project().risk.level);
        lines.push(format!(
            "Done by {} with {level}; on the planned day or before: {}",
            words::date_or_never(chance.sure),
            words::percent(chance.on_time)
        ));
        if let Some((promised, commit)) = chance.commit.zip(story.project().risk.commit) {
            lines.push(format!("Promise: done by {} ({})", words::date_or_never(promised), words::percent(commit)));
        }
    }
    lines.push(format!("If it is late: {}", words::if_late(row, story.project().as_of.start(), story.clock_of(row))));
    let assessment = &server.assessment;
    if assessment.certainty != Certainty::Known && !assessment.words.is_empty() {
        lines.push(format!("First detection ({}): {}", assessment.certainty, assessment.words));
    }
    lines.join("\n")
}

/// How and when a pause is asked for, and what comes of it.
pub(super) fn pause_lines(story: &Story<'_>, pause: &PlannedPause) -> Vec<String> {
    let condition = match pause.is_conditional() {
        true => format!("ONLY IF NOT DONE: {}. With all of these done, run nothing.\n", pause.only_if.join(", ")),
        false => String::new(),
    };
    let mut lines = vec![
        format!(
            "{condition}Run this line in Exchange Online PowerShell today, once, as soon after {} as you can:\n{}",
            words::local::hours(pause.at, story.clock()),
            command(pause)
        ),
        format!("The same, safe on any other day:\n{}", guarded(pause)),
        format!("The pause ends {}; it cannot be ended before.", words::local::moment_by(pause.ends, story.clock())),
        format!("Pause days left in {} afterwards: {}", pause.at.year(), pause.left),
    ];
    lines.extend(words::doubts(story));
    if pause.joins {
        lines.push("It carries on the pause before: every calendar year pays for its own days.".to_owned());
    }
    lines
}

fn pause_command(story: &Story<'_>, pause: &PlannedPause) -> Event {
    let days = counted(pause.days as usize, "day");
    Event {
        uid: uid(story, kinds::PAUSE, &pause.at.day().to_string()),
        when: When::Instants(pause.at, pause.at + SimDuration::from_seconds(1800)),
        summary: match pause.is_conditional() {
            true => format!("Only if {} not done: pause enforcement for {days}", only_if(pause)),
            false => format!("Pause enforcement for {days}: run the command"),
        },
        description: pause_lines(story, pause).join("\n"),
        category: kinds::PAUSE,
        alarm: true,
    }
}

/// One event for every day of the plan on which something begins for servers that are not done today.
fn deadlines(story: &Story<'_>) -> Vec<Event> {
    let project = story.project();
    let mut days: BTreeMap<Day, [Vec<&PlanRow<'_>>; 3]> = BTreeMap::new();
    for row in story.open() {
        for danger in Danger::ALL {
            // What is in force already began before.
            let day = row.begins(danger, project.as_of.start()).map(SimTime::day);
            if let Some(day) = day.filter(|day| (project.as_of..=project.horizon).contains(day)) {
                days.entry(day).or_default()[danger as usize].push(row);
            }
        }
    }
    days.into_iter().map(|(day, met)| deadline(story, day, &met)).collect()
}

fn deadline(story: &Story<'_>, day: Day, met: &[Vec<&PlanRow<'_>>; 3]) -> Event {
    let what = |danger: Danger| {
        let rows = &met[danger as usize];
        (!rows.is_empty()).then(|| format!("{} of {}", danger.name(), counted(rows.len(), "server")))
    };
    let parts: Vec<String> = Danger::ALL.into_iter().filter_map(what).collect();
    let lines = Danger::ALL.into_iter().filter(|danger| !met[*danger as usize].is_empty()).map(|danger| {
        let rows = &met[danger as usize];
        let names: Vec<String> = rows.iter().map(|row| row.server.name.clone()).collect();
        let open: Vec<String> =
            rows.iter().filter(|row| row.suffers(danger)).map(|row| row.server.name.clone()).collect();
        format!(
            "{} begins at {} for {}. Still open then as planned: {}.",
            capital(danger.name()),
            rows.iter()
                .filter_map(|row| row.meets(danger))
                .min()
                .map_or_else(String::new, |at| words::local::hours(at, story.clock())),
            some_names(&names, NAMED_MAX),
            some_names(&open, NAMED_MAX),
        )
    });
    let lines = lines.chain(words::doubts(story));
    Event {
        uid: uid(story, kinds::DEADLINE, &day.to_string()),
        when: When::Days(day, day),
        summary: format!("Enforcement begins: {}", parts.join(", ")),
        description: lines.collect::<Vec<_>>().join("\n"),
        category: kinds::DEADLINE,
        alarm: false,
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
