//! The journal of a run: its work so far, on disk, so that an interruption loses little.

use std::fs::File;
use std::io::{BufReader, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::{WriteError, failed};
use crate::experiment::part::Joiner;
use crate::experiment::{Part, Runner};
use crate::files;
use crate::shard::{Header, PartReader, PartWriter, ShardError};

/// Bytes that are kept in memory before they are written whatever the time.
const BUFFER_MAX: usize = 1 << 20;

/// A file that parts are appended to. Nothing is written in the first seconds: a short run leaves no trace.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    every: Duration,
    written: Instant,
    file: Option<File>,
    parts: PartWriter,
    buffer: Vec<u8>,
    joiner: Joiner,
    width: u64,
}

impl Journal {
    /// A journal that begins anew.
    ///
    /// - `every`: after this time at most, what was done is on disk.
    pub(super) fn begin(path: PathBuf, header: &Header, every: Duration) -> Self {
        let (parts, buffer) = PartWriter::begin(header);
        let width = header.width;
        Journal { path, every, written: Instant::now(), file: None, parts, buffer, joiner: Joiner::default(), width }
    }

    /// Goes on with a journal: gives all its parts to `each`, drops what was cut off at its end, and appends from there.
    ///
    /// # Errors
    /// [`WriteError::OtherWork`] if it is not the journal of this run.
    pub(super) fn resume(
        path: PathBuf,
        header: &Header,
        every: Duration,
        runner: &Runner<'_>,
        each: &mut dyn FnMut(Part),
    ) -> Result<Self, WriteError> {
        let other = |reason: String| WriteError::OtherWork { path: path.display().to_string(), reason };
        let mut reader = open(&path).map_err(|error| other(error.to_string()))?;
        let same = reader.header().share() == header.share();
        if let Some(what) = reader.header().difference(header).or_else(|| (!same).then(|| "another shard".to_owned())) {
            return Err(other(what));
        }
        // What does not read as a part was being written when the run was interrupted; it is lived again.
        while let Ok(Some(part)) = reader.next(runner) {
            each(part);
        }
        let (good, parts) = reader.resume();
        let file = files::open_own(&path).and_then(|mut file| {
            file.set_len(good)?;
            file.seek(SeekFrom::End(0)).map(|_| file)
        });
        let file = Some(file.map_err(|error| failed(&path, &error))?);
        let (buffer, joiner, width) = (Vec::new(), Joiner::default(), header.width);
        Ok(Journal { path, every, written: Instant::now(), file, parts, buffer, joiner, width })
    }

    /// Keeps a part, in memory at first.
    ///
    /// # Errors
    /// [`WriteError::Failed`] if the file cannot be written.
    pub fn keep(&mut self, part: &Part) -> Result<(), WriteError> {
        if part.tenants == (0..self.width) {
            self.buffer.extend(self.parts.part(part));
        } else if let Some(whole) = self.joiner.push(part.clone(), self.width) {
            self.buffer.extend(self.parts.part(&whole));
        }
        if self.written.elapsed() >= self.every {
            self.close()
        } else if self.buffer.len() >= BUFFER_MAX {
            self.write(false)
        } else {
            Ok(())
        }
    }

    /// Writes everything, the beginning of a replication too, and waits until the disk has it.
    ///
    /// # Errors
    /// [`WriteError::Failed`] if the file cannot be written.
    pub fn close(&mut self) -> Result<(), WriteError> {
        if let Some(part) = self.joiner.take() {
            self.buffer.extend(self.parts.part(&part));
        }
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

/// Opens a file of parts.
///
/// # Errors
/// [`ShardError`] says what is wrong with it.
pub fn open(path: &Path) -> Result<PartReader<BufReader<File>>, ShardError> {
    let (file, length) = files::open(path).map_err(|error| ShardError::Read(error.to_string()))?;
    PartReader::new(BufReader::new(file), length)
}

/// Writes a journal again as the file of its share: a part for each replication, and an end mark. However often the run
/// was interrupted, the bytes are the same.
///
/// # Errors
/// [`WriteError`] if the journal is not whole or the file cannot be written.
pub(super) fn finish(journal: &Path, to: &Path, runner: &Runner<'_>) -> Result<(), WriteError> {
    let damaged = |error: ShardError| WriteError::OtherWork {
        path: journal.display().to_string(),
        reason: format!("it changed under our hands: {error}"),
    };
    let mut reader = open(journal).map_err(damaged)?;
    let (mut parts, start) = PartWriter::begin(reader.header());
    let mut joiner = Joiner::default();
    let write = |bytes: &[u8], file: &mut BufWriter<File>| file.write_all(bytes).map_err(|error| failed(to, &error));
    let mut file = BufWriter::new(super::create_as_usual(to).map_err(|error| failed(to, &error))?);
    write(&start, &mut file)?;
    while let Some(part) = reader.next(runner).map_err(damaged)? {
        if let Some(whole) = joiner.push(part, runner.width()) {
            write(&parts.part(&whole), &mut file)?;
        }
    }
    if let Some(rest) = joiner.take() {
        write(&parts.part(&rest), &mut file)?;
    }
    write(&parts.end(), &mut file)?;
    let file = file.into_inner().map_err(|error| failed(to, error.error()))?;
    file.sync_all().map_err(|error| failed(to, &error))
}
