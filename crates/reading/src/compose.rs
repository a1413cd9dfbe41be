//! Puts a study together: sections inline or from files, scenarios as changes of single fields.

mod cross;
mod inline;
mod scenario;
mod section;

use std::collections::BTreeSet;
use std::sync::Arc;

use super::check::{self, Checker};
use super::named;
use super::problem::{Problem, Problems};
use super::set::Section;
use super::text::SourceFile;
use super::tree::{Node, Path, Read, parse, read, read_file};
use super::wire::{PolicyWire, StudyWire, WorldWire};
use crate::what_if;
use brownout_experiment::Precision;
use brownout_experiment::footprint::{self, Excess};
use brownout_experiment::study::{LAST_YEAR, Scenario, Scenarios, Study, TimesError};
use brownout_kernel::policy::Policy;
use brownout_kernel::time::SimTime;
use brownout_kernel::world::World;
use brownout_text::outside::shortened;
pub use inline::inlined;
pub use scenario::nowhere;
use section::{Cache, Opened, Sections};

/// Reads a file named by a study, relative to it; the error is for people.
pub type Reader<'a> = &'a mut dyn FnMut(&str) -> Result<Arc<SourceFile>, String>;

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
pub struct Composed {
    /// The study, unless a problem is an error.
    pub study: Option<Study>,
    /// Everything found on the way.
    pub problems: Vec<Problem>,
    /// Policy and world of each scenario with its changes; of scenarios whose changes lead nowhere there are none.
    pub parts: Vec<Parts>,
}

/// What comes of a tree whose sections are written out ([`inlined`]).
pub fn compose_parts(name: &str, tree: &Node) -> Composed {
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
pub struct Parts {
    /// Its policy, whole.
    pub policy: Node,
    /// Its world, whole.
    pub world: Node,
}

impl Composer<'_, '_> {
    fn study(&mut self, name: &str, wire: &StudyWire) -> Option<Study> {
        let root = Path::default();
        if wire.version != 1 {
            let message = format!("version {} is not known", wire.version);
            self.checker.error(&root.field("version"), message, "this program reads version 1");
        }
        let replications = self.checker.allowed(&root.field("replications"), wire.replications, Study::REPLICATIONS);
        let precision = self.precision(wire);
        let limits = Study::replications_max_limits(replications);
        let at = root.field("replications_max");
        let most = wire.replications_max.map(|most| self.checker.allowed(&at, most, limits));
        let times = self.times(wire);
        let policy = self.section(&root.field("policy"), Section::Policy);
        let world = self.section(&root.field("world"), Section::World);
        let scenarios = self.scenarios(wire, policy.as_ref(), world.as_ref());
        let ((start, horizon), scenarios) = (times?, scenarios?);
        for (i, scenario) in scenarios.iter().enumerate() {
            cross::check(&mut self.checker, &root.field("scenarios").index(i), scenario, start, horizon);
        }
        // Names that stand twice are told where they stand.
        let mut study = Study::new(name, &wire.question, (start, horizon), Scenarios::of(scenarios).ok()?).ok()?;
        study.set_seed(wire.seed);
        study.set_precision(precision);
        self.checker.made(&root.field("replications"), study.set_replications(replications));
        self.checker.made(&at, study.set_replications_max(most));
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
        let (message, help) = match Study::check_times(start, horizon) {
            Ok(()) => return Some((start, horizon)),
            Err(TimesError::NotAfter { .. }) => {
                let message = format!("the horizon {} does not lie after the start {}", wire.horizon, wire.start);
                (message, "move one of them".to_owned())
            }
            Err(TimesError::TooLong { days, .. }) => {
                let message = format!("the study covers {days:.0} days up to {}", wire.horizon);
                (message, format!("at most 20 years, ending by {LAST_YEAR}"))
            }
        };
        self.checker.error(&at, message, help);
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
}
