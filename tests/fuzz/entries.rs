// What each fuzz target does with arbitrary bytes. The fuzzer and the replay in tests/suite/robustness/fuzz.rs run the same functions: any
// panic, any hang, any memory beyond the fuzzer's limit is a defect; what comes out must keep a few promises.

use brownout::builds::Naming;
use std::sync::Arc;

use brownout::catalog::Build;
use brownout::intake::{DateOrder, IntakeOptions, read};
use brownout::reading::compose::compose as compose_study;
use brownout::reading::plan::{Overrides, compose as compose_plan};
use brownout::reading::text::SourceFile;
use brownout::tally::{Shape, wire};

/// Longest input that is tried; the readers of files have limits of their own far above.
pub(crate) const BYTES_MAX: usize = 1 << 16;

/// A target: its name and what it does with bytes.
pub(crate) type Target = (&'static str, fn(&[u8]));

/// All targets by name.
pub(crate) const TARGETS: [Target; 6] =
    [("study", study), ("report", report), ("fleet", fleet), ("builds", builds), ("shard", shard), ("png", png)];

fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok().filter(|text| text.len() <= BYTES_MAX)
}

fn file(text: &str) -> Arc<SourceFile> {
    Arc::new(SourceFile { path: "fuzz".to_owned(), text: text.to_owned() })
}

/// A study that names other files finds none.
pub(crate) fn study(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let (study, problems) = compose_study("fuzz", &file(text), &mut |_| Err("no such file".to_owned()));
    assert!(study.is_some() || !problems.is_empty(), "a study that is refused is refused for a reason");
    problems.iter().for_each(|problem| assert!(!problem.line().is_empty()));
}

/// A report in any encoding, in either order of day and month.
pub(crate) fn report(bytes: &[u8]) {
    for date_order in [None, Some(DateOrder::DayFirst), Some(DateOrder::MonthFirst)] {
        let options = IntakeOptions { date_order, ..IntakeOptions::default() };
        match read(bytes, &options) {
            Ok(intake) => {
                assert_eq!(intake.records.is_empty(), intake.nothing.is_some(), "without a server there are words")
            }
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
}

const PLAN: &str = r#"(
    version: 1, as_of: "2026-11-21", horizon: "2027-02-01", policy: "microsoft-2023", fleet: "fleet.csv",
    crews: [(name: "west", windows: [(day: "Sat", from: "18:00", hours: 6)]), (name: "east")],
    windows: {"night": [(day: "Tue", from: "22:00", hours: 4)]},
)"#;

/// A fleet table under a plan that is always the same.
pub(crate) fn fleet(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let table = file(text);
    let (project, problems) = compose_plan("fuzz", &file(PLAN), &mut |_| Ok(Arc::clone(&table)), &Overrides::default());
    assert!(project.is_some() || !problems.is_empty(), "a fleet that is refused is refused for a reason");
    assert!(project.is_none_or(|project| !project.servers.is_empty()));
    problems.iter().for_each(|problem| assert!(!problem.line().is_empty()));
}

/// A build number, the name of an update, the name of a product.
pub(crate) fn builds(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let catalog = brownout::builds::catalog();
    if let Ok(build) = text.parse::<Build>() {
        assert_eq!(build.to_string().parse::<Build>().ok(), Some(build), "printing and reading are inverse");
        let _ = (catalog.verify(build), catalog.product_of(build), catalog.release(build));
    }
    let _ = catalog.product(text);
    for product in catalog.products() {
        let _ = catalog.update(product, text);
    }
}

/// A tally of a few days, classes and groups.
const SHAPE: Shape = Shape { days: 3, classes: 4, kinds: 1, groups: 2, entries: 1, curve_days: 4 };

/// A shard file, up to its end or to where it is damaged; the same bytes as a header and as tallies, because behind a checksum
/// no guess gets there.
pub(crate) fn shard(bytes: &[u8]) {
    let _ = brownout::store::shard::ShardHeader::read(bytes);
    if let Ok(tally) = wire::decode(SHAPE, &mut wire::Decoder::new(bytes)) {
        let mut again = wire::Encoder::default();
        wire::encode(&tally, &mut again);
        let again = wire::decode(SHAPE, &mut wire::Decoder::new(&again.bytes()));
        assert_eq!(again.ok(), Some(tally), "writing and reading are inverse");
    }
    let Ok(mut frames) = brownout::store::shard::frame::FrameReader::new(bytes, bytes.len() as u64) else { return };
    let mut read = 0;
    while let Ok(Some((_, content))) = frames.next_frame() {
        read += content.len();
        assert!(read <= bytes.len(), "no more is read than there is");
        let _ = brownout::store::shard::ShardHeader::read(&content);
    }
}

/// A picture as `verify` takes it.
pub(crate) fn png(bytes: &[u8]) {
    if let Ok(texts) = brownout::chart::read_png_text(bytes) {
        for (_, value) in texts {
            let _ = serde_json::from_str::<Vec<brownout::store::manifest::InputFile>>(&value);
        }
    }
}
