//! What a run came to: its files written, its table printed. The same for a run in one piece and for merged shards.

use std::io::{Read as _, Write};
use std::path::{Component, Path, PathBuf};

use brownout::chart::ChartError;
use brownout::experiment::target::Target;
use brownout::experiment::{Run, Shard};
use brownout::frame::Frame;
use brownout::reading::files;
use brownout::reading::load::Loaded;
use brownout::reading::recorded::Names;
use brownout::store::manifest::{Body, Fields, FileHash, InputFile, MANIFEST_MAX, Manifest};
use brownout::store::write::{Existing, MANIFEST, OutputDirectory, is_result_name};
use brownout::telling::bundle::{Extras, about, answer_frames, each_file};
use brownout::telling::terminal::Beside;
use brownout::telling::twin::Twins;
use brownout::telling::{tables, terminal, warnings};
use brownout::watch::Stopped;
use brownout::words::counted;
use clap::Args;

use super::format::{Format, FormatArguments};
use super::interrupt;
use super::run::Unknown;
use super::screen;
use super::stop::Stop;

/// Writes all files and returns how many there are.
///
/// - `keep`: keeps the work on disk if Ctrl-C is pressed meanwhile.
///
/// # Errors
/// What kept a file from being made or written; [`Stopped`] after Ctrl-C.
pub(crate) fn write(
    loaded: &Loaded,
    run: Run<'_>,
    charts: bool,
    output: OutputDirectory,
    keep: &mut dyn FnMut() -> anyhow::Result<()>,
) -> anyhow::Result<usize> {
    let found = warnings::of(run);
    found.iter().for_each(|warning| eprintln!("warning: {warning}"));
    // What is recorded does not depend on where the study was called from.
    let recorded = Names::new(&loaded.files, |_| false);
    let lines = loaded.warnings.iter().map(|problem| recorded.line(&problem.line()));
    let warnings: Vec<_> = lines.chain(found).collect();
    let inputs = recorded.files(&loaded.files);
    let mut names = Vec::new();
    let extras = Extras { inputs: &inputs, warnings: &warnings, charts, look: super::look() };
    let made = each_file::<anyhow::Error>(run, extras, &interrupt::watch(|_| {}), &mut |file| {
        interrupt::check()?;
        output.add(&file.name, &file.bytes)?;
        names.push(file.name);
        Ok(())
    });
    if made.as_ref().is_err_and(is_stop) {
        keep()?;
        return Err(Stopped.into());
    }
    made?;
    let stale = stale_files(output.path());
    let count = names.len();
    output.finish(&names, &stale)?;
    Ok(count)
}

/// Whether work ended because of Ctrl-C, between two files or while a chart was drawn.
pub(crate) fn is_stop(error: &anyhow::Error) -> bool {
    error.is::<Stopped>() || matches!(error.downcast_ref(), Some(ChartError::Stopped(_)))
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

/// The manifest in a directory, if it is of that kind.
pub(crate) fn manifest_in<B: Body>(directory: &Path) -> Option<Manifest<B>> {
    let bytes = files::read(&directory.join(MANIFEST), MANIFEST_MAX).ok()?;
    Manifest::read(&bytes).ok()
}

/// Files an earlier run wrote, as its manifest lists them.
pub(crate) fn stale_files(directory: &Path) -> Vec<String> {
    let names =
        manifest_in::<Fields>(directory).into_iter().flat_map(|package| package.outputs).map(|output| output.file);
    names.filter(|name| is_result_name(name)).collect()
}

/// Whether what is in `target` may be replaced: results of the very same work lose nothing by being written again.
///
/// - `charts`: whether the new results have pictures; those of earlier ones are not taken away unasked.
/// - `is_same`: whether `target` has the whole results of this work.
pub(crate) fn replacing(asked: Existing, target: &Path, charts: bool, is_same: impl FnOnce() -> bool) -> Existing {
    let loses_charts = || !charts && stale_files(target).iter().any(|name| name.ends_with(".png"));
    let same = asked == Existing::Refuse && !loses_charts() && is_same();
    if same { Existing::Replace } else { asked }
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
pub(crate) fn stopped(target: &Path) -> Stop {
    Stop::interrupted(how_to_go_on(target).trim_start_matches("stopped; "))
}

/// That work was stopped and is kept, and how to go on.
pub(crate) fn how_to_go_on(target: &Path) -> String {
    format!(
        "stopped; what was done is kept in {}: repeat the command with --resume, and without --force, to go on",
        target.display()
    )
}

/// A time in seconds of at most a day.
pub(crate) fn seconds(text: &str) -> Result<f64, String> {
    let number = text.parse::<f64>().ok().filter(|seconds| (0.0..=86_400.0).contains(seconds));
    number.ok_or_else(|| "expected seconds from 0 to 86400".to_owned())
}

/// How a run is told.
#[derive(Clone, Debug, Args)]
pub(crate) struct Telling {
    #[command(flatten)]
    format: FormatArguments,
    /// Print no table, no progress and no notes, only warnings and errors; JSON or CSV if asked for
    #[arg(short, long)]
    quiet: bool,
    /// Print in how many replications a measure keeps a bound, such as "lost < 5e9"; may be repeated
    #[arg(long, value_name = "MEASURE<BOUND")]
    target: Vec<Target>,
    /// Show report.html in the browser
    #[arg(long)]
    open: bool,
}

impl Telling {
    /// Has the whole program be as quiet as was asked.
    pub(crate) fn apply(&self) {
        screen::be_quiet(self.quiet);
    }

    const fn format(&self) -> Format {
        self.format.chosen()
    }

    /// Whether people are to read what is printed.
    pub(crate) fn is_for_people(&self) -> bool {
        self.format() == Format::Table
    }

    /// Whether no table is printed at all.
    pub(crate) fn is_silent(&self) -> bool {
        self.quiet && self.is_for_people()
    }
}

/// Prints the question, the tables and where the files are, as far as that is asked for.
///
/// - `precision`: whether a precision target was met, in words. `unknown`: what is not known, for programs: then it is the main table.
pub(crate) fn tell(
    run: Run<'_>,
    twins: &Twins,
    (precision, unknown): (Option<&str>, Option<&Unknown>),
    (files, directory): (usize, &Path),
    telling: &Telling,
) -> anyhow::Result<()> {
    let targets = (!telling.target.is_empty()).then(|| tables::targets(run, &telling.target));
    let targets = targets.as_ref();
    let people = || terminal::told(run, Beside { twins, precision, targets }, terminal_width());
    let mut out = screen::out();
    match telling.format() {
        Format::Table if telling.quiet => {}
        Format::Table => {
            writeln!(out, "{}", people())?;
            say!(out, "{} in {}; begin with report.html", counted(files as u64, "file"), directory.display())?;
        }
        format => {
            let beside = unknown.map(|unknown| tables::unknown(run, &unknown.spans));
            let frames: Vec<Frame> = beside.into_iter().chain(answer_frames(run)).chain(targets.cloned()).collect();
            let about = || about(run, unknown.map(Unknown::meaning));
            out.write_all(&format.written(about, &frames, people))?;
            if !telling.quiet {
                let notes = precision.map(|words| words.trim().to_owned()).into_iter();
                notes.chain(unknown.map(Unknown::meaning)).for_each(|words| eprintln!("note: {words}"));
                eprintln!("{} in {}", counted(files as u64, "file"), directory.display());
            }
        }
    }
    if telling.open {
        browse(&directory.join("report.html"));
    }
    Ok(())
}

/// Opens a page with the program that the system has for that; that there is none is no failure of the run.
fn browse(page: &Path) {
    let (program, before): (&str, &[&str]) = match std::env::consts::OS {
        "windows" => ("cmd", &["/C", "start", ""]),
        "macos" => ("open", &[]),
        _ => ("xdg-open", &[]),
    };
    let quiet = std::process::Stdio::null;
    let started = std::process::Command::new(program).args(before).arg(page).stdout(quiet()).stderr(quiet()).status();
    if !started.is_ok_and(|status| status.success()) {
        eprintln!("note: no browser could be started; open {} yourself", page.display());
    }
}

/// Columns to print in; a fixed number where that is no terminal.
pub(crate) fn terminal_width() -> Option<u16> {
    // A pipe or a file gets a table as wide as it needs to be.
    let Some(found) = super::screen::columns() else { return Some(120) };
    // A terminal that does not know its size says 0.
    let asked = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    Some(asked.or(found).filter(|&columns| columns > 0).unwrap_or(100))
}

/// Says that a shard is there and what puts all of them together.
///
/// - `how`: "is done", "was already there".
pub(crate) fn shard_told((shard, of): (Shard, &str), target: &Path, name: &str, how: &str) -> Result<(), Stop> {
    if screen::is_quiet() {
        return Ok(());
    }
    let target = target.display();
    let mut out = screen::out();
    say!(out, "shard {shard} of {of} {how}: {target}/{name}")?;
    say!(out, "when all {} are there: brownout merge {target}", shard.count())?;
    Ok(())
}
