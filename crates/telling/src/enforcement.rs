//! Stages and their minutes, as tables and pictures show them.

use brownout_chart::{StageSpan, Tone};
use brownout_kernel::policy::{Minutes, Period};
use brownout_kernel::time::SimTime;

/// A stage or pause with its dates, as pictures show it.
pub(crate) fn span(name: &str, period: &Period) -> StageSpan {
    let tone = match (period.paused, period.minutes.restrict()) {
        (true, _) => Tone::Paused,
        (false, false) => Tone::Report,
        (false, true) => Tone::Enforced { throttled: period.minutes.throttle(), blocked: period.minutes.block() },
    };
    StageSpan { name: name.to_owned(), from: period.from, to: (period.to != SimTime::NEVER).then_some(period.to), tone }
}

/// `throttled 30 and blocked 5 minutes of every hour`.
pub(crate) fn minutes(minutes: Minutes) -> String {
    match (minutes.throttle(), minutes.block()) {
        (0, 0) => "nothing is held back".to_owned(),
        (_, 60..) => "blocked at all times".to_owned(),
        (60.., _) => "throttled at all times".to_owned(),
        (throttle, 0) => format!("throttled {throttle} minutes of every hour"),
        (0, block) => format!("blocked {block} minutes of every hour"),
        (throttle, block) => format!("throttled {throttle} and blocked {block} minutes of every hour"),
    }
}

/// `throttled 30, blocked 5 min an hour`.
pub(crate) fn minutes_in_short(minutes: Minutes) -> String {
    match (minutes.throttle(), minutes.block()) {
        (0, 0) => "report only".to_owned(),
        (_, 60..) => "all blocked".to_owned(),
        (throttle, 0) => format!("throttled {throttle} min an hour"),
        (0, block) => format!("blocked {block} min an hour"),
        (throttle, block) => format!("throttled {throttle}, blocked {block} min an hour"),
    }
}

/// `450 30 + 550 5 min/h` in the room of a column.
pub(crate) fn minutes_by_reply(minutes: Minutes) -> String {
    match (minutes.throttle(), minutes.block()) {
        (0, 0) => "0 min/h".to_owned(),
        (throttle, 0) => format!("450 {throttle} min/h"),
        (0, block) => format!("550 {block} min/h"),
        (throttle, block) => format!("450 {throttle} min/h\n550 {block} min/h"),
    }
}
