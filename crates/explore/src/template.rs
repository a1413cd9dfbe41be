//! A study with the places where factors go: resolved once, written into again and again without reading or parsing.
//!
//! A value is written into the study's own policy and world, and into those that a scenario names for itself, as if the files
//! had said so. What a scenario then `set`s stands: a schedule stays the schedule it is.

mod numbers;
mod structures;

use std::sync::Arc;

use brownout_methods::factor::Value;

use super::file::{Explore, Moved, places::Places};
use super::points::Template;
use brownout_experiment::study::Study;
use brownout_reading::compose::{Reader, nowhere};
use brownout_reading::lever::{How, Input, Lever, Levers, NoLever, date};
use brownout_reading::problem::{Problem, Severity};
use brownout_reading::set::NotFound;
use brownout_reading::text::SourceFile;
use brownout_reading::tree::{Node, NodeKind};
use brownout_text::names::{nearest, one_of};

/// A study that can be made at any values of its factors, as it is and under each of its structures.
#[derive(Debug)]
pub struct StudyTemplate {
    /// As the study is, then under each structure.
    variants: Vec<Variant>,
    /// How many factors may be chosen, and how many there are; behind their values stands which structure.
    levers: usize,
    factors: usize,
}

/// The study under a structure: with the factors that may be chosen standing as each schedule has them, and with them moved.
#[derive(Debug)]
struct Variant {
    kept: Paths,
    moved: Paths,
}

/// Paths of a study, several of which may belong to one factor.
#[derive(Debug)]
struct Paths {
    levers: Levers,
    /// For each path its factor.
    factors: Vec<Named>,
}

/// What a factor is called, and how its values are read.
#[derive(Clone, Debug)]
struct Named {
    factor: usize,
    name: String,
    is_date: bool,
}

impl Paths {
    fn new(name: &str, tree: Node, paths: &[(Lever, Named)]) -> Self {
        let (levers, factors) = paths.iter().cloned().unzip();
        Paths { levers: Levers::new(name, tree, levers), factors }
    }

    /// Values of factors as values of paths.
    fn inputs(&self, values: &[Value]) -> Vec<Input> {
        self.factors.iter().map(|named| numbers::input(values[named.factor], named.is_date)).collect()
    }
}

impl Variant {
    fn new(name: &str, tree: &Node, paths: &[(Lever, Named)], levers: usize) -> Self {
        let unknowns: Vec<(Lever, Named)> = paths.iter().filter(|(_, named)| named.factor >= levers).cloned().collect();
        Variant { kept: Paths::new(name, tree.clone(), &unknowns), moved: Paths::new(name, tree.clone(), paths) }
    }
}

impl Template for StudyTemplate {
    fn study_at(&self, values: &[Value]) -> Result<Study, String> {
        let structure = match values.get(self.factors) {
            Some(&Value::Choice(structure)) => structure + 1,
            _ => 0,
        };
        let variant = self.variants.get(structure).ok_or_else(|| "there is no such structure".to_owned())?;
        let is_kept = values[..self.levers].contains(&Value::Kept);
        let paths = if is_kept { &variant.kept } else { &variant.moved };
        paths.levers.study(&paths.inputs(values))
    }
}

impl StudyTemplate {
    /// The study of an exploration, with all its factors and structures.
    ///
    /// # Errors
    /// Every problem: a path that leads nowhere, two factors on one place, a value that leaves the range of its field, an
    /// unknown schedule.
    pub fn new(
        explore: &Explore,
        places: &Places,
        name: &str,
        study: &Arc<SourceFile>,
        reader: Reader<'_>,
    ) -> Result<Self, Vec<Problem>> {
        let mut tree = Levers::tree_of(study, reader)?;
        let mut problems = chosen(&mut tree, explore, places);
        let moved = factors(explore);
        let mut paths = Vec::new();
        for (factor, (field, moved)) in moved.iter().enumerate() {
            let named = Named { factor, name: moved.factor.name.clone(), is_date: moved.is_date };
            for path in &moved.paths {
                match lever(field, moved, path, places) {
                    Ok(lever) => paths.push((lever, named.clone())),
                    Err(problem) => problems.push(problem),
                }
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        name_options(name, &tree, &mut paths);
        let levers = explore.levers.len();
        let variants = vec![Variant::new(name, &tree, &paths, levers)];
        let mut template = StudyTemplate { variants, levers, factors: moved.len() };
        problems = template.faults(&moved, places);
        if problems.is_empty() {
            problems = template.take_structures(explore, places, name, &tree, &paths);
        }
        if problems.is_empty() { Ok(template) } else { Err(problems) }
    }

    /// What is wrong with the factors of this study: each is tried at both ends of its range, the others in the middle.
    fn faults(&self, moved: &[(String, &Moved)], places: &Places) -> Vec<Problem> {
        let middle: Vec<Value> = moved.iter().map(|(_, moved)| moved.factor.distribution.value(0.5)).collect();
        let mut problems = self.lost();
        if !problems.is_empty() {
            return problems;
        }
        if let Some(problem) = self.overlap(&middle) {
            return vec![problem];
        }
        // Where the middle has no study, the factors that can mend it are at fault, and no others.
        let mending = self.mending(moved, &middle);
        // An option that is no value would also spoil the middle, where all others are tried.
        for is_choice in [true, false] {
            let tried = moved.iter().enumerate();
            for (at, (field, moved)) in tried.filter(|(_, (_, m))| m.factor.distribution.is_choice() == is_choice) {
                if mending.is_empty() || mending.contains(&at) {
                    problems.extend(self.fault(at, field, moved, &middle, places));
                }
            }
            if !problems.is_empty() {
                break;
            }
        }
        problems
    }

    /// If there is no study in the middle of all ranges: the factors that give one when they leave it.
    fn mending(&self, moved: &[(String, &Moved)], middle: &[Value]) -> Vec<usize> {
        if self.study_at(middle).is_ok() {
            return Vec::new();
        }
        let mends = |at: &usize| {
            ends(moved[*at].1).into_iter().any(|value| {
                let mut values = middle.to_vec();
                values[*at] = value;
                self.study_at(&values).is_ok()
            })
        };
        (0..moved.len()).filter(mends).collect()
    }

    /// The first value of a factor at which there is no study.
    fn fault(&self, at: usize, field: &str, moved: &Moved, middle: &[Value], places: &Places) -> Option<Problem> {
        let field = format!("{field}.{}", if field.starts_with("levers") { "range" } else { "dist" });
        ends(moved).into_iter().find_map(|value| {
            let mut values = middle.to_vec();
            values[at] = value;
            let why = self.study_at(&values).err()?;
            let message = format!("at {} of \"{}\" there is no study: {why}", shown(moved, value), moved.factor.name);
            Some(places.problem(&field, message, "narrow the range of this factor"))
        })
    }

    /// The paths that lead nowhere, each alone.
    fn lost(&self) -> Vec<Problem> {
        let Paths { levers, factors } = &self.variants[0].moved;
        let alone = |(lever, named): (&Lever, &Named)| Some(leads_nowhere(lever, &named.name, &levers.lost(lever)?));
        levers.levers().iter().zip(factors).filter_map(alone).collect()
    }

    /// The first two paths that write one place.
    fn overlap(&self, values: &[Value]) -> Option<Problem> {
        let paths = &self.variants[0].moved;
        let inputs = paths.inputs(values);
        let count = inputs.len();
        // Nodes that are a path's own after the first so many paths were written.
        let own = |path: usize, written: usize| {
            let tree = paths.levers.written(&inputs[..written]).ok()?;
            Some(nodes_of(&tree, paths.levers.levers()[path].node().identity()))
        };
        let first = (0..count).find(|&path| own(path, count) < own(path, path + 1))?;
        let alone = own(first, first + 1)?;
        let second = (first + 1..count).find(|&other| own(first, other + 1).is_some_and(|left| left < alone))?;
        let (name, other) = (&paths.factors[first].name, &paths.factors[second].name);
        let message = format!("\"{name}\" and \"{other}\" write the same place of the study; one place has one factor");
        let help = "take one of them out, or narrow its path".to_owned();
        let lever = &paths.levers.levers()[first];
        let (place, field) = (Some(lever.node().place()), lever.path().to_string());
        Some(Problem { severity: Severity::Error, place, field, message, help })
    }
}

/// Options that are no texts to the study are names, such as `adjacent`. Each is tried alone, as those of other choices may not
/// be values yet.
fn name_options(name: &str, tree: &Node, paths: &mut [(Lever, Named)]) {
    for (lever, _) in paths {
        for option in 0..lever.options_mut().len() {
            let is_value = |lever: &Lever| {
                Levers::new(name, tree.clone(), vec![lever.clone()]).study(&[Input::Option(option)]).is_ok()
            };
            let Some(text) = lever.options_mut()[option].text().map(Arc::from) else { continue };
            if !is_value(lever) {
                let named = lever.node().with_kind(NodeKind::Word(text));
                let text = std::mem::replace(&mut lever.options_mut()[option], named);
                if !is_value(lever) {
                    lever.options_mut()[option] = text;
                }
            }
        }
    }
}

/// The levers and then the unknowns, with their fields in the file: the order of all factors.
pub fn factors(explore: &Explore) -> Vec<(String, &Moved)> {
    let levers = explore.levers.iter().enumerate().map(|(at, moved)| (format!("levers[{at}]"), moved));
    let unknowns = explore.unknowns.iter().enumerate().map(|(at, moved)| (format!("unknowns[{at}]"), moved));
    levers.chain(unknowns).collect()
}

/// What is not known, with its fields in the file: the factors of designs, in which schedules stand as they are.
pub fn unknowns(explore: &Explore) -> Vec<(String, &Moved)> {
    factors(explore).into_iter().skip(explore.levers.len()).collect()
}

/// A value of a factor as people read it: a date, an option, a number; nothing where it is not moved.
pub fn shown(moved: &Moved, value: Value) -> String {
    match value {
        Value::Number(number) => format!("{number}"),
        Value::Whole(day) if moved.is_date => date(day),
        Value::Whole(whole) => format!("{whole}"),
        Value::Choice(at) => moved.options.get(at).map_or_else(String::new, numbers::option),
        Value::Kept => String::new(),
    }
}

/// All options of a choice, else both ends.
fn ends(moved: &Moved) -> Vec<Value> {
    let distribution = &moved.factor.distribution;
    match distribution.count().filter(|_| distribution.is_choice()) {
        Some(options) => (0..options as usize).map(Value::Choice).collect(),
        None => vec![distribution.value(0.0), distribution.value(1.0)],
    }
}

/// Leaves the scenarios that were chosen, in the order in which they are named.
fn chosen(tree: &mut Node, explore: &Explore, places: &Places) -> Vec<Problem> {
    let NodeKind::Fields(_, fields) = &mut tree.kind else { return Vec::new() };
    let scenarios = Arc::make_mut(fields).iter_mut().find(|field| field.name() == "scenarios");
    let Some(NodeKind::List(items)) = scenarios.map(|field| &mut field.value.kind) else { return Vec::new() };
    if explore.schedules.is_empty() {
        return Vec::new();
    }
    let name = |item: &Node| item.field("name").and_then(Node::text).map(str::to_owned);
    let names: Vec<String> = items.iter().filter_map(name).collect();
    let (mut kept, mut problems) = (Vec::new(), Vec::new());
    for (at, wanted) in explore.schedules.iter().enumerate() {
        match items.iter().find(|item| name(item).as_deref() == Some(wanted)) {
            Some(item) => kept.push(item.clone()),
            None => {
                let near = nearest(wanted, &names);
                let help = if near.is_empty() { format!("the study has {}", one_of(&names)) } else { near };
                let message = format!("\"{wanted}\" is no scenario of the study");
                problems.push(places.problem(&format!("schedules[{at}]"), message, &help));
            }
        }
    }
    *items = Arc::new(kept);
    problems
}

fn lever(field: &str, moved: &Moved, written: &str, places: &Places) -> Result<Lever, Problem> {
    let also = moved.paths[1..].iter().position(|path| path == written);
    let at = also.map_or_else(|| format!("{field}.path"), |also| format!("{field}.also[{also}]"));
    let wrong = |message: String, help: &str| places.problem(&at, message, help);
    let lever = Lever::parse(written, moved.how).map_err(|why| match why {
        NoLever::Malformed => {
            wrong(format!("\"{written}\" is not a path"), "write `policy.ladder.slower` or `world.**.never_share`")
        }
        NoLever::NoSection => wrong(format!("\"{written}\" leads nowhere"), "a path starts with `policy.` or `world.`"),
    })?;
    let node = places.node(&at);
    let options = moved.options.iter().map(|option| numbers::node(option, &node)).collect();
    Ok(lever.written_at(node, options))
}

fn leads_nowhere(lever: &Lever, factor: &str, missing: &NotFound) -> Problem {
    let (message, mut help) = nowhere(&lever.path().to_string(), lever.path(), missing);
    if lever.how() != How::Set && help.is_empty() {
        help = "there must be a number there for Times and Plus".to_owned();
    }
    let (place, field) = (Some(lever.node().place()), factor.to_owned());
    Problem { severity: Severity::Error, place, field, message, help }
}

/// Nodes of a tree that were written at a place.
fn nodes_of(node: &Node, place: (usize, u32, u32)) -> usize {
    let below = match &node.kind {
        NodeKind::Fields(_, fields) | NodeKind::Map(fields) => {
            fields.iter().map(|field| nodes_of(&field.value, place)).sum()
        }
        NodeKind::List(items) | NodeKind::Tuple(_, items) => items.iter().map(|item| nodes_of(item, place)).sum(),
        _ => 0,
    };
    below + usize::from(node.identity() == place)
}
