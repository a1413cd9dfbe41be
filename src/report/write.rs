//! Bytes to disk: to a temporary name first, then renamed, so that nothing is ever half-written.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

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
}

fn failed(path: &Path, error: &std::io::Error) -> WriteError {
    WriteError::Failed { path: path.display().to_string(), reason: reason(error) }
}

/// An output directory that was found writable; files are collected inside it under a temporary name and moved to their
/// places at the end. What is dropped before that leaves nothing behind.
#[derive(Debug)]
pub struct OutputDirectory {
    target: PathBuf,
    staging: Option<TempDir>,
    created: bool,
    force: bool,
}

/// The file that is written last: a directory without it holds no results.
pub const MANIFEST: &str = "manifest.json";
/// How the names of staging directories begin; those of interrupted runs are left alone and do not count as results.
const STAGING: &str = ".unfinished-";

impl OutputDirectory {
    /// Makes sure that results can be written to `target`, before any work is done.
    ///
    /// # Errors
    /// [`WriteError`] if the directory has anything in it and `force` is not set, or cannot be written.
    pub fn prepare(target: &Path, force: bool) -> Result<Self, WriteError> {
        if target.exists() && !target.is_dir() {
            return Err(WriteError::NotADirectory { path: target.display().to_string() });
        }
        if !force && is_taken(target) {
            return Err(WriteError::Exists { path: target.display().to_string() });
        }
        let created = !target.exists();
        fs::create_dir_all(target).map_err(|error| failed(target, &error))?;
        let mut output = OutputDirectory { target: target.to_path_buf(), staging: None, created, force };
        let staging = tempfile::Builder::new().prefix(STAGING).tempdir_in(target);
        output.staging = Some(staging.map_err(|error| failed(target, &error))?);
        Ok(output)
    }

    /// The directory that will hold the results.
    pub fn path(&self) -> &Path {
        &self.target
    }

    fn staged(&self, name: &str) -> PathBuf {
        self.staging.as_ref().map_or_else(PathBuf::new, |staging| staging.path().join(name))
    }

    /// Stages one file.
    ///
    /// # Errors
    /// [`WriteError::Failed`] names the file as it would have been called.
    pub fn add(&self, name: &str, bytes: &[u8]) -> Result<(), WriteError> {
        let written = fs::File::create(self.staged(name)).and_then(|mut file| {
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
        if !self.force && is_taken(&self.target) {
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
            let to = self.target.join(name);
            fs::rename(self.staged(name), &to).map_err(|error| failed(&to, &error))?;
        }
        self.created = false;
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

/// Whether a directory has anything in it but leftovers of interrupted runs.
fn is_taken(target: &Path) -> bool {
    let entries = fs::read_dir(target).into_iter().flatten().flatten();
    entries.into_iter().any(|entry| !entry.file_name().to_string_lossy().starts_with(STAGING))
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
