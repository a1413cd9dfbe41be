//! What is printed and read again is what it was: every kind of text or file that brownout both writes and reads, or that the test
//! can print.
//!
//! | kind | printed by | read by |
//! |---|---|---|
//! | study, plan | the manifest and every PNG, whole | `compose_recorded`, `plan::file::compose` |
//! | manifest of a run, of a plan | brownout | brownout |
//! | PNG texts | brownout | brownout |
//! | shards | brownout | brownout |
//! | instants, builds, shares, precisions, orders of dates | brownout | brownout |
//! | CSV outputs | brownout | csv |
//! | fleet tables; reports in three forms | this test: brownout reads them only | brownout |
//!
//! There is no printer, and so nothing to check, for RON files (they are kept as text, never printed from values). Calendars,
//! scripts, pages and model documents are written only; tests of their own read them with other programs.

mod fleets;
mod reports;

use brownout::builds::Naming;
use std::sync::Arc;

use brownout::catalog::Build;
use brownout::chart::read_png_text;
use brownout::experiment::Run;
use brownout::experiment::precision::HalfWidth;
use brownout::experiment::{Measure, Part, Precision, Runner, Shard};
use brownout::intake::DateOrder;
use brownout::reading::recorded::compose_recorded;
use brownout::reading::text::SourceFile;
use brownout::store::manifest::{InputFile, RunManifest};
use brownout::store::shard::{PartWriter, ShardBody, ShardHeader};
use brownout::telling::bundle::{Extras, OutputFile, bundle};
use brownout::time::{SimDuration, SimTime};
use proptest::prelude::*;

use crate::common::{StudyText, run};
use crate::generated::{a_text, config};

fn file(path: &str, text: &str) -> Arc<SourceFile> {
    Arc::new(SourceFile { path: path.to_owned(), text: text.to_owned() })
}

/// All files of a small run of a study.
fn outputs(text: &StudyText, charts: bool) -> (brownout::study::Study, Vec<OutputFile>) {
    let recorded = [file("folder/study.ron", &text.ron())];
    let (mut study, problems) = compose_recorded(&recorded).unwrap();
    study.set_replications(2).unwrap();
    for world in study.scenarios_mut().worlds_mut() {
        let own = Arc::make_mut(world);
        own.edit_groups().for_each(|mut group| group.set_count(6).unwrap());
    }
    let results = run(&study, 2);
    let warnings: Vec<String> = problems.iter().map(|problem| problem.line()).collect();
    let extras = Extras { inputs: &recorded, warnings: &warnings, charts, look: crate::common::LOOK };
    let files = bundle(Run { study: &study, results: &results }, extras).unwrap();
    (study, files)
}

fn bytes<'a>(files: &'a [OutputFile], name: &str) -> &'a [u8] {
    &files.iter().find(|file| file.name == name).unwrap().bytes
}

/// The files as a study is made of them.
fn sources(inputs: &[InputFile]) -> Vec<Arc<SourceFile>> {
    inputs.iter().map(InputFile::source).collect()
}

/// The form with zeros in front.
fn padded(build: Build) -> String {
    let Build { major, minor, build, revision } = build;
    format!("{major:02}.{minor:02}.{build:04}.{revision:03}")
}

proptest! {
    #![proptest_config(config(12, 21))]

    #[test]
    fn a_study_comes_back_from_its_manifest(mut text in a_text()) {
        text.scenarios.push(r#"(name: "second", about: "ä \"quoted\"", set: {"policy.layout": adjacent})"#.to_owned());
        let (_, files) = outputs(&text, false);
        let written = bytes(&files, "manifest.json");
        let manifest = RunManifest::read(written).unwrap();
        prop_assert_eq!(manifest.bytes(), written, "printed, read, printed");
        let (again, _) = compose_recorded(&sources(&manifest.header.inputs)).unwrap();
        prop_assert_eq!(&manifest.header.inputs[0].text, &text.ron());
        prop_assert_eq!(again, compose_recorded(&[file("folder/study.ron", &text.ron())]).unwrap().0);
    }

    #[test]
    fn every_table_of_a_run_is_read_as_it_was_written(text in a_text()) {
        let (_, files) = outputs(&text, false);
        let tables: Vec<&OutputFile> = files.iter().filter(|file| file.name.ends_with(".csv")).collect();
        prop_assert!(tables.len() >= 4, "{:?}", files.iter().map(|file| &file.name).collect::<Vec<_>>());
        prop_assert!(tables.into_iter().map(rewritten).sum::<usize>() > 1000, "numbers were compared");
    }

    #[test]
    fn shards_come_back_whole(text in a_text(), cut in 0u64..=40, inputs in "\\PC{0,60}") {
        let study = text.study();
        let runner = Runner::new(&study);
        let body = ShardBody::new(&runner, Shard::ALL, Some("ü".to_owned()));
        let header = ShardHeader::new(body, vec![InputFile::new(&file("a/b.ron", &inputs))]);
        prop_assert_eq!(&ShardHeader::read(&header.bytes()).unwrap(), &header);
        let part = |replication, tenants: std::ops::Range<u64>| {
            let tallies = runner.live(replication, &tenants, &|_| {});
            Part { replication, tenants, tallies }
        };
        let parts: Vec<Part> =
            [(0, 0..cut), (0, cut..40), (1, 0..40)].into_iter().filter(|part| !part.1.is_empty()).map(|(r, t)| part(r, t)).collect();
        let print = |parts: &[Part]| {
            let (mut writer, mut bytes) = PartWriter::begin(&header);
            parts.iter().for_each(|part| bytes.extend(writer.part(part)));
            bytes.extend(writer.end());
            bytes
        };
        let found = crate::sameness::shards::read(&print(&parts), &runner).unwrap();
        prop_assert_eq!(&found, &parts);
        prop_assert_eq!(print(&found), print(&parts));
    }
}

/// Reads a table and writes it again: the same bytes; and every number in it is the shortest text of itself. Returns how many
/// numbers there are.
#[track_caller]
fn rewritten(table: &OutputFile) -> usize {
    let name = &table.name;
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(table.bytes.as_slice());
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut numbers = 0;
    for record in reader.records().map(Result::unwrap) {
        for cell in &record {
            let number =
                cell.parse::<i128>().map(|n| n.to_string()).or_else(|_| cell.parse::<f64>().map(|n| n.to_string()));
            if let Ok(printed) = number {
                assert_eq!(printed, cell, "{name}");
                numbers += 1;
            }
        }
        writer.write_record(&record).unwrap();
    }
    assert!(writer.into_inner().unwrap() == table.bytes, "{name} is not what is read from it");
    numbers
}

#[test]
fn a_study_comes_back_from_every_picture_of_its_run() {
    let text = StudyText {
        scenarios: vec![r#"(name: "ärger & <b>")"#.to_owned(), r#"(name: "x")"#.to_owned()],
        ..StudyText::default()
    };
    let (_, files) = outputs(&text, true);
    let pictures: Vec<&OutputFile> = files.iter().filter(|file| file.name.ends_with(".png")).collect();
    assert!(pictures.len() > 5);
    for picture in pictures {
        let texts = read_png_text(&picture.bytes).unwrap();
        let inputs = texts.iter().find(|(key, _)| key == brownout::telling::bundle::png_keys::INPUTS).unwrap();
        let inputs: Vec<InputFile> = serde_json::from_str(&inputs.1).unwrap();
        assert_eq!(inputs[0].text, text.ron(), "{}", picture.name);
        assert_eq!(
            compose_recorded(&sources(&inputs)).unwrap().0,
            compose_recorded(&[file("folder/study.ron", &text.ron())]).unwrap().0
        );
    }
}

proptest! {
    #![proptest_config(config(400, 22))]

    #[test]
    fn instants_come_back(seconds in 0i64..32_000_000_000) {
        let at = SimTime::from_date(1970, 1, 1).unwrap() + SimDuration::from_seconds(seconds);
        prop_assert_eq!(at.to_string().parse::<SimTime>().unwrap(), at);
        prop_assert_eq!(at.day().to_string().parse::<SimTime>().unwrap(), at.day().start());
    }

    #[test]
    fn builds_come_back_padded_or_not(a in 0u16..100, b in 0u16..100, c in any::<u16>(), d in any::<u16>()) {
        let build = Build::new(a, b, c, d);
        prop_assert_eq!(build.to_string().parse::<Build>().unwrap(), build);
        prop_assert_eq!(padded(build).parse::<Build>().unwrap(), build);
    }

    #[test]
    fn shares_and_precisions_come_back(count in 1u32..=100_000, index in 1u32..=100_000, tenths in 1u32..100_000, measure in 0usize..24) {
        let Some(share) = Shard::new(index, count) else {
            prop_assert!(index > count);
            return Ok(());
        };
        prop_assert_eq!(share.to_string().parse::<Shard>().unwrap(), share);
        let number = f64::from(tenths) / 10.0;
        for (half_width, written) in
            [(HalfWidth::Percent(number), format!("{number}%")), (HalfWidth::Absolute(number), number.to_string())]
        {
            let precision = Precision::new(Measure::ALL[measure], half_width).unwrap();
            prop_assert_eq!(precision.to_string(), format!("{}:{written}", Measure::ALL[measure].key()));
            prop_assert_eq!(precision.to_string().parse::<Precision>().unwrap(), precision);
        }
    }
}

#[test]
fn every_build_and_product_of_the_catalogue_comes_back() {
    let catalog = brownout::builds::catalog();
    let mut builds = 0;
    for product in catalog.products() {
        assert_eq!(catalog.product(catalog.product_name(product)).unwrap(), product);
        for release in catalog.releases(product) {
            assert_eq!(release.build.to_string().parse::<Build>().unwrap(), release.build);
            assert_eq!(padded(release.build).parse::<Build>().unwrap(), release.build);
            builds += 1;
        }
    }
    assert!(builds > 200, "{builds}");
    for order in [DateOrder::DayFirst, DateOrder::MonthFirst] {
        assert_eq!(order.to_string().parse::<DateOrder>().unwrap(), order);
    }
}
