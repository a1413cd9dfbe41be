//! The journal of an exploration, and the file of a share of its points.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::journal::opened;
use super::log::Log;
use super::{OutputDirectory, WriteError, failed};
use crate::shard::{PointsHeader, RowReader, RowWriter, ShardError};
use brownout_explore::points::Outcome;

/// A file that rows are appended to, in the order of their indexes. A whole one with an end mark is the file of a shard.
#[derive(Debug)]
pub struct RowJournal {
    log: Log,
    rows: RowWriter,
}

impl RowJournal {
    /// Keeps the row of the next index, in memory at first.
    ///
    /// # Errors
    /// [`WriteError::Failed`] if the file cannot be written.
    pub fn keep(&mut self, outcome: &Outcome) -> Result<(), WriteError> {
        self.log.append(&self.rows.row(outcome));
        if self.log.is_due() { self.log.synchronise() } else { self.log.relieve() }
    }

    /// Writes everything and waits until the disk has it.
    ///
    /// # Errors
    /// [`WriteError::Failed`] if the file cannot be written.
    pub fn close(&mut self) -> Result<(), WriteError> {
        self.log.synchronise()
    }

    fn end(mut self) -> Result<(), WriteError> {
        self.log.append(&self.rows.end());
        self.log.synchronise()
    }
}

impl OutputDirectory {
    /// Opens the journal of an exploration, and gives what an interrupted one had lived.
    ///
    /// - `every`: after this time at most, what was lived is on disk.
    ///
    /// # Errors
    /// [`WriteError::OtherWork`] if the work is not that of this exploration.
    pub fn row_journal(
        &self,
        header: &PointsHeader,
        every: Duration,
    ) -> Result<(RowJournal, Vec<Outcome>), WriteError> {
        let path = self.staged().journal();
        if self.is_resuming() {
            return resume(path, header, every);
        }
        let (rows, start) = RowWriter::begin(header);
        Ok((RowJournal { log: Log::begin(path, every, start), rows }, Vec::new()))
    }

    /// Makes a shard's file of its journal and moves it to its place.
    ///
    /// # Errors
    /// [`WriteError`] if the file cannot be written.
    pub fn finish_rows(mut self, name: &str, journal: RowJournal) -> Result<(), WriteError> {
        journal.end()?;
        let to = self.path().join(name);
        std::fs::rename(self.staged().journal(), &to).map_err(|error| failed(&to, &error))?;
        self.placed();
        Ok(())
    }
}

fn resume(path: PathBuf, header: &PointsHeader, every: Duration) -> Result<(RowJournal, Vec<Outcome>), WriteError> {
    let other = |reason: String| WriteError::OtherWork { path: path.display().to_string(), reason };
    let mut reader = open_rows(&path).map_err(|error| other(error.to_string()))?;
    let same = reader.header().shard() == header.shard();
    if let Some(what) = reader.header().difference(header).or_else(|| (!same).then(|| "another shard".to_owned())) {
        return Err(other(what));
    }
    // What does not read as a row was being written when the work was interrupted; it is lived again.
    let mut known = Vec::new();
    while let Ok(Some(outcome)) = reader.next_row() {
        known.push(outcome);
    }
    let (good, rows) = reader.resume();
    Ok((RowJournal { log: Log::resume(path, every, good)?, rows }, known))
}

/// Opens a file of rows.
///
/// # Errors
/// [`ShardError`] says what is wrong with it.
pub fn open_rows(path: &Path) -> Result<RowReader<BufReader<File>>, ShardError> {
    let (frames, header) = opened(path)?;
    RowReader::with(frames, &header)
}
