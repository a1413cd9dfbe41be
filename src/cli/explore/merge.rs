//! Shards of an exploration put together.

use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use brownout::explore::points::Outcome;
use brownout::explore::survey::{SurveyPart, parts};
use brownout::store::shard::PointsBody;
use brownout::store::shard::set::{arrange, refuse_missing};
use brownout::store::write::{Existing, OutputDirectory, open_rows};

use super::ask::PreparedExploration;
use super::finish::{self, Further};
use super::lives::{PointWork, lived};
use crate::cli::interrupt;
use crate::cli::stop::Stop;
use crate::cli::{chain, outcome, pool};

/// Where the results of shards go.
pub(in crate::cli) struct To {
    /// Directory for the results, if one was named.
    pub(in crate::cli) out: Option<PathBuf>,
    /// What to do about what is there already.
    pub(in crate::cli) existing: Existing,
    pub(in crate::cli) threads: Option<u16>,
    /// Whether charts are drawn.
    pub(in crate::cli) charts: bool,
}

/// Shards that make a whole.
struct Set {
    asked: PreparedExploration,
    parts: Vec<SurveyPart>,
    work: PointWork,
    /// The rows of all indexes.
    rows: Vec<Outcome>,
}

/// Puts shards together to the results of the undivided exploration.
pub(in crate::cli) fn merge(paths: &[PathBuf], to: &To) -> Result<(), Stop> {
    let Set { asked, mut parts, work, rows } = match gather(paths) {
        Ok(set) => set,
        Err(error) => {
            eprintln!("error: {}", chain(&error));
            return Err(Stop::REFUSED);
        }
    };
    let target = match outcome::target(to.out.as_ref(), &asked.folder()) {
        Ok(target) => target,
        Err(words) => {
            return Err(Stop::Refused(words.to_string()));
        }
    };
    let mut output = match OutputDirectory::prepare(&target, to.existing) {
        Ok(output) => output,
        Err(error) => {
            eprintln!("error: {error}");
            return Err(Stop::FAILED);
        }
    };
    pool(to.threads)?.install(|| {
        let all = || lived(&asked, &mut parts, &work, 0..u64::MAX, rows, &mut |_| Ok(()));
        if interrupt::orderly(all)?.is_none() {
            output.discard();
            return Err(Stop::interrupted("nothing was written, and the shards are as they were"));
        }
        let written = finish::write_and_print(&asked, &parts, &mut Further::unkept(), (to.charts, false), output)?;
        written.ok_or_else(|| Stop::interrupted("nothing was written, and the shards are as they were"))
    })
}

fn gather(paths: &[PathBuf]) -> anyhow::Result<Set> {
    let mut named = Vec::new();
    for path in paths {
        let shown = path.display().to_string();
        let header = open_rows(path).with_context(|| shown.clone())?.header().clone();
        named.push((shown, header.without_texts()));
    }
    let (order, missing) = arrange(&named)?;
    refuse_missing(&missing, named[0].1.body.shards).map_err(|error| anyhow!("{}", error.whole()))?;
    let first = &named[order[0]].0;
    let header = open_rows(&paths[order[0]])?.header().clone();
    let asked = PreparedExploration::recorded(&header.inputs).map_err(|reason| anyhow!("{first}: {reason}"))?;
    let parts = parts(&asked.explore);
    let work = PointWork::of(&parts);
    let mut rows = Vec::new();
    for (shown, path) in order.into_iter().map(|at| (&named[at].0, &paths[at])) {
        read(path, &work, &mut rows).with_context(|| shown.clone())?;
    }
    Ok(Set { asked, parts, work, rows })
}

/// Reads the rows of a shard, which must lie where the exploration that it carries has them.
fn read(path: &Path, work: &PointWork, rows: &mut Vec<Outcome>) -> anyhow::Result<()> {
    let mut reader = open_rows(path)?;
    let PointsBody { points, indexes, .. } = &reader.header().body;
    let wanted = work.indexes(reader.header().shard());
    if (*points, indexes) != (work.points(), &wanted) {
        return Err(anyhow!(
            "its indexes are {} to {} of {points}, its exploration has {} to {} of {} there; run that shard again",
            indexes.start,
            indexes.end,
            wanted.start,
            wanted.end,
            work.points()
        ));
    }
    while let Some(row) = reader.next_row()? {
        rows.push(row);
    }
    Ok(reader.check_end()?)
}
