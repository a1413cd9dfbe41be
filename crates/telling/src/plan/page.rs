//! `report.html` of a plan: the answer first, then pictures, every server, every pause, and what it all rests on.
//!
//! The page shares its looks with the page of a run: no network, no script, two colour schemes, fits a phone, prints.

pub(super) mod agenda;
mod answer;
pub(super) mod assumptions;
mod buffers;
pub(super) mod pauses;
pub(super) mod reproduce;
pub(super) mod servers;
pub(super) mod weighing;
mod why;

use std::sync::Arc;

use maud::{DOCTYPE, Markup, html};

use super::{PlanOptions, Story, words};
use crate::figures::NamedFigure;
use crate::html::{Look, head, pictures, provenance};
use brownout_chart::ChartError;
use brownout_kernel::watch::Watch;
use brownout_reading::text::SourceFile;

/// What the page shows beside the story.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sources<'a> {
    /// Every file read, the plan first.
    pub(super) inputs: &'a [Arc<SourceFile>],
    /// What was said beside the plan file.
    pub(super) options: &'a PlanOptions,
    /// Valid but doubtful things.
    pub(super) warnings: &'a [String],
    /// The pictures; may be empty.
    pub(super) figures: &'a [NamedFigure],
    /// How the page looks.
    pub(super) look: Look<'a>,
    /// Asked before each picture is drawn.
    pub(super) watch: &'a Watch,
}

/// Looks that only a plan needs: tall pictures on paper, dates on one line, and commands that wrap.
pub(super) const STYLE: &str = "td.date, th.date { white-space: nowrap; }
td pre { margin: 0; padding: .4rem .6rem; min-width: 20rem; max-width: min(30rem, 80vw); white-space: pre-wrap; overflow-wrap: anywhere; }
#servers th, #servers td { padding-left: .5rem; padding-right: .5rem; }
#servers thead .num { min-width: 4.5rem; }
#servers tbody th { min-width: 6.5rem; }
#servers td.late { min-width: 10.5rem; }
#week td:not(.words) { max-width: 16rem; }
#week td.words { width: 60%; max-width: none; }
#week td pre { margin-top: .3rem; max-width: none; }
@media print { .card svg { max-height: 240mm; } #figures { break-before: auto; } }
";

/// The page.
///
/// # Errors
/// If a figure cannot be drawn, or the work is to end.
pub(super) fn page(story: &Story<'_>, sources: &Sources<'_>) -> Result<Vec<u8>, ChartError> {
    let gantt = figure(sources, "gantt")?;
    let risk = figure(sources, "risk")?;
    let project = story.project();
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            (head(&words::finding(story), STYLE, sources.look))
            body {
                a.skip href="#answer" { "Skip to the answer" }
                (title(story, sources))
                main {
                    (answer::section(story))
                    (agenda::section(std::slice::from_ref(story)))
                    (gantt)
                    (servers::section(story))
                    (why::section(story))
                    (pauses::section(story))
                    (weighing::latest(story))
                    (weighing::strategies(story))
                    (buffers::section(story))
                    (risk)
                    (weighing::prices(story))
                    (weighing::quality(story))
                    (weighing::changes(story))
                    (assumptions::section(story))
                    (provenance::inputs("The plan's files", "scenarios/plans/README.md", sources.inputs))
                    (reproduce::section(story, sources))
                    (provenance::warnings(sources.warnings))
                }
                footer {
                    (project.name) " · as of " (project.as_of) " · seed " (project.seed) " · " (words::replications(story))
                    " · brownout " (env!("CARGO_PKG_VERSION")) " · "
                    @match story.place() { Some(place) => { "times of " (place) " where it stands beside, else UTC" } None => { "all times UTC" } }
                }
            }
        }
    };
    Ok(page.into_string().into_bytes())
}

fn title(story: &Story<'_>, sources: &Sources<'_>) -> Markup {
    let project = story.project();
    let mut parts = if story.last().is_some() { vec![("week", "The first week")] } else { Vec::new() };
    parts.push(("servers", "Servers"));
    if !story.findings.why.is_empty() {
        parts.push(("why", "Why these dates"));
    }
    parts.extend([("pauses", "Pauses"), ("latest", "Latest starts")]);
    parts.push(("strategies", "Strategies"));
    if !story.findings.buffers.is_empty() {
        parts.push(("buffers", "Time for jobs"));
    }
    parts.extend([("prices", "What more room is worth"), ("quality", "How good")]);
    if story.findings.changes.is_some() {
        parts.push(("changes", "Changes"));
    }
    parts.extend([("assumptions", "Assumptions"), ("reproduce", "How to reproduce")]);
    html! {
        header {
            p.kicker { "brownout plan · " (project.name) " · as of " (words::date(project.as_of)) }
            h1 { (words::unbroken(&words::finding(story))) }
            @if !project.question.is_empty() { p.kicker { (project.question) } }
            @if !sources.warnings.is_empty() {
                p.warning { "This plan has warnings: " a href="#warnings" { "read them" } " before using it." }
            }
            nav aria-label="Contents" { ul { @for (id, name) in parts { li { a href={ "#" (id) } { (name) } } } } }
        }
    }
}

/// A picture under its finding; nothing without charts.
pub(super) fn figure(sources: &Sources<'_>, name: &str) -> Result<Markup, ChartError> {
    let Some(named) = sources.figures.iter().find(|figure| figure.name == name) else { return Ok(html! {}) };
    let drawn = pictures::drawn(&named.figure, named, sources.watch)?;
    Ok(html! { section id={ "picture-" (name) } { (pictures::picture(&named.figure.title, named, &drawn)) } })
}
