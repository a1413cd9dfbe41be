//! Maintenance windows and change freezes.

use super::Checker;
use crate::tree::Path;
use crate::wire::{FreezeWire, GroupWire, WindowWire};
use brownout_experiment::study::LAST_YEAR;
use brownout_kernel::limits::{Refusal, at_most};
use brownout_kernel::world::{Freeze, Openings, Window};
use brownout_text::weekdays;

/// Years for which yearly freezes are written out; studies lie within them.
const FREEZE_YEARS: std::ops::RangeInclusive<i16> = 1970..=LAST_YEAR;

pub(super) fn openings(checker: &mut Checker<'_>, path: &Path, wire: &GroupWire) -> Openings {
    let windows = match &wire.windows {
        // One a week, Friday evening to Sunday, 4 to 8 hours (assumed).
        None => Window::new(5, 18 * 3600, 6 * 3600).into_iter().collect(),
        Some(wires) => windows(checker, &path.field("windows"), wires),
    };
    let freezes = match &wire.freezes {
        None => Freeze::yearly(0.6, (12, 15), (1, 2), FREEZE_YEARS).into_iter().collect(),
        Some(wires) => freezes(checker, &path.field("freezes"), wires),
    };
    checker.made(&path.field("windows"), Openings::new(windows, freezes)).unwrap_or_default()
}

/// Weekly windows that do not overlap.
pub(crate) fn windows(checker: &mut Checker<'_>, path: &Path, wires: &[WindowWire]) -> Vec<Window> {
    if checker.made(path, at_most("windows", "windows", wires.len(), Openings::WINDOWS_MAX)).is_none() {
        return Vec::new();
    }
    let (mut windows, mut seen): (Vec<Window>, Vec<Window>) = (Vec::new(), Vec::new());
    for (i, wire) in wires.iter().enumerate() {
        let at = path.index(i);
        let weekday = weekdays::index_of(&wire.day);
        if weekday.is_none() {
            let message = format!("\"{}\" is not a day of the week", wire.day);
            checker.error(&at.field("day"), message, "expected Mon, Tue, Wed, Thu, Fri, Sat or Sun");
        }
        let opens = time_of_day(&wire.from);
        if opens.is_none() {
            checker.error(&at.field("from"), format!("\"{}\" is not a time of day", wire.from), "write \"22:00\"");
        }
        let hours = checker.allowed(&at.field("hours"), wire.hours, Window::HOURS);
        let (Some(weekday), Some(opens)) = (weekday, opens) else { continue };
        let Some(window) = checker.made(&at, Window::new(weekday, opens, (hours * 3600.0) as i64)) else { continue };
        if seen.iter().any(|other| other.overlaps(&window)) {
            let message = format!("the window on {} at {} overlaps another", wire.day, wire.from);
            checker.error(&at, message, "join or move them");
        } else {
            windows.push(window);
        }
        seen.push(window);
    }
    windows
}

fn time_of_day(text: &str) -> Option<i64> {
    let (hours, minutes) = text.split_once(':')?;
    let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
    ((0..24).contains(&hours) && (0..60).contains(&minutes)).then_some(hours * 3600 + minutes * 60)
}

/// Change freezes, at most 32.
pub(crate) fn freezes(checker: &mut Checker<'_>, path: &Path, wires: &[FreezeWire]) -> Vec<Freeze> {
    if checker.made(path, at_most("freezes", "freezes", wires.len(), Openings::FREEZES_MAX)).is_none() {
        return Vec::new();
    }
    wires.iter().enumerate().filter_map(|(i, wire)| freeze(checker, &path.index(i), wire)).collect()
}

/// Yearly from `MM-DD` to `MM-DD`, or once between two full dates.
fn freeze(checker: &mut Checker<'_>, path: &Path, wire: &FreezeWire) -> Option<Freeze> {
    let share = checker.allowed(&path.field("share"), wire.share, Freeze::SHARE);
    if wire.from.len() > 5 {
        let from = checker.time(&path.field("from"), &wire.from)?;
        let to = checker.time(&path.field("to"), &wire.to)?;
        let before = |checker: &mut Checker<'_>| {
            checker.error(&path.field("to"), format!("the freeze ends on {} before it begins", wire.to), "");
        };
        return Freeze::once(share, from, to).map_err(|_| before(checker)).ok();
    }
    let from = checker.month_day(&path.field("from"), &wire.from)?;
    let to = checker.month_day(&path.field("to"), &wire.to)?;
    let mut refuse = |refusal: Refusal| {
        checker.error(&path.field("to"), refusal.rule().to_string(), "a freeze shorter than a year");
    };
    Freeze::yearly(share, from, to, FREEZE_YEARS).map_err(&mut refuse).ok()
}
