//! Values of factors as values of a study.

use brownout_methods::factor::Value;

use crate::file::OptionWire;
use brownout_reading::lever::Input;
use brownout_reading::tree::{Node, NodeKind};

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

/// An option as a value of a study.
pub(super) fn node(option: &OptionWire, place: &Node) -> Node {
    place.with_kind(match option {
        OptionWire::Flag(flag) => NodeKind::Flag(*flag),
        OptionWire::Text(text) => NodeKind::Text(text.as_str().into()),
        OptionWire::Number(number) if *number == libm::trunc(*number) && number.abs() < 9e15 => {
            NodeKind::Whole(*number as i128)
        }
        OptionWire::Number(number) => NodeKind::Decimal(*number),
    })
}

/// An option in words.
pub(super) fn option(option: &OptionWire) -> String {
    match option {
        OptionWire::Text(text) => text.clone(),
        OptionWire::Flag(flag) => flag.to_string(),
        OptionWire::Number(number) => number.to_string(),
    }
}
