//! Arguments and help; one file for each subcommand.

/// Writes one line to standard error, escaped. If nobody reads it, there is nobody to tell: unlike the standard macro it never
/// panics.
macro_rules! eprintln {
    ($($words:tt)*) => { $crate::cli::screen::tell(format_args!($($words)*)) };
}

/// Writes one line to a [`screen::Screen`], escaped; `?` tells that nobody reads it.
macro_rules! say {
    ($out:expr, $($words:tt)*) => { $crate::cli::screen::line(&mut $out, format_args!($($words)*)) };
}

mod check;
mod describe;
mod explore;
mod format;
mod interrupt;
mod jobs;
mod merge;
mod new;
mod outcome;
mod plan;
mod problems;
mod progress;
mod run;
mod screen;
mod stop;
mod timeline;
mod trace;
mod verify;

use std::ffi::OsString;
use std::io::Write as _;
use std::process::ExitCode;
use std::sync::OnceLock;

use anyhow::Context;
use brownout::telling::html::Look;
use clap::{CommandFactory, Parser, Subcommand};
use stop::Stop;

/// Everything went well.
pub(crate) const DONE: u8 = 0;
/// The work failed.
pub(crate) const FAILED: u8 = 1;
/// The arguments or the files are wrong.
pub(crate) const REFUSED: u8 = 2;

/// Simulator and what-if planner for staged mail enforcement.
///
/// Exchange Online throttles, then blocks, mail from out-of-date Exchange servers. brownout compares rollout schedules over
/// a population of servers, shows the dates of your own, and plans their upgrades and pauses.
#[derive(Debug, Parser)]
#[command(name = "brownout", bin_name = "brownout", version, max_term_width = 100, after_help = EXAMPLES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  brownout run quickstart                        simulate a study, print a table, write charts to output/quickstart/
  brownout run quickstart --set policy.pauses.budget_days=0 --vs      what if: a scenario beside the first
  brownout explore scenarios/explore/quickstart.ron   which schedule, when nobody knows the parameters
  brownout merge shards                          put together what `run --shard` did on several machines
  brownout timeline --first-detected 2026-09-09  the dates of one server
  brownout timeline --report report.txt          the dates of all servers in Get-OnPremServerReportInfo's output
  brownout plan scenarios/plans/city.ron         upgrade windows and pauses of 40 servers
  brownout check scenarios/*.ron                 every problem of some studies at once
  brownout new my-question                       write a commented study to start from
  brownout new --example exchange-2026           write a shipped study with all it names
  brownout help format                           every field of studies (and `help format plan`: of plans and fleets)

Exit codes: 0 done, 1 failed, 2 bad arguments or files, 130 stopped by Ctrl-C.";

#[derive(Debug, Subcommand)]
enum Command {
    Run(run::RunArguments),
    Explore(explore::ExploreArguments),
    Merge(merge::MergeArguments),
    Jobs(jobs::JobsArguments),
    Check(check::CheckArguments),
    Timeline(timeline::TimelineArguments),
    Plan(plan::PlanArguments),
    New(new::NewArguments),
    Trace(trace::TraceArguments),
    Verify(verify::VerifyArguments),
    Describe(describe::DescribeArguments),
    /// Write shell completions to standard output
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
}

/// How pages look, for the whole run of the program.
static LOOK: OnceLock<Look<'static>> = OnceLock::new();

/// How pages look.
fn look() -> Look<'static> {
    *LOOK.get_or_init(|| Look::PLAIN)
}

/// Runs the program on its arguments; its pages look as they are given here, once for all.
pub fn run(arguments: impl IntoIterator<Item = OsString>, look: Look<'static>) -> ExitCode {
    LOOK.get_or_init(|| look);
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    if let Some(text) = reference(&arguments) {
        return match screen::out().write_all(text.as_bytes()) {
            Ok(()) => ExitCode::from(DONE),
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::from(DONE),
            Err(_) => ExitCode::from(FAILED),
        };
    }
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are no errors, and a closed pipe is none either. Both are our own words, which may be in colour;
            // what is wrong with an argument repeats it.
            if error.use_stderr() {
                let _ = screen::err().write_all(error.render().to_string().as_bytes());
                return ExitCode::from(REFUSED);
            }
            let _ = error.print();
            return ExitCode::from(DONE);
        }
    };
    interrupt::listen();
    let outcome = match arguments.command {
        Command::Run(arguments) => run::run(&arguments),
        Command::Explore(arguments) => explore::explore(&arguments),
        Command::Merge(arguments) => merge::merge(&arguments),
        Command::Jobs(arguments) => jobs::jobs(&arguments),
        Command::Check(arguments) => check::check(&arguments),
        Command::Verify(arguments) => verify::verify(&arguments),
        Command::Trace(arguments) => trace::trace(&arguments),
        Command::Describe(arguments) => describe::describe(&arguments),
        Command::Timeline(arguments) => timeline::run(&arguments),
        Command::Plan(arguments) => plan::run(&arguments),
        Command::New(arguments) => new::new(&arguments),
        Command::Completions { shell } => completions(shell),
    };
    match outcome {
        Ok(()) => ExitCode::from(DONE),
        Err(Stop::Failed(error)) if is_closed_pipe(&error) => ExitCode::from(DONE),
        Err(stop) => ExitCode::from(stop.code()),
    }
}

/// The reference of a format, where that is asked for: `help format`, `help format plan`.
fn reference(arguments: &[OsString]) -> Option<&'static str> {
    let words: Vec<&str> = arguments.iter().skip(1).filter_map(|word| word.to_str()).collect();
    match words.as_slice() {
        ["help", "format"] => Some(brownout::reading::shipped::FORMAT),
        ["help", "format", "plan"] => Some(brownout::reading::shipped::PLAN_FORMAT),
        _ => None,
    }
}

/// Threads to work on; all cores unless told. The environment of rayon is not asked: it may ask for any number.
fn pool(threads: Option<u16>) -> anyhow::Result<rayon::ThreadPool> {
    let cores = || std::thread::available_parallelism().map_or(1, usize::from).min(THREADS_MAX);
    let threads = threads.map_or_else(cores, usize::from);
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().context("cannot start threads")
}

/// Most threads that are started unasked.
const THREADS_MAX: usize = 1_024;

/// An error and its causes on one line; a cause that the words before it have told already is not told again.
fn chain(error: &anyhow::Error) -> String {
    let plain = |cause: &(dyn std::error::Error + 'static)| match cause.downcast_ref::<std::io::Error>() {
        Some(error) => brownout::reading::files::reason(error),
        None => cause.to_string(),
    };
    // Files are named where they are written; what is left is the output itself.
    let mut words =
        if error.downcast_ref::<std::io::Error>().is_some() { "cannot print".to_owned() } else { String::new() };
    for cause in error.chain().map(plain) {
        if words.is_empty() {
            words = cause;
        } else if !words.contains(&cause) {
            words.extend([": ", &cause]);
        }
    }
    words
}

fn completions(shell: clap_complete::Shell) -> Result<(), Stop> {
    let mut bytes = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "brownout", &mut bytes);
    screen::script(&bytes)?;
    Ok(())
}

/// Whether whoever reads our output has gone, as in `brownout run ... | head -1`.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    let mut causes = error.chain().filter_map(|cause| cause.downcast_ref::<std::io::Error>());
    causes.any(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}
