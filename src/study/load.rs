//! Reads studies from files: the one place of `study` that touches the outside world.

use std::fs;
use std::io::Read;
use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;

use super::Study;
use super::compose::{compose, compose_policy};
use super::problem::{Problem, Severity};
use super::text::SourceFile;
use crate::policy::Policy;

/// Largest file that is read.
const FILE_MAX: u64 = 16 * 1024 * 1024;

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
}

impl Reading {
    /// Reads the first file.
    ///
    /// # Errors
    /// What keeps it from being read.
    pub fn begin(path: &FilePath) -> Result<Self, Problem> {
        let file = read(path)?;
        let directory = path.parent().map(FilePath::to_path_buf).unwrap_or_default();
        let name = path.file_stem().map_or_else(|| "study".to_owned(), |stem| stem.to_string_lossy().into_owned());
        Ok(Reading { name, directory, files: vec![file] })
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
    let mut reading = Reading::begin(path).map_err(|problem| LoadError { problems: vec![problem] })?;
    let (file, name) = (reading.file(), reading.name().to_owned());
    let (study, problems) = compose(&name, &file, &mut |relative| reading.read(relative));
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

fn join(directory: &FilePath, relative: &str) -> PathBuf {
    if directory.as_os_str().is_empty() { PathBuf::from(relative) } else { directory.join(relative) }
}

/// Reads a text file of a sane size.
pub fn read(path: &FilePath) -> Result<Arc<SourceFile>, Problem> {
    let shown = path.display().to_string();
    let problem = |message: String, help: &str| Problem {
        severity: Severity::Error,
        place: None,
        field: String::new(),
        message,
        help: help.to_owned(),
    };
    let failed = |error: std::io::Error| problem(format!("cannot read {shown}: {}", reason(&error)), "check the path");
    let metadata = fs::metadata(path).map_err(failed)?;
    if metadata.is_dir() {
        return Err(problem(format!("cannot read {shown}: it is a directory"), "name a .ron file in it"));
    }
    let mut bytes = Vec::new();
    fs::File::open(path).and_then(|file| file.take(FILE_MAX + 1).read_to_end(&mut bytes)).map_err(failed)?;
    if bytes.len() as u64 > FILE_MAX {
        return Err(problem(format!("{shown} is larger than 16 MiB"), "is it really a study?"));
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return Err(problem(format!("{shown} is an Excel workbook"), "save it as CSV (UTF-8)"));
    }
    // Tables come from spreadsheets and PowerShell, in the encodings these write.
    let is_table = path.extension().is_none_or(|extension| !extension.eq_ignore_ascii_case("ron"));
    let text = match String::from_utf8(bytes) {
        Ok(text) if !text.contains('\0') => Some(text),
        Ok(text) => Some(text.into_bytes()).filter(|_| is_table).and_then(|bytes| crate::intake::text_of(&bytes)),
        Err(error) => Some(error.into_bytes()).filter(|_| is_table).and_then(|bytes| crate::intake::text_of(&bytes)),
    };
    // Editors on Windows begin a text with a byte order mark.
    let text = text.map(|text| text.strip_prefix('\u{feff}').map_or(text.clone(), str::to_owned));
    let Some(text) = text else {
        return Err(problem(format!("{shown} is not a text file (UTF-8)"), "name a .ron file"));
    };
    if text.trim().is_empty() {
        return Err(problem(format!("{shown} is empty"), "`brownout new NAME` writes a study to start from"));
    }
    Ok(Arc::new(SourceFile { path: shown, text }))
}

/// An I/O error in a few plain words.
pub fn reason(error: &std::io::Error) -> String {
    use std::io::ErrorKind;
    match error.kind() {
        ErrorKind::NotFound => "no such file".to_owned(),
        ErrorKind::PermissionDenied => "permission denied".to_owned(),
        ErrorKind::StorageFull => "the disk is full".to_owned(),
        ErrorKind::ReadOnlyFilesystem => "the file system is read-only".to_owned(),
        ErrorKind::NotADirectory => "part of the path is not a directory".to_owned(),
        _ => {
            let text = error.to_string();
            text.split(" (os error").next().unwrap_or(&text).to_lowercase()
        }
    }
}
