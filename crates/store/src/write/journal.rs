//! The journal of a run: its work so far, on disk, so that an interruption loses little.

use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::log::Log;
use super::{WriteError, failed};
use crate::manifest::{Fields, Header, PackageKind};
use crate::shard::frame::{FrameKind, FrameReader};
use crate::shard::{PartReader, PartWriter, ShardError, ShardHeader};
use brownout_experiment::part::Joiner;
use brownout_experiment::{Part, Runner};
use brownout_reading::files;

/// A file that parts are appended to.
#[derive(Debug)]
pub struct Journal {
    log: Log,
    parts: PartWriter,
    joiner: Joiner,
    width: u64,
}

impl Journal {
    /// A journal that begins anew.
    ///
    /// - `every`: after this time at most, what was done is on disk.
    pub(super) fn begin(path: PathBuf, header: &ShardHeader, every: Duration) -> Self {
        let (parts, start) = PartWriter::begin(header);
        Journal { log: Log::begin(path, every, start), parts, joiner: Joiner::default(), width: header.body.width }
    }

    /// Goes on with a journal: gives all its parts to `each`, drops what was cut off at its end, and appends from there.
    ///
    /// # Errors
    /// [`WriteError::OtherWork`] if it is not the journal of this run.
    pub(super) fn resume(
        path: PathBuf,
        header: &ShardHeader,
        every: Duration,
        runner: &Runner<'_>,
        each: &mut dyn FnMut(Part),
    ) -> Result<Self, WriteError> {
        let other = |reason: String| WriteError::OtherWork { path: path.display().to_string(), reason };
        let mut reader = open(&path).map_err(|error| other(error.to_string()))?;
        let same = reader.header().shard() == header.shard();
        if let Some(what) = reader.header().difference(header).or_else(|| (!same).then(|| "another shard".to_owned())) {
            return Err(other(what));
        }
        // What does not read as a part was being written when the run was interrupted; it is lived again.
        while let Ok(Some(part)) = reader.next(runner) {
            each(part);
        }
        let (good, parts) = reader.resume();
        let log = Log::resume(path, every, good)?;
        Ok(Journal { log, parts, joiner: Joiner::default(), width: header.body.width })
    }

    /// Keeps a part, in memory at first.
    ///
    /// # Errors
    /// [`WriteError::Failed`] if the file cannot be written.
    pub fn keep(&mut self, part: &Part) -> Result<(), WriteError> {
        if part.tenants == (0..self.width) {
            self.log.append(&self.parts.part(part));
        } else if let Some(whole) = self.joiner.push(part.clone(), self.width) {
            self.log.append(&self.parts.part(&whole));
        }
        if self.log.is_due() { self.close() } else { self.log.relieve() }
    }

    /// Writes everything, the beginning of a replication too, and waits until the disk has it.
    ///
    /// # Errors
    /// [`WriteError::Failed`] if the file cannot be written.
    pub fn close(&mut self) -> Result<(), WriteError> {
        if let Some(part) = self.joiner.take() {
            self.log.append(&self.parts.part(&part));
        }
        self.log.synchronise()
    }
}

/// Opens a file of parts.
///
/// # Errors
/// [`ShardError`] says what is wrong with it.
pub fn open(path: &Path) -> Result<PartReader<BufReader<File>>, ShardError> {
    let (frames, header) = opened(path)?;
    PartReader::with(frames, &header)
}

/// A file with its header read.
pub(super) type Opened = (FrameReader<BufReader<File>>, Vec<u8>);

/// Opens a file of parts or rows and reads its header.
///
/// # Errors
/// [`ShardError`] says what is wrong with it.
pub(super) fn opened(path: &Path) -> Result<Opened, ShardError> {
    let (file, length) = files::open(path).map_err(|error| ShardError::Read(error.to_string()))?;
    let mut frames = FrameReader::new(BufReader::new(file), length)?;
    match frames.next_frame()? {
        Some((FrameKind::Header, bytes)) => Ok((frames, bytes)),
        _ => Err(ShardError::CutShort),
    }
}

/// Whether a file of parts or rows is whole as far as its frames tell: each has its checksum, and the last is an end mark.
///
/// # Errors
/// [`ShardError`] says what is wrong with it.
pub fn check_frames(path: &Path) -> Result<(), ShardError> {
    let (mut frames, _) = opened(path)?;
    let mut last = FrameKind::Header;
    while let Some((kind, _)) = frames.next_frame()? {
        last = kind;
    }
    if last == FrameKind::End { Ok(()) } else { Err(ShardError::CutShort) }
}

/// What a file of parts or rows is of: a run's lives or an exploration's points.
///
/// # Errors
/// [`ShardError`] says what is wrong with it.
pub fn kind_of(path: &Path) -> Result<PackageKind, ShardError> {
    let (_, header) = opened(path)?;
    let header = Header::<Fields>::parse(&header).map_err(|error| ShardError::Header(error.to_string()))?;
    Ok(header.kind())
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
