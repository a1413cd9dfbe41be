//! Crews and maintenance windows of generated projects.

use brownout::planner::Crew;
use brownout::time::{Day, SimDuration};
use brownout::world::{Freeze, Openings, Window};

use super::dice::Dice;
use super::fleets::{Size, later};

const HOUR: i64 = 3_600;

pub(super) fn crew(dice: &mut Dice, size: &Size, as_of: Day, days: i64, number: i64) -> Crew {
    let mut works = [true, true, true, true, true, false, false];
    if dice.percent(40) {
        works = std::array::from_fn(|_| dice.percent(65));
        works[dice.between(0..=6) as usize] = true;
    }
    let mut holidays: Vec<Day> = (0..dice.between(0..=3)).map(|_| later(as_of, dice.between(0..=days))).collect();
    holidays.sort();
    holidays.dedup();
    Crew {
        name: format!("crew {number}"),
        works,
        holidays,
        jobs: dice.between(1..=2) as u32,
        openings: openings(dice, size, as_of, days),
        extra: Vec::new(),
    }
}

/// Any time, every night into the next day, on some days of the week at odd times, or once a week; outside a freeze or two.
pub(super) fn openings(dice: &mut Dice, size: &Size, as_of: Day, days: i64) -> Openings {
    let weekly = size.window_days >= 7;
    let windows = match dice.between(0..=9) {
        0..=1 if !weekly => Vec::new(),
        2..=4 if !weekly => (0..7).map(|weekday| Window::new(weekday, 22 * HOUR, 6 * HOUR).unwrap()).collect(),
        5 if !weekly => (0..7).map(|weekday| Window::new(weekday, 0, 24 * HOUR).unwrap()).collect(),
        6..=8 if !weekly => some_days(dice),
        _ => vec![window(dice, 0..=6)],
    };
    let freezes = (0..dice.pick(&[0, 0, 0, 1, 1, 2])).map(|_| freeze(dice, as_of, days)).collect();
    Openings::new(windows, freezes).unwrap()
}

/// Windows on up to three days of the week that do not overlap.
fn some_days(dice: &mut Dice) -> Vec<Window> {
    let windows = [window(dice, 0..=1), window(dice, 3..=3), window(dice, 5..=5)];
    let mut windows: Vec<Window> = windows.into_iter().filter(|_| dice.percent(75)).collect();
    if windows.is_empty() {
        windows.push(window(dice, 2..=2));
    }
    let short =
        |window: Window| Window::new(window.weekday(), window.opens(), window.seconds().min(24 * HOUR)).unwrap();
    windows.into_iter().map(short).collect()
}

/// A window of up to a day and a half, at a full hour or at an odd second.
fn window(dice: &mut Dice, weekdays: std::ops::RangeInclusive<i64>) -> Window {
    let opens = if dice.percent(60) { dice.between(0..=23) * HOUR } else { dice.between(0..=86_399) };
    let seconds = dice.pick(&[1, HOUR, 6 * HOUR, 10 * HOUR, 36 * HOUR]);
    Window::new(dice.between(weekdays) as usize, opens, seconds).unwrap()
}

/// A frozen stretch of up to nine days, also at odd times of day.
fn freeze(dice: &mut Dice, as_of: Day, days: i64) -> Freeze {
    let odd = SimDuration::from_seconds(dice.pick(&[0, 0, 12 * HOUR, 83_001]));
    let from = later(as_of, dice.between(-3..=days)).start() + odd;
    let to = from + SimDuration::from_seconds(dice.between(1..=9 * 24) * HOUR);
    Freeze::once(1.0, from, to).unwrap()
}

/// Numbers to sort by.
pub(super) fn shuffle_keys(dice: &mut Dice, count: usize) -> Vec<i64> {
    (0..count).map(|_| dice.between(0..=365)).collect()
}
