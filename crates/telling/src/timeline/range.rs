//! Dates of which only the bounds are known: earliest and latest, side by side.

use brownout_exchange::timeline::{Now, Timeline, stage_name};
use brownout_kernel::time::SimTime;
use comfy_table::CellAlignment;

use super::table::{days, lines_of, plain_table, wrapped};
use super::words::{HELD_BACK, LOST, brief, distance, weekday_date};
use super::{Findings, Subject};

/// `Sun 2026-12-06 UTC, in 10.0 days`, or both bounds.
pub(super) fn bounds(at: SimTime, earliest: SimTime, latest: SimTime) -> String {
    format!(
        "{} to {} (range), {} to {}",
        weekday_date(earliest),
        weekday_date(latest),
        distance(at, earliest),
        distance(at, latest)
    )
}

/// Where the server may stand now.
pub(super) fn standing(findings: &Findings, subject: &Subject, [worst, latest]: [&Timeline; 2]) -> String {
    let stands = |now: &Now| {
        let stage = stage_name(findings.policy.ladder(), &now.standing.period);
        let paused = if now.standing.period.paused { ", paused" } else { "" };
        format!("{stage}{paused}, day {} on the clock", days(now.standing.served))
    };
    let stage = |now: &Now| stage_name(findings.policy.ladder(), &now.standing.period);
    let text = match (&worst.now, &latest.now) {
        (Some(worst), Some(latest)) if stage(worst) == stage(latest) => {
            let [low, high] = [latest, worst].map(|now| format!("{:.0}", now.standing.served.days_f64()));
            format!("{}, day {low} to {high} on the clock (range)", stage(worst))
        }
        (None, _) => "before first detection".to_owned(),
        (Some(worst), None) => format!("from not yet detected to {} (range)", stands(worst)),
        (Some(worst), Some(latest)) => format!("from {} to {} (range)", stands(latest), stands(worst)),
    };
    let why = match &subject.heard {
        Some(heard) => format!("by the reply, {}", heard.reply.words()),
        None => "first detection is not known".to_owned(),
    };
    wrapped(&format!("Now ({}): {text}; {why}", findings.at), "", "  ")
}

/// Every stage with its earliest and latest start.
pub(super) fn stages(findings: &Findings, [worst, latest]: [&Timeline; 2]) -> String {
    let ladder = findings.policy.ladder();
    let mut table = plain_table();
    table.set_header(["stage (range)", "earliest (UTC)", "latest (UTC)", "day", HELD_BACK, LOST]);
    table.column_iter_mut().skip(3).for_each(|column| column.set_cell_alignment(CellAlignment::Right));
    let start = |timeline: &Timeline, stage: usize| {
        let first = timeline.periods.iter().find(|period| period.stage == stage);
        first.map_or("-".to_owned(), |period| brief(period.from))
    };
    let number = |n: u8| if n == 0 { "-".to_owned() } else { n.to_string() };
    for (k, stage) in ladder.stages().iter().enumerate() {
        table.add_row([
            stage.name().to_owned(),
            start(worst, k),
            start(latest, k),
            days(ladder.start_of(k)),
            number(stage.minutes().throttle()),
            number(stage.minutes().block()),
        ]);
    }
    lines_of(table)
}
