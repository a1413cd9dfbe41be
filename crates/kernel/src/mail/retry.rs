//! When a sender tries a deferred message again.

use crate::limits::{Limits, Refusal};

/// Seconds after which a message that was never accepted expires: 2 days (DOMAIN 4.2).
pub const EXPIRY_SECONDS: u32 = 2 * 86_400;

/// The sender's retry schedule. Instants count from the first attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RetrySchedule {
    /// A few retries soon, a few more later, then one interval.
    Stepped(Steps),
    /// One fixed message interval of so many minutes (documented as 5 and as 15).
    Fixed {
        /// Minutes between attempts, 1 to 1440.
        minutes: u32,
    },
}

/// The steps of a schedule that tries soon at first: what a kind of sender does, so the domain states it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Steps {
    /// How many retries come first, and the minutes before each.
    pub first: (u16, u16),
    /// How many come next, and the minutes before each.
    pub next: (u16, u16),
    /// Minutes before each of all others.
    pub then: u16,
    /// What people call the schedule.
    pub name: &'static str,
}

impl std::fmt::Display for RetrySchedule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            RetrySchedule::Stepped(steps) => f.write_str(steps.name),
            RetrySchedule::Fixed { minutes } => write!(f, "every {minutes} min"),
        }
    }
}

impl RetrySchedule {
    /// Minutes between two attempts.
    pub const MINUTES: Limits<i64> = Limits::new("minutes", 1, 1440, " minutes");

    /// The schedule, if it goes on in time. Whoever keeps one asks.
    ///
    /// # Errors
    /// If an interval lies outside [`MINUTES`](Self::MINUTES).
    pub fn check(self) -> Result<Self, Refusal> {
        match self {
            RetrySchedule::Fixed { minutes } => Self::MINUTES.check(minutes.into()).map(|_| self),
            RetrySchedule::Stepped(Steps { first, next, then, .. }) => {
                let all = [first.1, next.1, then].into_iter();
                all.map(|minutes| Self::MINUTES.check(minutes.into())).collect::<Result<Vec<_>, _>>().map(|_| self)
            }
        }
    }

    /// Seconds after the first attempt of every further attempt before the message expires.
    ///
    /// ```
    /// use brownout_kernel::mail::{RetrySchedule, Steps};
    /// let steps = Steps { first: (4, 1), next: (6, 5), then: 10, name: "eager" };
    /// let first: Vec<_> = RetrySchedule::Stepped(steps).instants().take(6).map(|s| s / 60).collect();
    /// assert_eq!(first, [1, 2, 3, 4, 9, 14]);
    /// ```
    pub fn instants(self) -> impl Iterator<Item = u32> {
        let Steps { first, next, then, .. } = match self {
            RetrySchedule::Stepped(steps) => steps,
            RetrySchedule::Fixed { minutes } => {
                Steps { first: (0, 0), next: (0, 0), then: u16::try_from(minutes).unwrap_or(u16::MAX), name: "" }
            }
        };
        let repeat = |(count, minutes): (u16, u16)| std::iter::repeat_n(u32::from(minutes) * 60, count.into());
        let gaps = repeat(first).chain(repeat(next)).chain(std::iter::repeat(u32::from(then) * 60));
        gaps.scan(0u32, |at, gap| {
            *at = at.saturating_add(gap);
            (*at < EXPIRY_SECONDS).then_some(*at)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_come_one_after_the_other() {
        let steps = Steps { first: (2, 1), next: (3, 10), then: 60, name: "patient" };
        let minutes: Vec<_> = RetrySchedule::Stepped(steps).instants().map(|s| s / 60).collect();
        assert_eq!(minutes[..7], [1, 2, 12, 22, 32, 92, 152]);
        assert!(RetrySchedule::Stepped(Steps { then: 0, ..steps }).check().is_err(), "it would never end");
    }

    #[test]
    fn no_attempt_follows_the_expiry() {
        let last = RetrySchedule::Fixed { minutes: 15 }.instants().last().unwrap();
        assert_eq!(last, EXPIRY_SECONDS - 900);
    }
}
