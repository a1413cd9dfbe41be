//! Dates of which only the bounds are known: earliest and latest, side by side.

use brownout_exchange::timeline::{Now, Timeline, stage_name};
use brownout_kernel::time::SimTime;

use super::table::{WIDTH, clock, days, minutes_of_hour, wrapped};
use super::words::{HELD_BACK, LOST, brief, distance, weekday_date};
use super::{Findings, Subject};
use crate::columns;
use crate::frame::{Frame, Shown, TextTable};

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
    let columns = columns![
        Text stage, Instant earliest, Instant latest, Number day "days", Integer held_back "min/h", Integer lost "min/h",
    ];
    let mut frame = Frame::new("stages", columns);
    let start = |timeline: &Timeline, stage: usize| {
        timeline.periods.iter().find(|period| period.stage == stage).map(|period| period.from)
    };
    for (k, stage) in ladder.stages().iter().enumerate() {
        frame.row([
            stage.name().into(),
            start(worst, k).into(),
            start(latest, k).into(),
            ladder.start_of(k).days_f64().into(),
            stage.minutes().throttle().into(),
            stage.minutes().block().into(),
        ]);
    }
    let shown = [
        Shown::new("stage (range)"),
        Shown::new("earliest (UTC)").instant(brief).missing("-"),
        Shown::new("latest (UTC)").instant(brief).missing("-"),
        clock(),
        minutes_of_hour(HELD_BACK),
        minutes_of_hour(LOST),
    ];
    TextTable::shown(&frame, shown).plain(WIDTH)
}
