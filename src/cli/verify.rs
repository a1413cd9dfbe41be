//! `brownout verify`: run recorded results again and compare.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use brownout::chart::read_png_text;
use brownout::experiment::{Results, Runner};
use brownout::report::bundle::{Extras, OutputFile, bundle, png_keys};
use brownout::report::differ::{Mismatch, mismatches};
use brownout::report::manifest::{InputFile, Manifest, hash};
use brownout::report::write::MANIFEST;
use brownout::report::{Run, warnings};
use brownout::study::problem::Problem;
use brownout::study::recorded::compose_recorded;
use clap::Args;

use super::progress::progress_bar;
use super::{DONE, FAILED, REFUSED};

/// Run recorded results again and say whether every byte is the same
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  brownout verify output/quickstart              every file of a run
  brownout verify output/quickstart/mail-lost.png  a picture alone; it carries its study

Exit codes: 0 identical, 1 different, 2 not something brownout wrote.")]
pub(crate) struct VerifyArguments {
    /// Directory of a run, or one of its pictures
    #[arg(value_name = "DIR|PNG")]
    results: PathBuf,
}

/// What was recorded about a run.
struct Record {
    version: String,
    seed: u64,
    replications: u32,
    inputs: Vec<InputFile>,
    /// Files to compare; `None` for those that are missing.
    files: Vec<(String, Option<Vec<u8>>)>,
    charts: bool,
}

pub(crate) fn verify(arguments: &VerifyArguments) -> anyhow::Result<u8> {
    let path = &arguments.results;
    let record = match if path.is_dir() { read_directory(path) } else { read_picture(path) } {
        Ok(record) => record,
        Err(message) => {
            eprintln!("error: {message}");
            return Ok(REFUSED);
        }
    };
    if record.version != env!("CARGO_PKG_VERSION") {
        eprintln!("warning: recorded by version {}, verified by {}", record.version, env!("CARGO_PKG_VERSION"));
    }
    let mut out = std::io::stdout().lock();
    let recomputed = match recompute(&record)? {
        Ok(files) => files,
        Err(message) => {
            writeln!(out, "different: {message}")?;
            return Ok(FAILED);
        }
    };
    let compared: Vec<OutputFile> =
        recomputed.into_iter().filter(|file| record.files.iter().any(|(name, _)| *name == file.name)).collect();
    let found = mismatches(&record.files, &compared);
    if found.is_empty() && compared.len() == record.files.len() {
        writeln!(out, "identical: {} of {} files are what the recorded inputs give", compared.len(), compared.len())?;
        return Ok(DONE);
    }
    for Mismatch { file, place, recorded, recomputed } in &found {
        writeln!(out, "different: {file}: {place}: recorded {recorded}, recomputed {recomputed}")?;
    }
    for (name, _) in record.files.iter().filter(|(name, _)| compared.iter().all(|file| file.name != *name)) {
        writeln!(out, "different: {name}: a run of the recorded inputs does not write it")?;
    }
    Ok(FAILED)
}

/// Why partial results are refused.
const PARTIAL: &str = "of a partial result, which no run gives by itself; merge all shards, then verify";

/// Largest file of a run that is read.
const FILE_MAX: u64 = 1 << 28;

/// Reads a file of a sane size.
fn read_at_most(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::fs::File::open(path)?.take(FILE_MAX + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > FILE_MAX {
        return Err(std::io::Error::other("larger than 256 MiB, which no file of a run is"));
    }
    Ok(bytes)
}

/// What tells the manifest of a plan from that of a run.
#[derive(serde::Deserialize)]
struct OfPlan {
    plan: String,
}

fn read_directory(path: &Path) -> Result<Record, String> {
    let manifest_path = path.join(MANIFEST);
    let shown = manifest_path.display();
    let bytes = read_at_most(&manifest_path).map_err(|error| {
        format!(
            "cannot read {shown}: {}; name a directory that `brownout run` wrote",
            brownout::study::load::reason(&error)
        )
    })?;
    if let Ok(OfPlan { plan }) = serde_json::from_slice(&bytes) {
        return Err(format!(
            "{shown} is of the plan \"{plan}\", and verify runs studies again; make the plan again from the inputs recorded \
             there with `brownout plan`, and compare the directories: equal inputs give equal bytes"
        ));
    }
    let manifest: Manifest = serde_json::from_slice(&bytes).map_err(|error| format!("{shown} is damaged: {error}"))?;
    if manifest.partial.is_some() {
        return Err(format!("{shown} is {PARTIAL}"));
    }
    let names = manifest.outputs.iter().map(|output| output.file.clone());
    let files = names.chain([MANIFEST.to_owned()]).map(|name| {
        let bytes = read_at_most(&path.join(&name)).ok();
        (name, bytes)
    });
    Ok(Record {
        version: manifest.version,
        seed: manifest.seed,
        replications: manifest.replications,
        charts: manifest.outputs.iter().any(|output| output.file.ends_with(".png")),
        files: files.collect(),
        inputs: manifest.inputs,
    })
}

fn read_picture(path: &Path) -> Result<Record, String> {
    let shown = path.display();
    let bytes = read_at_most(path)
        .map_err(|error| format!("cannot read {shown}: {}", brownout::study::load::reason(&error)))?;
    let text = read_png_text(&bytes).map_err(|error| format!("{shown}: {error}"))?;
    let value = |key: &str| {
        let found = text.iter().find(|(k, _)| k == key).map(|(_, value)| value.as_str());
        found.ok_or_else(|| format!("{shown} was not drawn by `brownout run`: it has no \"{key}\""))
    };
    if value(png_keys::PARTIAL).is_ok() {
        return Err(format!("{shown} is {PARTIAL}"));
    }
    let number = |key: &str| value(key)?.parse::<u64>().map_err(|_| format!("{shown}: \"{key}\" is not a number"));
    let inputs = serde_json::from_str(value(png_keys::INPUTS)?).map_err(|error| format!("{shown}: {error}"))?;
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    Ok(Record {
        version: value(png_keys::VERSION)?.to_owned(),
        seed: number(png_keys::SEED)?,
        replications: number(png_keys::REPLICATIONS)? as u32,
        inputs,
        files: vec![(name, Some(bytes))],
        charts: true,
    })
}

/// Runs the recorded inputs; the inner error says what is wrong with them.
fn recompute(record: &Record) -> anyhow::Result<Result<Vec<OutputFile>, String>> {
    for input in &record.inputs {
        if hash(input.text.as_bytes()) != input.blake3 {
            return Ok(Err(format!("the recorded input {} does not have its recorded hash", input.file)));
        }
    }
    let files: Vec<_> = record.inputs.iter().map(InputFile::source).collect();
    let (mut study, warnings) = match compose_recorded(&files) {
        Ok(composed) => composed,
        Err(message) => return Ok(Err(message)),
    };
    if !(1..=100_000).contains(&record.replications) {
        return Ok(Err(format!("the recorded number of replications is {}, not 1 to 100000", record.replications)));
    }
    (study.seed, study.replications) = (record.seed, record.replications);
    let runner = Runner::new(&study);
    let bar = progress_bar(runner.tenant_count() * u64::from(study.replications));
    let results = Results::run(&runner, study.replications, &|tenants| bar.inc(tenants));
    bar.finish_and_clear();
    let run = Run { study: &study, results: &results };
    let warnings: Vec<_> = warnings.iter().map(Problem::line).chain(warnings::of(run)).collect();
    let extras = Extras { inputs: &files, warnings: &warnings, charts: record.charts };
    Ok(Ok(bundle(run, extras).context("cannot draw the charts")?))
}
