//! What is asked: the file or the study, read and checked as a whole before anything is done.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use brownout::explore::StudyTemplate;
use brownout::explore::file::places::Places;
use brownout::explore::file::{Explore, is_exploration, read};
use brownout::explore::points::Template;
use brownout::explore::survey::at;
use brownout::explore::thin::kept;
use brownout::explore::usual::{is_usual, usual};
use brownout::reading::compose::Reader;
use brownout::reading::load::{LoadError, Reading, load};
use brownout::reading::problem::{Problem, Severity};
use brownout::reading::recorded::{Names, compose_recorded, find};
use brownout::reading::shipped::Shelf;
use brownout::reading::text::SourceFile;
use brownout::store::manifest::InputFile;
use brownout::study::Study;
use brownout_methods::factor::Value;

/// An exploration with its study, ready to be lived.
pub(in crate::cli) struct PreparedExploration {
    /// Name of the results' folder.
    pub(in crate::cli) name: String,
    /// The exploration's text.
    pub(in crate::cli) file: Arc<SourceFile>,
    pub(in crate::cli) explore: Explore,
    /// Where its fields stand.
    pub(in crate::cli) places: Places,
    pub(in crate::cli) template: StudyTemplate,
    /// The study in the middle of all ranges.
    pub(in crate::cli) study: Study,
    /// Names of the schedules.
    pub(in crate::cli) schedules: Vec<String>,
    /// The study's files, itself first.
    pub(in crate::cli) files: Vec<Arc<SourceFile>>,
    /// Parameters with a range that a study without a file leaves as they are.
    pub(in crate::cli) left: Vec<String>,
    pub(in crate::cli) warnings: Vec<Problem>,
}

impl PreparedExploration {
    /// The folder of its results, which is not that of a run of a study with the same name.
    pub(in crate::cli) fn folder(&self) -> String {
        if self.name.ends_with("-explore") { self.name.clone() } else { format!("{}-explore", self.name) }
    }

    /// Reads a file, or of a study the exploration that needs none; `write` is where that will be written.
    pub(in crate::cli) fn read(path: &Path, write: Option<&Path>) -> Result<Self, Vec<Problem>> {
        // A name means an exploration first, then a study.
        let first = Reading::begin_on(path, Shelf::Explorations);
        let first = first.or_else(|problem| Reading::begin(path).map_err(|_| vec![problem]))?;
        if !is_exploration(&first.file().text) {
            return Self::of_study(path, write);
        }
        let file = first.file();
        if write.is_some() {
            let message = format!("{} is an exploration already", file.path);
            return Err(vec![plain(message, "--write makes one of a study")]);
        }
        let study = beside(Path::new(&file.path), &explored(&file)?.0.study);
        Self::of_files(first.name().to_owned(), file, &study)
    }

    /// Of a study the exploration that needs no file, whatever explorations are shipped under its name.
    pub(in crate::cli) fn of_study(path: &Path, write: Option<&Path>) -> Result<Self, Vec<Problem>> {
        loaded(path)?;
        let mut reading = Reading::begin(path).map_err(|problem| vec![problem])?;
        let (study, name) = (reading.file(), reading.name().to_owned());
        let written = called(path, write);
        let made = usual(&written, &name, &study, &mut |relative| reading.read(relative));
        let Some((text, _)) = made else {
            let message = format!("{} has no parameter that the table of assumptions gives a range for", study.path);
            return Err(vec![plain(message, "write an exploration file: scenarios/README.md, \"Exploration\"")]);
        };
        let file = Arc::new(SourceFile { path: format!("{name}-explore.ron"), text });
        Self::of_files(format!("{name}-explore"), file, path)
    }

    fn of_files(name: String, file: Arc<SourceFile>, study: &Path) -> Result<Self, Vec<Problem>> {
        let explored_file = explored(&file)?;
        let warnings = loaded(study)?;
        let mut reading = Reading::begin(study).map_err(|problem| vec![problem])?;
        let (source, study_name) = (reading.file(), reading.name().to_owned());
        let mut asked =
            Self::with(name, file, explored_file, (&study_name, &source), &mut |relative| reading.read(relative))?;
        (asked.files, asked.warnings) = (reading.into_files(), warnings);
        Ok(asked)
    }

    /// The exploration that recorded files make up: itself, its study, and what that names.
    pub(in crate::cli) fn recorded(inputs: &[InputFile]) -> Result<Self, String> {
        let files: Vec<Arc<SourceFile>> = inputs.iter().map(InputFile::source).collect();
        let (Some(file), Some(source)) = (files.first(), files.get(1)) else {
            return Err("no exploration is recorded, or no study".to_owned());
        };
        let named = &files[1..];
        let (study, warnings) = compose_recorded(named)?;
        let name =
            Path::new(&file.path).file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
        let first = |problems: Vec<Problem>| {
            let line = problems.first().map_or_else(String::new, Problem::line);
            format!("the recorded inputs are not valid: {line}")
        };
        let explore = explored(file).map_err(first)?;
        let folder = Path::new(&source.path).parent().unwrap_or_else(|| Path::new(""));
        let mut reader = |relative: &str| find(named, folder, relative);
        let mut asked = Self::with(name, file.clone(), explore, (study.name(), source), &mut reader).map_err(first)?;
        (asked.files, asked.warnings) = (named.to_vec(), warnings);
        Ok(asked)
    }

    /// The exploration of a study, by its name and first file; the study's files and warnings are added by who read them.
    fn with(
        name: String,
        file: Arc<SourceFile>,
        (explore, places): (Explore, Places),
        (study_name, source): (&str, &Arc<SourceFile>),
        reader: Reader<'_>,
    ) -> Result<Self, Vec<Problem>> {
        let template = StudyTemplate::new(&explore, &places, study_name, source, reader)?;
        let kept = vec![Value::Kept; explore.levers.len()];
        let middle = at(&explore, &kept, &vec![0.5; explore.unknowns.len()], None);
        let study = template
            .study_at(&middle)
            .map_err(|why| vec![plain(format!("with all factors in the middle there is no study: {why}"), "")])?;
        let schedules: Vec<String> = study.scenarios().iter().map(|scenario| scenario.name.clone()).collect();
        if schedules.len() < 2 {
            let message = "there is only one schedule; which is better needs two".to_owned();
            return Err(vec![places.problem("schedules", message, "add a scenario to the study, or name another")]);
        }
        // What the table leaves out is told wherever the file is the one that the table makes, whoever wrote it.
        let made = is_usual(&file.text).then(|| usual(&explore.study, study_name, source, reader)).flatten();
        let left = made.filter(|(text, _)| *text == file.text).map_or_else(Vec::new, |(_, left)| left);
        Ok(PreparedExploration {
            name,
            file,
            explore,
            places,
            template,
            study,
            schedules,
            files: Vec::new(),
            left,
            warnings: Vec::new(),
        })
    }

    /// Every input as it is recorded, wherever it was called from: the exploration, the study, and what that names.
    pub(in crate::cli) fn inputs(&self) -> Vec<InputFile> {
        let name = Path::new(&self.file.path).file_name();
        let name = name.map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let first = Arc::new(SourceFile { path: name, text: self.file.text.clone() });
        let others = Names::new(&self.files, |_| false).files(&self.files);
        std::iter::once(first).chain(others).map(|file| InputFile::new(&file)).collect()
    }

    /// Tenants lived in a replication of one schedule.
    pub(in crate::cli) fn tenants(&self) -> u64 {
        let counts =
            |study: &Study| study.scenarios().first().map(|s| s.world.groups().iter().map(|g| g.count()).collect());
        let counts: Vec<u32> = counts(&self.study).unwrap_or_default();
        let lived = kept(&counts, self.explore.tenants.unwrap_or(u64::MAX));
        lived.iter().map(|&count| u64::from(count)).sum()
    }
}

/// The exploration in a file with the places of its fields.
fn explored(file: &Arc<SourceFile>) -> Result<(Explore, Places), Vec<Problem>> {
    read(file).map_err(|found| found.into_iter().map(|problem| in_file(file, problem)).collect())
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
    // A link is called by the file that it leads to, so that results do not depend on how a study was called.
    let whole = study.canonicalize().unwrap_or_else(|_| study.to_owned());
    let file = if write.is_some() { study } else { &whole };
    let name = file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
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
