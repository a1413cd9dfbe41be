//! The reader as a whole: the real record, the three forms, the order of day and month, refusals, mutated bytes.

use super::*;
use crate::builds::Naming;

/// A real record (a6n.co.uk, May 2024), with its dates day first.
const SAMPLE: &str = "
ServerFQDN               : Exch1.bear.local
Build                    : 15.1.2507.16
ExchangeServer           : ExchangeServer2016
FirstDetectedDate        : 28/03/2024 00:15:08
RecommendedBuildVersions : 15.1.2507.39,15.1.2507.37,15.1.2507.36,15.1.2507.35,15.1.2507.34,15.1.2507.32,15.1.2507.31,
                           15.01.2507.039,15.01.2507.037,15.01.2507.036,15.01.2507.035,15.01.2507.034,15.01.2507.032,15.01.2507.031
ThrottleEnabledDate      : 27/04/2024 00:15:08
BlockingEnabledDate      : 27/05/2024 00:15:08
NextStageThrottleRate    : 20
NextStageBlockRate       : 0
NextStageStartDate       : 23/05/2024 00:15:08

";

const CSV: &str = "#TYPE Deserialized.Report
\"ServerFQDN\",\"Build\",\"ExchangeServer\",\"FirstDetectedDate\",\"ThrottleEnabledDate\",\"NextStageThrottleRate\",\
\"NextStageBlockRate\",\"NextStageStartDate\"
\"Exch1.bear.local\",\"15.1.2507.16\",\"ExchangeServer2016\",\"3/28/2024 12:15:08 AM\",\"4/27/2024 12:15:08 AM\",\"20\",\
\"0\",\"5/23/2024 12:15:08 AM\"
";

const JSON: &str = r#"[
  {
    "ServerFQDN": "Exch1.bear.local",
    "Build": "15.1.2507.16",
    "ExchangeServer": "ExchangeServer2016",
    "FirstDetectedDate": "/Date(1711584908000)/",
    "ThrottleEnabledDate": {"value": "2024-04-27T00:15:08Z", "DateTime": "Saturday, April 27, 2024 12:15:08 AM"},
    "NextStageThrottleRate": 20,
    "NextStageBlockRate": 0,
    "NextStageStartDate": "2024-05-23T00:15:08.0000000Z",
    "RecommendedBuildVersions": ["15.1.2507.39", "15.01.2507.039"]
  }
]"#;

fn take(text: &str) -> Result<Intake, IntakeError> {
    read(text.as_bytes(), &IntakeOptions::default())
}

fn stating(order: DateOrder) -> IntakeOptions {
    IntakeOptions { date_order: Some(order), ..IntakeOptions::default() }
}

fn problems(text: &str, options: &IntakeOptions) -> Vec<IntakeProblem> {
    match read(text.as_bytes(), options) {
        Err(IntakeError::Problems(problems)) => problems,
        other => panic!("expected problems, not {other:?}"),
    }
}

fn server(detected: &str, throttle: &str, next: &str) -> String {
    format!(
        "ServerFQDN : a\nBuild : 15.1.2507.16\nFirstDetectedDate : {detected}\nThrottleEnabledDate : {throttle}\n\
         NextStageStartDate : {next}\nNextStageThrottleRate : 5\nNextStageBlockRate : 0\n\n"
    )
}

fn time(text: &str) -> SimTime {
    text.parse().unwrap()
}

#[test]
fn the_real_record_reads_in_full() {
    let intake = take(SAMPLE).unwrap();
    assert_eq!((intake.form, intake.warnings.as_slice(), intake.records.len()), (Form::List, &[][..], 1));
    let record = &intake.records[0];
    assert_eq!((record.name.as_str(), record.line), ("Exch1.bear.local", 2));
    assert_eq!(record.build, Some(BuildEvidence::Exact(Build::new(15, 1, 2507, 16))));
    assert_eq!(record.product, crate::builds::catalog().product("2016").ok());
    assert_eq!((record.first_detected, record.zone), (Some(time("2024-03-28T00:15:08Z")), ZoneEvidence::Unstated));
    assert_eq!(record.throttle_enabled, Some(time("2024-04-27T00:15:08Z")));
    assert_eq!(record.blocking_enabled, Some(time("2024-05-27T00:15:08Z")));
    let next = NextStage { start: time("2024-05-23T00:15:08Z"), throttle_minutes: 20, block_minutes: 0 };
    assert_eq!(record.next_stage, Some(next));
    assert_eq!(record.recommended.len(), 7);
    assert_eq!(intake.date_order, OrderBasis::Arithmetic { order: DateOrder::DayFirst, dates: 2 });
}

#[test]
fn the_three_forms_tell_the_same() {
    let list = take(SAMPLE).unwrap().records.remove(0);
    for (text, form, basis) in [(CSV, Form::Csv, Some(DateOrder::MonthFirst)), (JSON, Form::Json, None)] {
        let intake = take(text).unwrap();
        assert_eq!((intake.form, intake.date_order.order(), intake.warnings.len()), (form, basis, 0));
        let record = &intake.records[0];
        let shared =
            |r: &ServerRecord| (r.name.clone(), r.build, r.product, r.first_detected, r.throttle_enabled, r.next_stage);
        assert_eq!(shared(record), shared(&list));
    }
    let semicolons = CSV.replace("\",\"", "\";\"");
    assert_eq!(take(&semicolons).unwrap().records, take(CSV).unwrap().records);
}

#[test]
fn arithmetic_settles_the_order_where_both_are_possible() {
    let day = take(&server("10/03/2024 01:02:03", "09/04/2024 01:02:03", "09/04/2024 01:02:03")).unwrap();
    assert_eq!(day.date_order, OrderBasis::Arithmetic { order: DateOrder::DayFirst, dates: 1 });
    assert_eq!(day.records[0].first_detected, Some(time("2024-03-10T01:02:03Z")));
    let month = take(&server("3/10/2024 1:02:03 AM", "4/9/2024 1:02:03 AM", "4/9/2024 1:02:03 AM")).unwrap();
    assert_eq!(month.date_order, OrderBasis::Arithmetic { order: DateOrder::MonthFirst, dates: 1 });
    assert_eq!(month.records[0].first_detected, Some(time("2024-03-10T01:02:03Z")));
}

#[test]
fn evidence_is_pooled_over_the_file() {
    let text = server("01/02/2024", "", "") + &server("28/03/2024 00:15:08", "", "").replace(": a", ": b");
    let intake = take(&text).unwrap();
    assert!(matches!(intake.date_order, OrderBasis::OnlyPossible { order: DateOrder::DayFirst, line: 11, .. }));
    assert_eq!(intake.records[0].first_detected, Some(time("2024-02-01")));
}

#[test]
fn chronology_settles_the_order_last() {
    let intake = take(&server("11/05/2024", "", "06/06/2024")).unwrap();
    assert_eq!(intake.date_order, OrderBasis::Chronology { order: DateOrder::DayFirst, dates: 1 });
}

#[test]
fn an_open_order_is_a_problem_until_it_is_stated() {
    let text = server("04/05/2024 00:15:08", "", "");
    let found = problems(&text, &IntakeOptions::default());
    assert_eq!((found[0].kind, found[0].line), (ProblemKind::DateOrder, 3));
    let message = found[0].to_string();
    assert!(message.contains("2024-05-04") && message.contains("2024-04-05"), "{message}");
    assert!(message.contains("--date-order day-first"), "{message}");
    for (order, day) in [(DateOrder::DayFirst, "2024-05-04"), (DateOrder::MonthFirst, "2024-04-05")] {
        let intake = read(text.as_bytes(), &stating(order)).unwrap();
        assert_eq!(intake.records[0].first_detected.map(SimTime::day), Some(time(day).day()));
    }
    assert_eq!(take(&server("05/05/2024", "", "")).unwrap().date_order, OrderBasis::NotNeeded);
}

#[test]
fn a_stated_order_is_checked_against_the_file() {
    let text = server("10/03/2024", "09/04/2024", "");
    let intake = read(text.as_bytes(), &stating(DateOrder::MonthFirst)).unwrap();
    assert!(
        intake.warnings.iter().any(|warning| warning.contains("only when read day-first")),
        "{:?}",
        intake.warnings
    );
    let found = problems(SAMPLE, &stating(DateOrder::MonthFirst));
    assert_eq!(found.len(), 4, "every date of the record is impossible month-first");
    assert!(found[0].to_string().contains("state --date-order day-first"));
}

#[test]
fn a_file_of_two_orders_is_refused() {
    let text = server("28/03/2024", "", "") + &server("3/28/2024", "", "");
    let found = problems(&text, &IntakeOptions::default());
    assert_eq!((found.len(), found[0].kind, found[0].line), (1, ProblemKind::DateOrder, 11));
    let text = server("10/03/2024", "09/04/2024", "") + &server("3/10/2024", "4/9/2024", "");
    assert_eq!(problems(&text, &IntakeOptions::default()).len(), 1, "by arithmetic alone");
    let text = server("28/03/2024", "", "") + &server("3/10/2024", "4/9/2024", "");
    assert_eq!(problems(&text, &IntakeOptions::default()).len(), 1, "arithmetic against existence");
}

#[test]
fn another_ladder_can_be_announced() {
    let text = server("10/03/2024", "24/03/2024", "");
    assert!(take(&text).unwrap().warnings.iter().any(|warning| warning.contains("14.00 days")));
    let options = IntakeOptions { report_days: 14, ..IntakeOptions::default() };
    assert_eq!(read(text.as_bytes(), &options).unwrap().warnings.len(), 1, "only the missing start of the next stage");
}

#[test]
fn every_problem_of_a_file_is_reported_at_once() {
    let text = "ServerFQDN : a b\nFirstDetectedDate : 31/31/2024\nNextStageThrottleRate : many\n\n\
                Build : 15.1.2507.16\nNextStageStartDate : 2024-05-23\nNextStageThrottleRate : 40\nNextStageBlockRate : 30\n";
    let found: Vec<(usize, ProblemKind)> =
        problems(text, &IntakeOptions::default()).iter().map(|problem| (problem.line, problem.kind)).collect();
    use ProblemKind::{Date, Missing, Name, Number};
    assert_eq!(found, [(1, Name), (2, Date), (3, Number), (5, Missing), (7, Number)]);
}

#[test]
fn what_is_not_needed_only_warns() {
    let text = "ServerFQDN : a\nFirstDetectedDate : 2024-03-28\nBuild : CU23\nExchangeServer : Exchange2015\nRunspaceId : 1\n\
                RecommendedBuildVersions : {15.1.2507.39, CU23, 15.1.2507.37, 15.1.25...}\n\n\
                ServerFQDN : b\nFirstDetectedDate : 2024-03-28\nBuild : 15.2.1748.10\nExchangeServer : 2016\n\n\
                ServerFQDN : B\nFirstDetectedDate : 2024-03-29\n";
    let intake = take(text).unwrap();
    assert_eq!(intake.records[1].first_detected, Some(time("2024-03-29")));
    assert_eq!((intake.records[0].build, intake.records[0].product), (None, None));
    assert_eq!(intake.records[0].build_text, "CU23");
    assert_eq!(intake.records[0].recommended.len(), 2);
    for part in
        ["RunspaceId", "line 3: Build", "nearest", "such entries left out: 2", "listed 2 times", "belongs to 2019"]
    {
        assert!(intake.warnings.iter().any(|warning| warning.contains(part)), "{part}: {:?}", intake.warnings);
    }
}

#[test]
fn a_dump_of_another_cmdlet_is_refused_by_its_fields() {
    let list =
        "Name : EX1\nFqdn : ex1.example.org\nAdminDisplayVersion : Version 15.1 (Build 2507.6)\nEdition : Standard\n";
    let csv = "\"Name\",\"Edition\"\n\"EX1\",\"Standard\"\n";
    for text in [list, csv, "{\"Name\": \"EX1\"}", "Name  Edition\n----  -------\nEX1   Standard\n", "hello", "[1, 2]"]
    {
        let error = take(text).unwrap_err();
        assert!(matches!(error, IntakeError::NoReport { .. } | IntakeError::Other(_)), "{text}: {error}");
        assert!(error.to_string().contains("Get-OnPremServerReportInfo"), "{error}");
    }
    assert_eq!(take(list), Err(IntakeError::Other(Other::Servers)));
}

/// A linear congruential generator (Knuth's MMIX constants): the same variants on every run.
struct Lcg(u64);

impl Lcg {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound.max(1)
    }
}

fn mutate(bytes: &[u8], draw: &mut Lcg) -> Vec<u8> {
    let mut mutant = bytes.to_vec();
    for _ in 0..=draw.below(6) {
        let at = draw.below(mutant.len());
        match draw.below(6) {
            0 => mutant.truncate(at),
            1 => mutant.insert(at, b"\0\n\r\":{}[]/,;-+.\xFF\xC3 9T"[draw.below(20)]),
            2 if !mutant.is_empty() => drop(mutant.remove(at)),
            3 => mutant.extend_from_within(at..),
            4 => mutant.rotate_left(at),
            _ if !mutant.is_empty() => mutant[at] = draw.below(256) as u8,
            _ => {}
        }
    }
    mutant
}

#[test]
fn any_bytes_are_answered() {
    let wide: Vec<u8> = format!("\u{feff}{SAMPLE}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut draw = Lcg(20_240_328);
    let (mut read_count, mut refused_count) = (0, 0);
    for round in 0..4_000 {
        let sample = [SAMPLE.as_bytes(), CSV.as_bytes(), JSON.as_bytes(), &wide][round % 4];
        match read(&mutate(sample, &mut draw), &IntakeOptions::default()) {
            Ok(intake) => read_count += usize::from(!intake.date_order.to_string().is_empty()),
            Err(error) => refused_count += usize::from(!error.to_string().is_empty()),
        }
    }
    assert_eq!(read_count + refused_count, 4_000);
    assert!(read_count > 200 && refused_count > 200, "{read_count} read, {refused_count} refused");
}
