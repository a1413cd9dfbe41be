//! Shards of an exploration: their points lived again, and their rows compared one by one.

use std::path::Path;

use anyhow::anyhow;
use brownout::experiment::Measure;
use brownout::explore::points::Outcome;
use brownout::explore::survey::{measures, parts};
use brownout::outside::shortened;
use brownout::store::shard::{PointsBody, ShardError};
use brownout::store::write::open_rows;

use crate::cli::explore::ask::PreparedExploration;
use crate::cli::explore::lives::{PointWork, lived};
use crate::cli::interrupt;

/// The first number in which a shard is not what its inputs give; `None` if it is, or if somebody asked to stop.
pub(super) fn first_difference(path: &Path) -> anyhow::Result<Option<String>> {
    let mut reader = open_rows(path)?;
    let header = reader.header().clone();
    super::warn_of_version(&header.version);
    let asked = PreparedExploration::recorded(&header.inputs).map_err(anyhow::Error::msg)?;
    let mut parts = parts(&asked.explore);
    let work = PointWork::of(&parts);
    let again = work.header(&asked, header.shard()).body;
    if again != header.body {
        return Ok(Some(format!("points: recorded {}, recomputed {}", stretch(&header.body), stretch(&again))));
    }
    let (measures, mut index, mut found) = (measures(&asked.explore), again.indexes.start, None);
    let compared = lived(&asked, &mut parts, &work, again.indexes, Vec::new(), &mut |outcome| {
        let recorded = reader.next_row()?.ok_or(ShardError::CutShort)?;
        found = difference(&asked.schedules, &measures, &recorded, outcome).map(|what| format!("point {index}{what}"));
        index += 1;
        // Nobody sees this: it only ends the work, as more differences would not be told.
        if found.is_some() { Err(anyhow!("another number")) } else { Ok(()) }
    });
    if found.is_some() {
        return Ok(found);
    }
    compared?;
    if !interrupt::is_asked() {
        while reader.next_row()?.is_some() {}
        reader.check_end()?;
    }
    Ok(None)
}

/// Which points of what a shard holds.
fn stretch(body: &PointsBody) -> String {
    let PointsBody { name, indexes, points, .. } = body;
    format!("{} to {} of the {points} of \"{}\"", indexes.start, indexes.end, shortened(name, 60))
}

/// The first value in which two rows differ, by schedule, replication of the point and measure.
fn difference(schedules: &[String], measures: &[Measure], recorded: &Outcome, recomputed: &Outcome) -> Option<String> {
    let (old, new) = match (recorded, recomputed) {
        (Ok(old), Ok(new)) => (old, new),
        (old, new) if old == new => return None,
        (old, new) => {
            let [old, new] = [old, new].map(|row| row.as_ref().err().map_or("a study", String::as_str));
            return Some(format!(": recorded {}, recomputed {}", shortened(old, 200), shortened(new, 200)));
        }
    };
    let shape = |row: &[Vec<Vec<Option<f64>>>]| -> Vec<Vec<usize>> {
        row.iter().map(|replications| replications.iter().map(Vec::len).collect()).collect()
    };
    if shape(old) != shape(new) {
        return Some(": it has other schedules, replications or measures than its exploration".to_owned());
    }
    let said = |value: &Option<f64>| value.map_or_else(|| "nothing".to_owned(), |value| value.to_string());
    for (schedule, (old, new)) in schedules.iter().zip(old.iter().zip(new)) {
        for (replication, (old, new)) in old.iter().zip(new).enumerate() {
            let mut values = measures.iter().zip(old.iter().zip(new));
            // By their bits, as rows are kept: a zero has a sign.
            let differ = values.find(|(_, (old, new))| old.map(f64::to_bits) != new.map(f64::to_bits));
            if let Some((measure, (old, new))) = differ {
                let (schedule, key) = (shortened(schedule, 60), measure.key());
                let place = format!(", schedule \"{schedule}\", replication {replication}, {key}");
                return Some(format!("{place}: recorded {}, recomputed {}", said(old), said(new)));
            }
        }
    }
    None
}
