//! Reads studies and plans from files, each with the files that it names.

use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;

use super::compose::{compose_policy, compose_what_if};
use super::document::{Document, unexpected};
use super::problem::{Problem, Severity};
use super::shipped::{self, Shelf};
use super::text::SourceFile;
use super::what_if::{self, WhatIf};
use crate::files::{self, ReadError};
use brownout_experiment::study::Study;
use brownout_kernel::policy::Policy;
use brownout_text::names::{nearest, one_of};
use brownout_text::outside::{is_printable, printable, shortened};

/// Largest file that is read.
const FILE_MAX: u64 = 16 * 1024 * 1024;
/// Most files that one study or plan may name, and most bytes of all of them.
const FILES_MAX: usize = 1_000;
const BYTES_MAX: usize = 64 * 1024 * 1024;

/// A study with the files it was made of.
#[derive(Debug)]
pub struct Loaded {
    /// The study.
    pub study: Study,
    /// Every file read, the study first.
    pub files: Vec<Arc<SourceFile>>,
    /// Valid but doubtful things.
    pub warnings: Vec<Problem>,
}

/// What keeps a study from being loaded.
#[derive(Debug)]
pub struct LoadError {
    /// Every problem found, errors and warnings.
    pub problems: Vec<Problem>,
}

/// Files being read for one study or plan: each once, by paths relative to the first.
#[derive(Debug)]
pub struct Reading {
    name: String,
    directory: PathBuf,
    files: Vec<Arc<SourceFile>>,
    /// Whether the files are those that are compiled in.
    shipped: bool,
}

impl Reading {
    /// As [`Reading::begin_on`], of a study.
    ///
    /// # Errors
    /// What keeps it from being read.
    pub fn begin(path: &FilePath) -> Result<Self, Problem> {
        Self::begin_on(path, Shelf::Studies)
    }

    /// Reads the first file: by its path, by the name of one that is compiled in, or from standard input (`-`).
    ///
    /// - `shelf`: what the name is one of.
    ///
    /// # Errors
    /// What keeps it from being read.
    pub fn begin_on(path: &FilePath, shelf: Shelf) -> Result<Self, Problem> {
        if path == FilePath::new("-") {
            let help = "pipe a file in, or name one";
            let bytes =
                files::standard_input(FILE_MAX).map_err(|error| problem(format!("standard input: {error}"), help))?;
            let text = text_of("standard input", bytes, false)?;
            let file = Arc::new(SourceFile { path: "stdin.ron".to_owned(), text });
            return Ok(Reading {
                name: "stdin".to_owned(),
                directory: PathBuf::new(),
                files: vec![file],
                shipped: false,
            });
        }
        let is_there = !matches!(path.try_exists(), Ok(false));
        if let Some(file) = (!is_there).then(|| shipped::called(shelf, path)).flatten() {
            let real = PathBuf::from(&file.path);
            let name = real.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
            let directory = real.parent().map(FilePath::to_path_buf).unwrap_or_default();
            return Ok(Reading { name, directory, files: vec![file], shipped: true });
        }
        if !is_there {
            return Err(not_there(path, shelf));
        }
        // What a link is called tells nothing of the study: the file it leads to does.
        let real = behind_links(path);
        let path = real.as_path();
        let file = read(path)?;
        let directory = path.parent().map(FilePath::to_path_buf).unwrap_or_default();
        let name = path.file_stem().map_or_else(|| "study".to_owned(), |stem| stem.to_string_lossy().into_owned());
        // Results go to `output/NAME`, so a name must be that of a folder of its own, and fit for pictures and tables.
        if name.starts_with('.') || !name.chars().all(is_printable) {
            let message = format!(
                "{} names its results \"{}\", which is no name for a folder",
                file_name(path),
                printable(&name)
            );
            return Err(problem(message, "rename the file: a name that does not begin with a dot, such as study.ron"));
        }
        Ok(Reading { name, directory, files: vec![file], shipped: false })
    }

    /// The first file's stem.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The first file.
    pub fn file(&self) -> Arc<SourceFile> {
        self.files[0].clone()
    }

    /// Reads a file named by the first one, relative to it; the error is for people.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub fn read(&mut self, relative: &str) -> Result<Arc<SourceFile>, String> {
        let wanted = join(&self.directory, relative);
        let shown = wanted.display().to_string();
        if let Some(known) = self.files.iter().find(|file| file.path == shown) {
            return Ok(known.clone());
        }
        let bytes: usize = self.files.iter().map(|file| file.text.len()).sum();
        if self.files.len() > FILES_MAX || bytes > BYTES_MAX {
            let limits = format!("{FILES_MAX} files or {} MiB", BYTES_MAX >> 20);
            return Err(format!("{shown} is not read: more than {limits} are named already"));
        }
        if self.shipped {
            let file = shipped::file(&wanted).ok_or_else(|| format!("{shown} is not compiled in"))?;
            // Under the path by which the first file names it, as from a disk: records find it by that.
            return Ok(self.add(Arc::new(SourceFile { path: shown, text: file.text.clone() })));
        }
        Ok(self.add(read(&wanted).map_err(|problem| problem.message)?))
    }

    /// Notes a file that was read elsewhere.
    pub fn add(&mut self, file: Arc<SourceFile>) -> Arc<SourceFile> {
        self.files.push(file.clone());
        file
    }

    /// Every file read, the first one first.
    pub fn into_files(self) -> Vec<Arc<SourceFile>> {
        self.files
    }
}

/// Loads a study.
///
/// # Errors
/// Every problem of every file at once.
pub fn load(path: &FilePath) -> Result<Loaded, LoadError> {
    load_what_if(path, &WhatIf::default())
}

/// Loads a study with changes from outside its file, which count as one of its files.
///
/// # Errors
/// Every problem of every file at once.
pub fn load_what_if(path: &FilePath, what_if: &WhatIf) -> Result<Loaded, LoadError> {
    let mut reading = Reading::begin(path).map_err(|problem| LoadError { problems: vec![problem] })?;
    let (file, name) = (reading.file(), reading.name().to_owned());
    if let Some(problem) = unexpected(&file, Document::Study) {
        return Err(LoadError { problems: vec![problem] });
    }
    let changes = (!what_if.is_empty()).then(|| reading.add(what_if.file(what_if::NAME.to_owned())));
    let name = if changes.is_some() { format!("{name}-what-if") } else { name };
    let (study, problems) = compose_what_if(&name, &file, changes.as_ref(), &mut |relative| reading.read(relative));
    let (errors, warnings): (Vec<_>, Vec<_>) = problems.into_iter().partition(|p| p.severity == Severity::Error);
    match study {
        Some(study) if errors.is_empty() => Ok(Loaded { study, files: reading.into_files(), warnings }),
        _ => Err(LoadError { problems: errors.into_iter().chain(warnings).collect() }),
    }
}

/// Loads a policy that stands in a file of its own, with what is valid but doubtful about it.
///
/// # Errors
/// Every problem of the file at once.
pub fn load_policy(path: &FilePath) -> Result<(Policy, Vec<Problem>), LoadError> {
    let file = read(path).map_err(|problem| LoadError { problems: vec![problem] })?;
    let (policy, problems) = compose_policy(&file);
    match policy {
        Some(policy) if problems.iter().all(|problem| problem.severity == Severity::Warning) => Ok((policy, problems)),
        _ => Err(LoadError { problems }),
    }
}

/// What to say of a path where nothing is: the nearest of the names that are compiled in, or what there is.
fn not_there(path: &FilePath, shelf: Shelf) -> Problem {
    let shown = file_name(path);
    let mut names = shipped::names(shelf);
    if shelf == Shelf::Explorations {
        // Studies are explored, too.
        names.extend(shipped::names(Shelf::Studies));
        names.sort_unstable();
        names.dedup();
    }
    let wanted = path.with_extension("").display().to_string();
    let elsewhere = [Shelf::Studies, Shelf::Plans, Shelf::Explorations].into_iter().filter(|other| *other != shelf);
    if let Some(other) = elsewhere.into_iter().find(|other| shipped::names(*other).contains(&wanted.as_str())) {
        let help = format!("{wanted} is {}", other.told(&wanted));
        return problem(
            format!("cannot read {shown}: no such file, and nothing of this kind is known by that name"),
            &help,
        );
    }
    let near = nearest(&wanted, &names);
    let help = if near.is_empty() { format!("check the path; known by name are {}", one_of(&names)) } else { near };
    problem(format!("cannot read {shown}: no such file, and nothing is known by that name"), &help)
}

/// The file that a link leads to, as it lies from here; a path that is no link as it is.
pub fn behind_links(path: &FilePath) -> PathBuf {
    let mut path = path.to_path_buf();
    for _ in 0..40 {
        let Ok(target) = std::fs::read_link(&path) else { break };
        path = join(path.parent().unwrap_or_else(|| FilePath::new("")), &target.to_string_lossy());
    }
    path
}

fn join(directory: &FilePath, relative: &str) -> PathBuf {
    if directory.as_os_str().is_empty() { PathBuf::from(relative) } else { directory.join(relative) }
}

fn problem(message: String, help: &str) -> Problem {
    Problem { severity: Severity::Error, place: None, field: String::new(), message, help: help.to_owned() }
}

fn file_name(path: &FilePath) -> String {
    shortened(&path.display().to_string(), 200)
}

/// Reads a text file of a sane size: never a pipe or a device, which need not end, and never more than 16 MiB of it.
///
/// # Errors
/// What keeps it from being read, in words.
pub fn read(path: &FilePath) -> Result<Arc<SourceFile>, Problem> {
    let shown = file_name(path);
    let bytes = files::read(path, FILE_MAX).map_err(|error| match error {
        ReadError::NotAFile { what: "a directory" } => {
            problem(format!("cannot read {shown}: it is a directory"), "name a .ron file in it")
        }
        ReadError::TooLarge { most } => {
            problem(format!("{shown} is larger than {}", files::size(most)), "is it really a study?")
        }
        error => problem(format!("cannot read {shown}: {error}"), "check the path"),
    })?;
    // Tables come from spreadsheets and PowerShell, in the encodings these write.
    let is_table = path.extension().is_none_or(|extension| !extension.eq_ignore_ascii_case("ron"));
    Ok(Arc::new(SourceFile { path: path.display().to_string(), text: text_of(&shown, bytes, is_table)? }))
}

/// The text of a file's bytes.
fn text_of(shown: &str, bytes: Vec<u8>, is_table: bool) -> Result<String, Problem> {
    if bytes.starts_with(b"PK\x03\x04") {
        return Err(problem(format!("{shown} is an Excel workbook"), "save it as CSV (UTF-8)"));
    }
    let text = match String::from_utf8(bytes) {
        Ok(text) if !text.contains('\0') => Some(text),
        Ok(text) => {
            Some(text.into_bytes()).filter(|_| is_table).and_then(|bytes| brownout_exchange::intake::table_text(&bytes))
        }
        Err(error) => Some(error.into_bytes())
            .filter(|_| is_table)
            .and_then(|bytes| brownout_exchange::intake::table_text(&bytes)),
    };
    // Editors on Windows begin a text with a byte order mark.
    let text = text.map(|text| text.strip_prefix('\u{feff}').map_or(text.clone(), str::to_owned));
    let Some(text) = text else {
        return Err(problem(format!("{shown} is not a text file (UTF-8)"), "name a .ron file"));
    };
    if text.trim().is_empty() {
        return Err(problem(
            format!("{shown} is empty"),
            "`brownout new NAME` writes a study to start from, `brownout plan --new NAME` a plan with its fleet",
        ));
    }
    Ok(text)
}
