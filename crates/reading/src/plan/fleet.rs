//! The rows of a plan's fleet: of its table, of a report, or of both together, and what its defaults add.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Overrides;
use super::row::FleetRow;
use super::sheet::{defaults, rows, stated};
use super::wire::{PlanWire, ServerWire};
use crate::check::Checker;
use crate::compose::Reader;
use crate::problem::Problem;
use crate::tree::Path;
use brownout_text::names::nearest;
use brownout_text::outside::shortened;

/// The rows, and whether every row of the table could be read.
///
/// - `reported`: the servers of reports, each with its tenant where there are several.
pub(super) fn fleet_rows(
    checker: &mut Checker<'_>,
    wire: &PlanWire,
    (reader, overrides): (Reader<'_>, &Overrides),
    reported: Vec<FleetRow>,
    further: &mut Vec<Problem>,
) -> (Vec<FleetRow>, bool) {
    let at = Path::default().field("fleet");
    let file = match (&overrides.fleet, &wire.fleet) {
        (Some(file), _) => Some(Arc::clone(file)),
        (None, Some(path)) => match reader(path) {
            Ok(file) => Some(file),
            Err(message) => {
                checker.error(&at, message, "paths are relative to the plan's folder");
                None
            }
        },
        (None, None) => None,
    };
    let is_reported = overrides.report.is_some() || wire.tenants.values().any(|tenant| tenant.report.is_some());
    let mut joined = reported;
    let indices = by_name(&joined);
    let known = |tenant: &str, name: &str| indices.get(&key(tenant, name)).map(|&index| joined[index].clone());
    let table = file.as_ref().map(|file| rows(file, overrides.date_order, &known));
    let table = table.unwrap_or_default();
    let complete = table.complete || file.is_none();
    further.extend(table.problems);
    if !is_reported && file.is_none() && wire.fleet.is_none() {
        let help = "add `fleet: \"fleet.csv\"`, or give --fleet or --report";
        checker.error(&Path::default(), "the plan names no fleet", help);
    }
    for row in table.rows {
        match indices.get(&key(row.tenant(), row.name())).map(|&index| &mut joined[index]) {
            Some(known) => known.fill(&row),
            // A server that the report does not have is planned as well.
            None => joined.push(row),
        }
    }
    let of_plan = Path::default().field("servers");
    overrule(checker, &of_plan, "", &wire.servers, (&mut joined, complete));
    for (name, tenant) in &wire.tenants {
        let of_tenant = Path::default().field("tenants").field(name).field("servers");
        overrule(checker, &of_tenant, name, &tenant.servers, (&mut joined, complete));
    }
    let at = Path::default().field("defaults");
    let (usual, faults) = defaults(&wire.defaults, &|column| checker.place(&at.field(column)));
    for (field, message, help) in faults {
        checker.error(&at.field(field), message, help);
    }
    joined.iter_mut().for_each(|row| row.fill_with_defaults(&usual));
    (joined, complete)
}

/// Puts what the plan says of single servers of a tenant in its place.
fn overrule(
    checker: &mut Checker<'_>,
    at: &Path,
    tenant: &str,
    stated_of: &BTreeMap<String, ServerWire>,
    (rows, complete): (&mut [FleetRow], bool),
) {
    let places = by_name(rows);
    for (name, of_server) in stated_of {
        let at = at.field(name);
        let (row, faults) = stated(name, of_server, &|column| checker.place(&at.field(column)));
        for (field, message, help) in faults {
            checker.error(&at.field(field), message, help);
        }
        match places.get(&key(tenant, name)) {
            Some(&index) => rows[index].overrule(&row),
            None if complete => {
                let of_tenant = rows.iter().filter(|row| row.tenant().eq_ignore_ascii_case(tenant));
                let all: Vec<&str> = of_tenant.map(FleetRow::name).collect();
                let (whose, help) = match all.is_empty() && tenant.is_empty() {
                    true => {
                        ("fleet", "say it of the server's tenant: `tenants: {\"NAME\": (servers: {...})}`".to_owned())
                    }
                    false if tenant.is_empty() => ("fleet", nearest(&shortened(name, 80), &all)),
                    false => ("tenant", nearest(&shortened(name, 80), &all)),
                };
                checker.error(&at, format!("no server of the {whose} has this name"), help);
            }
            None => {}
        }
    }
}

/// Servers of a name, whoever spells it how, of a tenant; of none where that is empty.
fn key(tenant: &str, name: &str) -> (String, String) {
    (tenant.trim().to_lowercase(), name.to_lowercase())
}

/// Reported servers by full name, and by first name for a row that gives no more.
fn by_name(reported: &[FleetRow]) -> BTreeMap<(String, String), usize> {
    let mut indices = BTreeMap::new();
    for (index, row) in reported.iter().enumerate() {
        let (tenant, name) = key(row.tenant(), row.name());
        let first = name.split('.').next().unwrap_or_default().to_owned();
        indices.entry((tenant.clone(), first)).or_insert(index);
        indices.insert((tenant, name), index);
    }
    indices
}
