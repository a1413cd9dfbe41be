//! The studies, explorations and plans that are compiled in, with the worlds, policies and fleets they name.
//!
//! They are the files of `scenarios/`, byte for byte: a study run by its name gives the same results as its file.

use std::path::Path;
use std::sync::Arc;

use super::text::SourceFile;
use brownout_scenarios::FILES;

pub use brownout_scenarios::{FORMAT, PLAN_FORMAT};

/// The folder whose files these are.
pub const FOLDER: &str = "scenarios";

/// What a command works on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shelf {
    /// Studies.
    Studies,
    /// Plans.
    Plans,
    /// Explorations.
    Explorations,
}

impl Shelf {
    /// What a file of the shelf is, and the command that takes it: "a plan: brownout plan city".
    pub fn told(self, name: &str) -> String {
        match self {
            Shelf::Studies => format!("a study: brownout run {name}"),
            Shelf::Plans => format!("a plan: brownout plan {name}"),
            Shelf::Explorations => format!("an exploration: brownout explore {name}"),
        }
    }

    const fn folder(self) -> &'static str {
        match self {
            Shelf::Studies => "",
            Shelf::Plans => "plans/",
            Shelf::Explorations => "explore/",
        }
    }
}

/// Whether a shipped policy is called so.
pub fn is_policy(name: &str) -> bool {
    brownout_scenarios::text(&format!("policies/{name}.ron")).is_some()
}

/// The names of a shelf.
pub fn names(shelf: Shelf) -> Vec<&'static str> {
    let inside = |path: &'static str| path.strip_prefix(shelf.folder())?.strip_suffix(".ron");
    FILES.iter().filter_map(|(path, _)| inside(path)).filter(|name| !name.contains('/')).collect()
}

/// The path of the file with a name, `scenarios/quickstart.ron`; `None` if none of the shelf is called so.
pub fn path(shelf: Shelf, name: &str) -> Option<String> {
    let found = names(shelf).into_iter().find(|known| *known == name)?;
    Some(format!("{FOLDER}/{}{found}.ron", shelf.folder()))
}

/// The file that a command means by a path where none is on disk: by its name, or by the path it has in the project.
pub fn called(shelf: Shelf, wanted: &Path) -> Option<Arc<SourceFile>> {
    let named = wanted.to_str().and_then(|name| path(shelf, name));
    file(named.as_deref().map_or(wanted, Path::new))
}

/// A file by its path, `scenarios/worlds/exchange-2026.ron`; `.` and `..` in it are followed.
pub fn file(path: &Path) -> Option<Arc<SourceFile>> {
    let mut parts: Vec<String> = Vec::new();
    for part in path.components() {
        match part {
            std::path::Component::CurDir => {}
            std::path::Component::ParentDir => {
                parts.pop()?;
            }
            part => parts.push(part.as_os_str().to_string_lossy().into_owned()),
        }
    }
    let wanted = parts.join("/");
    let (path, text) = FILES
        .iter()
        .find(|(path, _)| wanted.strip_prefix(FOLDER).and_then(|rest| rest.strip_prefix('/')) == Some(*path))?;
    Some(Arc::new(SourceFile { path: format!("{FOLDER}/{path}"), text: (*text).to_owned() }))
}

/// The file with a name and every file it names: paths below [`FOLDER`] and texts.
///
/// The study's sections, a plan's fleet and policy, an exploration's study stand in it as paths between quotation marks.
pub fn with_all_it_names(shelf: Shelf, name: &str) -> Vec<(&'static str, &'static str)> {
    let Some(first) = path(shelf, name) else { return Vec::new() };
    let mut wanted = vec![first];
    let mut found: Vec<(&str, &str)> = Vec::new();
    while let Some(next) = wanted.pop() {
        let Some(file) = file(Path::new(&next)) else { continue };
        let Some(&entry) = FILES.iter().find(|(path, _)| file.path == format!("{FOLDER}/{path}")) else { continue };
        if found.contains(&entry) {
            continue;
        }
        let folder = Path::new(&file.path).parent().unwrap_or_else(|| Path::new("")).to_path_buf();
        wanted.extend(entry.1.split('"').map(|text| folder.join(text).display().to_string()));
        found.push(entry);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_a_file_and_every_folder_has_some() {
        for shelf in [Shelf::Studies, Shelf::Plans, Shelf::Explorations] {
            assert!(!names(shelf).is_empty(), "{shelf:?}");
            for name in names(shelf) {
                assert!(file(path(shelf, name).unwrap().as_ref()).is_some(), "{name}");
            }
        }
        assert_eq!(path(Shelf::Studies, "worlds/exchange-2026"), None);
        let world = file(Path::new("scenarios/explore/../worlds/exchange-2026.ron")).unwrap();
        assert_eq!(world.path, "scenarios/worlds/exchange-2026.ron");
        assert!(file(Path::new("scenarios/../../worlds/exchange-2026.ron")).is_none());
    }

    #[test]
    fn what_a_file_names_comes_with_it() {
        let paths = |shelf, name| with_all_it_names(shelf, name).into_iter().map(|entry| entry.0).collect::<Vec<_>>();
        let study = paths(Shelf::Studies, "exchange-2026");
        assert!(study.contains(&"exchange-2026.ron") && study.contains(&"worlds/exchange-2026.ron"), "{study:?}");
        assert_eq!(paths(Shelf::Plans, "city"), ["plans/city.ron", "plans/city.csv"]);
        assert!(paths(Shelf::Explorations, "quickstart").contains(&"quickstart.ron"));
        assert!(paths(Shelf::Studies, "nothing").is_empty());
    }
}
