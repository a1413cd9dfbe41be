//! What a file of rows is about.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::manifest::{InputFile, Kind};
use crate::shard::ShardError;
use crate::shard::header::{check_inputs, differing_input};
use crate::shard::set::Member;
use brownout_experiment::Shard;

/// What a file of rows is about: everything that decides them, and which of them it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PointsHeader {
    /// `brownout`.
    pub program: String,
    /// Version of the program.
    pub version: String,
    /// [`Kind::Points`].
    pub kind: Kind,
    /// Name of the exploration.
    pub name: String,
    /// Which shard, from 1 on.
    pub shard: u32,
    /// Of how many.
    pub shards: u32,
    /// Points of the whole exploration, equal ones counted once.
    pub points: u64,
    /// Indexes of the points of the shard.
    #[serde(rename = "places")]
    pub indexes: Range<u64>,
    /// Every input file, whole: the exploration, the study, and what the study names.
    pub inputs: Vec<InputFile>,
}

impl PointsHeader {
    /// The header of a shard of an exploration.
    ///
    /// - `points`: of the whole.
    /// - `indexes`: of the shard.
    pub fn new(name: &str, shard: Shard, points: u64, indexes: Range<u64>, inputs: Vec<InputFile>) -> Self {
        PointsHeader {
            program: "brownout".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            kind: Kind::Points,
            name: name.to_owned(),
            shard: shard.index(),
            shards: shard.count(),
            points,
            indexes,
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
        let header: PointsHeader = serde_json::from_slice(bytes).map_err(|error| wrong(error.to_string()))?;
        if Shard::new(header.shard, header.shards).is_none() {
            return Err(wrong(format!("there is no shard {}/{}", header.shard, header.shards)));
        }
        if header.indexes.start > header.indexes.end || header.indexes.end > header.points {
            let Range { start, end } = header.indexes;
            return Err(wrong(format!("it has no indexes {start} to {end} among {} points", header.points)));
        }
        if header.inputs.len() < 2 {
            return Err(wrong("it has no exploration or no study".to_owned()));
        }
        check_inputs(&header.inputs).map(|()| header)
    }

    /// The header without the text of the inputs: their hashes are enough to compare it.
    #[must_use]
    pub fn without_texts(mut self) -> Self {
        self.inputs.iter_mut().for_each(|input| input.text = String::new());
        self
    }
}

impl Member for PointsHeader {
    fn version(&self) -> &str {
        &self.version
    }

    fn shard(&self) -> Shard {
        Shard::new(self.shard, self.shards).unwrap_or(Shard::ALL)
    }

    fn difference(&self, other: &Self) -> Option<String> {
        let differ = |what: &str, a: &str, b: &str| (a != b).then(|| format!("{what} is {a} here and {b} there"));
        differ("version", &self.version, &other.version)
            .or_else(|| differ("exploration", &self.name, &other.name))
            .or_else(|| differing_input(&self.inputs, &other.inputs))
            .or_else(|| differ("the number of points", &self.points.to_string(), &other.points.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shard::set::arrange;

    fn header(shard: u32, shards: u32, indexes: Range<u64>) -> PointsHeader {
        let input = |file: &str| InputFile {
            file: file.to_owned(),
            blake3: InputFile::hash_of("a text"),
            text: "a text".to_owned(),
        };
        let shard = Shard::new(shard, shards).unwrap();
        PointsHeader::new("ask", shard, 10, indexes, vec![input("ask.ron"), input("study.ron")])
    }

    #[test]
    fn a_header_is_read_as_it_was_written_and_a_forged_one_refused() {
        let good = header(2, 3, 3..7);
        assert_eq!(PointsHeader::read(&good.bytes()).unwrap(), good);
        for (forge, word) in [
            ((|h: &mut PointsHeader| h.shard = 4) as fn(&mut PointsHeader), "no shard 4/3"),
            (|h| h.indexes = 7..11, "no indexes 7 to 11 among 10 points"),
            (|h| h.inputs.truncate(1), "no exploration or no study"),
            (|h| h.inputs[1].text.push('x'), "study.ron does not have its recorded hash"),
        ] {
            let mut bad = good.clone();
            forge(&mut bad);
            let told = PointsHeader::read(&bad.bytes()).unwrap_err().to_string();
            assert!(told.contains(word), "{told}");
        }
    }

    #[test]
    fn shares_of_other_explorations_are_named() {
        let two = |change: fn(&mut PointsHeader)| {
            let mut other = header(2, 2, 5..10);
            change(&mut other);
            arrange(&[("one".to_owned(), header(1, 2, 0..5)), ("two".to_owned(), other)])
        };
        assert_eq!(two(|_| {}).unwrap(), (vec![0, 1], Vec::new()));
        let told = |change| two(change).unwrap_err().to_string();
        assert!(told(|h| h.name = "b".to_owned()).contains("exploration is b here and ask there"));
        assert!(told(|h| h.points = 11).contains("number of points is 11 here and 10 there"));
        assert!(told(|h| h.inputs[0].blake3 = String::new()).contains("content of ask.ron differs"));
        assert!(told(|h| h.shard = 1).contains("shard 1/2 is there twice"));
    }
}
