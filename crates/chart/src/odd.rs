//! Odd input: every kind of figure still draws, and its words stay on the page.

use super::page::Mark;
use super::samples::{day, role, stages};
use super::*;
use brownout_kernel::time::{Day, SimTime};

/// Draws and checks what must hold for any input.
fn draws(name: &str, body: impl Into<Body>) {
    let figure = Figure::new("A title", "A subtitle", body).footer("a footer");
    for mark in layout::page(&figure).marks {
        if let Mark::Words(words) = mark {
            let area = words.area();
            assert!(area.left >= 0.0 && area.right <= 1600.0 && area.bottom <= 1000.0, "{name}: {words:?}");
        }
    }
    let png = super::png(&figure, &[]).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert!(png.len() > 1000, "{name}");
}

const ODD: [f64; 8] = [0.0, -0.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300, -1e300, 5e-324];

#[test]
fn empty_figures_draw() {
    draws("lines", Lines::default());
    draws("survival", Survival::default());
    draws("areas", Areas::default());
    draws("dots", Dots::default());
    draws("scatter", Scatter::default());
    draws("bars", Bars::default());
    draws("bars upright", Bars::default().upright());
    draws("distribution", Distribution::default());
    draws("incidence", Incidence::default());
    draws("overview", Overview::default());
    draws("timeline", Timeline::default());
    draws("overview of empty panels", Overview::new(vec![Panel::new("", "", Lines::default()); 6]));
    let nested = Overview::new(vec![Panel::new("inner", "", Overview::default())]);
    draws("nested overview", nested);
}

#[test]
fn one_point_zeros_gaps_and_extremes_draw_as_lines() {
    let series = |values: &[f64]| {
        let point = |(n, value): (usize, &f64)| {
            DayPoint::new(Day::from_number(20_700 + n as i32), *value).band(*value, ODD[n % ODD.len()])
        };
        Series::new(role(0), values.iter().enumerate().map(point).collect())
    };
    for values in [&[][..], &[5.0], &[0.0, 0.0], &[f64::NAN; 3], &[1.0, f64::NAN, 2.0], &[-3.0, -1.0], &ODD] {
        draws("lines", Lines::new("messages", vec![series(values)]));
    }
    let ends = [i32::MIN, i32::MAX].map(|n| DayPoint::new(Day::from_number(n), 1.0));
    let mut lines = Lines::new("%", vec![Series::new(role(1), ends.into())]);
    lines.events = vec![Event { day: day("2027-01-01"), label: "word ".repeat(80), of: vec![9] }];
    lines.periods = vec![Period { from: day("2028-01-01"), to: day("2027-01-01"), label: String::new() }];
    draws("extreme days", lines);
}

#[test]
fn all_censored_and_strange_curves_draw() {
    let mut all_censored = Curve::new(role(0), vec![]);
    all_censored.censored = vec![90.0; 500];
    all_censored.risk = vec![Risk { days: 0.0, at_risk: u64::MAX, censored: 0, events: 0 }];
    assert_eq!(all_censored.median_days(), None);
    draws("all censored", Survival::new(vec![all_censored.clone(); 7]));
    let step = |n: usize| Step { days: n as f64, share: ODD[n % 8], band: Some((ODD[(n + 3) % 8], ODD[(n + 5) % 8])) };
    let mut strange = Curve::new(Role::new("n".repeat(300), 99), (0..40).map(step).collect());
    strange.exact = ODD.map(|value| (value, value)).into();
    strange.censored = ODD.into();
    draws("strange", Survival::new(vec![strange.clone(), all_censored]));
    let mut short = Survival::new(vec![strange]);
    short.days_max = Some(f64::NAN);
    draws("no end", short);
}

#[test]
fn odd_areas_and_incidence_draw() {
    for count in 1..=12 {
        let rows = vec![
            (day("2027-01-01"), vec![1.0, f64::NAN]),
            (day("2027-01-02"), vec![]),
            (day("2027-01-03"), ODD.into()),
        ];
        let panel = AreaPanel { title: "a very long title ".repeat(9), rows };
        draws("areas", Areas::new("servers", stages(), vec![panel; count]));
        let panel = IncidencePanel {
            title: String::new(),
            rows: vec![(0.0, vec![]), (f64::NAN, vec![0.1]), (9.0, ODD.into())],
        };
        draws("incidence", Incidence::new(vec!["patched".into(), "upgraded".into()], vec![panel; count]));
    }
    let single = AreaPanel { title: "one day".into(), rows: vec![(day("2027-01-01"), vec![7.0])] };
    draws("one day", Areas::new("servers", stages(), vec![single]));
}

#[test]
fn odd_dots_bars_and_distributions_draw() {
    let rows: Vec<Role> = (0..12).map(role).collect();
    let words = "word ".repeat(20);
    let differences = ODD.map(|value| {
        let interval = (value != 0.0).then_some((value, 1.0));
        Some(Difference { mean: value, interval, estimate: words.clone(), verdict: words.clone() })
    });
    for count in 1..=7 {
        let measure = Measure::new("measure ".repeat(30), "unit", differences.clone().into());
        draws("dots", Dots::new(rows.clone(), vec![measure; count]));
        let years = (0..count).map(|n| format!("year {n}")).collect();
        let bar = Bar { role: role(1), values: ODD.into(), bands: vec![Some((f64::NAN, 4.0)), None, Some((1.0, 2.0))] };
        let bars = Bars::new("pause days", years, vec![bar; 12]);
        draws("bars", bars.clone());
        draws("bars upright", bars.upright());
    }
    let points = ODD.map(|value| (value, 0.5)).into_iter().chain(ODD.map(|value| (3.0, value))).collect();
    let quantiles = vec![("p50".to_owned(), f64::NAN, 0.0), ("p99".to_owned(), 0.99, f64::INFINITY)];
    let mut tail = Distribution::new("messages", vec![TailCurve { role: role(2), points, quantiles, words: None }]);
    draws("tail", tail.clone());
    tail.scale = ShareScale::Linear;
    draws("tail linear", tail);
}

#[test]
fn odd_timelines_draw() {
    let at = SimTime::from_seconds;
    let span =
        |from: i64, to: Option<i64>, tone| StageSpan { name: "stage".into(), from: at(from), to: to.map(at), tone };
    draws("open", Timeline::new(vec![span(0, None, Tone::Report)]));
    draws("never", Timeline::new(vec![StageSpan { to: Some(SimTime::NEVER), ..span(0, None, Tone::Paused) }]));
    draws("backwards", Timeline::new(vec![span(900_000, Some(5), Tone::Done), span(4, Some(4), Tone::Unaware)]));
    let crowd =
        (0..60).map(|n| span(n * 3_600, Some((n + 1) * 3_600), Tone::Enforced { throttled: 255, blocked: n as u8 }));
    let mut crowd = Timeline::new(crowd.collect());
    crowd.now = Some((SimTime::NEVER, "n".repeat(300)));
    crowd.next = Some((at(-5), String::new()));
    draws("crowd", crowd);
}

#[test]
fn long_words_shrink_or_end_in_an_ellipsis() {
    let mut figure =
        Figure::new("title ".repeat(60), "subtitle ".repeat(90), Lines::default()).footer("foot ".repeat(200));
    for _ in 0..9 {
        figure = figure.note("note ".repeat(100));
    }
    let page = layout::page(&figure);
    let inside = |words: &page::Words| words.area().right <= 1592.0 && words.size >= 17.0;
    assert!(page.marks.iter().all(|mark| !matches!(mark, Mark::Words(words) if !inside(words))));
    assert!(super::png(&figure, &[]).is_ok());
}
