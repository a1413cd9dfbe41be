//! `brownout run --shard`: one shard of a study's lives, as a file that `brownout merge` puts together.

use std::path::Path;

use brownout::experiment::work::work;
use brownout::experiment::{Precision, Runner, Shard};
use brownout::reading::load::Loaded;
use brownout::reading::problem::{Problem, Severity};
use brownout::store::shard::{ShardError, ShardHeader, file_name};
use brownout::store::write::{Existing, OutputDirectory, WriteError, open_parts};

use super::{Begun, RunArguments};
use crate::cli::progress::progress_bar;
use crate::cli::stop::Stop;
use crate::cli::{interrupt, outcome, screen};

/// Does one shard of a study.
pub(super) fn run(loaded: &Loaded, arguments: &RunArguments, shard: Shard) -> Result<(), Stop> {
    if let Some(precision) = loaded.study.precision() {
        eprintln!("error: {}", no_shards_with(&arguments.study, precision).line());
        return Err(Stop::REFUSED);
    }
    super::super::pool(arguments.threads)?.install(|| work_and_write(loaded, arguments, shard))
}

/// Why there are no shards of a study that asks for a precision.
pub(in crate::cli) fn no_shards_with(path: &Path, precision: Precision) -> Problem {
    let path = path.display();
    let message = format!(
        "{path} asks for the precision {precision}, and when that is reached depends on the results of all shards"
    );
    let help = "take it out and say how many replications to run".to_owned();
    Problem { severity: Severity::Error, place: None, field: String::new(), message, help }
}

fn work_and_write(loaded: &Loaded, arguments: &RunArguments, shard: Shard) -> Result<(), Stop> {
    let study = &loaded.study;
    let target = match arguments.target(&format!("{}-shards", study.name())) {
        Ok(target) => target,
        Err(words) => {
            return Err(Stop::Refused(words.to_string()));
        }
    };
    let name = file_name(study.name(), shard);
    let runner = Runner::new(study).watched(&interrupt::is_asked);
    let begun = Begun { loaded, arguments, runner: &runner, shard, goal: None };
    let header = begun.header();
    let done = arguments.existing() == Existing::Resume && is_done(&target.join(&name), &header, &runner);
    if done && OutputDirectory::sweep_file(&target, &name) {
        return outcome::shard_told((header.shard(), &header.body.study), &target, &name, "was already there");
    }
    let output = match OutputDirectory::prepare_file(&target, &name, arguments.existing()) {
        Ok(output) => output,
        Err(error) => {
            eprintln!("error: {error}");
            return Err(Stop::FAILED);
        }
    };
    let indexes = header.indexes();
    let mut index = indexes.start;
    let bar = progress_bar(indexes.end - indexes.start);
    let mut journal = begun.journal(&output, &bar, &mut |part| index = part.indexes(header.body.width).end)?;
    if output.is_resuming() && !screen::is_quiet() {
        let (done, all) = (index - indexes.start, indexes.end - indexes.start);
        eprintln!("continuing an interrupted run: {done} of {all} tenants are done");
    }
    let lived = |tenants| bar.inc(tenants);
    let worked = interrupt::orderly(|| work(&runner, index..indexes.end, &lived, &mut |part| journal.keep(&part)));
    journal.close()?;
    bar.finish_and_clear();
    match worked {
        Err(WriteError::Stopped) => return Err(outcome::stopped(&target)),
        worked => worked?,
    }
    output.finish_shard(&name, &runner)?;
    outcome::shard_told((header.shard(), &header.body.study), &target, &name, "is done")
}

/// Whether a file holds exactly this shard, whole: then it need not be done again.
fn is_done(path: &Path, header: &ShardHeader, runner: &Runner<'_>) -> bool {
    let check = || -> Result<bool, ShardError> {
        let mut reader = open_parts(path)?;
        let same = reader.header().shard() == header.shard() && reader.header().difference(header).is_none();
        while same && reader.next(runner)?.is_some() {}
        reader.check_end().map(|()| same)
    };
    check().unwrap_or(false)
}
