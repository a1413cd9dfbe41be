//! Parts of a run as files: shards of a study that is run on several machines, and the journal of a run that may be
//! interrupted.
//!
//! Both are the same file: what it is about (study, seed, version, shard), then the integer tallies of parts of the lives in
//! the order of their indexes. A shard's file ends with an end mark and has one part for each replication; a journal has
//! parts as they came and may end anywhere. Values in, bytes out: files themselves are opened at the edge.
//!
//! - [`frame`]: frames with checksums;
//! - [`header`]: what a file is about;
//! - [`parts`]: parts as frames;
//! - [`points`]: the same for the points of an exploration, of which the rows are kept;
//! - [`set`]: do shards make one whole?

pub mod frame;
pub mod header;
pub mod parts;
pub mod points;
pub mod set;

pub use header::{ShardBody, ShardHeader};
pub use parts::{PartReader, PartWriter};
pub use points::{PointsBody, PointsHeader, RowReader, RowWriter};

use brownout_experiment::Shard;
use brownout_kernel::tally::wire::WireError;

/// How the names of shard files end.
pub const ENDING: &str = "shard";

/// Name of a shard's file: `study-03-of-16.shard`, so that names sort as shards do.
pub fn file_name(study: &str, shard: Shard) -> String {
    let (index, count) = (shard.index(), shard.count());
    let digits = count.to_string().len();
    format!("{study}-{index:0digits$}-of-{count}.{ENDING}")
}

// The messages tell the causes, which are therefore no sources: a cause is told once.
impl From<WireError> for ShardError {
    fn from(error: WireError) -> Self {
        ShardError::Tally(error)
    }
}

impl From<std::io::Error> for ShardError {
    fn from(error: std::io::Error) -> Self {
        ShardError::Read(brownout_reading::files::reason(&error))
    }
}

/// Why a file of parts cannot be used.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)] // the messages say it
pub enum ShardError {
    #[error("not a file that `brownout run --shard` or `brownout explore --shard` wrote")]
    Foreign,
    #[error("its format is {found}, this version reads {}; use the version that wrote it", frame::FORMAT)]
    Format { found: u16 },
    #[error("cut short; copy it again, or run that shard again")]
    CutShort,
    #[error("damaged from byte {from} on: the checksum does not match; copy it again, or run that shard again")]
    Damaged { from: u64 },
    #[error("its header is wrong: {0}; run that shard again")]
    Header(String),
    #[error("its rows do not fit its exploration: {0}; run that shard again")]
    Row(String),
    #[error("its tallies do not fit its study: {0}; run that shard again")]
    Tally(WireError),
    #[error("its parts are out of order; run that shard again")]
    Order,
    #[error("cannot be read: {0}")]
    Read(String),
}
