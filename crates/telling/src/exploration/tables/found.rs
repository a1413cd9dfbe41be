//! The tables of searches and selections.

use brownout_methods::interval::Interval;

use super::{ends, factor_column, factor_value, interval};
use crate::columns;
use crate::frame::{Column, ColumnKind, Frame, Value};
use brownout_explore::file::{Explore, Spending};
use brownout_explore::findings::Findings;
use brownout_explore::search::{Searched, Side};

/// Each schedule that was found, as the study has it and under each structure it was asked against.
pub(super) fn front(explore: &Explore, searched: &Searched) -> Frame {
    let measures = explore.outcomes.iter().map(|outcome| outcome.measure);
    let share = |name: String| Column::new(name, "share of futures", ColumnKind::Number);
    let mut columns = columns![Integer number, Text structure];
    columns.extend(explore.levers.iter().map(factor_column));
    columns.extend(measures.clone().flat_map(|measure| ends(measure.key(), measure.unit())));
    columns.extend(columns![Number p_not_dominated, Truth confirmed]);
    columns.extend(measures.clone().flat_map(|measure| ends(&format!("{}_to_first", measure.key()), measure.unit())));
    columns.extend(measures.map(|measure| share(format!("{}_better_share", measure.key()))));
    columns.push(share("better_in_all_share".to_owned()));
    let mut frame = Frame::new("front", columns);
    for (at, member) in searched.front.iter().enumerate() {
        let levers = explore.levers.iter().zip(&member.levers).map(|(moved, &value)| factor_value(moved, value));
        let mut row = |structure: Option<&String>, side: &Side, chance: [Value; 2]| {
            let what: [Value; 2] = [(at + 1).into(), structure.into()];
            let outcomes = side.outcomes.iter().flat_map(|interval| cells(*interval));
            let differences = side.differences.iter().flat_map(|interval| cells(*interval));
            let shares = side.better.iter().chain([&side.better_in_all]).map(|&share| share.into());
            let what = what.into_iter().chain(levers.clone());
            frame.row(what.chain(outcomes).chain(chance).chain(differences).chain(shares));
        };
        row(None, &member.side, [member.not_dominated.into(), member.is_confirmed.into()]);
        for against in &searched.against {
            let structure = &explore.structures[against.structure];
            row(Some(structure), &against.members[at], [Value::Missing, Value::Missing]);
        }
    }
    frame
}

fn cells(found: Option<Interval>) -> [Value; 3] {
    found.map_or([Value::Missing, Value::Missing, Value::Missing], interval)
}

/// How the search went.
pub(super) fn search(searched: &Searched) -> Frame {
    let mut frame = Frame::new("search", columns![Integer generation, Integer evaluations, Number hypervolume]);
    for generation in &searched.generations {
        frame.row([generation.number.into(), generation.evaluations.into(), generation.hypervolume.into()]);
    }
    frame
}

/// Each selection: what each schedule lived, and which was chosen.
pub(super) fn selection(explore: &Explore, found: &Findings, schedules: &[String]) -> Frame {
    let columns = columns![
        Integer selection, Text by, Text outcome, Text schedule, Integer replications, Number mean, Number low, Number high,
        Integer dropped_after "replications", Truth chosen,
    ];
    let mut frame = Frame::new("selection", columns);
    for (number, selected) in found.selections.iter().enumerate() {
        let by = if matches!(selected.selection.by, Spending::Kn(_)) { "KN" } else { "OCBA" };
        let key = explore.outcomes[selected.selection.outcome].measure.key();
        for (at, schedule) in schedules.iter().enumerate() {
            let what: [Value; 5] =
                [(number + 1).into(), by.into(), key.into(), schedule.into(), selected.replications[at].into()];
            let last: [Value; 2] = [selected.dropped[at].into(), (selected.chosen == Some(at)).into()];
            frame.row(what.into_iter().chain(cells(selected.means[at])).chain(last));
        }
    }
    frame
}
