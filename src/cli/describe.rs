//! `brownout describe`: the model document of a study.

use std::io::Write;
use std::path::PathBuf;

use brownout::reading::load::load;
use brownout::store::write::write_file;
use brownout::telling::describe::describe as document;
use clap::Args;

use super::stop::Stop;
use super::{problems, screen};

/// Describe the model of a study as markdown: purpose, entities, every parameter, hazards, mail, assumptions
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  brownout describe scenarios/quickstart.ron
  brownout describe scenarios/exchange-2026.ron --out model.md
  brownout describe my-study.ron | less

The document follows the ODD protocol, with the items of the STRESS-DES checklist, and is written from the study alone:
nothing is simulated, and the same study and version give the same text.")]
pub(crate) struct DescribeArguments {
    /// The study file
    study: PathBuf,
    /// Write to this file, replacing it, instead of standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub(crate) fn describe(arguments: &DescribeArguments) -> Result<(), Stop> {
    let loaded = match load(&arguments.study) {
        Ok(loaded) => loaded,
        Err(error) => {
            problems::show(&error.problems);
            return Err(Stop::REFUSED);
        }
    };
    problems::show(&loaded.warnings);
    let text = document(&loaded.study);
    let Some(path) = &arguments.out else {
        screen::out().write_all(text.as_bytes())?;
        return Ok(());
    };
    let read = |file: &std::path::Path| std::fs::canonicalize(file).ok();
    if read(path).is_some_and(|target| loaded.files.iter().any(|f| read(f.path.as_ref()) == Some(target.clone()))) {
        eprintln!("error: {} is a file of the study itself; choose another --out", path.display());
        return Err(Stop::REFUSED);
    }
    if let Err(error) = write_file(path, text.as_bytes()) {
        eprintln!("error: {error}");
        return Err(Stop::FAILED);
    }
    say!(screen::out(), "{} written", path.display())?;
    Ok(())
}
