//! Maintenance windows and change freezes.

use super::Checker;
use crate::tree::Path;
use crate::wire::{FreezeWire, GroupWire, WindowWire};
use brownout_kernel::time::DAY_SECONDS;
use brownout_kernel::world::{Freeze, Openings, Window};

/// Years for which yearly freezes are written out; studies lie within them.
const FREEZE_YEARS: std::ops::RangeInclusive<i16> = 1970..=2100;
/// Most windows of a week.
const WINDOWS_MAX: usize = 168;
const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

pub(super) fn openings(checker: &mut Checker<'_>, path: &Path, wire: &GroupWire) -> Openings {
    let windows = match &wire.windows {
        // One a week, Friday evening to Sunday, 4 to 8 hours (assumed).
        None => vec![Window { weekday: 5, opens: 18 * 3600, seconds: 6 * 3600 }],
        Some(wires) => windows(checker, &path.field("windows"), wires),
    };
    let freezes = match &wire.freezes {
        None => vec![Freeze::yearly(0.6, (12, 15), (1, 2), FREEZE_YEARS)],
        Some(wires) => freezes(checker, &path.field("freezes"), wires),
    };
    Openings { windows, freezes }
}

/// Weekly windows that do not overlap.
pub(crate) fn windows(checker: &mut Checker<'_>, path: &Path, wires: &[WindowWire]) -> Vec<Window> {
    if wires.len() > WINDOWS_MAX {
        checker.error(path, format!("{} windows are given; expected at most {WINDOWS_MAX}", wires.len()), "");
        return Vec::new();
    }
    let mut windows: Vec<Window> = Vec::new();
    for (i, wire) in wires.iter().enumerate() {
        let at = path.index(i);
        let weekday = WEEKDAYS.iter().position(|day| day.eq_ignore_ascii_case(&wire.day));
        if weekday.is_none() {
            let message = format!("\"{}\" is not a day of the week", wire.day);
            checker.error(&at.field("day"), message, "expected Mon, Tue, Wed, Thu, Fri, Sat or Sun");
        }
        let opens = time_of_day(&wire.from);
        if opens.is_none() {
            checker.error(&at.field("from"), format!("\"{}\" is not a time of day", wire.from), "write \"22:00\"");
        }
        let hours = checker.number(&at.field("hours"), wire.hours, 0.01..=168.0, " hours");
        let (Some(weekday), Some(opens)) = (weekday, opens) else { continue };
        let window = Window { weekday, opens, seconds: (hours * 3600.0) as i64 };
        if windows.iter().any(|other| overlap(other, &window)) {
            checker.error(
                &at,
                format!("the window on {} at {} overlaps another", wire.day, wire.from),
                "join or move them",
            );
        }
        windows.push(window);
    }
    windows
}

fn time_of_day(text: &str) -> Option<i64> {
    let (hours, minutes) = text.split_once(':')?;
    let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
    ((0..24).contains(&hours) && (0..60).contains(&minutes)).then_some(hours * 3600 + minutes * 60)
}

fn overlap(a: &Window, b: &Window) -> bool {
    const WEEK: i64 = 7 * DAY_SECONDS;
    let start = |window: &Window| window.weekday as i64 * DAY_SECONDS + window.opens;
    let apart = (start(b) - start(a)).rem_euclid(WEEK);
    apart < a.seconds || WEEK - apart < b.seconds || (apart == 0)
}

/// Change freezes, at most 32.
pub(crate) fn freezes(checker: &mut Checker<'_>, path: &Path, wires: &[FreezeWire]) -> Vec<Freeze> {
    if wires.len() > 32 {
        checker.error(path, format!("{} freezes are given; expected at most 32", wires.len()), "");
        return Vec::new();
    }
    wires.iter().enumerate().filter_map(|(i, wire)| freeze(checker, &path.index(i), wire)).collect()
}

/// Yearly from `MM-DD` to `MM-DD`, or once between two full dates.
fn freeze(checker: &mut Checker<'_>, path: &Path, wire: &FreezeWire) -> Option<Freeze> {
    let share = checker.number(&path.field("share"), wire.share, Freeze::SHARES, "");
    if wire.from.len() > 5 {
        let from = checker.time(&path.field("from"), &wire.from)?;
        let to = checker.time(&path.field("to"), &wire.to)?;
        if to <= from {
            checker.error(&path.field("to"), format!("the freeze ends on {} before it begins", wire.to), "");
        }
        return Some(Freeze { share, stretches: vec![(from, to)] });
    }
    let from = checker.month_day(&path.field("from"), &wire.from)?;
    let to = checker.month_day(&path.field("to"), &wire.to)?;
    if from == to {
        checker.error(&path.field("to"), "the freeze ends on the day it begins", "a freeze shorter than a year");
        return None;
    }
    Some(Freeze::yearly(share, from, to, FREEZE_YEARS))
}
