//! What is to be done in the first days of a plan, day by day: commands to run, work that begins, cut-overs.

use super::commands::command;
use super::words::{self, counted, local};
use super::{PlanRow, PlannedPause, Story};
use brownout_kernel::time::{Day, SimTime};
use brownout_planner::project::Work;

/// Days that are listed.
pub(super) const DAYS: i32 = 7;

/// Something to be done.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    /// On which day, UTC, and at which instant of it.
    pub(super) at: SimTime,
    /// Its tenant, or tenants where each runs the same command; empty in a plan of one.
    pub(super) tenant: String,
    /// Who does it: a crew, or whoever runs the command of a pause.
    pub(super) who: String,
    /// What it is.
    pub(super) what: String,
    /// The command to run, if it is one.
    pub(super) command: Option<String>,
}

/// What is to be done in the first days, and the first thing after them.
pub(super) struct Agenda {
    /// First day after those that are listed.
    pub(super) to: Day,
    /// In order of time.
    pub(super) entries: Vec<Entry>,
    /// What comes next.
    pub(super) next: Option<Entry>,
}

/// The agenda of a plan, of one tenant or several.
pub(super) fn agenda(stories: &[Story<'_>]) -> Agenda {
    let as_of = stories.first().map_or(Day::from_number(0), |story| story.project().as_of);
    let to = Day::from_number(as_of.number() + DAYS);
    let mut all: Vec<Entry> = stories.iter().flat_map(of_story).filter(|entry| entry.at >= as_of.start()).collect();
    all.sort();
    let all = together(all);
    let first = all.partition_point(|entry| entry.at < to.start());
    let next = all.get(first).cloned();
    Agenda { to, entries: all.into_iter().take(first).collect(), next }
}

/// The same commands of several tenants at one time as one entry.
fn together(sorted: Vec<Entry>) -> Vec<Entry> {
    let mut all: Vec<Entry> = Vec::new();
    for entry in sorted {
        let same = |known: &&mut Entry| known.command.is_some() && (known.at, &known.what) == (entry.at, &entry.what);
        match all.iter_mut().find(same) {
            Some(known) => known.tenant = format!("{}, {}", known.tenant, entry.tenant),
            None => all.push(entry),
        }
    }
    all
}

fn of_story(story: &Story<'_>) -> Vec<Entry> {
    let pauses = story.pauses.iter().map(|pause| of_pause(story, pause));
    pauses.chain(story.open().flat_map(|row| of_server(story, row))).collect()
}

fn of_pause(story: &Story<'_>, pause: &PlannedPause) -> Entry {
    let days = counted(pause.days as usize, "day");
    let what = match pause.is_conditional() {
        true => format!("only if {} not done: ask for a pause of {days}", words::only_if(pause)),
        false => format!("ask for a pause of {days}"),
    };
    Entry {
        at: pause.at,
        tenant: tenant(story),
        who: "whoever runs the command".to_owned(),
        what: format!("{what}, at {}", local::hours(pause.at, story.clock())),
        command: Some(command(pause)),
    }
}

/// The beginning of work on a server, where that is another day, and its cut-over.
fn of_server<'a>(story: &Story<'a>, row: &PlanRow<'a>) -> Vec<Entry> {
    let name = &row.server.name;
    let entry = |at: SimTime, what: String| Entry {
        at,
        tenant: tenant(story),
        who: story.crew(row).to_owned(),
        what,
        command: None,
    };
    let waits = matches!(row.server.work, Work::Lead(_));
    let by = story.clock_of(row);
    let begun = row.start.filter(|&start| start < row.at.day() && !waits && row.server.in_hand.is_none());
    let begin = begun.map(|start| {
        entry(
            start.start(),
            format!("begin with {name}, for its cut-over on {}", words::weekday_date(local::day(row.at, by))),
        )
    });
    let cut_over =
        entry(row.at, format!("cut {name} over ({}) at {}", words::route(row.server), local::hours(row.at, by)));
    begin.into_iter().chain([cut_over]).collect()
}

fn tenant(story: &Story<'_>) -> String {
    story.project().tenant.clone().unwrap_or_default()
}
