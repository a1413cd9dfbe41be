//! Points of an exploration as files: a share of them, or the journal of one that may be interrupted.
//!
//! An exploration asks for its points in one fixed order, equal ones once. An *index* is a position in that order; a file holds
//! the rows of a stretch of indexes, whole and bit for bit. A shard ends with an end mark; a journal may end anywhere.

mod header;
mod rows;

pub use header::{PointsBody, PointsHeader};
pub use rows::{RowReader, RowWriter};
