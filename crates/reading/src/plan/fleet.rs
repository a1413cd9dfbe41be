//! The rows of a plan's fleet: of its table, of a report, or of both together, and what its defaults add.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Overrides;
use super::row::FleetRow;
use super::sheet::{defaults, rows, stated};
use super::wire::PlanWire;
use crate::check::Checker;
use crate::compose::Reader;
use crate::problem::Problem;
use crate::tree::Path;
use brownout_text::names::nearest;
use brownout_text::outside::shortened;

/// The rows, and whether every row of the table could be read.
pub(super) fn fleet_rows(
    checker: &mut Checker<'_>,
    wire: &PlanWire,
    reader: Reader<'_>,
    overrides: &Overrides,
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
    let mut joined = overrides.report.as_ref().map(|(reported, _)| reported.clone()).unwrap_or_default();
    let indices = by_name(&joined);
    let known = |name: &str| indices.get(&name.to_lowercase()).map(|&index| joined[index].clone());
    let table = file.as_ref().map(|file| rows(file, overrides.date_order, &known));
    let table = table.unwrap_or_default();
    let complete = table.complete || file.is_none();
    further.extend(table.problems);
    if overrides.report.is_none() && file.is_none() && wire.fleet.is_none() {
        let help = "add `fleet: \"fleet.csv\"`, or give --fleet or --report";
        checker.error(&Path::default(), "the plan names no fleet", help);
    }
    for row in table.rows {
        match indices.get(&row.name().to_lowercase()).map(|&index| &mut joined[index]) {
            Some(known) => known.fill(&row),
            // A server that the report does not have is planned as well.
            None => joined.push(row),
        }
    }
    overrule(checker, wire, &mut joined, complete);
    let (usual, faults) = defaults(&wire.defaults);
    for (field, message, help) in faults {
        checker.error(&Path::default().field("defaults").field(field), message, help);
    }
    joined.iter_mut().for_each(|row| row.fill_with_defaults(&usual));
    (joined, complete)
}

/// Puts what the plan says of single servers in its place.
fn overrule(checker: &mut Checker<'_>, wire: &PlanWire, rows: &mut [FleetRow], complete: bool) {
    let places = by_name(rows);
    for (name, of_server) in &wire.servers {
        let at = Path::default().field("servers").field(name);
        let (row, faults) = stated(name, of_server);
        for (field, message, help) in faults {
            checker.error(&at.field(field), message, help);
        }
        match places.get(&name.to_lowercase()) {
            Some(&index) => rows[index].overrule(&row),
            None if complete => {
                let all: Vec<&str> = rows.iter().map(FleetRow::name).collect();
                checker.error(&at, "no server of the fleet has this name", nearest(&shortened(name, 80), &all));
            }
            None => {}
        }
    }
}

/// Reported servers by full name, and by first name for a row that gives no more.
fn by_name(reported: &[FleetRow]) -> BTreeMap<String, usize> {
    let mut indices: BTreeMap<String, usize> = BTreeMap::new();
    for (index, row) in reported.iter().enumerate() {
        let name = row.name().to_lowercase();
        let first = name.split('.').next().unwrap_or_default().to_owned();
        indices.entry(first).or_insert(index);
        indices.insert(name, index);
    }
    indices
}
