//! What a reader must know about the dates, worded for the person who runs the servers.

use crate::powershell::GET_PAUSES;
use std::fmt;

use brownout_kernel::policy::{Charge, PauseRules};
use brownout_kernel::time::SimTime;
use brownout_text::words::counted;

use super::infer::ReportedMinutes;
use super::rules::{Applied, Rule};
use super::summer::SummerTime;

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
        minutes: ReportedMinutes,
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
    /// The dates are local times over a change of the clocks.
    LocalTime(SummerTime),
    /// A rule that no source gives decides.
    RuleAssumed {
        /// The rule, and where it decides.
        applied: Applied,
        /// The policy's choice.
        rules: PauseRules,
    },
    /// First detection lies before the baseline in breach was in force.
    OlderDetection {
        /// First detection.
        detected: SimTime,
        /// Name of the baseline.
        baseline: String,
        /// When that came into force.
        effective: SimTime,
    },
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
                    "the report has stage {next} begin on {reported}, {days} days later than without pauses; {placed} paused days are inferred, placed from {} to \
                     {}. Where they really lay, and whether a pause or another cause made the stage late, is not in the report; \
                     {GET_PAUSES} tells. If you know, give --pause START:DAYS",
                    from.day(),
                    to.day()
                )
            }
            Note::PauseConfirmed { next, reported } => {
                write!(f, "the report has stage {next} begin on {reported}, just as the pauses given make it")
            }
            Note::Unexplained { reported, minutes, policy, misfit, instead } => {
                let ReportedMinutes { throttle, block } = *minutes;
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
                "no single pause explains the dates of all servers, so each server keeps its own lateness and none is laid on \
                 another; give the real pauses with --pause START:DAYS",
            ),
            Note::LocalTime(summer) => local_time(f, summer),
            Note::RuleAssumed { applied, rules } => rule_assumed(f, applied, rules),
            Note::OlderDetection { detected, baseline, effective } => write!(
                f,
                "first detected on {}, before baseline {baseline} was in force ({}): detected under an older one. Whether a raise starts \
                 a fresh clock is not known; go by the report's own dates",
                detected.day(),
                effective.day()
            ),
        }
    }
}

fn local_time(f: &mut fmt::Formatter<'_>, summer: &SummerTime) -> fmt::Result {
    let places: Vec<String> =
        summer.places.iter().flatten().map(|(place, at)| format!("in {place} on {}", at.day())).collect();
    let place = match places.as_slice() {
        [] => String::new(),
        [one] => format!(" (clocks changed {one})"),
        several => format!(
            " (clocks changed {}: which is meant is not known, so dates between those days may be an hour off)",
            several.join(", ")
        ),
    };
    write!(
        f,
        "the report's dates are local times: from {} on they are an hour off whole days, as summer time makes it{place}; days are \
         counted without that hour, and the dates here agree with the report's",
        summer.change.day()
    )
}

fn rule_assumed(f: &mut fmt::Formatter<'_>, applied: &Applied, rules: &PauseRules) -> fmt::Result {
    let day = applied.from.day();
    match applied.rule {
        Rule::ReportStage if rules.freezes_report() => write!(
            f,
            "assumed: a pause in the report stage ({day}) stops the clock, so that throttling comes later by its days. No source says \
             so; if it does not, everything comes up to {} earlier than shown (policy field pauses.freezes_report)",
            counted(applied.days.unsigned_abs(), "day")
        ),
        Rule::ReportStage => write!(
            f,
            "assumed: a pause in the report stage ({day}) does not stop the clock (policy field pauses.freezes_report); no source says"
        ),
        Rule::NewYear => {
            let charged = match rules.charge() {
                Charge::YearOfDay => "each day is charged to the year it begins in",
                Charge::YearOfGrant => "all days are charged to the year of the grant",
            };
            write!(
                f,
                "assumed: of the pause over New Year ({day}) {charged}; no source says (policy field pauses.charge)"
            )
        }
        Rule::Extension => write!(
            f,
            "assumed: the grant of {day} falls into a running pause and extends it by its days, rather than starting at once beside it; \
             the cmdlet's page says \"creates or extends\" and no more"
        ),
    }
}
