//! `report.html` of several tenants: the answer first, then the week, every tenant, the picture, every server and every pause.

use maud::{DOCTYPE, Markup, html};

use super::words::{bounces, dangers, doubts, lost, pauses, quality, replications};
use super::{Stories, file_names, finding, tenant};
use crate::frame::{Beside, Heading, Setting, Tone};
use crate::html::table::{Caption, Cell, Sheet, table};
use crate::html::{head, provenance};
use crate::plan::Story;
use crate::plan::page::{
    STYLE, Sources, agenda, assumptions, figure, pauses as pause_rows, reproduce, servers, weighing,
};
use crate::plan::words::{self, counted, date_or_never, percent, weekday_date};
use brownout_chart::ChartError;
use brownout_planner::chance::outcome::Danger;

/// The page.
///
/// # Errors
/// If a figure cannot be drawn, or the work is to end.
pub(super) fn page(stories: &Stories<'_>, sources: &Sources<'_>) -> Result<Vec<u8>, ChartError> {
    let gantt = figure(sources, "gantt")?;
    let first = stories.first();
    let project = first.project();
    let several: Vec<&Story<'_>> = stories.tenants.iter().collect();
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            (head(&finding(stories), STYLE, sources.look))
            body {
                a.skip href="#answer" { "Skip to the answer" }
                (title(stories, sources))
                main {
                    (answer(stories))
                    (agenda::section(&stories.tenants))
                    (tenants(stories))
                    (gantt)
                    (servers::of_several(&several))
                    (pause_rows::of_several(&several))
                    (weighing::changes_together(&stories.tenants))
                    (assumptions::section(first))
                    (provenance::inputs("The plan's files", "scenarios/plans/README.md", sources.inputs))
                    (reproduce::section(first, sources))
                    (provenance::warnings(sources.warnings))
                }
                footer {
                    (stories.name) " · as of " (project.as_of) " · seed " (project.seed) " · " (replications(stories))
                    " · brownout " (env!("CARGO_PKG_VERSION")) " · "
                    @match first.place() { Some(place) => { "times of " (place) " where it stands beside, else UTC" } None => { "all times UTC" } }
                }
            }
        }
    };
    Ok(page.into_string().into_bytes())
}

fn title(stories: &Stories<'_>, sources: &Sources<'_>) -> Markup {
    let project = stories.first().project();
    let is_again = stories.tenants.iter().any(|story| story.findings.changes.is_some());
    let changes = is_again.then_some(("changes", "Changes"));
    let parts = [
        ("week", "The first week"),
        ("tenants", "Tenants"),
        ("servers", "Servers"),
        ("pauses", "Pauses"),
        ("assumptions", "Assumptions"),
        ("reproduce", "How to reproduce"),
    ];
    html! {
        header {
            p.kicker { "brownout plan · " (stories.name) " · " (counted(stories.tenants.len(), "tenant")) " · as of " (words::date(project.as_of)) }
            h1 { (words::unbroken(&finding(stories))) }
            @if !project.question.is_empty() { p.kicker { (project.question) } }
            @if !sources.warnings.is_empty() {
                p.warning { "This plan has warnings: " a href="#warnings" { "read them" } " before using it." }
            }
            nav aria-label="Contents" { ul { @for (id, name) in parts.into_iter().chain(changes) { li { a href={ "#" (id) } { (name) } } } } }
        }
    }
}

fn answer(stories: &Stories<'_>) -> Markup {
    html! {
        section.answer id="answer" {
            h2 { "The answer" }
            p { (finding(stories)) "." }
            @for words in dangers(stories) { p { (words) } }
            p { (bounces(stories)) }
            p { (lost(stories)) }
            p { (pauses(stories)) }
            p.note { (quality(stories)) }
            p.note { (words::sharpness_of(&stories.findings.lived)) }
            @for words in doubts(stories) { p.warning { (words) } }
        }
    }
}

fn tenants(stories: &Stories<'_>) -> Markup {
    let level = percent(stories.first().project().risk.level);
    let note = format!(
        "Those that end first at the front; dates in UTC. Done: the day that half, and {level}, of the replications do not exceed. Each \
         tenant's calendar and script carry its name."
    );
    let caption = Caption { id: "tenants-caption", title: "Every tenant", note: &note };
    let headings = [
        Heading::text("Tenant"),
        Heading::integer("Servers", "open"),
        Heading::date("Last cut-over").set(Setting::Line).blank(),
        Heading::instant("Done").note(format!("in 50 % and in {level} of cases")).set(Setting::Line).blank(),
        Heading::share("Before blocking").note("probability").blank(),
        Heading::number("Lost", "messages, mean").blank(),
        Heading::text("If it is late").set(Setting::Line).blank(),
        Heading::text("Pauses").set(Setting::Line).blank(),
        Heading::text("Files").blank(),
    ];
    let names = file_names(stories);
    let rows = stories.tenants.iter().zip(&names).map(|(story, name)| one(story, name));
    let rows = Sheet::new("tenants", headings).rows(rows);
    html! { section id="tenants" { h2 { "Tenants" } (table(&caption, &rows)) } }
}

fn one(story: &Story<'_>, files: &str) -> Vec<Cell> {
    let (project, lived) = (story.project(), &story.findings.lived);
    let as_of = project.as_of.start();
    let begins = |danger: Danger| story.open().filter_map(|row| row.begins(danger, as_of)).min();
    let mut cells = vec![Cell::of(tenant(story)).below(project.policy.ladder().name()), Cell::of(story.open().count())];
    match story.last() {
        None => {
            cells.push(Cell::missing().tag(Tone::Best, "nothing left to do"));
            cells.extend([(); 4].map(|()| Cell::missing()));
        }
        Some(last) => {
            let prob = lived.fleet_clear[Danger::Blocking as usize];
            let half = lived.fleet_done[0];
            let late = servers::begins(Danger::ALL.map(begins), as_of, |at| words::date(at.day()));
            cells.extend([
                Cell::of(last.day()).said(weekday_date(last.day())),
                Cell::of(half).said(date_or_never(half)).below(date_or_never(lived.fleet_sure)),
                Cell::of(prob).said(percent(prob)),
                servers::lost(lived.lost.mean),
                Cell::missing().with(late),
            ]);
        }
    }
    cells.push(pauses_of(story));
    cells.push(Cell::missing().with([".ics", ".ps1"].map(|ending| Beside::Below(format!("{files}{ending}")))));
    cells
}

/// The pauses of a tenant, counted.
fn pauses_of(story: &Story<'_>) -> Cell {
    let always = story.pauses.iter().filter(|pause| !pause.is_conditional());
    let days: u32 = always.clone().map(|pause| pause.days).sum();
    let late = story.pauses.len() - always.clone().count();
    let cell = match days {
        0 if story.pauses.is_empty() => Cell::of("none"),
        0 => Cell::missing(),
        days => Cell::of(counted(always.count(), "pause")).below(counted(days as usize, "day")),
    };
    let more = if days > 0 { " more" } else { "" };
    cell.with((late > 0).then(|| Beside::Below(format!("{late}{more} only if late"))))
}
