//! Planning again, in words: what was planned against what was done, how many dates moved, and what that weighs.

use super::super::Story;
use super::counted;
use brownout_planner::Change;

/// How many servers that could keep their former date are given another, and what that counts; `None` where nothing is planned again.
pub fn moves(story: &Story<'_>) -> Option<String> {
    let project = story.project();
    project.former.as_ref()?;
    let basis = &story.findings.basis;
    let could = basis.kept.iter().flatten().count();
    let moved = basis.moved(&story.findings.solution.draft.schedule);
    let weight = project.weights.stability;
    if could == 0 {
        return Some("No server could keep its former date.".to_owned());
    }
    let are = if moved == 1 { "is" } else { "are" };
    let weighs = match moved {
        0 => format!("each change would count {weight} points, which are no mail"),
        _ => format!("that counts {} points, {weight} for each, which are no mail", weight * moved as f64),
    };
    Some(format!(
        "Of {} that could keep their former date {moved} {are} given another: {weighs}.",
        counted(could, "server")
    ))
}

/// What was planned against what was done; `None` where nothing is done that was planned.
pub fn planned_against_done(story: &Story<'_>) -> Option<String> {
    let late = |change: &Change| match change {
        Change::Done { at, planned: Some(planned), .. } => Some(at.day().number() - planned.day().number()),
        _ => None,
    };
    let days: Vec<i32> = story.findings.changes.as_ref()?.iter().filter_map(late).collect();
    let count = |kept: fn(&&i32) -> bool| days.iter().filter(kept).count();
    let [on_time, before, after] = [count(|days| **days == 0), count(|days| **days < 0), count(|days| **days > 0)];
    let most = days.iter().copied().max().filter(|&most| most > 0);
    let most = most.map_or(String::new(), |most| format!(" (by {} at most)", counted(most as usize, "day")));
    (!days.is_empty()).then(|| {
        format!(
            "Done as planned and done in fact: of {} {on_time} on the planned day, {before} before it, {after} after it{most}.",
            counted(days.len(), "server")
        )
    })
}
