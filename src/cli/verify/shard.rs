//! Shards, each by itself: of a run the lives again, and the tallies compared part by part; of an exploration its points.

use std::path::{Path, PathBuf};

use anyhow::Context;
use brownout::experiment::Runner;
use brownout::experiment::measure::{Measure, Replicate};
use brownout::experiment::part::Part;
use brownout::outside::shortened;
use brownout::store::manifest::PackageKind;
use brownout::store::shard::ENDING;
use brownout::store::write::{kind_of, open_parts};

use super::points;
use crate::cli::merge::loaded_of;
use crate::cli::progress::progress_bar;
use crate::cli::stop::Stop;
use crate::cli::{interrupt, screen};

/// The shards that a path names: itself, or those in a directory that has no other results. Empty if it names none.
pub(super) fn shards(path: &Path, manifest: &Path) -> Vec<PathBuf> {
    let is_shard = |path: &Path| path.extension().is_some_and(|ending| ending == ENDING);
    if !path.is_dir() {
        return if is_shard(path) { vec![path.to_path_buf()] } else { Vec::new() };
    }
    if manifest.exists() {
        return Vec::new();
    }
    let entries = std::fs::read_dir(path).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut found: Vec<PathBuf> = entries.filter(|path| is_shard(path)).collect();
    found.sort();
    found
}

/// Lives each shard again and tells what is different.
pub(super) fn verify(paths: &[PathBuf]) -> Result<(), Stop> {
    let mut out = screen::out();
    let mut differences = Vec::new();
    for path in paths {
        let shown = shortened(&path.display().to_string(), 200);
        let found = first_difference(path).map_err(|error| Stop::Refused(format!("{shown}: {error:#}")))?;
        differences.extend(found.map(|found| format!("{shown}: {found}")));
        if interrupt::is_asked() {
            return Err(Stop::interrupted("not all was compared: repeat the command to begin again"));
        }
    }
    if differences.is_empty() {
        say!(out, "identical: {} of {} shards are what the recorded inputs give", paths.len(), paths.len())?;
        return Ok(());
    }
    for difference in differences {
        say!(out, "different: {difference}")?;
    }
    Err(Stop::FAILED)
}

/// The first number in which a shard of any kind is not what its inputs give; `None` if it is, or if somebody asked to stop.
fn first_difference(path: &Path) -> anyhow::Result<Option<String>> {
    match kind_of(path)? {
        PackageKind::Points => points::first_difference(path),
        _ => first_difference_of_lives(path),
    }
}

fn first_difference_of_lives(path: &Path) -> anyhow::Result<Option<String>> {
    let mut reader = open_parts(path)?;
    let header = reader.header().clone();
    super::warn_of_version(&header.version);
    let loaded = loaded_of(&header).context("the recorded inputs")?;
    let runner = Runner::new(&loaded.study).watched(&interrupt::is_asked);
    if runner.width() != header.body.width {
        return Ok(Some(format!("tenants: recorded {}, recomputed {}", header.body.width, runner.width())));
    }
    let indexes = header.indexes();
    let bar = progress_bar(indexes.end - indexes.start);
    while let Some(part) = reader.next(&runner)? {
        let again = runner.live(part.replication, &part.tenants, &|tenants| bar.inc(tenants));
        if interrupt::is_asked() {
            break;
        }
        let again = Part { tallies: again, ..part.clone() };
        if again != part {
            bar.finish_and_clear();
            return Ok(Some(named(&runner, &part, &again)));
        }
    }
    bar.finish_and_clear();
    if !interrupt::is_asked() {
        reader.check_end()?;
    }
    Ok(None)
}

/// The first measure in which two parts differ, by replication, scenario and name.
fn named(runner: &Runner<'_>, recorded: &Part, recomputed: &Part) -> String {
    let replication = recorded.replication;
    for ((rules, scenario), (old, new)) in
        runner.rules().iter().zip(runner.study().scenarios()).zip(recorded.tallies.iter().zip(&recomputed.tallies))
    {
        if old == new {
            continue;
        }
        let place = format!("replication {replication}, scenario \"{}\"", shortened(&scenario.name, 60));
        let [old, new] = [old, new].map(|tally| Replicate::read(rules, tally));
        let measures = Measure::ALL.iter().zip(old.totals[0].iter().zip(&new.totals[0]));
        let said = |value: &Option<f64>| value.map_or_else(|| "nothing".to_owned(), |value| value.to_string());
        for (measure, (old, new)) in measures {
            if old != new {
                return format!("{place}, {}: recorded {}, recomputed {}", measure.key(), said(old), said(new));
            }
        }
        return format!("{place}: totals are the same, a group or a day is not");
    }
    format!("replication {replication}: the numbers of scenarios differ")
}
