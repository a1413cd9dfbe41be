//! What a point of an exploration costs beyond its lives: `cargo bench --bench points`.
//!
//! The study is `exchange-2026`: three schedules, 2,000 tenants, twelve parameters moved at every point. Points are lived as the
//! command lives them, on one thread: made, thinned, worked out, lived, read. Their lives alone are those of the same studies
//! worked out before: tenants that surely do what they did at the first point of a base row are counted without being lived, there as
//! here. Beside them stand the same studies with every tenant lived. All take turns; times are those on the processor, and the median
//! of the ratios counts, as a busy machine disturbs both.

#![allow(clippy::disallowed_macros, reason = "a benchmark prints what it measured")]

mod support;

use std::convert::Infallible;
use std::hint::black_box;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Instant;

use brownout::experiment::{Measure, Memory, Runner};
use brownout::explore::file::{Explore, read};
use brownout::explore::points::{Point, PointQuestion, Template, live};
use brownout::explore::thin::{scaled, thinned};
use brownout::explore::usual::usual;
use brownout::explore::{ExploreDraws, PointTable, StudyTemplate};
use brownout::methods::design::Saltelli;
use brownout::reading::load::Reading;
use brownout::reading::text::SourceFile;
use brownout::study::Study;

const ROUNDS: usize = 9;
/// Points of a base row: the first, one for each unknown, one for luck, and the second.
const ROW: usize = UNKNOWNS + 3;
/// Six base rows.
const POINTS: u64 = 6 * ROW as u64;
const TENANTS: u64 = 2_000;
const UNKNOWNS: usize = 12;
/// Points of the design that the target is about: 1,024 x 8 base rows, twelve factors and luck.
const DESIGN: f64 = 1_024.0 * 8.0 * 15.0;

fn main() {
    let mut reading = Reading::begin(&support::path()).unwrap_or_else(|_| panic!("the study is shipped"));
    let study = reading.file();
    let usual = usual("study.ron", "exchange-2026", &study, &mut |relative| reading.read(relative));
    let (text, _) = usual.unwrap_or_else(|| panic!("the study has parameters"));
    let file = Arc::new(SourceFile { path: "usual".to_owned(), text });
    let (explore, places) = read(&file).unwrap_or_else(|problems| panic!("{problems:?}"));
    let explore = shaped(explore);
    let template =
        StudyTemplate::new(&explore, &places, "exchange-2026", &study, &mut |relative| reading.read(relative));
    let template = template.unwrap_or_else(|problems| panic!("{problems:?}"));
    let points = points(&explore);
    let measures = vec![Measure::Lost, Measure::Exposure, Measure::MedianDays];
    let question = PointQuestion { replications: 1, tenants: Some(TENANTS), measures };
    let studies: Vec<Study> = points.iter().map(|point| thin(&template, point)).collect();
    let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap_or_else(|_| panic!("a thread"));
    let round = |_| {
        let whole = seconds(|| {
            let mut table = PointTable::new(points.clone());
            let wanted = table.missing(0..points.len());
            let go_on = |_| ControlFlow::Continue(());
            live(&mut table, &template, &question, &wanted, &go_on, &mut |row| {
                black_box(row);
                Ok::<(), Infallible>(())
            })
        });
        let begun = Instant::now();
        points.iter().for_each(|point| drop(black_box(template.study_at(&point.values))));
        let made = begun.elapsed().as_secs_f64();
        let lived = |keeps: &dyn Fn(usize) -> bool| {
            let memory = Memory::new(1);
            let runner = |(index, study)| Runner::remembering(&memory, study).keeping_deeds(keeps(index));
            let runners: Vec<Runner<'_>> = studies.iter().enumerate().map(runner).collect();
            let time = seconds(|| {
                for (runner, point) in runners.iter().zip(&points) {
                    black_box(runner.totals_here(point.block as u32));
                }
            });
            (time, memory.counted_again())
        };
        let (lives, counted) = lived(&|index| index % ROW == 0);
        let (every, _) = lived(&|_| false);
        [whole, made, lives, every, counted as f64]
    };
    let parts = |_| parts(&template, &points, &question);
    let rounds = alone.install(|| (0..ROUNDS).map(round).collect::<Vec<_>>());
    report(&rounds);
    report_parts(&alone.install(|| (0..ROUNDS).map(parts).collect::<Vec<_>>()));
}

/// Seconds that the points take part by part: made, thinned, worked out, lived, read.
fn parts(template: &StudyTemplate, points: &[Point], question: &PointQuestion) -> [f64; 5] {
    let (mut parts, memory) = ([0.0; 5], Memory::new(1));
    for (index, point) in points.iter().enumerate() {
        let mut at = Instant::now();
        let mut lap = |part: usize| {
            parts[part] += at.elapsed().as_secs_f64();
            at = Instant::now();
        };
        let mut study = template.study_at(&point.values).unwrap_or_else(|why| panic!("{why}"));
        lap(0);
        let (world, weights) = thinned(&study.scenarios()[0].world, TENANTS);
        let world = Arc::new(world);
        study.scenarios_mut().worlds_mut().for_each(|own| *own = world.clone());
        lap(1);
        let runner = Runner::remembering(&memory, &study).keeping_deeds(index % ROW == 0);
        lap(2);
        let tallies = runner.totals_here(point.block as u32);
        lap(3);
        for (rules, tally) in runner.rules().iter().zip(&tallies) {
            black_box(scaled(rules, tally, &weights, &question.measures));
        }
        lap(4);
    }
    parts
}

/// Three schedules, twelve unknowns.
fn shaped(mut explore: Explore) -> Explore {
    explore.schedules = support::loaded().study.scenarios().iter().take(3).map(|s| s.name.clone()).collect();
    explore.unknowns.truncate(UNKNOWNS);
    explore
}

/// The first points of the design that the target is about: whole base rows.
fn points(explore: &Explore) -> Vec<Point> {
    let design = Saltelli::new(&ExploreDraws::new(1), UNKNOWNS, 1_024, 8, true);
    let design = design.unwrap_or_else(|why| panic!("{why}"));
    let point = |number| {
        let row = design.row(number);
        let moved = explore.unknowns.iter().zip(&row.units);
        Point { values: moved.map(|(moved, &unit)| moved.factor.distribution.value(unit)).collect(), block: row.block }
    };
    (0..POINTS).map(point).collect()
}

fn thin(template: &StudyTemplate, point: &Point) -> Study {
    let mut study = template.study_at(&point.values).unwrap_or_else(|why| panic!("{why}"));
    for world in study.scenarios_mut().worlds_mut() {
        *world = Arc::new(thinned(world, TENANTS).0);
    }
    study
}

/// Seconds that this thread was on a processor; where that is not told, seconds that passed.
fn seconds<T>(work: impl FnOnce() -> T) -> f64 {
    let on_processor = || -> Option<f64> {
        let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
        Some(text.split(' ').next()?.parse::<f64>().ok()? / 1e9)
    };
    let (begun, before) = (Instant::now(), on_processor());
    black_box(work());
    match (before, on_processor()) {
        (Some(before), Some(after)) => after - before,
        _ => begun.elapsed().as_secs_f64(),
    }
}

fn report(rounds: &[[f64; 5]]) {
    let best = |at: usize| rounds.iter().map(|round| round[at]).fold(f64::INFINITY, f64::min) / POINTS as f64;
    let mut ratios: Vec<f64> = rounds.iter().map(|[whole, _, lives, ..]| whole / lives - 1.0).collect();
    ratios.sort_by(f64::total_cmp);
    let [whole, made, lives, every] = [0, 1, 2, 3].map(best);
    let counted = 100.0 * rounds[0][4] / (POINTS * TENANTS) as f64;
    println!(
        "a point of exchange-2026, 3 schedules, {TENANTS} tenants, {UNKNOWNS} unknowns, one thread, best of {ROUNDS}:"
    );
    println!(
        "  whole {:.2} ms, of which its lives {:.2} ms; the study made in {:.1} us",
        whole * 1e3,
        lives * 1e3,
        made * 1e6
    );
    println!("  beyond its lives: {:.1} % (median of {ROUNDS} rounds)", ratios[ROUNDS / 2] * 100.0);
    println!(
        "  {counted:.0} % of the tenants counted without being lived; with every tenant lived {:.2} ms",
        every * 1e3
    );
    println!("  {DESIGN:.0} points on two threads: {:.0} s", whole * DESIGN / 2.0);
}

fn report_parts(rounds: &[[f64; 5]]) {
    let best = |at: usize| rounds.iter().map(|round| round[at]).fold(f64::INFINITY, f64::min) / POINTS as f64 * 1e6;
    let [made, thinned, rules, lived, read] = [0, 1, 2, 3, 4].map(best);
    println!(
        "  by part: made {made:.0} us, thinned {thinned:.0}, worked out {rules:.0}, lived {lived:.0}, read {read:.0}"
    );
}
