//! All files of a run, as bytes: what `run` writes and what `verify` compares with.

use std::sync::Arc;

use rayon::prelude::*;

use super::figures::NamedFigure;
use super::manifest::{FileHash, InputFile, Manifest, hash, scenario_hash};
use super::write::MANIFEST;
use super::{Run, figures, html, tables, twin};
use crate::chart::{self, ChartError};
use crate::study::text::SourceFile;

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
    /// Mean of every measure by scenario, as JSON.
    pub const MEANS: &str = "brownout means";
    /// The input files, as JSON, so that a picture alone is enough to run the study again.
    pub const INPUTS: &str = "brownout inputs";
}

/// All files of a run, the manifest last.
///
/// - `warnings`: what was doubtful about inputs and results, for the manifest.
///
/// # Errors
/// [`ChartError`] if a chart cannot be drawn.
pub fn bundle(
    run: Run<'_>,
    inputs: &[Arc<SourceFile>],
    warnings: &[String],
    charts: bool,
) -> Result<Vec<OutputFile>, ChartError> {
    let file = |name: &str, bytes: Vec<u8>| OutputFile { name: name.to_owned(), bytes };
    let mut files = vec![
        file("summary.csv", tables::summary(run)),
        file("series.csv", tables::series(run)),
        file("survival.csv", tables::survival(run)),
        file("mail.csv", tables::mail(run)),
    ];
    if run.study.scenarios.len() > 1 {
        files.push(file("differences.csv", tables::differences(run)));
        files.push(file("fate.csv", tables::fate(run)));
    }
    if run.results.scenarios.iter().any(|results| results.exact.is_some()) {
        files.push(file("twin.csv", twin::table(run)));
    }
    let recorded = inputs.iter().map(|file| InputFile::new(file)).collect();
    let mut manifest = Manifest::new(run, recorded, warnings.to_vec());
    let figures = if charts { figures::all(run, &footer(run)) } else { Vec::new() };
    files.extend(draw(run, &manifest, &figures)?);
    let sources = html::Sources { inputs, warnings, figures: &figures };
    files.push(file("report.html", html::page(run, &sources)?));
    manifest.outputs = files.iter().map(|f| FileHash { file: f.name.clone(), blake3: hash(&f.bytes) }).collect();
    files.push(file(MANIFEST, manifest.bytes()));
    Ok(files)
}

fn draw(run: Run<'_>, manifest: &Manifest, figures: &[NamedFigure]) -> Result<Vec<OutputFile>, ChartError> {
    let text = png_text(run, manifest);
    let draw = |named: &NamedFigure| {
        let bytes = chart::png(&named.figure, &text)?;
        Ok(OutputFile { name: format!("{}.png", named.name), bytes })
    };
    figures.par_iter().map(draw).collect()
}

/// The small print under every figure.
pub fn footer(run: Run<'_>) -> String {
    let study = run.study;
    let hash = study.scenarios.first().map_or(String::new(), |scenario| scenario_hash(run, scenario));
    format!(
        "{} · seed {} · {} replications · {} to {} · brownout {} · scenario {} · behaviour under enforcement is assumed",
        study.name,
        study.seed,
        run.results.replications,
        study.start.day(),
        study.horizon.day(),
        env!("CARGO_PKG_VERSION"),
        &hash[..8.min(hash.len())]
    )
}

fn png_text(run: Run<'_>, manifest: &Manifest) -> Vec<(String, String)> {
    use png_keys::{INPUTS, MEANS, REPLICATIONS, SCENARIOS, SEED, STUDY, VERSION};
    let hashes: Vec<_> = manifest.scenarios.iter().map(|s| format!("{} {}", &s.hash[..16], s.name)).collect();
    let means: std::collections::BTreeMap<_, _> = manifest.scenarios.iter().map(|s| (&s.name, &s.means)).collect();
    let json = |value: Result<String, serde_json::Error>| value.unwrap_or_default();
    vec![
        (STUDY.to_owned(), manifest.study.clone()),
        (VERSION.to_owned(), manifest.version.clone()),
        (SEED.to_owned(), manifest.seed.to_string()),
        (REPLICATIONS.to_owned(), run.results.replications.to_string()),
        (SCENARIOS.to_owned(), hashes.join("\n")),
        (MEANS.to_owned(), json(serde_json::to_string(&means))),
        (INPUTS.to_owned(), json(serde_json::to_string(&manifest.inputs))),
    ]
}
