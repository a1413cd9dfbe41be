//! Policies.

use brownout_exchange::builds::Naming;
use std::collections::BTreeSet;

use super::Checker;
use crate::tree::Path;
use crate::wire::{
    BaselineWire, ChargeWire, ComparisonWire, LadderWire, LayoutWire, PausesWire, PolicyWire, RelapseWire, StageWire,
};
use brownout_exchange::ladders::{self, PRESETS};
use brownout_kernel::catalog::Comparison;
use brownout_kernel::policy::ladder::{STAGES_MAX, problems};
use brownout_kernel::policy::{
    Baseline, Baselines, Charge, Ladder, LadderError, Minutes, PauseRules, Policy, Relapse, Stage, WindowLayout,
};
use brownout_text::names::{nearest, one_of};
use brownout_text::outside::shortened;

/// Most baselines of a policy: each has a curve of its own in every tally.
const BASELINES_MAX: usize = 200;

/// A policy, if nothing is wrong with it.
pub fn policy(checker: &mut Checker<'_>, wire: &PolicyWire) -> Option<Policy> {
    let root = Path::default();
    let ladder = ladder(checker, &root.field("ladder"), &wire.ladder);
    let baselines = baselines(checker, &root.field("baselines"), wire);
    let pauses = pauses(checker, &root.field("pauses"), &wire.pauses);
    let ladder = ladder?;
    let relapse = match &wire.relapse {
        RelapseWire::Restart => Relapse::Restart,
        RelapseWire::Resume => Relapse::Resume,
        RelapseWire::EnterAt(name) => match ladder.position(name) {
            Some(stage) => Relapse::EnterAt(stage),
            None => {
                let names: Vec<_> = ladder.stages().iter().map(|stage| stage.name()).collect();
                checker.error(&root.field("relapse"), format!("no stage is called \"{name}\""), nearest(name, &names));
                Relapse::Restart
            }
        },
    };
    let layout = match wire.layout {
        LayoutWire::Separate => WindowLayout::Separate,
        LayoutWire::Adjacent => WindowLayout::Adjacent,
        LayoutWire::Random => WindowLayout::Random,
    };
    let name = if wire.name.is_empty() { ladder.name().to_owned() } else { wire.name.clone() };
    let mut policy = Policy::with_defaults(ladder);
    policy.set_name(name);
    policy.set_baselines(baselines);
    policy.set_pauses(pauses);
    policy.set_relapse(relapse).ok()?;
    policy.set_layout(layout);
    policy.set_replies(brownout_exchange::timeline::reply::REPLIES);
    Some(policy)
}

fn ladder(checker: &mut Checker<'_>, path: &Path, wire: &LadderWire) -> Option<Ladder> {
    let ladder = match (&wire.preset, &wire.stages) {
        (Some(name), None) => preset(checker, &path.field("preset"), name),
        (None, Some(stages)) => own_stages(checker, &path.field("stages"), stages),
        _ => {
            checker.error(
                path,
                "a ladder is either a preset or a list of stages",
                "give `preset: \"...\"` or `stages: [...]`",
            );
            None
        }
    }?;
    warn_about_falling_blocks(checker, path, &ladder);
    match wire.slower {
        None => Some(ladder),
        Some(factor) => Some(ladder.slower(checker.allowed(&path.field("slower"), factor, Ladder::SLOWER))),
    }
}

fn preset(checker: &mut Checker<'_>, path: &Path, name: &str) -> Option<Ladder> {
    let ladder = ladders::preset(name);
    if ladder.is_none() {
        let near = nearest(name, &PRESETS);
        let help = if near.is_empty() { format!("expected {}", one_of(&PRESETS)) } else { near };
        checker.error(path, format!("there is no preset \"{name}\""), help);
    }
    ladder
}

fn own_stages(checker: &mut Checker<'_>, path: &Path, wires: &[StageWire]) -> Option<Ladder> {
    if wires.len() > STAGES_MAX {
        checker.error(path, format!("{} stages are given; expected at most {STAGES_MAX}", wires.len()), "");
        return None;
    }
    let mut good = true;
    let mut stages = Vec::new();
    for (i, wire) in wires.iter().enumerate() {
        let at = path.index(i);
        let before = checker.problems.count();
        checker.name(&at.field("name"), &wire.name, "a stage");
        stages.extend(own_stage(checker, &at, wire));
        good &= checker.problems.count() == before;
    }
    for error in problems(&stages) {
        good = false;
        let at = match (&error, error.stage()) {
            (_, None) => path.clone(),
            (LadderError::NameTwice { .. }, Some(stage)) => path.index(stage).field("name"),
            (_, Some(stage)) => path.index(stage).field("days"),
        };
        checker.error(&at, error.to_string(), "");
    }
    good.then(|| Ladder::new("own", stages).ok()).flatten()
}

/// A stage, whatever is wrong with it: what is refused is told, and stands for something that is allowed.
fn own_stage(checker: &mut Checker<'_>, at: &Path, wire: &StageWire) -> Option<Stage> {
    let days = wire.days.map(|days| checker.allowed(&at.field("days"), days, Stage::DAYS));
    let throttle = checker.allowed(&at.field("throttle"), wire.throttle, Minutes::THROTTLE);
    let block = checker.allowed(&at.field("block"), wire.block, Minutes::BLOCK);
    let minutes = checker.made(&at.field("block"), Minutes::new(throttle as u8, block as u8));
    let stage = checker.made(&at.field("days"), Stage::new(&wire.name, days, minutes.unwrap_or_default()))?;
    if !wire.silent {
        return Some(stage);
    }
    Some(checker.made(&at.field("days"), stage.clone().silent()).unwrap_or(stage))
}

fn warn_about_falling_blocks(checker: &mut Checker<'_>, path: &Path, ladder: &Ladder) {
    for (i, pair) in ladder.stages().windows(2).enumerate() {
        let (before, after) = (pair[0].minutes().block(), pair[1].minutes().block());
        if after < before {
            let message = format!("blocked minutes fall from {before} to {after} at stage \"{}\"", pair[1].name());
            checker.warn(&path.field("stages").index(i + 1), message, "is the order of the stages right?");
        }
    }
}

fn pauses(checker: &mut Checker<'_>, path: &Path, wire: &PausesWire) -> PauseRules {
    let charge = match wire.charge {
        ChargeWire::YearOfDay => Charge::YearOfDay,
        ChargeWire::YearOfGrant => Charge::YearOfGrant,
    };
    let rules = PauseRules::default().with_freezes(wire.freezes).with_freezes_report(wire.freezes_report);
    checker
        .made(&path.field("budget_days"), rules.with_charge(charge).with_budget_days(wire.budget_days))
        .unwrap_or(rules)
}

fn baselines(checker: &mut Checker<'_>, path: &Path, wire: &PolicyWire) -> Baselines {
    let comparison = match wire.comparison {
        ComparisonWire::Numeric => Comparison::Numeric,
        ComparisonWire::PerCu => Comparison::PerCu,
    };
    if wire.baselines.len() > BASELINES_MAX {
        let message = format!("{} baselines are given; expected at most {BASELINES_MAX}", wire.baselines.len());
        checker.error(path, message, "");
        return Baselines::default();
    }
    let mut entries: Vec<Baseline> = Vec::new();
    let mut names = BTreeSet::new();
    for (i, entry) in wire.baselines.iter().enumerate() {
        let at = path.index(i).field("name");
        checker.name(&at, &entry.name, "a baseline");
        if !names.insert(entry.name.as_str()) {
            let message = format!("baseline \"{}\" is given twice", shortened(&entry.name, 60));
            checker.error(&at, message, "rename one");
        }
        entries.extend(baseline(checker, &path.index(i), entry, comparison));
    }
    Baselines::new(entries)
}

fn baseline(checker: &mut Checker<'_>, path: &Path, wire: &BaselineWire, comparison: Comparison) -> Option<Baseline> {
    let catalog = brownout_exchange::builds::catalog();
    let product = checker.product(&path.field("product"), &wire.product);
    let effective = checker.time(&path.field("effective"), &wire.effective);
    let spread = checker.allowed(&path.field("spread_days"), wire.spread_days, Baseline::SPREAD_DAYS);
    let product = product?;
    let minimum = match (&wire.minimum, wire.whole_product) {
        (Some(text), false) => {
            let at = path.field("minimum");
            let found = match catalog.identify_of(text, Some(product)) {
                Ok(found) => found,
                Err(error) => {
                    checker.error(&at, error.to_string(), error.help());
                    return None;
                }
            };
            if let Some(message) = catalog.contradiction(&found) {
                checker.error(&at, message, format!("expected a build of {}", catalog.product_name(product)));
            }
            Some(catalog.requirement(found.build.lowest(), comparison))
        }
        (None, true) => None,
        _ => {
            let message = "a baseline needs either a minimum build or `whole_product: true`";
            checker.error(path, message, "give one of them");
            return None;
        }
    };
    let mut baseline = Baseline::new(&wire.name, effective?, product, minimum);
    checker.made(&path.field("spread_days"), baseline.set_spread_days(spread));
    Some(baseline)
}
