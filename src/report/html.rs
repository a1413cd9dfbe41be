//! `report.html`: a run in one file, for people who have nothing else.
//!
//! The page needs no network and runs no script; its fonts and figures are inside. It has two colour schemes, fits a phone
//! and prints. The same run gives the same bytes. What it says is computed from the study and its results; nothing is
//! recommended that the numbers do not carry.

mod answer;
pub(super) mod basis;
mod fate;
mod mail;
pub(super) mod pictures;
mod results;
mod scenarios;
mod standing;
pub(super) mod table;
mod weighing;
mod words;

use std::sync::Arc;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::Run;
use super::figures::NamedFigure;
use crate::chart::{ChartError, FONTS};
use crate::study::text::SourceFile;

/// What the page shows beside study and results.
#[derive(Clone, Copy, Debug)]
pub struct Sources<'a> {
    /// Every file read, the study first.
    pub inputs: &'a [Arc<SourceFile>],
    /// Valid but doubtful things.
    pub warnings: &'a [String],
    /// The figures; may be empty.
    pub figures: &'a [NamedFigure],
}

/// The page.
///
/// # Errors
/// If a figure cannot be drawn.
pub fn page(run: Run<'_>, sources: &Sources<'_>) -> Result<Vec<u8>, ChartError> {
    let figures = pictures::section(run, sources.figures)?;
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            (head(&run.study.question, ""))
            body {
                a.skip href="#answer" { "Skip to the answer" }
                (title(run, sources))
                main {
                    (answer::section(run))
                    (scenarios::section(run))
                    (results::section(run))
                    (results::differences_section(run))
                    (fate::section(run))
                    (results::groups_section(run))
                    (figures)
                    (mail::section(run))
                    (basis::assumptions())
                    (basis::inputs("The study's files", "scenarios/README.md", sources.inputs))
                    (basis::reproduce(run, sources))
                    (basis::warnings(sources.warnings))
                }
                footer {
                    (run.study.name) " · seed " (run.study.seed) " · " (run.results.replications) " replications · brownout "
                    (env!("CARGO_PKG_VERSION")) " · behaviour under enforcement is assumed, not measured"
                }
            }
        }
    };
    Ok(page.into_string().into_bytes())
}

/// Nothing may be fetched and nothing may run, whatever stands in the page.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; font-src data:";

/// The head of a page with this title and, if need be, further looks: fonts and all inside, nothing to fetch.
pub(super) fn head(title: &str, style: &str) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            meta http-equiv="Content-Security-Policy" content=(POLICY);
            meta name="generator" content={ "brownout " (env!("CARGO_PKG_VERSION")) };
            title { (title) }
            style { (PreEscaped(fonts())) (PreEscaped(include_str!("html/style.css"))) (PreEscaped(style)) }
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
    let mut parts = vec![("scenarios", "Scenarios"), ("results", "Results")];
    if run.study.scenarios.len() > 1 {
        parts.extend([("differences", "Differences"), ("fate", "Fate")]);
    }
    if !sources.figures.is_empty() {
        parts.push(("figures", "Figures"));
    }
    parts.extend([("mail", "Mail by stage"), ("assumptions", "Assumptions"), ("reproduce", "How to reproduce")]);
    html! {
        header {
            p.kicker { "brownout · " (run.study.name) " · " (run.study.start.day()) " to " (run.study.horizon.day()) }
            h1 { (run.study.question) }
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
