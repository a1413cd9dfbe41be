//! `report.html` of an exploration: one page for people who have nothing else.
//!
//! The first screen is the answer in one sentence, with its chance, and what to find out first. Below, in this order: which
//! schedule, what decides, where it fails in words, the front, how sure all that is and what luck alone does, and what was not
//! tried. The page needs no network and is whole without its script; the same exploration gives the same bytes.

mod parts;

use std::sync::Arc;

use maud::{DOCTYPE, Markup, html};

use super::Explored;
use crate::exploration::words::{answer, beside_the_answer, parts_of_hundred};
use crate::figures::NamedFigure;
use crate::html::{Look, head, pictures, provenance, script};
use brownout_chart::ChartError;
use brownout_kernel::watch::Watch;
use brownout_reading::text::SourceFile;
use brownout_text::words::of_hundred;

/// What the page shows beside the exploration.
#[derive(Clone, Copy, Debug)]
pub struct Sources<'a> {
    /// Every file read, the exploration first.
    pub inputs: &'a [Arc<SourceFile>],
    /// Valid but doubtful things.
    pub warnings: &'a [String],
    /// The figures; may be empty.
    pub figures: &'a [NamedFigure],
    /// How the page looks.
    pub look: Look<'a>,
}

/// Looks that only this page needs.
const STYLE: &str = ".answer ul { margin: .2rem 0 .6rem; padding-left: 1.2rem; max-width: 72ch; }\n\
    .said { font-size: 1.02rem; }\n.nested { padding-left: 1.4rem; }\n";

/// The page.
///
/// - `watch`: asked while figures are drawn.
///
/// # Errors
/// If a figure cannot be drawn, or the work is to end.
pub fn page(explored: &Explored<'_>, sources: &Sources<'_>, watch: &Watch) -> Result<Vec<u8>, ChartError> {
    let drawn = Drawn::all(sources.figures, watch)?;
    let explore = explored.explore;
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            (head(if explore.question.is_empty() { explored.name } else { &explore.question }, STYLE, sources.look))
            body {
                a.skip href="#answer" { "Skip to the answer" }
                (title(explored, sources))
                main {
                    (first(explored))
                    section id="which" {
                        h2 { "Which schedule, if you do not know" }
                        (drawn.shown(&["ranking"]))
                        (parts::choices(explored))
                        (drawn.shown(&["regret"]))
                    }
                    section id="decides" {
                        h2 { "What decides the answer" }
                        (drawn.shown(&["tornado"]))
                        (parts::decides(explored))
                        (drawn.shown(&["screening"]))
                    }
                    section id="fails" {
                        h2 { "Where it fails, in words" }
                        (parts::fails(explored))
                        (drawn.shown(&["box-limits", "parallel"]))
                    }
                    section id="front" {
                        h2 { "The front" }
                        (parts::front(explored))
                        (drawn.shown(&["front"]))
                    }
                    section id="sure" {
                        h2 { "How sure, and what luck alone does" }
                        (parts::sure(explored))
                        (drawn.shown(&["coverage-density"]))
                    }
                    section id="not-tried" {
                        h2 { "What was not tried" }
                        ul { @for line in explored.not_tried.iter().chain(&explored.found.notes) { li { (line) } } }
                        @if !sources.warnings.is_empty() { (provenance::warnings(sources.warnings)) }
                        (parts::unknowns(explored))
                    }
                    details.part { summary { "The files" } (provenance::inputs("The files", "scenarios/README.md", sources.inputs)) }
                }
                footer {
                    (explored.name) " · seed " (explore.seed) " · " (explore.futures.0) " futures of " (explore.futures.1)
                    " replications · brownout " (env!("CARGO_PKG_VERSION")) " · behaviour under enforcement is assumed, not measured"
                }
                @if !sources.figures.is_empty() { (script(sources.look)) }
            }
        }
    };
    Ok(page.into_string().into_bytes())
}

fn title(explored: &Explored<'_>, sources: &Sources<'_>) -> Markup {
    let question = &explored.explore.question;
    let parts = [
        ("which", "Which schedule"),
        ("decides", "What decides"),
        ("fails", "Where it fails"),
        ("front", "The front"),
        ("sure", "How sure"),
        ("not-tried", "What was not tried"),
    ];
    html! {
        header {
            p.kicker { "brownout explore · " (explored.name) }
            h1 { @if question.is_empty() { "Which schedule, when nobody knows the parameters?" } @else { (question) } }
            @if !sources.warnings.is_empty() {
                p.warning { "This exploration has warnings: " a href="#warnings" { "read them" } " before using its numbers." }
            }
            nav aria-label="Contents" { ul { @for (id, name) in parts { li { a href={ "#" (id) } { (name) } } } } }
        }
    }
}

/// The first screen: the answer in one sentence, its chance as numbers, and what it leaves open.
fn first(explored: &Explored<'_>) -> Markup {
    let Explored { explore, found, schedules, .. } = *explored;
    html! {
        section.answer id="answer" {
            p.lead { (answer(explore, found, schedules)) }
            @if let Some(choice) = found.choices.first() {
                @let [right, wrong, open] = parts_of_hundred(choice.of_chosen());
                @let intervals = choice.of_chosen();
                div.numbers {
                    @for (number, interval, about) in [
                        (right, intervals[0], "of 100 futures: the right choice"),
                        (wrong, intervals[1], "of 100 futures: the wrong choice"),
                        (open, intervals[2], "of 100 futures: too near to be told"),
                    ] {
                        div.number {
                            b { (number) }
                            span.about { (about) }
                            span.who { "95 % interval " (of_hundred(interval.low)) " to " (of_hundred(interval.high)) }
                        }
                    }
                }
            }
            ul { @for line in beside_the_answer(explore, found, schedules) { li { (line) } } }
        }
    }
}

/// Figures drawn, to be shown where they belong.
struct Drawn<'a>(Vec<(&'a NamedFigure, pictures::Drawn)>);

impl<'a> Drawn<'a> {
    fn all(figures: &'a [NamedFigure], watch: &Watch) -> Result<Self, ChartError> {
        let draw = |named: &'a NamedFigure| {
            let alt = format!("{}. {}", named.figure.title, named.figure.subtitle);
            let figure = named.figure.clone().alt(alt);
            Ok((named, pictures::drawn(&figure, named, watch)?))
        };
        // The overview repeats what the page shows.
        figures.iter().filter(|named| named.name != "overview").map(draw).collect::<Result<_, _>>().map(Drawn)
    }

    fn shown(&self, names: &[&str]) -> Markup {
        html! {
            @for (named, drawn) in self.0.iter().filter(|(named, _)| names.contains(&named.name)) {
                (pictures::picture(&named.figure.title, named, drawn))
            }
        }
    }
}

/// A PNG of each figure, with texts that say what made it.
///
/// - `watch`: asked while figures are drawn.
///
/// # Errors
/// If a figure cannot be drawn, or the work is to end.
pub fn pngs(
    figures: &[NamedFigure],
    text: &[(String, String)],
    watch: &Watch,
) -> Result<Vec<(String, Vec<u8>)>, ChartError> {
    use rayon::prelude::*;
    let png = |named: &NamedFigure| {
        Ok((format!("{}.png", named.name), brownout_chart::png_watched(&named.figure, text, watch)?))
    };
    figures.par_iter().map(png).collect()
}
