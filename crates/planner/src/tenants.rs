//! Several tenants whose servers the same crews bring into compliance: a provider and its customers.
//!
//! Each tenant is a [`Project`] with servers, policy, budgets and pauses of its own; crews, dates and risk are those of all. What one
//! tenant pauses costs no other, so tenants meet only in the crews' time: each is planned beside the places that the
//! others take. They are lived together, as a crew that is late for one is late for the next.

mod answer;
mod bound;
mod coordinate;
mod pool;

use rayon::prelude::*;

use crate::basis::Basis;
use crate::chance::growth::{Growth, Judged};
use crate::chance::lived::{Course, Luck};
use crate::chance::outcome::Lived;
use crate::cost::joining::Joining;
use crate::cost::tariff::Cost;
use crate::findings::{Findings, NoPlan, asked_for, told};
use crate::index::{PerJob, PerServer, PerTenant, ServerIndex, TenantIndex};
use crate::project::{FleetServer, Project};
use crate::search::obstacles::{Obstacle, obstacles};
use crate::search::schedule::Booked;
use bound::places_bound;
use brownout_kernel::limits::Refusal;
use brownout_kernel::time::SimTime;
use brownout_kernel::watch::Watch;
use coordinate::{Coordinated, Stuck, coordinate};
use pool::{Pool, least_prices};

/// Steps of planning, for whoever shows progress.
pub const STEPS: u64 = 4;

/// The plan of several tenants.
#[derive(Clone, Debug)]
pub struct TogetherFindings<'a> {
    /// What is told of each tenant.
    pub tenants: PerTenant<Findings<'a>>,
    /// How all of it ends by chance; of its servers each tenant tells.
    pub lived: Lived,
    /// A cost that no plan of all can beat.
    pub bound: Cost,
}

impl TogetherFindings<'_> {
    /// What all plans cost together.
    pub fn cost(&self) -> Cost {
        self.tenants.iter().map(|found| found.solution.draft.cost).sum()
    }

    /// How much of the cost could be saved at most, as a share; 0 for an optimal plan.
    pub fn gap(&self) -> f64 {
        let (cost, bound) = (self.cost(), self.bound);
        if bound >= cost { 0.0 } else { (cost - bound) as f64 / cost as f64 }
    }
}

/// Plans tenants that share their crews.
///
/// - `projects`: at least one; they agree in dates, crews, risk, seed and replications, and each names its tenant.
/// - `watch`: told each of [`STEPS`] steps, and asked at least every 20 ms whether to go on.
///
/// # Errors
/// [`NoPlan`]: it was stopped, or what stands in the way if no plan was found.
pub fn plan_together<'a>(projects: &'a PerTenant<Project>, watch: &Watch) -> Result<TogetherFindings<'a>, NoPlan> {
    let made = projects.raw.par_iter().map(|project| Basis::watched(project, Joining::Earlier, watch.clone()));
    let bases: PerTenant<Basis<'a>> = made.collect::<Vec<_>>().into();
    watch.check()?;
    let Coordinated { bases, solutions, bound } = match coordinate(bases, watch) {
        Ok(coordinated) => coordinated,
        Err(stuck) => {
            watch.check()?;
            let found = in_the_way(projects, stuck, watch);
            watch.check()?;
            return Err(NoPlan::Obstacles(found));
        }
    };
    watch.check()?;
    watch.step()?;
    let planned: Vec<_> =
        bases.iter().zip(&solutions).map(|(basis, solution)| basis.planned(&solution.draft.schedule)).collect();
    let course = Course::planned(&planned, &Booked::new());
    let first = lived_by_all(&bases, &course, 0..projects[TenantIndex::from(0)].replications, watch);
    let asked = bases.raw.par_iter().zip(&solutions.raw).zip(&first.raw);
    let asked: Vec<_> = asked.map(|((basis, solution), courses)| asked_for(basis, solution, courses)).collect();
    watch.check()?;
    watch.step()?;
    let tenants = bases.iter().zip(&solutions).zip(&asked);
    let tenants: Vec<Judged<'_>> =
        tenants.map(|((basis, solution), asked)| Judged { basis, schedule: &solution.draft.schedule, asked }).collect();
    let mut growth = Growth::new(&tenants, first);
    while let Some(numbers) = growth.wanted() {
        growth.add(lived_by_all(&bases, &course, numbers, watch));
    }
    let (lived, of_tenants) = growth.lived();
    watch.check()?;
    watch.step()?;
    drop((planned, course, tenants));
    let parts = bases.raw.into_par_iter().zip(solutions.raw).zip(asked).zip(of_tenants);
    let told = parts.map(|(((basis, solution), asked), lived)| told(basis, solution, asked, lived));
    let tenants: PerTenant<Findings<'a>> = told.collect::<Vec<_>>().into();
    watch.check()?;
    watch.step()?;
    Ok(TogetherFindings { tenants, lived, bound })
}

/// A cost that no plan of these tenants can beat, as crews have only so many places.
///
/// - `known`: the cost of some plan; the bound need not be better.
pub fn bound(bases: &PerTenant<Basis<'_>>, known: Cost) -> Cost {
    let pool = Pool::new(bases);
    places_bound(bases, &pool, &least_prices(bases, &pool), known)
}

/// When each job of each tenant is done in some replications.
fn lived_by_all(
    bases: &PerTenant<Basis<'_>>,
    course: &Course<'_>,
    numbers: std::ops::Range<u32>,
    watch: &Watch,
) -> PerTenant<Vec<PerJob<SimTime>>> {
    let luck: Vec<Luck> = bases.iter().map(|basis| basis.luck_in(numbers.clone())).collect();
    course.lives(&luck.iter().collect::<Vec<&Luck>>(), numbers, watch)
}

/// What stands in the way of a plan, servers with the names of their tenants.
fn in_the_way(projects: &PerTenant<Project>, stuck: Stuck, watch: &Watch) -> Vec<Obstacle> {
    match stuck {
        Stuck::Alone(tenant) => {
            let project = &projects[tenant];
            let name = |server: String| format!("{}: {server}", project.tenant.as_deref().unwrap_or_default());
            let found = obstacles(project, watch).into_iter();
            found.map(|one| Obstacle { servers: one.servers.into_iter().map(name).collect(), ..one }).collect()
        }
        Stuck::Together => as_one(projects).map_or_else(|_| Vec::new(), |all| obstacles(&all, watch)),
    }
}

/// All servers as if they were of one tenant without gaps: what stands in its way stands in the way of all.
fn as_one(projects: &PerTenant<Project>) -> Result<Project, Refusal> {
    let mut servers: PerServer<FleetServer> = PerServer::new();
    for project in projects {
        let first = servers.len();
        let tenant = project.tenant.as_deref().unwrap_or_default();
        servers.extend(project.servers.iter().map(|server| FleetServer {
            name: format!("{tenant}: {}", server.name),
            depends_on: server.depends_on.iter().map(|&other| ServerIndex::from(first + usize::from(other))).collect(),
            // Waves are of one tenant each.
            wave: None,
            priority: 1,
            ..server.clone()
        }));
    }
    projects[TenantIndex::from(0)].with(|parts| (parts.servers, parts.gap_days) = (servers, 0))
}
