//! The plan of several tenants for people: the answer first, then a line for each tenant.

use super::words::{bounces, dangers, doubts, lost, pauses, quality};
use super::{Stories, finding, tenant};
use crate::plan::Story;
use crate::plan::terminal::{day, finish, messages, table};
use crate::plan::words::{percent, sharpness_of};
use brownout_kernel::time::SimTime;
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
    let level = format!("{} sure", percent(stories.first().project().risk.level));
    let header = [
        "tenant",
        "last cut-over (UTC)",
        "blocked from",
        "servers",
        level.as_str(),
        "before blocking",
        "lost, mean",
        "pause days",
    ];
    let mut rows = table(&header);
    for story in stories.tenants.iter().take(ROWS_MAX) {
        rows.add_row(row(story));
    }
    let more = stories.tenants.len().saturating_sub(ROWS_MAX);
    let more = if more > 0 { format!("and {more} more: tenants.csv\n") } else { String::new() };
    finish(rows, 3, width) + &more
}

fn row(story: &Story<'_>) -> Vec<String> {
    let lived = &story.findings.lived;
    let as_of = story.project().as_of.start();
    let blocked = story.open().filter_map(|row| row.begins(Danger::Blocking, as_of)).min();
    let is_open = story.last().is_some();
    let if_open = |text: String| if is_open { text } else { String::new() };
    let days: u32 = story.pauses.iter().filter(|pause| !pause.is_conditional()).map(|pause| pause.days).sum();
    vec![
        printable(tenant(story)).into_owned(),
        story.last().map_or("nothing left to do".to_owned(), day),
        blocked.map_or_else(|| if_open("never".to_owned()), |at: SimTime| day(at)),
        story.open().count().to_string(),
        if_open(day(lived.fleet_sure)),
        if_open(percent(lived.fleet_clear[Danger::Blocking as usize])),
        if_open(messages(lived.lost.mean)),
        days.to_string(),
    ]
}
