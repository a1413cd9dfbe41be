//! Reports of `Get-OnPremServerReportInfo`, printed here as PowerShell prints them.

use brownout::catalog::{Build, ProductId};
use brownout::intake::{DateOrder, Form, IntakeOptions, NextStage, ServerRecord, ZoneEvidence, read};
use brownout::time::{SimDuration, SimTime};
use proptest::prelude::*;

use crate::generated::config;

/// How a session prints.
#[derive(Clone, Copy, Debug)]
struct Culture {
    form: Form,
    order: DateOrder,
    /// UTF-16 as `>` writes it in Windows PowerShell, else UTF-8.
    wide: bool,
    /// `;` in Export-Csv.
    semicolon: bool,
}

prop_compose! {
    fn a_culture()(form in 0usize..3, day_first in any::<bool>(), wide in any::<bool>(), semicolon in any::<bool>()) -> Culture {
        let order = if day_first { DateOrder::DayFirst } else { DateOrder::MonthFirst };
        Culture { form: [Form::List, Form::Csv, Form::Json][form], order, wide, semicolon }
    }
}

prop_compose! {
    /// A server of a report, as the cmdlet would know it.
    fn a_record()(
        name in "[a-z][a-z0-9-]{0,12}(\\.[a-z]{1,8}){0,2}", release in any::<prop::sample::Index>(), at in 1_672_531_200i64..1_830_297_600,
        restricted in any::<bool>(), next in prop::option::of((0i64..200, 0u32..=40, 0u32..=20)), recommended in 0usize..12,
    ) -> ServerRecord {
        let catalog = brownout::builds::catalog();
        let all: Vec<(ProductId, Build)> =
            catalog.products().flat_map(|product| catalog.releases(product).map(move |release| (product, release.build))).collect();
        let (product, build) = *release.get(&all);
        let first_detected = SimTime::from_date(1970, 1, 1).unwrap() + SimDuration::from_seconds(at);
        let days = |days: i64| first_detected + SimDuration::from_days(days);
        let mut seen = std::collections::BTreeSet::new();
        let newer = all.iter().map(|entry| entry.1).filter(|build| seen.insert(*build)).take(recommended);
        ServerRecord {
            name,
            tenant: None,
            build: Some(catalog.evidence(build, false)),
            build_text: build.to_string(),
            product: Some(product),
            product_text: format!("ExchangeServer{}", catalog.product_name(product)),
            first_detected: Some(first_detected),
            throttle_enabled: restricted.then(|| days(30)),
            blocking_enabled: restricted.then(|| days(60)),
            next_stage: next.map(|(day, throttle_minutes, block_minutes)| NextStage { start: days(day), throttle_minutes, block_minutes }),
            recommended: newer.collect(),
            zone: ZoneEvidence::Unstated,
            line: 0,
            lines: std::collections::BTreeMap::new(),
        }
    }
}

/// The fields of a record in the cmdlet's order, as a culture prints them.
fn fields(record: &ServerRecord, culture: Culture) -> Vec<(&'static str, String)> {
    let date = |at: SimTime| {
        let text = at.to_string();
        let (day, time) =
            text.trim_end_matches('Z').split_once('T').unwrap_or((text.trim_end_matches('Z'), "00:00:00"));
        let parts: Vec<&str> = day.split('-').collect();
        match (culture.form, culture.order) {
            (Form::Json, _) => format!("{day}T{time}Z"),
            (_, DateOrder::DayFirst) => format!("{}/{}/{} {time}", parts[2], parts[1], parts[0]),
            (_, DateOrder::MonthFirst) => format!("{}/{}/{} {time}", parts[1], parts[2], parts[0]),
        }
    };
    let builds: Vec<String> = record.recommended.iter().map(Build::to_string).collect();
    let or_blank = |text: Option<String>| text.unwrap_or_default();
    vec![
        ("ServerFQDN", record.name.clone()),
        ("Build", record.build_text.clone()),
        ("ExchangeServer", record.product_text.clone()),
        ("FirstDetectedDate", or_blank(record.first_detected.map(date))),
        ("RecommendedBuildVersions", builds.join(",")),
        ("ThrottleEnabledDate", or_blank(record.throttle_enabled.map(date))),
        ("BlockingEnabledDate", or_blank(record.blocking_enabled.map(date))),
        ("NextStageThrottleRate", or_blank(record.next_stage.map(|next| next.throttle_minutes.to_string()))),
        ("NextStageBlockRate", or_blank(record.next_stage.map(|next| next.block_minutes.to_string()))),
        ("NextStageStartDate", or_blank(record.next_stage.map(|next| date(next.start)))),
    ]
}

/// What the cmdlet prints.
fn print(records: &[ServerRecord], culture: Culture) -> Vec<u8> {
    let rows: Vec<_> = records.iter().map(|record| fields(record, culture)).collect();
    let text = match culture.form {
        Form::List => {
            let record = |row: &Vec<(&str, String)>| {
                row.iter().map(|(name, value)| format!("{name:<24} : {value}\r\n")).collect::<String>()
            };
            format!("\r\n{}\r\n", rows.iter().map(record).collect::<Vec<_>>().join("\r\n"))
        }
        Form::Csv => {
            let mark = if culture.semicolon { ";" } else { "," };
            let line = |cells: Vec<&str>| {
                cells.iter().map(|cell| format!("\"{cell}\"")).collect::<Vec<_>>().join(mark) + "\r\n"
            };
            let head = line(rows[0].iter().map(|field| field.0).collect());
            head + &rows.iter().map(|row| line(row.iter().map(|field| field.1.as_str()).collect())).collect::<String>()
        }
        Form::Json => {
            let object = |row: &Vec<(&str, String)>| -> serde_json::Map<String, serde_json::Value> {
                row.iter()
                    .filter(|field| !field.1.is_empty())
                    .map(|(name, value)| ((*name).to_owned(), value.as_str().into()))
                    .collect()
            };
            serde_json::to_string_pretty(&rows.iter().map(object).collect::<Vec<_>>()).unwrap()
        }
    };
    if culture.wide {
        let units = std::iter::once(0xfeff).chain(text.encode_utf16());
        return units.flat_map(u16::to_le_bytes).collect();
    }
    text.into_bytes()
}

proptest! {
    #![proptest_config(config(300, 23))]

    #[test]
    fn reports_come_back_in_every_form_culture_and_encoding(
        mut records in prop::collection::vec(a_record(), 1..5), first in a_culture(), second in a_culture(),
    ) {
        for (place, record) in records.iter_mut().enumerate() {
            record.name = format!("{place}{}", record.name);
        }
        let taken = |records: &[ServerRecord], culture: Culture| {
            // Told the order: what a file by itself cannot settle is a subject of its own.
            let options = IntakeOptions { date_order: Some(culture.order), ..IntakeOptions::default() };
            let bytes = print(records, culture);
            let intake = read(&bytes, &options).unwrap_or_else(|error| panic!("{error}\n{}", String::from_utf8_lossy(&bytes)));
            assert_eq!(intake.form, culture.form);
            let without_line = |record: ServerRecord| ServerRecord { line: 0, lines: std::collections::BTreeMap::new(), zone: ZoneEvidence::Unstated, ..record };
            intake.records.into_iter().map(without_line).collect::<Vec<_>>()
        };
        let once = taken(&records, first);
        prop_assert_eq!(&once, &records);
        prop_assert_eq!(&taken(&once, second), &records);
    }
}
