//! Pauses fitted to chance.
//!
//! A command is not run once every server is done, so the price of a command and of its days counts in the courses in which one is
//! still open on its day, rounded up to a few `LEVELS`.
//! When servers are done does not depend on the pauses, so the mean cost of a pause plan over all simulated courses is a sum
//! over days, like the cost of one schedule: each group counts with the volume that is still under enforcement on average.
//! The same dynamic programme therefore finds the pauses with the least mean cost, exactly for these courses.

use crate::basis::Basis;
use crate::cost::clocks::Rows;
use crate::cost::pauses::{DayCosts, MILLION, Pauses};
use crate::cost::tariff::Cost;
use crate::index::{GroupIndex, PerGroup, PerJob};
use brownout_kernel::time::SimTime;

/// How likely commands are told to be run, in parts per million.
const LEVELS: [Cost; 8] = [MILLION, 500_000, 250_000, 100_000, 50_000, 25_000, 10_000, 3_000];

/// The pauses with the least mean cost over some courses.
///
/// - `courses`: when each job is done in each course, by place of the job: openings of its crew, or [`SimTime::NEVER`].
pub fn hedged(basis: &Basis<'_>, courses: &[PerJob<SimTime>]) -> Pauses {
    basis.space.best(&basis.tariffs, &MeanCosts::new(basis, courses))
}

/// The mean costs of some courses; volumes are rounded down to a thousandth of a message a day.
struct MeanCosts<'b> {
    basis: &'b Basis<'b>,
    /// Volume by group and day that is there until midnight, on average.
    whole: PerGroup<Vec<Cost>>,
    /// Parts per million of the courses in which a server that enforcement can reach is open, by day.
    open: Vec<Cost>,
    /// Volume cut over at each instant of a day, by day and group, on average.
    parts: Vec<PerGroup<Vec<Cost>>>,
}

impl<'b> MeanCosts<'b> {
    fn new(basis: &'b Basis<'b>, courses: &[PerJob<SimTime>]) -> Self {
        let days = basis.project.days();
        let groups = basis.tariffs.groups.len();
        let parts_of_day = |day: usize| PerGroup::from(vec![vec![0; basis.tariffs.instants(day).len()]; groups]);
        let mut parts: Vec<PerGroup<Vec<Cost>>> = (0..days).map(parts_of_day).collect();
        // What leaves on each day; summed up backwards it is what is still there.
        let mut leaving = PerGroup::from(vec![vec![0; days + 1]; groups]);
        for course in courses {
            for (job, &done) in course.iter_enumerated() {
                let (group, volume) = (basis.groups[job], basis.volumes[job]);
                let Some(day) = basis.project.index_of(done.day()).filter(|_| done != SimTime::NEVER) else {
                    leaving[group][days] += volume;
                    continue;
                };
                leaving[group][day] += volume;
                let instant = basis.tariffs.instants(day).partition_point(|&second| second < done.second_of_day());
                parts[day][group][instant] += volume;
            }
        }
        let still_there = |leaving: &Vec<Cost>| {
            let mut sum = leaving[days];
            let mut whole: Vec<Cost> = (0..days)
                .rev()
                .map(|day| {
                    let there = sum;
                    sum += leaving[day];
                    there
                })
                .collect();
            whole.reverse();
            whole
        };
        let mut whole: PerGroup<Vec<Cost>> = leaving.iter().map(still_there).collect();
        let count = courses.len().max(1) as Cost;
        whole.iter_mut().flatten().for_each(|volume| *volume /= count);
        parts.iter_mut().flatten().flatten().for_each(|volume| *volume /= count);
        MeanCosts { basis, whole, open: open(basis, courses), parts }
    }
}

/// Parts per million of the courses in which a server that enforcement can reach is not done at the beginning of a day.
fn open(basis: &Basis<'_>, courses: &[PerJob<SimTime>]) -> Vec<Cost> {
    let days = basis.project.days();
    let mut ended = vec![0; days + 1];
    for course in courses {
        let reached =
            course.iter().zip(&basis.jobs).filter(|(_, job)| basis.project.servers[job.server].detected.is_some());
        let last = reached.map(|(&done, _)| done).max().unwrap_or(basis.project.as_of.start());
        ended[basis
            .project
            .index_of(last.day())
            .filter(|_| last != SimTime::NEVER)
            .map_or(days, |day| day + 1)
            .min(days)] += 1;
    }
    let mut left = courses.len() as Cost;
    let share = |&ended: &Cost| {
        left -= ended;
        left * MILLION / (courses.len().max(1) as Cost)
    };
    ended[..days].iter().map(share).collect()
}

impl DayCosts for MeanCosts<'_> {
    fn level(&self, day: usize) -> Option<u8> {
        let open = self.open[day];
        (open > 0).then(|| LEVELS.iter().rposition(|&level| level >= open).unwrap_or(0) as u8)
    }

    fn share(&self, level: u8) -> Cost {
        LEVELS[usize::from(level)]
    }

    fn day(&self, day: usize, rows: &Rows, paused: bool) -> Cost {
        let tariffs = &self.basis.tariffs;
        let of_group = |group: GroupIndex| {
            let row = self.basis.space.clocks.row(rows, group);
            let whole = self.whole[group][day] * tariffs.whole(group, row, day, paused).unwrap_or(0);
            let part = |(instant, &volume): (usize, &Cost)| {
                if volume == 0 { 0 } else { volume * tariffs.part(group, row, day, instant, paused).unwrap_or(0) }
            };
            whole + self.parts[day][group].iter().enumerate().map(part).sum::<Cost>()
        };
        self.whole.keys().map(of_group).sum()
    }
}
