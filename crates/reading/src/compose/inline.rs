//! A study with its sections written out, so that values can be written into it again and again without opening a file.

use std::sync::Arc;

use super::Reader;
use super::section::Sections;
use crate::problem::Problem;
use crate::set::Section;
use crate::text::SourceFile;
use crate::tree::{Node, NodeKind, parse};

/// The tree of a study in which every policy and world that is named by a path or name stands as if it were written there.
///
/// # Errors
/// What keeps a file from being read. A study that `compose` accepts has no such problem.
pub fn inlined(file: &Arc<SourceFile>, reader: Reader<'_>) -> Result<Node, Vec<Problem>> {
    let mut root = parse(file, "").map_err(|problem| vec![problem])?.root;
    let mut sections = Sections::new(reader);
    write_out(&mut root, &mut sections);
    if let NodeKind::Fields(_, fields) = &mut root.kind {
        let scenarios = Arc::make_mut(fields).iter_mut().filter(|field| field.name() == "scenarios");
        for field in scenarios {
            if let NodeKind::List(items) = &mut field.value.kind {
                Arc::make_mut(items).iter_mut().for_each(|scenario| write_out(scenario, &mut sections));
            }
        }
    }
    let problems = sections.problems.into_list();
    if problems.is_empty() { Ok(root) } else { Err(problems) }
}

fn write_out(node: &mut Node, sections: &mut Sections<'_>) {
    let NodeKind::Fields(_, fields) = &mut node.kind else { return };
    for field in Arc::make_mut(fields) {
        let section = match field.name() {
            "policy" => Section::Policy,
            "world" => Section::World,
            _ => continue,
        };
        // What cannot be read stays a name, which `compose` tells.
        if let Some(Ok(Some(tree))) = field.value.text().map(|relative| sections.open(relative, section)) {
            field.value = tree;
        }
    }
}
