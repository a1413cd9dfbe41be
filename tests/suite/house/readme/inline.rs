//! Commands within sentences and tables, with the words in capitals replaced by files that are there.

use super::{PROGRAM, TEXTS, in_a_shell, reader};
use crate::common::write;

/// What is between backticks and begins with the program's name.
fn commands(text: &str) -> Vec<String> {
    let outside = text.split("```").step_by(2);
    let spans = outside.flat_map(|part| part.split('`').skip(1).step_by(2));
    spans.filter(|span| span.starts_with("brownout ")).map(|span| span.replace("\\|", "|")).collect()
}

/// What stands for a word in capitals, after the command that it follows.
fn meant(command: &str, word: &str) -> String {
    let found = match (command, word) {
        ("explore", "STUDY") => "scenarios/quickstart.ron",
        (_, "STUDY" | "STUDY...") => "study.ron",
        (_, "PLAN" | "FILE.ron") => "plan.ron",
        (_, "NAME") => "fresh",
        ("jobs", "N") => "2",
        (_, "N") => "0",
        ("explore", "FILE") => "scenarios/explore/quickstart.ron",
        (_, "FILE") => "study.ron",
        (_, "ENGINE") => "parallel",
        (_, "SHELL") => "bash",
        ("verify", _) if word.starts_with("DIR") => "done",
        (_, "DIR" | "DIR...") => "shards",
        _ => word,
    };
    let in_capitals = word.contains(char::is_alphabetic) && word == word.to_uppercase();
    assert!(found != word || !in_capitals, "what does {word} stand for?");
    found.to_owned()
}

/// A command that can be typed as it is.
fn whole(command: &str) -> String {
    let name = command.split(' ').nth(1).unwrap();
    let words: Vec<String> = command.split(' ').skip(2).map(|word| meant(name, word)).collect();
    let rest = words.join(" ");
    // Where a sentence leaves out what every call needs.
    let needed = match (name, rest.as_str()) {
        ("timeline", rest) if ["--report", "--reply", "--build", "--first"].iter().all(|one| !rest.contains(one)) => {
            "--first-detected 2026-09-09"
        }
        ("run", "--shard") => "1/2 study.ron",
        ("run", "") => "study.ron",
        ("explore", "") => "scenarios/explore/quickstart.ron --dry-run",
        ("trace", rest) if !rest.contains("study.ron") => "study.ron --tenant 0",
        ("verify", "") => "done",
        _ => "",
    };
    format!("brownout {name} {rest} {needed}")
}

#[test]
fn every_command_in_a_sentence_or_a_table_runs() {
    let mut run = 0;
    for (place, text) in TEXTS {
        for command in commands(text) {
            let directory = reader();
            let path = directory.path();
            std::fs::copy(path.join("scenarios/plans/school-district.csv"), path.join("school-district.csv")).unwrap();
            let plan = std::fs::read_to_string(path.join("scenarios/plans/school-district.ron")).unwrap();
            // The plan is one of three shipped ones, which a test of its own lives in full; here with 20 replications.
            let plan = plan.replace("../policies/", "scenarios/policies/").replacen(
                "version: 1,",
                "version: 1, replications: 20,",
                1,
            );
            write(path, "plan.ron", &plan);
            in_a_shell(&directory, "brownout run study.ron --out done --no-charts");
            in_a_shell(&directory, "brownout run study.ron --shard 1/1 --out shards");
            let line = whole(&command);
            let line = if line.contains("--shard") { format!("rm -r shards; {line}") } else { line };
            let printed = in_a_shell(&directory, &line);
            assert!(!printed.is_empty(), "{place}: {command} prints nothing");
            run += 1;
        }
    }
    assert!(run >= 15, "only {run} commands were found");
}

#[test]
fn commands_are_found_in_sentences_and_tables_and_words_in_capitals_are_replaced() {
    let text = "Say `brownout run STUDY --shard 3/16` or\n| `brownout verify DIR\\|PNG` |\n```sh\nbrownout no `brownout no`\n```\n`x`";
    assert_eq!(commands(text), ["brownout run STUDY --shard 3/16", "brownout verify DIR|PNG"]);
    assert_eq!(whole(&commands(text)[0]).trim(), "brownout run study.ron --shard 3/16");
    assert_eq!(whole(&commands(text)[1]).trim(), "brownout verify done");
    assert!(std::panic::catch_unwind(|| whole("brownout run WHATEVER")).is_err(), "an unknown word is told");
    assert!(std::path::Path::new(PROGRAM).is_file());
}

/// Options that sentences name, such as `--resume` and `--as-of 2026-12-01`.
#[test]
fn every_option_in_a_sentence_exists() {
    let directory = reader();
    let help: String = [
        "run",
        "explore",
        "jobs",
        "merge",
        "timeline",
        "plan",
        "check",
        "new",
        "trace",
        "verify",
        "describe",
        "completions",
    ]
    .map(|command| in_a_shell(&directory, &format!("brownout {command} --help")))
    .concat();
    let mut found = 0;
    for (place, text) in TEXTS {
        let outside = text.split("```").step_by(2);
        let spans = outside.flat_map(|part| part.split('`').skip(1).step_by(2));
        // Options of other programs follow their names; ours stand at the head or after ours.
        let ours = spans.filter(|span| span.starts_with("--") || span.starts_with("brownout "));
        for option in ours.flat_map(|span| span.split(' ')).filter(|word| word.starts_with("--") && *word != "--help") {
            let option = option.split('=').next().unwrap();
            assert!(
                help.contains(&format!("{option} ")) || help.contains(&format!("{option}\n")),
                "{place}: no {option}"
            );
            found += 1;
        }
    }
    assert!(found > 10, "{found}");
}
