//! When somebody is at the desk who can run the command of a pause.

use brownout_kernel::time::{Day, SimDuration, SimTime};

/// The times at which pauses can begin: on every day at one second, but for some days.
///
/// All pauses begin at the same second of the day, so that whole days of pause fit together; whoever makes a desk chooses a
/// second at which it is staffed as often as can be. The default is a desk that is always open, and pauses that begin at midnight.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Desk {
    /// Second of the day, UTC, 0 to 86,399.
    pub begins: i64,
    /// Days, UTC, on which nobody is there at that second, rising.
    pub closed: Vec<Day>,
}

impl Desk {
    /// The instant of a day at which a pause can begin or end.
    pub fn instant(&self, day: Day) -> SimTime {
        day.start() + SimDuration::from_seconds(self.begins)
    }

    /// Whether a pause can begin on a day.
    pub fn is_open(&self, day: Day) -> bool {
        self.closed.binary_search(&day).is_err()
    }

    /// Whether somebody is always there.
    pub fn is_always_open(&self) -> bool {
        *self == Desk::default()
    }

    /// The first instant from `at` on at which a pause can begin, if there is one in so many days.
    pub fn next(&self, at: SimTime, days: i32) -> Option<SimTime> {
        if self.is_always_open() {
            return Some(at);
        }
        let first = at.day().number();
        let open = (first..=first + days).map(Day::from_number).filter(|&day| self.is_open(day));
        open.map(|day| self.instant(day)).find(|&opens| opens >= at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_opening_is_the_first_on_a_day_that_is_not_closed() {
        let day = Day::from_number;
        let desk = Desk { begins: 7 * 3600, closed: vec![day(101), day(102)] };
        assert_eq!(desk.next(day(100).start(), 9), Some(desk.instant(day(100))));
        assert_eq!(desk.next(desk.instant(day(100)) + SimDuration::from_seconds(1), 9), Some(desk.instant(day(103))));
        assert_eq!(desk.next(day(101).start(), 1), None);
        let odd = day(7).start() + SimDuration::from_seconds(55);
        assert_eq!(Desk::default().next(odd, 0), Some(odd));
    }
}
