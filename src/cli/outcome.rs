//! What a run came to: its files written, its table printed. The same for a run in one piece and for merged shards.

use std::io::{IsTerminal, Write};
use std::path::Path;

use brownout::outside::printable;
use brownout::report::bundle::{Extras, each_file};
use brownout::report::manifest::Manifest;
use brownout::report::twin::Twins;
use brownout::report::write::{MANIFEST, OutputDirectory};
use brownout::report::{Run, answer, terminal, warnings};
use brownout::study::load::Loaded;
use brownout::words::counted;

/// Writes all files and returns how many there are.
pub(crate) fn write(loaded: &Loaded, run: Run<'_>, charts: bool, output: OutputDirectory) -> anyhow::Result<usize> {
    let found = warnings::of(run);
    found.iter().for_each(|warning| eprintln!("warning: {warning}"));
    let warnings: Vec<_> = loaded.warnings.iter().map(|problem| problem.line()).chain(found).collect();
    let mut names = Vec::new();
    let extras = Extras { inputs: &loaded.files, warnings: &warnings, charts };
    each_file::<anyhow::Error>(run, extras, &mut |file| {
        output.add(&file.name, &file.bytes)?;
        names.push(file.name);
        Ok(())
    })?;
    let stale = stale_files(output.path());
    let count = names.len();
    output.finish(&names, &stale)?;
    Ok(count)
}

/// Files an earlier run wrote, as its manifest lists them.
pub(crate) fn stale_files(directory: &Path) -> Vec<String> {
    let manifest = std::fs::read(directory.join(MANIFEST)).ok();
    let manifest: Option<Manifest> = manifest.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let names = manifest.into_iter().flat_map(|manifest| manifest.outputs).map(|output| output.file);
    // A name with a path in it is not one of ours.
    names.filter(|name| Path::new(name).components().count() == 1 && !name.starts_with('.')).collect()
}

/// Prints the question, the tables and where the files are.
///
/// - `precision`: whether a wish for precision was met, in words.
pub(crate) fn print(
    run: Run<'_>,
    twins: &Twins,
    precision: Option<&str>,
    files: usize,
    target: &Path,
) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    let width = terminal_width();
    let (study, results) = (run.study, run.results);
    let columns = width.map_or(usize::MAX, usize::from).clamp(20, 100);
    writeln!(out, "{}\n", wrapped(&printable(&answer::sentence(run)), columns))?;
    writeln!(out, "{}\n", wrapped(&printable(&study.question), columns))?;
    writeln!(out, "{}", terminal::summary(run, width))?;
    writeln!(out, "{}", wrapped(&means(results.replications), columns))?;
    if let Some(table) = terminal::differences(run, width) {
        writeln!(out, "\n{table}")?;
        writeln!(out, "{}", wrapped(differences(results.replications), columns))?;
    }
    if let Some(words) = precision {
        writeln!(out, "{words}")?;
    }
    if results.scenarios.iter().any(|scenario| scenario.exact.is_some()) {
        writeln!(out, "\n{twins}")?;
    }
    writeln!(out, "\n{} in {}; begin with report.html", counted(files as u64, "file"), target.display())?;
    Ok(())
}

/// What the numbers of the summary are.
fn means(replications: u32) -> String {
    match replications {
        1 => "One replication, so there are no intervals.".to_owned(),
        n => format!("Means of {n} replications with the half-width of their 95 % interval."),
    }
}

/// What the numbers of the differences are.
fn differences(replications: u32) -> &'static str {
    match replications {
        1 => {
            "Differences in one replication: the same tenants lived under both scenarios, but one life of theirs decides nothing."
        }
        _ => {
            "Paired differences with the half-width of their 95 % interval: the same tenants lived under both scenarios."
        }
    }
}

/// Text in lines of at most so many columns.
fn wrapped(text: &str, columns: usize) -> String {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= columns => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines.join("\n")
}

/// Columns to print in; a fixed number where that is no terminal.
pub(crate) fn terminal_width() -> Option<u16> {
    // A pipe or a file gets a table as wide as it needs to be.
    if !std::io::stdout().is_terminal() {
        return Some(120);
    }
    // A terminal that does not know its size says 0.
    let asked = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let found = terminal_size::terminal_size_of(std::io::stdout()).map(|(width, _)| width.0);
    Some(asked.or(found).filter(|&columns| columns > 0).unwrap_or(100))
}
