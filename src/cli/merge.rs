//! `brownout merge`: shards put together to the results that one run would have given.

mod missing;

use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use brownout::experiment::Run;
use brownout::experiment::results::Partial;
use brownout::experiment::{Results, Runner};
use brownout::reading::files::reason;
use brownout::reading::load::Loaded;
use brownout::reading::recorded::compose_recorded;
use brownout::store::manifest::{InputFile, PackageKind};
use brownout::store::shard::set::{arrange, refuse_missing};
use brownout::store::shard::{ENDING, ShardBody, ShardHeader};
use brownout::store::write::{Existing, OutputDirectory, kind_of, open_parts};
use brownout::telling::twin;
use brownout::watch::Stopped;
use clap::Args;

use super::explore::merge as points;
use super::stop::Stop;
use super::{interrupt, outcome};

/// Put the shards of a run or an exploration together: gives the same files, byte for byte, as doing it undivided
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  brownout merge shards                          every .shard file in a directory, results in output/<study>
  brownout merge a/*.shard b/*.shard --out results/2026
  brownout merge shards --missing                which are not there yet, for a job array: sbatch --array=3,7-9
  brownout merge shards --partial --force        what can be said without the shards that are not there yet

The shards carry their study; nothing else is needed. Shards of other studies, seeds or versions, doubled and missing ones are
refused by name. With --partial, replications that are not complete are left out, and the results say so everywhere.")]
pub(crate) struct MergeArguments {
    /// Shard files, or directories that hold them
    #[arg(required = true, value_name = "DIR|FILE")]
    shards: Vec<PathBuf>,
    /// Directory for the results [default: output/<study>]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Allow shards to be missing
    #[arg(long)]
    partial: bool,
    /// Only print the numbers of the shards that are missing or damaged, such as 3,7-9
    #[arg(long, conflicts_with_all = ["partial", "out", "force", "no_charts", "threads"])]
    missing: bool,
    /// Threads; results do not depend on it [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Replace results that are already there
    #[arg(long)]
    force: bool,
    /// Write no charts
    #[arg(long)]
    no_charts: bool,
    #[command(flatten)]
    telling: outcome::Telling,
}

impl MergeArguments {
    fn existing(&self) -> Existing {
        Existing::asked(false, self.force)
    }
}

/// Shards that belong together.
struct Set {
    /// In the order of their shards.
    files: Vec<PathBuf>,
    /// Of the first of them.
    header: ShardHeader,
    /// Shards that are not there.
    missing: Vec<u32>,
}

pub(crate) fn merge(arguments: &MergeArguments) -> Result<(), Stop> {
    arguments.telling.apply();
    if arguments.missing {
        return missing::print(&arguments.shards);
    }
    let paths = match find(&arguments.shards).and_then(|paths| Ok((kind(&paths)?, paths))) {
        Ok((PackageKind::Points, _)) if arguments.partial => {
            eprintln!("error: an exploration needs every point; leave --partial out, and add the missing shards");
            return Err(Stop::REFUSED);
        }
        Ok((PackageKind::Points, paths)) => {
            let (out, threads) = (arguments.out.clone(), arguments.threads);
            return points::merge(
                &paths,
                &points::To { out, existing: arguments.existing(), threads, charts: !arguments.no_charts },
            );
        }
        Ok((_, paths)) => paths,
        Err(error) => {
            eprintln!("error: {}", super::chain(&error));
            return Err(Stop::REFUSED);
        }
    };
    merge_runs(arguments, paths)
}

/// What all shards are of.
fn kind(paths: &[PathBuf]) -> anyhow::Result<PackageKind> {
    let mut first: Option<(&Path, PackageKind)> = None;
    for path in paths {
        let kind = kind_of(path).with_context(|| path.display().to_string())?;
        let (other, wanted) = first.get_or_insert((path.as_path(), kind));
        if kind != *wanted {
            let (path, other) = (path.display(), other.display());
            let (found, wanted) = (kind.words(), wanted.words());
            return Err(anyhow!("{path} is {found} and {other} {wanted}; merge shards of one kind at a time"));
        }
    }
    Ok(first.map_or(PackageKind::Shard, |(_, kind)| kind))
}

fn merge_runs(arguments: &MergeArguments, paths: Vec<PathBuf>) -> Result<(), Stop> {
    let (set, loaded) = match gather(arguments, paths)
        .and_then(|set| Ok((loaded_of(&set.header).with_context(|| shown(&set, 0))?, set)))
    {
        Ok((loaded, set)) => (set, loaded),
        Err(error) => {
            eprintln!("error: {}", super::chain(&error));
            return Err(Stop::REFUSED);
        }
    };
    let target = match outcome::target(arguments.out.as_ref(), loaded.study.name()) {
        Ok(target) => target,
        Err(words) => {
            return Err(Stop::Refused(words.to_string()));
        }
    };
    let output = match OutputDirectory::prepare(&target, arguments.existing()) {
        Ok(output) => output,
        Err(error) => {
            eprintln!("error: {error}");
            return Err(Stop::FAILED);
        }
    };
    super::pool(arguments.threads)?.install(|| {
        let runner = Runner::new(&loaded.study);
        let results = match add_up(&set, &runner) {
            Ok(results) => results,
            Err(error) => {
                eprintln!("error: {}", super::chain(&error));
                return Err(Stop::REFUSED);
            }
        };
        let run = Run { study: &loaded.study, results: &results };
        let twins = twin::check(run)?;
        let files =
            match interrupt::orderly(|| outcome::write(&loaded, run, !arguments.no_charts, output, &mut || Ok(()))) {
                Err(error) if error.is::<Stopped>() => return Err(interrupt::nothing_written()),
                files => files?,
            };
        outcome::tell(run, &twins, (None, None), (files, &target), &arguments.telling)?;
        Ok(())
    })
}

/// Checks that shards belong together.
fn gather(arguments: &MergeArguments, paths: Vec<PathBuf>) -> anyhow::Result<Set> {
    let mut files = Vec::new();
    for path in paths {
        let shown = path.display().to_string();
        let header = open_parts(&path).with_context(|| shown.clone())?.header().clone();
        files.push((shown, header.without_texts(), path));
    }
    let named: Vec<(String, ShardHeader)> =
        files.iter().map(|(shown, header, _)| (shown.clone(), header.clone())).collect();
    let (order, missing) = arrange(&named)?;
    if !arguments.partial {
        refuse_missing(&missing, named[0].1.body.shards)?;
    }
    let files: Vec<PathBuf> = order.into_iter().map(|index| files[index].2.clone()).collect();
    // This time with the texts of the inputs.
    let header = open_parts(&files[0])?.header().clone();
    Ok(Set { files, header, missing })
}

/// The files that are named, and those in the directories that are named.
fn find(paths: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for path in paths {
        if !path.is_dir() {
            found.push(path.clone());
            continue;
        }
        let entries = std::fs::read_dir(path).map_err(|error| anyhow!("{}: {}", path.display(), reason(&error)))?;
        let files = entries.flatten().map(|entry| entry.path());
        let mut shards: Vec<_> = files.filter(|file| file.extension().is_some_and(|ending| ending == ENDING)).collect();
        if shards.is_empty() {
            return Err(anyhow!(
                "{} holds no .{ENDING} file; `brownout run --shard I/N` and `brownout explore --shard I/N` write them",
                path.display()
            ));
        }
        shards.sort();
        found.append(&mut shards);
    }
    // A file that is named twice, or named and in a directory that is named, is one file.
    let mut seen = Vec::new();
    found.retain(|path| {
        let real = path.canonicalize().unwrap_or_else(|_| path.clone());
        let new = !seen.contains(&real);
        seen.push(real);
        new
    });
    Ok(found)
}

/// The study that a shard carries.
pub(in crate::cli) fn loaded_of(header: &ShardHeader) -> anyhow::Result<Loaded> {
    let files: Vec<_> = header.inputs.iter().map(InputFile::source).collect();
    let (mut study, warnings) = compose_recorded(&files).map_err(|reason| anyhow!("{reason}"))?;
    study.set_seed(header.body.seed);
    study.set_replications(header.body.replications.into())?;
    Ok(Loaded { study, files, warnings })
}

fn shown(set: &Set, index: usize) -> String {
    set.files[index].display().to_string()
}

/// Adds up the parts of all shards in order; one part at a time is in memory.
fn add_up(set: &Set, runner: &Runner<'_>) -> anyhow::Result<Results> {
    let ShardBody { width, replications, shards, .. } = set.header.body;
    if runner.width() != width {
        return Err(anyhow!("{}: its study has {} tenants, not {width}", shown(set, 0), runner.width()));
    }
    let mut results = Results::new(runner, replications);
    for (index, file) in set.files.iter().enumerate() {
        let mut reader = open_parts(file).with_context(|| shown(set, index))?;
        while let Some(part) = reader.next(runner).with_context(|| shown(set, index))? {
            results.add(runner, part);
        }
        reader.check_end().with_context(|| shown(set, index))?;
    }
    let (complete, asked) = (results.replications, replications);
    if complete == 0 {
        return Err(anyhow!(
            "no replication is complete in these shards, so there is nothing to say yet; add more of them"
        ));
    }
    if !set.missing.is_empty() {
        results.partial = Some(Partial { missing: set.missing.clone(), shards, complete, asked });
    }
    Ok(results)
}
