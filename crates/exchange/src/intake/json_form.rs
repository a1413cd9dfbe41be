//! `ConvertTo-Json`: one object, an array of objects, several values in a row, or `{"value": [...], "Count": 2}`.

use std::collections::BTreeMap;

use serde_json::Value;

use super::form::{RawField, RawRecord};
use super::problem::{Problem, ProblemKind, shown};

/// Where an object and its keys stand in the text.
#[derive(Debug, Default, PartialEq, Eq)]
struct Place {
    line: usize,
    keys: BTreeMap<String, usize>,
}

/// The records of a text. Text that is no JSON is one problem with its line.
pub(super) fn records(text: &str, problems: &mut Vec<Problem>) -> Vec<RawRecord> {
    let mut objects = Vec::new();
    for value in serde_json::Deserializer::from_str(text).into_iter::<Value>() {
        match value {
            Ok(value) => collect(value, &mut objects),
            Err(error) => {
                problems.push(broken(&error, text));
                break;
            }
        }
    }
    // Text that parses nests at most 128 deep, which keeps the search for lines linear.
    let places = if problems.is_empty() { places(text) } else { Vec::new() };
    let aligned = places.len() == objects.len();
    let place = |index: usize| places.get(index).filter(|_| aligned);
    objects.into_iter().enumerate().map(|(index, object)| record(object, place(index))).collect()
}

/// Gathers the objects that stand for servers.
fn collect(value: Value, objects: &mut Vec<serde_json::Map<String, Value>>) {
    match value {
        Value::Array(items) => items.into_iter().for_each(|item| collect(item, objects)),
        Value::Object(mut map) => match map.get("value") {
            Some(Value::Array(items)) if items.iter().any(Value::is_object) => {
                collect(map.remove("value").unwrap_or_default(), objects);
            }
            _ => objects.push(map),
        },
        _ => {}
    }
}

fn record(object: serde_json::Map<String, Value>, place: Option<&Place>) -> RawRecord {
    let start = place.map_or(1, |place| place.line);
    let line = |name: &String| place.and_then(|place| place.keys.get(name)).copied().unwrap_or(start);
    let fields =
        object.iter().map(|(name, value)| RawField { name: name.clone(), value: text_of(value), line: line(name) });
    RawRecord { line: start, fields: fields.collect() }
}

/// A value as text: lists joined by commas, PowerShell's wrapped dates unwrapped.
fn text_of(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(text_of).collect::<Vec<_>>().join(","),
        Value::Object(map) => map.get("value").or_else(|| map.get("DateTime")).map(text_of).unwrap_or_default(),
        other => other.to_string(),
    }
}

fn broken(error: &serde_json::Error, text: &str) -> Problem {
    let line = error.line().max(1);
    let message = error.to_string();
    let at = text.lines().nth(line - 1).unwrap_or_default();
    Problem {
        kind: ProblemKind::Syntax,
        line,
        field: "the JSON text".to_owned(),
        value: if at.trim().is_empty() { "cut off".to_owned() } else { shown(at) },
        rule: message.split(" at line ").next().unwrap_or_default().to_owned(),
        remedy: "export again with ConvertTo-Json, or save Format-List output".to_owned(),
    }
}

/// Lines of the outermost objects and of their keys; `serde_json` keeps no positions.
fn places(text: &str) -> Vec<Place> {
    let (mut places, mut open) = (Vec::<Place>::new(), Vec::new());
    let (mut line, mut rest) = (1, text.char_indices());
    while let Some((at, c)) = rest.next() {
        match c {
            '\n' => line += 1,
            '{' => {
                if !open.contains(&b'{') {
                    places.push(Place { line, ..Place::default() });
                }
                open.push(b'{');
            }
            '[' => open.push(b'['),
            '}' | ']' => drop(open.pop()),
            '"' => {
                let end = string_end(&mut rest).unwrap_or(text.len());
                let is_key = text.get(end + 1..).is_some_and(|tail| tail.trim_start().starts_with(':'));
                let direct = open.last() == Some(&b'{') && !open[..open.len() - 1].contains(&b'{');
                if let (true, Some(place)) = (is_key && direct, places.last_mut()) {
                    place.keys.insert(text[at + 1..end].to_owned(), line);
                }
            }
            _ => {}
        }
    }
    places
}

/// Runs past the quote that ends a string and gives its place.
fn string_end(rest: &mut std::str::CharIndices<'_>) -> Option<usize> {
    while let Some((at, c)) = rest.next() {
        match c {
            '"' => return Some(at),
            '\\' => drop(rest.next()),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Name, value and line.
    type Field = (String, String, usize);

    fn lines(text: &str) -> Vec<(usize, Vec<Field>)> {
        let fields = |record: RawRecord| record.fields.into_iter().map(|f| (f.name, f.value, f.line)).collect();
        records(text, &mut Vec::new()).into_iter().map(|record| (record.line, fields(record))).collect()
    }

    fn field(name: &str, value: &str, line: usize) -> Field {
        (name.to_owned(), value.to_owned(), line)
    }

    #[test]
    fn objects_and_keys_know_their_lines() {
        let text = "[\n {\n  \"A\": \"x:\\\"{\",\n  \"B\": {\"A\": 1, \"value\": 2}\n },\n {\"A\": null}\n]";
        let first = vec![field("A", "x:\"{", 3), field("B", "2", 4)];
        assert_eq!(lines(text), [(2, first), (6, vec![field("A", "", 6)])]);
    }

    #[test]
    fn lists_and_wrapped_dates_become_text() {
        let text = r#"{"L": ["1", "2"], "D": {"value": "/Date(0)/", "DateTime": "some day"}, "E": {"DateTime": "d"}}"#;
        let fields = [field("D", "/Date(0)/", 1), field("E", "d", 1), field("L", "1,2", 1)];
        assert_eq!(lines(text), [(1, fields.to_vec())]);
    }

    #[test]
    fn a_wrapped_array_and_values_in_a_row_are_taken_apart() {
        assert_eq!(lines(r#"{"value": [{"A": 1}, {"A": 2}], "Count": 2}"#).len(), 2);
        assert_eq!(lines("{\"A\": 1}\n{\"A\": 2}").iter().map(|record| record.0).collect::<Vec<_>>(), [1, 2]);
    }

    #[test]
    fn broken_json_is_a_problem_with_its_line() {
        let mut problems = Vec::new();
        records("[\n{\"A\": 1},\n{\"A\": oops}]", &mut problems);
        assert_eq!((problems[0].kind, problems[0].line), (ProblemKind::Syntax, 3));
        records(&"[".repeat(100_000), &mut problems);
        assert_eq!(problems.len(), 2, "deep nesting is refused, not followed");
    }
}
