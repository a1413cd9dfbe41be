//! `brownout new`: a commented study to start from, or a shipped example with all it names.

use std::path::{Path, PathBuf};

use brownout::reading::shipped::{self, Shelf};
use brownout::store::write::{WriteError, write_file};
use clap::Args;

use super::screen;
use super::stop::Stop;

/// Write a commented study to start from, or an example with everything it names
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  brownout new my-question                 writes my-question.ron
  brownout new scenarios/slower.ron
  brownout new --example exchange-2026     writes exchange-2026.ron, its world and policies into this folder
  brownout new 2026 --example city         into the folder 2026; `city` is a plan")]
pub(crate) struct NewArguments {
    /// Name or path of the study; with --example the folder to write into
    #[arg(required_unless_present = "example")]
    name: Option<PathBuf>,
    /// Write a study, plan or exploration that is compiled in, with all it names
    #[arg(long, value_name = "NAME")]
    example: Option<String>,
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

pub(crate) fn new(arguments: &NewArguments) -> Result<(), Stop> {
    if let Some(example) = &arguments.example {
        return write_example(example, arguments.name.as_deref().unwrap_or_else(|| Path::new("")), arguments.force);
    }
    let Some(mut path) = arguments.name.clone() else { return Err(Stop::REFUSED) };
    if path.file_name().is_none() {
        eprintln!("error: \"{}\" is not a name for a file; write a name such as my-question", path.display());
        return Err(Stop::REFUSED);
    }
    if path.extension().is_none_or(|extension| extension != "ron") {
        let mut name = path.file_name().unwrap_or_default().to_os_string();
        name.push(".ron");
        path.set_file_name(name);
    }
    if path.exists() && !arguments.force {
        eprintln!("error: {} already exists; choose another name, or say --force to replace it", path.display());
        return Err(Stop::REFUSED);
    }
    if let Err(error) = write_file(&path, TEMPLATE.as_bytes()) {
        eprintln!("error: {}", words(&error));
        return Err(Stop::FAILED);
    }
    let mut out = screen::out();
    say!(out, "{} written; change it, then", path.display())?;
    say!(out, "  brownout run {}", path.display())?;
    Ok(())
}

/// Every shelf with the command that takes what stands on it.
const SHELVES: [(Shelf, &str); 3] = [(Shelf::Studies, "run"), (Shelf::Plans, "plan"), (Shelf::Explorations, "explore")];

/// Writes the files of a name; one that is on several shelves, such as a study and its plan, is written whole.
fn write_example(name: &str, folder: &Path, force: bool) -> Result<(), Stop> {
    let mut files: Vec<(&str, &str)> = Vec::new();
    for (shelf, _) in SHELVES {
        let more = shipped::with_all_it_names(shelf, name);
        files.extend(more.into_iter().filter(|file| !files.contains(file)).collect::<Vec<_>>());
    }
    if files.is_empty() {
        let known: Vec<String> = SHELVES
            .iter()
            .map(|(shelf, command)| format!("{} ({command})", shipped::names(*shelf).join(", ")))
            .collect();
        eprintln!("error: no example is called \"{name}\"; there are {}", known.join("; "));
        return Err(Stop::REFUSED);
    }
    let there: Vec<String> = files
        .iter()
        .map(|(path, _)| folder.join(path))
        .filter(|path| path.exists())
        .map(|path| path.display().to_string())
        .collect();
    if !there.is_empty() && !force {
        eprintln!("error: {} already there; name an empty folder, or say --force to replace", there.join(", "));
        return Err(Stop::REFUSED);
    }
    for (path, text) in &files {
        let path = folder.join(path);
        if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            std::fs::create_dir_all(parent)?;
        }
        if let Err(error) = write_file(&path, text.as_bytes()) {
            eprintln!("error: {}", words(&error));
            return Err(Stop::FAILED);
        }
    }
    let mut out = screen::out();
    for (path, _) in &files {
        say!(out, "{}", folder.join(path).display())?;
    }
    for (shelf, command) in SHELVES {
        if let Some(path) = shipped::path(shelf, name) {
            let path = folder.join(path.trim_start_matches("scenarios/"));
            say!(out, "  brownout {command} {}", path.display())?;
        }
    }
    Ok(())
}
