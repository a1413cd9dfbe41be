//! `report.html`: a run in one file, for people who have nothing else.
//!
//! The first screen answers the question: a sentence, three numbers, and losses against exposure. The rest is folded.
//!
//! The page needs no network; its fonts, figures and one small script are inside. Without the script it is whole; with it, values are
//! read off figures, scenarios highlighted and figures seen in other terms. It has two colour schemes, fits a phone and prints. The same run gives the same bytes. What it says is computed from the study and its results; nothing is
//! recommended that the numbers do not carry.

mod answer;
mod fate;
mod goals;
mod mail;
pub(super) mod pictures;
pub(super) mod provenance;
mod results;
mod scenarios;
pub(super) mod table;
mod weighing;
mod words;

use std::sync::Arc;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::figures::NamedFigure;
use brownout_chart::{ChartError, FONTS};
use brownout_experiment::Run;
use brownout_kernel::watch::Watch;
use brownout_reading::text::SourceFile;

/// How pages look and what they do under a pointer. It comes from whoever makes them, so that a page is right whatever its look, and
/// a new look asks for nothing else to be built.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look<'a> {
    /// The style sheet.
    pub style: &'a str,
    /// The script of pages with figures, the only one that may run; empty for none.
    pub script: &'a str,
}

impl Look<'_> {
    /// Whatever the browser makes of it.
    pub const PLAIN: Look<'static> = Look { style: "", script: "" };
}

/// What the page shows beside study and results.
#[derive(Clone, Copy, Debug)]
pub struct Sources<'a> {
    /// Every file read, the study first.
    pub inputs: &'a [Arc<SourceFile>],
    /// Valid but doubtful things.
    pub warnings: &'a [String],
    /// The figures; may be empty.
    pub figures: &'a [NamedFigure],
    /// How the page looks.
    pub look: Look<'a>,
    /// Asked before each figure is drawn, and before the words are written.
    pub watch: &'a Watch,
}

/// The page.
///
/// # Errors
/// If a figure cannot be drawn, or the work is to end.
pub fn page(run: Run<'_>, sources: &Sources<'_>) -> Result<Vec<u8>, ChartError> {
    let several = run.study.scenarios().len() > 1;
    let pictures = pictures::drawn_all(run, sources.figures, sources.watch)?;
    sources.watch.check()?;
    let (first, others) = pictures.split_at(pictures.len().min(2));
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            (head(run.study.question(), "", sources.look))
            body {
                a.skip href="#answer" { "Skip to the answer" }
                (title(run, sources))
                main {
                    (answer::first(run))
                    @if several && !first.is_empty() { (pictures::highlights(run)) }
                    (pictures::shown(first))
                    (answer::rests_on(run))
                    @if !sources.warnings.is_empty() { (provenance::warnings(sources.warnings)) }
                    (fold("The four goals, scenario by scenario", &answer::in_full(run)))
                    @if !others.is_empty() { (fold("All figures", &pictures::section(others))) }
                    (fold("The scenarios and what differs between them", &scenarios::section(run)))
                    (fold("Every measure by scenario", &results::section(run)))
                    @if several { (fold("Differences to the first scenario", &results::differences_section(run))) }
                    @if several { (fold("The fate of each server and tenant", &fate::section(run))) }
                    @if results::has_groups(run) { (fold("Results by group", &results::groups_section(run))) }
                    (fold("What each stage does to a message", &mail::section(run)))
                    (fold("Assumptions", &provenance::assumptions()))
                    (fold("The study's files", &provenance::inputs("The study's files", "scenarios/README.md", sources.inputs)))
                    (fold("How to reproduce", &provenance::reproduce(run, sources)))
                }
                footer {
                    (run.study.name()) " · seed " (run.study.seed()) " · " (brownout_text::words::counted(u64::from(run.results.replications), "replication")) " · brownout "
                    (env!("CARGO_PKG_VERSION")) " · behaviour under enforcement is assumed, not measured"
                }
                @if !sources.figures.is_empty() { (script(sources.look)) }
            }
        }
    };
    Ok(page.into_string().into_bytes())
}

/// A part that is closed until it is wanted; links into it and the printer open it.
fn fold(heading: &str, part: &Markup) -> Markup {
    html! { details.part { summary { (heading) } (part) } }
}

/// Nothing may be fetched and nothing may run but the look's script, known by its hash, whatever stands in the page.
fn policy(look: Look<'_>) -> String {
    let hash = BASE64_STANDARD.encode(hmac_sha256::Hash::hash(look.script.as_bytes()));
    format!("default-src 'none'; style-src 'unsafe-inline'; font-src data:; script-src 'sha256-{hash}'")
}

/// The script of a page with figures, for the end of its body.
pub(super) fn script(look: Look<'_>) -> Markup {
    html! { @if !look.script.is_empty() { script { (PreEscaped(look.script)) } } }
}

/// The head of a page with this title and, if need be, further looks: fonts and all inside, nothing to fetch.
pub(super) fn head(title: &str, style: &str, look: Look<'_>) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            meta http-equiv="Content-Security-Policy" content=(policy(look));
            meta name="generator" content={ "brownout " (env!("CARGO_PKG_VERSION")) };
            title { (title) }
            style { (PreEscaped(fonts())) (PreEscaped(look.style)) (PreEscaped(style)) }
        }
    }
}

/// The two weights of Inter that the figures are measured with.
fn fonts() -> String {
    let face = |(weight, bytes): (u16, &[u8])| {
        let data = BASE64_STANDARD.encode(bytes);
        format!(
            "@font-face{{font-family:Inter;font-weight:{weight};src:url(data:font/otf;base64,{data}) format(\"opentype\")}}\n"
        )
    };
    FONTS.map(face).concat()
}

fn title(run: Run<'_>, sources: &Sources<'_>) -> Markup {
    let mut parts = vec![("goals-in-full", "Goals")];
    if sources.figures.len() > 2 {
        parts.push(("figures", "Figures"));
    }
    parts.extend([("scenarios", "Scenarios"), ("results", "Results")]);
    if run.study.scenarios().len() > 1 {
        parts.extend([("differences", "Differences"), ("fate", "Fate")]);
    }
    parts.extend([("mail", "Mail by stage"), ("assumptions", "Assumptions"), ("reproduce", "How to reproduce")]);
    html! {
        header {
            p.kicker { "brownout · " (run.study.name()) " · " (run.study.start().day()) " to " (run.study.horizon().day()) }
            h1 { (run.study.question()) }
            @if let Some(partial) = &run.results.partial {
                p.warning { strong { "Partial result: " } (partial) ". Run what is missing and merge again." }
            }
            @if !sources.warnings.is_empty() {
                p.warning { "This run has warnings: " a href="#warnings" { "read them" } " before using its numbers." }
            }
            nav aria-label="Contents" { ul { @for (id, name) in parts { li { a href={ "#" (id) } { (name) } } } } }
        }
    }
}
