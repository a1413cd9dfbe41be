//! What the arguments ask for: files read, everything put together, problems shown.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use brownout::intake::{ServerRecord, instant_of};
use brownout::outside::shortened;
use brownout::planner::Project;
use brownout::planner::index::PerTenant;
use brownout::reading::compose::Reader;
use brownout::reading::document::{Document, unexpected};
use brownout::reading::load::{Reading, behind_links, read};
use brownout::reading::plan::happened::{Events, recalled};
use brownout::reading::plan::report::{self, Reported};
use brownout::reading::plan::state::{STATE, state};
use brownout::reading::plan::{Overrides, compose, compose_all, policy_of};
use brownout::reading::problem::{Problem, Severity};
use brownout::reading::recorded::Names;
use brownout::reading::shipped::Shelf;
use brownout::reading::text::SourceFile;
use brownout::store::write::write_file;
use brownout::telling::plan::{Done, PlanOptions};
use brownout::time::SimTime;

use super::PlanArguments;
use crate::cli::new::words;
use crate::cli::stop::Stop;
use crate::cli::timeline::ask::report;
use crate::cli::{problems, screen};

/// The fleet that is written beside a new plan.
const TEMPLATE_FLEET: &str = include_str!("template.csv");

/// A project, and where it came from.
pub(super) struct PreparedPlan {
    pub(super) together: Together,
    /// Name of the plan.
    pub(super) name: String,
    /// The project of each tenant; mostly one.
    pub(super) projects: PerTenant<Project>,
    /// Every file read under its recorded name, the plan first.
    pub(super) files: Vec<Arc<SourceFile>>,
    /// What was said beside the plan file.
    pub(super) options: PlanOptions,
    /// Valid but doubtful things, with the recorded names of files.
    pub(super) warnings: Vec<String>,
}

impl PreparedPlan {
    /// The project of a plan of one tenant; `None` where there are several.
    pub(super) fn alone(&self) -> Option<&Project> {
        self.projects.first().filter(|_| self.projects.len() == 1)
    }
}

/// What files and options make up.
pub(in crate::cli) struct Together {
    pub(in crate::cli) projects: Option<PerTenant<Project>>,
    /// The project of a plan of one tenant before anything happened, if something was said to have happened.
    pub(in crate::cli) former: Option<Project>,
    /// Every problem found.
    pub(in crate::cli) found: Vec<Problem>,
    /// What the planner should know about the report.
    pub(in crate::cli) notes: Vec<String>,
}

impl Together {
    /// What is valid but doubtful, for the page and the manifest.
    pub(in crate::cli) fn warnings(&self) -> impl Iterator<Item = String> {
        self.found.iter().map(Problem::line).chain(self.notes.clone())
    }
}

/// Puts a project together from its files and options, wherever they come from.
///
/// - `report`: a report and its servers, read under the plan's policy.
///
/// # Errors
/// In words, if the report does not fit the plan.
pub(in crate::cli) fn put_together(
    name: &str,
    file: &Arc<SourceFile>,
    reader: Reader<'_>,
    overrides: &mut Overrides,
    report: Option<(Arc<SourceFile>, Vec<ServerRecord>)>,
) -> anyhow::Result<Together> {
    let mut notes = Vec::new();
    // A state or a policy that is not there or wrong is told when the plan is put together.
    let state = recalled(overrides, name, &mut Vec::new());
    if let Some((file_of_report, records)) = report {
        let found = match policy_of(file, reader, overrides, state.as_ref()) {
            Some((policy, as_of)) => {
                let events = Events::new(overrides, state.as_ref(), as_of.day());
                report::reported(&policy, as_of, events.had(), events.used(), (&file_of_report, records))?
            }
            None => Reported::default(),
        };
        overrides.report = Some((found.rows, found.pauses));
        notes = found.notes;
    }
    let (projects, found) = compose_all(name, file, reader, overrides);
    let alone = projects.as_ref().filter(|projects| projects.len() == 1).and_then(|projects| projects.first());
    if let (Some(state), Some(project)) = (&state, alone) {
        notes.extend(Events::new(overrides, Some(state), project.as_of).notes(state));
    }
    let former = (state.is_none() && alone.is_some()).then(|| before(name, file, reader, overrides)).flatten();
    Ok(Together { projects, former, found, notes })
}

/// The project before what the options say has happened; `None` where they say nothing.
fn before(name: &str, file: &Arc<SourceFile>, reader: Reader<'_>, overrides: &Overrides) -> Option<Project> {
    let none = Overrides {
        as_of: None,
        done: Vec::new(),
        in_hand: Vec::new(),
        had: Vec::new(),
        used: Vec::new(),
        ..overrides.clone()
    };
    let happened = overrides.as_of.is_some()
        || !overrides.done.is_empty()
        || !overrides.in_hand.is_empty()
        || !overrides.had.is_empty();
    happened.then(|| compose(name, file, reader, &none).0).flatten()
}

/// `mail-1=2026-11-28`.
pub(super) fn done(text: &str) -> Result<(String, SimTime), String> {
    const SHAPE: &str = "expected SERVER=DATE such as mail-1=2026-11-28";
    let (name, date) = text.rsplit_once('=').ok_or_else(|| SHAPE.to_owned())?;
    let at = instant_of(date).map_err(|error| error.to_string())?;
    if name.trim().is_empty() { Err(SHAPE.to_owned()) } else { Ok((name.trim().to_owned(), at)) }
}

/// `mail-1` or `mail-1=2026-11-28`.
pub(super) fn in_hand(text: &str) -> Result<(String, Option<SimTime>), String> {
    match text.rsplit_once('=') {
        None if text.trim().is_empty() => Err("expected SERVER or SERVER=DATE".to_owned()),
        None => Ok((text.trim().to_owned(), None)),
        Some(_) => done(text).map(|(name, at)| (name, Some(at))),
    }
}

/// Reads everything.
pub(super) fn ask(arguments: &PlanArguments, path: &Path) -> Result<PreparedPlan, Stop> {
    let mut reading = match Reading::begin_on(path, Shelf::Plans) {
        Ok(reading) => reading,
        Err(problem) => return Err(refuse(&[problem])),
    };
    if let Some(problem) = unexpected(&reading.file(), Document::Plan) {
        return Err(refuse(&[problem]));
    }
    let mut overrides = Overrides {
        as_of: arguments.as_of,
        done: arguments.done.clone(),
        in_hand: arguments.in_hand.clone(),
        as_planned: arguments.as_planned,
        had: arguments.pause.clone(),
        used: arguments.used.clone(),
        date_order: arguments.date_order,
        seed: arguments.seed,
        replications: arguments.replications,
        time: arguments.time,
        ..Overrides::default()
    };
    // A link is followed, so that what it is called does not matter.
    if let Some(path) = &arguments.fleet {
        match read(&behind_links(path)) {
            Ok(file) => overrides.fleet = Some(reading.add(file)),
            Err(problem) => return Err(refuse(&[problem])),
        }
    }
    if let Some(directory) = &arguments.former {
        match read(&directory.join(STATE)) {
            Ok(file) => overrides.state = Some(reading.add(file)),
            Err(problem) => return Err(refuse(&[no_state(problem)])),
        }
    }
    let records = arguments.report.as_ref().map(|path| reported(arguments, path, &mut reading)).transpose()?;
    let report_file = records.as_ref().map(|(file, _)| Arc::clone(file));
    let (file, name) = (reading.file(), reading.name().to_owned());
    let together = put_together(&name, &file, &mut |path| reading.read(path), &mut overrides, records);
    let mut together = together.map_err(|error| Stop::Refused(error.to_string()))?;
    let Some(projects) = together.projects.take() else { return Err(refuse(&together.found)) };
    problems::show(&together.found);
    together.notes.iter().for_each(|note| eprintln!("note: {note}"));
    let read = reading.into_files();
    let given = [&overrides.fleet, &report_file, &overrides.state];
    let names =
        Names::new(&read, |file| given.iter().any(|g| g.as_ref().is_some_and(|given| Arc::ptr_eq(given, file))));
    let options = options(arguments, &names, given);
    let warnings = together.warnings().map(|line| names.line(&line)).collect();
    Ok(PreparedPlan { name, projects, together, files: names.files(&read), options, warnings })
}

/// The report that an option names, and its servers.
fn reported(
    arguments: &PlanArguments,
    path: &Path,
    reading: &mut Reading,
) -> Result<(Arc<SourceFile>, Vec<ServerRecord>), Stop> {
    let (intake, file) = report(&behind_links(path), arguments.date_order, None)?;
    intake.warnings.iter().for_each(|warning| eprintln!("warning: {}: {warning}", path.display()));
    if let Some(words) = several_tenants(&intake.records) {
        return Err(Stop::Refused(format!("{}: {words}", path.display())));
    }
    intake.nothing.iter().for_each(|words| eprintln!("note: {words}"));
    Ok((reading.add(file), intake.records))
}

/// What was said beside the plan file, as it is recorded.
fn options(
    arguments: &PlanArguments,
    names: &Names,
    [fleet, report, state]: [&Option<Arc<SourceFile>>; 3],
) -> PlanOptions {
    let done = arguments.done.iter().map(|(server, at)| Done { server: server.clone(), at: at.to_string() });
    let in_hand = arguments.in_hand.iter().map(|(server, since)| (server.clone(), since.map(|at| at.to_string())));
    PlanOptions {
        as_of: arguments.as_of.map(|at| at.to_string()),
        done: done.collect(),
        in_hand: in_hand.collect(),
        as_planned: arguments.as_planned,
        pauses: arguments.pause.iter().map(|pause| (pause.at.to_string(), pause.days)).collect(),
        used: arguments.used.clone(),
        seed: arguments.seed,
        replications: arguments.replications,
        time: arguments.time,
        fleet: fleet.as_ref().map(|file| names.of(&file.path)),
        report: report.as_ref().map(|file| names.of(&file.path)),
        date_order: arguments.date_order.map(|order| order.to_string()),
        state: state.as_ref().map(|file| names.of(&file.path)),
        former: None,
        given: (),
    }
}

fn refuse(found: &[Problem]) -> Stop {
    problems::show(found);
    let errors = found.iter().filter(|problem| problem.severity == Severity::Error).count();
    if errors > 1 {
        eprintln!("{errors} errors; nothing was planned");
    }
    Stop::REFUSED
}

/// What to do about a former plan that remembers nothing.
fn no_state(problem: Problem) -> Problem {
    let help = "--former takes the directory of a plan's results, which holds state.ron; where there is none, say what happened with \
                --done, --in-hand and --pause instead";
    Problem { help: help.to_owned(), ..problem }
}

/// Servers that the results in a directory remember as done and that a new plan of this name does not know to be: in words, what to
/// do about it. `None` if nothing would be forgotten.
pub(super) fn forgotten(directory: &Path, project: &Project) -> Option<String> {
    let file = read(&directory.join(STATE)).ok()?;
    let state = state(&file, &project.name, &mut Vec::new())?;
    let is_open = |name: &&str| project.servers.iter().any(|server| server.name == **name && server.done.is_none());
    let open: Vec<&str> = state.done.iter().map(|one| one.0.as_str()).filter(is_open).collect();
    let first = open.first()?;
    let more = if open.len() > 1 { format!(" and {} more", open.len() - 1) } else { String::new() };
    Some(format!(
        "{}: {first}{more} was done when this was planned before, and would be planned again; remember it with --former {}, or plan \
         elsewhere with --out",
        directory.join(STATE).display(),
        directory.display()
    ))
}

/// The text of the calendar of a former plan of this name in a directory; `None` if there is none.
pub(super) fn former_calendar(directory: &Path, plan: &str) -> Option<String> {
    let path = directory.join("plan.ics");
    if !std::fs::metadata(&path).is_ok_and(|data| data.is_file()) {
        return None;
    }
    let text = read(&path).ok()?.text.clone();
    // Another plan's events are not ours to cancel.
    text.contains(&format!("X-WR-CALNAME:Upgrade plan {plan}")).then_some(text)
}

/// Writes a plan and a fleet to start from.
pub(super) fn write_new(name: &str) -> Result<(), Stop> {
    let stem = name.strip_suffix(".ron").unwrap_or(name);
    let base = Path::new(stem).file_name().map_or_else(|| stem.to_owned(), |base| base.to_string_lossy().into_owned());
    let (plan, fleet) = (format!("{stem}.ron"), format!("{stem}.csv"));
    for path in [&plan, &fleet] {
        if Path::new(path).exists() {
            eprintln!("error: {path} is there already; choose another name");
            return Err(Stop::FAILED);
        }
    }
    let texts = [
        (&plan, include_str!("template.ron").replace("FLEET", &format!("{base}.csv"))),
        (&fleet, TEMPLATE_FLEET.to_owned()),
    ];
    for (path, text) in texts {
        if let Err(error) = write_file(Path::new(path), text.as_bytes()) {
            eprintln!("error: {}", words(&error));
            return Err(Stop::FAILED);
        }
    }
    let mut out = screen::out();
    say!(out, "wrote {plan} and {fleet}; fill them in, then: brownout plan {plan}").context("cannot print")?;
    Ok(())
}

/// A tenant has one budget of pauses: a report of several is refused.
fn several_tenants(records: &[ServerRecord]) -> Option<String> {
    let tenants: std::collections::BTreeSet<&str> =
        records.iter().map(|record| record.tenant.as_deref().unwrap_or("none named")).collect();
    let named: Vec<String> = tenants.iter().take(5).map(|tenant| format!("\"{}\"", shortened(tenant, 60))).collect();
    (tenants.len() > 1).then(|| {
        format!(
            "the report has servers of {} tenants ({}); each has its own pauses: save one report each, and name them in the plan: `tenants: {{\"NAME\": (report: \"FILE\")}}`",
            tenants.len(),
            named.join(", ")
        )
    })
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
