//! No file has more lines than can be kept in mind. Lengths of functions are clippy's (`too-many-lines-threshold`).

use std::fs;
use std::path::Path;

use crate::common::rust_files;

/// Most lines of a file.
const LINES_MAX: usize = 400;

#[test]
fn no_file_has_more_than_four_hundred_lines() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files =
        ["src", "crates", "tests", "benches", "scenarios"].map(|folder| rust_files(&root.join(folder))).concat();
    assert!(files.len() > 500, "only {} files were found", files.len());
    let lines = |path: &Path| fs::read_to_string(path).unwrap().lines().count();
    let long: Vec<_> = files.iter().map(|path| (path, lines(path))).filter(|(_, lines)| *lines > LINES_MAX).collect();
    assert!(long.is_empty(), "more than {LINES_MAX} lines: {long:?}");
}
