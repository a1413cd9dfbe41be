//! Structures: named alternatives to the study that no range can express, each a set of values at paths.

use brownout_methods::factor::Value;

use super::{Named, StudyTemplate, Variant, unknowns};
use crate::file::{Explore, places::Places};
use crate::points::Template;
use brownout_reading::compose::nowhere;
use brownout_reading::lever::{How, Input, Lever, NoLever};
use brownout_reading::problem::Problem;
use brownout_reading::tree::Node;

impl StudyTemplate {
    /// Makes the study under each structure; what is wrong with them. A path that leads nowhere under a structure has no part in
    /// it.
    pub(super) fn take_structures(
        &mut self,
        explore: &Explore,
        places: &Places,
        name: &str,
        tree: &Node,
        paths: &[(Lever, Named)],
    ) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (at, structure) in explore.structures.iter().enumerate() {
            let field = format!("structures[{at}].set");
            let before = problems.len();
            let changed = changed(tree, &field, places, &mut problems);
            let has_part = |lever: &Lever| lever.write(&mut changed.clone(), Input::Number(1.0)).is_ok();
            let left: Vec<(Lever, Named)> = paths.iter().filter(|(lever, _)| has_part(lever)).cloned().collect();
            self.variants.push(Variant::new(name, &changed, &left, self.levers));
            if problems.len() > before {
                continue;
            }
            let kept = explore.levers.iter().map(|_| Value::Kept);
            let middle = unknowns(explore).into_iter().map(|(_, moved)| moved.factor.distribution.value(0.5));
            let values: Vec<Value> = kept.chain(middle).chain([Value::Choice(at)]).collect();
            if let Err(why) = self.study_at(&values) {
                problems.push(places.problem(&field, format!("under \"{structure}\" there is no study: {why}"), ""));
            }
        }
        problems
    }

    /// The unknowns that have no part in a structure, by their indexes among the unknowns: what they would change is not there.
    pub fn without_part(&self, structure: usize) -> Vec<usize> {
        let Some(variant) = self.variants.get(structure + 1) else { return Vec::new() };
        let has_part = |factor: &usize| variant.moved.factors.iter().any(|named| named.factor == *factor);
        (self.levers..self.factors).filter(|factor| !has_part(factor)).map(|factor| factor - self.levers).collect()
    }
}

/// The tree with all values of a structure.
fn changed(tree: &Node, field: &str, places: &Places, problems: &mut Vec<Problem>) -> Node {
    let mut tree = tree.clone();
    for (written, value) in places.entries(field) {
        let lever = match Lever::parse(&written, How::Set) {
            Ok(lever) => lever.written_at(value.clone(), vec![value]),
            Err(NoLever::Malformed | NoLever::NoSection) => {
                let help = "a path starts with `policy.` or `world.`";
                problems.push(places.problem(field, format!("\"{written}\" leads nowhere"), help));
                continue;
            }
        };
        if let Err(missing) = lever.write(&mut tree, Input::Option(0)) {
            let (message, help) = nowhere(&written, lever.path(), &missing);
            problems.push(places.problem(field, message, &help));
        }
    }
    tree
}
