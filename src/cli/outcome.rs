//! What a run came to: its files written, its table printed. The same for a run in one piece and for merged shards.

use std::io::{IsTerminal, Read as _, Write};
use std::path::{Component, Path, PathBuf};

use brownout::files;
use brownout::outside::printable;
use brownout::report::bundle::{Extras, each_file};
use brownout::report::manifest::{FileHash, InputFile, MANIFEST_MAX, Package};
use brownout::report::twin::Twins;
use brownout::report::write::{MANIFEST, OutputDirectory, is_result_name};
use brownout::report::{Run, answer, terminal, warnings};
use brownout::study::load::Loaded;
use brownout::study::recorded::Names;
use brownout::words::counted;

use super::interrupt::STOPPED;
use super::screen;

/// Writes all files and returns how many there are.
pub(crate) fn write(loaded: &Loaded, run: Run<'_>, charts: bool, output: OutputDirectory) -> anyhow::Result<usize> {
    let found = warnings::of(run);
    found.iter().for_each(|warning| eprintln!("warning: {warning}"));
    // What is recorded does not depend on where the study was called from.
    let recorded = Names::new(&loaded.files, |_| false);
    let lines = loaded.warnings.iter().map(|problem| recorded.line(&problem.line()));
    let warnings: Vec<_> = lines.chain(found).collect();
    let inputs = recorded.files(&loaded.files);
    let mut names = Vec::new();
    let extras = Extras { inputs: &inputs, warnings: &warnings, charts };
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

/// Where results go: where they were asked for, else in `output/` under the name of the study or plan.
///
/// # Errors
/// In words, if the name is none for a folder: `..` would lead out of `output/`.
pub(crate) fn target(out: Option<&PathBuf>, name: &str) -> Result<PathBuf, String> {
    let mut parts = Path::new(name).components();
    match (out, parts.next(), parts.next()) {
        (Some(out), ..) => Ok(out.clone()),
        (None, Some(Component::Normal(part)), None) if part == name => Ok(Path::new("output").join(name)),
        _ => Err(format!("\"{name}\" cannot be the name of a folder in output/; say where results go with --out DIR")),
    }
}

/// The inputs of a study as they are recorded.
pub(crate) fn recorded_inputs(loaded: &Loaded) -> Vec<InputFile> {
    let names = Names::new(&loaded.files, |_| false);
    names.files(&loaded.files).iter().map(|file| InputFile::new(file)).collect()
}

/// Files an earlier run wrote, as its manifest lists them.
pub(crate) fn stale_files(directory: &Path) -> Vec<String> {
    let manifest = files::read(&directory.join(MANIFEST), MANIFEST_MAX).ok();
    let package: Option<Package> = manifest.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let names = package.into_iter().flat_map(|package| package.outputs).map(|output| output.file);
    names.filter(|name| is_result_name(name)).collect()
}

/// Whether every file in `target` has the bytes that are listed.
pub(crate) fn are_whole(target: &Path, listed: &[FileHash]) -> bool {
    listed.iter().all(|file| is_whole(target, file))
}

/// Whether a file has the bytes that its manifest lists; read piece by piece, however large it is.
fn is_whole(target: &Path, file: &FileHash) -> bool {
    let hashed = || -> Option<String> {
        let name = Some(&file.file).filter(|name| is_result_name(name))?;
        let (opened, length) = files::open(&target.join(name)).ok()?;
        let mut hasher = blake3::Hasher::new();
        hasher.update_reader(opened.take(length)).ok()?;
        Some(hasher.finalize().to_hex().to_string())
    };
    hashed().is_some_and(|hash| hash == file.blake3)
}

/// Says how to go on with work that was stopped.
pub(crate) fn stopped(target: &Path) -> u8 {
    eprintln!("{}", how_to_go_on(target));
    STOPPED
}

/// That work was stopped and is kept, and how to go on.
pub(crate) fn how_to_go_on(target: &Path) -> String {
    format!("stopped; what was done is kept in {}: repeat the command with --resume to go on", target.display())
}

/// A time in seconds of at most a day.
pub(crate) fn seconds(text: &str) -> Result<f64, String> {
    let number = text.parse::<f64>().ok().filter(|seconds| (0.0..=86_400.0).contains(seconds));
    number.ok_or_else(|| "expected seconds from 0 to 86400".to_owned())
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
    let mut out = screen::out();
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
    writeln!(out)?;
    say!(out, "{} in {}; begin with report.html", counted(files as u64, "file"), target.display())?;
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
pub(crate) fn wrapped(text: &str, columns: usize) -> String {
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
