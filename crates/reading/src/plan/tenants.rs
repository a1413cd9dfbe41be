//! The tenants of a plan: what the file states of each, and whose the rows of the fleet are.

use std::collections::BTreeMap;

use super::Overrides;
use super::check::{Had, had, policy};
use super::report::{Reported, reported};
use super::row::{FleetCell, FleetRow, Source};
use super::wire::{DatesWire, PlanWire, TenantWire};
use crate::check::Checker;
use crate::compose::Reader;
use crate::problem::{Problem, Severity};
use crate::tree::{Node, Path};
use brownout_exchange::intake::{DateOrder, IntakeOptions, read};
use brownout_kernel::policy::{PauseRequest, Policy};
use brownout_kernel::time::Day;
use brownout_text::names::{nearest, one_of};
use brownout_text::outside::shortened;

/// Most tenants of a plan.
const TENANTS_MAX: usize = 200;
/// Longest name of a tenant, in letters: it stands in the names of files.
const NAME_MAX: usize = 60;

/// What is one tenant's own.
#[derive(Clone, Debug, Default)]
pub(super) struct Tenant {
    /// Where it is stated.
    pub(super) at: Path,
    /// Its name; `None` where the plan is of one tenant.
    pub(super) name: Option<String>,
    pub(super) policy: Option<Policy>,
    pub(super) gap_days: u32,
    pub(super) may_pause: bool,
    pub(super) had: Had,
    /// Servers of its report, and the pauses that its dates betray.
    pub(super) reported: (Vec<FleetRow>, Vec<PauseRequest>),
    /// What must be known about its report.
    pub(super) notes: Vec<String>,
}

impl Tenant {
    /// What the command line says of this tenant: of servers that are done or in hand by `TENANT/SERVER`.
    pub(super) fn overrides(&self, all: &Overrides) -> Overrides {
        let Some(name) = &self.name else { return all.clone() };
        let own = |server: &String| server_of(server, name);
        Overrides {
            done: all.done.iter().filter_map(|(server, at)| Some((own(server)?, *at))).collect(),
            in_hand: all.in_hand.iter().filter_map(|(server, since)| Some((own(server)?, *since))).collect(),
            ..all.clone()
        }
    }
}

/// The server in `TENANT/SERVER` of a tenant; `None` if it is of another.
fn server_of(text: &str, tenant: &str) -> Option<String> {
    let (own, server) = (text.get(..tenant.len())?, text.get(tenant.len()..)?);
    own.eq_ignore_ascii_case(tenant).then(|| server.strip_prefix('/')).flatten().map(str::to_owned)
}

/// The tenants that the file names with what it states of them.
///
/// - `of_plan`: what holds for a tenant of which it states nothing.
pub(super) fn stated(
    checker: &mut Checker<'_>,
    (tree, wire): (&Node, &PlanWire),
    of_plan: &Tenant,
    (reader, date_order, as_of): (Reader<'_>, Option<DateOrder>, Option<Day>),
    further: &mut Vec<Problem>,
) -> Vec<Tenant> {
    let at = Path::default().field("tenants");
    let nodes = tree.field("tenants");
    let mut all = Vec::new();
    for (name, stated) in &wire.tenants {
        let at = at.field(name);
        check_name(checker, &at, name);
        let node = nodes.and_then(|nodes| nodes.field(name));
        let own = node.filter(|_| stated.policy.is_some());
        let own = own.map(|node| policy(checker, (&at, node), reader, further));
        let pauses = at.field("pauses");
        let mut tenant = Tenant {
            name: Some(name.trim().to_owned()),
            policy: own.unwrap_or_else(|| of_plan.policy.clone()),
            gap_days: match stated.gap_days {
                Some(days) => checker.whole(&at.field("gap_days"), days, 0..=365, " days") as u32,
                None => of_plan.gap_days,
            },
            may_pause: stated.pauses.allow.unwrap_or(of_plan.may_pause),
            had: had(checker, &pauses, &stated.pauses.had, &stated.pauses.used),
            reported: Default::default(),
            notes: Vec::new(),
            at,
        };
        if let Some(as_of) = as_of {
            read_report(checker, &mut tenant, stated, (reader, date_order, as_of));
        }
        all.push(tenant);
    }
    all
}

fn check_name(checker: &mut Checker<'_>, at: &Path, name: &str) {
    if !is_plain(name) {
        let (message, help) = no_name(name);
        checker.error(at, message, help);
    }
}

/// Whether a name can be that of a tenant: `TENANT/SERVER` names a server.
fn is_plain(name: &str) -> bool {
    let letters = name.trim().chars().count();
    (1..=NAME_MAX).contains(&letters) && !name.chars().any(|letter| letter.is_control() || letter == '/')
}

fn no_name(name: &str) -> (String, String) {
    let message = format!("\"{}\" is no name for a tenant", shortened(name, 80));
    (message, format!("write 1 to {NAME_MAX} letters without \"/\""))
}

/// Reads the report of a tenant, if it names one.
fn read_report(
    checker: &mut Checker<'_>,
    tenant: &mut Tenant,
    wire: &TenantWire,
    (reader, date_order, as_of): (Reader<'_>, Option<DateOrder>, Day),
) {
    let (Some(path), Some(policy)) = (&wire.report, &tenant.policy) else { return };
    let at = tenant.at.field("report");
    let file = match reader(path) {
        Ok(file) => file,
        Err(message) => return checker.error(&at, message, "paths are relative to the plan's folder"),
    };
    let intake = match read(file.text.as_bytes(), &IntakeOptions { date_order, ..IntakeOptions::default() }) {
        Ok(intake) => intake,
        Err(error) => return checker.error(&at, format!("{path}: {error}"), "it must be the report of this tenant"),
    };
    let Reported { mut rows, pauses, notes } =
        match reported(policy, as_of.start(), &tenant.had.pauses, &tenant.had.used, (&file, intake.records)) {
            Ok(found) => found,
            Err(error) => return checker.error(&at, format!("{path}: {error}"), ""),
        };
    let value = tenant.name.clone().unwrap_or_default();
    let cell = FleetCell { value, place: None, source: Source::Plan };
    rows.iter_mut().for_each(|row| row.tenant = Some(cell.clone()));
    tenant.notes.extend(intake.warnings.into_iter().chain(intake.nothing).chain(notes));
    tenant.reported = (rows, pauses);
}

/// The rows of each tenant, by name; of a plan of one all rows.
///
/// - `of_plan`: the defaults of a tenant, used where nothing is stated of it or the plan is of one.
pub(super) fn split(
    checker: &mut Checker<'_>,
    wire: &PlanWire,
    (of_plan, tenants): (Tenant, Vec<Tenant>),
    (rows, complete): (Vec<FleetRow>, bool),
    overrides: &Overrides,
    further: &mut Vec<Problem>,
) -> Vec<(Tenant, Vec<FleetRow>)> {
    let are_several = !wire.tenants.is_empty() || rows.iter().any(|row| row.tenant.is_some());
    if !are_several {
        return vec![(of_plan, rows)];
    }
    of_no_tenant(checker, wire, overrides, further);
    let mut parts: BTreeMap<String, (Tenant, Vec<FleetRow>)> = BTreeMap::new();
    for tenant in tenants {
        let name = tenant.name.as_deref().unwrap_or_default();
        further.extend(tenant.notes.iter().map(|note| noted(name, note)));
        parts.insert(name.to_lowercase(), (tenant, Vec::new()));
    }
    for row in rows {
        let name = row.tenant().trim().to_owned();
        if name.is_empty() {
            let message = "the row names no tenant, and the plan is of several".to_owned();
            further.push(row.problem(Severity::Error, "tenant", message, "name its tenant"));
            continue;
        }
        if !parts.contains_key(&name.to_lowercase()) {
            if !is_plain(&name) {
                let (message, help) = no_name(&name);
                further.push(row.problem(Severity::Error, "tenant", message, help));
            }
            let stated: Vec<&str> = wire.tenants.keys().map(String::as_str).collect();
            let near = nearest(&name, &stated);
            if !near.is_empty() {
                let message = format!("\"{}\" is another tenant than those in `tenants`", shortened(&name, 80));
                further.push(row.problem(Severity::Warning, "tenant", message, near));
            }
        }
        let new = || (Tenant { name: Some(name.clone()), ..of_plan.clone() }, Vec::new());
        parts.entry(name.to_lowercase()).or_insert_with(new).1.push(row);
    }
    if parts.len() > TENANTS_MAX {
        let message = format!("the plan is of {} tenants; expected at most {TENANTS_MAX}", parts.len());
        checker.error(&Path::default().field("fleet"), message, "plan a part of them");
        parts = parts.into_iter().take(TENANTS_MAX).collect();
    }
    for (tenant, rows) in parts.values() {
        if rows.is_empty() && complete {
            let help = "add a row for each of its servers, or its `report`";
            checker.error(&tenant.at, "no server of the fleet is of this tenant", help);
        }
    }
    let parts: Vec<(Tenant, Vec<FleetRow>)> = parts.into_values().collect();
    belongs(&parts, overrides, further);
    parts
}

/// What is said of the plan as a whole but can only be of one tenant.
fn of_no_tenant(checker: &mut Checker<'_>, wire: &PlanWire, overrides: &Overrides, further: &mut Vec<Problem>) {
    let at = Path::default().field("pauses");
    let example = "tenants: {\"NAME\": (pauses: (had: [...], used: {...}))}";
    for (field, is_said) in [("had", !wire.pauses.had.is_empty()), ("used", !wire.pauses.used.is_empty())] {
        if is_said {
            let message = "the plan is of several tenants, and each has pauses of its own";
            checker.error(&at.field(field), message, format!("say whose they are: `{example}`"));
        }
    }
    if !wire.risk.try_quantiles.is_empty() {
        let at = Path::default().field("risk").field("try_quantiles");
        checker.error(&at, "several times for jobs are tried for a plan of one tenant only", "state `plan_quantile`");
    }
    if matches!(wire.risk.dates, DatesWire::ByCourses) {
        let at = Path::default().field("risk").field("dates");
        checker.error(&at, "dates are moved by chance for a plan of one tenant only", "leave it out");
    }
    let of_tenant = format!("say it of a tenant in the plan: `{example}`");
    let with_report = "name it in the plan: `tenants: {\"NAME\": (report: \"FILE\")}`";
    for (option, is_given, help) in [
        ("--pause", !overrides.had.is_empty(), of_tenant.as_str()),
        ("--used", !overrides.used.is_empty(), of_tenant.as_str()),
        ("--report", overrides.report.is_some(), with_report),
    ] {
        if is_given {
            let message = "the plan is of several tenants".to_owned();
            let (field, help) = (option.to_owned(), help.to_owned());
            further.push(Problem { severity: Severity::Error, place: None, field, message, help });
        }
    }
}

/// Whether what the command line says of servers is of one of the tenants.
fn belongs(parts: &[(Tenant, Vec<FleetRow>)], overrides: &Overrides, further: &mut Vec<Problem>) {
    let names: Vec<&str> = parts.iter().filter_map(|(tenant, _)| tenant.name.as_deref()).collect();
    let done = overrides.done.iter().map(|one| ("--done", &one.0));
    let in_hand = overrides.in_hand.iter().map(|one| ("--in-hand", &one.0));
    for (option, server) in done.chain(in_hand) {
        if names.iter().all(|name| server_of(server, name).is_none()) {
            let message = format!("{server} names no tenant of the plan; its tenants are {}", one_of(&names));
            let (field, help) = (option.to_owned(), "write TENANT/SERVER".to_owned());
            further.push(Problem { severity: Severity::Error, place: None, field, message, help });
        }
    }
}

/// What must be known about a tenant's report.
fn noted(tenant: &str, note: &str) -> Problem {
    let message = format!("{tenant}: {note}");
    Problem { severity: Severity::Warning, place: None, field: String::new(), message, help: String::new() }
}
