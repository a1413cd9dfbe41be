//! How much time jobs are given, where several times were tried: a table of its own, and a line.

use super::Story;
use super::tables::{ends, moment};
use super::words::percent;
use crate::columns;
use crate::frame::{Frame, Value};
use brownout_text::words::counted;

/// `buffers.csv`: the times for jobs that were tried; `None` where none were.
pub(super) fn frame(story: &Story<'_>) -> Option<Frame> {
    let columns = columns![
        Number plan_quantile,
        Truth chosen,
        Instant last_cut_over,
        Instant done_at_level,
        Number level,
        Number points_mean "points",
        Number points_worst_twentieth_mean "points",
        Number points_more "points",
        Number points_more_low "points",
        Number points_more_high "points",
        Integer replications,
    ];
    let project = story.project();
    let mut frame = Frame::new("buffers", columns);
    for buffer in &story.findings.buffers {
        let first =
            [Value::from(buffer.quantile), buffer.is_chosen.into(), moment(buffer.last), moment(Some(buffer.sure))];
        let points = [project.risk.level, buffer.cost.mean, buffer.cost.tail, buffer.more.0].map(Value::from);
        let last = [Value::from(project.replications)];
        frame.row(first.into_iter().chain(points).chain(ends(buffer.more.1)).chain(last));
    }
    (!story.findings.buffers.is_empty()).then_some(frame)
}

/// In a sentence which time was chosen; `None` where none were tried.
pub(super) fn sentence(story: &Story<'_>) -> Option<String> {
    let project = story.project();
    let chosen = story.findings.buffers.iter().find(|buffer| buffer.is_chosen)?;
    let others: Vec<String> = story
        .findings
        .buffers
        .iter()
        .filter(|buffer| !buffer.is_chosen)
        .map(|buffer| percent(buffer.quantile))
        .collect();
    Some(format!(
        "Jobs are given the time that is enough in {} of cases: of the plans for that and for {}, lived in the same {}, it has the least \
         mean and tail.",
        percent(chosen.quantile),
        others.join(", "),
        counted(u64::from(project.replications), "future")
    ))
}
