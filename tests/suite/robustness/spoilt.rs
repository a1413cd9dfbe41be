//! Shipped files, cut and spoilt at many places: never a panic, always words; and what is still accepted can be lived.
//!
//! Which places are spoilt, and how, follows from a seed; the files are the studies, policies, worlds, plans and fleets in
//! `scenarios/` and the reports in `tests/data/`.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use brownout::experiment::Runner;
use brownout::intake::{IntakeOptions, read};
use brownout::planner::Project;
use brownout::planner::index::PerTenant;
use brownout::reading::compose::{compose, compose_policy};
use brownout::reading::plan::{Overrides, compose_all};
use brownout::reading::problem::{Problem, Severity};
use brownout::reading::text::SourceFile;
use brownout::study::Study;
use brownout::time::SimDuration;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

/// Spoilt versions of each file.
const SPOILT: usize = 60;
/// Places at which each file is cut.
const CUTS: usize = 25;

/// What is put in the place of a number or a word.
const INSTEAD: [&str; 16] = [
    "-1",
    "0",
    "1e999",
    "NaN",
    "-inf",
    "99999999999999999999",
    "0.5",
    "",
    "\"",
    "(",
    "]",
    "{",
    ",",
    "é",
    "\u{0}",
    "\u{feff}",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<_> = entries.filter(|path| path.extension().is_some_and(|e| e == ending)).collect();
    found.sort();
    assert!(!found.is_empty(), "{folder} has no .{ending}");
    found
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

fn source(path: &Path, text: String) -> Arc<SourceFile> {
    Arc::new(SourceFile { path: path.display().to_string(), text })
}

/// Beginnings of a text, none of them whole.
fn cuts(text: &str) -> impl Iterator<Item = String> + '_ {
    let whole = text.trim_end().len();
    (0..CUTS).map(move |k| {
        let mut at = (whole - 1) * k / (CUTS - 1);
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        text[..at].to_owned()
    })
}

/// Ranges of words and numbers in a text.
fn words(text: &str) -> Vec<std::ops::Range<usize>> {
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-');
    let mut found: Vec<std::ops::Range<usize>> = Vec::new();
    for (at, c) in text.char_indices().filter(|(_, c)| is_word(*c)) {
        match found.last_mut() {
            Some(last) if last.end == at => last.end = at + c.len_utf8(),
            _ => found.push(at..at + c.len_utf8()),
        }
    }
    found
}

/// A text with one thing wrong: a word replaced, a line dropped or doubled, two lines swapped, a character dropped.
fn spoilt(text: &str, dice: &mut ChaCha8Rng) -> String {
    let mut throw = |sides: usize| (dice.next_u64() % sides as u64) as usize;
    let mut lines: Vec<&str> = text.lines().collect();
    let line = throw(lines.len());
    match throw(10) {
        0 => drop(lines.remove(line)),
        1 => lines.insert(line, lines[line]),
        2 => {
            let other = throw(lines.len());
            lines.swap(line, other);
        }
        3 => {
            let (at, c) = text.char_indices().nth(throw(text.chars().count())).unwrap();
            return format!("{}{}", &text[..at], &text[at + c.len_utf8()..]);
        }
        _ => {
            let words = words(text);
            let word = words[throw(words.len())].clone();
            return format!("{}{}{}", &text[..word.start], INSTEAD[throw(INSTEAD.len())], &text[word.end..]);
        }
    }
    lines.join("\n")
}

/// What a panic said.
fn words_of(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default()
}

/// Runs `check` on every spoilt version of a file, and on every beginning with `true` for it, and fails on any panic.
fn each_spoilt(path: &Path, check: impl Fn(String, bool) + Sync) {
    let text = text(path);
    let mut dice = ChaCha8Rng::seed_from_u64(text.len() as u64);
    let cuts = cuts(&text).map(|cut| (cut, true));
    let versions: Vec<(String, bool)> = cuts.chain((0..SPOILT).map(|_| (spoilt(&text, &mut dice), false))).collect();
    let fails = |(version, cut): &(String, bool)| {
        let panic = catch_unwind(AssertUnwindSafe(|| check(version.clone(), *cut))).err()?;
        Some(format!("{}\nin the text\n{version}", words_of(panic.as_ref())))
    };
    let failed: Vec<String> = versions.par_iter().filter_map(fails).collect();
    let (shown, count) = (path.display(), failed.len());
    assert!(failed.is_empty(), "{shown}: {count} of {} fail:\n{}", versions.len(), failed.join("\n----\n"));
}

/// What is found must be told in words, one line each; and something came of the text unless an error was found.
fn told<T>(came_of_it: Option<T>, problems: &[Problem]) -> Option<T> {
    let refused = problems.iter().any(|problem| problem.severity == Severity::Error);
    assert!(came_of_it.is_some() || refused, "refused without a reason");
    for line in problems.iter().map(Problem::line) {
        assert!(line.len() > 10 && !line.contains('\n') && !line.contains("Some("), "no line for people: {line:?}");
    }
    came_of_it.filter(|_| !refused)
}

/// Lives a few tenants for some days under every scenario.
fn lived(mut study: Study) {
    for world in study.scenarios_mut().worlds_mut() {
        let own = Arc::make_mut(world);
        crate::common::keep_tenants(own, 2);
    }
    let horizon = study.horizon().min(study.start() + SimDuration::from_days(400));
    study.set_times(study.start(), horizon).unwrap();
    let tallies = Runner::new(&study).replicate(0, &|_| {});
    assert_eq!(tallies.len(), study.scenarios().len());
}

#[test]
fn spoilt_studies_are_refused_in_words_or_run() {
    for path in files("scenarios", "ron") {
        each_spoilt(&path, |version, cut| {
            let folder = path.parent().unwrap();
            let mut reader = |relative: &str| {
                let path = folder.join(relative);
                std::fs::read_to_string(&path).map(|text| source(&path, text)).map_err(|error| error.to_string())
            };
            let (study, problems) = compose("spoilt", &source(&path, version), &mut reader);
            let study = told(study, &problems);
            assert!(!(cut && study.is_some()), "a beginning is no study");
            study.into_iter().for_each(lived);
        });
    }
}

#[test]
fn spoilt_policies_and_worlds_are_refused_in_words_or_run() {
    for path in files("scenarios/policies", "ron") {
        each_spoilt(&path, |version, cut| {
            let (policy, problems) = compose_policy(&source(&path, version));
            let policy = told(policy, &problems);
            assert!(!(cut && policy.is_some()), "a beginning is no policy");
        });
    }
    let study = crate::common::StudyText::default().ron();
    let (head, rest) = study.split_once("    world: (").unwrap();
    let study = format!("{head}    world: \"world.ron\",\n    scenarios:{}", rest.split_once("scenarios:").unwrap().1);
    for path in files("scenarios/worlds", "ron") {
        each_spoilt(&path, |version, cut| {
            let world = source(Path::new("world.ron"), version);
            let (study, problems) =
                compose("spoilt", &source(Path::new("study.ron"), study.clone()), &mut |_| Ok(Arc::clone(&world)));
            let study = told(study, &problems);
            assert!(!(cut && study.is_some()), "a beginning is no world");
            study.into_iter().for_each(lived);
        });
    }
}

/// The projects of a shipped plan of which one file is replaced.
fn projects(plan: &Path, replaced: &Path, version: String) -> (Option<PerTenant<Project>>, Vec<Problem>) {
    let read = |path: &Path| if path == replaced { Ok(version.clone()) } else { std::fs::read_to_string(path) };
    let mut reader = |relative: &str| {
        let path = plan.parent().unwrap().join(relative);
        read(&path).map(|text| source(&path, text)).map_err(|error| error.to_string())
    };
    compose_all("spoilt", &source(plan, read(plan).unwrap()), &mut reader, &Overrides::default())
}

#[test]
fn spoilt_plans_and_fleets_are_refused_in_words_or_have_servers() {
    for plan in files("scenarios/plans", "ron") {
        let fleet = plan.with_extension("csv");
        for replaced in [&plan, &fleet] {
            each_spoilt(replaced, |version, cut| {
                let (found, problems) = projects(&plan, replaced, version);
                let found = told(found, &problems);
                // The beginning of a table is a table, as long as there is a server in it.
                assert!(!(cut && found.is_some() && *replaced == plan), "a beginning is no plan");
                let whole = |project: &Project| !project.servers.is_empty() && !project.crews.is_empty();
                assert!(found.is_none_or(|projects| projects.iter().all(whole)));
            });
        }
    }
}

#[test]
fn spoilt_reports_are_refused_in_words_or_have_servers() {
    for path in
        files("tests/data", "csv").into_iter().chain(files("tests/data", "json")).chain(files("tests/data", "txt"))
    {
        each_spoilt(&path, |version, _| match read(version.as_bytes(), &IntakeOptions::default()) {
            Ok(intake) => {
                assert!(intake.records.iter().all(|record| !record.name.is_empty()));
                assert_eq!(intake.records.is_empty(), intake.nothing.is_some(), "without a server there are words");
            }
            Err(error) => assert!(error.to_string().len() > 10, "{error}"),
        });
    }
}

#[test]
fn spoilt_texts_differ_and_a_panic_is_caught() {
    let path = root().join("scenarios/quickstart.ron");
    let whole = text(&path);
    let mut dice = ChaCha8Rng::seed_from_u64(1);
    let different = (0..SPOILT).filter(|_| spoilt(&whole, &mut dice).trim_end() != whole.trim_end()).count();
    assert!(different > SPOILT * 9 / 10, "{different} of {SPOILT} are spoilt");
    assert!(cuts(&whole).all(|cut| cut.len() < whole.trim_end().len()));
    // Deliberately wrong: a reader that gives up on a word it does not know.
    let caught = catch_unwind(|| each_spoilt(&path, |version, _| assert!(version.contains("announced ladder"))));
    assert!(caught.is_err());
}
