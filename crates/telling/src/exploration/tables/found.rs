//! The tables of searches and selections.

use brownout_methods::interval::Interval;

use brownout_explore::file::{Explore, Spending};
use brownout_explore::findings::Findings;
use brownout_explore::search::{Searched, Side};
use brownout_explore::template::shown;
use brownout_text::csv_text::Table;

/// Each schedule that was found, as the study has it and under each structure it was asked against.
pub(super) fn front(explore: &Explore, searched: &Searched) -> Vec<u8> {
    let keys: Vec<&str> = explore.outcomes.iter().map(|outcome| outcome.measure.key()).collect();
    let ends = |name: String| ["", "_low", "_high"].map(|end| format!("{name}{end}"));
    let mut header: Vec<String> = vec!["number".to_owned(), "structure".to_owned()];
    header.extend(explore.levers.iter().map(|lever| lever.factor.name.clone()));
    header.extend(keys.iter().flat_map(|key| ends((*key).to_owned())));
    header.extend(["p_not_dominated", "confirmed"].map(str::to_owned));
    header.extend(keys.iter().flat_map(|key| ends(format!("{key}_to_first"))));
    header.extend(keys.iter().map(|key| format!("{key}_better_share")));
    header.push("better_in_all_share".to_owned());
    let mut table = Table::new(&header.iter().map(String::as_str).collect::<Vec<_>>());
    for (at, member) in searched.front.iter().enumerate() {
        let levers: Vec<String> =
            explore.levers.iter().zip(&member.levers).map(|(moved, &value)| shown(moved, value)).collect();
        let mut row = |structure: &str, side: &Side, chance: [String; 2]| {
            let what = [(at + 1).to_string(), structure.to_owned()].into_iter().chain(levers.clone());
            let outcomes = side.outcomes.iter().flat_map(|interval| cells(*interval));
            let differences = side.differences.iter().flat_map(|interval| cells(*interval));
            let shares = side.better.iter().chain([&side.better_in_all]).map(f64::to_string);
            table.row(what.chain(outcomes).chain(chance).chain(differences).chain(shares));
        };
        row("", &member.side, [member.not_dominated.to_string(), member.is_confirmed.to_string()]);
        for against in &searched.against {
            row(&explore.structures[against.structure], &against.members[at], Default::default());
        }
    }
    table.bytes()
}

fn cells(interval: Option<Interval>) -> [String; 3] {
    interval.map_or_else(Default::default, |i| [i.value, i.low, i.high].map(|number| number.to_string()))
}

/// How the search went.
pub(super) fn search(searched: &Searched) -> Vec<u8> {
    let mut table = Table::new(&["generation", "evaluations", "hypervolume"]);
    for generation in &searched.generations {
        let volume = generation.hypervolume.map_or_else(String::new, |volume| volume.to_string());
        table.row([generation.number.to_string(), generation.evaluations.to_string(), volume]);
    }
    table.bytes()
}

/// Each selection: what each schedule lived, and which was chosen.
pub(super) fn selection(explore: &Explore, found: &Findings, schedules: &[String]) -> Vec<u8> {
    let header = ["selection", "by", "outcome", "schedule", "replications", "mean", "low", "high", "dropped_after"];
    let mut table = Table::new(&header.into_iter().chain(["chosen"]).collect::<Vec<_>>());
    for (number, selected) in found.selections.iter().enumerate() {
        let by = if matches!(selected.selection.by, Spending::Kn(_)) { "KN" } else { "OCBA" };
        let key = explore.outcomes[selected.selection.outcome].measure.key();
        for (at, schedule) in schedules.iter().enumerate() {
            let what = [(number + 1).to_string(), by.to_owned(), key.to_owned(), schedule.clone()];
            let lived = [selected.replications[at].to_string()].into_iter().chain(cells(selected.means[at]));
            let dropped = selected.dropped[at].map_or_else(String::new, |after| after.to_string());
            table.row(what.into_iter().chain(lived).chain([dropped, (selected.chosen == Some(at)).to_string()]));
        }
    }
    table.bytes()
}
