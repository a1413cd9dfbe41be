//! Tables and lists, and the words for distributions, plans and the like.

use crate::frame::{Column, ColumnKind, Frame, Value};
use brownout_experiment::study::{Scenario, Study};
use brownout_kernel::draws::Spread;
use brownout_kernel::time::SimTime;
use brownout_kernel::world::PausePlan;

pub(super) use crate::frame::plain;

/// A table with a header.
pub(super) fn table<const N: usize>(header: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> String {
    let rows: Vec<Vec<String>> = rows.into_iter().map(Vec::from).collect();
    shown(&header.map(str::to_owned), &rows)
}

/// A table whose number of columns is only known from the study; its first row is the header.
pub(super) fn wide_table(rows: &[Vec<String>]) -> String {
    rows.split_first().map_or(String::new(), |(header, rows)| shown(header, rows))
}

fn shown(header: &[String], rows: &[Vec<String>]) -> String {
    let columns = header.iter().map(|name| Column::new(name, "", ColumnKind::Text));
    let mut frame = Frame::new("table", columns.collect());
    rows.iter().for_each(|row| frame.row(row.iter().map(Value::from)));
    frame.markdown(header.iter().map(String::as_str))
}

/// A list, one item a line.
pub(super) fn list(items: impl IntoIterator<Item = String>) -> String {
    items.into_iter().map(|item| format!("- {item}\n")).collect()
}

/// What a part of the model is in every scenario: each distinct text once, under the scenarios it belongs to.
pub(super) fn by_scenario(study: &Study, text: impl Fn(&Scenario) -> String) -> String {
    let mut versions: Vec<(Vec<String>, String)> = Vec::new();
    for scenario in study.scenarios() {
        let text = text(scenario).trim().to_owned();
        let name = format!("\"{}\"", plain(&scenario.name));
        match versions.iter_mut().find(|version| version.1 == text) {
            Some(version) => version.0.push(name),
            None => versions.push((vec![name], text)),
        }
    }
    let all = versions.len() == 1;
    let part = |(names, text): (Vec<String>, String)| match all {
        true => text,
        false => format!("**In {}:**\n\n{text}", names.join(", ")),
    };
    versions.into_iter().map(part).collect::<Vec<_>>().join("\n\n") + "\n"
}

/// A number without the noise of binary fractions: at most 10 significant digits.
pub(super) fn number(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return value.to_string();
    }
    let digits = 9 - libm::floor(libm::log10(value.abs())) as i32;
    let text = format!("{value:.*}", digits.clamp(0, 17) as usize);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// A distribution in words.
pub(super) fn spread(spread: Spread, unit: &str) -> String {
    match spread {
        Spread::Fixed(0.0) => "none".to_owned(),
        Spread::Fixed(value) => format!("always {} {unit}", number(value)),
        Spread::LogNormal { median, sigma } => {
            format!("lognormal, median {} {unit}, sigma {} (of the logarithm)", number(median), number(sigma))
        }
        Spread::Pert { min, mode, max } => {
            format!("Beta-PERT, {} to {} {unit}, mode {}", number(min), number(max), number(mode))
        }
    }
}

/// A pause behaviour in words.
pub(crate) fn plan(plan: &PausePlan) -> String {
    match plan {
        PausePlan::Never => "never pauses".to_owned(),
        PausePlan::OneLong { days } => format!("once, {days} days, when the first server is restricted"),
        PausePlan::SeveralShort { days, gap_days } => {
            format!("{days} days each time restrictions return, with {gap_days} days of restrictions between pauses")
        }
        PausePlan::WhenBlocked { days } => format!("once, {days} days, at the first blocking stage"),
        PausePlan::UntilDone => {
            "from the moment a date is set and restrictions bite until the work completes".to_owned()
        }
        PausePlan::Fixed(wishes) => {
            let wish =
                |wish: &brownout_kernel::policy::PauseRequest| format!("{} days from {}", wish.days, instant(wish.at));
            format!("on given dates: {}", wishes.iter().map(wish).collect::<Vec<_>>().join(", "))
        }
    }
}

/// A day, with the time of day unless it is midnight.
pub(super) fn instant(at: SimTime) -> String {
    if at.second_of_day() == 0 { at.day().to_string() } else { at.to_string() }
}

pub(super) fn yes(value: bool) -> String {
    if value { "yes".to_owned() } else { "no".to_owned() }
}
