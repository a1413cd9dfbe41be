//! `brownout explore`: a study at many points of what is not known; which schedule, what decides, where it fails.

mod again;
pub(super) mod ask;
pub(super) mod finish;
pub(super) mod lives;
pub(super) mod merge;
mod shard;

use std::ops::{ControlFlow, Range};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use brownout::experiment::Shard;
use brownout::explore::adaptive;
use brownout::explore::points::{PointQuestion, live};
use brownout::explore::survey::{SurveyPart, lived_points, parts};
use brownout::outside::shortened;
use brownout::store::write::{Existing, OutputDirectory, write_file};
use brownout::telling::exploration::ExplorationBody;
use brownout::words::counted;
use clap::Args;

use super::stop::Stop;
use super::{interrupt, outcome, problems, screen};
use ask::PreparedExploration;
use finish::Further;
use lives::{PointWork, lived_with};

/// Ask which schedule holds up when nobody knows the parameters, which unknown decides, and where a schedule fails
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  brownout explore scenarios/explore/quickstart.ron
  brownout explore scenarios/explore/quickstart.ron --dry-run
  brownout explore my-study.ron                         every parameter that the shipped table gives a range for
  brownout explore my-study.ron --write my-question.ron write that as a file to edit
  brownout explore my-question.ron --resume             go on where an interrupted exploration stopped
  brownout explore my-next-question.ron --again output/my-question-explore   what it asks of points that are lived already
  brownout explore my-question.ron --shard 3/16 --out shards    one of 16 shards, on any machine; then brownout merge

Files written: points.csv, outcomes.csv, ranking.csv, regret.csv, and what the steps of the file ask for: screening.csv,
indices.csv, robust.csv, boxes.csv, limits.csv, front.csv, search.csv, selection.csv; charts, report.html, manifest.json. The same file, study and version give the same bytes, whatever
the number of threads or shards, and however often it was interrupted. The file: scenarios/README.md, \"Exploration\".")]
pub(crate) struct ExploreArguments {
    /// The exploration file, or a study
    file: PathBuf,
    /// Directory for the results [default: output/<name>-explore]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Threads; results do not depend on it [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Only say how many points, lives, seconds and bytes the exploration takes
    #[arg(long)]
    dry_run: bool,
    /// For a study: only write its exploration to a file, where it can be edited
    #[arg(long, value_name = "FILE", conflicts_with_all = ["out", "dry_run", "force"])]
    write: Option<PathBuf>,
    /// Live one of N shards of the points, and write their rows to DIR/<exploration>-I-of-N.shard
    #[arg(long, value_name = "I/N", conflicts_with_all = ["dry_run", "write"])]
    shard: Option<Shard>,
    /// Take the points from the results of an earlier exploration in DIR; nothing is simulated again
    #[arg(long, value_name = "DIR", conflicts_with_all = ["dry_run", "write", "shard", "resume"])]
    again: Option<PathBuf>,
    /// Continue an interrupted exploration; begin if there is none
    #[arg(long, conflicts_with_all = ["force", "dry_run", "write"])]
    resume: bool,
    /// Replace results that are already there, and discard the work of an interrupted exploration. Results of the same
    /// exploration are replaced even without this option
    #[arg(long)]
    force: bool,
    /// Print no findings, no progress and no notes, only warnings and errors
    #[arg(short, long, conflicts_with_all = ["dry_run", "write"])]
    quiet: bool,
    /// Draw no charts; the page then has none
    #[arg(long, conflicts_with_all = ["dry_run", "write"])]
    no_charts: bool,
    /// Save finished points to disk every so many seconds
    #[arg(long, value_name = "SECONDS", default_value = "20", value_parser = outcome::seconds)]
    checkpoint: f64,
    /// Stop as Ctrl-C does when standard input closes (when the program that started this one ends)
    #[arg(long)]
    stdin_life: bool,
}

impl ExploreArguments {
    fn existing(&self) -> Existing {
        Existing::asked(self.resume, self.force)
    }

    fn checkpoint(&self) -> Duration {
        Duration::from_secs_f64(self.checkpoint)
    }
}

pub(crate) fn explore(arguments: &ExploreArguments) -> Result<(), Stop> {
    screen::be_quiet(arguments.quiet);
    if arguments.stdin_life {
        interrupt::live_with_input();
    }
    let asked = match PreparedExploration::read(&arguments.file, arguments.write.as_deref()) {
        Ok(asked) => asked,
        Err(found) => {
            problems::show(&found);
            return Err(Stop::REFUSED);
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
    if let Some(shard) = arguments.shard {
        return shard::run(&asked, parts, arguments, shard);
    }
    if let Some(directory) = &arguments.again
        && let Err(found) = again::take(&asked, &mut parts, directory)
    {
        problems::show(&found);
        return Err(Stop::REFUSED);
    }
    let target = match outcome::target(arguments.out.as_ref(), &asked.folder()) {
        Ok(target) => target,
        Err(words) => {
            return Err(Stop::Refused(words.to_string()));
        }
    };
    let mended = OutputDirectory::mend(&target).unwrap_or_default();
    if (arguments.resume || mended && !arguments.force) && is_done(&asked, &target) {
        let target = target.display();
        say!(screen::out(), "{target} has the whole results of this exploration already; nothing was left to do")?;
        return Ok(());
    }
    let is_same = || is_done(&asked, &target);
    let existing = outcome::replacing(arguments.existing(), &target, !arguments.no_charts, is_same);
    let output = match OutputDirectory::prepare(&target, existing) {
        Ok(output) => output,
        Err(error) => {
            eprintln!("error: {error}");
            return Err(Stop::FAILED);
        }
    };
    super::pool(arguments.threads)?.install(|| live_and_write(&asked, parts, arguments, output))
}

/// Lives all points that are not known, and writes what they say.
fn live_and_write(
    asked: &PreparedExploration,
    mut parts: Vec<SurveyPart>,
    arguments: &ExploreArguments,
    output: OutputDirectory,
) -> Result<(), Stop> {
    let work = PointWork::of(&parts);
    let header = work.header(asked, Shard::ALL);
    let (mut journal, known) = output.row_journal(&header, arguments.checkpoint())?;
    continuing(&output, known.len() as u64, work.points());
    // A search asks for more points than those that are known beforehand.
    let Some(rest) = lived_with(asked, &mut parts, &work, 0..u64::MAX, (&mut journal, known))? else {
        return Err(outcome::stopped(output.path()));
    };
    // What the points say may take a while, too.
    journal.close()?;
    interrupt::say_when_ended(outcome::how_to_go_on(output.path()));
    let target = output.path().to_path_buf();
    let mut further = Further::new(work.points(), rest, &mut journal);
    let how = (!arguments.no_charts, arguments.quiet);
    let written = finish::write_and_print(asked, &parts, &mut further, how, output)?;
    written.ok_or_else(|| outcome::stopped(&target))
}

/// Says that an interrupted exploration is continued.
fn continuing(output: &OutputDirectory, known: u64, all: u64) {
    if output.is_resuming() && !screen::is_quiet() {
        let more = match known.saturating_sub(all) {
            0 => String::new(),
            more => format!(", and {more} of its searches and selections"),
        };
        eprintln!("continuing an interrupted exploration: {} of {all} points are lived{more}", known.min(all));
    }
}

/// Whether `target` has the results that this exploration would write, every file whole.
fn is_done(asked: &PreparedExploration, target: &Path) -> bool {
    outcome::manifest_in::<ExplorationBody>(target).is_some_and(|manifest| {
        manifest.is_of(&asked.inputs())
            && outcome::are_whole(target, &manifest.outputs)
            && OutputDirectory::sweep(target)
    })
}

/// Lives of a part: tenants of all schedules, once for each replication of each point.
fn lives(part: &SurveyPart, tenants: u64) -> u64 {
    lived_points(part) as u64 * u64::from(part.question.replications) * tenants
}

fn write(asked: &PreparedExploration, path: &std::path::Path) -> Result<(), Stop> {
    let shown = shortened(&path.display().to_string(), 200);
    if path.symlink_metadata().is_ok() {
        eprintln!("error: {shown} is there already; name another file, or remove it");
        return Err(Stop::FAILED);
    }
    write_file(path, asked.file.text.as_bytes())?;
    say!(
        screen::out(),
        "{shown}: {}; edit it, then: brownout explore {shown}",
        counted(asked.explore.unknowns.len() as u64, "unknown")
    )?;
    Ok(())
}

/// Points that are tried to tell how long all take: at least some, then as many as there is time for. Points that follow each other cost
/// less than those that stand alone.
const TRIED: Range<usize> = 3..64;
const TRYING: Duration = Duration::from_millis(500);

fn dry_run(asked: &PreparedExploration, parts: &[SurveyPart], threads: Option<u16>) -> Result<(), Stop> {
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
    let adaptive = adaptive::lives(&asked.explore, asked.schedules.len(), asked.tenants());
    if adaptive > 0 {
        seconds *= (all + adaptive) as f64 / all.max(1) as f64;
        say!(out, "searches and selections: at most {} of tenants", counted_lives(adaptive))?;
        all += adaptive;
    }
    let of = counted(asked.schedules.len() as u64, "schedule");
    say!(out, "together: {}, {of}, {} of tenants", counted(points as u64, "point"), counted_lives(all))?;
    let mib = (bytes as f64 / 1_048_576.0).ceil().max(1.0);
    say!(
        out,
        "about {} on {} (estimated from the first points), about {mib:.0} MiB for the points",
        time(seconds),
        counted(cores as u64, "thread")
    )?;
    say!(out, "nothing was written")?;
    Ok(())
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
fn time_of_a_point(asked: &PreparedExploration, part: &SurveyPart) -> f64 {
    let tried: Vec<usize> = (0..part.rows.len()).take(TRIED.end).collect();
    let question = PointQuestion { replications: 1, ..part.question.clone() };
    let mut table = part.table.clone();
    let (begun, done) = (Instant::now(), AtomicUsize::new(0));
    let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build();
    // Told after every point, and asked before every tenant.
    let go_on = |lives| {
        let done = done.fetch_add(usize::from(lives > 0), Ordering::Relaxed);
        if done >= TRIED.start && begun.elapsed() > TRYING { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let mut try_them = || {
        live(&mut table, &asked.template, &question, &tried, &go_on, &mut |_| Ok::<(), std::convert::Infallible>(()))
    };
    let _ = alone.map(|alone| alone.install(&mut try_them));
    begun.elapsed().as_secs_f64() / done.into_inner().max(1) as f64 * f64::from(part.question.replications)
}

/// Bytes that a point keeps in memory: its values and the lists that hold them.
fn bytes_of_a_point(asked: &PreparedExploration, question: &PointQuestion) -> usize {
    let values = question.measures.len() * 16 + 24;
    let factors = asked.explore.levers.len() + asked.explore.unknowns.len();
    asked.schedules.len() * (24 + question.replications as usize * values) + factors * 32 + 200
}
