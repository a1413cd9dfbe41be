//! Plans and fleets as files: text in, a [`Project`] or every problem out.
//!
//! A plan is a RON file; its fleet is a CSV table, or the output of `Get-OnPremServerReportInfo` with the missing columns added
//! by a table or by the plan's `defaults`. Reading from disk is the caller's business.

mod assemble;
mod cells;
mod check;
mod desk;
mod fleet;
pub mod happened;
mod header;
pub mod report;
mod risk;
pub mod row;
mod settle;
pub mod sheet;
pub mod state;
mod target;
mod tenants;
pub mod wire;
mod zone;

use std::sync::Arc;

use crate::check::Checker;
use crate::compose::Reader;
use crate::problem::{Problem, Severity};
use crate::text::SourceFile;
use crate::tree::{Path, read_file};
use brownout_exchange::intake::DateOrder;
use brownout_kernel::policy::{PauseRequest, Policy};
use brownout_kernel::time::SimTime;
use brownout_planner::Project;
use brownout_planner::index::PerTenant;
use row::FleetRow;
use state::PlanState;
use wire::PlanWire;

/// What the command line says besides the plan file.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// The first day that can still be planned.
    pub as_of: Option<SimTime>,
    /// Servers that are done: name and instant.
    pub done: Vec<(String, SimTime)>,
    /// Servers in hand, and since when if that is said.
    pub in_hand: Vec<(String, Option<SimTime>)>,
    /// The state of the former plan, to be planned again from.
    pub state: Option<Arc<SourceFile>>,
    /// Whether everything went as that plan says, but for what is said otherwise.
    pub as_planned: bool,
    /// A fleet table instead of the plan's.
    pub fleet: Option<Arc<SourceFile>>,
    /// Servers of a report, and the pauses that its dates betray; the table then only adds columns.
    pub report: Option<(Vec<FleetRow>, Vec<PauseRequest>)>,
    /// Pauses had besides the plan's.
    pub had: Vec<PauseRequest>,
    /// Pause days used besides the plan's: (calendar year, days).
    pub used: Vec<(i16, u32)>,
    /// Order of day and month in the fleet table, where it leaves that open.
    pub date_order: Option<DateOrder>,
    /// Master seed.
    pub seed: Option<u64>,
    /// Replications.
    pub replications: Option<u32>,
    /// Seconds of search.
    pub time: Option<u32>,
}

/// The policy of a plan and its first planned day, as far as they can be made out, to read a report by.
///
/// - `state`: of the former plan, which it does not go back behind.
pub fn policy_of(
    file: &Arc<SourceFile>,
    reader: Reader<'_>,
    overrides: &Overrides,
    state: Option<&PlanState>,
) -> Option<(Policy, SimTime)> {
    let read = read_file::<PlanWire>(file, "");
    let (wire, tree) = (read.value?, read.tree?);
    let mut checker = Checker::new(&tree, "", &read.dropped);
    let policy = check::policy(&mut checker, (&Path::default(), &tree), reader, &mut Vec::new())?;
    let of_plan = || wire.as_of.parse::<SimTime>().ok().map(|at| state.map_or(at, |state| at.max(state.as_of.start())));
    Some((policy, overrides.as_of.or_else(of_plan)?))
}

/// The project in a plan file of one tenant, and everything found on the way. There is a project unless a problem is an error, or
/// the plan is of several tenants.
pub fn compose(
    name: &str,
    file: &Arc<SourceFile>,
    reader: Reader<'_>,
    overrides: &Overrides,
) -> (Option<Project>, Vec<Problem>) {
    let (projects, problems) = compose_all(name, file, reader, overrides);
    let alone = projects.filter(|projects| projects.len() == 1);
    (alone.and_then(|projects| projects.raw.into_iter().next()), problems)
}

/// The projects in a plan file, one for each tenant in the order of their names, and everything found on the way. There are projects
/// unless a problem is an error.
pub fn compose_all(
    name: &str,
    file: &Arc<SourceFile>,
    reader: Reader<'_>,
    overrides: &Overrides,
) -> (Option<PerTenant<Project>>, Vec<Problem>) {
    let mut read = read_file::<PlanWire>(file, "");
    let mut projects = None;
    if let (Some(wire), Some(tree)) = (&read.value, &read.tree) {
        let mut checker = Checker::new(tree, "", &read.dropped);
        let mut further = Vec::new();
        projects = assemble::projects(&mut checker, tree, name, wire, reader, overrides, &mut further);
        read.problems.join(checker.problems);
        read.problems.extend(further);
    }
    let problems = read.problems.into_list();
    let failed = problems.iter().any(|problem| problem.severity == Severity::Error);
    (projects.filter(|projects| !failed && !projects.is_empty()), problems)
}
