//! A study with the places where factors go: resolved once, written into again and again without reading or parsing.
//!
//! A value is written into the study's own policy and world, and into those that a scenario names for itself, as if the files
//! had said so. What a scenario then `set`s stands: a schedule stays the schedule it is.

mod numbers;

use std::sync::Arc;

use brownout_explore::factor::Value;

use super::file::{Explore, How, Moved, places::Places};
use super::points::Template;
use crate::study::Study;
use crate::study::compose::{Reader, compose_tree, inlined, nowhere};
use crate::study::problem::{Problem, Severity, nearest, one_of};
use crate::study::set::{NotFound, Section, change, write_out};
use crate::study::text::SourceFile;
use crate::study::tree::{Kind, Node, Path, Step};

/// A study that can be made at any values of its factors.
#[derive(Debug)]
pub struct StudyTemplate {
    name: String,
    tree: Node,
    leads: Vec<Lead>,
}

/// Where a factor goes, and what it does there.
#[derive(Debug)]
struct Lead {
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
        let (tree, _) = self.written(values).map_err(|(_, problem)| problem.line())?;
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
        let leads = moved.iter().map(|(field, moved)| lead(field, moved, places));
        let (mut good, mut bad) = (Vec::new(), Vec::new());
        leads.for_each(|lead| match lead {
            Ok(lead) => good.push(lead),
            Err(problem) => bad.push(problem),
        });
        problems.extend(bad);
        let mut template = StudyTemplate { name: name.to_owned(), tree, leads: good };
        if problems.is_empty() {
            template.name_options(&moved);
            problems = template.faults(&moved, places);
        }
        if problems.is_empty() { Ok(template) } else { Err(problems) }
    }

    /// Options that are no texts to the study are names, such as `adjacent`.
    fn name_options(&mut self, moved: &[(String, &Moved)]) {
        let mut values: Vec<Value> = moved.iter().map(|(_, moved)| moved.factor.distribution.value(0.5)).collect();
        for at in 0..self.leads.len() {
            for option in 0..self.leads[at].options.len() {
                let Kind::Text(text) = self.leads[at].options[option].kind.clone() else { continue };
                values[at] = Value::Choice(option);
                if self.study_at(&values).is_err() {
                    let node = self.leads[at].node.with_kind(Kind::Word(text));
                    let text = std::mem::replace(&mut self.leads[at].options[option], node);
                    if self.study_at(&values).is_err() {
                        self.leads[at].options[option] = text;
                    }
                }
            }
        }
    }

    /// The tree with all values, and for each factor how many nodes are its own then.
    fn written(&self, values: &[Value]) -> Result<(Node, Vec<usize>), (usize, Problem)> {
        let mut tree = self.tree.clone();
        let mut owned = Vec::new();
        for (at, (lead, &value)) in self.leads.iter().zip(values).enumerate() {
            let (value, by) = lead.value(value);
            let mut best: Option<NotFound> = None;
            let mut found = false;
            for node in sections_of(&mut tree, lead.section_name()) {
                match change(node, lead.section, &lead.path.0[1..], &value, by) {
                    Ok(_) => found = true,
                    Err(missing) if best.as_ref().is_none_or(|best| best.depth < missing.depth) => best = Some(missing),
                    Err(_) => {}
                }
            }
            if !found {
                return Err((at, lead.nowhere(&best.unwrap_or_default())));
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

    /// The factors whose paths lead nowhere, each alone.
    fn lost(&self) -> Vec<Problem> {
        let alone = |lead: &Lead| {
            let mut tree = self.tree.clone();
            let (value, by) = lead.value(Value::Number(1.0));
            let mut best = NotFound::default();
            for node in sections_of(&mut tree, lead.section_name()) {
                match change(node, lead.section, &lead.path.0[1..], &value, by) {
                    Ok(_) => return None,
                    Err(missing) if missing.depth >= best.depth => best = missing,
                    Err(_) => {}
                }
            }
            Some(lead.nowhere(&best))
        };
        self.leads.iter().filter_map(alone).collect()
    }

    /// The first two factors that write one place.
    fn overlap(&self, values: &[Value]) -> Option<Problem> {
        let (tree, owned) = self.written(values).ok()?;
        let lost = |at: &usize| count(&tree, self.leads[*at].node.identity()) < owned[*at];
        let first = (0..self.leads.len()).find(lost)?;
        let one = &self.leads[first];
        let others = self.leads[first + 1..].iter().map(|lead| lead.name.as_str());
        let takes = |until: &usize| {
            let leads = first + 2 + until;
            self.counted(&values[..leads], first).is_some_and(|left| left < owned[first])
        };
        let second = others.clone().nth((0..others.count()).find(takes)?)?;
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

    /// Nodes that are a factor's own after the first so many factors were written.
    fn counted(&self, values: &[Value], factor: usize) -> Option<usize> {
        let (tree, _) = self.written(values).ok()?;
        Some(count(&tree, self.leads[factor].node.identity()))
    }
}

/// The levers and then the unknowns, with their fields in the file: the order of all factors.
pub fn factors(explore: &Explore) -> Vec<(String, &Moved)> {
    let levers = explore.levers.iter().enumerate().map(|(at, moved)| (format!("levers[{at}]"), moved));
    let unknowns = explore.unknowns.iter().enumerate().map(|(at, moved)| (format!("unknowns[{at}]"), moved));
    levers.chain(unknowns).collect()
}

/// A value of a factor as people read it: a date, an option, a number.
pub fn shown(moved: &Moved, value: Value) -> String {
    match value {
        Value::Number(number) => format!("{number}"),
        Value::Whole(day) if moved.is_date => numbers::date(day),
        Value::Whole(whole) => format!("{whole}"),
        Value::Choice(at) => moved.options.get(at).map_or_else(String::new, numbers::option),
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

fn lead(field: &str, moved: &Moved, places: &Places) -> Result<Lead, Problem> {
    let written = &moved.path;
    let at = format!("{field}.path");
    let wrong = |message: String, help: &str| places.problem(&at, message, help);
    let Some(path) = Path::parse(written) else {
        return Err(wrong(
            format!("\"{written}\" is not a path"),
            "write `policy.ladder.slower` or `world.**.never_share`",
        ));
    };
    let section = match path.0.first() {
        Some(Step::Field(name)) if name == "policy" && path.0.len() > 1 => Section::Policy,
        Some(Step::Field(name)) if name == "world" && path.0.len() > 1 => Section::World,
        _ => return Err(wrong(format!("\"{written}\" leads nowhere"), "a path starts with `policy.` or `world.`")),
    };
    let node = places.node(&at);
    let options = moved.options.iter().map(|option| numbers::node(option, &node));
    let options = options.collect::<Option<Vec<_>>>().ok_or_else(|| {
        wrong("an option is no number, text or flag".to_owned(), "values with parts of their own cannot be options")
    })?;
    let (how, is_date) = (moved.how, moved.is_date);
    Ok(Lead { name: moved.factor.name.clone(), section, path, how, is_date, options, node })
}

impl Lead {
    fn section_name(&self) -> &'static str {
        if self.section == Section::Policy { "policy" } else { "world" }
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
