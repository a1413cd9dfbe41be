//! The tables of the choice: which schedule, what turns it, and how far luck and ignorance leave each number open.

use super::{ends, interval, names};
use crate::columns;
use crate::exploration::words::limit_words;
use crate::frame::{Frame, Value};
use brownout_experiment::Measure;
use brownout_explore::file::Explore;
use brownout_explore::findings::{Choice, Findings, OutcomeRange, Turning};
use brownout_text::csv_text::plain;

/// For each structure and outcome, the shares of the futures in which each schedule is right, wrong and neither.
pub(super) fn choices(explore: &Explore, found: &Findings, schedules: &[String]) -> Frame {
    let mut columns = columns![Text structure, Text outcome, Text schedule, Truth chosen];
    columns.extend(["right", "wrong", "cannot_be_told"].into_iter().flat_map(|share| ends(share, "share of futures")));
    let mut frame = Frame::new("choices", columns);
    let mut add = |structure: Option<&String>, choice: &Choice| {
        for (schedule, shares) in choice.shares.iter().enumerate() {
            let key = choice.wished.measure.key();
            let is_chosen = schedule == choice.chosen;
            let what: [Value; 4] = [structure.into(), key.into(), (&schedules[schedule]).into(), is_chosen.into()];
            frame.row(what.into_iter().chain(shares.iter().flat_map(|share| interval(*share))));
        }
    };
    found.choices.iter().for_each(|choice| add(None, choice));
    for structured in &found.structures {
        structured.choices.iter().for_each(|choice| add(Some(&explore.structures[structured.structure]), choice));
    }
    frame
}

/// For each choice that can be wrong, what each factor has to do with it; the columns of cuts are empty for luck.
pub(super) fn turning(explore: &Explore, found: &Findings, schedules: &[String]) -> Frame {
    let columns = columns![
        Text outcome, Text chosen, Text rival, Text factor, Number sign_total "share of variance",
        Number sign_low "share of variance", Number sign_high "share of variance", Text cut, Integer there_n "futures",
        Integer there_rival_better "futures", Integer elsewhere_n "futures", Integer elsewhere_rival_better "futures",
        Integer wrong "futures", Integer wrong_if_known "futures",
    ];
    let mut frame = Frame::new("turning", columns);
    let names = names(explore);
    for turning in &found.turnings {
        for (factor, name) in names.iter().enumerate() {
            let key = explore.outcomes[turning.outcome].measure.key();
            let what: [Value; 4] =
                [key.into(), (&schedules[turning.chosen]).into(), (&schedules[turning.rival]).into(), name.into()];
            frame.row(what.into_iter().chain(sign(turning, factor)).chain(cut(explore, turning, factor)));
        }
    }
    frame
}

fn sign(turning: &Turning, factor: usize) -> [Value; 3] {
    let total = turning.sign.as_ref().and_then(|(factors, _)| factors.get(factor)).map(|index| index.total);
    total.map_or([Value::Missing, Value::Missing, Value::Missing], interval)
}

fn cut(explore: &Explore, turning: &Turning, factor: usize) -> [Value; 7] {
    let Some(cut) = turning.cut(factor) else { return std::array::from_fn(|_| Value::Missing) };
    let counts = [cut.inside.n, cut.inside.k, cut.outside.n, cut.outside.k, cut.wrong, cut.wrong_if_known];
    let [a, b, c, d, e, f] = counts.map(Value::from);
    [limit_words(&explore.unknowns[factor], &cut.limit).join(" and ").into(), a, b, c, d, e, f]
}

/// For each schedule and outcome: the median future, the 5th and 95th, and the half-width that luck alone leaves.
pub(super) fn spans(found: &Findings, schedules: &[String]) -> Frame {
    let columns = columns![Text schedule, Text outcome, Number median, Number p5, Number p95, Number luck_half_width];
    let mut frame = Frame::new("spans", columns);
    for span in &found.spans {
        let what: [Value; 2] = [(&schedules[span.schedule]).into(), span.measure.key().into()];
        frame.row(what.into_iter().chain([span.median, span.low, span.high, span.luck].map(Value::from)));
    }
    frame
}

/// The ranges of outcomes in the text of such a table; those of schedules that are not among `names` are left out.
pub fn read_spans(bytes: &[u8], names: &[&str]) -> Option<Vec<OutcomeRange>> {
    let mut reader = csv::Reader::from_reader(bytes);
    let header = reader.headers().ok()?.clone();
    let column = |name: &str| header.iter().position(|known| known == name);
    let [schedule, outcome] = [column("schedule")?, column("outcome")?];
    let numbers = [column("median")?, column("p5")?, column("p95")?, column("luck_half_width")?];
    let mut spans = Vec::new();
    for record in reader.records() {
        let record = record.ok()?;
        let measure = Measure::ALL.into_iter().find(|measure| Some(measure.key()) == record.get(outcome))?;
        let name = plain(record.get(schedule)?);
        let number = |at: usize| record.get(at)?.parse::<f64>().ok();
        let [median, low, high, luck] = numbers.map(number);
        let (median, low, high, luck) = (median?, low?, high?, luck?);
        if let Some(schedule) = names.iter().position(|known| *known == name) {
            spans.push(OutcomeRange { schedule, measure, median, low, high, luck });
        }
    }
    Some(spans)
}
