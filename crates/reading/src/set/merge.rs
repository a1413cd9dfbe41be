//! What becomes of what stood where a value is written.

use std::sync::Arc;

use super::defaults::Defaults;
use crate::tree::{Field, Node, NodeKind};

/// Fields of which one takes the place of the other, so that leaving one out loses nothing.
const EITHER_OR: [(&str, &str); 5] = [
    ("preset", "stages"),
    ("per_month", "in_stage"),
    ("builds", "servers"),
    ("minimum", "whole_product"),
    ("year_end", "no_year_end"),
];

fn replaces(new: &str, old: &str) -> bool {
    EITHER_OR.iter().any(|&(a, b)| (new, old) == (a, b) || (new, old) == (b, a))
}

/// A value within a default: the fields it states, and of the default those it does not.
pub(super) fn merged(usual: &Node, value: &Node) -> Node {
    let usual = usual.placed_like(value);
    let (NodeKind::Fields(name, old), Some(new)) = (&usual.kind, stated(value)) else { return value.clone() };
    if variant(value) != name.as_deref() {
        return value.clone();
    }
    let mut fields = Vec::clone(old);
    for field in new {
        fields.retain(|old| !replaces(field.name(), old.name()));
        match fields.iter_mut().find(|old| old.name() == field.name()) {
            Some(old) => *old = Field { key: field.key.clone(), value: merged(&old.value, &field.value) },
            None => fields.push(field.clone()),
        }
    }
    value.with_kind(NodeKind::Fields(name.clone(), Arc::new(fields)))
}

fn variant(value: &Node) -> Option<&str> {
    match &value.kind {
        NodeKind::Fields(name, _) | NodeKind::Tuple(name, _) => name.as_deref(),
        _ => None,
    }
}

/// The fields of a struct; none of `()`.
fn stated(value: &Node) -> Option<&[Field]> {
    match &value.kind {
        NodeKind::Fields(_, fields) => Some(fields),
        NodeKind::Tuple(None, items) if items.is_empty() => Some(&[]),
        _ => None,
    }
}

/// A value for a section whose fields have defaults of their own: those that `old` does not write keep what the value does
/// not state of them.
pub(super) fn within_section(value: &Node, old: Option<&Node>, trail: &[String], defaults: &Defaults) -> Node {
    let NodeKind::Fields(name, fields) = &value.kind else { return value.clone() };
    let mut trail = trail.to_vec();
    let filled = fields.iter().map(|field| {
        if old.is_some_and(|old| old.field(field.name()).is_some()) {
            return field.clone();
        }
        trail.push(field.name().to_owned());
        let usual = defaults.at(&trail);
        trail.pop();
        let value = usual.map_or_else(|| field.value.clone(), |usual| merged(&usual, &field.value));
        Field { key: field.key.clone(), value }
    });
    let filled = filled.collect();
    value.with_kind(NodeKind::Fields(name.clone(), Arc::new(filled)))
}

/// Names of fields that were written and are no longer.
#[derive(Default)]
pub(super) struct Lost {
    pub(super) names: Vec<String>,
}

impl Lost {
    pub(super) fn compare(&mut self, old: &Node, new: &Node) {
        self.compare_at("", old, new);
    }

    fn compare_at(&mut self, within: &str, old: &Node, new: &Node) {
        let (NodeKind::Fields(name, fields), Some(now)) = (&old.kind, stated(new)) else { return };
        if variant(new) != name.as_deref() {
            return;
        }
        for field in fields.iter() {
            let path = format!("{within}{}", field.name());
            match now.iter().find(|other| other.name() == field.name()) {
                Some(other) => self.compare_at(&format!("{path}."), &field.value, &other.value),
                None if now.iter().any(|other| replaces(other.name(), field.name())) => {}
                None => self.names.push(path),
            }
        }
    }
}
