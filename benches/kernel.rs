//! The whole kernel against the floor: `cargo bench --bench kernel`.
//!
//! Kernel and floor take turns within one run. Of times the best of several rounds counts, of ratios the median, so that a busy
//! machine disturbs them as little as possible. The job of `job.ron` is measured beside, and so is `numpy_job.py`, the same job in
//! NumPy, where there is one. With `--once kernel`, `seven`, `ten`, `job`, `floor` or `addressed` one replication is run and
//! nothing measured: that is what `instructions.sh` counts.

#![allow(clippy::disallowed_macros, reason = "a benchmark prints what it measured")]

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
        "job" => {
            let job = support::job();
            eprintln!("job lives {}", pool(1).install(|| replicate_one(&Runner::new(&job))));
        }
        "floor" => consume(floor(&demand)),
        "addressed" => consume(addressed_floor(&demand)),
        _ => panic!("--once knows kernel, seven, ten, job, floor and addressed, not {what}"),
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
    println!("({:.1} words are made for it, as the generator makes whole blocks)\n", each(words_made));

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
    report_job();
}

/// What a life of the job costs here and in NumPy; both take turns, and the best round of each counts.
fn report_job() {
    let (job, numpy) = (support::job(), Numpy::find());
    let runner = Runner::new(&job);
    let lives: i64 = job.scenarios()[0].world.tenant_count() as i64;
    let (single, mut ours, mut theirs) = (pool(1), f64::INFINITY, f64::INFINITY);
    for _ in 0..ROUNDS {
        let start = Instant::now();
        (0..5).for_each(|replication| consume(single.install(|| runner.replicate(replication, &|_| {}))));
        ours = ours.min(start.elapsed().as_secs_f64() / 5.0 / lives as f64 * 1e9);
        theirs = theirs.min(numpy.as_ref().and_then(Numpy::nanoseconds).unwrap_or(f64::INFINITY));
    }
    println!("\nthe job of benches/job.ron, {lives} lives, one thread");
    println!("brownout         {ours:7.0} ns a life, {:.2} million a second", 1e3 / ours);
    match theirs.is_finite() {
        true => println!("NumPy            {theirs:7.0} ns a life, {:.2} times brownout", theirs / ours),
        false => println!("NumPy            skipped: python3 with numpy is not installed"),
    }
}

/// The same job in NumPy.
struct Numpy(std::path::PathBuf);

impl Numpy {
    fn find() -> Option<Self> {
        let script = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/numpy_job.py");
        let known = std::process::Command::new("python3").args(["-c", "import numpy"]).output();
        known.is_ok_and(|output| output.status.success()).then_some(Numpy(script))
    }

    /// Nanoseconds of a life, as the script prints them.
    fn nanoseconds(&self) -> Option<f64> {
        let mut python = std::process::Command::new("python3");
        for threads in ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"] {
            python.env(threads, "1");
        }
        let output = python.arg(&self.0).args(["20000", "5"]).output().ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        text.split(" ns a life").next()?.rsplit(' ').next()?.parse().ok()
    }
}
