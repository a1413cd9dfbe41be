//! Staging folders: where a run collects its files and keeps its work until it is done, locked while it lives.
//!
//! A lock of the operating system goes with the process that held it, however that ended. So a folder that can be locked
//! is no run's any more, and what lies in it was left by an interrupted one.

use std::fs::{self, DirBuilder, File, TryLockError};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::placing::{FORMER, RECORD};
use super::{WriteError, failed};
use brownout_reading::files;

/// How the names of staging folders begin; they do not count as results.
pub(super) const PREFIX: &str = ".unfinished-";
/// The file in a staging folder that its run holds locked; it has the number of the process in it.
const LOCK: &str = "lock";
/// The file in a staging folder that keeps a run's work.
const JOURNAL: &str = "journal";
/// How often a folder is claimed that goes each time another run ends just then.
const TRIES: u32 = 50;

/// The staging folder of `name` in `target`.
pub(super) fn folder(target: &Path, name: &str) -> PathBuf {
    target.join(format!("{PREFIX}{name}"))
}

/// A staging folder that is ours. It goes when it is dropped, unless there is work in it.
#[derive(Debug)]
pub(super) struct Staging {
    folder: PathBuf,
    discard: bool,
    /// Held until the folder is gone.
    _lock: File,
}

impl Staging {
    /// Makes the staging folder of `name` in `target` ours.
    ///
    /// # Errors
    /// [`WriteError::Busy`] if another run has it, [`WriteError::Failed`] if it cannot be made or what is in it is not of a
    /// run, [`WriteError::NotADirectory`] if a link or a file stands in its place, [`WriteError::Foreign`] if another user made
    /// it: what they lead to is not ours to clear.
    pub(super) fn claim(target: &Path, name: &str) -> Result<Self, WriteError> {
        let folder = folder(target, name);
        for _ in 0..TRIES {
            make_own(target, &folder)?;
            let lock = folder.join(LOCK);
            match claim_lock(&lock) {
                Ok(Some(lock)) => return Ok(Staging { folder, discard: false, _lock: lock }),
                // The folder went while we waited for it: another run has just finished.
                Ok(None) => std::thread::sleep(Duration::from_millis(2)),
                Err(ClaimError::Busy(process)) => {
                    return Err(WriteError::Busy { path: target.display().to_string(), process });
                }
                Err(ClaimError::Failed(error)) if error.kind() == ErrorKind::InvalidInput => {
                    return Err(failed(&lock, &error));
                }
                Err(ClaimError::Failed(error)) => return Err(failed(target, &error)),
            }
        }
        let gone = std::io::Error::other("its staging folder goes as often as it is made");
        Err(failed(target, &gone))
    }

    /// The folder.
    pub(super) fn path(&self) -> &Path {
        &self.folder
    }

    /// A file in the folder.
    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The file that keeps the work.
    pub(super) fn journal(&self) -> PathBuf {
        self.file(JOURNAL)
    }

    /// Whether there is work of an interrupted run in it.
    pub(super) fn has_work(&self) -> bool {
        is_file(&self.journal())
    }

    /// Whether there are results in it that were not put in their places.
    pub(super) fn has_results(&self) -> bool {
        is_file(&self.file(RECORD))
    }

    /// Removes everything but the lock and, if it is to be kept, the work.
    pub(super) fn clear(&self, keep_work: bool) -> Result<(), WriteError> {
        let entries = fs::read_dir(&self.folder).map_err(|error| failed(&self.folder, &error))?;
        for entry in entries {
            let entry = entry.map_err(|error| failed(&self.folder, &error))?;
            let name = entry.file_name();
            if name == LOCK || (keep_work && name == JOURNAL) {
                continue;
            }
            let path = entry.path();
            let removed = if name == FORMER { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
            removed.map_err(|error| failed(&path, &error))?;
        }
        Ok(())
    }

    /// Lets the work go with the folder.
    pub(super) fn discard(&mut self) {
        self.discard = true;
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        if !self.discard && self.has_results() {
            return;
        }
        if self.discard || !self.has_work() {
            // What cannot be removed is found again, and removed, by the next run.
            let _ = fs::remove_dir_all(&self.folder);
        } else {
            let _ = self.clear(true);
        }
    }
}

fn is_file(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|found| found.is_file())
}

/// Makes a folder that only we may enter, or makes sure that the one there is such.
fn make_own(target: &Path, folder: &Path) -> Result<(), WriteError> {
    match own_directory().create(folder) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(failed(target, &error)),
        _ => {}
    }
    let found = match folder.symlink_metadata() {
        Ok(found) => found,
        // Another run has just removed it; the lock will tell.
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(failed(target, &error)),
    };
    if !found.is_dir() {
        return Err(WriteError::NotADirectory { path: folder.display().to_string() });
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, PermissionsExt};
        if found.uid() != rustix::process::geteuid().as_raw() {
            return Err(WriteError::Foreign { path: folder.display().to_string() });
        }
        if found.mode() & 0o077 != 0 {
            // Where modes mean nothing, nobody is kept out by them anyway.
            let _ = fs::set_permissions(folder, fs::Permissions::from_mode(0o700));
        }
    }
    Ok(())
}

/// Makes directories that only their owner may enter.
pub(super) fn own_directory() -> DirBuilder {
    #[allow(unused_mut)] // elsewhere there is no mode to set
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
}

enum ClaimError {
    Busy(String),
    Failed(std::io::Error),
}

/// Locks the file at `path`; `None` if it was removed meanwhile.
fn claim_lock(path: &Path) -> Result<Option<File>, ClaimError> {
    let opened = match files::create_new(path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => files::open_own(path),
        other => other,
    };
    let mut file = match opened {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(ClaimError::Failed(error)),
    };
    match file.try_lock() {
        Ok(()) if !is_still_at(&file, path) => return Ok(None),
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut process = String::new();
            let _ = file.take(20).read_to_string(&mut process);
            return Err(ClaimError::Busy(process.trim().to_owned()));
        }
        // A file system without locks: a second run is then not noticed, as it was before there was a lock.
        Err(TryLockError::Error(_)) => {}
    }
    // Who cannot read the number reads the message without it.
    let _ = file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id()));
    Ok(Some(file))
}

/// Whether the file we have locked is the one at `path`: then nobody can lock it through the path.
#[cfg(unix)]
fn is_still_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let (Ok(ours), Ok(there)) = (file.metadata(), path.symlink_metadata()) else { return false };
    (ours.dev(), ours.ino()) == (there.dev(), there.ino())
}

/// Elsewhere a file that is open cannot be removed.
#[cfg(not(unix))]
fn is_still_at(_: &File, path: &Path) -> bool {
    path.exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_claimed_once_and_goes_without_work() {
        let target = tempfile::tempdir().unwrap();
        let staging = Staging::claim(target.path(), "run").unwrap();
        let error = Staging::claim(target.path(), "run").unwrap_err();
        assert!(matches!(&error, WriteError::Busy { process, .. } if *process == std::process::id().to_string()));
        assert!(Staging::claim(target.path(), "other").is_ok(), "another name is another folder");
        drop(staging);
        assert_eq!(fs::read_dir(target.path()).unwrap().count(), 0);
        assert!(Staging::claim(target.path(), "run").is_ok());
    }

    #[test]
    fn work_stays_until_it_is_discarded() {
        let target = tempfile::tempdir().unwrap();
        let staging = Staging::claim(target.path(), "run").unwrap();
        fs::write(staging.journal(), "work").unwrap();
        fs::write(staging.file("summary.csv"), "half").unwrap();
        drop(staging);
        let mut staging = Staging::claim(target.path(), "run").unwrap();
        assert!(staging.has_work() && !staging.file("summary.csv").exists());
        staging.discard();
        drop(staging);
        assert_eq!(fs::read_dir(target.path()).unwrap().count(), 0);
    }
}
