//! The numbers of a policy that levers write into.

use std::sync::Arc;

use super::value::Made;
use crate::compose::compose_policy_tree;
use crate::tree::{Node, NodeKind, Step};
use brownout_kernel::policy::{Baseline, Baselines, Ladder, Policy, Stage};

/// A number of a policy.
#[derive(Clone, Copy, Debug)]
pub(super) enum PolicySlot {
    BudgetDays,
    Slower,
    StageDays(usize),
    StageThrottle(usize),
    StageBlock(usize),
    Effective(usize),
    SpreadDays(usize),
}

impl PolicySlot {
    /// The number that a value of a policy's tree becomes; `None` if it is not of the kinds that stand alone.
    pub(super) fn of(path: &[Step]) -> Option<Self> {
        let [Step::Field(section), rest @ ..] = path else { return None };
        Some(match (section.as_str(), rest) {
            ("pauses", [Step::Field(name)]) if name == "budget_days" => PolicySlot::BudgetDays,
            ("ladder", [Step::Field(name)]) if name == "slower" => PolicySlot::Slower,
            ("ladder", [Step::Field(list), Step::Index(stage), Step::Field(name)]) if list == "stages" => {
                match name.as_str() {
                    "days" => PolicySlot::StageDays(*stage),
                    "throttle" => PolicySlot::StageThrottle(*stage),
                    "block" => PolicySlot::StageBlock(*stage),
                    _ => return None,
                }
            }
            ("baselines", [Step::Index(entry), Step::Field(name)]) => match name.as_str() {
                "effective" => PolicySlot::Effective(*entry),
                "spread_days" => PolicySlot::SpreadDays(*entry),
                _ => return None,
            },
            _ => return None,
        })
    }

    fn is_of_ladder(self) -> bool {
        use PolicySlot::{Slower, StageBlock, StageDays, StageThrottle};
        matches!(self, Slower | StageDays(_) | StageThrottle(_) | StageBlock(_))
    }

    fn is_of_baselines(self) -> bool {
        matches!(self, PolicySlot::Effective(_) | PolicySlot::SpreadDays(_))
    }
}

/// The parts of a policy from which it is made again.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    policy: Policy,
    /// The stages as they are written, and how much slower they are.
    ladder: Option<(Vec<Stage>, Option<f64>)>,
    /// The baselines in the order in which they are written.
    entries: Option<Vec<Baseline>>,
}

impl Draft {
    /// The parts that these numbers need; `None` if the tree does not say them.
    pub(super) fn of(policy: &Policy, tree: &Node, slots: &[PolicySlot]) -> Option<Self> {
        let ladder = match slots.iter().any(|slot| slot.is_of_ladder()) {
            true => Some(ladder(tree)?),
            false => None,
        };
        let entries = match slots.iter().any(|slot| slot.is_of_baselines()) {
            true => Some(entries(policy, tree.field("baselines")?)?),
            false => None,
        };
        Some(Draft { policy: policy.clone(), ladder, entries })
    }

    /// Writes a value; `None` if it is refused beside the others, or not of the kind of the number.
    pub(super) fn write(&mut self, slot: PolicySlot, made: Made) -> Option<()> {
        match slot {
            PolicySlot::BudgetDays => {
                let pauses = self.policy.pauses().with_budget_days(made.whole()?).ok()?;
                self.policy.set_pauses(pauses);
            }
            PolicySlot::Slower => {
                self.ladder.as_mut()?.1 = Some(Ladder::SLOWER.check(made.number()?).ok()?);
            }
            PolicySlot::StageDays(stage) => {
                self.stage(stage)?.set_days(made.whole()?).ok()?;
            }
            PolicySlot::StageThrottle(stage) => self.stage(stage)?.set_throttle(made.whole()?).ok()?,
            PolicySlot::StageBlock(stage) => self.stage(stage)?.set_block(made.whole()?).ok()?,
            PolicySlot::Effective(entry) => self.entry(entry)?.set_effective(made.instant()?),
            PolicySlot::SpreadDays(entry) => {
                self.entry(entry)?.set_spread_days(made.number()?).ok()?;
            }
        }
        Some(())
    }

    fn stage(&mut self, stage: usize) -> Option<&mut Stage> {
        self.ladder.as_mut()?.0.get_mut(stage)
    }

    fn entry(&mut self, entry: usize) -> Option<&mut Baseline> {
        self.entries.as_mut()?.get_mut(entry)
    }

    /// The policy of these parts; `None` if the stages make no ladder.
    pub(super) fn policy(self) -> Option<Policy> {
        let mut policy = self.policy;
        if let Some((stages, slower)) = self.ladder {
            let ladder = Ladder::new(policy.ladder().name(), stages).ok()?;
            policy.set_ladder(slower.map_or(ladder.clone(), |factor| ladder.slower(factor))).ok()?;
        }
        if let Some(entries) = self.entries {
            policy.set_baselines(Baselines::new(entries));
        }
        Some(policy)
    }
}

/// The stages before they are made slower, and by how much they are.
fn ladder(tree: &Node) -> Option<(Vec<Stage>, Option<f64>)> {
    let slower = tree.field("ladder")?.field("slower").and_then(|node| match node.kind {
        NodeKind::Whole(whole) => Some(whole as f64),
        NodeKind::Decimal(decimal) => Some(decimal),
        _ => None,
    });
    let mut usual = tree.clone();
    let NodeKind::Fields(_, sections) = &mut usual.kind else { return None };
    let ladder = Arc::make_mut(sections).iter_mut().find(|field| field.name() == "ladder")?;
    let NodeKind::Fields(_, fields) = &mut ladder.value.kind else { return None };
    Arc::make_mut(fields).retain(|field| field.name() != "slower");
    let policy = compose_policy_tree(&usual).0?;
    Some((policy.ladder().stages().to_vec(), slower))
}

/// The baselines in the order of the tree.
fn entries(policy: &Policy, tree: &Node) -> Option<Vec<Baseline>> {
    let NodeKind::List(items) = &tree.kind else { return None };
    let entry = |item: &Node| {
        let name = item.field("name").and_then(Node::text)?;
        policy.baselines().entries().iter().find(|entry| entry.name() == name).cloned()
    };
    items.iter().map(entry).collect()
}
