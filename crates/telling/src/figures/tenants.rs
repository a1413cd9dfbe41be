//! How a loss falls on tenants, and the pauses they use.

use super::{population, quoted, repeated, replications, role, scenarios};
use crate::numbers::{found, mean};
use brownout_chart::{Bar, Bars, Distribution, Figure, TailCurve, value};
use brownout_experiment::Measure;
use brownout_experiment::Run;
use brownout_experiment::results::ScenarioResults;
use brownout_kernel::stats::quantile_of_counts;

/// Quantiles over tenants: name, probability below, the measure of the tables, and how many tenants it takes to speak of it.
const QUANTILES: [(&str, f64, Measure, u64); 3] = [
    ("p50", 0.5, Measure::LostByTenantP50, 2),
    ("p90", 0.9, Measure::LostByTenantP90, 10),
    ("p99", 0.99, Measure::LostByTenantP99, 100),
];

fn tail(run: Run<'_>, scenario: usize, results: &ScenarioResults, tenants: u64) -> TailCurve {
    let counts = results.lost_by_tenant.counts();
    let total: u64 = counts.iter().map(|count| count.1).sum();
    let mut above = total;
    let points = counts.iter().map(|&(amount, count)| {
        let share = above as f64 / total.max(1) as f64;
        above -= count;
        (amount as f64, share)
    });
    let points = points.collect();
    let spoken = || QUANTILES.into_iter().filter(|quantile| tenants >= quantile.3);
    let quantile =
        |(name, q, ..): (&str, f64, Measure, u64)| Some((name.to_owned(), q, quantile_of_counts(&counts, q)? as f64));
    let words: Vec<_> =
        spoken().map(|(name, _, measure, _)| format!("{name} {}", mean(run, scenario, measure))).collect();
    TailCurve {
        role: role(run, scenario),
        points,
        quantiles: spoken().filter_map(quantile).collect(),
        words: Some(words.join(" · ")),
    }
}

pub(super) fn lost_by_tenant(run: Run<'_>) -> Figure {
    let tenants = run.results.scenarios[0].tenants.unsigned_abs();
    let curves: Vec<_> = scenarios(run).map(|(s, results)| tail(run, s, results, tenants)).collect();
    let share = found(run, 0, Measure::TenantsLosingShare).map_or(0.0, |found| found.mean);
    let first = quoted(run, 0);
    let title = match tenants {
        0 | 1 => format!("Under {first} the tenant loses {} messages", mean(run, 0, Measure::Lost)),
        2..=99 => format!("Under {first} {} of the tenants lose mail", value(share * 100.0, "%")),
        _ => format!(
            "Under {first} {} of the tenants lose mail; 1 in 100 loses {} messages or more",
            value(share * 100.0, "%"),
            mean(run, 0, Measure::LostByTenantP99)
        ),
    };
    let what = if tenants == 1 {
        "Messages lost between start and horizon, by replication"
    } else {
        "Distribution over tenants of messages lost between start and horizon"
    };
    let mut body = Distribution::new("messages lost per tenant", curves);
    body.count = Some(tenants);
    Figure::new(title, format!("{what}, {}", population(run)), body)
}

pub(super) fn pause_bars(run: Run<'_>) -> Bars {
    let years: Vec<i16> = (run.study.start().year()..=run.study.horizon().year()).collect();
    let bar = |(s, results): (usize, &ScenarioResults)| {
        let values: Vec<_> = years.iter().map(|year| results.pause_days(*year)).collect();
        let mut bar = Bar::new(role(run, s), values.iter().map(|(mean, _)| *mean).collect());
        if repeated(run) {
            bar.bands = values.iter().map(|(_, band)| Some(*band)).collect();
        }
        bar
    };
    let bars = scenarios(run).map(bar).collect();
    Bars::new("pause days a tenant", years.iter().map(i16::to_string).collect(), bars)
}

pub(super) fn pause_days(run: Run<'_>) -> Figure {
    let bars = pause_bars(run);
    let used: f64 = bars.bars.first().map_or(0.0, |bar| bar.values.iter().sum());
    let title = match used {
        0.0 => format!("Under {} nobody pauses", quoted(run, 0)),
        used => format!("Under {} a tenant uses {} pause days on average", quoted(run, 0), value(used, "")),
    };
    let subtitle = format!(
        "Pause days used by the calendar year they are charged to, mean over all tenants, {}",
        replications(run)
    );
    Figure::new(title, subtitle, bars)
}
