//! The time zone of a report's dates, where somebody states it: fixed offsets, and the zones of Europe, North America, Australia and
//! New Zealand by name.
//!
//! Left out: the history of zones. The rules are those in force since 2007, which is as far back as a report can reach.

use std::str::FromStr;

use crate::intake::ServerRecord;
use brownout_kernel::time::{SimDuration, SimTime};

use super::record;
use super::summer::{Changes, SummerTime, australia, europe, new_zealand, north_america};

/// A zone: its standard offset, and the rule of its summer time.
#[derive(Clone, Copy, Debug)]
pub struct Zone {
    /// Seconds east of UTC in winter.
    standard: i64,
    /// Instants of a year at which summer time begins and ends; `None` without summer time.
    summer: Option<Changes>,
    /// Whether summer lies around New Year.
    is_southern: bool,
}

/// A name that is no zone here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "\"{0}\" is no time zone known here; expected an offset such as +02:00, or a zone of Europe, North America or Australia such as \
     Europe/Berlin or America/New_York"
)]
pub struct ZoneError(String);

const HOUR: i64 = 3_600;
/// Zones with the summer time of Europe by hours east of UTC.
const EUROPE: [(i64, &str); 3] = [
    (0, "London Dublin Lisbon Belfast Jersey Guernsey Isle_of_Man"),
    (
        1,
        "Berlin Vienna Zurich Paris Madrid Rome Amsterdam Brussels Luxembourg Copenhagen Oslo Stockholm Warsaw Prague Budapest \
         Bratislava Ljubljana Zagreb Belgrade Sarajevo Skopje Podgorica Tirane Malta Monaco Vaduz Andorra San_Marino Vatican Busingen \
         Gibraltar",
    ),
    (2, "Athens Helsinki Kiev Kyiv Bucharest Sofia Vilnius Riga Tallinn Chisinau Mariehamn"),
];
/// Zones with the summer time of North America by hours west of UTC.
const AMERICA: [(i64, &str); 5] = [
    (4, "Halifax Moncton"),
    (5, "New_York Toronto Detroit Montreal"),
    (6, "Chicago Winnipeg Menominee"),
    (7, "Denver Boise Edmonton"),
    (8, "Los_Angeles Vancouver Tijuana"),
];
/// Zones of the south with summer time over New Year, by hours east of UTC in winter.
const SOUTH: [(i64, Changes, &str); 2] = [
    (10, australia, "Australia/Sydney Australia/Melbourne Australia/Hobart Australia/Canberra"),
    (12, new_zealand, "Pacific/Auckland NZ"),
];
/// Zones without summer time, by hours east of UTC.
const FIXED: [(i64, &str); 9] = [
    (0, "UTC Etc/UTC GMT Etc/GMT Z"),
    (3, "Europe/Moscow Europe/Istanbul Europe/Minsk"),
    (4, "Asia/Dubai"),
    (7, "Asia/Bangkok Asia/Ho_Chi_Minh"),
    (8, "Asia/Taipei Asia/Shanghai Asia/Hong_Kong Asia/Singapore"),
    (9, "Asia/Tokyo Asia/Seoul"),
    (10, "Australia/Brisbane"),
    (-7, "America/Phoenix"),
    (-3, "America/Sao_Paulo"),
];

impl FromStr for Zone {
    type Err = ZoneError;

    fn from_str(text: &str) -> Result<Self, ZoneError> {
        let among = |names: &str, name: &str| names.split(' ').any(|one| one.eq_ignore_ascii_case(name));
        let city = |area: &str| {
            let (head, city) = text.split_once('/')?;
            head.eq_ignore_ascii_case(area).then_some(city)
        };
        let fixed = FIXED.iter().find(|entry| among(entry.1, text)).map(|entry| (entry.0 * HOUR, None));
        let found = fixed.or_else(|| {
            let entry = EUROPE.iter().find(|entry| city("Europe").is_some_and(|city| among(entry.1, city)))?;
            Some((entry.0 * HOUR, Some(europe as Changes)))
        });
        let found = found.or_else(|| {
            let entry = AMERICA.iter().find(|entry| city("America").is_some_and(|city| among(entry.1, city)))?;
            Some((-entry.0 * HOUR, Some(north_america as Changes)))
        });
        let southern = SOUTH.iter().find(|entry| among(entry.2, text));
        let found = found.or_else(|| southern.map(|entry| (entry.0 * HOUR, Some(entry.1))));
        let (standard, summer) = found
            .or_else(|| Some((offset(text)?, None)))
            .ok_or_else(|| ZoneError(brownout_text::outside::shortened(text, 40)))?;
        Ok(Zone { standard, summer, is_southern: southern.is_some() })
    }
}

/// `+02:00`, `-5`, `+0530` in seconds, up to 14 hours.
fn offset(text: &str) -> Option<i64> {
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let digits = text.strip_prefix(['+', '-'])?;
    let (hours, minutes) = match digits.split_once(':') {
        Some(parts) => parts,
        None if digits.len() == 4 && digits.is_ascii() => digits.split_at(2),
        None => (digits, "0"),
    };
    let number = |text: &str| text.parse::<u8>().ok().map(i64::from);
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    (hours <= 14 && minutes < 60).then_some(sign * (hours * HOUR + minutes * 60))
}

impl Zone {
    /// The instant at which the clocks of the zone show what a date without a zone says.
    pub fn instant(&self, shown: SimTime) -> SimTime {
        let winter = SimTime::from_seconds(shown.seconds().saturating_sub(self.standard));
        let in_summer = self.summer.is_some_and(|changes| {
            let [begin, end] = changes(winter.year());
            let an_hour_before = winter.saturating_add(SimDuration::from_seconds(-HOUR));
            if self.is_southern {
                // South of the equator summer begins with the later change of a year and ends with the earlier one.
                end <= winter || an_hour_before < begin
            } else {
                begin <= winter && an_hour_before < end
            }
        });
        if in_summer { SimTime::from_seconds(winter.seconds() - HOUR) } else { winter }
    }

    /// Takes the dates of a record that were read without a zone for times of this one.
    ///
    /// Dates that an export has already turned into UTC by the computer's zone stay: they are an hour off whole days the other way
    /// round, later after the end of summer time and earlier after its begin.
    pub fn apply(&self, one: &mut ServerRecord) {
        let turned = SummerTime::of(one).is_some_and(|summer| {
            let autumn = (7..=12).contains(&summer.change.day().civil().month());
            (summer.shift > 0) == (autumn != self.is_southern)
        });
        if turned || !record::is_unzoned(one) {
            return;
        }
        record::map_dates(one, |date| self.instant(date));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wall_clock_is_read_by_its_zone() {
        let instant =
            |zone: &str, shown: &str| zone.parse::<Zone>().unwrap().instant(shown.parse().unwrap()).to_string();
        assert_eq!(instant("Europe/Berlin", "2026-09-09T00:15:08Z"), "2026-09-08T22:15:08Z");
        assert_eq!(instant("europe/berlin", "2026-11-18T00:15:08Z"), "2026-11-17T23:15:08Z");
        assert_eq!(instant("America/New_York", "2026-07-01T00:00:00Z"), "2026-07-01T04:00:00Z");
        assert_eq!(instant("+02:00", "2026-11-18T00:15:08Z"), "2026-11-17T22:15:08Z");
        assert_eq!(instant("-0530", "2026-11-18T00:00:00Z"), "2026-11-18T05:30:00Z");
        assert_eq!(instant("UTC", "2026-11-18T00:00:00Z"), "2026-11-18T00:00:00Z");
        for text in ["", "Berlin", "Mars/Olympus", "+25", "+1:99", "2"] {
            assert!(text.parse::<Zone>().is_err(), "{text}");
        }
    }

    #[test]
    fn summer_lies_around_new_year_in_the_south() {
        let instant =
            |zone: &str, shown: &str| zone.parse::<Zone>().unwrap().instant(shown.parse().unwrap()).to_string();
        assert_eq!(instant("Pacific/Auckland", "2026-09-09T12:15:08Z"), "2026-09-09T00:15:08Z");
        assert_eq!(instant("Pacific/Auckland", "2026-10-09T13:15:08Z"), "2026-10-09T00:15:08Z");
        assert_eq!(instant("Australia/Sydney", "2027-01-09T11:15:08Z"), "2027-01-09T00:15:08Z");
        assert_eq!(instant("Australia/Brisbane", "2027-01-09T10:15:08Z"), "2027-01-09T00:15:08Z");
    }

    #[test]
    fn the_hours_around_a_change_have_one_reading() {
        let berlin: Zone = "Europe/Berlin".parse().unwrap();
        let instant = |shown: &str| berlin.instant(shown.parse().unwrap()).to_string();
        assert_eq!(instant("2026-10-25T01:59:59Z"), "2026-10-24T23:59:59Z");
        assert_eq!(instant("2026-10-25T03:00:00Z"), "2026-10-25T02:00:00Z");
        assert_eq!(instant("2026-03-29T03:00:00Z"), "2026-03-29T01:00:00Z");
    }
}
