//! `brownout plan`: upgrade windows and pauses of a team's own servers.

pub(in crate::cli) mod ask;

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use brownout::chart::ChartError;
use brownout::intake::{DateOrder, instant_of};
use brownout::planner::findings::{NoPlan, STEPS, plan, recalled};
use brownout::planner::index::PerTenant;
use brownout::planner::tenants::{self, plan_together};
use brownout::planner::{Project, with_best_buffer};
use brownout::policy::PauseRequest;
use brownout::store::manifest::InputFile;
use brownout::store::write::{Existing, OutputDirectory};
use brownout::telling::bundle::{Extras, OutputFile};
use brownout::telling::frame::Frame;
use brownout::telling::plan::together::Stories;
use brownout::telling::plan::{self as tell, PlanBody, Story};
use brownout::text::names::nearest;
use brownout::time::SimTime;
use brownout::watch::Stopped;
use clap::Args;

use super::format::{Format, FormatArguments};
use super::stop::Stop;
use super::timeline::ask as values;
use super::{interrupt, outcome, progress, screen};
use ask::PreparedPlan;

/// Plan upgrade windows and pauses for your own servers: which server when, which pause, how sure, and the latest safe start
///
/// A plan file (RON) says when, by whom and what matters; a fleet table (CSV) lists the servers. `brownout plan --new` writes
/// both to start from. The plan found is the best there is, or the page says how far from it it can be.
///
/// Results go to output/<plan>/: report.html, gantt.png, risk.png, plan.csv, plan.ics for calendars, project.xml for Microsoft
/// Project, pauses.ps1 with the commands that pause. All times are UTC.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct PlanArguments {
    /// The plan file
    #[arg(required_unless_present = "new")]
    plan: Option<PathBuf>,
    /// Write a commented plan and fleet to start from: NAME.ron and NAME.csv
    #[arg(long, value_name = "NAME", conflicts_with = "plan")]
    new: Option<String>,
    /// Fleet table (CSV), instead of the one the plan names
    #[arg(long, value_name = "FILE")]
    fleet: Option<PathBuf>,
    /// Servers from the output of Get-OnPremServerReportInfo; the fleet table then adds the missing columns
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Order of day and month in the report and the fleet, where a file leaves it open: day-first or month-first
    #[arg(long, value_name = "ORDER")]
    date_order: Option<DateOrder>,
    /// First day that can still be planned, instead of the plan's
    #[arg(long, value_name = "DATE", value_parser = instant_of)]
    as_of: Option<SimTime>,
    /// A server that is done, with the day; may be repeated
    #[arg(long, value_name = "SERVER=DATE", value_parser = ask::done)]
    done: Vec<(String, SimTime)>,
    /// A server that is being worked on, with the day on which work began [default: the planned day]. It keeps its cut-over of
    /// the former plan; where none lies ahead, work goes on from the first day, even in a freeze. May be repeated
    #[arg(long, value_name = "SERVER[=DATE]", value_parser = ask::in_hand)]
    in_hand: Vec<(String, Option<SimTime>)>,
    /// Assume that everything before the new first day went as the former plan says, unless another option says otherwise
    #[arg(long, requires = "former")]
    as_planned: bool,
    /// A pause had or running, besides the plan's; may be repeated
    #[arg(long, value_name = "START:DAYS", value_parser = values::pause)]
    pause: Vec<PauseRequest>,
    /// Pause days spent in a calendar year besides those pauses; may be repeated
    #[arg(long, value_name = "YEAR:DAYS", value_parser = values::used)]
    used: Vec<(i16, u32)>,
    /// Directory for the results [default: output/<plan>]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Directory of the former plan, to plan again. What it recorded (state.ron) need not be given again. Its dates are kept unless
    /// moving one saves more than a change costs. Calendar entries that fall away are cancelled in the new calendar
    #[arg(long, value_name = "DIR")]
    former: Option<PathBuf>,
    /// Replications of the simulation, instead of what the plan says
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    replications: Option<u32>,
    /// How long better dates are searched for, 0 to 3600 seconds [default: 10]. It stands for a fixed amount of work (12 million
    /// steps a second), so every machine finds the same plan; a slow one takes longer
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(0..=3600))]
    time: Option<u32>,
    /// Master seed, instead of what the plan says
    #[arg(long, value_name = "S")]
    seed: Option<u64>,
    /// Threads; results do not depend on it [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Replace results that are already there; results of the same plan with the same options are replaced even
    /// without this option
    #[arg(long)]
    force: bool,
    /// Write no charts
    #[arg(long)]
    no_charts: bool,
    /// Print why a server has its date: the rule that keeps it from an earlier one, and what a week earlier or later costs; may be
    /// repeated. The page and why.csv tell it of every server
    #[arg(long, value_name = "SERVER")]
    why: Vec<String>,
    #[command(flatten)]
    format: FormatArguments,
    /// Print the plan and write no files
    #[arg(long, conflicts_with_all = ["out", "force", "no_charts"])]
    no_files: bool,
}

const EXAMPLES: &str = "\
Examples:
  brownout plan scenarios/plans/school-district.ron
  brownout plan scenarios/plans/city.ron --no-files
  brownout plan --new our-plan
  brownout plan our-plan.ron --no-files --why mail-1
  brownout plan our-plan.ron --report report.txt --out output/november
  brownout plan our-plan.ron --as-of 2026-12-01 --done mail-1=2026-11-28 --force
  brownout plan our-plan.ron --former output/our-plan --as-of 2026-12-15 --as-planned --force

To get the report, in Exchange Online PowerShell:
  Get-OnPremServerReportInfo | Format-List > report.txt";

pub(crate) fn run(arguments: &PlanArguments) -> Result<(), Stop> {
    if let Some(name) = &arguments.new {
        return ask::write_new(name);
    }
    let Some(path) = &arguments.plan else { return Err(Stop::REFUSED) };
    let mut asked = ask::ask(arguments, path)?;
    if let Some(words) = unknown(&asked.projects, &arguments.why) {
        return Err(Stop::Refused(words));
    }
    let target = match outcome::target(arguments.out.as_ref(), &asked.name) {
        Ok(target) => target,
        Err(words) => {
            return Err(Stop::Refused(words.to_string()));
        }
    };
    let calendar = arguments.former.as_deref().unwrap_or(&target);
    asked.options.former = ask::former_calendar(calendar, &asked.name);
    let happened = arguments.as_of.is_some() || !arguments.done.is_empty();
    if let Some(words) = (happened && arguments.former.is_none() && !arguments.no_files)
        .then(|| ask::forgotten(&target, asked.alone()?))
        .flatten()
    {
        return Err(Stop::Refused(words));
    }
    let existing = existing(arguments, &mut asked, &target);
    let output = match (!arguments.no_files).then(|| OutputDirectory::prepare(&target, existing)).transpose() {
        Ok(output) => output,
        Err(error) => {
            eprintln!("error: {error}");
            return Err(Stop::FAILED);
        }
    };
    let pool = super::pool(arguments.threads)?;
    interrupt::orderly(|| pool.install(|| plan_and_write(&asked, arguments, output, &target)))
}

/// What may become of results that are there. A plan that is made once more takes the place of the same calendar as before, so that
/// its files keep their bytes.
fn existing(arguments: &PlanArguments, asked: &mut PreparedPlan, target: &Path) -> Existing {
    if arguments.force || arguments.no_files {
        return Existing::Replace;
    }
    let Some(earlier) = outcome::manifest_in::<PlanBody>(target) else { return Existing::Refuse };
    let inputs: Vec<InputFile> = asked.files.iter().map(|file| InputFile::new(file)).collect();
    let mut options = asked.options.clone();
    if arguments.former.is_none() {
        options.former = earlier.header.body.options.former.clone();
    }
    let is_same = || {
        earlier.is_of(&inputs)
            && earlier.header.body.options == options
            && outcome::are_whole(target, &earlier.outputs)
            && OutputDirectory::sweep(target)
    };
    let found = outcome::replacing(Existing::Refuse, target, !arguments.no_charts, is_same);
    if found == Existing::Replace {
        asked.options = options;
    }
    found
}

fn plan_and_write(
    asked: &PreparedPlan,
    arguments: &PlanArguments,
    output: Option<OutputDirectory>,
    target: &Path,
) -> Result<(), Stop> {
    let steps = if asked.alone().is_some() { STEPS } else { tenants::STEPS };
    let bar = progress::steps_bar(steps, "planning");
    let steps = bar.clone();
    let watch = interrupt::watch(move |count| steps.inc(count));
    let Some(project) = asked.alone() else {
        let found = plan_together(&asked.projects, &watch);
        bar.finish_and_clear();
        let findings = found.map_err(refused)?;
        let stories = Stories::new(&asked.name, &findings);
        let tables = || tell::together::frames(&stories);
        let said = || (tell::together::finding(&stories), Vec::new());
        let print = || tell::together::terminal::print(&stories, outcome::terminal_width());
        let files = |extras: Extras<'_>| tell::together::files(&stories, extras, &asked.options);
        return told(
            asked,
            arguments,
            (output, target),
            PlanTelling { tables: &tables, said: &said, print: &print, files: &files },
        );
    };
    let mut project = project.clone();
    let former = asked.together.former.as_ref().and_then(|before| recalled(before, &watch));
    former.into_iter().for_each(|former| project.remember(former));
    let best = with_best_buffer(project, &watch);
    let found = plan(&best.project, &watch);
    bar.finish_and_clear();
    let mut findings = found.map_err(refused)?;
    findings.buffers = best.buffers;
    let story = Story::new(&findings);
    let tables = || tell::frames(&story);
    let said = || (tell::finding(&story), tell::doubts(&story));
    let print = || {
        let text = tell::terminal::print(&findings, outcome::terminal_width());
        if arguments.why.is_empty() { text } else { format!("{text}\n{}", tell::explained(&story, &arguments.why)) }
    };
    let files = |extras: Extras<'_>| tell::files_under(&findings, extras, &asked.options);
    told(asked, arguments, (output, target), PlanTelling { tables: &tables, said: &said, print: &print, files: &files })
}

/// Why there is no plan, printed.
fn refused(none: NoPlan) -> Stop {
    match none {
        NoPlan::Stopped => interrupt::nothing_written(),
        NoPlan::Obstacles(obstacles) => {
            eprintln!("error: no plan was found that keeps every rule");
            obstacles.iter().for_each(|obstacle| eprintln!("  {obstacle}"));
            Stop::REFUSED
        }
    }
}

/// How a plan is told, of one tenant or several.
struct PlanTelling<'a> {
    /// Its tables.
    tables: &'a dyn Fn() -> Vec<Frame>,
    /// The finding and what it leaves in doubt.
    said: &'a dyn Fn() -> (String, Vec<String>),
    /// For people.
    print: &'a dyn Fn() -> String,
    /// All its files.
    files: &'a dyn Fn(Extras<'_>) -> Result<Vec<OutputFile>, ChartError>,
}

/// Writes the files and prints.
fn told(
    asked: &PreparedPlan,
    arguments: &PlanArguments,
    (output, target): (Option<OutputDirectory>, &Path),
    told: PlanTelling<'_>,
) -> Result<(), Stop> {
    let written = match output.map(|output| write(asked, &told, arguments, output)).transpose() {
        Err(error) if error.is::<Stopped>() => return Err(interrupt::nothing_written()),
        written => written?,
    };
    let mut out = screen::out();
    out.write_all(&printed(asked, &told, arguments.format.chosen()))?;
    if arguments.format.chosen() != Format::Table {
        written.iter().for_each(|names| eprintln!("{} files in {}", names.len(), target.display()));
        return Ok(());
    }
    if let Some(names) = written {
        writeln!(out)?;
        say!(out, "{} files in {}; begin with report.html", names.len(), target.display())?;
    }
    Ok(())
}

/// The names asked for that are of no server with a date ahead, in words; `None` where all are.
fn unknown(projects: &PerTenant<Project>, asked: &[String]) -> Option<String> {
    if projects.len() > 1 && !asked.is_empty() {
        return Some("--why: the plan is of several tenants; why.csv and the page tell it of every server".to_owned());
    }
    let open = projects.iter().flat_map(|project| &project.servers).filter(|server| server.done.is_none());
    let names: Vec<&str> = open.map(|server| server.name.as_str()).collect();
    let one = |name: &String| {
        let near = nearest(name, &names);
        let near = if near.is_empty() { String::new() } else { format!("; {near}") };
        format!("--why: no server that is still open is called \"{name}\"{near}")
    };
    let unknown = asked.iter().filter(|name| !names.iter().any(|known| known.eq_ignore_ascii_case(name)));
    let lines: Vec<String> = unknown.map(one).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// The plan in a format.
fn printed(asked: &PreparedPlan, told: &PlanTelling<'_>, format: Format) -> Vec<u8> {
    let of = |first| tell::about(&asked.name, first, (told.said)(), &asked.warnings);
    let about = || asked.projects.first().map(of).unwrap_or_default();
    let frames = if format == Format::Table { Vec::new() } else { (told.tables)() };
    format.written(about, &frames, told.print)
}

/// Writes all files and returns their names.
fn write(
    asked: &PreparedPlan,
    told: &PlanTelling<'_>,
    arguments: &PlanArguments,
    output: OutputDirectory,
) -> anyhow::Result<Vec<String>> {
    let (inputs, warnings, charts) = (&asked.files, &asked.warnings, !arguments.no_charts);
    let files = match (told.files)(Extras { inputs, warnings, charts, look: super::look() }) {
        Err(ChartError::Stopped(stopped)) => return Err(stopped.into()),
        files => files.context("cannot draw the charts")?,
    };
    for file in &files {
        output.add(&file.name, &file.bytes)?;
    }
    let names: Vec<String> = files.into_iter().map(|file| file.name).collect();
    let stale = outcome::stale_files(output.path());
    output.finish(&names, &stale)?;
    Ok(names)
}
