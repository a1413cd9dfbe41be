//! A file that is appended to while work goes on, so that an interruption loses little.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::{WriteError, failed};
use brownout_reading::files;

/// Bytes that are kept in memory before they are written whatever the time.
const BUFFER_MAX: usize = 1 << 20;

/// A file that bytes are appended to. Nothing is written in the first seconds: short work leaves no trace.
#[derive(Debug)]
pub(super) struct Log {
    path: PathBuf,
    every: Duration,
    written: Instant,
    file: Option<File>,
    buffer: Vec<u8>,
}

impl Log {
    /// A file that begins anew, with some bytes.
    ///
    /// - `every`: after this time at most, what was appended is on disk.
    pub(super) fn begin(path: PathBuf, every: Duration, start: Vec<u8>) -> Self {
        Log { path, every, written: Instant::now(), file: None, buffer: start }
    }

    /// Goes on with a file behind its first `good` bytes; what follows them is dropped.
    ///
    /// # Errors
    /// [`WriteError::Failed`] if the file cannot be written.
    pub(super) fn resume(path: PathBuf, every: Duration, good: u64) -> Result<Self, WriteError> {
        let file = files::open_own(&path).and_then(|mut file| {
            file.set_len(good)?;
            file.seek(SeekFrom::End(0)).map(|_| file)
        });
        let file = Some(file.map_err(|error| failed(&path, &error))?);
        Ok(Log { path, every, written: Instant::now(), file, buffer: Vec::new() })
    }

    /// Appends bytes, in memory at first.
    pub(super) fn append(&mut self, bytes: &[u8]) {
        self.buffer.extend(bytes);
    }

    /// Whether it is time that the disk has what was appended.
    pub(super) fn is_due(&self) -> bool {
        self.written.elapsed() >= self.every
    }

    /// Writes what is too much for memory.
    ///
    /// # Errors
    /// [`WriteError::Failed`] if the file cannot be written.
    pub(super) fn relieve(&mut self) -> Result<(), WriteError> {
        if self.buffer.len() >= BUFFER_MAX { self.write(false) } else { Ok(()) }
    }

    /// Writes everything and waits until the disk has it.
    ///
    /// # Errors
    /// [`WriteError::Failed`] if the file cannot be written.
    pub(super) fn synchronise(&mut self) -> Result<(), WriteError> {
        self.written = Instant::now();
        self.write(true)
    }

    fn write(&mut self, sync: bool) -> Result<(), WriteError> {
        let written = match &mut self.file {
            Some(file) => file.write_all(&self.buffer).and_then(|()| if sync { file.sync_data() } else { Ok(()) }),
            None => create(&self.path, &self.buffer).map(|file| self.file = Some(file)),
        };
        written.map_err(|error| failed(&self.path, &error))?;
        self.buffer.clear();
        Ok(())
    }
}

/// Makes a file that is there with all of `bytes` or not at all, and can be appended to.
fn create(path: &Path, bytes: &[u8]) -> std::io::Result<File> {
    let new = path.with_extension("new");
    let mut file = super::create_as_usual(&new)?;
    file.write_all(bytes)?;
    file.sync_data()?;
    std::fs::rename(&new, path)?;
    Ok(file)
}
