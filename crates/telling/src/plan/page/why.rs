//! Why each server has its date.

use maud::{Markup, html};

use crate::frame::{Heading, Setting};
use crate::html::table::{Caption, Cell, Sheet, table};
use crate::plan::Story;
use crate::plan::why::{in_order, rule, shift};
use crate::plan::words;
use brownout_planner::search::why::Why;

/// The section; nothing where every server is done.
pub(super) fn section(story: &Story<'_>) -> Markup {
    let all = in_order(story);
    let note = "What keeps a server from the nearest earlier cut-over, and what about a week earlier or later costs the whole plan, in \
                points, if all goes as planned and the pauses stay as they are. Whoever is in its way takes the first place that is left.";
    let caption = Caption { id: "why-caption", title: "Why each server has its date", note };
    let headings = [
        Heading::text("Server"),
        Heading::date("Cut-over").set(Setting::Line),
        Heading::text("Why not earlier").set(Setting::Words),
        Heading::text("A week earlier").set(Setting::Words),
        Heading::text("A week later").set(Setting::Words),
    ];
    let rows = Sheet::new("why", headings).rows(all.iter().map(|why| one(story, why)));
    html! { @if !all.is_empty() { section id="why" { h2 { "Why these dates" } (table(&caption, &rows)) } } }
}

fn one(story: &Story<'_>, why: &Why) -> [Cell; 5] {
    let (server, at) = (story.findings.server(why.job), story.findings.candidate(why.job).at);
    let by = story.open().find(|row| row.server.name == server.name).and_then(|row| story.clock_of(row));
    let day = words::local::day(at, by);
    [
        Cell::of(&server.name),
        Cell::of(day).said(words::weekday_date(day)),
        Cell::of(rule(why)),
        Cell::of(shift(story, why.earlier.as_ref())),
        Cell::of(shift(story, why.later.as_ref())),
    ]
}
