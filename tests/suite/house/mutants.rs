//! The list of planted faults (tests/mutants) does not rot: every fault can still be planted.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Faults the list must have at least.
const FAULTS_MIN: usize = 50;

/// One line of a fault: its key and its text.
type Line<'t> = (&'t str, &'t str);

/// The faults of the list, each as its lines; the key takes the first eight places of a line.
fn faults(list: &str) -> Vec<Vec<Line<'_>>> {
    let line = |line| -> Line<'_> {
        let (key, text) = str::split_at_checked(line, 9).unwrap_or((line, ""));
        (key.trim_end(), text)
    };
    let blocks = list.split("\n\n").map(|block| block.lines().filter(|line| !line.starts_with('#')).map(line));
    blocks.map(Iterator::collect).filter(|fault: &Vec<Line<'_>>| !fault.is_empty()).collect()
}

/// The only text of a fault under this key.
fn text<'t>(fault: &[Line<'t>], key: &str) -> &'t str {
    let texts: Vec<_> = fault.iter().filter(|line| line.0 == key).collect();
    assert_eq!(texts.len(), 1, "{key} stands once in {fault:?}");
    texts[0].1
}

#[test]
fn every_fault_of_the_list_can_be_planted() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let list = fs::read_to_string(root.join("tests/mutants/faults.txt")).unwrap();
    let faults = faults(&list);
    let names: BTreeSet<_> = faults.iter().map(|fault| text(fault, "name")).collect();
    assert!(faults.len() >= FAULTS_MIN, "{} faults", faults.len());
    assert_eq!(names.len(), faults.len(), "every fault has a name of its own");
    for fault in &faults {
        let (name, file) = (text(fault, "name"), text(fault, "file"));
        assert!(!text(fault, "breaks").is_empty(), "{name} breaks nothing");
        let source = fs::read_to_string(root.join(file)).unwrap_or_else(|error| panic!("{name}: {file}: {error}"));
        let code = source.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
        let edits: Vec<_> = fault.iter().filter(|line| ["now", "planted"].contains(&line.0)).collect();
        assert!(edits.len() >= 2, "{name} plants nothing");
        for edit in edits.chunks(2) {
            let [("now", now), ("planted", planted)] = edit else { panic!("{name}: now and planted go in pairs") };
            assert_ne!(now, planted, "{name}");
            let times = (source.matches(now).count(), code.matches(now).count());
            assert_eq!(times, (1, 1), "{name}: `{now}` stands once in {file}, outside its tests");
        }
    }
}
