//! Shards are lived again by `brownout verify`, each by itself, and the first number that is another is named.

use brownout::experiment::{Part, Runner};
use brownout::reading::load::load;
use brownout::store::shard::PartWriter;
use brownout::store::write::open_parts;

use super::shards::{directory, done, refused};
use crate::common::brownout;

#[test]
fn shards_are_lived_again_one_by_one_or_all() {
    let directory = directory(60);
    done(&directory, &["run", "study.ron", "--shard", "1/2", "--out", "sh"]);
    done(&directory, &["run", "study.ron", "--shard", "2/2", "--out", "sh"]);
    let (all, _) = done(&directory, &["verify", "sh"]);
    assert_eq!(all, "identical: 2 of 2 shards are what the recorded inputs give\n");
    let (one, _) = done(&directory, &["verify", "sh/study-2-of-2.shard"]);
    assert_eq!(one, "identical: 1 of 1 shards are what the recorded inputs give\n");
    // A byte that was changed is damage, by its checksum.
    let path = directory.path().join("sh/study-1-of-2.shard");
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let told = refused(&directory, &["verify", "sh/study-1-of-2.shard"], 2);
    assert!(told.contains("sh/study-1-of-2.shard: "), "{told}");
}

#[test]
fn the_first_measure_that_is_another_is_named() {
    let directory = directory(60);
    done(&directory, &["run", "study.ron", "--shard", "1/2", "--out", "sh"]);
    let path = directory.path().join("sh/study-1-of-2.shard");
    let loaded = load(&directory.path().join("study.ron")).unwrap();
    let runner = Runner::new(&loaded.study);
    // Whole and with right checksums, but replication 1 has the tallies of replication 0.
    let mut reader = open_parts(&path).unwrap();
    let (mut writer, mut bytes) = PartWriter::begin(reader.header());
    let mut first = None;
    while let Some(part) = reader.next(&runner).unwrap() {
        let first = first.get_or_insert_with(|| part.tallies.clone());
        let tallies = if part.replication == 1 { first.clone() } else { part.tallies.clone() };
        bytes.extend(writer.part(&Part { tallies, ..part }));
    }
    bytes.extend(writer.end());
    std::fs::write(&path, bytes).unwrap();
    let output = brownout(&directory).args(["verify", "sh"]).output().unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{told}");
    let place = "different: sh/study-1-of-2.shard: replication 1, scenario \"first\", lost: recorded ";
    assert!(told.starts_with(place) && told.contains(", recomputed "), "{told}");
}
