//! What is asked: the file or the study, read and checked as a whole before anything is done.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use brownout::explore::StudyTemplate;
use brownout::explore::file::places::Places;
use brownout::explore::file::{Explore, Step, is_exploration, read};
use brownout::explore::points::Template;
use brownout::explore::survey::at;
use brownout::explore::thin::kept;
use brownout::explore::usual::usual;
use brownout::study::Study;
use brownout::study::load::{LoadError, Reading, load};
use brownout::study::problem::{Problem, Severity};
use brownout::study::text::SourceFile;
use brownout_explore::factor::Value;

/// An exploration with its study, ready to be lived.
pub(super) struct Asked {
    /// Name of the results' folder.
    pub(super) name: String,
    /// The exploration's text.
    pub(super) file: Arc<SourceFile>,
    pub(super) explore: Explore,
    pub(super) template: StudyTemplate,
    /// The study in the middle of all ranges.
    pub(super) study: Study,
    /// Names of the schedules.
    pub(super) schedules: Vec<String>,
    /// The study's files, itself first.
    pub(super) files: Vec<Arc<SourceFile>>,
    /// Parameters with a range that a study without a file leaves as they are.
    pub(super) left: Vec<String>,
    pub(super) warnings: Vec<Problem>,
}

impl Asked {
    /// Reads a file, or of a study the exploration that needs none; `write` is where that will be written.
    pub(super) fn read(path: &Path, write: Option<&Path>) -> Result<Self, Vec<Problem>> {
        let first = Reading::begin(path).map_err(|problem| vec![problem])?;
        if !is_exploration(&first.file().text) {
            return Self::of_study(path, write);
        }
        let file = first.file();
        if write.is_some() {
            let message = format!("{} is an exploration already", file.path);
            return Err(vec![plain(message, "--write makes one of a study")]);
        }
        let explore = explored(&file)?;
        let study = beside(path, &explore.study);
        Self::with(first.name().to_owned(), file, explore, &study, Vec::new())
    }

    fn of_study(path: &Path, write: Option<&Path>) -> Result<Self, Vec<Problem>> {
        loaded(path)?;
        let mut reading = Reading::begin(path).map_err(|problem| vec![problem])?;
        let (study, name) = (reading.file(), reading.name().to_owned());
        let written = called(path, write);
        let made = usual(&written, &name, &study, &mut |relative| reading.read(relative));
        let Some((text, left)) = made else {
            let message = format!("{} has no parameter that the table of assumptions gives a range for", study.path);
            return Err(vec![plain(message, "write an exploration file: scenarios/README.md, \"Exploration\"")]);
        };
        let file = Arc::new(SourceFile { path: format!("{name}-explore.ron"), text });
        let explore = explored(&file)?;
        Self::with(format!("{name}-explore"), file, explore, path, left)
    }

    fn with(
        name: String,
        file: Arc<SourceFile>,
        explore: Explore,
        study: &Path,
        left: Vec<String>,
    ) -> Result<Self, Vec<Problem>> {
        let warnings = loaded(study)?;
        let mut reading = Reading::begin(study).map_err(|problem| vec![problem])?;
        let (source, study_name) = (reading.file(), reading.name().to_owned());
        let places = Places::of(&file);
        let template =
            StudyTemplate::new(&explore, &places, &study_name, &source, &mut |relative| reading.read(relative))?;
        let kept = vec![Value::Kept; explore.levers.len()];
        let middle = at(&explore, &kept, &vec![0.5; explore.unknowns.len()], None);
        let study = template
            .study_at(&middle)
            .map_err(|why| vec![plain(format!("with all factors in the middle there is no study: {why}"), "")])?;
        let schedules: Vec<String> = study.scenarios.iter().map(|scenario| scenario.name.clone()).collect();
        if schedules.len() < 2 {
            let message = "there is only one schedule; which is better needs two".to_owned();
            return Err(vec![places.problem("schedules", message, "add a scenario to the study, or name another")]);
        }
        Ok(Asked { name, file, explore, template, study, schedules, files: reading.into_files(), left, warnings })
    }

    /// Tenants lived in a replication of one schedule.
    pub(super) fn tenants(&self) -> u64 {
        let counts = |study: &Study| study.scenarios.first().map(|s| s.world.groups.iter().map(|g| g.count).collect());
        let counts: Vec<u32> = counts(&self.study).unwrap_or_default();
        let lived = kept(&counts, self.explore.tenants.unwrap_or(u64::MAX));
        lived.iter().map(|&count| u64::from(count)).sum()
    }
}

/// The exploration in a file, each problem at its place.
fn explored(file: &Arc<SourceFile>) -> Result<Explore, Vec<Problem>> {
    let places = Places::of(file);
    let explore = read(&file.text)
        .map_err(|found| found.into_iter().map(|problem| in_file(file, places.placed(problem))).collect::<Vec<_>>())?;
    let adaptive = |step: &&Step| matches!(step, Step::Search(_) | Step::Select(_));
    if explore.steps.iter().any(|step| adaptive(&step)) {
        let message = "Search and Select are not there yet".to_owned();
        return Err(vec![places.problem("steps", message, "take these steps out")]);
    }
    Ok(explore)
}

/// A problem without a place names its file.
fn in_file(file: &SourceFile, problem: Problem) -> Problem {
    if problem.place.is_some() {
        return problem;
    }
    let field = if problem.field.is_empty() { file.path.clone() } else { format!("{}: {}", file.path, problem.field) };
    Problem { field, ..problem }
}

/// Checks a study as `check` does; its warnings.
fn loaded(study: &Path) -> Result<Vec<Problem>, Vec<Problem>> {
    load(study).map(|loaded| loaded.warnings).map_err(|LoadError { problems }| problems)
}

/// A path in a file leads from the file's folder.
fn beside(path: &Path, relative: &str) -> PathBuf {
    match path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        Some(parent) => parent.join(relative),
        None => PathBuf::from(relative),
    }
}

/// How a study is called in a file that is written: by its name in the same folder, by its whole path elsewhere.
fn called(study: &Path, write: Option<&Path>) -> String {
    let folder = |path: &Path| beside(path, "").canonicalize().or_else(|_| Path::new(".").canonicalize()).ok();
    let name = study.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    match write {
        Some(write) if folder(write) != folder(study) => {
            study.canonicalize().map_or(name, |path| path.display().to_string())
        }
        _ => name,
    }
}

fn plain(message: String, help: &str) -> Problem {
    Problem { severity: Severity::Error, place: None, field: String::new(), message, help: help.to_owned() }
}
