//! Parts as frames and back.

use std::io::Read;

use super::frame::{FrameKind, FrameReader, FrameWriter};
use super::{ShardError, ShardHeader};
use brownout_experiment::{Part, Runner};
use brownout_kernel::tally::{Shape, wire};

/// The content of a part's frame.
fn content(part: &Part) -> Vec<u8> {
    let mut to = wire::Encoder::default();
    to.unsigned(part.replication.into());
    to.unsigned(part.tenants.start.into());
    to.unsigned(part.tenants.end.into());
    part.tallies.iter().for_each(|tally| wire::encode(tally, &mut to));
    to.bytes()
}

/// Reads the content of a part's frame.
///
/// - `shapes`: of the tallies, by scenario.
///
/// # Errors
/// [`ShardError::Tally`] if the bytes do not fit.
pub fn read_content(bytes: &[u8], shapes: &[Shape]) -> Result<Part, ShardError> {
    let mut from = wire::Decoder::new(bytes);
    let replication = from.whole()?;
    let tenants = from.whole()?..from.whole()?;
    let tallies = shapes.iter().map(|&shape| wire::decode(shape, &mut from)).collect::<Result<_, _>>()?;
    from.end()?;
    Ok(Part { replication, tenants, tallies })
}

/// Makes the bytes of a file of parts.
#[derive(Clone, Debug)]
pub struct PartWriter {
    frames: FrameWriter,
    count: u64,
}

impl PartWriter {
    /// A new file, and the bytes it begins with.
    pub fn begin(header: &ShardHeader) -> (Self, Vec<u8>) {
        let (mut frames, mut bytes) = FrameWriter::begin();
        bytes.extend(frames.frame(FrameKind::Header, &header.bytes()));
        (PartWriter { frames, count: 0 }, bytes)
    }

    /// The bytes of the next part.
    pub fn part(&mut self, part: &Part) -> Vec<u8> {
        self.count += 1;
        self.frames.frame(FrameKind::Part, &content(part))
    }

    /// The bytes that end the file.
    pub fn end(mut self) -> Vec<u8> {
        self.frames.frame(FrameKind::End, &self.count.to_le_bytes())
    }
}

/// Reads a file of parts.
#[derive(Debug)]
pub struct PartReader<R> {
    frames: FrameReader<R>,
    header: ShardHeader,
    /// Where the next part must begin.
    index: u64,
    count: u64,
    ended: bool,
}

impl<R: Read> PartReader<R> {
    /// Reads the header.
    ///
    /// - `length`: bytes of the input.
    ///
    /// # Errors
    /// [`ShardError`] says what is wrong.
    pub fn new(input: R, length: u64) -> Result<Self, ShardError> {
        let mut frames = FrameReader::new(input, length)?;
        let Some((FrameKind::Header, bytes)) = frames.next_frame()? else { return Err(ShardError::CutShort) };
        Self::with(frames, &bytes)
    }

    /// Reads the rest of a file of which the first frame was read.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn with(frames: FrameReader<R>, header: &[u8]) -> Result<Self, ShardError> {
        let header = ShardHeader::read(header)?;
        let index = header.indexes().start;
        Ok(PartReader { frames, header, index, count: 0, ended: false })
    }

    /// What the file is about.
    pub fn header(&self) -> &ShardHeader {
        &self.header
    }

    /// The next part; `None` at the end of the file or at its end mark. Parts come without gaps from the share's beginning.
    ///
    /// # Errors
    /// [`ShardError`] says what is wrong; what came before it is sound.
    pub fn next(&mut self, runner: &Runner<'_>) -> Result<Option<Part>, ShardError> {
        match self.frames.next_frame()? {
            None => Ok(None),
            Some((FrameKind::Part, bytes)) if !self.ended => {
                let shapes: Vec<Shape> = runner.rules().iter().map(|rules| rules.shape()).collect();
                let part = read_content(&bytes, &shapes)?;
                self.index = self.end_of(&part).ok_or(ShardError::Order)?;
                self.count += 1;
                Ok(Some(part))
            }
            Some((FrameKind::End, bytes)) if !self.ended && bytes == self.count.to_le_bytes() => {
                self.ended = true;
                if self.frames.is_at_end() { Ok(None) } else { Err(ShardError::Order) }
            }
            Some(_) => Err(ShardError::Order),
        }
    }

    /// Where a part ends, if it is one, lies in one replication and begins where the last one ended.
    fn end_of(&self, part: &Part) -> Option<u64> {
        let width = self.header.body.width;
        let within = part.tenants.start < part.tenants.end && part.tenants.end <= width;
        let base = u64::from(part.replication).checked_mul(width)?;
        let begins = within && base.checked_add(part.tenants.start)? == self.index;
        begins.then(|| base.checked_add(part.tenants.end))?
    }

    /// Whether the file is whole: it has its end mark and its parts reach to the end of its share.
    ///
    /// # Errors
    /// [`ShardError::CutShort`] if not.
    pub fn check_end(&self) -> Result<(), ShardError> {
        let whole = self.ended && self.index == self.header.indexes().end;
        if whole { Ok(()) } else { Err(ShardError::CutShort) }
    }

    /// Bytes up to the end of the last sound frame, and a writer that goes on there.
    pub fn resume(&self) -> (u64, PartWriter) {
        let (good, frames) = self.frames.resume();
        (good, PartWriter { frames, count: self.count })
    }
}
