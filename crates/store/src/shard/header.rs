//! What a shard is about: everything that decides its numbers, and which of them it holds.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::ShardError;
use crate::manifest::{Body, Header, Nothing, PackageKind, differing_input, spoilt_input};
use brownout_experiment::{Runner, Shard};

/// The header of a shard of a run, or of the journal of one.
pub type ShardHeader = Header<ShardBody>;

/// What the header of a shard says, whatever it is a shard of.
pub trait Division: Body {
    /// Which shard, from 1 on, and of how many.
    fn place(&self) -> (u32, u32);
    /// What it is a shard of, in a word, and its name.
    fn name(&self) -> (&'static str, &str);
    /// What else decides its numbers beside version and inputs, each in words.
    fn numbers(&self) -> Vec<(&'static str, String)>;
    /// What is wrong with it by itself, in words.
    ///
    /// - `inputs`: how many it has.
    fn wrong(&self, inputs: usize) -> Option<String>;
}

impl<B: Division> Header<B> {
    /// Reads the header of a shard and checks it by itself.
    ///
    /// # Errors
    /// [`ShardError::Header`] says what is wrong.
    pub fn read(bytes: &[u8]) -> Result<Self, ShardError> {
        let header = Self::parse(bytes).map_err(|error| ShardError::Header(error.to_string()))?;
        let (index, count) = header.body.place();
        let place = Shard::new(index, count).is_none().then(|| format!("there is no shard {index}/{count}"));
        let wrong =
            place.or_else(|| header.body.wrong(header.inputs.len())).or_else(|| spoilt_input(&header.inputs)).or_else(
                // A field that this program does not know might decide numbers.
                || (header.bytes() != bytes).then(|| "it is not written as this version writes it".to_owned()),
            );
        wrong.map_or(Ok(header), |wrong| Err(ShardError::Header(wrong)))
    }

    /// The header without the text of the inputs: their hashes are enough to compare it.
    #[must_use]
    pub fn without_texts(mut self) -> Self {
        self.inputs.iter_mut().for_each(|input| input.text = String::new());
        self
    }

    /// The shard.
    pub fn shard(&self) -> Shard {
        let (index, count) = self.body.place();
        Shard::new(index, count).unwrap_or(Shard::ALL)
    }

    /// The first thing in which two works differ, in words, whichever shard of them this is; `None` if they are the same.
    ///
    /// Where a file lay does not matter, only what stood in it.
    pub fn difference(&self, other: &Self) -> Option<String> {
        let differ = |what: &str, a: &str, b: &str| (a != b).then(|| format!("{what} is {a} here and {b} there"));
        let ((what, name), (_, other_name)) = (self.body.name(), other.body.name());
        let mut numbers = self.body.numbers().into_iter().zip(other.body.numbers());
        differ("version", &self.version, &other.version)
            .or_else(|| differ(what, name, other_name))
            .or_else(|| differing_input(&self.inputs, &other.inputs))
            .or_else(|| numbers.find_map(|((what, a), (_, b))| differ(what, &a, &b)))
    }
}

/// Which lives of a run a file holds the tallies of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShardBody {
    /// Name of the study.
    pub study: String,
    /// Master seed.
    pub seed: u64,
    /// Replications of the whole run.
    pub replications: u32,
    /// Which shard, from 1 on.
    pub shard: u32,
    /// Of how many.
    pub shards: u32,
    /// Lives of one replication.
    pub width: u64,
    /// How far a run for precision goes, in words; two runs agree if the words do.
    pub goal: Option<String>,
}

impl ShardBody {
    /// Of a shard of a study.
    pub fn new(runner: &Runner<'_>, shard: Shard, goal: Option<String>) -> Self {
        let study = runner.study();
        ShardBody {
            study: study.name().to_owned(),
            seed: study.seed(),
            replications: study.replications(),
            shard: shard.index(),
            shards: shard.count(),
            width: runner.width(),
            goal,
        }
    }
}

impl Body for ShardBody {
    const KIND: Option<PackageKind> = Some(PackageKind::Shard);
    type Results = Nothing;
}

impl Division for ShardBody {
    fn place(&self) -> (u32, u32) {
        (self.shard, self.shards)
    }

    fn name(&self) -> (&'static str, &str) {
        ("study", &self.study)
    }

    fn numbers(&self) -> Vec<(&'static str, String)> {
        vec![
            ("seed", self.seed.to_string()),
            ("replications", self.replications.to_string()),
            ("precision", self.goal.clone().unwrap_or_else(|| "none".to_owned())),
            ("the number of tenants", self.width.to_string()),
        ]
    }

    fn wrong(&self, inputs: usize) -> Option<String> {
        if !(1..=100_000).contains(&self.replications) {
            return Some(format!("replications is {}; expected 1 to 100000", self.replications));
        }
        (self.width == 0 || inputs == 0).then(|| "it has no tenants or no study".to_owned())
    }
}

impl Header<ShardBody> {
    /// The indexes of the shard in the row of all lives.
    pub fn indexes(&self) -> Range<u64> {
        self.shard().indexes(self.body.width.saturating_mul(u64::from(self.body.replications)))
    }
}
