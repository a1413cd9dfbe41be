use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::all;
use crate::html::{Look, Sources, page};
use brownout_chart::ChartError;
use brownout_experiment::{Results, Run, Runner};
use brownout_kernel::watch::{Stopped, Watch};
use brownout_reading::compose::compose;
use brownout_reading::text::SourceFile;

/// A watch that says no to the question of this number, from 0, and how many were asked.
fn until(last: usize) -> (Watch, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let ask = move |_| match count.fetch_add(1, Ordering::Relaxed) {
        number if number >= last => ControlFlow::Break(()),
        _ => ControlFlow::Continue(()),
    };
    (Watch::new(ask), asked)
}

#[test]
fn figures_and_page_ask_before_each_figure_and_end_when_told() {
    let text = brownout_scenarios::text("analytic-twin.ron").unwrap().to_owned();
    let file = Arc::new(SourceFile { path: "analytic-twin.ron".to_owned(), text });
    let study = compose("analytic-twin", &file, &mut |_| Err("no further files".to_owned())).0.unwrap();
    let results = Results::run(&Runner::new(&study), 2, &|_| ());
    let run = Run { study: &study, results: &results };

    let (watch, asked) = until(usize::MAX);
    let figures = all(run, "", &watch).unwrap();
    let views: usize = figures.iter().map(|named| named.views.len()).sum();
    assert!(figures.len() > 8 && views > 0);
    let questions = asked.load(Ordering::Relaxed);
    assert!(questions >= figures.len(), "{questions} questions for {} figures", figures.len());
    for last in [0, questions / 2, questions - 1] {
        let (watch, asked) = until(last);
        assert_eq!(all(run, "", &watch).err(), Some(Stopped), "question {last}");
        assert_eq!(asked.load(Ordering::Relaxed), last + 1);
    }

    let drawn =
        |watch: &Watch| page(run, &Sources { inputs: &[], warnings: &[], figures: &figures, look: Look::PLAIN, watch });
    let (watch, asked) = until(usize::MAX);
    assert!(drawn(&watch).is_ok() && asked.load(Ordering::Relaxed) > figures.len() + views);
    for last in [0, figures.len()] {
        assert!(matches!(drawn(&until(last).0), Err(ChartError::Stopped(Stopped))), "question {last}");
    }
}
