//! `report.html` of several tenants: the answer first, then the week, every tenant, the picture, every server and every pause.

use maud::{DOCTYPE, Markup, html};

use super::words::{bounces, dangers, doubts, lost, pauses, quality, replications};
use super::{Stories, file_names, finding, tenant};
use crate::html::table::{Caption, table};
use crate::html::{basis, head};
use crate::plan::Story;
use crate::plan::page::{
    STYLE, Sources, agenda, assumptions, figure, pauses as pause_rows, reproduce, servers, weighing,
};
use crate::plan::words::{self, counted, date_or_never, messages, percent, weekday_date};
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
                    (basis::inputs("The plan's files", "scenarios/plans/README.md", sources.inputs))
                    (reproduce::section(first, sources))
                    (basis::warnings(sources.warnings))
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
    let head = html! {
        th scope="col" { "Tenant" }
        th.num scope="col" { "Servers" span.unit { "open" } }
        th scope="col" { "Last cut-over" }
        th scope="col" { "Done" span.unit { "in 50 % and in " (level) " of cases" } }
        th.num scope="col" { "Before blocking" span.unit { "probability" } }
        th.num scope="col" { "Lost" span.unit { "messages, mean" } }
        th scope="col" { "If it is late" }
        th scope="col" { "Pauses" }
        th scope="col" { "Files" }
    };
    let names = file_names(stories);
    let body = html! { tbody { @for (story, name) in stories.tenants.iter().zip(&names) { (one(story, name)) } } };
    html! { section id="tenants" { h2 { "Tenants" } (table(&caption, &head, &body)) } }
}

fn one(story: &Story<'_>, files: &str) -> Markup {
    let (project, lived) = (story.project(), &story.findings.lived);
    let as_of = project.as_of.start();
    let always = story.pauses.iter().filter(|pause| !pause.is_conditional());
    let days: u32 = always.clone().map(|pause| pause.days).sum();
    let late = |danger: Danger| story.open().filter_map(|row| row.begins(danger, as_of)).min();
    html! {
        tr {
            th scope="row" { (tenant(story)) span.pm { (project.policy.ladder().name()) } }
            td.num { (story.open().count()) }
            @match story.last() {
                None => { td.date { span.tag.best { "nothing left to do" } } td {} td {} td {} td {} }
                Some(last) => {
                    td.date { (weekday_date(last.day())) }
                    td.date { (date_or_never(lived.fleet_done[0])) span.pm { (date_or_never(lived.fleet_sure)) } }
                    td.num { (percent(lived.fleet_clear[Danger::Blocking as usize])) }
                    td.num { (messages(lived.lost.mean).trim_end_matches(" messages").trim_end_matches(" message")) }
                    td.date {
                        @for (danger, word) in Danger::ALL.into_iter().zip(["delayed", "lost", "all lost"]) {
                            @if let Some(at) = late(danger) {
                                span.pm { (word) (if at < as_of { " since " } else { " from " }) (words::date(at.day())) }
                            }
                        }
                    }
                }
            }
            td.date {
                @if days > 0 { (counted(always.count(), "pause")) span.pm { (counted(days as usize, "day")) } }
                @let late = story.pauses.iter().filter(|pause| pause.is_conditional()).count();
                @if late > 0 { span.pm { (late) @if days > 0 { " more" } " only if late" } }
                @if story.pauses.is_empty() { "none" }
            }
            td { span.pm { (files) ".ics" } span.pm { (files) ".ps1" } }
        }
    }
}
