//! Parts of the work of a study: which lives they are, and their tallies.
//!
//! All lives of a study stand in one row: replication by replication, and in each the tenants in the order of the roster.
//! An *index* is a position in that row. Whoever lives a stretch of it, in whatever pieces, the tallies add up to the same.

use std::ops::Range;
use std::str::FromStr;

use brownout_kernel::tally::Tally;

/// The tallies of some tenants of one replication.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// The replication.
    pub replication: u32,
    /// The tenants, by their position in the roster; not empty.
    pub tenants: Range<u64>,
    /// By scenario, in the order of the study.
    pub tallies: Vec<Tally>,
}

impl Part {
    /// The part's index in the row of all lives.
    ///
    /// - `width`: lives of one replication.
    pub fn indexes(&self, width: u64) -> Range<u64> {
        let start = u64::from(self.replication) * width;
        start + self.tenants.start..start + self.tenants.end
    }

    /// Whether `next` goes on where this part ends, in the same replication.
    pub fn continues_with(&self, next: &Part) -> bool {
        self.replication == next.replication && self.tenants.end == next.tenants.start
    }

    /// Adds the part that goes on where this one ends.
    pub fn append(&mut self, next: &Part) {
        debug_assert!(self.continues_with(next));
        self.tenants.end = next.tenants.end;
        for (into, from) in self.tallies.iter_mut().zip(&next.tallies) {
            into.merge(from);
        }
    }
}

/// Parts that come in order, put together to whole replications.
#[derive(Debug, Default)]
pub struct Joiner {
    open: Option<Part>,
}

impl Joiner {
    /// Takes the next part and gives back what is complete with it: everything of its replication, as far as it came.
    ///
    /// A part that does not go on where the last one ended begins anew; [`Joiner::take`] the last one first if it counts.
    ///
    /// - `width`: lives of one replication.
    pub fn push(&mut self, part: Part, width: u64) -> Option<Part> {
        match &mut self.open {
            Some(open) if open.continues_with(&part) => open.append(&part),
            open => *open = Some(part),
        }
        self.open.take_if(|open| open.tenants.end == width)
    }

    /// What was begun and is not complete.
    pub fn take(&mut self) -> Option<Part> {
        self.open.take()
    }

    /// Looks at what was begun and is not complete.
    pub fn open(&self) -> Option<&Part> {
        self.open.as_ref()
    }
}

/// One of so many equal shards of a study's lives, such as 3/16.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shard {
    index: u32,
    count: u32,
}

/// Most shards a study can be cut into.
pub const SHARDS_MAX: u32 = 100_000;

/// Why a text names no shard.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{text}\" is no shard: {reason}; write I/N with I from 1 to N, such as 3/16")]
pub struct ParseShardError {
    text: String,
    reason: String,
}

impl Shard {
    /// Everything.
    pub const ALL: Shard = Shard { index: 1, count: 1 };

    /// Shard `index` of `count`; `None` unless `1 <= index <= count <= SHARDS_MAX`.
    pub fn new(index: u32, count: u32) -> Option<Self> {
        ((1..=count).contains(&index) && count <= SHARDS_MAX).then_some(Shard { index, count })
    }

    /// Which one, from 1 on.
    pub fn index(self) -> u32 {
        self.index
    }

    /// Of how many.
    pub fn count(self) -> u32 {
        self.count
    }

    /// The indexes of the shard among `total`. Shards differ by one index at most and cover every index once; where there
    /// are more shards than indexes, some are empty.
    pub fn indexes(self, total: u64) -> Range<u64> {
        let cut = |k: u32| (u128::from(total) * u128::from(k) / u128::from(self.count)) as u64;
        cut(self.index - 1)..cut(self.index)
    }
}

impl std::fmt::Display for Shard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.index, self.count)
    }
}

impl FromStr for Shard {
    type Err = ParseShardError;

    fn from_str(text: &str) -> Result<Self, ParseShardError> {
        let fail = |reason: String| ParseShardError { text: text.to_owned(), reason };
        let (index, count) = text.split_once('/').ok_or_else(|| fail("there is no slash in it".to_owned()))?;
        let number = |part: &str| {
            part.parse::<u32>().map_err(|_| fail(format!("\"{part}\" is not a whole number from 1 to {SHARDS_MAX}")))
        };
        let (index, count) = (number(index)?, number(count)?);
        Shard::new(index, count).ok_or_else(|| match (index, count) {
            (_, 0) => fail("nothing can be cut into 0 shards".to_owned()),
            (_, SHARDS_MAX..) if count > SHARDS_MAX => fail(format!("{count} shards are more than {SHARDS_MAX}")),
            (0, _) => fail("the first shard is 1".to_owned()),
            _ => fail(format!("there is no shard {index} among {count}")),
        })
    }
}

/// Shards by their numbers, in words: `shard 2` or `shards 2, 5 to 7`.
///
/// - `numbers`: rising.
pub fn shards(numbers: &[u32]) -> String {
    let runs = numbers.chunk_by(|a, b| a + 1 == *b);
    let words: Vec<String> = runs
        .map(|run| match run {
            [only] => only.to_string(),
            [first, second] => format!("{first}, {second}"),
            _ => format!("{} to {}", run[0], run[run.len() - 1]),
        })
        .collect();
    format!("{} {}", if numbers.len() == 1 { "shard" } else { "shards" }, words.join(", "))
}

/// Shards by their numbers, as job arrays are written: `2,5-7`.
///
/// - `numbers`: rising.
pub fn array(numbers: &[u32]) -> String {
    let runs = numbers.chunk_by(|a, b| a + 1 == *b);
    let words: Vec<String> = runs
        .map(|run| match run {
            [only] => only.to_string(),
            _ => format!("{}-{}", run[0], run[run.len() - 1]),
        })
        .collect();
    words.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_cover_every_place_once_and_evenly() {
        for total in [0, 1, 7, 40_000, u64::MAX] {
            for count in [1, 2, 5, 16, 1_000] {
                let shards: Vec<_> =
                    (1..=count).map(|index| Shard::new(index, count).unwrap().indexes(total)).collect();
                assert_eq!((shards[0].start, shards[shards.len() - 1].end), (0, total));
                assert!(shards.windows(2).all(|pair| pair[0].end == pair[1].start), "{total} in {count}");
                let (least, most) = (total / u64::from(count), total.div_ceil(u64::from(count)));
                assert!(shards.iter().all(|shard| (least..=most).contains(&(shard.end - shard.start))));
            }
        }
    }

    #[test]
    fn numbers_are_written_as_job_arrays_write_them() {
        assert_eq!(array(&[3, 7, 8, 9]), "3,7-9");
        assert_eq!(array(&[1, 2, 5]), "1-2,5");
        assert_eq!((array(&[]), array(&[4])), (String::new(), "4".to_owned()));
    }

    #[test]
    fn shares_are_read_and_bad_ones_named() {
        assert_eq!("3/16".parse(), Ok(Shard { index: 3, count: 16 }));
        assert_eq!("1/1".parse(), Ok(Shard::ALL));
        for (text, word) in [
            ("3", "no slash"),
            ("0/4", "first shard is 1"),
            ("5/4", "no shard 5 among 4"),
            ("1/0", "0 shards"),
            ("x/4", "\"x\" is not a whole number"),
            ("1/", "\"\" is not a whole number"),
            ("-1/4", "\"-1\" is not a whole number"),
            ("1/100001", "more than 100000"),
        ] {
            let error = text.parse::<Shard>().unwrap_err().to_string();
            assert!(error.contains(word) && error.contains("such as 3/16"), "{error}");
        }
    }
}
