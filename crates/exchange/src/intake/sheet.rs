//! One record field by field: what each value says, and what is wrong with it.

use crate::builds::Naming;
use std::collections::{BTreeMap, BTreeSet};

use super::date::read_date;
use super::draft::{Dated, Dates, Draft, is_known, known};
use super::form::{RawField, RawRecord};
use super::problem::{IntakeProblem, ProblemKind, shown};
use brownout_kernel::catalog::{Build, BuildEvidence, ProductId};

/// One record being read.
pub(super) struct Sheet<'a> {
    line: usize,
    fields: BTreeMap<&'static str, RawField>,
    warnings: &'a mut Vec<String>,
    problems: &'a mut Vec<IntakeProblem>,
}

impl<'a> Sheet<'a> {
    pub(super) fn new(record: RawRecord, warnings: &'a mut Vec<String>, problems: &'a mut Vec<IntakeProblem>) -> Self {
        let fields = record.fields.into_iter().filter(|field| is_known(&field.name));
        let fields = fields.filter_map(|field| known(&field.name).map(|name| (name, field))).collect();
        Sheet { line: record.line, fields, warnings, problems }
    }

    pub(super) fn draft(mut self) -> Draft {
        let name = self.name();
        let (build_text, product_text) = (self.text("Build"), self.text("ExchangeServer"));
        let (build, product) = self.identity(&build_text, &product_text);
        let dates = Dates {
            detected: self.date("FirstDetectedDate"),
            throttle: self.date("ThrottleEnabledDate"),
            blocking: self.date("BlockingEnabledDate"),
            next: self.date("NextStageStartDate"),
        };
        let rates = self.rates(dates.next.is_some());
        let recommended = self.recommended();
        Draft {
            line: self.line,
            lines: self.fields.iter().map(|(name, field)| (*name, field.line)).collect(),
            name,
            tenant: None,
            build,
            build_text: build_text.0,
            product,
            product_text: product_text.0,
            recommended,
            rates,
            dates,
        }
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
        self.problems.push(IntakeProblem { kind, line, field, value: shown(value), rule, remedy });
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

    /// A field as it was written, or nothing, and its line.
    fn text(&self, field: &str) -> (String, usize) {
        self.value(field, "").unwrap_or((String::new(), self.line))
    }

    /// Product and build, as far as the two fields tell them; whatever is doubtful becomes a warning.
    fn identity(
        &mut self,
        (build, at): &(String, usize),
        (product, product_at): &(String, usize),
    ) -> (Option<BuildEvidence>, Option<ProductId>) {
        let catalog = crate::builds::catalog();
        let stated = (!product.is_empty()).then(|| catalog.product_in(product));
        if let Some(Err(error)) = &stated {
            self.warnings.push(format!("line {product_at}: ExchangeServer: {error}"));
        }
        let stated = stated.and_then(Result::ok);
        if build.is_empty() {
            self.warnings.push(format!("line {}: Build is missing; the server's build stays unknown", self.line));
            return (None, stated);
        }
        let found = match catalog.identify_of(build, stated) {
            Ok(found) => found,
            Err(error) => {
                let help = if error.help().is_empty() { String::new() } else { format!("; {}", error.help()) };
                self.warnings.push(format!("line {at}: Build: {error}{help}"));
                return (crate::builds::read(build).ok().map(|build| catalog.evidence(build, false)), stated);
            }
        };
        if let Some(words) = catalog.contradiction(&found) {
            self.warnings.push(format!("line {product_at}: ExchangeServer: {words}; the build decides"));
        }
        if let Some(doubt) = crate::builds::doubt(found.build) {
            self.warnings.push(format!("line {at}: Build: {doubt}"));
        }
        (Some(found.build), Some(found.product))
    }

    fn date(&mut self, field: &'static str) -> Option<Dated> {
        let (text, line) = self.value(field, " ")?;
        match read_date(&text) {
            Ok(found) => found.map(|(date, zone)| Dated { field, text, date, zone, line }),
            Err(error) => {
                self.problem(
                    ProblemKind::Date,
                    field,
                    Some((&text, line)),
                    &format!("it {}", error.rule()),
                    &error.remedy(),
                );
                None
            }
        }
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
            match crate::builds::read(text) {
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
