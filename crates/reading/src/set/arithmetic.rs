//! Calculating with what stands in a study: a number, or every value of a table.

use std::sync::Arc;

use crate::tree::{Field, Node, NodeKind};

/// What is done to the numbers at a path.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Arithmetic {
    /// They are multiplied by this.
    Times(f64),
    /// This is added to them.
    Plus(f64),
}

impl Arithmetic {
    /// The node with every value in it changed, and how many were.
    ///
    /// Of a pair such as `(60, 0.02)` of a table by minutes only the value is changed, of a log-normal spread only the median.
    pub(super) fn of(self, node: &Node, place: &Node) -> (Node, usize) {
        let mut count = 0;
        (self.changed(node, place, &mut count), count)
    }

    /// What becomes of a number: a whole one stays whole if it can. `None` of what is no number.
    pub(crate) fn number_of(self, standing: &NodeKind) -> Option<NodeKind> {
        match *standing {
            NodeKind::Whole(whole) => {
                let made = self.number(whole as f64);
                let is_whole = made == libm::trunc(made) && made.abs() < 9e15;
                Some(if is_whole { NodeKind::Whole(made as i128) } else { NodeKind::Decimal(made) })
            }
            NodeKind::Decimal(number) => Some(NodeKind::Decimal(self.number(number))),
            _ => None,
        }
    }

    fn changed(self, node: &Node, place: &Node, count: &mut usize) -> Node {
        if let Some(made) = self.number_of(&node.kind) {
            *count += 1;
            return place.with_kind(made);
        }
        let kind = match &node.kind {
            NodeKind::Fields(name, fields) => {
                let keep = |field: &Field| name.as_deref() == Some("LogNormal") && field.name() == "sigma";
                NodeKind::Fields(name.clone(), Arc::new(self.fields(fields, keep, place, count)))
            }
            NodeKind::Map(fields) => NodeKind::Map(Arc::new(self.fields(fields, |_| false, place, count))),
            NodeKind::List(items) => {
                NodeKind::List(Arc::new(items.iter().map(|item| self.changed(item, place, count)).collect()))
            }
            NodeKind::Tuple(name, items) => {
                let key = usize::from(name.is_none() && items.len() == 2);
                let item = |(at, item): (usize, &Node)| {
                    if at < key { item.clone() } else { self.changed(item, place, count) }
                };
                NodeKind::Tuple(name.clone(), Arc::new(items.iter().enumerate().map(item).collect()))
            }
            other => other.clone(),
        };
        node.with_kind(kind)
    }

    fn fields(self, fields: &[Field], keep: impl Fn(&Field) -> bool, place: &Node, count: &mut usize) -> Vec<Field> {
        let change = |field: &Field| {
            let value = if keep(field) { field.value.clone() } else { self.changed(&field.value, place, count) };
            Field { key: field.key.clone(), value }
        };
        fields.iter().map(change).collect()
    }

    fn number(self, standing: f64) -> f64 {
        match self {
            Arithmetic::Times(factor) => standing * factor,
            Arithmetic::Plus(term) => standing + term,
        }
    }
}
