//! Servers and mail by class and day.

use super::{Class, Stretch};
use crate::mail::amount::mail_in;
use crate::mail::{Calendar, MailAmount, Moment};
use crate::time::DAY_SECONDS;

/// What happened in one class on one day. A stretch is entered at its ends alone: time and mail up to each of them, counted from
/// the calendar's beginning, so that nothing has to be worked out about the days between.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DayCell {
    /// Change in the servers that are in the class, on this day.
    pub servers: i64,
    /// Server-seconds since the calendar's first midnight: more for stretches that end on this day, fewer for those that begin.
    pub seconds: i64,
    /// Change in the milli-messages a day of servers that are in the class, on this day.
    pub volume: MailAmount,
    /// Grains of mail since the calendar's first midnight, in the same way.
    pub mail: MailAmount,
}

impl DayCell {
    /// Servers come into the class.
    #[inline(always)]
    fn come(&mut self, Crowd { servers, seconds, volume, before }: Crowd) {
        self.servers += servers;
        self.volume += volume;
        self.seconds -= seconds;
        self.mail -= before;
    }

    /// Servers leave the class.
    #[inline(always)]
    fn go(&mut self, Crowd { servers, seconds, volume, before }: Crowd) {
        self.come(Crowd { servers: -servers, seconds: -seconds, volume: -volume, before: -before });
    }
}

/// Servers that come into a class, or leave it, on one day, each at its instant.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Crowd {
    pub(crate) servers: i64,
    /// Sum of their instants, in seconds since the calendar's first midnight.
    pub(crate) seconds: i64,
    /// Milli-messages a day.
    pub(crate) volume: MailAmount,
    /// What they would have sent by then, had they been there from the first midnight on.
    pub(crate) before: MailAmount,
}

/// Cells by class and day, and one day more so that every change has a place.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    days: usize,
    pub(super) cells: Vec<DayCell>,
}

/// One day of one class, read back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DayTotal {
    /// Server-seconds.
    pub seconds: i64,
    /// Grains of mail sent.
    pub mail: MailAmount,
}

impl Series {
    /// An empty series.
    pub fn new(classes: usize, days: usize) -> Self {
        Series { days, cells: vec![DayCell::default(); classes * (days + 1)] }
    }

    /// Enters a server of `volume` milli-messages a day that spent a stretch in a class.
    #[inline(always)] // beside a call for each of millions of stretches its own work is small
    pub fn enter(&mut self, class: Class, volume: u64, stretch: Stretch) {
        let Stretch { from, to } = stretch;
        let crowd = |at: Moment| {
            let before = mail_in(volume, at.level_seconds());
            (at.day(), Crowd { servers: 1, seconds: at.seconds(), volume: volume.into(), before })
        };
        self.enter_crowd(class, crowd(from), crowd(to));
    }

    /// Enters servers that came into a class on one day and left it on another.
    #[inline(always)]
    pub(crate) fn enter_crowd(&mut self, class: Class, (from, first): (usize, Crowd), (to, last): (usize, Crowd)) {
        // Both ends through one slice, so that it is looked up once.
        let row = self.row(class);
        let cells = self.cells.as_mut_slice();
        cells[row + from].come(first);
        cells[row + to].go(last);
    }

    /// Enters servers that come into a class at a moment (negative: that leave it).
    ///
    /// - `volume`: milli-messages a day of all of them.
    pub fn enter_servers(&mut self, class: Class, moment: Moment, servers: i64, volume: MailAmount) {
        let before = volume * MailAmount::from(moment.level_seconds());
        let row = self.row(class);
        self.cells[row + moment.day()].come(Crowd { servers, seconds: servers * moment.seconds(), volume, before });
    }

    #[inline(always)]
    fn row(&self, class: Class) -> usize {
        class.index() * (self.days + 1)
    }

    /// Adds another series of the same shape.
    pub fn merge(&mut self, other: &Series) {
        for (a, b) in self.cells.iter_mut().zip(&other.cells) {
            a.servers += b.servers;
            a.seconds += b.seconds;
            a.volume += b.volume;
            a.mail += b.mail;
        }
    }

    /// The days of a class in order.
    pub fn days_of(&self, calendar: &Calendar, class: usize) -> impl Iterator<Item = DayTotal> {
        let row = class * (self.days + 1);
        let (mut servers, mut volume) = (0i64, 0);
        self.cells[row..row + self.days].iter().enumerate().map(move |(day, cell)| {
            servers += cell.servers;
            volume += cell.volume;
            let [midnight, next] = [day, day + 1].map(|day| calendar.level_seconds_before(day));
            // What happened before this day belongs to others: those who come had missed it, those who go had it there.
            let seconds = cell.seconds + cell.servers * day as i64 * DAY_SECONDS;
            let mail = cell.mail + cell.volume * MailAmount::from(midnight);
            let whole = volume * MailAmount::from(next - midnight);
            DayTotal { seconds: servers * DAY_SECONDS + seconds, mail: whole + mail }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::CalendarShape;
    use crate::time::SimTime;

    fn at(text: &str) -> SimTime {
        text.parse().unwrap()
    }

    fn calendar() -> Calendar {
        Calendar::new(&CalendarShape::default(), at("2026-09-07"), at("2026-10-07"))
    }

    /// From when to when, in which class, at which volume.
    const STRETCHES: [(&str, &str, usize, u64); 4] = [
        ("2026-09-07", "2026-10-07", 0, 560_123),
        ("2026-09-07T11:00:00Z", "2026-09-07T11:00:01Z", 1, 77),
        ("2026-09-08T12:00:00Z", "2026-09-30T06:00:00Z", 1, 1_000_000),
        ("2026-09-30T06:00:00Z", "2026-10-01", 1, 999_999_999_999_999),
    ];

    fn entered() -> Series {
        let calendar = calendar();
        let mut series = Series::new(3, calendar.days());
        for (from, to, class, volume) in STRETCHES {
            let [from, to] = [from, to].map(|text| calendar.moment(at(text)));
            series.enter(Class(class as u8), volume, Stretch { from, to });
        }
        series
    }

    #[test]
    fn days_read_back_are_what_was_entered_on_each() {
        let (calendar, series) = (calendar(), entered());
        for class in 0..3 {
            let mut expected = vec![DayTotal::default(); calendar.days()];
            for (from, to, _, volume) in STRETCHES.iter().filter(|stretch| stretch.2 == class) {
                for (day, total) in expected.iter_mut().enumerate() {
                    let midnight = calendar.first().start().seconds() + day as i64 * DAY_SECONDS;
                    let [first, last] = [from, to].map(|text| (at(text).seconds() - midnight).clamp(0, DAY_SECONDS));
                    total.seconds += last - first;
                    total.mail += i128::from(*volume) * i128::from(calendar.level(day) * (last - first));
                }
            }
            assert_eq!(series.days_of(&calendar, class).collect::<Vec<_>>(), expected, "class {class}");
        }
    }

    #[test]
    fn servers_entered_together_are_as_those_entered_one_by_one() {
        let (calendar, class) = (calendar(), Class(1));
        let [from, to] = ["2026-09-08T12:00:00Z", "2026-09-08T18:00:07Z"].map(|text| calendar.moment(at(text)));
        let [mut each, mut together] = [(); 2].map(|()| Series::new(2, calendar.days()));
        [3, 435_000].into_iter().for_each(|volume| each.enter(class, volume, Stretch { from, to }));
        together.enter_servers(class, from, 2, 435_003);
        together.enter_servers(class, to, -2, -435_003);
        assert_eq!(each, together);
    }

    #[test]
    fn merged_series_are_twice_as_much() {
        let (calendar, series) = (calendar(), entered());
        let mut twice = series.clone();
        twice.merge(&series);
        for class in 0..3 {
            for (once, both) in series.days_of(&calendar, class).zip(twice.days_of(&calendar, class)) {
                assert_eq!((2 * once.seconds, 2 * once.mail), (both.seconds, both.mail));
            }
        }
    }
}
