//! Dates moved by chance: what is said of them is what they come to, they do better in futures that the search did not see, and the
//! search comes near to the best of all dates in those that it saw.

use brownout::draws::Spread;
use brownout::planner::chance::conditional::PausesAsked;
use brownout::planner::chance::moved::Moved;
use brownout::planner::chance::outcome::{Fleet, courses};
use brownout::planner::chance::summary::MeanAndTail;
use brownout::planner::findings::plan;
use brownout::planner::index::{CandidateIndex, JobIndex};
use brownout::planner::project::DatesBy;
use brownout::planner::search::schedule::{Ledger, Schedule};
use brownout::planner::{Basis, Findings, Project, Work};
use brownout::watch::Watch;
use rayon::prelude::*;

use super::fleets::{Size, project};

const SIZE: Size = Size { days: (24, 40), servers: (2, 3), crews: (1, 1), left: (0, 6), window_days: 2 };

/// A project whose work takes some days by chance and whose cut-overs often fail.
fn uncertain(number: u64) -> Project {
    let mut project = project(&SIZE, number);
    project
        .change(|project| {
            for (index, server) in project.servers.iter_mut().enumerate() {
                let sigma = [0.2, 0.9, 0.6][index % 3];
                server.work = Work::Days(Spread::LogNormal { median: 1.5, sigma });
            }
            project.risk.dates = DatesBy::Courses;
            project.risk.failure_prob = 0.25;
            (project.replications, project.search_seconds) = (120, 2);
        })
        .unwrap();
    project
}

/// What a plan costs in each of the first courses, priced from the fate of each server's mail alone.
fn costs(basis: &Basis<'_>, schedule: &Schedule, asked: &PausesAsked) -> Vec<f64> {
    let (project, weights) = (basis.project, &basis.project.weights);
    let cost = |done: &brownout::planner::index::PerJob<_>| {
        let grants = asked.grants(asked.carried_out(done));
        let fleet = Fleet::new(project, &grants);
        let mail: f64 = done
            .iter_enumerated()
            .filter(|&(job, _)| basis.volumes[job] > 0)
            .map(|(job, &at)| fleet.fate(basis.jobs[job].server, at))
            .map(|fate| {
                weights.lost * fate.lost_messages()
                    + weights.delayed * fate.delayed_messages()
                    + weights.exposure * fate.exposed_messages()
            })
            .sum();
        let days: u32 = grants.iter().map(|grant| grant.days()).sum();
        mail + weights.pause_day * f64::from(days) + project.pause_terms.command * grants.len() as f64
    };
    courses(basis, schedule).iter().map(cost).collect()
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-6 * a.abs().max(1.0)
}

fn moved<'f>(found: &'f Findings<'_>) -> &'f Moved {
    found.moved.as_ref().expect("the plan asks for it")
}

/// Numbers 0..120. What is told is priced a second time, from the fate of each server's mail, over the courses that judged; and taken is
/// what does better there.
#[test]
fn what_is_said_of_moved_dates_is_what_they_come_to_in_futures_that_were_not_seen() {
    let of = |number: u64| {
        let project = uncertain(number);
        let found = plan(&project, &Watch::never()).ok()?;
        let moved = moved(&found);
        let all = project.with(|parts| parts.replications += moved.courses).unwrap();
        let basis = Basis::new(&all);
        let unseen = |schedule, asked| costs(&basis, schedule, asked).split_off(project.replications as usize);
        let after = unseen(&found.solution.draft.schedule, &found.asked);
        assert_eq!(after.len(), moved.courses as usize, "{number}");
        let figures = MeanAndTail::of(&after);
        assert!(
            near(figures.mean, moved.after.mean) && near(figures.tail, moved.after.tail),
            "{number}: {figures:?} {moved:?}"
        );
        // The plan that was begun with is the one without moved dates.
        let plain = project.with(|parts| parts.risk.dates = DatesBy::Plan).unwrap();
        let plain = plan(&plain, &Watch::never()).unwrap();
        assert_eq!(plain.solution, moved.as_planned, "{number}");
        assert!(plain.moved.is_none(), "{number}");
        let before = unseen(&plain.solution.draft.schedule, &plain.asked);
        let figures = MeanAndTail::of(&before);
        assert!(near(figures.mean, moved.before.mean) && near(figures.tail, moved.before.tail), "{number}: {moved:?}");
        assert!(near(moved.less.0, moved.before.mean - moved.after.mean), "{number}: {moved:?}");
        let (old, new) = (&plain.solution.draft.schedule, &found.solution.draft.schedule);
        assert_eq!(moved.jobs, old.keys().filter(|&job| old[job] != new[job]).collect::<Vec<_>>(), "{number}");
        assert_eq!(moved.jobs.is_empty(), moved.after.criterion() >= moved.before.criterion(), "{number}: {moved:?}");
        // The bound is that of all plans, whatever their dates were chosen by.
        assert!(found.solution.bound <= plain.solution.draft.cost, "{number}");
        assert!(found.solution.draft.cost >= plain.solution.bound, "{number}");
        assert_eq!(plain.prices, found.prices, "{number}: what more room is worth is told of the plan as planned");
        Some(!moved.jobs.is_empty())
    };
    let found: Vec<bool> = (0..120).into_par_iter().filter_map(of).collect();
    let moved = found.iter().filter(|&&is| is).count();
    assert!(found.len() >= 60 && moved >= 8 && moved < found.len(), "{moved} of {} were moved", found.len());
}

/// Every schedule that keeps the rules.
fn all(basis: &Basis<'_>) -> Vec<Schedule> {
    fn add(basis: &Basis<'_>, ledger: &mut Ledger<'_>, index: usize, found: &mut Vec<Schedule>) {
        if index == basis.jobs.len() {
            found.extend(ledger.schedule());
            return;
        }
        let job = JobIndex::from(index);
        for candidate in (0..basis.jobs[job].candidates.len()).map(CandidateIndex::from) {
            if ledger.fits(job, candidate) {
                ledger.put(job, candidate);
                add(basis, ledger, index + 1, found);
                ledger.take(job);
            }
        }
    }
    let mut found = Vec::new();
    add(basis, &mut basis.ledger(), 0, &mut found);
    found
}

/// Numbers 0..120: of the projects whose dates were moved, in the futures that the search saw and under the pauses that it had, its
/// dates are within 2 % of the best of all dates in the mean, where those that were begun with are further off.
#[test]
fn moved_dates_come_near_to_the_best_of_all_in_the_futures_that_were_seen() {
    let of = |number: u64| {
        let project = uncertain(number);
        let found = plan(&project, &Watch::never()).ok()?;
        let plain = project.with(|parts| parts.risk.dates = DatesBy::Plan).unwrap();
        let plain = plan(&plain, &Watch::never()).ok()?;
        let every = all(&found.basis);
        (!moved(&found).jobs.is_empty() && every.len() <= 6_000).then_some(())?;
        let criterion = |schedule: &Schedule| MeanAndTail::of(&costs(&found.basis, schedule, &plain.asked)).criterion();
        let best = every.iter().map(criterion).fold(f64::INFINITY, f64::min);
        let [before, after] = [&plain.solution, &found.solution].map(|solution| criterion(&solution.draft.schedule));
        assert!(best <= after + 1e-6 && after <= before, "{number}: {best} {after} {before}");
        let above = |cost: f64| cost / best.max(1.0) - 1.0;
        Some((above(before), above(after)))
    };
    let found: Vec<(f64, f64)> = (0..120).into_par_iter().filter_map(of).collect();
    let mean = |of: fn(&(f64, f64)) -> f64| found.iter().map(of).sum::<f64>() / found.len() as f64;
    let (before, after) = (mean(|pair| pair.0), mean(|pair| pair.1));
    println!("{} projects: {:.4} above the best before, {:.4} after", found.len(), before, after);
    assert!(found.len() >= 6 && after <= 0.02 && before > 2.0 * after, "{found:?}");
}
