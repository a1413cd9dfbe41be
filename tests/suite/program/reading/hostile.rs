//! Files that are made to hurt: bounded time and memory, words for every cap, nothing that a terminal obeys.

use std::collections::BTreeMap;
use std::time::Instant;

use super::{lines, small, study, with_files};
use crate::common::{brownout, write};

/// Seconds that any hostile file may take in a test build on a machine that does other things as well. Each takes under a second
/// of one processor; readers whose time grew with the square of the length took minutes.
const SECONDS_MAX: u64 = 60;

fn quick(what: &str, text: &str) -> Vec<String> {
    let begun = Instant::now();
    let told = lines(text);
    assert!(begun.elapsed().as_secs() < SECONDS_MAX, "{what} takes {:?}", begun.elapsed());
    for line in &told {
        assert!(line.len() < 2_000, "{what}: a line of {} bytes", line.len());
        assert!(!line.chars().any(char::is_control), "{what}: {line:?}");
    }
    assert!(told.len() <= 202, "{what}: {} lines", told.len());
    told
}

#[test]
fn reading_takes_time_with_the_length_of_the_file_only() {
    let points = format!(
        "response: (multiplier: ByMinutes(report: 1, paused: 1, throttle: [{}], block: [])),",
        "(1,1),".repeat(900)
    );
    assert!(quick("points", &small(&points, "", "")).iter().any(|line| line.contains("more errors are not listed")));
    let points = points.replace(&"(1,1),".repeat(900), &"(1,1),".repeat(2_000));
    assert!(quick("too many points", &small(&points, "", ""))[0].contains("at most 1000"));
    let groups = "(nme: \"x\", count: many, builds: []),".repeat(1_600);
    quick("bad groups", &small("", "", "").replace("groups: [", &format!("groups: [{groups}")));
    let scenarios: String =
        (0..900).map(|i| format!("(name: \"s{i}\", set: {{\"world.groups[0].esu_share\": 0.5}}),")).collect();
    assert!(study(&small("", "", &scenarios)).0.is_some());
    let scenarios: String =
        (0..2_000).map(|i| format!("(name: \"s{i}\", set: {{\"world.groups[0].esu_share\": 0.5}}),")).collect();
    assert!(quick("scenarios", &small("", "", &scenarios)).iter().any(|line| line.contains("at most 1000")));
    quick("quotation marks", &"\"".repeat(300_000));
    quick("texts", &small("", &format!(", x: [{}]", "\"\",".repeat(150_000)), ""));
    quick("open brackets", &"(a:[{".repeat(100_000));
    quick("comments", &"/*".repeat(300_000));
    quick("values", &format!("[{}]", "1,".repeat(1_500_000)));
    quick("a missing comma", &format!("({}", "a: 1 ".repeat(100_000)));
    quick("one key again and again", &format!("({})", "a: 1, ".repeat(100_000)));
    quick(
        "baselines",
        &small("", "", "").replace(
            "baselines: [",
            &format!("baselines: [{}", "(name: \"b\", effective: \"x\", product: \"y\"),".repeat(5_000)),
        ),
    );
}

#[test]
fn names_of_a_megabyte_are_not_echoed_whole() {
    let long = "x".repeat(1_000_000);
    for text in [
        small("", "", &format!("(name: \"{long}\"), (name: \"{long}\")")),
        small("", &format!(", {long}: 3"), ""),
        small(&format!("{long}: 3,"), "", ""),
        small("", "", &format!("(name: \"s\", set: {{\"policy.{long}\": 3}})")),
        small("", "", &format!("(name: \"s\", policy: \"{long}\")")),
        small("", "", "").replace("\"2019\"", &format!("\"{long}\"")),
        small("", "", "").replace("microsoft-2023", &long),
        small("", "", "").replace("15.2.1544.36", &long),
        small("", "", "").replace("2026-12-07", &long),
        small("", &format!(", retry: {long}"), ""),
    ] {
        assert!(!quick("a long name", &text).is_empty());
    }
}

#[test]
fn a_long_ladder_over_many_years_is_refused_before_it_takes_gigabytes() {
    let stages: String = (0..199).map(|i| format!("(name: \"s{i}\", days: 30, throttle: 1),")).collect();
    let scenarios: String = (0..100).map(|i| format!("(name: \"b{i}\"),")).collect();
    let text = small("", "", &scenarios)
        .replace("preset: \"microsoft-2023\"", &format!("stages: [{stages}(name: \"last\", block: 60)]"))
        .replace("2026-12-07", "2046-09-01");
    let told = quick("stages", &text);
    assert!(told.iter().any(|line| line.contains("take about") && line.contains("at most 2048 MiB")), "{told:?}");
}

#[test]
fn characters_that_no_picture_can_hold_are_refused_by_check() {
    for odd in ["\\u{1b}[2J", "\\0", "\\u{fffe}", "\\u{9b}", "\u{1b}"] {
        for text in [
            small("", "", "").replace("question: \"?\"", &format!("question: \"a{odd}\"")),
            small("", "", &format!("(name: \"a{odd}\")")),
            small("", "", "").replace("name: \"g\"", &format!("name: \"g{odd}\"")),
            small("", "", "").replace("name: \"b\"", &format!("name: \"b{odd}\"")),
            small("", "", &format!("(name: \"s\", set: {{\"policy.name\": \"a{odd}\"}})")),
        ] {
            let told = quick("an odd character", &text);
            assert!(told.iter().any(|line| line.contains("cannot have the character U+")), "{odd:?}: {told:?}");
        }
    }
}

#[test]
fn a_file_that_is_no_world_shows_none_of_its_lines() {
    let text = small("", "", "");
    let (before, rest) = text.split_once("world: (").unwrap();
    let text = format!("{before}world: \"other\",\n scenarios: {}", rest.split_once("scenarios: ").unwrap().1);
    for secret in [
        "root:SECRET:0:0:/root:/bin/sh\n",
        "(password: \"SECRET\", user: 3)",
        "SECRET",
        "(name: \"SECRET\" 1)",
        "[SECRET",
    ] {
        let files = BTreeMap::from([("other", secret.to_owned())]);
        let (study, problems) = with_files(&text, &files);
        assert!(study.is_none() && !problems.is_empty());
        for problem in problems {
            assert!(
                !problem.line().contains("SECRET") && problem.place.is_none_or(|place| place.file.path == "study.ron")
            );
        }
    }
    let files = BTreeMap::from([("other", "(name: \"w\", groups: [(nam: \"g\")]".to_owned())]);
    let told = with_files(&text, &files).1;
    assert!(told[0].line().starts_with("other:1:"), "a broken world is shown: {}", told[0].line());
}

#[test]
fn groups_whose_names_hash_alike_have_draws_of_their_own() {
    let group = |name: &str| format!("(name: \"{name}\", count: 3, builds: [(build: \"15.2.1544.36\", share: 1)])");
    let text =
        |names: [&str; 3]| small("", "", "").replace("groups: [", &format!("groups: [{},", names.map(group).join(",")));
    let keys = |names| {
        let study = study(&text(names)).0.unwrap_or_else(|| panic!("{names:?} is refused"));
        study.scenarios()[0]
            .world
            .groups()
            .iter()
            .map(|group| (group.name().to_owned(), group.key()))
            .collect::<BTreeMap<_, _>>()
    };
    let plain = brownout::draws::group_key;
    assert_eq!(plain("mail57858"), plain("mail74855"), "the names this test is about");
    let found = keys(["mail57858", "mail74855", "mail"]);
    assert_ne!(found["mail57858"], found["mail74855"]);
    assert_eq!((found["mail57858"], found["mail"], found["g"]), (plain("mail57858"), plain("mail"), plain("g")));
    assert_eq!(found, keys(["mail74855", "mail", "mail57858"]), "the order of groups changes nothing");
    assert!(lines(&text(["mail", "a", "mail"])).iter().any(|line| line.contains("\"mail\" is given twice")));
}

#[test]
fn what_is_no_file_of_a_sane_size_is_refused_in_words() {
    let directory = tempfile::tempdir().unwrap();
    let sparse = std::fs::File::create(directory.path().join("large.ron")).unwrap();
    sparse.set_len(100_000_000_000).unwrap();
    std::fs::create_dir(directory.path().join("folder.ron")).unwrap();
    let named = small("", "", "(name: \"s\", world: \"large.ron\"), (name: \"t\", world: \"/dev/zero\")");
    write(directory.path(), "names.ron", &named);
    let made = std::process::Command::new("mkfifo").arg(directory.path().join("pipe.ron")).status();
    let mut files = vec!["large.ron", "folder.ron", "names.ron", "/dev/zero"];
    if made.is_ok_and(|status| status.success()) {
        files.push("pipe.ron");
    }
    for file in files {
        let output =
            brownout(&directory).args(["check", file]).timeout(std::time::Duration::from_secs(60)).output().unwrap();
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{file}: {words}");
        let known = ["larger than 16 MiB", "is a directory", "it is a pipe", "it is a device"];
        assert!(known.iter().any(|known| words.contains(known)), "{file}: {words}");
    }
}

#[test]
fn a_study_whose_name_is_no_folder_writes_nothing() {
    let directory = tempfile::tempdir().unwrap();
    for name in ["...ron", ".ron", "..ron"] {
        write(directory.path(), name, &small("", "", ""));
        for command in ["check", "run"] {
            let output = brownout(&directory).args([command, &format!("./{name}")]).output().unwrap();
            assert_eq!(output.status.code(), Some(2), "{command} {name}");
        }
        std::fs::remove_file(directory.path().join(name)).unwrap();
    }
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0);
}

#[test]
fn diagnostics_hold_nothing_that_a_terminal_obeys() {
    let directory = tempfile::tempdir().unwrap();
    let text = small("", "", "(name: \"a\"),\n(nam\u{1b}[31m: 3),")
        .replace("count: 3", "count: /* \u{1b}]0;x\u{7}\u{202e} */ -3");
    for (name, text) in [("a.ron", text.clone()), ("b.ron", text.replace("\u{1b}[31m", "e"))] {
        write(directory.path(), name, &text);
        let output = brownout(&directory).args(["check", name]).output().unwrap();
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            !words.is_empty() && !words.chars().any(|c| c != '\n' && !brownout::outside::is_printable(c)),
            "{words:?}"
        );
    }
}
