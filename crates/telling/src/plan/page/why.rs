//! Why each server has its date.

use maud::{Markup, html};

use crate::html::table::{Caption, table};
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
    let head = html! {
        th scope="col" { "Server" }
        th scope="col" { "Cut-over" }
        th scope="col" { "Why not earlier" }
        th scope="col" { "A week earlier" }
        th scope="col" { "A week later" }
    };
    let body = html! { tbody { @for why in &all { (one(story, why)) } } };
    html! { @if !all.is_empty() { section id="why" { h2 { "Why these dates" } (table(&caption, &head, &body)) } } }
}

fn one(story: &Story<'_>, why: &Why) -> Markup {
    let (server, at) = (story.findings.server(why.job), story.findings.candidate(why.job).at);
    let by = story.open().find(|row| row.server.name == server.name).and_then(|row| story.clock_of(row));
    html! {
        tr {
            th scope="row" { (server.name) }
            td.date { (words::weekday_date(words::local::day(at, by))) }
            td.words { (rule(why)) }
            td.words { (shift(story, why.earlier.as_ref())) }
            td.words { (shift(story, why.later.as_ref())) }
        }
    }
}
