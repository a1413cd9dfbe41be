//! Where in an exploration's file its fields stand.

use std::sync::Arc;

use brownout_reading::problem::{Problem, Severity};
use brownout_reading::text::{Place, SourceFile};
use brownout_reading::tree::{Node, NodeKind, Path};

/// The places of a file's fields.
#[derive(Clone, Debug)]
pub struct Places {
    file: Arc<SourceFile>,
    tree: Option<Node>,
}

impl Places {
    /// The places of a file that was read as a tree; none of one that could not be.
    pub(super) fn new(file: &Arc<SourceFile>, tree: Option<Node>) -> Self {
        Places { file: Arc::clone(file), tree }
    }

    /// No places, for an exploration that stands in no file.
    pub(crate) fn none() -> Self {
        Places::new(&Arc::new(SourceFile { path: String::new(), text: String::new() }), None)
    }

    /// A problem of a field, at its place.
    pub fn problem(&self, field: &str, message: String, help: &str) -> Problem {
        let place = self.place(field);
        Problem { severity: Severity::Error, place, field: field.to_owned(), message, help: help.to_owned() }
    }

    /// The same problem at the place of its field.
    pub fn placed(&self, problem: Problem) -> Problem {
        let place = problem.place.clone().or_else(|| self.place(&problem.field));
        Problem { place, ..problem }
    }

    /// A node at the place of a field, to be given another value.
    pub(crate) fn node(&self, field: &str) -> Node {
        let range = self.place(field).map_or(0..0, |place| place.range);
        Node::new_at(&self.file, range, NodeKind::Dropped)
    }

    /// Names and values of a map that the file writes, as a study would read them.
    pub(crate) fn entries(&self, field: &str) -> Vec<(String, Node)> {
        let node = self.tree.as_ref().zip(Path::parse(field)).map(|(tree, path)| tree.follow(&path));
        let fields = node.filter(|(_, _, whole)| *whole).and_then(|(node, ..)| node.fields());
        fields.unwrap_or_default().iter().map(|field| (field.name().to_owned(), field.value.clone())).collect()
    }

    /// The place of a field, or of the beginning of the nearest thing that holds it.
    fn place(&self, field: &str) -> Option<Place> {
        let path = Path::parse(field)?;
        let (node, _, whole) = self.tree.as_ref()?.follow(&path);
        Some(if whole { node.place() } else { node.beginning() })
    }
}
