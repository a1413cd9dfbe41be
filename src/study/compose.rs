//! Puts a study together: sections inline or from files, scenarios as changes of single fields.

mod cross;
mod inline;
mod section;

use std::collections::BTreeSet;
use std::sync::Arc;

use super::check::{self, Checker};
use super::named;
use super::problem::{Problem, Problems, nearest, one_of};
use super::set::{Arithmetic, NotFound, Section, change};
use super::text::{SourceFile, one_line};
use super::tree::{Field, Kind, Node, Path, Read, Step, parse, read, read_file};
use super::wire::{PolicyWire, ScenarioWire, StudyWire, WorldWire};
use super::{Scenario, Study, what_if};
use crate::experiment::Precision;
use crate::experiment::footprint::{self, Excess};
use crate::outside::shortened;
use crate::policy::Policy;
use crate::time::SimTime;
use crate::world::World;
pub use inline::inlined;
use section::{Cache, Opened, Sections};

/// Reads a file named by a study, relative to it; the error is for people.
pub type Reader<'a> = &'a mut dyn FnMut(&str) -> Result<Arc<SourceFile>, String>;

/// Last day a study may reach: yearly freezes are written out up to there.
const LAST_YEAR: i16 = 2100;
/// Longest study: every day has its own cells.
const DAYS_MAX: f64 = 20.0 * 365.25;
/// Most scenarios of a study.
const SCENARIOS_MAX: usize = 1_000;

/// The study in a file, and everything found on the way. There is a study unless a problem is an error.
pub fn compose(name: &str, file: &Arc<SourceFile>, reader: Reader<'_>) -> (Option<Study>, Vec<Problem>) {
    compose_what_if(name, file, None, reader)
}

/// As [`compose`], with changes from outside the file.
pub fn compose_what_if(
    name: &str,
    file: &Arc<SourceFile>,
    changes: Option<&Arc<SourceFile>>,
    reader: Reader<'_>,
) -> (Option<Study>, Vec<Problem>) {
    let read = match changes {
        None => read_file::<StudyWire>(file, ""),
        Some(changes) => match changed(file, changes) {
            Ok(read) => read,
            Err(problem) => return (None, vec![problem]),
        },
    };
    let Composed { study, problems, .. } = composed(name, read, reader);
    (study, problems)
}

fn changed(file: &Arc<SourceFile>, changes: &Arc<SourceFile>) -> Result<Read<StudyWire>, Problem> {
    let mut parsed = parse(file, "")?;
    what_if::apply(&mut parsed.root, changes)?;
    let mut read = read::<StudyWire>(&parsed.root, "");
    read.problems.extend(parsed.flaws);
    Ok(read)
}

/// What a tree came to.
#[derive(Debug)]
pub(crate) struct Composed {
    /// The study, unless a problem is an error.
    pub(crate) study: Option<Study>,
    /// Everything found on the way.
    pub(crate) problems: Vec<Problem>,
    /// Policy and world of each scenario with its changes; of scenarios whose changes lead nowhere there are none.
    pub(crate) parts: Vec<Parts>,
}

/// What comes of a tree whose sections are written out ([`inlined`]).
pub(crate) fn compose_parts(name: &str, tree: &Node) -> Composed {
    composed(name, read::<StudyWire>(tree, ""), &mut |relative| Err(format!("{relative} is not written out")))
}

fn composed(name: &str, read: Read<StudyWire>, reader: Reader<'_>) -> Composed {
    let Some(tree) = &read.tree else {
        return Composed { study: None, problems: read.problems.into_list(), parts: Vec::new() };
    };
    let mut composer = Composer {
        checker: Checker::new(tree, "", &read.dropped),
        sections: Sections::new(reader),
        tree,
        policies: Cache::new("policy", check::policy),
        worlds: Cache::new("world", check::world),
        parts: Vec::new(),
    };
    let study = match &read.value {
        Some(wire) => composer.study(name, wire),
        None => {
            composer.sections_alone();
            None
        }
    };
    let mut problems = read.problems;
    problems.join(composer.checker.problems);
    for found in [composer.sections.problems, composer.policies.problems, composer.worlds.problems] {
        problems.join(found);
    }
    let failed = problems.errors() > 0;
    Composed { study: study.filter(|_| !failed), problems: problems.into_list(), parts: composer.parts }
}

/// The policy in a file of its own, and everything found on the way.
pub fn compose_policy(file: &Arc<SourceFile>) -> (Option<Policy>, Vec<Problem>) {
    match super::tree::parse(file, "policy") {
        Ok(parsed) => {
            let (policy, mut problems) = compose_policy_tree(&parsed.root);
            problems.extend(parsed.flaws);
            (policy, problems.into_list())
        }
        Err(problem) => (None, vec![problem]),
    }
}

/// The policy in a tree, and everything found on the way.
pub fn compose_policy_tree(tree: &Node) -> (Option<Policy>, Problems) {
    let mut cache: Cache<PolicyWire, Policy> = Cache::new("policy", check::policy);
    let policy = cache.whole(tree);
    (policy.map(|policy| policy.as_ref().clone()), cache.problems)
}

/// The policy in a file that a plan names, and everything found on the way; of a file that is no policy no line is shown.
pub fn compose_policy_named(file: &Arc<SourceFile>) -> (Option<Policy>, Vec<Problem>) {
    match section::open(file, Section::Policy) {
        Opened::Section(tree, flaws) => {
            let (policy, mut problems) = compose_policy_tree(&tree);
            problems.extend(flaws);
            (policy, problems.into_list())
        }
        Opened::Foreign(problem) => (None, vec![problem]),
    }
}

struct Composer<'a, 'r> {
    checker: Checker<'a>,
    sections: Sections<'r>,
    tree: &'a Node,
    policies: Cache<PolicyWire, Policy>,
    worlds: Cache<WorldWire, World>,
    parts: Vec<Parts>,
}

/// The trees of a scenario's policy and world.
#[derive(Clone, Debug)]
pub(crate) struct Parts {
    pub(crate) policy: Node,
    pub(crate) world: Node,
}

impl Composer<'_, '_> {
    fn study(&mut self, name: &str, wire: &StudyWire) -> Option<Study> {
        let root = Path::default();
        if wire.version != 1 {
            let message = format!("version {} is not known", wire.version);
            self.checker.error(&root.field("version"), message, "this program reads version 1");
        }
        let replications = self.checker.whole(&root.field("replications"), wire.replications, 1..=100_000, "");
        let precision = self.precision(wire);
        let most = wire
            .replications_max
            .map(|most| self.checker.whole(&root.field("replications_max"), most, replications..=100_000, "") as u32);
        let times = self.times(wire);
        let policy = self.section(&root.field("policy"), Section::Policy);
        let world = self.section(&root.field("world"), Section::World);
        let scenarios = self.scenarios(wire, policy.as_ref(), world.as_ref());
        let ((start, horizon), scenarios) = (times?, scenarios?);
        for (i, scenario) in scenarios.iter().enumerate() {
            cross::check(&mut self.checker, &root.field("scenarios").index(i), scenario, start, horizon);
        }
        let study = Study {
            name: name.to_owned(),
            question: wire.question.clone(),
            seed: wire.seed,
            replications: replications as u32,
            precision,
            replications_max: most,
            start,
            horizon,
            scenarios,
        };
        if let Err(excess) = footprint::check(&study, footprint::replications(&study)) {
            self.checker.error(&root.field("horizon"), excess.to_string(), Excess::HELP);
        }
        Some(study)
    }

    /// Reads policy and world of a study that cannot be read as a whole, so that their problems are told as well.
    fn sections_alone(&mut self) {
        let root = Path::default();
        if let Some(policy) = self.section(&root.field("policy"), Section::Policy) {
            self.policies.whole(&policy);
        }
        if let Some(world) = self.section(&root.field("world"), Section::World) {
            self.worlds.whole(&world);
        }
    }

    fn scenarios(&mut self, wire: &StudyWire, policy: Option<&Node>, world: Option<&Node>) -> Option<Vec<Scenario>> {
        let at = Path::default().field("scenarios");
        if wire.scenarios.is_empty() {
            self.checker.error(&at, "a study needs at least one scenario", "add `(name: \"...\")`");
        }
        if wire.scenarios.len() > SCENARIOS_MAX {
            let message = format!("{} scenarios are given; expected at most {SCENARIOS_MAX}", wire.scenarios.len());
            self.checker.error(&at, message, "make several studies of it");
            return None;
        }
        let mut names = BTreeSet::new();
        let mut scenarios = Vec::new();
        for (i, scenario) in wire.scenarios.iter().enumerate() {
            let at = at.index(i);
            self.checker.name(&at.field("name"), &scenario.name, "a scenario");
            if !names.insert(scenario.name.as_str()) {
                let message = format!("scenario \"{}\" is given twice", shortened(&scenario.name, 60));
                self.checker.error(&at.field("name"), message, "rename one");
            }
            scenarios.push(self.scenario(&at, scenario, policy, world));
        }
        scenarios.into_iter().collect()
    }

    fn precision(&mut self, wire: &StudyWire) -> Option<Precision> {
        let text = wire.precision.as_ref()?;
        let parsed = text.parse::<Precision>();
        parsed.map_err(|error| self.checker.error(&Path::default().field("precision"), error.to_string(), "")).ok()
    }

    fn times(&mut self, wire: &StudyWire) -> Option<(SimTime, SimTime)> {
        let root = Path::default();
        let start = self.checker.time(&root.field("start"), &wire.start);
        let horizon = self.checker.time(&root.field("horizon"), &wire.horizon);
        let (start, horizon) = (start?, horizon?);
        let at = root.field("horizon");
        let days = horizon.since(start).days_f64();
        if days <= 0.0 {
            let message = format!("the horizon {} does not lie after the start {}", wire.horizon, wire.start);
            self.checker.error(&at, message, "move one of them");
        } else if days > DAYS_MAX || horizon.year() > LAST_YEAR {
            let message = format!("the study covers {days:.0} days up to {}", wire.horizon);
            self.checker.error(&at, message, format!("at most 20 years, ending by {LAST_YEAR}"));
        } else {
            return Some((start, horizon));
        }
        None
    }

    /// The tree of a section: written out, or of the file it names.
    fn section(&mut self, path: &Path, section: Section) -> Option<Node> {
        let (node, _, whole) = self.tree.follow(path);
        if !whole {
            return None;
        }
        let Some(relative) = node.text() else { return Some(node.clone()) };
        match self.sections.open(relative, section) {
            Ok(tree) => tree,
            Err(message) => {
                let is_policy = section == Section::Policy;
                let names = format!("; policies known by name: {}", named::NAMES.join(", "));
                let names = if is_policy { names.as_str() } else { "" };
                self.checker.error(path, message, format!("paths are relative to the study's folder{names}"));
                None
            }
        }
    }

    fn scenario(
        &mut self,
        at: &Path,
        wire: &ScenarioWire,
        policy: Option<&Node>,
        world: Option<&Node>,
    ) -> Option<Scenario> {
        let mut changes = Vec::new();
        let mut own = |composer: &mut Self, name: &str, given: bool, usual: Option<&Node>, section| {
            if !given {
                return usual.cloned();
            }
            changes.push((name.to_owned(), composer.written(&at.field(name))));
            composer.section(&at.field(name), section)
        };
        let policy = own(self, "policy", wire.policy.is_some(), policy, Section::Policy);
        let world = own(self, "world", wire.world.is_some(), world, Section::World);
        let base = Parts { policy: policy?, world: world? };
        let entries = self.entries(at);
        let mut parts = base.clone();
        let mut good = true;
        for entry in &entries {
            changes.push((entry.name().to_owned(), one_line(entry.value.excerpt())));
            good &= self.apply(&at.field("set"), entry, &mut parts).is_some();
        }
        if !good {
            return None;
        }
        let policy = self.policy(at, &entries, &base, &parts);
        let world = self.world(at, &entries, &base, &parts);
        self.parts.push(parts);
        let (policy, world) = (policy?, world?);
        Some(Scenario { name: wire.name.clone(), about: wire.about.clone(), policy, world, changes })
    }

    fn policy(&mut self, at: &Path, entries: &[Field], base: &Parts, parts: &Parts) -> Option<Arc<Policy>> {
        let changed = entries_of(entries, "policy");
        if changed.is_empty() {
            return self.policies.whole(&parts.policy);
        }
        let (policy, found) = self.policies.changed(&base.policy, &parts.policy, &changed);
        self.tell_changed(at, &changed, found);
        policy
    }

    fn world(&mut self, at: &Path, entries: &[Field], base: &Parts, parts: &Parts) -> Option<Arc<World>> {
        let changed = entries_of(entries, "world");
        if changed.is_empty() {
            return self.worlds.whole(&parts.world);
        }
        let (world, found) = self.worlds.changed(&base.world, &parts.world, &changed);
        self.tell_changed(at, &changed, found);
        world
    }

    /// Problems that a scenario's `set` brings about elsewhere are told at its entry.
    fn tell_changed(&mut self, at: &Path, changed: &[&Field], found: Vec<Problem>) {
        let Some(last) = changed.last() else { return };
        let path = at.field("set").field(last.name());
        for problem in found {
            let message = format!("with this, {}: {}", problem.field, problem.message);
            self.checker.note_at(problem.severity, last.value.place(), &path, message, problem.help);
        }
    }

    /// The value at a path as the study writes it, on one line.
    fn written(&self, path: &Path) -> String {
        one_line(self.tree.follow(path).0.excerpt())
    }

    /// The entries of a scenario's `set`, in alphabetical order of their paths.
    fn entries(&self, at: &Path) -> Vec<Field> {
        let (node, _, whole) = self.tree.follow(&at.field("set"));
        let fields = node.fields().filter(|_| whole).unwrap_or_default();
        let mut entries: Vec<Field> = fields.to_vec();
        entries.sort_by(|a, b| a.name().cmp(b.name()));
        entries
    }

    /// Applies one entry of `set`.
    fn apply(&mut self, at: &Path, entry: &Field, parts: &mut Parts) -> Option<()> {
        let (key, at) = (shortened(entry.name(), 100), at.field(entry.name()));
        let (written, place) = (self.tree.follow(&at).1, entry.key.place());
        let mut refuse = |message: String, help: String| {
            let error = super::problem::Severity::Error;
            self.checker.note_at(error, place.clone(), &written, message, help);
        };
        let Some(path) = Path::parse(entry.name()) else {
            let help = "write `policy.layout` or `world.groups[0].count`".to_owned();
            refuse(format!("\"{key}\" is not a path"), help);
            return None;
        };
        let (section, node) = match path.0.first() {
            Some(Step::Field(name)) if name == "policy" => (Section::Policy, &mut parts.policy),
            Some(Step::Field(name)) if name == "world" => (Section::World, &mut parts.world),
            _ => {
                refuse(format!("\"{key}\" leads nowhere"), "a path starts with `policy.` or `world.`".to_owned());
                return None;
            }
        };
        match change(node, section, &path.0[1..], &entry.value, arithmetic(&entry.value)) {
            Ok(done) if done.lost.is_empty() => Some(()),
            Ok(done) => {
                let message =
                    format!("this replaces a whole section and loses what was written there: {}", one_of(&done.lost));
                let help = "set single fields instead, or state these in the value as well";
                self.checker.warn(&at, message, help);
                Some(())
            }
            Err(missing) => {
                let (message, help) = nowhere(&key, &path, &missing);
                refuse(message, help);
                None
            }
        }
    }
}

/// What `Times(0.5)` and `Plus(3)` in place of a value calculate.
fn arithmetic(value: &Node) -> Option<Arithmetic> {
    let Kind::Tuple(Some(name), items) = &value.kind else { return None };
    let number = match items.as_slice() {
        [Node { kind: Kind::Whole(whole), .. }] => *whole as f64,
        [Node { kind: Kind::Decimal(number), .. }] => *number,
        _ => return None,
    };
    match name.as_ref() {
        "Times" => Some(Arithmetic::Times(number)),
        "Plus" => Some(Arithmetic::Plus(number)),
        _ => None,
    }
}

/// Entries of `set` that lead into a section.
fn entries_of<'a>(entries: &'a [Field], section: &str) -> Vec<&'a Field> {
    let leads = |entry: &&Field| entry.name().trim_start().starts_with(section);
    entries.iter().filter(leads).collect()
}

/// Words for a path that leads nowhere.
pub(crate) fn nowhere(key: &str, path: &Path, missing: &NotFound) -> (String, String) {
    let Some(step) = path.0.get(missing.depth + 1) else {
        return (format!("\"{key}\" leads nowhere"), "nothing that is written matches it".to_owned());
    };
    let step = step.to_string();
    let wanted = step.trim_matches(['[', ']', '"']);
    let near = nearest(wanted, &missing.names);
    let help = match (near.is_empty(), missing.names.is_empty()) {
        (false, _) => near,
        (true, true) => String::new(),
        (true, false) => format!("there is {}", one_of(&missing.names)),
    };
    (format!("\"{key}\" leads nowhere: there is no {}", shortened(wanted, 60)), help)
}
