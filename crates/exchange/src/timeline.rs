//! The dates of servers under enforcement: every stage, the days that matter, where a server stands and what comes next.
//!
//! The rules stand in [`policy`](brownout_kernel::policy); here they are only asked, for one server ([`timeline`]) or for all servers
//! of a report ([`fleet`]). A report tells nothing of pauses, but the date of the next stage betrays how many days were
//! paused; [`infer`] works that out and says so in a [`Note`]. Values in, values out: printing is the caller's business.
//!
//! Left out: remediation. These are the dates of a server that nobody touches.
//!
//! ```
//! use brownout_exchange::ladders;
//! use brownout_kernel::policy::Policy;
//! use brownout_exchange::timeline::{Question, timeline};
//!
//! let policy = Policy::with_defaults(ladders::microsoft_2023());
//! let question = Question { policy: &policy, pauses: &[], used: &[], at: "2024-05-10".parse()? };
//! let timeline = timeline(&question, "2024-03-28T00:15:08Z".parse()?)?;
//! assert_eq!(timeline.headlines.blocked_from.unwrap().to_string(), "2024-05-27T00:15:08Z");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod dates;
mod fleet;
pub mod infer;
mod note;
mod record;
pub mod reply;
pub mod rules;
mod summer;
#[cfg(test)]
mod tests;
pub mod zone;

pub use dates::{Dates, Inferred, dates};
pub use fleet::{Fleet, Server, fleet};
pub use note::{Misfit, Note};
pub use summer::SummerTime;

use std::collections::{BTreeMap, BTreeSet};

use brownout_kernel::policy::{
    Answer, Ladder, Minutes, PauseError, PauseRequest, Period, Policy, Replies, Spent, Standing, WindowLayout, history,
    standing,
};
use brownout_kernel::time::SimTime;

/// What is asked about one server or many.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The policy that enforces.
    pub policy: &'a Policy,
    /// Pauses the tenant has had or plans.
    pub pauses: &'a [PauseRequest],
    /// Pause days spent besides those pauses: (calendar year, days).
    pub used: &'a [(i16, u32)],
    /// The instant of "now".
    pub at: SimTime,
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimelineError {
    /// A pause that the budget cannot pay.
    #[error(transparent)]
    Pause(#[from] PauseError),
    /// More days spent than a year has to spend.
    #[error("{days} pause days used in {year} are more than the {budget} a year allows; give {budget} at most")]
    UsedTooMuch {
        /// The year.
        year: i16,
        /// Days said to be used.
        days: u32,
        /// Days a year has.
        budget: u32,
    },
}

/// The dates of one server.
#[derive(Clone, Debug, PartialEq)]
pub struct Timeline {
    /// First detection.
    pub detected: SimTime,
    /// Adjoining stretches from first detection on, in each of which nothing changes; the last never ends.
    pub periods: Vec<Period>,
    /// The days that matter.
    pub headlines: Headlines,
    /// Where the server stands at the instant asked for; `None` before first detection.
    pub now: Option<Now>,
    /// Pause days of every calendar year that matters, in order.
    pub budget: Vec<YearBudget>,
}

/// The days that matter, pauses counted in; `None` for what never happens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Headlines {
    /// Mail is first throttled.
    pub throttled_from: Option<SimTime>,
    /// Mail is first blocked.
    pub blocked_from: Option<SimTime>,
    /// Every minute of the hour is blocked.
    pub all_blocked_from: Option<SimTime>,
}

/// Where a server stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Now {
    /// Stage, minutes and clock.
    pub standing: Standing,
    /// What a connection hears at this second; `None` where the layout leaves it to chance.
    pub answer: Option<Answer>,
    /// End of the pause that runs.
    pub paused_until: Option<SimTime>,
    /// The next change of stage or pause.
    pub next: Option<Period>,
}

/// Pause days of a calendar year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct YearBudget {
    /// The year.
    pub year: i16,
    /// Days used or planned.
    pub used: u32,
    /// Days left.
    pub left: u32,
}

/// The dates of a server first detected at `detected` that nobody touches.
///
/// # Errors
/// [`TimelineError`] if the pauses asked for, or the days said to be used, exceed the budget of a year.
pub fn timeline(question: &Question<'_>, detected: SimTime) -> Result<Timeline, TimelineError> {
    Ok(timeline_under(question, &question.spent()?, detected))
}

/// The dates of a server whose tenant's pauses are granted.
fn timeline_under(question: &Question<'_>, spent: &Spent, detected: SimTime) -> Timeline {
    let Question { policy, at, .. } = *question;
    let (periods, book) = (history(policy, detected, spent.grants()), spent.book());
    let headlines = headlines(&periods);
    let mut years: BTreeSet<i16> = book.used_by_year().iter().map(|entry| entry.0).collect();
    years.insert(at.max(detected).year());
    years.extend(headlines.all_blocked_from.filter(|all| *all > at).map(SimTime::year));
    let year = |year| YearBudget { year, used: book.used(year), left: book.left(policy.pauses(), year) };
    let budget = years.into_iter().map(year).collect();
    Timeline { detected, headlines, now: now(policy, &periods, at), budget, periods }
}

impl Question<'_> {
    /// The pauses as they are granted, and what is left then.
    ///
    /// # Errors
    /// [`TimelineError`] if the pauses asked for, or the days said to be used, exceed the budget of a year.
    pub fn spent(&self) -> Result<Spent, TimelineError> {
        self.check_used()?;
        Ok(Spent::new(self.policy.pauses(), self.used, self.pauses)?)
    }

    /// The days said to be used, by year.
    fn check_used(&self) -> Result<BTreeMap<i16, u32>, TimelineError> {
        let mut used: BTreeMap<i16, u32> = BTreeMap::new();
        self.used.iter().for_each(|&(year, days)| *used.entry(year).or_default() += days);
        let budget = self.policy.pauses().budget_days();
        match used.iter().find(|entry| *entry.1 > budget) {
            Some((&year, &days)) => Err(TimelineError::UsedTooMuch { year, days, budget }),
            None => Ok(used),
        }
    }
}

fn headlines(periods: &[Period]) -> Headlines {
    let first = |hit: fn(Minutes) -> bool| periods.iter().find(|period| hit(period.minutes)).map(|period| period.from);
    Headlines {
        throttled_from: first(|minutes| minutes.throttle() > 0),
        blocked_from: first(|minutes| minutes.block() > 0),
        all_blocked_from: first(|minutes| minutes.block() >= 60),
    }
}

fn now(policy: &Policy, periods: &[Period], at: SimTime) -> Option<Now> {
    let standing = standing(periods, policy.ladder(), policy.pauses(), at)?;
    let later = || periods.iter().filter(|period| period.from > at);
    let minutes = standing.period.minutes;
    let certain = policy.layout() != WindowLayout::Random || !minutes.restrict() || minutes.block() >= 60;
    // With certain minutes the roll decides nothing.
    let answer = certain.then(|| policy.layout().answer(minutes, at.second_of_hour() as u32, 0.0));
    let resumes = later().find(|period| !period.paused).map(|period| period.from);
    let paused_until = resumes.filter(|_| standing.period.paused);
    Some(Now { standing, answer, paused_until, next: later().next().copied() })
}

/// What a server hears under these minutes, word for word: the throttling, then the blocking reply.
pub fn smtp_texts(replies: &Replies, minutes: Minutes) -> Vec<String> {
    let throttled = (minutes.throttle() > 0).then_some(Answer::Throttled { minutes: minutes.throttle() });
    let blocked = (minutes.block() > 0).then_some(Answer::Blocked { minutes: minutes.block() });
    [throttled, blocked].into_iter().flatten().filter_map(|answer| replies.text(answer)).collect()
}

/// Name of a period's stage.
pub fn stage_name<'a>(ladder: &'a Ladder, period: &Period) -> &'a str {
    ladder.stages().get(period.stage).map_or("", |stage| stage.name())
}
