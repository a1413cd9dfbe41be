//! Paths to values: `policy.baselines["raise"].effective`.

use std::fmt;

use super::{Node, NodeKind};

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// A field, or the key of a map.
    Field(String),
    /// An element by index, from 0.
    Index(usize),
    /// The element whose `name` field has this value.
    Named(String),
    /// Every element or field: `[*]` or `*`.
    All,
    /// Any number of levels, none included: `**`.
    Deep,
}

/// A path such as `policy.baselines["raise"].effective`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Path(pub Vec<Step>);

impl Path {
    /// The path with one more field.
    pub fn field(&self, name: &str) -> Path {
        self.with(Step::Field(name.to_owned()))
    }

    /// The path with one more index.
    pub fn index(&self, index: usize) -> Path {
        self.with(Step::Index(index))
    }

    fn with(&self, step: Step) -> Path {
        let mut steps = Vec::with_capacity(self.0.len() + 1);
        steps.extend_from_slice(&self.0);
        steps.push(step);
        Path(steps)
    }

    /// Reads a path; `None` if it is malformed.
    pub fn parse(text: &str) -> Option<Path> {
        let mut steps = Vec::new();
        let mut rest = text.trim();
        while !rest.is_empty() {
            let (step, after) = if let Some(inner) = rest.strip_prefix('[') { bracketed(inner)? } else { named(rest)? };
            steps.push(step);
            rest = match after.strip_prefix('.') {
                Some("") => return None,
                Some(after) => after,
                None => after,
            };
        }
        let ends_nowhere = steps.last() == Some(&Step::Deep);
        (!steps.is_empty() && !ends_nowhere).then_some(Path(steps))
    }

    /// The path under the name of the section it leads through.
    pub(crate) fn under(&self, root: &str) -> String {
        match self.0.first() {
            None => root.to_owned(),
            Some(Step::Index(_) | Step::Named(_)) => format!("{root}{self}"),
            Some(_) if root.is_empty() => self.to_string(),
            Some(_) => format!("{root}.{self}"),
        }
    }

    pub(crate) fn starts_with(&self, other: &Path) -> bool {
        self.0.starts_with(&other.0)
    }
}

fn bracketed(inner: &str) -> Option<(Step, &str)> {
    if let Some(quoted) = inner.trim_start().strip_prefix('"') {
        let (name, after) = quoted.split_once('"')?;
        return Some((Step::Named(name.to_owned()), after.trim_start().strip_prefix(']')?));
    }
    let (inside, after) = inner.split_once(']')?;
    let inside = inside.trim();
    let step = match inside.parse() {
        _ if inside == "*" => Step::All,
        _ if inside.is_empty() => return None,
        Ok(index) => Step::Index(index),
        Err(_) => Step::Named(inside.to_owned()),
    };
    Some((step, after))
}

fn named(rest: &str) -> Option<(Step, &str)> {
    let end = rest.find(['.', '[']).unwrap_or(rest.len());
    let (name, after) = rest.split_at(end);
    let step = match name {
        "*" => Step::All,
        "**" => Step::Deep,
        "" => return None,
        _ if name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-') => Step::Field(name.to_owned()),
        _ => return None,
    };
    Some((step, after))
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Step::Field(name) => f.write_str(name),
            Step::Index(index) => write!(f, "[{index}]"),
            Step::Named(name) => write!(f, "[\"{name}\"]"),
            Step::All => f.write_str("[*]"),
            Step::Deep => f.write_str("**"),
        }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, step) in self.0.iter().enumerate() {
            if i > 0 && matches!(step, Step::Field(_) | Step::Deep) {
                f.write_str(".")?;
            }
            write!(f, "{step}")?;
        }
        Ok(())
    }
}

impl Node {
    /// The node at the end of a path of fields and indices, as far as it leads, and the path with the indices of the file:
    /// elements that were dropped do not count in `path`.
    pub fn follow(&self, path: &Path) -> (&Node, Path, bool) {
        let mut node = self.inner();
        let mut written = Path(Vec::with_capacity(path.0.len()));
        for (depth, step) in path.0.iter().enumerate() {
            match node.child(step) {
                Some((child, step)) => {
                    written.0.push(step);
                    // The last node is shown as it is written, with the name of its variant.
                    node = if depth + 1 < path.0.len() { child.inner() } else { child };
                }
                None => {
                    written.0.extend_from_slice(&path.0[depth..]);
                    return (node, written, false);
                }
            }
        }
        (node, written, true)
    }

    fn child(&self, step: &Step) -> Option<(&Node, Step)> {
        match (&self.kind, step) {
            (NodeKind::Fields(_, fields) | NodeKind::Map(fields), Step::Field(name)) => {
                let field = fields.iter().find(|field| field.stands() && field.name() == name)?;
                Some((&field.value, step.clone()))
            }
            (NodeKind::List(items) | NodeKind::Tuple(_, items), Step::Index(index)) => {
                let mut standing = items.iter().enumerate().filter(|(_, item)| !item.is_dropped());
                standing.nth(*index).map(|(index, item)| (item, Step::Index(index)))
            }
            _ => None,
        }
    }

    /// Drops the node at the end of a path whose indices are those of the file.
    pub(super) fn drop_at(&mut self, path: &[Step]) {
        let Some((step, rest)) = path.split_first() else {
            self.kind = NodeKind::Dropped;
            return;
        };
        let node = self.inner_mut();
        let child = match (&mut node.kind, step) {
            (NodeKind::Fields(_, fields) | NodeKind::Map(fields), Step::Field(name)) => {
                let at = fields.iter().position(|field| field.stands() && field.name() == name);
                at.map(|at| &mut std::sync::Arc::make_mut(fields)[at].value)
            }
            (NodeKind::List(items) | NodeKind::Tuple(_, items), Step::Index(index)) if *index < items.len() => {
                Some(&mut std::sync::Arc::make_mut(items)[*index])
            }
            _ => None,
        };
        if let Some(child) = child {
            child.drop_at(rest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn malformed_paths_are_no_paths() {
        for text in ["", "a..b", "a[", ".a", "a b", "a.", "a[]", "a.**"] {
            assert_eq!(Path::parse(text), None, "{text}");
        }
        assert_eq!(Path::parse("a[\"x y\"].b[3][*]").unwrap().to_string(), "a[\"x y\"].b[3][*]");
        let deep = Path::parse("world.**.diligence.*.x[\"a]b\"]").unwrap();
        assert_eq!(deep.0[1..4], [Step::Deep, Step::Field("diligence".to_owned()), Step::All]);
        assert_eq!(deep.0[5], Step::Named("a]b".to_owned()));
    }
}
