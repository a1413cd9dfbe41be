//! All files of a run, as bytes: what `run` writes and what `verify` compares with.

use std::sync::Arc;

use rayon::prelude::*;
use serde_json::{Map, Value as Json};

use super::figures::NamedFigure;
use super::{answer, figures, html, tables, twin};
use crate::frame::{CsvRows, Frame, fields};
use brownout_chart::ChartError;
use brownout_experiment::Run;
use brownout_kernel::watch::Watch;
use brownout_reading::text::SourceFile;
use brownout_store::manifest::{FileHash, InputFile, RunManifest, scenario_hash};
use brownout_store::write::MANIFEST;

/// A file of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputFile {
    /// Name in the output directory.
    pub name: String,
    /// Content.
    pub bytes: Vec<u8>,
}

/// Keys of the text chunks in every PNG.
pub mod png_keys {
    /// Name of the study.
    pub const STUDY: &str = "brownout study";
    /// Version of the program.
    pub const VERSION: &str = "brownout version";
    /// Master seed.
    pub const SEED: &str = "brownout seed";
    /// Replications.
    pub const REPLICATIONS: &str = "brownout replications";
    /// Hashes of the scenarios, by name.
    pub const SCENARIOS: &str = "brownout scenarios";
    /// What is missing, in words; only in partial results.
    pub const PARTIAL: &str = "brownout partial";
    /// Mean of every measure by scenario, as JSON.
    pub const MEANS: &str = "brownout means";
    /// Name of the exploration, in its pictures: they carry no inputs.
    pub const EXPLORATION: &str = "brownout exploration";
    /// The input files, as JSON, so that a picture alone is enough to run the study again.
    pub const INPUTS: &str = "brownout inputs";
}

/// Charts drawn at a time: each takes some 8 MB meanwhile, and all of them take a second or two on one core.
const CHARTS_AT_ONCE: usize = 2;

/// What the files of a run, or of a plan, say beside its results.
#[derive(Clone, Copy, Debug)]
pub struct Extras<'a> {
    /// Every file read, the study first.
    pub inputs: &'a [Arc<SourceFile>],
    /// What was doubtful about inputs and results, for the manifest.
    pub warnings: &'a [String],
    /// Whether charts are drawn; the tables of their numbers are there in any case.
    pub charts: bool,
    /// How the page looks.
    pub look: html::Look<'a>,
}

/// All files of a run, the manifest last.
///
/// # Errors
/// [`ChartError`] if a chart cannot be drawn.
pub fn bundle(run: Run<'_>, extras: Extras<'_>) -> Result<Vec<OutputFile>, ChartError> {
    let mut files = Vec::new();
    each_file::<ChartError>(run, extras, &Watch::never(), &mut |file| {
        files.push(file);
        Ok(())
    })?;
    Ok(files)
}

/// As [`bundle`], but hands over each file as soon as it is made, so that they are never in memory all at once.
///
/// `watch` is asked before each table, figure and part of the page, and while charts are drawn.
///
/// # Errors
/// [`ChartError`] if a chart cannot be drawn or the work is stopped, and the first error of `keep`.
pub fn each_file<E: From<ChartError>>(
    run: Run<'_>,
    extras: Extras<'_>,
    watch: &Watch,
    keep: &mut dyn FnMut(OutputFile) -> Result<(), E>,
) -> Result<(), E> {
    let Extras { inputs, warnings, charts, look } = extras;
    let recorded = inputs.iter().map(|file| InputFile::new(file)).collect();
    let mut manifest = RunManifest::of_run(run, recorded, warnings.to_vec());
    let mut outputs = Vec::new();
    let mut hand_over = |file: OutputFile| {
        outputs.push(FileHash::of(&file.name, &file.bytes));
        keep(file)
    };
    for table in tables_of(run) {
        watch.check().map_err(ChartError::from)?;
        hand_over(table.file(run))?;
    }
    let figures = if charts { figures::all(run, &footer(run), watch).map_err(ChartError::from)? } else { Vec::new() };
    let text = png_text(run, &manifest);
    for some in figures.chunks(CHARTS_AT_ONCE) {
        draw(some, &text, watch)?.into_iter().try_for_each(&mut hand_over)?;
    }
    let sources = html::Sources { inputs, warnings, figures: &figures, look, watch };
    hand_over(OutputFile { name: "report.html".to_owned(), bytes: html::page(run, &sources)? })?;
    manifest.outputs = outputs;
    keep(OutputFile { name: MANIFEST.to_owned(), bytes: manifest.bytes() })
}

/// What makes a table of a run.
enum Table {
    /// One that answers the study's question.
    Answer(fn(Run<'_>) -> Frame),
    /// A long one, of every day or of every replication, by its name: it is never held as values.
    Long(&'static str, fn(Run<'_>) -> CsvRows),
}

impl Table {
    fn file(&self, run: Run<'_>) -> OutputFile {
        let (name, bytes) = match self {
            Table::Answer(make) => {
                let frame = make(run);
                (frame.name(), frame.csv())
            }
            Table::Long(name, make) => (*name, make(run).bytes()),
        };
        OutputFile { name: format!("{name}.csv"), bytes }
    }
}

/// The tables of a run, in the order of the files.
fn tables_of(run: Run<'_>) -> Vec<Table> {
    let mut all = vec![
        Table::Answer(tables::summary),
        Table::Long("values", tables::values),
        Table::Long("series", tables::series),
        Table::Long("survival", tables::survival),
        Table::Answer(tables::mail),
        Table::Answer(tables::pause_years),
    ];
    if run.study.scenarios().len() > 1 {
        all.extend([Table::Answer(tables::differences), Table::Answer(tables::fate)]);
    }
    if run.results.scenarios.iter().any(|results| results.exact.is_some()) {
        all.push(Table::Long("twin", twin::table));
    }
    all
}

/// The tables that answer the study's question, without the long ones.
pub fn answer_frames(run: Run<'_>) -> Vec<Frame> {
    let frame = |table| match table {
        Table::Answer(make) => Some(make(run)),
        Table::Long(..) => None,
    };
    tables_of(run).into_iter().filter_map(frame).collect()
}

/// What is true of a run as a whole, for its document in JSON.
///
/// - `unknown`: what the interval of what is not known is, in words, if it was asked for.
pub fn about(run: Run<'_>, unknown: Option<String>) -> Map<String, Json> {
    let study = run.study;
    let mut fields = fields([
        ("command", "run".into()),
        ("study", study.name().into()),
        ("question", study.question().into()),
        ("answer", answer::sentence(run).into()),
        ("seed", study.seed().into()),
        ("replications", run.results.replications.into()),
        ("interval", "95 % of the mean over replications: luck only, not what is not known".into()),
    ]);
    fields.extend(unknown.map(|unknown| ("unknown".to_owned(), unknown.into())));
    fields
}

fn draw(figures: &[NamedFigure], text: &[(String, String)], watch: &Watch) -> Result<Vec<OutputFile>, ChartError> {
    let draw = |named: &NamedFigure| {
        let bytes = brownout_chart::png_watched(&named.figure, text, watch)?;
        Ok(OutputFile { name: format!("{}.png", named.name), bytes })
    };
    figures.par_iter().with_max_len(1).map(draw).collect()
}

/// The small print under every figure.
pub fn footer(run: Run<'_>) -> String {
    let study = run.study;
    let hash = study.scenarios().first().map_or(String::new(), |scenario| scenario_hash(run, scenario));
    format!(
        "{} · seed {} · {}{} · {} to {} · brownout {} · scenario {} · behaviour under enforcement is assumed",
        study.name(),
        study.seed(),
        brownout_text::words::counted(u64::from(run.results.replications), "replication"),
        run.results.partial.as_ref().map_or(String::new(), |partial| format!(" (PARTIAL: of {})", partial.asked)),
        study.start().day(),
        study.horizon().day(),
        env!("CARGO_PKG_VERSION"),
        &hash[..8.min(hash.len())]
    )
}

fn png_text(run: Run<'_>, manifest: &RunManifest) -> Vec<(String, String)> {
    use png_keys::{INPUTS, MEANS, PARTIAL, REPLICATIONS, SCENARIOS, SEED, STUDY, VERSION};
    let (header, scenarios) = (&manifest.header, &manifest.results.scenarios);
    let hashes: Vec<_> = scenarios.iter().map(|s| format!("{} {}", &s.hash[..16], s.name)).collect();
    let means: std::collections::BTreeMap<_, _> = scenarios.iter().map(|s| (&s.name, &s.means)).collect();
    let json = |value: Result<String, serde_json::Error>| value.unwrap_or_default();
    let partial = run.results.partial.iter().map(|partial| (PARTIAL.to_owned(), partial.to_string()));
    let mut text = vec![
        (STUDY.to_owned(), header.body.study.clone()),
        (VERSION.to_owned(), header.version.clone()),
        (SEED.to_owned(), header.body.seed.to_string()),
        (REPLICATIONS.to_owned(), run.results.replications.to_string()),
        (SCENARIOS.to_owned(), hashes.join("\n")),
        (MEANS.to_owned(), json(serde_json::to_string(&means))),
        (INPUTS.to_owned(), json(serde_json::to_string(&header.inputs))),
    ];
    text.extend(partial);
    text
}
