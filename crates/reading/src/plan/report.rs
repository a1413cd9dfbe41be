//! A fleet from `Get-OnPremServerReportInfo`: names, builds and first detections, and the pauses that its dates betray.

use std::sync::Arc;

use super::row::{FleetCell, FleetRow, Source};
use crate::text::{Place, SourceFile};
use brownout_exchange::intake::ServerRecord;
use brownout_exchange::timeline::{Note, Question, TimelineError, fleet};
use brownout_kernel::policy::{PauseRequest, Policy};
use brownout_kernel::time::{SimDuration, SimTime};

/// What a report gives a plan.
#[derive(Clone, Debug, Default)]
pub struct Reported {
    /// A row for each server, with what the report tells.
    pub rows: Vec<FleetRow>,
    /// Pauses that explain the dates of the next stages.
    pub pauses: Vec<PauseRequest>,
    /// What the planner should know about that.
    pub notes: Vec<String>,
}

/// Reads a report's records under a policy, as they stand at `as_of`.
///
/// - `had`, `used`: pauses and pause days the plan knows of.
/// - `report`: the file and its records.
///
/// # Errors
/// [`TimelineError`] if these exceed the budget of a year.
pub fn reported(
    policy: &Policy,
    as_of: SimTime,
    had: &[PauseRequest],
    used: &[(i16, u32)],
    (file, records): (&Arc<SourceFile>, Vec<ServerRecord>),
) -> Result<Reported, TimelineError> {
    let question = Question { policy, pauses: had, used, at: as_of };
    let fleet = fleet(&question, records)?;
    let mut reported = Reported::default();
    let lines = Place::lines(file);
    reported.notes.extend(fleet.notes.iter().map(ToString::to_string));
    for server in &fleet.servers {
        let place = server.record.line.checked_sub(1).and_then(|line| lines.get(line));
        reported.rows.push(row(&server.record, place));
        for note in &server.notes {
            if let Note::PauseAssumed { from, to, .. } = note {
                let pause = PauseRequest { at: *from, days: days_between(*from, *to) };
                if !reported.pauses.contains(&pause) {
                    reported.pauses.push(pause);
                    reported.notes.push(format!("{}: {note}", server.record.name));
                }
            }
        }
    }
    if reported.pauses.len() > 1 {
        let words =
            "the servers' dates tell of different pauses; none is taken over: state them in the plan's `pauses.had`";
        reported.notes.push(words.to_owned());
        reported.pauses.clear();
    }
    Ok(reported)
}

fn days_between(from: SimTime, to: SimTime) -> u32 {
    (to.since(from).seconds() / SimDuration::DAY.seconds()).max(0) as u32
}

fn row(record: &ServerRecord, place: Option<&Place>) -> FleetRow {
    // A record's fields are told by the line where the record begins.
    fn cell<T>(value: T, place: Option<&Place>) -> FleetCell<T> {
        FleetCell { value, place: place.cloned(), source: Source::Report }
    }
    FleetRow {
        place: place.cloned(),
        server: Some(cell(record.name.clone(), place)),
        product: record.product.map(|product| cell(product, place)),
        build: record.build.map(|build| cell(build, place)),
        first_detected: record.first_detected.map(|detected| cell(detected, place)),
        recommended: Some(cell(record.recommended.clone(), place)),
        ..FleetRow::default()
    }
}
