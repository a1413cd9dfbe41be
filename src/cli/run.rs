//! `brownout run`: simulate a study, print its table, write its files.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use brownout::chart;
use brownout::experiment::{Results, Runner};
use brownout::report::figures::NamedFigure;
use brownout::report::html;
use brownout::report::manifest::{FileHash, Manifest, hash};
use brownout::report::write::{MANIFEST, OutputDirectory};
use brownout::report::{Run, figures, tables, terminal, warnings};
use brownout::study::load::{Loaded, load};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use rayon::prelude::*;

use super::{DONE, FAILED, REFUSED, problems};

/// Simulate a study: a summary table on standard output, files and charts in output/<study>/
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  brownout run scenarios/quickstart.ron
  brownout run scenarios/exchange-2026.ron --replications 100 --out results/2026 --force
  brownout run my-study.ron --seed 7 --threads 2

Files written: manifest.json, summary.csv, series.csv, survival.csv, mail.csv, differences.csv, fate.csv,
report.html (everything on one page) and PNG charts.
The same study, seed and version give the same bytes, whatever the number of threads.")]
pub(crate) struct RunArguments {
    /// The study file
    study: PathBuf,
    /// Directory for the results [default: output/<study>]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Replications, instead of what the study says
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    replications: Option<u32>,
    /// Master seed, instead of what the study says
    #[arg(long, value_name = "S")]
    seed: Option<u64>,
    /// Threads; results do not depend on it [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Replace results that are already there
    #[arg(long)]
    force: bool,
    /// Write no charts
    #[arg(long)]
    no_charts: bool,
}

pub(crate) fn run(arguments: &RunArguments) -> anyhow::Result<u8> {
    let mut loaded = match load(&arguments.study) {
        Ok(loaded) => loaded,
        Err(error) => {
            problems::show(&error.problems);
            return Ok(REFUSED);
        }
    };
    problems::show(&loaded.warnings);
    loaded.study.seed = arguments.seed.unwrap_or(loaded.study.seed);
    loaded.study.replications = arguments.replications.unwrap_or(loaded.study.replications);
    let target = arguments.out.clone().unwrap_or_else(|| Path::new("output").join(&loaded.study.name));
    let output = match OutputDirectory::prepare(&target, arguments.force) {
        Ok(output) => output,
        Err(error) => {
            eprintln!("error: {error}");
            return Ok(FAILED);
        }
    };
    let threads = arguments.threads.map_or(0, usize::from);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().context("cannot start threads")?;
    pool.install(|| simulate_and_write(&loaded, arguments, output))
}

fn simulate_and_write(loaded: &Loaded, arguments: &RunArguments, output: OutputDirectory) -> anyhow::Result<u8> {
    let study = &loaded.study;
    let runner = Runner::new(study);
    let bar = progress_bar(runner.tenant_count() * u64::from(study.replications));
    let results = Results::run(study, &runner, study.replications, &|tenants| bar.inc(tenants));
    bar.finish_and_clear();
    let run = Run { study, results: &results };
    let names = write(loaded, run, arguments, output)?;
    let mut out = std::io::stdout().lock();
    let width = terminal_width();
    writeln!(out, "{}\n", study.question)?;
    writeln!(out, "{}", terminal::summary(run, width))?;
    writeln!(out, "Means of {} replications, each with the half-width of its 95 % interval.", results.replications)?;
    if let Some(table) = terminal::differences(run, width) {
        writeln!(out, "\n{table}")?;
        writeln!(
            out,
            "Paired differences, each with the half-width of its 95 % interval: the same tenants lived under both scenarios."
        )?;
    }
    let target = arguments.out.clone().unwrap_or_else(|| Path::new("output").join(&study.name));
    writeln!(out, "\n{} files in {}; begin with report.html", names.len(), target.display())?;
    Ok(DONE)
}

fn terminal_width() -> Option<u16> {
    // A pipe or a file gets a table as wide as it needs to be.
    if !std::io::stdout().is_terminal() {
        return Some(120);
    }
    Some(console_columns().unwrap_or(100))
}

fn console_columns() -> Option<u16> {
    std::env::var("COLUMNS").ok()?.parse().ok()
}

fn progress_bar(tenants: u64) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(tenants);
    let style = "{bar:40.blue} {percent}% of {human_len} tenants, {per_sec}, {eta} left";
    if let Ok(style) = ProgressStyle::with_template(style) {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

/// Writes all files and returns their names.
fn write(
    loaded: &Loaded,
    run: Run<'_>,
    arguments: &RunArguments,
    output: OutputDirectory,
) -> anyhow::Result<Vec<String>> {
    let mut files: Vec<(String, Vec<u8>)> = vec![
        ("summary.csv".to_owned(), tables::summary(run)),
        ("series.csv".to_owned(), tables::series(run)),
        ("survival.csv".to_owned(), tables::survival(run)),
        ("mail.csv".to_owned(), tables::mail(run)),
    ];
    if run.study.scenarios.len() > 1 {
        files.push(("differences.csv".to_owned(), tables::differences(run)));
        files.push(("fate.csv".to_owned(), tables::fate(run)));
    }
    let figures = if arguments.no_charts { Vec::new() } else { figures::all(run, &footer(run)) };
    files.extend(draw(run, &figures)?);
    let found = warnings::of(run);
    found.iter().for_each(|warning| eprintln!("warning: {warning}"));
    let warnings: Vec<String> = loaded.warnings.iter().map(|problem| problem.line()).chain(found).collect();
    let sources = html::Sources { inputs: &loaded.files, warnings: &warnings, figures: &figures };
    files.push(("report.html".to_owned(), html::page(run, &sources).context("cannot draw a figure of report.html")?));
    let hashes = files.iter().map(|(name, bytes)| FileHash { file: name.clone(), blake3: hash(bytes) }).collect();
    let inputs =
        loaded.files.iter().map(|f| FileHash { file: f.path.clone(), blake3: hash(f.text.as_bytes()) }).collect();
    files.push((MANIFEST.to_owned(), Manifest::new(run, inputs, warnings, hashes).bytes()));
    for (name, bytes) in &files {
        output.add(name, bytes)?;
    }
    let names: Vec<String> = files.into_iter().map(|file| file.0).collect();
    let stale = stale_files(output.path());
    output.finish(&names, &stale)?;
    Ok(names)
}

/// Files an earlier run wrote, as its manifest lists them.
fn stale_files(directory: &Path) -> Vec<String> {
    let manifest = std::fs::read(directory.join(MANIFEST)).ok();
    let manifest: Option<Manifest> = manifest.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let names = manifest.into_iter().flat_map(|manifest| manifest.outputs).map(|output| output.file);
    // A name with a path in it is not one of ours.
    names.filter(|name| Path::new(name).components().count() == 1 && !name.starts_with('.')).collect()
}

/// Study, seed, replications and version, as they stand under every figure.
fn footer(run: Run<'_>) -> String {
    let study = run.study;
    format!(
        "{} · seed {} · {} replications · {} to {} · brownout {} · behaviour under enforcement is assumed, not measured",
        study.name,
        study.seed,
        run.results.replications,
        study.start.day(),
        study.horizon.day(),
        env!("CARGO_PKG_VERSION")
    )
}

fn draw(run: Run<'_>, figures: &[NamedFigure]) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
    let study = run.study;
    let text = [
        ("study".to_owned(), study.name.clone()),
        ("seed".to_owned(), study.seed.to_string()),
        ("replications".to_owned(), run.results.replications.to_string()),
        ("version".to_owned(), env!("CARGO_PKG_VERSION").to_owned()),
    ];
    let draw = |named: &NamedFigure| {
        let bytes = chart::png(&named.figure, &text).with_context(|| format!("cannot draw {}.png", named.name))?;
        Ok((format!("{}.png", named.name), bytes))
    };
    figures.par_iter().map(draw).collect()
}
