//! Planning again, in words: how many dates moved, and what that weighs.

use super::super::Story;
use super::counted;

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
