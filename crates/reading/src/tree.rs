//! RON text as one tree whose nodes know their place, parsed once.
//!
//! Studies, policies, worlds and plans are read from here: [`parse`] makes the tree in one pass over the text, [`read`] fills
//! wire types from it and finds every problem at once, [`Path`] leads to nodes, and `set` writes values into it. A node that
//! was written by a scenario keeps its place in the scenario's file, so that an error there points at what the user wrote.
//!
//! Copies are cheap: children are shared until one of them is changed.

mod build;
mod lexer;
mod path;
mod read;
mod reader;
mod syntax;

use std::ops::Range;
use std::sync::Arc;

pub(crate) use build::outer_names;
pub use build::{NODES_MAX, Parsed, TEXT_MAX, ValueNames, parse, parse_naming};
pub use path::{Path, Step};
pub use read::{Read, read, read_file, read_file_naming};
pub(crate) use reader::Tried;

use super::text::{Place, SourceFile, one_line};
use brownout_text::outside::shortened;

/// A value with its place.
#[derive(Clone, Debug)]
pub struct Node {
    file: Arc<SourceFile>,
    start: u32,
    end: u32,
    /// What it is.
    pub kind: NodeKind,
}

/// A name or key with its value.
#[derive(Clone, Debug)]
pub struct Field {
    /// The name of a field ([`NodeKind::Word`]) or the key of a map.
    pub key: Node,
    /// The value.
    pub value: Node,
}

/// What a node is.
#[derive(Clone, Debug)]
pub enum NodeKind {
    /// A whole number.
    Whole(i128),
    /// A number with a point or an exponent, or too large for the other kind.
    Decimal(f64),
    /// `true` or `false`.
    Flag(bool),
    /// A character in single quotes.
    Letter(char),
    /// A text in quotes, without them.
    Text(Arc<str>),
    /// A name that stands alone, such as `adjacent` or `None`.
    Word(Arc<str>),
    /// `(a: 1)` or `Name(a: 1)`.
    Fields(Option<Arc<str>>, Arc<Vec<Field>>),
    /// `()`, `(1, 2)` or `Name(1)`.
    Tuple(Option<Arc<str>>, Arc<Vec<Node>>),
    /// `[1, 2]`.
    List(Arc<Vec<Node>>),
    /// `{"a": 1}`.
    Map(Arc<Vec<Field>>),
    /// A value that could not be read and was told; what follows from its absence is no further problem.
    Dropped,
}

impl Field {
    /// The name, or the key as text.
    pub fn name(&self) -> &str {
        match &self.key.kind {
            NodeKind::Word(name) | NodeKind::Text(name) => name,
            _ => self.key.excerpt(),
        }
    }

    fn stands(&self) -> bool {
        !self.value.is_dropped()
    }
}

impl Node {
    fn new(file: &Arc<SourceFile>, range: Range<usize>, kind: NodeKind) -> Self {
        Node { file: Arc::clone(file), start: range.start as u32, end: range.end as u32, kind }
    }

    /// A value at the beginning of a file.
    pub fn new_like(file: &Arc<SourceFile>, kind: NodeKind) -> Self {
        Node { file: Arc::clone(file), start: 0, end: 0, kind }
    }

    /// A value at a place in a file.
    pub fn new_at(file: &Arc<SourceFile>, range: Range<usize>, kind: NodeKind) -> Self {
        Node::new(file, range, kind)
    }

    /// Another value at the same place.
    pub fn with_kind(&self, kind: NodeKind) -> Self {
        Node { file: Arc::clone(&self.file), start: self.start, end: self.end, kind }
    }

    /// Where the value stands.
    pub fn place(&self) -> Place {
        Place { file: Arc::clone(&self.file), range: self.start as usize..self.end as usize }
    }

    /// Where the value begins: its first character.
    pub fn beginning(&self) -> Place {
        let mut place = self.place();
        let first = place.excerpt().chars().next().map_or(0, char::len_utf8);
        place.range.end = place.range.start + first;
        place
    }

    /// The value as it is written.
    pub fn excerpt(&self) -> &str {
        self.file.text.get(self.start as usize..self.end as usize).unwrap_or("")
    }

    /// The value as it is written, on one line and at most 40 characters of it, fit to print.
    pub fn shown(&self) -> String {
        let text = self.excerpt();
        let end = text.char_indices().nth(400).map_or(text.len(), |(at, _)| at);
        shortened(&one_line(&text[..end]), 40)
    }

    /// What tells this value from any other that was read: its file and where in it.
    pub fn identity(&self) -> (usize, u32, u32) {
        (Arc::as_ptr(&self.file) as usize, self.start, self.end)
    }

    /// Whether a value of this place lies within another node's.
    pub fn holds(&self, place: &Place) -> bool {
        Arc::ptr_eq(&self.file, &place.file)
            && (self.start as usize..=self.end as usize).contains(&place.range.start)
            && place.range.end <= self.end as usize
    }

    /// Whether a problem of the syntax took its value away.
    pub fn is_dropped(&self) -> bool {
        matches!(self.kind, NodeKind::Dropped)
    }

    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            NodeKind::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The fields or entries, if it has some.
    pub fn fields(&self) -> Option<&[Field]> {
        match &self.kind {
            NodeKind::Fields(_, fields) | NodeKind::Map(fields) => Some(fields),
            _ => None,
        }
    }

    /// The value of a field or entry.
    pub fn field(&self, name: &str) -> Option<&Node> {
        let fields = self.inner().fields()?;
        fields.iter().find(|field| field.stands() && field.name() == name).map(|field| &field.value)
    }

    /// The node behind a variant with one compound value: `Fixed([...])` is looked through, `Fixed(7)` is not.
    pub fn inner(&self) -> &Node {
        match &self.kind {
            NodeKind::Tuple(Some(_), items) if looked_through(items) => items[0].inner(),
            _ => self,
        }
    }

    /// [`Node::inner`], to be changed.
    pub fn inner_mut(&mut self) -> &mut Node {
        if !matches!(&self.kind, NodeKind::Tuple(Some(_), items) if looked_through(items)) {
            return self;
        }
        match &mut self.kind {
            NodeKind::Tuple(_, items) => Arc::make_mut(items)[0].inner_mut(),
            _ => unreachable!("only a tuple is looked through"),
        }
    }

    /// The value with all its parts as if it were written at another one's place.
    pub fn placed_like(&self, other: &Node) -> Node {
        let nodes = |nodes: &[Node]| Arc::new(nodes.iter().map(|node| node.placed_like(other)).collect());
        let fields = |fields: &[Field]| {
            let field =
                |field: &Field| Field { key: field.key.placed_like(other), value: field.value.placed_like(other) };
            Arc::new(fields.iter().map(field).collect())
        };
        let kind = match &self.kind {
            NodeKind::Fields(name, all) => NodeKind::Fields(name.clone(), fields(all)),
            NodeKind::Map(all) => NodeKind::Map(fields(all)),
            NodeKind::Tuple(name, items) => NodeKind::Tuple(name.clone(), nodes(items)),
            NodeKind::List(items) => NodeKind::List(nodes(items)),
            other => other.clone(),
        };
        Node { file: Arc::clone(&other.file), start: other.start, end: other.end, kind }
    }
}

fn looked_through(items: &[Node]) -> bool {
    matches!(
        items,
        [Node { kind: NodeKind::List(_) | NodeKind::Map(_) | NodeKind::Fields(..) | NodeKind::Tuple(..), .. }]
    )
}
