//! What a file of parts is about.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::ShardError;
use crate::manifest::{InputFile, Kind};
use brownout_experiment::{Runner, Shard};

/// What a file of parts is about: everything that decides its numbers, and which of them it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// `brownout`.
    pub program: String,
    /// Version of the program.
    pub version: String,
    /// [`Kind::Shard`].
    pub kind: Kind,
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
    /// Every input file, whole, the study first.
    pub inputs: Vec<InputFile>,
}

impl Header {
    /// The header of a shard of a study.
    pub fn new(runner: &Runner<'_>, shard: Shard, goal: Option<String>, inputs: Vec<InputFile>) -> Self {
        let study = runner.study();
        Header {
            program: "brownout".to_owned(),
            kind: Kind::Shard,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            study: study.name().to_owned().to_owned(),
            seed: study.seed(),
            replications: study.replications(),
            shard: shard.index(),
            shards: shard.count(),
            width: runner.width(),
            goal,
            inputs,
        }
    }

    /// The header as bytes.
    pub fn bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Reads a header and checks it by itself.
    ///
    /// # Errors
    /// [`ShardError::Header`] says what is wrong.
    pub fn read(bytes: &[u8]) -> Result<Self, ShardError> {
        let wrong = |reason: String| ShardError::Header(reason);
        let header: Header = serde_json::from_slice(bytes).map_err(|error| wrong(error.to_string()))?;
        if Shard::new(header.shard, header.shards).is_none() {
            return Err(wrong(format!("there is no shard {}/{}", header.shard, header.shards)));
        }
        if !(1..=100_000).contains(&header.replications) {
            return Err(wrong(format!("replications is {}; expected 1 to 100000", header.replications)));
        }
        if header.width == 0 || header.inputs.is_empty() {
            return Err(wrong("it has no tenants or no study".to_owned()));
        }
        check_inputs(&header.inputs).map(|()| header)
    }

    /// The header without the text of the inputs: their hashes are enough to compare it.
    #[must_use]
    pub fn without_texts(mut self) -> Self {
        self.inputs.iter_mut().for_each(|input| input.text = String::new());
        self
    }

    /// The shard.
    pub fn shard(&self) -> Shard {
        Shard::new(self.shard, self.shards).unwrap_or(Shard::ALL)
    }

    /// The indexes of the shard in the row of all lives.
    pub fn indexes(&self) -> Range<u64> {
        self.shard().indexes(self.width.saturating_mul(u64::from(self.replications)))
    }

    /// The first thing in which two runs differ, in words, whichever shard of them this is; `None` if they are the same.
    ///
    /// Where a file lay does not matter, only what stood in it.
    pub fn difference(&self, other: &Header) -> Option<String> {
        let number = |what: &str, a: &dyn std::fmt::Display, b: &dyn std::fmt::Display| {
            let (a, b) = (a.to_string(), b.to_string());
            (a != b).then(|| format!("{what} is {a} here and {b} there"))
        };
        let goal = |header: &Header| header.goal.clone().unwrap_or_else(|| "none".to_owned());
        number("version", &self.version, &other.version)
            .or_else(|| number("study", &self.study, &other.study))
            .or_else(|| differing_input(&self.inputs, &other.inputs))
            .or_else(|| number("seed", &self.seed, &other.seed))
            .or_else(|| number("replications", &self.replications, &other.replications))
            .or_else(|| number("precision", &goal(self), &goal(other)))
            .or_else(|| number("the number of tenants", &self.width, &other.width))
    }
}

/// The first input in which two works differ, in words; `None` if all are the same. Where a file lay does not matter.
pub fn differing_input(here: &[InputFile], there: &[InputFile]) -> Option<String> {
    let differing = here.iter().zip(there).find(|(a, b)| a.blake3 != b.blake3);
    match differing {
        Some((a, b)) if a.file == b.file => Some(format!("the content of {} differs", a.file)),
        Some((a, b)) => Some(format!("{} here and {} there differ in content", a.file, b.file)),
        None if here.len() == there.len() => None,
        None => Some(format!("there are {} input files here and {} there", here.len(), there.len())),
    }
}

/// Checks that inputs have the hashes they are recorded with.
pub(super) fn check_inputs(inputs: &[InputFile]) -> Result<(), ShardError> {
    match inputs.iter().find(|input| InputFile::hash_of(&input.text) != input.blake3) {
        Some(input) => Err(ShardError::Header(format!("the input {} does not have its recorded hash", input.file))),
        None => Ok(()),
    }
}
