//! Realistic figures for the tests: seven policies over 28 months.

use super::*;
use brownout_kernel::time::{Day, SimTime};

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
    let (n, salt) = (n as u64, salt as u64);
    let sum = n.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(salt.wrapping_mul(1_442_695_040_888_963_407));
    let mixed = sum.rotate_left(29);
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
    .map(|(at, label)| Event { day: day(at), label: label.into(), of: Vec::new() })
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

pub(super) fn dots(measures: usize) -> Figure {
    let rows: Vec<Role> = (1..7).map(role).collect();
    let estimate = |mean: f64, half: f64| {
        let verdict = match mean {
            0.0 => "the same",
            _ if mean.abs() < half => "cannot tell apart yet",
            _ if mean < 0.0 => "4 % fewer",
            _ => "7 % more",
        };
        let interval = Some((mean - half, mean + half));
        Some(Difference {
            mean,
            interval,
            estimate: brownout_text::numbers::signed(mean, ""),
            verdict: verdict.to_owned(),
        })
    };
    let lost = [-11.9e6, -0.4e6, -3.5e6, -5.2e6, 4.8e6, 7.1e6].map(|mean| estimate(mean, 0.6e6));
    let open = [5_210.0, 640.0, 55.0, 1_830.0, -1_120.0, -2_904.0].map(|mean| estimate(mean, 160.0));
    let days = [61.0, 8.0, 2.1, 20.5, -13.0, -30.2].map(|mean| estimate(mean, 3.2));
    let mut late = lost.clone();
    late[2] = None;
    late[4] = estimate(0.0, 0.0);
    let mut all = vec![
        Measure::new("Messages lost", "messages", lost.into()),
        Measure::new("Servers still non-compliant at the horizon", "servers", open.into()),
        Measure::new("Days to remediation, restricted mean", "days", days.into()),
        Measure::new("Messages delayed", "messages", late.into()),
    ];
    all.truncate(measures);
    figure(
        "Only the kept throttle saves mail without leaving more servers behind",
        "Difference to the announced ladder, paired by replication: mean and 95 % interval, 400 replications",
        Dots::new(rows, all),
    )
}

pub(super) fn scatter() -> Figure {
    let point = |index: usize| {
        let lost = [33e6, 0.0, 31e6, 23e6, 36e6, 36.2e6, 41e6][index];
        let exposure = [740e6, 1_630e6, 800e6, 900e6, 500e6, 498e6, 349e6][index];
        ScatterPoint {
            role: role(index),
            x: (lost, lost * 0.96, lost * 1.04),
            y: (exposure, exposure * 0.97, exposure * 1.03),
            note: String::new(),
        }
    };
    figure(
        "Fewest losses and least exposure are different goals",
        "Mean of 400 replications with the 95 % intervals, 12,400 tenants",
        Scatter::new("messages lost", "messages accepted from old servers", (0..7).map(point).collect()),
    )
}

pub(super) fn bars(upright: bool) -> Figure {
    let years = ["2026", "2027", "2028"].map(String::from);
    let bar = |index: usize| {
        let values =
            [41_200.0, 182_400.0, 96_310.0].map(|v: f64| if index == 5 { 0.0 } else { v / (1.0 + index as f64 * 0.3) });
        let mut bar = Bar::new(role(index), values.into());
        bar.bands = values.iter().map(|v| (index == 0).then_some((v * 0.9, v * 1.12))).collect();
        bar
    };
    let bars = Bars::new("pause days", years.into(), (0..7).map(bar).collect());
    let bars = if upright { bars.upright() } else { bars };
    figure(
        "Tenants spend most of their pause days in 2027",
        "Pause days used by calendar year, all tenants, mean of 400 replications; whisker: 5th to 95th percentile",
        bars,
    )
}

pub(super) fn distribution(linear: bool) -> Figure {
    let curve = |index: usize| {
        let scale = [900.0, 4.0, 700.0, 260.0, 500.0, 1_700.0, 4_000.0][index];
        let amount = |share: f64| scale * ((0.55 / share).powf(1.15) - 1.0).max(1e-3);
        let shares: Vec<f64> = (0..400).map(|n| 0.54 * (-f64::from(n) / 46.0).exp()).collect();
        let quantiles = [("p50", 0.5), ("p90", 0.9), ("p99", 0.99)];
        TailCurve {
            role: role(index),
            points: shares.iter().map(|share| (amount(*share), *share)).filter(|point| point.0 >= 1.0).collect(),
            quantiles: quantiles.map(|(name, below)| (name.to_owned(), below, amount(1.0 - below))).into(),
            words: None,
        }
    };
    let mut body = Distribution::new("messages lost per tenant, 2026-09-07 to 2028-12-31", (0..7).map(curve).collect());
    body.scale = if linear { ShareScale::Linear } else { ShareScale::Log };
    figure(
        "One tenant in a hundred loses 90,000 messages; half lose fewer than 110",
        "Distribution over 12,400 tenants of messages lost, 400 replications pooled",
        body,
    )
}

pub(super) fn incidence(count: usize) -> Figure {
    let panel = |index: usize| {
        let rate = [0.011, 0.0035, 0.010, 0.0095, 0.0075, 0.014, 0.03][index];
        let row = |n: i32| {
            let done = 1.0 - (-rate * f64::from(n)).exp();
            (f64::from(n), vec![done * 0.36, done * 0.55, done * 0.09])
        };
        IncidencePanel { title: NAMES[index].into(), rows: (0..=360).map(row).collect() }
    };
    let causes = ["patched", "upgraded", "removed"].map(String::from);
    figure(
        "Enforcement brings upgrades forward; removal stays rare",
        "Cumulative incidence by route (Aalen-Johansen), first cycle, 5,897 servers",
        Incidence::new(causes.into(), (0..count).map(panel).collect()),
    )
}

pub(super) fn overview() -> Figure {
    let panel = |title: &str, subtitle: &str, figure: Figure| Panel::new(title, subtitle, figure.body);
    figure(
        "Keeping the throttle in stages 6 and 7 saves mail and leaves few servers behind",
        "Seven policies, 12,400 tenants with 41,283 servers, 400 replications",
        Overview::new(vec![
            panel(
                "Lost mail peaks in January 2027",
                "Messages lost a week, mean; bands: 5th to 95th percentile",
                lines(7),
            ),
            panel("Half are done by day 86", "Kaplan-Meier estimate, first cycle, 5,897 servers", survival(7)),
            panel("Announced ladder: 9,400 servers fully blocked", "Servers by stage, mean", areas(1)),
            panel("Pause days peak in 2027", "Pause days used by calendar year, mean", bars(false)),
        ]),
    )
}

pub(super) fn timeline(pauses: bool) -> Figure {
    let at = |text: &str| text.parse::<SimTime>().unwrap();
    let minutes = [(0, 0), (5, 0), (10, 0), (20, 0), (30, 5), (0, 10), (0, 20), (0, 60)];
    let mut start = at("2026-10-05T00:15:08Z");
    let mut spans = Vec::new();
    for (index, (throttled, blocked)) in minutes.into_iter().enumerate() {
        let mut days = if index == 0 { 30 } else { 10 };
        let mut push = |name: String, days: i64, tone: Tone, open: bool| {
            let end = start + brownout_kernel::time::SimDuration::from_days(days);
            spans.push(StageSpan { name, from: start, to: (!open).then_some(end), tone });
            start = end;
        };
        let name = if index == 0 { "report".to_owned() } else { format!("stage {}", index + 1) };
        let tone = Tone::Enforced { throttled, blocked };
        if pauses && index == 3 {
            push(name.clone(), 4, tone, false);
            push("paused".to_owned(), 60, Tone::Paused, false);
            days = 6;
        }
        push(name, days, tone, index == 7);
    }
    let mut body = Timeline::new(spans);
    body.now = Some((at("2026-11-21T17:00:00Z"), "throttled 10 minutes of every hour".into()));
    body.next = Some((at("2026-11-24T00:15:08Z"), "throttled 20 minutes, in 2 days 7 hours".into()));
    figure(
        "Server mx1 is blocked from 4 December unless it is patched or paused",
        "Enforcement schedule of one server on build 15.2.1544.4, first detected 5 October 2026; 54 of 90 pause days left in 2026",
        body,
    )
}

/// The kinds of figure that [`overview`] does not hold.
pub(super) fn overview_other() -> Figure {
    let panel = |title: &str, figure: Figure| Panel::new(title, "400 replications", figure.body);
    figure(
        "The same seven policies, seen in four other ways",
        "12,400 tenants with 41,283 servers, 400 replications",
        Overview::new(vec![
            panel("Only the kept throttle loses less mail", dots(1)),
            panel("One tenant in a hundred loses 90,000 messages", distribution(false)),
            panel("Upgrades prevail", incidence(2)),
            panel("Full block from 4 March", timeline(true)),
        ]),
    )
}
