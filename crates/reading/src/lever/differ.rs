//! Where two trees of one shape differ: the values that a lever moves.

use crate::tree::{Field, Node, NodeKind, Step};

/// A value that differs, with its path from the root.
pub(super) struct Leaf {
    pub(super) path: Vec<Step>,
    /// What stands there in the first tree.
    pub(super) standing: NodeKind,
    /// The place of the value in the second tree.
    pub(super) identity: (usize, u32, u32),
}

/// The values in which two trees differ; `None` if they have different shapes.
pub(super) fn leaves(a: &Node, b: &Node) -> Option<Vec<Leaf>> {
    let mut found = Vec::new();
    let mut path = Vec::new();
    compare(a, b, &mut path, &mut found).then_some(found)
}

fn compare(a: &Node, b: &Node, path: &mut Vec<Step>, found: &mut Vec<Leaf>) -> bool {
    let leaf = |differs: bool, found: &mut Vec<Leaf>| {
        if differs {
            found.push(Leaf { path: path.clone(), standing: a.kind.clone(), identity: b.identity() });
        }
        true
    };
    match (&a.kind, &b.kind) {
        (NodeKind::Whole(x), NodeKind::Whole(y)) => leaf(x != y, found),
        (NodeKind::Decimal(x), NodeKind::Decimal(y)) => leaf(x.to_bits() != y.to_bits(), found),
        (NodeKind::Whole(_), NodeKind::Decimal(_)) | (NodeKind::Decimal(_), NodeKind::Whole(_)) => leaf(true, found),
        (NodeKind::Text(x), NodeKind::Text(y)) | (NodeKind::Word(x), NodeKind::Word(y)) => leaf(x != y, found),
        (NodeKind::Flag(x), NodeKind::Flag(y)) => leaf(x != y, found),
        (NodeKind::Letter(x), NodeKind::Letter(y)) => leaf(x != y, found),
        (NodeKind::Dropped, NodeKind::Dropped) => true,
        (NodeKind::Fields(x, left), NodeKind::Fields(y, right)) => x == y && fields(left, right, path, found),
        (NodeKind::Map(left), NodeKind::Map(right)) => fields(left, right, path, found),
        (NodeKind::Tuple(x, left), NodeKind::Tuple(y, right)) => x == y && items(left, right, path, found),
        (NodeKind::List(left), NodeKind::List(right)) => items(left, right, path, found),
        _ => false,
    }
}

fn fields(left: &[Field], right: &[Field], path: &mut Vec<Step>, found: &mut Vec<Leaf>) -> bool {
    let same = std::ptr::eq(left, right);
    same || left.len() == right.len()
        && left.iter().zip(right).all(|(a, b)| {
            path.push(Step::Field(a.name().to_owned()));
            let alike = a.name() == b.name() && compare(&a.value, &b.value, path, found);
            path.pop();
            alike
        })
}

fn items(left: &[Node], right: &[Node], path: &mut Vec<Step>, found: &mut Vec<Leaf>) -> bool {
    let same = std::ptr::eq(left, right);
    same || left.len() == right.len()
        && left.iter().zip(right).enumerate().all(|(index, (a, b))| {
            path.push(Step::Index(index));
            let alike = compare(a, b, path, found);
            path.pop();
            alike
        })
}
