//! The program plans again: what is remembered, what is in hand, and what is refused.

use std::fs;

use tempfile::TempDir;

use super::teams::{all_in, dates, good, plan};
use crate::common::{brownout, write};

const CREWS: &str = r#"crews: [(name: "team", windows: [(day: "Sat", from: "18:00", hours: 6)], freezes: [(from: "12-15", to: "01-02")])]"#;
const FLEET: &str = "server,build,first_detected,messages_per_day,work_likely\n\
                     a,15.1.2507.57,2026-10-01,1000,1\nb,15.1.2507.57,2026-10-01,900,1\nc,15.1.2507.57,2026-10-01,800,1\n\
                     d,15.1.2507.57,2026-10-01,700,3\n";

fn team() -> TempDir {
    let directory = super::teams::team(CREWS, FLEET);
    fs::copy(directory.path().join("plan.ron"), directory.path().join("other.ron")).unwrap();
    directory
}

#[test]
fn what_is_done_in_hand_and_paused_is_remembered_from_plan_to_plan() {
    let directory = team();
    good(&directory, &["plan.ron", "--out", "first"]);
    let first = dates(&directory, "first");
    assert_eq!(first.len(), 4);
    let begin = ["plan.ron", "--out", "second", "--former", "first", "--as-of", "2026-12-01"];
    let second = good(&directory, &[&begin[..], &["--as-planned"]].concat());
    all_in(
        &second.err,
        &[
            "remembered from the plan as of 2026-11-21: 0 servers done",
            "taken to have gone as planned since then: 1 server",
        ],
    );
    all_in(&second.out, &["of 1 server 1 on the planned day", "that could keep their former date 0 are given another"]);
    let ahead: Vec<_> = first.iter().filter(|date| date.1.as_str() > "2026-12-01").cloned().collect();
    assert_eq!(dates(&directory, "second"), ahead);

    // Nothing is said a second time, and the same day is planned again as it was.
    let third = good(&directory, &["plan.ron", "--out", "third", "--former", "second"]);
    all_in(&third.err, &["remembered from the plan as of 2026-12-01: 1 server done"]);
    assert_eq!(dates(&directory, "third"), ahead);
    let read = |out: &str| fs::read_to_string(directory.path().join(out).join("state.ron")).unwrap();
    assert_eq!(read("second"), read("third"), "a plan remembers what it was made from");
    brownout(&directory).args(["verify", "second"]).assert().success();
}

/// The command of "how to reproduce" on a page, as a shell reads it.
fn command(page: &str) -> Vec<String> {
    let section = page.split_once("id=\"reproduce\"").unwrap().1;
    let line = section.split_once("<code>").unwrap().1.split_once("</code>").unwrap().0;
    line.split(' ').map(str::to_owned).collect()
}

#[test]
fn the_page_has_the_command_and_it_gives_the_same_files_wherever_the_former_plan_lies() {
    let directory = team();
    good(&directory, &["plan.ron", "--out", "first"]);
    let said = [
        "--as-of",
        "2026-12-08",
        "--done",
        "a=2026-11-29",
        "--in-hand",
        "c=2026-12-07",
        "--as-planned",
        "--used",
        "2026:3",
    ];
    let words = [&["plan.ron", "--former", "first/../first", "--out", "second"], &said[..]].concat();
    good(&directory, &words);
    let page = fs::read_to_string(directory.path().join("second/report.html")).unwrap();
    let command = command(&page);
    assert_eq!(command[..4], ["brownout", "plan", "plan.ron", "--former"]);
    assert_eq!(command[4], "FORMER");
    let at = |word: &str| if word == "FORMER" { "first".to_owned() } else { word.to_owned() };
    let arguments: Vec<String> = command[2..].iter().map(|word| at(word)).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let again = plan(&directory, &[&arguments[..], &["--out", "third"]].concat());
    assert_eq!(again.code, 0, "{}", again.err);
    for name in ["plan.csv", "changes.csv", "plan.ics", "project.xml", "state.ron", "report.html"] {
        let read = |out: &str| fs::read(directory.path().join(out).join(name)).unwrap();
        assert_eq!(read("second"), read("third"), "{name}");
    }
    brownout(&directory).args(["verify", "second"]).assert().success();
}

#[test]
fn work_in_hand_keeps_its_date_or_goes_on_now_whatever_freeze_there_is() {
    let directory = team();
    good(&directory, &["plan.ron", "--out", "first"]);
    // The one that is cut over on Saturday 12 December, begun the day before.
    let (late, _) = dates(&directory, "first").into_iter().find(|date| date.1.starts_with("2026-12-12")).unwrap();
    // A freeze that was not there before covers all of December and January.
    let text = fs::read_to_string(directory.path().join("plan.ron")).unwrap();
    write(directory.path(), "plan.ron", &text.replace("12-15", "12-01").replace("01-02", "02-01"));
    let again = ["plan.ron", "--former", "first", "--as-of", "2026-12-11", "--as-planned"];
    good(&directory, &[&again[..], &["--out", "frozen"]].concat());
    let before = dates(&directory, "first");
    let date = |dates: &[(String, String)], name: &str| dates.iter().find(|date| date.0 == name).unwrap().1.clone();
    let moved = |dates: &[(String, String)]| dates.iter().filter(|one| one.1 != date(&before, &one.0)).count();
    let frozen = dates(&directory, "frozen");
    assert!(moved(&frozen) > 0 && date(&frozen, &late).as_str() >= "2027-02-01", "{frozen:?}");
    let in_hand = good(&directory, &[&again[..], &["--out", "hand", "--in-hand", &late]].concat());
    assert_eq!(date(&dates(&directory, "hand"), &late), date(&before, &late));
    all_in(&in_hand.out, &[&format!("{late}: in hand"), "keeps 20"]);

    // Without a date of a former plan it goes on now: the first window in which its work is done.
    let now = good(&directory, &["plan.ron", "--as-of", "2026-12-21", "--in-hand", "d=2026-12-18", "--out", "now"]);
    assert_eq!(date(&dates(&directory, "now"), "d"), "2026-12-26T18:00:00Z", "{}", now.out);
    // The fleet can say so as well.
    let told = FLEET.replace("work_likely\n", "work_likely,in_hand\n").replace(",700,3\n", ",700,3,2026-12-18\n");
    let told: String = told
        .lines()
        .map(|line| if line.ends_with(",1") { format!("{line},\n") } else { format!("{line}\n") })
        .collect();
    write(directory.path(), "fleet.csv", &told);
    good(&directory, &["plan.ron", "--as-of", "2026-12-21", "--out", "told"]);
    assert_eq!(date(&dates(&directory, "told"), "d"), "2026-12-26T18:00:00Z");
    let plan_csv = fs::read_to_string(directory.path().join("told/plan.csv")).unwrap();
    assert_eq!(plan_csv.matches(",in hand,").count(), 1, "{plan_csv}");
    let early = plan(&directory, &["plan.ron", "--as-of", "2026-12-17", "--no-files"]);
    assert_eq!(early.code, 2);
    all_in(&early.err, &["column in_hand: d cannot be in hand since 2026-12-18 already"]);
}

#[test]
fn a_former_plan_that_is_missing_spoilt_or_of_another_plan_is_refused() {
    let directory = team();
    good(&directory, &["plan.ron", "--out", "first"]);
    let refused = |more: &[&str], parts: &[&str]| {
        let answer = plan(&directory, more);
        assert_eq!((answer.code, answer.out.as_str()), (2, ""), "{more:?}: {}", answer.err);
        all_in(&answer.err, parts);
    };
    refused(&["plan.ron", "--former", "nowhere"], &["nowhere/state.ron", "holds state.ron", "--done, --in-hand"]);
    refused(
        &["other.ron", "--former", "first"],
        &["first/state.ron:4:11", "this is of the plan \"plan\"; expected \"other\""],
    );
    refused(
        &["plan.ron", "--former", "first", "--as-of", "2026-11-20"],
        &["--as-of: 2026-11-20 is before 2026-11-21", "plan again from that day on"],
    );
    refused(&["plan.ron", "--as-planned"], &["--former"]);
    refused(&["plan.ron", "--in-hand", "x", "--no-files"], &["--in-hand: no server is called \"x\""]);
    refused(
        &["plan.ron", "--in-hand", "a=2026-12-24", "--no-files"],
        &["a cannot be in hand since 2026-12-24 already"],
    );
    refused(
        &["plan.ron", "--as-of", "2026-11-25", "--in-hand", "a", "--done", "a=2026-11-24", "--no-files"],
        &["a is said to be done and to be in hand"],
    );
    write(&directory.path().join("first"), "state.ron", "(version: 1, plan: \"plan\")");
    refused(&["plan.ron", "--former", "first"], &["first/state.ron"]);
}

#[test]
fn a_plan_that_would_forget_what_was_done_is_refused() {
    let directory = team();
    let begin = ["plan.ron", "--out", "plan", "--as-of", "2026-12-01", "--force"];
    good(&directory, &[&begin[..], &["--done", "a=2026-11-28"]].concat());
    let answer = plan(&directory, &[&begin[..], &["--done", "b=2026-11-30"]].concat());
    assert_eq!(answer.code, 2);
    all_in(&answer.err, &["plan/state.ron: a was done", "--former plan"]);
    good(&directory, &[&begin[..], &["--done", "b=2026-11-30", "--former", "plan"]].concat());
    assert_eq!(dates(&directory, "plan").len(), 2);
}
