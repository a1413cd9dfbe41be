//! `brownout jobs`: ready files for engines that share out shards.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use brownout::experiment::part::SHARDS_MAX;
use brownout::explore::file::is_exploration;
use brownout::reading::files::reason;
use brownout::reading::load::{Reading, load};
use brownout::reading::text::SourceFile;
use brownout::store::jobs::{Engine, INPUTS, Job, file, layout};
use brownout::store::write::write_file;
use brownout::words::counted;
use clap::Args;

use super::explore::ask::PreparedExploration;
use super::stop::Stop;
use super::{outcome, problems, screen};

/// Write job files with which a cluster or a workflow engine does the shards of a run or an exploration
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  brownout jobs study.ron --shards 64 --engine slurm             then: cd output/study-jobs; sbatch shards.sbatch
  brownout jobs question.ron --shards 16 --engine dask --out work    then: python3 work/shards.py --scheduler tcp://HOST:8786

Engines: dask (Python, no shared folder), slurm, kubernetes, hyperqueue, parallel (GNU), snakemake. The folder holds copies of
every input file and one file for the engine, which says at its top how it is used. brownout schedules nothing itself.")]
pub(crate) struct JobsArguments {
    /// A study, which is run, or an exploration
    file: PathBuf,
    /// How many shards
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=i64::from(SHARDS_MAX)))]
    shards: u32,
    /// Which engine
    #[arg(long, value_name = "ENGINE", value_parser = engine)]
    engine: Engine,
    /// Directory for the files; it must not be there yet [default: output/<name>-jobs]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

fn engine(text: &str) -> Result<Engine, String> {
    let keys = Engine::ALL.map(Engine::key).join(", ");
    Engine::ALL.into_iter().find(|engine| engine.key() == text).ok_or_else(|| format!("expected one of {keys}"))
}

pub(crate) fn jobs(arguments: &JobsArguments) -> Result<(), Stop> {
    let asked = match read(&arguments.file) {
        Ok(asked) => asked,
        Err(found) => {
            problems::show(&found);
            return Err(Stop::REFUSED);
        }
    };
    let refused = |words: String| Err(Stop::Refused(words.to_string()));
    let inputs = match inputs(&asked.files) {
        Ok(inputs) => inputs,
        Err(words) => return refused(words),
    };
    let job = Job { command: asked.command, name: &asked.name, shards: arguments.shards, inputs: &inputs };
    let (name, start, text) = match file(arguments.engine, job) {
        Ok(made) => made,
        Err(error) => return refused(error.to_string()),
    };
    let target = match outcome::target(arguments.out.as_ref(), &format!("{}-jobs", asked.name)) {
        Ok(target) => target,
        Err(words) => return refused(words),
    };
    if target.symlink_metadata().is_ok() {
        eprintln!("error: {} is there already; remove it, or choose another --out", target.display());
        return Err(Stop::FAILED);
    }
    let mut files: Vec<(String, &str)> =
        inputs.iter().map(|(path, text)| (format!("{INPUTS}/{path}"), text.as_str())).collect();
    files.push((name.to_owned(), &text));
    write(&target, &files)?;
    let (mut out, shown) = (screen::out(), target.display());
    let shards = counted(u64::from(arguments.shards), "shard");
    say!(out, "{shards} of {} for {}: {shown}/{name}", asked.name, arguments.engine.key())?;
    say!(out, "to start: cd {shown}; {start}")?;
    Ok(())
}

/// What is to be shared out.
struct Whole {
    command: &'static str,
    name: String,
    /// All files; the one that is asked for first.
    files: Vec<Arc<SourceFile>>,
}

/// Reads and checks a study or an exploration: what is wrong is told now, and not by every shard.
fn read(path: &Path) -> Result<Whole, Vec<brownout::reading::problem::Problem>> {
    let first = Reading::begin(path).map_err(|problem| vec![problem])?.file();
    if is_exploration(&first.text) {
        let asked = PreparedExploration::read(path, None)?;
        problems::show(&asked.warnings);
        let files = std::iter::once(asked.file).chain(asked.files).collect();
        return Ok(Whole { command: "explore", name: asked.name, files });
    }
    let loaded = load(path).map_err(|error| error.problems)?;
    problems::show(&loaded.warnings);
    if let Some(precision) = loaded.study.precision() {
        return Err(vec![super::run::no_shards_with(path, precision)]);
    }
    Ok(Whole { command: "run", name: loaded.study.name().to_owned(), files: loaded.files })
}

/// The files with the places they get, or why other machines could not find them there.
fn inputs(files: &[Arc<SourceFile>]) -> Result<Vec<(String, String)>, String> {
    let whole = |file: &Arc<SourceFile>| {
        std::path::absolute(&file.path).map_err(|error| format!("{}: {}", file.path, reason(&error)))
    };
    let paths = files.iter().map(whole).collect::<Result<Vec<_>, _>>()?;
    // A file that is not where its path says without links would not be found in a copy.
    let first = files.first().map_or("", |file| file.path.as_str());
    let is_absolute = |file: &&Arc<SourceFile>| Path::new(&file.path).is_absolute() && !Path::new(first).is_absolute();
    let named: Vec<String> = files.iter().filter(is_absolute).map(|file| file.path.clone()).collect();
    let places = layout(&paths, &named).map_err(|error| error.to_string())?;
    Ok(places.into_iter().zip(files).map(|(place, file)| (place, file.text.clone())).collect())
}

/// Writes all files to a new folder that gets its name when it is whole.
fn write(target: &Path, files: &[(String, &str)]) -> anyhow::Result<()> {
    let failed = |path: &Path, error: std::io::Error| {
        anyhow::anyhow!("cannot write {}: {}; choose another --out", path.display(), reason(&error))
    };
    let parent = target.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    std::fs::create_dir_all(parent).map_err(|error| failed(parent, error))?;
    let folder = tempfile::Builder::new().prefix(".unfinished-jobs-").tempdir_in(parent);
    let folder = folder.map_err(|error| failed(target, error))?;
    for (name, text) in files {
        let path = folder.path().join(name);
        let above = path.parent().unwrap_or(parent);
        std::fs::create_dir_all(above).map_err(|error| failed(above, error))?;
        write_file(&path, text.as_bytes())?;
    }
    std::fs::rename(folder.path(), target).map_err(|error| failed(target, error))?;
    let _ = folder.keep();
    // The folder was ours alone while it was made.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let _ = std::fs::set_permissions(target, std::fs::Permissions::from_mode(0o755));
    }
    Ok(())
}
