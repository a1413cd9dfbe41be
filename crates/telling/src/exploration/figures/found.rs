//! The front: what a search found, beside the schedules of the study, and under the structures it was asked against.

use brownout_methods::interval::Interval;
use brownout_text::words::whole_percent;

use super::role;
use crate::exploration::Explored;
use crate::exploration::words::{quoted, searched as told, wish};
use brownout_chart::{Figure, Front, FrontPanel, FrontPoint};
use brownout_explore::search::{Searched, Side};

type Known = Vec<Vec<Option<Interval>>>;

pub(super) fn front(explored: &Explored<'_>) -> Option<Figure> {
    let searched = explored.found.searches.first()?;
    let outcomes = &explored.explore.outcomes;
    let (x, y) = (outcomes.first()?, outcomes.get(1)?);
    let label =
        |outcome: &brownout_explore::file::Wished| format!("{} ({})", outcome.measure.key(), outcome.measure.unit());
    let as_it_is = panel(explored, searched, "as the study has it", &sides(searched), &searched.known);
    let mut panels = vec![as_it_is];
    for against in &searched.against {
        let name = format!("if {}", quoted(&explored.explore.structures[against.structure]));
        let sides: Vec<&Side> = against.members.iter().collect();
        panels.push(panel(explored, searched, &name, &sides, &against.known));
    }
    let title = told(explored.explore, searched, explored.schedules).into_iter().nth(1);
    let title = title.unwrap_or_else(|| "The search found nothing".to_owned());
    // What is wished stands in the subtitle.
    let title = match (title.find(" ("), title.find("), ")) {
        (Some(from), Some(to)) if from < to => format!("{}{}", &title[..from], &title[to + 1..]),
        _ => title,
    };
    let title = title.split(": ").next().unwrap_or_default().trim_end_matches('.').to_owned();
    let subtitle = format!(
        "Means over {} futures that the search never saw, with {} intervals; {} and {} are wished. A front is no advice alone: \
         what carries it stands beside it",
        searched.futures,
        whole_percent(searched.certainty),
        wish(x),
        wish(y)
    );
    Some(Figure::new(title, subtitle, Front { x_label: label(x), y_label: label(y), panels }))
}

fn sides(searched: &Searched) -> Vec<&Side> {
    searched.front.iter().map(|member| &member.side).collect()
}

fn panel(explored: &Explored<'_>, searched: &Searched, title: &str, sides: &[&Side], known: &Known) -> FrontPanel {
    let ranged = |interval: Option<Interval>| interval.map_or((f64::NAN, f64::NAN, f64::NAN), super::ranged);
    let best = searched.most_often_better();
    let found = sides.iter().zip(&searched.front).enumerate().map(|(at, (side, member))| FrontPoint {
        x: ranged(side.outcomes[0]),
        y: ranged(side.outcomes[1]),
        label: if Some(at) == best { (at + 1).to_string() } else { String::new() },
        chance: member.not_dominated,
    });
    let schedules = known.iter().enumerate();
    let known = schedules.map(|(at, outcomes)| (role(explored, at), ranged(outcomes[0]), ranged(outcomes[1])));
    FrontPanel { title: title.to_owned(), found: found.collect(), known: known.collect() }
}
