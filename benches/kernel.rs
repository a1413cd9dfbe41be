//! The whole kernel against the floor: `cargo bench --bench kernel`.
//!
//! Kernel and floor take turns within one run. Of times the best of several rounds counts, of ratios the median, so that a busy
//! machine disturbs them as little as possible. With `--once kernel`, `seven`, `ten`, `floor` or `addressed` one replication is run and nothing measured:
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

/// Rounds in which all works take their turn.
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
        "ten" => {
            let ten = support::study(1, 10);
            pool(1).install(|| consume(replicate_one(&Runner::new(&ten))));
        }
        "floor" => consume(floor(&demand)),
        "addressed" => consume(addressed_floor(&demand)),
        _ => panic!("--once knows kernel, seven, ten, floor and addressed, not {what}"),
    };
}

/// Lives of one replication. Its own function, so that instructions can be counted inside it alone.
#[inline(never)]
fn replicate_one(runner: &Runner<'_>) -> i64 {
    let tallies = runner.replicate(0, &|_| {});
    tallies.iter().flat_map(|tally| &tally.groups).map(|group| group.servers).sum()
}

/// Seconds of several works that take turns, round by round.
struct Race(Vec<Vec<f64>>);

impl Race {
    fn run(works: &mut [&mut dyn FnMut()]) -> Race {
        let time = |work: &mut &mut dyn FnMut()| {
            let start = Instant::now();
            work();
            start.elapsed().as_secs_f64()
        };
        Race((0..ROUNDS).map(|_| works.iter_mut().map(time).collect()).collect())
    }

    /// The best seconds of a work.
    fn best(&self, work: usize) -> f64 {
        self.0.iter().map(|round| round[work]).fold(f64::INFINITY, f64::min)
    }

    /// How many times as long one work takes as another: the median over the rounds, as speed changes from round to round.
    fn ratio(&self, work: usize, against: usize) -> f64 {
        let mut ratios: Vec<f64> = self.0.iter().map(|round| round[work] / round[against]).collect();
        ratios.sort_by(f64::total_cmp);
        ratios[ratios.len() / 2]
    }
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
    let race = Race::run(&mut [
        &mut || consume(floor(black_box(&demand))),
        &mut || consume(addressed_floor(black_box(&demand))),
        &mut || consume(single.install(|| replicate_one(&one))),
        &mut || consume(single.install(|| replicate_one(&seven))),
        &mut || consume(single.install(|| replicate_one(&ten))),
        &mut || consume(double.install(|| replicate_one(&ten))),
    ]);
    let [floor, addressed, one, seven, ten, two_threads] = [0, 1, 2, 3, 4, 5];
    let nanoseconds = |work, lives: u64| race.best(work) * 1e9 / lives as f64;
    println!("floor            {:7.0} ns a server-life", nanoseconds(floor, lives));
    println!("  at addresses   {:7.0} ns a server-life", nanoseconds(addressed, lives));
    println!(
        "one scenario     {:7.0} ns a server-life, {:.2} million a second",
        nanoseconds(one, lives),
        lives as f64 / race.best(one) / 1e6
    );
    println!("seven scenarios  {:7.0} ns a server-life", nanoseconds(seven, 7 * lives));
    let (plain, at_addresses) = (race.ratio(one, floor), race.ratio(one, addressed));
    println!("kernel = {plain:.1} times the floor, {at_addresses:.1} times the floor at addresses");
    println!("seven scenarios = {:.2} times one", race.ratio(seven, one));
    println!("ten times the servers = {:.2} times the time", race.ratio(ten, one));
    println!("two threads = {:.2} times as fast as one", race.ratio(ten, two_threads));
}
