//! `brownout merge --missing`: which shards a job array has still to do.

use std::path::{Path, PathBuf};

use brownout::experiment::Shard;
use brownout::experiment::part::array;
use brownout::store::manifest::{Header, PackageKind};
use brownout::store::shard::header::Division;
use brownout::store::shard::set::{SetError, arrange};
use brownout::store::shard::{PointsHeader, ShardError, ShardHeader};
use brownout::store::write::{check_frames, kind_of, open_parts, open_rows};

use crate::cli::screen;
use crate::cli::stop::Stop;

/// Prints the numbers of the shards that are missing; one that is cut short or damaged counts as missing, and is told.
pub(super) fn print(shards: &[PathBuf]) -> Result<(), Stop> {
    let found = super::find(shards).map_err(|error| crate::cli::chain(&error)).and_then(|paths| missing(&paths));
    match found {
        Ok(missing) if missing.is_empty() => eprintln!("no shard is missing"),
        Ok(missing) => say!(screen::out(), "{}", array(&missing))?,
        Err(message) => {
            return Err(Stop::Refused(message.to_string()));
        }
    }
    Ok(())
}

fn missing(paths: &[PathBuf]) -> Result<Vec<u32>, String> {
    let (mut parts, mut rows, mut broken) = (Vec::new(), Vec::new(), Vec::new());
    for path in paths {
        let shown = path.display().to_string();
        match head(path) {
            Ok(Head::Parts(header)) => parts.push((shown, *header)),
            Ok(Head::Rows(header)) => rows.push((shown, *header)),
            Err((shard, error)) => broken.push((shown, shard, error)),
        }
    }
    for (shown, _, error) in &broken {
        eprintln!("warning: {shown}: {error}; it counts as missing");
    }
    match (parts.is_empty(), rows.is_empty()) {
        (false, true) => absent(&parts),
        (true, false) => absent(&rows),
        (false, false) => Err(format!("{} is of a run and {} of an exploration", parts[0].0, rows[0].0)),
        (true, true) => match broken.iter().find_map(|(_, shard, _)| *shard) {
            Some(shard) => Ok((1..=shard.count()).collect()),
            None => Err("no shard can be read, so nothing tells how many there are".to_owned()),
        },
    }
}

fn absent<B: Division>(files: &[(String, Header<B>)]) -> Result<Vec<u32>, String> {
    arrange(files).map(|(_, missing)| missing).map_err(|error: SetError| error.to_string())
}

/// The header of a whole file.
enum Head {
    Parts(Box<ShardHeader>),
    Rows(Box<PointsHeader>),
}

/// The header of a file that is whole, or what is wrong with it and, as far as that can be read, which shard it is.
fn head(path: &Path) -> Result<Head, (Option<Shard>, ShardError)> {
    let header = || match kind_of(path)? {
        PackageKind::Points => Ok(Head::Rows(Box::new(open_rows(path)?.header().clone().without_texts()))),
        _ => Ok(Head::Parts(Box::new(open_parts(path)?.header().clone().without_texts()))),
    };
    let head = header().map_err(|error| (None, error))?;
    let shard = match &head {
        Head::Parts(header) => header.shard(),
        Head::Rows(header) => header.shard(),
    };
    check_frames(path).map(|()| head).map_err(|error| (Some(shard), error))
}
