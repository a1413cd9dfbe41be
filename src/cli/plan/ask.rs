//! What the arguments ask for: files read, everything put together, problems shown.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use brownout::intake::instant_of;
use brownout::plan::Project;
use brownout::plan::file::report::{Reported, reported};
use brownout::plan::file::{Overrides, compose, policy_of};
use brownout::report::write::write_file;
use brownout::study::load::{Reading, read};
use brownout::study::problem::{Problem, Severity};
use brownout::study::text::SourceFile;
use brownout::time::SimTime;

use super::PlanArguments;
use crate::cli::timeline::ask::{Refusal, report};
use crate::cli::{DONE, FAILED, REFUSED, problems};

/// A project, and where it came from.
pub(super) struct Asked {
    pub(super) project: Project,
    /// The project before anything happened, if something was said to have happened.
    pub(super) former: Option<Project>,
    /// Every file read, the plan first.
    pub(super) files: Vec<Arc<SourceFile>>,
    /// Valid but doubtful things.
    pub(super) warnings: Vec<String>,
}

/// `mail-1=2026-11-28`.
pub(super) fn done(text: &str) -> Result<(String, SimTime), String> {
    const SHAPE: &str = "expected SERVER=DATE such as mail-1=2026-11-28";
    let (name, date) = text.rsplit_once('=').ok_or_else(|| SHAPE.to_owned())?;
    let at = instant_of(date).map_err(|error| error.to_string())?;
    if name.trim().is_empty() { Err(SHAPE.to_owned()) } else { Ok((name.trim().to_owned(), at)) }
}

/// Reads everything; an exit code if it was refused, and the reasons were shown.
pub(super) fn ask(arguments: &PlanArguments, path: &Path) -> anyhow::Result<Result<Asked, u8>> {
    let mut reading = match Reading::begin(path) {
        Ok(reading) => reading,
        Err(problem) => return Ok(Err(refuse(&[problem]))),
    };
    let mut overrides = Overrides {
        as_of: arguments.as_of,
        done: arguments.done.clone(),
        had: arguments.pause.clone(),
        used: arguments.used.clone(),
        seed: arguments.seed,
        replications: arguments.replications,
        ..Overrides::default()
    };
    if let Some(path) = &arguments.fleet {
        match read(path) {
            Ok(file) => overrides.fleet = Some(reading.add(file)),
            Err(problem) => return Ok(Err(refuse(&[problem]))),
        }
    }
    let mut notes = Vec::new();
    if let Some(path) = &arguments.report {
        match servers_of(arguments, path, &mut reading, &overrides) {
            Ok(Reported { rows, pauses, notes: told }) => {
                overrides.report = Some((rows, pauses));
                notes = told;
            }
            Err(Refusal::Told) => return Ok(Err(REFUSED)),
            Err(Refusal::Words(words)) => {
                words.lines().for_each(|line| eprintln!("error: {line}"));
                return Ok(Err(REFUSED));
            }
        }
    }
    let (file, name) = (reading.file(), reading.name().to_owned());
    let (project, found) = compose(&name, &file, &mut |path| reading.read(path), &overrides);
    let Some(project) = project else { return Ok(Err(refuse(&found))) };
    problems::show(&found);
    notes.iter().for_each(|note| eprintln!("note: {note}"));
    let warnings = found.iter().map(Problem::line).chain(notes).collect();
    let former = former(arguments, &mut reading, &overrides);
    Ok(Ok(Asked { project, former, files: reading.into_files(), warnings }))
}

fn refuse(found: &[Problem]) -> u8 {
    problems::show(found);
    let errors = found.iter().filter(|problem| problem.severity == Severity::Error).count();
    if errors > 1 {
        eprintln!("{errors} errors; nothing was planned");
    }
    REFUSED
}

/// The servers of a report, read under the plan's policy.
fn servers_of(
    arguments: &PlanArguments,
    path: &Path,
    reading: &mut Reading,
    overrides: &Overrides,
) -> Result<Reported, Refusal> {
    let intake = report(path, arguments.date_order)?;
    intake.warnings.iter().for_each(|warning| eprintln!("warning: {warning}"));
    intake.nothing.iter().for_each(|words| eprintln!("note: {words}"));
    let file = reading.file();
    let Some((policy, as_of)) = policy_of(&file, &mut |path| reading.read(path), overrides) else {
        // The plan has problems of its own; they are all told when it is put together.
        return Ok(Reported::default());
    };
    reported(&policy, as_of, &overrides.had, &overrides.used, intake.records)
        .map_err(|error| Refusal::Words(error.to_string()))
}

/// The project as it was planned before anything happened.
fn former(arguments: &PlanArguments, reading: &mut Reading, overrides: &Overrides) -> Option<Project> {
    let happened = arguments.as_of.is_some() || !arguments.done.is_empty() || !arguments.pause.is_empty();
    let before = Overrides { as_of: None, done: Vec::new(), had: Vec::new(), used: Vec::new(), ..overrides.clone() };
    let (file, name) = (reading.file(), reading.name().to_owned());
    happened.then(|| compose(&name, &file, &mut |path| reading.read(path), &before).0).flatten()
}

/// Writes a plan and a fleet to start from.
pub(super) fn write_new(name: &str) -> anyhow::Result<u8> {
    let stem = name.strip_suffix(".ron").unwrap_or(name);
    let base = Path::new(stem).file_name().map_or_else(|| stem.to_owned(), |base| base.to_string_lossy().into_owned());
    let (plan, fleet) = (format!("{stem}.ron"), format!("{stem}.csv"));
    for path in [&plan, &fleet] {
        if Path::new(path).exists() {
            eprintln!("error: {path} is there already; choose another name");
            return Ok(FAILED);
        }
    }
    write_file(Path::new(&plan), include_str!("template.ron").replace("FLEET", &format!("{base}.csv")).as_bytes())?;
    write_file(Path::new(&fleet), include_bytes!("template.csv"))?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "wrote {plan} and {fleet}; fill them in, then: brownout plan {plan}").context("cannot print")?;
    Ok(DONE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_done_server_has_a_name_and_a_date() {
        let at = |text: &str| text.parse().unwrap();
        assert_eq!(done("mail-1=2026-11-28"), Ok(("mail-1".to_owned(), at("2026-11-28"))));
        assert_eq!(done("a=b=2026-11-28").unwrap().0, "a=b");
        for text in ["mail-1", "=2026-11-28", "mail-1=soon", ""] {
            assert!(done(text).is_err(), "{text}");
        }
    }
}
