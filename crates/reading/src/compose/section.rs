//! Policies and worlds: opened once a file, checked once a tree.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::Reader;
use crate::check::Checker;
use crate::named;
use crate::problem::{Problem, Problems, Severity};
use crate::set::Section;
use crate::text::{Place, SourceFile};
use crate::tree::{Field, Node, outer_names, parse, read};
use brownout_text::outside::shortened;

/// Fields by which a text is known to be a section.
fn known(section: Section) -> (&'static str, &'static [&'static str]) {
    match section {
        Section::Policy => ("policy", &["ladder", "baselines", "comparison", "pauses", "relapse", "layout"]),
        Section::World => ("world", &["response", "calendar", "common", "groups"]),
    }
}

/// What a file that was named turned out to be.
pub(super) enum Opened {
    /// A section, with what is wrong with its form all the same.
    Section(Node, Vec<Problem>),
    /// A problem to be told in its place.
    Foreign(Problem),
}

/// Opens a file that was named as a section. Of a file that is none, no line and no value is shown: whoever writes a study
/// may name any file of those who check it.
pub(super) fn open(file: &Arc<SourceFile>, section: Section) -> Opened {
    let (name, fields) = known(section);
    let parsed = parse(file, name);
    let is_one = match &parsed {
        Ok(parsed) => parsed.root.fields().is_some_and(|all| all.iter().any(|field| fields.contains(&field.name()))),
        Err(_) => outer_names(&file.text).iter().any(|found| fields.contains(found)),
    };
    match parsed {
        Ok(parsed) if is_one => Opened::Section(parsed.root, parsed.flaws),
        Err(problem) if is_one => Opened::Foreign(problem),
        parsed => {
            let place = parsed.err().and_then(|problem| problem.place);
            let at = place.map(|place: Place| place.line_column());
            let at = at.map_or_else(String::new, |(line, column)| format!(" (line {line}, column {column})"));
            let message = format!("{} is no {name}{at}; none of its lines are shown", shortened(&file.path, 200));
            let help = format!("a {name} is a struct with {}", brownout_text::names::one_of(fields));
            Opened::Foreign(Problem { severity: Severity::Error, place: None, field: name.to_owned(), message, help })
        }
    }
}

/// Files that a study names, each opened once.
pub(super) struct Sections<'r> {
    reader: Reader<'r>,
    /// Policies known by name, kept so that each stays the same file.
    named: BTreeMap<String, Arc<SourceFile>>,
    trees: BTreeMap<(usize, bool), Option<Node>>,
    /// What is wrong with their form.
    pub(super) problems: Problems,
}

impl<'r> Sections<'r> {
    pub(super) fn new(reader: Reader<'r>) -> Self {
        Sections { reader, named: BTreeMap::new(), trees: BTreeMap::new(), problems: Problems::default() }
    }

    fn named(&mut self, name: &str) -> Option<Arc<SourceFile>> {
        if !self.named.contains_key(name) {
            self.named.insert(name.to_owned(), named::source(name)?);
        }
        self.named.get(name).cloned()
    }

    /// The tree of a policy known by name, or of a file; `None` if what is wrong with it was told. The error says why it cannot be read.
    pub(super) fn open(&mut self, relative: &str, section: Section) -> Result<Option<Node>, String> {
        let file = match self.named(relative).filter(|_| section == Section::Policy) {
            Some(file) => file,
            None => (self.reader)(relative)?,
        };
        let key = (Arc::as_ptr(&file) as usize, section == Section::World);
        if let Some(known) = self.trees.get(&key) {
            return Ok(known.clone());
        }
        let tree = match open(&file, section) {
            Opened::Section(tree, flaws) => {
                self.problems.extend(flaws);
                Some(tree)
            }
            Opened::Foreign(problem) => {
                self.problems.push(problem);
                None
            }
        };
        self.trees.insert(key, tree.clone());
        Ok(tree)
    }
}

/// A section if nothing is wrong with it, and what was found.
type Checked<T> = (Option<Arc<T>>, Problems);
type Check<W, T> = fn(&mut Checker<'_>, &W) -> Option<T>;

/// Sections that were checked already, by where they are written.
pub(super) struct Cache<W, T> {
    root: &'static str,
    check: Check<W, T>,
    values: BTreeMap<(usize, u32, u32), Checked<T>>,
    /// Problems of the sections that scenarios take as they are written.
    pub(super) problems: Problems,
}

impl<W: DeserializeOwned, T> Cache<W, T> {
    pub(super) fn new(root: &'static str, check: Check<W, T>) -> Self {
        Cache { root, check, values: BTreeMap::new(), problems: Problems::default() }
    }

    /// The value of a section as it is written.
    pub(super) fn whole(&mut self, tree: &Node) -> Option<Arc<T>> {
        let (value, problems) = self.look_up(tree);
        let (value, problems) = (value.clone(), problems.clone());
        self.problems.join(problems);
        value
    }

    fn look_up(&mut self, tree: &Node) -> &Checked<T> {
        let (root, check) = (self.root, self.check);
        self.values.entry(tree.identity()).or_insert_with(|| evaluate(root, check, tree))
    }

    /// The value of a section with changes, and the problems that the changes bring about elsewhere than where they stand.
    pub(super) fn changed(&mut self, base: &Node, tree: &Node, changes: &[&Field]) -> (Option<Arc<T>>, Vec<Problem>) {
        let (value, problems) = evaluate(self.root, self.check, tree);
        if problems.count() == 0 {
            return (value, Vec::new());
        }
        let usual = self.look_up(base).1.clone();
        let at_changes = |problem: &Problem| {
            let place = problem.place.as_ref();
            place.is_some_and(|place| changes.iter().any(|change| change.value.holds(place)))
        };
        let moves = |problem: &Problem| {
            problem.severity == Severity::Error && !at_changes(problem) && !usual.list().contains(problem)
        };
        let elsewhere = problems.list().iter().filter(|problem| moves(problem)).cloned().collect();
        let mut here = problems.clone();
        here.retain(|problem| !moves(problem));
        self.problems.join(here);
        (value, elsewhere)
    }
}

fn evaluate<W: DeserializeOwned, T>(root: &'static str, check: Check<W, T>, tree: &Node) -> (Option<Arc<T>>, Problems) {
    let read = read::<W>(tree, root);
    let mut problems = read.problems;
    let mut value = None;
    if let (Some(wire), Some(tree)) = (&read.value, &read.tree) {
        let mut checker = Checker::new(tree, root, &read.dropped);
        value = check(&mut checker, wire).map(Arc::new);
        problems.join(checker.problems);
    }
    (value, problems)
}
