//! `set`: a value written into a policy or world at a path, changing no more than it says.
//!
//! - What the file wrote at the path is replaced. If a struct takes the place of a struct, what the file said there and the
//!   new one does not say is lost; [`set`] names it, so that nobody loses a lead time without a word.
//! - Where the file wrote nothing, the value goes into the default, of which the rest stays: setting `routes.upgrade` of a
//!   world without `routes` leaves patching and leaving open. A group's default is what `common` says.
//! - Fields that have no default are added; elements and names that are not there are an error.

mod arithmetic;
mod defaults;
mod merge;

use std::sync::Arc;

use super::tree::{Field, Node, NodeKind, Step};
pub use arithmetic::Arithmetic;
use defaults::Defaults;
pub use defaults::{Section, write_out};
use merge::{Lost, merged, within_section};

/// How far a path could be followed.
#[derive(Clone, Debug, Default)]
pub struct NotFound {
    /// Steps that were followed.
    pub depth: usize,
    /// Names the failing step could have had.
    pub names: Vec<String>,
}

/// What a value did.
#[derive(Clone, Debug, Default)]
pub struct Done {
    /// Places that were changed.
    pub places: usize,
    /// Fields that the file wrote and the value replaced without stating them.
    pub lost: Vec<String>,
}

/// Most names given for a step that is not there.
const NAMES_MAX: usize = 1_000;

/// Writes a value at a path within a section.
///
/// # Errors
/// If the path leads nowhere; nothing was changed then.
pub fn set(root: &mut Node, section: Section, path: &[Step], value: &Node) -> Result<Done, NotFound> {
    change(root, section, path, value, None)
}

/// Writes a value at a path within a section, or calculates with what stands there or holds there by default; numbers that are
/// calculated are then as if they were written at the place of `value`.
///
/// # Errors
/// If the path leads nowhere, or to no number that could be calculated with; nothing was changed then.
pub fn change(
    root: &mut Node,
    section: Section,
    path: &[Step],
    value: &Node,
    by: Option<Arithmetic>,
) -> Result<Done, NotFound> {
    let defaults = Defaults::of(section, root.field("common"));
    let mut writer = Writer {
        defaults,
        value,
        by,
        done: Done::default(),
        missing: NotFound::default(),
        trail: Vec::new(),
        in_default: false,
    };
    let mut changed = root.clone();
    writer.write(&mut changed, path, true);
    if writer.done.places == 0 {
        return Err(writer.missing);
    }
    *root = changed;
    Ok(writer.done)
}

struct Writer<'a> {
    defaults: Defaults,
    value: &'a Node,
    /// What is calculated, if the value does not simply take its place.
    by: Option<Arithmetic>,
    done: Done,
    missing: NotFound,
    /// Names from the root to the node at hand; elements of lists are `[]`.
    trail: Vec<String>,
    /// Whether the node at hand is a default that was written out for the path.
    in_default: bool,
}

impl Writer<'_> {
    /// Follows the rest of the path from a node; `add` if fields that are left out may be added.
    fn write(&mut self, node: &mut Node, path: &[Step], add: bool) {
        let Some((step, rest)) = path.split_first() else { return self.replace(node) };
        if *step == Step::Deep {
            return self.write_deep(node, rest);
        }
        let node = node.inner_mut();
        let depth = self.trail.len();
        let before = self.done.places;
        match (&mut node.kind, step) {
            (NodeKind::Fields(..) | NodeKind::Map(_), Step::Field(name) | Step::Named(name)) => {
                self.write_field(node, name, rest, add);
            }
            (NodeKind::Tuple(_, items), Step::Field(name)) if items.is_empty() => {
                node.kind = NodeKind::Fields(None, Arc::default());
                self.write_field(node, name, rest, add);
            }
            (NodeKind::Fields(_, fields) | NodeKind::Map(fields), Step::All) => {
                for field in Arc::make_mut(fields) {
                    let name = field.name().to_owned();
                    self.below(name, &mut field.value, rest, add);
                }
            }
            (NodeKind::List(items) | NodeKind::Tuple(_, items), Step::All) => {
                let items = Arc::make_mut(items);
                items.iter_mut().for_each(|item| self.below("[]".to_owned(), item, rest, add));
            }
            (NodeKind::List(items) | NodeKind::Tuple(_, items), Step::Index(index)) if *index < items.len() => {
                self.below("[]".to_owned(), &mut Arc::make_mut(items)[*index], rest, add);
            }
            (NodeKind::List(items), Step::Named(name)) => self.write_named(items, name, rest, add),
            _ => {}
        }
        if self.done.places == before && self.missing.names.is_empty() {
            self.missing.depth = self.missing.depth.max(depth);
        }
    }

    fn below(&mut self, name: String, node: &mut Node, rest: &[Step], add: bool) {
        self.trail.push(name);
        self.write(node, rest, add);
        self.trail.pop();
    }

    fn write_named(&mut self, items: &mut Arc<Vec<Node>>, name: &str, rest: &[Step], add: bool) {
        let called = |item: &Node| item.field("name").and_then(Node::text).map(str::to_owned);
        let Some(index) = items.iter().position(|item| called(item).as_deref() == Some(name)) else {
            return self.not_found(items.iter().filter_map(called));
        };
        self.below("[]".to_owned(), &mut Arc::make_mut(items)[index], rest, add);
    }

    fn not_found(&mut self, names: impl Iterator<Item = String>) {
        if self.trail.len() >= self.missing.depth {
            self.missing = NotFound { depth: self.trail.len(), names: names.take(NAMES_MAX).collect() };
        }
    }

    /// A field or key, which is added if it may be and is not there.
    fn write_field(&mut self, node: &mut Node, name: &str, rest: &[Step], add: bool) {
        let (NodeKind::Fields(_, fields) | NodeKind::Map(fields)) = &mut node.kind else { return };
        if let Some(index) = fields.iter().position(|field| field.name() == name) {
            return self.below(name.to_owned(), &mut Arc::make_mut(fields)[index].value, rest, add);
        }
        self.trail.push(name.to_owned());
        let usual = add.then(|| self.defaults.at(&self.trail)).flatten();
        self.trail.pop();
        let in_map = matches!(node.kind, NodeKind::Map(_));
        let only_fields = rest.iter().all(|step| matches!(step, Step::Field(_)));
        let from_default = usual.is_some();
        let mut value = match (usual, rest.is_empty()) {
            (Some(usual), true) if self.by.is_some() => self.by.map_or(usual.clone(), |by| by.of(&usual, self.value).0),
            (Some(usual), true) => merged(&usual, self.value),
            // Sections whose fields have defaults of their own: only the field on the path is written out.
            (Some(_), false) if matches!(name, "common" | "response" | "added" | "calendar") => {
                self.value.with_kind(NodeKind::Fields(None, Arc::default()))
            }
            (Some(usual), false) => usual.placed_like(self.value),
            (None, true) if add && self.by.is_none() => {
                self.trail.push(name.to_owned());
                let whole = within_section(self.value, None, &self.trail, &self.defaults);
                self.trail.pop();
                whole
            }
            (None, false) if add && only_fields => self.value.with_kind(NodeKind::Fields(None, Arc::default())),
            _ => {
                let names: Vec<String> =
                    node.fields().unwrap_or_default().iter().map(|f| f.name().to_owned()).collect();
                return self.not_found(names.into_iter());
            }
        };
        if rest.is_empty() {
            self.done.places += 1;
        } else {
            let before = self.done.places;
            let outside = self.in_default;
            self.in_default |= from_default;
            self.below(name.to_owned(), &mut value, rest, add);
            self.in_default = outside;
            if self.done.places == before {
                return;
            }
        }
        let key = self.value.with_kind(if in_map { NodeKind::Text(name.into()) } else { NodeKind::Word(name.into()) });
        let (NodeKind::Fields(_, fields) | NodeKind::Map(fields)) = &mut node.kind else { return };
        Arc::make_mut(fields).push(Field { key, value });
    }

    fn replace(&mut self, node: &mut Node) {
        if let Some(by) = self.by {
            let (made, numbers) = by.of(node, self.value);
            *node = made;
            self.done.places += numbers;
            return;
        }
        self.done.places += 1;
        if self.in_default {
            *node = merged(node, self.value);
            return;
        }
        let new = within_section(self.value, Some(node), &self.trail, &self.defaults);
        let mut lost = Lost::default();
        lost.compare(node, &new);
        self.done.lost.extend(lost.names);
        *node = new;
    }

    /// `**`: the rest of the path wherever it leads to something that is written or has a default.
    fn write_deep(&mut self, node: &mut Node, rest: &[Step]) {
        let missing = std::mem::take(&mut self.missing);
        let before = self.done.places;
        self.write(node, rest, false);
        self.missing = missing;
        if self.done.places > before {
            return;
        }
        let node = node.inner_mut();
        match &mut node.kind {
            NodeKind::Fields(_, fields) | NodeKind::Map(fields) => {
                for field in Arc::make_mut(fields) {
                    let name = field.name().to_owned();
                    self.trail.push(name);
                    self.write_deep(&mut field.value, rest);
                    self.trail.pop();
                }
            }
            NodeKind::List(items) | NodeKind::Tuple(_, items) => {
                for item in Arc::make_mut(items) {
                    self.trail.push("[]".to_owned());
                    self.write_deep(item, rest);
                    self.trail.pop();
                }
            }
            _ => {}
        }
    }
}
