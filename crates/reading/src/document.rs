//! What a file is, told by the names it uses, so that one given to the wrong command is sent to the right one.

use super::problem::{Problem, Severity};
use super::text::SourceFile;
use super::tree::outer_names;
use brownout_text::outside::shortened;

/// A kind of file that the program reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Document {
    /// A study.
    Study,
    /// An exploration.
    Exploration,
    /// A plan.
    Plan,
    /// A policy.
    Policy,
    /// A world.
    World,
    /// A table of a fleet.
    Fleet,
    /// The output of `Get-OnPremServerReportInfo`.
    Report,
}

impl Document {
    /// What a text is; `None` where its names do not tell.
    ///
    /// ```
    /// use brownout_reading::document::Document;
    /// assert_eq!(Document::of("(version: 1, as_of: \"2026-11-21\", crews: [])"), Some(Document::Plan));
    /// assert_eq!(Document::of("server,build\nmail-1,15.1.2507.57\n"), Some(Document::Fleet));
    /// assert_eq!(Document::of("hello"), None);
    /// ```
    pub fn of(text: &str) -> Option<Document> {
        let first = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'))?;
        if text.contains("ServerFQDN") && !first.starts_with(['(', '/']) {
            return Some(Document::Report);
        }
        let cells = || first.split([',', ';', '\t']).map(|cell| cell.trim_matches([' ', '"']).to_lowercase());
        if cells().count() > 1 && cells().any(|cell| cell == "server") {
            return Some(Document::Fleet);
        }
        let names = outer_names(text);
        let has = |name: &str| names.contains(&name);
        match () {
            () if has("crews") || has("as_of") => Some(Document::Plan),
            () if has("scenarios") => Some(Document::Study),
            () if ["unknowns", "levers", "outcomes", "steps", "study"].into_iter().any(has) => {
                Some(Document::Exploration)
            }
            () if has("ladder") || has("baselines") => Some(Document::Policy),
            () if has("groups") => Some(Document::World),
            () => None,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Document::Study => "a study",
            Document::Exploration => "an exploration",
            Document::Plan => "a plan",
            Document::Policy => "a policy",
            Document::World => "a world",
            Document::Fleet => "the table of a fleet",
            Document::Report => "a report of Get-OnPremServerReportInfo",
        }
    }

    /// What to type instead.
    fn remedy(self, path: &str) -> String {
        match self {
            Document::Study => format!("type: brownout run {path}"),
            Document::Exploration => format!("type: brownout explore {path}"),
            Document::Plan => format!("type: brownout plan {path}"),
            Document::Policy => {
                "name it in a study (policy: \"...\"), or give it as --policy to brownout timeline".to_owned()
            }
            Document::World => {
                "name it in a study (world: \"...\"); `brownout new NAME` writes one to start from".to_owned()
            }
            Document::Fleet => {
                format!(
                    "give it to a plan: brownout plan PLAN.ron --fleet {path}; `brownout plan --new NAME` writes a plan"
                )
            }
            Document::Report => format!("type: brownout timeline --report {path}"),
        }
    }
}

/// That a file is no study, plan or exploration, if it is known to be something else than what a command expects.
pub fn unexpected(file: &SourceFile, expected: Document) -> Option<Problem> {
    let found = Document::of(&file.text).filter(|found| *found != expected)?;
    Some(Problem {
        severity: Severity::Error,
        place: None,
        field: String::new(),
        message: format!("{} is {}, not {}", shortened(&file.path, 200), found.name(), expected.name()),
        help: found.remedy(&file.path),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_file_is_known_for_what_it_is() {
        for (folder, document, ending) in [
            ("", Document::Study, "ron"),
            ("plans", Document::Plan, "ron"),
            ("plans", Document::Fleet, "csv"),
            ("explore", Document::Exploration, "ron"),
            ("policies", Document::Policy, "ron"),
            ("worlds", Document::World, "ron"),
        ] {
            let inside = |path: &str| path.rsplit_once('/').map_or("", |(folder, _)| folder) == folder;
            let files = brownout_scenarios::FILES.iter();
            let mut seen = 0;
            for (path, text) in files.filter(|(path, _)| inside(path) && path.ends_with(ending)) {
                assert_eq!(Document::of(text), Some(document), "{path}");
                seen += 1;
            }
            assert!(seen > 0);
        }
        assert_eq!(Document::of("ServerFQDN : mail.example\nBuild : 15.1.2507.57\n"), Some(Document::Report));
    }
}
