//! What the results rest on: assumptions, warnings, the input files in full, and how to run it again.

use std::sync::Arc;

use maud::{Markup, html};

use super::Sources;
use super::table::{Caption, Cell, Sheet, table};
use super::words::quoted;
use crate::assumptions::{Assumption, Grounds, STANDING};
use crate::frame::{Heading, Setting, Tone};
use brownout_experiment::Run;
use brownout_reading::text::{PassageKind, SourceFile, passages};
use brownout_store::manifest::{hash, scenario_hash};

/// The assumptions of the model.
pub(super) fn assumptions() -> Markup {
    let caption = Caption {
        id: "standing",
        title: "What every study with this model rests on",
        note: "Numbers of this study have their source, or the word “assumed”, in the comments of its files below.",
    };
    statements(&caption, STANDING.iter())
}

/// Statements about a model, each with what it rests on.
pub(crate) fn statements<'a>(caption: &Caption<'_>, statements: impl Iterator<Item = &'a Assumption>) -> Markup {
    let headings = [
        Heading::text("About"),
        Heading::text("Statement").set(Setting::Words),
        Heading::text("Rests on").set(Setting::Words).blank(),
    ];
    let rows = statements.map(|assumption| {
        let basis = match assumption.basis {
            Grounds::Sources(sources) => Cell::of(sources),
            Grounds::Assumed => Cell::missing().tag(Tone::Unsure, "assumed"),
            Grounds::LeftOut => Cell::missing().tag(Tone::Plain, "left out"),
        };
        [Cell::of(assumption.about), Cell::of(assumption.says), basis]
    });
    html! {
        section id="assumptions" {
            h2 { "Assumptions" }
            (table(caption, &Sheet::new("assumptions", headings).rows(rows)))
        }
    }
}

/// The files of a study or a plan, in full.
pub(crate) fn inputs(heading: &str, reference: &str, files: &[Arc<SourceFile>]) -> Markup {
    html! {
        section id="inputs" {
            h2 { (heading) }
            p { "As they were read. What they leave out has the defaults of this version, listed in " (reference) "." }
            @for file in files {
                details {
                    summary { code { (file.path) } }
                    pre tabindex="0" { code { @for (kind, text) in passages(&file.text) {
                        @if kind == PassageKind::Comment { span.comment { (text) } } @else { (text) }
                    } } }
                }
            }
        }
    }
}

/// Warnings; empty if there are none.
pub(crate) fn warnings(warnings: &[String]) -> Markup {
    html! {
        section id="warnings" {
            h2 { "Warnings of this run" }
            @if warnings.is_empty() {
                p { "None." }
            } @else {
                ul { @for warning in warnings { li { (warning) } } }
            }
        }
    }
}

/// How to get the same numbers again.
pub(super) fn reproduce(run: Run<'_>, sources: &Sources<'_>) -> Markup {
    let study = run.study;
    let path = sources.inputs.first().map_or("STUDY.ron", |file| file.path.as_str());
    let partial = run.results.partial.as_ref();
    let replications = partial.map_or(run.results.replications, |partial| partial.asked);
    let command = format!("brownout run {} --seed {} --replications {replications}", shell(path), study.seed());
    html! {
        section id="reproduce" {
            @if partial.is_some() {
                p { "These results are partial, so no single command gives them again. This gives the whole:" }
            } @else {
                p { "In the folder of the study, the same files, seed, replications and version give the same bytes, on any number of threads:" }
            }
            pre tabindex="0" { code { (command) } }
            dl {
                dt { "Version" } dd { "brownout " (env!("CARGO_PKG_VERSION")) }
                dt { "Seed" } dd { (study.seed()) }
                dt { "Replications" } dd { (run.results.replications) }
                dt { "Observed" } dd { (study.start()) " to " (study.horizon()) }
                @for file in sources.inputs { dt { "BLAKE3 of " (file.path) } dd { code { (hash(file.text.as_bytes())) } } }
                @for scenario in study.scenarios() {
                    dt { "Scenario " (quoted(&scenario.name)) } dd { code { (scenario_hash(run, scenario)) } }
                }
            }
        }
    }
}

/// A word for a shell, in quotation marks if it needs them.
pub(crate) fn shell(word: &str) -> String {
    let safe = |c: char| c.is_ascii_alphanumeric() || "/._-+=:@%".contains(c);
    if word.chars().all(safe) { word.to_owned() } else { format!("'{}'", word.replace('\'', "'\\''")) }
}
