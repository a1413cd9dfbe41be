//! What a file of rows is about.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::manifest::{Body, Header, Nothing, PackageKind};
use crate::shard::header::Division;
use brownout_experiment::Shard;

/// The header of a shard of an exploration, or of the journal of one.
pub type PointsHeader = Header<PointsBody>;

/// Which points of an exploration a file holds the rows of. Its inputs are the exploration, the study, and what the study names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PointsBody {
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
}

impl PointsBody {
    /// Of a shard of an exploration.
    ///
    /// - `points`: of the whole.
    /// - `indexes`: of the shard.
    pub fn new(name: &str, shard: Shard, points: u64, indexes: Range<u64>) -> Self {
        PointsBody { name: name.to_owned(), shard: shard.index(), shards: shard.count(), points, indexes }
    }
}

impl Body for PointsBody {
    const KIND: Option<PackageKind> = Some(PackageKind::Points);
    type Results = Nothing;
}

impl Division for PointsBody {
    fn place(&self) -> (u32, u32) {
        (self.shard, self.shards)
    }

    fn name(&self) -> (&'static str, &str) {
        ("exploration", &self.name)
    }

    fn numbers(&self) -> Vec<(&'static str, String)> {
        vec![("the number of points", self.points.to_string())]
    }

    fn wrong(&self, inputs: usize) -> Option<String> {
        let Range { start, end } = self.indexes;
        if start > end || end > self.points {
            return Some(format!("it has no indexes {start} to {end} among {} points", self.points));
        }
        (inputs < 2).then(|| "it has no exploration or no study".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::inputs_of;
    use crate::shard::set::arrange;

    fn header(shard: u32, shards: u32, indexes: Range<u64>) -> PointsHeader {
        let body = PointsBody::new("ask", Shard::new(shard, shards).unwrap(), 10, indexes);
        Header::new(body, inputs_of(&["ask.ron", "study.ron"]))
    }

    #[test]
    fn a_header_is_read_as_it_was_written_and_a_forged_one_refused() {
        let good = header(2, 3, 3..7);
        assert_eq!(PointsHeader::read(&good.bytes()).unwrap(), good);
        for (forge, word) in [
            ((|h: &mut PointsHeader| h.body.shard = 4) as fn(&mut PointsHeader), "no shard 4/3"),
            (|h| h.body.indexes = 7..11, "no indexes 7 to 11 among 10 points"),
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
    fn a_header_of_another_kind_or_with_fields_of_another_version_is_refused() {
        let text = String::from_utf8(header(2, 3, 3..7).bytes()).unwrap();
        for (from, to, word) in [
            ("\"kind\":\"points\"", "\"kind\":\"shard\"", "not of a shard of an exploration"),
            ("\"kind\":\"points\",", "", "not of a shard of an exploration"),
            ("\"points\":10", "\"points\":10,\"thinned\":true", "not written as this version writes it"),
        ] {
            let forged = text.replacen(from, to, 1);
            assert_ne!(forged, text, "{from}");
            let told = PointsHeader::read(forged.as_bytes()).unwrap_err().to_string();
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
        assert!(told(|h| h.body.name = "b".to_owned()).contains("exploration is b here and ask there"));
        assert!(told(|h| h.body.points = 11).contains("number of points is 11 here and 10 there"));
        assert!(told(|h| h.inputs[0].blake3 = String::new()).contains("content of ask.ron differs"));
        assert!(told(|h| h.body.shard = 1).contains("shard 1/2 is there twice"));
    }
}
