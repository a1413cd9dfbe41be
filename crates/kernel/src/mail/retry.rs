//! When a sender tries a deferred message again.

use crate::limits::{Limits, Refusal};

/// Seconds after which a message that was never accepted expires: 2 days (DOMAIN 4.2, `MessageExpirationTimeout`).
pub const EXPIRY_SECONDS: u32 = 2 * 86_400;

/// The sender's retry schedule. Instants count from the first attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RetrySchedule {
    /// Exchange Mailbox role: 4 times 1 min, 6 times 5 min, then every 10 min.
    Mailbox,
    /// Exchange Edge role: 4 times 1 min, 6 times 10 min, then every 30 min.
    Edge,
    /// One fixed message interval of so many minutes (documented as 5 and as 15).
    Fixed {
        /// Minutes between attempts, 1 to 1440.
        minutes: u32,
    },
}

impl std::fmt::Display for RetrySchedule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            RetrySchedule::Mailbox => f.write_str("mailbox"),
            RetrySchedule::Edge => f.write_str("edge"),
            RetrySchedule::Fixed { minutes } => write!(f, "every {minutes} min"),
        }
    }
}

impl RetrySchedule {
    /// Minutes between attempts at a fixed interval.
    pub const MINUTES: Limits<i64> = Limits::new("minutes", 1, 1440, " minutes");

    /// The schedule, if it goes on in time. Whoever keeps one asks.
    ///
    /// # Errors
    /// If its interval lies outside [`MINUTES`](Self::MINUTES).
    pub fn check(self) -> Result<Self, Refusal> {
        match self {
            RetrySchedule::Fixed { minutes } => Self::MINUTES.check(minutes.into()).map(|_| self),
            RetrySchedule::Mailbox | RetrySchedule::Edge => Ok(self),
        }
    }

    /// Seconds after the first attempt of every further attempt before the message expires.
    ///
    /// ```
    /// use brownout_kernel::mail::RetrySchedule;
    /// let first: Vec<_> = RetrySchedule::Mailbox.instants().take(6).map(|s| s / 60).collect();
    /// assert_eq!(first, [1, 2, 3, 4, 9, 14]);
    /// ```
    ///
    /// # Source
    /// DOMAIN 4.2: Microsoft's message-intervals page and the reference of `Set-TransportService`.
    pub fn instants(self) -> impl Iterator<Item = u32> {
        let (glitch, transient, then) = match self {
            RetrySchedule::Mailbox => (60, 300, 600),
            RetrySchedule::Edge => (60, 600, 1800),
            RetrySchedule::Fixed { minutes } => (minutes * 60, minutes * 60, minutes * 60),
        };
        let gaps =
            std::iter::repeat_n(glitch, 4).chain(std::iter::repeat_n(transient, 6)).chain(std::iter::repeat(then));
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
    fn instants_are_those_of_the_documents() {
        let minutes = |schedule: RetrySchedule| schedule.instants().map(|s| s / 60).collect::<Vec<_>>();
        let mailbox = minutes(RetrySchedule::Mailbox);
        assert_eq!(mailbox[..13], [1, 2, 3, 4, 9, 14, 19, 24, 29, 34, 44, 54, 64]);
        assert_eq!(mailbox.iter().filter(|&&m| m <= 60).count(), 12);
        assert_eq!(mailbox.iter().filter(|&&m| m <= 240).count(), 30);
        let edge = minutes(RetrySchedule::Edge);
        assert_eq!(edge[..12], [1, 2, 3, 4, 14, 24, 34, 44, 54, 64, 94, 124]);
        assert_eq!(edge.iter().filter(|&&m| m <= 60).count(), 9);
        assert_eq!(edge.iter().filter(|&&m| m <= 240).count(), 15);
    }

    #[test]
    fn no_attempt_follows_the_expiry() {
        let last = RetrySchedule::Fixed { minutes: 15 }.instants().last().unwrap();
        assert_eq!(last, EXPIRY_SECONDS - 900);
    }
}
