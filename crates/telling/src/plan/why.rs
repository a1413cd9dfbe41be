//! Why each server has its date: the rule that keeps it from an earlier one, and what a week earlier or later costs.

use super::Story;
use super::words::{date, some_names, weekday_date};
use crate::columns;
use crate::frame::{Frame, Value};
use brownout_chart::value;
use brownout_planner::search::why::{Binding, Shift, Why};
use brownout_text::outside::printable;

/// Servers that are named in a sentence.
const NAMED_MAX: usize = 4;

/// `why.csv`: a row for each server that is not done, in order of the cut-overs.
pub(super) fn frame(story: &Story<'_>) -> Frame {
    let columns = columns![
        Text server,
        Instant cut_over,
        Text binding,
        Text why,
        Instant earlier_opening,
        Text stated_dates,
        Integer wave,
        Instant week_earlier,
        Number week_earlier_points "points",
        Text week_earlier_moves,
        Instant week_later,
        Number week_later_points "points",
        Text week_later_moves,
        Integer priority,
    ];
    let mut frame = Frame::new("why", columns);
    for why in in_order(story) {
        let server = story.findings.server(why.job);
        let at = story.findings.candidate(why.job).at;
        let opening = Value::from(why.instead);
        let head = [Value::from(&server.name), at.into(), why.binding.name().into(), (&why.words).into(), opening];
        let dates = if server.dates.is_free() { Value::Missing } else { server.dates.to_string().into() };
        let shifts = [&why.earlier, &why.later].into_iter().flat_map(|shift| cells(story, shift.as_ref()));
        let priority = [Value::from(server.priority)];
        frame.row(head.into_iter().chain([dates, server.wave.into()]).chain(shifts).chain(priority));
    }
    frame
}

fn cells(story: &Story<'_>, shift: Option<&Shift>) -> [Value; 3] {
    let Some(shift) = shift else { return [Value::Missing, Value::Missing, Value::Missing] };
    [shift.at.into(), shift.points.into(), names(story, shift).join("|").into()]
}

fn names(story: &Story<'_>, shift: &Shift) -> Vec<String> {
    shift.moves.iter().map(|&job| story.findings.server(job).name.clone()).collect()
}

/// What is known of the servers that are not done, in order of the cut-overs.
pub(super) fn in_order<'s>(story: &'s Story<'_>) -> Vec<&'s Why> {
    let all = &story.findings.why;
    story.findings.by_date().into_iter().filter_map(|job| all.get(job)).collect()
}

/// `east is busy with a on 4 Dec 2026, so not on Sat 5 Dec 2026.`
pub(super) fn rule(why: &Why) -> String {
    let instead = why.instead.filter(|_| why.binding != Binding::Cost);
    let instead = instead.map_or(String::new(), |at| format!(", so not on {}", weekday_date(at.day())));
    format!("{}{instead}.", why.words)
}

/// What another date costs: `12 Dec 2026: 14 points more; a moves as well`.
pub(super) fn shift(story: &Story<'_>, shift: Option<&Shift>) -> String {
    let Some(found) = shift else { return "not possible".to_owned() };
    let names = names(story, found);
    let moves = match names.len() {
        0 => String::new(),
        1 => format!("; {} moves as well", names[0]),
        _ => format!("; {} move as well", some_names(&names, NAMED_MAX)),
    };
    let size = found.points.abs();
    let shown = value(if size < 10.0 { (size * 10.0).round() / 10.0 } else { size.round() }, "");
    let points = match shown.as_str() {
        "0" => "costs nothing more".to_owned(),
        shown if found.points < 0.0 => format!("{shown} points less"),
        "1" => "1 point more".to_owned(),
        shown => format!("{shown} points more"),
    };
    format!("{}: {points}{moves}", date(found.at.day()))
}

/// Why servers of some names have their dates, for the terminal.
pub fn explained(story: &Story<'_>, asked: &[String]) -> String {
    let is = |why: &&Why, name: &String| story.findings.server(why.job).name.eq_ignore_ascii_case(name);
    let all = in_order(story);
    let mut text = String::from("Why these dates (points under the plan's pauses, if all goes as planned)\n");
    for why in all.into_iter().filter(|why| asked.iter().any(|name| is(why, name))) {
        let server = story.findings.server(why.job);
        let on = weekday_date(story.findings.candidate(why.job).at.day());
        let lines = [
            format!("  {} on {on}: {}", printable(&server.name), printable(&rule(why))),
            format!("    a week earlier: {}", printable(&shift(story, why.earlier.as_ref()))),
            format!("    a week later: {}", printable(&shift(story, why.later.as_ref()))),
        ];
        lines.iter().for_each(|line| text.push_str(&format!("{line}\n")));
    }
    text
}
