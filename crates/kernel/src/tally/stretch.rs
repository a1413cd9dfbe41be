//! A stretch of time that a server spends in one class, by its two edges.
//!
//! A stretch ends where the next one of the same server begins, so an edge is worked out once and serves both. All that a tally
//! needs of a stretch is known at its edges, however many days lie between them.

use crate::mail::{Calendar, MailAmount, Moment};
use crate::time::SimTime;

/// An instant as a server of some volume sees it: how much mail it would have sent by then, had it been there from the first
/// day on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Edge {
    moment: Moment,
    /// Nano-messages from the calendar's first day up to the instant; of that day's part rounded down.
    before: MailAmount,
    /// Whether rounding took anything away; then what is sent after the instant is rounded down, too.
    rounded: bool,
}

impl Edge {
    /// The edge at an instant for a server of `volume` milli-messages a day, at most 10^15.
    #[inline(always)]
    pub fn new(calendar: &Calendar, volume: u64, at: SimTime) -> Self {
        Edge::at(calendar, volume, calendar.moment(at))
    }

    /// The same, at a place in the calendar.
    #[inline(always)]
    pub(crate) fn at(calendar: &Calendar, volume: u64, moment: Moment) -> Self {
        let (before, rounded) = calendar.mail_before(volume, moment);
        Edge { moment, before, rounded }
    }

    /// The place of the instant in the calendar.
    #[inline(always)]
    pub const fn moment(&self) -> Moment {
        self.moment
    }

    /// Nano-messages before the instant that a stretch beginning here has not sent: the part after it is rounded down.
    #[inline]
    pub(crate) fn missed(&self) -> MailAmount {
        self.before + MailAmount::from(self.rounded)
    }

    /// Nano-messages before the instant that a stretch ending here has sent, but for those it missed.
    #[inline]
    pub(crate) fn sent(&self) -> MailAmount {
        self.before
    }
}

/// The time of a server in one class, `[from, to)`; the edges are those of one server and calendar, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// First instant.
    pub from: Edge,
    /// First instant after it.
    pub to: Edge,
}

impl Stretch {
    /// Seconds of the stretch.
    #[inline]
    pub fn seconds(&self) -> i64 {
        self.to.moment.seconds() - self.from.moment.seconds()
    }

    /// The day in which the stretch both begins and ends, if it does.
    #[inline]
    pub(crate) fn within_day(&self) -> Option<usize> {
        let day = self.from.moment.day();
        (day == self.to.moment.day()).then_some(day)
    }

    /// Nano-messages sent in a stretch that ends on a later day than it begins.
    #[inline]
    pub(crate) fn beyond_day(&self) -> MailAmount {
        self.to.sent() - self.from.missed()
    }

    /// Nano-messages sent in the stretch at `volume` milli-messages a day: the part of the first day, the full days between and
    /// the part of the last day, each rounded down.
    #[inline]
    pub fn mail(&self, calendar: &Calendar, volume: u64) -> MailAmount {
        match self.within_day() {
            Some(day) => calendar.part_of_day(volume, day, self.seconds()),
            None => self.beyond_day(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::CalendarShape;
    use crate::time::DAY_SECONDS;

    fn at(text: &str) -> SimTime {
        text.parse().unwrap()
    }

    /// The sum that the edges stand for: the parts at both ends by themselves, and the full days between them.
    fn summed(calendar: &Calendar, volume: u64, from: Moment, to: Moment) -> MailAmount {
        if from.day() == to.day() {
            return calendar.part_of_day(volume, from.day(), to.second() - from.second());
        }
        let head = calendar.part_of_day(volume, from.day(), DAY_SECONDS - from.second());
        let tail = if to.second() > 0 { calendar.part_of_day(volume, to.day(), to.second()) } else { 0 };
        head + calendar.full_days(volume, from.day() + 1, to.day()) + tail
    }

    #[test]
    fn edges_give_what_parts_and_full_days_add_up_to() {
        let calendar = Calendar::new(&CalendarShape::default(), at("2026-09-07"), at("2026-10-07"));
        let times = [
            "2026-09-07",
            "2026-09-07T10:00:00Z",
            "2026-09-07T10:00:01Z",
            "2026-09-08",
            "2026-09-12T23:59:59Z",
            "2026-09-20T23:59:59Z",
            "2026-10-07",
        ];
        // The greatest volume there is needs more than 64 bits.
        for volume in [0, 1, 77, 560_123, 86_400_000, 999_999_999_999_999] {
            for (i, from) in times.iter().enumerate() {
                for to in &times[i + 1..] {
                    let [from, to] = [*from, *to].map(at);
                    let [first, last] = [from, to].map(|at| Edge::new(&calendar, volume, at));
                    let stretch = Stretch { from: first, to: last };
                    let expected = summed(&calendar, volume, first.moment(), last.moment());
                    assert_eq!(stretch.mail(&calendar, volume), expected, "{volume}: {from} to {to}");
                    assert_eq!(stretch.seconds(), to.since(from).seconds());
                }
            }
        }
    }
}
