//! The pauses with their commands.

use maud::{Markup, html};

use crate::html::table::{Caption, table};
use crate::plan::commands::guarded;
use crate::plan::words::{self, counted, local, some_names};
use crate::plan::{PlannedPause, Story};
use brownout_exchange::powershell::GET_PAUSES;

/// Servers that are named in a cell.
const NAMED_MAX: usize = 6;

/// The section.
pub(in crate::plan) fn section(story: &Story<'_>) -> Markup {
    of_several(&[story])
}

/// The section of several tenants.
pub(in crate::plan) fn of_several(stories: &[&Story<'_>]) -> Markup {
    let Some(story) = stories.first() else { return html! {} };
    html! {
        section id="pauses" {
            h2 { "Pauses" }
            @if stories.iter().all(|story| story.pauses.is_empty()) {
                p { "The plan asks for no pause." }
            } @else {
                p {
                    "A pause begins when its command runs, cannot be ended early, and its days do not come back. Run each line once, on its "
                    "day, as soon after " (words::desk_opens(story)) " UTC as you can; on any other day it does nothing and says so. A pause marked \"only if\" is asked "
                    "for only if a server that should be done by then is not. Look first with "
                    code { (GET_PAUSES) } " whether a pause runs."
                }
                (list(stories))
            }
        }
    }
}

fn list(stories: &[&Story<'_>]) -> Markup {
    let is_several = stories.iter().any(|story| story.project().tenant.is_some());
    let note = match is_several {
        true => {
            "The same commands are in the scripts of the tenants; connect to the tenant that stands beside the day."
        }
        false => "The same commands are in pauses.ps1.",
    };
    let caption = Caption { id: "pauses-caption", title: "Pauses to be asked for", note };
    let head = html! {
        th scope="col" { "On" }
        @if is_several { th scope="col" { "Tenant" } }
        th scope="col" { "Length" }
        th scope="col" { "Until" }
        th scope="col" { "Charged" }
        th scope="col" { "What it does" }
        th scope="col" { "Command" }
    };
    let mut all: Vec<(&Story<'_>, &PlannedPause)> =
        stories.iter().flat_map(|story| story.pauses.iter().map(move |pause| (*story, pause))).collect();
    all.sort_by_key(|one| one.1.at);
    let body = html! { tbody { @for (story, pause) in all { (one(story, pause)) } } };
    table(&caption, &head, &body)
}

fn one(story: &Story<'_>, pause: &PlannedPause) -> Markup {
    let by = story.clock();
    html! {
        tr {
            th.date scope="row" {
                (words::weekday_date(local::day(pause.at, by))) span.pm { (local::hours(pause.at, by)) }
                @if pause.is_conditional() { span.tag.unsure { "only if late" } }
            }
            @if let Some(tenant) = &story.project().tenant { td { (tenant) } }
            td.date { (counted(pause.days as usize, "day")) }
            td.date { (words::weekday_date(local::day(pause.ends, by))) span.pm { (local::hours(pause.ends, by)) } }
            td.date {
                @for (year, days) in &pause.charges { span.pm { (days) " of " (year) } }
                span.pm { (pause.left) " left in " (pause.at.year()) }
            }
            td.words {
                @if pause.is_conditional() {
                    "Only if " (words::only_if(pause)) " not done by then (" (words::percent(pause.prob)) " of cases). "
                }
                "Keeps " (counted(pause.held.len(), "server")) " from throttling or blocking; cut over meanwhile: "
                (some_names(&pause.bridged, NAMED_MAX)) "."
                @if pause.joins { " Carries on the pause before, because every calendar year pays for its own days." }
            }
            td { pre tabindex="0" { code { (guarded(pause)) } } }
        }
    }
}
