//! Recorded results made again from what was recorded, and from nothing else.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, anyhow};
use brownout::chart::ChartError;
use brownout::experiment::Run;
use brownout::experiment::{Results, Runner};
use brownout::explore::survey::parts;
use brownout::intake::{IntakeOptions, read as read_report};
use brownout::planner::findings::{plan, recalled};
use brownout::planner::tenants::plan_together;
use brownout::planner::with_best_buffer;
use brownout::policy::PauseRequest;
use brownout::reading::plan::Overrides;
use brownout::reading::problem::{Problem, Severity};
use brownout::reading::recorded::{compose_recorded, find};
use brownout::reading::text::SourceFile;
use brownout::store::manifest::{InputFile, spoilt_input};
use brownout::study::Study;
use brownout::telling::bundle::{Extras, OutputFile, each_file as each_file_of};
use brownout::telling::plan::together::{Stories, files as together_files};
use brownout::telling::plan::{PlanOptions, files_under};
use brownout::telling::warnings;
use brownout::watch::Watch;

use super::record::{Record, What};
use crate::cli::explore::ask::PreparedExploration;
use crate::cli::explore::finish::{Further, made};
use crate::cli::explore::lives::{PointWork, lived};
use crate::cli::plan::ask::{Together, put_together};
use crate::cli::progress::progress_bar;
use crate::cli::stop::Stop;

/// Makes every file again and shows it to `each`; a refusal says what is wrong with the record.
pub(super) fn each_file(record: &Record, each: &mut dyn FnMut(&OutputFile)) -> Result<(), Stop> {
    if let Some(spoilt) = spoilt_input(&record.inputs) {
        return Err(Stop::Refused(spoilt));
    }
    let files: Vec<_> = record.inputs.iter().map(InputFile::source).collect();
    match &record.what {
        What::Run { seed, replications, precision } => {
            run(&files, (*seed, *replications, precision.as_deref()), record.charts, each)
        }
        What::Plan { options } => again(&files, options, record.charts, each),
        What::Exploration => exploration(&record.inputs, record.charts, each),
    }
}

fn run(
    files: &[Arc<SourceFile>],
    (seed, replications, precision): (u64, u32, Option<&str>),
    charts: bool,
    each: &mut dyn FnMut(&OutputFile),
) -> Result<(), Stop> {
    let (mut study, found) = match compose_recorded(files) {
        Ok(composed) => composed,
        Err(message) => return Err(Stop::Refused(message)),
    };
    study.set_seed(seed);
    study.set_replications(replications.into()).map_err(|_| {
        let most = Study::REPLICATIONS.most();
        Stop::Refused(format!("the recorded number of replications is {replications}, not 1 to {most}"))
    })?;
    if let Some(text) = precision {
        match text.parse() {
            Ok(precision) => study.set_precision(Some(precision)),
            Err(error) => return Err(Stop::Refused(format!("the recorded precision: {error}"))),
        }
    }
    let runner = Runner::new(&study);
    let bar = progress_bar(runner.tenant_count() * u64::from(study.replications()));
    let results = Results::run(&runner, study.replications(), &|tenants| bar.inc(tenants));
    bar.finish_and_clear();
    let run = Run { study: &study, results: &results };
    let warnings: Vec<_> = found.iter().map(Problem::line).chain(warnings::of(run)).collect();
    let extras = Extras { inputs: files, warnings: &warnings, charts, look: crate::cli::look() };
    let made: Result<(), ChartError> = each_file_of(run, extras, &Watch::never(), &mut |file| {
        each(&file);
        Ok(())
    });
    made.context("cannot draw the charts")?;
    Ok(())
}

/// Lives all points again.
fn exploration(inputs: &[InputFile], charts: bool, each: &mut dyn FnMut(&OutputFile)) -> Result<(), Stop> {
    let asked = match PreparedExploration::recorded(inputs) {
        Ok(asked) => asked,
        Err(message) => return Err(Stop::Refused(message)),
    };
    let mut parts = parts(&asked.explore);
    let work = PointWork::of(&parts);
    lived(&asked, &mut parts, &work, 0..u64::MAX, Vec::new(), &mut |_| Ok(()))?;
    let made = made(&asked, &parts, &mut Further::unkept(), charts, &mut |name, bytes| {
        each(&OutputFile { name: name.to_owned(), bytes: bytes.to_vec() });
        Ok(())
    })?;
    match made {
        Some(_) => Ok(()),
        None => Err(Stop::interrupted("not all was compared: repeat the command to begin again")),
    }
}

fn again(
    files: &[Arc<SourceFile>],
    options: &PlanOptions,
    charts: bool,
    each: &mut dyn FnMut(&OutputFile),
) -> Result<(), Stop> {
    let together = match together(files, options) {
        Ok(together) => together,
        Err(error) => return Err(Stop::Refused(format!("{error:#}"))),
    };
    let Some(projects) = together.projects.clone() else {
        return Err(Stop::Refused("the recorded inputs give no plan".to_owned()));
    };
    let warnings: Vec<String> = together.warnings().collect();
    let extras = Extras { inputs: files, warnings: &warnings, charts, look: crate::cli::look() };
    let none = |_| Stop::Refused("the recorded inputs give no plan that keeps every rule".to_owned());
    if projects.len() > 1 {
        let findings = plan_together(&projects, &Watch::never()).map_err(none)?;
        let stories = Stories::new(&plan_name(files), &findings);
        together_files(&stories, extras, options).context("cannot draw the charts")?.iter().for_each(each);
        return Ok(());
    }
    let Some(mut project) = projects.raw.into_iter().next() else { return Ok(()) };
    let former = together.former.as_ref().and_then(|before| recalled(before, &Watch::never()));
    former.into_iter().for_each(|former| project.remember(former));
    let best = with_best_buffer(project, &Watch::never());
    let mut findings = plan(&best.project, &Watch::never()).map_err(none)?;
    findings.buffers = best.buffers;
    files_under(&findings, extras, options).context("cannot draw the charts")?.iter().for_each(each);
    Ok(())
}

/// Name of the plan that recorded files are of: the stem of the first.
fn plan_name(files: &[Arc<SourceFile>]) -> String {
    let stem = files.first().and_then(|first| Path::new(&first.path).file_stem());
    stem.map_or_else(String::new, |stem| stem.to_string_lossy().into_owned())
}

/// The project that recorded files and options make up.
fn together(files: &[Arc<SourceFile>], options: &PlanOptions) -> anyhow::Result<Together> {
    let first = files.first().ok_or_else(|| anyhow!("no input is recorded"))?;
    let path = Path::new(&first.path);
    let name = plan_name(files);
    let named = |name: &String| {
        let found = files.iter().find(|file| file.path == *name).cloned();
        found.ok_or_else(|| anyhow!("the recorded input {name} is missing"))
    };
    let at = |text: &str| text.parse().map_err(|error| anyhow!("the recorded options: {error}"));
    let date_order = options.date_order.as_deref().map(str::parse).transpose();
    let date_order = date_order.map_err(|error| anyhow!("the recorded options: {error}"))?;
    let mut overrides = Overrides {
        date_order,
        as_of: options.as_of.as_deref().map(at).transpose()?,
        done: options
            .done
            .iter()
            .map(|done| Ok((done.server.clone(), at(&done.at)?)))
            .collect::<anyhow::Result<_>>()?,
        had: options
            .pauses
            .iter()
            .map(|(from, days)| Ok(PauseRequest { at: at(from)?, days: *days }))
            .collect::<anyhow::Result<_>>()?,
        in_hand: options
            .in_hand
            .iter()
            .map(|(server, since)| Ok((server.clone(), since.as_deref().map(at).transpose()?)))
            .collect::<anyhow::Result<_>>()?,
        as_planned: options.as_planned,
        state: options.state.as_ref().map(named).transpose()?,
        used: options.used.clone(),
        fleet: options.fleet.as_ref().map(named).transpose()?,
        seed: options.seed,
        replications: options.replications,
        time: options.time,
        ..Overrides::default()
    };
    let records = match options.report.as_ref().map(named).transpose()? {
        None => None,
        Some(report) => {
            let options = IntakeOptions { date_order, ..IntakeOptions::default() };
            let records = read_report(report.text.as_bytes(), &options)?.records;
            Some((report, records))
        }
    };
    let folder = path.parent().unwrap_or_else(|| Path::new(""));
    let mut reader = |relative: &str| find(files, folder, relative);
    let together = put_together(&name, first, &mut reader, &mut overrides, records)?;
    match together.found.iter().find(|problem| problem.severity == Severity::Error) {
        Some(error) => Err(anyhow!("the recorded inputs are not valid: {}", error.line())),
        None => Ok(together),
    }
}
