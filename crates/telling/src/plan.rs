//! What a plan gives a team to take away: tables, pictures, a calendar, the pause commands, and one page that holds it all.
//!
//! Everything is told from a [`Story`], worked out once from the findings. Nothing here reads a clock: a plan carries the day
//! it is as of, never the day on which it was written, so the same plan gives the same bytes.

mod agenda;
mod buffers;
mod calendar;
mod commands;
mod figures;
mod former;
pub mod ics;
mod manifest;
mod memory;
mod moved;
mod mspdi;
mod page;
mod project;
mod story;
mod tables;
pub mod terminal;
pub mod together;
mod why;
mod words;

#[cfg(test)]
pub(crate) mod samples;

use rayon::prelude::*;
use serde_json::{Map, Value as Json};

use super::bundle::{Extras, OutputFile};
use super::figures::NamedFigure;
use crate::frame::{Frame, fields};
use brownout_chart::ChartError;
use brownout_kernel::watch::Watch;
use brownout_planner::Findings;
use brownout_planner::project::Project;
use brownout_reading::plan::state::STATE;
use brownout_store::manifest::{FileHash, InputFile, Nothing};
use brownout_store::write::MANIFEST;

pub use former::Former;
pub use manifest::{Done, PlanBody, PlanManifest, PlanOptions};
pub use story::{PlanRow, PlannedPause, Story};
pub use why::explained;
pub use words::{
    bounces, chance, doubts, fall_backs, finding, first_bite, left_out, lost, mean, moves, planned_against_done,
    points, quality, sharpness, without_latest,
};

/// Keys of the text chunks in every PNG of a plan.
pub mod png_keys {
    /// Name of the plan.
    pub const PLAN: &str = "brownout plan";
    /// Version of the program.
    pub const VERSION: &str = "brownout version";
    /// Master seed.
    pub const SEED: &str = "brownout seed";
    /// The first day that could still be planned.
    pub const AS_OF: &str = "brownout as of";
    /// The input files, as JSON, so that a picture alone is enough to make the plan again.
    pub const INPUTS: &str = "brownout inputs";
    /// What was said beside the plan file, as JSON; only where something was.
    pub const OPTIONS: &str = "brownout options";
}

/// All files of a plan, the manifest last.
///
/// - `extras`: every file read, the plan first, and what else the files say.
///
/// # Errors
/// [`ChartError`] if a chart cannot be drawn, or the watch of the findings' basis stops the work.
pub fn files(findings: &Findings<'_>, extras: Extras<'_>) -> Result<Vec<OutputFile>, ChartError> {
    files_under(findings, extras, &PlanOptions::default())
}

/// As [`files`], of a plan beside whose file something was said.
///
/// # Errors
/// As [`files`].
pub fn files_under(
    findings: &Findings<'_>,
    Extras { inputs, warnings, charts, look }: Extras<'_>,
    options: &PlanOptions,
) -> Result<Vec<OutputFile>, ChartError> {
    let story = Story::new(findings);
    let mut files = texts(&story, options.former.as_deref().map(Former::read).as_ref());
    let recorded = inputs.iter().map(|file| InputFile::new(file)).collect();
    let mut manifest = PlanManifest::new(PlanBody::new(&story, options), recorded, Nothing {}, warnings.to_vec());
    files.push(file(STATE, memory::state(&story, &options.used).text().into_bytes()));
    let figures = if charts { figures::all(&story) } else { Vec::new() };
    let watch = &findings.basis.watch;
    files.extend(draw(&manifest, &figures, watch)?);
    watch.check()?;
    let sources = page::Sources { inputs, options, warnings, figures: &figures, look, watch };
    files.push(file("report.html", page::page(&story, &sources)?));
    manifest.outputs = files.iter().map(|f| FileHash::of(&f.name, &f.bytes)).collect();
    files.push(file(MANIFEST, manifest.bytes()));
    Ok(files)
}

fn file(name: &str, bytes: Vec<u8>) -> OutputFile {
    OutputFile { name: name.to_owned(), bytes }
}

/// The tables of a plan, in the order of the files.
pub fn frames(story: &Story<'_>) -> Vec<Frame> {
    let all = [
        tables::plan,
        tables::pauses,
        tables::stages,
        tables::crews,
        tables::finish,
        tables::latest,
        tables::strategies,
        tables::prices,
        why::frame,
    ];
    all.into_iter()
        .map(|make| make(story))
        .chain(buffers::frame(story))
        .chain(moved::frame(story))
        .chain(tables::changes(story))
        .collect()
}

/// What is true of a plan as a whole, for its document in JSON.
///
/// - `project`: any of the plan's tenants; the fields read of it are the same in all. `said`: the finding and what it leaves in
///   doubt.
pub fn about(
    name: &str,
    project: &Project,
    (finding, doubts): (String, Vec<String>),
    warnings: &[String],
) -> Map<String, Json> {
    fields([
        ("command", "plan".into()),
        ("plan", name.into()),
        ("question", project.question.as_str().into()),
        ("answer", finding.into()),
        ("doubts", doubts.into()),
        ("warnings", warnings.into()),
        ("as_of", project.as_of.to_string().into()),
        ("horizon", project.horizon.to_string().into()),
        ("seed", project.seed.into()),
        ("replications", project.replications.into()),
    ])
}

/// The files made of words and numbers.
fn texts(story: &Story<'_>, former: Option<&Former>) -> Vec<OutputFile> {
    let tables = frames(story).into_iter().map(|frame| file(&format!("{}.csv", frame.name()), frame.csv()));
    let mut files: Vec<OutputFile> = tables.collect();
    files.push(file("plan.ics", calendar::calendar(story, former)));
    files.push(file("pauses.ps1", commands::script(story)));
    files.push(file("project.xml", project::project(story)));
    files
}

/// Every picture as PNG, with what it was made from inside, and as SVG.
fn draw(manifest: &PlanManifest, figures: &[NamedFigure], watch: &Watch) -> Result<Vec<OutputFile>, ChartError> {
    let text = png_text(manifest);
    let draw = |named: &NamedFigure| -> Result<[OutputFile; 2], ChartError> {
        let png = brownout_chart::png_watched(&named.figure, &text, watch)?;
        watch.check()?;
        let svg = brownout_chart::svg(&named.figure)?.into_bytes();
        Ok([file(&format!("{}.png", named.name), png), file(&format!("{}.svg", named.name), svg)])
    };
    let drawn: Vec<[OutputFile; 2]> = figures.par_iter().map(draw).collect::<Result<_, _>>()?;
    Ok(drawn.into_iter().flatten().collect())
}

fn png_text(manifest: &PlanManifest) -> Vec<(String, String)> {
    let (header, body) = (&manifest.header, &manifest.header.body);
    let inputs = serde_json::to_string(&header.inputs).unwrap_or_default();
    let text = [
        (png_keys::PLAN, body.plan.clone()),
        (png_keys::VERSION, header.version.clone()),
        (png_keys::SEED, body.seed.to_string()),
        (png_keys::AS_OF, body.as_of.clone()),
        (png_keys::INPUTS, inputs),
    ];
    let options = (!body.options.is_empty()).then(|| serde_json::to_string(&body.options).unwrap_or_default());
    let options = options.map(|options| (png_keys::OPTIONS, options));
    text.into_iter().chain(options).map(|(key, value)| (key.to_owned(), value)).collect()
}

#[cfg(test)]
mod tests;
