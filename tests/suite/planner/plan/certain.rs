//! Projects without chance: what is lived is what was planned.

use brownout::draws::Spread;
use brownout::planner::chance::conditional::PausesAsked;
use brownout::planner::chance::outcome::{courses, live};
use brownout::planner::index::PerJob;
use brownout::planner::search::solve::{quick_plan, solve};
use brownout::planner::{Basis, Project, Work};
use rayon::prelude::*;

use super::fleets::{Size, project};

const SMALL: Size = Size { days: (10, 60), servers: (1, 6), crews: (1, 3), left: (0, 6), window_days: 1 };
const LARGE: Size = Size { days: (90, 200), servers: (7, 20), crews: (1, 3), left: (0, 20), window_days: 1 };

/// The project of this number, its work as long as the plan takes it to be.
pub(super) fn certain(size: &Size, number: u64) -> Project {
    let mut project = project(size, number);
    let quantile = project.risk.plan_quantile;
    project
        .change(|project| {
            for server in &mut project.servers {
                let days = Spread::Fixed(f64::from(server.work.days(quantile, 1.0)));
                server.work = if matches!(server.work, Work::Days(_)) { Work::Days(days) } else { Work::Lead(days) };
            }
            project.risk.failure_prob = 0.0;
            project.replications = 2;
            // Any plan will do: how good it is does not matter here.
            project.search_seconds = 1;
        })
        .unwrap();
    project
}

/// Whether there was a plan to compare.
fn lives_as_planned(size: &Size, number: u64) -> bool {
    is_lived(&certain(size, number))
}

/// Whether a project without chance has a plan, which is then lived exactly.
pub(super) fn is_lived(project: &Project) -> bool {
    let basis = Basis::new(project);
    let quick = brownout::planner::search::bound::quick_bound(&basis);
    let draft = if basis.jobs.len() <= 4 { solve(&basis).map(|found| found.draft) } else { quick_plan(&basis, &quick) };
    let Some(draft) = draft else { return false };
    let planned: PerJob<_> =
        draft.schedule.iter().zip(&basis.jobs).map(|(&index, job)| job.candidates[index].at).collect();
    let lived = courses(&basis, &draft.schedule);
    assert!(lived.iter().all(|course| *course == planned), "{}: {planned:?} {:?}", project.name, lived[0]);
    let outcome = live(&basis, &draft.schedule, &lived, &PausesAsked::default());
    assert!(outcome.servers.iter().all(|server| server.on_time == 1.0), "{}", project.name);
    true
}

/// Numbers 0.., n = 600 in all. Everything is exact: there is no chance to allow for.
#[test]
fn a_project_without_chance_is_lived_exactly_as_planned() {
    let numbers = (0..400).map(|number| (&SMALL, number)).chain((50_000..50_200).map(|number| (&LARGE, number)));
    let numbers: Vec<_> = numbers.collect();
    let planned = numbers.into_par_iter().filter(|(size, number)| lives_as_planned(size, *number)).count();
    println!("{planned} of 600 have a plan");
    assert!(planned >= 350, "{planned}");
}
