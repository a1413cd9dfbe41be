//! Puts a study together: sections inline or from files, scenarios as changes of single fields.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::check::{self, Checker};
use super::locate::{NotFound, Path, Step, locate};
use super::named;
use super::parse::parse;
use super::problem::{Problem, nearest, one_of};
use super::text::{Patchwork, SourceFile, one_line};
use super::wire::{PolicyWire, ScenarioWire, StudyWire, WorldWire};
use super::{Scenario, Study};
use crate::experiment::Precision;
use crate::experiment::footprint::{self, Excess};
use crate::policy::Policy;
use crate::time::SimTime;
use crate::world::World;

/// Reads a file named by a study, relative to it; the error is for people.
pub type Reader<'a> = &'a mut dyn FnMut(&str) -> Result<Arc<SourceFile>, String>;

/// Last day a study may reach: yearly freezes are written out up to there.
const LAST_YEAR: i16 = 2100;
/// Longest study: every day has its own cells.
const DAYS_MAX: f64 = 20.0 * 365.25;

/// The study in a file, and everything found on the way. There is a study unless a problem is an error.
pub fn compose(name: &str, file: &Arc<SourceFile>, reader: Reader<'_>) -> (Option<Study>, Vec<Problem>) {
    let text = Patchwork::whole(file);
    let parsed = parse::<StudyWire>(&text, "");
    let mut composer = Composer {
        checker: Checker::new(&text, ""),
        reader,
        text: &text,
        policies: Cache::new(),
        worlds: Cache::new(),
    };
    let study = match &parsed.value {
        Some(wire) => composer.study(name, wire),
        None => {
            composer.sections_alone();
            None
        }
    };
    let mut problems = composer.checker.problems;
    problems.retain(|problem| !parsed.explains(&problem.field));
    problems.extend(parsed.problems);
    for (_, found) in composer.policies.problems.into_iter().chain(composer.worlds.problems) {
        for problem in found {
            if !problems.iter().any(|known| known.place == problem.place && known.message == problem.message) {
                problems.push(problem);
            }
        }
    }
    (study, problems)
}

/// The policy in a file of its own, and everything found on the way.
pub fn compose_policy(file: &Arc<SourceFile>) -> (Option<Policy>, Vec<Problem>) {
    compose_policy_text(&Patchwork::whole(file))
}

/// The policy in a text, and everything found on the way.
pub fn compose_policy_text(text: &Patchwork) -> (Option<Policy>, Vec<Problem>) {
    let mut cache = Cache::new();
    let policy = cache.get::<PolicyWire>(text, "policy", check::policy);
    (policy.map(|policy| policy.as_ref().clone()), cache.problems.into_values().flatten().collect())
}

/// Sections that were read already, by their text.
struct Cache<T> {
    values: BTreeMap<String, Option<Arc<T>>>,
    problems: BTreeMap<String, Vec<Problem>>,
}

impl<T> Cache<T> {
    fn new() -> Self {
        Cache { values: BTreeMap::new(), problems: BTreeMap::new() }
    }

    fn get<W: DeserializeOwned>(
        &mut self,
        text: &Patchwork,
        root: &str,
        check: fn(&mut Checker<'_>, &W) -> Option<T>,
    ) -> Option<Arc<T>> {
        if let Some(known) = self.values.get(text.text()) {
            return known.clone();
        }
        let mut parsed = parse::<W>(text, root);
        let mut value = None;
        if let Some(wire) = &parsed.value {
            let mut checker = Checker::new(text, root);
            value = check(&mut checker, wire).map(Arc::new);
            let further: Vec<_> = checker.problems.into_iter().filter(|p| !parsed.explains(&p.field)).collect();
            parsed.problems.extend(further);
        }
        let problems = parsed.problems;
        self.values.insert(text.text().to_owned(), value.clone());
        self.problems.insert(text.text().to_owned(), problems);
        value
    }
}

struct Composer<'a, 'r> {
    checker: Checker<'a>,
    reader: Reader<'r>,
    text: &'a Patchwork,
    policies: Cache<Policy>,
    worlds: Cache<World>,
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
        let policy = self.section(&root.field("policy"));
        let world = self.section(&root.field("world"));
        if wire.scenarios.is_empty() {
            self.checker.error(
                &root.field("scenarios"),
                "a study needs at least one scenario",
                "add `(name: \"...\")`",
            );
        }
        let mut scenarios = Vec::new();
        for (i, scenario) in wire.scenarios.iter().enumerate() {
            let at = root.field("scenarios").index(i);
            self.check_name(&at, scenario, &wire.scenarios[..i]);
            scenarios.push(self.scenario(&at, scenario, policy.as_ref(), world.as_ref()));
        }
        let (start, horizon) = times?;
        let scenarios = scenarios.into_iter().collect::<Option<Vec<_>>>()?;
        for (i, scenario) in scenarios.iter().enumerate() {
            self.cross_check(&root.field("scenarios").index(i), scenario, start, horizon);
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
        let most = most.filter(|_| precision.is_some()).unwrap_or(study.replications).max(study.replications);
        if let Err(excess) = footprint::check(&study, most) {
            self.checker.error(&root.field("horizon"), excess.to_string(), Excess::HELP);
        }
        Some(study)
    }

    /// Reads policy and world of a study that cannot be read as a whole, so that their problems are told as well.
    fn sections_alone(&mut self) {
        let root = Path::default();
        if let Some(policy) = self.section(&root.field("policy")) {
            self.policies.get::<PolicyWire>(&policy, "policy", check::policy);
        }
        if let Some(world) = self.section(&root.field("world")) {
            self.worlds.get::<WorldWire>(&world, "world", check::world);
        }
    }

    fn check_name(&mut self, at: &Path, scenario: &ScenarioWire, before: &[ScenarioWire]) {
        if scenario.name.trim().is_empty() {
            self.checker.error(&at.field("name"), "a scenario needs a name", "");
        }
        if scenario.name.chars().any(char::is_control) {
            self.checker.error(&at.field("name"), "a name cannot have control characters", "");
        }
        if before.iter().any(|earlier| earlier.name == scenario.name) {
            self.checker.error(
                &at.field("name"),
                format!("scenario \"{}\" is given twice", scenario.name),
                "rename one",
            );
        }
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

    /// The text of a section: written out, or of the file it names.
    fn section(&mut self, path: &Path) -> Option<Patchwork> {
        let range = locate(self.text.text(), path).ok()?.into_iter().next()?;
        let part = &self.text.text()[range.clone()];
        if !part.starts_with('"') {
            let place = self.text.place(range)?;
            return Some(Patchwork::part(&place.file, place.range));
        }
        let relative: String = super::locate::ron_options().from_str(part).ok()?;
        let is_policy = matches!(path.0.last(), Some(Step::Field(name)) if name == "policy");
        if let Some(file) = named::source(&relative).filter(|_| is_policy) {
            return Some(Patchwork::whole(&file));
        }
        match (self.reader)(&relative) {
            Ok(file) => Some(Patchwork::whole(&file)),
            Err(message) => {
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
        policy: Option<&Patchwork>,
        world: Option<&Patchwork>,
    ) -> Option<Scenario> {
        let own = |composer: &mut Self, name: &str, given: bool, usual: Option<&Patchwork>| {
            if given { composer.section(&at.field(name)) } else { usual.cloned() }
        };
        let mut policy = own(self, "policy", wire.policy.is_some(), policy)?;
        let mut world = own(self, "world", wire.world.is_some(), world)?;
        let mut good = true;
        let mut changes = Vec::new();
        for (name, _) in [("policy", wire.policy), ("world", wire.world)].iter().filter(|section| section.1.is_some()) {
            changes.extend(self.written(&at.field(name)).map(|text| ((*name).to_owned(), text)));
        }
        for key in wire.set.keys() {
            let key_path = at.field("set").field(key);
            changes.extend(self.written(&key_path).map(|text| (key.clone(), text)));
            good &= self.apply(&key_path, key, &mut policy, &mut world).is_some();
        }
        if !good {
            return None;
        }
        let policy = self.policies.get::<PolicyWire>(&policy, "policy", check::policy);
        let world = self.worlds.get::<WorldWire>(&world, "world", check::world);
        let policy = policy?.as_ref().clone();
        Some(Scenario { name: wire.name.clone(), about: wire.about.clone(), policy, world: world?, changes })
    }

    /// The value at a path as the study writes it, on one line.
    fn written(&self, path: &Path) -> Option<String> {
        let range = locate(self.text.text(), path).ok()?.into_iter().next()?;
        Some(one_line(&self.text.text()[range]))
    }

    /// Applies one entry of `set`.
    fn apply(&mut self, key_path: &Path, key: &str, policy: &mut Patchwork, world: &mut Patchwork) -> Option<()> {
        let range = locate(self.text.text(), key_path).ok()?.into_iter().next()?;
        let place = self.text.place(range)?;
        let value = Patchwork::part(&place.file, place.range);
        let Some(path) = Path::parse(key) else {
            self.checker.error(
                key_path,
                format!("\"{key}\" is not a path"),
                "write `policy.layout` or `world.groups[0].count`",
            );
            return None;
        };
        let section = match path.0.first() {
            Some(Step::Field(name)) if name == "policy" => policy,
            Some(Step::Field(name)) if name == "world" => world,
            _ => {
                self.checker.error(
                    key_path,
                    format!("\"{key}\" leads nowhere"),
                    "a path starts with `policy.` or `world.`",
                );
                return None;
            }
        };
        let inner = Path(path.0[1..].to_vec());
        match change(section, &inner, &value) {
            Ok(changed) => *section = changed,
            Err(missing) => {
                let step = Path(vec![inner.0[missing.depth].clone()]).to_string();
                let wanted = step.trim_matches(['[', ']', '"']);
                let near = nearest(wanted, &missing.names);
                let help = match (near.is_empty(), missing.names.is_empty()) {
                    (false, _) => near,
                    (true, true) => String::new(),
                    (true, false) => format!("there is {}", one_of(&missing.names)),
                };
                self.checker.error(key_path, format!("\"{key}\" leads nowhere: there is no {wanted}"), help);
                return None;
            }
        }
        Some(())
    }

    /// What a policy and a world, each valid, must keep together; and what is doubtful about them.
    fn cross_check(&mut self, at: &Path, scenario: &Scenario, start: SimTime, horizon: SimTime) {
        let name = &scenario.name;
        for (table, stage) in unnamed_stages(scenario) {
            let message = format!("in scenario \"{name}\" the {table} table has no value for stage \"{stage}\"");
            self.checker.error(at, message, "add it, or state the table by minutes");
        }
        let baselines = scenario.policy.baselines.entries();
        let first = baselines.iter().map(|entry| entry.effective.max(start)).min();
        let ladder = &scenario.policy.ladder;
        for (k, stage) in ladder.stages().iter().enumerate() {
            if first.is_some_and(|first| first + ladder.start_of(k) >= horizon) {
                let message =
                    format!("in scenario \"{name}\" stage \"{}\" is never reached before the horizon", stage.name);
                self.checker.warn(at, message, "lengthen the horizon or shorten the ladder");
            }
        }
        let catalog = crate::catalog::Catalog::embedded();
        let products = products(&scenario.world);
        for entry in baselines {
            if !products.contains(&entry.product) {
                let product = catalog.product_name(entry.product);
                let message =
                    format!("in scenario \"{name}\" baseline \"{}\" concerns {product}, which nobody has", entry.name);
                self.checker.warn(at, message, "is a group missing?");
            }
            if entry.effective >= horizon {
                let message =
                    format!("in scenario \"{name}\" baseline \"{}\" comes into force after the horizon", entry.name);
                self.checker.warn(at, message, "lengthen the horizon or drop the baseline");
            }
        }
        if baselines.is_empty() {
            self.checker.warn(
                at,
                format!("scenario \"{name}\" has no baseline, so nothing happens in it"),
                "add `baselines`",
            );
        }
    }
}

/// Products that a world has, or can come to have by upgrading.
fn products(world: &World) -> Vec<crate::catalog::ProductId> {
    use crate::world::ServerMix;
    let mut products = Vec::new();
    for group in &world.groups {
        match &group.servers {
            ServerMix::Drawn { builds, .. } => products.extend(builds.iter().map(|build| build.product)),
            ServerMix::Listed(servers) => products.extend(servers.iter().map(|server| server.product)),
        }
        products.extend(group.routes.iter().flatten().filter_map(|route| route.target));
    }
    products
}

/// Stages that a table by stage does not name, with what the table is for.
fn unnamed_stages(scenario: &Scenario) -> Vec<(&'static str, String)> {
    use crate::world::Table;
    let response = &scenario.world.response;
    let names = ["added patch", "added upgrade", "added leave"];
    let tables = std::iter::once(("multiplier", &response.multiplier)).chain(names.into_iter().zip(&response.added));
    let mut missing = Vec::new();
    for (what, table) in tables {
        let Table::ByStage { stages, .. } = table else { continue };
        for stage in scenario.policy.ladder.stages().iter().filter(|stage| !stage.silent) {
            if !stages.contains_key(&stage.name) {
                missing.push((what, stage.name.clone()));
            }
        }
    }
    missing
}

/// A section with the values at `path` replaced; fields that are left out are added.
fn change(section: &Patchwork, path: &Path, value: &Patchwork) -> Result<Patchwork, NotFound> {
    match locate(section.text(), path) {
        Ok(mut ranges) => {
            // From the end on, so that earlier places stay where they are.
            ranges.sort_by_key(|range| range.start);
            Ok(ranges.into_iter().rev().fold(section.clone(), |text, range| text.splice(range, "", value, "")))
        }
        Err(missing) => insert(section, path, value, missing),
    }
}

/// Adds `a: (b: value)` to every struct that the path reached before its fields ran out.
fn insert(section: &Patchwork, path: &Path, value: &Patchwork, missing: NotFound) -> Result<Patchwork, NotFound> {
    let rest = &path.0[missing.depth..];
    let fields: Option<Vec<&str>> =
        rest.iter().map(|step| if let Step::Field(name) = step { Some(name.as_str()) } else { None }).collect();
    let Some(fields) = fields.filter(|fields| !fields.is_empty()) else { return Err(missing) };
    let before = fields.iter().map(|name| format!("{name}: ")).collect::<Vec<_>>().join("(");
    let after = format!("{}, ", ")".repeat(fields.len() - 1));
    let mut changed = section.clone();
    let mut ranges = missing.within.clone();
    ranges.sort_by_key(|range| range.start);
    for range in ranges.into_iter().rev() {
        let Some(open) = section.text()[range.clone()].find('(') else { return Err(missing) };
        let at = range.start + open + 1;
        changed = changed.splice(at..at, &before, value, &after);
    }
    Ok(changed)
}
