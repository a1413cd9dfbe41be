//! Shards are lived again by `brownout verify`, each by itself, and the first number that is another is named.

use brownout::experiment::{Part, Runner};
use brownout::reading::load::load;
use brownout::store::shard::{PartWriter, PointsHeader, RowWriter};
use brownout::store::write::{open_parts, open_rows};
use tempfile::TempDir;

use super::shards::{directory, done, refused};
use crate::common::brownout;
use crate::program::explore::{FILE, folder};

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
    let told = differs(&directory, "sh");
    let place = "different: sh/study-1-of-2.shard: replication 1, scenario \"first\", lost: recorded ";
    assert!(told.starts_with(place) && told.contains(", recomputed "), "{told}");
}

/// What `verify` says of shards that are different.
fn differs(directory: &TempDir, path: &str) -> String {
    let output = brownout(directory).args(["verify", path]).output().unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{told}");
    told
}

#[test]
fn points_are_lived_again_one_shard_or_all_whatever_else_is_there() {
    let directory = folder(FILE);
    for share in ["1/2", "2/2"] {
        done(&directory, &["explore", "ask.ron", "--no-charts", "--shard", share, "--out", "sh"]);
    }
    // The shards carry what they were made from.
    std::fs::remove_file(directory.path().join("ask.ron")).unwrap();
    let (one, _) = done(&directory, &["verify", "sh/ask-2-of-2.shard"]);
    assert_eq!(one, "identical: 1 of 1 shards are what the recorded inputs give\n");
    done(&directory, &["run", "study.ron", "--shard", "1/3", "--out", "sh"]);
    std::fs::remove_file(directory.path().join("study.ron")).unwrap();
    let (all, _) = done(&directory, &["verify", "sh"]);
    assert_eq!(all, "identical: 3 of 3 shards are what the recorded inputs give\n");
    let path = directory.path().join("sh/ask-2-of-2.shard");
    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(&path, &bytes[..bytes.len() - 60]).unwrap();
    assert!(refused(&directory, &["verify", "sh"], 2).contains("sh/ask-2-of-2.shard: cut short"));
}

#[test]
fn the_first_number_of_a_point_that_is_another_is_named() {
    let directory = folder(FILE);
    done(&directory, &["explore", "ask.ron", "--no-charts", "--shard", "2/2", "--out", "sh"]);
    let path = directory.path().join("sh/ask-2-of-2.shard");
    // Whole and with right checksums, but one number is another, and so is one of a later point.
    let mut reader = open_rows(&path).unwrap();
    let first = reader.header().body.indexes.start;
    let (mut writer, mut bytes) = RowWriter::begin(reader.header());
    let (mut index, mut expected) = (first, None);
    while let Some(mut row) = reader.next_row().unwrap() {
        // The second schedule, the last replication, the second measure.
        if let (true, Ok(lived)) = (index >= first + 3, &mut row)
            && let Some((replication, values)) = lived[1].iter_mut().enumerate().last()
            && let Some(value) = &mut values[1]
        {
            let was = *value;
            *value += 0.5;
            expected.get_or_insert((index, replication, *value, was));
        }
        bytes.extend(writer.row(&row));
        index += 1;
    }
    bytes.extend(writer.end());
    std::fs::write(&path, bytes).unwrap();
    let (index, replication, recorded, recomputed) = expected.unwrap();
    let place = format!("point {index}, schedule \"at once\", replication {replication}, exposure");
    let expected = format!("different: sh/ask-2-of-2.shard: {place}: recorded {recorded}, recomputed {recomputed}\n");
    assert_eq!(differs(&directory, "sh"), expected);
}

#[test]
fn a_shard_of_points_that_its_exploration_does_not_have_there_is_told() {
    let directory = folder(FILE);
    done(&directory, &["explore", "ask.ron", "--no-charts", "--shard", "1/2", "--out", "sh"]);
    let path = directory.path().join("sh/ask-1-of-2.shard");
    let mut reader = open_rows(&path).unwrap();
    let mut header: PointsHeader = reader.header().clone();
    header.body.indexes.end -= 1;
    let end = header.body.indexes.end;
    let (mut writer, mut bytes) = RowWriter::begin(&header);
    for _ in 0..end {
        bytes.extend(writer.row(&reader.next_row().unwrap().unwrap()));
    }
    bytes.extend(writer.end());
    std::fs::write(&path, bytes).unwrap();
    let told = differs(&directory, "sh/ask-1-of-2.shard");
    let place = format!("different: sh/ask-1-of-2.shard: points: recorded 0 to {end} of the ");
    assert!(told.starts_with(&place) && told.contains(&format!("recomputed 0 to {} of", end + 1)), "{told}");
}
