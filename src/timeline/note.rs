//! What a reader must know about the dates, worded for the person who runs the servers.

use std::fmt;

use crate::policy::Minutes;
use crate::time::SimTime;

/// Why a reported date does not follow from a ladder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misfit {
    /// No later stage has these rates.
    NoSuchStage,
    /// The date lies before the earliest one possible.
    Earlier {
        /// When the stage begins without pauses.
        unpaused: SimTime,
    },
    /// The date is no whole number of days later than without pauses.
    NotWholeDays {
        /// When the stage begins without pauses.
        unpaused: SimTime,
    },
    /// The rules of pauses do not allow so many days, or do not stop the clock.
    NoSuchPause {
        /// When the stage begins without pauses.
        unpaused: SimTime,
        /// Days that would have to be paused.
        days: i64,
    },
}

/// Something a reader of the dates must know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// The reported date betrays paused days, and where they were placed is assumed.
    PauseAssumed {
        /// Name of the next stage.
        next: String,
        /// Its reported start.
        reported: SimTime,
        /// Paused days by this server's date; fewer than were placed if part of the pause did not concern it.
        days: i64,
        /// First assumed paused instant.
        from: SimTime,
        /// First instant after it.
        to: SimTime,
    },
    /// The pauses given explain the reported date.
    PauseConfirmed {
        /// Name of the next stage.
        next: String,
        /// Its reported start.
        reported: SimTime,
    },
    /// Neither the ladder nor pauses explain the reported date.
    Unexplained {
        /// Reported start of the next stage.
        reported: SimTime,
        /// Reported minutes.
        minutes: Minutes,
        /// Name of the policy.
        policy: String,
        /// What does not fit.
        misfit: Misfit,
        /// A preset that does, and the paused days it takes.
        instead: Option<(&'static str, u32)>,
    },
    /// The report names no next stage, so nothing is known of pauses.
    NoNextStage,
    /// The report names no next stage of this server; the pause that other servers betray is counted in.
    PauseShared,
    /// The report is older than the instant asked for: what it calls next has begun.
    Outdated {
        /// Reported start of the stage it calls next.
        reported: SimTime,
    },
    /// Headline dates of the report do not count pauses.
    HeadlinesMoved {
        /// Fields of the report that lie before the real dates.
        fields: Vec<&'static str>,
    },
    /// Servers of one report need different pauses.
    NoSharedPause,
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Misfit::NoSuchStage => f.write_str("no later stage of it has these minutes"),
            Misfit::Earlier { unpaused } => write!(f, "that stage begins on {unpaused} at the earliest"),
            Misfit::NotWholeDays { unpaused } => {
                write!(f, "that stage begins on {unpaused} without pauses, and the difference is not in whole days")
            }
            Misfit::NoSuchPause { unpaused, days } => write!(
                f,
                "that stage begins on {unpaused} without pauses, and its rules allow no pause that adds {days} days"
            ),
        }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Note::PauseAssumed { next, reported, days, from, to } => {
                let placed = to.since(*from).days_ceil();
                write!(
                    f,
                    "the report has stage {next} begin on {reported}, {days} days later than without pauses; {placed} paused days are assumed, placed from {} to \
                     {}. Where they really lay is not in the report; if you know, give --pause START:DAYS",
                    from.day(),
                    to.day()
                )
            }
            Note::PauseConfirmed { next, reported } => {
                write!(f, "the report has stage {next} begin on {reported}, just as the pauses given make it")
            }
            Note::Unexplained { reported, minutes, policy, misfit, instead } => {
                let Minutes { throttle, block } = *minutes;
                write!(
                    f,
                    "the report has the next stage ({throttle} throttled, {block} blocked minutes) begin on {reported}, which \
                     policy {policy} cannot explain: {misfit}; the dates here are those of the policy"
                )?;
                match instead {
                    Some((name, 0)) => write!(f, ". --policy {name} explains it"),
                    Some((name, days)) => write!(f, ". --policy {name} explains it with {days} paused days"),
                    None => Ok(()),
                }
            }
            Note::NoNextStage => f.write_str(
                "the report names no next stage, so past pauses cannot be worked out; give them with --pause START:DAYS",
            ),
            Note::PauseShared => f.write_str(
                "the report names no next stage; the pause assumed for the other servers, being the tenant's, is counted in",
            ),
            Note::Outdated { reported } => write!(
                f,
                "the report is old: what it calls the next stage began on {reported}; the dates here hold if nothing was paused \
                 or updated since. Export it again"
            ),
            Note::HeadlinesMoved { fields } => {
                write!(f, "{} in the report does not count pauses; the dates here do", fields.join(" or "))
            }
            Note::NoSharedPause => f.write_str(
                "no single pause explains the dates of all servers, so each server's dates assume a pause of its own; give \
                 the real ones with --pause START:DAYS",
            ),
        }
    }
}
