//! What a plan remembers for the next one: `state.ron`.

use std::collections::BTreeMap;

use super::Story;

use brownout_kernel::policy::PauseRequest;
use brownout_kernel::time::Day;
use brownout_planner::{Former, FormerDate};
use brownout_reading::plan::state::PlanState;

/// The state after a plan.
///
/// - `said`: pause days used that were said beside the plan file, by calendar year.
pub(super) fn state(story: &Story<'_>, said: &[(i16, u32)]) -> PlanState {
    let project = story.project();
    let findings = story.findings;
    let mut former = Former::of(&findings.basis, &findings.solution.draft.schedule, &findings.asked);
    let before = project.former.as_ref();
    let done = || project.servers.iter().filter(|server| server.done.is_some() && !server.assessment.complies);
    let planned: Vec<FormerDate> = done().filter_map(|server| before?.date(&server.name)).cloned().collect();
    former.dates.splice(0..0, planned);
    let inferred = |pause: &PauseRequest| project.pauses_inferred.contains(pause);
    let had = project.spent.grants().iter().map(|grant| grant.request()).filter(|pause| !inferred(pause));
    let mut used = said.to_vec();
    let remembered = before.map_or(&[][..], |former| &former.used);
    used.extend(remembered.iter().filter(|one| said.iter().all(|said| said.0 != one.0)));
    let open = project.servers.iter().filter(|server| server.done.is_none());
    let in_hand = open.filter_map(|server| Some((server.name.clone(), server.in_hand?.since.unwrap_or(project.as_of))));
    former.used.clone_from(&used);
    PlanState {
        plan: project.name.clone(),
        as_of: project.as_of,
        former,
        done: done().filter_map(|server| Some((server.name.clone(), server.done?))).collect(),
        in_hand: in_hand.collect(),
        had: had.collect(),
        tenants: BTreeMap::new(),
    }
}

/// The state after a plan of several tenants.
pub(super) fn together(stories: &[Story<'_>], plan: &str) -> PlanState {
    let as_of = stories.first().map_or(Day::from_number(0), |story| story.project().as_of);
    let of_tenant = |story: &Story<'_>| (story.project().tenant.clone().unwrap_or_default(), state(story, &[]));
    PlanState::of_tenants(plan, as_of, stories.iter().map(of_tenant).collect())
}
