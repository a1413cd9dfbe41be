//! `--again DIR`: new questions to the points of an earlier exploration; nothing is lived again.

use std::path::Path;

use brownout::experiment::Measure;
use brownout::explore::file::{Explore, Step, read};
use brownout::explore::former::{Former, Wanted};
use brownout::explore::survey::{SurveyPart, measures};
use brownout::explore::template::factors;
use brownout::outside::shortened;
use brownout::reading::files;
use brownout::reading::problem::{Problem, Severity};
use brownout::store::manifest::{FileHash, MANIFEST_MAX, differing_input, hash};
use brownout::store::write::MANIFEST;
use brownout::telling::exploration::ExplorationManifest;
use brownout::text::names::one_of;
use brownout::words::counted;

use super::ask::PreparedExploration;

/// Largest table that is read: ten million rows of a few measures.
const TABLE_MAX: u64 = 1 << 30;

/// Gives all points the rows that they have in the results in `directory`.
///
/// # Errors
/// Every way in which these points are not those.
pub(super) fn take(
    asked: &PreparedExploration,
    parts: &mut [SurveyPart],
    directory: &Path,
) -> Result<(), Vec<Problem>> {
    let shown = shortened(&directory.display().to_string(), 200);
    let whole = |message: String, help: &str| vec![plain(message, help)];
    let recorded = recorded(directory).map_err(|why| whole(why, "name the folder of an exploration's results"))?;
    if !recorded.header.is_of_this_version() {
        let (made, own) = (&recorded.header.version, env!("CARGO_PKG_VERSION"));
        let message = format!("{shown} was made by brownout {made}, this is {own}");
        return Err(whole(message, "use the version that made it, or leave --again out"));
    }
    let old = recorded.header.inputs.first().and_then(|input| read(&input.source()).ok()).map(|(old, _)| old);
    let Some(old) = old else {
        return Err(whole(format!("{shown} records no exploration that can be read"), "leave --again out"));
    };
    let places = &asked.places;
    let found = differences(asked, &old, &recorded);
    if !found.is_empty() {
        return Err(found);
    }
    let table = |name: &str| table(directory, name, &recorded.outputs).map_err(|why| whole(why, "leave --again out"));
    let former = Former::read(&table("points.csv")?, &table("replications.csv")?, &recorded.header.body.schedules);
    let former = former.map_err(|why| whole(format!("{shown}: {why}"), "leave --again out"))?;
    let wanted = wanted(asked, &old, &recorded);
    let missing = parts.iter_mut().filter_map(|part| {
        let missing = former.fill(&asked.explore, part, &wanted);
        let (name, all) = (part.aim.name(&asked.explore), part.rows.len());
        let message = format!("{missing} of {} of {name} are not in {shown}", counted(all as u64, "point"));
        let help = "keep the step to as many points and replications as were lived before; or leave --again out";
        (missing > 0).then(|| places.problem(field(&asked.explore, &name), message, help))
    });
    let mut missing: Vec<Problem> = missing.collect();
    // Structures live the same futures: one problem, told once.
    missing.dedup_by_key(|problem| problem.field.clone());
    if missing.is_empty() { Ok(()) } else { Err(missing) }
}

/// The field of the file that asks for a part.
fn field(explore: &Explore, part: &str) -> &'static str {
    const STEPS: [&str; 8] =
        ["steps[0]", "steps[1]", "steps[2]", "steps[3]", "steps[4]", "steps[5]", "steps[6]", "steps[7]"];
    let of_part = |step: &Step| match step {
        Step::Screen(_) => part == "screen",
        Step::Sensitivity { .. } => part == "sensitivity",
        _ => false,
    };
    explore.steps.iter().position(of_part).and_then(|at| STEPS.get(at)).copied().unwrap_or("futures")
}

/// How the points that are asked for differ from the recorded ones, as far as the files show.
fn differences(asked: &PreparedExploration, old: &Explore, recorded: &ExplorationManifest) -> Vec<Problem> {
    const HELP: &str = "set it back, or leave --again out";
    let (new, mut found) = (&asked.explore, Vec::new());
    let mut add = |field: &str, message: String, help: &str| found.push(asked.places.problem(field, message, help));
    if let Some(what) = differing_input(asked.inputs().get(1..).unwrap_or_default(), &recorded.header.inputs[1..]) {
        add("study", format!("the old points are of another study: {what}"), HELP);
    }
    let tenants = |explore: &Explore| explore.tenants.map_or("all tenants".to_owned(), |n| counted(n, "tenant"));
    if new.tenants != old.tenants {
        add("tenants", format!("{} here, but the old points lived {}", tenants(new), tenants(old)), HELP);
    }
    if new.seed != old.seed {
        add("seed", format!("{} here, but the old points were drawn with {}", new.seed, old.seed), HELP);
    }
    for (at, name) in
        asked.schedules.iter().enumerate().filter(|(_, name)| !recorded.header.body.schedules.contains(name))
    {
        let message = format!(
            "\"{name}\" was not lived at the old points; they have {}",
            one_of(&recorded.header.body.schedules)
        );
        add(&format!("schedules[{at}]"), message, "take it out, or leave --again out");
    }
    for (at, (name, set)) in new.structures.iter().zip(&new.sets).enumerate() {
        let was = old.structures.iter().position(|known| known == name);
        if was.is_none_or(|was| old.sets[was] != *set) {
            let message = format!("\"{name}\" was not a structure of the old points, or not this one");
            add(&format!("structures[{at}]"), message, "take it out, or leave --again out");
        }
    }
    let (now, then) = (factors(new), factors(old));
    for (at, (field, moved)) in now.iter().enumerate() {
        let was = then.get(at).map(|(_, was)| *was);
        if was.is_none_or(|was| format!("{was:?}") != format!("{moved:?}")) {
            let message = format!("\"{}\" was not what the old points moved here, or not so", moved.factor.name);
            add(field, message, "old points keep their levers and unknowns, in their order; or leave --again out");
        }
    }
    if now.len() < then.len() {
        let message = format!("{} here, but the old points moved {}", counted(now.len() as u64, "factor"), then.len());
        add("unknowns", message, "old points keep their levers and unknowns, in their order; or leave --again out");
    }
    let lived = measures(old);
    for (at, wished) in new.outcomes.iter().enumerate().filter(|(_, wished)| !lived.contains(&wished.measure)) {
        let keys: Vec<String> = lived.iter().map(|measure| measure.key().to_owned()).collect();
        let message =
            format!("{} was not measured at the old points; they have {}", wished.measure.key(), one_of(&keys));
        add(&format!("outcomes[{at}]"), message, "take it out, or leave --again out");
    }
    steps_differing(new, &lived, &mut add);
    found
}

/// Steps that old points cannot answer.
fn steps_differing(new: &Explore, lived: &[Measure], add: &mut impl FnMut(&str, String, &str)) {
    for (at, step) in new.steps.iter().enumerate() {
        match step {
            Step::Screen(_) | Step::Sensitivity { .. } | Step::Robust(_) => {}
            Step::Discover { bad, .. } if lived.contains(&bad.measure) => {}
            Step::Discover { bad, .. } => {
                let message = format!("{} was not measured at the old points", bad.measure.key());
                add(&format!("steps[{at}]"), message, "take the step out, or leave --again out");
            }
            #[allow(unreachable_patterns)] // steps that are added and ask for points of their own
            _ => {
                let message = "this step chooses its points as it goes; old points cannot answer it".to_owned();
                add(&format!("steps[{at}]"), message, "take it out, or leave --again out");
            }
        }
    }
}

fn wanted(asked: &PreparedExploration, old: &Explore, recorded: &ExplorationManifest) -> Wanted {
    let schedule = |name: &String| recorded.header.body.schedules.iter().position(|known| known == name);
    let lived = measures(old);
    let measure = |wanted| lived.iter().position(|known| *known == wanted);
    Wanted {
        schedules: asked.schedules.iter().filter_map(schedule).collect(),
        measures: measures(&asked.explore).into_iter().filter_map(measure).collect(),
    }
}

fn recorded(directory: &Path) -> Result<ExplorationManifest, String> {
    let path = directory.join(MANIFEST);
    let shown = shortened(&path.display().to_string(), 200);
    let bytes = files::read(&path, MANIFEST_MAX).map_err(|error| format!("cannot read {shown}: {error}"))?;
    let recorded = ExplorationManifest::read(&bytes).ok().filter(|recorded| recorded.header.inputs.len() >= 2);
    recorded.ok_or_else(|| format!("{shown} is not of an exploration"))
}

/// A table that is as it was written.
fn table(directory: &Path, name: &str, outputs: &[FileHash]) -> Result<Vec<u8>, String> {
    let path = directory.join(name);
    let shown = shortened(&path.display().to_string(), 200);
    let bytes = files::read(&path, TABLE_MAX).map_err(|error| format!("cannot read {shown}: {error}"))?;
    match outputs.iter().find(|output| output.file == name) {
        Some(output) if output.blake3 == hash(&bytes) => Ok(bytes),
        _ => Err(format!("{shown} is not as it was written: its hash is not the recorded one")),
    }
}

fn plain(message: String, help: &str) -> Problem {
    Problem { severity: Severity::Error, place: None, field: "--again".to_owned(), message, help: help.to_owned() }
}
