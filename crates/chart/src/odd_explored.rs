//! Figures of explorations from realistic and from odd data: each draws, and its words stay on the page.

use super::page::Mark;
use super::samples::role;
use super::*;

/// Draws and checks what must hold for any input.
fn draws(name: &str, body: impl Into<Body>) {
    let figure = Figure::new("A title", "A subtitle", body).footer("a footer");
    for mark in layout::page(&figure).marks {
        if let Mark::Words(words) = mark {
            let area = words.area();
            let inside = area.left >= -1.0 && area.right <= 1601.0 && area.bottom <= 1001.0;
            assert!(inside, "{name}: {words:?} {area:?}");
        }
    }
    let first = super::png(&figure, &[]).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(first, super::png(&figure, &[]).unwrap(), "{name}");
}

const ODD: [f64; 8] = [0.0, -0.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300, -1e300, 5e-324];

fn long(words: &str) -> String {
    format!("{words} ").repeat(12)
}

#[test]
fn empty_figures_draw() {
    draws("tornado", Tornado::default());
    draws("mu-sigma", MuSigma::default());
    draws("ranking", Ranking::default());
    draws("limits", BoxLimits::default());
    draws("tradeoff", Tradeoff::default());
    draws("front", Front::default());
    draws("regret", Regret::default());
    draws("parallel", Parallel::default());
}

#[test]
fn odd_numbers_and_long_names_draw() {
    let bar = |value: f64| TornadoRow {
        name: long("unknown"),
        total: (value, -value, value),
        first: value,
        is_luck: value > 0.5,
    };
    let panel = TornadoPanel { title: long("how far"), rows: ODD.into_iter().map(bar).collect() };
    draws("tornado", Tornado::new(vec![panel; 4]));
    let factor = |value: f64| Screened { name: long("unknown"), mu_star: (value, value, value), sigma: value };
    draws("mu-sigma", MuSigma::new("messages", ODD.into_iter().map(factor).collect()));
    let cell = |value: f64| Some(Compared { better: value, worse: 100.0 });
    let cells = vec![ODD.into_iter().map(cell).collect(); 5];
    let panels = vec![RankingPanel { title: long("fewer messages"), cells }; 3];
    draws("ranking", Ranking::new((0..7).map(role).collect(), panels));
    let row = |value: f64| LimitRow {
        name: long("unknown"),
        ends: (long("from"), long("to")),
        inside: vec![(value, 0.5)],
        said: long("at most"),
        trust: long("found again"),
    };
    let panel = LimitsPanel { title: long("a box"), rows: ODD.into_iter().map(row).collect() };
    draws("limits", BoxLimits::new(vec![panel, LimitsPanel::default()]));
    let points: Vec<(f64, f64)> = ODD.into_iter().map(|value| (value, value)).collect();
    let panel =
        TradeoffPanel { title: long("a box"), found: points.clone(), held: points, chosen: Some(2), base_rate: 2.0 };
    draws("tradeoff", Tradeoff::new(vec![panel; 3]));
    let found =
        |value: f64| FrontPoint { x: (value, value, value), y: (value, 0.0, value), label: "12".into(), chance: value };
    let known = ODD.into_iter().map(|value| (role(1), (value, 0.0, value), (value, 0.0, 1.0))).collect();
    let panel = FrontPanel { title: long("as it is"), found: ODD.into_iter().map(found).collect(), known };
    draws("front", Front { x_label: long("lost"), y_label: long("exposure"), panels: vec![panel; 3] });
    let row = |index: usize| RegretRow { role: role(index), regrets: ODD.to_vec(), note: long("best") };
    draws("regret", Regret::new("messages", (0..7).map(row).collect()));
    let axis = || ParallelAxis { name: long("unknown"), ends: (long("low"), long("high")) };
    let lines = vec![(ODD.to_vec(), Ruling::Wrong), (vec![0.5], Ruling::Open), (vec![], Ruling::Right)];
    draws("parallel", Parallel { axes: (0..14).map(|_| axis()).collect(), futures: lines, key: Default::default() });
}

#[test]
fn a_bar_is_as_long_as_its_index_and_luck_is_grey() {
    let row = |name: &str, total: f64, is_luck| TornadoRow {
        name: name.into(),
        total: (total, total, total),
        first: 0.0,
        is_luck,
    };
    let rows = vec![row("block", 0.5, false), row("luck", 0.25, true)];
    let body = Tornado::new(vec![TornadoPanel { title: "which".into(), rows }]);
    let page = layout::page(&Figure::new("t", "s", body));
    let bars: Vec<(f64, theme::Ink)> = page
        .marks
        .iter()
        .filter_map(|mark| match mark {
            Mark::Fill { points, ink, .. } if points.len() == 4 => Some((points[1].0 - points[0].0, *ink)),
            _ => None,
        })
        .filter(|(width, _)| *width > 60.0)
        .collect();
    assert_eq!(bars.len(), 2, "{bars:?}");
    assert!((bars[0].0 / bars[1].0 - 2.0).abs() < 1e-9, "{bars:?}");
    assert_eq!(bars[1].1, theme::FREEZE);
}
