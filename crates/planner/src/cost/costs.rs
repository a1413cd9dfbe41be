//! What the days of a schedule cost, in every node of the clocks.

use crate::basis::Basis;
use crate::cost::clocks::Rows;
use crate::cost::pauses::DayCosts;
use crate::cost::tariff::Cost;
use crate::index::{CandidateIndex, GroupIndex, JobIndex, JobSlice, PerGroup};

/// The costs of a schedule: for each group the volume under enforcement all day, and the cut-overs of the day.
#[derive(Clone, Debug)]
pub struct ScheduleCosts<'b> {
    basis: &'b Basis<'b>,
    /// Volume by group and day that is there until midnight.
    whole: PerGroup<Vec<Cost>>,
    /// Cut-overs by day: group, place of the instant, volume.
    parts: Vec<Vec<(GroupIndex, usize, Cost)>>,
}

impl<'b> ScheduleCosts<'b> {
    /// The costs if no job is ever done.
    pub fn untouched(basis: &'b Basis<'b>) -> Self {
        let days = basis.project.days();
        let mut whole = PerGroup::from(vec![vec![0; days]; basis.tariffs.groups.len()]);
        for job in basis.jobs.keys() {
            whole[basis.groups[job]].iter_mut().for_each(|day| *day += basis.volumes[job]);
        }
        ScheduleCosts { basis, whole, parts: vec![Vec::new(); days] }
    }

    /// The costs of a schedule; jobs without a candidate are never done.
    pub fn new(basis: &'b Basis<'b>, schedule: &JobSlice<Option<CandidateIndex>>) -> Self {
        let mut costs = Self::untouched(basis);
        for (job, candidate) in schedule.iter_enumerated() {
            if let Some(candidate) = candidate {
                costs.put(job, *candidate);
            }
        }
        costs
    }

    /// Lets a job take a candidate.
    pub fn put(&mut self, job: JobIndex, candidate: CandidateIndex) {
        let (group, volume) = (self.basis.groups[job], self.basis.volumes[job]);
        let day = self.basis.jobs[job].candidates[candidate].day;
        self.whole[group][day..].iter_mut().for_each(|whole| *whole -= volume);
        self.parts[day].push((group, self.basis.instants[job][candidate], volume));
    }

    /// Takes back the last [`put`](Self::put) of a job with this candidate.
    pub fn take(&mut self, job: JobIndex, candidate: CandidateIndex) {
        let (group, volume) = (self.basis.groups[job], self.basis.volumes[job]);
        let day = self.basis.jobs[job].candidates[candidate].day;
        self.whole[group][day..].iter_mut().for_each(|whole| *whole += volume);
        self.parts[day].pop();
    }
}

impl DayCosts for ScheduleCosts<'_> {
    fn day(&self, day: usize, rows: &Rows, paused: bool) -> Cost {
        let (tariffs, clocks) = (&self.basis.tariffs, &self.basis.space.clocks);
        let row = |group| clocks.row(rows, group);
        let whole = |group: GroupIndex| match self.whole[group][day] {
            0 => 0,
            volume => volume * tariffs.whole(group, row(group), day, paused).unwrap_or(0),
        };
        let part = |&(group, instant, volume): &(GroupIndex, usize, Cost)| {
            volume * tariffs.part(group, row(group), day, instant, paused).unwrap_or(0)
        };
        self.whole.keys().map(whole).sum::<Cost>() + self.parts[day].iter().map(part).sum::<Cost>()
    }
}
