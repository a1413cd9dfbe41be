//! A search or a selection that was interrupted goes on where it stopped: nothing that was lived is lived again.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use brownout::explore::StudyTemplate;
use brownout::explore::adaptive;
use brownout::explore::book::{Book, Misfit};
use brownout::explore::file::{Explore, read};
use brownout::explore::findings::Findings;
use brownout::explore::points::{Ended, Outcome};
use brownout::reading::load::Reading;
use brownout::telling::exploration::tables::tables;
use tempfile::TempDir;

use crate::common::write;
use crate::program::explore_search::{FILE, study};
use crate::sameness::explore_machines::killed;
use crate::sameness::shards::{done, same};

const SCHEDULES: [&str; 2] = ["ladder", "at once"];
/// The place of the first point that a step asks for, as if so many were known beforehand.
const FIRST: u64 = 100;

fn folder(file: &str) -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    write(directory.path(), "study.ron", &study().ron());
    write(directory.path(), "ask.ron", file);
    directory
}

struct Taken {
    ended: Result<Ended, Misfit>,
    lives: u64,
    kept: Vec<(u64, Outcome)>,
    found: Findings,
}

/// Takes the steps with so many rows known, and stops after so many lives.
fn taken(explore: &Explore, template: &StudyTemplate, known: Vec<Outcome>, most: u64) -> Taken {
    let lives = AtomicU64::new(0);
    let ask = |lived| {
        let all = lives.fetch_add(lived, Ordering::Relaxed) + lived;
        if all >= most { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let (mut kept, mut found) = (Vec::new(), Findings::default());
    let mut keep = |place, outcome: &Outcome| {
        kept.push((place, outcome.clone()));
        Ok::<(), Misfit>(())
    };
    let mut book = Book::beyond(FIRST, known, &ask, &mut keep);
    let ended = adaptive::take(explore, template, SCHEDULES.len(), &mut book, &mut found);
    Taken { ended, lives: lives.into_inner(), kept, found }
}

#[test]
fn what_a_stopped_search_lived_is_taken_and_only_the_rest_is_lived() {
    let directory = folder(FILE);
    let (explore, places) = read(&Reading::begin(&directory.path().join("ask.ron")).unwrap().file()).unwrap();
    let mut reading = Reading::begin(&directory.path().join("study.ron")).unwrap();
    let file = reading.file();
    let template = StudyTemplate::new(&explore, &places, "study", &file, &mut |relative| reading.read(relative));
    let template = template.unwrap();
    let names = SCHEDULES.map(str::to_owned);
    let words = |taken: &Taken| tables(&explore, &[], &taken.found, &names);
    let whole = taken(&explore, &template, Vec::new(), u64::MAX);
    assert_eq!(whole.ended, Ok(Ended::Complete));
    assert!(whole.kept.iter().map(|row| row.0).eq(FIRST..FIRST + whole.kept.len() as u64), "places in order");
    for share in [0.1, 0.5, 0.9] {
        let most = (whole.lives as f64 * share) as u64;
        let first = taken(&explore, &template, Vec::new(), most);
        assert_eq!(first.ended, Ok(Ended::Stopped));
        assert!(!first.kept.is_empty() && first.kept[..] == whole.kept[..first.kept.len()], "{share}");
        let known = first.kept.iter().map(|row| row.1.clone()).collect();
        let second = taken(&explore, &template, known, u64::MAX);
        assert_eq!(second.ended, Ok(Ended::Complete));
        assert_eq!(second.kept[..], whole.kept[first.kept.len()..], "{share}: only the rest is lived");
        assert_eq!(words(&second), words(&whole), "{share}");
        // Each point that was not whole when it was stopped is all that is lived twice.
        let per_row = |taken: &Taken| taken.lives as f64 / taken.kept.len() as f64;
        assert!(second.lives < whole.lives && per_row(&second) <= 2.0 * per_row(&whole), "{share}");
    }
    // Rows of another question are told, not taken.
    let other: Vec<Outcome> = vec![Ok(vec![vec![vec![Some(1.0)]]])];
    assert_eq!(taken(&explore, &template, other, u64::MAX).ended, Err(Misfit { index: FIRST }));
}

#[test]
fn a_search_that_is_killed_and_resumed_gives_the_same_bytes_and_says_what_it_need_not_live() {
    // Nearly all of the time is the search's.
    let directory = folder(&FILE.replace("generations: 4", "generations: 150").replace("futures: 3", "futures: 40"));
    let whole = ["explore", "ask.ron", "--no-charts", "--threads", "1"];
    let begun = Instant::now();
    done(&directory, &[&whole as &[&str], &["--out", "whole"]].concat());
    let takes = begun.elapsed();
    let mut hits = 0;
    for time in 0..20 {
        let out = format!("out-{time}");
        let arguments = [&whole as &[&str], &["--checkpoint", "0", "--resume", "--out", &out]].concat();
        if killed(&directory, &arguments, takes.mul_f64(0.3 + 0.05 * f64::from(time % 10))) {
            let (_, told) = done(&directory, &arguments);
            hits += u32::from(told.contains("of its searches and selections"));
            same(&directory, "whole", &out);
        }
        if hits == 3 {
            break;
        }
    }
    assert!(hits == 3, "only {hits} of 20 kills hit a search of {takes:?}");
}
