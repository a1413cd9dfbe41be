//! What a team brings to the table: its servers, crews, calendars, and what it wants.

use crate::assessment::{Assessment, LeftOut};
use crate::dates::StatedDates;
use crate::desk::Desk;
use crate::former::{Former, InHand};
use crate::index::{CrewIndex, PerCrew, PerServer, ServerIndex};
use brownout_kernel::catalog::{Build, BuildEvidence, Catalog, ProductId};
use brownout_kernel::draws::Spread;
use brownout_kernel::limits::Refusal;
use brownout_kernel::mail::{CalendarShape, RetrySchedule};
use brownout_kernel::policy::{PauseRequest, Policy, Spent};
use brownout_kernel::time::{Clock, Day, SimDuration, SimTime};
use brownout_kernel::world::{Openings, Route};
use std::sync::Arc;

mod rules;

/// Longest window in days.
const WINDOW_DAYS_MAX: i64 = 7;

/// A team's servers and everything that limits and values its work. Made by the reading crate from a plan and a fleet.
///
/// A project that exists keeps the rules that [`Project::new`] names. It reads as its [`Parts`], and is changed as a whole.
#[derive(Clone, Debug, PartialEq)]
pub struct Project(Parts);

/// What a project is made of.
#[derive(Clone, Debug, PartialEq)]
pub struct Parts {
    /// Name: the plan file's stem.
    pub name: String,
    /// What is asked, in a sentence.
    pub question: String,
    /// Name of the tenant, where the plan is of [several](crate::tenants) that share their crews; `None` where it is of one.
    pub tenant: Option<String>,
    /// First day that can still be planned; everything before it has happened.
    pub as_of: Day,
    /// First day after the plan.
    pub horizon: Day,
    /// The policy that enforces.
    pub policy: Policy,
    /// The catalogue of builds that its servers were read by.
    pub catalog: Arc<Catalog>,
    /// The servers, at least one.
    pub servers: PerServer<FleetServer>,
    /// Servers of which nothing can be said: they are in no plan and in no sum.
    pub left_out: Vec<LeftOut>,
    /// The crews, at least one.
    pub crews: PerCrew<Crew>,
    /// Least days between two cut-overs of the tenant; 0 allows several on one day.
    pub gap_days: u32,
    /// Pauses the tenant has had or has running at `as_of`, and the days it has used besides.
    pub spent: Spent,
    /// Those of its pauses that nobody stated: a report's dates tell of them.
    pub pauses_inferred: Vec<PauseRequest>,
    /// Whether further pauses may be planned.
    pub may_pause: bool,
    /// What a pause must be like to be carried out by people.
    pub pause_terms: PauseTerms,
    /// When a pause can begin.
    pub desk: Desk,
    /// The clocks by which dates are told beside UTC; `None` for UTC alone. It decides nothing.
    pub clock: Option<Arc<Clock>>,
    /// What is minimised.
    pub weights: Weights,
    /// How jobs are planned and how sure a date must be.
    pub risk: Risk,
    /// How mail is spread over the calendar.
    pub calendar: CalendarShape,
    /// The sender's retry schedule.
    pub retry: RetrySchedule,
    /// Master seed of the simulation.
    pub seed: u64,
    /// Replications of the simulation.
    pub replications: u32,
    /// How long better dates are searched for, in seconds that stand for a fixed amount of work.
    pub search_seconds: u32,
    /// The plan that is planned again: set by [`remember`](Project::remember).
    pub former: Option<Former>,
}

/// Seconds of search where nothing is said.
pub const SEARCH_SECONDS: u32 = 10;

/// One server to bring into compliance.
#[derive(Clone, Debug, PartialEq)]
pub struct FleetServer {
    /// Name, unique in the fleet.
    pub name: String,
    /// Product.
    pub product: ProductId,
    /// Build, or the lowest it may be where only the cumulative update is known.
    pub build: Build,
    /// What is known of the build; its lowest is `build`.
    pub evidence: BuildEvidence,
    /// First detection, known or expected; `None` if the policy never reaches the server.
    pub detected: Option<SimTime>,
    /// How sure that is, and what else is known of its place under the policy.
    pub assessment: Assessment,
    /// Builds that its own report recommends.
    pub recommended: Vec<Build>,
    /// Messages sent to the service on an average day, in thousandths.
    pub volume: u64,
    /// How it is remediated.
    pub route: Route,
    /// What it becomes, in words; empty for the routes that need no target.
    pub target: String,
    /// The work up to the cut-over.
    pub work: Work,
    /// The crews that can do it; at least one.
    pub crews: Vec<CrewIndex>,
    /// First day on which work on it may start.
    pub earliest: Option<Day>,
    /// Its own maintenance windows; `None` for those of the crew.
    pub windows: Option<Openings>,
    /// The servers that must be done before work on this one starts.
    pub depends_on: Vec<ServerIndex>,
    /// Dates that are stated for its cut-over.
    pub dates: StatedDates,
    /// Its wave: work on it begins when all servers of earlier waves are done; `None` for one that no wave holds up.
    pub wave: Option<u32>,
    /// How many times its mail counts in what is minimised; 1 where nothing is stated. Messages are told as they are.
    pub priority: u32,
    /// Region, role or whatever the team groups by; may be empty.
    pub group: String,
    /// When it was done, if it is.
    pub done: Option<SimTime>,
    /// Since when it is worked on, if it is.
    pub in_hand: Option<InHand>,
    /// The baseline that its target will breach, or breaches already; `None` if the target meets all that are known.
    pub again: Option<Raise>,
}

/// A baseline that what a server becomes does not meet: from here on it is detected again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raise {
    /// Effective date: the earliest instant at which it can be detected.
    pub at: SimTime,
    /// Name of the baseline.
    pub baseline: String,
}

impl FleetServer {
    /// The first day of its work or waiting: the first on which that may begin, or the day on which it began if that is earlier.
    pub fn begins(&self) -> Option<Day> {
        let since = self.in_hand.and_then(|in_hand| in_hand.since);
        since.map_or(self.earliest, |since| Some(self.earliest.map_or(since, |earliest| earliest.min(since))))
    }

    /// Whether its cut-over may be planned for a day; stated dates do not stop work in hand.
    pub fn may_be_planned_for(&self, day: Day) -> bool {
        self.in_hand.is_some() || self.dates.allow(day)
    }

    /// Whether its cut-over may be on a day if it comes later than planned.
    pub fn may_be_late_on(&self, day: Day) -> bool {
        self.in_hand.is_some() || self.dates.allow_late(day)
    }
}

/// The work up to a cut-over.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Work {
    /// Working days of a crew just before the cut-over, rounded up to whole days; 0 needs the crew for the cut-over only.
    Days(Spread),
    /// Calendar days of waiting that keep no crew busy; the crew is needed on the day of the cut-over only.
    Lead(Spread),
}

impl Work {
    /// Whole days at quantile `q` if work takes `overrun` times as long as stated; may be 0.
    pub fn days(&self, q: f64, overrun: f64) -> u32 {
        let days = match self {
            Work::Days(spread) => overrun * spread.quantile(q),
            Work::Lead(spread) => spread.quantile(q),
        };
        libm::ceil(days - 1e-9).max(0.0) as u32
    }
}

/// Second of the day, UTC, at which a working day ends (assumed): a cut-over from then on finds the work of its day done, an
/// earlier one does not.
pub const WORKDAY_ENDS: i64 = 16 * 3600;

/// What a pause must be like to be carried out by people.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PauseTerms {
    /// Least days of a pause, at least 1; a pause that goes on over New Year counts as one.
    pub least_days: u32,
    /// Points that a command costs: somebody has to be there and run it.
    pub command: f64,
}

impl Default for PauseTerms {
    /// Three days at least, and a command is worth 20 messages (assumed).
    fn default() -> Self {
        PauseTerms { least_days: 3, command: 20.0 }
    }
}

impl PauseTerms {
    /// Pauses of any length whose commands cost nothing.
    pub const FREE: PauseTerms = PauseTerms { least_days: 1, command: 0.0 };
}

/// People who do cut-overs.
#[derive(Clone, Debug, PartialEq)]
pub struct Crew {
    /// Name, unique.
    pub name: String,
    /// Weekdays of work, Monday first.
    pub works: [bool; 7],
    /// Days on which nobody works.
    pub holidays: Vec<Day>,
    /// Jobs it can have in hand at one time, at least 1.
    pub jobs: u32,
    /// Maintenance windows and change freezes: a cut-over happens in a window, outside every freeze.
    pub openings: Openings,
    /// Single openings besides the weekly windows, rising; freezes do not touch them.
    pub extra: Vec<SimTime>,
}

impl Crew {
    /// The instants at which the crew can cut a server over in `[from, to)`, rising: the opening of every window, and where there
    /// are no windows the beginning of every day and the end of its working hours. A window that opened before `from` is over:
    /// nobody cuts over in the past. No freeze stops a server in hand, and the date that it keeps is one of the instants. Those
    /// after a server's last stated date are among them, for work that is late.
    pub fn cut_overs(&self, server: &FleetServer, from: SimTime, to: SimTime) -> Vec<SimTime> {
        let openings = match &server.windows {
            None => self.openings.clone(),
            // A server's own windows stand for the crew's; the freezes of both hold.
            Some(own) => own.outside_freezes_of(&self.openings),
        };
        let openings = if server.in_hand.is_some() { openings.without_freezes() } else { openings };
        let begun = from - SimDuration::from_days(WINDOW_DAYS_MAX + 1);
        let mut all: Vec<SimTime> = openings.occurrences(begun, to, u32::MAX).collect();
        all.extend(&self.extra);
        all.extend(server.in_hand.and_then(|in_hand| in_hand.keeps).map(|kept| kept.at));
        if openings.windows().is_empty() {
            let evenings = (from.day().number()..=to.day().number())
                .map(|day| Day::from_number(day).start() + SimDuration::from_seconds(WORKDAY_ENDS));
            let open = |at: SimTime| Some(openings.next(at, u32::MAX)).filter(|next| next.day() == at.day());
            all.extend(evenings.filter_map(open));
        }
        all.retain(|at| (from..to).contains(at) && server.may_be_late_on(at.day()));
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Whether the crew works on a day.
    pub fn works_on(&self, day: Day) -> bool {
        self.works[day.weekday()] && self.holidays.binary_search(&day).is_err()
    }
}

/// What is minimised: points for every message, message lost, day paused and date changed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weights {
    /// Points for a lost message.
    pub lost: f64,
    /// Points for a delayed message.
    pub delayed: f64,
    /// Points for a message accepted from a server under enforcement.
    pub exposure: f64,
    /// Points for a pause day.
    pub pause_day: f64,
    /// Points for a server that is given another date or crew than in the former plan.
    pub stability: f64,
}

impl Default for Weights {
    /// A lost message is the measure; a delayed one weighs a hundredth, a pause day one message, a changed date ten (assumed).
    fn default() -> Self {
        Weights { lost: 1.0, delayed: 0.01, exposure: 0.0, pause_day: 1.0, stability: 10.0 }
    }
}

/// What dates are chosen by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DatesBy {
    /// What the plan costs if everything goes as planned.
    #[default]
    Plan,
    /// Then moved one by one while mean and tail of what it costs over drawn courses fall.
    Courses,
}

/// Chance in a plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Risk {
    /// How sure a date must be, such as 0.95.
    pub level: f64,
    /// How sure the date that is promised for each server must be, such as 0.8; `None` where none is promised.
    pub commit: Option<f64>,
    /// The quantile of the work for which jobs are given time, such as 0.8.
    pub plan_quantile: f64,
    /// Other quantiles for which a plan is made and lived in the same futures; that with the least mean and tail is taken. Empty
    /// where `plan_quantile` holds.
    pub try_quantiles: Vec<f64>,
    /// What dates are chosen by.
    pub dates: DatesBy,
    /// How many times as long as stated all work takes: one draw for the whole plan in each replication, as the works of one team
    /// share what makes them slow. Jobs are given time for its median. Waiting is not work.
    pub overrun: Spread,
    /// Probability that a cut-over fails.
    pub failure_prob: f64,
    /// Days from a failed cut-over to the next attempt.
    pub retry_delay: Spread,
}

impl Default for Risk {
    /// All assumed: P80 durations that work keeps to, one cut-over in twenty fails and is tried again a week or two later.
    fn default() -> Self {
        Risk {
            level: 0.95,
            commit: None,
            plan_quantile: 0.8,
            try_quantiles: Vec::new(),
            dates: DatesBy::Plan,
            overrun: Spread::Fixed(1.0),
            failure_prob: 0.05,
            retry_delay: Spread::Pert { min: 3.0, mode: 7.0, max: 14.0 },
        }
    }
}

impl std::ops::Deref for Project {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl Project {
    /// A project of these parts.
    ///
    /// # Errors
    /// The first of these rules that is broken: there is a server, a crew, and a replication; every server names crews and servers
    /// that there are, and some crew; names are given once; nobody waits in a circle; the horizon does not lie before the first day;
    /// retries go on in time; crews have room for a job; holidays and extra openings rise; a pause lasts a day or more; work
    /// is worth a priority of 1 or more; weights are 0 or more; quantiles and levels lie between 0 and 1.
    pub fn new(parts: Parts) -> Result<Self, Refusal> {
        rules::check(&parts)?;
        Ok(Project(parts))
    }

    /// Changes it.
    ///
    /// # Errors
    /// As [`new`](Self::new); then nothing is changed.
    pub fn change(&mut self, change: impl FnOnce(&mut Parts)) -> Result<(), Refusal> {
        *self = self.with(change)?;
        Ok(())
    }

    /// The project with a change.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn with(&self, change: impl FnOnce(&mut Parts)) -> Result<Self, Refusal> {
        let mut parts = self.0.clone();
        change(&mut parts);
        Self::new(parts)
    }

    /// Days that can be planned.
    pub fn days(&self) -> usize {
        (self.horizon.number() - self.as_of.number()).max(0) as usize
    }

    /// The days on which servers were cut over before the plan; those that complied without it are not among them.
    pub fn cut_over_before(&self) -> impl Iterator<Item = Day> {
        let cut_over = self.servers.iter().filter(|server| !server.assessment.complies);
        cut_over.filter_map(|server| server.done).map(SimTime::day)
    }

    /// Index of a day, counted from `as_of`; `None` outside the plan.
    pub fn index_of(&self, day: Day) -> Option<usize> {
        let index = usize::try_from(day.number() - self.as_of.number()).ok()?;
        (index < self.days()).then_some(index)
    }

    /// The day at an index.
    pub fn day(&self, index: usize) -> Day {
        Day::from_number(self.as_of.number() + index as i32)
    }
}
