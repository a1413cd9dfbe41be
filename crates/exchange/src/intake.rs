//! Reads what `Get-OnPremServerReportInfo` prints: the servers under enforcement and their dates.
//!
//! Accepted, and told apart without being asked: PowerShell's `Format-List` text, `Export-Csv` and `ConvertTo-Json`, in
//! UTF-8 or UTF-16 as `>` writes it. The cmdlet prints dates in the culture of the session, so the order of day and month
//! is worked out from all dates of the file together; where nothing tells, the answer is an error that says how to state
//! it, never a guess. Times are taken as UTC unless they carry an offset.
//!
//! Promised: any bytes are answered, in time linear in their number; every problem of a file is reported at once.
//! Left out: the current stage, rates and pauses, which the cmdlet does not print (`DOMAIN.md` section 3.5).
//!
//! ```
//! use brownout_exchange::intake::{IntakeOptions, read};
//! let text = "ServerFQDN        : mail.example.org\nFirstDetectedDate : 28/03/2024 00:15:08\n";
//! let intake = read(text.as_bytes(), &IntakeOptions::default()).unwrap();
//! assert_eq!(intake.records[0].first_detected.unwrap().to_string(), "2024-03-28T00:15:08Z");
//! ```

mod csv_form;
mod date;
mod decode;
mod draft;
mod form;
mod json_form;
mod list_form;
mod number;
mod order;
mod other;
mod problem;
mod sheet;
mod table;
#[cfg(test)]
mod tests;

pub use date::{DateError, DateFault, DateOrder, DateOrderError, DateText, ZoneEvidence, instant_of, read_date};
pub use decode::table_text;
pub use form::Form;
pub use number::{NumberError, NumberHabits, ReadNumber, read_number};
pub use order::OrderBasis;
pub use other::Other;
pub use problem::{IntakeError, IntakeProblem, ProblemKind};
pub use table::{CellLines, Flaw, TableReader, TableRow};

use std::collections::BTreeMap;

use brownout_kernel::catalog::{Build, BuildEvidence, ProductId};
use brownout_kernel::time::SimTime;

/// What the reader may assume.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IntakeOptions {
    /// Order of day and month where it is known; `None` has it worked out from the file.
    pub date_order: Option<DateOrder>,
    /// Days from first detection to `ThrottleEnabledDate`: the report stage of the announced ladder.
    pub report_days: u32,
    /// Days from first detection to `BlockingEnabledDate` in the announced ladder.
    pub block_after_days: u32,
    /// The column that names the tenant; `None` looks for `Tenant`, `TenantName`, `Organization` and the like.
    pub tenant_column: Option<String>,
}

impl Default for IntakeOptions {
    fn default() -> Self {
        IntakeOptions { date_order: None, report_days: 30, block_after_days: 60, tenant_column: None }
    }
}

/// A file that was read, with everything doubtful about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intake {
    /// The servers, in the order of the file. None where the report says that nothing is out of date, which is an answer.
    pub records: Vec<ServerRecord>,
    /// What the report says instead of records; `None` where it has some.
    pub nothing: Option<String>,
    /// How the order of day and month was settled; prints as an explanation.
    pub date_order: OrderBasis,
    /// The form the file was found to be in.
    pub form: Form,
    /// What was left out or looks doubtful, each with its line and what to do.
    pub warnings: Vec<String>,
}

/// One server of the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerRecord {
    /// `ServerFQDN`.
    pub name: String,
    /// The organisation the server belongs to, where the report has a column for it.
    pub tenant: Option<String>,
    /// What `Build` tells, where it could be read.
    pub build: Option<BuildEvidence>,
    /// `Build` as it was written.
    pub build_text: String,
    /// `ExchangeServer`, or the product its build belongs to where that field tells nothing.
    pub product: Option<ProductId>,
    /// `ExchangeServer` as it was written.
    pub product_text: String,
    /// `FirstDetectedDate`; `None` where the report has no date there, which means that the day is not known.
    pub first_detected: Option<SimTime>,
    /// `ThrottleEnabledDate`.
    pub throttle_enabled: Option<SimTime>,
    /// `BlockingEnabledDate`.
    pub blocking_enabled: Option<SimTime>,
    /// The three `NextStage…` fields, where they are complete.
    pub next_stage: Option<NextStage>,
    /// `RecommendedBuildVersions` in the order of the file, without repetitions.
    pub recommended: Vec<Build>,
    /// The zone of the record's dates: the least certain one among them.
    pub zone: ZoneEvidence,
    /// The line of the file where the server begins, from 1.
    pub line: usize,
    /// The lines of its fields, by the names of the report.
    pub lines: BTreeMap<&'static str, usize>,
}

/// The stage announced to come next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NextStage {
    /// When it begins.
    pub start: SimTime,
    /// Throttled minutes per hour, at most 60 together with the blocked ones.
    pub throttle_minutes: u32,
    /// Blocked minutes per hour.
    pub block_minutes: u32,
}

/// The text of a report as it is read, whatever its encoding was; reading it again gives the same.
///
/// # Errors
/// [`IntakeError`] if it is no text.
pub fn text_of(bytes: &[u8]) -> Result<String, IntakeError> {
    decode::decode(bytes, &mut Vec::new())
}

/// Reads a report.
///
/// # Errors
/// [`IntakeError`]: the file as a whole is no report, or a list of every problem in it.
pub fn read(text: &[u8], options: &IntakeOptions) -> Result<Intake, IntakeError> {
    let mut warnings = Vec::new();
    if text.starts_with(b"PK\x03\x04") {
        return Err(IntakeError::Other(Other::Workbook));
    }
    let text = decode::decode(text, &mut warnings)?;
    if let Some(other) = other::by_text(&text) {
        return Err(IntakeError::Other(other));
    }
    let mut problems = Vec::new();
    let (form, raw) = form::parse(&text, &mut warnings, &mut problems);
    if problems.is_empty() && !raw.iter().any(draft::is_report) {
        if let Some(other) = other::by_content(&text, &raw) {
            return Err(IntakeError::Other(other));
        }
        let Some(says) = other::nothing(&text, &raw) else {
            return Err(IntakeError::NoReport { seen: draft::names(&raw) });
        };
        let date_order = OrderBasis::NotNeeded;
        return Ok(Intake { records: Vec::new(), nothing: Some(says), date_order, form, warnings: Vec::new() });
    }
    if raw.iter().all(|record| record.fields.iter().all(|field| field.value.trim().is_empty())) && problems.is_empty() {
        let says = "the report has a header and no server: none was reported".to_owned();
        let date_order = OrderBasis::NotNeeded;
        return Ok(Intake { records: Vec::new(), nothing: Some(says), date_order, form, warnings });
    }
    let tenant = options.tenant_column.as_deref();
    let drafts = draft::drafts(raw, tenant, &mut warnings, &mut problems)?;
    let basis = order::settle(drafts.iter().map(|draft| &draft.dates), options, &mut warnings, &mut problems);
    if let (Some(date_order), true) = (basis, problems.is_empty()) {
        let records = drafts.into_iter().map(|draft| draft.finish(date_order.reading())).collect();
        let records = newest(records, &mut warnings);
        return Ok(Intake { records, nothing: None, date_order, form, warnings: capped(warnings) });
    }
    problems.sort_by_key(|problem| problem.line);
    Err(IntakeError::Problems(problems))
}

/// How many warnings are told one by one.
const WARNINGS_MAX: usize = 60;

/// The first warnings, and how many more there are.
fn capped(mut warnings: Vec<String>) -> Vec<String> {
    let more = warnings.len().saturating_sub(WARNINGS_MAX);
    if more > 0 {
        warnings.truncate(WARNINGS_MAX);
        warnings.push(format!("{more} more warnings like these"));
    }
    warnings
}

/// Each server once, by its newest record: files that grew by `>>` and repeated transcripts list servers again. The last record is
/// the newest, unless an earlier one announces a later stage.
fn newest(records: Vec<ServerRecord>, warnings: &mut Vec<String>) -> Vec<ServerRecord> {
    let mut indices: BTreeMap<(Option<String>, String), usize> = BTreeMap::new();
    let (mut kept, mut times): (Vec<ServerRecord>, Vec<usize>) = (Vec::new(), Vec::new());
    for record in records {
        let index = *indices.entry((record.tenant.clone(), record.name.to_lowercase())).or_insert(kept.len());
        if index == kept.len() {
            kept.push(record);
            times.push(1);
            continue;
        }
        times[index] += 1;
        let start = |record: &ServerRecord| record.next_stage.map(|next| next.start);
        let older = start(&kept[index]).zip(start(&record)).is_none_or(|(known, new)| known <= new);
        if older {
            kept[index] = record;
        }
    }
    for (record, count) in kept.iter().zip(times).filter(|(_, count)| *count > 1) {
        let (line, name) = (record.line, problem::shown(&record.name));
        warnings
            .push(format!("line {line}: server {name} is listed {count} times; its newest record, this one, counts"));
    }
    kept
}
