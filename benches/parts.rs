//! The parts of the kernel and the charts, one by one: `cargo bench --bench parts`.

#![allow(clippy::disallowed_macros, reason = "a benchmark prints what it measured")]

mod support;

use std::hint::black_box;

use brownout::experiment::Run;
use brownout::experiment::{Results, Runner};
use brownout::ladders;
use brownout::mail::{Calendar, CalendarShape, MailOutcome};
use brownout::policy::{Enforcement, Minutes, PauseRules, WindowLayout};
use brownout::retries;
use brownout::tally::{Class, Series, Stretch, Tally};
use brownout::telling::bundle::{Extras, bundle};
use brownout::telling::html::Look;
use brownout::time::{SimDuration, SimTime};
use divan::Bencher;

fn main() {
    divan::main();
}

fn at(text: &str) -> SimTime {
    text.parse().expect("a date")
}

/// All transitions of one cycle, paused once: what the stage engine costs a server.
#[divan::bench]
fn stage_engine_cycle(bencher: Bencher<'_, '_>) {
    let (ladder, rules) = (ladders::microsoft_2023(), PauseRules::default());
    let start = at("2026-09-07");
    bencher.bench(|| {
        let mut server = Enforcement::begin(&ladder, &rules, black_box(start), false, SimDuration::ZERO);
        server.set_paused(&ladder, &rules, start + SimDuration::from_days(5), true);
        server.set_paused(&ladder, &rules, start + SimDuration::from_days(9), false);
        while server.next_transition(&ladder) != SimTime::NEVER {
            server.advance(&ladder, &rules, server.next_transition(&ladder));
        }
        server
    });
}

/// The next transition alone.
#[divan::bench]
fn stage_engine_next_transition(bencher: Bencher<'_, '_>) {
    let ladder = ladders::microsoft_2023();
    let server = Enforcement::begin(&ladder, &PauseRules::default(), at("2026-09-07"), false, SimDuration::ZERO);
    bencher.bench(|| black_box(&server).next_transition(black_box(&ladder)));
}

/// One entry of the mail table, by layout.
#[divan::bench(args = [WindowLayout::Separate, WindowLayout::Adjacent, WindowLayout::Random])]
fn mail_table_entry(layout: WindowLayout) -> MailOutcome {
    MailOutcome::compute(black_box(Minutes::new(30, 5).unwrap()), layout, retries::MAILBOX)
}

/// A stretch of ten and a half days entered into a series.
#[divan::bench]
fn tally_stretch(bencher: Bencher<'_, '_>) {
    let calendar = Calendar::new(&CalendarShape::default(), at("2026-09-07"), at("2028-12-31"));
    let mut series = Series::new(11, calendar.days());
    let (from, to) = (at("2026-10-07T00:15:08Z"), at("2026-10-17T12:15:08Z"));
    bencher.bench_local(|| {
        let [from, to] = [from, to].map(|at| calendar.moment(black_box(at)));
        series.enter(Class::stage(1), black_box(435_000), Stretch { from, to });
    });
}

/// Two tallies of the study's shape merged.
#[divan::bench]
fn tally_merge(bencher: Bencher<'_, '_>) {
    let study = support::study(1, 1);
    let runner = Runner::new(&study);
    let other = Tally::new(runner.rules()[0].shape());
    let mut tally = other.clone();
    bencher.bench_local(|| tally.merge(black_box(&other)));
}

/// Everything that is written for the study, charts included: two replications, seven scenarios.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn report_with_charts(bencher: Bencher<'_, '_>) {
    let loaded = support::loaded();
    let results = Results::run(&Runner::new(&loaded.study), 2, &|_| {});
    bencher.bench(|| {
        let extras = Extras { inputs: &loaded.files, warnings: &[], charts: true, look: Look::PLAIN };
        bundle(Run { study: &loaded.study, results: &results }, extras).expect("charts")
    });
}
