//! Time to remediation: survival curves, and incidence by route.

use super::{PANELS_MAX, extremes, name, quoted, repeated, role, scenarios};
use crate::numbers::{found, mean};
use brownout_chart::{Curve, Figure, Incidence, IncidencePanel, Risk, Step, Survival};
use brownout_experiment::Measure;
use brownout_experiment::Run;
use brownout_experiment::measure::life_table;
use brownout_experiment::results::ScenarioResults;
use brownout_kernel::stats::{IncidenceCurve, LifeTable, SurvivalCurve, SurvivalPoint};
use brownout_text::words::whole_percent;

/// Where fewer than this many servers remain at risk the band says little and is cut.
const BAND_AT_RISK: u64 = 10;
/// Change of a share, 0 to 1, that is drawn: a pixel of the largest plot. The file has every step.
const SHARE_DRAWN: f64 = 0.002;

/// Indices of the steps that are drawn: where any of the shares changed by [`SHARE_DRAWN`] since the last one drawn, crossed a
/// quarter, a half or three quarters (so that medians and quartiles stay where they are), and the last.
fn drawn<'a>(rows: impl Iterator<Item = &'a [f64]>) -> Vec<usize> {
    let quarter = |share: f64| (share * 4.0 - 1e-12).ceil();
    let mut kept: Vec<usize> = Vec::new();
    let (mut before, mut last): (&[f64], usize) = (&[], 0);
    for (index, row) in rows.enumerate() {
        let shows = |(was, is): (&f64, &f64)| (was - is).abs() >= SHARE_DRAWN || quarter(*was) != quarter(*is);
        if before.is_empty() || before.iter().zip(row).any(shows) {
            kept.push(index);
            before = row;
        }
        last = index;
    }
    if kept.last().is_some_and(|&kept| kept != last) {
        kept.push(last);
    }
    kept
}

fn curve(run: Run<'_>, scenario: usize, (table, survival): (LifeTable, SurvivalCurve)) -> Curve {
    let points = survival.points();
    // The band counts as well: a wide one at a first step must not be stretched over the steps behind it.
    let shares = |point: &SurvivalPoint| {
        [point.survival, point.low.unwrap_or(point.survival), point.high.unwrap_or(point.survival)]
    };
    let rows: Vec<[f64; 3]> = points.iter().map(shares).collect();
    let kept = drawn(rows.iter().map(<[f64; 3]>::as_slice));
    let steps = kept.into_iter().map(|index| &points[index]).map(|point| Step {
        days: point.time,
        share: point.survival,
        band: point.low.zip(point.high).filter(|_| point.at_risk >= BAND_AT_RISK),
    });
    let start = Step { days: 0.0, share: 1.0, band: None };
    let mut curve = Curve::new(role(run, scenario), std::iter::once(start).chain(steps).collect());
    let replications = u64::from(run.results.replications);
    curve.median = found(run, scenario, Measure::MedianDays)
        .map(|_| format!("half by day {}", mean(run, scenario, Measure::MedianDays)));
    let per_replication = |count: u64| (count + replications / 2) / replications;
    let (mut events, mut censored) = (0, 0);
    curve.count(Risk { days: 0.0, at_risk: per_replication(table.n()), censored: 0, events: 0 });
    for row in table.rows() {
        events += row.events.iter().sum::<u64>();
        censored += row.censored;
        let left = row.at_risk - row.events.iter().sum::<u64>() - row.censored;
        curve.count(Risk {
            days: row.time,
            at_risk: per_replication(left),
            censored: per_replication(censored),
            events: per_replication(events),
        });
    }
    let ticks: Vec<f64> = table.rows().iter().filter(|row| row.censored > 0).map(|row| row.time).collect();
    let every = ticks.len().div_ceil(40).max(1);
    curve.censored = ticks.into_iter().step_by(every).collect();
    curve
}

pub(super) fn survival_body(run: Run<'_>) -> Survival {
    let curves = scenarios(run).filter_map(|(s, results)| Some(curve(run, s, results.lifetimes(0)?))).collect();
    let mut body = Survival::new(curves);
    body.left_label = "still non-compliant".to_owned();
    body.event_label = "remediated".to_owned();
    body
}

pub(super) fn time_to_remediation(run: Run<'_>) -> Figure {
    // The medians of the tables: means over replications, a day or less from those of the pooled curves.
    let median = |s| mean(run, s, Measure::MedianDays);
    let reached = scenarios(run).filter(|(s, _)| found(run, *s, Measure::MedianDays).is_some()).count();
    let title = match extremes(run, Measure::MedianDays) {
        Some((least, most)) => format!(
            "Half of the servers are remediated by day {} under {}, by day {} under {}",
            median(least),
            quoted(run, least),
            median(most),
            quoted(run, most)
        ),
        None if reached == 0 => "Less than half of the servers are remediated before the horizon".to_owned(),
        None if run.study.scenarios().len() == 1 => format!("Half of the servers are remediated by day {}", median(0)),
        None => "Time from first detection to remediation".to_owned(),
    };
    let interval = if repeated(run) { ", with 95 % interval" } else { "" };
    let subtitle = format!(
        "Share of servers not yet remediated, by days since first detection (first cycles, Kaplan\u{2013}Meier, all replications \
         together{interval}); counts below are per replication"
    );
    let mut body = survival_body(run);
    for (s, results) in scenarios(run) {
        let curve = body.curves.iter_mut().find(|curve| curve.role == role(run, s));
        if let (Some(curve), Some(exact)) = (curve, &results.exact) {
            curve.exact = exact.days.iter().copied().zip(exact.survival.iter().copied()).collect();
        }
    }
    Figure::new(title, subtitle, body)
}

pub(super) fn incidence(run: Run<'_>) -> Figure {
    let panel = |(s, results): (usize, &ScenarioResults)| {
        let curve = IncidenceCurve::new(&life_table(&results.curves[0])?);
        let points = curve.points().iter();
        let rows = points.map(|point| (point.time, point.causes.iter().map(|cause| cause.incidence).collect()));
        let start = std::iter::once((0.0, vec![0.0; 3]));
        let rows: Vec<(f64, Vec<f64>)> = start.chain(rows).collect();
        let kept = drawn(rows.iter().map(|row| row.1.as_slice()));
        Some(IncidencePanel {
            title: name(run, s).to_owned(),
            rows: kept.into_iter().map(|i| rows[i].clone()).collect(),
        })
    };
    let panels: Vec<_> = scenarios(run).filter_map(panel).take(PANELS_MAX).collect();
    let last = |panel: &IncidencePanel| panel.rows.last().map(|row| row.1.clone()).unwrap_or_default();
    let title = match panels.first().map(last).as_deref() {
        Some([patch, upgrade, leave]) => format!(
            "Under \u{201c}{}\u{201d} {} patch, {} upgrade and {} are removed",
            panels[0].title,
            whole_percent(*patch),
            whole_percent(*upgrade),
            whole_percent(*leave)
        ),
        _ => "How servers are remediated".to_owned(),
    };
    let subtitle =
        "Cumulative incidence of remediation by route (first cycles, Aalen\u{2013}Johansen, all replications together)";
    let causes = ["patched", "upgraded", "removed"].map(str::to_owned).to_vec();
    Figure::new(title, subtitle, Incidence::new(causes, panels))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_steps_are_drawn_and_quartiles_stay() {
        let shares: Vec<f64> = (0..=100_000).map(|n| 1.0 - f64::from(n) / 100_000.0).collect();
        let kept = drawn(shares.iter().map(std::slice::from_ref));
        assert!((490..=510).contains(&kept.len()), "{}", kept.len());
        assert_eq!((kept[0], kept[kept.len() - 1]), (0, 100_000));
        for reached in [25_000, 50_000, 75_000] {
            assert!(kept.contains(&reached), "{reached}");
        }
        assert!(kept.windows(2).all(|pair| shares[pair[0]] - shares[pair[1]] < SHARE_DRAWN + 1.1e-5));
        assert!(drawn(std::iter::empty()).is_empty());
    }
}
