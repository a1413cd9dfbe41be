//! When somebody is at the desk: local days and hours become the second of the day, UTC, at which pauses begin, and the days on
//! which nobody is there then.

use jiff::tz::TimeZone;

use super::wire::DeskWire;
use super::zone::zone;
use crate::check::Checker;
use crate::tree::Path;
use brownout_kernel::time::{DAY_SECONDS, Day, SimTime};
use brownout_planner::Desk;
use brownout_text::weekdays;

/// Steps in which a second of the day is looked for.
const STEP_SECONDS: i64 = 900;
/// Days beyond the horizon for which the desk is worked out, for pauses that end later.
const BEYOND_DAYS: i32 = 366;

/// Local days and hours in which somebody is there.
struct Hours {
    days: [bool; 7],
    /// First second of the day, and the first after the last.
    hours: (i64, i64),
    holidays: Vec<Day>,
    zone: TimeZone,
}

/// The desk of a plan; one that is always open where none is told.
pub(super) fn desk(
    checker: &mut Checker<'_>,
    at: &Path,
    wire: Option<&DeskWire>,
    (as_of, horizon): (Day, Day),
) -> Desk {
    let Some(wire) = wire else { return Desk::default() };
    let Some(hours) = hours(checker, at, wire) else { return Desk::default() };
    chosen(&hours, (as_of, horizon)).unwrap_or_else(|| {
        let message = format!("nobody is at the desk at any time from {as_of} to {horizon}, so no pause can begin");
        checker.error(at, message, "give it days and hours, or `allow: false`");
        Desk::default()
    })
}

/// The desk at the second of the day at which it is open most often in a plan; `None` where it never is.
fn chosen(hours: &Hours, (as_of, horizon): (Day, Day)) -> Option<Desk> {
    let days = |to: i32| (as_of.number()..to).map(Day::from_number);
    let open = |second: i64, day: Day| hours.is_open(Desk { begins: second, closed: Vec::new() }.instant(day));
    let count = |second: i64| days(horizon.number()).filter(|&day| open(second, day)).count();
    // Of seconds at which it is open equally often the first: a pause that is to hold something off cannot begin too early.
    let seconds = (0..DAY_SECONDS / STEP_SECONDS).map(|step| step * STEP_SECONDS);
    let counted = seconds.map(|second| (count(second), second)).filter(|counted| counted.0 > 0);
    let (_, begins) = counted.reduce(|best, next| if next.0 > best.0 { next } else { best })?;
    let closed = days(horizon.number() + BEYOND_DAYS).filter(|&day| !open(begins, day)).collect();
    Some(Desk { begins, closed })
}

impl Hours {
    fn is_open(&self, at: SimTime) -> bool {
        let Ok(stamp) = jiff::Timestamp::from_second(at.seconds()) else { return false };
        let local = SimTime::from_seconds(at.seconds() + i64::from(self.zone.to_offset(stamp).seconds()));
        let (day, second) = (local.day(), local.second_of_day());
        self.days[day.weekday()] && (self.hours.0..self.hours.1).contains(&second) && !self.holidays.contains(&day)
    }
}

fn hours(checker: &mut Checker<'_>, at: &Path, wire: &DeskWire) -> Option<Hours> {
    let mut days = [false; 7];
    for (index, text) in wire.days.iter().enumerate() {
        match weekdays::index_of(text) {
            Some(day) => days[day] = true,
            None => {
                let message = format!("\"{text}\" is not a day of the week");
                checker.error(&at.field("days").index(index), message, "expected Mon to Sun");
            }
        }
    }
    let hours = wire.hours.split_once('-').and_then(|(from, to)| Some((second(from)?, second(to)?)));
    let hours = hours.filter(|(from, to)| from < to);
    if hours.is_none() {
        let message = format!("\"{}\" are no hours of a day", wire.hours);
        checker.error(&at.field("hours"), message, "write the first and the last, such as \"08:00-17:00\"");
    }
    let mut holidays = Vec::new();
    for (index, text) in wire.holidays.iter().enumerate() {
        holidays.extend(checker.time(&at.field("holidays").index(index), text).map(SimTime::day));
    }
    let zone = zone(checker, &at.field("zone"), &wire.zone);
    Some(Hours { days, hours: hours?, holidays, zone: zone? })
}

/// `08:00` as a second of the day; `24:00` is its end.
fn second(text: &str) -> Option<i64> {
    let (hour, minute) = text.trim().split_once(':')?;
    let (hour, minute): (i64, i64) = (hour.parse().ok()?, minute.parse().ok()?);
    let second = hour * 3600 + minute * 60;
    ((0..60).contains(&minute) && (0..=DAY_SECONDS).contains(&second)).then_some(second)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn worked_out(zone: &str, hours: &str, from: &str, to: &str) -> Desk {
        let days = [true, true, true, true, true, false, false];
        let hours = hours.split_once('-').unwrap();
        let hours = (second(hours.0).unwrap(), second(hours.1).unwrap());
        let zone = crate::plan::zone::known(zone).unwrap();
        let day = |text: &str| text.parse::<SimTime>().unwrap().day();
        chosen(&Hours { days, hours, holidays: vec![day("2026-12-28")], zone }, (day(from), day(to))).unwrap()
    }

    #[test]
    fn a_desk_in_berlin_opens_at_seven_in_winter_and_a_pause_can_begin_at_seven_in_summer_too() {
        let winter = worked_out("Europe/Berlin", "08:00-17:00", "2026-12-21", "2027-01-04");
        assert_eq!(winter.begins, 7 * 3600);
        let closed: Vec<String> = winter.closed.iter().take(5).map(Day::to_string).collect();
        assert_eq!(closed, ["2026-12-26", "2026-12-27", "2026-12-28", "2027-01-02", "2027-01-03"]);
        assert_eq!(worked_out("Europe/Berlin", "08:00-17:00", "2027-05-01", "2027-06-01").begins, 6 * 3600);
        // Over both: seven o'clock is within the hours on every working day, six only in summer.
        assert_eq!(worked_out("Europe/Berlin", "08:00-17:00", "2027-02-01", "2027-06-01").begins, 7 * 3600);
    }

    #[test]
    fn a_desk_far_in_the_east_is_open_on_the_day_before_in_utc() {
        let sydney = worked_out("Australia/Sydney", "08:00-10:00", "2027-01-04", "2027-01-18");
        assert_eq!(sydney.begins, 21 * 3600);
        let first = sydney.closed.first().unwrap().to_string();
        assert_eq!(first, "2027-01-08", "Friday 21:00 UTC is Saturday there");
    }
}
