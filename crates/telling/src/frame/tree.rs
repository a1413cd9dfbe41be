//! Frames that belong together as one tree of JSON: rows as objects, with the rows of other frames that have the same key inside.
//!
//! What stands in such a tree stands in a frame: the tree has no values of its own.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use super::json::cell;
use super::{Frame, Value};

/// Values of the key columns, as JSON has them: there, what is missing differs from an empty text.
type Key = Vec<String>;

/// A frame whose rows become objects keyed by the names of its columns.
pub struct Tree<'a> {
    frame: &'a Frame,
    hidden: Vec<usize>,
    folded: Vec<&'a str>,
    inner: Vec<Inner<'a>>,
}

/// What stands inside each object in one field.
struct Inner<'a> {
    field: &'a str,
    shape: Shape,
    tree: Tree<'a>,
    /// The key columns of the outer frame.
    key: Vec<usize>,
    rows: BTreeMap<Key, Vec<usize>>,
}

#[derive(Clone, Copy)]
enum Shape {
    /// A list of objects.
    List,
    /// An object, or null without a row.
    One,
    /// A list of the values of the only column that is no key.
    Values,
}

impl<'a> Tree<'a> {
    /// Objects of all columns.
    pub const fn of(frame: &'a Frame) -> Self {
        Tree { frame, hidden: Vec::new(), folded: Vec::new(), inner: Vec::new() }
    }

    /// Leaves columns out of the objects, such as numbers that only tell which rows belong together.
    ///
    /// # Panics
    /// In builds with assertions, as all that names columns here, if there is no such column: a fault of whoever made the tree.
    #[must_use]
    pub fn without(mut self, columns: &[&str]) -> Self {
        self.hidden.extend(positions(self.frame, columns));
        self
    }

    /// Columns named `NAME_x`, `NAME_y` become an object `NAME` with `x` and `y`, or null where all of them are missing.
    #[must_use]
    pub fn fold(mut self, name: &'a str) -> Self {
        self.folded.push(name);
        self
    }

    /// Puts the rows of `tree` with the same values in the columns `key` into a field, as a list of objects without those columns.
    #[must_use]
    pub fn list(self, field: &'a str, tree: Tree<'a>, key: &[&str]) -> Self {
        self.put(field, Shape::List, tree, key)
    }

    /// As [`list`](Self::list), for at most one row: the object itself, or null.
    #[must_use]
    pub fn one(self, field: &'a str, tree: Tree<'a>, key: &[&str]) -> Self {
        self.put(field, Shape::One, tree, key)
    }

    /// As [`list`](Self::list), for a frame of a single column besides the key: its values.
    #[must_use]
    pub fn values(self, field: &'a str, frame: &'a Frame, key: &[&str]) -> Self {
        self.put(field, Shape::Values, Tree::of(frame), key)
    }

    fn put(mut self, field: &'a str, shape: Shape, tree: Tree<'a>, key: &[&str]) -> Self {
        let tree = tree.without(key);
        let inside = positions(tree.frame, key);
        let mut rows: BTreeMap<Key, Vec<usize>> = BTreeMap::new();
        for (at, row) in tree.frame.rows().iter().enumerate() {
            rows.entry(key_of(row, &inside)).or_default().push(at);
        }
        let key = positions(self.frame, key);
        self.inner.push(Inner { field, shape, tree, key, rows });
        self
    }

    /// Every row as an object.
    pub fn objects(&self) -> Vec<Json> {
        self.frame.rows().iter().map(|row| self.object(row)).collect()
    }

    fn object(&self, row: &[Value]) -> Json {
        let shown = || self.shown(row);
        let folded = |name: &str| self.folded.iter().any(|fold| part(name, fold).is_some());
        let plain = shown().filter(|(name, _)| !folded(name)).map(|(name, value)| (name.to_owned(), cell(value)));
        let mut fields: Map<String, Json> = plain.collect();
        for fold in &self.folded {
            let parts = shown().filter_map(|(name, value)| Some((part(name, fold)?.to_owned(), cell(value))));
            let parts: Map<String, Json> = parts.collect();
            let nothing = parts.values().all(Json::is_null);
            fields.insert((*fold).to_owned(), if nothing { Json::Null } else { Json::Object(parts) });
        }
        fields.extend(self.inner.iter().map(|inner| (inner.field.to_owned(), inner.json(row))));
        Json::Object(fields)
    }

    /// Names and values of a row that are not left out.
    fn shown<'r>(&'r self, row: &'r [Value]) -> impl Iterator<Item = (&'r str, &'r Value)> {
        let all = self.frame.columns().iter().zip(row).enumerate();
        all.filter(|(at, _)| !self.hidden.contains(at)).map(|(_, (column, value))| (column.name.as_str(), value))
    }
}

impl Inner<'_> {
    /// What stands inside the object of an outer row.
    fn json(&self, outer: &[Value]) -> Json {
        let rows = self.rows.get(&key_of(outer, &self.key)).map_or(&[][..], Vec::as_slice);
        let mut rows = rows.iter().map(|&at| self.tree.frame.rows()[at].as_slice());
        match self.shape {
            Shape::List => Json::Array(rows.map(|row| self.tree.object(row)).collect()),
            Shape::One => rows.next().map_or(Json::Null, |row| self.tree.object(row)),
            Shape::Values => {
                Json::Array(rows.flat_map(|row| self.tree.shown(row)).map(|(_, value)| cell(value)).collect())
            }
        }
    }
}

impl Frame {
    /// The rows that have a value in a column, without that column.
    pub fn only(&self, column: &str, value: impl Into<Value>) -> Frame {
        let (at, value) = (positions(self, &[column]), value.into());
        let kept = |position: &usize| !at.contains(position);
        let columns = (0..self.columns.len()).filter(kept).map(|position| self.columns[position].clone()).collect();
        let mut frame = Frame::new(self.name, columns);
        for row in self.rows.iter().filter(|row| at.iter().all(|&at| row[at] == value)) {
            frame.row((0..row.len()).filter(kept).map(|position| row[position].clone()));
        }
        frame
    }

    /// The values of a column as a list in JSON.
    pub fn values(&self, column: &str) -> Json {
        let at = positions(self, &[column]);
        Json::Array(self.rows.iter().flat_map(|row| at.iter().map(|&at| cell(&row[at]))).collect())
    }
}

fn positions(frame: &Frame, names: &[&str]) -> Vec<usize> {
    let position = |name: &&str| frame.columns().iter().position(|column| column.name == **name);
    let found: Vec<usize> = names.iter().filter_map(position).collect();
    debug_assert_eq!(found.len(), names.len(), "{}: columns {names:?}", frame.name());
    found
}

fn key_of(row: &[Value], key: &[usize]) -> Key {
    key.iter().map(|&at| cell(&row[at]).to_string()).collect()
}

/// What a name has behind `fold_`.
fn part<'n>(name: &'n str, fold: &str) -> Option<&'n str> {
    name.strip_prefix(fold)?.strip_prefix('_')
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::columns;

    #[test]
    fn rows_stand_inside_the_row_that_has_their_key() {
        let mut servers =
            Frame::new("servers", columns![Integer number, Text server, Number mail_lost, Number mail_late]);
        servers.row([0u32.into(), "a".into(), 0.5.into(), Value::Missing]);
        servers.row([1u32.into(), Value::Missing, Value::Missing, Value::Missing]);
        let mut stages = Frame::new("stages", columns![Integer number, Text stage, Integer block]);
        stages.row([0u32.into(), "first".into(), 5u32.into()]);
        stages.row([0u32.into(), "last".into(), 9u32.into()]);
        let mut replies = Frame::new("replies", columns![Integer block, Text smtp]);
        replies.row([9u32.into(), "450".into()]);
        replies.row([9u32.into(), "550".into()]);
        let mut now = Frame::new("now", columns![Integer number, Text reading, Text stage]);
        now.row([1u32.into(), "earliest".into(), "last".into()]);
        now.row([1u32.into(), "latest".into(), "first".into()]);
        let latest = now.only("reading", "latest");
        let tree = Tree::of(&servers)
            .without(&["number"])
            .fold("mail")
            .list("stages", Tree::of(&stages).values("smtp", &replies, &["block"]), &["number"])
            .one("now", Tree::of(&latest), &["number"]);
        let expected = json!([
            {"server": "a", "mail": {"lost": 0.5, "late": null}, "now": null, "stages": [
                {"stage": "first", "block": 5, "smtp": []},
                {"stage": "last", "block": 9, "smtp": ["450", "550"]},
            ]},
            {"server": null, "mail": null, "now": {"stage": "first"}, "stages": []},
        ]);
        assert_eq!(Json::Array(tree.objects()), expected);
    }

    #[test]
    fn what_is_missing_is_a_key_of_its_own() {
        let mut notes = Frame::new("notes", columns![Integer number, Text note]);
        notes.row([Value::Missing, "of all".into()]);
        notes.row([0u32.into(), "of one".into()]);
        let all = notes.only("number", Value::Missing);
        assert_eq!(all.values("note"), json!(["of all"]));
        let mut texts = Frame::new("texts", columns![Text name]);
        texts.row([Value::from("")]);
        texts.row([Value::Missing]);
        let tree = Tree::of(&texts).list("same", Tree::of(&texts), &["name"]);
        assert_eq!(tree.objects(), [json!({"name": "", "same": [{}]}), json!({"name": null, "same": [{}]})]);
    }
}
