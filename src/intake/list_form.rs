//! `Format-List`: one `Name : value` per line, wrapped values indented below, servers apart by a blank line.

use std::collections::BTreeSet;

use super::draft::{self, plain};
use super::form::{RawField, RawRecord};
use super::problem::shown;

/// What is open while the lines pass.
#[derive(Default)]
struct Reader {
    records: Vec<RawRecord>,
    /// Names in the last record; empty when the next field begins a record.
    names: BTreeSet<String>,
    /// Whether a line may continue the last value.
    in_value: bool,
    strays: Vec<(usize, String)>,
}

/// The records of a text. Lines that are neither field nor continuation are left out and counted in a warning.
pub(super) fn records(text: &str, warnings: &mut Vec<String>) -> Vec<RawRecord> {
    let mut reader = Reader::default();
    for (index, line) in text.lines().enumerate() {
        reader.take(line, index + 1);
    }
    if let Some((line, stray)) = reader.strays.first() {
        let count = reader.strays.len();
        warnings.push(format!("line {line}: \"{stray}\" is no field; such lines left out: {count}"));
    }
    if reader.records.iter().all(|record| record.fields.len() <= 1) { regroup(reader.records) } else { reader.records }
}

impl Reader {
    fn take(&mut self, line: &str, number: usize) {
        let content = line.trim();
        let indented = line.starts_with(char::is_whitespace);
        if content.is_empty() {
            self.names.clear();
            self.in_value = false;
            return;
        }
        let wrapped = self.in_value && (indented || content.starts_with(|c: char| c.is_ascii_digit()));
        match split_field(content) {
            Some((name, value)) if !wrapped || draft::is_known(name) => self.field(name, value, number),
            _ if wrapped => self.continue_value(content),
            _ if content.starts_with("PS ") || content.starts_with("[PS]") => {}
            _ => self.strays.push((number, shown(content))),
        }
    }

    fn field(&mut self, name: &str, value: &str, line: usize) {
        let fresh = self.names.is_empty() || self.names.contains(&plain(name));
        if fresh {
            self.names.clear();
            self.records.push(RawRecord { line, fields: Vec::new() });
        }
        self.names.insert(plain(name));
        if let Some(record) = self.records.last_mut() {
            record.fields.push(RawField { name: name.to_owned(), value: value.to_owned(), line });
        }
        self.in_value = true;
    }

    fn continue_value(&mut self, content: &str) {
        if let Some(field) = self.records.last_mut().and_then(|record| record.fields.last_mut()) {
            field.value.push('\n');
            field.value.push_str(content);
        }
    }
}

/// Puts fields that all stand alone, as in a text pasted with double spacing, back into records: one ends where a name
/// comes again.
fn regroup(singles: Vec<RawRecord>) -> Vec<RawRecord> {
    let mut records: Vec<RawRecord> = Vec::new();
    let mut names = BTreeSet::new();
    for field in singles.into_iter().flat_map(|record| record.fields) {
        if records.is_empty() || !names.insert(plain(&field.name)) {
            names = BTreeSet::from([plain(&field.name)]);
            records.push(RawRecord { line: field.line, fields: Vec::new() });
        }
        if let Some(record) = records.last_mut() {
            record.fields.push(field);
        }
    }
    records
}

/// Name and value of a line like `Build   : 15.1.2507.16`, or `None`. A URL or a time of day is no field.
pub(super) fn split_field(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.trim().split_once(':')?;
    let name = name.trim_end();
    let legal = |c: char| c.is_alphanumeric() || "_-.".contains(c);
    let spaced = value.is_empty() || value.starts_with(char::is_whitespace) || draft::is_known(name);
    let named = name.starts_with(char::is_alphabetic) && name.chars().all(legal);
    (named && spaced).then(|| (name, value.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(text: &str) -> Vec<Vec<(String, String)>> {
        let pairs = |record: RawRecord| record.fields.into_iter().map(|field| (field.name, field.value)).collect();
        records(text, &mut Vec::new()).into_iter().map(pairs).collect()
    }

    fn pair(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn blank_lines_or_a_repeated_name_part_the_servers() {
        let expected = vec![vec![pair("A", "1"), pair("B", "2")], vec![pair("A", "3"), pair("B", "")]];
        assert_eq!(shape("\n\nA : 1\nB : 2\n\n\nA : 3\nB :\n\n"), expected);
        assert_eq!(shape("A : 1\nB : 2\nA : 3\nB :\n"), expected);
        assert_eq!(shape("A : 1\n\nB : 2\n\nA : 3\n\nB :\n"), expected, "pasted with double spacing");
    }

    #[test]
    fn wrapped_values_are_joined() {
        let text = "Url  : see\n       https://example.org\n       part: two\nList : 15.1,\n15.2\nBuild : 3\n";
        let expected = vec![vec![
            pair("Url", "see\nhttps://example.org\npart: two"),
            pair("List", "15.1,\n15.2"),
            pair("Build", "3"),
        ]];
        assert_eq!(shape(text), expected);
    }

    #[test]
    fn prompts_pass_silently_and_other_strays_are_counted() {
        let mut warnings = Vec::new();
        records("PS C:\\> Get-Something | fl\n\nA : 1\n\nDone, see above\nBye\n", &mut warnings);
        assert_eq!(warnings, ["line 5: \"Done, see above\" is no field; such lines left out: 2"]);
    }
}
