//! Where in an exploration's file its fields stand.

use std::sync::Arc;

use super::labels::{Labelled, labelled};
use brownout_reading::problem::{Problem, Severity};
use brownout_reading::text::{Place, SourceFile};
use brownout_reading::tree::{Kind, Node, Path, parse};

/// The places of a file's fields.
#[derive(Debug)]
pub struct Places {
    file: Arc<SourceFile>,
    labelled: Labelled,
    tree: Option<Node>,
}

impl Places {
    /// The places of a file; none of a text that cannot be read.
    pub fn of(file: &Arc<SourceFile>) -> Self {
        let labelled = labelled(&file.text);
        let made = Arc::new(SourceFile { path: file.path.clone(), text: labelled.text.clone() });
        Places { file: Arc::clone(file), labelled, tree: parse(&made, "").ok().map(|parsed| parsed.root) }
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
        Node::new_at(&self.file, range, Kind::Dropped)
    }

    /// Names and values of a map that the file writes, as a study would read them.
    pub(crate) fn entries(&self, field: &str) -> Vec<(String, Node)> {
        let node = self.tree.as_ref().zip(Path::parse(field)).map(|(tree, path)| tree.follow(&path));
        let fields = node.filter(|(_, _, whole)| *whole).and_then(|(node, ..)| node.fields());
        fields.unwrap_or_default().iter().map(|field| (field.name().to_owned(), field.value.clone())).collect()
    }

    /// The place of a field, or of the nearest thing that holds it.
    fn place(&self, field: &str) -> Option<Place> {
        let path = Path::parse(field)?;
        let (node, _, whole) = self.tree.as_ref()?.follow(&path);
        let made = if whole { node.place() } else { node.beginning() };
        let (line, column) = made.line_column();
        let start = self.offset(self.labelled.original(line, column));
        // What was named lies on one line; of more its beginning is shown.
        let length = made.excerpt().split('\n').next().unwrap_or("").len();
        let rest = self.file.text.get(start..)?;
        let end = start + length.min(rest.find('\n').unwrap_or(rest.len()));
        let end = (start..=end).rev().find(|&at| self.file.text.is_char_boundary(at))?;
        Some(Place { file: Arc::clone(&self.file), range: start..end })
    }

    fn offset(&self, (line, column): (usize, usize)) -> usize {
        let text = &self.file.text;
        let start: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
        text[start..].char_indices().nth(column.saturating_sub(1)).map_or(text.len(), |(at, _)| start + at)
    }
}
