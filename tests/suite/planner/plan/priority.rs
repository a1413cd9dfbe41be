//! Priorities: mail that counts several times is planned for like so many times the mail, and told as what it is.

use brownout::planner::findings::plan;
use brownout::planner::{Findings, Project};
use brownout::watch::Watch;
use rayon::prelude::*;

use super::fleets::{Size, project};

const SIZE: Size = Size { days: (25, 50), servers: (3, 6), crews: (1, 2), left: (0, 10), window_days: 2 };

fn lost(found: &Findings<'_>) -> Vec<f64> {
    found.lived.servers.iter().map(|server| server.lost_mean).collect()
}

/// Numbers 0..60. Exact: a server with a priority is given the dates and pauses that it would have with so many times its mail, for what
/// is minimised is the same; but it loses its own mail only.
#[test]
fn a_priority_plans_like_so_many_times_the_mail_and_loses_only_what_there_is() {
    let of = |number: u64| {
        let plain = project(&SIZE, number);
        let plain = plain.with(|parts| (parts.replications, parts.search_seconds) = (60, 2)).unwrap();
        let (mut first, mut larger) = (plain.clone(), plain.clone());
        let priorities = |project: &Project| (0..project.servers.len()).map(|index| [1, 7, 30][index % 3]).collect();
        let priorities: Vec<u32> = priorities(&plain);
        for (index, &priority) in priorities.iter().enumerate() {
            first.change(|parts| parts.servers.raw[index].priority = priority).unwrap();
            larger.change(|parts| parts.servers.raw[index].volume *= u64::from(priority)).unwrap();
        }
        let [plain, first, larger] = [&plain, &first, &larger].map(|project| plan(project, &Watch::never()).ok());
        let (plain, first, larger) = (plain?, first?, larger?);
        assert_eq!(first.solution, larger.solution, "{number}");
        assert_eq!(first.asked, larger.asked, "{number}");
        let servers = first.basis.jobs.iter().map(|job| f64::from(priorities[usize::from(job.server)]));
        for (index, priority) in servers.enumerate() {
            let (own, times) = (lost(&first)[index], lost(&larger)[index]);
            assert!((own * priority - times).abs() <= 1e-6 * times.max(1.0), "{number}: {own} {priority} {times}");
        }
        Some(plain.solution.draft.schedule != first.solution.draft.schedule)
    };
    let changed: Vec<bool> = (0..60).into_par_iter().filter_map(of).collect();
    let others = changed.iter().filter(|&&is| is).count();
    assert!(changed.len() >= 30 && others >= 5, "{others} of {} have other dates", changed.len());
}
