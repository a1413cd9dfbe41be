//! When the transport of Exchange tries a deferred message again (DOMAIN 4.2: Microsoft's message-intervals page and the reference
//! of `Set-TransportService`).

use brownout_kernel::mail::{RetrySchedule, Steps};

/// The Mailbox role: 4 times 1 min, 6 times 5 min, then every 10 min.
pub const MAILBOX: RetrySchedule =
    RetrySchedule::Stepped(Steps { first: (4, 1), next: (6, 5), then: 10, name: "mailbox" });

/// The Edge role: 4 times 1 min, 6 times 10 min, then every 30 min.
pub const EDGE: RetrySchedule = RetrySchedule::Stepped(Steps { first: (4, 1), next: (6, 10), then: 30, name: "edge" });

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_those_of_the_documents() {
        let minutes = |schedule: RetrySchedule| schedule.instants().map(|s| s / 60).collect::<Vec<_>>();
        let mailbox = minutes(MAILBOX);
        assert_eq!(mailbox[..13], [1, 2, 3, 4, 9, 14, 19, 24, 29, 34, 44, 54, 64]);
        assert_eq!(mailbox.iter().filter(|&&m| m <= 60).count(), 12);
        assert_eq!(mailbox.iter().filter(|&&m| m <= 240).count(), 30);
        let edge = minutes(EDGE);
        assert_eq!(edge[..12], [1, 2, 3, 4, 14, 24, 34, 44, 54, 64, 94, 124]);
        assert_eq!(edge.iter().filter(|&&m| m <= 60).count(), 9);
        assert_eq!(edge.iter().filter(|&&m| m <= 240).count(), 15);
    }
}
