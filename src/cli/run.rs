//! `brownout run`: simulate a study, print its table, write its files.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use brownout::experiment::precision::{REPLICATIONS_MAX, Reached, Wish, extend_until};
use brownout::experiment::{Precision, Results, Runner};
use brownout::report::bundle::bundle;
use brownout::report::manifest::Manifest;
use brownout::report::write::{MANIFEST, OutputDirectory};
use brownout::report::{Run, terminal, twin, warnings};
use brownout::study::load::{Loaded, load};
use clap::Args;

use super::progress::progress_bar;
use super::{DONE, FAILED, REFUSED, problems};

/// Simulate a study: a summary table on standard output, files and charts in output/<study>/
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  brownout run scenarios/quickstart.ron
  brownout run scenarios/exchange-2026.ron --replications 100 --out results/2026 --force
  brownout run my-study.ron --seed 7 --threads 2
  brownout run scenarios/quickstart.ron --precision lost:1%

Files written: report.html (everything on one page), manifest.json, summary.csv, series.csv, survival.csv, mail.csv,
differences.csv, fate.csv, PNG charts, and twin.csv where a scenario has an exact solution. If the simulation strays from
it further than chance allows, the run fails.
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
    /// Add replications until a difference is known to this half-width, such as lost:2% or median_days:0.5
    #[arg(long, value_name = "MEASURE:WIDTH")]
    precision: Option<Precision>,
    /// Most replications that --precision may run [default: 1000]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    max_replications: Option<u32>,
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
    let replications = arguments.replications.unwrap_or(loaded.study.replications);
    if let Some(most) = arguments.max_replications.filter(|most| *most < replications) {
        eprintln!("error: --max-replications {most} is less than the {replications} replications that are run anyway");
        return Ok(REFUSED);
    }
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
    let precision = arguments.precision.or(study.precision);
    let most = arguments.max_replications.or(study.replications_max).unwrap_or(REPLICATIONS_MAX);
    let mut results = Results::new(&runner, precision.map_or(study.replications, |_| most.max(study.replications)));
    results.extend(&runner, study.replications, &|tenants| bar.inc(tenants));
    let reached = precision.map(|precision| {
        bar.set_length(runner.tenant_count() * u64::from(most));
        let wish = Wish { precision, own: study.replications, most };
        extend_until(&mut results, &runner, &wish, &|tenants| bar.inc(tenants), &mut |_| anyhow::Ok(()))
    });
    let reached = reached.transpose()?;
    bar.finish_and_clear();
    let run = Run { study, results: &results };
    let twins = twin::check(run)?;
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
    if let Some((precision, reached)) = precision.zip(reached) {
        writeln!(out, "{}", precision_words(&precision, &reached, results.replications))?;
    }
    if run.results.scenarios.iter().any(|scenario| scenario.exact.is_some()) {
        writeln!(out, "\n{twins}")?;
    }
    let target = arguments.out.clone().unwrap_or_else(|| Path::new("output").join(&study.name));
    writeln!(out, "\n{} files in {}; begin with report.html", names.len(), target.display())?;
    Ok(DONE)
}

/// Whether the precision asked for was reached, in words.
fn precision_words(precision: &Precision, reached: &Reached, replications: u32) -> String {
    let key = precision.measure.key();
    let number =
        |value: Option<f64>| value.map_or_else(|| "undefined".to_owned(), |value| brownout::chart::value(value, ""));
    let (width, wanted) = (number(reached.half_width), number(reached.wanted));
    if reached.met {
        format!(
            "\nPrecision reached: {key} is known to \u{b1} {width} (asked for {wanted}) after {replications} replications."
        )
    } else {
        format!(
            "\nPrecision NOT reached: {key} is known to \u{b1} {width} (asked for {wanted}) after {replications} \
             replications, the most allowed; raise --max-replications or ask for less."
        )
    }
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

/// Writes all files and returns their names.
fn write(
    loaded: &Loaded,
    run: Run<'_>,
    arguments: &RunArguments,
    output: OutputDirectory,
) -> anyhow::Result<Vec<String>> {
    let found = warnings::of(run);
    found.iter().for_each(|warning| eprintln!("warning: {warning}"));
    let warnings: Vec<_> = loaded.warnings.iter().map(|problem| problem.line()).chain(found).collect();
    let files = bundle(run, &loaded.files, &warnings, !arguments.no_charts).context("cannot draw the charts")?;
    for file in &files {
        output.add(&file.name, &file.bytes)?;
    }
    let names: Vec<String> = files.into_iter().map(|file| file.name).collect();
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
