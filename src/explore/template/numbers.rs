//! Values of factors as values of a study.

use brownout_explore::factor::Value;

use super::Lead;
use crate::explore::file::How;
use crate::study::set::Arithmetic;
use crate::study::tree::{Kind, Node};

impl Lead {
    /// What is written, or what is calculated.
    pub(super) fn value(&self, value: Value) -> (Node, Option<Arithmetic>) {
        let by = match self.how {
            How::Set => None,
            How::Times => Some(Arithmetic::Times(value.number())),
            How::Plus => Some(Arithmetic::Plus(value.number())),
        };
        let node = match value {
            Value::Number(number) => self.node.with_kind(Kind::Decimal(number)),
            Value::Whole(day) if self.is_date => self.node.with_kind(Kind::Text(date(day).into())),
            Value::Whole(whole) => self.node.with_kind(Kind::Whole(whole.into())),
            Value::Choice(at) => self.options.get(at).cloned().unwrap_or_else(|| self.node.clone()),
            Value::Kept => self.node.clone(),
        };
        (node, by)
    }
}

/// The date of a day since 1970-01-01; of a day that no calendar has, its number.
pub(super) fn date(day: i64) -> String {
    let span = jiff::Span::new().try_days(day);
    let date = span.and_then(|span| jiff::civil::date(1970, 1, 1).checked_add(span));
    date.map_or_else(|_| day.to_string(), |date| date.to_string())
}

/// An option as it is written in a study.
pub(super) fn node(option: &ron::Value, place: &Node) -> Option<Node> {
    let kind = match option {
        ron::Value::Bool(flag) => Kind::Flag(*flag),
        ron::Value::String(text) => Kind::Text(text.as_str().into()),
        ron::Value::Number(_) => {
            let number = number(option)?;
            let is_whole = number == libm::trunc(number) && number.abs() < 9e15;
            if is_whole { Kind::Whole(number as i128) } else { Kind::Decimal(number) }
        }
        _ => return None,
    };
    Some(place.with_kind(kind))
}

/// An option in words.
pub(super) fn option(option: &ron::Value) -> String {
    match option {
        ron::Value::String(text) => text.clone(),
        ron::Value::Bool(flag) => flag.to_string(),
        other => number(other).map_or_else(String::new, |number| number.to_string()),
    }
}

fn number(option: &ron::Value) -> Option<f64> {
    option.clone().into_rust::<f64>().ok()
}
