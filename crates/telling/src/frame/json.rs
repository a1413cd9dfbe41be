//! Frames as JSON: columns with unit and type, rows as objects, missing values as null.

use serde_json::{Map, Value as Json, json};

use super::{Frame, Value};

impl Frame {
    /// Columns and rows.
    pub fn json(&self) -> Json {
        let column =
            |column: &super::Column| json!({"name": column.name, "unit": column.unit, "type": column.kind.name()});
        let columns: Vec<Json> = self.columns().iter().map(column).collect();
        let row = |row: &Vec<Value>| -> Json {
            let cells = self.columns().iter().zip(row).map(|(column, value)| (column.name.clone(), cell(value)));
            Json::Object(cells.collect::<Map<_, _>>())
        };
        json!({"columns": columns, "rows": self.rows().iter().map(row).collect::<Vec<_>>()})
    }
}

/// A document of several frames, with what is true of all of them in front.
///
/// - `about`: fields of the answer as a whole.
pub fn document<'a>(about: Map<String, Json>, frames: impl IntoIterator<Item = &'a Frame>) -> String {
    let tables: Map<String, Json> =
        frames.into_iter().map(|frame| (frame.name().replace('-', "_"), frame.json())).collect();
    let mut whole = Map::from_iter([("brownout".to_owned(), Json::from(env!("CARGO_PKG_VERSION")))]);
    whole.extend(about);
    whole.insert("tables".to_owned(), Json::Object(tables));
    // Maps of text to values always have a form in JSON.
    let text = serde_json::to_string_pretty(&Json::Object(whole)).unwrap_or_default();
    format!("{text}\n")
}

/// Fields of an answer as a whole.
pub fn fields<const N: usize>(fields: [(&str, Json); N]) -> Map<String, Json> {
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// A number that is none has no form in JSON and is null there.
pub(super) fn cell(value: &Value) -> Json {
    match value {
        Value::Missing => Json::Null,
        Value::Integer(number) => Json::from(*number),
        Value::Number(number) => Json::from(*number),
        Value::Truth(truth) => Json::from(*truth),
        other => Json::from(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::columns;

    #[test]
    fn numbers_come_back_as_they_were_and_missing_values_are_null() {
        let mut frame = Frame::new("pause-years", columns![Text scenario, Integer n, Number mean "days"]);
        frame.row(["a".into(), 3u32.into(), 0.1.into()]);
        frame.row(["=b".into(), 4u32.into(), Value::Missing]);
        let text = document(Map::from_iter([("seed".to_owned(), Json::from(7))]), [&frame]);
        let back: Json = serde_json::from_str(&text).unwrap();
        let table = &back["tables"]["pause_years"];
        assert_eq!(table["columns"][2], json!({"name": "mean", "unit": "days", "type": "number"}));
        assert_eq!(table["rows"][0], json!({"scenario": "a", "n": 3, "mean": 0.1}));
        assert_eq!(table["rows"][1], json!({"scenario": "=b", "n": 4, "mean": null}));
        assert_eq!(back["seed"], 7);
    }
}
