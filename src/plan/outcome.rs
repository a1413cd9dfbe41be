//! What a plan comes to when it is lived many times: dates, chances, mail.

use rayon::prelude::*;

use super::basis::Basis;
use super::lived::Course;
use super::mail::{Fate, Fortune};
use super::project::Project;
use super::schedule::Schedule;
use super::tariff::Cost;
use crate::policy::{Minutes, PauseRequest};
use crate::time::{Day, SimTime};

/// Servers with their fortunes under one set of pauses.
#[derive(Clone, Debug)]
pub struct Fleet<'a> {
    project: &'a Project,
    /// One fortune for each first detection.
    fortunes: Vec<(SimTime, Fortune)>,
}

impl<'a> Fleet<'a> {
    /// The fleet if the tenant also pauses as planned.
    pub fn new(project: &'a Project, planned: &[PauseRequest]) -> Self {
        let mut detections: Vec<SimTime> = project.servers.iter().filter_map(|server| server.detected).collect();
        detections.sort_unstable();
        detections.dedup();
        let fortunes = detections.into_iter().map(|at| (at, Fortune::new(project, at, planned))).collect();
        Fleet { project, fortunes }
    }

    /// The fortune of a server; `None` if the policy never reaches it.
    pub fn fortune(&self, server: usize) -> Option<&Fortune> {
        let detected = self.project.servers[server].detected?;
        self.fortunes.iter().find(|known| known.0 == detected).map(|known| &known.1)
    }

    /// The fate of a server's mail from the first planned day until it is done, or to the horizon.
    pub fn fate(&self, server: usize, done: SimTime) -> Fate {
        let until = done.min(self.project.horizon.start());
        let volume = Cost::from(self.project.servers[server].volume);
        self.fortune(server).map_or(Fate::default(), |fortune| fortune.until(until).times(volume))
    }
}

/// How a plan ends by chance. Quantiles are the least value that so many of the replications do not exceed.
#[derive(Clone, Debug, PartialEq)]
pub struct Lived {
    /// Replications.
    pub replications: u32,
    /// By place of the job.
    pub servers: Vec<ServerChance>,
    /// When the last server is done: P50, P80, P95; [`SimTime::NEVER`] if that is not in years.
    pub fleet_done: [SimTime; 3],
    /// The days on which the last server is done, rising, with the number of replications; those that do not end in years are
    /// left out.
    pub finish_days: Vec<(Day, u32)>,
    /// Probability that every server is done before it meets a danger (again, if it has), by [`Danger`].
    pub fleet_clear: [f64; 3],
    /// Mean and P95 of messages lost.
    pub lost: Spread,
    /// Mean and P95 of messages delayed.
    pub delayed: Spread,
    /// Mean and P95 of messages accepted under enforcement.
    pub exposed: Spread,
    /// Probability that everything is done before the horizon.
    pub all_done: f64,
}

/// Mean and 95th percentile over replications, in messages.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// Mean.
    pub mean: f64,
    /// 95th percentile.
    pub p95: f64,
}

/// One server's chances.
#[derive(Clone, Debug, PartialEq)]
pub struct ServerChance {
    /// When it is done: P50, P80, P95.
    pub done: [SimTime; 3],
    /// Probability that it is done before each stage of the ladder begins for it; `None` for stages that begin before the
    /// plan or never.
    pub before_stage: Vec<Option<f64>>,
    /// Probability that it is done before it meets each [`Danger`] (again, if it has); `None` for what it never meets.
    pub clear: [Option<f64>; 3],
    /// Probability that it is done on the planned day or before.
    pub on_time: f64,
    /// Mean of its lost messages.
    pub lost_mean: f64,
}

/// What a team wants to stay clear of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Danger {
    /// Mail is delayed.
    Throttling,
    /// Mail is lost.
    Blocking,
    /// All mail is lost.
    FullBlock,
}

impl Danger {
    /// All dangers, the mildest first.
    pub const ALL: [Danger; 3] = [Danger::Throttling, Danger::Blocking, Danger::FullBlock];

    /// In words.
    pub fn name(self) -> &'static str {
        ["throttling", "blocking", "full block"][self as usize]
    }

    /// Whether these minutes are it.
    pub fn hits(self, minutes: Minutes) -> bool {
        match self {
            Danger::Throttling => minutes.restrict(),
            Danger::Blocking => minutes.block > 0,
            Danger::FullBlock => minutes.block >= 60,
        }
    }

    /// When a server meets it from `at` on; `None` if never.
    pub fn from(self, fortune: &Fortune, at: SimTime) -> Option<SimTime> {
        fortune.first(at, |minutes| self.hits(minutes))
    }
}

/// Quantiles that are told.
pub const QUANTILES: [f64; 3] = [0.5, 0.8, 0.95];

/// When each job is done in each replication; the result does not depend on the number of threads.
pub fn courses(basis: &Basis<'_>, schedule: &Schedule) -> Vec<Vec<SimTime>> {
    runs(basis, &Course::planned(basis.project, &basis.jobs, schedule))
}

/// What the courses of a schedule come to under pauses.
pub fn live(basis: &Basis<'_>, schedule: &Schedule, runs: &[Vec<SimTime>], planned: &[PauseRequest]) -> Lived {
    let project = basis.project;
    let fleet = Fleet::new(project, planned);
    let fates: Vec<Vec<Fate>> = runs
        .par_iter()
        .map(|done| done.iter().zip(&basis.jobs).map(|(&at, job)| fleet.fate(job.server, at)).collect())
        .collect();
    let servers = (0..basis.jobs.len()).map(|job| chance(basis, schedule, &fleet, runs, &fates, job)).collect();
    let together = |run: &Vec<Fate>| run.iter().fold(Fate::default(), |sum, &fate| sum.plus(fate));
    let totals: Vec<Fate> = fates.iter().map(together).collect();
    let last = |done: &Vec<SimTime>| done.iter().copied().max().unwrap_or(project.as_of.start());
    let finished: Vec<SimTime> = runs.iter().map(last).collect();
    Lived {
        replications: project.replications,
        servers,
        fleet_done: quantiles(finished.clone()),
        finish_days: finish_days(&finished),
        fleet_clear: Danger::ALL.map(|danger| clear(basis, &fleet, runs, danger)),
        lost: spread(&totals, |fate| fate.lost),
        delayed: spread(&totals, |fate| fate.delayed),
        exposed: spread(&totals, |fate| fate.exposed),
        all_done: share(&finished, |at| at < project.horizon.start()),
    }
}

/// The fate of the fleet's mail if nothing ever gets done.
pub fn untouched(basis: &Basis<'_>, planned: &[PauseRequest]) -> Fate {
    let fleet = Fleet::new(basis.project, planned);
    let fates = basis.jobs.iter().map(|job| fleet.fate(job.server, SimTime::NEVER));
    fates.fold(Fate::default(), Fate::plus)
}

pub(super) fn runs(basis: &Basis<'_>, course: &Course<'_>) -> Vec<Vec<SimTime>> {
    let luck = basis.luck();
    (0..basis.project.replications).into_par_iter().map(|replication| course.live(luck, replication)).collect()
}

/// The share of the runs in which every server is done before it meets the danger.
pub(super) fn clear(basis: &Basis<'_>, fleet: &Fleet<'_>, runs: &[Vec<SimTime>], danger: Danger) -> f64 {
    let start = basis.project.as_of.start();
    let meets = |job: usize| fleet.fortune(basis.jobs[job].server).and_then(|fortune| danger.from(fortune, start));
    let dates: Vec<SimTime> = (0..basis.jobs.len()).map(|job| meets(job).unwrap_or(SimTime::NEVER)).collect();
    // A server done at the very instant is never met; one that never meets the danger need never be done.
    let clear = |done: &Vec<SimTime>| done.iter().zip(&dates).all(|(done, danger)| done <= danger);
    runs.iter().filter(|run| clear(run)).count() as f64 / runs.len().max(1) as f64
}

fn chance(
    basis: &Basis<'_>,
    schedule: &Schedule,
    fleet: &Fleet<'_>,
    runs: &[Vec<SimTime>],
    fates: &[Vec<Fate>],
    job: usize,
) -> ServerChance {
    let project = basis.project;
    let done: Vec<SimTime> = runs.iter().map(|run| run[job]).collect();
    let fortune = fleet.fortune(basis.jobs[job].server);
    let begins = |stage: usize| {
        let periods = fortune.iter().flat_map(|fortune| &fortune.periods);
        periods
            .filter(|period| period.stage == stage)
            .map(|period| period.from)
            .min()
            .filter(|at| *at >= project.as_of.start())
    };
    let stages = 0..project.policy.ladder.stages().len();
    let planned = basis.jobs[job].candidates[schedule[job]].day;
    let lost: Cost = fates.iter().map(|run| run[job].lost).sum();
    ServerChance {
        before_stage: stages.map(|stage| begins(stage).map(|at| share(&done, |done| done <= at))).collect(),
        clear: Danger::ALL.map(|danger| {
            let meets = fortune.and_then(|fortune| danger.from(fortune, project.as_of.start()));
            meets.map(|at| share(&done, |done| done <= at))
        }),
        on_time: share(&done, |done| project.place_of(done.day()).is_some_and(|place| place <= planned)),
        done: quantiles(done),
        lost_mean: Fate { lost, ..Fate::default() }.lost_messages() / runs.len().max(1) as f64,
    }
}

/// How many of the instants fall on each day, in order of time; [`SimTime::NEVER`] falls on none.
fn finish_days(instants: &[SimTime]) -> Vec<(Day, u32)> {
    let mut days: Vec<Day> = instants.iter().filter(|at| **at != SimTime::NEVER).map(|at| at.day()).collect();
    days.sort_unstable();
    days.chunk_by(|a, b| a == b).map(|same| (same[0], same.len() as u32)).collect()
}

fn share(values: &[SimTime], hit: impl Fn(SimTime) -> bool) -> f64 {
    values.iter().filter(|value| hit(**value)).count() as f64 / values.len().max(1) as f64
}

fn quantiles(mut values: Vec<SimTime>) -> [SimTime; 3] {
    values.sort_unstable();
    QUANTILES.map(|q| least_reaching(&values, q).unwrap_or(SimTime::NEVER))
}

/// The least of some rising values that a share `q` of them does not exceed.
fn least_reaching<T: Copy>(rising: &[T], q: f64) -> Option<T> {
    let place = (q * rising.len() as f64 - 1e-9).ceil().max(1.0) as usize - 1;
    rising.get(place).copied()
}

fn spread(fates: &[Fate], of: impl Fn(&Fate) -> Cost) -> Spread {
    let mut values: Vec<Cost> = fates.iter().map(of).collect();
    values.sort_unstable();
    let messages = |cost: Cost| super::tariff::points(cost);
    let mean = messages(values.iter().sum()) / values.len().max(1) as f64;
    Spread { mean, p95: least_reaching(&values, 0.95).map_or(0.0, messages) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_the_least_value_that_is_enough() {
        let values: Vec<u32> = (1..=20).collect();
        assert_eq!([0.5, 0.8, 0.95].map(|q| least_reaching(&values, q)), [Some(10), Some(16), Some(19)]);
        assert_eq!(least_reaching(&[7], 0.95), Some(7));
        assert_eq!(least_reaching::<u32>(&[], 0.5), None);
    }

    #[test]
    fn ends_are_counted_by_day_and_never_is_on_none() {
        let at = |hour: i64| SimTime::from_seconds(hour * 3600);
        let day = Day::from_number;
        let found = finish_days(&[at(50), at(1), SimTime::NEVER, at(23)]);
        assert_eq!(found, [(day(0), 2), (day(2), 1)]);
        assert!(finish_days(&[]).is_empty());
    }
}
