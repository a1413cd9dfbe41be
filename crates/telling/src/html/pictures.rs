//! The figures, drawn inline, each with its finding as text and a text alternative with its numbers.

use brownout_experiment::Scope;
use maud::{Markup, PreEscaped, html};
use rayon::prelude::*;

use super::words::{name, with_interval};
use crate::figures::{NamedFigure, View};
use brownout_chart::{Body, ChartError, Figure, Live};
use brownout_experiment::Measure;
use brownout_experiment::Run;
use brownout_kernel::watch::Watch;

/// A figure as it stands in the page.
pub(super) struct Picture<'a> {
    named: &'a NamedFigure,
    title: String,
    drawn: Drawn,
}

/// A figure and its other views, drawn.
pub(crate) struct Drawn {
    live: Live,
    views: Vec<(&'static str, Live)>,
}

/// All figures, drawn.
///
/// # Errors
/// If a figure cannot be drawn, or the work is to end.
pub(super) fn drawn_all<'a>(
    run: Run<'_>,
    figures: &'a [NamedFigure],
    watch: &Watch,
) -> Result<Vec<Picture<'a>>, ChartError> {
    let draw = |(index, named): (usize, &'a NamedFigure)| {
        let figure = named.figure.clone().alt(alternative(run, named));
        let title = format!("Figure {}. {}", index + 1, title(&named.figure));
        Ok(Picture { named, title, drawn: drawn(&figure, named, watch)? })
    };
    figures.par_iter().enumerate().map(draw).collect()
}

/// Figures that are seen at once.
pub(super) fn shown(pictures: &[Picture<'_>]) -> Markup {
    html! { @for one in pictures { (picture(&one.title, one.named, &one.drawn)) } }
}

/// The section of figures.
pub(super) fn section(pictures: &[Picture<'_>]) -> Markup {
    html! { section id="figures" { (shown(pictures)) } }
}

/// A figure with its views, for a page in which nothing else is called by its name.
///
/// - `figure`: the figure of `named` with the text alternative of this page.
///
/// # Errors
/// If the figure cannot be drawn, or the work is to end.
pub(crate) fn drawn(figure: &Figure, named: &NamedFigure, watch: &Watch) -> Result<Drawn, ChartError> {
    let live = |figure: &Figure, name: &str| {
        watch.check()?;
        brownout_chart::live(figure).map(|live| Live { svg: unique(&live.svg, name), ..live })
    };
    let view = |(n, view): (usize, &View)| {
        let alt = format!("{}, {}. {}", named.figure.title, view.label, figure.alt);
        Ok((view.label, live(&view.figure.clone().alt(alt), &format!("{}-{n}", named.name))?))
    };
    let views = named.views.iter().enumerate().map(view).collect::<Result<_, ChartError>>()?;
    Ok(Drawn { live: live(figure, named.name)?, views })
}

/// A drawn figure with its words above it, and its other views folded below.
pub(crate) fn picture(title: &str, named: &NamedFigure, drawn: &Drawn) -> Markup {
    let id = format!("figure-{}", named.name);
    html! {
        figure id=(id) data-terms=[(!named.terms.is_empty()).then_some(named.terms)] {
            figcaption {
                h3 id={ (id) "-title" } { (title) }
                p { (named.figure.subtitle) "." }
                @for note in &named.figure.notes { p.note { (note) } }
            }
            (card(&format!("{id}-title"), &drawn.live))
            @for (label, live) in &drawn.views {
                details.view { summary { "The same, " (label) } (card(&format!("{id}-title"), live)) }
            }
        }
    }
}

/// The picture; its values beside it for the page's script.
fn card(title_id: &str, live: &Live) -> Markup {
    html! {
        div.card role="region" tabindex="0" aria-labelledby=(title_id) data-readings=[live.readings.as_deref()] { (PreEscaped(&live.svg)) }
    }
}

/// Buttons that highlight a scenario in all figures; shown by the page's script.
pub(super) fn highlights(run: Run<'_>) -> Markup {
    html! {
        div.pick hidden role="group" aria-label="Highlight a scenario in all figures" {
            span { "Highlight" }
            @for (s, scenario) in run.study.scenarios().iter().enumerate() {
                button type="button" data-pick=(s) aria-pressed="false" style={ "--ink:" (brownout_chart::role_ink(s)) } { (scenario.name) }
            }
        }
    }
}

/// The finding; an overview's title is the answer, which the page has given already.
fn title(figure: &Figure) -> &str {
    if matches!(figure.body, Body::Overview(_)) { "The study at a glance" } else { &figure.title }
}

/// Ties the title and the description of an SVG to it by names that are unique in the page.
fn unique(svg: &str, name: &str) -> String {
    let labels = format!("role=\"img\" aria-labelledby=\"{name}-title {name}-alt\"");
    svg.replacen("role=\"img\"", &labels, 1).replacen("<title>", &format!("<title id=\"{name}-title\">"), 1).replacen(
        "<desc>",
        &format!("<desc id=\"{name}-alt\">"),
        1,
    )
}

/// What kind of picture it is, what it measures, and its main number for every scenario.
fn alternative(run: Run<'_>, named: &NamedFigure) -> String {
    let figure = &named.figure;
    let kind = match figure.body {
        Body::Lines(_) => "Line chart by day",
        Body::Survival(_) => "Step curves",
        Body::Areas(_) => "Stacked areas by day, one panel a scenario",
        Body::Scatter(_) => "Dots with intervals in the plane of two measures",
        Body::Dots(_) => "Dots with intervals and a line at 0",
        Body::Bars(_) => "Bars by calendar year",
        Body::Distribution(_) => "Curves of a distribution",
        Body::Incidence(_) => "Stacked curves, one panel a scenario",
        Body::Overview(_) => "Four panels",
        Body::Timeline(_) => "Timeline",
        Body::Gantt(_) => "Gantt chart, a row for each server",
        Body::PlanRisk(_) => "Step curve by day, and dots",
        Body::Tornado(_) => "Bars by unknown",
        Body::MuSigma(_) | Body::Front(_) => "Dots with intervals in the plane of two numbers",
        Body::Ranking(_) => "Matrix of schedules",
        Body::BoxLimits(_) => "Bars over the range of each unknown",
        Body::Tradeoff(_) => "Curves of coverage and density",
        Body::Regret(_) => "Dots by schedule",
        Body::Parallel(_) => "Lines over parallel axes",
    };
    let numbers = key_numbers(run, named.name);
    format!("{kind}: {}. {numbers}", figure.subtitle)
}

fn key_numbers(run: Run<'_>, figure: &str) -> String {
    let measure = match figure {
        "mail-delayed" => Measure::Delayed,
        "time-to-remediation" => Measure::MedianDays,
        "servers-by-stage" => Measure::StillFullyBlocked,
        "non-compliant" => Measure::StillNonCompliant,
        "incidence" => Measure::RemediatedUpgrade,
        "lost-by-tenant" => Measure::LostByTenantP99,
        "pause-days" => Measure::PauseDays,
        _ => Measure::Lost,
    };
    let of = |(s, results): (usize, &brownout_experiment::ScenarioResults)| {
        let found = results.summary(Scope::All, measure);
        let number = found.map_or("not reached".to_owned(), |found| with_interval(measure, &found.estimate));
        format!("{} {number}", name(run, s))
    };
    let numbers: Vec<_> = run.results.scenarios.iter().enumerate().map(of).collect();
    format!("{} ({}): {}.", measure.about().2, measure.unit(), numbers.join(", "))
}
