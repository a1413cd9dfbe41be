//! The whole kernel against the floor: `cargo bench --bench kernel`.
//!
//! Kernel and floor take turns within one run and the best of several rounds counts, so that a busy machine disturbs the ratio
//! as little as possible. With `--once kernel`, `seven`, `floor` or `addressed` one replication is run and nothing measured:
//! that is what `instructions.sh` counts.

#[path = "support/floor.rs"]
mod floor;
mod support;

use std::hint::black_box;
use std::time::Instant;

use brownout::experiment::Runner;
use brownout::study::Study;
use floor::{Demand, addressed_floor, demand, floor};
use support::study;

/// Rounds of which the best counts.
const ROUNDS: usize = 7;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let one = study(1, 1);
    match arguments.iter().position(|argument| argument == "--once").and_then(|at| arguments.get(at + 1)) {
        Some(what) => once(&one, what),
        None => report(&one),
    }
}

/// One replication of the kernel with one or seven scenarios, or its floor.
fn once(study: &Study, what: &str) {
    let demand = demand(study);
    eprintln!("lives {}", demand.lives);
    match what {
        "kernel" => pool(1).install(|| consume(replicate_one(&Runner::new(study)))),
        "seven" => {
            let seven = support::study(usize::MAX, 1);
            pool(1).install(|| consume(replicate_one(&Runner::new(&seven))));
        }
        "floor" => consume(floor(&demand)),
        "addressed" => consume(addressed_floor(&demand)),
        _ => panic!("--once knows kernel, seven, floor and addressed, not {what}"),
    };
}

/// Lives of one replication. Its own function, so that instructions can be counted inside it alone.
#[inline(never)]
fn replicate_one(runner: &Runner<'_>) -> i64 {
    let tallies = runner.replicate(0, &|_| {});
    tallies.iter().flat_map(|tally| &tally.groups).map(|group| group.servers).sum()
}

/// Best seconds of several works that take turns.
fn race(works: &mut [&mut dyn FnMut()]) -> Vec<f64> {
    let mut best = vec![f64::INFINITY; works.len()];
    for _ in 0..ROUNDS {
        for (best, work) in best.iter_mut().zip(works.iter_mut()) {
            let start = Instant::now();
            work();
            *best = best.min(start.elapsed().as_secs_f64());
        }
    }
    best
}

/// Uses a result, so that its work cannot be left out.
fn consume<T>(result: T) {
    black_box(result);
}

fn pool(threads: usize) -> rayon::ThreadPool {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads")
}

fn report(one: &Study) {
    let demand = demand(one);
    let Demand { lives, words, words_made, logs, exps } = demand;
    let each = |count: u64| count as f64 / lives as f64;
    println!("exchange-2026, one replication, {lives} server-lives a scenario");
    println!("a life uses {:.2} words, {:.2} ln and {:.2} exp", each(words), each(logs), each(exps));
    println!("({:.1} words are made for it, as the generator makes whole lines)\n", each(words_made));

    let (seven, ten) = (study(usize::MAX, 1), study(1, 10));
    let (one, seven, ten) = (Runner::new(one), Runner::new(&seven), Runner::new(&ten));
    let (single, double) = (pool(1), pool(2));
    let seconds = race(&mut [
        &mut || consume(floor(black_box(&demand))),
        &mut || consume(addressed_floor(black_box(&demand))),
        &mut || consume(single.install(|| replicate_one(&one))),
        &mut || consume(single.install(|| replicate_one(&seven))),
        &mut || consume(single.install(|| replicate_one(&ten))),
        &mut || consume(double.install(|| replicate_one(&ten))),
    ]);
    let nanoseconds = |seconds: f64, lives: u64| seconds * 1e9 / lives as f64;
    let [floor, addressed, one, seven, ten, two_threads] = seconds[..] else { unreachable!("six works") };
    println!("floor            {:7.0} ns a server-life", nanoseconds(floor, lives));
    println!("  at addresses   {:7.0} ns a server-life", nanoseconds(addressed, lives));
    println!(
        "one scenario     {:7.0} ns a server-life, {:.2} million a second",
        nanoseconds(one, lives),
        lives as f64 / one / 1e6
    );
    println!("seven scenarios  {:7.0} ns a server-life", nanoseconds(seven, 7 * lives));
    println!("kernel = {:.1} times the floor, {:.1} times the floor at addresses", one / floor, one / addressed);
    println!("seven scenarios = {:.2} times one", seven / one);
    println!("ten times the servers = {:.2} times the time", ten / one);
    println!("two threads = {:.2} times as fast as one", ten / two_threads);
}
