//! The tables of the choice: which schedule, what turns it, and how far luck and ignorance leave each number open.

use super::{interval, names};
use crate::exploration::words::limit_words;
use brownout_explore::file::Explore;
use brownout_explore::findings::{Choice, Findings, Turning};
use brownout_text::csv_text::Table;

/// For each structure and outcome, the shares of the futures in which each schedule is right, wrong and neither.
pub(super) fn choices(explore: &Explore, found: &Findings, schedules: &[String]) -> Vec<u8> {
    let shares = ["right", "wrong", "cannot_be_told"];
    let columns = shares.iter().flat_map(|share| ["", "_low", "_high"].map(|end| format!("{share}{end}")));
    let first = ["structure", "outcome", "schedule", "chosen"].map(str::to_owned);
    let header: Vec<String> = first.into_iter().chain(columns).collect();
    let mut table = Table::new(&header.iter().map(String::as_str).collect::<Vec<_>>());
    let mut add = |structure: &str, choice: &Choice| {
        for (schedule, shares) in choice.shares.iter().enumerate() {
            let is_chosen = (schedule == choice.chosen).to_string();
            let key = choice.wished.measure.key().to_owned();
            let what = [structure.to_owned(), key, schedules[schedule].clone(), is_chosen];
            table.row(what.into_iter().chain(shares.iter().flat_map(|share| interval(*share))));
        }
    };
    found.choices.iter().for_each(|choice| add("", choice));
    for structured in &found.structures {
        structured.choices.iter().for_each(|choice| add(&explore.structures[structured.structure], choice));
    }
    table.bytes()
}

/// For each choice that can be wrong, what each factor has to do with it; the columns of cuts are empty for luck.
pub(super) fn turning(explore: &Explore, found: &Findings, schedules: &[String]) -> Vec<u8> {
    let header = ["outcome", "chosen", "rival", "factor", "sign_total", "sign_low", "sign_high", "cut"];
    let counts = ["there_n", "there_rival_better", "elsewhere_n", "elsewhere_rival_better", "wrong", "wrong_if_known"];
    let mut table = Table::new(&header.into_iter().chain(counts).collect::<Vec<_>>());
    let names = names(explore);
    for turning in &found.turnings {
        for (factor, name) in names.iter().enumerate() {
            let key = explore.outcomes[turning.outcome].measure.key().to_owned();
            let what = [key, schedules[turning.chosen].clone(), schedules[turning.rival].clone(), name.clone()];
            table.row(what.into_iter().chain(sign(turning, factor)).chain(cut(explore, turning, factor)));
        }
    }
    table.bytes()
}

fn sign(turning: &Turning, factor: usize) -> [String; 3] {
    let total = turning.sign.as_ref().and_then(|(factors, _)| factors.get(factor)).map(|index| index.total);
    total.map_or_else(Default::default, interval)
}

fn cut(explore: &Explore, turning: &Turning, factor: usize) -> [String; 7] {
    let Some(cut) = turning.cut(factor) else { return Default::default() };
    let counts = [cut.inside.n, cut.inside.k, cut.outside.n, cut.outside.k, cut.wrong, cut.wrong_if_known];
    let [a, b, c, d, e, f] = counts.map(|count| count.to_string());
    [limit_words(&explore.unknowns[factor], &cut.limit).join(" and "), a, b, c, d, e, f]
}

/// For each schedule and outcome: the median future, the 5th and 95th, and the half-width that luck alone leaves.
pub(super) fn spans(found: &Findings, schedules: &[String]) -> Vec<u8> {
    let mut table = Table::new(&["schedule", "outcome", "median", "p5", "p95", "luck_half_width"]);
    for span in &found.spans {
        let what = [schedules[span.schedule].clone(), span.measure.key().to_owned()];
        let numbers = [span.median, span.low, span.high, span.luck].map(|number| number.to_string());
        table.row(what.into_iter().chain(numbers));
    }
    table.bytes()
}
