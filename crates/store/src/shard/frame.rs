//! Frames: a magic word, a format, then kind, length, content and checksum of each frame.
//!
//! A frame's checksum covers everything before it, so a file cannot lose, double or swap frames unnoticed; a file that is
//! cut after a whole frame can be continued.

use std::io::Read;

use super::ShardError;

/// What every file begins with. The line ends and the byte above 127 show damage by transfers that take it for text.
const MAGIC: [u8; 12] = *b"\x8fbrownout\r\n\n";
/// The format this version reads and writes. Raised whenever what tallies hold means something else; since 4 mail stands in grains.
pub const FORMAT: u16 = 4;
/// Largest frame, in bytes: the bound on what reading any file allocates at once.
pub const FRAME_MAX: u64 = 1 << 28;

/// What a frame holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum FrameKind {
    /// What the file is about; the first frame.
    Header = 1,
    /// Tallies.
    Part = 2,
    /// The number of parts; the last frame.
    End = 3,
}

impl FrameKind {
    fn of(byte: u8) -> Option<FrameKind> {
        [FrameKind::Header, FrameKind::Part, FrameKind::End].into_iter().find(|kind| *kind as u8 == byte)
    }
}

type Checksum = [u8; 32];

fn start() -> Vec<u8> {
    [MAGIC.as_slice(), &FORMAT.to_le_bytes()].concat()
}

fn chain(before: &Checksum, kind: u8, content: &[u8]) -> Checksum {
    let mut hasher = blake3::Hasher::new();
    hasher.update(before).update(&[kind]).update(&(content.len() as u64).to_le_bytes()).update(content);
    hasher.finalize().into()
}

/// Makes frames, one after another.
#[derive(Clone, Debug)]
pub struct FrameWriter {
    chain: Checksum,
}

impl FrameWriter {
    /// A new file, and the bytes it begins with.
    pub fn begin() -> (Self, Vec<u8>) {
        let start = start();
        (FrameWriter { chain: *blake3::hash(&start).as_bytes() }, start)
    }

    /// The bytes of the next frame.
    pub fn frame(&mut self, kind: FrameKind, content: &[u8]) -> Vec<u8> {
        self.chain = chain(&self.chain, kind as u8, content);
        [&[kind as u8], (content.len() as u64).to_le_bytes().as_slice(), content, &self.chain].concat()
    }
}

/// Reads frames and checks them.
#[derive(Debug)]
pub struct FrameReader<R> {
    input: R,
    /// Bytes not read yet.
    left: u64,
    /// Bytes up to the end of the last frame that was whole.
    good: u64,
    chain: Checksum,
}

impl<R: Read> FrameReader<R> {
    /// Reads what every file begins with.
    ///
    /// - `length`: bytes of the input.
    ///
    /// # Errors
    /// [`ShardError::Foreign`] or [`ShardError::Format`] if it is not of this kind or format.
    pub fn new(mut input: R, length: u64) -> Result<Self, ShardError> {
        let mut magic = [0; MAGIC.len() + 2];
        if length < magic.len() as u64 {
            return Err(ShardError::Foreign);
        }
        input.read_exact(&mut magic)?;
        if magic[..MAGIC.len()] != MAGIC {
            return Err(ShardError::Foreign);
        }
        let found = u16::from_le_bytes([magic[MAGIC.len()], magic[MAGIC.len() + 1]]);
        if found != FORMAT {
            return Err(ShardError::Format { found });
        }
        let good = magic.len() as u64;
        Ok(FrameReader { input, left: length - good, good, chain: *blake3::hash(&magic).as_bytes() })
    }

    /// The next frame; `None` at the end of the file.
    ///
    /// # Errors
    /// [`ShardError::CutShort`] or [`ShardError::Damaged`].
    pub fn next_frame(&mut self) -> Result<Option<(FrameKind, Vec<u8>)>, ShardError> {
        const HEAD: u64 = 9;
        const CHECKSUM: u64 = 32;
        if self.left == 0 {
            return Ok(None);
        }
        if self.left < HEAD + CHECKSUM {
            return Err(ShardError::CutShort);
        }
        let mut head = [0; HEAD as usize];
        self.input.read_exact(&mut head)?;
        let length = u64::from_le_bytes(std::array::from_fn(|place| head[place + 1]));
        // A length that leads beyond the file is either damage or a cut; only the checksum could tell.
        if length > FRAME_MAX {
            return Err(ShardError::Damaged { from: self.good });
        }
        if length > self.left - HEAD - CHECKSUM {
            return Err(ShardError::CutShort);
        }
        let mut content = Vec::new();
        let mut checksum = [0; CHECKSUM as usize];
        self.input.by_ref().take(length).read_to_end(&mut content)?;
        self.input.read_exact(&mut checksum)?;
        let expected = chain(&self.chain, head[0], &content);
        let kind =
            FrameKind::of(head[0]).filter(|_| expected == checksum).ok_or(ShardError::Damaged { from: self.good })?;
        self.chain = expected;
        self.left -= HEAD + length + CHECKSUM;
        self.good += HEAD + length + CHECKSUM;
        Ok(Some((kind, content)))
    }

    /// Bytes up to the end of the last whole frame, and a writer that goes on there.
    pub fn resume(&self) -> (u64, FrameWriter) {
        (self.good, FrameWriter { chain: self.chain })
    }

    /// Whether everything was read.
    pub fn is_at_end(&self) -> bool {
        self.left == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Vec<u8> {
        let (mut writer, mut bytes) = FrameWriter::begin();
        bytes.extend(writer.frame(FrameKind::Header, b"about"));
        bytes.extend(writer.frame(FrameKind::Part, &[7; 100]));
        bytes.extend(writer.frame(FrameKind::End, &[1]));
        bytes
    }

    fn read(bytes: &[u8]) -> Result<Vec<(FrameKind, Vec<u8>)>, ShardError> {
        let mut reader = FrameReader::new(bytes, bytes.len() as u64)?;
        std::iter::from_fn(|| reader.next_frame().transpose()).collect()
    }

    #[test]
    fn frames_come_back() {
        let frames = read(&sample()).unwrap();
        let expected =
            [(FrameKind::Header, b"about".to_vec()), (FrameKind::Part, vec![7; 100]), (FrameKind::End, vec![1])];
        assert_eq!(frames, expected);
    }

    #[test]
    fn damage_in_any_byte_is_noticed() {
        let good = sample();
        for index in 0..good.len() {
            let mut bad = good.clone();
            bad[index] ^= 0x10;
            assert!(read(&bad).is_err(), "byte {index} of {}", good.len());
        }
    }

    #[test]
    fn a_cut_leaves_the_frames_before_it() {
        let good = sample();
        let whole = |length: usize| {
            let Ok(mut reader) = FrameReader::new(&good[..length], length as u64) else { return 0 };
            std::iter::from_fn(|| reader.next_frame().ok().flatten()).count()
        };
        let counts: Vec<usize> = (0..=good.len()).map(whole).collect();
        assert!(counts.is_sorted() && counts[good.len() - 1] == 2 && counts[good.len()] == 3);
    }

    #[test]
    fn swapped_and_doubled_frames_are_noticed() {
        let (mut writer, start) = FrameWriter::begin();
        let (a, b) = (writer.frame(FrameKind::Part, &[1]), writer.frame(FrameKind::Part, &[2]));
        for order in [[&b, &a], [&a, &a]] {
            let bytes = [start.as_slice(), order[0], order[1]].concat();
            assert!(matches!(read(&bytes), Err(ShardError::Damaged { .. })));
        }
    }

    #[test]
    fn foreign_and_newer_files_are_told_apart() {
        assert!(matches!(read(b""), Err(ShardError::Foreign)));
        assert!(matches!(read(b"version: 1, question: ..."), Err(ShardError::Foreign)));
        let mut newer = sample();
        newer[MAGIC.len()] = 9;
        assert!(matches!(read(&newer), Err(ShardError::Format { found: 9 })));
    }

    #[test]
    fn a_length_beyond_the_file_allocates_nothing() {
        let (_, mut bytes) = FrameWriter::begin();
        for length in [200, FRAME_MAX, u64::MAX] {
            bytes.truncate(MAGIC.len() + 2);
            bytes.push(FrameKind::Part as u8);
            bytes.extend(length.to_le_bytes());
            bytes.extend([0; 40]);
            assert!(matches!(read(&bytes), Err(ShardError::CutShort | ShardError::Damaged { .. })));
        }
    }
}
