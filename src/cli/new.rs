//! `brownout new`: a commented study to start from.

use std::path::PathBuf;

use brownout::report::write::{WriteError, write_file};
use clap::Args;

use super::{DONE, FAILED, REFUSED, screen};

/// Write a commented study to start from
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  brownout new my-question            writes my-question.ron\n  brownout new scenarios/slower.ron"
)]
pub(crate) struct NewArguments {
    /// Name or path of the study
    name: PathBuf,
    /// Replace a file that is already there
    #[arg(long)]
    force: bool,
}

/// The study that is written; a test checks that it is valid.
pub(crate) const TEMPLATE: &str = include_str!("template.ron");

/// Why a file to start from could not be written; it has a name, and no directory for results to be chosen.
pub(crate) fn words(error: &WriteError) -> String {
    match error {
        WriteError::Failed { path, reason } => format!("cannot write {path}: {reason}; choose another name"),
        other => other.to_string(),
    }
}

pub(crate) fn new(arguments: &NewArguments) -> anyhow::Result<u8> {
    let mut path = arguments.name.clone();
    if path.file_name().is_none() {
        eprintln!("error: \"{}\" is not a name for a file; write a name such as my-question", path.display());
        return Ok(REFUSED);
    }
    if path.extension().is_none_or(|extension| extension != "ron") {
        let mut name = path.file_name().unwrap_or_default().to_os_string();
        name.push(".ron");
        path.set_file_name(name);
    }
    if path.exists() && !arguments.force {
        eprintln!("error: {} already exists; choose another name, or say --force to replace it", path.display());
        return Ok(REFUSED);
    }
    if let Err(error) = write_file(&path, TEMPLATE.as_bytes()) {
        eprintln!("error: {}", words(&error));
        return Ok(FAILED);
    }
    let mut out = screen::out();
    say!(out, "{} written; change it, then", path.display())?;
    say!(out, "  brownout run {}", path.display())?;
    Ok(DONE)
}
