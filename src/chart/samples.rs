//! Realistic figures for the tests: seven policies over 28 months.

use super::*;
use crate::time::{Day, SimTime};

pub(super) const NAMES: [&str; 7] = [
    "announced ladder",
    "no enforcement",
    "next raise 3 months later",
    "throttle kept in stages 6-7",
    "ladder twice as slow",
    "no pauses granted",
    "straight to full block",
];

pub(super) fn role(index: usize) -> Role {
    Role::new(NAMES[index % NAMES.len()], index)
}

pub(super) fn day(text: &str) -> Day {
    text.parse::<SimTime>().unwrap().day()
}

/// A repeatable wobble between -1 and 1.
fn wobble(n: usize, salt: usize) -> f64 {
    let mixed = (n as u64 * 6_364_136_223_846_793_005 + salt as u64 * 1_442_695_040_888_963_407).rotate_left(29);
    (mixed.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40) as f64 / (1u64 << 23) as f64 - 1.0
}

fn figure(title: &str, subtitle: &str, body: impl Into<Body>) -> Figure {
    Figure::new(title, subtitle, body)
        .footer("microsoft-2023 · seed 42 · 400 replications · horizon 2028-12-31 · v0.1.0 (abc1234) · study 1a2b3c4d")
        .note("Throttle, block and pause behaviour are assumptions, not measurements; see data/default-parameters.csv.")
}

pub(super) fn lines(count: usize) -> Figure {
    let (from, to) = (day("2026-09-07").number(), day("2028-12-31").number());
    let series = |index: usize| {
        let size = [3.1e6, 0.0, 2.6e6, 2.2e6, 1.7e6, 4.4e6, 5.0e6][index];
        let point = |n: i32| {
            let t = f64::from(n - from);
            let wave =
                |start: f64| if t < start { 0.0 } else { ((t - start) / 70.0) * (1.0 - (t - start) / 70.0).exp() };
            let late = if index == 2 { 90.0 } else { 0.0 };
            let value = size * (wave(60.0) + 0.6 * wave(330.0 + late) + 0.4 * wave(620.0 + late)) / 1.1;
            let value = value * (1.0 + 0.02 * wobble(n as usize / 7, index));
            DayPoint::new(Day::from_number(n), value).band(value * 0.82, value * 1.2)
        };
        Series::new(role(index), (from..=to).map(point).collect())
    };
    let mut lines = Lines::new("messages lost a week", (0..count).map(series).collect());
    lines.periods = [("2026-12-15", "2027-01-10"), ("2027-12-15", "2028-01-10")]
        .map(|(from, to)| Period { from: day(from), to: day(to), label: "change freeze".into() })
        .into();
    lines.events = [
        ("2026-10-01", "Exchange 2016 and 2019 out of ESU"),
        ("2027-07-01", "baseline raised"),
        ("2028-04-01", "baseline raised"),
    ]
    .map(|(at, label)| Event { day: day(at), label: label.into() })
    .into();
    figure(
        "Keeping the throttle in stages 6 and 7 cuts lost mail by 29 %, more than any delay of the schedule does",
        "Messages lost to blocking per week, mean of 400 replications, 12,400 tenants with 41,283 servers. Shaded: 5th to 95th percentile of replications, first two scenarios",
        lines,
    )
}

fn curve(index: usize) -> Curve {
    let rate = [0.011, 0.0035, 0.010, 0.0095, 0.0075, 0.014, 0.03][index];
    let start = 5_897u64;
    let share = |t: f64| (-rate * t * (0.4 + t / 250.0).min(1.6)).exp();
    let steps = (1..=720).map(|n| {
        let (days, share) = (f64::from(n) / 2.0, share(f64::from(n) / 2.0));
        let half = 0.04 * (share * (1.0 - share)).sqrt();
        Step { days, share, band: Some((share - half, share + half)) }
    });
    let censored = (0..24).map(|n| 120.0 + 10.0 * f64::from(n)).collect();
    let risk = (0..=36).map(|n| {
        let days = f64::from(n) * 10.0;
        let lost = (days.max(110.0) - 110.0) as u64 * 3;
        let events = (start as f64 * (1.0 - share(days))) as u64;
        Risk { days, at_risk: start.saturating_sub(events + lost), censored: lost, events }
    });
    let mut curve = Curve::new(role(index), steps.collect());
    curve.censored = censored;
    curve.risk = risk.collect();
    if index == 0 {
        curve.exact = (0..=360).map(|t| (f64::from(t), share(f64::from(t)))).collect();
    }
    curve
}

pub(super) fn survival(count: usize) -> Figure {
    figure(
        "Half of the servers are done by day 61; without enforcement it takes 195 days",
        "Kaplan-Meier estimate of the share of servers still non-compliant, first cycle, 5,897 servers. Bands: 95 % interval; +: still open when observation ended",
        Survival::new((0..count).map(curve).collect()),
    )
}

pub(super) fn stages() -> Vec<Stage> {
    let enforced = |throttled, blocked| Tone::Enforced { throttled, blocked };
    [
        ("full block", enforced(0, 60)),
        ("blocked 20 min", enforced(0, 20)),
        ("blocked 10 min", enforced(0, 10)),
        ("throttled 30, blocked 5", enforced(30, 5)),
        ("throttled 20 min", enforced(20, 0)),
        ("throttled 10 min", enforced(10, 0)),
        ("throttled 5 min", enforced(5, 0)),
        ("report only", Tone::Report),
        ("paused", Tone::Paused),
        ("not yet enforced", Tone::Unaware),
    ]
    .map(|(name, tone)| Stage::new(name, tone))
    .into()
}

fn area_panel(index: usize) -> AreaPanel {
    let (from, to) = (day("2026-09-07").number(), day("2028-12-31").number());
    let row = |n: i32| {
        let t = f64::from(n - from);
        let left = 41_283.0 * (-t / (260.0 + 70.0 * index as f64)).exp();
        let mut shares: Vec<f64> = (0..10).map(|k| (-((t / 40.0 - (9 - k) as f64) / 2.2).powi(2)).exp()).collect();
        shares[0] = if t > 200.0 { (t - 200.0) / 160.0 } else { 0.0 };
        shares[8] = 0.25 + 0.2 * (t / 58.0).sin();
        shares[9] = (1.0 - t / 200.0).max(0.02);
        let sum: f64 = shares.iter().sum();
        (Day::from_number(n), shares.iter().map(|share| left * share / sum).collect())
    };
    AreaPanel { title: NAMES[index % 7].into(), rows: (from..=to).map(row).collect() }
}

pub(super) fn areas(count: usize) -> Figure {
    figure(
        "Under the announced ladder 9,400 servers reach the full block in 2027",
        "Servers by stage at the end of each day, mean of 400 replications, 41,283 servers",
        Areas::new("servers", stages(), (0..count).map(area_panel).collect()),
    )
}
