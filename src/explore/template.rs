//! A study with the places where factors go: resolved once, written into again and again without reading or parsing.
//!
//! A value is written into the study's own policy and world, and into those that a scenario names for itself, as if the files
//! had said so. What a scenario then `set`s stands: a schedule stays the schedule it is.

mod numbers;
mod structures;

use std::sync::Arc;

use brownout_explore::factor::Value;

use super::file::{Explore, How, Moved, places::Places};
use super::points::Template;
use crate::study::Study;
use crate::study::compose::{Reader, compose_tree, inlined, nowhere};
use crate::study::problem::{Problem, Severity, nearest, one_of};
use crate::study::set::{Arithmetic, NotFound, Section, change, write_out};
use crate::study::text::SourceFile;
use crate::study::tree::{Kind, Node, Path, Step};

/// A study that can be made at any values of its factors.
#[derive(Debug)]
pub struct StudyTemplate {
    name: String,
    tree: Node,
    leads: Vec<Lead>,
    /// How many factors there are; behind their values stands which structure.
    factors: usize,
    /// The tree under each structure.
    structures: Vec<Node>,
}

/// Where a factor goes, and what it does there.
#[derive(Debug)]
struct Lead {
    /// Which factor, in the order of all.
    factor: usize,
    name: String,
    section: Section,
    path: Path,
    how: How,
    is_date: bool,
    /// The options of a choice.
    options: Vec<Node>,
    /// The place in the exploration's file; values are as if they were written there.
    node: Node,
}

impl Template for StudyTemplate {
    fn study_at(&self, values: &[Value]) -> Result<Study, String> {
        let (tree, _) = self.written(values, self.leads.len()).map_err(|problem| problem.line())?;
        let (study, problems) = compose_tree(&self.name, &tree);
        let first = problems.iter().find(|problem| problem.severity == Severity::Error);
        study.ok_or_else(|| first.map_or_else(|| "no study".to_owned(), |p| format!("{}: {}", p.field, p.message)))
    }
}

impl StudyTemplate {
    /// The study of an exploration, with all its factors.
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
        let mut tree = inlined(study, reader)?;
        sections_of(&mut tree, "world").into_iter().for_each(write_out);
        let mut problems = chosen(&mut tree, explore, places);
        let moved = factors(explore);
        let (mut good, mut bad) = (Vec::new(), Vec::new());
        for (factor, (field, moved)) in moved.iter().enumerate() {
            for path in &moved.paths {
                match lead(factor, field, moved, path, places) {
                    Ok(lead) => good.push(lead),
                    Err(problem) => bad.push(problem),
                }
            }
        }
        problems.extend(bad);
        let mut template =
            StudyTemplate { name: name.to_owned(), tree, leads: good, factors: moved.len(), structures: Vec::new() };
        if problems.is_empty() {
            template.name_options(&moved);
            problems = template.faults(&moved, places);
        }
        if problems.is_empty() {
            problems = template.take_structures(explore, places);
        }
        if problems.is_empty() { Ok(template) } else { Err(problems) }
    }

    /// Options that are no texts to the study are names, such as `adjacent`.
    fn name_options(&mut self, moved: &[(String, &Moved)]) {
        for (factor, (_, moved)) in moved.iter().enumerate() {
            // Alone: the options of other choices may not be values yet.
            let mut values = vec![Value::Kept; self.factors];
            for option in 0..moved.options.len() {
                values[factor] = Value::Choice(option);
                if self.study_at(&values).is_err() {
                    self.turn_option(factor, option);
                    if self.study_at(&values).is_err() {
                        self.turn_option(factor, option);
                    }
                }
            }
        }
    }

    /// Makes a text a name, or a name a text.
    fn turn_option(&mut self, factor: usize, option: usize) {
        for lead in self.leads.iter_mut().filter(|lead| lead.factor == factor) {
            let kind = match &lead.options[option].kind {
                Kind::Text(text) => Kind::Word(text.clone()),
                Kind::Word(word) => Kind::Text(word.clone()),
                _ => continue,
            };
            lead.options[option] = lead.node.with_kind(kind);
        }
    }

    /// The tree with the values of the first so many leads, and for each of these how many nodes are its own then.
    ///
    /// Under a structure a lead may find nothing: then the factor has no part in it.
    fn written(&self, values: &[Value], leads: usize) -> Result<(Node, Vec<usize>), Problem> {
        let structure = match values.get(self.factors) {
            Some(&Value::Choice(structure)) => self.structures.get(structure),
            _ => None,
        };
        let mut tree = structure.unwrap_or(&self.tree).clone();
        let mut owned = Vec::new();
        for lead in &self.leads[..leads] {
            let value = values[lead.factor];
            if value != Value::Kept {
                match lead.write(&mut tree, value) {
                    Err(missing) if structure.is_none() => return Err(lead.nowhere(&missing)),
                    _ => {}
                }
            }
            owned.push(count(&tree, lead.node.identity()));
        }
        Ok((tree, owned))
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
        // An option that is no value would also spoil the middle, where all others are tried.
        for is_choice in [true, false] {
            let tried = moved.iter().enumerate();
            for (at, (field, moved)) in tried.filter(|(_, (_, m))| m.factor.distribution.is_choice() == is_choice) {
                problems.extend(self.fault(at, field, moved, &middle, places));
            }
            if !problems.is_empty() {
                break;
            }
        }
        problems
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
        let alone = |lead: &Lead| {
            let missing = lead.write(&mut self.tree.clone(), Value::Number(1.0)).err()?;
            Some(lead.nowhere(&missing))
        };
        self.leads.iter().filter_map(alone).collect()
    }

    /// The first two paths that write one place.
    fn overlap(&self, values: &[Value]) -> Option<Problem> {
        let left = |leads: usize| self.written(values, leads).ok();
        let (tree, owned) = left(self.leads.len())?;
        let lost = |at: &usize| count(&tree, self.leads[*at].node.identity()) < owned[*at];
        let first = (0..self.leads.len()).find(lost)?;
        let one = &self.leads[first];
        let takes =
            |until: &usize| left(until + 1).is_some_and(|(tree, _)| count(&tree, one.node.identity()) < owned[first]);
        let second = &self.leads[(first + 1..self.leads.len()).find(takes)?].name;
        let message =
            format!("\"{}\" and \"{second}\" write the same place of the study; one place has one factor", one.name);
        let help = "take one of them out, or narrow its path".to_owned();
        Some(Problem {
            severity: Severity::Error,
            place: Some(one.node.place()),
            field: one.path.to_string(),
            message,
            help,
        })
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
        Value::Whole(day) if moved.is_date => numbers::date(day),
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
    let Kind::Fields(_, fields) = &mut tree.kind else { return Vec::new() };
    let scenarios = Arc::make_mut(fields).iter_mut().find(|field| field.name() == "scenarios");
    let Some(Kind::List(items)) = scenarios.map(|field| &mut field.value.kind) else { return Vec::new() };
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

fn lead(factor: usize, field: &str, moved: &Moved, written: &str, places: &Places) -> Result<Lead, Problem> {
    let also = moved.paths[1..].iter().position(|path| path == written);
    let at = also.map_or_else(|| format!("{field}.path"), |also| format!("{field}.also[{also}]"));
    let wrong = |message: String, help: &str| places.problem(&at, message, help);
    let Some(path) = Path::parse(written) else {
        return Err(wrong(
            format!("\"{written}\" is not a path"),
            "write `policy.ladder.slower` or `world.**.never_share`",
        ));
    };
    let Some(section) = section(&path) else {
        return Err(wrong(format!("\"{written}\" leads nowhere"), STARTS));
    };
    let node = places.node(&at);
    let options = moved.options.iter().map(|option| numbers::node(option, &node));
    let options = options.collect::<Option<Vec<_>>>().ok_or_else(|| {
        wrong("an option is no number, text or flag".to_owned(), "values with parts of their own cannot be options")
    })?;
    let (how, is_date) = (moved.how, moved.is_date);
    Ok(Lead { factor, name: moved.factor.name.clone(), section, path, how, is_date, options, node })
}

/// How a path begins.
const STARTS: &str = "a path starts with `policy.` or `world.`";

/// The section that a path leads into.
fn section(path: &Path) -> Option<Section> {
    match path.0.first() {
        Some(Step::Field(name)) if name == "policy" && path.0.len() > 1 => Some(Section::Policy),
        Some(Step::Field(name)) if name == "world" && path.0.len() > 1 => Some(Section::World),
        _ => None,
    }
}

/// Writes a value into the section of the study and into those of its scenarios.
///
/// # Errors
/// How far the path led if it leads nowhere in any of them; nothing was changed then.
fn write(
    tree: &mut Node,
    (section, path): (Section, &Path),
    value: &Node,
    by: Option<Arithmetic>,
) -> Result<(), NotFound> {
    let (mut found, mut best) = (false, NotFound::default());
    let name = if section == Section::Policy { "policy" } else { "world" };
    for node in sections_of(tree, name) {
        match change(node, section, &path.0[1..], value, by) {
            Ok(_) => found = true,
            Err(missing) if missing.depth >= best.depth => best = missing,
            Err(_) => {}
        }
    }
    if found { Ok(()) } else { Err(best) }
}

impl Lead {
    /// Writes a value where the factor goes.
    fn write(&self, tree: &mut Node, value: Value) -> Result<(), NotFound> {
        let (value, by) = self.value(value);
        write(tree, (self.section, &self.path), &value, by)
    }

    fn nowhere(&self, missing: &NotFound) -> Problem {
        let (message, mut help) = nowhere(&self.path.to_string(), &self.path, missing);
        if self.how != How::Set && help.is_empty() {
            help = "there must be a number there for Times and Plus".to_owned();
        }
        let field = self.name.clone();
        Problem { severity: Severity::Error, place: Some(self.node.place()), field, message, help }
    }
}

/// The section of the study and those of its scenarios, as far as they are written out.
fn sections_of<'a>(tree: &'a mut Node, name: &str) -> Vec<&'a mut Node> {
    let mut found = Vec::new();
    let Kind::Fields(_, fields) = &mut tree.kind else { return found };
    for field in Arc::make_mut(fields) {
        if field.name() == name {
            found.push(&mut field.value);
        } else if field.name() == "scenarios"
            && let Kind::List(items) = &mut field.value.kind
        {
            for scenario in Arc::make_mut(items) {
                let Kind::Fields(_, fields) = &mut scenario.kind else { continue };
                let own = Arc::make_mut(fields).iter_mut().filter(|field| field.name() == name);
                found.extend(own.map(|field| &mut field.value));
            }
        }
    }
    found
}

/// Nodes of a tree that were written at a place.
fn count(node: &Node, place: (usize, u32, u32)) -> usize {
    let below = match &node.kind {
        Kind::Fields(_, fields) | Kind::Map(fields) => fields.iter().map(|field| count(&field.value, place)).sum(),
        Kind::List(items) | Kind::Tuple(_, items) => items.iter().map(|item| count(item, place)).sum(),
        _ => 0,
    };
    below + usize::from(node.identity() == place)
}
