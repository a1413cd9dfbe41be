//! Wire types from a tree, with every problem and not only the first.
//!
//! A value that cannot be read is told and dropped from the tree, and the rest is read again, until nothing new is found.
//! Lists go on behind a bad element, so a file takes as many readings as its worst element has bad fields.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::reader::{At, Notes, ReadFault};
use super::{Node, Path, ValueNames, parse_naming};
use crate::problem::{Problem, Problems, Severity};
use crate::text::SourceFile;
use brownout_text::outside::shortened;

/// Most values looked at for the sake of further problems, once the first were found.
const WORK_MAX: usize = 5_000_000;

/// What could be read of a tree.
#[derive(Debug)]
pub struct Read<T> {
    /// The value, without what was dropped; `None` if too little was left.
    pub value: Option<T>,
    /// The tree without the values that could not be read; `None` if the text is not RON.
    pub tree: Option<Node>,
    /// Every problem of syntax, names and types.
    pub problems: Problems,
    /// Values that were dropped, by the indices of the file.
    pub dropped: Vec<Path>,
}

/// Reads a whole file; problems are filed under the fields of `root`.
pub fn read_file<T: DeserializeOwned>(file: &Arc<SourceFile>, root: &str) -> Read<T> {
    read_file_naming(file, root, &[])
}

/// [`read_file`], where the first values of some words may stand without names.
pub fn read_file_naming<T: DeserializeOwned>(
    file: &Arc<SourceFile>,
    root: &str,
    naming: &'static ValueNames,
) -> Read<T> {
    match parse_naming(file, root, naming) {
        Ok(parsed) => {
            let mut read = read(&parsed.root, root);
            read.problems.extend(parsed.flaws);
            read
        }
        Err(problem) => {
            let mut problems = Problems::default();
            problems.push(problem);
            Read { value: None, tree: None, problems, dropped: Vec::new() }
        }
    }
}

/// Reads a tree, as much of it as can be read.
pub fn read<T: DeserializeOwned>(node: &Node, root: &str) -> Read<T> {
    let mut tree = node.clone();
    let mut problems = Problems::default();
    let mut dropped = Vec::new();
    let mut work = 0;
    let mut examined = BTreeSet::new();
    loop {
        let notes = Notes { examined: RefCell::new(examined), ..Notes::default() };
        let value = T::deserialize(At::root(&tree, &notes)).ok();
        work += notes.work.get();
        for fault in notes.unknown.into_inner() {
            problems.extend(problem(&fault, root));
        }
        problems.count_errors(notes.more.get());
        examined = notes.examined.into_inner();
        let told = notes.told.into_inner();
        if told.is_empty() {
            return Read { value, tree: Some(tree), problems, dropped };
        }
        let mut at_root = false;
        for fault in told {
            problems.extend(problem(&fault, root));
            at_root |= fault.path.0.is_empty();
            tree.drop_at(&fault.path.0);
            dropped.push(fault.path);
        }
        if at_root || work > WORK_MAX {
            return Read { value: None, tree: Some(node.clone()), problems, dropped };
        }
    }
}

/// What a fault says; nothing if it only follows from another.
fn problem(fault: &ReadFault, root: &str) -> Option<Problem> {
    let (message, help) = fault.words.clone()?;
    let field = shortened(&fault.path.under(root), 200);
    Some(Problem { severity: Severity::Error, place: Some(fault.place.clone()), field, message, help })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;
    use crate::wire::{PolicyWire, StudyWire, WorldWire};

    fn file(text: &str) -> Arc<SourceFile> {
        Arc::new(SourceFile { path: "p.ron".to_owned(), text: text.to_owned() })
    }

    fn problems(text: &str) -> Vec<String> {
        read_file::<PolicyWire>(&file(text), "policy").problems.list().iter().map(Problem::line).collect()
    }

    #[test]
    fn every_problem_of_a_file_is_found_at_its_place() {
        let mut found = problems(
            "(\n  ladder: (presett: \"x\"), // , tricky\n  pauses: (budget_days: \"many\", freezs: true),\n  layout: adjacend,\n  colour: 3,\n)",
        );
        found.sort();
        assert_eq!(found.len(), 5, "{found:#?}");
        assert!(
            found[0]
                .starts_with("p.ron:2:12: policy.ladder.presett: unknown field \"presett\"; did you mean \"preset\"?")
        );
        assert!(found[1].starts_with("p.ron:3:25: policy.pauses.budget_days: "), "{}", found[1]);
        assert!(found[2].starts_with("p.ron:3:33: policy.pauses.freezs: unknown field"), "{}", found[2]);
        assert!(found[3].starts_with("p.ron:4:11: policy.layout: unknown value adjacend; expected"), "{}", found[3]);
        assert!(found[4].starts_with("p.ron:5:3: policy.colour: unknown field"), "{}", found[4]);
    }

    #[test]
    fn what_is_no_name_of_a_field_is_told_at_its_place_on_one_line() {
        let found = problems("(\n  ladder: (preset: \"none\"),\n  1e9: 3,\n)");
        assert!(found[0].starts_with("p.ron:3:") && found[0].contains("\"1e9\" is no name of a field"), "{found:?}");
        let found = problems("(\n  ladder: (preset: \"none\"),\n  , layout: adjacent)");
        assert!(found[0].starts_with("p.ron:3:3: ") && found[0].contains("name of a field is expected"), "{found:?}");
        let found = problems("// a comment\n\n7");
        assert!(found[0].contains("an opening bracket `(` is expected here, found 7"), "{found:?}");
        let found = problems("ladder: 7");
        assert!(found[0].contains("\"ladder\" is not expected here"), "{found:?}");
        assert!(found[0].ends_with("fields stand in brackets: (name: value, ...)"), "{found:?}");
        let found = problems("(ladder: [\n  1, // one\n  2])");
        assert!(found[0].contains("found [ 1, 2]") && !found[0].contains('\n'), "{found:?}");
    }

    #[test]
    fn missing_fields_and_decimals_are_shown_where_they_stand() {
        assert!(problems("(layout: adjacent)")[0].contains("the field \"ladder\" is missing"));
        assert!(problems("(ladder: (preset: \"a\", preset: \"b\"))")[0].contains("twice"));
        let found = problems("(ladder: (stages: [(name: \"a\", throttle: 3.5)]))");
        assert!(found[0].contains("a whole number is expected here"), "{found:?}");
        let found = problems("(ladder: (stages: [(name: \"a\", throttle: 99999999999999999999)]))");
        assert!(found[0].contains("out of range"), "{found:?}");
    }

    /// Wire types as the crate `ron` reads them, an independent reader, and as they are read here.
    fn alike<T: DeserializeOwned + std::fmt::Debug>(path: &str, text: &str) {
        let options = ron::Options::default().with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME);
        let theirs: T = options.from_str(text).unwrap_or_else(|error| panic!("{path}: {error}"));
        let ours = read_file::<T>(&file(text), "").value.unwrap_or_else(|| panic!("{path}"));
        assert_eq!(format!("{ours:?}"), format!("{theirs:?}"), "{path}");
    }

    #[test]
    fn shipped_files_are_read_as_the_crate_ron_reads_them() {
        let mut compared = 0;
        for (path, text) in brownout_scenarios::FILES.iter().filter(|(path, _)| path.ends_with(".ron")) {
            match Document::of(text) {
                Some(Document::Study) => alike::<StudyWire>(path, text),
                Some(Document::Policy) => alike::<PolicyWire>(path, text),
                Some(Document::World) => alike::<WorldWire>(path, text),
                _ => continue,
            }
            compared += 1;
        }
        assert!(compared >= 8, "{compared}");
    }

    #[test]
    fn a_missing_field_in_a_list_does_not_hide_the_rest() {
        let found = problems(
            "(ladder: (stages: [(days: 3), (name: \"b\", dais: 3), (name: \"c\", days: 1.5)]), layout: adjacent)",
        );
        assert_eq!(found.len(), 3, "{found:#?}");
    }

    #[test]
    fn many_bad_elements_are_told_in_a_few_readings_and_counted() {
        let group = "(nam: \"g\", count: -0.5, builds: [(build: 3, share: \"x\")], routes: (upgrade: (lead: Often))),";
        let text = format!("(groups: [{}])", group.repeat(1_600));
        let read = read_file::<WorldWire>(&file(&text), "world");
        // Each group: the misspelt name, the count, the build, its share, the lead; that a name is missing follows.
        assert!(read.problems.list().len() <= 101, "{}", read.problems.list().len());
        assert!(read.problems.errors() >= 5 * 1_600, "{}", read.problems.errors());
    }

    #[test]
    fn variants_and_options_are_read_as_they_are_written() {
        let text = "(groups: [(name: \"g\", count: 1, lead: 3)], common: (gap_days: None, failure: (prob: 0.1), retry: Fixed(minutes: 5),
            pauses: [(plan: Fixed([(at: \"2026-01-01\", days: 3)])), (plan: Never)], routes: (patch: None, leave: Some((per_month: 1)))))";
        let read = read_file::<WorldWire>(&file(text), "world");
        assert_eq!(read.problems.list().len(), 1, "{:?}", read.problems.list());
        let common = read.value.unwrap().common;
        assert_eq!(common.pauses.unwrap().len(), 2);
        let routes = common.routes.unwrap();
        assert!(routes.patch.is_none() && routes.leave.is_some() && common.gap_days.is_some());
    }
}
