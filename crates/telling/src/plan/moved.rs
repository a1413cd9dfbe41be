//! Dates moved by chance, where the plan asks for that: a table of its own, and a sentence.

use super::Story;
use super::tables::moment;
use super::words::percent;
use crate::columns;
use crate::frame::{Frame, Value};
use brownout_chart::value;
use brownout_planner::chance::moved::Moved;
use brownout_planner::cost::tariff::points;
use brownout_planner::index::CrewIndex;
use brownout_text::words::counted;

/// `moved.csv`: servers whose dates were moved; `None` where the plan does not ask for it.
pub(super) fn frame(story: &Story<'_>) -> Option<Frame> {
    let columns = columns![Text server, Instant cut_over, Text crew, Instant cut_over_as_planned, Text crew_as_planned];
    let moved = story.findings.moved.as_ref()?;
    let basis = &story.findings.basis;
    let mut frame = Frame::new("moved", columns);
    for &job in &moved.jobs {
        let before = &basis.jobs[job].candidates[moved.as_planned.draft.schedule[job]];
        let now = story.findings.candidate(job);
        let crew = |crew: CrewIndex| Value::from(&story.project().crews[crew].name);
        let name = Value::from(&story.findings.server(job).name);
        frame.row([name, moment(Some(now.at)), crew(now.crew), moment(Some(before.at)), crew(before.crew)]);
    }
    Some(frame)
}

/// What moving dates came to, in sentences; `None` where the plan does not ask for it.
pub(super) fn sentences(story: &Story<'_>) -> Option<String> {
    let moved = story.findings.moved.as_ref()?;
    let futures = counted(u64::from(moved.courses), "future");
    if moved.jobs.is_empty() {
        return Some(format!(
            "Dates were moved one by one over simulated futures; no move that was tried does better in mean and tail over {futures} that \
             the search did not see, so all dates are those found for everything going as planned."
        ));
    }
    let (less, interval) = moved.less;
    let interval = interval.map_or_else(String::new, |found| {
        let (least, most) = if less < 0.0 { (-found.high, -found.low) } else { (found.low, found.high) };
        format!(" ({} to {}, a 95 % interval)", value(least, ""), value(most, ""))
    });
    let servers = story.findings.basis.jobs.len() as u64;
    Some(format!(
        "Dates are chosen over simulated futures: {} of {} {} another date or crew than the plan found for everything going as planned. \
         Over {futures} that the choice did not see, the plan costs {}{interval} on average, and {} in the worst twentieth. {}",
        moved.jobs.len(),
        counted(servers, "server"),
        if servers == 1 { "has" } else { "have" },
        less_or_more(less, moved.before.mean),
        less_or_more(moved.before.tail - moved.after.tail, moved.before.tail),
        as_planned(story, moved),
    ))
}

/// `290 points less than 1,542`.
fn less_or_more(less: f64, than: f64) -> String {
    let which = if less < 0.0 { "more" } else { "less" };
    format!("{} points {which} than {}", value(less.abs(), ""), value(than, ""))
}

/// What the moved dates cost more if everything goes as planned.
fn as_planned(story: &Story<'_>, moved: &Moved) -> String {
    let more = points(story.findings.solution.draft.cost - moved.as_planned.draft.cost);
    let share = more / points(moved.as_planned.draft.cost).max(f64::MIN_POSITIVE);
    if more <= 0.0 {
        "If everything goes as planned they cost no more.".to_owned()
    } else {
        format!("If everything goes as planned they cost {} points more ({}).", value(more, ""), percent(share))
    }
}
