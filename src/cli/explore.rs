//! `brownout explore`: a study at many points of what is not known; which schedule, what decides, where it fails.

mod ask;
mod finish;

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::Instant;

use brownout::explore::points::{Ended, Question, live};
use brownout::explore::survey::{Part, lived_points, parts};
use brownout::outside::shortened;
use brownout::report::write::{Existing, OutputDirectory, write_file};
use brownout::words::counted;
use clap::Args;

use super::interrupt::{self, STOPPED};
use super::progress::progress_bar;
use super::{DONE, FAILED, REFUSED, outcome, problems, screen};
use ask::Asked;

/// Ask which schedule holds up when nobody knows the parameters, which unknown decides, and where a schedule fails
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  brownout explore scenarios/explore/quickstart.ron
  brownout explore scenarios/explore/quickstart.ron --dry-run
  brownout explore my-study.ron                         every parameter that the shipped table gives a range for
  brownout explore my-study.ron --write my-question.ron write that as a file to edit

Files written: points.csv, outcomes.csv, ranking.csv, regret.csv, and what the steps of the file ask for: screening.csv,
indices.csv, robust.csv, boxes.csv, limits.csv; manifest.json. The same file, study and version give the same bytes, whatever
the number of threads. The file: scenarios/README.md, \"Exploration\".")]
pub(crate) struct ExploreArguments {
    /// The exploration file, or a study
    file: PathBuf,
    /// Directory for the results [default: output/<name of the file>; of a study output/<study>-explore]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Threads; results do not depend on it [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Say how many points, lives, seconds and bytes it takes, and do nothing
    #[arg(long)]
    dry_run: bool,
    /// Of a study: write the exploration that would be done to a file, to be edited, and do nothing
    #[arg(long, value_name = "FILE", conflicts_with_all = ["out", "dry_run", "force"])]
    write: Option<PathBuf>,
    /// Replace results that are already there
    #[arg(long)]
    force: bool,
}

pub(crate) fn explore(arguments: &ExploreArguments) -> anyhow::Result<u8> {
    let asked = match Asked::read(&arguments.file, arguments.write.as_deref()) {
        Ok(asked) => asked,
        Err(found) => {
            problems::show(&found);
            return Ok(REFUSED);
        }
    };
    problems::show(&asked.warnings);
    if let Some(path) = &arguments.write {
        return write(&asked, path);
    }
    let mut parts = parts(&asked.explore);
    if arguments.dry_run {
        return dry_run(&asked, &parts, arguments.threads);
    }
    let target = match outcome::target(arguments.out.as_ref(), &asked.name) {
        Ok(target) => target,
        Err(words) => {
            eprintln!("error: {words}");
            return Ok(REFUSED);
        }
    };
    let existing = if arguments.force { Existing::Replace } else { Existing::Refuse };
    let mut output = match OutputDirectory::prepare(&target, existing) {
        Ok(output) => output,
        Err(error) => {
            eprintln!("error: {error}");
            return Ok(FAILED);
        }
    };
    let whole = super::pool(arguments.threads)?.install(|| interrupt::orderly(|| lived(&asked, &mut parts)))?;
    if !whole {
        output.discard();
        eprintln!("stopped; nothing was written");
        return Ok(STOPPED);
    }
    finish::write_and_print(&asked, &parts, output)?;
    Ok(DONE)
}

/// Lives all points; whether it came to its end.
fn lived(asked: &Asked, parts: &mut [Part]) -> anyhow::Result<bool> {
    let tenants = asked.tenants() * asked.schedules.len() as u64;
    let lives = parts.iter().map(|part| lives(part, tenants)).sum();
    let bar = progress_bar(lives);
    let ask = |lived: u64| {
        bar.inc(lived);
        if interrupt::is_asked() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    for part in parts {
        let wanted = part.table.missing(0..part.rows.len());
        let ended = live(&mut part.table, &asked.template, &part.question, &wanted, &ask, &mut |_| anyhow::Ok(()))?;
        if ended == Ended::Stopped {
            bar.finish_and_clear();
            return Ok(false);
        }
        part.table.spread();
    }
    bar.finish_and_clear();
    Ok(true)
}

/// Lives of a part: tenants of all schedules, once for each replication of each point.
fn lives(part: &Part, tenants: u64) -> u64 {
    lived_points(part) as u64 * u64::from(part.question.replications) * tenants
}

fn write(asked: &Asked, path: &std::path::Path) -> anyhow::Result<u8> {
    let shown = shortened(&path.display().to_string(), 200);
    if path.symlink_metadata().is_ok() {
        eprintln!("error: {shown} is there already; name another file, or remove it");
        return Ok(FAILED);
    }
    write_file(path, asked.file.text.as_bytes())?;
    say!(
        screen::out(),
        "{shown}: {}; edit it, then: brownout explore {shown}",
        counted(asked.explore.unknowns.len() as u64, "unknown")
    )?;
    Ok(DONE)
}

/// Points that are tried to tell how long all take.
const TRIED: usize = 3;

fn dry_run(asked: &Asked, parts: &[Part], threads: Option<u16>) -> anyhow::Result<u8> {
    let mut out = screen::out();
    let tenants = asked.tenants() * asked.schedules.len() as u64;
    let (mut points, mut seconds, mut bytes, mut all) = (0, 0.0, 0, 0);
    let cores = threads.map_or_else(|| std::thread::available_parallelism().map_or(1, usize::from), usize::from);
    for part in parts {
        let lived = lived_points(part);
        seconds += time_of_a_point(asked, part) * lived as f64 / cores as f64;
        bytes += part.rows.len() * bytes_of_a_point(asked, &part.question);
        (points, all) = (points + lived, all + lives(part, tenants));
        let replications = counted(u64::from(part.question.replications), "replication");
        say!(out, "{}: {} of {replications}", part.aim.name(&asked.explore), counted(lived as u64, "point"))?;
    }
    let of = counted(asked.schedules.len() as u64, "schedule");
    say!(out, "together: {}, {of}, {} of tenants", counted(points as u64, "point"), counted_lives(all))?;
    let mib = (bytes as f64 / 1_048_576.0).ceil().max(1.0);
    say!(
        out,
        "about {} on {} (estimated from {TRIED} points), about {mib:.0} MiB for the points",
        time(seconds),
        counted(cores as u64, "thread")
    )?;
    say!(out, "nothing was written")?;
    Ok(DONE)
}

fn counted_lives(lives: u64) -> String {
    brownout::words::counted_as(lives as f64, "life", "lives")
}

fn time(seconds: f64) -> String {
    match seconds {
        s if s < 1.0 => "1 second".to_owned(),
        s if s < 120.0 => format!("{} seconds", s.ceil()),
        s if s < 7_200.0 => format!("{} minutes", (s / 60.0).ceil()),
        s => format!("{:.1} hours", s / 3_600.0),
    }
}

/// Seconds that one point takes on one thread.
fn time_of_a_point(asked: &Asked, part: &Part) -> f64 {
    let tried: Vec<usize> = (0..part.rows.len()).take(TRIED).collect();
    let question = Question { replications: 1, ..part.question.clone() };
    let mut table = part.table.clone();
    let begun = Instant::now();
    let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build();
    let go_on = |_| ControlFlow::Continue(());
    let mut try_them = || {
        live(&mut table, &asked.template, &question, &tried, &go_on, &mut |_| Ok::<(), std::convert::Infallible>(()))
    };
    let _ = alone.map(|alone| alone.install(&mut try_them));
    begun.elapsed().as_secs_f64() / tried.len().max(1) as f64 * f64::from(part.question.replications)
}

/// Bytes that a point keeps in memory: its values and the lists that hold them.
fn bytes_of_a_point(asked: &Asked, question: &Question) -> usize {
    let values = question.measures.len() * 16 + 24;
    let factors = asked.explore.levers.len() + asked.explore.unknowns.len();
    asked.schedules.len() * (24 + question.replications as usize * values) + factors * 32 + 200
}
