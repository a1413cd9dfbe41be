//! Moves a run's files to their places so that there are always whole results: the former ones or the new ones.
//!
//! What is to be moved is recorded in the staging folder first. Former files are moved aside, not overwritten, the manifest
//! before all others; new ones are moved in, the manifest last. If a move fails, everything is moved back. If that fails too,
//! or the program is killed in between, the record is still there, and whoever comes next moves on from where it stood.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::staging::{Staging, own_directory};
use super::{MANIFEST, WriteError, failed};
use brownout_reading::files;
use brownout_reading::files::reason;

/// The file in a staging folder that says what is to be moved; without it nothing has been moved.
pub(super) const RECORD: &str = "placing";
/// The folder in a staging folder that holds the former files meanwhile.
pub(super) const FORMER: &str = "former";
/// Largest record that is read.
const RECORD_MAX: u64 = 1 << 20;

/// What is to be moved.
#[derive(Debug, Serialize, Deserialize)]
struct Record {
    /// New files.
    names: Vec<String>,
    /// Files of former results that the new ones have no use for.
    stale: Vec<String>,
}

/// Whether a name is one of a file of results: no path, nothing hidden.
pub fn is_result_name(name: &str) -> bool {
    !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\\', '\0'])
}

/// Moves between a staging folder and the results.
struct Places<'a> {
    staging: &'a Staging,
    target: &'a Path,
    record: Record,
}

/// Moves the staged files to their places, the manifest last, and `stale` ones away.
///
/// # Errors
/// [`WriteError::InTheWay`] before anything is moved; [`WriteError::NotPlaced`] if a move failed: then the results are what they
/// were, or the staging folder has all that is needed to go on.
pub(super) fn place(staging: &Staging, target: &Path, names: &[String], stale: &[String]) -> Result<(), WriteError> {
    let stale = stale.iter().filter(|name| !names.contains(name)).cloned().collect();
    let places = Places { staging, target, record: Record { names: names.to_vec(), stale } };
    places.begin()?;
    places.forward().map_err(|(path, error)| {
        let back = places.back().is_ok();
        let folder = staging.path().display().to_string();
        WriteError::NotPlaced { path: path.display().to_string(), reason: reason(&error), stand: Stand(back), folder }
    })?;
    places.synchronise();
    Ok(())
}

/// Goes on where a run was interrupted that moved its files; whether there was one. Then its results are whole.
///
/// # Errors
/// [`WriteError`] if a file still cannot be moved.
pub(super) fn mend(staging: &Staging, target: &Path) -> Result<bool, WriteError> {
    let Some(places) = interrupted(staging, target) else { return Ok(false) };
    places.forward().map_err(|(path, error)| failed(&path, &error))?;
    places.synchronise();
    Ok(true)
}

/// Moves everything back that a run moved that was interrupted then.
pub(super) fn undo(staging: &Staging, target: &Path) -> Result<(), WriteError> {
    let Some(places) = interrupted(staging, target) else { return Ok(()) };
    places.back().map_err(|(path, error)| failed(&path, &error))
}

fn interrupted<'a>(staging: &'a Staging, target: &'a Path) -> Option<Places<'a>> {
    // A record that is not whole was being written: nothing was moved yet.
    let bytes = staging.has_results().then(|| files::read(&staging.file(RECORD), RECORD_MAX).ok()).flatten()?;
    let record: Record = serde_json::from_slice(&bytes).ok()?;
    let sound = record.names.iter().chain(&record.stale).all(|name| is_result_name(name));
    sound.then_some(Places { staging, target, record })
}

/// Whether the former results stand as they were.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stand(bool);

impl std::fmt::Display for Stand {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0 {
            "what was there before stands as it was"
        } else {
            "the directory holds a part of the results without a manifest"
        })
    }
}

type Move = Result<(), (PathBuf, std::io::Error)>;

fn is_there(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

impl Places<'_> {
    /// Makes sure that nothing odd is in the way, and records what is to be moved.
    fn begin(&self) -> Result<(), WriteError> {
        for name in self.record.names.iter().chain(&self.record.stale) {
            super::check_place(&self.target.join(name))?;
        }
        let write = || -> std::io::Result<()> {
            match own_directory().create(self.staging.file(FORMER)) {
                Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error),
                _ => {}
            }
            let mut file = files::create_new(&self.staging.file(RECORD))?;
            file.write_all(&serde_json::to_vec(&self.record)?)?;
            file.sync_all()
        };
        write().map_err(|error| {
            // A record without moves would be taken for results that wait.
            let _ = fs::remove_file(self.staging.file(RECORD));
            failed(&self.target.join(MANIFEST), &error)
        })
    }

    fn staged(&self, name: &str) -> PathBuf {
        self.staging.file(name)
    }

    fn former(&self, name: &str) -> PathBuf {
        self.staging.file(FORMER).join(name)
    }

    fn placed(&self, name: &str) -> PathBuf {
        self.target.join(name)
    }

    /// Names of new files but the manifest.
    fn names(&self) -> impl DoubleEndedIterator<Item = &String> {
        self.record.names.iter().filter(|name| *name != MANIFEST)
    }

    fn has_manifest(&self) -> bool {
        self.record.names.iter().any(|name| name == MANIFEST)
    }

    /// Moves everything that is not moved yet.
    fn forward(&self) -> Move {
        if self.has_manifest() && is_there(&self.staged(MANIFEST)) {
            self.aside(MANIFEST)?;
        }
        self.record.stale.iter().try_for_each(|name| self.aside(name))?;
        self.names().try_for_each(|name| self.swap(name))?;
        if self.has_manifest() { self.swap(MANIFEST) } else { Ok(()) }
    }

    /// Moves a former file aside, unless it was.
    fn aside(&self, name: &str) -> Move {
        let (from, to) = (self.placed(name), self.former(name));
        if !is_there(&from) || is_there(&to) {
            return Ok(());
        }
        fs::rename(&from, to).map_err(|error| (from, error))
    }

    /// Moves a new file in, unless it was.
    fn swap(&self, name: &str) -> Move {
        let (from, to) = (self.staged(name), self.placed(name));
        if !is_there(&from) {
            return Ok(());
        }
        self.aside(name)?;
        fs::rename(from, &to).map_err(|error| (to, error))
    }

    /// Moves everything back, the former manifest last. Goes as far as it can and tells the first failure.
    fn back(&self) -> Move {
        let new = self.has_manifest().then_some(MANIFEST).into_iter();
        let new = new.chain(self.names().rev().map(String::as_str));
        let mut first = Ok(());
        for name in new.filter(|name| !is_there(&self.staged(name)) && is_there(&self.placed(name))) {
            first =
                first.and(fs::rename(self.placed(name), self.staged(name)).map_err(|error| (self.placed(name), error)));
        }
        let former = self.names().chain(&self.record.stale).map(String::as_str).chain([MANIFEST]);
        for name in former.filter(|name| is_there(&self.former(name)) && !is_there(&self.placed(name))) {
            first =
                first.and(fs::rename(self.former(name), self.placed(name)).map_err(|error| (self.placed(name), error)));
        }
        first
    }

    /// Asks the disk to keep the names. Where it cannot be asked, they are there all the same.
    fn synchronise(&self) {
        let _ = fs::File::open(self.target).and_then(|directory| directory.sync_all());
    }
}
