//! `brownout verify`: make recorded results again and compare.

mod again;
mod points;
mod record;
mod shard;

use std::path::{Path, PathBuf};

use brownout::outside::shortened;
use brownout::reading::files;
use brownout::store::write::{MANIFEST, is_result_name};
use brownout::telling::bundle::OutputFile;
use brownout::telling::differ::{Mismatch, PictureMatch, Search, compare};
use clap::Args;

use super::stop::Stop;
use super::{interrupt, screen};
use record::{Record, Recorded};

/// Run recorded results again and say whether every byte is the same
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  brownout verify output/quickstart              every file of a run
  brownout verify output/city                    every file of a plan
  brownout verify output/quickstart-explore      every file of an exploration, of which all points are lived again
  brownout verify output/quickstart/mail-lost.png  a picture alone; it carries its study
  brownout verify output/quickstart-shards       every shard of a run or an exploration, or one of them by its name

What differs is named: the first differing number of a table; of a picture its name, size, pixels, texts or numbers.
Exit codes: 0 identical, 1 different, 2 not something brownout wrote.")]
pub(crate) struct VerifyArguments {
    /// Directory of a run, a plan, an exploration or of shards; or one shard, or one picture of a run or a plan
    #[arg(value_name = "DIR|FILE")]
    results: PathBuf,
}

/// Most differences that are shown.
const SHOWN_MAX: usize = 40;

pub(crate) fn verify(arguments: &VerifyArguments) -> Result<(), Stop> {
    let shards = shard::shards(&arguments.results, &arguments.results.join(MANIFEST));
    if !shards.is_empty() {
        return super::pool(None)?.install(|| interrupt::orderly(|| shard::verify(&shards)));
    }
    let record = match record::read(&arguments.results) {
        Ok(record) => record,
        Err(message) => {
            return Err(Stop::Refused(message.to_string()));
        }
    };
    warn_of_version(&record.version);
    super::pool(None)?.install(|| match &record.recorded {
        Recorded::Directory { path, names } => directory(&record, path, names),
        Recorded::Picture { name, bytes } => picture(&record, name, bytes),
    })
}

/// Says that another version made what is verified: it may well have given other numbers.
fn warn_of_version(recorded: &str) {
    if let Some(versions) = both_versions(recorded) {
        eprintln!("warning: {versions}");
    }
}

/// Which version made what is verified, and which verifies it, if these are two.
fn both_versions(recorded: &str) -> Option<String> {
    let own = env!("CARGO_PKG_VERSION");
    let made = shortened(recorded, 40);
    (recorded != own).then(|| format!("made by brownout {made}, read by brownout {own}"))
}

/// Compares the files of a directory, each as soon as it is made again: one of them is in memory at a time.
fn directory(record: &Record, path: &Path, names: &[String]) -> Result<(), Stop> {
    let mut found: Vec<Mismatch> = Vec::new();
    let mut seen: Vec<String> = Vec::new();
    let refused = again::each_file(record, &mut |file| {
        if names.contains(&file.name) {
            found.extend(difference(path, file));
            seen.push(file.name.clone());
        }
    });
    let mut out = screen::out();
    different(&mut out, refused)?;
    let unknown: Vec<&String> = names.iter().filter(|name| !seen.contains(name)).collect();
    if found.is_empty() && unknown.is_empty() {
        say!(out, "identical: {} of {} files are what the recorded inputs give", seen.len(), names.len())?;
        return Ok(());
    }
    let found = found.into_iter().map(|Mismatch { file, place, recorded, recomputed }| {
        format!("{file}: {place}: recorded {recorded}, recomputed {recomputed}")
    });
    let unknown = unknown.into_iter().map(|name| {
        let name = shortened(name, 100);
        format!("{name}: the recorded inputs do not give such a file")
    });
    let differences: Vec<String> = found.chain(unknown).collect();
    for difference in differences.iter().take(SHOWN_MAX) {
        say!(out, "different: {difference}")?;
    }
    if differences.len() > SHOWN_MAX {
        say!(out, "different: {} more files are not shown", differences.len() - SHOWN_MAX)?;
    }
    explain_by_versions(&mut out, record)?;
    Err(Stop::FAILED)
}

/// Says of what is different that another version made it, whose numbers may be others for that alone.
fn explain_by_versions(out: &mut screen::Screen<impl std::io::Write>, record: &Record) -> Result<(), Stop> {
    if let Some(versions) = both_versions(&record.version) {
        say!(*out, "{versions}: what changes results from version to version stands in CHANGELOG.md")?;
    }
    Ok(())
}

/// Says that a record which is refused is different.
fn different(out: &mut screen::Screen<impl std::io::Write>, made: Result<(), Stop>) -> Result<(), Stop> {
    let Err(Stop::Refused(message)) = made else { return made };
    say!(*out, "different: {message}")?;
    Err(Stop::FAILED)
}

/// Compares one file with what was recorded of it.
fn difference(path: &Path, file: &OutputFile) -> Option<Mismatch> {
    // Of a file that was made long, more than this tells nothing new.
    let most = 2 * file.bytes.len() as u64 + (1 << 20);
    match files::read_beginning(&path.join(&file.name), most) {
        Ok((bytes, _)) => compare(&file.name, Some(&bytes), &file.bytes),
        Err(error) if error.is_missing() => {
            let mut found = compare(&file.name, None, &file.bytes)?;
            if let Some(other) = renamed(path, file) {
                found.recorded = format!("missing, but {other} is the same to the byte");
            }
            Some(found)
        }
        Err(error) => {
            let mut found = compare(&file.name, None, &file.bytes)?;
            found.recorded = format!("nothing that can be read: {error}");
            Some(found)
        }
    }
}

/// The name of a file that has the bytes of one that is missing.
fn renamed(path: &Path, file: &OutputFile) -> Option<String> {
    let names = std::fs::read_dir(path).ok()?.flatten().take(1_000);
    let names = names.map(|entry| entry.file_name().to_string_lossy().into_owned()).filter(|name| is_result_name(name));
    let same = |name: &String| files::read(&path.join(name), file.bytes.len() as u64).is_ok_and(|b| b == file.bytes);
    names.into_iter().find(same)
}

/// Compares a picture alone with those of the run it carries.
fn picture(record: &Record, name: &str, bytes: &[u8]) -> Result<(), Stop> {
    let mut out = screen::out();
    let Some(mut search) = Search::new(name, bytes) else {
        say!(out, "different: {name}: the pixels cannot be read")?;
        return Err(Stop::FAILED);
    };
    different(&mut out, again::each_file(record, &mut |file| search.look(file)))?;
    match search.end() {
        PictureMatch::Same(same) if same == name => {
            say!(out, "identical: 1 of 1 files are what the recorded inputs give")?;
            Ok(())
        }
        PictureMatch::Same(same) => {
            say!(out, "identical: {name} is {same} under another name, and what the recorded inputs give")?;
            Ok(())
        }
        PictureMatch::Differs(Mismatch { file, place, recorded, recomputed }) => {
            say!(out, "different: {file}: {place}: recorded {recorded}, recomputed {recomputed}")?;
            explain_by_versions(&mut out, record)?;
            Err(Stop::FAILED)
        }
    }
}
