//! `brownout run`: simulate a study, print its table, write its files; or do one shard of that.

mod explored;
mod shard;

use std::path::{Path, PathBuf};
use std::time::Duration;

use brownout::experiment::Run;
use brownout::experiment::footprint::{self, Excess};
use brownout::experiment::precision::{PrecisionTarget, REPLICATIONS_MAX, Reached, extend_until};
use brownout::experiment::{Part, Precision, Results, Runner, Shard};
use brownout::reading::load::{Loaded, load_what_if};
use brownout::reading::what_if::{Change, ChangeError, WhatIf};
use brownout::store::manifest::RunBody;
use brownout::store::shard::{ShardBody, ShardHeader};
use brownout::store::write::{Existing, Journal, OutputDirectory, WriteError};
use brownout::telling::twin;
use brownout::watch::Stopped;
use brownout::words::counted;
use clap::Args;
use indicatif::ProgressBar;

pub(super) use explored::Unknown;
pub(super) use shard::no_shards_with;

use super::interrupt;
use super::progress::{progress_bar, resume_bar};
use super::stop::Stop;
use super::{outcome, problems, screen};
use explored::Beside;

/// Simulate a study: a summary table on standard output, files and charts in output/<study>/
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  brownout run scenarios/quickstart.ron
  brownout run scenarios/exchange-2026.ron --replications 100 --out results/2026 --force
  brownout run exchange-2026                     a study that is compiled in, by its name
  brownout run quickstart --set 'policy.pauses.budget_days=0' --vs     beside the baseline scenario: no pause days
  brownout run quickstart --scan 'policy.pauses.budget_days=0,30,90'   a scenario for each value
  brownout run quickstart --set 'world.common.routes.upgrade.by_product.*.per_month*=2' --target 'lost < 2e8'
  brownout run my-study.ron --seed 7 --threads 2 --json > results.json
  brownout run scenarios/quickstart.ron --precision lost:1%
  brownout run my-study.ron --resume             go on where an interrupted run stopped
  brownout run my-study.ron --shard 3/16 --out shards     one of 16 parts, on any machine; then brownout merge

Files written: report.html (everything on one page), manifest.json, summary.csv, series.csv, survival.csv, mail.csv,
differences.csv, fate.csv, PNG charts, and twin.csv where a scenario has an exact solution. If the simulation strays from
it further than chance allows, the run fails.
The same study, seed and version give the same bytes, whatever the number of threads or shards, and however often the run
was interrupted. A run that is killed keeps its work in a hidden folder among its results: say --resume to continue it,
--force to discard it.")]
pub(crate) struct RunArguments {
    /// The study file, the name of one that is compiled in, or - for standard input
    study: PathBuf,
    /// What if: change a field, as in a study's `set`; PATH*=0.5 multiplies, PATH+=3 adds; may be repeated
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<Change>,
    /// What if: add a scenario for each of several values, next to the study's first scenario; may be repeated
    #[arg(long, value_name = "PATH=V1,V2,...", value_parser = scan)]
    scan: Vec<Scan>,
    /// Make every --set a scenario of its own, next to the study's first scenario, instead of changing all scenarios
    #[arg(long, requires = "set")]
    vs: bool,
    /// Directory for the results [default: output/<study>, with --shard output/<study>-shards]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Replications, instead of what the study says
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    replications: Option<u32>,
    /// Master seed, instead of what the study says
    #[arg(long, value_name = "S")]
    seed: Option<u64>,
    /// Add replications until a difference is known to this half-width, such as lost:2% or median_days:0.5
    #[arg(long, value_name = "MEASURE:WIDTH")]
    precision: Option<Precision>,
    /// Most replications that --precision may run [default: 1000]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    max_replications: Option<u32>,
    /// Threads; results do not depend on it [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Do one of N equal parts of the tenants and replications, and write its tallies to DIR/<study>-I-of-N.shard. Not with
    /// --precision: when to stop depends on the results of all parts
    #[arg(long, value_name = "I/N", conflicts_with_all = ["precision", "max_replications", "no_charts"])]
    shard: Option<Shard>,
    /// Continue an interrupted run; begin if there is none
    #[arg(long, conflicts_with = "force")]
    resume: bool,
    /// Replace results that are already there, and discard the work of an interrupted run
    #[arg(long)]
    force: bool,
    /// Save finished work to disk every so many seconds
    #[arg(long, value_name = "SECONDS", default_value = "20", value_parser = outcome::seconds)]
    checkpoint: f64,
    /// Stop as Ctrl-C does when standard input closes (when the program that started this one ends)
    #[arg(long)]
    stdin_life: bool,
    /// Also show the range from unknown parameters: simulate N futures with parameters from the shipped table of assumptions, or
    /// read the folder of a finished exploration of this study. With --format csv the table of both ranges is printed
    #[arg(long, value_name = "N|DIR", value_parser = explored::source, conflicts_with_all = ["shard", "set", "scan"])]
    explore: Option<explored::Explore>,
    /// Write no charts
    #[arg(long)]
    no_charts: bool,
    #[command(flatten)]
    telling: outcome::Telling,
}

/// The values of a field that stand beside each other.
#[derive(Clone, Debug)]
struct Scan(Vec<Change>);

fn scan(text: &str) -> Result<Scan, ChangeError> {
    Change::each(text).map(Scan)
}

impl RunArguments {
    fn what_if(&self) -> WhatIf {
        let scanned = self.scan.iter().flat_map(|scan| scan.0.clone());
        match self.vs {
            true => WhatIf { every: Vec::new(), beside: self.set.iter().cloned().chain(scanned).collect() },
            false => WhatIf { every: self.set.clone(), beside: scanned.collect() },
        }
    }

    fn existing(&self) -> Existing {
        Existing::asked(self.resume, self.force)
    }

    fn checkpoint(&self) -> Duration {
        Duration::from_secs_f64(self.checkpoint)
    }

    fn target(&self, name: &str) -> Result<PathBuf, String> {
        outcome::target(self.out.as_ref(), name)
    }
}

pub(crate) fn run(arguments: &RunArguments) -> Result<(), Stop> {
    arguments.telling.apply();
    if arguments.stdin_life {
        interrupt::live_with_input();
    }
    let mut loaded = match load_what_if(&arguments.study, &arguments.what_if()) {
        Ok(loaded) => loaded,
        Err(error) => {
            problems::show(&error.problems);
            return Err(Stop::REFUSED);
        }
    };
    problems::show(&loaded.warnings);
    let replications = arguments.replications.unwrap_or(loaded.study.replications());
    if let Some(most) = arguments.max_replications.filter(|most| *most < replications) {
        eprintln!("error: --max-replications {most} is less than the {replications} replications that are run anyway");
        return Err(Stop::REFUSED);
    }
    loaded.study.set_seed(arguments.seed.unwrap_or(loaded.study.seed()));
    if let Err(refusal) = loaded.study.set_replications(replications.into()) {
        eprintln!("error: {refusal}");
        return Err(Stop::REFUSED);
    }
    loaded.study.set_precision(arguments.precision.or(loaded.study.precision()));
    if let Err(excess) = footprint::check(&loaded.study, arguments.max_replications.unwrap_or(replications)) {
        eprintln!("error: {excess}; {}", Excess::HELP);
        return Err(Stop::REFUSED);
    }
    if let Some(shard) = arguments.shard {
        return shard::run(&loaded, arguments, shard);
    }
    let target = match arguments.target(loaded.study.name()) {
        Ok(target) => target,
        Err(words) => {
            return Err(Stop::Refused(words.to_string()));
        }
    };
    let beside = match Beside::of(&loaded, arguments) {
        Ok(beside) => beside,
        Err(found) => {
            problems::show(&found);
            return Err(Stop::REFUSED);
        }
    };
    if is_settled(&loaded, arguments, &target)? {
        return Ok(());
    }
    let is_same = || is_done(&loaded, &target);
    let existing = outcome::replacing(arguments.existing(), &target, !arguments.no_charts, is_same);
    let output = match OutputDirectory::prepare(&target, existing) {
        Ok(output) => output,
        Err(error) => {
            eprintln!("error: {error}");
            return Err(Stop::FAILED);
        }
    };
    super::pool(arguments.threads)?.install(|| simulate_and_write(&loaded, arguments, beside, output))
}

/// Puts in place what an interrupted run left waiting; whether nothing is left to do then, which is said.
fn is_settled(loaded: &Loaded, arguments: &RunArguments, target: &Path) -> Result<bool, Stop> {
    // Whether a failure matters depends on what is asked; preparing the directory meets it again.
    let mended = OutputDirectory::mend(target).unwrap_or_default();
    if mended {
        eprintln!("the results that an interrupted run left waiting are in their places now");
    }
    if (arguments.resume || mended && !arguments.force) && is_done(loaded, target) {
        say!(
            screen::out(),
            "{} has the whole results of this study already; nothing was left to do",
            target.display()
        )?;
        return Ok(true);
    }
    Ok(false)
}

/// Whether `target` has the results this run would write, every file whole: then a run that is resumed once more has nothing
/// left to do.
fn is_done(loaded: &Loaded, target: &Path) -> bool {
    let inputs = outcome::recorded_inputs(loaded);
    outcome::manifest_in::<RunBody>(target).is_some_and(|manifest| {
        manifest.is_whole_run_of(&loaded.study, &inputs)
            && outcome::are_whole(target, &manifest.outputs)
            && OutputDirectory::sweep(target)
    })
}

fn simulate_and_write(
    loaded: &Loaded,
    arguments: &RunArguments,
    beside: Beside,
    mut output: OutputDirectory,
) -> Result<(), Stop> {
    let study = &loaded.study;
    let runner = Runner::new(study).watched(&interrupt::is_asked);
    let most = arguments.max_replications.or(study.replications_max()).unwrap_or(REPLICATIONS_MAX);
    let precision = study.precision();
    let target = precision.map(|precision| PrecisionTarget { precision, own: study.replications(), most });
    let last = target.map_or(study.replications(), |target| target.most.max(target.own));
    let planned = runner.tenant_count() * u64::from(study.replications());
    let bar = progress_bar(planned);
    let mut results = Results::new(&runner, last);
    let goal = target.map(|target| format!("{} within {} replications", target.precision, target.most));
    let begun = Begun { loaded, arguments, runner: &runner, shard: Shard::ALL, goal };
    let mut journal = begun.journal(&output, &bar, &mut |part| results.add(&runner, part))?;
    if output.is_resuming() && !screen::is_quiet() {
        let done = counted(u64::from(results.replications), "replication");
        eprintln!("continuing an interrupted run: {done} done already");
    }
    let lived = &|tenants| bar.inc(tenants);
    let keep = &mut |part: &Part| journal.keep(part);
    let reached = interrupt::orderly(|| {
        results.extend_keeping(&runner, study.replications(), lived, keep)?;
        let Some(target) = target else { return Ok(None) };
        let lived_before = planned.saturating_sub(bar.length().unwrap_or(planned));
        bar.set_length((runner.tenant_count() * u64::from(last)).saturating_sub(lived_before));
        extend_until(&mut results, &runner, &target, lived, keep).map(|reached| Some((target, reached)))
    });
    bar.finish_and_clear();
    let reached = match reached {
        Err(WriteError::Stopped) => {
            journal.close()?;
            return Err(outcome::stopped(output.path()));
        }
        reached => reached?,
    };
    // What it worked out to live by makes room for what is told.
    drop(runner);
    let run = Run { study, results: &results };
    let twins = twin::check(run).inspect_err(|_| output.discard())?;
    let target = output.path().to_path_buf();
    let files = match interrupt::orderly(|| {
        outcome::write(loaded, run, !arguments.no_charts, output, &mut || Ok(journal.close()?))
    }) {
        Err(error) if error.is::<Stopped>() => return Err(outcome::stopped(&target)),
        files => files?,
    };
    let words = reached.map(|(target, reached)| precision_words(&target.precision, &reached, results.replications));
    beside.tell(run, arguments.telling.is_for_people(), |unknown| {
        outcome::tell(run, &twins, (words.as_deref(), unknown), (files, &target), &arguments.telling)
    })
}

/// A run that is about to work.
struct Begun<'a> {
    loaded: &'a Loaded,
    arguments: &'a RunArguments,
    runner: &'a Runner<'a>,
    shard: Shard,
    goal: Option<String>,
}

impl Begun<'_> {
    fn header(&self) -> ShardHeader {
        let body = ShardBody::new(self.runner, self.shard, self.goal.clone());
        ShardHeader::new(body, outcome::recorded_inputs(self.loaded))
    }

    /// Opens the journal; what an interrupted run had done goes to `each`.
    fn journal(
        &self,
        output: &OutputDirectory,
        bar: &ProgressBar,
        each: &mut dyn FnMut(Part),
    ) -> anyhow::Result<Journal> {
        let every = self.arguments.checkpoint();
        let mut done = 0;
        let journal = output.journal(&self.header(), every, self.runner, &mut |part| {
            done += part.tenants.end - part.tenants.start;
            each(part);
        });
        resume_bar(bar, done);
        Ok(journal?)
    }
}

/// Whether the precision asked for was reached, in words.
fn precision_words(precision: &Precision, reached: &Reached, replications: u32) -> String {
    let key = precision.measure().key();
    let number =
        |value: Option<f64>| value.map_or_else(|| "undefined".to_owned(), |value| brownout::chart::value(value, ""));
    let (width, wanted) = (number(reached.half_width), number(reached.wanted));
    if reached.met {
        format!(
            "\nPrecision reached: {key} is known to \u{b1} {width} (asked for {wanted}) after {replications} replications."
        )
    } else {
        format!(
            "\nPrecision NOT reached: {key} is known to \u{b1} {width} (asked for {wanted}) after {replications} \
             replications, the most allowed; raise --max-replications or ask for less."
        )
    }
}
