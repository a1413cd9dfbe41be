//! `brownout check`: every problem of every study at once.

use std::path::PathBuf;

use brownout::outside::printable;
use brownout::reading::load::load;
use brownout::reading::problem::{LISTED_MAX, Severity};
use brownout::words::counted;
use clap::Args;

use super::stop::Stop;
use super::{problems, screen};

/// Report every problem of some studies at once, each with its place and remedy
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  brownout check scenarios/*.ron\n  brownout check --quiet my-study.ron && echo fine"
)]
pub(crate) struct CheckArguments {
    /// Study files
    #[arg(required = true, value_name = "STUDY")]
    studies: Vec<PathBuf>,
    /// Print one line a problem, `file:line:column: field: message; remedy`, for editors and scripts
    #[arg(long)]
    lines: bool,
    /// Print nothing about studies without errors
    #[arg(long, short)]
    quiet: bool,
}

pub(crate) fn check(arguments: &CheckArguments) -> Result<(), Stop> {
    let mut out = screen::out();
    let mut errors = 0;
    for path in &arguments.studies {
        let (found, summary) = match load(path) {
            Ok(loaded) => {
                let study = loaded.study;
                let summary = format!(
                    "{}, {}",
                    counted(study.scenarios().len() as u64, "scenario"),
                    counted(u64::from(study.replications()), "replication")
                );
                (loaded.warnings, Some(summary))
            }
            Err(error) => (error.problems, None),
        };
        if arguments.lines {
            found.iter().for_each(|problem| eprintln!("{}", problem.line()));
        } else {
            problems::show(&found);
        }
        errors += found.iter().filter(|problem| problem.severity == Severity::Error).count();
        let shown = path.display().to_string();
        let shown = printable(&shown);
        match (summary, found.len()) {
            (Some(summary), 0) if !arguments.quiet => say!(out, "{shown}: fine ({summary})")?,
            (Some(summary), n) if !arguments.quiet => {
                say!(out, "{shown}: {} ({summary})", counted(n as u64, "warning"))?
            }
            (Some(_), _) => {}
            (None, n) if n > LISTED_MAX => say!(out, "{shown}: more than {LISTED_MAX} problems")?,
            (None, n) => say!(out, "{shown}: {}", counted(n as u64, "problem"))?,
        }
    }
    if errors == 0 { Ok(()) } else { Err(Stop::REFUSED) }
}
