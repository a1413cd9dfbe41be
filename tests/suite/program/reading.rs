//! The reading of studies: what `set` changes, what hostile files cost, and that whatever passes `check` can be run.

mod hostile;
mod odd;
mod set;

use std::collections::BTreeMap;
use std::sync::Arc;

use brownout::reading::compose::compose;
use brownout::reading::problem::Problem;
use brownout::reading::text::SourceFile;
use brownout::study::Study;

/// A study that changes nothing of a world and a policy with as few words as possible.
const SMALL: &str = r#"(version: 1, question: "?", seed: 1, replications: 1, start: "2026-09-07", horizon: "2026-12-07",
    policy: (ladder: (preset: "microsoft-2023"), baselines: [(name: "b", effective: "2026-09-07", product: "2019", minimum: "15.2.1748.39")]),
    world: (WORLD groups: [(name: "g", count: 3, builds: [(build: "15.2.1544.36", share: 1)] GROUP)]),
    scenarios: [(name: "as written"), SCENARIOS])"#;

/// [`SMALL`] with fields of the world, of its group, and further scenarios.
fn small(world: &str, group: &str, scenarios: &str) -> String {
    SMALL.replace("WORLD", world).replace("GROUP", group).replace("SCENARIOS", scenarios)
}

/// The study in a text that names no further file, and what is wrong with it.
fn study(text: &str) -> (Option<Study>, Vec<Problem>) {
    with_files(text, &BTreeMap::new())
}

/// The study in a text, with the files it may name.
fn with_files(text: &str, files: &BTreeMap<&str, String>) -> (Option<Study>, Vec<Problem>) {
    let file = Arc::new(SourceFile { path: "study.ron".to_owned(), text: text.to_owned() });
    let opened: BTreeMap<&str, Arc<SourceFile>> = files
        .iter()
        .map(|(path, text)| (*path, Arc::new(SourceFile { path: (*path).to_owned(), text: text.clone() })))
        .collect();
    compose("study", &file, &mut |path| opened.get(path).cloned().ok_or_else(|| format!("{path} is not there")))
}

/// The lines of what is wrong with a text.
fn lines(text: &str) -> Vec<String> {
    study(text).1.iter().map(Problem::line).collect()
}

#[test]
fn a_minimum_build_is_named_as_the_build_of_a_server_is() {
    let by_number = study(&small("", "", ""));
    assert!(by_number.1.is_empty(), "{:?}", by_number.1);
    for label in
        ["CU15 Oct25SU", "2019 CU15 Oct25SU", "Exchange 2019 CU15 Oct25SU", "Exchange Server 2019 CU15 Oct25SU"]
    {
        let named = study(&small("", "", "").replace("15.2.1748.39", label));
        assert_eq!(named, by_number, "{label}");
    }
    let (_, problems) = study(&small("", "", "").replace("15.2.1748.39", "2016 CU23 Oct25SU"));
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(problems[0].message.ends_with("belongs to 2016, not to 2019"), "{}", problems[0].message);
}
