//! The defaults as a tree, so that a path can lead into what a file leaves out.

use std::sync::{Arc, OnceLock};

use crate::text::SourceFile;
use crate::tree::{Field, Node, NodeKind, parse};

/// The section a path leads into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// `policy`
    Policy,
    /// `world`
    World,
}

const POLICY: &str = include_str!("defaults/policy.ron");
const WORLD: &str = include_str!("defaults/world.ron");

/// What holds in a section where its file says nothing.
pub(super) struct Defaults {
    section: Section,
    /// What the world's `common` says, for its groups.
    common: Option<Node>,
}

impl Defaults {
    pub(super) fn of(section: Section, common: Option<&Node>) -> Self {
        Defaults { section, common: common.filter(|_| section == Section::World).cloned() }
    }

    /// The default of a field by its names from the root; `None` if it has none, or none while what holds it is written.
    pub(super) fn at(&self, trail: &[String]) -> Option<Node> {
        let names: Vec<&str> = trail.iter().map(String::as_str).collect();
        let whole = whole(self.section);
        match (self.section, names.as_slice()) {
            (Section::Policy, [field] | [field @ "pauses" | field @ "ladder", _]) => {
                let found = whole.field(field)?;
                names.get(1).map_or(Some(found), |name| found.field(name)).cloned()
            }
            (Section::World, [field]) => whole.field(field).cloned(),
            (Section::World, [field @ ("response" | "calendar" | "common"), name]) => {
                whole.field(field)?.field(name).cloned()
            }
            (Section::World, ["response", "added", name]) => {
                whole.field("response")?.field("added")?.field(name).cloned()
            }
            (Section::World, ["groups", "[]", name]) => {
                let said = self.common.as_ref().and_then(|common| common.field(name));
                said.or_else(|| whole.field("common")?.field(name)).cloned()
            }
            _ => None,
        }
    }
}

/// Writes out the parts of a world that its file leaves to the defaults: of `response`, `response.added` and `common` each
/// field that is not there. The world stays the same; `**` then leads into all of it.
pub fn write_out(world: &mut Node) {
    let usual = whole(Section::World);
    for path in [&["response"][..], &["response", "added"], &["common"]] {
        let mut from = Some(usual);
        let mut into = Some(&mut *world);
        for name in path {
            from = from.and_then(|node| node.field(name));
            into = into.and_then(|node| child(node, name));
        }
        let (Some(from), Some(into)) = (from, into) else { continue };
        for field in from.fields().unwrap_or_default() {
            if into.field(field.name()).is_none() {
                let key = field.key.placed_like(into);
                let value = field.value.placed_like(into);
                add(into, Field { key, value });
            }
        }
    }
}

/// The field of a struct; an empty one is added where there is none.
fn child<'a>(node: &'a mut Node, name: &str) -> Option<&'a mut Node> {
    if node.field(name).is_none() {
        let key = node.with_kind(NodeKind::Word(name.into()));
        let value = node.with_kind(NodeKind::Fields(None, Arc::default()));
        add(node, Field { key, value });
    }
    let NodeKind::Fields(_, fields) = &mut node.inner_mut().kind else { return None };
    Arc::make_mut(fields).iter_mut().find(|field| field.name() == name).map(|field| &mut field.value)
}

fn add(node: &mut Node, field: Field) {
    let node = node.inner_mut();
    if matches!(&node.kind, NodeKind::Tuple(None, items) if items.is_empty()) {
        node.kind = NodeKind::Fields(None, Arc::default());
    }
    if let NodeKind::Fields(_, fields) = &mut node.kind {
        Arc::make_mut(fields).push(field);
    }
}

fn whole(section: Section) -> &'static Node {
    static POLICY_TREE: OnceLock<Node> = OnceLock::new();
    static WORLD_TREE: OnceLock<Node> = OnceLock::new();
    let (tree, text) = match section {
        Section::Policy => (&POLICY_TREE, POLICY),
        Section::World => (&WORLD_TREE, WORLD),
    };
    tree.get_or_init(|| {
        let file = Arc::new(SourceFile { path: "defaults".to_owned(), text: text.to_owned() });
        // A shipped text that is not RON is our own bug and fails the tests; nothing then has a default.
        parse(&file, "")
            .map_or_else(|_| Node::new_like(&file, NodeKind::Fields(None, Arc::default())), |parsed| parsed.root)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{self, Checker};
    use crate::tree::read_file;
    use crate::wire::{PolicyWire, WorldWire};

    fn file(text: String) -> Arc<SourceFile> {
        Arc::new(SourceFile { path: "d.ron".to_owned(), text })
    }

    #[test]
    fn the_defaults_written_out_are_what_check_takes_where_nothing_is_written() {
        let groups = r#"groups: [(name: "g", count: 1, builds: [(build: "15.2.1544.36", share: 1)])])"#;
        let world = |text: String| {
            let read = read_file::<WorldWire>(&file(text), "world");
            let (wire, tree) = (read.value.unwrap(), read.tree.unwrap());
            check::world(&mut Checker::new(&tree, "world", &[]), &wire).unwrap()
        };
        let written = WORLD.trim_end().strip_suffix(')').unwrap();
        assert_eq!(world(format!("({groups}")), world(format!("{written} {groups}")));
        let policy = |text: String| {
            let read = read_file::<PolicyWire>(&file(text), "policy");
            let (wire, tree) = (read.value.unwrap(), read.tree.unwrap());
            check::policy(&mut Checker::new(&tree, "policy", &[]), &wire).unwrap()
        };
        let preset = "ladder: (preset: \"microsoft-2023\",";
        assert_eq!(policy(format!("({preset}))")), policy(POLICY.replace("ladder: (", preset)));
    }
}
