//! Structures: named alternatives to the study that no range can express, each a set of values at paths.

use brownout_explore::factor::Value;

use super::{STARTS, StudyTemplate, section, unknowns, write};
use crate::explore::file::{Explore, places::Places};
use crate::explore::points::Template;
use crate::study::compose::nowhere;
use crate::study::problem::Problem;
use crate::study::tree::{Node, Path};

impl StudyTemplate {
    /// Makes the tree of each structure; what is wrong with them.
    pub(super) fn take_structures(&mut self, explore: &Explore, places: &Places) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (at, name) in explore.structures.iter().enumerate() {
            let field = format!("structures[{at}].set");
            let before = problems.len();
            let tree = self.changed(&field, places, &mut problems);
            self.structures.push(tree);
            if problems.len() > before {
                continue;
            }
            let kept = explore.levers.iter().map(|_| Value::Kept);
            let middle = unknowns(explore).into_iter().map(|(_, moved)| moved.factor.distribution.value(0.5));
            let values: Vec<Value> = kept.chain(middle).chain([Value::Choice(at)]).collect();
            if let Err(why) = self.study_at(&values) {
                problems.push(places.problem(&field, format!("under \"{name}\" there is no study: {why}"), ""));
            }
        }
        problems
    }

    /// The tree with all values of a structure.
    fn changed(&self, field: &str, places: &Places, problems: &mut Vec<Problem>) -> Node {
        let mut tree = self.tree.clone();
        for (written, value) in places.entries(field) {
            let path = Path::parse(&written);
            let Some((section, path)) = path.and_then(|path| Some((section(&path)?, path))) else {
                problems.push(places.problem(field, format!("\"{written}\" leads nowhere"), STARTS));
                continue;
            };
            if let Err(missing) = write(&mut tree, (section, &path), &value, None) {
                let (message, help) = nowhere(&written, &path, &missing);
                problems.push(places.problem(field, message, &help));
            }
        }
        tree
    }

    /// The unknowns that have no part in a structure, by their places among the unknowns: what they would change is not there.
    pub fn without_part(&self, explore: &Explore, structure: usize) -> Vec<usize> {
        let Some(tree) = self.structures.get(structure) else { return Vec::new() };
        let levers = explore.levers.len();
        let has_part = |factor: usize| {
            let value = explore.unknowns[factor - levers].factor.distribution.value(0.5);
            let mut leads = self.leads.iter().filter(|lead| lead.factor == factor);
            leads.any(|lead| lead.write(&mut tree.clone(), value).is_ok())
        };
        (levers..self.factors).filter(|&factor| !has_part(factor)).map(|factor| factor - levers).collect()
    }
}
