//! Servers and mail by class and day.

use super::{Class, Stretch};
use crate::mail::{Calendar, MailAmount, Moment};
use crate::time::DAY_SECONDS;

/// What happened in one class on one day. A stretch is entered at its edges alone: time and mail up to each of them, counted from
/// the calendar's beginning, so that nothing has to be worked out about the days between.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DayCell {
    /// Change in the servers that spend full days in the class from this day on.
    pub servers: i64,
    /// Server-seconds since the calendar's first midnight: more for stretches that end on this day, fewer for those that begin.
    pub seconds: i64,
    /// Change in the milli-messages a day of servers that spend full days in the class.
    pub volume: MailAmount,
    /// Nano-messages since the calendar's first day, in the same way.
    pub mail: MailAmount,
}

impl DayCell {
    #[inline(always)]
    fn enter_edge(&mut self, moment: Moment, servers: i64, volume: MailAmount, missed: MailAmount) {
        self.servers += servers;
        self.volume += volume;
        self.seconds -= servers * moment.seconds();
        self.mail -= missed;
    }
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
    /// Nano-messages sent.
    pub mail: MailAmount,
}

impl Series {
    /// An empty series.
    pub fn new(classes: usize, days: usize) -> Self {
        Series { days, cells: vec![DayCell::default(); classes * (days + 1)] }
    }

    /// Enters a server of `volume` milli-messages a day that spent a stretch in a class; returns the nano-messages it sent.
    #[inline(always)] // beside a call for each of millions of stretches its own work is small
    pub fn enter(&mut self, calendar: &Calendar, class: Class, volume: u64, stretch: Stretch) -> MailAmount {
        let Stretch { from, to } = stretch;
        if let Some(day) = stretch.within_day() {
            let mail = calendar.part_of_day(volume, day, stretch.seconds());
            self.enter_part(class, day, stretch.seconds(), mail);
            return mail;
        }
        // Both edges through one slice, so that it is looked up once.
        let (row, volume) = (self.row(class), MailAmount::from(volume));
        let cells = self.cells.as_mut_slice();
        cells[row + from.moment().day()].enter_edge(from.moment(), 1, volume, from.missed());
        cells[row + to.moment().day()].enter_edge(to.moment(), -1, -volume, -to.sent());
        stretch.beyond_day()
    }

    /// Enters server-seconds and nano-messages of part of a day.
    #[inline(never)] // few stretches end on the day on which they begin
    pub fn enter_part(&mut self, class: Class, day: usize, seconds: i64, mail: MailAmount) {
        let cell = self.cell(class, day);
        cell.seconds += seconds;
        cell.mail += mail;
    }

    /// Enters servers that come into a class at a moment (negative: that leave it).
    ///
    /// - `volume`: milli-messages a day of all of them;
    /// - `missed`: nano-messages that they did not send in the class, counted from the calendar's first day.
    #[inline(always)]
    pub fn enter_edge(&mut self, class: Class, moment: Moment, servers: i64, volume: MailAmount, missed: MailAmount) {
        self.cell(class, moment.day()).enter_edge(moment, servers, volume, missed);
    }

    #[inline(always)]
    fn row(&self, class: Class) -> usize {
        class.index() * (self.days + 1)
    }

    #[inline(always)]
    fn cell(&mut self, class: Class, day: usize) -> &mut DayCell {
        let row = self.row(class);
        &mut self.cells[row + day]
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
            // What happened before this day belongs to others: those who come had missed it, those who go had it there.
            let seconds = cell.seconds + cell.servers * day as i64 * DAY_SECONDS;
            let mail = cell.mail + cell.volume * MailAmount::from(calendar.level_before(day));
            let full = calendar.full_days_of(volume, day, day + 1);
            DayTotal { seconds: servers * DAY_SECONDS + seconds, mail: full + mail }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::CalendarShape;
    use crate::tally::Edge;
    use crate::time::SimTime;

    #[test]
    fn days_read_back_add_up_to_what_was_entered() {
        let at = |text: &str| text.parse::<SimTime>().unwrap();
        let calendar = Calendar::new(&CalendarShape::default(), at("2026-09-07"), at("2026-10-07"));
        let mut series = Series::new(3, calendar.days());
        let stretches = [
            ("2026-09-07", "2026-10-07", 0, 560_123),
            ("2026-09-07T11:00:00Z", "2026-09-07T11:00:01Z", 1, 77),
            ("2026-09-08T12:00:00Z", "2026-09-30T06:00:00Z", 1, 1_000_000),
        ];
        let mut sent = [0; 3];
        let mut seconds = [0; 3];
        for (from, to, class, volume) in stretches {
            let [first, last] = [from, to].map(|text| Edge::new(&calendar, volume, at(text)));
            sent[class] += series.enter(&calendar, Class(class as u8), volume, Stretch { from: first, to: last });
            seconds[class] += at(to).since(at(from)).seconds();
        }
        let mut twice = series.clone();
        twice.merge(&series);
        for class in 0..3 {
            let total = |series: &Series| {
                series.days_of(&calendar, class).fold((0, 0), |sum, day| (sum.0 + day.mail, sum.1 + day.seconds))
            };
            assert_eq!(total(&series), (sent[class], seconds[class]));
            assert_eq!(total(&twice), (2 * sent[class], 2 * seconds[class]));
        }
    }
}
