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
    #[error("cannot write {path}: {reason}; choose another --out")]
    Failed { path: String, reason: String },
}

fn failed(path: &Path, error: &std::io::Error) -> WriteError {
    WriteError::Failed { path: path.display().to_string(), reason: reason(error) }
}

/// An output directory that was found writable; files are collected beside it and moved in at the end.
#[derive(Debug)]
pub struct OutputDirectory {
    target: PathBuf,
    staging: TempDir,
}

/// The file that is written last: a directory without it holds no results.
pub const MANIFEST: &str = "manifest.json";

impl OutputDirectory {
    /// Makes sure that results can be written to `target`, before any work is done.
    ///
    /// # Errors
    /// [`WriteError`] if the directory has results and `force` is not set, or cannot be written.
    pub fn prepare(target: &Path, force: bool) -> Result<Self, WriteError> {
        if target.exists() && !target.is_dir() {
            return Err(WriteError::NotADirectory { path: target.display().to_string() });
        }
        let taken = fs::read_dir(target).is_ok_and(|mut entries| entries.next().is_some());
        if taken && !force {
            return Err(WriteError::Exists { path: target.display().to_string() });
        }
        fs::create_dir_all(target).map_err(|error| failed(target, &error))?;
        let staging = tempfile::Builder::new().prefix(".unfinished-").tempdir_in(target);
        let staging = staging.map_err(|error| failed(target, &error))?;
        Ok(OutputDirectory { target: target.to_path_buf(), staging })
    }

    /// The directory that will hold the results.
    pub fn path(&self) -> &Path {
        &self.target
    }

    /// Stages one file.
    pub fn add(&self, name: &str, bytes: &[u8]) -> Result<(), WriteError> {
        let path = self.staging.path().join(name);
        let written = fs::File::create(&path).and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()
        });
        written.map_err(|error| failed(&self.target.join(name), &error))
    }

    /// Moves all staged files to their places, the manifest last, and removes what an earlier run had left.
    pub fn finish(self, names: &[String], stale: &[String]) -> Result<(), WriteError> {
        let manifest = self.target.join(MANIFEST);
        if manifest.exists() {
            fs::remove_file(&manifest).map_err(|error| failed(&manifest, &error))?;
        }
        for name in stale.iter().filter(|name| !names.contains(name)) {
            let _ = fs::remove_file(self.target.join(name));
        }
        for name in names.iter().filter(|name| *name != MANIFEST).chain(names.iter().filter(|name| *name == MANIFEST)) {
            let to = self.target.join(name);
            fs::rename(self.staging.path().join(name), &to).map_err(|error| failed(&to, &error))?;
        }
        Ok(())
    }
}

/// Writes one file to a temporary name beside it, then renames.
///
/// # Errors
/// [`WriteError::Failed`] names the file and the reason.
pub fn write_file(path: &Path, bytes: &[u8]) -> Result<(), WriteError> {
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    let write = || -> std::io::Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(directory)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|error| error.error)?;
        Ok(())
    };
    write().map_err(|error| failed(path, &error))
}
