//! Studies from recorded input files, without any file being there; and the names under which files are recorded.

use std::path::{Component, Path};
use std::sync::Arc;

use super::compose::compose_what_if;
use super::problem::{Problem, Severity};
use super::text::SourceFile;
use crate::what_if;
use brownout_experiment::study::Study;

/// The study that recorded files make up, the study's own file first, and what is valid but doubtful about it.
///
/// # Errors
/// One sentence, if a file is missing or not valid.
pub fn compose_recorded(files: &[Arc<SourceFile>]) -> Result<(Study, Vec<Problem>), String> {
    let study_file = files.first().ok_or("no input is recorded")?;
    let directory = Path::new(&study_file.path).parent().unwrap_or_else(|| Path::new(""));
    let name =
        Path::new(&study_file.path).file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    let mut reader = |relative: &str| find(files, directory, relative);
    let changes =
        files[1..].iter().find(|file| Path::new(&file.path).file_name().is_some_and(|name| name == what_if::NAME));
    let name = if changes.is_some() { format!("{name}-what-if") } else { name };
    let (study, problems) = compose_what_if(&name, study_file, changes, &mut reader);
    let error = problems.iter().find(|problem| problem.severity == Severity::Error);
    match (study, error) {
        (Some(study), None) => Ok((study, problems)),
        (_, Some(error)) => Err(format!("the recorded inputs are not valid: {}", error.line())),
        (None, None) => Err("the recorded inputs are not valid".to_owned()),
    }
}

/// The recorded file that the first one names as `relative`.
///
/// # Errors
/// One sentence, if it is not recorded.
pub fn find(files: &[Arc<SourceFile>], directory: &Path, relative: &str) -> Result<Arc<SourceFile>, String> {
    let wanted = tidy(&directory.join(relative));
    let found = files.iter().find(|file| tidy(Path::new(&file.path)) == wanted);
    found.cloned().ok_or_else(|| format!("{wanted} is not recorded"))
}

/// A path with plain slashes and without `.`; what `..` leads out of stays, since it may be a link.
fn tidy(path: &Path) -> String {
    let parts = path.components().filter(|part| *part != Component::CurDir);
    let mut text = String::new();
    for part in parts {
        if !text.is_empty() && !text.ends_with('/') {
            text.push('/');
        }
        match part {
            Component::RootDir => text.push('/'),
            part => text.push_str(&part.as_os_str().to_string_lossy()),
        }
    }
    text
}

/// The path under which a file is recorded: as it lies from the folder of the first one, wherever that was and however it was
/// named.
///
/// - `given`: whether the file was named by an option, not by the first file: then its own name is all that matters.
pub fn name_of(first: &Path, path: &Path, given: bool) -> String {
    if path == Path::new(what_if::NAME) {
        return what_if::NAME.to_owned();
    }
    let own = || path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    if given {
        return own();
    }
    let folder = tidy(first.parent().unwrap_or_else(|| Path::new("")));
    let whole = tidy(path);
    if folder.is_empty() {
        return whole;
    }
    let folder = if folder.ends_with('/') { folder } else { folder + "/" };
    whole.strip_prefix(&folder).map_or(whole.clone(), str::to_owned)
}

/// Files as they are recorded, and lines about them.
#[derive(Debug)]
pub struct Names {
    /// Path as it was typed, and as it is recorded.
    names: Vec<(String, String)>,
}

impl Names {
    /// The names of some files, the first one first.
    ///
    /// - `given`: which were named by an option.
    pub fn new(files: &[Arc<SourceFile>], given: impl Fn(&Arc<SourceFile>) -> bool) -> Self {
        let first = files.first().map_or("", |file| file.path.as_str());
        let name = |file: &Arc<SourceFile>| name_of(Path::new(first), Path::new(&file.path), given(file));
        let mut names: Vec<(String, String)> = Vec::new();
        for file in files {
            let mut recorded = name(file);
            // Two files of one name, one of them from elsewhere.
            while names.iter().any(|(typed, known)| *known == recorded && *typed != file.path) {
                recorded = format!("given/{recorded}");
            }
            names.push((file.path.clone(), recorded));
        }
        Names { names }
    }

    /// The recorded path of a file.
    pub fn of(&self, typed: &str) -> String {
        let found = self.names.iter().find(|(known, _)| known == typed);
        found.map_or_else(|| typed.to_owned(), |(_, recorded)| recorded.clone())
    }

    /// The files under their recorded names.
    pub fn files(&self, files: &[Arc<SourceFile>]) -> Vec<Arc<SourceFile>> {
        let under = |file: &Arc<SourceFile>| {
            let path = self.of(&file.path);
            if path == file.path { file.clone() } else { Arc::new(SourceFile { path, text: file.text.clone() }) }
        };
        files.iter().map(under).collect()
    }

    /// A line that names files as they were typed, with their recorded names instead.
    pub fn line(&self, line: &str) -> String {
        let changed = self.names.iter().filter(|(typed, recorded)| typed != recorded && !typed.is_empty());
        changed.fold(line.to_owned(), |line, (typed, recorded)| line.replace(typed.as_str(), recorded))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_study_is_recorded_the_same_wherever_it_was_called_from() {
        for first in ["a.ron", "./a.ron", "scenarios/a.ron", "/home/me/scenarios/a.ron", "../scenarios//a.ron"] {
            let folder = Path::new(first).parent().unwrap();
            for (named, recorded) in [("worlds/w.ron", "worlds/w.ron"), ("./w.ron", "w.ron"), ("../w.ron", "../w.ron")]
            {
                assert_eq!(name_of(Path::new(first), &folder.join(named), false), recorded, "{first}");
            }
            assert_eq!(name_of(Path::new(first), Path::new(first), false), "a.ron");
            assert_eq!(name_of(Path::new(first), Path::new("/else/where/fleet.csv"), true), "fleet.csv");
        }
    }

    #[test]
    fn recorded_files_are_found_by_any_spelling_and_lines_follow_their_names() {
        let file = |path: &str| Arc::new(SourceFile { path: path.to_owned(), text: path.to_owned() });
        let files = [file("x/a.ron"), file("x/./w.ron"), file("y/w.ron")];
        let names = Names::new(&files, |file| file.path == "y/w.ron");
        let recorded = names.files(&files);
        let paths: Vec<&str> = recorded.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(paths, ["a.ron", "w.ron", "given/w.ron"]);
        assert_eq!(names.line("x/a.ron:3:1: odd"), "a.ron:3:1: odd");
        assert_eq!(find(&recorded, Path::new(""), "./w.ron").unwrap().text, "x/./w.ron");
        assert!(find(&recorded, Path::new(""), "v.ron").unwrap_err().contains("v.ron is not recorded"));
    }
}
