//! `brownout explore --shard`: one shard of the points, as a file that `brownout merge` puts together.

use std::path::Path;

use brownout::experiment::Shard;
use brownout::explore::survey::SurveyPart;
use brownout::store::shard::{PointsHeader, ShardError, file_name};
use brownout::store::write::{Existing, OutputDirectory, open_rows};

use super::ask::PreparedExploration;
use super::lives::{PointWork, lived_with};
use super::{ExploreArguments, continuing};
use crate::cli::outcome;
use crate::cli::stop::Stop;

/// Lives one shard of an exploration.
pub(super) fn run(
    asked: &PreparedExploration,
    mut parts: Vec<SurveyPart>,
    arguments: &ExploreArguments,
    shard: Shard,
) -> Result<(), Stop> {
    let target = match outcome::target(arguments.out.as_ref(), &format!("{}-shards", asked.name)) {
        Ok(target) => target,
        Err(words) => {
            return Err(Stop::Refused(words.to_string()));
        }
    };
    let (work, name) = (PointWork::of(&parts), file_name(&asked.name, shard));
    let header = work.header(asked, shard);
    let done = arguments.existing() == Existing::Resume && is_done(&target.join(&name), &header);
    if done && OutputDirectory::sweep_file(&target, &name) {
        return outcome::shard_told((header.shard(), &header.body.name), &target, &name, "was already there");
    }
    let output = match OutputDirectory::prepare_file(&target, &name, arguments.existing()) {
        Ok(output) => output,
        Err(error) => {
            eprintln!("error: {error}");
            return Err(Stop::FAILED);
        }
    };
    let (mut journal, known) = output.row_journal(&header, arguments.checkpoint())?;
    continuing(&output, known.len() as u64, header.body.indexes.end - header.body.indexes.start);
    let indexes = header.body.indexes.clone();
    let pool = crate::cli::pool(arguments.threads)?;
    if pool.install(|| lived_with(asked, &mut parts, &work, indexes, (&mut journal, known)))?.is_none() {
        return Err(outcome::stopped(&target));
    }
    output.finish_rows(&name, journal)?;
    outcome::shard_told((header.shard(), &header.body.name), &target, &name, "is done")
}

/// Whether a file holds exactly this shard, whole: then it need not be lived again.
fn is_done(path: &Path, header: &PointsHeader) -> bool {
    let check = || -> Result<bool, ShardError> {
        let mut reader = open_rows(path)?;
        let same = reader.header().shard() == header.shard() && reader.header().difference(header).is_none();
        while same && reader.next_row()?.is_some() {}
        reader.check_end().map(|()| same)
    };
    check().unwrap_or(false)
}
