//! The plan of several tenants for people: the answer first, then a line for each tenant.

use super::words::{bounces, dangers, doubts, lost, pauses, quality};
use super::{Stories, finding, tenant};
use crate::columns;
use crate::frame::{Frame, Shown, TextTable, Value};
use crate::plan::Story;
use crate::plan::terminal::{day, messages};
use crate::plan::words::{percent, sharpness_of};
use brownout_planner::chance::outcome::Danger;
use brownout_text::outside::{printable, shortened};

/// Tenants that are listed; longer plans are listed whole in tenants.csv.
const ROWS_MAX: usize = 60;
/// Sentences of doubt that are printed.
const DOUBTS_MAX: usize = 8;
/// Letters of the question that are shown.
const QUESTION_MAX: usize = 300;

/// Everything printed.
pub fn print(stories: &Stories<'_>, width: Option<u16>) -> String {
    format!("{}\n{}", answer(stories), tenants(stories, width))
}

fn answer(stories: &Stories<'_>) -> String {
    let question = &stories.first().project().question;
    let mut lines = Vec::new();
    if !question.is_empty() {
        lines.extend([shortened(question, QUESTION_MAX), String::new()]);
    }
    lines.push(format!("{}.", finding(stories)));
    lines.extend(dangers(stories));
    lines.extend([bounces(stories), lost(stories), pauses(stories), quality(stories)]);
    let doubts = doubts(stories);
    lines.extend(doubts.iter().take(DOUBTS_MAX).cloned());
    if doubts.len() > DOUBTS_MAX {
        lines.push(format!("and {} more of this kind: report.html", doubts.len() - DOUBTS_MAX));
    }
    lines.push(sharpness_of(&stories.findings.lived));
    lines.iter().map(|line| printable(line).into_owned()).collect::<Vec<_>>().join("\n") + "\n"
}

fn tenants(stories: &Stories<'_>, width: Option<u16>) -> String {
    let columns = columns![
        Text tenant, Instant last_cut_over, Text blocked_from, Integer servers, Instant sure, Number before_blocking,
        Number lost_mean "messages", Integer pause_days,
    ];
    let mut frame = Frame::new("tenants", columns);
    stories.tenants.iter().take(ROWS_MAX).for_each(|story| frame.row(row(story)));
    let shown = [
        Shown::new("tenant"),
        Shown::new("last cut-over (UTC)").instant(day).missing("nothing left to do"),
        Shown::new("blocked from"),
        Shown::new("servers"),
        Shown::new(format!("{} sure", percent(stories.first().project().risk.level))).instant(day).right(),
        Shown::new("before blocking").number(percent),
        Shown::new("lost, mean").number(messages),
        Shown::new("pause days"),
    ];
    let more = stories.tenants.len().saturating_sub(ROWS_MAX);
    let more = if more > 0 { format!("and {more} more: tenants.csv\n") } else { String::new() };
    TextTable::shown(&frame, shown).ruled(width) + &more
}

fn row(story: &Story<'_>) -> [Value; 8] {
    let lived = &story.findings.lived;
    let as_of = story.project().as_of.start();
    let blocked = story.open().filter_map(|row| row.begins(Danger::Blocking, as_of)).min();
    let is_open = story.last().is_some();
    let days: u32 = story.pauses.iter().filter(|pause| !pause.is_conditional()).map(|pause| pause.days).sum();
    [
        tenant(story).into(),
        story.last().into(),
        blocked.map(day).or_else(|| is_open.then(|| "never".to_owned())).into(),
        story.open().count().into(),
        is_open.then_some(lived.fleet_sure).into(),
        is_open.then_some(lived.fleet_clear[Danger::Blocking as usize]).into(),
        is_open.then_some(lived.lost.mean).into(),
        days.into(),
    ]
}
