//! What every study rests on, whatever its files say: facts with their sources, assumptions, and what the model leaves out.
//!
//! One list for the report, the description of a model and the README. What a study assumes beyond it stands in the comments
//! of its files.

/// What a statement rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grounds {
    /// Public sources, named.
    Sources(&'static str),
    /// Nothing but judgement.
    Assumed,
    /// The model does without it.
    LeftOut,
}

impl Grounds {
    /// In words: the sources, `assumed` or `left out`.
    pub fn words(self) -> &'static str {
        match self {
            Grounds::Sources(sources) => sources,
            Grounds::Assumed => "assumed",
            Grounds::LeftOut => "left out",
        }
    }
}

/// One statement about the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assumption {
    /// What it is about, in a few words.
    pub about: &'static str,
    /// The statement.
    pub says: &'static str,
    /// What it rests on.
    pub basis: Grounds,
}

const fn sourced(about: &'static str, says: &'static str, sources: &'static str) -> Assumption {
    Assumption { about, says, basis: Grounds::Sources(sources) }
}

const fn assumed(about: &'static str, says: &'static str) -> Assumption {
    Assumption { about, says, basis: Grounds::Assumed }
}

const fn left_out(about: &'static str, says: &'static str) -> Assumption {
    Assumption { about, says, basis: Grounds::LeftOut }
}

/// The standing list: sourced first, then assumed, then left out.
pub const STANDING: &[Assumption] = &[
    sourced(
        "Announced ladder, stages 1 to 4 and 8",
        "30 days of reports, then 5, 10 and 20 throttled minutes an hour for 10 days each; everything is blocked from day 90 on.",
        "several independent sources: rafaelpfister.ch (2026-09-07), blog.pmail.idv.tw (2024), the server record at a6n.co.uk \
         (May 2024), bounces in Microsoft Q&A 2077487 and 2110876",
    ),
    sourced(
        "Announced ladder, stages 5 to 7",
        "30 throttled and 5 blocked minutes, then 10 and 20 blocked minutes. Microsoft's own table is an image that was not \
         available as text.",
        "one source: rafaelpfister.ch (2026-09-07)",
    ),
    sourced(
        "Throttling in stages 6 and 7",
        "Sources disagree whether throttling goes on beside the blocking. There is a preset for each reading: microsoft-2023 \
         without, microsoft-2023-throttle-kept with 30 minutes.",
        "without: rafaelpfister.ch; with: blog.pmail.idv.tw, oneneck.com",
    ),
    sourced(
        "Clock and pause",
        "The clock of a server starts at its own first detection. A tenant may pause 90 days in a calendar year, in pieces of \
         whole days.",
        "Microsoft, techcommunity 4007169; server record at a6n.co.uk (May 2024)",
    ),
    sourced(
        "Clock during a pause",
        "The clock stands still; enforcement goes on afterwards in the same stage.",
        "one source: rafaelpfister.ch; the server record at a6n.co.uk fits it",
    ),
    sourced(
        "Retries of deferred mail",
        "A sender tries again after 4 times 1 minute, 6 times 5 minutes, then every 10 minutes (Edge: 6 times 10, then every \
         30), or at one fixed interval, and gives up after two days.",
        "Microsoft, message-intervals and Set-TransportService; which of these timers applies is not known",
    ),
    assumed(
        "Behaviour under enforcement",
        "How much sooner people act when they are reported, throttled or blocked. Nobody has published data on this; the \
         figures lean on other fields (notices, quarantines, deadlines).",
    ),
    assumed("Use of pauses", "How many tenants pause, when and for how long. There is no public data."),
    assumed(
        "Minutes within the hour",
        "Where the throttled and blocked minutes lie in an hour is not public. Unless a scenario says otherwise they lie \
         apart; other layouts change the share of lost mail in stage 5 up to seven times.",
    ),
    assumed(
        "Raised baselines",
        "A server that falls below a raised baseline starts anew at stage 1; detections spread evenly over the days stated. The \
         announcements are silent on both.",
    ),
    assumed(
        "Pause days",
        "A day is charged to the calendar year it begins in; a pause in the report stage stops the clock too.",
    ),
    assumed(
        "Who acts when",
        "Decisions fall at random at rates that depend on the stage; tenants differ by a lognormal diligence, and some never \
         act unless they are blocked.",
    ),
    assumed(
        "Mail",
        "A server sends a steady volume, shaped by weekday and year's end, counted as an expectation. A stage is taken to last \
         while one of its messages is retried, at most two days.",
    ),
    left_out(
        "Rerouted mail",
        "Nobody sends around the block through other servers or services, so losses are an upper bound in that.",
    ),
    left_out("Consultants' capacity", "Help is never scarce, however many tenants need it at once."),
    left_out("Influence between tenants", "Tenants act independently of one another."),
    left_out("Compromised servers", "Exposure counts messages from non-compliant servers, not attacks or damage."),
    left_out("Changes of mind", "The schedule holds to the end, as announced or as the scenario says."),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_statement_says_what_it_rests_on_and_nothing_is_said_twice() {
        for (i, assumption) in STANDING.iter().enumerate() {
            assert!(assumption.says.ends_with('.') && !assumption.says.contains("  "), "{}", assumption.says);
            assert!(!assumption.basis.words().is_empty());
            assert!(STANDING[..i].iter().all(|earlier| earlier.about != assumption.about));
        }
    }
}
