//! Bytes to disk: to a temporary name first, then renamed, so that nothing is ever half-written.
//!
//! A run collects its files, and keeps its work, in a hidden staging folder beside its results. A run that ends by itself
//! leaves none behind; one that was killed leaves its work there, to be continued or discarded.

mod journal;
mod staging;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use journal::{Journal, open as open_parts};
use staging::Staging;

use crate::experiment::{Part, Runner};
use crate::shard::Header;
use crate::study::load::reason;

/// Why an output directory cannot be written.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)] // the messages say it
pub enum WriteError {
    #[error("{path} already has results; say --force to replace them, or choose another --out")]
    Exists { path: String },
    #[error("{path} is not a directory; choose another --out")]
    NotADirectory { path: String },
    #[error("cannot write {path}: it is not an ordinary file; choose another")]
    NotAFile { path: String },
    #[error("cannot write {path}: {reason}; choose another --out")]
    Failed { path: String, reason: String },
    #[error("another run (process {process}) is writing to {path}; wait for it, or choose another --out")]
    Busy { path: String, process: String },
    #[error(
        "{path} holds a part of the results of a run that was interrupted while it put them there; say --resume or --force to \
         run again and replace them"
    )]
    Torn { path: String },
    #[error("{path} holds the work of an interrupted run; say --resume to continue it, or --force to discard it")]
    Leftover { path: String },
    #[error(
        "{path} cannot be continued: {reason}; repeat the command as it was, or say --force to discard the interrupted run"
    )]
    OtherWork { path: String, reason: String },
}

fn failed(path: &Path, error: &std::io::Error) -> WriteError {
    WriteError::Failed { path: path.display().to_string(), reason: reason(error) }
}

/// What to do about what is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// Refuse to touch it.
    Refuse,
    /// Continue an interrupted run; begin if there is none.
    Resume,
    /// Replace results and discard the work of an interrupted run.
    Replace,
}

/// A place for results that was found writable; files are collected under a temporary name and moved to their places at the
/// end. What is dropped before that leaves nothing behind but its journal, if it was long enough to have one.
#[derive(Debug)]
pub struct OutputDirectory {
    target: PathBuf,
    staging: Option<Staging>,
    created: bool,
    existing: Existing,
    resuming: bool,
}

/// The file that is written last: a directory without it holds no results.
pub const MANIFEST: &str = "manifest.json";
/// Name of the staging folder of a run that writes all results.
const RUN: &str = "run";

impl OutputDirectory {
    /// Makes sure that results can be written to `target`, before any work is done.
    ///
    /// # Errors
    /// [`WriteError`] if the directory holds anything that `existing` does not allow to touch, or cannot be written.
    pub fn prepare(target: &Path, existing: Existing) -> Result<Self, WriteError> {
        Self::prepare_as(target, RUN, existing, is_taken)
    }

    /// As [`OutputDirectory::prepare`], for the one file `name` in a directory that others write to as well.
    ///
    /// # Errors
    /// As [`OutputDirectory::prepare`].
    pub fn prepare_file(target: &Path, name: &str, existing: Existing) -> Result<Self, WriteError> {
        Self::prepare_as(target, name, existing, |target| target.join(name).exists())
    }

    fn prepare_as(
        target: &Path,
        name: &str,
        existing: Existing,
        is_taken: impl Fn(&Path) -> bool,
    ) -> Result<Self, WriteError> {
        let path = || target.display().to_string();
        // A link that leads nowhere does not exist and yet cannot be made.
        if target.symlink_metadata().is_ok() && !target.is_dir() {
            return Err(WriteError::NotADirectory { path: path() });
        }
        let torn = is_torn(target, name);
        if existing == Existing::Refuse && is_taken(target) {
            return Err(if torn { WriteError::Torn { path: path() } } else { WriteError::Exists { path: path() } });
        }
        let created = !target.exists();
        fs::create_dir_all(target).map_err(|error| failed(target, &error))?;
        let mut output =
            OutputDirectory { target: target.to_path_buf(), staging: None, created, existing, resuming: false };
        let staging = output.staging.insert(Staging::claim(target, name)?);
        match (existing, staging.has_work()) {
            (Existing::Refuse, true) => return Err(WriteError::Leftover { path: path() }),
            // Work beside results was begun with leave to replace them.
            (Existing::Resume, false) if is_taken(target) && !torn => return Err(WriteError::Exists { path: path() }),
            (Existing::Resume, has_work) => output.resuming = has_work,
            (Existing::Refuse | Existing::Replace, _) => {}
        }
        staging.clear(output.resuming)?;
        Ok(output)
    }

    /// Removes what a run left in `target` that was killed after its last file; false if it is not ours to remove.
    pub fn sweep(target: &Path) -> bool {
        Self::sweep_file(target, RUN)
    }

    /// As [`OutputDirectory::sweep`], for a run that wrote the one file `name`.
    pub fn sweep_file(target: &Path, name: &str) -> bool {
        if staging::folder(target, name).symlink_metadata().is_err() {
            return true;
        }
        Staging::claim(target, name).map(|mut staging| staging.discard()).is_ok()
    }

    /// Whether the work of an interrupted run is there to be continued.
    pub fn is_resuming(&self) -> bool {
        self.resuming
    }

    /// Opens the journal; what an interrupted run had done goes to `each`.
    ///
    /// - `every`: after this time at most, what was done is on disk.
    ///
    /// # Errors
    /// [`WriteError::OtherWork`] if the work is not that of this run.
    pub fn journal(
        &self,
        header: &Header,
        every: Duration,
        runner: &Runner<'_>,
        each: &mut dyn FnMut(Part),
    ) -> Result<Journal, WriteError> {
        let path = self.staged().journal();
        if self.resuming {
            Journal::resume(path, header, every, runner, each)
        } else {
            Ok(Journal::begin(path, header, every))
        }
    }

    /// The directory that will hold the results.
    pub fn path(&self) -> &Path {
        &self.target
    }

    fn staged(&self) -> &Staging {
        self.staging.as_ref().unwrap_or_else(|| unreachable!("a prepared output has its staging folder"))
    }

    /// Lets the work go with the staging folder, as it leads nowhere.
    pub fn discard(&mut self) {
        self.staging.iter_mut().for_each(Staging::discard);
    }

    /// Stages one file.
    ///
    /// # Errors
    /// [`WriteError::Failed`] names the file as it would have been called.
    pub fn add(&self, name: &str, bytes: &[u8]) -> Result<(), WriteError> {
        let written = fs::File::create(self.staged().file(name)).and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()
        });
        written.map_err(|error| failed(&self.target.join(name), &error))
    }

    /// Moves all staged files to their places, the manifest last, and removes `stale` files of an earlier run.
    ///
    /// # Errors
    /// [`WriteError`] if another run has written results here meanwhile, or a file cannot be moved.
    pub fn finish(mut self, names: &[String], stale: &[String]) -> Result<(), WriteError> {
        if self.existing == Existing::Refuse && is_taken(&self.target) {
            return Err(WriteError::Exists { path: self.target.display().to_string() });
        }
        let manifest = self.target.join(MANIFEST);
        if manifest.exists() {
            fs::remove_file(&manifest).map_err(|error| failed(&manifest, &error))?;
        }
        for name in stale.iter().filter(|name| !names.contains(name)) {
            // A file that is already gone is as good as removed.
            let _ = fs::remove_file(self.target.join(name));
        }
        for name in names.iter().filter(|name| *name != MANIFEST).chain(names.iter().filter(|name| *name == MANIFEST)) {
            self.place(name)?;
        }
        self.created = false;
        self.discard();
        Ok(())
    }

    /// Moves a staged file to its place.
    fn place(&self, name: &str) -> Result<(), WriteError> {
        let to = self.target.join(name);
        fs::rename(self.staged().file(name), &to).map_err(|error| failed(&to, &error))
    }

    /// Makes a shard's file of the journal, which must be closed, and moves it to its place.
    ///
    /// # Errors
    /// [`WriteError`] if the journal is not whole or the file cannot be written.
    pub fn finish_shard(mut self, name: &str, runner: &Runner<'_>) -> Result<(), WriteError> {
        journal::finish(&self.staged().journal(), &self.staged().file(name), runner)?;
        self.place(name)?;
        self.created = false;
        self.discard();
        Ok(())
    }
}

impl Drop for OutputDirectory {
    fn drop(&mut self) {
        drop(self.staging.take());
        if self.created {
            // Only an empty directory can be removed like this.
            let _ = fs::remove_dir(&self.target);
        }
    }
}

/// Whether a directory has anything in it but staging folders.
fn is_taken(target: &Path) -> bool {
    let entries = fs::read_dir(target).into_iter().flatten().flatten();
    entries.into_iter().any(|entry| !entry.file_name().to_string_lossy().starts_with(staging::PREFIX))
}

/// Whether a run was interrupted while it moved its files to their places: the manifest, the last of them, still waits.
fn is_torn(target: &Path, name: &str) -> bool {
    staging::folder(target, name).join(MANIFEST).is_file() && !target.join(MANIFEST).exists()
}

/// A temporary file that will be as readable as any other file, not only by its owner.
fn temporary_file(directory: &Path) -> std::io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // The process's umask still applies.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(directory)
}

/// Writes one file to a temporary name beside it, then renames.
///
/// # Errors
/// [`WriteError::Failed`] names the file and the reason.
pub fn write_file(path: &Path, bytes: &[u8]) -> Result<(), WriteError> {
    // A link keeps pointing where it points; what is no ordinary file (a device, a pipe) is never replaced.
    let resolved = fs::canonicalize(path).ok();
    let path = resolved.as_deref().unwrap_or(path);
    if fs::metadata(path).is_ok_and(|found| !found.is_file()) {
        return Err(WriteError::NotAFile { path: path.display().to_string() });
    }
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    let write = || -> std::io::Result<()> {
        let mut file = temporary_file(directory)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|error| error.error)?;
        Ok(())
    };
    write().map_err(|error| failed(path, &error))
}
