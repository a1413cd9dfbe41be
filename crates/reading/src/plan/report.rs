//! A fleet from `Get-OnPremServerReportInfo`: names, builds and first detections, and the pauses that its dates betray.

use super::row::{FleetCell, FleetRow, Source};
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
///
/// # Errors
/// [`TimelineError`] if these exceed the budget of a year.
pub fn reported(
    policy: &Policy,
    as_of: SimTime,
    had: &[PauseRequest],
    used: &[(i16, u32)],
    records: Vec<ServerRecord>,
) -> Result<Reported, TimelineError> {
    let question = Question { policy, pauses: had, used, at: as_of };
    let fleet = fleet(&question, records)?;
    let mut reported = Reported::default();
    reported.notes.extend(fleet.notes.iter().map(ToString::to_string));
    for server in &fleet.servers {
        reported.rows.push(row(&server.record));
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

fn row(record: &ServerRecord) -> FleetRow {
    // A report is told by its lines, which the reader of the report has named; its cells have no place in a table.
    fn cell<T>(value: T) -> Option<FleetCell<T>> {
        Some(FleetCell { value, place: None, source: Source::Report })
    }
    FleetRow {
        server: cell(record.name.clone()),
        product: record.product.and_then(cell),
        build: record.build.and_then(cell),
        first_detected: record.first_detected.and_then(cell),
        recommended: cell(record.recommended.clone()),
        ..FleetRow::default()
    }
}
