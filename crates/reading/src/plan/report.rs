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
        reported.rows.push(row(&server.record, &lines));
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

/// A row of a report whose lines stand in `lines`.
fn row(record: &ServerRecord, lines: &[Place]) -> FleetRow {
    let at = |line: usize| line.checked_sub(1).and_then(|index| lines.get(index)).cloned();
    let place = |field: &str| at(record.lines.get(field).copied().unwrap_or(record.line));
    fn cell<T>(value: T, place: Option<Place>) -> FleetCell<T> {
        FleetCell { value, place, source: Source::Report }
    }
    FleetRow {
        place: at(record.line),
        server: Some(cell(record.name.clone(), place("ServerFQDN"))),
        product: record.product.map(|product| cell(product, place("ExchangeServer"))),
        build: record.build.map(|build| cell(build, place("Build"))),
        first_detected: record.first_detected.map(|detected| cell(detected, place("FirstDetectedDate"))),
        recommended: Some(cell(record.recommended.clone(), place("RecommendedBuildVersions"))),
        ..FleetRow::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use brownout_exchange::intake::{IntakeOptions, read};
    use brownout_kernel::policy::Ladder;

    #[test]
    fn every_value_of_a_report_stands_on_the_line_of_its_field() {
        let text = "ServerFQDN : mail1\nBuild : 15.1.2507.57\nExchangeServer : Exchange 2016\n\n\nServerFQDN : mail2\n\
                    FirstDetectedDate : 2026-09-09\nBuild : 15.2.1748.39\n";
        let file = Arc::new(SourceFile { path: "report.txt".to_owned(), text: text.to_owned() });
        let records = read(text.as_bytes(), &IntakeOptions::default()).unwrap().records;
        let policy = Policy::with_defaults(Ladder::all_at_once());
        let at = "2026-11-01".parse().unwrap();
        let rows = reported(&policy, at, &[], &[], (&file, records)).unwrap().rows;
        let line = |row: &FleetRow, column: &str| row.place_of(column).map(|place| place.line_column().0);
        let lines = |row: usize| ["server", "build", "first_detected"].map(|column| line(&rows[row], column));
        assert_eq!(lines(0), [Some(1), Some(2), None]);
        assert_eq!(lines(1), [Some(6), Some(8), Some(7)]);
    }
}
