//! What a point of an exploration costs before it is lived: `cargo bench --bench levers`.
//!
//! The study is `exchange-2026` with every parameter that the table of assumptions gives a range for, all of them moved at every
//! point. The best of several rounds counts, as elsewhere.

#![allow(clippy::disallowed_macros, reason = "a benchmark prints what it measured")]

mod support;

use std::hint::black_box;
use std::time::Instant;

use brownout::explore::StudyTemplate;
use brownout::explore::file::read;
use brownout::explore::points::Template;
use brownout::explore::usual::usual;
use brownout::reading::load::Reading;
use brownout::reading::text::SourceFile;
use brownout_methods::factor::Value;

const ROUNDS: usize = 9;
const POINTS: u32 = 2_000;
/// Points measured at once: so few that a busy machine leaves some of these stretches alone.
const AT_ONCE: usize = 40;

fn main() {
    let mut reading = Reading::begin(&support::path()).unwrap_or_else(|_| panic!("the study is shipped"));
    let study = reading.file();
    let usual = usual("study.ron", "exchange-2026", &study, &mut |relative| reading.read(relative));
    let (text, _) = usual.unwrap_or_else(|| panic!("the study has parameters"));
    let file = std::sync::Arc::new(SourceFile { path: "usual".to_owned(), text });
    let (explore, places) = read(&file).unwrap_or_else(|problems| panic!("{problems:?}"));
    let made =
        || StudyTemplate::new(&explore, &places, "exchange-2026", &study, &mut |relative| reading.read(relative));
    let template = { made }().unwrap_or_else(|problems| panic!("{problems:?}"));
    let values = |at: f64| -> Vec<Value> {
        explore.unknowns.iter().map(|unknown| unknown.factor.distribution.value(at)).collect()
    };
    let points: Vec<Vec<Value>> =
        (0..POINTS).map(|point| values((f64::from(point) + 0.5) / f64::from(POINTS))).collect();
    let round = |some: &[Vec<Value>]| {
        let start = Instant::now();
        for point in some {
            black_box(template.study_at(black_box(point))).unwrap_or_else(|why| panic!("{why}"));
        }
        start.elapsed().as_secs_f64() / some.len() as f64 * 1e6
    };
    let rounds = (0..ROUNDS).flat_map(|_| points.chunks(AT_ONCE)).map(round);
    let best = rounds.fold(f64::INFINITY, f64::min);
    println!("exchange-2026 with {} parameters moved: {best:.1} us a point", explore.unknowns.len());
}
