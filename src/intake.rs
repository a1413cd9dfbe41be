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
//! use brownout::intake::{IntakeOptions, read};
//! let text = "ServerFQDN        : mail.example.org\nFirstDetectedDate : 28/03/2024 00:15:08\n";
//! let intake = read(text.as_bytes(), &IntakeOptions::default()).unwrap();
//! assert_eq!(intake.records[0].first_detected.to_string(), "2024-03-28T00:15:08Z");
//! ```

mod csv_form;
mod date;
mod decode;
mod draft;
mod form;
mod json_form;
mod list_form;
mod order;
mod problem;
mod sheet;
#[cfg(test)]
mod tests;

pub use date::{DateOrder, DateOrderError};
pub use form::Form;
pub use order::OrderBasis;
pub use problem::{IntakeError, Problem, ProblemKind};

use crate::catalog::{Build, ProductId};
use crate::time::SimTime;

/// What the reader may assume.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IntakeOptions {
    /// Order of day and month where it is known; `None` has it worked out from the file.
    pub date_order: Option<DateOrder>,
    /// Days from first detection to `ThrottleEnabledDate`: the report stage of the announced ladder.
    pub report_days: u32,
    /// Days from first detection to `BlockingEnabledDate` in the announced ladder.
    pub block_after_days: u32,
}

impl Default for IntakeOptions {
    fn default() -> Self {
        IntakeOptions { date_order: None, report_days: 30, block_after_days: 60 }
    }
}

/// A file that was read, with everything doubtful about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intake {
    /// The servers, in the order of the file; at least one.
    pub records: Vec<ServerRecord>,
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
    /// `Build`, where it could be read.
    pub build: Option<Build>,
    /// `Build` as it was written.
    pub build_text: String,
    /// `ExchangeServer`, or the product its build belongs to where that field tells nothing.
    pub product: Option<ProductId>,
    /// `ExchangeServer` as it was written.
    pub product_text: String,
    /// `FirstDetectedDate`.
    pub first_detected: SimTime,
    /// `ThrottleEnabledDate`.
    pub throttle_enabled: Option<SimTime>,
    /// `BlockingEnabledDate`.
    pub blocking_enabled: Option<SimTime>,
    /// The three `NextStage…` fields, where they are complete.
    pub next_stage: Option<NextStage>,
    /// `RecommendedBuildVersions` in the order of the file, without repetitions.
    pub recommended: Vec<Build>,
    /// The line of the file where the server begins, from 1.
    pub line: usize,
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
    let text = decode::decode(text, &mut warnings)?;
    let mut problems = Vec::new();
    let (form, raw) = form::parse(&text, &mut warnings, &mut problems);
    let drafts = draft::drafts(raw, &mut warnings, &mut problems)?;
    let basis = order::settle(drafts.iter().map(|draft| &draft.dates), options, &mut warnings, &mut problems);
    if let (Some(date_order), true) = (basis, problems.is_empty()) {
        let records = drafts.into_iter().filter_map(|draft| draft.finish(date_order.reading())).collect();
        return Ok(Intake { records, date_order, form, warnings });
    }
    problems.sort_by_key(|problem| problem.line);
    Err(IntakeError::Problems(problems))
}
