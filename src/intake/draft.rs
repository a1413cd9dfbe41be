//! From raw fields to what each server's record says, with the order of day and month still open.

use std::collections::{BTreeMap, BTreeSet};

use super::date::{DateOrder, DateText};
use super::form::RawRecord;
use super::problem::{IntakeError, Problem, shown};
use super::sheet::Sheet;
use super::{NextStage, ServerRecord};
use crate::catalog::{Build, ProductId};

/// The fields of the report.
pub(super) const FIELDS: [&str; 10] = [
    "ServerFQDN",
    "Build",
    "ExchangeServer",
    "FirstDetectedDate",
    "RecommendedBuildVersions",
    "ThrottleEnabledDate",
    "BlockingEnabledDate",
    "NextStageThrottleRate",
    "NextStageBlockRate",
    "NextStageStartDate",
];

/// The most distinct names of unknown fields that are named one by one.
const UNKNOWN_MAX: usize = 10;

/// A date field that could be read.
#[derive(Clone, Debug)]
pub(super) struct Dated {
    pub(super) field: &'static str,
    pub(super) text: String,
    pub(super) date: DateText,
    pub(super) line: usize,
}

/// The dates of one record.
#[derive(Clone, Debug, Default)]
pub(super) struct Dates {
    pub(super) detected: Option<Dated>,
    pub(super) throttle: Option<Dated>,
    pub(super) blocking: Option<Dated>,
    pub(super) next: Option<Dated>,
}

impl Dates {
    /// All that are there.
    pub(super) fn all(&self) -> impl Iterator<Item = &Dated> {
        [&self.detected, &self.throttle, &self.blocking, &self.next].into_iter().flatten()
    }
}

/// One server, its dates not yet instants.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) line: usize,
    pub(super) name: String,
    pub(super) build: Option<Build>,
    pub(super) build_text: String,
    pub(super) product: Option<ProductId>,
    pub(super) product_text: String,
    pub(super) recommended: Vec<Build>,
    /// Throttled and blocked minutes of the next stage.
    pub(super) rates: Option<(u32, u32)>,
    pub(super) dates: Dates,
}

/// Lower case without blanks and punctuation, as field names are compared.
pub(super) fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether `name` is a field of the report.
pub(super) fn is_known(name: &str) -> bool {
    name.len() <= 64 && known(name).is_some()
}

/// The field of the report called `name`, regardless of case, blanks and punctuation.
pub(super) fn known(name: &str) -> Option<&'static str> {
    let wanted = plain(name);
    FIELDS.into_iter().find(|field| field.eq_ignore_ascii_case(&wanted))
}

/// Makes drafts of all records that have a field of the report.
///
/// Fails with [`IntakeError::NoReport`] when none has, unless the form itself is broken, which `problems` then tells.
pub(super) fn drafts(
    raw: Vec<RawRecord>,
    warnings: &mut Vec<String>,
    problems: &mut Vec<Problem>,
) -> Result<Vec<Draft>, IntakeError> {
    let is_report = |record: &RawRecord| record.fields.iter().any(|field| is_known(&field.name));
    if problems.is_empty() && !raw.iter().any(is_report) {
        let names: BTreeSet<String> = raw.iter().flat_map(|r| &r.fields).map(|field| shown(&field.name)).collect();
        return Err(IntakeError::NoReport { seen: names.into_iter().take(10).collect() });
    }
    warn_of_unknown(&raw, warnings);
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    let mut drafts = Vec::new();
    for record in raw.into_iter().filter(is_report) {
        let draft = Sheet::new(record, warnings, problems).draft();
        if let Some(earlier) = names.insert(draft.name.to_lowercase(), draft.line)
            && !draft.name.is_empty()
        {
            warnings.push(format!(
                "line {}: server {} was already listed at line {earlier}; both are kept, drop one if it is the same server",
                draft.line, draft.name
            ));
        }
        drafts.push(draft);
    }
    Ok(drafts)
}

fn warn_of_unknown(raw: &[RawRecord], warnings: &mut Vec<String>) {
    let mut unknown: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for field in raw.iter().flat_map(|record| &record.fields).filter(|field| !is_known(&field.name)) {
        unknown.entry(shown(&field.name)).or_insert((field.line, 0)).1 += 1;
    }
    let mut by_line: Vec<_> = unknown.into_iter().collect();
    by_line.sort_by_key(|(_, (line, _))| *line);
    for (name, (line, count)) in by_line.iter().take(UNKNOWN_MAX) {
        warnings
            .push(format!("line {line}: field \"{name}\" is not one brownout reads; left out (occurrences: {count})"));
    }
    if by_line.len() > UNKNOWN_MAX {
        warnings.push(format!("{} more fields were left out", by_line.len() - UNKNOWN_MAX));
    }
}

impl Draft {
    /// The record under an order of day and month; `None` for a draft without a first detection, which is a problem.
    pub(super) fn finish(self, order: DateOrder) -> Option<ServerRecord> {
        let at = |dated: &Option<Dated>| dated.as_ref().and_then(|dated| dated.date.at(order));
        let next_stage = at(&self.dates.next).zip(self.rates);
        Some(ServerRecord {
            first_detected: at(&self.dates.detected)?,
            throttle_enabled: at(&self.dates.throttle),
            blocking_enabled: at(&self.dates.blocking),
            next_stage: next_stage.map(|(start, rates)| NextStage {
                start,
                throttle_minutes: rates.0,
                block_minutes: rates.1,
            }),
            name: self.name,
            build: self.build,
            build_text: self.build_text,
            product: self.product,
            product_text: self.product_text,
            recommended: self.recommended,
            line: self.line,
        })
    }
}
