//! Levers: paths of a study resolved once, then values written into it many thousand times a second, without text.
//!
//! A [`Lever`] is a path and what a value does there, as a scenario's `set` and the factors of an exploration write them.
//! [`Levers`] are those of one study. The first study is composed from the tree, as every file is; on the way the numbers that
//! each lever moves are found in the policies and worlds that came of it. From then on a value goes straight into those
//! numbers, within the limits that the file's check keeps as well. Whatever cannot be written so (a preset, a text, a value
//! that is refused) is composed from the tree again, so the answer is the same either way, and only slower.
//!
//! ```
//! use brownout_reading::lever::{How, Input, Lever, Levers};
//! use brownout_reading::load::Reading;
//!
//! let mut reading = Reading::begin("scenarios/quickstart.ron".as_ref()).map_err(|_| "no file")?;
//! let file = reading.file();
//! let lever = Lever::parse("world.**.diligence.never_share", How::Set).map_err(|_| "no path")?;
//! let levers = Levers::of_file("quickstart", &file, &mut |name| reading.read(name), vec![lever]).map_err(|_| "no study")?;
//! for share in [0.1, 0.2, 0.3] {
//!     let study = levers.study(&[Input::Number(share)])?;
//!     assert_eq!(study.scenarios()[0].world.groups()[0].diligence().never_share(), share);
//! }
//! # Ok::<(), String>(())
//! ```

mod differ;
mod form;
mod policy;
mod value;
mod world;

use std::collections::BTreeMap;
use std::sync::{Arc, RwLock};

use serde::Deserialize;

use super::compose::{Composed, Reader, compose_parts, inlined};
use super::problem::{Problem, Severity};
use super::set::{NotFound, Section, change, write_out};
use super::text::SourceFile;
use super::tree::{Node, NodeKind, Path, Step};
use brownout_experiment::study::Study;
use form::Form;
pub use value::Input;
pub use value::date;

/// What a value does to what stands at a path.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum How {
    /// Takes its place.
    #[default]
    Set,
    /// Multiplies it: a number, or every value of a table.
    Times,
    /// Is added to it.
    Plus,
}

/// Why a text is no path of a lever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoLever {
    /// It is not a path at all.
    Malformed,
    /// It leads neither into the policy nor into the world.
    NoSection,
}

/// A path of a study, and what values do there.
#[derive(Clone, Debug)]
pub struct Lever {
    section: Section,
    path: Path,
    how: How,
    /// What [`Input::Option`] chooses from.
    options: Vec<Node>,
    /// The place at which values are as if they were written; no two levers share one.
    node: Node,
}

impl Lever {
    /// A lever of a path such as `world.**.diligence.sigma`.
    ///
    /// # Errors
    /// [`NoLever`] if the text is no path, or leads neither into the policy nor into the world.
    pub fn parse(path: &str, how: How) -> Result<Self, NoLever> {
        let text = path.to_owned();
        let path = Path::parse(path).ok_or(NoLever::Malformed)?;
        let section = match path.0.first() {
            Some(Step::Field(name)) if name == "policy" && path.0.len() > 1 => Section::Policy,
            Some(Step::Field(name)) if name == "world" && path.0.len() > 1 => Section::World,
            _ => return Err(NoLever::NoSection),
        };
        let file = Arc::new(SourceFile { path: "lever".to_owned(), text });
        let node = Node::new_like(&file, NodeKind::Dropped);
        Ok(Lever { section, path, how, options: Vec::new(), node })
    }

    /// The lever with the values that it chooses from, and the place at which all its values count as written.
    pub fn written_at(self, node: Node, options: Vec<Node>) -> Self {
        Lever { node, options, ..self }
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What values do there.
    pub fn how(&self) -> How {
        self.how
    }

    /// The place of its values.
    pub fn node(&self) -> &Node {
        &self.node
    }

    /// The options, to be changed.
    pub fn options_mut(&mut self) -> &mut Vec<Node> {
        &mut self.options
    }

    fn section_name(&self) -> &'static str {
        if self.section == Section::Policy { "policy" } else { "world" }
    }

    /// Writes a value into a tree, wherever the path leads in it.
    ///
    /// # Errors
    /// How far the path leads, if it leads nowhere.
    pub fn write(&self, tree: &mut Node, input: Input) -> Result<(), NotFound> {
        let (value, by) = self.value(input);
        let mut best: Option<NotFound> = None;
        let mut found = false;
        for node in sections_of(tree, self.section_name()) {
            match change(node, self.section, &self.path.0[1..], &value, by) {
                Ok(_) => found = true,
                Err(missing) if best.as_ref().is_none_or(|best| best.depth < missing.depth) => best = Some(missing),
                Err(_) => {}
            }
        }
        if found { Ok(()) } else { Err(best.unwrap_or_default()) }
    }
}

/// Most forms that are kept: one for each combination of options.
const FORMS_MAX: usize = 256;

/// The levers of a study.
#[derive(Debug)]
pub struct Levers {
    name: String,
    tree: Node,
    levers: Vec<Lever>,
    /// What is known of the study for a combination of options; `None` where values cannot be written straight.
    forms: RwLock<BTreeMap<Vec<usize>, Option<Arc<Form>>>>,
}

/// A lever that leads nowhere, by its index, and how far it leads.
pub type Nowhere = (usize, NotFound);

impl Levers {
    /// The levers of the study in a file.
    ///
    /// # Errors
    /// What keeps the file from being read.
    pub fn of_file(
        name: &str,
        study: &Arc<SourceFile>,
        reader: Reader<'_>,
        levers: Vec<Lever>,
    ) -> Result<Self, Vec<Problem>> {
        Ok(Self::new(name, Self::tree_of(study, reader)?, levers))
    }

    /// The tree of a study with everything written out that a lever can lead into.
    pub fn tree_of(study: &Arc<SourceFile>, reader: Reader<'_>) -> Result<Node, Vec<Problem>> {
        let mut tree = inlined(study, reader)?;
        sections_of(&mut tree, "world").into_iter().for_each(write_out);
        Ok(tree)
    }

    /// The levers of a study whose tree is [written out](Self::tree_of).
    pub fn new(name: &str, tree: Node, levers: Vec<Lever>) -> Self {
        Levers { name: name.to_owned(), tree, levers, forms: RwLock::default() }
    }

    /// All levers.
    pub fn levers(&self) -> &[Lever] {
        &self.levers
    }

    /// The study at these values, one for each lever.
    ///
    /// # Errors
    /// Why there is no study there, in one line: a path that leads nowhere, a value out of its range, values that do not go together.
    pub fn study(&self, inputs: &[Input]) -> Result<Study, String> {
        let key: Vec<usize> = inputs.iter().filter_map(Input::option).collect();
        let known = self.forms.read().ok().and_then(|forms| forms.get(&key).cloned());
        if let Some(study) = known.iter().flatten().find_map(|form| form.study(&self.levers, inputs)) {
            return Ok(study);
        }
        let composed = self.composed(inputs)?;
        let study = made(&composed)?;
        if known.is_none()
            && let Ok(mut forms) = self.forms.write()
            && forms.len() < FORMS_MAX
        {
            let form = Form::of(self, inputs, &composed, &study);
            forms.insert(
                key,
                form.filter(|form| form.study(&self.levers, inputs).as_ref() == Some(&study)).map(Arc::new),
            );
        }
        Ok(study)
    }

    /// Whether values of this kind are written straight into the numbers of the study, once one was made.
    pub fn are_straight(&self, inputs: &[Input]) -> bool {
        let key: Vec<usize> = inputs.iter().filter_map(Input::option).collect();
        self.forms.read().is_ok_and(|forms| forms.get(&key).is_some_and(Option::is_some))
    }

    fn composed(&self, inputs: &[Input]) -> Result<Composed, String> {
        let tree = self.written(inputs).map_err(|(at, missing)| {
            let lever = &self.levers[at];
            super::compose::nowhere(&lever.path.to_string(), &lever.path, &missing).0
        })?;
        Ok(compose_parts(&self.name, &tree))
    }

    /// The tree with these values.
    pub fn written(&self, inputs: &[Input]) -> Result<Node, Nowhere> {
        let mut tree = self.tree.clone();
        for (at, (lever, &input)) in self.levers.iter().zip(inputs).enumerate() {
            lever.write(&mut tree, input).map_err(|missing| (at, missing))?;
        }
        Ok(tree)
    }

    /// How far a lever leads if it leads nowhere, alone.
    pub fn lost(&self, lever: &Lever) -> Option<NotFound> {
        lever.write(&mut self.tree.clone(), Input::Number(1.0)).err()
    }
}

fn made(composed: &Composed) -> Result<Study, String> {
    let first = composed.problems.iter().find(|problem| problem.severity == Severity::Error);
    let why = || first.map_or_else(|| "no study".to_owned(), |p| format!("{}: {}", p.field, p.message));
    composed.study.clone().ok_or_else(why)
}

/// The section of the study and those of its scenarios, as far as they are written out.
fn sections_of<'a>(tree: &'a mut Node, name: &str) -> Vec<&'a mut Node> {
    let mut found = Vec::new();
    let NodeKind::Fields(_, fields) = &mut tree.kind else { return found };
    for field in Arc::make_mut(fields) {
        if field.name() == name {
            found.push(&mut field.value);
        } else if field.name() == "scenarios"
            && let NodeKind::List(items) = &mut field.value.kind
        {
            for scenario in Arc::make_mut(items) {
                let NodeKind::Fields(_, fields) = &mut scenario.kind else { continue };
                let own = Arc::make_mut(fields).iter_mut().filter(|field| field.name() == name);
                found.extend(own.map(|field| &mut field.value));
            }
        }
    }
    found
}
