//! The table of all servers, in order of their cut-overs.

use maud::{Markup, html};

use super::answer::worst;
use crate::frame::{Beside, Heading, Setting, Tone};
use crate::html::table::{Caption, Cell, Sheet, table};
use crate::plan::words::{self, local, messages, percent};
use crate::plan::{PlanRow, Story};
use brownout_kernel::certainty::Certainty;
use brownout_kernel::time::{Clock, SimTime};
use brownout_planner::chance::outcome::Danger;

/// The section.
pub(in crate::plan) fn section(story: &Story<'_>) -> Markup {
    of_several(&[story])
}

/// The section of several tenants.
pub(in crate::plan) fn of_several(stories: &[&Story<'_>]) -> Markup {
    let Some(story) = stories.first() else { return html! {} };
    let risk = &story.project().risk;
    let level = percent(risk.level);
    let dates =
        story.place().map_or("Dates in UTC".to_owned(), |place| format!("Dates and times of {place}, UTC beside"));
    let note = format!("{dates}. Done: the day that half, and {level}, of the replications do not exceed.");
    let caption = Caption { id: "servers-caption", title: "Every server in order of its cut-over", note: &note };
    let promise = risk.commit.map(|commit| format!("a promise holds in {}", percent(commit)));
    let done = Heading::text("Done").note(format!("in 50 % and in {level} of cases")).set(Setting::Line).blank();
    let headings = [
        Heading::text("Server"),
        Heading::text("What").set(Setting::Line),
        Heading::date("Work starts").note("crew").set(Setting::Line).blank(),
        Heading::date("Cut-over").set(Setting::Line),
        Heading::text("In force then"),
        promise.into_iter().fold(done, Heading::note),
        Heading::share("Before blocking").note("probability").blank(),
        Heading::number("Lost", "messages, mean").blank(),
        Heading::text("If it is late").set(Setting::Lines).blank(),
    ];
    let mut rows: Vec<(&Story<'_>, &PlanRow<'_>)> =
        stories.iter().flat_map(|story| story.rows.iter().map(move |row| (*story, row))).collect();
    rows.sort_by_key(|(_, row)| (!row.done, row.at, row.start));
    let rows = Sheet::new("servers", headings).rows(rows.into_iter().map(|(story, row)| one(story, row)));
    html! { section id="servers" { h2 { "Servers" } (table(&caption, &rows)) } }
}

fn one<'a>(story: &Story<'a>, row: &PlanRow<'a>) -> [Cell; 9] {
    let (chance, by) = (row.chance, story.clock_of(row));
    let shown = |at: SimTime| words::date_or_never(by.map_or(at, |by| by.shown(at)));
    let done = chance.map_or(Cell::missing(), |chance| {
        let promised = chance.commit.map(|promised| Beside::Below(format!("promise {}", shown(promised))));
        Cell::of(shown(chance.done[0])).below(shown(chance.sure)).with(promised)
    });
    let prob = chance.and_then(|chance| chance.clear[Danger::Blocking as usize]);
    let started = row.start.map_or(Cell::missing(), |day| Cell::of(day).said(words::weekday_date(day)));
    [
        name(story, row),
        Cell::of(words::product(story.project(), row.server))
            .below(row.server.build.to_string())
            .below(words::route(row.server)),
        started.below(story.crew(row)),
        cut_over(row, by),
        in_force(story, row),
        done,
        prob.map_or(Cell::missing(), |prob| Cell::of(prob).said(percent(prob))),
        chance.map_or(Cell::missing(), |chance| lost(chance.lost_mean)),
        if row.done { Cell::missing() } else { late(row, story.project().as_of.start(), by) },
    ]
}

/// Messages lost, their unit left to the heading.
pub(in crate::plan) fn lost(mean: f64) -> Cell {
    Cell::of(mean).said(messages(mean).trim_end_matches(" messages").trim_end_matches(" message"))
}

/// The server, and what sets it apart.
fn name(story: &Story<'_>, row: &PlanRow<'_>) -> Cell {
    let server = row.server;
    let group = (!server.group.is_empty()).then(|| server.group.clone());
    let priority = (server.priority != 1).then(|| format!("priority {}", server.priority));
    let lines = story.project().tenant.clone().into_iter().chain(group).chain(priority);
    Cell::of(&server.name).with(lines.map(Beside::Below))
}

/// The cut-over, and what is known of it.
fn cut_over(row: &PlanRow<'_>, by: Option<&Clock>) -> Cell {
    let (day, server) = (local::day(row.at, by), row.server);
    let clock = if by.is_some() { local::hours(row.at, by) } else { words::clock(row.at) };
    let complies = if server.assessment.complies { "complies" } else { "done" };
    let cell = Cell::of(day).said(words::weekday_date(day)).below(clock);
    let cell = cell.tag_if(row.done, Tone::Best, complies);
    let cell = cell.tag_if(!row.done && server.in_hand.is_some(), Tone::Best, "in hand");
    let raised = server.again.as_ref().map(|raise| Beside::Tag(Tone::More, format!("below {}", raise.baseline)));
    let certainty = server.assessment.certainty;
    let unsure = (!row.done && certainty != Certainty::Known)
        .then(|| Beside::Tag(Tone::Unsure, format!("detection: {}", certainty.word())));
    cell.with(raised).with(unsure)
}

/// What is in force at the cut-over, marked where mail suffers.
fn in_force(story: &Story<'_>, row: &PlanRow<'_>) -> Cell {
    let Some(period) = row.period_before(row.at) else { return Cell::of("not detected") };
    let stage = &story.project().policy.ladder().stages()[period.stage];
    let cell = Cell::of(stage.name()).tag_if(period.paused, Tone::Plain, "paused");
    match worst(row).filter(|_| !row.done) {
        None => cell,
        Some(Danger::Throttling) => cell.tag(Tone::Unsure, "mail delayed on the way"),
        Some(Danger::Blocking) => cell.tag(Tone::More, "mail lost on the way"),
        Some(Danger::FullBlock) => cell.tag(Tone::More, "all mail lost on the way"),
    }
}

/// When each danger begins, short.
fn late(row: &PlanRow<'_>, as_of: SimTime, by: Option<&Clock>) -> Cell {
    let dates = Danger::ALL.map(|danger| row.begins(danger, as_of));
    if dates.iter().all(Option::is_none) {
        return Cell::of("nothing is restricted");
    }
    Cell::missing().with(begins(dates, as_of, |at| short(at, by)))
}

/// A line for each danger that begins.
pub(in crate::plan) fn begins(
    dates: [Option<SimTime>; 3],
    as_of: SimTime,
    shown: impl Fn(SimTime) -> String,
) -> impl Iterator<Item = Beside> {
    let line = move |(at, word): (Option<SimTime>, &str)| {
        let at = at?;
        Some(Beside::Below(format!("{word} {} {}", if at < as_of { "since" } else { "from" }, shown(at))))
    };
    dates.into_iter().zip(["delayed", "lost", "all lost"]).filter_map(line)
}

fn short(at: SimTime, by: Option<&Clock>) -> String {
    match by {
        Some(by) => format!("{} {}", words::date(local::day(at, Some(by))), local::short_hours(at, by)),
        None => format!("{} {}", words::date(at.day()), words::clock(at)),
    }
}
