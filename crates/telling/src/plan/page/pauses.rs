//! The pauses with their commands.

use maud::{Markup, html};

use crate::frame::{Beside, Heading, Setting, Tone};
use crate::html::table::{Caption, Cell, Sheet, table};
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
    let headings = [Heading::date("On").set(Setting::Line)]
        .into_iter()
        .chain(is_several.then(|| Heading::text("Tenant")))
        .chain([
            Heading::text("Length").set(Setting::Line),
            Heading::date("Until").set(Setting::Line),
            Heading::text("Charged").set(Setting::Line).blank(),
        ])
        .chain([Heading::text("What it does").set(Setting::Words), Heading::text("Command").blank()]);
    let mut all: Vec<(&Story<'_>, &PlannedPause)> =
        stories.iter().flat_map(|story| story.pauses.iter().map(move |pause| (*story, pause))).collect();
    all.sort_by_key(|one| one.1.at);
    let rows = all.into_iter().map(|(story, pause)| one(story, pause));
    table(&caption, &Sheet::new("pauses", headings).rows(rows))
}

fn one(story: &Story<'_>, pause: &PlannedPause) -> Vec<Cell> {
    let by = story.clock();
    let (on, until) = (local::day(pause.at, by), local::day(pause.ends, by));
    let on = Cell::of(on).said(words::weekday_date(on)).below(local::hours(pause.at, by));
    let mut cells = vec![on.tag_if(pause.is_conditional(), Tone::Unsure, "only if late")];
    cells.extend(story.project().tenant.as_ref().map(Cell::of));
    let charged = pause.charges.iter().map(|(year, days)| Beside::Below(format!("{days} of {year}")));
    cells.extend([
        Cell::of(counted(pause.days as usize, "day")),
        Cell::of(until).said(words::weekday_date(until)).below(local::hours(pause.ends, by)),
        Cell::missing().with(charged).below(format!("{} left in {}", pause.left, pause.at.year())),
        Cell::of(does(pause)),
        Cell::missing().with([Beside::Command(guarded(pause))]),
    ]);
    cells
}

/// What a pause does, in sentences.
fn does(pause: &PlannedPause) -> String {
    let mut said = String::new();
    if pause.is_conditional() {
        let (late, prob) = (words::only_if(pause), words::percent(pause.prob));
        said += &format!("Only if {late} not done by then ({prob} of cases). ");
    }
    said += &format!(
        "Keeps {} from throttling or blocking; cut over meanwhile: {}.",
        counted(pause.held.len(), "server"),
        some_names(&pause.bridged, NAMED_MAX)
    );
    if pause.joins {
        said += " Carries on the pause before, because every calendar year pays for its own days.";
    }
    said
}
