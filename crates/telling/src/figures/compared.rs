//! The scenarios against each other: losses against exposure, paired differences, and the study at a glance.

use super::mail::{non_compliant_lines, weekly_lines};
use super::remediation::survival_body;
use super::tenants::pause_bars;
use super::{extremes, population, quoted, repeated, replications, role, scenarios};
use crate::answer;
use crate::numbers::{found, label_signed, mean, relative, share_words, verdict_between, verdict_words};
use brownout_chart::{
    Body, Difference as Dot, Dots, Figure, Measure as DotMeasure, Overview, Panel, Scatter, ScatterPoint,
};
use brownout_experiment::Run;
use brownout_experiment::Scope;
use brownout_experiment::{DailyMeasure, Measure, Verdict, difference};
use brownout_kernel::stats::Estimate;
use brownout_text::words::many_are;

/// Measures compared in the figure of differences.
const COMPARED: [(Measure, &str); 6] = [
    (Measure::Lost, "messages lost"),
    (Measure::Delayed, "messages delayed"),
    (Measure::Exposure, "messages accepted from old servers"),
    (Measure::RestrictedMeanDays, "mean days to remediation, cut at the horizon"),
    (Measure::StillNonCompliant, "servers still non-compliant"),
    (Measure::PauseDays, "pause days"),
];

fn dot(run: Run<'_>, scenario: usize, measure: Measure) -> Option<Dot> {
    let found = difference(run.results, scenario, Scope::All, measure)?;
    let e = found.estimate;
    Some(Dot {
        mean: e.mean,
        interval: e.low.zip(e.high),
        estimate: label_signed(measure, &e),
        verdict: verdict_words(run, scenario, 0, measure, &found),
    })
}

fn dots(run: Run<'_>, measures: &[(Measure, &str)]) -> Dots {
    let others = 1..run.study.scenarios().len();
    let measure = |&(measure, title): &(Measure, &str)| {
        DotMeasure::new(title, measure.unit(), others.clone().map(|s| dot(run, s, measure)).collect())
    };
    Dots::new(others.clone().map(|s| role(run, s)).collect(), measures.iter().map(measure).collect())
}

/// What the panel of lost mail shows: who surely loses less than the first scenario, of those that restrict mail.
fn lost_finding(run: Run<'_>) -> String {
    let others = (1..run.study.scenarios().len()).filter(|&s| answer::restricts(run, s));
    let mut fewer: Vec<(usize, f64)> = others
        .clone()
        .filter(|&s| verdict_between(run, s, 0, Measure::Lost) == Some(Verdict::Fewer))
        .filter_map(|s| Some((s, relative(run, s, 0, Measure::Lost)?.mean)))
        .collect();
    fewer.sort_by(|a, b| a.1.total_cmp(&b.1));
    let all_more = others.clone().count() > 0
        && others.clone().all(|s| verdict_between(run, s, 0, Measure::Lost) == Some(Verdict::More));
    match fewer.first() {
        Some(&(s, _)) if found(run, s, Measure::Lost).is_some_and(|found| found.mean == 0.0) => {
            let others = many_are(&mean(run, 0, Measure::Lost), "message");
            format!("{} loses no mail; {others} lost under {}", quoted(run, s), quoted(run, 0))
        }
        Some(&(s, share)) => {
            format!("{} loses {} less mail than {}", quoted(run, s), share_words(share), quoted(run, 0))
        }
        None if all_more => {
            format!("Every other scenario that restricts mail loses more of it than {}", quoted(run, 0))
        }
        None => format!("Differences to {}", quoted(run, 0)),
    }
}

pub(super) fn differences(run: Run<'_>) -> Figure {
    let n = run.results.replications;
    let how = if repeated(run) {
        format!("mean of {n} paired replications with 95 % interval")
    } else {
        "one replication, so without intervals and without a verdict".to_owned()
    };
    let subtitle = format!("Difference to {}, the same tenants under both, {how}", quoted(run, 0));
    Figure::new(lost_finding(run), subtitle, dots(run, &COMPARED))
}

/// A dot for each scenario: what is lost against what is let through.
pub(super) fn loss_against_exposure(run: Run<'_>) -> Figure {
    let ranged = |e: Estimate| (e.mean, e.low.unwrap_or(e.mean), e.high.unwrap_or(e.mean));
    let point = |s: usize| {
        let (x, y) = (found(run, s, Measure::Lost)?, found(run, s, Measure::Exposure)?);
        Some(ScatterPoint { role: role(run, s), x: ranged(x), y: ranged(y), note: String::new() })
    };
    let points = (0..run.study.scenarios().len()).filter_map(point).collect();
    let title = match (extremes(run, Measure::Lost), extremes(run, Measure::Exposure)) {
        (Some((gentle, _)), Some((safe, _))) if gentle != safe => format!(
            "{} loses least mail, {} lets least mail from old servers through",
            quoted(run, gentle),
            quoted(run, safe)
        ),
        (Some((gentle, _)), Some(_)) => format!("{} is best in lost mail and in exposure", quoted(run, gentle)),
        _ => "Messages lost against messages accepted from old servers".to_owned(),
    };
    let intervals = if repeated(run) { ", with the 95 % intervals" } else { "" };
    let others = if (0..run.study.scenarios().len()).all(|s| answer::restricts(run, s)) {
        ""
    } else {
        ". Findings are about schedules that throttle or block"
    };
    let subtitle = format!("From start to horizon, {}, {}{intervals}{others}", population(run), replications(run));
    Figure::new(title, subtitle, Scatter::new("messages lost", "messages accepted from old servers", points))
}

/// What the panel of remediation shows.
fn median_words(run: Run<'_>) -> String {
    let reached = scenarios(run).filter(|(s, _)| found(run, *s, Measure::MedianDays).is_some()).count();
    match (found(run, 0, Measure::MedianDays), reached) {
        (Some(_), _) => {
            format!("Half are remediated within {} days under {}", mean(run, 0, Measure::MedianDays), quoted(run, 0))
        }
        (None, 0) => "Less than half are remediated before the horizon".to_owned(),
        (None, _) => format!("Less than half are remediated under {}", quoted(run, 0)),
    }
}

pub(super) fn overview(run: Run<'_>) -> Figure {
    let bands = if repeated(run) { ", band: 5th to 95th percentile of replications" } else { "" };
    let mut panels = vec![
        Panel::new(
            format!("{} lost under {}", many_are(&mean(run, 0, Measure::Lost), "message"), quoted(run, 0)),
            format!("messages lost a week{bands}"),
            weekly_lines(run, &DailyMeasure::Lost, Measure::Lost),
        ),
        Panel::new(
            format!(
                "{} non-compliant at the end under {}",
                many_are(&mean(run, 0, Measure::StillNonCompliant), "server"),
                quoted(run, 0)
            ),
            "servers in breach of a baseline, by day",
            non_compliant_lines(run),
        ),
        Panel::new(
            median_words(run),
            "share not yet remediated, Kaplan\u{2013}Meier, first cycles",
            survival_body(run),
        ),
    ];
    let several = run.study.scenarios().len() > 1;
    let last: Body = if several { dots(run, &COMPARED[..1]).into() } else { pause_bars(run).into() };
    let (title, subtitle) = match (several, repeated(run)) {
        (true, true) => {
            (lost_finding(run), "messages lost, paired difference to the first scenario with 95 % interval")
        }
        (true, false) => (lost_finding(run), "messages lost, one replication: without interval and verdict"),
        _ => ("Pause days".to_owned(), "by calendar year, mean over tenants"),
    };
    panels.push(Panel::new(title, subtitle, last));
    let subtitle = format!(
        "{} {}, {}, {} to {}",
        run.study.question(),
        population(run),
        replications(run),
        run.study.start().day(),
        run.study.horizon().day()
    );
    Figure::new(answer::sentence(run), subtitle, Overview::new(panels))
}
