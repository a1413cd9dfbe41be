//! The table of all servers, in order of their cut-overs.

use maud::{Markup, html};

use super::answer::worst;
use crate::html::table::{Caption, table};
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
    let head = html! {
        th scope="col" { "Server" }
        th scope="col" { "What" }
        th scope="col" { "Work starts" span.unit { "crew" } }
        th scope="col" { "Cut-over" }
        th scope="col" { "In force then" }
        th scope="col" {
            "Done"
            span.unit { "in 50 % and in " (level) " of cases" }
            @if let Some(commit) = risk.commit { span.unit { "a promise holds in " (percent(commit)) } }
        }
        th.num scope="col" { "Before blocking" span.unit { "probability" } }
        th.num scope="col" { "Lost" span.unit { "messages, mean" } }
        th scope="col" { "If it is late" }
    };
    let mut rows: Vec<(&Story<'_>, &PlanRow<'_>)> =
        stories.iter().flat_map(|story| story.rows.iter().map(move |row| (*story, row))).collect();
    rows.sort_by_key(|(_, row)| (!row.done, row.at, row.start));
    let body = html! { tbody { @for (story, row) in rows { (one(story, row)) } } };
    html! { section id="servers" { h2 { "Servers" } (table(&caption, &head, &body)) } }
}

fn one<'a>(story: &Story<'a>, row: &PlanRow<'a>) -> Markup {
    let (chance, by) = (row.chance, story.clock_of(row));
    let done = |at: SimTime| words::date_or_never(by.map_or(at, |by| by.shown(at)));
    html! {
        tr {
            th scope="row" {
                (row.server.name)
                @if let Some(tenant) = &story.project().tenant { span.pm { (tenant) } }
                @if !row.server.group.is_empty() { span.pm { (row.server.group) } }
                @if row.server.priority != 1 { span.pm { "priority " (row.server.priority) } }
            }
            td.date { (words::product(story.project(), row.server)) span.pm { (row.server.build) } span.pm { (words::route(row.server)) } }
            td.date { @if let Some(start) = row.start { (words::weekday_date(start)) } span.pm { (story.crew(row)) } }
            td.date {
                (words::weekday_date(local::day(row.at, by)))
                span.pm { @if by.is_some() { (local::hours(row.at, by)) } @else { (words::clock(row.at)) } }
                @if row.done { span.tag.best { @if row.server.assessment.complies { "complies" } @else { "done" } } }
                @if !row.done && row.server.in_hand.is_some() { span.tag.best { "in hand" } }
                @if let Some(raise) = &row.server.again { span.tag.more { "below " (raise.baseline) } }
                @if !row.done && row.server.assessment.certainty != Certainty::Known {
                    span.tag.unsure { "detection: " (row.server.assessment.certainty.word()) }
                }
            }
            td { (in_force(story, row)) }
            td.date {
                @if let Some(chance) = chance {
                    (done(chance.done[0])) span.pm { (done(chance.sure)) }
                    @if let Some(promised) = chance.commit { span.pm { "promise " (done(promised)) } }
                }
            }
            td.num { @if let Some(prob) = chance.and_then(|chance| chance.clear[Danger::Blocking as usize]) { (percent(prob)) } }
            td.num { @if let Some(chance) = chance { (messages(chance.lost_mean).trim_end_matches(" messages").trim_end_matches(" message")) } }
            td.late { @if !row.done { (late(row, story.project().as_of.start(), by)) } }
        }
    }
}

/// What is in force at the cut-over, marked where mail suffers.
fn in_force(story: &Story<'_>, row: &PlanRow<'_>) -> Markup {
    let Some(period) = row.period_before(row.at) else { return html! { "not detected" } };
    let stage = &story.project().policy.ladder().stages()[period.stage];
    html! {
        (stage.name())
        @if period.paused { span.tag.plain { "paused" } }
        @if let (false, Some(danger)) = (row.done, worst(row)) {
            span.tag.(if danger == Danger::Throttling { "unsure" } else { "more" }) {
                @match danger {
                    Danger::Throttling => "mail delayed on the way",
                    Danger::Blocking => "mail lost on the way",
                    Danger::FullBlock => "all mail lost on the way",
                }
            }
        }
    }
}

/// When each danger begins, short.
fn late(row: &PlanRow<'_>, as_of: SimTime, by: Option<&Clock>) -> Markup {
    let dates = Danger::ALL.map(|danger| row.begins(danger, as_of));
    let words = ["delayed", "lost", "all lost"];
    html! {
        @if dates.iter().all(Option::is_none) { "nothing is restricted" }
        @for (at, word) in dates.into_iter().zip(words) {
            @if let Some(at) = at { span.pm { (word) (if at < as_of { " since " } else { " from " }) (short(at, by)) } }
        }
    }
}

fn short(at: SimTime, by: Option<&Clock>) -> String {
    match by {
        Some(by) => format!("{} {}", words::date(local::day(at, Some(by))), local::short_hours(at, by)),
        None => format!("{} {}", words::date(at.day()), words::clock(at)),
    }
}
