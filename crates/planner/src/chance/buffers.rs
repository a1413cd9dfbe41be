//! How much time jobs are given: plans for several quantiles of their work, lived in the same futures.
//!
//! A plan that gives jobs little time ends soon and is late in many futures; one that gives them much is safe and long. So each
//! quantile that is asked for ([`Risk::try_quantiles`](crate::project::Risk)) makes a plan of its own, with pauses fitted to its
//! courses, and all are lived with the same draws (sample average approximation with common random numbers; S. Kim, R. Pasupathy
//! and S. Henderson in *Handbook of Simulation Optimization*, 2015). Chosen is the plan with the least half mean and half tail.

use crate::basis::Basis;
use crate::chance::conditional::points_by_course;
use crate::chance::growth::LEVEL;
use crate::chance::summary::{MeanAndTail, quantile};
use crate::chance::totals::LastDone;
use crate::cost::joining::Joining;
use crate::findings::{Decision, decide};
use crate::project::Project;
use brownout_kernel::time::SimTime;
use brownout_kernel::watch::Watch;
use brownout_methods::interval::{Interval, mean_interval};

/// A plan that gives jobs the time that a quantile of their work takes.
#[derive(Clone, Debug, PartialEq)]
pub struct Buffer {
    /// The quantile.
    pub quantile: f64,
    /// Its last cut-over as planned; `None` where everything is done.
    pub last: Option<SimTime>,
    /// When the last server is done as surely as the plan asks; servers that do not stay done are left out.
    pub sure: SimTime,
    /// Points of all that is minimised, over the courses.
    pub cost: MeanAndTail,
    /// By how many points its mean is above that of the chosen one, course by course, and the interval of that (95 %); 0 and `None`
    /// for the chosen one.
    pub more: (f64, Option<Interval>),
    /// Whether the plan is made with it.
    pub is_chosen: bool,
}

/// A project with the time for jobs that is best, and what each that was tried came to; empty where none was.
#[derive(Clone, Debug, PartialEq)]
pub struct Buffered {
    /// The project, jobs given the time of the chosen quantile.
    pub project: Project,
    /// The quantiles that were tried, rising.
    pub buffers: Vec<Buffer>,
}

/// The project with the best of the quantiles that it tries; as it is where it tries none, where no plan is found, or where the work
/// was stopped.
pub fn with_best_buffer(project: Project, watch: &Watch) -> Buffered {
    let mut quantiles = project.risk.try_quantiles.clone();
    if quantiles.is_empty() {
        return Buffered { project, buffers: Vec::new() };
    }
    quantiles.push(project.risk.plan_quantile);
    quantiles.sort_by(f64::total_cmp);
    quantiles.dedup();
    let seconds = (project.search_seconds / quantiles.len() as u32).max(1);
    let tried = quantiles.into_iter().filter_map(|quantile| {
        let tried = project.with(|parts| {
            parts.search_seconds = seconds;
            parts.risk.plan_quantile = quantile;
        });
        measured(&tried.ok()?, watch)
    });
    let tried: Vec<(Buffer, Vec<f64>)> = tried.collect();
    // Of equal ones the first gives jobs the least time.
    let best = (0..tried.len()).min_by(|&a, &b| tried[a].0.cost.criterion().total_cmp(&tried[b].0.cost.criterion()));
    let Some(best) = best.filter(|_| !watch.is_stopped()) else { return Buffered { project, buffers: Vec::new() } };
    let against: Vec<f64> = tried[best].1.clone();
    let compared = |(index, (buffer, points)): (usize, (Buffer, Vec<f64>))| {
        let more: Vec<f64> = points.iter().zip(&against).map(|(here, there)| here - there).collect();
        let mean = MeanAndTail::of(&more).mean;
        let interval = mean_interval(&more, LEVEL).filter(|_| index != best);
        Buffer { more: (mean, interval), is_chosen: index == best, ..buffer }
    };
    let buffers: Vec<Buffer> = tried.into_iter().enumerate().map(compared).collect();
    let chosen = project.with(|parts| parts.risk.plan_quantile = buffers[best].quantile);
    Buffered { project: chosen.unwrap_or(project), buffers }
}

/// What a plan comes to, and its points in each course; `None` if none is found.
fn measured(project: &Project, watch: &Watch) -> Option<(Buffer, Vec<f64>)> {
    let basis = Basis::watched(project, Joining::Earlier, watch.clone());
    let Decision { solution, courses, asked, .. } = decide(&basis)?;
    let points: Vec<f64> =
        points_by_course(&basis, &courses, &asked).into_iter().map(|(mail, pauses)| mail + pauses).collect();
    let last = LastDone::new(&basis);
    let mut finished: Vec<SimTime> = courses.iter().map(|done| last.of(done)).collect();
    finished.sort_unstable();
    let schedule = solution.draft.schedule.iter().zip(&basis.jobs);
    let buffer = Buffer {
        quantile: project.risk.plan_quantile,
        last: schedule.map(|(&chosen, job)| job.candidates[chosen].at).max(),
        sure: quantile(&finished, project.risk.level),
        cost: MeanAndTail::of(&points),
        more: (0.0, None),
        is_chosen: false,
    };
    Some((buffer, points))
}
