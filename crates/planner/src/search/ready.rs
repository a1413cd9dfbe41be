//! The first day on which a job can begin if everything before it must be done: crews need time for all of that.

use crate::basis::Basis;
use crate::index::{CrewIndex, JobIndex, PerCrew, PerJob};
use crate::search::capacity::{Capacities, Capacity};

/// The first day on which each job can begin; the number of days where there is not time enough for what is before it.
///
/// Before a job are its direct and indirect predecessors. For them all to be done, the crews that
/// share them must have places and days for them, and the tenant's gaps must leave room.
pub(super) fn first_days(basis: &Basis<'_>, pools: &PerCrew<CrewIndex>, capacities: &Capacities) -> PerJob<usize> {
    let before = Before::new(basis);
    let pool_of =
        |job: JobIndex| basis.jobs[job].candidates.first().map_or(CrewIndex::from(0), |first| pools[first.crew]);
    let least_days = |job: JobIndex| basis.jobs[job].candidates.iter().map(|candidate| candidate.busy.len()).min();
    let of_job = |job: JobIndex| {
        let mut need = Capacity::none(pools.len());
        for other in before.of(job) {
            need.places[pool_of(other)] += 1;
            need.days[pool_of(other)] += least_days(other).unwrap_or(0) as u64;
            need.cut_overs += 1;
        }
        if need.cut_overs == 0 {
            return 0;
        }
        // From day to day there is only more that can be done.
        capacities.of_day.partition_point(|&morning| !covers(&capacities.before[morning], &need, pools))
    };
    basis.jobs.keys().map(of_job).collect()
}

/// Whether what can be done by a morning is enough for what is needed by pool.
fn covers(morning: &Capacity, need: &Capacity, pools: &PerCrew<CrewIndex>) -> bool {
    let of_pool = |of_crew: &PerCrew<u64>, pool: CrewIndex| -> u64 {
        of_crew.iter().zip(pools).filter(|(_, other)| **other == pool).map(|(count, _)| count).sum()
    };
    let enough = |pool: CrewIndex| {
        need.places[pool] <= of_pool(&morning.places, pool) && need.days[pool] <= of_pool(&morning.days, pool)
    };
    need.cut_overs <= morning.cut_overs && pools.keys().all(|pool| need.places[pool] == 0 || enough(pool))
}

/// Who is before whom, a bit for each pair.
struct Before {
    words: PerJob<Vec<u64>>,
}

impl Before {
    fn new(basis: &Basis<'_>) -> Self {
        let jobs = basis.jobs.len();
        let mut before = Before { words: vec![vec![0; jobs.div_ceil(64)]; jobs].into() };
        let mut known = PerJob::from(vec![false; jobs]);
        // Whoever waits only for jobs that are known is next; jobs never wait in a circle.
        while let Some(next) =
            basis.jobs.keys().find(|&job| !known[job] && basis.jobs[job].after.iter().all(|&o| known[o]))
        {
            let mut words = std::mem::take(&mut before.words[next]);
            for &other in &basis.jobs[next].after {
                let bit = usize::from(other);
                words[bit / 64] |= 1 << (bit % 64);
                words.iter_mut().zip(&before.words[other]).for_each(|(word, other)| *word |= other);
            }
            before.words[next] = words;
            known[next] = true;
        }
        before
    }

    fn of(&self, job: JobIndex) -> impl Iterator<Item = JobIndex> + '_ {
        let bits = self.words[job].iter().enumerate();
        bits.flat_map(|(word, &bits)| {
            (0..64).filter(move |bit| bits >> bit & 1 == 1).map(move |bit| JobIndex::from(64 * word + bit))
        })
    }
}
