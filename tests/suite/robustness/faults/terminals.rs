//! Pipes that close, narrow terminals, no terminal at all, plain locales.

use std::path::Path;
use std::process::{Command, Stdio};

use super::{PROGRAM, Said, directory, run, shell, write_plan};
use crate::sameness::shards::files;

/// Every command that prints, from a directory with a study and a plan.
const PRINTERS: [&str; 10] = [
    "run study.ron --no-charts --force --out out",
    "merge shards --no-charts --force --out merged",
    "check study.ron",
    "timeline --first-detected 2026-09-09 --at 2026-11-21",
    "timeline --first-detected 2026-09-09 --at 2026-11-21 --format json",
    "plan plan.ron --no-files",
    "trace study.ron --tenant 0",
    "verify out",
    "describe study.ron",
    "completions bash",
];

fn prepared() -> tempfile::TempDir {
    let directory = directory();
    write_plan(directory.path());
    run(directory.path(), &["run", "study.ron", "--no-charts", "--out", "out"]).done();
    run(directory.path(), &["run", "study.ron", "--shard", "1/1", "--out", "shards"]).done();
    directory
}

#[test]
fn a_reader_that_leaves_after_one_line_is_no_failure() {
    let directory = prepared();
    for arguments in PRINTERS {
        let script = format!("{{ $PROGRAM {arguments}; echo \"code $?\" >&2; }} | head -1");
        let said = shell(directory.path(), &["env"], &script).unwrap();
        assert_eq!(said.out.lines().count(), 1, "{arguments}: {said:?}");
        assert!(said.err.ends_with("code 0\n") && !said.err.contains("error"), "{arguments}: {said:?}");
        assert!(!said.err.contains("panicked"), "{arguments}: {said:?}");
    }
    assert!(directory.path().join("merged/manifest.json").is_file(), "the work is done all the same");
}

/// What a terminal of some columns shows, without colours and what was drawn over; `None` where util-linux' `script` is missing.
fn on_a_terminal(directory: &Path, columns: u16, arguments: &str) -> Option<String> {
    let inside = format!("stty cols {columns} rows 50; unset COLUMNS; $PROGRAM {arguments}");
    let script = format!(
        "script --version >/dev/null 2>&1 || {{ echo no script >&2; exit 77; }}; script -qec '{inside}' /dev/null"
    );
    let said = shell(directory, &["env"], &script)?;
    said.done();
    Some(plain(&said.out))
}

/// Text without escape sequences; what stands before a carriage return was drawn over.
fn plain(text: &str) -> String {
    let mut kept = String::new();
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if c == '\u{1b}' {
            rest.find(char::is_ascii_alphabetic);
        } else {
            kept.push(c);
        }
    }
    let lines = kept.split('\n').map(|line| line.trim_end_matches('\r').rsplit('\r').next().unwrap());
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_quiet_program_says_nothing_on_a_terminal_not_even_how_far_it_is() {
    let directory = prepared();
    for arguments in [
        "run study.ron --replications 5 --no-charts --force --out quiet --quiet",
        "run study.ron --replications 5 --shard 1/2 --out quiet-shards --quiet",
        "run study.ron --replications 5 --shard 2/2 --out quiet-shards -q",
        "merge quiet-shards --no-charts --out quiet-merged -q",
    ] {
        let Some(said) = on_a_terminal(directory.path(), 80, arguments) else { return };
        assert_eq!(said, "", "{arguments}");
    }
    assert!(directory.path().join("quiet-merged/manifest.json").is_file(), "the work is done all the same");
}

/// The lines of all tables, heads and rows included: in each paragraph those from its first rule to its last.
fn tables(text: &str) -> impl Iterator<Item = &str> {
    let is_rule = |line: &&str| line.starts_with(['\u{2500}', '\u{2550}']);
    text.split("\n\n").flat_map(move |paragraph| {
        let lines: Vec<&str> = paragraph.lines().collect();
        let first = lines.iter().position(is_rule).unwrap_or(lines.len());
        let end = lines.iter().rposition(is_rule).map_or(first, |last| last + 1);
        lines[first..end].to_vec()
    })
}

#[test]
fn a_terminal_of_40_columns_gets_tables_of_40_columns_with_whole_words() {
    let directory = prepared();
    for (arguments, words) in [
        (PRINTERS[0], ["(messages)", "against the", "compliant"]),
        (PRINTERS[5], ["cut-over (UTC): ", "work starts: ", "pause days: "]),
    ] {
        let Some(narrow) = on_a_terminal(directory.path(), 40, arguments) else { return };
        for word in words {
            assert!(narrow.contains(word), "{word} is missing in:\n{narrow}");
        }
        // Sentences may run on, for the terminal to break; tables and lists do not, but for the command to be copied.
        let drawn = tables(&narrow).chain(narrow.lines().filter(|line| line.starts_with("  ")));
        let drawn = drawn.filter(|line| !line.contains("New-TenantExemptionInfo") && !line.contains(" lost messages"));
        assert_eq!(drawn.filter(|line| line.chars().count() > 40).collect::<Vec<_>>(), Vec::<&str>::new(), "{narrow}");
        // The same numbers as on a wide one, if in another order.
        let wide = on_a_terminal(directory.path(), 200, arguments).unwrap();
        assert_eq!(numbers(&narrow), numbers(&wide), "{narrow}\n{wide}");
    }
}

/// The numbers in a text, sorted; those in headings come more often in a list.
fn numbers(text: &str) -> Vec<&str> {
    let mut found: Vec<&str> = text.split(|c: char| !c.is_ascii_digit()).filter(|digits| !digits.is_empty()).collect();
    found.sort_unstable();
    found.dedup();
    found
}

#[test]
fn terminals_of_any_width_show_every_command() {
    let directory = prepared();
    for columns in [1, 20, 80, 400] {
        for arguments in [PRINTERS[0], PRINTERS[3], PRINTERS[6]] {
            let Some(shown) = on_a_terminal(directory.path(), columns, arguments) else { return };
            assert!(shown.len() > 100, "{columns}, {arguments}: {shown}");
        }
    }
}

#[test]
fn a_terminal_of_80_columns_keeps_the_table_within_them() {
    let directory = prepared();
    let Some(shown) = on_a_terminal(directory.path(), 80, PRINTERS[0]) else { return };
    assert!(shown.contains("\u{2550}\u{2550}") && shown.contains(" compliant"), "{shown}");
    let drawn = shown.lines().filter(|line| line.starts_with([' ', '\u{2500}', '\u{2550}']));
    assert!(drawn.clone().count() > 10 && drawn.clone().all(|line| line.chars().count() <= 80), "{shown}");
}

#[test]
fn without_any_terminal_there_are_no_colours_and_no_bars() {
    let directory = prepared();
    for arguments in PRINTERS {
        let words: Vec<&str> = arguments.split(' ').collect();
        // A session of its own has no controlling terminal either.
        let mut command = Command::new("setsid");
        command.arg("-w").arg(PROGRAM).args(&words).current_dir(directory.path()).stdin(Stdio::null());
        let said: Said = match command.env("TERM", "xterm-256color").output() {
            Ok(output) => output.into(),
            Err(_) => run(directory.path(), &words),
        };
        said.done();
        assert!(!said.out.contains('\u{1b}') && !said.err.contains(['\u{1b}', '\r']), "{arguments}: {said:?}");
    }
}

#[test]
fn with_every_standard_stream_closed_the_work_is_done_all_the_same() {
    let directory = prepared();
    let script = "$PROGRAM run study.ron --no-charts --out closed <&- >&- 2>&-; echo code $?";
    let said = shell(directory.path(), &["env"], script).unwrap();
    assert_eq!(said.out, "code 0\n", "{said:?}");
    assert!(files(&directory.path().join("closed")) == files(&directory.path().join("out")));
}

#[test]
fn locale_time_zone_and_home_change_no_byte() {
    let directory = prepared();
    let path = directory.path();
    for arguments in PRINTERS {
        let words: Vec<&str> = arguments.split(' ').collect();
        let said = |language: &str, zone: &str| {
            let mut command = Command::new(PROGRAM);
            command.current_dir(path).args(&words).env_clear().env("LANG", language).env("LC_ALL", language);
            let said = Said::from(command.env("TZ", zone).stdin(Stdio::null()).output().unwrap());
            said.done();
            (said.out, said.err, files(&path.join("out")))
        };
        let usual = said("en_US.UTF-8", "UTC");
        for (language, zone) in [("C", "Asia/Kathmandu"), ("POSIX", "America/St_Johns"), ("de_DE@euro", "nonsense")] {
            assert!(said(language, zone) == usual, "{arguments} under LANG={language}, TZ={zone}");
        }
    }
}
