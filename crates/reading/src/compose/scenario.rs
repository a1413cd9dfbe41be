//! One scenario: what it starts from, and the entries of its `set`.

use std::sync::Arc;

use super::{Composer, Parts};
use crate::problem::{Problem, Severity};
use crate::set::{Arithmetic, NotFound, Section, change};
use crate::text::one_line;
use crate::tree::{Field, Node, NodeKind, Path, Step};
use crate::wire::ScenarioWire;
use brownout_experiment::study::Scenario;
use brownout_kernel::policy::Policy;
use brownout_kernel::world::World;
use brownout_text::names::{nearest, one_of};
use brownout_text::outside::shortened;

impl Composer<'_, '_> {
    pub(super) fn scenario(
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
            let error = Severity::Error;
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
    let NodeKind::Tuple(Some(name), items) = &value.kind else { return None };
    let number = match items.as_slice() {
        [Node { kind: NodeKind::Whole(whole), .. }] => *whole as f64,
        [Node { kind: NodeKind::Decimal(number), .. }] => *number,
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
pub fn nowhere(key: &str, path: &Path, missing: &NotFound) -> (String, String) {
    let Some(step) = path.0.get(missing.depth + 1) else {
        return (format!("\"{key}\" leads nowhere"), "nothing that is written matches it".to_owned());
    };
    let step = step.to_string();
    if let Some((before, rest)) = key.split_once("**.").filter(|_| step == "**") {
        let words = format!("\"{key}\" leads nowhere: nothing below {} matches it", before.trim_end_matches('.'));
        return (words, format!("no place there has {}", shortened(rest, 60)));
    }
    let wanted = step.trim_matches(['[', ']', '"']);
    let near = nearest(wanted, &missing.names);
    let help = match (near.is_empty(), missing.names.is_empty()) {
        (false, _) => near,
        (true, true) => String::new(),
        (true, false) => format!("there is {}", one_of(&missing.names)),
    };
    (format!("\"{key}\" leads nowhere: there is no {}", shortened(wanted, 60)), help)
}
