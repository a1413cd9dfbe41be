//! One record field by field: what each value says, and what is wrong with it.

use std::collections::{BTreeMap, BTreeSet};

use super::date::read_date;
use super::draft::{Dated, Dates, Draft, is_known, known};
use super::form::{RawField, RawRecord};
use super::problem::{Problem, ProblemKind, shown};
use crate::catalog::{Build, Catalog, ProductId};

/// One record being read.
pub(super) struct Sheet<'a> {
    line: usize,
    fields: BTreeMap<&'static str, RawField>,
    warnings: &'a mut Vec<String>,
    problems: &'a mut Vec<Problem>,
}

impl<'a> Sheet<'a> {
    pub(super) fn new(record: RawRecord, warnings: &'a mut Vec<String>, problems: &'a mut Vec<Problem>) -> Self {
        let fields = record.fields.into_iter().filter(|field| is_known(&field.name));
        let fields = fields.filter_map(|field| known(&field.name).map(|name| (name, field))).collect();
        Sheet { line: record.line, fields, warnings, problems }
    }

    pub(super) fn draft(mut self) -> Draft {
        let name = self.name();
        let (build, build_text) = self.build();
        let (product, product_text) = self.product(build);
        let dates = Dates {
            detected: self.date("FirstDetectedDate", true),
            throttle: self.date("ThrottleEnabledDate", false),
            blocking: self.date("BlockingEnabledDate", false),
            next: self.date("NextStageStartDate", false),
        };
        let rates = self.rates(dates.next.is_some());
        let recommended = self.recommended();
        Draft { line: self.line, name, build, build_text, product, product_text, recommended, rates, dates }
    }

    /// Value and line of a field, wrapped lines put together by `joint`; `None` if absent or blank.
    fn value(&self, field: &str, joint: &str) -> Option<(String, usize)> {
        let raw = self.fields.get(field)?;
        let value = raw.value.trim().replace('\n', joint);
        (!value.is_empty()).then_some((value, raw.line))
    }

    fn problem(&mut self, kind: ProblemKind, field: &str, found: Option<(&str, usize)>, rule: &str, remedy: &str) {
        let (value, line) = found.unwrap_or(("", self.line));
        let (field, rule, remedy) = (field.to_owned(), rule.to_owned(), remedy.to_owned());
        self.problems.push(Problem { kind, line, field, value: shown(value), rule, remedy });
    }

    fn missing(&mut self, field: &str) {
        const REMEDY: &str = "export again with | Format-List *, or add the line";
        self.problem(ProblemKind::Missing, field, None, "every server needs it", REMEDY);
    }

    fn name(&mut self) -> String {
        let Some((value, line)) = self.value("ServerFQDN", "") else {
            self.missing("ServerFQDN");
            return String::new();
        };
        if value.len() > 255 || value.contains(|c: char| c.is_control() || c.is_whitespace()) {
            let rule = "a server name has at most 255 characters and no blanks";
            self.problem(ProblemKind::Name, "ServerFQDN", Some((&value, line)), rule, "correct the name");
        }
        value
    }

    fn build(&mut self) -> (Option<Build>, String) {
        let Some((value, line)) = self.value("Build", "") else {
            self.warnings.push(format!("line {}: Build is missing; the server's build stays unknown", self.line));
            return (None, String::new());
        };
        let build = value.parse().map_err(|error| self.warnings.push(format!("line {line}: Build: {error}"))).ok();
        (build, value)
    }

    fn product(&mut self, build: Option<Build>) -> (Option<ProductId>, String) {
        let catalog = Catalog::embedded();
        let by_build = build.and_then(|build| catalog.product_of(build));
        let Some((value, line)) = self.value("ExchangeServer", "") else {
            return (by_build, String::new());
        };
        match (catalog.product(&value), by_build) {
            (Ok(stated), Some(found)) if stated != found => {
                let (stated_name, found_name) = (catalog.product_name(stated), catalog.product_name(found));
                self.warnings.push(format!(
                    "line {line}: ExchangeServer says {stated_name}, but the build belongs to {found_name}; {stated_name} is kept"
                ));
                (Some(stated), value)
            }
            (Ok(stated), _) => (Some(stated), value),
            (Err(error), _) => {
                self.warnings.push(format!("line {line}: ExchangeServer: {error}"));
                (by_build, value)
            }
        }
    }

    fn date(&mut self, field: &'static str, required: bool) -> Option<Dated> {
        let Some((text, line)) = self.value(field, " ") else {
            if required {
                self.missing(field);
            }
            return None;
        };
        let Some(date) = read_date(&text) else {
            let rule =
                "expected an existing date such as 28/03/2024 00:15:08, 3/28/2024 12:15:08 AM or 2024-03-28T00:15:08Z";
            let remedy = "correct it, or export with ConvertTo-Json";
            self.problem(ProblemKind::Date, field, Some((&text, line)), rule, remedy);
            return None;
        };
        Some(Dated { field, text, date, line })
    }

    /// Minutes of the next stage; needed only where its start is known.
    fn rates(&mut self, has_start: bool) -> Option<(u32, u32)> {
        let throttle = self.minutes("NextStageThrottleRate");
        let block = self.minutes("NextStageBlockRate");
        if !has_start {
            if throttle.unwrap_or(0) + block.unwrap_or(0) > 0 {
                self.warnings
                    .push(format!("line {}: NextStageStartDate is missing; the next stage is left out", self.line));
            }
            return None;
        }
        if throttle.is_none() && block.is_none() {
            self.warnings.push(format!("line {}: the rates of the next stage are missing; it is left out", self.line));
            return None;
        }
        let (throttle, block) = (throttle.unwrap_or(0), block.unwrap_or(0));
        if throttle + block > 60 {
            let line = self.fields.get("NextStageThrottleRate").map_or(self.line, |field| field.line);
            let (value, rule) =
                (format!("{throttle} + {block}"), "throttled and blocked minutes are at most 60 an hour");
            self.problem(
                ProblemKind::Number,
                "NextStageThrottleRate",
                Some((&value, line)),
                rule,
                "correct the two rates",
            );
        }
        Some((throttle, block))
    }

    fn minutes(&mut self, field: &'static str) -> Option<u32> {
        let (value, line) = self.value(field, "")?;
        let minutes = value.parse().ok().filter(|minutes| *minutes <= 60);
        if minutes.is_none() {
            let rule = "expected whole minutes per hour, 0 to 60";
            self.problem(ProblemKind::Number, field, Some((&value, line)), rule, "correct the number");
        }
        minutes
    }

    fn recommended(&mut self) -> Vec<Build> {
        let Some((value, line)) = self.value("RecommendedBuildVersions", "") else { return Vec::new() };
        let list = value.trim_matches(['{', '}', '[', ']']);
        let (mut builds, mut seen, mut refused) = (Vec::new(), BTreeSet::new(), Vec::new());
        for text in list.split([',', ';', ' ']).map(str::trim).filter(|text| !text.is_empty()) {
            let cut_off = text.ends_with("...") || text.ends_with('…');
            match text.parse::<Build>() {
                Ok(build) if !cut_off => builds.extend(seen.insert(build).then_some(build)),
                _ => refused.push(text),
            }
        }
        if let Some(first) = refused.first() {
            self.warnings.push(format!(
                "line {line}: \"{}\" in RecommendedBuildVersions is no complete build; such entries left out: {}; \
                 if the list was cut short, export with ConvertTo-Json",
                shown(first),
                refused.len()
            ));
        }
        builds
    }
}
