//! Rows as frames and back.

use std::io::Read;

use super::PointsHeader;
use crate::shard::ShardError;
use crate::shard::frame::{FrameKind, FrameReader, FrameWriter};
use brownout_explore::points::{Outcome, PointRow};

/// Makes the bytes of a file of rows.
#[derive(Clone, Debug)]
pub struct RowWriter {
    frames: FrameWriter,
    index: u64,
    count: u64,
}

impl RowWriter {
    /// A new file, and the bytes it begins with.
    pub fn begin(header: &PointsHeader) -> (Self, Vec<u8>) {
        let (mut frames, mut bytes) = FrameWriter::begin();
        bytes.extend(frames.frame(FrameKind::Header, &header.bytes()));
        (RowWriter { frames, index: header.body.indexes.start, count: 0 }, bytes)
    }

    /// The bytes of the row at the next index.
    pub fn row(&mut self, outcome: &Outcome) -> Vec<u8> {
        let line = PointRow::line_of(self.index, outcome);
        self.index += 1;
        self.count += 1;
        self.frames.frame(FrameKind::Part, line.as_bytes())
    }

    /// The bytes that end the file.
    pub fn end(mut self) -> Vec<u8> {
        self.frames.frame(FrameKind::End, &self.count.to_le_bytes())
    }
}

/// Reads a file of rows.
#[derive(Debug)]
pub struct RowReader<R> {
    frames: FrameReader<R>,
    header: PointsHeader,
    index: u64,
    ended: bool,
}

impl<R: Read> RowReader<R> {
    /// Reads the rest of a file of which the first frame was read.
    ///
    /// # Errors
    /// [`ShardError`] says what is wrong.
    pub fn with(frames: FrameReader<R>, header: &[u8]) -> Result<Self, ShardError> {
        let header = PointsHeader::read(header)?;
        let index = header.body.indexes.start;
        Ok(RowReader { frames, header, index, ended: false })
    }

    /// What the file is about.
    pub fn header(&self) -> &PointsHeader {
        &self.header
    }

    /// What the point at the next index came to; `None` at the end of the file or at its end mark.
    ///
    /// # Errors
    /// [`ShardError`] says what is wrong; what came before it is sound.
    pub fn next_row(&mut self) -> Result<Option<Outcome>, ShardError> {
        let count = self.index - self.header.body.indexes.start;
        match self.frames.next_frame()? {
            None => Ok(None),
            Some((FrameKind::Part, bytes)) if !self.ended => {
                let line = std::str::from_utf8(&bytes).map_err(|_| ShardError::Row("a row is no text".to_owned()))?;
                let row = PointRow::from_line(line).map_err(|error| ShardError::Row(error.to_string()))?;
                if row.point as u64 != self.index {
                    return Err(ShardError::Order);
                }
                self.index += 1;
                Ok(Some(row.outcome))
            }
            Some((FrameKind::End, bytes)) if !self.ended && bytes == count.to_le_bytes() => {
                self.ended = true;
                if self.frames.is_at_end() { Ok(None) } else { Err(ShardError::Order) }
            }
            Some(_) => Err(ShardError::Order),
        }
    }

    /// Whether the file is whole: it has its end mark, and its rows reach to the end of its shard.
    ///
    /// # Errors
    /// [`ShardError::CutShort`] if not.
    pub fn check_end(&self) -> Result<(), ShardError> {
        if self.ended && self.index == self.header.body.indexes.end { Ok(()) } else { Err(ShardError::CutShort) }
    }

    /// Bytes up to the end of the last sound frame, and a writer that goes on there.
    pub fn resume(&self) -> (u64, RowWriter) {
        let (good, frames) = self.frames.resume();
        (good, RowWriter { frames, index: self.index, count: self.index - self.header.body.indexes.start })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::inputs_of;
    use crate::shard::points::PointsBody;
    use brownout_experiment::Shard;

    fn header() -> PointsHeader {
        PointsHeader::new(PointsBody::new("ask", Shard::new(2, 2).unwrap(), 5, 3..5), inputs_of(&["a", "b"]))
    }

    fn outcomes() -> [Outcome; 2] {
        [Ok(vec![vec![vec![Some(0.1), None]]; 2]), Err("no study".to_owned())]
    }

    fn bytes(rows: &[Outcome], end: bool) -> Vec<u8> {
        let (mut writer, mut bytes) = RowWriter::begin(&header());
        rows.iter().for_each(|row| bytes.extend(writer.row(row)));
        if end {
            bytes.extend(writer.end());
        }
        bytes
    }

    fn reader(bytes: &[u8]) -> RowReader<&[u8]> {
        let mut frames = FrameReader::new(bytes, bytes.len() as u64).unwrap();
        let (_, first) = frames.next_frame().unwrap().unwrap();
        RowReader::with(frames, &first).unwrap()
    }

    #[test]
    fn rows_come_back_and_a_cut_file_can_be_continued() {
        let whole = bytes(&outcomes(), true);
        let mut read = reader(&whole);
        let rows: Vec<Outcome> = std::iter::from_fn(|| read.next_row().unwrap()).collect();
        assert_eq!(rows, outcomes());
        read.check_end().unwrap();
        let cut = bytes(&outcomes()[..1], false);
        let mut read = reader(&cut);
        assert_eq!(read.next_row().unwrap(), Some(outcomes()[0].clone()));
        assert_eq!(read.next_row().unwrap(), None);
        assert!(matches!(read.check_end(), Err(ShardError::CutShort)));
        let (good, mut writer) = read.resume();
        let mut continued = cut[..good as usize].to_vec();
        continued.extend(writer.row(&outcomes()[1]));
        continued.extend(writer.end());
        assert_eq!(continued, whole);
    }

    #[test]
    fn a_share_that_ends_too_early_is_cut_short() {
        let short = bytes(&outcomes()[..1], true);
        let mut read = reader(&short);
        while read.next_row().unwrap().is_some() {}
        assert!(matches!(read.check_end(), Err(ShardError::CutShort)));
    }
}
