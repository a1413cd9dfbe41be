//! Bytes to disk: to a temporary name first, then renamed, so that nothing is ever half-written.
//!
//! A run collects its files, and keeps its work, in a hidden staging folder beside its results. A run that ends by itself
//! leaves none behind; one that was killed leaves its work there, to be continued or discarded.

#![allow(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "packages of outputs are written here; the journal is flushed by a clock"
)]

mod journal;
mod log;
mod placing;
mod rows;
mod staging;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use journal::{Journal, check_frames, kind_of, open as open_parts};
pub use placing::{Stand, is_result_name};
pub use rows::{RowJournal, open_rows};
use staging::Staging;

use crate::shard::ShardHeader;
use brownout_experiment::{Part, Runner, Stopped};
use brownout_reading::files::reason;

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
    #[error("stopped before it was done")]
    Stopped,
    #[error("cannot write {path}: {reason}; choose another place")]
    FileFailed { path: String, reason: String },
    #[error("cannot read what is in {path}: {reason}; choose another --out")]
    Unread { path: String, reason: String },
    #[error("cannot write {path}: {what} is in the way; move it elsewhere, or choose another --out")]
    InTheWay { path: String, what: &'static str },
    #[error("{path} belongs to another user, who may have put anything into it; remove it, or choose another --out")]
    Foreign { path: String },
    #[error(
        "cannot write {path}: {reason}; {stand}, and the new results wait in {folder}: the next run with this --out puts \
         them in their places"
    )]
    NotPlaced { path: String, reason: String, stand: placing::Stand, folder: String },
    #[error(
        "{path} has the results of a run that was interrupted while it put them there; they were completed just now; say \
         --force to replace them, or choose another --out"
    )]
    Mended { path: String },
    #[error("{path} holds the work of an interrupted run; say --resume to continue it, or --force to discard it")]
    Leftover { path: String },
    #[error(
        "{path} cannot be continued: {reason}; repeat the command as it was, or say --force to discard the interrupted run"
    )]
    OtherWork { path: String, reason: String },
}

impl From<Stopped> for WriteError {
    fn from(_: Stopped) -> Self {
        WriteError::Stopped
    }
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

impl Existing {
    /// What was asked for; resuming goes before replacing.
    pub const fn asked(resume: bool, force: bool) -> Self {
        match (resume, force) {
            (true, _) => Existing::Resume,
            (false, true) => Existing::Replace,
            (false, false) => Existing::Refuse,
        }
    }
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
        check_entries(target)?;
        Self::prepare_as(target, RUN, existing, &is_taken)
    }

    /// As [`OutputDirectory::prepare`], for the one file `name` in a directory that others write to as well.
    ///
    /// # Errors
    /// As [`OutputDirectory::prepare`].
    pub fn prepare_file(target: &Path, name: &str, existing: Existing) -> Result<Self, WriteError> {
        check_place(&target.join(name))?;
        Self::prepare_as(target, name, existing, &|target| Ok(target.join(name).symlink_metadata().is_ok()))
    }

    fn prepare_as(
        target: &Path,
        name: &str,
        existing: Existing,
        is_taken: &dyn Fn(&Path) -> Result<bool, WriteError>,
    ) -> Result<Self, WriteError> {
        let path = || target.display().to_string();
        // A link that leads nowhere does not exist and yet cannot be made.
        if target.symlink_metadata().is_ok() && !target.is_dir() {
            return Err(WriteError::NotADirectory { path: path() });
        }
        let mended = Self::mend_as(target, name, existing)?;
        if existing == Existing::Refuse && is_taken(target)? {
            return Err(if mended { WriteError::Mended { path: path() } } else { WriteError::Exists { path: path() } });
        }
        let created = !target.exists();
        fs::create_dir_all(target).map_err(|error| failed(target, &error))?;
        let mut output =
            OutputDirectory { target: target.to_path_buf(), staging: None, created, existing, resuming: false };
        let staging = output.staging.insert(Staging::claim(target, name)?);
        match (existing, staging.has_work()) {
            (Existing::Refuse, true) => return Err(WriteError::Leftover { path: path() }),
            // Work beside results was begun with leave to replace them.
            (Existing::Resume, false) if is_taken(target)? => return Err(WriteError::Exists { path: path() }),
            (Existing::Resume, has_work) => output.resuming = has_work,
            (Existing::Refuse | Existing::Replace, _) => {}
        }
        staging.clear(output.resuming)?;
        Ok(output)
    }

    /// Puts the results in their places that a run left waiting which was interrupted, or failed, while it put them there;
    /// whether there were any.
    ///
    /// # Errors
    /// [`WriteError`] if a file still cannot be moved.
    pub fn mend(target: &Path) -> Result<bool, WriteError> {
        Self::mend_as(target, RUN, Existing::Refuse)
    }

    fn mend_as(target: &Path, name: &str, existing: Existing) -> Result<bool, WriteError> {
        if !staging::folder(target, name).join(placing::RECORD).is_file() {
            return Ok(false);
        }
        let mut staging = Staging::claim(target, name)?;
        match placing::mend(&staging, target) {
            Ok(mended) => {
                if mended {
                    staging.discard();
                }
                Ok(mended)
            }
            // They are to be replaced anyway, so those that were there before are as good.
            Err(_) if existing == Existing::Replace => {
                placing::undo(&staging, target)?;
                staging.discard();
                Ok(false)
            }
            Err(error) => Err(error),
        }
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
        header: &ShardHeader,
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
        let written = create_as_usual(&self.staged().file(name)).and_then(|mut file| {
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
        if self.existing == Existing::Refuse && is_taken(&self.target)? {
            return Err(WriteError::Exists { path: self.target.display().to_string() });
        }
        placing::place(self.staged(), &self.target, names, stale)?;
        self.placed();
        Ok(())
    }

    /// The results are in their places: nothing of the work is needed any more.
    fn placed(&mut self) {
        self.created = false;
        self.discard();
    }

    /// Makes a shard's file of the journal, which must be closed, and moves it to its place.
    ///
    /// # Errors
    /// [`WriteError`] if the journal is not whole or the file cannot be written.
    pub fn finish_shard(mut self, name: &str, runner: &Runner<'_>) -> Result<(), WriteError> {
        let (staged, to) = (self.staged().file(name), self.target.join(name));
        journal::finish(&self.staged().journal(), &staged, runner)?;
        // One file is replaced at once; if that fails, the journal stays.
        fs::rename(staged, &to).map_err(|error| failed(&to, &error))?;
        self.placed();
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

/// The entries of a directory but its staging folders; none if there is no directory.
fn entries(target: &Path) -> Result<Vec<fs::DirEntry>, WriteError> {
    let unread =
        |error: std::io::Error| WriteError::Unread { path: target.display().to_string(), reason: reason(&error) };
    let found = match fs::read_dir(target) {
        Ok(found) => found,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unread(error)),
    };
    let found: Vec<fs::DirEntry> = found.collect::<Result<_, _>>().map_err(unread)?;
    let is_staging = |entry: &fs::DirEntry| entry.file_name().to_string_lossy().starts_with(staging::PREFIX);
    Ok(found.into_iter().filter(|entry| !is_staging(entry)).collect())
}

/// Whether a directory has anything in it but staging folders.
fn is_taken(target: &Path) -> Result<bool, WriteError> {
    Ok(!entries(target)?.is_empty())
}

/// How the names of result files end.
const ENDINGS: [&str; 10] = ["csv", "png", "svg", "html", "json", "ics", "ps1", "xml", "ron", "md"];

/// Makes sure that what is called like a result is a file: a directory, a pipe or a device is never replaced.
fn check_entries(target: &Path) -> Result<(), WriteError> {
    if !target.is_dir() {
        return Ok(());
    }
    let paths = entries(target)?.into_iter().map(|entry| entry.path());
    let like_results = |path: &PathBuf| path.extension().is_some_and(|end| ENDINGS.iter().any(|known| end == *known));
    paths.filter(like_results).try_for_each(|path| check_place(&path))
}

/// Makes sure that nothing but a file or a link, which would be replaced, stands where a file is to go.
fn check_place(path: &Path) -> Result<(), WriteError> {
    match path.symlink_metadata() {
        Ok(found) if !found.is_file() && !found.is_symlink() => {
            let what = brownout_reading::files::kind(found.file_type());
            Err(WriteError::InTheWay { path: path.display().to_string(), what })
        }
        _ => Ok(()),
    }
}

/// Makes a new file as readable as any other file, in place of one that a run left there.
fn create_as_usual(path: &Path) -> std::io::Result<fs::File> {
    match brownout_reading::files::create_new(path) {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            fs::remove_file(path)?;
            brownout_reading::files::create_new(path)
        }
        other => other,
    }
}

/// A temporary file that will be as readable as any other file, not only by its owner.
fn temporary_file(directory: &Path) -> std::io::Result<tempfile::NamedTempFile> {
    #[cfg_attr(not(unix), allow(unused_mut))]
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
    let failed = |error| WriteError::FileFailed { path: path.display().to_string(), reason: reason(&error) };
    write().map_err(failed)
}
