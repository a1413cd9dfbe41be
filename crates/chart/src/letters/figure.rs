//! Every text of a figure, in the order in which a reader meets it.

mod explored;

use super::Key;
use crate::lines::Lines;
use crate::spec::{Body, Figure, Role};

/// Makes every text of the figure writable: names first, so that titles use the names' numbers.
pub(super) fn rewrite(figure: &mut Figure, key: &mut Key) {
    body(&mut figure.body, key);
    for text in [&mut figure.title, &mut figure.subtitle, &mut figure.footer].into_iter().chain(&mut figure.notes) {
        *text = key.text(text);
    }
}

pub(super) fn role(role: &mut Role, key: &mut Key) {
    role.name = key.name(&role.name, "scenario");
}

pub(super) fn text(text: &mut String, key: &mut Key) {
    *text = key.text(text);
}

fn body(body_: &mut Body, key: &mut Key) {
    match body_ {
        Body::Lines(body) => lines(body, key),
        Body::Survival(body) => body.curves.iter_mut().for_each(|curve| role(&mut curve.role, key)),
        Body::Areas(body) => {
            body.panels.iter_mut().for_each(|panel| panel.title = key.name(&panel.title, "scenario"));
            body.stages.iter_mut().for_each(|stage| text(&mut stage.name, key));
        }
        Body::Dots(body) => body.rows.iter_mut().for_each(|row| role(row, key)),
        Body::Bars(body) => {
            body.bars.iter_mut().for_each(|bar| role(&mut bar.role, key));
            body.categories.iter_mut().for_each(|category| text(category, key));
        }
        Body::Distribution(body) => body.curves.iter_mut().for_each(|curve| role(&mut curve.role, key)),
        Body::Incidence(body) => {
            body.panels.iter_mut().for_each(|panel| panel.title = key.name(&panel.title, "scenario"));
        }
        Body::Scatter(body) => body.points.iter_mut().for_each(|point| role(&mut point.role, key)),
        Body::Overview(overview) => {
            for panel in &mut overview.panels {
                body(&mut panel.body, key);
                text(&mut panel.title, key);
                text(&mut panel.subtitle, key);
            }
        }
        Body::Timeline(body) => {
            body.spans.iter_mut().for_each(|span| text(&mut span.name, key));
            [&mut body.now, &mut body.next].into_iter().flatten().for_each(|(_, words)| text(words, key));
        }
        Body::Gantt(body) => {
            body.rows.iter_mut().for_each(|row| row.name = key.name(&row.name, "server"));
            body.rows.iter_mut().for_each(|row| text(&mut row.about, key));
            body.crews.iter_mut().for_each(|crew| crew.name = key.name(&crew.name, "crew"));
            body.stages.iter_mut().for_each(|(name, _)| text(name, key));
        }
        Body::Tornado(_)
        | Body::MuSigma(_)
        | Body::Ranking(_)
        | Body::BoxLimits(_)
        | Body::Tradeoff(_)
        | Body::Front(_)
        | Body::Regret(_)
        | Body::Parallel(_) => explored::rewrite(body_, key),
        Body::PlanRisk(body) => {
            body.limits.iter_mut().for_each(|limit| text(&mut limit.name, key));
            body.starts.iter_mut().for_each(|start| text(&mut start.danger, key));
            body.losses.iter_mut().for_each(|row| role(&mut row.role, key));
        }
    }
}

fn lines(lines: &mut Lines, key: &mut Key) {
    for series in &mut lines.series {
        role(&mut series.role, key);
        if let Some(note) = &mut series.note {
            *note = key.text(note);
        }
    }
    lines.periods.iter_mut().for_each(|period| text(&mut period.label, key));
    lines.events.iter_mut().for_each(|event| text(&mut event.label, key));
}
