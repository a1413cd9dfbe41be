//! Values of factors as values of a study.

use brownout_methods::factor::Value;

use brownout_reading::lever::Input;
use brownout_reading::tree::{Kind, Node};

/// A value of a factor as a value of a lever.
pub(super) fn input(value: Value, is_date: bool) -> Input {
    match value {
        Value::Number(number) => Input::Number(number),
        Value::Whole(day) if is_date => Input::Date(day),
        Value::Whole(whole) => Input::Whole(whole),
        Value::Choice(index) => Input::Option(index),
        // Never asked: a factor that is kept has no path among those that are written.
        Value::Kept => Input::Number(f64::NAN),
    }
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
