//! A study with the numbers that its levers move, found once.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::differ::{Leaf, leaves};
use super::policy::{Draft, PolicySlot};
use super::value::{Input, Made};
use super::world::{WorldSlot, slots};
use super::{Lever, Levers};
use crate::compose::{Composed, Parts, compose_parts};
use crate::tree::{Node, NodeKind};
use brownout_experiment::footprint;
use brownout_experiment::study::Study;
use brownout_kernel::policy::Policy;
use brownout_kernel::world::World;

/// A number that a lever moves.
#[derive(Clone, Debug)]
struct Write<S> {
    lever: usize,
    slot: S,
    /// What a lever calculates with.
    standing: NodeKind,
}

/// A study, and where its levers write.
#[derive(Debug)]
pub(super) struct Form {
    study: Study,
    worlds: Vec<WorldForm>,
    policies: Vec<PolicyForm>,
    /// Whether a date moves, and with it the memory that the study takes.
    moves_dates: bool,
}

#[derive(Debug)]
struct WorldForm {
    /// The scenarios in it.
    scenarios: Vec<usize>,
    writes: Vec<Write<WorldSlot>>,
}

#[derive(Debug)]
struct PolicyForm {
    scenario: usize,
    draft: Draft,
    writes: Vec<Write<PolicySlot>>,
}

impl Form {
    /// The form of a study that was composed at some values; `None` if not all its levers are numbers that stand alone.
    pub(super) fn of(levers: &Levers, inputs: &[Input], composed: &Composed, study: &Study) -> Option<Self> {
        let pairs = || levers.levers.iter().zip(inputs);
        let neutral: Vec<Input> = pairs().map(|(lever, &input)| lever.neutral(input)).collect();
        let altered: Vec<Input> = neutral.iter().map(|input| input.altered()).collect();
        let parts = |inputs: &[Input]| Some(compose_parts(&levers.name, &levers.written(inputs).ok()?).parts);
        let (before, after) = (parts(&neutral)?, parts(&altered)?);
        let count = study.scenarios().len();
        if [&before, &after, &composed.parts].iter().any(|parts| parts.len() != count) {
            return None;
        }
        let finder = Finder::of(&levers.levers);
        let mut form = Form { study: study.clone(), worlds: Vec::new(), policies: Vec::new(), moves_dates: false };
        for (at, (before, after)) in before.iter().zip(&after).enumerate() {
            form.add_policy(&finder, at, (before, after), &composed.parts[at])?;
            form.add_world(&finder, at, (before, after))?;
        }
        Some(form)
    }

    fn add_policy(&mut self, finder: &Finder, at: usize, pair: (&Parts, &Parts), written: &Parts) -> Option<()> {
        let mut writes = Vec::new();
        for (lever, leaf) in finder.leaves(&pair.0.policy, &pair.1.policy)? {
            writes.push(Write { lever, slot: PolicySlot::of(&leaf.path)?, standing: leaf.standing });
        }
        let slots: Vec<PolicySlot> = writes.iter().map(|write| write.slot).collect();
        self.moves_dates |= slots.iter().any(|slot| matches!(slot, PolicySlot::Effective(_)));
        if !writes.is_empty() {
            let draft = Draft::of(&self.study.scenarios()[at].policy, &written.policy, &slots)?;
            self.policies.push(PolicyForm { scenario: at, draft, writes });
        }
        Some(())
    }

    fn add_world(&mut self, finder: &Finder, at: usize, pair: (&Parts, &Parts)) -> Option<()> {
        let scenarios = self.study.scenarios();
        let shared = |form: &&mut WorldForm| Arc::ptr_eq(&scenarios[form.scenarios[0]].world, &scenarios[at].world);
        if let Some(known) = self.worlds.iter_mut().find(shared) {
            known.scenarios.push(at);
            return Some(());
        }
        let mut writes = Vec::new();
        for (lever, leaf) in finder.leaves(&pair.0.world, &pair.1.world)? {
            for slot in slots(&leaf.path, &pair.0.world)? {
                writes.push(Write { lever, slot, standing: leaf.standing.clone() });
            }
        }
        self.worlds.push(WorldForm { scenarios: vec![at], writes });
        Some(())
    }

    /// The study at other values; `None` if one is refused, which the slow way puts into words.
    pub(super) fn study(&self, levers: &[Lever], inputs: &[Input]) -> Option<Study> {
        let made = |lever: usize, standing: &NodeKind| levers[lever].made(*inputs.get(lever)?, standing);
        let mut study = self.study.clone();
        for form in self.worlds.iter().filter(|form| !form.writes.is_empty()) {
            let world = Arc::new(form.world(&study.scenarios()[form.scenarios[0]].world, &made)?);
            form.scenarios.iter().for_each(|&scenario| study.scenarios_mut().set_world(scenario, Arc::clone(&world)));
        }
        for form in &self.policies {
            study.scenarios_mut().set_policy(form.scenario, Arc::new(form.policy(&made)?));
        }
        (!self.moves_dates || footprint::check(&study, footprint::replications(&study)).is_ok()).then_some(study)
    }
}

/// Writes values. One that is refused beside what another is about to replace is tried again after that one; `None` if a value
/// is refused for good.
fn write_all<S>(
    writes: &[Write<S>],
    made: &dyn Fn(usize, &NodeKind) -> Option<Made>,
    mut put: impl FnMut(&S, Made) -> Option<()>,
) -> Option<()> {
    let mut refused = Vec::new();
    for write in writes {
        let value = made(write.lever, &write.standing)?;
        if put(&write.slot, value).is_none() {
            refused.push((&write.slot, value));
        }
    }
    while !refused.is_empty() {
        let before = refused.len();
        refused.retain(|&(slot, value)| put(slot, value).is_none());
        if refused.len() == before {
            return None;
        }
    }
    Some(())
}

impl WorldForm {
    fn world(&self, usual: &World, made: &dyn Fn(usize, &NodeKind) -> Option<Made>) -> Option<World> {
        let mut world = usual.clone();
        write_all(&self.writes, made, |slot, value| slot.write(&mut world, value))?;
        Some(world)
    }
}

impl PolicyForm {
    fn policy(&self, made: &dyn Fn(usize, &NodeKind) -> Option<Made>) -> Option<Policy> {
        let mut draft = self.draft.clone();
        write_all(&self.writes, made, |&slot, value| draft.write(slot, value))?;
        draft.policy()
    }
}

/// Levers by the places of their values.
struct Finder(BTreeMap<(usize, u32, u32), usize>);

impl Finder {
    fn of(levers: &[Lever]) -> Self {
        Finder(levers.iter().enumerate().map(|(at, lever)| (lever.node.identity(), at)).collect())
    }

    /// The values that levers move between two trees, each with its lever; `None` if something else moves.
    fn leaves(&self, before: &Node, after: &Node) -> Option<Vec<(usize, Leaf)>> {
        let with_lever = |leaf: Leaf| Some((*self.0.get(&leaf.identity)?, leaf));
        leaves(before, after)?.into_iter().map(with_lever).collect()
    }
}
