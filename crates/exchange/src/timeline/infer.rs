//! How many days were paused, told by the date of the next stage.
//!
//! A report names the rates of the next stage and its start. The ladder says on which day of the clock that stage begins;
//! what the reported start lies behind that may have been paused (DOMAIN 3.4); other causes cannot be excluded, so whatever follows
//! is marked as inferred. Where the pause lay is not told. It is placed at the beginning of the stage before the next one, and
//! never after the instant asked for: a pause can only have been granted by then. Every inference is checked by asking the engine.

use super::note::Misfit;
use crate::ladders::{self, PRESETS};
use brownout_kernel::policy::{Minutes, PauseBook, PauseRequest, Policy, history};
use brownout_kernel::time::{DAY_SECONDS, SimTime};

/// Minutes of an hour as a report gives them, 0 to 60 each; nothing says that an hour holds both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReportedMinutes {
    /// Throttled minutes.
    pub throttle: u8,
    /// Blocked minutes.
    pub block: u8,
}

impl From<Minutes> for ReportedMinutes {
    fn from(minutes: Minutes) -> Self {
        ReportedMinutes { throttle: minutes.throttle(), block: minutes.block() }
    }
}

impl PartialEq<Minutes> for ReportedMinutes {
    fn eq(&self, minutes: &Minutes) -> bool {
        *self == ReportedMinutes::from(*minutes)
    }
}

/// The next stage as a report gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reported {
    /// First detection.
    pub detected: SimTime,
    /// Start of the next stage.
    pub start: SimTime,
    /// Its minutes.
    pub minutes: ReportedMinutes,
}

/// What explains a reported date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Explained {
    /// The stage that comes next, counted from 0.
    pub stage: usize,
    /// The pause that must have been, if any.
    pub pause: Option<PauseRequest>,
}

/// The pause that makes a ladder give the reported date, or none if it does by itself.
///
/// - `at`: the instant by which a pause must have been granted.
///
/// # Errors
/// [`Misfit`]: no stage has these rates, or no whole number of paused days leads to the date.
pub fn explain(policy: &Policy, reported: &Reported, at: SimTime) -> Result<Explained, Misfit> {
    let stages = policy.ladder().stages().iter().enumerate().skip(1);
    let alike: Vec<usize> = stages.filter(|(_, stage)| reported.minutes == stage.minutes()).map(|(k, _)| k).collect();
    let mut misfit = Misfit::NoSuchStage;
    // The latest such stage needs the fewest paused days.
    for stage in alike.into_iter().rev() {
        match explain_by(policy, reported, at, stage) {
            Ok(explained) => return Ok(explained),
            Err(found) => misfit = found,
        }
    }
    Err(misfit)
}

fn explain_by(policy: &Policy, reported: &Reported, at: SimTime, stage: usize) -> Result<Explained, Misfit> {
    let ladder = policy.ladder();
    let unpaused = reported.detected + ladder.start_of(stage);
    let seconds = reported.start.since(unpaused).seconds();
    if seconds < 0 {
        return Err(Misfit::Earlier { unpaused });
    }
    if seconds % DAY_SECONDS != 0 {
        return Err(Misfit::NotWholeDays { unpaused });
    }
    if seconds == 0 {
        return Ok(Explained { stage, pause: None });
    }
    let too_many = Misfit::NoSuchPause { unpaused, days: seconds / DAY_SECONDS };
    let days = u32::try_from(seconds / DAY_SECONDS).map_err(|_| too_many)?;
    let begun = (reported.detected + ladder.start_of(stage - 1)).min(at).max(reported.detected);
    let pause = PauseRequest { at: begun, days };
    if days <= DAYS_MAX && confirms(policy, reported, &[pause]) {
        return Ok(Explained { stage, pause: Some(pause) });
    }
    Err(too_many)
}

/// More paused days than this are not believed.
const DAYS_MAX: u32 = 3_660;

/// Whether a policy with these pauses gives the reported date; not if its budgets could not have paid for them.
pub fn confirms(policy: &Policy, reported: &Reported, pauses: &[PauseRequest]) -> bool {
    let Ok(grants) = PauseBook::new().grant_all(policy.pauses(), pauses) else { return false };
    let periods = history(policy, reported.detected, &grants);
    let mut starts = periods.windows(2).filter(|pair| pair[0].stage < pair[1].stage).map(|pair| pair[1]);
    starts.any(|start| {
        start.from == reported.start && reported.minutes == policy.ladder().stages()[start.stage].minutes()
    })
}

/// The first preset that explains a reported date which `policy` cannot explain, and the paused days it takes.
pub fn better_preset(policy: &Policy, reported: &Reported) -> Option<(&'static str, u32)> {
    PRESETS.into_iter().filter(|name| *name != policy.ladder().name()).find_map(|name| {
        let mut other = policy.clone();
        other.set_ladder(ladders::preset(name)?).ok()?;
        let explained = explain(&other, reported, SimTime::NEVER).ok()?;
        Some((name, explained.pause.map_or(0, |pause| pause.days)))
    })
}

/// One pause that explains the reported dates of all servers of a tenant; `None` if there is none.
///
/// Pauses belong to the tenant, so what one server's date betrays held for the others too.
///
/// - `own`: what explains each server by itself. The longest pause is tried at its own place, then day by day backwards
///   from the last moment at which it could have begun.
/// - `at`: the instant by which it must have been granted.
pub fn shared_pause(policy: &Policy, own: &[(Reported, Explained)], at: SimTime) -> Option<Option<PauseRequest>> {
    let pauses =
        own.iter().filter_map(|(reported, explained)| explained.pause.map(|pause| (reported, explained, pause)));
    let Some((reported, explained, longest)) = pauses.max_by_key(|(_, _, pause)| pause.days) else { return Some(None) };
    let day_last = policy.ladder().start_of(explained.stage).seconds() / DAY_SECONDS - 1;
    let days = (0..=day_last).rev().map(|day| reported.detected + brownout_kernel::time::SimDuration::from_days(day));
    let mut places = std::iter::once(longest.at).chain(days).map(|at| PauseRequest { at, days: longest.days });
    let explains_all =
        |pause: &PauseRequest| pause.at <= at && own.iter().all(|(other, _)| confirms(policy, other, &[*pause]));
    places.find(explains_all).map(Some)
}
