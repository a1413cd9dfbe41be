//! From raw fields to what each server's record says, with the order of day and month still open.

use std::collections::{BTreeMap, BTreeSet};

use super::date::{DateOrder, DateText, ZoneEvidence};
use super::form::RawRecord;
use super::problem::{IntakeError, IntakeProblem, shown};
use super::sheet::Sheet;
use super::{NextStage, ServerRecord};
use brownout_kernel::catalog::{Build, BuildEvidence, ProductId};

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

/// Names of columns that tell the tenant, as [`plain`] writes them.
const TENANT: [&str; 13] = [
    "tenant",
    "tenantname",
    "tenantid",
    "tenantdomain",
    "organization",
    "organizationname",
    "organizationid",
    "organisation",
    "organisationid",
    "externaldirectoryorganizationid",
    "customer",
    "customername",
    "customerid",
];

/// The most distinct names of unknown fields that are named one by one.
const UNKNOWN_MAX: usize = 10;

/// A date field that could be read.
#[derive(Clone, Debug)]
pub(super) struct Dated {
    pub(super) field: &'static str,
    pub(super) text: String,
    pub(super) date: DateText,
    pub(super) zone: ZoneEvidence,
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
    /// Lines of the fields.
    pub(super) lines: BTreeMap<&'static str, usize>,
    pub(super) name: String,
    pub(super) tenant: Option<String>,
    pub(super) build: Option<BuildEvidence>,
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

/// Whether a record has a field of the report.
pub(super) fn is_report(record: &RawRecord) -> bool {
    record.fields.iter().any(|field| is_known(&field.name))
}

/// Names of the fields of some records, at most ten.
pub(super) fn names(records: &[RawRecord]) -> Vec<String> {
    let names: BTreeSet<String> =
        records.iter().flat_map(|record| &record.fields).map(|field| shown(&field.name)).collect();
    names.into_iter().take(UNKNOWN_MAX).collect()
}

/// Whether a field called `name` tells the tenant.
fn is_tenant(name: &str, wanted: Option<&str>) -> bool {
    let name = plain(name);
    match wanted {
        Some(wanted) => name == plain(wanted),
        None => TENANT.contains(&name.as_str()),
    }
}

/// Makes drafts of all records that have a field of the report.
///
/// - `tenant`: the column of the tenant, where it has a name of its own.
///
/// # Errors
/// [`IntakeError::NoTenantColumn`] where no record has it.
pub(super) fn drafts(
    raw: Vec<RawRecord>,
    tenant: Option<&str>,
    warnings: &mut Vec<String>,
    problems: &mut Vec<IntakeProblem>,
) -> Result<Vec<Draft>, IntakeError> {
    let raw: Vec<RawRecord> = raw.into_iter().filter(is_report).collect();
    let told = |record: &RawRecord| record.fields.iter().any(|field| is_tenant(&field.name, tenant));
    if let (Some(wanted), false) = (tenant, raw.iter().any(told)) {
        return Err(IntakeError::NoTenantColumn { wanted: wanted.to_owned(), seen: names(&raw) });
    }
    warn_of_unknown(&raw, tenant, warnings);
    let draft = |record: RawRecord| {
        let owner = record.fields.iter().find(|field| is_tenant(&field.name, tenant));
        let owner = owner.map(|field| field.value.trim().to_owned()).filter(|name| !name.is_empty());
        Draft { tenant: owner, ..Sheet::new(record, warnings, problems).draft() }
    };
    Ok(raw.into_iter().map(draft).collect())
}

fn warn_of_unknown(raw: &[RawRecord], tenant: Option<&str>, warnings: &mut Vec<String>) {
    let mut unknown: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let fields = raw.iter().flat_map(|record| &record.fields);
    for field in fields.filter(|field| !is_known(&field.name) && !is_tenant(&field.name, tenant)) {
        unknown.entry(shown(&field.name)).or_insert((field.line, 0)).1 += 1;
    }
    let mut by_line: Vec<_> = unknown.into_iter().filter(|(name, _)| !name.is_empty()).collect();
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
    /// The record under an order of day and month.
    pub(super) fn finish(self, order: DateOrder) -> ServerRecord {
        let at = |dated: &Option<Dated>| dated.as_ref().and_then(|dated| dated.date.at(order));
        let next_stage = at(&self.dates.next).zip(self.rates);
        ServerRecord {
            first_detected: at(&self.dates.detected),
            zone: self.dates.all().map(|dated| dated.zone).min().unwrap_or_default(),
            tenant: self.tenant,
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
            lines: self.lines,
        }
    }
}
